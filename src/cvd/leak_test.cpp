#include <doctest/doctest.h>

#include "cvd/standing.h"
#include "cvd/test_driven.h"

using namespace sluice;
using namespace sluice::cvd;
using sluice::cvd::testing::Driven;

namespace {

const ClaimLeak kClaim{"The proof of concept", "a chat", "a picture of it", {}};

// What these streams alone tell.
CaseFold folded(const Driven& d, const std::vector<access::Compartment>& compartments) {
  CaseFold out;
  for (const auto& written : d.log)
    if (std::find(compartments.begin(), compartments.end(), written.change.compartment) != compartments.end()) apply(out, written.change.event, written.context);
  return out;
}
LeakId first(const Driven& d) { return d.state.fold.leaks.front().id; }

}  // namespace

TEST_CASE("a claimant sees its claim and how it ended, not the drill") {
  auto d = Driven::with_vendor();
  REQUIRE(d.act(d.vendor, kClaim));
  REQUIRE(d.act(d.owner, NoteLeak{first(d), "Two had it by then.", std::vector{d.vendor}}));
  REQUIRE(d.act(d.owner, CloseLeak{first(d), LeakOutcome::Contained, "It was taken down."}));
  const auto seen = folded(d, {access::Compartment::shared(), access::Compartment::of(d.vendor)});
  REQUIRE(seen.leaks.size() == 1);
  CHECK(seen.leaks.front().notes.empty());
  CHECK(seen.leaks.front().outcome == LeakOutcome::Contained);
  CHECK(seen.leaks.front().by == d.vendor);
  CHECK(d.state.fold.leaks.front().notes.front().narrowed_to == std::vector{d.vendor});
  // Another participant sees nothing of it at all.
  CHECK(folded(d, {access::Compartment::shared(), access::Compartment::of(d.other)}).leaks.empty());
}

TEST_CASE("what coordination was told by an outsider stands in coordination alone") {
  auto d = Driven::with_vendor();
  REQUIRE(d.act(d.owner, kClaim));
  REQUIRE(d.act(d.owner, CloseLeak{first(d), LeakOutcome::NoLeak, "It was an old text."}));
  for (const auto& written : d.log)
    if (const auto type = type_of(written.change.event); type == LeakClaimed::kType || type == LeakClosed::kType) CHECK(written.change.compartment == access::Compartment::coordination());
}

TEST_CASE("a leak changes nothing by itself: the embargo runs on, and no fact is adopted, whatever its outcome") {
  for (const auto outcome : {LeakOutcome::NoLeak, LeakOutcome::Contained, LeakOutcome::Public, LeakOutcome::Unresolved}) {
    auto d = Driven::with_vendor();
    REQUIRE(d.act(d.vendor, kClaim));
    REQUIRE(d.act(d.owner, CloseLeak{first(d), outcome, "because"}));
    CHECK(binds(d.state.fold.embargo));
    CHECK_FALSE(d.state.fold.is_public());
  }
}

TEST_CASE("a drill that is over takes no further word") {
  auto d = Driven::with_vendor();
  REQUIRE(d.act(d.vendor, kClaim));
  REQUIRE(d.act(d.owner, CloseLeak{first(d), LeakOutcome::Unresolved, "No trace."}));
  CHECK(d.act(d.owner, NoteLeak{first(d), "And yet", {}}).error().kind == ErrorKind::Conflict);
  CHECK(d.act(d.owner, CloseLeak{first(d), LeakOutcome::Public, "again"}).error().kind == ErrorKind::Conflict);
  CHECK(d.act(d.owner, CloseLeak{LeakId::random(), LeakOutcome::Public, "which?"}).error().kind == ErrorKind::NotFound);
}

TEST_CASE("a reporter without an account claims in its own mailbox, and reads there how it ended") {
  auto d = Driven::reported();
  d.now = d.now + std::chrono::hours(1);
  Ask ask{{OrganisationId{}, {}, true, d.report(), false}, d.now, d.now, system_random(), {}};
  const auto changes = decide(d.state, kClaim, ask);
  REQUIRE(changes);
  Actor nobody = ask.actor;
  nobody.machine = true;                                   // as the service writes it: under no organisation's name
  d.write(*changes, nobody);
  d.now = d.now + std::chrono::hours(1);
  REQUIRE(d.act(d.owner, CloseLeak{first(d), LeakOutcome::Contained, "It is gone."}));
  const auto seen = folded(d, {access::Compartment::of(d.report())});
  REQUIRE(seen.leaks.size() == 1);
  CHECK(seen.leaks.front().outcome == LeakOutcome::Contained);
}

TEST_CASE("what a claim of a leak needs") {
  auto d = Driven::with_vendor();
  const auto refused = [&](const ClaimLeak& claim, const char* where) {
    const auto result = d.act(d.vendor, claim);
    REQUIRE_FALSE(result);
    CHECK(result.error().kind == ErrorKind::Invalid);
    CHECK(result.error().where == where);
  };
  refused({"", "a chat", "a picture", {}}, "/what");
  refused({"a text", " \n", "a picture", {}}, "/where_seen");
  refused({"a text", "a chat", "", {}}, "/evidence");
  refused({"a text", "a chat", std::string(20'001, 'x'), {}}, "/evidence");
  refused({"a text", "a chat", "a picture", d.now + std::chrono::seconds(1)}, "/occurred");
  REQUIRE(d.act(d.vendor, kClaim));
  const auto stranger = d.act(d.owner, NoteLeak{first(d), "who", std::vector{OrganisationId::random()}});
  CHECK(stranger.error().where == "/narrowed_to/0");
  for (int i = 1; i < 20; ++i) REQUIRE(d.act(d.vendor, kClaim));
  CHECK(d.act(d.vendor, kClaim).error().kind == ErrorKind::Conflict);   // twenty are open
  CHECK(d.act(d.owner, kClaim));                                        // of others not one
}
