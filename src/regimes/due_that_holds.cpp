#include "regimes/due_that_holds.h"

#include <algorithm>

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

bool counts_business_days(const Applied& rule, const Due& due, const Party& party) {
  const auto* held = due_that_holds(rule, due, party);
  if (held == nullptr) return false;
  if (held->form == Due::Form::Later || held->form == Due::Form::Earlier)
    return std::any_of(held->of.begin(), held->of.end(), [&](const Due& one) { return counts_business_days(rule, one, party); });
  return held->form == Due::Form::Within && held->term.unit == Term::Unit::BusinessDays;
}

}  // namespace sluice::regimes
