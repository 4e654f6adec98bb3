#include "cvd/case_letters.h"

#include <doctest/doctest.h>
#include <rapidcheck.h>

#include <set>

#include "base/bind.h"
#include "cvd/embargo_machine.h"

using namespace sluice;
using namespace sluice::cvd;

namespace {
// Every state of the model: what may happen next, whether it may rest there, and what an embargo does there.
struct Row { const char* state; const char* next; bool forced; MayStart start; ExistingAdvice run; };
constexpr auto Y = MayStart::Yes, C = MayStart::Caution, S = MayStart::ShouldNot, N = MayStart::No;
constexpr auto kStands = ExistingAdvice::Stands, kOn = ExistingAdvice::MayRunOn, kShould = ExistingAdvice::ShouldEnd, kMust = ExistingAdvice::MustEnd;
constexpr Row kStates[] = {
    {"vfdpxa", "VPXA", false, Y, kStands}, {"vfdPxa", "V", true, N, kMust},    {"vfdpXa", "P", true, N, kMust},   {"vfdpxA", "VPX", false, N, kShould},
    {"vfdPXa", "V", true, N, kMust},       {"vfdPxA", "V", true, N, kMust},    {"vfdpXA", "P", true, N, kMust},   {"vfdPXA", "V", true, N, kMust},
    {"Vfdpxa", "FPXA", false, Y, kStands}, {"VfdPxa", "FXA", false, N, kMust}, {"VfdpXa", "P", true, N, kMust},   {"VfdpxA", "FPX", false, N, kShould},
    {"VfdPXa", "FA", false, N, kMust},     {"VfdPxA", "FX", false, N, kMust},  {"VfdpXA", "P", true, N, kMust},   {"VfdPXA", "F", false, N, kMust},
    {"VFdpxa", "DPXA", false, C, kOn},     {"VFdPxa", "DXA", false, N, kMust}, {"VFdpXa", "P", true, N, kMust},   {"VFdpxA", "DPX", false, N, kShould},
    {"VFdPXa", "DA", false, N, kMust},     {"VFdPxA", "DX", false, N, kMust},  {"VFdpXA", "P", true, N, kMust},   {"VFdPXA", "D", false, N, kMust},
    {"VFDpxa", "PXA", false, S, kShould},  {"VFDPxa", "XA", false, N, kMust},  {"VFDpXa", "P", true, N, kMust},   {"VFDpxA", "PX", false, N, kShould},
    {"VFDPXa", "A", false, N, kMust},      {"VFDPxA", "X", false, N, kMust},   {"VFDpXA", "P", true, N, kMust},   {"VFDPXA", "", false, N, kMust},
};
}  // namespace

TEST_CASE("the 32 states, what may happen next in each, and what an embargo does there") {
  REQUIRE(std::size(kStates) == kCaseStates.size());
  int legal = 0, momentary = 0;
  for (std::size_t i = 0; i < kCaseStates.size(); ++i) {
    const auto& row = kStates[i];
    CAPTURE(row.state);
    const auto state = kCaseStates[i];
    CHECK(state.text() == row.state);
    CHECK(Letters::parse(row.state) == state);
    std::string next;
    for (const auto letter : legal_next(state)) next += character(letter);
    CHECK(next == row.next);
    CHECK(is_momentary(state) == row.forced);
    CHECK(start_advice(state).may == row.start);
    CHECK(existing_advice(state) == row.run);
    legal += static_cast<int>(next.size());
    momentary += row.forced;
  }
  CHECK(legal == 58);
  CHECK(momentary == 12);
}

TEST_CASE("of the 192 pairs of state and letter, 134 are refused with a reason and without change") {
  int refused = 0;
  for (const auto& state : kCaseStates)
    for (const auto letter : kLetters) {
      const auto result = step(state, letter);
      CHECK(result.has_value() == may_happen(state, letter));
      if (result) CHECK(*result == state.with(letter));
      else {
        ++refused;
        CHECK(result.error().kind == ErrorKind::Conflict);
        CHECK(result.error().message.ends_with('.'));
      }
    }
  CHECK(refused == 192 - 58);
}

