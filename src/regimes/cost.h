// What a regime or a rule costs: the earliest lawful moment of a publication with it and without it.
//
// Asked of the same network as the best dates (schedule.h), so it says what the plan of an evaluation says: every binding rule and the agreed embargo are kept, the other acts
// move as far as they may, what was done before `from` stays, what is planned before it stays or comes later, and a first step that the plan lacks is done beside it and named. Beside that stands the same with the other
// acts where the plan has them, as far as those dates can be kept.
//
// Always holds
//   C1  `with.at` is never later than the plan's earliest of the act in the case with the regime, from the same instant on, wherever that plan exists and the act isn't done yet. It is earlier only
//       where the plan waits for a duty to arise that the act is to fulfil: what fulfils none is no less lawful.
//   C2  With a rule that only forbids or demands it is never earlier than without.
//   C3  What the plan has between the day asked about and `from` may stay there: with the plan's own dates, and no step beside it, `with.at` from then on is never later than these allow.
#pragma once

#include "regimes/evaluate.h"

namespace sluice::regimes {

// Of an action: law, policies and the embargo are kept; drafts count where they are assumed.
struct Earliest {
  std::optional<Second> at;                 // nothing: never
  std::optional<Second> as_planned;         // with the other acts where the plan has them
  std::vector<std::string> held_by;         // a smallest set of rules, or the embargo, that forbids the moment before it; where there is none, that forbids it for good
  std::vector<std::string> steps;           // put into the plan: "notify-authority to public-security-organ:CN-SH@prefecture, for cn-…/art5"
};
struct Cost {
  std::string action;
  Earliest with, without;
  std::optional<Second> delay;              // where both are there
  std::optional<Second> delay_as_planned;   // the same
  bool bans_alone = false;                  // rules of this case can't be kept together: what is demanded by a date was left out
};
// `what`: a regime or a rule; a draft is taken as if it were in force. `action`: empty: the first publication of the plan. `from`: as_of where not given.
// NotFound: no such regime, rule or action in the case, "/regime" or "/action" in `where`. Invalid: the case is wrong, or too large.
Result<Cost> cost(const Scenario& scenario, const Library& library, const std::string& what, const std::string& action = {}, std::optional<Second> from = {});

json::object to_json(const Cost& cost);
// "lawful from …; without it from …: 30 days later"
std::string to_text(const Cost& cost);

}  // namespace sluice::regimes
