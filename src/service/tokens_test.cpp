#include <doctest/doctest.h>

#include "service/testing.h"

using namespace sluice;
using namespace sluice::service;
using namespace std::chrono_literals;
using access::OrganisationKind;
using access::Scope;
using access::Scopes;
using access::SiteRole;
using store::AffiliationState;

namespace {

struct Holder {
  SteppedClock clock;
  SiteForTests site{{.clock = &clock}};
  OrganisationId acme = site.organisation("Acme", OrganisationKind::Vendor);
  PersonId ana = site.person(acme, "Ana", "ana@acme.example");
  Viewers& viewers = site.doors.viewers;

  Result<Committed> issue(Asker asker, IssueToken token) { return site.writer->run(issue_token(site.services, std::move(asker), token)); }
  std::string token(Scopes scopes, std::optional<Instant> expires = {}) {
    const auto committed = for_tests::must(issue(SiteForTests::system(), {ana, {}, scopes, expires}));
    return std::string(string_at(committed.answer, "token"));
  }
  ErrorKind refused(Asker asker, IssueToken token) {
    const auto result = issue(std::move(asker), token);
    REQUIRE_FALSE(result);
    return result.error().kind;
  }
};

}  // namespace

TEST_CASE("AUT-7: a token has a prefix and a checksum, and a mistyped one costs no query") {
  Holder a;
  const auto text = new_token(system_random());
  CHECK(text.size() == 53);
  CHECK(text.starts_with("slt_"));
  CHECK(is_token(text));
  for (std::size_t i = 0; i < text.size(); ++i) {
    auto wrong = text;
    wrong[i] = wrong[i] == 'x' ? 'y' : 'x';
    CHECK_FALSE(is_token(wrong));
    CHECK(a.viewers.of_token(wrong).error().kind == ErrorKind::Unauthenticated);
  }
  CHECK(a.viewers.looked_up() == 0);
  CHECK_FALSE(a.viewers.of_token(text));  // well-formed and unknown
  CHECK(a.viewers.looked_up() == 1);
}

TEST_CASE("a token acts as its person within its scopes, and costs no query while hot") {
  Holder a;
  const auto token = a.token({Scope::CaseRead});
  const auto viewer = a.viewers.of_token(token);
  REQUIRE(viewer);
  CHECK(viewer->kind == access::Viewer::Kind::Machine);
  CHECK(viewer->person == a.ana);
  CHECK(viewer->organisation == a.acme);
  CHECK(viewer->has_scope(Scope::CaseRead));
  CHECK_FALSE(viewer->has_scope(Scope::CaseWrite));
  const auto before = a.viewers.looked_up();
  for (int i = 0; i < 100; ++i) REQUIRE(a.viewers.of_token(token));
  CHECK(a.viewers.looked_up() == before);
  a.clock.go_on(2s);
  REQUIRE(a.viewers.of_token(token));
  CHECK(a.viewers.looked_up() == before + 1);
}

TEST_CASE("an expired token opens nothing, to the second") {
  Holder a;
  const auto token = a.token({Scope::CaseRead}, a.clock.now() + 1h);
  a.clock.go_on(1h - 500ms);
  CHECK(a.viewers.of_token(token));
  a.clock.go_on(500ms);
  CHECK_FALSE(a.viewers.of_token(token));
  CHECK(a.refused(SiteForTests::system(), {a.ana, {}, {Scope::CaseRead}, a.clock.now()}) == ErrorKind::Invalid);
  CHECK(a.refused(SiteForTests::system(), {a.ana, {}, {Scope::CaseRead}, a.clock.now() + 24h * 367}) == ErrorKind::Invalid);
  CHECK(a.refused(SiteForTests::system(), {a.ana, {}, {}}) == ErrorKind::Invalid);
}

TEST_CASE("Y2: a revoked token and one whose affiliation ended are closed at once, though hot in memory") {
  Holder a;
  auto token = a.token(Scopes::all());
  auto id = *a.viewers.of_token(token)->token;
  REQUIRE(a.site.writer->run(revoke_token(a.site.services, a.viewers, SiteForTests::system(), id)));
  CHECK_FALSE(a.viewers.of_token(token));
  CHECK(a.site.writer->run(revoke_token(a.site.services, a.viewers, SiteForTests::system(), id)).error().kind == ErrorKind::Conflict);

  token = a.token(Scopes::all());
  REQUIRE(a.viewers.of_token(token));
  REQUIRE(a.site.writer->run(change_affiliation(a.site.services, a.viewers, SiteForTests::system(), a.ana, a.acme, AffiliationState::Suspended)));
  CHECK_FALSE(a.viewers.of_token(token));
  REQUIRE(a.site.writer->run(change_affiliation(a.site.services, a.viewers, SiteForTests::system(), a.ana, a.acme, AffiliationState::Active)));
  CHECK_FALSE(a.viewers.of_token(token));  // dead for good
  REQUIRE(a.site.writer->run(change_affiliation(a.site.services, a.viewers, SiteForTests::system(), a.ana, a.acme, AffiliationState::Ended)));
  CHECK(a.refused(SiteForTests::system(), {a.ana, {}, {Scope::CaseRead}}) == ErrorKind::NotFound);
}

TEST_CASE("AUT-6: high scopes need a stepped-up session or the command line, and end after 24 hours") {
  Holder a;
  const auto token = a.token(Scopes::all());
  CHECK(a.viewers.of_token(token)->has_scope(Scope::Publish));
  a.clock.go_on(24h);
  CHECK_FALSE(a.viewers.of_token(token)->has_scope(Scope::Publish));
  CHECK(a.viewers.of_token(token)->has_scope(Scope::CaseWrite));

  auto asker = a.site.asker(a.ana, a.acme);
  CHECK(a.refused(asker, {a.ana, {}, {Scope::Publish}}) == ErrorKind::Forbidden);
  CHECK(a.issue(asker, {a.ana, {}, {Scope::CaseWrite}}));
  asker.viewer.stepped_up_at = a.clock.now();
  CHECK(a.issue(asker, {a.ana, {}, {Scope::Publish}}));
}

