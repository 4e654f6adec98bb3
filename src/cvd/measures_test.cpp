#include "cvd/measures.h"

#include <doctest/doctest.h>

#include "cvd/test_driven.h"

using namespace sluice;
using namespace sluice::cvd;
using sluice::cvd::testing::Driven;

namespace {

constexpr auto kHour = std::chrono::hours(1);
constexpr auto kDay = std::chrono::hours(24);

// A vendor with a product, a day after the embargo began.
struct Measured : Driven {
  Measured() : Driven(with_vendor()) {
    now = now + kDay;
    for (const auto action : {ReportAction::Validate, ReportAction::Accept}) REQUIRE(act(vendor, StepReport{action}));
    REQUIRE(act(owner, SetRoles{vendor, {Role::Vendor, Role::Deployer}, "it runs the service as well"}));
    REQUIRE(act(vendor, AddProduct{"Parser", "1.0", {}, {}, {}}));
  }
  void fix(RemedyStep upto) {
    for (int step = 0; step <= static_cast<int>(upto); ++step) {
      now = now + kHour;
      if (static_cast<RemedyStep>(step) == RemedyStep::Validated) REQUIRE(act(vendor, AssessRemedy{vulnerability(), product(), true, {}, "the vendor", "in its laboratory", {}, {}, {}}));
      REQUIRE(act(vendor, StepRemedy{vulnerability(), product(), static_cast<RemedyStep>(step), {}, {}}));
    }
  }
  ProductId product() const { return state.fold.products.back().id; }
  void adopt(Letter letter, Instant occurred) {
    now = now + kHour;
    REQUIRE(act(owner, ClaimFact{vulnerability(), letter, "seen", occurred}));
    AdoptFact adopted{};
    adopted.claim = state.fold.claims.back().id;
    if (leaves_a_choice(letter, state.fold.embargo)) adopted.end_embargo = true;
    REQUIRE(act(owner, adopted));
  }
  CaseMeasured measure() const { return measured(state.fold, {}); }
  Fulfilment of(std::string_view desideratum) const {
    const auto pair = measure().pairs.back();
    for (std::size_t i = 0; i < kDesiderata.size(); ++i)
      if (name(kDesiderata[i]) == desideratum) return pair.desiderata[i];
    FAIL("no such desideratum");
    return Fulfilment::Unknown;
  }
};

}  // namespace

TEST_CASE("letters of a vendor's product stand in the order in which they happened") {
  Measured m;
  m.fix(RemedyStep::Deployed);
  m.now = m.now + kHour;
  m.adopt(Letter::P, m.now);
  const auto pair = m.measure().pairs.back();
  CHECK(pair.letters() == "VFDP");
  CHECK(m.of("D<P") == Fulfilment::Satisfied);
  CHECK(m.of("F<A") == Fulfilment::Satisfied);   // only the wanted one has happened so far
  CHECK(m.of("X<A") == Fulfilment::Unknown);     // neither has
  CHECK(*pair.to_fix < *pair.to_deploy);
}

TEST_CASE("what was public before the fix counts by when it was, not by when it was adopted") {
  Measured m;
  const auto leaked = m.now;
  m.fix(RemedyStep::Validated);
  m.adopt(Letter::P, leaked);
  CHECK(m.of("F<P") == Fulfilment::Violated);
  const auto classes = m.measure().pairs.back().zero_days;
  CHECK(std::find(classes.begin(), classes.end(), ZeroDay::Vulnerability3) != classes.end());
}

TEST_CASE("of two letters at one instant the less wished-for came first") {
  Measured m;
  m.fix(RemedyStep::Validated);
  const auto fixed = m.state.fold.answers.begin()->second.history.back().at;
  m.adopt(Letter::P, fixed);
  CHECK(m.of("F<P") == Fulfilment::Violated);
}

TEST_CASE("a product that isn't affected has no history of a remedy") {
  Measured m;
  const auto before = m.measure().pairs.size();
  REQUIRE(m.act(m.vendor, SetStatus{m.vulnerability(), m.product(), Status::NotAffected, "vulnerable_code_not_present", {}}));
  CHECK(m.measure().pairs.size() == before - 1);
}

TEST_CASE("an embargo is kept at its end, and broken by a fact or a decision") {
  SUBCASE("at its end") {
    Measured m;
    m.now = m.state.fold.running_terms()->until;
    m.pass_time();
    const auto embargo = m.measure().embargo;
    REQUIRE(embargo);
    CHECK(embargo->fate == EmbargoFate::AtItsEnd);
    CHECK(was_kept(embargo->fate));
    CHECK(embargo->kept() == embargo->agreed());
  }
  SUBCASE("by publicity") {
    Measured m;
    m.adopt(Letter::P, m.now);
    CHECK(m.measure().embargo->fate == EmbargoFate::Public);
    CHECK(*m.measure().embargo->kept() < m.measure().embargo->agreed());
  }
  SUBCASE("by a decision") {
    Measured m;
    m.now = m.now + kHour;
    REQUIRE(m.act(m.owner, EndEmbargo{"we publish"}));
    CHECK(m.measure().embargo->fate == EmbargoFate::Decided);
  }
  SUBCASE("changed once, and running") {
    Measured m;
    REQUIRE(m.act(m.owner, ProposeTerms{m.now + kDay * 90}));
    REQUIRE(m.act(m.owner, SettleTerms{2}));
    const auto embargo = m.measure().embargo;
    CHECK(embargo->fate == EmbargoFate::Runs);
    CHECK(embargo->changed == 1);
    CHECK(embargo->last_end > embargo->first_end);
    CHECK_FALSE(embargo->kept());
  }
  CHECK_FALSE(measured(Driven::opened().state.fold, {}).embargo);
}

TEST_CASE("acknowledged is a step or a word, whichever came first; validated is the first time it was found so") {
  auto d = Driven::reported();
  const auto received = d.now;
  FirstSteps steps;
  CHECK_FALSE(measured(d.state.fold, steps).to_acknowledge);
  steps.stepped[d.owner] = received + kHour * 5;
  steps.validated[d.owner] = received + kDay;
  CHECK(measured(d.state.fold, steps).to_acknowledge == kHour * 5);
  d.now = d.now + kHour * 2;
  REQUIRE(d.act(d.owner, PostToMailbox{d.report(), "We have it."}));
  CHECK(measured(d.state.fold, steps).to_acknowledge == kHour * 2);
  CHECK(measured(d.state.fold, steps).to_validate == kDay);
}

TEST_CASE("the figures of the texts that define them") {
  // cvd-protocol 5.3, worked by the formula: alpha = (S/T - f) / (1 - f).
  const auto baseline = [](std::string_view name_of) {
    for (const auto& d : kDesiderata)
      if (name(d) == name_of) return precedence(d.first, d.then).frequency;
    return Rational{};
  };
  CHECK(skill(2610, 2694, baseline("F<P"))->alpha == doctest::Approx(0.9649).epsilon(0.0001));
  CHECK(skill(2655, 2694, baseline("F<A"))->alpha == doctest::Approx(0.9768).epsilon(0.0001));
  CHECK(skill_of_rate(0.70, baseline("V<A")) == doctest::Approx(-0.2));
}
