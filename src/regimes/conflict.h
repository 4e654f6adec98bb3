// What can't all be kept: smallest sets of rules, and agreed embargoes, that no schedule satisfies; and permissions that clash with bans.
//
// Always holds
//   C1  Every set is smallest: without any one of its members a schedule exists. It is found so, not assumed.
//   C2  All sets are given, smaller ones first, then by their members in byte order; beyond 64 `more` says so.
#pragma once

#include "regimes/case_network.h"
#include "regimes/judge.h"

namespace sluice::regimes {

struct Conflict {
  std::vector<std::string> members;  // in byte order, the embargo last
  std::string kind, why;
  std::optional<bool> draft;         // of a permission clash
};

struct Conflicts {
  std::vector<Conflict> all;
  bool more = false;
  bool cut = false;                  // a rule here has more answers than are asked for: not all was weighed, and it is not called feasible
  bool feasible = true;
  // Actions that the law demands and forbids, and no time satisfies both.
  std::set<std::string> hopeless;
};

// What the list of conflicts leaves out, in a sentence; "" where nothing is left out.
std::string what_is_left_out(const Conflicts& conflicts);

Conflicts conflicts(const World& world, const std::vector<const Pack*>& packs, const std::vector<Duty>& duties, const Verdicts& verdicts);

}  // namespace sluice::regimes
