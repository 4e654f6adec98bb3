// Leaks: claimed, followed up, closed. The claimant's own stream has its claim and how it ended; the notes stand in coordination alone.
#include "cvd/folds.h"

namespace sluice::cvd::folds {

void fold_one(CaseFold& fold, const LeakClaimed& e, const Context& context) {
  auto* leak = find_by_id(fold.leaks, e.leak);
  if (leak == nullptr) leak = &fold.leaks.emplace_back(Leak{e.leak, e.what, e.where_seen, e.evidence, e.occurred, context.recorded, {}, {}, {}, {}, {}});
  if (!leak->by) leak->by = context.organisation;
}
void fold_one(CaseFold& fold, const LeakNoted& e, const Context& context) {
  if (auto* leak = find_by_id(fold.leaks, e.leak)) leak->notes.push_back({context.recorded, context.actor, e.text, e.narrowed_to});
}
void fold_one(CaseFold& fold, const LeakClosed& e, const Context& context) {
  if (auto* leak = find_by_id(fold.leaks, e.leak); leak != nullptr && !leak->outcome) {
    leak->outcome = e.outcome;
    leak->closed_at = context.recorded;
    leak->closed_why = e.why;
  }
}

}  // namespace sluice::cvd::folds
