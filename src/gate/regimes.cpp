// The regimes in scope: laws, policies, standards. What they say comes in from regimes/ as a verdict; here it becomes a judgement.
#include <algorithm>

#include "gate/judge.h"

namespace sluice::gate {

Judgement judge_regimes(const Disclosure&, const Facts& facts) {
  Judgement out{JudgeName::Regimes, Outcome::Allow, {}, {}};
  if (!facts.regimes) return out;  // no pack in scope: nothing to say
  const auto& verdict = *facts.regimes;
  out.packs = verdict.packs;
  out.because = verdict.because;
  out.outcome = verdict.duties.empty() ? verdict.outcome : strictest(verdict.outcome, Outcome::AllowWithDuties);
  if (out.because.empty()) out.because.push_back({"regimes", out.outcome == Outcome::Deny ? "a rule in scope forbids this" : "no rule in scope forbids this"});

  // A plain prohibition by law is not ours to set aside. A policy, or two laws of which one must be broken, is for a person to decide.
  if (out.outcome == Outcome::Deny && verdict.person_may_decide && facts.override_ && why_no_override(facts).empty()) {
    out.outcome = Outcome::AllowWithDuties;
    out.because.push_back({"decision " + facts.override_->decision.text(), "an accountable person decided between what can't all be kept: " + facts.override_->reason});
  }
  return out;
}

}  // namespace sluice::gate
