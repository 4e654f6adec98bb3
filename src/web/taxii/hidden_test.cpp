// EXI-1, L4 by the table of routes: each address below a collection, asked for one that is hidden, by its id and by its alias, and for one that never was, costs as many statements, rows and opened
// cells, and is answered alike. A new route below a collection is asked too.
#include <doctest/doctest.h>

#include "service/collections.h"
#include "service/testing.h"
#include "store/read_work.h"
#include "web/app.h"
#include "web/taxii/media_type.h"

namespace sluice::web::taxii {

namespace {

using service::for_tests::must;

struct HiddenCollection : service::SiteForTests {
  App app{services, doors};
  OrganisationId inside = organisation("Inside", access::OrganisationKind::Member);
  OrganisationId outside = organisation("Outside", access::OrganisationKind::Member);
  access::Viewer reader = viewer(person(inside, "Ina", "ina@inside.example"), inside);
  access::Viewer outsider = viewer(person(outside, "Otto", "otto@outside.example", access::SiteRole::Admin), outside);
  access::Viewer site_admin = viewer(person(open.file.organisation, "Site", "site@site.example", access::SiteRole::Admin), open.file.organisation);
  std::string id = [this] {
    const auto committed = must(writer->run(service::add_collection(services, system(), {.title = "Hidden", .alias = "hidden", .readers = {inside}, .writers = {inside}})));
    return std::string(string_at(committed.answer, "id"));
  }();
};

struct Answered {
  store::ReadWork work;
  std::optional<Error> error;
};

// A body that each takes, so that it is the collection that is asked for.
std::string body_for(std::string_view path) {
  if (path.ends_with("/recall") || path.ends_with("/doubts")) return R"({"reason":"It is a scanner of our own."})";
  if (path.ends_with("/doubts/decide")) return R"({"is_proven":true,"why":"It is a scanner."})";
  if (path.ends_with("/widenings")) return R"({"objects":["tool--2dda25c8-933c-4944-9185-ba707ff863c0"],"to":"green","at":"2099-01-01T00:00:00Z","reason":"It is known by then."})";
  if (path.ends_with("/early")) return R"({"objects":[],"at":"2099-01-01T00:00:00Z","reason":"It is known by then."})";
  if (path.ends_with("/pseudonyms/policy")) return R"({"k":3,"says":"nothing","apart_minutes":0,"trustee":")" + OrganisationId::random().text() + "\"}";
  if (path.ends_with("/groups")) return R"({"name":"Alder"})";
  if (path.ends_with("/ask")) return R"({"organisations":[]})";
  if (path.find("/{widening}/") != path.npos || path.find("/{group}/") != path.npos || path.ends_with("/pseudonyms")) return R"({})";
  return R"({"objects":[]})";
}

Answered asked_for(HiddenCollection& site, const Route& route, const access::Viewer& viewer, const std::string& collection) {
  Request request;
  request.viewer = viewer;
  request.http.verb = route.verb;
  request.http.headers = {{"accept", std::string(kMediaType)}, {"content-type", std::string(kMediaType)}};
  request.http.body = body_for(route.path);
  request.body = must(parse_json(request.http.body));
  request.path = {{"collection", collection}, {"object", "tool--2dda25c8-933c-4944-9185-ba707ff863c0"}, {"widening", ReleaseId::random().text()}, {"group", GroupId::random().text()}};
  Answered out;
  const auto take = [&out](const auto& answer) {
    if (!answer) out.error = answer.error();
  };
  const auto before = store::read_work();
  if (const auto* read = std::get_if<Read>(&route.handler)) take(read->run(site.app, request));
  else if (const auto* later = std::get_if<Later>(&route.handler)) take(later->start(site.app, request, [](Result<Response>) {}));
  out.work = store::read_work() - before;
  const auto* write = std::get_if<Write>(&route.handler);
  if (write == nullptr) return out;
  auto work = write->command.run(site.app, request);
  take(work);
  if (!work) return out;
  (void)site.writer->run([&, held = *std::move(work)](service::Unit& unit) mutable -> Result<service::Committed> {
    const auto begun = store::read_work();
    take(held(unit));
    out.work = store::read_work() - begun;
    return fail(ErrorKind::Conflict, "Nothing is kept: only the work is looked at.");
  });
  return out;
}

}  // namespace

TEST_CASE("EXI-1: every route below a collection costs and says the same for what is hidden and what never was") {
  HiddenCollection site;
  int asked = 0;
  for (const auto* viewer : {&site.outsider, &site.site_admin})
    for (const auto& route : routes()) {
      if (route.path.find("{collection}") == route.path.npos) continue;
      if (viewer == &site.site_admin && (route.path.ends_with("/deliveries") || route.path.ends_with("/policy"))) continue;   // it may know who fetched what of every collection, and sets its policy
      CAPTURE(std::string(route.path));
      const auto never = asked_for(site, route, *viewer, "00000000-0000-4000-8000-000000000000");
      REQUIRE(never.error);
      for (const auto& name : {site.id, std::string("hidden")}) {
        const auto hidden = asked_for(site, route, *viewer, name);
        REQUIRE(hidden.error);
        CHECK(hidden.work == never.work);
        CHECK(hidden.error->kind == never.error->kind);
        CHECK(hidden.error->message == never.error->message);
      }
      CHECK(never.error->kind == (route.path.ends_with("/policy") ? ErrorKind::Forbidden : ErrorKind::NotFound));   // that it sets no policies is said first
      CHECK(never.work.opened == 0);
      ++asked;
    }
  CHECK(asked >= 14);
}

TEST_CASE("the routes are really asked: who reads the collection gets further, at a cost") {
  HiddenCollection site;
  for (const auto& route : routes()) {
    if (route.path != "/taxii2/root/collections/{collection}/objects/" || route.verb != http::Verb::Get) continue;
    const auto seen = asked_for(site, route, site.reader, "hidden");
    CHECK_FALSE(seen.error);
    CHECK(seen.work.opened > 0);
  }
}

}  // namespace sluice::web::taxii
