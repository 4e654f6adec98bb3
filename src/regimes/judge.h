// Verdicts: what each rule says of each action, planned or done, and what becomes of the action.
//
// Always holds
//   V1  Of a rule out of scope, not triggered or not in force there is no verdict.
//   V2  Draft and advice never change an outcome. Nothing unknown lifts a ban.
#pragma once

#include "regimes/duty.h"

namespace sluice::regimes {

enum class Word { Demands, Forbids, Permits, Advises, AdvisesAgainst };
std::string_view to_text(Word word);

struct Verdict {
  Applied rule;
  const Action* action = nullptr;
  Word word = Word::Permits;
  Force force = Force::Advice;
  std::optional<std::string> until;      // of a ban that ends: an event's name or an instant
  bool met_precondition = false;         // a prior report, a consent or a waiting time lies on the action, and is met
  std::string why;
  Grounds grounds;

  bool is_law() const { return force == Force::Law; }
};

struct Silence {
  Applied rule;
  std::string why;
};

struct Verdicts {
  std::vector<Verdict> spoken;
  std::vector<Silence> silent;           // rules without a verdict on any action
  std::set<std::string> questions;
};

Verdicts verdicts(const World& world, const std::vector<const Pack*>& packs, const std::vector<Duty>& duties, const OfWhom& of_whom = {});

// One rule on one action; nothing: silent, and `why` says so.
std::optional<Verdict> judge(const Applied& rule, const Action& action, const std::vector<Duty>& duties, std::string& why, Grounds& grounds);

}  // namespace sluice::regimes
