// Need to know: the smallest possible set of parties, each for a reason on record (Vultron; ISO/IEC 29147: only who is essential to a remedy).
#include <algorithm>

#include "gate/judge.h"

namespace sluice::gate {

namespace {

Judgement need_says(Outcome outcome, std::string cite, std::string text) { return {JudgeName::NeedToKnow, outcome, {{std::move(cite), std::move(text)}}, {}}; }
Judgement allow(std::string cite, std::string text) { return need_says(Outcome::Allow, std::move(cite), std::move(text)); }

Judgement need_denies(std::string cite, std::string text, const Facts& facts) {
  if (facts.override_) {
    const auto why_not = why_no_override(facts);
    if (why_not.empty()) return need_says(Outcome::AllowWithDuties, "decision " + facts.override_->decision.text(), "an accountable person decided to tell this audience: " + facts.override_->reason);
    text += "; the decision recorded can't override it: " + why_not;
  }
  return need_says(Outcome::Deny, std::move(cite), std::move(text));
}

bool is_confirmed(const AudienceFacts& audience) { return audience.admission == cvd::Admission::Confirmed && audience.report != cvd::ReportState::Start; }

std::string essential(const Disclosure& disclosure, const Facts& facts) {
  if (disclosure.basis.essential && !disclosure.basis.essential->empty()) return *disclosure.basis.essential;
  return facts.audience.essential_because.value_or("");
}

Judgement as_participant(const Disclosure& disclosure, const Facts& facts) {
  const auto& audience = facts.audience;
  if (audience.is_owner) return allow("case owner", "leads the case");
  const auto because = essential(disclosure, facts);
  if (is_negotiation(disclosure.content) && cvd::may_see_terms(audience.admission)) {
    if (because.empty()) return need_denies("no reason", "nobody wrote down why this organisation is essential", facts);
    return allow("invited to the case", because);
  }
  if (!is_confirmed(audience)) {
    if (audience.admission == cvd::Admission::Invited || audience.admission == cvd::Admission::Accepted)
      return need_denies("not yet confirmed", "invited organisations get the invitation and the terms, nothing else", facts);
    return need_denies("not a participant", "it has no confirmed part in the case", facts);
  }
  if (because.empty()) return need_denies("no reason", "nobody wrote down why this organisation is essential", facts);
  return allow("confirmed participant", because);
}

// A release fires only when its planned instant is reached and its plan is approved; an embargo's end alone publishes nothing.
Judgement as_released(const Disclosure& disclosure, const Facts& facts) {
  if (!facts.release || (disclosure.basis.release && *disclosure.basis.release != facts.release->id)) return need_denies("no release plan", "nothing of a case is published without an approved plan", facts);
  const auto& plan = *facts.release;
  const auto cite = "release " + plan.id.text();
  if (std::find(plan.documents.begin(), plan.documents.end(), disclosure.content.hash) == plan.documents.end()) return need_says(Outcome::Deny, cite, "this document isn't the one that was approved");
  if (!plan.approved) return need_says(Outcome::Deny, cite, "the plan isn't approved");
  if (disclosure.at < plan.due) return need_denies(cite, "planned for " + to_text(plan.due), facts);
  if (!plan.everyone_ready && !plan.readiness_waived) return need_denies(cite, "not all vendors are ready, and nobody waived it", facts);
  return allow(cite, plan.everyone_ready ? "approved, due, and all are ready" : "approved and due; readiness was waived by a recorded decision");
}

Judgement under_grant(const Disclosure& disclosure, const Facts& facts) {
  const auto& basis = disclosure.basis;
  const auto found = std::find_if(facts.grants.begin(), facts.grants.end(), [&](const GrantFacts& g) {
    return basis.grant == g.id && g.open && (!g.until || disclosure.at < *g.until) && (g.object.empty() || g.object == disclosure.content.object);
  });
  if (found == facts.grants.end()) return need_denies("no grant", "no standing right of this audience covers it", facts);
  // A webhook or share of a participant opens no more of a case than taking part in it does.
  if (disclosure.case_ && !facts.audience.is_owner && !is_confirmed(facts.audience)) return need_denies("grant " + found->id.text(), "the audience has no confirmed part in the case any more", facts);
  return allow("grant " + found->id.text(), "a standing right that was judged when it was given");
}

Judgement as_duty(const Disclosure& disclosure, const Facts& facts) {
  const auto& rule = disclosure.basis.rule;
  if (rule && facts.regimes && std::find(facts.regimes->demanded_by_law.begin(), facts.regimes->demanded_by_law.end(), *rule) != facts.regimes->demanded_by_law.end())
    return allow(*rule, "a rule in force demands this of whoever sends it");
  return need_denies(rule.value_or("no rule"), "no rule of law in scope demands this disclosure", facts);
}

// What nobody owes and a person wants told: a recorded decision says why; what is public, or nothing of a case, needs none.
Judgement as_decided(const Disclosure& disclosure, const Facts& facts) {
  if (!facts.decided || facts.decided->by.is_nil()) return need_denies("no decision", "nobody accountable decided this", facts);
  if (facts.decided->decision) return allow("decision " + facts.decided->decision->text(), "an accountable person decided to tell it: " + facts.decided->reason);
  const auto& about = disclosure.content.vulnerabilities;
  const bool all_public = facts.case_ && (about.empty() ? facts.case_->is_public : std::all_of(about.begin(), about.end(), [&](const std::string& one) {
    return std::find(facts.case_->public_vulnerabilities.begin(), facts.case_->public_vulnerabilities.end(), one) != facts.case_->public_vulnerabilities.end();
  }));
  if (!disclosure.case_ || all_public) return allow("person", all_public ? "all that it is about is public, and a person sends it" : "it is nothing of a case, and a person sends it");
  return need_denies("no decision", "it isn't public, no rule demands it, and no decision to tell it is on record", facts);
}

}  // namespace

std::string why_no_override(const Facts& facts) {
  if (!facts.override_) return "no decision is recorded";
  const auto& decision = *facts.override_;
  if (decision.by.is_nil()) return "it names no accountable person";
  if (decision.reason.empty()) return "it gives no reason";
  if (decision.users_risk.empty()) return "it doesn't say what it means for users";
  if (facts.two_person && (!decision.second || decision.second->is_nil() || *decision.second == decision.by)) return "no second person agreed";
  return {};
}

Judgement judge_need_to_know(const Disclosure& disclosure, const Facts& facts) {
  const auto& audience = facts.audience;
  const auto kind = disclosure.audience.kind;
  const bool is_broad = kind == AudienceKind::Public || kind == AudienceKind::Community;

  // Who reported is the reporter's to share; nobody decides in the reporter's place.
  if (has_class(disclosure.content, classes::kIdentity)) {
    if (is_broad || !(audience.identity_shared || audience.is_author)) return need_says(Outcome::Deny, "reporter's consent", "the reporter didn't share its identity with this audience");
    if (disclosure.basis.kind == BasisKind::Consent) return allow("reporter's consent", "the reporter shared its identity with this audience");
  }
  // A knock points at a thing, so it goes only to whoever may see the thing.
  if (is_neutral(disclosure.content)) {
    if (!is_broad && audience.may_see_object) return allow("may see the object", "a neutral line and a link");
    return need_says(Outcome::Deny, "may not see the object", "even a neutral line would tell that something is there");
  }
  if (is_broad && disclosure.case_) {
    if (disclosure.basis.kind == BasisKind::Decision) return need_denies("no decision", "nobody accountable decided this", facts);
    return as_released(disclosure, facts);
  }

  if (is_broad && (disclosure.basis.kind == BasisKind::Participant || disclosure.basis.kind == BasisKind::Invitation || disclosure.basis.kind == BasisKind::Report))
    return need_says(Outcome::Deny, "audience", "this ground belongs to one party, not to many");

  switch (disclosure.basis.kind) {
    case BasisKind::Participant: return as_participant(disclosure, facts);
    case BasisKind::Invitation:
      if (!is_negotiation(disclosure.content)) return need_denies("invitation", "an invitation carries terms, end and why essential, nothing else", facts);
      return as_participant(disclosure, facts);
    case BasisKind::Report:
      if (audience.is_author) return allow("own report", "the reporter's own mailbox");
      if (audience.is_confirmed_receiver) return allow("report", "the reporter confirmed this receiver");
      return need_denies("report", "the reporter didn't confirm this receiver", facts);
    case BasisKind::Consent: return need_denies("consent", "consent covers the reporter's identity only", facts);
    case BasisKind::Grant: return under_grant(disclosure, facts);
    case BasisKind::Release: return as_released(disclosure, facts);
    case BasisKind::Duty: return as_duty(disclosure, facts);
    case BasisKind::Decision: return as_decided(disclosure, facts);
    case BasisKind::Notice: return need_denies("notice", "a notice carries a neutral line and nothing else", facts);
  }
  return need_says(Outcome::Deny, "no basis", "no ground was given");
}

}  // namespace sluice::gate
