// Which of one object's versions a TAXII filter picks (TAXII 2.1 §3.4.1), told from all of its postings that one reader meets.
//
// This is the rule itself; what stands in rows and indexes (marks, held.h) only saves looking at all of them.
//
// Always holds
//   C0  Of versions by several makers (lines.h) those of the line that began first count, for this reader; the others are not there.
//   C1  What comes first of the same version and spec is that version, for this reader; others are the same once more, and never picked.
//   C2  The version of the specification is chosen before the object's version; the newest that is held unless others are named.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace sluice::store {

struct VersionsWanted {
  bool all = false, first = false, last = true;
  std::vector<std::int64_t> exact;                // nanoseconds since 1970
  std::vector<int> specs;                         // 2001 for 2.1; empty: the newest that is held
};

struct HeldVersion {
  std::int64_t date_added = 0, version_at = 0;
  int spec = 0;
  std::int64_t line = 0, since = 0;               // whose, and when that began where this stands
  bool operator==(const HeldVersion&) const = default;
};

// The date_added of those that are picked, ascending.
std::vector<std::int64_t> chosen(std::span<const HeldVersion> held, const VersionsWanted& wanted);

}  // namespace sluice::store
