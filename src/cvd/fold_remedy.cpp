// Remedies across tiers: waits, blocks, assessments, readiness, support.
#include "cvd/folds.h"

namespace sluice::cvd::folds {

namespace {
Wait* open_wait(CaseFold& fold, VulnerabilityId vulnerability, ProductId product, ProductId on) {
  for (auto& wait : fold.waits)
    if (wait.vulnerability == vulnerability && wait.product == product && wait.on == on && !wait.ended) return &wait;
  return nullptr;
}
}  // namespace

void fold_one(CaseFold& fold, const RemedyWaitsFor& e, const Context& context) {
  if (open_wait(fold, e.vulnerability, e.product, e.on) == nullptr) fold.waits.push_back({e.vulnerability, e.product, e.on, e.at_step, e.label, e.why, context.recorded, {}, {}, {}});
}
void fold_one(CaseFold& fold, const RemedyWaitEnded& e, const Context& context) {
  if (auto* wait = open_wait(fold, e.vulnerability, e.product, e.on)) {
    wait->ended = context.recorded;
    wait->end_why = e.why;
  }
}
void fold_one(CaseFold& fold, const DeliveryMoved& e, const Context&) {
  if (auto* wait = open_wait(fold, e.vulnerability, e.product, e.on)) wait->delivered = e.step;
}
void fold_one(CaseFold& fold, const RemedyBlocked& e, const Context& context) {
  auto& answer = fold.answers[{e.vulnerability, e.product}];
  if (!answer.blocked_since) answer.blocked_since = context.recorded;
  answer.blocked_because = e.because;
}
void fold_one(CaseFold& fold, const RemedyUnblocked& e, const Context&) {
  auto& answer = fold.answers[{e.vulnerability, e.product}];
  answer.blocked_because.reset();
  answer.blocked_since.reset();
}
void fold_one(CaseFold& fold, const RemedyAssessed& e, const Context& context) {
  auto& answer = fold.answers[{e.vulnerability, e.product}];
  const auto* last = answer.assessments.empty() ? nullptr : &answer.assessments.back();
  if (last != nullptr && last->step && last->at == context.recorded && to_json(last->what) == to_json(e)) return;
  // Its step says which fix it speaks of, and is taken from it when that one is reopened; a view that holds no step counts it for the fix of now.
  answer.assessments.push_back({context.recorded, context.organisation, e, answer.step.value_or(RemedyStep::Developed)});
}
void fold_one(CaseFold& fold, const ReadinessAgreed& e, const Context&) {
  fold.readiness.rule = e.rule;
  fold.readiness.share = e.share;
  if (!e.weights.empty() || e.rule != SettlementRule::Quorum) fold.readiness.weights = e.weights;  // who weighs how much stands in coordination's copy alone
}
void fold_one(CaseFold& fold, const SupportStated& e, const Context&) {
  if (auto* product = find_by_id(fold.products, e.product)) {
    product->supported = e.supported;
    product->supported_until = e.until;
    product->support_note = e.note;
  }
}

}  // namespace sluice::cvd::folds
