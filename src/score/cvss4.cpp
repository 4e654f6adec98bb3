// CVSS 4.0 (FIRST specification document, §8: MacroVectors and interpolation), in whole numbers throughout.
//
// In binary fractions about one score in two hundred comes out a tenth too low, because a half is met as a little less than a half.
// So: values are tenths, distances are steps, and the one division is the last.
#include <algorithm>
#include <string_view>
#include <vector>

#include "score/cvss_metrics.h"

namespace sluice::cvss {

namespace {

// The metrics that count, each as steps from its worst value (table 8 of the specification). Modified values stand in for base ones.
// SC begins a step lower than SI and SA, whose worst value is S (safety).
struct Levels {
  int av, pr, ui, ac, at, vc, vi, va, sc, si, sa, cr, ir, ar, e;
};

Levels levels_of(const Vector& v, Group up_to) {
  const auto pick = [&](std::string_view modified, std::string_view base) { return up_to == Group::Environmental && v.at(modified) != 0 ? v.at(modified) - 1 : v.at(base); };
  const auto or_worst = [&](std::string_view key, Group group) { return up_to >= group ? std::max(0, v.at(key) - 1) : 0; };  // E X is A, CR X is H
  const auto subsequent = [&](std::string_view modified, std::string_view base) {
    const int index = pick(modified, base);  // H L N S
    return index == 3 ? 0 : index + 1;
  };
  return {.av = pick("MAV", "AV"), .pr = pick("MPR", "PR"), .ui = pick("MUI", "UI"), .ac = pick("MAC", "AC"), .at = pick("MAT", "AT"),
          .vc = pick("MVC", "VC"), .vi = pick("MVI", "VI"), .va = pick("MVA", "VA"),
          .sc = pick("MSC", "SC") + 1, .si = subsequent("MSI", "SI"), .sa = subsequent("MSA", "SA"),
          .cr = or_worst("CR", Group::Environmental), .ir = or_worst("IR", Group::Environmental), .ar = or_worst("AR", Group::Environmental),
          .e = or_worst("E", Group::Temporal)};
}

std::array<int, 6> classes_of(const Levels& l) {
  std::array<int, 6> eq{};
  const bool any_none = l.av == 0 || l.pr == 0 || l.ui == 0, all_none = l.av == 0 && l.pr == 0 && l.ui == 0;
  eq[0] = all_none ? 0 : any_none && l.av != 3 ? 1 : 2;
  eq[1] = l.ac == 0 && l.at == 0 ? 0 : 1;
  eq[2] = l.vc == 0 && l.vi == 0 ? 0 : l.vc == 0 || l.vi == 0 || l.va == 0 ? 1 : 2;
  eq[3] = l.si == 0 || l.sa == 0 ? 0 : l.sc == 1 || l.si == 1 || l.sa == 1 ? 1 : 2;
  eq[4] = l.e;
  eq[5] = (l.cr == 0 && l.vc == 0) || (l.ir == 0 && l.vi == 0) || (l.ar == 0 && l.va == 0) ? 0 : 1;
  return eq;
}

// The worst vectors of each class as levels, and how many steps the class is deep (specification, tables 24 to 30).
struct Class {
  std::vector<std::vector<int>> worst;
  int depth;
};
const Class kEq1[] = {{{{0, 0, 0}}, 1}, {{{1, 0, 0}, {0, 1, 0}, {0, 0, 1}}, 4}, {{{3, 0, 0}, {1, 1, 1}}, 5}};  // AV PR UI
const Class kEq2[] = {{{{0, 0}}, 1}, {{{1, 0}, {0, 1}}, 2}};                                                    // AC AT
const Class kEq36[] = {                                                                                        // VC VI VA CR IR AR, by EQ3 * 2 + EQ6
    {{{0, 0, 0, 0, 0, 0}}, 7},
    {{{0, 0, 1, 1, 1, 0}, {0, 0, 0, 1, 1, 1}}, 6},
    {{{1, 0, 0, 0, 0, 0}, {0, 1, 0, 0, 0, 0}}, 8},
    {{{1, 0, 1, 0, 1, 0}, {1, 0, 0, 0, 1, 1}, {0, 1, 0, 1, 0, 1}, {0, 1, 1, 1, 0, 0}, {1, 1, 0, 0, 0, 1}}, 8},
    {{}, 1},  // can't occur
    {{{1, 1, 1, 0, 0, 0}}, 10},
};
const Class kEq4[] = {{{{1, 0, 0}}, 6}, {{{1, 1, 1}}, 5}, {{{2, 2, 2}}, 4}};                                    // SC SI SA

// Steps from the first worst vector that is nowhere better than `levels`.
int distance(const Class& c, const std::vector<int>& levels) {
  for (const auto& worst : c.worst) {
    int sum = 0;
    bool covers = true;
    for (std::size_t i = 0; i < levels.size(); ++i) {
      covers = covers && levels[i] >= worst[i];
      sum += levels[i] - worst[i];
    }
    if (covers) return sum;
  }
  return 0;
}

int tenths_of(const Levels& l) {
  if (l.vc == 2 && l.vi == 2 && l.va == 2 && l.sc == 3 && l.si == 3 && l.sa == 3) return 0;  // no impact at all
  const auto eq = classes_of(l);
  const int value = macrovector_tenths(eq);
  const auto lower = [&](std::size_t which, std::size_t limit) {
    auto next = eq;
    return eq[which] + 1 < static_cast<int>(limit) ? (++next[which], macrovector_tenths(next)) : -1;
  };
  const auto lower36 = [&] {
    auto by3 = eq, by6 = eq;
    ++by3[2];
    ++by6[5];
    const bool can3 = eq[2] < 2 && !(eq[2] == 1 && eq[5] == 0), can6 = eq[5] < 1;
    return std::max(can3 ? macrovector_tenths(by3) : -1, can6 ? macrovector_tenths(by6) : -1);
  };
  const auto &c1 = kEq1[eq[0]], &c2 = kEq2[eq[1]], &c36 = kEq36[eq[2] * 2 + eq[5]], &c4 = kEq4[eq[3]];
  const struct { int next, distance, depth; } parts[] = {
      {lower(0, 3), distance(c1, {l.av, l.pr, l.ui}), c1.depth},
      {lower(1, 2), distance(c2, {l.ac, l.at}), c2.depth},
      {lower36(), distance(c36, {l.vc, l.vi, l.va, l.cr, l.ir, l.ar}), c36.depth},
      {lower(3, 3), distance(c4, {l.sc, l.si, l.sa}), c4.depth},
      {lower(4, 3), 0, 1},
  };
  // value - mean of (value - next) * distance / depth, over the parts that have a next; kUnit makes each term whole.
  constexpr int kUnit = 840;  // 1 to 8 and 10 divide it
  int sum = 0, count = 0;
  for (const auto& part : parts) {
    if (part.next < 0) continue;
    ++count;
    sum += (value - part.next) * part.distance * (kUnit / part.depth);
  }
  if (count == 0) return value;
  const int unit = kUnit * count, exact = value * unit - sum;  // the score in tenths is exact / unit
  return std::clamp((2 * exact + unit) / (2 * unit), 0, 100);
}

}  // namespace

Tenths score4(const Vector& v) {
  return {tenths_of(levels_of(v, Group::Base)), tenths_of(levels_of(v, Group::Temporal)), tenths_of(levels_of(v, Group::Environmental))};
}

std::array<int, 6> macrovector4(const Vector& v) { return classes_of(levels_of(v, Group::Environmental)); }

}  // namespace sluice::cvss
