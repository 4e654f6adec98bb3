// EXI-1, T2 by the table of routes: each address below a case or a report, asked for what is hidden and for what never was, costs as many statements, rows and opened
// cells, and is answered alike. A new route is asked too, with a body made from its published schema.
#include <doctest/doctest.h>

#include <algorithm>
#include <set>

#include "service/people.h"
#include "service/testing.h"
#include "store/read_work.h"
#include "web/app.h"
#include "web/openapi.h"

namespace sluice::web {

namespace {

using service::Asker;
using service::Committed;
using service::for_tests::must;

struct Told {
  store::ReadWork work;
  std::optional<Error> error;
};

struct HiddenCase : service::SiteForTests {
  App app{services, doors};
  OrganisationId owner = organisation("Owner", access::OrganisationKind::Vendor);
  OrganisationId vendor = organisation("Vendor", access::OrganisationKind::Vendor);
  OrganisationId left = organisation("Left", access::OrganisationKind::Vendor);
  OrganisationId elsewhere = organisation("Elsewhere", access::OrganisationKind::Member);
  Asker by_owner = asker(person(owner, "Olga", "olga@owner.example", access::SiteRole::Admin), owner);
  Asker by_vendor = asker(person(vendor, "Vera", "vera@vendor.example", access::SiteRole::Admin), vendor);
  Asker by_left = asker(person(left, "Lena", "lena@left.example", access::SiteRole::Admin), left);
  Asker by_stranger = asker(person(elsewhere, "Sam", "sam@elsewhere.example", access::SiteRole::Admin), elsewhere);
  Asker by_admin = asker(person(open.file.organisation, "Site", "site@site.example", access::SiteRole::Admin), open.file.organisation);
  CaseId id;
  ReportId report, other_report;
  std::map<std::string, std::string, std::less<>> ids;

  HiddenCase() {
    cvd::OrganisationProfile profile;
    profile.name = "Owner";
    profile.takes_reports = true;
    must(writer->run(service::change_organisation(services, system(), owner, profile, 1)));
    report = sent("Hidden");
    other_report = sent("Another");
    for (const auto& card : must(store->as(by_owner.viewer).cases({}, 200)))
      if (card.title == "Hidden") id = card.id;
    for (const auto action : {cvd::ReportAction::Validate, cvd::ReportAction::Accept}) run(by_owner, cvd::StepReport{action, {}, {}});
    bring(vendor, by_vendor);
    bring(left, by_left);
    const auto vulnerability = must(store->as(by_owner.viewer).case_view(id)).view.fold.vulnerabilities.front().id;
    const auto thread = run(by_owner, cvd::OpenThread{"coordination", "Inner", "Among us."}).answer;
    const auto claim = run(by_left, cvd::ClaimFact{vulnerability, cvd::Letter::P, "a rumour", {}}).answer;
    const auto group = run(by_owner, cvd::FormGroup{"First tier", {}, "they fix it first"}).answer;
    const auto leak = run(by_left, cvd::ClaimLeak{"the plan", "a chat", "a picture", {}}).answer;
    cvd::AgreeTarget agreed{.step = cvd::TargetStep::Develop, .by = clock.now() + std::chrono::hours(24 * 60), .organisation = left, .why = "all need a month"};
    agreed.weighed.severity = "high";
    const auto target = run(by_owner, std::move(agreed)).answer;
    const auto product = run(by_left, cvd::AddProduct{.name = "Device", .version = "7"}).answer;
    run(by_owner, cvd::RemoveParticipant{left, "not essential"});
    ids = {{"case", id.text()}, {"report", report.text()}, {"organisation", owner.text()}, {"vulnerability", vulnerability.text()}, {"thread", std::string(string_at(thread, "thread"))},
           {"entry", std::string(string_at(thread, "entry"))}, {"claim", std::string(string_at(claim, "claim"))}, {"message", std::string(string_at(thread, "message"))},
           {"group", std::string(string_at(group, "group"))}, {"leak", std::string(string_at(leak, "leak"))}, {"target", std::string(string_at(target, "target"))}, {"product", std::string(string_at(product, "product"))}, {"version", "1"}, {"command", "open_thread"}};
  }

