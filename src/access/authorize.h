// Who may do what: one pure function, one table (model: who may what). Default is no.
//
// Called by store/ for every object it loads (ACC-1) and by service/ for every command. It sees the viewer, the action and what the viewer's
// organisation is in the case (Standing), nothing else. docs/rights.md is printed from the same table, and a test holds the two equal.
//
// Always holds
//   A4  Nobody, site administrators and auditors are never allowed an action on a case's content (ACC-5); a case that two persons opened by break-glass is read by the
//       administrator who asked, and nothing else is done with it.
//   A5  A token is allowed nothing that its person isn't, and nothing without the scope that the row names.
//   A6  `hide` is set exactly where the viewer may not know that the object exists: the answer is then NotFound, as for an id that never was (EXI-1).
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "access/standing.h"
#include "access/viewer.h"
#include "base/result.h"

namespace sluice::access {

enum class Action {
  // reports and their mailbox
  SubmitReport, UseMailbox, ReadReport, RouteReport, RecordContactAttempt, FindContact, ShareIdentity, SeeReporterIdentity,
  // reading a case
  SeeCase, ReadTerms, ReadShared, ReadCoordination, ReadOwnOrg, WriteOwnOrg, SeeParticipants,
  // a participant's own path
  OpenCase, DescribeCase, TriageReport, SetOwnReportState, AnswerInvitation, LeaveCase, SetRemedyStep, SetStatus, AskStatus,
  // facts
  ClaimFact, AdoptFact,
  // embargo
  ProposeTerms, AnswerTerms, SettleTerms, RefuseTerms, EndEmbargo,
  // participants
  SuggestParticipant, InviteParticipant, ConfirmParticipant, SuspendParticipant, RestoreParticipant, RemoveParticipant, SetRoles, ChangeGroup, OfferOwnership, TakeOwnership, MergeCases,
  // content of a case
  OpenThread, PostMessage, AddFile, AddVulnerability, SetIdentifier, AssessSeverity, AddProduct, AgreeTarget, LinkDuplicate, Escalate, ClaimLeak, HandleLeak, ConfirmScope, CorrectFact, RecordIncident, DraftNotice, FileNotice,
  // statements, advisories, releases
  DraftStatement, ApproveStatement, ComposeAdvisory, ApproveAdvisory, PlanRelease, HoldRelease, FireRelease, ShareMitigation, WaiveReadiness,
  // the gate and decisions
  AskGate, RecordDecision, Override, GiveOpinion, TakeDuty, ExportEvidence,
  // what takes two persons
  AnswerRequest, WithdrawRequest,
  // contributors' pseudonyms, break-glass, erasure
  AskContributor, RevealContributor, BreakGlass, EraseCompartment,
  // the site
  ManageOwnPeople, ManageOwnTokens, ManageSite, ManageKeys, ReadAccessLog,
  // sharing
  ReadCollection, WriteCollection, DecideDoubt, VoteOnTables,
};
std::string_view words_for(Action action);  // "submit a report"
std::span<const Action> all_actions();

// The columns of the table. One viewer may be several at once (an owner's admin); a token is what its person is, and Machine besides.
enum class Principal { Nobody, Finder, VendorMember, VendorAdmin, Coordinator, CaseOwner, Observer, Counsel, Trustee, Auditor, InstanceAdmin, SharingMember };
BOOST_DESCRIBE_ENUM(Principal, Nobody, Finder, VendorMember, VendorAdmin, Coordinator, CaseOwner, Observer, Counsel, Trustee, Auditor, InstanceAdmin, SharingMember)

struct Decision {
  bool allowed = false;
  bool needs_second_person = false;  // allowed, and takes effect only once another person has agreed
  std::string reason = {};           // for a person; says nothing about the object when `hide`
  bool hide = false;                 // the object may not be known: answer NotFound
};

Decision authorize(const Viewer& viewer, Action action, const Standing& standing);

// The same as a Result: NotFound where it hides, Forbidden with the reason where it may be known, Unauthenticated for nobody at an action that needs somebody.
Result<Decision> require(const Viewer& viewer, Action action, const Standing& standing);

// What the viewer is in the case, as columns of the table. Empty: nothing at all.
std::vector<Principal> principals_of(const Viewer& viewer, const Standing& standing);

// The table as a Markdown page: docs/rights.md.
std::string rights_page();

}  // namespace sluice::access
