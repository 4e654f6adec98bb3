// What claims rest on, what is prepared for the release, what was held back.
#include "cvd/folds.h"

namespace sluice::cvd::folds {

void fold_one(CaseFold& fold, const ClaimSourced& e, const Context&) {
  auto* claim = find_by_id(fold.claims, e.claim);
  if (claim == nullptr) return;
  const bool is_there = std::any_of(claim->sources.begin(), claim->sources.end(), [&](const ClaimSourced& one) { return one.kind == e.kind && one.name == e.name && one.version == e.version && one.collection == e.collection; });
  if (!is_there) claim->sources.push_back(e);
}

void fold_one(CaseFold& fold, const ThreatObjectsPrepared& e, const Context& context) {
  for (const auto& object : e.objects) {
    const auto found = std::find_if(fold.prepared.begin(), fold.prepared.end(), [&](const CaseObject& one) { return one.what.id == object.id; });
    const CaseObject now{object, context.recorded, context.organisation, context.compartment};
    if (found == fold.prepared.end()) fold.prepared.push_back(now);
    else *found = now;
  }
}
void fold_one(CaseFold& fold, const ThreatObjectDropped& e, const Context&) {
  std::erase_if(fold.prepared, [&](const CaseObject& one) { return one.what.id == e.object; });
}
void fold_one(CaseFold& fold, const ReleaseCollectionsChosen& e, const Context&) { fold.release_collections = e.collections; }

void fold_one(CaseFold& fold, const ThreatObjectHeld& e, const Context& context) {
  const bool is_there = std::any_of(fold.held_objects.begin(), fold.held_objects.end(), [&](const HeldObject& one) { return one.what.organisation == e.organisation && one.what.object == e.object && one.what.version == e.version; });
  if (!is_there) fold.held_objects.push_back({e, context.recorded});
}

}  // namespace sluice::cvd::folds
