// The six facts about a vulnerability in a product that happen once and are never taken back, written VFDPXA:
//   V vendor is aware, F fix is ready, D fix is deployed, P public is aware, X a way to exploit is public, A attacks were seen.
// Lower case means not yet. V, F and D belong to one vendor and product; P, X and A are facts about the world that all products share.
//
// Invariants
//   L1  D implies F implies V.
//   L2  Nothing is taken back; one letter a step.
//   L3  Whoever the public tells, the vendor hears: with v and P the only possible next step is V.
//   L4  A public exploit makes the vulnerability public: with p and X the only possible next step is P, and it comes before L3.
//   L5  A implies nothing; an advisory sets P and never D.
#pragma once

#include <array>
#include <boost/describe/enum.hpp>
#include <compare>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace sluice::cvd {

enum class Letter { V, F, D, P, X, A };
BOOST_DESCRIBE_ENUM(Letter, V, F, D, P, X, A)

constexpr std::array kLetters = {Letter::V, Letter::F, Letter::D, Letter::P, Letter::X, Letter::A};
constexpr char character(Letter letter) { return "VFDPXA"[static_cast<int>(letter)]; }
std::string_view meaning(Letter letter);  // "the vendor is aware"

struct Letters {
  bool v = false, f = false, d = false, p = false, x = false, a = false;

  auto operator<=>(const Letters&) const = default;

  constexpr bool has(Letter letter) const {
    switch (letter) {
      case Letter::V: return v;
      case Letter::F: return f;
      case Letter::D: return d;
      case Letter::P: return p;
      case Letter::X: return x;
      case Letter::A: return a;
    }
    return false;
  }
  constexpr Letters with(Letter letter) const {
    auto out = *this;
    switch (letter) {
      case Letter::V: out.v = true; break;
      case Letter::F: out.f = true; break;
      case Letter::D: out.d = true; break;
      case Letter::P: out.p = true; break;
      case Letter::X: out.x = true; break;
      case Letter::A: out.a = true; break;
    }
    return out;
  }
  constexpr bool is_valid() const { return (!d || f) && (!f || v); }  // L1

  std::string text() const;                            // "VfdPxa"
  static Result<Letters> parse(std::string_view text);  // six letters in this order, and L1
};

// Something that can only last a moment: the next step is forced (L3, L4).
constexpr bool is_momentary(Letters state) { return (state.x && !state.p) || (state.p && !state.v); }

constexpr bool may_happen(Letters state, Letter letter) {
  if (state.has(letter)) return false;                        // L2
  if (state.x && !state.p) return letter == Letter::P;        // L4
  if (state.p && !state.v) return letter == Letter::V;        // L3
  if (letter == Letter::F) return state.v;                    // L1
  if (letter == Letter::D) return state.f;
  return true;
}

std::vector<Letter> legal_next(Letters state);
Result<Letters> step(Letters state, Letter letter);  // Conflict, with the reason

// The letter with all that it forces, in order: X while nothing is public gives X, P (and V). One transaction writes them with one instant.
Result<std::vector<Letter>> until_rest(Letters state, Letter letter);

// All 32, fix path slowest: vfdpxa first, VFDPXA last.
constexpr std::array<Letters, 32> kCaseStates = [] {
  constexpr bool fix[4][3] = {{false, false, false}, {true, false, false}, {true, true, false}, {true, true, true}};
  constexpr bool world[8][3] = {{false, false, false}, {true, false, false}, {false, true, false}, {false, false, true},
                                {true, true, false},   {true, false, true},  {false, true, true},  {true, true, true}};
  std::array<Letters, 32> out{};
  for (std::size_t i = 0; i < 32; ++i) out[i] = {fix[i / 8][0], fix[i / 8][1], fix[i / 8][2], world[i % 8][0], world[i % 8][1], world[i % 8][2]};
  return out;
}();

// Six characters as a state has them, '.' for any: "VfdP..".
constexpr bool matches(std::string_view pattern, Letters state) {
  for (const auto letter : kLetters) {
    const auto want = pattern[static_cast<std::size_t>(letter)];
    if (want != '.' && (want == character(letter)) != state.has(letter)) return false;
  }
  return true;
}

// What people call a zero-day, told apart. A state may be in several classes.
enum class ZeroDay { Vulnerability1, Vulnerability2, Vulnerability3, Exploit1, Exploit2, Exploit3, Attack1, Attack2, Attack3 };
BOOST_DESCRIBE_ENUM(ZeroDay, Vulnerability1, Vulnerability2, Vulnerability3, Exploit1, Exploit2, Exploit3, Attack1, Attack2, Attack3)

struct ZeroDayClass {
  ZeroDay kind;
  std::string_view pattern;
  std::string_view meaning;
};

constexpr auto kZeroDayClasses = std::to_array<ZeroDayClass>({
    {ZeroDay::Vulnerability1, "v..p..", "neither the vendor nor the public is aware"},
    {ZeroDay::Vulnerability2, "v..P..", "public before the vendor is aware"},
    {ZeroDay::Vulnerability3, ".f.P..", "public before a fix is ready"},
    {ZeroDay::Exploit1,       "vfd.X.", "exploit public before the vendor is aware"},
    {ZeroDay::Exploit2,       ".fd.X.", "exploit public before a fix is ready"},
    {ZeroDay::Exploit3,       "...pX.", "exploit public before the vulnerability is"},
    {ZeroDay::Attack1,        "vfd..A", "attacks before the vendor is aware"},
    {ZeroDay::Attack2,        ".fd..A", "attacks before a fix is ready"},
    {ZeroDay::Attack3,        "...p.A", "attacks before the vulnerability is public"},
});

std::vector<ZeroDay> zero_day_classes(Letters state);

static_assert(may_happen({}, Letter::V) && !may_happen({}, Letter::F));
static_assert(is_momentary({.x = true}) && is_momentary({.p = true}) && !is_momentary({.a = true}));

}  // namespace sluice::cvd
