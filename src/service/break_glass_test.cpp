#include "service/break_glass.h"

#include <doctest/doctest.h>

#include "service/cases.h"
#include "service/testing.h"

using namespace sluice;
using namespace sluice::service;
using namespace std::chrono_literals;
using access::OrganisationKind;
using access::SiteRole;

namespace {

struct GlassWorld {
  SteppedClock clock;
  SiteForTests site{{.clock = &clock}};
  Services& s = site.services;
  Viewers& v = site.doors.viewers;
  OrganisationId of_site = site.open.file.organisation, acme = site.organisation("Acme", OrganisationKind::Vendor);
  PersonId one = site.person(of_site, "One", "one@site.example", SiteRole::Admin), two = site.person(of_site, "Two", "two@site.example", SiteRole::Admin);
  PersonId auditor = site.person(of_site, "Auditor", "auditor@site.example", SiteRole::Auditor), chief = site.person(acme, "Chief", "chief@acme.example", SiteRole::Admin);
  CaseId id = site.made<CaseId>(open_case(s, site.asker(chief, acme), {"Overflow in the parser"}));

  Result<Committed> run(Work work) { return site.writer->run(std::move(work)); }
  Result<Committed> ask(PersonId person, CaseId which, int hours = 2, std::string reason = "the owner can't be reached") {
    return run(ask_to_break_glass(s, v, site.asker(person, of_site), {which, std::move(reason), hours}));
  }
  Result<Committed> confirm(PersonId person, GlassId glass) { return run(confirm_glass(s, v, site.asker(person, of_site), glass)); }
  static GlassId glass_of(const Committed& committed) { return *GlassId::parse(string_at(committed.answer, "id")); }
  // Signed in, as the router sees it.
  access::Viewer session_of(PersonId person) {
    const store::SessionRow row{hash_of_session(s.cells(), cookie_of(person)), SessionId::random(s.random), person, of_site, clock.now(), clock.now(), clock.now() + 12h, clock.now()};
    (void)run([&](Unit& unit) -> Result<Committed> {
      TRY(store::drop_old_sessions(unit.writing().tx(), clock.now() + 24h * 400, clock.now()));
      TRY(store::add_session(unit.writing().tx(), row));
      return Committed{};
    });
    return for_tests::must(v.of_session(cookie_of(person)));
  }
  std::string cookie_of(PersonId person) { return base64url(hmac_sha256(bytes_of("cookie"), {bytes_of(person.text())})); }
  bool reads(PersonId person, CaseId which) { return s.store.as(session_of(person)).case_view(which).has_value(); }
  cvd::CaseView seen_by_owner() { return for_tests::must(s.store.as(site.viewer(chief, acme)).case_view(id)).view; }
};

}  // namespace

TEST_CASE("ACC-5: until two administrators have opened it nobody of the site reads a case; then the asker does, for so long, and the case is told") {
  GlassWorld a;
  CHECK_FALSE(a.reads(a.one, a.id));
  const auto asked = a.ask(a.one, a.id);
  REQUIRE(asked);
  CHECK(asked->waits_for_second_person);
  const auto glass = GlassWorld::glass_of(*asked);
  CHECK_FALSE(a.reads(a.one, a.id));
  CHECK(a.confirm(a.one, glass).error().kind == ErrorKind::Forbidden);  // B2
  REQUIRE(a.confirm(a.two, glass));
  CHECK(a.reads(a.one, a.id));
  CHECK_FALSE(a.reads(a.two, a.id));  // B3

  const auto seen = a.s.store.as(a.session_of(a.one)).case_view(a.id);
  CHECK(seen->view.fold.title == "Overflow in the parser");
  CHECK_FALSE(seen->deliveries.empty());  // what was read is written down, for the site's own organisation
  CHECK(seen->reader == a.s.store.tag_of(a.of_site));
  CHECK(a.run(case_command(a.s, {.viewer = a.session_of(a.one)}, a.id, cvd::DescribeCase{"Mine now", {}})).error().kind == ErrorKind::NotFound);

  const auto told = a.seen_by_owner();
  REQUIRE(told.fold.glasses.size() == 1);
  CHECK(told.fold.glasses[0].reason == "the owner can't be reached");
  CHECK(told.fold.glasses[0].asked_by == a.one);
  CHECK(told.fold.glasses[0].confirmed_by == a.two);

  a.clock.go_on(2h - 1s);
  CHECK(a.reads(a.one, a.id));
  a.clock.go_on(1s);
  CHECK_FALSE(a.reads(a.one, a.id));  // by itself
  CHECK(a.confirm(a.two, glass).error().kind == ErrorKind::Conflict);
}

