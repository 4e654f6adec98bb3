// What may be asked of a case. A command is what a caller wants; decide() answers with events or says why not.
//
// The structs are the bodies of the API's POST requests (bind.h reads them), so a field here is a field there.
// Ids that a command makes anew (threads, products, …) are drawn by decide() from the Random it is given.
#pragma once

#include <variant>

#include "access/authorize.h"
#include "cvd/events.h"
#include "cvd/incident_commands.h"
#include "cvd/mitigation_commands.h"
#include "cvd/threat_commands.h"

namespace sluice::cvd {

struct DescribeCase { std::string title; std::optional<std::string> summary; };
BOOST_DESCRIBE_STRUCT(DescribeCase, (), (title, summary))

struct StepReport { ReportAction action = ReportAction::Validate; std::optional<std::string> why; std::optional<bool> still_honours_terms; };
BOOST_DESCRIBE_STRUCT(StepReport, (), (action, why, still_honours_terms))
struct PostToMailbox { ReportId report; std::string text; std::optional<std::vector<std::string>> classes = {}; };
BOOST_DESCRIBE_STRUCT(PostToMailbox, (), (report, text, classes))
struct RecordContactAttempt { ReportId report; std::string whom, how; std::optional<std::string> answer; };
BOOST_DESCRIBE_STRUCT(RecordContactAttempt, (), (report, whom, how, answer))

// To another organisation that takes reports here: it is invited, and reads nothing before it has accepted.
struct RouteReport { ReportId report; OrganisationId to; RouteReason reason = RouteReason::ReporterAsked; std::string why; std::optional<Instant> respond_by; };
BOOST_DESCRIBE_STRUCT(RouteReport, (), (report, to, reason, why, respond_by))

struct SuggestParticipant { std::string whom; std::string essential_because; };
BOOST_DESCRIBE_STRUCT(SuggestParticipant, (), (whom, essential_because))
struct InviteParticipant { OrganisationId organisation; std::vector<Role> roles; std::string essential_because; std::optional<Instant> respond_by; };
BOOST_DESCRIBE_STRUCT(InviteParticipant, (), (organisation, roles, essential_because, respond_by))
struct AnswerInvitation { bool accepted = false; std::optional<int> terms; std::optional<std::string> note; };
BOOST_DESCRIBE_STRUCT(AnswerInvitation, (), (accepted, terms, note))
struct ConfirmParticipant { OrganisationId organisation; std::string checked_how; };
BOOST_DESCRIBE_STRUCT(ConfirmParticipant, (), (organisation, checked_how))
struct SuspendParticipant { OrganisationId organisation; std::string why; };
BOOST_DESCRIBE_STRUCT(SuspendParticipant, (), (organisation, why))
struct RestoreParticipant { OrganisationId organisation; std::string why; };
BOOST_DESCRIBE_STRUCT(RestoreParticipant, (), (organisation, why))
struct RemoveParticipant { OrganisationId organisation; std::string why; };
BOOST_DESCRIBE_STRUCT(RemoveParticipant, (), (organisation, why))
struct LeaveCase { bool still_honours_terms = true; };
BOOST_DESCRIBE_STRUCT(LeaveCase, (), (still_honours_terms))

struct OfferOwnership { OrganisationId organisation; std::string why; };
BOOST_DESCRIBE_STRUCT(OfferOwnership, (), (organisation, why))
struct TakeOwnership { std::optional<std::string> why; };
BOOST_DESCRIBE_STRUCT(TakeOwnership, (), (why))

struct ProposeTerms { Instant until; std::optional<std::string> zone; std::optional<Instant> respond_by; std::optional<std::string> note; };
BOOST_DESCRIBE_STRUCT(ProposeTerms, (), (until, zone, respond_by, note))
struct AnswerTerms { int version = 0; bool accepted = false; std::optional<std::string> note; };
BOOST_DESCRIBE_STRUCT(AnswerTerms, (), (version, accepted, note))
// Without a version: by the answers, earliest end first (Vultron EM: many open proposals).
struct SettleTerms { std::optional<int> version; };
BOOST_DESCRIBE_STRUCT(SettleTerms, (), (version))
struct RefuseTerms { int version = 0; std::optional<std::string> why; };
BOOST_DESCRIBE_STRUCT(RefuseTerms, (), (version, why))
struct EndEmbargo { std::string reason; };
BOOST_DESCRIBE_STRUCT(EndEmbargo, (), (reason))

// `audience`: a compartment in its text form ("shared", "coordination", "org:o_…").
struct OpenThread { std::string audience; std::string topic; std::optional<std::string> text; std::optional<std::vector<std::string>> classes = {}; };
BOOST_DESCRIBE_STRUCT(OpenThread, (), (audience, topic, text, classes))
struct PostMessage { ThreadId thread; std::string text; std::optional<std::vector<std::string>> classes = {}; };
BOOST_DESCRIBE_STRUCT(PostMessage, (), (thread, text, classes))
struct AddFile { std::string audience; FileId file; std::string name; std::int64_t size = 0; Hash hash{}; std::string media_type; std::optional<std::vector<std::string>> classes = {}; };
BOOST_DESCRIBE_STRUCT(AddFile, (), (audience, file, name, size, hash, media_type, classes))

struct AddVulnerability { std::string title, description; std::optional<std::string> cwe; };
BOOST_DESCRIBE_STRUCT(AddVulnerability, (), (title, description, cwe))
struct DescribeVulnerability { VulnerabilityId vulnerability; std::string title, description; std::optional<std::string> cwe; };
BOOST_DESCRIBE_STRUCT(DescribeVulnerability, (), (vulnerability, title, description, cwe))
struct SetIdentifier { VulnerabilityId vulnerability; std::string identifier; std::optional<std::string> assigned_by; };
BOOST_DESCRIBE_STRUCT(SetIdentifier, (), (vulnerability, identifier, assigned_by))
struct AssessSeverity { VulnerabilityId vulnerability; std::string cvss; std::optional<std::string> note; };
BOOST_DESCRIBE_STRUCT(AssessSeverity, (), (vulnerability, cvss, note))
struct AddProduct { std::string name; std::optional<std::string> version, purl, cpe; std::optional<OrganisationId> vendor; };
BOOST_DESCRIBE_STRUCT(AddProduct, (), (name, version, purl, cpe, vendor))
struct AskStatus { std::vector<OrganisationId> organisations; VulnerabilityId vulnerability; std::optional<Instant> answer_by; };
BOOST_DESCRIBE_STRUCT(AskStatus, (), (organisations, vulnerability, answer_by))
struct SetStatus { VulnerabilityId vulnerability; ProductId product; Status status = Status::UnderInvestigation; std::optional<std::string> justification, note; };
BOOST_DESCRIBE_STRUCT(SetStatus, (), (vulnerability, product, status, justification, note))
struct StepRemedy { VulnerabilityId vulnerability; ProductId product; RemedyStep step = RemedyStep::Identified; std::optional<std::string> version, note; };
BOOST_DESCRIBE_STRUCT(StepRemedy, (), (vulnerability, product, step, version, note))
struct ReopenRemedy { VulnerabilityId vulnerability; ProductId product; RemedyStep back_to = RemedyStep::Identified; std::string found_how; };
BOOST_DESCRIBE_STRUCT(ReopenRemedy, (), (vulnerability, product, back_to, found_how))
// Who reads no vulnerability (by report code, or invited) names none: its claim is about what the case was opened for.
struct ClaimFact { std::optional<VulnerabilityId> vulnerability; Letter fact = Letter::P; std::string evidence; std::optional<Instant> occurred; };
BOOST_DESCRIBE_STRUCT(ClaimFact, (), (vulnerability, fact, evidence, occurred))
// Attacks: `end_embargo` says whether they end it. What is public, or its exploit, is no longer held back (Vultron: CS and EM rules): where other vulnerabilities of the case are, it goes
// to a sibling case together with those that are `inseparable` from it; with `end_embargo` and a reason it stays, and the embargo ends for the whole case.
struct AdoptFact { ClaimId claim; std::optional<bool> end_embargo; std::optional<std::vector<VulnerabilityId>> inseparable; std::optional<std::string> why; };
BOOST_DESCRIBE_STRUCT(AdoptFact, (), (claim, end_embargo, inseparable, why))
struct RefuseFact { ClaimId claim; std::string why; };
BOOST_DESCRIBE_STRUCT(RefuseFact, (), (claim, why))
struct DraftStatement { std::string text; };
BOOST_DESCRIBE_STRUCT(DraftStatement, (), (text))
struct ApproveStatement { std::string text; };
BOOST_DESCRIBE_STRUCT(ApproveStatement, (), (text))

// A person's decision to tell, withhold, wait, waive or override; the users' risk is written down either way.
struct RecordDecision { DecisionSort kind = DecisionSort::Wait; std::string reason; std::string who_is_exposed, how_badly, what_they_can_do; std::optional<OrganisationId> about; std::optional<std::vector<std::string>> rules; };
BOOST_DESCRIBE_STRUCT(RecordDecision, (), (kind, reason, who_is_exposed, how_badly, what_they_can_do, about, rules))
// `document` is an advisory (advisory/advisory.h); the service has checked it.
struct DraftAdvisory { std::optional<AdvisoryId> advisory; json::value document; std::optional<std::vector<std::string>> classes; };
BOOST_DESCRIBE_STRUCT(DraftAdvisory, (), (advisory, document, classes))
struct ApproveAdvisory { AdvisoryId advisory; int version = 0; Hash hash{}; };
BOOST_DESCRIBE_STRUCT(ApproveAdvisory, (), (advisory, version, hash))
struct PlanRelease { AdvisoryId advisory; int version = 0; Instant instant; };
BOOST_DESCRIBE_STRUCT(PlanRelease, (), (advisory, version, instant))
struct WaiveReadiness { ReleaseId release; std::string why, users_risk; };
BOOST_DESCRIBE_STRUCT(WaiveReadiness, (), (release, why, users_risk))
struct HoldRelease { ReleaseId release; std::string why; };
BOOST_DESCRIBE_STRUCT(HoldRelease, (), (release, why))

// Before the planned instant, which takes two persons (ACC-11). What runs or isn't ready forbids it as it does at the instant; why it can't wait is a decision on record.
struct ReleaseEarly { ReleaseId release; std::string why, users_risk; };
BOOST_DESCRIBE_STRUCT(ReleaseEarly, (), (release, why, users_risk))

// What a report's or a participant's compartment holds becomes unreadable for good. `compartment` in its text form: "report:r_…", "org:o_…".
struct EraseCompartment { std::string compartment; std::string why; };
BOOST_DESCRIBE_STRUCT(EraseCompartment, (), (compartment, why))

// ---- on what another person asked for (second_person.h)
struct ConfirmRequest { TwoPersonRequestId request; };
BOOST_DESCRIBE_STRUCT(ConfirmRequest, (), (request))
struct RefuseRequest { TwoPersonRequestId request; std::string why; };
BOOST_DESCRIBE_STRUCT(RefuseRequest, (), (request, why))
struct WithdrawRequest { TwoPersonRequestId request; };
BOOST_DESCRIBE_STRUCT(WithdrawRequest, (), (request))

// ---- many parties, several cases
struct ChooseSettlement { SettlementRule rule = SettlementRule::OwnerDecides; std::optional<int> share; std::optional<std::vector<Weight>> weights; };
BOOST_DESCRIBE_STRUCT(ChooseSettlement, (), (rule, share, weights))
struct AskConsent { int version = 0; OrganisationId organisation; std::optional<Instant> respond_by; };
BOOST_DESCRIBE_STRUCT(AskConsent, (), (version, organisation, respond_by))
struct PlanInvitation { OrganisationId organisation; Instant when; std::vector<Role> roles; std::string essential_because; };
BOOST_DESCRIBE_STRUCT(PlanInvitation, (), (organisation, when, roles, essential_because))
struct DropInvitationPlan { OrganisationId organisation; std::string why; };
BOOST_DESCRIBE_STRUCT(DropInvitationPlan, (), (organisation, why))
struct SetRoles { OrganisationId organisation; std::vector<Role> roles; std::string why; };
BOOST_DESCRIBE_STRUCT(SetRoles, (), (organisation, roles, why))
struct SplitCase { std::vector<VulnerabilityId> vulnerabilities; std::string why; };
BOOST_DESCRIBE_STRUCT(SplitCase, (), (vulnerabilities, why))
struct MergeCases { CaseId with; std::string why; };
BOOST_DESCRIBE_STRUCT(MergeCases, (), (with, why))

// ---- remedies across tiers
struct WaitForRemedy { VulnerabilityId vulnerability; ProductId product, on; std::optional<RemedyStep> at_step; std::string label, why; };
BOOST_DESCRIBE_STRUCT(WaitForRemedy, (), (vulnerability, product, on, at_step, label, why))
struct EndWait { VulnerabilityId vulnerability; ProductId product, on; std::string why; };
BOOST_DESCRIBE_STRUCT(EndWait, (), (vulnerability, product, on, why))
struct BlockRemedy { VulnerabilityId vulnerability; ProductId product; std::string because; };
BOOST_DESCRIBE_STRUCT(BlockRemedy, (), (vulnerability, product, because))
struct UnblockRemedy { VulnerabilityId vulnerability; ProductId product; };
BOOST_DESCRIBE_STRUCT(UnblockRemedy, (), (vulnerability, product))
struct AssessRemedy { VulnerabilityId vulnerability; ProductId product; bool passed = false; std::optional<bool> partial; std::string tested_by, where; std::optional<std::string> reproduction, side_effects, note; };
BOOST_DESCRIBE_STRUCT(AssessRemedy, (), (vulnerability, product, passed, partial, tested_by, where, reproduction, side_effects, note))
struct AgreeReadiness { SettlementRule rule = SettlementRule::Unanimity; std::optional<int> share; std::optional<std::vector<Weight>> weights; std::string why; };
BOOST_DESCRIBE_STRUCT(AgreeReadiness, (), (rule, share, weights, why))
struct StateSupport { ProductId product; bool supported = true; std::optional<Instant> until; std::optional<std::string> note; };
BOOST_DESCRIBE_STRUCT(StateSupport, (), (product, supported, until, note))

// ---- time targets, silence, the road without a vendor
struct AgreeTarget { TargetStep step = TargetStep::Acknowledge; Instant by; std::optional<VulnerabilityId> vulnerability; std::optional<ProductId> product; std::optional<OrganisationId> organisation; Weighing weighed; std::string why; };
BOOST_DESCRIBE_STRUCT(AgreeTarget, (), (step, by, vulnerability, product, organisation, weighed, why))
struct MoveTarget { TargetId target; Instant by; Weighing weighed; std::string what_changed; };
BOOST_DESCRIBE_STRUCT(MoveTarget, (), (target, by, weighed, what_changed))
struct DropTarget { TargetId target; std::string why; };
BOOST_DESCRIBE_STRUCT(DropTarget, (), (target, why))
struct Escalate { std::optional<OrganisationId> organisation; std::string to, why; };
BOOST_DESCRIBE_STRUCT(Escalate, (), (organisation, to, why))
struct ProceedWithout { std::optional<OrganisationId> organisation; std::string vendor, why, who_is_exposed, how_badly, what_they_can_do; };
BOOST_DESCRIBE_STRUCT(ProceedWithout, (), (organisation, vendor, why, who_is_exposed, how_badly, what_they_can_do))
struct LinkDuplicate { ReportId report, of; std::string why; };
BOOST_DESCRIBE_STRUCT(LinkDuplicate, (), (report, of, why))
struct StateCredit { ReportId report; bool wanted = true; std::optional<std::string> name; };
BOOST_DESCRIBE_STRUCT(StateCredit, (), (report, wanted, name))

// ---- large cases
struct FormGroup { std::string name; std::optional<int> order; std::string why; };
BOOST_DESCRIBE_STRUCT(FormGroup, (), (name, order, why))
struct ChangeGroup { GroupId group; std::optional<std::vector<OrganisationId>> add, remove; std::string why; };
BOOST_DESCRIBE_STRUCT(ChangeGroup, (), (group, add, remove, why))
struct OwnReason { OrganisationId organisation; std::string because; };
BOOST_DESCRIBE_STRUCT(OwnReason, (), (organisation, because))
// `essential_because` holds for whoever has none of its own among `reasons`.
struct InviteMany { std::vector<OrganisationId> organisations; std::vector<Role> roles; std::optional<std::string> essential_because; std::optional<Instant> respond_by; std::optional<GroupId> group; std::optional<std::vector<OwnReason>> reasons = {}; };
BOOST_DESCRIBE_STRUCT(InviteMany, (), (organisations, roles, essential_because, respond_by, group, reasons))
struct AmendMessage { ThreadId thread; MessageId message; std::string text; };
BOOST_DESCRIBE_STRUCT(AmendMessage, (), (thread, message, text))
struct RetractMessage { ThreadId thread; MessageId message; std::string why; };
BOOST_DESCRIBE_STRUCT(RetractMessage, (), (thread, message, why))
struct SetTrackingId { std::string tracking_id; std::optional<std::string> url; };
BOOST_DESCRIBE_STRUCT(SetTrackingId, (), (tracking_id, url))

// ---- leaks
struct ClaimLeak { std::string what, where_seen, evidence; std::optional<Instant> occurred; };
BOOST_DESCRIBE_STRUCT(ClaimLeak, (), (what, where_seen, evidence, occurred))
struct NoteLeak { LeakId leak; std::string text; std::optional<std::vector<OrganisationId>> narrowed_to; };
BOOST_DESCRIBE_STRUCT(NoteLeak, (), (leak, text, narrowed_to))
struct CloseLeak { LeakId leak; LeakOutcome outcome = LeakOutcome::Unresolved; std::string why; };
BOOST_DESCRIBE_STRUCT(CloseLeak, (), (leak, outcome, why))

// ---- law and standards
// By the owner or a coordinator for the case, by any other participant for its own view. `regimes`: those decided on; what isn't named stays proposed.
struct ConfirmScope { std::vector<ScopeChoice> regimes; std::optional<std::vector<std::string>> assumed; std::optional<std::vector<ReadingChosen>> readings; std::string why; };
BOOST_DESCRIBE_STRUCT(ConfirmScope, (), (regimes, assumed, readings, why))
struct CorrectFact { std::string fact; json::value value; std::string why; };
BOOST_DESCRIBE_STRUCT(CorrectFact, (), (fact, value, why))
struct EndCorrection { std::string fact; std::string why; };
BOOST_DESCRIBE_STRUCT(EndCorrection, (), (fact, why))
struct PlaceProduct { ProductId product; std::vector<std::string> markets; std::optional<std::string> kind; std::optional<bool> consumer, commercial; std::optional<std::vector<std::string>> published; std::optional<std::vector<MarketSupport>> support; };
BOOST_DESCRIBE_STRUCT(PlaceProduct, (), (product, markets, kind, consumer, commercial, published, support))
struct ClassContent { std::string object; std::vector<std::string> classes; std::optional<std::string> why; };
BOOST_DESCRIBE_STRUCT(ClassContent, (), (object, classes, why))

// ---- by the machine alone, never by a request
struct FireRelease { ReleaseId release; };
BOOST_DESCRIBE_STRUCT(FireRelease, (), (release))
struct PassTime { int unused = 0; };  // what the clock alone brings about: an embargo's end, a closed answer window
BOOST_DESCRIBE_STRUCT(PassTime, (), (unused))

using Command = OneOf<DescribeCase, StepReport, PostToMailbox, RecordContactAttempt, SuggestParticipant, InviteParticipant, AnswerInvitation, ConfirmParticipant, SuspendParticipant,
                             RestoreParticipant, RemoveParticipant, LeaveCase, ProposeTerms, AnswerTerms, SettleTerms, RefuseTerms, EndEmbargo, OpenThread, PostMessage, AddFile,
                             AddVulnerability, DescribeVulnerability, SetIdentifier, AssessSeverity, AddProduct, AskStatus, SetStatus, StepRemedy, ReopenRemedy, ClaimFact, AdoptFact, RefuseFact, DraftStatement,
                             ApproveStatement, RecordDecision, DraftAdvisory, ApproveAdvisory, PlanRelease, WaiveReadiness, HoldRelease, EraseCompartment, ConfirmRequest,
                             RefuseRequest, WithdrawRequest, FireRelease, PassTime, RouteReport, OfferOwnership, TakeOwnership,
                             ChooseSettlement, AskConsent, PlanInvitation, DropInvitationPlan, SetRoles, SplitCase, MergeCases,
                             WaitForRemedy, EndWait, BlockRemedy, UnblockRemedy, AssessRemedy, AgreeReadiness, StateSupport,
                             AgreeTarget, MoveTarget, DropTarget, Escalate, ProceedWithout, LinkDuplicate, StateCredit,
                             FormGroup, ChangeGroup, InviteMany, AmendMessage, RetractMessage, SetTrackingId,
                             ClaimLeak, NoteLeak, CloseLeak,
                             ReleaseEarly,
                             ConfirmScope, CorrectFact, EndCorrection, PlaceProduct, ClassContent,
                             RecordIncident, MoveIncident, StateIncident, DraftNotice, DropNotice, ClearNotice, FileNotice, AddNoticeReceipt, DraftAreaReport, PublishAreaReport,
                             PrepareThreatObjects, DropThreatObject, ChooseReleaseCollections, ProposeFact, NoteHeldObject,
                             NoteMitigation, ChooseMitigationCollections, ShareMitigation, DeclineMitigation>;

// The word that names the command in entries ("embargo.propose"), and the right it needs. By the machine alone: no action.
std::string_view name_of(const Command& command);
std::optional<access::Action> action_of(const Command& command);

}  // namespace sluice::cvd
