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
#include "cvd/case_letters.h"
#include "cvd/embargo_machine.h"
#include "cvd/report_content.h"
#include "cvd/report_machine.h"

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
struct Decided { static constexpr auto kType = "Decided"; DecisionId decision; DecisionSort kind = DecisionSort::Wait; std::string reason; std::string who_is_exposed, how_badly, what_they_can_do; std::optional<OrganisationId> about; };
BOOST_DESCRIBE_STRUCT(Decided, (), (decision, kind, reason, who_is_exposed, how_badly, what_they_can_do, about))
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

using Event = std::variant<CaseOpened, ReportReceived, ReportLinked, MailboxMessage, ContactAttempted, ReportStepped, CaseDescribed, ParticipantSuggested, ParticipantInvited, InvitationAnswered,
                           ParticipantConfirmed, ParticipantSuspended, ParticipantRestored, ParticipantRemoved, ParticipantLeft, TermsProposed, TermsAnswered, TermsAccepted, TermsRefused,
                           EmbargoEnded, ThreadOpened, MessagePosted, FileAdded, VulnerabilityAdded, IdentifierSet, SeverityAssessed, ProductAdded, StatusAsked, StatusSet, RemedyStepped,
                           RemedyReopened, FactClaimed, FactAdopted, FactRefused, StatementDrafted, StatementApproved, Decided, AdvisoryDrafted, AdvisoryApproved, ReleasePlanned, ReleaseDated,
                           ReadinessWaived, ReleaseHeld, Released, ReminderDue, CompartmentErased, ReleaseUndated, VulnerabilityDescribed, SecondPersonAsked,
                           SecondPersonConfirmed, SecondPersonRefused, SecondPersonWithdrawn, SecondPersonLapsed, SecondPersonSpared, ReportForwarded, ReportTakenUp, OwnershipOffered,
                           OwnershipTaken>;

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
