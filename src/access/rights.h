// The table behind authorize() and docs/rights.md: a row an action, a column a kind of principal. Read by authorize.cpp and rights_page.cpp alone.
#pragma once

#include <array>
#include <string_view>

#include "access/authorize.h"

namespace sluice::access {

// What must be true before any cell of the row counts.
enum class Needs {
  Nothing,   // the row isn't about a case, or its cells say it all
  Known,     // the viewer may know the case
  Terms,     // and see its terms: also while invited
  Place,     // and is confirmed in it, or is the reporter
  Content,   // and passes the content gate
};

// Is a "no" to somebody who knows the case told, or does the thing itself not exist for them?
enum class Refusal { Told, Hidden };

struct Right {
  Action action;
  std::string_view words;
  Needs needs;
  Refusal refusal;
  std::string_view cells;   // one letter a Principal, in their order; what the letters mean: kLegend
  std::string_view scope;   // of a token, as a word; "" = no token ever
};

struct Letter { char letter; std::string_view shown; std::string_view words; };
inline constexpr Letter kLegend[] = {
    {'y', "y", "yes"},
    {'-', "–", "no"},
    {'o', "o", "what is its own organisation's only"},
    {'2', "2", "yes, with a second person"},
    {'w', "o 2", "its own organisation's, with a second person"},
    {'L', "y (2)", "yes; with a second person if that removes the last coordinator or the case owner"},
    {'r', "own report", "a report it sent, or opened by its report code"},
    {'p', "put to it", "what a Disclosure put to it is about"},
    {'g', "by break-glass", "of a case that two persons opened to it in an emergency, for hours"},
    {'l', "if let", "if the case owner lets coordinators do so"},
    {'h', "if shared", "if the reporter shared the identity with it"},
    {'a', "admin", "if it administers its organisation"},
    {'s', "site", "of the whole site if it acts for the site's own organisation, else of its own"},
    {'k', "vendor, coordinator", "if its organisation is a vendor or a coordinator"},
    {'R', "granted", "collections that its organisation may read"},
    {'W', "granted", "collections that its organisation may write"},
};

// clang-format off
inline constexpr auto kRights = [] {
  using enum Action;
  using enum Needs;
  using enum Refusal;
  return std::to_array<Right>({
    // nobody, finder, vendor member, vendor admin, coordinator, case owner, observer, counsel, trustee, auditor, instance admin, sharing member
    {SubmitReport,         "submit a report",                                  Nothing, Told,   "yyyyyyy----y", "report_write"},
    {UseMailbox,           "write in a report's mailbox",                      Known,   Hidden, "-r--yy------", "report_write"},
    {ReadReport,           "read a report",                                    Known,   Hidden, "-r--yy----g-", "case_read"},
    {RouteReport,          "pass a report on to another receiver",             Known,   Hidden, "-r--yy------", "case_write"},
    {RecordContactAttempt, "record an attempt to reach somebody",              Known,   Hidden, "----yy------", "case_write"},
    {FindContact,          "look for a vendor's contact",                      Nothing, Told,   "-----------k", "case_write"},
    {ShareIdentity,        "share the reporter's identity",                    Known,   Hidden, "-r----------", "report_write"},
    {SeeReporterIdentity,  "see a reporter's identity",                        Known,   Hidden, "-rhhhh------", ""},

    {SeeCase,              "know that the case is there",                      Known,   Hidden, "-yyyyyyy--g-", "case_read"},
    {ReadTerms,            "read the embargo's terms",                         Terms,   Hidden, "-yyyyyyy--g-", "case_read"},
    {ReadShared,           "read `shared`",                                    Content, Hidden, "-yyyyyyp--g-", "case_read"},
    {ReadCoordination,     "read `coordination`",                              Content, Hidden, "----yy----g-", "case_read"},
    {ReadOwnOrg,           "read an organisation's compartment",               Content, Hidden, "-oooyyoo--g-", "case_read"},
    {WriteOwnOrg,          "write in its own compartment",                     Content, Hidden, "--ooooo-----", "case_write"},
    {SeeParticipants,      "see who takes part",                               Content, Told,   "----yy----g-", "case_read"},

    {OpenCase,             "open a case",                                      Nothing, Told,   "-----------y", "case_write"},
    {DescribeCase,         "name and summarise the case",                      Content, Told,   "----yy------", "case_write"},
    {TriageReport,         "validate, accept or defer a report",               Place,   Told,   "--yyyy------", "case_write"},
    {SetOwnReportState,    "say how far its organisation is with the report",  Place,   Told,   "--yyyyy-----", "case_write"},
    {AnswerInvitation,     "answer an invitation",                             Terms,   Told,   "-y-y--y-----", "case_write"},
    {LeaveCase,            "leave the case",                                   Place,   Told,   "-y-yy-y-----", "members"},
    {SetRemedyStep,        "move a remedy on",                                 Content, Told,   "--oooo------", "case_write"},
    {SetStatus,            "say whether a product is affected",                Content, Told,   "--oooo------", "case_write"},
    {AskStatus,            "ask others for their status",                      Content, Told,   "----yy------", "case_write"},

    {ClaimFact,            "claim P, X or A",                                  Known,   Told,   "-yyyyyy-----", "case_write"},
    {AdoptFact,            "adopt or refuse a claim",                          Content, Told,   "----yy------", "publish"},

    {ProposeTerms,         "propose terms",                                    Place,   Told,   "-yyyyyy-----", "case_write"},
    {AnswerTerms,          "answer terms for its organisation",                Terms,   Told,   "-y-yyyy-----", "case_write"},
    {SettleTerms,          "settle terms",                                     Place,   Told,   "----ly------", "publish"},
    {RefuseTerms,          "refuse or withdraw proposed terms",                Place,   Told,   "-ooolyo-----", "case_write"},
    {EndEmbargo,           "end an embargo",                                   Place,   Told,   "----ly------", "publish"},

    {SuggestParticipant,   "suggest a participant",                            Place,   Told,   "-yyyyy------", "case_write"},
    {InviteParticipant,    "invite a participant",                             Content, Told,   "----yy------", "members"},
    {ConfirmParticipant,   "confirm who answered",                             Content, Told,   "----yy------", "members"},
    {SuspendParticipant,   "suspend a participant",                            Content, Told,   "----yy------", "members"},
    {RestoreParticipant,   "restore a participant",                            Content, Told,   "----yy------", "members"},
    {RemoveParticipant,    "remove a participant",                             Content, Told,   "----LL------", "members"},
    {SetRoles,             "set roles in the case",                            Content, Told,   "-----y------", "members"},
    {ChangeGroup,          "form groups and change them",                      Content, Told,   "----yy------", "members"},
    {OfferOwnership,       "hand the case over",                               Content, Told,   "-----y------", "members"},
    {TakeOwnership,        "take the case over: offered, or from a silent owner", Content, Told, "---LL-------", "members"},
    {MergeCases,           "merge or split cases",                             Content, Told,   "-----y------", "members"},

    {OpenThread,           "open a thread where it reads",                     Content, Told,   "-yyyyyy-----", "case_write"},
    {PostMessage,          "post where it reads",                              Content, Told,   "-yyyyyy-----", "case_write"},
    {AddFile,              "add a file where it reads",                        Content, Told,   "-yyyyyy-----", "case_write"},
    {AddVulnerability,     "add or describe a vulnerability",                  Content, Told,   "--yyyy------", "case_write"},
    {SetIdentifier,        "give a vulnerability its identifier",              Content, Told,   "---yyy------", "case_write"},
    {AssessSeverity,       "assess severity",                                  Content, Told,   "--yyyy------", "case_write"},
    {AddProduct,           "add a product or component",                       Content, Told,   "--yyyy------", "case_write"},
    {AgreeTarget,          "agree on or move a target date",                   Content, Told,   "--yyyy------", "case_write"},
    {LinkDuplicate,        "mark a report as a duplicate",                     Content, Told,   "----yy------", "case_write"},
    {Escalate,             "escalate",                                         Content, Told,   "----yy------", "case_write"},
    {ClaimLeak,            "claim that something leaked",                      Place,   Told,   "-yyyyyy-----", "case_write"},
    {HandleLeak,           "lead the drill after a leak",                      Content, Told,   "----yy------", "case_write"},
    {ConfirmScope,         "confirm which laws and standards are in scope",    Known,   Told,   "---yyy-y----", "case_write"},
    {CorrectFact,          "correct a fact that the laws ask for",             Content, Told,   "--yyyy------", "case_write"},
    {RecordIncident,       "keep its organisation's record of an incident",    Content, Told,   "--yyyyy-----", "case_write"},
    {DraftNotice,          "draft its organisation's notice to an authority",  Content, Told,   "--yyyyy-----", "case_write"},
    {FileNotice,           "have a notice let go, hand out its text, record it as filed; publish a report on an area", Content, Told, "---yyy------", "publish"},

    {DraftStatement,       "draft its organisation's statement",               Content, Told,   "--yy--------", "case_write"},
    {ApproveStatement,     "approve its organisation's statement",             Content, Told,   "---y--------", "publish"},
    {ComposeAdvisory,      "compose an advisory",                              Content, Told,   "--ooyy------", "case_write"},
    {ApproveAdvisory,      "approve an advisory another person drafted",       Content, Told,   "---w22------", "publish"},
    {PlanRelease,          "plan a release",                                   Content, Told,   "---oyy------", "publish"},
    {HoldRelease,          "hold or withdraw a release",                       Content, Told,   "---oyy------", "publish"},
    {FireRelease,          "release before the planned instant",               Content, Told,   "---w22------", "publish"},
    {ShareMitigation,      "tell a role of a mitigation before publication",   Content, Told,   "-----2------", "publish"},
    {WaiveReadiness,       "release though not all are ready",                 Known,   Told,   "-----2-w----", "publish"},

    {AskGate,              "ask the gate, see duties and reasons",             Known,   Told,   "-oooyyoy---o", "case_read"},
    {RecordDecision,       "record a decision to tell, withhold or wait",      Known,   Told,   "---y-y-y----", "case_write"},
    {Override,             "override a Ruling, with reason and users' risk",   Known,   Told,   "-----2-w----", "publish"},
    {GiveOpinion,          "give an opinion on a Ruling",                      Known,   Told,   "---o---y----", "case_write"},
    {TakeDuty,             "take on or discharge a duty",                      Known,   Told,   "---y-y-y----", "case_write"},
    {ExportEvidence,       "export an evidence pack",                          Place,   Told,   "-o-oyyoo----", "export"},

    {AnswerRequest,        "confirm or refuse what another person asked for",  Content, Told,   "----oy------", "case_write"},
    {WithdrawRequest,      "withdraw what one asked for",                      Content, Told,   "----yy------", "case_write"},

    {AskContributor,       "ask who is behind a pseudonym",                    Nothing, Told,   "-------y--y-", ""},
    {RevealContributor,    "reveal who is behind a pseudonym",                 Nothing, Told,   "--------2---", ""},
    {BreakGlass,           "open a case in an emergency",                      Nothing, Told,   "----------2-", ""},
    {EraseCompartment,     "erase a compartment",                              Content, Told,   "-----2------", ""},

    {ManageOwnPeople,      "manage people of its organisation",                Nothing, Told,   "---y------y-", "people_admin"},
    {ManageOwnTokens,      "manage its own tokens and sessions",               Nothing, Told,   "----------yy", "keys"},
    {ManageSite,           "site settings, organisations, packs, backup",      Nothing, Told,   "----------y-", "site_admin"},
    {ManageKeys,           "keys of the site",                                 Nothing, Told,   "----------2-", ""},
    {ReadAccessLog,        "ledger heads, access log, counts; never content",  Nothing, Told,   "---oyy-oosyo", "audit_read"},

    {ReadCollection,       "read a collection",                                Nothing, Hidden, "-----------R", "collection_read"},
    {WriteCollection,      "write a collection",                               Nothing, Hidden, "-----------W", "collection_write"},
    {DecideDoubt,          "decide whether an object that is doubted is noise", Nothing, Told,  "-----------s", "collection_write"},
    {VoteOnTables,         "propose tables of the alliance and vote on them",  Nothing, Told,   "-----------a", "organisation_admin"},
  });
}();
// clang-format on

constexpr std::size_t kPrincipals = static_cast<std::size_t>(Principal::SharingMember) + 1;

// A row for every action, in order, each with a cell for every column that the legend knows.
static_assert([] {
  if (kRights.size() != static_cast<std::size_t>(Action::VoteOnTables) + 1) return false;
  for (std::size_t i = 0; i < kRights.size(); ++i) {
    if (kRights[i].action != static_cast<Action>(i) || kRights[i].cells.size() != kPrincipals) return false;
    for (const char cell : kRights[i].cells) {
      bool known = false;
      for (const auto& row : kLegend) known = known || row.letter == cell;
      if (!known) return false;
    }
  }
  return true;
}(), "each action needs its row");

constexpr const Right& right_of(Action action) { return kRights[static_cast<std::size_t>(action)]; }

}  // namespace sluice::access
