#include "service/factors.h"

#include <doctest/doctest.h>

#include "service/passwords.h"
#include "service/report_code.h"
#include "service/testing.h"
#include "service/totp.h"

using namespace sluice;
using namespace sluice::service;
using namespace std::chrono_literals;
using access::OrganisationKind;
using access::SiteRole;

namespace {

constexpr auto kPassword = "a horse that plays chess";
constexpr auto kPeer = "192.0.2.1";

// A site with two administrators, a coordinator and a vendor; whoever is asked for has a password and, once enrolled, a phone.
struct World {
  SteppedClock clock;
  SiteForTests site{{.clock = &clock}};
  Services& s = site.services;
  Viewers& v = site.doors.viewers;
  SignIn& sign_in = site.doors.sign_in;
  OrganisationId of_site = site.open.file.organisation, acme = site.organisation("Acme", OrganisationKind::Vendor), cert = site.organisation("CERT", OrganisationKind::Coordinator);
  PersonId one = site.person(of_site, "One", "one@site.example", SiteRole::Admin), two = site.person(of_site, "Two", "two@site.example", SiteRole::Admin);
  PersonId chief = site.person(acme, "Chief", "chief@acme.example", SiteRole::Admin), boss = site.person(acme, "Boss", "boss@acme.example", SiteRole::Admin);
  PersonId ana = site.person(acme, "Ana", "ana@acme.example"), cory = site.person(cert, "Cory", "cory@cert.example");

  Result<Committed> run(Work work) { return site.writer->run(std::move(work)); }
  void give_password(PersonId person) { REQUIRE(run(set_password(s, v, SiteForTests::system(), person, kPassword).value())); }
  SignedIn with_password(const char* mail) { return for_tests::must(sign_in.with_password(mail, kPassword, kPeer)); }
  std::string code_of(const std::string& secret, int steps = 0) const { return totp_code(*from_base32(secret), totp_step(clock.now()) + steps); }

  struct Phone { std::string secret; std::vector<std::string> codes; };
  Phone enrol(const char* mail) {
    auto begun = with_password(mail);
    REQUIRE(begun.factor == SignedIn::Factor::Wanted);
    begun.first_secret = new_factor_secret(s.random);
    const auto known = for_tests::must(sign_in.with_first_code(sign_in.ticket(begun, SignIn::Stage::Enrol), code_of(begun.first_secret), kPeer));
    const auto committed = for_tests::must(run(open_session(s, known, known.choices.front().organisation)));
    Phone out{begun.first_secret, {}};
    for (const auto& code : committed.answer.at("recovery_codes").as_array()) out.codes.emplace_back(code.get_string());
    clock.go_on(2min);
    return out;
  }
  Result<Committed> in_with(const char* mail, const std::string& code) {
    const auto begun = with_password(mail);
    REQUIRE(begun.factor == SignedIn::Factor::Set);
    TRY(const auto known, sign_in.with_code(sign_in.ticket(begun, SignIn::Stage::Code), code, kPeer));
    return run(open_session(s, known, known.choices.front().organisation));
  }
};

}  // namespace

TEST_CASE("AUT-2: coordinators and administrators must have a second factor, others may; a demo site asks nobody") {
  World a;
  const auto wanted = [&](const char* mail, PersonId person) {
    a.give_password(person);
    return a.with_password(mail).factor;
  };
  CHECK(wanted("one@site.example", a.one) == SignedIn::Factor::Wanted);
  CHECK(wanted("chief@acme.example", a.chief) == SignedIn::Factor::Wanted);
  CHECK(wanted("cory@cert.example", a.cory) == SignedIn::Factor::Wanted);
  CHECK(wanted("ana@acme.example", a.ana) == SignedIn::Factor::None);

  SiteForTests demo({.demo = true});
  const auto admin = demo.person(demo.open.file.organisation, "Admin", "admin@demo.example", SiteRole::Admin);
  REQUIRE(demo.writer->run(set_password(demo.services, demo.doors.viewers, SiteForTests::system(), admin, kPassword).value()));
  CHECK(demo.doors.sign_in.with_password("admin@demo.example", kPassword, kPeer)->factor == SignedIn::Factor::None);
  CHECK(demo.writer->run(open_demo_session(demo.services, admin)));
}

