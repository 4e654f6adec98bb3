// Sets of rules as bits, and families of them: what conflicts are computed with.
//
// A family stands for "one of these sets must be kept out": an act is possible if some set of its family has no member among the rules that bind.
#pragma once

#include <algorithm>
#include <bitset>
#include <vector>

namespace sluice::regimes {

inline constexpr std::size_t kMostMembers = 512;
using Members = std::bitset<kMostMembers>;
using Family = std::vector<Members>;

inline bool holds_all(const Members& whole, const Members& part) { return (whole & part) == part; }

// Without what holds another of the family.
inline Family smallest(Family family) {
  std::sort(family.begin(), family.end(), [](const Members& a, const Members& b) { return a.count() < b.count(); });
  Family out;
  for (const auto& one : family)
    if (std::none_of(out.begin(), out.end(), [&](const Members& less) { return holds_all(one, less); })) out.push_back(one);
  return out;
}

// One of each: every union of a set of the one and a set of the other.
inline Family joined(const Family& a, const Family& b) {
  Family out;
  for (const auto& one : a)
    for (const auto& other : b) out.push_back(one | other);
  return smallest(std::move(out));
}

// The smallest sets that have a member of each set of the family. None, if the family has the empty set.
inline Family hitting(const Family& family) {
  Family out{Members{}};
  for (const auto& one : family) {
    Family singles;
    for (std::size_t i = 0; i < kMostMembers; ++i)
      if (one[i]) singles.push_back(Members{}.set(i));
    Family next;
    for (const auto& have : out) {
      if ((have & one).any()) next.push_back(have);
      else
        for (const auto& single : singles) next.push_back(have | single);
    }
    out = smallest(std::move(next));
  }
  return out;
}

}  // namespace sluice::regimes
