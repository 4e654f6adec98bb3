// Lists of states with their words and nothing else, one function a kind of state: one idea, however long.
#include "web/pages/words.h"

#include <array>
#include <utility>

namespace sluice::web::pages {

std::string_view word_of(Tone tone) {
  switch (tone) {
    case Tone::Quiet: return "quiet";
    case Tone::Good: return "good";
    case Tone::Waiting: return "waiting";
    case Tone::Held: return "held";
    case Tone::Alarm: return "alarm";
  }
  return "quiet";
}

Said said(cvd::ReportState state) {
  using enum cvd::ReportState;
  switch (state) {
    case Start: return {"not received yet", Tone::Quiet, "This organisation has not been given the report."};
    case Received: return {"received, not judged yet", Tone::Waiting, "Next: say whether the report is valid."};
    case Invalid: return {"judged not valid", Tone::Quiet, "New evidence can make it valid."};
    case Valid: return {"valid, not taken on yet", Tone::Waiting, "Next: take it on, or set it aside."};
    case Accepted: return {"taken on", Tone::Good, "Being worked on."};
    case Deferred: return {"valid, set aside", Tone::Held, "It can be taken on at any time."};
    case Closed: return {"closed", Tone::Quiet, "Closed for good."};
  }
  return {"unknown"};
}

Said said(cvd::EmbargoState state) {
  using enum cvd::EmbargoState;
  switch (state) {
    case None: return {"No embargo", Tone::Quiet, "Nothing has been agreed to be held back."};
    case Proposed: return {"Embargo proposed", Tone::Waiting, "Not agreed yet, so it binds nobody."};
    case Active: return {"Embargo in force", Tone::Held, "Nobody outside is told before it ends."};
    case Revise: return {"Embargo in force, other terms proposed", Tone::Held, "The agreed terms hold until new ones are settled."};
    case Exited: return {"Embargo over", Tone::Quiet, "It is over for good. That obliges nobody to publish."};
  }
  return {"unknown"};
}

Said said(cvd::ConsentState state) {
  using enum cvd::ConsentState;
  switch (state) {
    case NoEmbargo: return {"not asked", Tone::Quiet};
    case Invited: return {"asked, no answer yet", Tone::Waiting};
    case Signatory: return {"agreed", Tone::Good};
    case Lapsed: return {"agreed to earlier terms only", Tone::Waiting};
    case Declined: return {"declined", Tone::Alarm};
  }
  return {"unknown"};
}

Said said(cvd::Admission admission) {
  using enum cvd::Admission;
  switch (admission) {
    case None: return {"not taking part", Tone::Quiet};
    case Invited: return {"invited, no answer yet", Tone::Waiting};
    case Accepted: return {"answered yes, to be confirmed", Tone::Waiting};
    case Confirmed: return {"takes part", Tone::Good};
    case Suspended: return {"suspended", Tone::Alarm};
    case Removed: return {"no longer takes part", Tone::Quiet};
  }
  return {"unknown"};
}

Said said(cvd::Status status) {
  using enum cvd::Status;
  switch (status) {
    case Asked: return {"asked, no answer since", Tone::Waiting};
    case UnderInvestigation: return {"under investigation", Tone::Waiting};
    case Affected: return {"affected", Tone::Alarm};
    case NotAffected: return {"not affected", Tone::Good};
    case Fixed: return {"fixed", Tone::Good};
  }
  return {"unknown"};
}

Said said(cvd::RemedyStep step) {
  using enum cvd::RemedyStep;
  switch (step) {
    case Identified: return {"identified", Tone::Waiting, "It is known what has to change."};
    case Developed: return {"developed", Tone::Waiting};
    case Validated: return {"validated", Tone::Good, "A tested fix is ready."};
    case Distributed: return {"distributed", Tone::Good, "Users can have it."};
    case Deployed: return {"deployed", Tone::Good};
  }
  return {"unknown"};
}

Said said(cvd::Release::State state) {
  using enum cvd::Release::State;
  switch (state) {
    case Planned: return {"planned", Tone::Waiting};
    case Held: return {"held", Tone::Held, "A person has to decide what comes next."};
    case Released: return {"released", Tone::Good};
  }
  return {"unknown"};
}

Said said(cvd::Terms::State state) {
  using enum cvd::Terms::State;
  switch (state) {
    case Open: return {"proposed", Tone::Waiting, "Open to answers; binds nobody yet."};
    case Running: return {"in force", Tone::Held};
    case Superseded: return {"replaced by later terms", Tone::Quiet};
    case Refused: return {"refused or withdrawn", Tone::Quiet};
    case Ended: return {"ended", Tone::Quiet};
  }
  return {"unknown"};
}

Said said(cvd::Claim::State state) {
  using enum cvd::Claim::State;
  switch (state) {
    case Open: return {"claimed, not checked yet", Tone::Waiting};
    case Adopted: return {"adopted as a fact", Tone::Good};
    case Refused: return {"refused", Tone::Quiet};
  }
  return {"unknown"};
}

Said said(cvd::TargetState state) {
  using enum cvd::TargetState;
  switch (state) {
    case Open: return {"ahead", Tone::Quiet};
    case Due: return {"due within three days", Tone::Waiting};
    case Overdue: return {"overdue", Tone::Alarm, "The agreed date has passed. It ends no embargo: move it and say what has changed, or find out why."};
    case Met: return {"met", Tone::Good};
    case MetLate: return {"met late", Tone::Good};
    case Overtaken: return {"overtaken", Tone::Quiet, "It became public otherwise, before it was published from here. Nothing is left to keep."};
    case Dropped: return {"dropped", Tone::Quiet};
    case Unseen: return {"not told to your organisation", Tone::Quiet};
  }
  return {"unknown"};
}

std::string words_of(cvd::TargetStep step) {
  using enum cvd::TargetStep;
  switch (step) {
    case Acknowledge: return "Acknowledge the report";
    case Validate: return "Judge the report";
    case Identify: return "Say what is affected";
    case Develop: return "Develop the remedy";
    case Test: return "Test the remedy";
    case Distribute: return "Distribute the remedy";
    case Deploy: return "Deploy the remedy";
    case Publish: return "Publish";
  }
  return "Something else";
}

std::string_view words_of(cvd::Role role) {
  using enum cvd::Role;
  switch (role) {
    case Reporter: return "reporter";
    case Finder: return "finder";
    case Vendor: return "vendor";
    case Deployer: return "deployer";
    case Coordinator: return "coordinator";
    case Observer: return "observer";
    case Cna: return "gives CVE ids";
  }
  return "unknown";
}

std::string_view words_of(cvd::MitigationRole role) { return role == cvd::MitigationRole::Deployer ? "who installs it" : "who looks for attacks"; }

std::string_view words_of(cvd::RouteReason reason) {
  using enum cvd::RouteReason;
  switch (reason) {
    case ReporterAsked: return "the reporter asked for it";
    case VendorAsked: return "the vendor asked for it";
    case SeveralVendors: return "several vendors need a coordinator";
    case ContactFailed: return "nobody could be reached";
    case VendorFound: return "this vendor makes the product";
  }
  return "unknown";
}

std::string_view words_of(cvd::DecisionSort sort) {
  using enum cvd::DecisionSort;
  switch (sort) {
    case Tell: return "to tell";
    case Withhold: return "to withhold";
    case Wait: return "to wait";
    case Waive: return "to waive";
    case Override: return "to override";
  }
  return "unknown";
}

std::string_view words_of(cvd::Letter fact) {
  using enum cvd::Letter;
  switch (fact) {
    case V: return "vendor is aware";
    case F: return "fix is ready";
    case D: return "fix is deployed";
    case P: return "publicly known";
    case X: return "exploit is public";
    case A: return "attacks were seen";
  }
  return "unknown";
}

std::string_view words_of_absence(cvd::Letter fact) {
  using enum cvd::Letter;
  switch (fact) {
    case V: return "vendor not aware yet";
    case F: return "no fix ready";
    case D: return "no fix deployed";
    case P: return "not publicly known";
    case X: return "no public exploit known";
    case A: return "no attacks seen";
  }
  return "unknown";
}

std::string_view words_of(cvd::YesNo answer) {
  switch (answer) {
    case cvd::YesNo::Yes: return "Yes";
    case cvd::YesNo::No: return "No";
    case cvd::YesNo::Unknown: return "I don't know";
  }
  return "unknown";
}

std::string_view words_of_request(std::string_view command) {
  if (command == "participant.remove") return "Remove the last coordinator";
  if (command == "release.waive") return "Release though not all are ready";
  if (command == "release.early") return "Publish before the planned instant";
  if (command == "mitigation.share") return "Tell a role of a mitigation before publication";
  if (command == "owner.accept") return "Take the case over from an owner that is silent";
  if (command == "decision.record") return "Record a decision against a rule";
  if (command == "vendor.without") return "Go on without a vendor that doesn't answer";
  if (command == "compartment.erase") return "Erase a part of the case";
  return "Something else";
}

std::string words_of_size(std::int64_t bytes) {
  if (bytes < 1024) return std::to_string(bytes) + " bytes";
  if (bytes < 1024 * 1024) return std::to_string(bytes / 1024) + " KiB";
  return std::to_string(bytes / (1024 * 1024)) + " MiB";
}

std::string_view words_of_event(std::string_view type) {
  static constexpr auto kWords = std::to_array<std::pair<std::string_view, std::string_view>>({
      {"CaseOpened", "Case opened"},
      {"ReportReceived", "Report received"},
      {"ReportLinked", "Report added to the case"},
      {"MailboxMessage", "Message in a report's mailbox"},
      {"ContactAttempted", "Attempt to reach somebody"},
      {"ReportForwarded", "Report passed on"},
      {"ReportTakenUp", "Report taken up by who it was passed on to"},
      {"ReportStepped", "Judgement of the report changed"},
      {"CaseDescribed", "Case described anew"},
      {"ParticipantSuggested", "Participant suggested"},
      {"ParticipantInvited", "Organisation invited"},
      {"InvitationAnswered", "Invitation answered"},
      {"ParticipantConfirmed", "Participant confirmed"},
      {"ParticipantSuspended", "Participant suspended"},
      {"ParticipantRestored", "Participant restored"},
      {"ParticipantRemoved", "Participant removed"},
      {"ParticipantLeft", "Participant left"},
      {"OwnershipOffered", "Case offered to another owner"},
      {"OwnershipTaken", "Case taken over by another owner"},
      {"SettlementAgreed", "How terms are settled was agreed"},
      {"ConsentAsked", "Asked again to accept the terms"},
      {"InvitationPlanned", "Invitation planned"},
      {"InvitationPlanDropped", "Planned invitation dropped"},
      {"RolesChanged", "Roles changed"},
      {"CaseSplit", "Vulnerabilities split off into a sibling case"},
      {"SplitFrom", "Split off from a sibling case"},
      {"ParticipantCarried", "Participant carried over"},
      {"CasesMerged", "Cases merged"},
      {"SiblingTermsChanged", "A sibling case's terms changed"},
      {"ReportCarried", "Report of a merged case added"},
      {"RemedyWaitsFor", "Remedy waits for another"},
      {"RemedyWaitEnded", "Remedy waits no longer"},
      {"DeliveryMoved", "What a remedy waits for changed"},
      {"RemedyBlocked", "Remedy blocked"},
      {"RemedyUnblocked", "Remedy no longer blocked"},
      {"RemedyAssessed", "Remedy tested"},
      {"ReadinessAgreed", "Readiness for release agreed"},
      {"SupportStated", "Support of a product stated"},
      {"TargetAgreed", "Target date agreed"},
      {"TargetMoved", "Target date moved"},
      {"TargetDropped", "Target dropped"},
      {"SilenceNoted", "Silence noted"},
      {"Escalated", "Escalated"},
      {"ProceededWithout", "Going on without a vendor"},
      {"DuplicateLinked", "Report linked as a duplicate"},
      {"CreditStated", "Credit stated"},
      {"GroupFormed", "Group formed"},
      {"GroupChanged", "Group changed"},
      {"GroupJoined", "Joined a group"},
      {"GroupLeft", "Left a group"},
      {"MessageAmended", "Message amended"},
      {"MessageRetracted", "Message retracted"},
      {"TrackingIdSet", "Own tracking id set"},
      {"LeakClaimed", "Leak claimed"},
      {"LeakNoted", "Leak followed up"},
      {"LeakClosed", "Leak closed"},
      {"IncidentRecorded", "Incident recorded"},
      {"IncidentMoved", "Incident moved on"},
      {"IncidentFactStated", "Fact of the incident stated"},
      {"NoticeDrafted", "Notice drafted"},
      {"NoticeDropped", "Draft of a notice dropped"},
      {"NoticeCleared", "Notice let go by the gate"},
      {"NoticeFiled", "Notice filed"},
      {"NoticeReceiptAdded", "Receipt of a notice added"},
      {"AreaReportDrafted", "Text on an area drafted"},
      {"AreaReportPublished", "Text on an area published"},
      {"ClaimSourced", "Source of a claim added"},
      {"ThreatObjectsPrepared", "Threat objects prepared"},
      {"ThreatObjectDropped", "Threat object dropped"},
      {"ReleaseCollectionsChosen", "Collections of the release chosen"},
      {"ThreatObjectHeld", "Threat object held back"},
      {"MitigationNoted", "Mitigation noted"},
      {"MitigationProposed", "Telling of a mitigation proposed"},
      {"MitigationProposalEnded", "Proposal on a mitigation ended"},
      {"MitigationCollectionsChosen", "Collections that stand for a role chosen"},
      {"MitigationShared", "Role told of a mitigation"},
      {"MitigationTold", "Mitigation told before publication"},
      {"TermsProposed", "Embargo terms proposed"},
      {"TermsAnswered", "Embargo terms answered"},
      {"TermsAccepted", "Embargo terms settled"},
      {"TermsRefused", "Embargo terms refused"},
      {"EmbargoEnded", "Embargo ended"},
      {"ThreadOpened", "Thread opened"},
      {"MessagePosted", "Message posted"},
      {"FileAdded", "File added"},
      {"VulnerabilityAdded", "Vulnerability added"},
      {"IdentifierSet", "Identifier given"},
      {"VulnerabilityDescribed", "Vulnerability described"},
      {"SeverityAssessed", "Severity assessed"},
      {"ProductAdded", "Product added"},
      {"StatusAsked", "Vendor asked for its status"},
      {"StatusSet", "Status given"},
      {"RemedyStepped", "Remedy moved on"},
      {"RemedyReopened", "Remedy reopened"},
      {"FactClaimed", "Fact claimed"},
      {"FactAdopted", "Fact adopted"},
      {"FactRefused", "Claim refused"},
      {"StatementDrafted", "Statement drafted"},
      {"StatementApproved", "Statement approved"},
      {"Decided", "Decision recorded"},
      {"AdvisoryDrafted", "Advisory drafted"},
      {"AdvisoryApproved", "Advisory approved"},
      {"ReleasePlanned", "Release planned"},
      {"ReleaseDated", "Date set for a release"},
      {"ReleaseUndated", "Date of a release withdrawn"},
      {"ReadinessWaived", "Readiness waived"},
      {"ReleaseHeld", "Release held"},
      {"Released", "Advisory released"},
      {"ReminderDue", "Reminder"},
      {"CompartmentErased", "Part of the case erased"},
      {"SecondPersonAsked", "Second person asked to confirm"},
      {"SecondPersonConfirmed", "Confirmed by a second person"},
      {"SecondPersonRefused", "Refused by a second person"},
      {"SecondPersonWithdrawn", "Request withdrawn"},
      {"SecondPersonLapsed", "Request expired without an answer"},
      {"SecondPersonSpared", "Done without a second person"},
      {"GlassBroken", "Opened to an administrator of the site in an emergency"},
      {"GlassClosed", "Emergency ended before its time"},
      {"ScopeConfirmed", "Scope of law and standards confirmed"},
      {"FactCorrected", "Fact corrected"},
      {"FactCorrectionEnded", "Correction of a fact ended"},
      {"ProductPlaced", "Markets of a product stated"},
      {"ContentClassed", "Content classed"},
      {"RulesOverridden", "Rules set aside"},
  });
  for (const auto& [event, words] : kWords)
    if (event == type) return words;
  return "Something else";
}

Said said_of_duty(std::string_view state) {
  if (state == "missed") return {"missed", Tone::Alarm, "Its time has passed and it was not done."};
  if (state == "open") return {"open", Tone::Waiting, "It is owed."};
  if (state == "waiting") return {"waiting", Tone::Quiet, "What it runs from has not happened."};
  if (state == "late") return {"late", Tone::Alarm, "It was done after its time, or is planned for then."};
  if (state == "met") return {"met", Tone::Good, "It was done in time, or is planned in time."};
  if (state == "not-triggered") return {"doesn't arise", Tone::Quiet};
  return {state};
}

Said said_of_outcome(std::string_view outcome) {
  if (outcome == "conflict") return {"conflict", Tone::Alarm, "The law demands this and forbids it, and no other time or content satisfies both."};
  if (outcome == "deny") return {"deny", Tone::Alarm, "As planned, this is forbidden."};
  if (outcome == "allow-with-duties") return {"allow with duties", Tone::Good, "This may be done; what had to come first has been done, or is planned to be."};
  if (outcome == "allow") return {"allow", Tone::Good, "Nothing that binds stands in the way."};
  return {outcome};
}

std::string_view words_of_verdict(std::string_view verdict) { return verdict == "advises-against" ? std::string_view("advises against") : verdict; }

std::string_view words_of_force(std::string_view force) {
  if (force == "draft") return "draft, binds nobody";
  if (force == "policy") return "own policy";
  return force;
}

std::string_view words_of_conflict(std::string_view kind) {
  static constexpr auto kWords = std::to_array<std::pair<std::string_view, std::string_view>>({
      {"law-law", "Two laws that can't both be kept"},
      {"law-policy", "A law and a party's own policy"},
      {"law-embargo", "A law and the agreed embargo"},
      {"policy-embargo", "A policy and the agreed embargo"},
      {"draft-law", "A conflict that would arise if the draft were law"},
      {"timing", "Times that can't both be kept"},
      {"permission-clash", "One permits what another forbids"},
  });
  for (const auto& [word, words] : kWords)
    if (word == kind) return words;
  return kind;
}

Said said(advisory::Status status) {
  using enum advisory::Status;
  switch (status) {
    case FirstAffected: return {"First affected version", Tone::Alarm};
    case KnownAffected: return {"Affected", Tone::Alarm};
    case LastAffected: return {"Last affected version", Tone::Alarm};
    case KnownNotAffected: return {"Not affected", Tone::Good};
    case FirstFixed: return {"First fixed version", Tone::Good};
    case Fixed: return {"Fixed", Tone::Good};
    case Recommended: return {"Recommended", Tone::Good};
    case UnderInvestigation: return {"Under investigation", Tone::Waiting};
  }
  return {"unknown"};
}

std::string_view words_of(advisory::Justification why) {
  using enum advisory::Justification;
  switch (why) {
    case ComponentNotPresent: return "The component is not in it.";
    case InlineMitigationsAlreadyExist: return "Protections built into it prevent an attack.";
    case VulnerableCodeCannotBeControlledByAdversary: return "An attacker can't reach the vulnerable code with input of their own.";
    case VulnerableCodeNotInExecutePath: return "The vulnerable code is never run.";
    case VulnerableCodeNotPresent: return "The vulnerable code is not in it.";
  }
  return "";
}

std::string_view words_of(advisory::RemediationCategory category) {
  using enum advisory::RemediationCategory;
  switch (category) {
    case VendorFix: return "Install the fix";
    case Mitigation: return "Lessen the risk";
    case Workaround: return "Until you can install the fix";
    case NoFixPlanned: return "No fix is planned";
    case NoneAvailable: return "There is no fix yet";
  }
  return "";
}

std::string_view words_of(advisory::ThreatCategory category) {
  using enum advisory::ThreatCategory;
  switch (category) {
    case ExploitStatus: return "Exploitation";
    case Impact: return "Impact";
    case TargetSet: return "Who is hit";
  }
  return "";
}

std::string_view words_of(advisory::CreditType type) {
  using enum advisory::CreditType;
  switch (type) {
    case Finder: return "found it";
    case Reporter: return "reported it";
    case Analyst: return "analysed it";
    case Coordinator: return "coordinated";
    case RemediationDeveloper: return "developed the fix";
    case RemediationReviewer: return "reviewed the fix";
    case RemediationVerifier: return "tested the fix";
    case Tool: return "tool";
    case Sponsor: return "sponsor";
    case Other: return "helped";
  }
  return "";
}

std::string_view words_of(advisory::NoteCategory category) {
  using enum advisory::NoteCategory;
  switch (category) {
    case Description: return "Description";
    case Details: return "Details";
    case Faq: return "Questions and answers";
    case General: return "Note";
    case LegalDisclaimer: return "Terms of use";
    case Other: return "Note";
    case Summary: return "Summary";
  }
  return "";
}

}  // namespace sluice::web::pages