TEST_CASE("W1: no session without the factor, whatever page the ticket was taken to") {
  World a;
  a.give_password(a.cory);
  const auto begun = a.with_password("cory@cert.example");
  CHECK(a.run(open_session(a.s, begun, a.cert)).error().kind == ErrorKind::Unauthenticated);  // it must have one
  const auto phone = a.enrol("cory@cert.example");
  const auto again = a.with_password("cory@cert.example");
  CHECK(again.factor == SignedIn::Factor::Set);
  CHECK(a.run(open_session(a.s, again, a.cert)).error().kind == ErrorKind::Unauthenticated);
  const auto ticket = a.sign_in.ticket(again, SignIn::Stage::Code);
  CHECK_FALSE(a.sign_in.from_ticket(ticket, SignIn::Stage::Choose));
  CHECK_FALSE(a.sign_in.with_first_code(ticket, a.code_of(phone.secret), kPeer));
  // A forged earlier proof names another factor.
  auto forged = again;
  forged.proof = {.kind = FactorProof::Kind::Earlier, .since = a.clock.now()};
  CHECK_FALSE(a.run(open_session(a.s, forged, a.cert)));
  // A second first factor can't be slipped in.
  auto second = again;
  second.first_secret = new_factor_secret(a.s.random);
  CHECK(a.run(open_session(a.s, second, a.cert)).error().kind == ErrorKind::Conflict);
  CHECK(a.in_with("cory@cert.example", a.code_of(phone.secret)));
}

TEST_CASE("W2: a code counts once, also when two sign-ins hold it at the same time") {
  World a;
  a.give_password(a.cory);
  const auto phone = a.enrol("cory@cert.example");
  const auto code = a.code_of(phone.secret);
  const auto begun = a.with_password("cory@cert.example");
  const auto first = a.sign_in.with_code(a.sign_in.ticket(begun, SignIn::Stage::Code), code, kPeer), second = a.sign_in.with_code(a.sign_in.ticket(begun, SignIn::Stage::Code), code, kPeer);
  REQUIRE(first);
  REQUIRE(second);  // both right so far: as two nodes would find it
  CHECK(a.run(open_session(a.s, *first, a.cert)));
  CHECK(a.run(open_session(a.s, *second, a.cert)).error().code == "factor-failed");
  CHECK(a.in_with("cory@cert.example", code).error().code == "factor-failed");
}

TEST_CASE("ten recovery codes, each signs in once, and none is stored as it is") {
  World a;
  a.give_password(a.cory);
  const auto phone = a.enrol("cory@cert.example");
  REQUIRE(phone.codes.size() == 10);
  CHECK(a.in_with("cory@cert.example", phone.codes[3]));
  CHECK_FALSE(a.in_with("cory@cert.example", phone.codes[3]));
  CHECK(a.in_with("cory@cert.example", phone.codes[4]));
  CHECK_FALSE(a.in_with("cory@cert.example", new_report_code(a.s.random)));
  auto db = a.site.store->lease();
  const auto factor = store::factor_of(**db, a.s.cells(), a.cory);
  REQUIRE(*factor);
  CHECK((*factor)->recovery.size() == 8);
  for (const auto& hash : (*factor)->recovery)
    for (const auto& code : phone.codes) CHECK(hash.find(code.substr(0, 4)) != 0);
}

TEST_CASE("WEB-9: guesses of a code are slowed down wherever they come from; a recovery code lets its owner in all the same") {
  World a;
  a.give_password(a.cory);
  const auto phone = a.enrol("cory@cert.example");
  for (int i = 0; i < 5; ++i) {
    const auto begun = a.with_password("cory@cert.example");
    CHECK(a.sign_in.with_code(a.sign_in.ticket(begun, SignIn::Stage::Code), "not it", "198.51.100." + std::to_string(i)).error().kind == ErrorKind::Unauthenticated);
  }
  CHECK(a.in_with("cory@cert.example", a.code_of(phone.secret)).error().kind == ErrorKind::TooMany);
  CHECK(a.in_with("cory@cert.example", phone.codes[0]));
  a.clock.go_on(1s);
  CHECK(a.in_with("cory@cert.example", a.code_of(phone.secret)));
}

TEST_CASE("a ticket ends with the password it was given for") {
  World a;
  a.give_password(a.cory);
  const auto phone = a.enrol("cory@cert.example");
  const auto ticket = a.sign_in.ticket(a.with_password("cory@cert.example"), SignIn::Stage::Code);
  REQUIRE(a.run(set_password(a.s, a.v, SiteForTests::system(), a.cory, "another horse that plays").value()));
  CHECK_FALSE(a.sign_in.with_code(ticket, a.code_of(phone.secret), kPeer));
}

