#include "regimes/sanctions.h"

#include <algorithm>

namespace sluice::regimes {

namespace {

Exposure look(const Evaluation& all, const Applied& broken, const Party& party, const Action* action) {
  Exposure out;
  const auto at = action != nullptr && action->at ? *action->at : all.scenario->as_of;
  bool lists_any = false;
  for (const auto& one : broken.pack->rules) {
    const auto rule = applied(*all.world, *broken.pack, one);
    if (rule.body->modality != Modality::Sanction || !not_in_force(rule).empty()) continue;
    lists_any = true;
    const bool hits = one.hits.empty() || std::find(one.hits.begin(), one.hits.end(), broken.rule->id) != one.hits.end();
    if (!hits) continue;
    Sanction sanction{&one, true, {}};
    const auto holds = both(binds(rule, party, at, sanction.grounds), triggered(rule, &party, action, at, sanction.grounds));
    if (holds == Truth::False) continue;
    sanction.is_sure = holds == Truth::True;
    out.sanctions.push_back(std::move(sanction));
  }
  if (!out.sanctions.empty()) return out;
  switch (broken.pack->force) {
    case Force::Advice: out.none = "A standard or guideline: it knows no sanction."; break;
    case Force::Policy: out.none = "A policy of its own: it knows no sanction."; break;
    case Force::Law:
    case Force::Draft: out.none = lists_any ? "None of the sanctions listed in this pack is for it." : "This pack lists no sanction; that doesn't say that there is none."; break;
  }
  return out;
}

}  // namespace

std::optional<Exposure> exposure_of(const Evaluation& evaluation, const Verdict& verdict) {
  if (verdict.word != Word::Forbids && verdict.word != Word::AdvisesAgainst) return std::nullopt;
  return look(evaluation, verdict.rule, *evaluation.scenario->party(verdict.action->actor), verdict.action);
}

std::optional<Exposure> exposure_of(const Evaluation& evaluation, const Duty& duty) {
  if (duty.state != DutyState::Missed && duty.state != DutyState::Late && duty.state != DutyState::Open) return std::nullopt;
  return look(evaluation, duty.rule, *duty.on, nullptr);
}

}  // namespace sluice::regimes
