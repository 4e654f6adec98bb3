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

  // A policy, or two laws of which one must be broken, is for a person to decide. A plain prohibition by law is set aside by nobody in passing: only by a decision
  // of an accountable person that names each rule it goes against, so that the record says what was known.
  const bool names_all = !verdict.forbidden_by.empty() && std::all_of(verdict.forbidden_by.begin(), verdict.forbidden_by.end(), [&](const std::string& rule) { return std::find(facts.set_aside.begin(), facts.set_aside.end(), rule) != facts.set_aside.end(); });
  if (out.outcome == Outcome::Deny && (verdict.person_may_decide || names_all) && facts.override_ && why_no_override(facts).empty()) {
    if (!verdict.person_may_decide) {
      std::string rules;
      for (const auto& rule : verdict.forbidden_by) rules += (rules.empty() ? "" : ", ") + rule;
      out.because.push_back({"set aside", rules});
    }
    out.outcome = Outcome::AllowWithDuties;
    out.because.push_back({"decision " + facts.override_->decision.text(), "an accountable person decided between what can't all be kept: " + facts.override_->reason});
  }
  return out;
}

}  // namespace sluice::gate
