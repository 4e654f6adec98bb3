// The orders in which the six letters can happen, and what they tell of skill and luck.
//
// A random walk takes each legal next letter with the same probability. What happens more often than in that walk shows skill
// (Householder and Spring, 2022). All baseline figures are exact rationals, counted from may_happen().
#pragma once

#include <cstdint>
#include <numeric>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "cvd/case_letters.h"

namespace sluice::cvd {

// A fraction in lowest terms; the denominators here stay small.
struct Rational {
  std::int64_t numerator = 0, denominator = 1;

  static constexpr Rational of(std::int64_t numerator, std::int64_t denominator) {
    const auto common = std::gcd(numerator, denominator);
    return {numerator / common, denominator / common};
  }
  friend constexpr Rational operator+(Rational a, Rational b) { return of(a.numerator * b.denominator + b.numerator * a.denominator, a.denominator * b.denominator); }
  friend constexpr Rational operator*(Rational a, Rational b) { return of(a.numerator * b.numerator, a.denominator * b.denominator); }
  constexpr bool operator==(const Rational&) const = default;
  constexpr double value() const { return static_cast<double>(numerator) / static_cast<double>(denominator); }
  std::string text() const;  // "1/3", "1"
};

struct History {
  std::array<Letter, 6> events{};
  Rational frequency;  // f_h: of the random walk
  int satisfied = 0;   // n_D: desiderata it satisfies

  std::string text() const;  // "VFDPXA"
};

const std::vector<History>& histories();  // all that are possible, in alphabetical order of v f d p x a

constexpr bool precedes(const std::array<Letter, 6>& events, Letter first, Letter then) {
  for (const auto event : events)
    if (event == first || event == then) return event == first && first != then;
  return false;
}

struct Precedence {
  Rational frequency;  // of the random walk
  int histories = 0;   // of all
};
Precedence precedence(Letter first, Letter then);
Rational visited(Letters state);  // the probability that the random walk passes through

// What one would wish for, rarest first: whoever gets the first needs the most skill.
struct Desideratum {
  Letter first, then;
  std::string_view meaning;
};
constexpr auto kDesiderata = std::to_array<Desideratum>({
    {Letter::D, Letter::P, "fix deployed before public awareness"},
    {Letter::F, Letter::P, "fix ready before public awareness"},
    {Letter::D, Letter::X, "fix deployed before public exploit"},
    {Letter::D, Letter::A, "fix deployed before attacks"},
    {Letter::F, Letter::X, "fix ready before public exploit"},
    {Letter::V, Letter::P, "vendor aware before public awareness"},
    {Letter::F, Letter::A, "fix ready before attacks"},
    {Letter::P, Letter::X, "public awareness before public exploit"},
    {Letter::X, Letter::A, "public exploit before attacks"},
    {Letter::V, Letter::X, "vendor aware before public exploit"},
    {Letter::P, Letter::A, "public awareness before attacks"},
    {Letter::V, Letter::A, "vendor aware before attacks"},
});
std::string name(const Desideratum& desideratum);  // "D<P"

std::array<int, 13> satisfied_distribution();  // how many histories satisfy 0, 1, … 12 desiderata

// A case that is still under way: neither letter says nothing yet; one alone decides.
enum class Fulfilment { Unknown, Satisfied, Violated };
BOOST_DESCRIBE_ENUM(Fulfilment, Unknown, Satisfied, Violated)
Fulfilment fulfilment(const Desideratum& desideratum, std::span<const Letter> so_far);

std::vector<ZeroDay> zero_day_classes(std::span<const Letter> history);  // of what came before what; Vulnerability1 is a matter of states only

// Skill: 1 perfect, 0 luck, below 0 worse than luck.
struct Skill {
  double alpha = 0;
  double low = 0, high = 0;  // 95 % credible interval
};
double skill_of_rate(double observed, Rational baseline);
std::optional<Skill> skill(int successes, int observed, Rational baseline);  // nothing without observations
std::optional<double> median(std::vector<double> values);                  // over the vendor-product pairs of a case

}  // namespace sluice::cvd
