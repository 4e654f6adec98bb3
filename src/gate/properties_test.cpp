// What holds for any Disclosure and any facts.
#include <doctest/doctest.h>
#include <rapidcheck.h>

#include <algorithm>
#include <random>

#include "gate/testing.h"

using namespace sluice;
using namespace sluice::gate;
using namespace sluice::gate::testing;

namespace {

// All that a run draws follows from one seed, which rapidcheck chooses and prints: shrinking dozens of draws one by one would take minutes.
std::mt19937 chance;
int below(int n) { return static_cast<int>(chance() % static_cast<unsigned>(n)); }
bool coin() { return below(2) == 0; }
template <class E>
E any_of(E last) { return static_cast<E>(below(static_cast<int>(last) + 1)); }

Disclosure any_disclosure() {
  auto d = to_organisation();
  d.content.marking = any_of(Tlp::Red);
  constexpr const char* kClasses[] = {"technical-detail", "knock", "invitation.stub", "embargo.terms", "report.mailbox", "reporter.identity"};
  d.content.classes = {kClasses[below(6)]};
  if (coin()) d.content.classes.push_back("summary");
  if (coin()) d.content.vulnerabilities.clear();
  switch (any_of(AudienceKind::Reporter)) {
    case AudienceKind::Organisation: break;
    case AudienceKind::Person: d.audience = Audience::of(kPerson); break;
    case AudienceKind::Public: d.audience = Audience::everyone(); break;
    case AudienceKind::Community: d.audience = Audience::community("energy"); break;
    case AudienceKind::Reporter: d.audience = Audience::of(ReportId{}); break;
  }
  d.channel = any_of(Channel::Taxii);
  const Instant instants[] = {kSoon, kEnd - Duration(1), kEnd, kEnd + Duration(1)};
  d.at = instants[below(4)];
  if (below(4) == 0) d.case_.reset();
  d.basis = {.kind = any_of(BasisKind::Notice)};
  if (coin()) d.basis.essential = "ships it";
  if (coin()) d.basis.grant = GrantId{};
  if (coin()) d.basis.rule = "x/art1";
  return d;
}

Facts any_facts() {
  auto f = at_embargo(any_of(cvd::EmbargoState::Exited));
  if (below(8) == 0) f.case_.reset();
  if (f.case_) {
    f.case_->is_public = coin() && coin();
    if (coin() && coin()) f.case_->public_vulnerabilities = {"CVE-2021-44228"};
  }
  auto& a = f.audience;
  a.admission = any_of(cvd::Admission::Removed);
  a.report = any_of(cvd::ReportState::Closed);
  for (bool* fact : {&a.is_owner, &a.signed_running_terms, &a.already_held, &a.is_author, &a.is_confirmed_receiver, &a.identity_shared, &a.may_see_object, &a.is_community, &a.is_recipient,
                     &a.is_client_of_recipient, &a.is_named_person, &f.marking.source_permits, &f.marking.source_is_ours, &f.two_person})
    *fact = coin();
  if (coin()) f.release = due_release();
  if (f.release) f.release->approved = coin(), f.release->everyone_ready = coin(), f.release->readiness_waived = coin();
  if (coin()) f.grants = {{GrantId{}, coin(), {}, ""}};
  if (coin()) {
    auto& r = f.regimes.emplace();
    r.outcome = any_of(Outcome::Deny);
    if (coin()) r.duties = {{"x/art2", "tell", {}, {}}};
    if (coin()) r.demanded_by_law = {"x/art1"};
    r.person_may_decide = coin();
  }
  if (coin()) {
    f.override_ = decided();
    if (coin() && coin()) f.override_->second.reset();
    if (coin() && coin()) f.override_->users_risk.clear();
  }
  return f;
}

bool is_broad(const Disclosure& d) { return d.audience.kind == AudienceKind::Public || d.audience.kind == AudienceKind::Community; }

// Fifty Disclosures in each of rapidcheck's hundred runs: the space is wide, and one costs little.
template <class Check>
bool for_any(Check check) {
  return rc::check([&] {
    chance.seed(*rc::gen::noShrink(rc::gen::resize(100, rc::gen::arbitrary<std::uint32_t>())));
    for (int i = 0; i < 50; ++i) {
      const auto disclosure = any_disclosure();
      const auto facts = any_facts();
      check(disclosure, facts);
    }
  });
}

}  // namespace

TEST_CASE("G4 a Pass exists exactly if the outcome isn't deny, and it is for what was judged") {
  CHECK(for_any([](const Disclosure& d, const Facts& f) {
    const auto id = RulingId::random();
    const auto judged = judge(d, f, id);
    RC_ASSERT(judged.pass.has_value() == (judged.ruling.outcome != Outcome::Deny));
    RC_ASSERT(judged.ruling.disclosure == hash_of(d));
    if (judged.pass) RC_ASSERT(judged.pass->ruling() == id && judged.pass->is_for(d.channel, d.content.hash, d.audience) && judged.pass->not_before() == d.at);
  }));
}

