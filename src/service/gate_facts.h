// From a case to what the judges need: the facts of a Disclosure about this case to this audience.
#pragma once

#include "cvd/case.h"
#include "gate/judge.h"

namespace sluice::service {

gate::CaseFacts case_facts(const cvd::CaseFold& fold);
gate::AudienceFacts audience_facts(const cvd::CaseFold& fold, OrganisationId organisation);
gate::Facts facts_for(const cvd::CaseFold& fold, OrganisationId audience, bool two_person);

// `actor`: who asked for it, so that what two persons were denied are two denials; none: the clock, or a question that nobody acts on.
// Standing right of a confirmed participant to a case; the stub of an invitation; a report to its receiver.
gate::Disclosure membership(const cvd::CaseFold& fold, OrganisationId to, std::optional<PersonId> actor, Instant now);
gate::Disclosure invitation(const cvd::CaseFold& fold, OrganisationId to, std::optional<PersonId> actor, Instant now);
gate::Disclosure report_to_receiver(CaseId id, ReportId report, OrganisationId to, std::optional<PersonId> actor, Instant now);
gate::Disclosure publication(const cvd::CaseFold& fold, const cvd::Release& release, const Hash& document, gate::Tlp marking, gate::Channel channel, std::optional<PersonId> actor, Instant now);

// The reasons of a denial, for a person.
std::string why_denied(const gate::Ruling& ruling);

}  // namespace sluice::service
