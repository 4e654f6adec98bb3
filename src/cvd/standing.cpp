#include "cvd/standing.h"

#include <algorithm>

namespace sluice::cvd {

namespace {

// Commands on what belongs to the case's owner (advisories, releases, waivers, overrides, erasure): a vendor that has the right for its own has it for none
// of these. For all others decide() asks whose product, statement or report it is.
bool is_about_own(const Command& command) {
  if (const auto* decision = get_if<RecordDecision>(&command)) return decision->kind != DecisionSort::Override && decision->kind != DecisionSort::Waive;
  return !holds_alternative<DraftAdvisory>(command) && !holds_alternative<ApproveAdvisory>(command) && !holds_alternative<PlanRelease>(command) &&
         !holds_alternative<WaiveReadiness>(command) && !holds_alternative<HoldRelease>(command) && !holds_alternative<EraseCompartment>(command) && !holds_alternative<ProceedWithout>(command) &&
         !holds_alternative<AgreeReadiness>(command) && !holds_alternative<ReleaseEarly>(command) && !holds_alternative<PrepareThreatObjects>(command) && !holds_alternative<DropThreatObject>(command) &&
         !holds_alternative<ChooseReleaseCollections>(command) && !holds_alternative<ChooseMitigationCollections>(command) && !holds_alternative<ShareMitigation>(command) && !holds_alternative<DeclineMitigation>(command);
}

// What sets a rule or a wait aside belongs to the case, so it is its owner's own: its counsel asks for it too.
bool is_set_aside(const Command& command) {
  const auto* decision = get_if<RecordDecision>(&command);
  return (decision != nullptr && (decision->kind == DecisionSort::Override || decision->kind == DecisionSort::Waive)) || holds_alternative<WaiveReadiness>(command) || holds_alternative<ProceedWithout>(command);
}

// ACC-11. One that is suspended counts as being there, or suspending it first would leave its removal to one person.
bool is_last_coordinator(const CaseFold& fold, OrganisationId id) {
  if (id == fold.owner) return true;
  const auto coordinates = [](const Participant& p) { return p.roles.contains(Role::Coordinator) && p.admission == Admission::Confirmed; };
  const auto* participant = fold.participant(id);
  if (participant == nullptr || !participant->roles.contains(Role::Coordinator)) return false;
  if (participant->admission != Admission::Confirmed && participant->admission != Admission::Suspended) return false;
  return std::none_of(fold.participants.begin(), fold.participants.end(), [&](const auto& other) { return other.first != id && coordinates(other.second); });
}

}  // namespace

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
  for (const auto& [id, group] : fold.groups)
    if (group.members.contains(organisation)) out.groups.push_back(id);
  for (const auto& report : fold.reports)
    if (report.reporter == organisation && !report.kept_in) out.own_reports.push_back(report.id);
  return out;
}

// A request is answered by the case owner; one to take the case from it, by the organisation that asked (second_person.h).
bool is_request_of(const CaseFold& fold, TwoPersonRequestId id, std::optional<OrganisationId> self) {
  const auto* request = fold.request(id);
  return request != nullptr && self && request->asked_for == self && request->command == name_of(TakeOwnership{});
}

access::Standing standing_towards(const CaseFold& fold, access::Standing standing, std::optional<OrganisationId> self, const Command& command) {
  standing.is_own_object = is_about_own(command) || (is_set_aside(command) && standing.is_owner);
  if (const auto* confirm = get_if<ConfirmRequest>(&command)) standing.is_own_object = is_request_of(fold, confirm->request, self);
  if (const auto* refuse = get_if<RefuseRequest>(&command)) standing.is_own_object = is_request_of(fold, refuse->request, self);
  if (holds_alternative<TakeOwnership>(command)) standing.is_last_coordinator = !fold.offer || fold.offer->to != self;  // it removes an owner that offered nothing
  if (const auto* message = get_if<PostToMailbox>(&command)) standing.report = message->report;
  if (const auto* route = get_if<RouteReport>(&command)) standing.report = route->report;
  if (const auto* credit = get_if<StateCredit>(&command)) standing.report = credit->report;
  if (const auto* removal = get_if<RemoveParticipant>(&command)) standing.is_last_coordinator = is_last_coordinator(fold, removal->organisation);
  return standing;
}

static_assert(static_cast<int>(access::CaseRole::Cna) == static_cast<int>(Role::Cna) && static_cast<int>(access::CaseRole::Vendor) == static_cast<int>(Role::Vendor));

