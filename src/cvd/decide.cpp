#include "cvd/mitigation.h"
#include "cvd/parties.h"
#include "cvd/reason.h"
#include "cvd/second_person.h"
#include "cvd/targets.h"

#include <algorithm>

#include "base/utf8.h"

namespace sluice::cvd {

namespace rules {

access::Compartment coordination() { return access::Compartment::coordination(); }
access::Compartment shared() { return access::Compartment::shared(); }
access::Compartment own(OrganisationId organisation) { return access::Compartment::of(organisation); }
access::Compartment of_report(ReportId report) { return access::Compartment::of(report); }

Changes to_both(OrganisationId organisation, const Event& event) { return {{own(organisation), event}, {coordination(), event}}; }

Changes to_all(const CaseFold& fold, const Ask& ask, const Event& event) {
  if (ask.actor.organisation == fold.owner || ask.actor.machine) return {{shared(), event}};
  return {{shared(), event, Attribution::Unattributed}, {coordination(), event}};
}

Result<void> text_fits(const std::string& text, std::size_t most, std::string where) {
  if (!has_visible(text)) return fail(ErrorKind::Invalid, "Please write something here.", std::move(where));
  if (text.size() > most) return fail(ErrorKind::Invalid, "This is longer than the " + std::to_string(most) + " bytes that fit here.", std::move(where));
  return {};
}

Result<void> reason_fits(const std::string& text, std::size_t most, std::string where) {
  if (!has_letter_or_digit(text)) return fail(ErrorKind::Invalid, "Please say it in words.", std::move(where));
  return text_fits(text, most, std::move(where));
}

Changes held(ReleaseId release, const std::string& why) { return {{coordination(), ReleaseHeld{release, why}}, {shared(), ReleaseUndated{release}}}; }

Changes end_of_embargo(const CaseFold& fold, const std::string& reason, Plans plans) {
  Changes out;
  for (const auto& terms : fold.terms)
    if (terms.state == Terms::State::Open) out.push_back({shared(), TermsRefused{terms.version, reason}});
  if (!binds(fold.embargo)) return out;
  out.push_back({shared(), EmbargoEnded{reason}});
  if (plans == Plans::Hold)
    for (const auto& release : fold.releases)
      if (release.state == Release::State::Planned && release.version > 0)
        for (auto& change : held(release.id, reason + " The embargo has ended early: decide when to publish.")) out.push_back(std::move(change));
  return out;
}

}  // namespace rules

namespace {
// In an erased compartment nothing is written any more; what would stand nowhere else isn't accepted in silence.
Result<void> stands_somewhere(const CaseFold& fold, const Changes& changes) {
  const auto is_gone = [&](const Change& change) { return fold.erased.contains(change.compartment.text()); };
  if (!changes.empty() && std::all_of(changes.begin(), changes.end(), is_gone)) return fail(ErrorKind::Conflict, "This part of the case was erased, so nothing can be written there.");
  return {};
}
}  // namespace

Result<Changes> decide(const CaseState& state, const Command& command, const Ask& ask) {
  TRY(rules::takes_work(state.fold, command));
  TRY(auto changes, visit([&](const auto& c) { return rules::decide_one(state.fold, c, ask); }, command));
  TRY(stands_somewhere(state.fold, changes));
  for (auto& proposal : mitigation_proposals(state.fold, changes, ask)) changes.push_back(std::move(proposal));
  return with_second_person(state.fold, command, std::move(changes), ask);
}

std::string_view name_of(const Command& command) {
  struct Names {
    std::string_view operator()(const DescribeCase&) { return "case.describe"; }
    std::string_view operator()(const StepReport& c) {
      switch (c.action) {
        case ReportAction::Receive: return "triage.receive";
        case ReportAction::Validate: return "triage.validate";
        case ReportAction::Invalidate: return "triage.invalidate";
        case ReportAction::Accept: return "triage.accept";
        case ReportAction::Defer: return "triage.defer";
        case ReportAction::Close: return "case.close";
      }
      return "triage";
    }
    std::string_view operator()(const PostToMailbox&) { return "report.message"; }
    std::string_view operator()(const RecordContactAttempt&) { return "report.contact"; }
    std::string_view operator()(const RouteReport&) { return "report.route"; }
    std::string_view operator()(const SuggestParticipant&) { return "participant.suggest"; }
    std::string_view operator()(const InviteParticipant&) { return "participant.invite"; }
    std::string_view operator()(const AnswerInvitation&) { return "participant.answer"; }
    std::string_view operator()(const ConfirmParticipant&) { return "participant.confirm"; }
    std::string_view operator()(const SuspendParticipant&) { return "participant.suspend"; }
    std::string_view operator()(const RestoreParticipant&) { return "participant.restore"; }
    std::string_view operator()(const RemoveParticipant&) { return "participant.remove"; }
    std::string_view operator()(const LeaveCase&) { return "participant.leave"; }
    std::string_view operator()(const OfferOwnership&) { return "owner.offer"; }
    std::string_view operator()(const TakeOwnership&) { return "owner.accept"; }
    std::string_view operator()(const ProposeTerms&) { return "embargo.propose"; }
    std::string_view operator()(const AnswerTerms&) { return "embargo.answer"; }
    std::string_view operator()(const SettleTerms&) { return "embargo.settle"; }
    std::string_view operator()(const RefuseTerms&) { return "embargo.refuse"; }
    std::string_view operator()(const EndEmbargo&) { return "embargo.end"; }
    std::string_view operator()(const OpenThread&) { return "thread.open"; }
    std::string_view operator()(const PostMessage&) { return "thread.post"; }
    std::string_view operator()(const AddFile&) { return "file.add"; }
    std::string_view operator()(const AddVulnerability&) { return "vulnerability.add"; }
    std::string_view operator()(const DescribeVulnerability&) { return "vulnerability.describe"; }
    std::string_view operator()(const SetIdentifier&) { return "identifier.set"; }
    std::string_view operator()(const AssessSeverity&) { return "triage.assess"; }
    std::string_view operator()(const AddProduct&) { return "product.add"; }
    std::string_view operator()(const AskStatus&) { return "status.ask"; }
    std::string_view operator()(const SetStatus&) { return "status.set"; }
    std::string_view operator()(const StepRemedy&) { return "remedy.step"; }
    std::string_view operator()(const ReopenRemedy&) { return "remedy.reopen"; }
    std::string_view operator()(const ClaimFact&) { return "fact.claim"; }
    std::string_view operator()(const AdoptFact&) { return "fact.adopt"; }
    std::string_view operator()(const RefuseFact&) { return "fact.refuse"; }
    std::string_view operator()(const DraftStatement&) { return "statement.draft"; }
    std::string_view operator()(const ApproveStatement&) { return "statement.approve"; }
    std::string_view operator()(const RecordDecision&) { return "decision.record"; }
    std::string_view operator()(const DraftAdvisory&) { return "advisory.draft"; }
    std::string_view operator()(const ApproveAdvisory&) { return "advisory.approve"; }
    std::string_view operator()(const PlanRelease&) { return "release.plan"; }
    std::string_view operator()(const WaiveReadiness&) { return "release.waive"; }
    std::string_view operator()(const HoldRelease&) { return "release.hold"; }
    std::string_view operator()(const EraseCompartment&) { return "compartment.erase"; }
    std::string_view operator()(const ConfirmRequest&) { return "request.confirm"; }
    std::string_view operator()(const RefuseRequest&) { return "request.refuse"; }
    std::string_view operator()(const WithdrawRequest&) { return "request.withdraw"; }
    std::string_view operator()(const FireRelease&) { return "release.fire"; }
    std::string_view operator()(const ReleaseEarly&) { return "release.early"; }
    std::string_view operator()(const PassTime&) { return "timer.fire"; }
    std::string_view operator()(const ChooseSettlement&) { return "embargo.policy"; }
    std::string_view operator()(const AskConsent&) { return "embargo.ask"; }
    std::string_view operator()(const PlanInvitation&) { return "participant.plan"; }
    std::string_view operator()(const DropInvitationPlan&) { return "participant.unplan"; }
    std::string_view operator()(const SetRoles&) { return "participant.roles"; }
    std::string_view operator()(const SplitCase&) { return "case.split"; }
    std::string_view operator()(const MergeCases&) { return "case.merge"; }
    std::string_view operator()(const WaitForRemedy&) { return "remedy.depend"; }
    std::string_view operator()(const EndWait&) { return "remedy.undepend"; }
    std::string_view operator()(const BlockRemedy&) { return "remedy.block"; }
    std::string_view operator()(const UnblockRemedy&) { return "remedy.unblock"; }
    std::string_view operator()(const AssessRemedy&) { return "remedy.quality"; }
    std::string_view operator()(const AgreeReadiness&) { return "release.readiness"; }
    std::string_view operator()(const StateSupport&) { return "product.support"; }
    std::string_view operator()(const AgreeTarget&) { return "target.agree"; }
    std::string_view operator()(const MoveTarget&) { return "target.move"; }
    std::string_view operator()(const DropTarget&) { return "target.drop"; }
    std::string_view operator()(const Escalate&) { return "escalate"; }
    std::string_view operator()(const ProceedWithout&) { return "vendor.without"; }
    std::string_view operator()(const LinkDuplicate&) { return "triage.duplicate"; }
    std::string_view operator()(const StateCredit&) { return "report.credit"; }
    std::string_view operator()(const FormGroup&) { return "group.form"; }
    std::string_view operator()(const ChangeGroup&) { return "group.change"; }
    std::string_view operator()(const InviteMany&) { return "participant.invite_many"; }
    std::string_view operator()(const AmendMessage&) { return "thread.amend"; }
    std::string_view operator()(const RetractMessage&) { return "thread.retract"; }
    std::string_view operator()(const SetTrackingId&) { return "tracking.set"; }
    std::string_view operator()(const ClaimLeak&) { return "leak.claim"; }
    std::string_view operator()(const NoteLeak&) { return "leak.note"; }
    std::string_view operator()(const CloseLeak&) { return "leak.close"; }
    std::string_view operator()(const ConfirmScope&) { return "scope.confirm"; }
    std::string_view operator()(const CorrectFact&) { return "fact.correct"; }
    std::string_view operator()(const EndCorrection&) { return "fact.uncorrect"; }
    std::string_view operator()(const PlaceProduct&) { return "product.place"; }
    std::string_view operator()(const ClassContent&) { return "content.class"; }
    std::string_view operator()(const RecordIncident&) { return "incident.record"; }
    std::string_view operator()(const MoveIncident&) { return "incident.move"; }
    std::string_view operator()(const StateIncident&) { return "incident.state"; }
    std::string_view operator()(const DraftNotice&) { return "notice.draft"; }
    std::string_view operator()(const DropNotice&) { return "notice.drop"; }
    std::string_view operator()(const ClearNotice&) { return "notice.clear"; }
    std::string_view operator()(const FileNotice&) { return "notice.file"; }
    std::string_view operator()(const AddNoticeReceipt&) { return "notice.receipt"; }
    std::string_view operator()(const DraftAreaReport&) { return "area_report.draft"; }
    std::string_view operator()(const PublishAreaReport&) { return "area_report.publish"; }
    std::string_view operator()(const PrepareThreatObjects&) { return "threat.prepare"; }
    std::string_view operator()(const DropThreatObject&) { return "threat.drop"; }
    std::string_view operator()(const ChooseReleaseCollections&) { return "threat.collections"; }
    std::string_view operator()(const ProposeFact&) { return "fact.propose"; }
    std::string_view operator()(const NoteHeldObject&) { return "threat.hold"; }
    std::string_view operator()(const NoteMitigation&) { return "mitigation.note"; }
    std::string_view operator()(const ChooseMitigationCollections&) { return "mitigation.collections"; }
    std::string_view operator()(const ShareMitigation&) { return "mitigation.share"; }
    std::string_view operator()(const DeclineMitigation&) { return "mitigation.decline"; }
  };
  return visit(Names{}, command);
}

std::optional<access::Action> action_of(const Command& command) {
  using A = access::Action;
  struct Actions {
    using R = std::optional<A>;
    R operator()(const DescribeCase&) { return A::DescribeCase; }
    R operator()(const StepReport&) { return A::SetOwnReportState; }
    R operator()(const PostToMailbox&) { return A::UseMailbox; }
    R operator()(const RecordContactAttempt&) { return A::RecordContactAttempt; }
    R operator()(const RouteReport&) { return A::RouteReport; }
    R operator()(const SuggestParticipant&) { return A::SuggestParticipant; }
    R operator()(const InviteParticipant&) { return A::InviteParticipant; }
    R operator()(const AnswerInvitation&) { return A::AnswerInvitation; }
    R operator()(const ConfirmParticipant&) { return A::ConfirmParticipant; }
    R operator()(const SuspendParticipant&) { return A::SuspendParticipant; }
    R operator()(const RestoreParticipant&) { return A::RestoreParticipant; }
    R operator()(const RemoveParticipant&) { return A::RemoveParticipant; }
    R operator()(const LeaveCase&) { return A::LeaveCase; }
    R operator()(const OfferOwnership&) { return A::OfferOwnership; }
    R operator()(const TakeOwnership&) { return A::TakeOwnership; }
    R operator()(const ProposeTerms&) { return A::ProposeTerms; }
    R operator()(const AnswerTerms&) { return A::AnswerTerms; }
    R operator()(const SettleTerms&) { return A::SettleTerms; }
    R operator()(const RefuseTerms&) { return A::RefuseTerms; }
    R operator()(const EndEmbargo&) { return A::EndEmbargo; }
    R operator()(const OpenThread&) { return A::OpenThread; }
    R operator()(const PostMessage&) { return A::PostMessage; }
    R operator()(const AddFile&) { return A::AddFile; }
    R operator()(const AddVulnerability&) { return A::AddVulnerability; }
    R operator()(const DescribeVulnerability&) { return A::AddVulnerability; }
    R operator()(const SetIdentifier&) { return A::SetIdentifier; }
    R operator()(const AssessSeverity&) { return A::AssessSeverity; }
    R operator()(const AddProduct&) { return A::AddProduct; }
    R operator()(const AskStatus&) { return A::AskStatus; }
    R operator()(const SetStatus&) { return A::SetStatus; }
    R operator()(const StepRemedy&) { return A::SetRemedyStep; }
    R operator()(const ReopenRemedy&) { return A::SetRemedyStep; }
    R operator()(const ClaimFact&) { return A::ClaimFact; }
    R operator()(const AdoptFact&) { return A::AdoptFact; }
    R operator()(const RefuseFact&) { return A::AdoptFact; }
    R operator()(const DraftStatement&) { return A::DraftStatement; }
    R operator()(const ApproveStatement&) { return A::ApproveStatement; }
    R operator()(const RecordDecision& c) { return c.kind == DecisionSort::Override || c.kind == DecisionSort::Waive ? A::Override : A::RecordDecision; }
    R operator()(const DraftAdvisory&) { return A::ComposeAdvisory; }
    R operator()(const ApproveAdvisory&) { return A::ApproveAdvisory; }
    R operator()(const PlanRelease&) { return A::PlanRelease; }
    R operator()(const WaiveReadiness&) { return A::WaiveReadiness; }
    R operator()(const HoldRelease&) { return A::HoldRelease; }
    R operator()(const EraseCompartment&) { return A::EraseCompartment; }
    R operator()(const ConfirmRequest&) { return A::AnswerRequest; }
    R operator()(const RefuseRequest&) { return A::AnswerRequest; }
    R operator()(const WithdrawRequest&) { return A::WithdrawRequest; }
    R operator()(const FireRelease&) { return std::nullopt; }
    R operator()(const ReleaseEarly&) { return A::FireRelease; }
    R operator()(const PassTime&) { return std::nullopt; }
    R operator()(const ChooseSettlement&) { return A::SettleTerms; }
    R operator()(const AskConsent&) { return A::InviteParticipant; }
    R operator()(const PlanInvitation&) { return A::InviteParticipant; }
    R operator()(const DropInvitationPlan&) { return A::InviteParticipant; }
    R operator()(const SetRoles&) { return A::SetRoles; }
    R operator()(const SplitCase&) { return A::MergeCases; }
    R operator()(const MergeCases&) { return A::MergeCases; }
    R operator()(const WaitForRemedy&) { return A::SetRemedyStep; }
    R operator()(const EndWait&) { return A::SetRemedyStep; }
    R operator()(const BlockRemedy&) { return A::SetRemedyStep; }
    R operator()(const UnblockRemedy&) { return A::SetRemedyStep; }
    R operator()(const AssessRemedy&) { return A::SetRemedyStep; }
    R operator()(const AgreeReadiness&) { return A::PlanRelease; }
    R operator()(const StateSupport&) { return A::SetStatus; }
    R operator()(const AgreeTarget&) { return A::AgreeTarget; }
    R operator()(const MoveTarget&) { return A::AgreeTarget; }
    R operator()(const DropTarget&) { return A::AgreeTarget; }
    R operator()(const Escalate&) { return A::Escalate; }
    R operator()(const ProceedWithout&) { return A::Override; }  // it lifts the wait for somebody, as a waiver does
    R operator()(const LinkDuplicate&) { return A::LinkDuplicate; }
    R operator()(const StateCredit&) { return A::UseMailbox; }
    R operator()(const FormGroup&) { return A::ChangeGroup; }
    R operator()(const ChangeGroup&) { return A::ChangeGroup; }
    R operator()(const InviteMany&) { return A::InviteParticipant; }
    R operator()(const AmendMessage&) { return A::PostMessage; }
    R operator()(const RetractMessage&) { return A::PostMessage; }
    R operator()(const SetTrackingId&) { return A::WriteOwnOrg; }
    R operator()(const ClaimLeak&) { return A::ClaimLeak; }
    R operator()(const NoteLeak&) { return A::HandleLeak; }
    R operator()(const CloseLeak&) { return A::HandleLeak; }
    R operator()(const ConfirmScope&) { return A::ConfirmScope; }
    R operator()(const CorrectFact&) { return A::CorrectFact; }
    R operator()(const EndCorrection&) { return A::CorrectFact; }
    R operator()(const PlaceProduct&) { return A::SetStatus; }
    R operator()(const ClassContent&) { return A::AddFile; }
    R operator()(const RecordIncident&) { return A::RecordIncident; }
    R operator()(const MoveIncident&) { return A::RecordIncident; }
    R operator()(const StateIncident&) { return A::RecordIncident; }
    R operator()(const DraftNotice&) { return A::DraftNotice; }
    R operator()(const DropNotice&) { return A::DraftNotice; }
    R operator()(const ClearNotice&) { return A::FileNotice; }
    R operator()(const FileNotice&) { return A::FileNotice; }
    R operator()(const AddNoticeReceipt&) { return A::DraftNotice; }
    R operator()(const DraftAreaReport&) { return A::DraftNotice; }
    R operator()(const PublishAreaReport&) { return A::FileNotice; }
    R operator()(const PrepareThreatObjects&) { return A::ComposeAdvisory; }  // what the release brings, beside the advisory
    R operator()(const DropThreatObject&) { return A::ComposeAdvisory; }
    R operator()(const ChooseReleaseCollections&) { return A::PlanRelease; }
    R operator()(const ProposeFact&) { return std::nullopt; }
    R operator()(const NoteHeldObject&) { return std::nullopt; }
    R operator()(const NoteMitigation&) { return A::SetRemedyStep; }
    R operator()(const ChooseMitigationCollections&) { return A::PlanRelease; }
    R operator()(const ShareMitigation&) { return A::ShareMitigation; }
    R operator()(const DeclineMitigation&) { return A::HoldRelease; }
  };
  return visit(Actions{}, command);
}

std::optional<Instant> next_due(const CaseFold& fold) {
  std::optional<Instant> due;
  const auto consider = [&](Instant instant) { due = due ? std::min(*due, instant) : instant; };
  for (const auto& request : fold.requests)
    if (request.state == TwoPersonRequest::State::Open) consider(request.expires);
  if (fold.is_merged_away()) return due;  // the rest goes on in the other case
  if (binds(fold.embargo))
    if (const auto* running = fold.running_terms()) consider(running->until);
  for (const auto& terms : fold.terms)
    if (terms.state == Terms::State::Open) consider(terms.until);
  for (const auto& [id, participant] : fold.participants) {
    if (participant.admission == Admission::Invited && participant.respond_by && !participant.answered_at) consider(*participant.respond_by);
    for (const auto& terms : fold.terms)
      if (const auto closes = rules::consent_due(fold, id, terms)) consider(*closes);
  }
  for (const auto& plan : fold.planned_invitations)
    if (const auto when = rules::plan_due(fold, plan)) consider(*when);
  for (const auto& release : fold.releases)
    if (release.state == Release::State::Planned) consider(release.instant);
  if (const auto reminder = next_reminder(fold)) consider(*reminder);
  return due;
}

}  // namespace sluice::cvd
