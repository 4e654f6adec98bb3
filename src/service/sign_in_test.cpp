#include <doctest/doctest.h>

#include <thread>

#include "service/passwords.h"
#include "service/testing.h"

using namespace sluice;
using namespace sluice::service;
using namespace std::chrono_literals;
using access::OrganisationKind;
using access::SiteRole;
using store::AffiliationState;

namespace {

constexpr auto kGoodPassword = "a horse that plays chess";
constexpr auto kOnePeer = "192.0.2.1";

// One person in one organisation, with a password, and a clock that the test moves.
struct Someone {
  SteppedClock clock;
  SiteForTests site{{.clock = &clock}};
  OrganisationId acme = site.organisation("Acme", OrganisationKind::Vendor);
  PersonId ana = site.person(acme, "Ana", "ana@acme.example");
  SignIn& sign_in = site.doors.sign_in;
  Viewers& viewers = site.doors.viewers;
  Someone() { REQUIRE(site.writer->run(set_password(site.services, viewers, SiteForTests::system(), ana, kGoodPassword).value())); }

  std::string session() {
    const auto committed = for_tests::must(site.writer->run(open_session(site.services, {.person = ana}, acme)));
    return std::string(string_at(committed.answer, "cookie"));
  }
};

}  // namespace

TEST_CASE("the right password signs in, and names the active affiliations") {
  Someone a;
  const auto other = a.site.organisation("Beta", OrganisationKind::Member), gone = a.site.organisation("Gone", OrganisationKind::Member);
  a.site.person(other, "Ana", "ana@acme.example", SiteRole::Admin);
  a.site.person(gone, "Ana", "ana@acme.example");
  REQUIRE(a.site.writer->run(change_affiliation(a.site.services, a.viewers, SiteForTests::system(), a.ana, gone, AffiliationState::Suspended)));
  const auto signed_in = a.sign_in.with_password(" ANA@ACME.example", kGoodPassword, kOnePeer);
  REQUIRE(signed_in);
  CHECK(signed_in->person == a.ana);
  REQUIRE(signed_in->choices.size() == 2);
  CHECK(signed_in->choices[0].name == "Acme");
  CHECK(signed_in->choices[1].role == SiteRole::Admin);

  const auto ticket = a.sign_in.ticket(*signed_in, SignIn::Stage::Choose);
  CHECK(a.sign_in.from_ticket(ticket, SignIn::Stage::Choose)->choices.size() == 2);
  CHECK_FALSE(a.sign_in.from_ticket(ticket.substr(1), SignIn::Stage::Choose));
  a.clock.go_on(6min);
  CHECK_FALSE(a.sign_in.from_ticket(ticket, SignIn::Stage::Choose));
}

TEST_CASE("EXI-8: unknown, without password, suspended everywhere and wrong password answer the same and cost one slow hash each") {
  Someone a;
  a.site.person(a.acme, "Bo", "bo@acme.example");
  const auto cy = a.site.person(a.acme, "Cy", "cy@acme.example");
  REQUIRE(a.site.writer->run(set_password(a.site.services, a.viewers, SiteForTests::system(), cy, kGoodPassword).value()));
  REQUIRE(a.site.writer->run(change_affiliation(a.site.services, a.viewers, SiteForTests::system(), cy, a.acme, AffiliationState::Suspended)));
  struct Row { const char* mail; const char* password; };
  std::string first;
  for (const auto& row : {Row{"ana@acme.example", "another horse entirely"}, Row{"nobody@acme.example", kGoodPassword}, Row{"bo@acme.example", kGoodPassword}, Row{"cy@acme.example", kGoodPassword}, Row{"no address", kGoodPassword}, Row{"", ""}}) {
    const auto before = slow_hashes_done();
    const auto answer = a.sign_in.with_password(row.mail, row.password, kOnePeer);
    REQUIRE_FALSE(answer);
    CHECK(slow_hashes_done() - before == 1);
    const auto text = answer.error().message + answer.error().code + answer.error().where;
    if (first.empty()) first = text;
    CHECK(text == first);
    CHECK(answer.error().kind == ErrorKind::Unauthenticated);
  }
}

TEST_CASE("WEB-9: after five failures the next tries wait longer each time, known account or not, and only for that account from that prefix") {
  Someone a;
  for (const auto* mail : {"ana@acme.example", "nobody@acme.example"}) {
    INFO(mail);
    for (int i = 0; i < 5; ++i) CHECK(a.sign_in.with_password(mail, "another horse entirely", kOnePeer).error().kind == ErrorKind::Unauthenticated);
    const auto before = slow_hashes_done();
    const auto refused = a.sign_in.with_password(mail, kGoodPassword, "192.0.2.250:4711");  // the same /24
    REQUIRE_FALSE(refused);
    CHECK(refused.error().kind == ErrorKind::TooMany);
    CHECK(retry_after(refused.error()) == 1);
    CHECK(slow_hashes_done() == before);
    a.clock.go_on(1s);
    CHECK(a.sign_in.with_password(mail, "another horse entirely", kOnePeer).error().kind == ErrorKind::Unauthenticated);
    CHECK(retry_after(a.sign_in.with_password(mail, kGoodPassword, kOnePeer).error()) == 2);
  }
  // The owner, elsewhere, is not locked out; nor is anybody else here.
  CHECK(a.sign_in.with_password("ana@acme.example", kGoodPassword, "198.51.100.7"));
  CHECK(a.sign_in.with_password("someone@acme.example", kGoodPassword, kOnePeer).error().kind == ErrorKind::Unauthenticated);
  a.clock.go_on(2s);
  CHECK(a.sign_in.with_password("ana@acme.example", kGoodPassword, kOnePeer));
}

