#include "cvd/standing.h"

namespace sluice::cvd {

access::Standing standing_of(const CaseFold& fold, OrganisationId organisation) {
  access::Standing out;
  out.is_owner = organisation == fold.owner;
  const auto* participant = fold.participant(organisation);
  if (participant == nullptr) return out;
  switch (participant->admission) {
    case Admission::Invited:
    case Admission::Accepted: out.admission = access::Place::Invited; break;
    case Admission::Confirmed: out.admission = access::Place::Confirmed; break;
    case Admission::None:
    case Admission::Suspended:
    case Admission::Removed: break;  // as if it never was
  }
  out.may_read_content = out.is_owner || fold.may_read_content(organisation);
  out.may_see_terms = may_see_terms(participant->admission);
  out.is_admitted_coordinator = !out.is_owner && participant->roles.contains(Role::Coordinator) && participant->admission == Admission::Confirmed;
  for (const auto role : participant->roles) out.roles.push_back(static_cast<access::CaseRole>(role));
  for (const auto& report : fold.reports)
    if (report.reporter == organisation) out.own_reports.push_back(report.id);
  return out;
}

static_assert(static_cast<int>(access::CaseRole::Cna) == static_cast<int>(Role::Cna) && static_cast<int>(access::CaseRole::Vendor) == static_cast<int>(Role::Vendor));

access::Standing standing_of_reporter(ReportId report) {
  access::Standing out;
  out.own_reports.push_back(report);
  out.roles.push_back(access::CaseRole::Reporter);
  return out;
}

bool may_change_standing(const Event& event) {
  const auto is_one_of = [&]<class... Events>() { return (... || std::holds_alternative<Events>(event)); };
  return !is_one_of.operator()<MailboxMessage, ContactAttempted, CaseDescribed, ParticipantSuggested, ThreadOpened, MessagePosted, FileAdded, VulnerabilityAdded, VulnerabilityDescribed, IdentifierSet,
                               SeverityAssessed, ProductAdded, StatusAsked, StatusSet, RemedyStepped, RemedyReopened, FactClaimed, FactRefused, StatementDrafted, StatementApproved, Decided, AdvisoryDrafted,
                               AdvisoryApproved, ReleasePlanned, ReleaseDated, ReleaseUndated, ReadinessWaived, ReleaseHeld, ReminderDue>();
}

std::vector<access::Compartment> compartments_of(const CaseFold& fold) {
  std::vector<access::Compartment> out{access::Compartment::coordination(), access::Compartment::shared()};
  for (const auto& [id, participant] : fold.participants) out.push_back(access::Compartment::of(id));
  for (const auto& report : fold.reports) out.push_back(access::Compartment::of(report.id));
  return out;
}

bool may_know_of(const CaseFold& fold, const access::Standing& standing, std::optional<OrganisationId> viewer, OrganisationId other) {
  if (standing.is_owner || standing.is_admitted_coordinator || viewer == other || other == fold.owner) return true;
  const auto* participant = fold.participant(other);
  return participant != nullptr && participant->roles.contains(Role::Coordinator) && participant->admission == Admission::Confirmed;
}

}  // namespace sluice::cvd
