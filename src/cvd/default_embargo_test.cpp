#include "cvd/default_embargo.h"

#include <doctest/doctest.h>
#include <rapidcheck.h>

using namespace sluice;
using namespace sluice::cvd;

namespace {
constexpr Duration calendar_days(int n) { return std::chrono::days(n); }
const auto kNow = *parse_instant("2026-01-05T10:00:00Z");
std::optional<Instant> in(int n) { return n == 0 ? std::nullopt : std::optional(kNow + calendar_days(n)); }
}  // namespace

TEST_CASE("what sender and receiver wish decides the first terms") {
  using enum EmbargoState;
  const struct { const char* name; int x, d; EmbargoState state; int active, open; } rows[] = {
      {"nobody wants one", 0, 0, None, 0, 0},
      {"only the sender proposes", 45, 0, Proposed, 0, 45},  // the receiver should accept
      {"only the receiver has a default", 0, 90, Active, 90, 0},
      {"the sender wants longer", 90, 45, Revise, 45, 90},
      {"the sender wants shorter", 45, 90, Revise, 45, 90},
      {"both want the same", 60, 60, Active, 60, 0},
      {"the sender's end is past", -1, 90, Active, 90, 0},
      {"the sender's end is past, no default", -1, 0, None, 0, 0},
  };
  for (const auto& row : rows) {
    CAPTURE(row.name);
    const auto outcome = default_embargo(in(row.x), in(row.d), kNow);
    CHECK(outcome.state == row.state);
    CHECK(outcome.active_end == in(row.active));
    CHECK(outcome.open_end == in(row.open));
    CHECK(outcome.receiver_should_accept == (row.state == Proposed));
  }
}

TEST_CASE("an end that is now is no end") {
  CHECK(default_embargo(kNow, std::nullopt, kNow) == EmbargoOutcome{});
}

TEST_CASE("a receiver without a preferred length still has bounds") {
  const EmbargoPolicy bounds{.minimum = calendar_days(10), .maximum = calendar_days(90)};
  CHECK(default_embargo(in(45), bounds, kNow).receiver_should_accept);
  CHECK_FALSE(default_embargo(in(91), bounds, kNow).receiver_should_accept);
  CHECK_FALSE(default_embargo(in(9), bounds, kNow).receiver_should_accept);
  CHECK(default_embargo(in(91), bounds, kNow).state == EmbargoState::Proposed);  // the proposal is open all the same
  CHECK(default_embargo({}, bounds, kNow) == EmbargoOutcome{});                  // bounds alone propose nothing
  CHECK(default_embargo(in(45), EmbargoPolicy{}, kNow).receiver_should_accept);
  CHECK(default_embargo(in(90), EmbargoPolicy{.preferred = calendar_days(45)}, kNow).active_end == in(45));
}

TEST_CASE("the shortest of two wishes runs, the longest stays open") {
  CHECK(rc::check("min", [](std::uint16_t x, std::uint16_t d) {
    const auto a = kNow + Duration(x + 1), b = kNow + Duration(d + 1);
    const auto outcome = default_embargo(a, b, kNow);
    RC_ASSERT(binds(outcome.state));
    RC_ASSERT(outcome.active_end == std::min(a, b));
    RC_ASSERT(outcome.open_end == (a == b ? std::optional<Instant>{} : std::max(a, b)));
  }));
}

TEST_CASE("a zone changes nothing: the same instant is the same end") {
  const auto x = *parse_instant("2026-03-01T09:00:00+09:00"), d = *parse_instant("2026-03-01T00:00:00Z");
  CHECK(default_embargo(x, d, kNow).state == EmbargoState::Active);
}

TEST_CASE("of many proposals the last that was accepted before the first refusal wins, earliest end first") {
  const struct { const char* name; std::vector<OpenProposal> proposals; int version; } rows[] = {
      {"none", {}, 0},
      {"one accepted", {{1, {100}, true}}, 1},
      {"one refused", {{1, {100}, false}}, 0},
      {"earliest refused: what runs stays", {{1, {300}, true}, {2, {100}, false}}, 0},
      {"all accepted: the longest", {{1, {300}, true}, {2, {100}, true}, {3, {200}, true}}, 1},
      {"stops at the first refusal", {{1, {300}, true}, {2, {100}, true}, {3, {200}, false}}, 2},
      {"same end: in the order proposed", {{2, {100}, true}, {1, {100}, true}}, 2},
  };
  for (const auto& row : rows) {
    CAPTURE(row.name);
    const auto winner = shortest_wins(row.proposals);
    CHECK((winner ? winner->version : 0) == row.version);
  }
}

TEST_CASE("merged cases keep the earliest accepted end") {
  CHECK(merged_end(in(10), in(20)) == in(10));
  CHECK(merged_end({}, in(20)) == in(20));
  CHECK_FALSE(merged_end({}, {}));
}

TEST_CASE("before inviting, an invitee's policy is held against what is left of the embargo") {
  using enum InviteOption;
  const auto running = kNow + calendar_days(60);
  const auto shorter = compare_before_inviting(running, {.preferred = calendar_days(45)}, kNow);
  CHECK(shorter.running_terms == PolicyFit::TooLong);
  CHECK(shorter.choices == std::vector<InviteChoice>{{Shorten, in(45)}, {ProposeRunning, {}}, {NotifyLater, in(15)}, {LeaveOut, {}}});

  const auto longer = compare_before_inviting(running, {.preferred = calendar_days(90)}, kNow);
  CHECK(longer.running_terms == PolicyFit::TooShort);
  CHECK(longer.choices == std::vector<InviteChoice>{{Lengthen, in(90)}, {ProposeRunning, {}}, {LeaveOut, {}}});

  CHECK(compare_before_inviting(running, {.preferred = calendar_days(45), .maximum = calendar_days(90)}, kNow).choices == std::vector<InviteChoice>{{ProposeRunning, {}}});
  CHECK(compare_before_inviting(running, {.maximum = calendar_days(59)}, kNow).choices.front() == InviteChoice{Shorten, in(59)});
  CHECK(compare_before_inviting(running, {}, kNow).running_terms == PolicyFit::Fits);
}

TEST_CASE("a policy's lengths agree with each other") {
  CHECK(check(EmbargoPolicy{}));
  CHECK(check(EmbargoPolicy{.preferred = calendar_days(45), .minimum = calendar_days(45), .maximum = calendar_days(45)}));
  const struct { EmbargoPolicy policy; const char* where; } rows[] = {
      {{.preferred = calendar_days(0)}, "/preferred"},
      {{.minimum = calendar_days(-1)}, "/minimum"},
      {{.maximum = calendar_days(0)}, "/maximum"},
      {{.minimum = calendar_days(20), .maximum = calendar_days(10)}, "/minimum"},
      {{.preferred = calendar_days(5), .minimum = calendar_days(10)}, "/preferred"},
      {{.preferred = calendar_days(50), .maximum = calendar_days(10)}, "/preferred"},
  };
  for (const auto& row : rows) CHECK(check(row.policy).error().where == row.where);
}
