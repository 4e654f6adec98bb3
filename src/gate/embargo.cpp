// The embargo: an agreement of a case's participants to tell no one outside before a stated instant (Vultron). It says when, not what.
#include <algorithm>

#include "gate/judge.h"

namespace sluice::gate {

namespace {

Judgement embargo_says(Outcome outcome, std::string cite, std::string text) { return {JudgeName::Embargo, outcome, {{std::move(cite), std::move(text)}}, {}}; }

bool is_broad(AudienceKind kind) { return kind == AudienceKind::Public || kind == AudienceKind::Community; }

bool may_negotiate(const AudienceFacts& audience) { return cvd::may_see_terms(audience.admission) || audience.is_owner; }

// P or X holds for all that the content is about. Content that isn't narrowed down is about the whole case.
bool is_public(const Content& content, const CaseFacts& facts) {
  if (content.vulnerabilities.empty()) return facts.is_public;
  const auto& known = facts.public_vulnerabilities;
  return std::all_of(content.vulnerabilities.begin(), content.vulnerabilities.end(), [&](const std::string& v) { return std::find(known.begin(), known.end(), v) != known.end(); });
}

Judgement embargo_denies(std::string cite, std::string text, const Facts& facts) {
  if (facts.override_) {
    const auto why_not = why_no_override(facts);
    if (why_not.empty()) return embargo_says(Outcome::AllowWithDuties, "decision " + facts.override_->decision.text(), "an accountable person decided to go beyond the embargo (" + cite + "): " + facts.override_->reason);
    text += "; the decision recorded can't override it: " + why_not;
  }
  return embargo_says(Outcome::Deny, std::move(cite), std::move(text));
}

}  // namespace

Judgement judge_embargo(const Disclosure& disclosure, const Facts& facts) {
  if (!disclosure.case_) return embargo_says(Outcome::Allow, "no case", "nothing was agreed about this content");
  if (!facts.case_) return embargo_says(Outcome::Deny, "unknown case", "what was agreed in its case isn't known here");
  const auto& the_case = *facts.case_;
  const auto& audience = facts.audience;
  const auto kind = disclosure.audience.kind;

  if (is_neutral(disclosure.content)) return embargo_says(Outcome::Allow, "neutral content", "a knock says nothing of the case");
  // One has to see what one is asked to sign (content gate: terms and negotiation).
  if (is_negotiation(disclosure.content) && !is_broad(kind) && may_negotiate(audience)) return embargo_says(Outcome::Allow, "terms and negotiation", "go to invited and confirmed organisations under any embargo");
  // Whatever EM: a reporter reads and is answered in its own mailbox.
  if (audience.is_author && !is_broad(kind)) return embargo_says(Outcome::Allow, "own content", "the audience wrote it, or it is its own mailbox");

  switch (the_case.embargo) {
    case cvd::EmbargoState::None: return embargo_says(Outcome::Allow, "EM none", "no embargo was agreed");
    case cvd::EmbargoState::Exited: return embargo_says(Outcome::Allow, "EM exited", "the embargo has ended");
    case cvd::EmbargoState::Proposed:
      // A proposal binds nobody, but while it is open new readers aren't added: else they would hold what they never agreed to keep.
      if (is_broad(kind)) return embargo_says(Outcome::Allow, "EM proposed", "a proposal binds nobody");
      if (audience.already_held) return embargo_says(Outcome::Allow, "EM proposed", "the audience held it before terms were proposed");
      return embargo_denies("EM proposed", "while the first terms are open, content goes only to those who hold it already", facts);
    case cvd::EmbargoState::Active:
    case cvd::EmbargoState::Revise: break;
  }

  if (!the_case.running) return embargo_says(Outcome::Deny, "terms unknown", "an embargo runs, and its terms aren't known here");
  const auto cite = "terms v" + std::to_string(the_case.running->version) + ", until " + to_text(the_case.running->until);
  if (disclosure.at >= the_case.running->until) return embargo_says(Outcome::Allow, cite, "the agreed end is reached by then");  // at the end instant itself, not a moment later
  if (is_public(disclosure.content, the_case)) return embargo_says(Outcome::Allow, cite, "all that this is about is public, and what is public can't be held back");
  if (is_broad(kind)) return embargo_denies(cite, "before the agreed end it goes to nobody outside", facts);
  if (audience.signed_running_terms) return embargo_says(Outcome::Allow, cite, "signatory of the running terms");
  return embargo_denies(cite, "not a signatory of the running terms", facts);
}

}  // namespace sluice::gate