access::Standing standing_of_reporter(ReportId report) {
  access::Standing out;
  out.own_reports.push_back(report);
  out.roles.push_back(access::CaseRole::Reporter);
  return out;
}

bool may_change_standing(const Event& event) {
  const auto is_one_of = [&]<class... Events>() { return (... || holds_alternative<Events>(event)); };
  return !is_one_of.operator()<MailboxMessage, ContactAttempted, CaseDescribed, ParticipantSuggested, ThreadOpened, MessagePosted, FileAdded, VulnerabilityAdded, VulnerabilityDescribed, IdentifierSet,
                               SeverityAssessed, ProductAdded, StatusAsked, StatusSet, RemedyStepped, RemedyReopened, FactClaimed, FactRefused, StatementDrafted, StatementApproved, Decided, AdvisoryDrafted,
                               AdvisoryApproved, ReleasePlanned, ReleaseDated, ReleaseUndated, ReadinessWaived, ReleaseHeld, ReminderDue, SettlementAgreed, InvitationPlanned, InvitationPlanDropped, CaseSplit, SplitFrom, CasesMerged,
                               SiblingTermsChanged, RemedyWaitsFor, RemedyWaitEnded, DeliveryMoved, RemedyBlocked, RemedyUnblocked, RemedyAssessed, ReadinessAgreed, SupportStated, TargetAgreed, TargetMoved,
                               TargetDropped, SilenceNoted, Escalated, ProceededWithout, DuplicateLinked, CreditStated, MessageAmended, MessageRetracted, TrackingIdSet, LeakClaimed, LeakNoted, LeakClosed, GlassBroken, GlassClosed,
                               ScopeConfirmed, FactCorrected, FactCorrectionEnded, ProductPlaced, ContentClassed, RulesOverridden,
                               IncidentRecorded, IncidentMoved, IncidentFactStated, NoticeDrafted, NoticeDropped, NoticeCleared, NoticeFiled, NoticeReceiptAdded, AreaReportDrafted, AreaReportPublished,
                               ClaimSourced, ThreatObjectsPrepared, ThreatObjectDropped, ReleaseCollectionsChosen, ThreatObjectHeld,
                               MitigationNoted, MitigationProposed, MitigationProposalEnded, MitigationCollectionsChosen, MitigationShared, MitigationTold>();
}

std::vector<access::Compartment> compartments_of(const CaseFold& fold) {
  std::vector<access::Compartment> out{access::Compartment::coordination(), access::Compartment::shared()};
  for (const auto& [id, participant] : fold.participants) out.push_back(access::Compartment::of(id));
  for (const auto& report : fold.reports)
    if (!report.kept_in) out.push_back(access::Compartment::of(report.id));
  for (const auto& [id, group] : fold.groups) out.push_back(access::Compartment::of(id));
  return out;
}

bool contact_is_withheld(const ReportCard& report, const access::Standing& standing, std::optional<OrganisationId> viewer) {
  if (!report.content || !report.content->contact || report.content->may_share_identity == YesNo::Yes) return false;
  const bool own = std::find(standing.own_reports.begin(), standing.own_reports.end(), report.id) != standing.own_reports.end();
  const bool chosen = viewer && (report.to == viewer || std::any_of(report.routes.begin(), report.routes.end(), [&](const auto& route) { return route.by_reporter && route.to == viewer; }));
  return !own && !chosen;
}

void withhold_contact(CaseFold& fold, const access::Standing& standing, std::optional<OrganisationId> viewer) {
  for (auto& report : fold.reports)
    if (contact_is_withheld(report, standing, viewer)) report.content->contact.reset();
}

bool may_know_of(const CaseFold& fold, const access::Standing& standing, std::optional<OrganisationId> viewer, OrganisationId other) {
  if (standing.is_owner || standing.is_admitted_coordinator || standing.is_behind_glass || viewer == other || other == fold.owner) return true;
  if (viewer && std::any_of(fold.reports.begin(), fold.reports.end(), [&](const ReportCard& report) { return report.reporter == viewer && report.to == other; })) return true;  // to whom it sent its report
  const auto* participant = fold.participant(other);
  return participant != nullptr && participant->roles.contains(Role::Coordinator) && participant->admission == Admission::Confirmed;
}

}  // namespace sluice::cvd
