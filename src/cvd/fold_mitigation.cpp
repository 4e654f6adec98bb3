// What is there of mitigations, what was proposed, and who was told.
#include "cvd/folds.h"

namespace sluice::cvd::folds {

void fold_one(CaseFold& fold, const MitigationNoted& e, const Context&) {
  const std::tuple key{e.vulnerability, e.product, e.part};
  if (e.text) fold.mitigation_notes[key] = *e.text;
  else fold.mitigation_notes.erase(key);
}

void fold_one(CaseFold& fold, const MitigationProposed& e, const Context& context) {
  if (find_by_id(fold.mitigations, e.mitigation) == nullptr) fold.mitigations.push_back({e.mitigation, e.vulnerability, e.product, e.parts, context.recorded, {}, {}, false, {}});
}

void fold_one(CaseFold& fold, const MitigationProposalEnded& e, const Context& context) {
  auto* mitigation = find_by_id(fold.mitigations, e.mitigation);
  if (mitigation == nullptr || mitigation->ended_at) return;
  mitigation->ended_at = context.recorded;
  mitigation->ended_why = e.why;
  mitigation->declined = e.declined;
}

void fold_one(CaseFold& fold, const MitigationCollectionsChosen& e, const Context&) { fold.mitigation_collections[e.role] = e.collections; }

void fold_one(CaseFold& fold, const MitigationShared& e, const Context& context) {
  auto* mitigation = find_by_id(fold.mitigations, e.mitigation);
  if (mitigation == nullptr) return;
  const bool is_there = std::any_of(mitigation->shared.begin(), mitigation->shared.end(), [&](const Mitigation::Batch& one) { return one.what.decision == e.decision; });
  if (!is_there) mitigation->shared.push_back({e, context.recorded, context.actor});
}

void fold_one(CaseFold& fold, const MitigationTold& e, const Context& context) {
  if (!context.compartment.organisation) return;
  const auto to = *context.compartment.organisation;
  const bool is_there = std::any_of(fold.mitigations_told.begin(), fold.mitigations_told.end(), [&](const ToldMitigation& one) { return one.what.mitigation == e.mitigation && one.what.role == e.role && one.organisation == to; });
  if (!is_there) fold.mitigations_told.push_back({e, to, context.recorded, context.entry});
}

}  // namespace sluice::cvd::folds
