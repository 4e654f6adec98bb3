// What a regime or a rule costs: the earliest lawful moment of a publication with it and without it.
//
// Exact for one publication: what the law says of it changes only at certain instants (events, ends of terms and of waiting times, a second after a first step), and
// all of these are tried in their order, or none of it is said where they are too many. The other actions stay where the plan has them. A first step that the plan lacks is put at the beginning, if it is lawful.
#pragma once

#include "regimes/evaluate.h"

namespace sluice::regimes {

// Of an action: law and the actor's own policy are kept; drafts count where they are assumed.
struct Earliest {
  std::optional<Second> at;                 // nothing: at none of the instants
  std::vector<std::string> held_by;         // rules that close the moment before it; where there is none, those that close it for good
  bool is_cut = false;                      // there are more acts, rules and instants than are tried: nothing is known
  std::vector<std::string> steps;           // put into the plan: "notify-authority to public-security-organ:CN-SH@prefecture, for cn-…/art5"
};
struct Cost {
  std::string action;
  Earliest with, without;
  std::optional<Second> delay;              // where both are there
};
// `what`: a regime or a rule; a draft is taken as if it were in force. `action`: empty: the first publication of the plan. `from`: as_of where not given.
// NotFound: no such regime, rule or action in the case, "/regime" or "/action" in `where`. Invalid: the case is wrong, or too large.
Result<Cost> cost(const Scenario& scenario, const Library& library, const std::string& what, const std::string& action = {}, std::optional<Second> from = {});

json::object to_json(const Cost& cost);
// "lawful from …; without it from …: 30 days later"
std::string to_text(const Cost& cost);

}  // namespace sluice::regimes