  void bring(OrganisationId who, const Asker& by) {
    run(by_owner, cvd::InviteParticipant{who, {cvd::Role::Vendor}, "ships it", {}});
    run(by, cvd::AnswerInvitation{true, {}, {}});
    run(by_owner, cvd::ConfirmParticipant{who, "by phone"});
  }
  ReportId sent(std::string title) {
    service::SubmitReport made{owner, {}};
    made.content.title = std::move(title);
    made.content.description = "Something.";
    made.content.product = "parser";
    return this->made<ReportId>(must(service::submit_report(services, {.viewer = access::Viewer::nobody()}, std::move(made))));
  }
  Committed run(const Asker& asker, cvd::Command command) { return must(writer->run(service::case_command(services, asker, id, std::move(command)))); }

  std::vector<std::pair<const char*, access::Viewer>> outsiders() const {
    return {{"stranger", by_stranger.viewer}, {"removed", by_left.viewer}, {"site's administrator", by_admin.viewer}, {"reporter of another report", access::Viewer::reporter(other_report)}};
  }

  Told told(const Route& route, const Request& request) {
    Told out;
    const auto begun = store::read_work();
    if (const auto* read = std::get_if<Read>(&route.handler)) {
      const auto response = read->run(app, request);
      out.work = store::read_work() - begun;
      if (!response) out.error = response.error();
      return out;
    }
    auto work = std::get<Write>(route.handler).command.run(app, request);
    out.work = store::read_work() - begun;
    if (!work) {
      out.error = work.error();
      return out;
    }
    (void)writer->run([&out, held = *std::move(work)](service::Unit& unit) mutable -> Result<Committed> {
      const auto before = store::read_work();   // of the Writer's thread
      auto done = held(unit);
      const auto here = store::read_work() - before;
      out.work = {out.work.queries + here.queries, out.work.rows + here.rows, out.work.opened + here.opened};
      if (!done) out.error = done.error();
      return fail(ErrorKind::Conflict, "Nothing is kept: only the work is looked at.");
    });
    return out;
  }
};

// A body that its own schema takes: what is required and no more.
json::value sample(const json::object& file, const json::value& schema, std::string_view name = {}) {
  if (!schema.is_object()) return "Words.";
  const auto& one = schema.get_object();
  if (const auto* ref = one.if_contains("$ref")) return sample(file, file.at("components").at("schemas").at(ref->as_string().subview(ref->as_string().rfind('/') + 1)));
  if (const auto* any = one.if_contains("anyOf")) return sample(file, any->as_array().front());
  if (const auto* words = one.if_contains("enum")) return words->as_array().front();
  const auto type = one.if_contains("type") ? std::string(one.at("type").as_string()) : "";
  if (type == "integer" || type == "number") return 1;
  if (type == "boolean") return true;
  if (type == "array") return json::array{sample(file, one.contains("items") ? one.at("items") : json::value())};
  if (type == "object") {
    json::object out;
    if (const auto* required = one.if_contains("required"))
      for (const auto& field : required->as_array()) out[field.as_string()] = sample(file, one.at("properties").at(field.as_string()), field.as_string());
    return out;
  }
  if (const auto* form = one.if_contains("pattern")) {
    const std::string_view pattern = form->as_string();
    if (pattern.size() > 4 && pattern[3] == '_') return json::value(std::string(1, pattern[2]) + "_00000000000000000000000001");
    if (pattern.find("{64}") != pattern.npos) return json::value(std::string(64, '0'));
  }
  if (one.contains("format")) return "2030-01-01T00:00:00Z";
  if (name == "audience") return "shared";
  return "Words.";
}

Request request_for(const Route& route, const access::Viewer& viewer, const json::object& file, const std::map<std::string, std::string, std::less<>>& ids) {
  Request out;
  out.viewer = viewer;
  out.http.verb = route.verb;
  out.http.peer = "192.0.2.1";
  out.http.request_id = "q_00000000000000000000000001";
  std::string_view rest = route.path;
  while (!rest.empty()) {
    const auto open = rest.find('{');
    out.http.path += rest.substr(0, open);
    if (open == rest.npos) break;
    const auto name = rest.substr(open + 1, rest.find('}') - open - 1);
    const auto found = ids.find(name);
    const auto value = found == ids.end() ? std::string(name == "file" ? "f" : name == "release" ? "l" : name == "request" ? "b" : "a") + "_00000000000000000000000001" : found->second;
    out.path.emplace(name, value);
    out.http.path += value;
    rest.remove_prefix(rest.find('}') + 1);
  }
  out.http.target = out.http.path;
  out.http.query = {{"name", "a.txt"}, {"audience", "shared"}};
  out.form = {{"audience", "shared"}, {"topic", "Words."}, {"text", "Words."}};
  if (route.body == Body::Upload) out.http.body = "bytes";
  if (route.body == Body::Multipart) out.http.body = "bytes", out.files = {{"files", "a.txt", 0, 5}}, out.form = {{"audience", "shared"}};
  if (route.verb == http::Verb::Patch) out.http.headers = {{"If-Match", "\"1\""}};
  if (route.body == Body::Json || route.body == Body::LargeJson) {
    auto verb = std::string(to_text(route.verb));
    for (auto& c : verb) c = static_cast<char>(std::tolower(c));
    out.body = sample(file, file.at("paths").at(route.path).at(verb).at("requestBody").at("content").at("application/json").at("schema"));
  }
  return out;
}

json::object published() { return must(parse_json(openapi_file(), {.bytes = 64 << 20, .depth = 64, .keys = 1'000'000, .string = 1 << 20})).as_object(); }

bool is_about(const Route& route) { return route.path.find("{case}") != route.path.npos || route.path.find("{report}") != route.path.npos; }

}  // namespace

TEST_CASE("T2_every_route_below_a_case_costs_and_says_the_same_for_what_is_hidden_and_what_never_was") {
  HiddenCase site;
  const auto file = published();
  auto never = site.ids;
  never["case"] = "c_00000000000000000000000001";
  never["report"] = "r_00000000000000000000000001";
  int asked = 0, loaded = 0;
  for (const auto& [who, viewer] : site.outsiders()) {
    CAPTURE(std::string(who));
    for (const auto& route : routes()) {
      if (!is_about(route)) continue;
      CAPTURE(std::string(route.path));
      const auto unknown = site.told(route, request_for(route, viewer, file, never));
      const auto hidden = site.told(route, request_for(route, viewer, file, site.ids));
      CHECK(hidden.work.queries == unknown.work.queries);
      CHECK(hidden.work.rows == unknown.work.rows);
      CHECK(hidden.work.opened == unknown.work.opened);
      REQUIRE(hidden.error);
      REQUIRE(unknown.error);
      CHECK(hidden.error->kind == unknown.error->kind);
      if (hidden.error->kind != ErrorKind::NotFound) CHECK(hidden.error->message == unknown.error->message);  // one text for all that is not found (router)
      ++asked;
      loaded += hidden.error->kind == ErrorKind::NotFound;
    }
  }
  CHECK(asked > 200);
  CHECK(loaded > asked * 9 / 10);  // the bodies are good enough to come as far as the object
}

TEST_CASE("each verb and path stands once in the table of routes: a second line would have a say of its own about scope and step-up") {
  std::set<std::string> seen;
  for (const auto& route : routes()) CHECK_MESSAGE(seen.insert(std::to_string(static_cast<int>(route.verb)) + " " + std::string(route.path)).second, std::string(route.path));
}

TEST_CASE("the routes are really asked: who may read gets answers, and they cost more") {
  HiddenCase site;
  const auto file = published();
  int answered = 0;
  for (const auto& route : routes()) {
    if (!is_about(route) || !std::holds_alternative<Read>(route.handler)) continue;
    const auto seen = site.told(route, request_for(route, site.by_owner.viewer, file, site.ids));
    if (seen.error) continue;
    ++answered;
    CAPTURE(std::string(route.path));
    CHECK(seen.work.queries + seen.work.rows > 1);
  }
  CHECK(answered > 20);
}

// Inside a case that the viewer is in: what lies in a compartment that it doesn't read, beside what isn't there.
TEST_CASE("T2_what_is_hidden_in_ones_own_case_costs_what_nothing_costs") {
  HiddenCase site;
  const auto file = published();
  auto never = site.ids;
  const auto inner = {"{thread}", "{entry}", "{report}", "{message}", "{group}", "{leak}", "{target}"};
  for (const std::string_view name : inner) {
    auto& id = never[std::string(name.substr(1, name.size() - 2))];
    id = id.substr(0, 2) + "00000000000000000000000001";
  }
  for (const auto& route : routes()) {
    if (std::ranges::none_of(inner, [&](std::string_view name) { return route.path.find(name) != route.path.npos; })) continue;
    CAPTURE(std::string(route.path));
    (void)site.told(route, request_for(route, site.by_vendor.viewer, file, never));  // what is remembered of the case is there for both
    const auto unknown = site.told(route, request_for(route, site.by_vendor.viewer, file, never));
    const auto hidden = site.told(route, request_for(route, site.by_vendor.viewer, file, site.ids));
    CHECK(hidden.work == unknown.work);
    REQUIRE(hidden.error);
    REQUIRE(unknown.error);
    CHECK(hidden.error->kind == unknown.error->kind);
  }
}

}  // namespace sluice::web
