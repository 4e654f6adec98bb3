// A rule as it stands in one case: in force or not, whom it binds, which acts it speaks of, by what it is fulfilled. What verdicts, duties and conflicts share.
#pragma once

#include "regimes/world.h"

namespace sluice::regimes {

// A rule of a pack, under the readings chosen.
struct Applied {
  const World* world = nullptr;
  const Pack* pack = nullptr;
  const Rule* rule = nullptr;
  const RuleBody* body = nullptr;

  RuleFacts facts(const Party* party, const Action* action, When at) const { return {*world, *pack, rule, party, action, at}; }
  Force force() const { return world->force_of(*pack); }
};
Applied applied(const World& world, const Pack& pack, const Rule& rule);

// Why it doesn't count at as_of, or "".
std::string not_in_force(const Applied& rule);
// The regime's scope and the rule's own subject; a policy's owner.
Truth binds(const Applied& rule, const Party& party, When at, Grounds& grounds);
// The regime's scope alone, asked once for all of its rules: none of them binds the party then. False says nothing: not where a scope asks what may differ from rule to rule.
bool is_out_of_scope(const World& world, const Pack& pack, const Party& party, When at);
Truth triggered(const Applied& rule, const Party* party, const Action* action, When at, Grounds& grounds);

// Where the bodies of an act must be. Nothing: it matters, and nobody said. Empty list never; {""}: wherever.
std::optional<std::vector<std::string>> places(const Applied& rule, const Act& act, const Party& party, const Action* later);
// Whether the act is spoken of by this action: one of its recipients is enough.
Truth matches(const Applied& rule, const Act& act, const Action& action, const Action* later, Grounds& grounds);
// Whether it may be, whatever its time: the act's own condition isn't asked.
bool could_match(const Applied& rule, const Act& act, const Action& action);
// Without its recipients.
Truth matches_but_for_recipients(const Applied& rule, const Act& act, const Action& action, Grounds& grounds);
// One of the action's recipients is asked for in the circle.
Truth tells_some(const Applied& rule, const Action& action, const Recipients& circle, const std::optional<std::vector<std::string>>& where);
Truth tells_one(const Applied& rule, const Action& action, const Recipient& asked, const std::optional<std::string>& where);

struct Fulfilled {
  When at = 0;
  std::string by;      // an action's or an event's name; of several, the last
  bool operator==(const Fulfilled&) const = default;
};
// The earliest that the act was or will be done by the party, at or after `from`; `only`: by these actions.
std::optional<Fulfilled> fulfilled(const Applied& rule, const Act& act, const Party& party, const Action* later, const Span& from, const std::set<std::string>* only = nullptr);
// The first step of a precondition or a permission: done by when? The waiting time isn't in it.
std::optional<Fulfilled> first_step(const Applied& rule, const Party& party, const Action* later);
// From when on it is enough: strictly after the step, and once the waiting time has run.
When enough_from(const Applied& rule, const Fulfilled& step);

// An exception of this rule whose conditions are met at the instant.
const Rule* excepted(const Applied& rule, const Party& party, const Action* action, When at, Grounds& grounds);
// Whether a permission has what it needs, but for its act. `from`: from when on, where that can be told.
Truth permission_stands(const Applied& rule, const Party& party, const Action* action, When at, Grounds& grounds, std::optional<When>* from = nullptr);

// The event that a due runs from; several for the later or earlier of two.
std::vector<std::string> anchors(const Applied& rule, const Due& due, const Party& party);

}  // namespace sluice::regimes