TEST_CASE("many sign-ins at once: all are answered, two slow hashes at a time") {
  Someone a;
  std::atomic<int> right = 0;
  std::vector<std::thread> threads;
  for (int i = 0; i < 6; ++i) threads.emplace_back([&a, &right] { right += a.sign_in.with_password("ana@acme.example", kGoodPassword, kOnePeer).has_value(); });
  for (auto& thread : threads) thread.join();
  CHECK(right == 6);
}

TEST_CASE("AUT-4: a session ends idle after an hour, in any case after twelve, and when it is ended") {
  Someone a;
  const auto cookie = a.session();
  const auto viewer = a.viewers.of_session(cookie);
  REQUIRE(viewer);
  CHECK(viewer->person == a.ana);
  CHECK(viewer->is_stepped_up(a.clock.now()));
  CHECK_FALSE(a.viewers.of_session(cookie.substr(1) + "A"));
  CHECK_FALSE(a.viewers.of_session(""));

  const auto flush = [&a] { (void)a.site.writer->run([](Unit&) -> Result<Committed> { return Committed{}; }); };
  for (int i = 0; i < 14; ++i) {  // in use: last_used follows, at most once a minute, through the Writer
    a.clock.go_on(50min);
    REQUIRE(a.viewers.of_session(cookie));
    flush();
  }
  CHECK_FALSE(a.viewers.of_session(cookie)->is_stepped_up(a.clock.now()));
  a.clock.go_on(21min);
  CHECK_FALSE(a.viewers.of_session(cookie));  // 12 h 1 min

  const auto idle = a.session();
  a.clock.go_on(61min);
  CHECK_FALSE(a.viewers.of_session(idle));

  const auto ended = a.session();
  const auto mine = a.viewers.of_session(ended).value();
  CHECK(sessions_of(a.site.services, mine)->size() == 1);
  REQUIRE(a.site.writer->run(end_session(a.site.services, a.viewers, {.viewer = mine}, *mine.session)));
  CHECK_FALSE(a.viewers.of_session(ended));
}

TEST_CASE("a person ends the own sessions only") {
  Someone a;
  const auto bo = a.site.person(a.acme, "Bo", "bo@acme.example");
  const auto cookie = a.session(), second = a.session();
  const auto mine = a.viewers.of_session(cookie).value();
  const auto other = a.site.writer->run(end_session(a.site.services, a.viewers, a.site.asker(bo, a.acme), *mine.session));
  REQUIRE_FALSE(other);
  CHECK(other.error().kind == ErrorKind::NotFound);
  REQUIRE(a.site.writer->run(end_other_sessions(a.site.services, a.viewers, {.viewer = mine})));
  CHECK(a.viewers.of_session(cookie));
  CHECK_FALSE(a.viewers.of_session(second));
}

TEST_CASE("O3: suspension, another role and a new password close sessions at once, hot in memory or not") {
  Someone a;
  auto& s = a.site.services;
  const auto system = SiteForTests::system();
  auto cookie = a.session();
  REQUIRE(a.viewers.of_session(cookie));
  REQUIRE(a.site.writer->run(change_affiliation(s, a.viewers, system, a.ana, a.acme, AffiliationState::Suspended)));
  CHECK_FALSE(a.viewers.of_session(cookie));
  CHECK_FALSE(a.site.writer->run(open_session(s, {.person = a.ana}, a.acme)));
  REQUIRE(a.site.writer->run(change_affiliation(s, a.viewers, system, a.ana, a.acme, AffiliationState::Active)));
  CHECK_FALSE(a.viewers.of_session(cookie));  // doesn't come back with it

  cookie = a.session();
  REQUIRE(a.viewers.of_session(cookie));
  REQUIRE(a.site.writer->run(change_role(s, a.viewers, system, a.ana, a.acme, SiteRole::Counsel)));
  CHECK_FALSE(a.viewers.of_session(cookie));

  cookie = a.session();
  REQUIRE(a.viewers.of_session(cookie));
  REQUIRE(a.site.writer->run(set_password(s, a.viewers, system, a.ana, "another horse entirely").value()));
  CHECK_FALSE(a.viewers.of_session(cookie));
}

TEST_CASE("a step-up holds for ten minutes of the own session") {
  Someone a;
  const auto cookie = a.session();
  a.clock.go_on(11min);
  auto viewer = a.viewers.of_session(cookie).value();
  CHECK_FALSE(viewer.is_stepped_up(a.clock.now()));
  CHECK_FALSE(a.sign_in.confirm_password(a.ana, "another horse entirely", kOnePeer));
  REQUIRE(a.sign_in.confirm_password(a.ana, kGoodPassword, kOnePeer));
  REQUIRE(a.site.writer->run(step_up(a.site.services, a.viewers, {.viewer = viewer}, {})));
  CHECK(a.viewers.of_session(cookie)->is_stepped_up(a.clock.now()));
}

TEST_CASE("one click signs in on a demo site, and nowhere else") {
  SiteForTests real;
  const auto acme = real.organisation("Acme", OrganisationKind::Vendor);
  const auto ana = real.person(acme, "Ana", "ana@acme.example");
  const auto refused = real.writer->run(open_demo_session(real.services, ana));
  REQUIRE_FALSE(refused);
  CHECK(refused.error().kind == ErrorKind::NotFound);

  SiteForTests demo({.demo = true});
  const auto bo = demo.person(demo.open.file.organisation, "Bo", "bo@site.example");
  const auto opened = demo.writer->run(open_demo_session(demo.services, bo));
  REQUIRE(opened);
  demo.script.set(demo.script.now() + 24h * 60);  // a replay jumps
  CHECK(demo.doors.viewers.of_session(string_at(opened->answer, "cookie")));
}
