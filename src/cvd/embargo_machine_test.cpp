#include "cvd/embargo_machine.h"

#include <doctest/doctest.h>
#include <rapidcheck.h>

#include <map>
#include <regex>
#include <set>

using namespace sluice;
using namespace sluice::cvd;

namespace {
constexpr int kEmbargoStates = 5, kEmbargoActions = 4;
constexpr auto kLongest = std::size_t{7};

bool accepts(const std::string& text) {
  auto state = EmbargoState::None;
  for (const char c : text) {
    const auto to = next(state, EmbargoAction(std::string_view("prat").find(c)));
    if (!to) return false;
    state = *to;
  }
  return state == EmbargoState::None || state == EmbargoState::Exited;
}

std::vector<std::string> all_strings() {
  std::vector<std::string> out{""};
  for (std::size_t i = 0; i < out.size(); ++i)
    if (out[i].size() < kLongest)
      for (const char c : std::string_view("prat")) out.push_back(out[i] + c);
  return out;
}
}  // namespace

TEST_CASE("of the 20 pairs of state and action, 10 are steps and 10 are refused, each with its own sentence") {
  int legal = 0;
  std::set<std::string> reasons;
  for (int s = 0; s < kEmbargoStates; ++s)
    for (int a = 0; a < kEmbargoActions; ++a) {
      const auto result = step(EmbargoState(s), EmbargoAction(a));
      CHECK(result.has_value() == next(EmbargoState(s), EmbargoAction(a)).has_value());
      if (result) ++legal;
      else {
        CHECK(result.error().kind == ErrorKind::Conflict);
        reasons.insert(result.error().message);
      }
    }
  CHECK(legal == 10);
  CHECK(reasons.size() == 10);
}

TEST_CASE("up to seven steps, 72 negotiations come to an end, and one expression matches exactly those") {
  const std::regex expression("(p+r)*(p+a(p+[ar])*p*t)?");
  std::map<std::size_t, int> by_length;
  for (const auto& text : all_strings()) {
    if (accepts(text) != std::regex_match(text, expression)) FAIL_CHECK(text);
    if (accepts(text) && !text.empty()) ++by_length[text.size()];
  }
  CHECK(by_length == std::map<std::size_t, int>{{2, 1}, {3, 2}, {4, 4}, {5, 9}, {6, 18}, {7, 38}});
  for (const auto* text : {"ppat", "papt", "pappt", "pr", "pat", "paprt"}) CHECK(accepts(text));
  for (const auto* text : {"pt", "a", "par", "patp", "rp"}) CHECK_FALSE(accepts(text));
}

TEST_CASE("a rejected revision leaves the agreed terms in force") {  // or one silent vendor could free everyone
  CHECK(next(EmbargoState::Revise, EmbargoAction::Reject) == EmbargoState::Active);
  CHECK(binds(EmbargoState::Revise));
}

TEST_CASE("E1_only_active_and_revise_bind") {
  std::string binding;
  for (int s = 0; s < kEmbargoStates; ++s)
    if (binds(EmbargoState(s))) binding += letter(EmbargoState(s));
  CHECK(binding == "AR");
}

TEST_CASE("E2_exited_is_final, and the way there leads through terms in force") {
  CHECK(rc::check("E2", [](const std::vector<unsigned>& tries) {
    auto state = EmbargoState::None;
    for (const auto t : tries) {
      const auto before = state;
      // Actions of people and facts of the world, in any order.
      if (t % 7 < kEmbargoActions) state = next(state, EmbargoAction(t % 7)).value_or(state);
      else state = after(Letter(t % 7 - kEmbargoActions + 3), state);
      if (before == EmbargoState::Exited) RC_ASSERT(state == EmbargoState::Exited);
      if (before != EmbargoState::Exited && state == EmbargoState::Exited) RC_ASSERT(binds(before));
    }
  }));
}

TEST_CASE("E4_what_becomes_known_ends_what_is_open") {
  using enum EmbargoState;
  const std::map<EmbargoState, EmbargoState> expected = {{None, None}, {Proposed, None}, {Active, Exited}, {Revise, Exited}, {Exited, Exited}};
  for (const auto& [from, to] : expected) {
    for (const auto fact : {Letter::P, Letter::X, Letter::A}) CHECK(after(fact, from) == to);
    for (const auto fact : {Letter::V, Letter::F, Letter::D}) CHECK(after(fact, from) == from);
  }
  for (int s = 0; s < kEmbargoStates; ++s) {
    CHECK(leaves_a_choice(Letter::A, EmbargoState(s)) == binds(EmbargoState(s)));
    CHECK_FALSE(leaves_a_choice(Letter::P, EmbargoState(s)));
    CHECK_FALSE(leaves_a_choice(Letter::X, EmbargoState(s)));
  }
}

TEST_CASE("an embargo has ended at its end instant itself, in whatever zone it was written") {
  const auto until = *parse_instant("2021-12-23T17:00:00-05:00");
  CHECK_FALSE(has_ended(until, *parse_instant("2021-12-23T21:59:59.999999Z")));
  CHECK(has_ended(until, *parse_instant("2021-12-23T22:00:00Z")));
  CHECK(has_ended(until, *parse_instant("2021-12-24T03:30:00+05:30")));
}

TEST_CASE("the letters say whether an embargo may begin, and what becomes of one that runs") {
  using Start = MayStart;
  using Run = ExistingAdvice;
  const struct { const char* state; Start start; PendingAdvice pending; Run run; } rows[] = {
      {"vfdpxa", Start::Yes, PendingAdvice::Negotiate, Run::Stands},
      {"Vfdpxa", Start::Yes, PendingAdvice::Negotiate, Run::Stands},
      {"VFdpxa", Start::Caution, PendingAdvice::ShouldReject, Run::MayRunOn},
      {"VFDpxa", Start::ShouldNot, PendingAdvice::ShouldReject, Run::ShouldEnd},
      {"vfdpxA", Start::No, PendingAdvice::MustReject, Run::ShouldEnd},
      {"VFDpxA", Start::No, PendingAdvice::MustReject, Run::ShouldEnd},
      {"vfdpXa", Start::No, PendingAdvice::MustReject, Run::MustEnd},
      {"VfdPxa", Start::No, PendingAdvice::MustReject, Run::MustEnd},
      {"VFDPXA", Start::No, PendingAdvice::MustReject, Run::MustEnd},
  };
  for (const auto& row : rows) {
    CAPTURE(row.state);
    const auto state = *Letters::parse(row.state);
    CHECK(start_advice(state).may == row.start);
    CHECK_FALSE(start_advice(state).reason.empty());
    CHECK(pending_advice(state) == row.pending);
    CHECK(existing_advice(state) == row.run);
  }
  for (const auto& state : kCaseStates) {  // public or exploitable by all: never anything to hold back
    if (state.p || state.x) CHECK((start_advice(state).may == Start::No && existing_advice(state) == Run::MustEnd));
    else if (state.a) CHECK((start_advice(state).may == Start::No && existing_advice(state) == Run::ShouldEnd));
    else CHECK(start_advice(state).may != Start::No);
  }
}

TEST_CASE("of two pieces of advice the stricter holds") {
  const StartAdvice yes{MayStart::Yes, "a"}, caution{MayStart::Caution, "b"}, no{MayStart::No, "c"};
  CHECK(stricter(yes, caution).reason == "b");
  CHECK(stricter(no, caution).reason == "c");
  CHECK(stricter(yes, yes).reason == "a");
}
