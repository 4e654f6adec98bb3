// An instant as the rules compare it: a second, perhaps of a point in time that may still be chosen. Whoever looks for a schedule asks the rules with points in place of
// the plan's dates, and notes on a trail which comparisons decided the answer: the same answer holds for all times that compare so (conflict.cpp).
//
// Always holds
//   W1  What is compared is noted, if points are in it and a trail is open; a second that is fixed is only a second.
#pragma once

#include <compare>
#include <cstdint>
#include <functional>
#include <vector>

#include "regimes/zone.h"

namespace sluice::regimes {

inline constexpr Second kEver = -(Second{1} << 60);  // at some time before all that counts
inline constexpr Second kNever = Second{1} << 60;    // hasn't happened, as far as the case says

// What was decided by comparing: time(a) - time(b) <= by, in the order in which it was asked. Point 0 is time 0.
class Trail {
 public:
  struct Step {
    int a = 0, b = 0;
    Second by = 0;
    bool operator==(const Step&) const = default;
    Step negated() const { return {b, a, -by - 1}; }
  };
  std::vector<Second> times{0};       // of each point, this time
  std::vector<Step> steps;
  Second last = kNever;               // nothing counts beyond it: later days are taken for the one that holds it

  void note(const Step& step) {
    for (const auto& one : steps)
      if (one.a == step.a && one.b == step.b && one.by <= step.by) return;  // follows
    steps.push_back(step);
  }
  static Trail*& open() {
    thread_local Trail* kOpen = nullptr;
    return kOpen;
  }
};

struct When {
  Second at = 0;
  int point = 0;                      // 0: fixed

  constexpr When() = default;
  constexpr When(Second at, int point = 0) : at(at), point(point) {}  // NOLINT: a second is an instant

  bool is_fixed() const { return point == 0; }
  friend When operator+(When a, Second b) { return {a.at + b, a.point}; }
  friend When operator-(When a, Second b) { return {a.at - b, a.point}; }

  friend bool operator<=(When a, When b) {
    const bool out = a.at <= b.at;
    if (a.point != b.point && Trail::open() != nullptr) note(a, b, out);
    return out;
  }
  friend bool operator>=(When a, When b) { return b <= a; }
  friend bool operator<(When a, When b) { return !(b <= a); }
  friend bool operator>(When a, When b) { return !(a <= b); }
  friend bool operator==(When a, When b) { return a <= b && b <= a; }
  // Where only the order is wanted, as for sorting: the same, noted all the same.
  friend std::weak_ordering operator<=>(When a, When b) { return a == b ? std::weak_ordering::equivalent : a < b ? std::weak_ordering::less : std::weak_ordering::greater; }

 private:
  static void note(When a, When b, bool holds) {
    auto& trail = *Trail::open();
    const auto own = [&](When one) { return one.at - trail.times[std::size_t(one.point)]; };
    const auto by = own(b) - own(a);
    trail.note(holds ? Trail::Step{a.point, b.point, by} : Trail::Step{b.point, a.point, -by - 1});
  }
};

}  // namespace sluice::regimes