TEST_CASE("it can be ended before its time, by either, and the case is told; a token never reads by it") {
  GlassWorld a;
  const auto glass = GlassWorld::glass_of(*a.ask(a.one, a.id));
  REQUIRE(a.confirm(a.two, glass));
  const auto issued = for_tests::must(a.run(issue_token(a.s, SiteForTests::system(), {a.one, {}, access::Scopes::all()})));
  const std::string token(string_at(issued.answer, "token"));
  CHECK_FALSE(a.s.store.as(for_tests::must(a.v.of_token(token))).case_view(a.id));
  REQUIRE(a.reads(a.one, a.id));
  REQUIRE(a.run(close_glass(a.s, a.v, a.site.asker(a.two, a.of_site), glass)));
  CHECK_FALSE(a.reads(a.one, a.id));
  CHECK(a.seen_by_owner().fold.glasses[0].closed_at);
  CHECK(a.run(close_glass(a.s, a.v, a.site.asker(a.two, a.of_site), glass)).error().kind == ErrorKind::Conflict);
}

TEST_CASE("B1: for a case that never was, asking, confirming and ending answer as for one that is there") {
  GlassWorld a;
  const auto never = CaseId::random(a.s.random);
  const auto shape = [](const Result<Committed>& committed) {
    REQUIRE(committed);
    std::string out = committed->waits_for_second_person ? "waits" : "";
    for (const auto& field : committed->answer) out += " " + std::string(field.key());
    return out + (committed->to_acknowledge ? " acknowledged" : "") + " " + std::to_string(committed->entries.size());
  };
  const auto there = a.ask(a.one, a.id), absent = a.ask(a.one, never);
  CHECK(shape(there) == shape(absent));
  CHECK(shape(a.confirm(a.two, GlassWorld::glass_of(*there))) == shape(a.confirm(a.two, GlassWorld::glass_of(*absent))));
  CHECK(a.ask(a.one, a.id).error().message == a.ask(a.one, never).error().message);
  CHECK_FALSE(a.reads(a.one, never));
  const auto end = [&](const Result<Committed>& asked) { return a.run(close_glass(a.s, a.v, a.site.asker(a.one, a.of_site), GlassWorld::glass_of(*asked))); };
  CHECK(shape(end(there)) == shape(end(absent)));
}

TEST_CASE("only administrators of the site, in person, with a reason and for a day at most") {
  GlassWorld a;
  CHECK(a.ask(a.auditor, a.id).error().kind == ErrorKind::Forbidden);
  CHECK(a.run(ask_to_break_glass(a.s, a.v, a.site.asker(a.chief, a.acme), {a.id, "why", 1})).error().kind == ErrorKind::Forbidden);
  auto machine = a.site.asker(a.one, a.of_site);
  machine.viewer.kind = access::Viewer::Kind::Machine;
  machine.viewer.scopes = access::Scopes::all();
  CHECK(a.run(ask_to_break_glass(a.s, a.v, machine, {a.id, "why", 1})).error().kind == ErrorKind::Forbidden);
  for (const int hours : {-1, 0, 25, 1'000'000}) CHECK(a.ask(a.one, a.id, hours).error().kind == ErrorKind::Invalid);
  for (const auto& reason : {std::string(), std::string("  "), std::string(5'000, 'x')}) CHECK(a.ask(a.one, a.id, 1, reason).error().kind == ErrorKind::Invalid);
  CHECK(glasses(a.s, a.site.viewer(a.auditor, a.of_site)).error().kind == ErrorKind::Forbidden);
  CHECK(glasses(a.s, a.site.viewer(a.two, a.of_site))->empty());
}

TEST_CASE("B3: who asked and is no administrator any more reads nothing, and nobody confirms it; a request lasts a day") {
  GlassWorld a;
  auto glass = GlassWorld::glass_of(*a.ask(a.one, a.id));
  a.clock.go_on(24h);
  CHECK(a.confirm(a.two, glass).error().kind == ErrorKind::Conflict);
  glass = GlassWorld::glass_of(*a.ask(a.one, a.id));
  REQUIRE(a.run(change_role(a.s, a.v, SiteForTests::system(), a.one, a.of_site, SiteRole::Staff)));
  CHECK(a.confirm(a.two, glass).error().kind == ErrorKind::Conflict);
  REQUIRE(a.run(change_role(a.s, a.v, SiteForTests::system(), a.one, a.of_site, SiteRole::Admin)));
  REQUIRE(a.confirm(a.two, glass));
  REQUIRE(a.reads(a.one, a.id));
  REQUIRE(a.run(change_role(a.s, a.v, SiteForTests::system(), a.one, a.of_site, SiteRole::Auditor)));
  CHECK_FALSE(a.reads(a.one, a.id));
}

TEST_CASE("where no second person is asked for, one opens it alone, and the case is told so") {
  GlassWorld a;
  a.s.settings.two_person = false;
  const auto opened = a.ask(a.one, a.id);
  REQUIRE(opened);
  CHECK_FALSE(opened->waits_for_second_person);
  CHECK(a.reads(a.one, a.id));
  const auto told = a.seen_by_owner().fold;
  CHECK(told.glasses[0].asked_by == told.glasses[0].confirmed_by);
  CHECK(std::any_of(told.timeline.begin(), told.timeline.end(), [](const auto& line) { return line.type == "SecondPersonSpared"; }));
}