TEST_CASE("K2: a token makes no stronger token, for nobody else and nowhere else") {
  Holder a;
  const auto beta = a.site.organisation("Beta", OrganisationKind::Member);
  a.site.person(beta, "Ana", "ana@acme.example");
  const auto bo = a.site.person(a.acme, "Bo", "bo@acme.example");
  const auto in_acme = for_tests::must(a.issue(SiteForTests::system(), {a.ana, a.acme, {Scope::CaseRead, Scope::Keys}, a.clock.now() + 10h}));
  const auto viewer = for_tests::must(a.viewers.of_token(string_at(in_acme.answer, "token")));
  const Asker asker{.viewer = viewer};
  CHECK(a.refused(asker, {a.ana, {}, {Scope::CaseRead, Scope::CaseWrite}}) == ErrorKind::Forbidden);
  CHECK(a.refused(asker, {a.ana, {}, {Scope::Keys}}) == ErrorKind::Forbidden);
  CHECK(a.refused(asker, {a.ana, {}, {Scope::CaseRead}, a.clock.now() + 11h}) == ErrorKind::Forbidden);
  CHECK(a.refused(asker, {a.ana, beta, {Scope::CaseRead}}) == ErrorKind::Forbidden);
  CHECK(a.refused(asker, {bo, {}, {Scope::CaseRead}}) == ErrorKind::Forbidden);
  const auto made = a.issue(asker, {a.ana, {}, {Scope::CaseRead}});
  REQUIRE(made);
  CHECK(string_at(made->answer, "expires") == to_text(a.clock.now() + 10h));

  const auto weak = for_tests::must(a.issue(SiteForTests::system(), {a.ana, a.acme, {Scope::CaseRead}}));
  CHECK(a.refused({.viewer = for_tests::must(a.viewers.of_token(string_at(weak.answer, "token")))}, {a.ana, {}, {Scope::CaseRead}}) == ErrorKind::Forbidden);
  CHECK(a.refused(SiteForTests::system(), {a.ana, {}, {Scope::CaseRead}}) == ErrorKind::Invalid);  // of two organisations, which?
}

TEST_CASE("people handle their own tokens, administrators those below them, strangers none") {
  Holder a;
  const auto beta = a.site.organisation("Beta", OrganisationKind::Vendor);
  const auto bo = a.site.person(a.acme, "Bo", "bo@acme.example"), chief = a.site.person(a.acme, "Chief", "chief@acme.example", SiteRole::Admin);
  const auto rival = a.site.person(beta, "Rival", "rival@beta.example", SiteRole::Admin);
  const auto token = a.token({Scope::CaseRead});
  const auto id = *a.viewers.of_token(token)->token;
  auto& s = a.site.services;
  CHECK(a.refused(a.site.asker(bo, a.acme), {a.ana, {}, {Scope::CaseRead}}) == ErrorKind::Forbidden);
  CHECK(a.refused(a.site.asker(rival, beta), {a.ana, {}, {Scope::CaseRead}}) == ErrorKind::NotFound);
  CHECK(a.refused(a.site.asker(a.ana, a.acme), {chief, {}, {Scope::CaseRead}}) == ErrorKind::Forbidden);
  CHECK(a.issue(a.site.asker(chief, a.acme), {a.ana, {}, {Scope::CaseRead}}));
  for (const auto& asker : {a.site.asker(bo, a.acme), a.site.asker(rival, beta)})
    CHECK(a.site.writer->run(revoke_token(s, a.viewers, asker, id)).error().kind == ErrorKind::NotFound);
  CHECK(tokens_of(s, a.site.viewer(a.ana, a.acme), a.ana)->size() == 2);
  CHECK(tokens_of(s, a.site.viewer(chief, a.acme), a.ana)->size() == 2);
  CHECK(tokens_of(s, a.site.viewer(rival, beta), a.ana).error().kind == ErrorKind::NotFound);
  CHECK(a.site.writer->run(revoke_token(s, a.viewers, {.viewer = *a.viewers.of_token(token)}, id)));  // a leaked token can end itself
  CHECK_FALSE(a.viewers.of_token(token));
}

TEST_CASE("the text of scopes: a comma list or all") {
  CHECK(token_scopes("all").value() == Scopes::all());
  CHECK(token_scopes("case_read,collection_write").value() == Scopes{Scope::CaseRead, Scope::CollectionWrite});
  for (const auto* text : {"", ",", "everything", "case_read,nonsense", "all,case_read"}) CHECK_FALSE(token_scopes(text));
}

TEST_CASE("last use is noted, once a minute") {
  Holder a;
  const auto token = a.token({Scope::CaseRead});
  const auto last_used = [&a] {
    (void)a.site.writer->run([](Unit&) -> Result<Committed> { return Committed{}; });
    return tokens_of(a.site.services, access::Viewer::system(), a.ana)->at(0).last_used;
  };
  CHECK_FALSE(last_used());
  const auto first = a.clock.now();
  REQUIRE(a.viewers.of_token(token));
  CHECK(last_used() == first);
  a.clock.go_on(30s);
  REQUIRE(a.viewers.of_token(token));
  CHECK(last_used() == first);
  a.clock.go_on(31s);
  REQUIRE(a.viewers.of_token(token));
  CHECK(last_used() == a.clock.now());
}
