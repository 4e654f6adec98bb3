#include "regimes/due_that_holds.h"

namespace sluice::regimes {

const Due* due_that_holds(const Applied& rule, const Due& due, const Party& party) {
  if (due.form != Due::Form::Choice) return &due;
  const auto facts = rule.facts(&party, nullptr, rule.world->scenario.as_of);
  for (const auto& one : due.of) {
    auto unused = Grounds::unasked();
    if (one.condition.holds(facts, unused) == Truth::True) return due_that_holds(rule, one, party);
  }
  return nullptr;
}

}  // namespace sluice::regimes
