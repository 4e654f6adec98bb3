#include "service/gate_facts.h"

#include "service/regime_facts.h"

namespace sluice::service {

gate::CaseFacts case_facts(const cvd::CaseFold& fold) {
  gate::CaseFacts out;
  out.embargo = fold.embargo;
  if (const auto* running = fold.running_terms()) out.running = gate::RunningTerms{running->version, running->until};
  out.is_public = !fold.vulnerabilities.empty();
  for (const auto& vulnerability : fold.vulnerabilities) {
    if (vulnerability.facts.contains(cvd::Letter::P) || vulnerability.facts.contains(cvd::Letter::X)) {
      out.public_vulnerabilities.push_back(vulnerability.id.text());
      if (vulnerability.identifier) out.public_vulnerabilities.push_back(*vulnerability.identifier);
    } else {
      out.is_public = false;
    }
  }
  return out;
}

gate::AudienceFacts audience_facts(const cvd::CaseFold& fold, OrganisationId organisation) {
  gate::AudienceFacts out;
  out.is_owner = organisation == fold.owner;
  out.is_community = true;  // an organisation of this site
  if (const auto* participant = fold.participant(organisation)) {
    out.admission = participant->admission;
    out.report = participant->report;
    out.signed_running_terms = fold.signed_running(organisation);
    out.already_held = participant->held_content;
    if (!participant->essential_because.empty()) out.essential_because = participant->essential_because;
    out.is_recipient = participant->admission == cvd::Admission::Confirmed;
    out.may_see_object = cvd::may_see_terms(participant->admission);
  }
  return out;
}

gate::Facts facts_for(const cvd::CaseFold& fold, OrganisationId audience, bool two_person) {
  gate::Facts facts;
  facts.case_ = case_facts(fold);
  facts.audience = audience_facts(fold, audience);
  facts.marking.source_is_ours = true;
  facts.two_person = two_person;
  for (const auto& decision : fold.decisions)
    if (decision.what.kind == cvd::DecisionSort::Override && (decision.what.about == audience || (!decision.what.about && audience == fold.owner)) && decision.by) {
      facts.set_aside.insert(facts.set_aside.end(), decision.rules.begin(), decision.rules.end());
      facts.override_ = gate::Overridden{decision.what.decision, *decision.by, decision.second, decision.what.reason,
                                         decision.what.who_is_exposed + " " + decision.what.how_badly + " " + decision.what.what_they_can_do};
    }
  return facts;
}

namespace {
gate::Disclosure about(const cvd::CaseFold& fold, OrganisationId to, std::optional<PersonId> actor, Instant now) {
  gate::Disclosure out;
  out.content.object = "case:" + fold.id.text();
  out.content.marking = gate::Tlp::AmberStrict;
  for (const auto& vulnerability : fold.vulnerabilities) out.content.vulnerabilities.push_back(vulnerability.id.text());
  out.audience = gate::Audience::of(to);
  if (const auto* participant = fold.participant(to))
    for (const auto role : participant->roles) out.audience.roles.push_back(to_word(role));
  out.at = now;
  out.actor = actor;
  out.case_ = fold.id;
  return out;
}
}  // namespace

gate::Disclosure membership(const cvd::CaseFold& fold, OrganisationId to, std::optional<PersonId> actor, Instant now) {
  auto out = about(fold, to, actor, now);
  out.content.classes = {"vulnerability.technical"};
  out.content.hash = gate::hash_of_content(bytes_of(fold.id.text()));
  out.basis.kind = gate::BasisKind::Participant;
  if (const auto* participant = fold.participant(to); participant != nullptr && !participant->essential_because.empty()) out.basis.essential = participant->essential_because;
  return out;
}

gate::Disclosure invitation(const cvd::CaseFold& fold, OrganisationId to, std::optional<PersonId> actor, Instant now) {
  auto out = about(fold, to, actor, now);
  out.content.object = "invitation:" + fold.id.text();
  out.content.classes = {std::string(gate::classes::kStub), std::string(gate::classes::kTerms)};
  out.content.hash = gate::hash_of_content(bytes_of(out.content.object));
  out.content.vulnerabilities.clear();
  out.channel = gate::Channel::Stub;
  out.basis.kind = gate::BasisKind::Invitation;
  if (const auto* participant = fold.participant(to)) out.basis.essential = participant->essential_because;
  return out;
}

gate::Disclosure report_to_receiver(CaseId id, ReportId report, OrganisationId to, std::optional<PersonId> actor, Instant now) {
  gate::Disclosure out;
  out.content.object = "report:" + report.text();
  out.content.marking = gate::Tlp::AmberStrict;
  out.content.classes = {"vulnerability.technical"};
  out.content.hash = gate::hash_of_content(bytes_of(report.text()));
  out.audience = gate::Audience::of(to);
  out.at = now;
  out.actor = actor;
  out.case_ = id;
  out.basis.kind = gate::BasisKind::Report;
  return out;
}

gate::Disclosure publication(const cvd::CaseFold& fold, const cvd::Release& release, const Hash& document, gate::Tlp marking, gate::Channel channel, std::optional<PersonId> actor, Instant now) {
  gate::Disclosure out;
  out.content.object = "advisory:" + release.advisory.text();
  out.content.version = release.version;
  out.content.marking = marking;
  out.content.classes = {"vulnerability.technical", "fix"};
  for (auto& one : classes_of_advisory(fold, release.advisory, release.version)) out.content.classes.push_back(std::move(one));
  out.content.hash = {document};
  for (const auto id : release.vulnerabilities)
    if (const auto* vulnerability = fold.vulnerability(id)) out.content.vulnerabilities.push_back(vulnerability->identifier.value_or(id.text()));
  out.audience = gate::Audience::everyone();
  out.channel = channel;
  out.at = now;
  out.actor = actor;
  out.case_ = fold.id;
  out.basis.kind = gate::BasisKind::Release;
  out.basis.release = release.id;
  return out;
}

std::string why_denied(const gate::Ruling& ruling) {
  std::string out;
  for (const auto& judge : ruling.judges) {
    if (judge.outcome != gate::Outcome::Deny) continue;
    for (const auto& reason : judge.because) out += (out.empty() ? "" : " ") + reason.text.value_or(reason.cite) + " (" + reason.cite + ")";
  }
  return out.empty() ? "The gate does not allow this." : out;
}

}  // namespace sluice::service