TEST_CASE("G2 the whole is the strictest of the four, and a what-if says the same") {
  CHECK(for_any([](const Disclosure& d, const Facts& f) {
    const auto ruling = judge(d, f, RulingId{}).ruling;
    RC_ASSERT(ruling.judges.size() == 4u);
    auto worst = Outcome::Allow;
    for (const auto& j : ruling.judges) worst = strictest(worst, j.outcome);
    RC_ASSERT(ruling.outcome == worst);
    RC_ASSERT(consider(d, f) == ruling);
  }));
}

TEST_CASE("G3 every judge says why, but for regimes where none is in scope") {
  CHECK(for_any([](const Disclosure& d, const Facts& f) {
    for (const auto& j : consider(d, f).judges) {
      if (j.judge == JudgeName::Regimes && !f.regimes) continue;
      RC_ASSERT(!j.because.empty());
      for (const auto& reason : j.because) RC_ASSERT(!reason.cite.empty());
    }
  }));
}

TEST_CASE("G5 before the embargo's end nobody but a signatory gets what it covers, save by a full decision") {
  CHECK(for_any([](const Disclosure& d, const Facts& f) {
    if (!(d.case_ && f.case_ && f.case_->running && d.at < f.case_->running->until)) return;
    if (is_negotiation(d.content) || f.case_->is_public || !f.case_->public_vulnerabilities.empty()) return;
    if (!is_broad(d) && (f.audience.is_author || f.audience.signed_running_terms)) return;
    const auto ruling = consider(d, f);
    if (ruling.allows()) RC_ASSERT(ruling.override_.has_value() && why_no_override(f).empty());
  }));
}

TEST_CASE("G6 only TLP:CLEAR reaches the public, whatever was decided") {
  CHECK(for_any([](const Disclosure& d, const Facts& f) {
    if (d.audience.kind == AudienceKind::Public && consider(d, f).allows()) RC_ASSERT(d.content.marking == Tlp::Clear);
  }));
}

TEST_CASE("G6 another party's label holds against every decision") {
  CHECK(for_any([](const Disclosure& d, Facts f) {
    f.marking.source_is_ours = false;
    auto bare = f;
    bare.override_.reset();
    RC_ASSERT(judge_marking(d, f).outcome == judge_marking(d, bare).outcome);
  }));
}

TEST_CASE("G7 a decision only ever opens, never closes, adds a duty and is named") {
  CHECK(for_any([](const Disclosure& d, const Facts& f) {
    auto bare = f;
    bare.override_.reset();
    const auto with = consider(d, f);
    const auto without = consider(d, bare);
    if (without.allows()) RC_ASSERT(with.allows());
    if (with.allows() && !without.allows()) RC_ASSERT(with.outcome == Outcome::AllowWithDuties && with.override_ == f.override_ && with.duties.size() == without.duties.size() + 1);
  }));
}

TEST_CASE("a reporter's identity goes nowhere that the reporter didn't share it with") {
  CHECK(for_any([](const Disclosure& d, const Facts& f) {
    if (has_class(d.content, classes::kIdentity) && consider(d, f).allows()) RC_ASSERT(!is_broad(d) && (f.audience.identity_shared || f.audience.is_author));
  }));
}

TEST_CASE("nothing of a case is published without an approved plan for these very bytes, but by a full decision") {
  CHECK(for_any([](const Disclosure& d, const Facts& f) {
    if (!(is_broad(d) && d.case_ && consider(d, f).allows())) return;
    const bool approved = f.release && f.release->approved && std::find(f.release->documents.begin(), f.release->documents.end(), d.content.hash) != f.release->documents.end();
    RC_ASSERT(approved || why_no_override(f).empty());
  }));
}

TEST_CASE("what would change does change it") {
  CHECK(for_any([](const Disclosure& d, const Facts& f) {
    const auto now = consider(d, f).outcome;
    for (const auto& change : what_would_change(d, f)) {
      RC_ASSERT(change.outcome != now);
      if (change.fact != "/at") continue;
      auto later = d;
      later.at = parse_instant(change.to).value();
      RC_ASSERT(consider(later, f).outcome == change.outcome);
    }
  }));
}

TEST_CASE("a Disclosure and its Ruling read back as themselves") {
  CHECK(for_any([](const Disclosure& d, const Facts& f) {
    RC_ASSERT(read_disclosure(to_json(d)).value() == d);
    const auto ruling = consider(d, f);
    RC_ASSERT(from_json<Ruling>(to_json(ruling)).value() == ruling);
  }));
}
