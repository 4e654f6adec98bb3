// The rules of a case: what a command does in a state, or why it can't be done now.
//
// Pure and total: decide(state, command, ask) -> events. Whether the caller may do it at all was asked before (access::authorize);
// whether what it tells may reach whom is asked after (gate::judge). Here stand the rules of the protocol alone.
// Every refusal says what is in the way in words that fit, whatever else the case may hold that the caller can't see (EXI-1).
#pragma once

#include "cvd/case.h"
#include "cvd/commands.h"
#include "cvd/default_embargo.h"

namespace sluice::cvd {

struct Actor {
  OrganisationId organisation;
  std::optional<PersonId> person;
  bool reporter = false;  // by report code: speaks for a report, not for an organisation
  std::optional<ReportId> report;  // which one
  bool machine = false;   // a timer
};

// What the gate says of each who stands for a role, before two persons decide.
struct MitigationGate {
  DecisionId decision;                              // that this will be
  std::vector<MitigationReceiver> receivers;        // whom it allows
  std::vector<MitigationLeftOut> left_out;
};

// What the service looked up for the command, because pure rules can't.
struct Known {
  EmbargoPolicy receiver_policy;        // of the organisation that receives a report
  std::optional<Duration> vendor_answers_within;  // by the case owner's own policy, before it goes on without
  std::optional<std::string> score;     // the score that belongs to the CVSS vector
  Hash document_hash{};                 // of the advisory drafted
  std::vector<Hash> documents;          // composed, checked and signed for a release plan
  std::optional<access::OrganisationKind> receiver_kind;  // of whom a report is passed on to, if it takes reports here
  bool two_persons = true;              // ACC-11: a site of one may switch it off
  bool needs_second_person = false;     // what access::authorize said of this actor and this command
  bool asker_still_may = true;          // of a request that is confirmed: whoever asked has the right to this day
  const CaseFold* other = nullptr;      // the case to merge, of the same owner
  std::vector<std::string> denying_rules;  // of an override that names none: the rules that deny what it is about, as things stand
  std::optional<RulingId> ruling;           // of what the gate let go
  std::vector<PreparedObject> prepared;     // threat objects, read and checked; of a mitigation: those that its receivers get
  std::optional<MitigationGate> mitigation;
  std::vector<std::string> collections;     // ids of those that were named; the owner writes each
  std::vector<std::string> closed_collections;  // of a release that is due: those that take nothing from the owner any more
};

struct Ask {
  Actor actor;
  Instant now;
  Instant occurred;
  Random& random;
  Known known = {};
};

Result<Changes> decide(const CaseState& state, const Command& command, const Ask& ask);

// A report that was sent to `to` opens a case that `to` owns (ISO/IEC 29147 5.6.3); terms follow the default rule (Vultron: default embargoes).
struct NewReport {
  CaseId case_id;
  ReportId report;
  OrganisationId to;
  bool to_is_vendor = false;
  ReportContent content;
  std::optional<OrganisationId> reporter;  // with an account
  std::optional<std::vector<std::string>> classes = {};  // of what it holds, as the reporter says
};
Result<Changes> open_for_report(const NewReport& report, const Ask& ask);

// A case without a report: found by the owner itself, or begun by a coordinator.
Result<Changes> open_case(CaseId id, const std::string& title, bool owner_is_vendor, const Ask& ask);

// Who of the vendors and delivery partners isn't ready for this release's vulnerabilities, in words. Empty: all are.
std::vector<std::string> not_ready(const CaseFold& fold, const Release& release);

// When the clock next changes something in this case: an embargo's end, an answer window's close, a release, the end of a request, a reminder.
std::optional<Instant> next_due(const CaseFold& fold);

namespace rules {  // one function a command, in decide_*.cpp
#define SLUICE_RULE(C) Result<Changes> decide_one(const CaseFold&, const C&, const Ask&);
SLUICE_RULE(DescribeCase) SLUICE_RULE(StepReport) SLUICE_RULE(PostToMailbox) SLUICE_RULE(RecordContactAttempt) SLUICE_RULE(SuggestParticipant) SLUICE_RULE(InviteParticipant)
SLUICE_RULE(AnswerInvitation) SLUICE_RULE(ConfirmParticipant) SLUICE_RULE(SuspendParticipant) SLUICE_RULE(RestoreParticipant) SLUICE_RULE(RemoveParticipant) SLUICE_RULE(LeaveCase)
SLUICE_RULE(ProposeTerms) SLUICE_RULE(AnswerTerms) SLUICE_RULE(SettleTerms) SLUICE_RULE(RefuseTerms) SLUICE_RULE(EndEmbargo) SLUICE_RULE(OpenThread) SLUICE_RULE(PostMessage)
SLUICE_RULE(AddFile) SLUICE_RULE(AddVulnerability) SLUICE_RULE(DescribeVulnerability) SLUICE_RULE(SetIdentifier) SLUICE_RULE(AssessSeverity) SLUICE_RULE(AddProduct) SLUICE_RULE(AskStatus) SLUICE_RULE(SetStatus)
SLUICE_RULE(StepRemedy) SLUICE_RULE(ReopenRemedy) SLUICE_RULE(ClaimFact) SLUICE_RULE(AdoptFact) SLUICE_RULE(RefuseFact) SLUICE_RULE(DraftStatement) SLUICE_RULE(ApproveStatement)
SLUICE_RULE(RecordDecision) SLUICE_RULE(DraftAdvisory) SLUICE_RULE(ApproveAdvisory) SLUICE_RULE(PlanRelease) SLUICE_RULE(WaiveReadiness) SLUICE_RULE(HoldRelease)
SLUICE_RULE(EraseCompartment) SLUICE_RULE(ConfirmRequest) SLUICE_RULE(RefuseRequest) SLUICE_RULE(WithdrawRequest) SLUICE_RULE(FireRelease) SLUICE_RULE(PassTime) SLUICE_RULE(RouteReport)
SLUICE_RULE(OfferOwnership) SLUICE_RULE(TakeOwnership) SLUICE_RULE(ReleaseEarly)
SLUICE_RULE(ChooseSettlement) SLUICE_RULE(AskConsent) SLUICE_RULE(PlanInvitation) SLUICE_RULE(DropInvitationPlan) SLUICE_RULE(SetRoles) SLUICE_RULE(SplitCase) SLUICE_RULE(MergeCases)
SLUICE_RULE(WaitForRemedy) SLUICE_RULE(EndWait) SLUICE_RULE(BlockRemedy) SLUICE_RULE(UnblockRemedy) SLUICE_RULE(AssessRemedy) SLUICE_RULE(AgreeReadiness) SLUICE_RULE(StateSupport)
SLUICE_RULE(AgreeTarget) SLUICE_RULE(MoveTarget) SLUICE_RULE(DropTarget) SLUICE_RULE(Escalate) SLUICE_RULE(ProceedWithout) SLUICE_RULE(LinkDuplicate) SLUICE_RULE(StateCredit)
SLUICE_RULE(FormGroup) SLUICE_RULE(ChangeGroup) SLUICE_RULE(InviteMany) SLUICE_RULE(AmendMessage) SLUICE_RULE(RetractMessage) SLUICE_RULE(SetTrackingId)
SLUICE_RULE(ClaimLeak) SLUICE_RULE(NoteLeak) SLUICE_RULE(CloseLeak)
SLUICE_RULE(ConfirmScope) SLUICE_RULE(CorrectFact) SLUICE_RULE(EndCorrection) SLUICE_RULE(PlaceProduct) SLUICE_RULE(ClassContent)
SLUICE_RULE(RecordIncident) SLUICE_RULE(MoveIncident) SLUICE_RULE(StateIncident) SLUICE_RULE(DraftNotice) SLUICE_RULE(DropNotice) SLUICE_RULE(ClearNotice) SLUICE_RULE(FileNotice) SLUICE_RULE(AddNoticeReceipt) SLUICE_RULE(DraftAreaReport) SLUICE_RULE(PublishAreaReport)
SLUICE_RULE(PrepareThreatObjects) SLUICE_RULE(DropThreatObject) SLUICE_RULE(ChooseReleaseCollections) SLUICE_RULE(ProposeFact) SLUICE_RULE(NoteHeldObject)
SLUICE_RULE(NoteMitigation) SLUICE_RULE(ChooseMitigationCollections) SLUICE_RULE(ShareMitigation) SLUICE_RULE(DeclineMitigation)
#undef SLUICE_RULE

access::Compartment coordination();
access::Compartment shared();
access::Compartment own(OrganisationId organisation);
access::Compartment of_report(ReportId report);

// The event in the organisation's own compartment and, for the coordinators' record, in coordination.
Changes to_both(OrganisationId organisation, const Event& event);
// In shared without naming who, and in coordination with the name, unless the actor is the owner, who is known to all.
Changes to_all(const CaseFold& fold, const Ask& ask, const Event& event);
// Not taking part yet, nor about to: an open invitation may be renewed.
Result<void> may_be_invited(const CaseFold& fold, OrganisationId organisation, std::string where);
// What confirming the organisation tells the reporter of each report that was passed on to it, and that it comes to read.
Changes taken_up(const CaseFold& fold, OrganisationId organisation);
Result<void> text_fits(const std::string& text, std::size_t most, std::string where);
// Reminders of targets and questions whose instant has come, and the silence after them.
Changes due_reminders(const CaseFold& fold, Instant now);
// Ended early: what was planned for the old end becomes a task for a person, since the end of an embargo publishes nothing (REL-6).
Changes held(ReleaseId release, const std::string& why);  // the reason for coordination; for all that the date no longer stands
enum class Plans { Hold, Keep };
Changes end_of_embargo(const CaseFold& fold, const std::string& reason, Plans plans);
}  // namespace rules

}  // namespace sluice::cvd
