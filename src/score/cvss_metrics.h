// The metrics of each CVSS version: one table for reading vectors and for the words of FIRST's JSON forms.
#pragma once

#include <array>
#include <span>
#include <string_view>

#include "score/cvss.h"

namespace sluice::cvss {

enum class Group { Base, Temporal, Environmental, Supplemental };  // Temporal is called threat in 4.0

struct Metric {
  std::string_view key;       // "AV"
  std::string_view property;  // "attackVector"
  Group group;
  std::string_view values;    // "N=NETWORK A=ADJACENT": code and word; where a metric may be left undefined, that value comes first
};

std::span<const Metric> metrics_of(Version version);

inline constexpr std::size_t kMostMetrics = 32;  // 4.0 has the most, exactly 32

// A vector that was read: for each row of the version's table the index of its value, -1 when absent.
struct Vector {
  Version version = Version::V3_1;
  std::array<signed char, kMostMetrics> values{};

  // The index of the metric's value; 0 (not defined) when it is absent. `key` must be in the table.
  int at(std::string_view key) const;
  std::string_view word(std::size_t row) const;                 // "NETWORK"
  bool uses(Group group) const;                                 // some metric of the group has a value other than 'not defined'
};

Result<Vector> read_vector(std::string_view text);

// Scores in tenths.
struct Tenths {
  int base = 0, temporal = 0, environmental = 0;
};
Tenths score2(const Vector& vector);
Tenths score3(const Vector& vector);
Tenths score4(const Vector& vector);

std::array<int, 6> macrovector4(const Vector& vector);          // EQ1…EQ6 of the whole vector
// cvss4_table.cpp: the value in tenths of a MacroVector (EQ1…EQ6), -1 where none exists.
int macrovector_tenths(const std::array<int, 6>& eq);

}  // namespace sluice::cvss
