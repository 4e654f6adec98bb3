// What can happen in a case. An event is a fact that was decided; it lasts for ever and its meaning never changes.
//
// An event is stored in an entry's `changes` as {"type", "v", ...its fields}. Who did it and when stand on the entry.
// The table in event_compartments() says in which compartments an event may be written; decide() is held to it by a test.
// A changed field list means a new version and an upcast from the old (src/cvd/events.cpp).
#pragma once

#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "access/compartment.h"
#include "base/bind.h"
#include "base/one_of.h"
#include "cvd/case_letters.h"
#include "cvd/embargo_machine.h"
#include "cvd/incident_events.h"
#include "cvd/mitigation_events.h"
#include "cvd/ordering.h"
#include "cvd/report_content.h"
#include "cvd/report_machine.h"
#include "cvd/threat_events.h"

namespace sluice::cvd {

enum class Role { Reporter, Finder, Vendor, Deployer, Coordinator, Observer, Cna };
BOOST_DESCRIBE_ENUM(Role, Reporter, Finder, Vendor, Deployer, Coordinator, Observer, Cna)

// A vendor's answer for one vulnerability and product. Asked is the state of a question without an answer; it has a date, never a guess.
enum class Status { Asked, UnderInvestigation, Affected, NotAffected, Fixed };
BOOST_DESCRIBE_ENUM(Status, Asked, UnderInvestigation, Affected, NotAffected, Fixed)

enum class RemedyStep { Identified, Developed, Validated, Distributed, Deployed };
BOOST_DESCRIBE_ENUM(RemedyStep, Identified, Developed, Validated, Distributed, Deployed)

// Why a report is passed on. A coordinator comes in for the first four alone (ISO/IEC 29147 5.6.3); the last brings in the vendor, once it is found or reached.
enum class RouteReason { ReporterAsked, VendorAsked, SeveralVendors, ContactFailed, VendorFound };
BOOST_DESCRIBE_ENUM(RouteReason, ReporterAsked, VendorAsked, SeveralVendors, ContactFailed, VendorFound)

enum class DecisionSort { Tell, Withhold, Wait, Waive, Override };
BOOST_DESCRIBE_ENUM(DecisionSort, Tell, Withhold, Wait, Waive, Override)

// Who settles proposed terms, and how much readiness a release needs: the owner's word, all, more than half, or a share of the weights.
enum class SettlementRule { OwnerDecides, Unanimity, Majority, Quorum };
BOOST_DESCRIBE_ENUM(SettlementRule, OwnerDecides, Unanimity, Majority, Quorum)

// What a time target is for.
enum class TargetStep { Acknowledge, Validate, Identify, Develop, Test, Distribute, Deploy, Publish };
BOOST_DESCRIBE_ENUM(TargetStep, Acknowledge, Validate, Identify, Develop, Test, Distribute, Deploy, Publish)

enum class LeakOutcome { NoLeak, Contained, Public, Unresolved };
BOOST_DESCRIBE_ENUM(LeakOutcome, NoLeak, Contained, Public, Unresolved)

// How much an organisation counts for a quorum: its market share, its place in the supply chain, what depends on it.
struct Weight { OrganisationId organisation; int weight = 1; };
BOOST_DESCRIBE_STRUCT(Weight, (), (organisation, weight))

// What a time target was weighed from; each is words or a number that a person stands for, none is computed.
struct Weighing { std::optional<std::string> severity, exploitation, complexity, tests; std::optional<int> parties, layers; };
BOOST_DESCRIBE_STRUCT(Weighing, (), (severity, exploitation, complexity, tests, parties, layers))

// ---- the case and its reports
struct CaseOpened { static constexpr auto kType = "CaseOpened"; CaseId case_id; std::string title; OrganisationId owner; bool owner_is_vendor = false; };
BOOST_DESCRIBE_STRUCT(CaseOpened, (), (case_id, title, owner, owner_is_vendor))
struct ReportReceived { static constexpr auto kType = "ReportReceived"; ReportId report; OrganisationId to; ReportContent content; std::optional<OrganisationId> reporter; };
BOOST_DESCRIBE_STRUCT(ReportReceived, (), (report, to, content, reporter))
struct ReportLinked { static constexpr auto kType = "ReportLinked"; ReportId report; bool anonymous = true; std::optional<OrganisationId> reporter; };
BOOST_DESCRIBE_STRUCT(ReportLinked, (), (report, anonymous, reporter))
struct MailboxMessage { static constexpr auto kType = "MailboxMessage"; ReportId report; MessageId message; std::string text; bool from_reporter = false; };
BOOST_DESCRIBE_STRUCT(MailboxMessage, (), (report, message, text, from_reporter))
struct ContactAttempted { static constexpr auto kType = "ContactAttempted"; ReportId report; std::string whom, how; std::optional<std::string> answer; };
BOOST_DESCRIBE_STRUCT(ContactAttempted, (), (report, whom, how, answer))
struct ReportForwarded { static constexpr auto kType = "ReportForwarded"; ReportId report; OrganisationId to; RouteReason reason = RouteReason::ReporterAsked; std::string why; bool by_reporter = false; };
BOOST_DESCRIBE_STRUCT(ReportForwarded, (), (report, to, reason, why, by_reporter))
struct ReportTakenUp { static constexpr auto kType = "ReportTakenUp"; ReportId report; OrganisationId organisation; };
BOOST_DESCRIBE_STRUCT(ReportTakenUp, (), (report, organisation))
struct ReportStepped { static constexpr auto kType = "ReportStepped"; OrganisationId organisation; ReportAction action = ReportAction::Receive; std::optional<std::string> why; std::optional<bool> still_honours_terms; };
BOOST_DESCRIBE_STRUCT(ReportStepped, (), (organisation, action, why, still_honours_terms))
struct CaseDescribed { static constexpr auto kType = "CaseDescribed"; std::string title; std::optional<std::string> summary; };
BOOST_DESCRIBE_STRUCT(CaseDescribed, (), (title, summary))

// ---- participants
struct ParticipantSuggested { static constexpr auto kType = "ParticipantSuggested"; std::string whom; std::string essential_because; };
BOOST_DESCRIBE_STRUCT(ParticipantSuggested, (), (whom, essential_because))
struct ParticipantInvited { static constexpr auto kType = "ParticipantInvited"; OrganisationId organisation; std::vector<Role> roles; std::string essential_because; std::optional<int> terms; Instant respond_by; };
BOOST_DESCRIBE_STRUCT(ParticipantInvited, (), (organisation, roles, essential_because, terms, respond_by))
struct InvitationAnswered { static constexpr auto kType = "InvitationAnswered"; OrganisationId organisation; bool accepted = false; std::optional<int> terms; std::optional<std::string> note; };
BOOST_DESCRIBE_STRUCT(InvitationAnswered, (), (organisation, accepted, terms, note))
struct ParticipantConfirmed { static constexpr auto kType = "ParticipantConfirmed"; OrganisationId organisation; std::string checked_how; };
BOOST_DESCRIBE_STRUCT(ParticipantConfirmed, (), (organisation, checked_how))
struct ParticipantSuspended { static constexpr auto kType = "ParticipantSuspended"; OrganisationId organisation; std::string why; };
BOOST_DESCRIBE_STRUCT(ParticipantSuspended, (), (organisation, why))
struct ParticipantRestored { static constexpr auto kType = "ParticipantRestored"; OrganisationId organisation; std::string why; };
BOOST_DESCRIBE_STRUCT(ParticipantRestored, (), (organisation, why))
struct ParticipantRemoved { static constexpr auto kType = "ParticipantRemoved"; OrganisationId organisation; std::string why; };
BOOST_DESCRIBE_STRUCT(ParticipantRemoved, (), (organisation, why))
struct ParticipantLeft { static constexpr auto kType = "ParticipantLeft"; OrganisationId organisation; bool still_honours_terms = true; };
BOOST_DESCRIBE_STRUCT(ParticipantLeft, (), (organisation, still_honours_terms))

struct OwnershipOffered { static constexpr auto kType = "OwnershipOffered"; OrganisationId organisation; std::string why; };
BOOST_DESCRIBE_STRUCT(OwnershipOffered, (), (organisation, why))
struct OwnershipTaken { static constexpr auto kType = "OwnershipTaken"; OrganisationId organisation; OrganisationId from; bool is_vendor = false; std::optional<std::string> why; };
BOOST_DESCRIBE_STRUCT(OwnershipTaken, (), (organisation, from, is_vendor, why))

// ---- embargo
struct TermsProposed { static constexpr auto kType = "TermsProposed"; int version = 0; Instant until; std::string zone; Instant respond_by; std::optional<std::string> note; };
BOOST_DESCRIBE_STRUCT(TermsProposed, (), (version, until, zone, respond_by, note))
struct TermsAnswered { static constexpr auto kType = "TermsAnswered"; int version = 0; OrganisationId organisation; bool accepted = false; std::optional<std::string> note; };
BOOST_DESCRIBE_STRUCT(TermsAnswered, (), (version, organisation, accepted, note))
struct TermsAccepted { static constexpr auto kType = "TermsAccepted"; int version = 0; };
BOOST_DESCRIBE_STRUCT(TermsAccepted, (), (version))
struct TermsRefused { static constexpr auto kType = "TermsRefused"; int version = 0; std::optional<std::string> why; };
BOOST_DESCRIBE_STRUCT(TermsRefused, (), (version, why))
struct EmbargoEnded { static constexpr auto kType = "EmbargoEnded"; std::string reason; };
BOOST_DESCRIBE_STRUCT(EmbargoEnded, (), (reason))

// ---- talk
struct ThreadOpened { static constexpr auto kType = "ThreadOpened"; ThreadId thread; std::string topic; };
BOOST_DESCRIBE_STRUCT(ThreadOpened, (), (thread, topic))
struct MessagePosted { static constexpr auto kType = "MessagePosted"; ThreadId thread; MessageId message; std::string text; };
BOOST_DESCRIBE_STRUCT(MessagePosted, (), (thread, message, text))
struct FileAdded { static constexpr auto kType = "FileAdded"; FileId file; std::string name; std::int64_t size = 0; Hash hash{}; std::string media_type; };
BOOST_DESCRIBE_STRUCT(FileAdded, (), (file, name, size, hash, media_type))

// ---- vulnerabilities, products, answers, remedies
struct VulnerabilityAdded { static constexpr auto kType = "VulnerabilityAdded"; VulnerabilityId vulnerability; std::string title, description; std::optional<std::string> cwe; };
BOOST_DESCRIBE_STRUCT(VulnerabilityAdded, (), (vulnerability, title, description, cwe))
struct VulnerabilityDescribed { static constexpr auto kType = "VulnerabilityDescribed"; VulnerabilityId vulnerability; std::string title, description; std::optional<std::string> cwe; };
BOOST_DESCRIBE_STRUCT(VulnerabilityDescribed, (), (vulnerability, title, description, cwe))
struct IdentifierSet { static constexpr auto kType = "IdentifierSet"; VulnerabilityId vulnerability; std::string identifier; std::optional<std::string> assigned_by; };
BOOST_DESCRIBE_STRUCT(IdentifierSet, (), (vulnerability, identifier, assigned_by))
struct SeverityAssessed { static constexpr auto kType = "SeverityAssessed"; VulnerabilityId vulnerability; std::string cvss; std::string score; std::optional<std::string> note; };
BOOST_DESCRIBE_STRUCT(SeverityAssessed, (), (vulnerability, cvss, score, note))
struct ProductAdded { static constexpr auto kType = "ProductAdded"; ProductId product; OrganisationId vendor; std::string name; std::optional<std::string> version, purl, cpe; };
BOOST_DESCRIBE_STRUCT(ProductAdded, (), (product, vendor, name, version, purl, cpe))
struct StatusAsked { static constexpr auto kType = "StatusAsked"; OrganisationId organisation; VulnerabilityId vulnerability; Instant answer_by; };
BOOST_DESCRIBE_STRUCT(StatusAsked, (), (organisation, vulnerability, answer_by))
struct StatusSet { static constexpr auto kType = "StatusSet"; VulnerabilityId vulnerability; ProductId product; Status status = Status::UnderInvestigation; std::optional<std::string> justification, note; };
BOOST_DESCRIBE_STRUCT(StatusSet, (), (vulnerability, product, status, justification, note))
struct RemedyStepped { static constexpr auto kType = "RemedyStepped"; VulnerabilityId vulnerability; ProductId product; RemedyStep step = RemedyStep::Identified; std::optional<std::string> version, note; };
BOOST_DESCRIBE_STRUCT(RemedyStepped, (), (vulnerability, product, step, version, note))
struct RemedyReopened { static constexpr auto kType = "RemedyReopened"; VulnerabilityId vulnerability; ProductId product; RemedyStep back_to = RemedyStep::Identified; std::string found_how; };
BOOST_DESCRIBE_STRUCT(RemedyReopened, (), (vulnerability, product, back_to, found_how))
struct FactClaimed { static constexpr auto kType = "FactClaimed"; ClaimId claim; VulnerabilityId vulnerability; Letter fact = Letter::P; std::string evidence; Instant occurred; };
BOOST_DESCRIBE_STRUCT(FactClaimed, (), (claim, vulnerability, fact, evidence, occurred))
struct FactAdopted { static constexpr auto kType = "FactAdopted"; std::optional<ClaimId> claim; VulnerabilityId vulnerability; Letter fact = Letter::P; Instant occurred; };
BOOST_DESCRIBE_STRUCT(FactAdopted, (), (claim, vulnerability, fact, occurred))
struct FactRefused { static constexpr auto kType = "FactRefused"; ClaimId claim; std::string why; };
BOOST_DESCRIBE_STRUCT(FactRefused, (), (claim, why))
struct StatementDrafted { static constexpr auto kType = "StatementDrafted"; OrganisationId organisation; std::string text; };
BOOST_DESCRIBE_STRUCT(StatementDrafted, (), (organisation, text))
struct StatementApproved { static constexpr auto kType = "StatementApproved"; OrganisationId organisation; std::string text; };
BOOST_DESCRIBE_STRUCT(StatementApproved, (), (organisation, text))

// ---- decisions and release
struct Decided { static constexpr auto kType = "Decided"; DecisionId decision; DecisionSort kind = DecisionSort::Wait; std::string reason; std::string who_is_exposed, how_badly, what_they_can_do; std::optional<OrganisationId> about; std::optional<PersonId> asked_by = {}; };  // `asked_by`: where it took two, the first; the entry's own person confirmed it
BOOST_DESCRIBE_STRUCT(Decided, (), (decision, kind, reason, who_is_exposed, how_badly, what_they_can_do, about, asked_by))
struct AdvisoryDrafted { static constexpr auto kType = "AdvisoryDrafted"; AdvisoryId advisory; int version = 0; json::value document; Hash hash{}; };
BOOST_DESCRIBE_STRUCT(AdvisoryDrafted, (), (advisory, version, document, hash))
struct AdvisoryApproved { static constexpr auto kType = "AdvisoryApproved"; AdvisoryId advisory; int version = 0; Hash hash{}; };
BOOST_DESCRIBE_STRUCT(AdvisoryApproved, (), (advisory, version, hash))
struct ReleasePlanned { static constexpr auto kType = "ReleasePlanned"; ReleaseId release; AdvisoryId advisory; int version = 0; Instant instant; std::vector<Hash> documents; std::vector<VulnerabilityId> vulnerabilities; };
BOOST_DESCRIBE_STRUCT(ReleasePlanned, (), (release, advisory, version, instant, documents, vulnerabilities))
struct ReleaseDated { static constexpr auto kType = "ReleaseDated"; ReleaseId release; Instant instant; };
BOOST_DESCRIBE_STRUCT(ReleaseDated, (), (release, instant))
struct ReadinessWaived { static constexpr auto kType = "ReadinessWaived"; ReleaseId release; std::vector<std::string> not_ready; std::string why, users_risk; };
BOOST_DESCRIBE_STRUCT(ReadinessWaived, (), (release, not_ready, why, users_risk))
struct ReleaseHeld { static constexpr auto kType = "ReleaseHeld"; ReleaseId release; std::string why; };
BOOST_DESCRIBE_STRUCT(ReleaseHeld, (), (release, why))
struct ReleaseUndated { static constexpr auto kType = "ReleaseUndated"; ReleaseId release; };
BOOST_DESCRIBE_STRUCT(ReleaseUndated, (), (release))
struct Released { static constexpr auto kType = "Released"; ReleaseId release; AdvisoryId advisory; int version = 0; std::vector<VulnerabilityId> vulnerabilities; std::vector<Hash> documents; };
BOOST_DESCRIBE_STRUCT(Released, (), (release, advisory, version, vulnerabilities, documents))
struct ReminderDue { static constexpr auto kType = "ReminderDue"; std::string about; std::optional<OrganisationId> organisation; };
BOOST_DESCRIBE_STRUCT(ReminderDue, (), (about, organisation))

// What folds need of a compartment that is about to be erased, written down before (KEY-7).
struct CompartmentErased { static constexpr auto kType = "CompartmentErased"; std::string compartment; std::string why; std::optional<OrganisationId> organisation; std::optional<ReportState> report; std::optional<ReportId> report_id; };
BOOST_DESCRIBE_STRUCT(CompartmentErased, (), (compartment, why, organisation, report, report_id))

// ---- what takes two persons (ACC-11). `body` is the command of that word as it was given; it is decided anew when another person confirms it.
struct SecondPersonAsked { static constexpr auto kType = "SecondPersonAsked"; TwoPersonRequestId request; std::string command; json::value body; Instant expires; };
BOOST_DESCRIBE_STRUCT(SecondPersonAsked, (), (request, command, body, expires))
struct SecondPersonConfirmed { static constexpr auto kType = "SecondPersonConfirmed"; TwoPersonRequestId request; };
BOOST_DESCRIBE_STRUCT(SecondPersonConfirmed, (), (request))
struct SecondPersonRefused { static constexpr auto kType = "SecondPersonRefused"; TwoPersonRequestId request; std::string why; };
BOOST_DESCRIBE_STRUCT(SecondPersonRefused, (), (request, why))
struct SecondPersonWithdrawn { static constexpr auto kType = "SecondPersonWithdrawn"; TwoPersonRequestId request; };
BOOST_DESCRIBE_STRUCT(SecondPersonWithdrawn, (), (request))
struct SecondPersonLapsed { static constexpr auto kType = "SecondPersonLapsed"; TwoPersonRequestId request; };
BOOST_DESCRIBE_STRUCT(SecondPersonLapsed, (), (request))
// The command of this word took effect while the site was set to ask for no second person.
struct SecondPersonSpared { static constexpr auto kType = "SecondPersonSpared"; std::string command; };
BOOST_DESCRIBE_STRUCT(SecondPersonSpared, (), (command))

// ---- many parties, several cases
struct SettlementAgreed { static constexpr auto kType = "SettlementAgreed"; SettlementRule rule = SettlementRule::OwnerDecides; std::optional<int> share; std::vector<Weight> weights; };
BOOST_DESCRIBE_STRUCT(SettlementAgreed, (), (rule, share, weights))
struct ConsentAsked { static constexpr auto kType = "ConsentAsked"; int version = 0; OrganisationId organisation; Instant respond_by; };
BOOST_DESCRIBE_STRUCT(ConsentAsked, (), (version, organisation, respond_by))
struct InvitationPlanned { static constexpr auto kType = "InvitationPlanned"; OrganisationId organisation; Instant when; std::vector<Role> roles; std::string essential_because; };
BOOST_DESCRIBE_STRUCT(InvitationPlanned, (), (organisation, when, roles, essential_because))
struct InvitationPlanDropped { static constexpr auto kType = "InvitationPlanDropped"; OrganisationId organisation; std::string why; };
BOOST_DESCRIBE_STRUCT(InvitationPlanDropped, (), (organisation, why))
struct RolesChanged { static constexpr auto kType = "RolesChanged"; OrganisationId organisation; std::vector<Role> roles; std::string why; };
BOOST_DESCRIBE_STRUCT(RolesChanged, (), (organisation, roles, why))
struct CaseSplit { static constexpr auto kType = "CaseSplit"; std::vector<VulnerabilityId> vulnerabilities; std::optional<CaseId> sibling; std::string why; };
BOOST_DESCRIBE_STRUCT(CaseSplit, (), (vulnerabilities, sibling, why))
struct SplitFrom { static constexpr auto kType = "SplitFrom"; std::vector<VulnerabilityId> vulnerabilities; std::optional<CaseId> sibling; std::string why; };
BOOST_DESCRIBE_STRUCT(SplitFrom, (), (vulnerabilities, sibling, why))
struct ParticipantCarried { static constexpr auto kType = "ParticipantCarried"; OrganisationId organisation; std::vector<Role> roles; std::string essential_because; Admission admission = Admission::None; ReportState report = ReportState::Start; std::vector<int> signed_terms; };
BOOST_DESCRIBE_STRUCT(ParticipantCarried, (), (organisation, roles, essential_because, admission, report, signed_terms))
struct CasesMerged { static constexpr auto kType = "CasesMerged"; std::optional<CaseId> other; bool is_survivor = false; std::string why; };
BOOST_DESCRIBE_STRUCT(CasesMerged, (), (other, is_survivor, why))
// Of a case that was merged into this one: the report itself, and its mailbox, stay where it came in.
struct ReportCarried { static constexpr auto kType = "ReportCarried"; ReportId report; bool anonymous = true; std::optional<OrganisationId> reporter; CaseId kept_in; std::optional<Instant> received; };
BOOST_DESCRIBE_STRUCT(ReportCarried, (), (report, anonymous, reporter, kept_in, received))
struct SiblingTermsChanged { static constexpr auto kType = "SiblingTermsChanged"; CaseId sibling; std::optional<Instant> until; std::string what; };
BOOST_DESCRIBE_STRUCT(SiblingTermsChanged, (), (sibling, until, what))

// ---- remedies across tiers
struct RemedyWaitsFor { static constexpr auto kType = "RemedyWaitsFor"; VulnerabilityId vulnerability; ProductId product, on; RemedyStep at_step = RemedyStep::Distributed; std::string label, why; };
BOOST_DESCRIBE_STRUCT(RemedyWaitsFor, (), (vulnerability, product, on, at_step, label, why))
struct RemedyWaitEnded { static constexpr auto kType = "RemedyWaitEnded"; VulnerabilityId vulnerability; ProductId product, on; std::string why; };
BOOST_DESCRIBE_STRUCT(RemedyWaitEnded, (), (vulnerability, product, on, why))
struct DeliveryMoved { static constexpr auto kType = "DeliveryMoved"; VulnerabilityId vulnerability; ProductId product, on; std::optional<RemedyStep> step; std::optional<std::string> note; };
BOOST_DESCRIBE_STRUCT(DeliveryMoved, (), (vulnerability, product, on, step, note))
struct RemedyBlocked { static constexpr auto kType = "RemedyBlocked"; VulnerabilityId vulnerability; ProductId product; std::string because; };
BOOST_DESCRIBE_STRUCT(RemedyBlocked, (), (vulnerability, product, because))
struct RemedyUnblocked { static constexpr auto kType = "RemedyUnblocked"; VulnerabilityId vulnerability; ProductId product; };
BOOST_DESCRIBE_STRUCT(RemedyUnblocked, (), (vulnerability, product))
struct RemedyAssessed { static constexpr auto kType = "RemedyAssessed"; VulnerabilityId vulnerability; ProductId product; bool passed = false, partial = false; std::string tested_by, where; std::optional<std::string> reproduction, side_effects, note; };
BOOST_DESCRIBE_STRUCT(RemedyAssessed, (), (vulnerability, product, passed, partial, tested_by, where, reproduction, side_effects, note))
struct ReadinessAgreed { static constexpr auto kType = "ReadinessAgreed"; SettlementRule rule = SettlementRule::Unanimity; std::optional<int> share; std::vector<Weight> weights; std::string why; };
BOOST_DESCRIBE_STRUCT(ReadinessAgreed, (), (rule, share, weights, why))
struct SupportStated { static constexpr auto kType = "SupportStated"; ProductId product; bool supported = true; std::optional<Instant> until; std::optional<std::string> note; };
BOOST_DESCRIBE_STRUCT(SupportStated, (), (product, supported, until, note))

// ---- time targets, silence, the road without a vendor
struct TargetAgreed { static constexpr auto kType = "TargetAgreed"; TargetId target; TargetStep step = TargetStep::Acknowledge; Instant by; std::optional<VulnerabilityId> vulnerability; std::optional<ProductId> product; std::optional<OrganisationId> organisation; Weighing weighed; std::string why; };
BOOST_DESCRIBE_STRUCT(TargetAgreed, (), (target, step, by, vulnerability, product, organisation, weighed, why))
struct TargetMoved { static constexpr auto kType = "TargetMoved"; TargetId target; Instant by; Weighing weighed; std::string what_changed; };
BOOST_DESCRIBE_STRUCT(TargetMoved, (), (target, by, weighed, what_changed))
struct TargetDropped { static constexpr auto kType = "TargetDropped"; TargetId target; std::string why; };
BOOST_DESCRIBE_STRUCT(TargetDropped, (), (target, why))
struct SilenceNoted { static constexpr auto kType = "SilenceNoted"; OrganisationId organisation; std::string about; Instant since; };
BOOST_DESCRIBE_STRUCT(SilenceNoted, (), (organisation, about, since))
struct Escalated { static constexpr auto kType = "Escalated"; std::optional<OrganisationId> organisation; std::string to, why; };
BOOST_DESCRIBE_STRUCT(Escalated, (), (organisation, to, why))
struct ProceededWithout { static constexpr auto kType = "ProceededWithout"; DecisionId decision; std::optional<OrganisationId> organisation; std::string vendor; Instant waited_since; std::int64_t attempts = 0; std::string why; };
BOOST_DESCRIBE_STRUCT(ProceededWithout, (), (decision, organisation, vendor, waited_since, attempts, why))
struct DuplicateLinked { static constexpr auto kType = "DuplicateLinked"; ReportId report, of; std::string why; };
BOOST_DESCRIBE_STRUCT(DuplicateLinked, (), (report, of, why))
struct CreditStated { static constexpr auto kType = "CreditStated"; ReportId report; bool wanted = true; std::optional<std::string> name; };
BOOST_DESCRIBE_STRUCT(CreditStated, (), (report, wanted, name))

// ---- large cases
struct GroupFormed { static constexpr auto kType = "GroupFormed"; GroupId group; std::string name; int order = 0; std::string why; };
BOOST_DESCRIBE_STRUCT(GroupFormed, (), (group, name, order, why))
struct GroupChanged { static constexpr auto kType = "GroupChanged"; GroupId group; std::vector<OrganisationId> added, removed; std::string why; };
BOOST_DESCRIBE_STRUCT(GroupChanged, (), (group, added, removed, why))
struct GroupJoined { static constexpr auto kType = "GroupJoined"; GroupId group; OrganisationId organisation; };
BOOST_DESCRIBE_STRUCT(GroupJoined, (), (group, organisation))
struct GroupLeft { static constexpr auto kType = "GroupLeft"; GroupId group; OrganisationId organisation; };
BOOST_DESCRIBE_STRUCT(GroupLeft, (), (group, organisation))
struct MessageAmended { static constexpr auto kType = "MessageAmended"; ThreadId thread; MessageId message; std::string text; };
BOOST_DESCRIBE_STRUCT(MessageAmended, (), (thread, message, text))
struct MessageRetracted { static constexpr auto kType = "MessageRetracted"; ThreadId thread; MessageId message; std::string why; };
BOOST_DESCRIBE_STRUCT(MessageRetracted, (), (thread, message, why))
struct TrackingIdSet { static constexpr auto kType = "TrackingIdSet"; OrganisationId organisation; std::string tracking_id; std::optional<std::string> url; };
BOOST_DESCRIBE_STRUCT(TrackingIdSet, (), (organisation, tracking_id, url))

// ---- leaks
struct LeakClaimed { static constexpr auto kType = "LeakClaimed"; LeakId leak; std::string what, where_seen, evidence; Instant occurred; };
BOOST_DESCRIBE_STRUCT(LeakClaimed, (), (leak, what, where_seen, evidence, occurred))
struct LeakNoted { static constexpr auto kType = "LeakNoted"; LeakId leak; std::string text; std::vector<OrganisationId> narrowed_to; };
BOOST_DESCRIBE_STRUCT(LeakNoted, (), (leak, text, narrowed_to))
struct LeakClosed { static constexpr auto kType = "LeakClosed"; LeakId leak; LeakOutcome outcome = LeakOutcome::Unresolved; std::string why; };
BOOST_DESCRIBE_STRUCT(LeakClosed, (), (leak, outcome, why))

// ---- law and standards: which are in scope, what is true of the case, what content is
// Whether a regime counts in this case, as a person decided. Regimes and readings are words of the packs; none is known here.
struct ScopeChoice { std::string regime; bool in = true; std::optional<std::string> why; };
BOOST_DESCRIBE_STRUCT(ScopeChoice, (), (regime, in, why))
struct ReadingChosen { std::string reading, choice; };   // "regime.reading"
BOOST_DESCRIBE_STRUCT(ReadingChosen, (), (reading, choice))
// Support of a product on one market; without a version: of all its versions there.
struct MarketSupport { std::string market; std::optional<std::string> version; bool supported = true; std::optional<Instant> until; };
BOOST_DESCRIBE_STRUCT(MarketSupport, (), (market, version, supported, until))

// `organisation`: whose own view of it this is; none: the case's, by its owner or a coordinator.
struct ScopeConfirmed { static constexpr auto kType = "ScopeConfirmed"; std::optional<OrganisationId> organisation; std::vector<ScopeChoice> regimes; std::vector<std::string> assumed; std::vector<ReadingChosen> readings; std::string why; };
BOOST_DESCRIBE_STRUCT(ScopeConfirmed, (), (organisation, regimes, assumed, readings, why))
// `fact`: "/parties/o_…/operates_in", "/product/market", "/vulnerability/exposed", "/events/vuln.aware@o_…". A value of null says that it isn't known, of an event that it hasn't happened.
struct FactCorrected { static constexpr auto kType = "FactCorrected"; std::optional<OrganisationId> organisation; std::string fact; json::value value; std::string why; };
BOOST_DESCRIBE_STRUCT(FactCorrected, (), (organisation, fact, value, why))
struct FactCorrectionEnded { static constexpr auto kType = "FactCorrectionEnded"; std::optional<OrganisationId> organisation; std::string fact; std::string why; };
BOOST_DESCRIBE_STRUCT(FactCorrectionEnded, (), (organisation, fact, why))
struct ProductPlaced { static constexpr auto kType = "ProductPlaced"; ProductId product; std::vector<std::string> markets; std::optional<std::string> kind; std::optional<bool> consumer, commercial; std::vector<std::string> published; std::vector<MarketSupport> support; };
BOOST_DESCRIBE_STRUCT(ProductPlaced, (), (product, markets, kind, consumer, commercial, published, support))
// `object`: "file:f_…", "message:m_…", "advisory:a_…/2". The newest word on it holds.
struct ContentClassed { static constexpr auto kType = "ContentClassed"; std::string object; std::vector<std::string> classes; std::optional<std::string> why; };
BOOST_DESCRIBE_STRUCT(ContentClassed, (), (object, classes, why))
// Beside Decided: the rules that an override sets aside.
struct RulesOverridden { static constexpr auto kType = "RulesOverridden"; DecisionId decision; std::vector<std::string> rules; };
BOOST_DESCRIBE_STRUCT(RulesOverridden, (), (decision, rules))

using GlassId = TwoPersonRequestId;  // what two persons agree on, beside the cases they take part in

// ---- break-glass (ACC-5): two site administrators opened the case to the one of them who asked; who that was stands on the entry. It ends by itself at `until`.
struct GlassBroken { static constexpr auto kType = "GlassBroken"; GlassId glass; PersonId asked_by; PersonId confirmed_by; std::string reason; Instant until; };
BOOST_DESCRIBE_STRUCT(GlassBroken, (), (glass, asked_by, confirmed_by, reason, until))
struct GlassClosed { static constexpr auto kType = "GlassClosed"; GlassId glass; };  // before its time
BOOST_DESCRIBE_STRUCT(GlassClosed, (), (glass))

using Event = OneOf<CaseOpened, ReportReceived, ReportLinked, MailboxMessage, ContactAttempted, ReportStepped, CaseDescribed, ParticipantSuggested, ParticipantInvited, InvitationAnswered,
                           ParticipantConfirmed, ParticipantSuspended, ParticipantRestored, ParticipantRemoved, ParticipantLeft, TermsProposed, TermsAnswered, TermsAccepted, TermsRefused,
                           EmbargoEnded, ThreadOpened, MessagePosted, FileAdded, VulnerabilityAdded, IdentifierSet, SeverityAssessed, ProductAdded, StatusAsked, StatusSet, RemedyStepped,
                           RemedyReopened, FactClaimed, FactAdopted, FactRefused, StatementDrafted, StatementApproved, Decided, AdvisoryDrafted, AdvisoryApproved, ReleasePlanned, ReleaseDated,
                           ReadinessWaived, ReleaseHeld, Released, ReminderDue, CompartmentErased, ReleaseUndated, VulnerabilityDescribed, SecondPersonAsked,
                           SecondPersonConfirmed, SecondPersonRefused, SecondPersonWithdrawn, SecondPersonLapsed, SecondPersonSpared, ReportForwarded, ReportTakenUp, OwnershipOffered,
                           OwnershipTaken,
                           SettlementAgreed, ConsentAsked, InvitationPlanned, InvitationPlanDropped, RolesChanged, CaseSplit, SplitFrom, ParticipantCarried, CasesMerged, SiblingTermsChanged, ReportCarried,
                           RemedyWaitsFor, RemedyWaitEnded, DeliveryMoved, RemedyBlocked, RemedyUnblocked, RemedyAssessed, ReadinessAgreed, SupportStated,
                           TargetAgreed, TargetMoved, TargetDropped, SilenceNoted, Escalated, ProceededWithout, DuplicateLinked, CreditStated,
                           GroupFormed, GroupChanged, GroupJoined, GroupLeft, MessageAmended, MessageRetracted, TrackingIdSet,
                           LeakClaimed, LeakNoted, LeakClosed,
                           GlassBroken, GlassClosed,
                           ScopeConfirmed, FactCorrected, FactCorrectionEnded, ProductPlaced, ContentClassed, RulesOverridden,
                           IncidentRecorded, IncidentMoved, IncidentFactStated, NoticeDrafted, NoticeDropped, NoticeCleared, NoticeFiled, NoticeReceiptAdded, AreaReportDrafted, AreaReportPublished,
                           ClaimSourced, ThreatObjectsPrepared, ThreatObjectDropped, ReleaseCollectionsChosen, ThreatObjectHeld,
                           MitigationNoted, MitigationProposed, MitigationProposalEnded, MitigationCollectionsChosen, MitigationShared, MitigationTold>;

// What decide() answers: an event and the compartment it is written in. Unattributed: the entry names no organisation, because readers
// of that compartment may not know who takes part (EXI-10); the attributed copy stands in `coordination`.
enum class Attribution { Named, Unattributed };
struct Change {
  access::Compartment compartment;
  Event event;
  Attribution attribution = Attribution::Named;
};
using Changes = std::vector<Change>;

std::string_view type_of(const Event& event);
json::object event_to_json(const Event& event);                    // {"type", "v", ...}
Result<Event> event_from_json(const json::value& value);           // unknown type or newer version: Invalid, so that a site opens read-only (REL-9)

// The compartment kinds in which an event of this type may stand; empty for an unknown type.
std::vector<access::Compartment::Kind> event_compartments(std::string_view type);

}  // namespace sluice::cvd
