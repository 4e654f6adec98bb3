// How the events of each area change the fold: one function an event, in fold_<area>.cpp. Called by apply() alone.
#pragma once

#include <algorithm>

#include "cvd/case.h"

namespace sluice::cvd::folds {

template <class T, class IdType>
auto* find_by_id(T& list, IdType id) {
  const auto found = std::find_if(list.begin(), list.end(), [&](const auto& item) { return item.id == id; });
  return found == list.end() ? nullptr : &*found;
}

inline Participant& participant_in(CaseFold& fold, OrganisationId id) {
  auto& participant = fold.participants[id];
  participant.organisation = id;
  return participant;
}

// Consent moves by its machine alone; a step it refuses (C5: the same event in a second stream) changes nothing.
inline void step_consent(Participant& participant, int version, ConsentAction action) {
  auto& consent = participant.consent[version];
  if (const auto moved = next(consent, action)) consent = *moved;
}

#define SLUICE_FOLD(E) void fold_one(CaseFold&, const E&, const Context&);
SLUICE_FOLD(SettlementAgreed) SLUICE_FOLD(ConsentAsked) SLUICE_FOLD(InvitationPlanned) SLUICE_FOLD(InvitationPlanDropped) SLUICE_FOLD(RolesChanged) SLUICE_FOLD(CaseSplit) SLUICE_FOLD(SplitFrom)
SLUICE_FOLD(ParticipantCarried) SLUICE_FOLD(CasesMerged) SLUICE_FOLD(SiblingTermsChanged) SLUICE_FOLD(ReportCarried)
SLUICE_FOLD(RemedyWaitsFor) SLUICE_FOLD(RemedyWaitEnded) SLUICE_FOLD(DeliveryMoved) SLUICE_FOLD(RemedyBlocked) SLUICE_FOLD(RemedyUnblocked) SLUICE_FOLD(RemedyAssessed) SLUICE_FOLD(ReadinessAgreed)
SLUICE_FOLD(SupportStated)
SLUICE_FOLD(TargetAgreed) SLUICE_FOLD(TargetMoved) SLUICE_FOLD(TargetDropped) SLUICE_FOLD(ReminderDue) SLUICE_FOLD(SilenceNoted) SLUICE_FOLD(Escalated) SLUICE_FOLD(ProceededWithout) SLUICE_FOLD(DuplicateLinked)
SLUICE_FOLD(CreditStated)
SLUICE_FOLD(GroupFormed) SLUICE_FOLD(GroupChanged) SLUICE_FOLD(GroupJoined) SLUICE_FOLD(GroupLeft) SLUICE_FOLD(MessageAmended) SLUICE_FOLD(MessageRetracted) SLUICE_FOLD(TrackingIdSet)
SLUICE_FOLD(LeakClaimed) SLUICE_FOLD(LeakNoted) SLUICE_FOLD(LeakClosed)
SLUICE_FOLD(ScopeConfirmed) SLUICE_FOLD(FactCorrected) SLUICE_FOLD(FactCorrectionEnded) SLUICE_FOLD(ProductPlaced) SLUICE_FOLD(ContentClassed) SLUICE_FOLD(RulesOverridden)
SLUICE_FOLD(IncidentRecorded) SLUICE_FOLD(IncidentMoved) SLUICE_FOLD(IncidentFactStated) SLUICE_FOLD(NoticeDrafted) SLUICE_FOLD(NoticeDropped) SLUICE_FOLD(NoticeCleared) SLUICE_FOLD(NoticeFiled) SLUICE_FOLD(NoticeReceiptAdded) SLUICE_FOLD(AreaReportDrafted) SLUICE_FOLD(AreaReportPublished)
SLUICE_FOLD(ClaimSourced) SLUICE_FOLD(ThreatObjectsPrepared) SLUICE_FOLD(ThreatObjectDropped) SLUICE_FOLD(ReleaseCollectionsChosen) SLUICE_FOLD(ThreatObjectHeld)
SLUICE_FOLD(MitigationNoted) SLUICE_FOLD(MitigationProposed) SLUICE_FOLD(MitigationProposalEnded) SLUICE_FOLD(MitigationCollectionsChosen) SLUICE_FOLD(MitigationShared) SLUICE_FOLD(MitigationTold)
#undef SLUICE_FOLD

}  // namespace sluice::cvd::folds
