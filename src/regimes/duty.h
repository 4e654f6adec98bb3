// Duties: who owes what to whom by when, and how that stands at as_of. Planned actions count as if done at their time.
//
// Always holds
//   D1  A duty without a number in its text has no due, and is met or open, never late or missed.
//   D2  An action of a wrong kind, level or place fulfils nothing. Of the stages of a ladder it fulfils one, or those with the same due and recipient.
//   D3  A draft that isn't assumed in force, and a law outside its dates, triggers nothing.
#pragma once

#include <functional>

#include "regimes/rule.h"

namespace sluice::regimes {

enum class DutyState { NotTriggered, Waiting, Open, Met, Late, Missed };
std::string_view to_text(DutyState state);

struct Duty {
  Applied rule;
  const Party* on = nullptr;
  DutyState state = DutyState::NotTriggered;
  std::optional<Moment> due;
  Span anchor{kEver, kEver};                 // at or after which it can be fulfilled
  std::string by, why;
  std::optional<When> done;
  std::vector<std::string> actions;          // that are this rule's act; of a ladder: this stage's
  bool is_bound = false;                     // the party is in scope, and the rule speaks to it
  bool would_bind = false;                   // also true of a draft that nobody assumes in force, and shown
  Grounds grounds;

  bool is_triggered() const { return state != DutyState::NotTriggered; }
};

// Of a ladder: the stage that it is, in this case.
std::string stage_of(const Duty& duty);
// The word of an action that is of no stage, whatever it tells to whom: it fulfils none of a ladder.
inline constexpr std::string_view kNoStage = "no-stage";
// Whether that is the name of it in some case.
bool may_be_stage(const Duty& duty, std::string_view word);

// Of whom it is asked; none: of everybody. What a party owes doesn't hang on whether another was asked about.
using OfWhom = std::function<bool(const Party&)>;

// All duties of the packs. The world learns which action is the notification stage of an incident.
std::vector<Duty> duties(World& world, const std::vector<const Pack*>& packs, const OfWhom& of_whom = {});

// The duty of a party that it binds, as it stands in this world, if something has to be done for it: triggered, its event happened, and no event states it.
std::optional<Duty> needed(const Applied& rule, const Party& party);

struct DueRead {
  bool waiting = false;           // the event hasn't happened
  std::optional<Moment> due;      // nothing: no number, or the time of the event isn't known
  Span anchor{kEver, kEver};
  std::string after;              // the event it runs from, for people
};
DueRead read_due(const Applied& rule, const Due& due, const Party& party);

}  // namespace sluice::regimes