TEST_CASE("each reason names what stands in the way") {
  const struct { const char* state; Letter letter; const char* reason; } rows[] = {
      {"Vfdpxa", Letter::V, "It is recorded already that the vendor is aware, and that is never taken back."},
      {"vfdpxa", Letter::F, "A fix can be ready only after the vendor is aware."},
      {"Vfdpxa", Letter::D, "A fix can be deployed only after it is ready."},
      {"vfdPxa", Letter::A, "The vulnerability is public, so record first that the vendor is aware."},
      {"vfdpXa", Letter::V, "A way to exploit it is public, so record first that the vulnerability is public."},
      {"VFdpXa", Letter::D, "A way to exploit it is public, so record first that the vulnerability is public."},
  };
  for (const auto& row : rows) CHECK(step(*Letters::parse(row.state), row.letter).error().message == row.reason);
}

TEST_CASE("a state reads back as itself and refuses every other spelling") {
  for (const auto* wrong : {"", "vfdpx", "vfdpxaa", "fvdpxa", "VFDPXa ", "v.dpxa", "vFdpxa", "VfDpxa", "vfDpxa", "v\0dpxa"}) CHECK_FALSE(Letters::parse(wrong));
  CHECK(Letters::parse("vFdpxa").error().kind == ErrorKind::Invalid);
  CHECK(Letters{.v = true, .p = true}.text() == "VfdPxa");
}

TEST_CASE("a public exploit brings public awareness and the vendor's, in this order") {  // X, then P, then V: one transaction, one instant
  using enum Letter;
  CHECK(until_rest({}, X) == std::vector{X, P, V});
  CHECK(until_rest({.v = true}, X) == std::vector{X, P});
  CHECK(until_rest({}, P) == std::vector{P, V});
  CHECK(until_rest({.v = true, .p = true}, X) == std::vector{X});
  CHECK_FALSE(until_rest({}, F));
}

TEST_CASE("L5_attacks_make_nothing_public") {
  CHECK(step({}, Letter::A)->text() == "vfdpxA");
  CHECK(until_rest({}, Letter::A) == std::vector{Letter::A});
  CHECK(step(*Letters::parse("VFdpxa"), Letter::P)->text() == "VFdPxa");  // an advisory deploys nothing
}

TEST_CASE("L1_L2_L3_L4 hold on every random walk") {
  CHECK(rc::check("letters", [](const std::vector<unsigned>& tries) {
    Letters state;
    for (const auto t : tries) {
      const auto letter = kLetters[t % kLetters.size()];
      const auto to = step(state, letter);
      if (!to) continue;
      RC_ASSERT(!state.has(letter) && to->has(letter));
      RC_ASSERT(to->is_valid());
      if (state.x && !state.p) RC_ASSERT(letter == Letter::P);
      else if (state.p && !state.v) RC_ASSERT(letter == Letter::V);
      for (const auto kept : kLetters) RC_ASSERT(!state.has(kept) || to->has(kept));
      state = *to;
    }
    if (const auto rest = until_rest(state, Letter::A); rest && !is_momentary(state)) RC_ASSERT(rest->size() == 1u);
  }));
}

TEST_CASE("every state can be reached") {
  std::set<Letters> seen{{}};
  for (int round = 0; round < 6; ++round)
    for (const auto& state : std::set(seen))
      for (const auto letter : legal_next(state)) seen.insert(state.with(letter));
  CHECK(seen.size() == 32);
}

TEST_CASE("a zero-day is told apart by who knew what") {
  const struct { const char* state; const char* classes; } rows[] = {
      {"vfdpxa", "vulnerability1"},
      {"Vfdpxa", ""},
      {"vfdPxa", "vulnerability2 vulnerability3"},
      {"VfdPXa", "vulnerability3 exploit2"},
      {"vfdpXA", "vulnerability1 exploit1 exploit2 exploit3 attack1 attack2 attack3"},
      {"VFdpxA", "attack3"},
      {"VFDPXA", ""},
  };
  for (const auto& row : rows) {
    std::string found;
    for (const auto kind : zero_day_classes(*Letters::parse(row.state))) found += (found.empty() ? "" : " ") + to_word(kind);
    CHECK(found == row.classes);
  }
}