TEST_CASE("AUT-6: step-up asks for the factor where one is set, and spends it") {
  World a;
  a.give_password(a.cory);
  a.give_password(a.ana);
  const auto phone = a.enrol("cory@cert.example");
  CHECK(a.sign_in.confirm(a.cory, kPassword, "", kPeer).error().kind == ErrorKind::Forbidden);  // the password alone no longer does
  const auto proof = a.sign_in.confirm(a.cory, "", a.code_of(phone.secret), kPeer);
  REQUIRE(proof);
  const auto cookie = for_tests::must(a.in_with("cory@cert.example", phone.codes[0])).answer.at("cookie").as_string();
  const Asker asker{.viewer = for_tests::must(a.v.of_session(std::string_view(cookie)))};
  CHECK(a.run(step_up(a.s, a.v, asker, {})).error().kind == ErrorKind::Unauthenticated);
  CHECK(a.run(step_up(a.s, a.v, asker, *proof)));
  CHECK_FALSE(a.run(step_up(a.s, a.v, asker, *proof)));
  CHECK(a.sign_in.confirm(a.ana, kPassword, "", kPeer));
}

TEST_CASE("W3: a factor is taken away by two who may, never by one, never by the person itself") {
  World a;
  for (const auto person : {a.cory, a.chief, a.one, a.ana}) a.give_password(person);
  a.enrol("cory@cert.example");
  a.enrol("chief@acme.example");
  const auto asker = [&](PersonId person, OrganisationId organisation) { return a.site.asker(person, organisation); };
  const auto ask = [&](const Asker& who, PersonId person) { return a.run(ask_factor_reset(a.s, a.v, who, person)); };
  const auto confirm = [&](const Asker& who, PersonId person) { return a.run(confirm_factor_reset(a.s, a.v, who, person)); };
  const auto one = asker(a.one, a.of_site), two = asker(a.two, a.of_site);

  CHECK(ask(asker(a.ana, a.acme), a.chief).error().kind == ErrorKind::Forbidden);
  CHECK(ask(asker(a.chief, a.acme), a.cory).error().kind == ErrorKind::NotFound);   // not its organisation's
  CHECK(ask(asker(a.boss, a.acme), a.chief).error().kind == ErrorKind::Forbidden);  // ACC-10: not below
  CHECK(ask(asker(a.chief, a.acme), a.chief).error().kind == ErrorKind::Forbidden);
  CHECK(ask(one, a.ana).error().kind == ErrorKind::Conflict);                       // has none

  const auto asked = ask(one, a.chief);
  REQUIRE(asked);
  CHECK(asked->waits_for_second_person);
  CHECK(ask(two, a.chief).error().kind == ErrorKind::Conflict);
  CHECK(confirm(one, a.chief).error().kind == ErrorKind::Forbidden);
  CHECK(a.with_password("chief@acme.example").factor == SignedIn::Factor::Set);
  REQUIRE(confirm(two, a.chief));
  CHECK(a.with_password("chief@acme.example").factor == SignedIn::Factor::Wanted);  // and sets a new one
  CHECK(confirm(two, a.chief).error().kind == ErrorKind::Conflict);

  // Refused, expired, or asked by one who is no administrator any more.
  REQUIRE(ask(one, a.cory));
  REQUIRE(a.run(refuse_factor_reset(a.s, two, a.cory)));
  CHECK(confirm(two, a.cory).error().kind == ErrorKind::Conflict);
  REQUIRE(ask(one, a.cory));
  a.clock.go_on(49h);
  CHECK(confirm(two, a.cory).error().kind == ErrorKind::Conflict);
  REQUIRE(ask(one, a.cory));
  const auto three = a.site.person(a.of_site, "Three", "three@site.example", SiteRole::Admin);
  REQUIRE(a.run(change_role(a.s, a.v, SiteForTests::system(), a.one, a.of_site, SiteRole::Staff)));
  CHECK(confirm(two, a.cory).error().kind == ErrorKind::Conflict);
  CHECK(confirm(asker(three, a.of_site), a.cory).error().kind == ErrorKind::Conflict);
  CHECK(a.with_password("cory@cert.example").factor == SignedIn::Factor::Set);
}

TEST_CASE("of a site's administrator two others take it away; the command line does it alone") {
  World a;
  a.give_password(a.one);
  a.enrol("one@site.example");
  const auto three = a.site.person(a.of_site, "Three", "three@site.example", SiteRole::Admin);
  REQUIRE(a.run(ask_factor_reset(a.s, a.v, a.site.asker(a.two, a.of_site), a.one)));
  CHECK_FALSE(a.run(confirm_factor_reset(a.s, a.v, a.site.asker(a.one, a.of_site), a.one)));
  REQUIRE(a.run(confirm_factor_reset(a.s, a.v, a.site.asker(three, a.of_site), a.one)));
  a.enrol("one@site.example");
  REQUIRE(a.run(ask_factor_reset(a.s, a.v, SiteForTests::system(), a.one)));
  CHECK(a.with_password("one@site.example").factor == SignedIn::Factor::Wanted);
}

