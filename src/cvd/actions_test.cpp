#include "cvd/actions.h"

#include <doctest/doctest.h>

#include <algorithm>

using namespace sluice;
using namespace sluice::cvd;

namespace {
std::vector<SuggestedAction> suggested(const char* state, Hats hats, EmbargoState embargo) { return suggested_actions(*Letters::parse(state), hats, embargo); }
bool has(const std::vector<SuggestedAction>& actions, std::string_view what) {
  return std::ranges::any_of(actions, [&](const auto& a) { return a.what == what; });
}
}  // namespace

TEST_CASE("every pattern of the table can be met, and what it may bring is possible there") {
  for (const auto& action : action_table()) {
    CAPTURE(action.what);
    CHECK((action.patterns.size() + 1) % 7 == 0);
    const auto met = [&](auto&& wanted) { return std::ranges::any_of(kCaseStates, [&](Letters s) { return matches_any(action.patterns, s) && wanted(s); }); };
    CHECK(met([](Letters) { return true; }));
    if (action.causes) CHECK(met([&](Letters s) { return may_happen(s, *action.causes); }));
  }
}

TEST_CASE("patterns match letter by letter") {
  CHECK(matches_any("...P..", *Letters::parse("vfdPxa")));
  CHECK_FALSE(matches_any("...P..", *Letters::parse("VFDpxa")));
  CHECK(matches_any("VFDPXA VFDPxa", *Letters::parse("VFDPxa")));
  CHECK_FALSE(matches_any("VFDPXA VFDPxa", *Letters::parse("VFDPxA")));
}

TEST_CASE("suggestions come in their order: end, notify, publish, fix, deploy, watch, close") {
  for (const auto& state : kCaseStates) {
    const auto found = suggested_actions(state, {.vendor = true, .deployer = true}, EmbargoState::Active);
    CHECK(std::ranges::is_sorted(found, {}, &SuggestedAction::kind));
    if (state.p || state.x || state.a) CHECK(found.front().what == "End the embargo, and reject what is proposed.");
  }
}

TEST_CASE("a vendor makes the fix, others urge it") {
  const auto vendor = suggested("Vfdpxa", {.vendor = true}, EmbargoState::None), finder = suggested("Vfdpxa", {}, EmbargoState::None);
  CHECK(has(vendor, "Make a fix."));
  CHECK_FALSE(has(vendor, "Urge the vendor to make a fix."));
  CHECK(has(finder, "Urge the vendor to make a fix."));
  CHECK_FALSE(has(finder, "Make a fix."));
}

TEST_CASE("nobody is told to publish while an embargo binds") {
  for (const auto& state : kCaseStates)
    for (const auto embargo : {EmbargoState::Active, EmbargoState::Revise})
      for (const auto& action : suggested_actions(state, {}, embargo))
        if (action.kind == ActionKind::Publish) CHECK(action.what == "Discourage publication of an exploit before a fix is ready.");
}

TEST_CASE("an ended embargo is not begun again") {
  CHECK(has(suggested("Vfdpxa", {}, EmbargoState::None), "Negotiate an embargo."));
  CHECK_FALSE(has(suggested("Vfdpxa", {}, EmbargoState::Exited), "Negotiate an embargo."));
  CHECK(has(suggested("Vfdpxa", {}, EmbargoState::Active), "Keep the embargo and watch for what would end it."));
  CHECK_FALSE(has(suggested("VFDpxa", {}, EmbargoState::None), "Negotiate an embargo."));
}

TEST_CASE("a case is closed when it is public and deployed, whatever of X and A came") {
  for (const auto* state : {"VFDPxa", "VFDPXa", "VFDPxA", "VFDPXA"}) CHECK(suggested(state, {}, EmbargoState::Exited).back().kind == ActionKind::Close);
  CHECK(suggested("VFDpxa", {}, EmbargoState::Exited).back().kind != ActionKind::Close);
}

TEST_CASE("what has happened is not named as what an action may bring") {
  for (const auto& state : kCaseStates)
    for (const auto& action : suggested_actions(state, {}, EmbargoState::None))
      if (action.causes) CHECK_FALSE(state.has(*action.causes));
}
