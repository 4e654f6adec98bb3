// Who hears of a flaw or incident, and how long before everybody: from the order of the planned actions, and from the duties to pass on what was received.
//
// Always holds
//   R1  What follows from a duty to pass on is expected, not observed, and says by which rule.
#pragma once

#include "regimes/evaluate.h"

namespace sluice::regimes {

struct Reached {
  std::string kind, where;     // of the recipient; the country or place, "" where nobody said
  std::string party;           // of the case, if it is one
  Second at = 0;
  std::string action;          // by which it is told, or by which the body was told that passes it on
  std::string by_rule;         // expected by this rule; "" : told by the action
  bool is_needed = true;       // to make or deploy the remedy, as far as the vocabulary says; not needed only where it says so
};
struct Reach {
  std::vector<Reached> all;            // by time; of each kind and place the first
  std::optional<Second> open;          // from when on everybody may know
};
Reach reach(const Evaluation& evaluation);

json::object to_json(const Reach& reach);
std::string to_markdown(const Reach& reach);
std::string to_svg(const Reach& reach, std::string_view title);

// "8 days", "1 day 3 hours", "2 seconds"; the two largest units.
std::string in_words(Second seconds);

}  // namespace sluice::regimes
