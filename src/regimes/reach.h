// Who hears of a flaw or incident, and how long before everybody: from the order of the planned actions, and from the duties to pass on what was received, step by step.
//
// Always holds
//   R1  What follows from a duty to pass on is expected, not observed, and says by which rule and through whom.
//   R2  However bodies pass on to each other, it ends: a rule is followed once for each kind of body that receives, in each place.
#pragma once

#include "regimes/evaluate.h"

namespace sluice::regimes {

struct Reached {
  std::string kind, where;     // of the recipient; the country or place, "" where nobody said
  std::string party;           // of the case, if it is one
  Second at = 0;
  std::string action;          // by which it is told, or by which the body was told that passes it on
  std::string by_rule;         // expected by this rule; "" : told by the action
  std::string via;             // the body that passes it on; "" : told by the action
  int step = 1;                // 1: told by the action; 2: by the body that was; and so on
  bool is_needed = true;       // to make or deploy the remedy, as far as the vocabulary says; not needed only where it says so
};
struct Reach {
  std::vector<Reached> all;            // by time; of each kind and place the first
  std::optional<Second> open;          // from when on everybody may know
};
Reach reach(const Evaluation& evaluation);

// Whom a body that was told has to tell in its turn by a law in scope, and whom those, and so on.
struct PassedOn {
  const Pack* pack = nullptr;
  const Rule* rule = nullptr;
  Recipient via, to;             // with the place where it is known
  bool higher = false;           // the same kind of body, a level up
  int step = 1;                  // 1: passed on by the body itself; 2: by whom that told
};
std::vector<PassedOn> passed_on(const Evaluation& evaluation, const Recipient& told, const Action* action = nullptr);

// Whom a party of the case has to tell of bodies of a state by a law in scope, now that it knows, and whom those in their turn. Of each rule that tells, and each body that it
// is followed by, one.
struct Onward {
  const Pack* pack = nullptr;
  const Rule* rule = nullptr;
  const Duty* duty = nullptr;    // of the first step alone: what becomes of the later ones, the case can't tell
  std::string to, via;           // as rules write recipients; who tells: the party's id, or a body
  int step = 1;
};
std::vector<Onward> onward(const Evaluation& evaluation, std::string_view party);

json::object to_json(const Reach& reach);
std::string to_markdown(const Reach& reach);
std::string to_svg(const Reach& reach, std::string_view title);

// "8 days", "1 day 3 hours", "2 seconds"; the two largest units.
std::string in_words(Second seconds);

}  // namespace sluice::regimes