TEST_CASE("whoever needs none sets one, replaces it, and gives it up; who must have one doesn't; a token does none of it") {
  World a;
  auto asker = a.site.asker(a.ana, a.acme);
  const auto set = [&](const Asker& who, int steps) {
    const auto begun = for_tests::must(begin_factor(a.s, who.viewer));
    auto work = finish_factor(a.s, who, begun.ticket, a.code_of(begun.secret, steps));
    return work ? a.run(*std::move(work)) : Result<Committed>(std::unexpected(work.error()));
  };
  CHECK(set(asker, 5).error().kind == ErrorKind::Invalid);  // not the code of now
  CHECK_FALSE(factor_shown(a.s, asker.viewer)->set);
  REQUIRE(set(asker, 0));
  CHECK(factor_shown(a.s, asker.viewer)->recovery_codes_left == 10);
  REQUIRE(set(asker, 0));
  REQUIRE(a.run(renew_recovery_codes(a.s, asker)));
  REQUIRE(a.run(drop_own_factor(a.s, asker)));
  CHECK_FALSE(factor_shown(a.s, asker.viewer)->set);
  const auto cory = a.site.asker(a.cory, a.cert);
  REQUIRE(set(cory, 0));
  CHECK(a.run(drop_own_factor(a.s, cory)).error().code == "factor-required");
  // Another's ticket.
  const auto begun = for_tests::must(begin_factor(a.s, asker.viewer));
  CHECK_FALSE(finish_factor(a.s, cory, begun.ticket, a.code_of(begun.secret)));
  asker.viewer.kind = access::Viewer::Kind::Machine;
  asker.viewer.scopes = access::Scopes::all();
  CHECK(begin_factor(a.s, asker.viewer).error().kind == ErrorKind::Forbidden);
  CHECK(a.run(renew_recovery_codes(a.s, asker)).error().kind == ErrorKind::Forbidden);
}

TEST_CASE("AUT-4: a disabled person's sessions and tokens end at once and open no more, until it is enabled") {
  World a;
  a.give_password(a.ana);
  const auto opened = for_tests::must(a.run(open_session(a.s, a.with_password("ana@acme.example"), a.acme)));
  const auto issued = for_tests::must(a.run(issue_token(a.s, SiteForTests::system(), {a.ana, {}, access::Scopes::all()})));
  const std::string cookie(string_at(opened.answer, "cookie")), token(string_at(issued.answer, "token"));
  REQUIRE(a.v.of_session(cookie));
  REQUIRE(a.v.of_token(token));
  CHECK(a.run(disable_person(a.s, a.v, a.site.asker(a.ana, a.acme), a.ana)).error().kind == ErrorKind::Forbidden);
  CHECK(a.run(disable_person(a.s, a.v, a.site.asker(a.cory, a.cert), a.ana)).error().kind == ErrorKind::NotFound);
  REQUIRE(a.run(disable_person(a.s, a.v, a.site.asker(a.chief, a.acme), a.ana)));
  CHECK_FALSE(a.v.of_session(cookie));
  CHECK_FALSE(a.v.of_token(token));
  CHECK_FALSE(a.sign_in.with_password("ana@acme.example", kPassword, kPeer));
  CHECK_FALSE(a.run(issue_token(a.s, SiteForTests::system(), {a.ana, {}, {access::Scope::CaseRead}})));
  CHECK_FALSE(a.run(open_session(a.s, {.person = a.ana}, a.acme)));
  REQUIRE(a.run(change_affiliation(a.s, a.v, SiteForTests::system(), a.ana, a.acme, store::AffiliationState::Active)));
  CHECK_FALSE(a.run(open_session(a.s, {.person = a.ana}, a.acme)));  // P3
  REQUIRE(a.run(enable_person(a.s, a.v, a.site.asker(a.chief, a.acme), a.ana)));
  CHECK(a.sign_in.with_password("ana@acme.example", kPassword, kPeer));
  CHECK_FALSE(a.v.of_token(token));  // dead for good
  // The site keeps an administrator (O4).
  REQUIRE(a.run(disable_person(a.s, a.v, SiteForTests::system(), a.one)));
  CHECK(a.run(disable_person(a.s, a.v, SiteForTests::system(), a.two)).error().code == "last-administrator");
}
