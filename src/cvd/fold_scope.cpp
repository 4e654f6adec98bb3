#include "cvd/folds.h"

namespace sluice::cvd::folds {

void fold_one(CaseFold& fold, const ScopeConfirmed& e, const Context& context) {
  auto& scope = e.organisation ? fold.own_scopes[*e.organisation] : fold.scope ? *fold.scope : fold.scope.emplace();
  for (const auto& one : e.regimes) scope.regimes[one.regime] = one;
  scope.assumed = {e.assumed.begin(), e.assumed.end()};
  scope.readings.clear();
  for (const auto& one : e.readings) scope.readings[one.reading] = one.choice;
  scope.why = e.why;
  scope.at = context.recorded;
  scope.by = context.actor;
}

void fold_one(CaseFold& fold, const FactCorrected& e, const Context& context) {
  const auto found = std::find_if(fold.corrections.begin(), fold.corrections.end(), [&](const Correction& c) { return c.organisation == e.organisation && c.fact == e.fact; });
  Correction made{e.organisation, e.fact, e.value, e.why, context.recorded, context.actor, context.entry};
  if (found == fold.corrections.end()) fold.corrections.push_back(std::move(made));
  else if (found->at != context.recorded || found->value != e.value) *found = std::move(made);  // C5: the first of the same in two streams is kept
}

void fold_one(CaseFold& fold, const FactCorrectionEnded& e, const Context&) {
  std::erase_if(fold.corrections, [&](const Correction& c) { return c.organisation == e.organisation && c.fact == e.fact; });
}

void fold_one(CaseFold& fold, const ProductPlaced& e, const Context& context) {
  auto* product = find_by_id(fold.products, e.product);
  if (product == nullptr) return;
  product->placed = e;
  product->placed_at = context.recorded;
}

void fold_one(CaseFold& fold, const ContentClassed& e, const Context& context) { fold.content_classes[e.object] = {e.classes, e.why, context.recorded, context.organisation}; }

void fold_one(CaseFold& fold, const RulesOverridden& e, const Context&) {
  for (auto& decision : fold.decisions)
    if (decision.what.decision == e.decision) decision.rules = e.rules;
}

}  // namespace sluice::cvd::folds
