// Time targets, silence, escalation, the road without a vendor, duplicates, credit.
#include "cvd/folds.h"

namespace sluice::cvd::folds {

void fold_one(CaseFold& fold, const TargetAgreed& e, const Context& context) {
  if (find_by_id(fold.targets, e.target) == nullptr) fold.targets.push_back({e.target, e, context.recorded, e.by, context.compartment, e.weighed, {}, {}, {}});
}
void fold_one(CaseFold& fold, const TargetMoved& e, const Context& context) {
  auto* target = find_by_id(fold.targets, e.target);
  if (target == nullptr || (!target->moved.empty() && target->moved.back().at == context.recorded && target->moved.back().to == e.by)) return;
  target->moved.push_back({context.recorded, target->by, e.by, e.weighed, e.what_changed});
  target->by = e.by;
  target->weighed = e.weighed;
}
void fold_one(CaseFold& fold, const TargetDropped& e, const Context& context) {
  if (auto* target = find_by_id(fold.targets, e.target); target != nullptr && !target->dropped_at) {
    target->dropped_at = context.recorded;
    target->dropped_why = e.why;
  }
}
void fold_one(CaseFold& fold, const ReminderDue& e, const Context& context) {
  const auto same = [&](const Reminder& r) { return r.at == context.recorded && r.about == e.about && r.organisation == e.organisation; };
  if (std::none_of(fold.reminders.begin(), fold.reminders.end(), same)) fold.reminders.push_back({context.recorded, e.about, e.organisation});
}
void fold_one(CaseFold& fold, const SilenceNoted& e, const Context& context) { fold.silences.push_back({e.organisation, e.about, e.since, context.recorded}); }
void fold_one(CaseFold& fold, const Escalated& e, const Context& context) {
  const auto same = [&](const Escalation& x) { return x.at == context.recorded && x.organisation == e.organisation && x.to == e.to; };
  if (std::none_of(fold.escalations.begin(), fold.escalations.end(), same)) fold.escalations.push_back({context.recorded, e.organisation, e.to, e.why});
}
void fold_one(CaseFold& fold, const ProceededWithout& e, const Context&) {
  const auto same = [&](const ProceededWithout& x) { return x.decision == e.decision; };
  if (std::none_of(fold.proceeded_without.begin(), fold.proceeded_without.end(), same)) fold.proceeded_without.push_back(e);
}
void fold_one(CaseFold& fold, const DuplicateLinked& e, const Context&) {
  if (auto* card = find_by_id(fold.reports, e.report)) card->duplicate_of = e.of;
}
void fold_one(CaseFold& fold, const CreditStated& e, const Context&) {
  if (auto* card = find_by_id(fold.reports, e.report)) card->credit = ReportCard::Credit{e.wanted, e.name};
}

}  // namespace sluice::cvd::folds
