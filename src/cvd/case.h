// A case as its events tell it.
//
// One fold serves two uses. CaseState folds every stream of a case and lives only inside decide(). CaseView folds the streams that one viewer
// may read, and nothing else, so what is hidden cannot influence what is shown. Both are values; nothing here reads a clock or a store.
//
// Invariants
//   C1  At most one version of the terms is running; it is exactly then that the embargo is Active or Revise.
//   C2  An embargo that Exited stays so.
//   C3  A consent belongs to a version of the terms; an open proposal takes nobody's consent to the running terms away.
//   C4  Letters are never taken back; reopening a remedy step leaves them.
//   C5  Applying an event twice (it may stand in two streams) is the same as applying it once.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <tuple>
#include <vector>

#include "access/standing.h"
#include "cvd/case_letters.h"
#include "cvd/consent_machine.h"
#include "cvd/events.h"
#include "cvd/incident.h"
#include "cvd/ordering.h"

namespace sluice::cvd {

// What an entry says beside its events.
struct Context {
  EntryId entry;
  std::int64_t position = 0;  // orders the streams of a case among each other; never shown
  Instant recorded, occurred;
  std::optional<OrganisationId> organisation;
  std::optional<PersonId> actor;
  access::Compartment compartment;
  std::optional<RequestId> request;  // shared by the entries of one command
};

struct Terms {
  enum class State { Open, Running, Superseded, Refused, Ended };
  BOOST_DESCRIBE_NESTED_ENUM(State, Open, Running, Superseded, Refused, Ended)
  int version = 0;
  State state = State::Open;
  Instant until;
  std::string zone = "UTC";                      // the zone it was agreed in
  Instant proposed_at, respond_by;
  std::optional<OrganisationId> proposed_by;     // known to coordination
  std::optional<std::string> note;
  std::optional<Instant> settled_at;
};

struct Participant {
  OrganisationId organisation;
  Admission admission = Admission::None;
  ReportState report = ReportState::Start;
  std::set<Role> roles;
  std::map<int, ConsentState> consent;           // by version of the terms
  std::map<int, ConsentState> consent_at_end;    // as it stood when the embargo ended and reset it
  std::map<int, Instant> asked_again;            // respond by, where consent was asked anew after the terms' own window
  std::string essential_because;
  std::optional<Instant> invited_at, respond_by, answered_at, confirmed_at, last_seen;
  bool held_content = false;                     // has been able to read content before
  std::optional<bool> honours_after_leaving;
  bool left = false;                             // out of the case by its own word, not by another's
  std::optional<std::string> statement_draft, statement;
  std::optional<Instant> validated_at;           // it said first that the report is valid
  std::optional<OrganisationId> invited_by;      // last, where it was invited
};

struct Message {
  MessageId id;
  Instant at;
  std::optional<OrganisationId> by;
  bool from_reporter = false;
  std::string text;
  std::optional<Instant> amended_at;
  std::vector<std::string> earlier;              // what it said before, oldest first
  std::optional<std::string> retracted_why;
};

struct Thread {
  ThreadId id;
  access::Compartment audience;
  std::string topic;
  Instant opened;
  std::vector<Message> messages;
};

struct File {
  FileId id;
  access::Compartment audience;
  std::string name;
  std::int64_t size = 0;
  Hash hash{};
  std::string media_type;
  Instant added;
  std::optional<OrganisationId> by;
};

struct ReportCard {
  ReportId id;
  bool anonymous = true;
  std::optional<OrganisationId> reporter;
  std::optional<ReportContent> content;          // where this viewer may read it
  Instant received;
  std::vector<Message> mailbox;
  struct Attempt { Instant at; std::optional<OrganisationId> by; std::string whom, how; std::optional<std::string> answer; };
  std::vector<Attempt> attempts;
  OrganisationId to;                             // whom the reporter sent it to
  struct Route { Instant at; OrganisationId to; RouteReason reason = RouteReason::ReporterAsked; std::string why; bool by_reporter = false; std::optional<Instant> taken_up; };
  std::vector<Route> routes;                     // whom it was passed on to since
  std::optional<ReportId> duplicate_of;
  struct Credit { bool wanted = true; std::optional<std::string> name; };
  std::optional<Credit> credit;                  // as the reporter asked
  std::optional<CaseId> kept_in;                 // the merged case in which the report itself, and its mailbox, stay
};

struct Offer { OrganisationId to; Instant at; std::string why; };
struct Lead { OrganisationId owner; Instant since; };

struct WorldFact { Instant occurred, recorded; };

struct Vulnerability {
  VulnerabilityId id;
  std::string title, description;
  std::optional<std::string> cwe, identifier;
  std::optional<std::string> cvss, score;
  std::map<Letter, WorldFact> facts;             // P, X, A
  std::optional<Instant> added;
};

struct Product {
  ProductId id;
  OrganisationId vendor;
  std::string name;
  std::optional<std::string> version, purl, cpe;
  std::optional<bool> supported;
  std::optional<Instant> supported_until;
  std::optional<std::string> support_note;
  std::optional<ProductPlaced> placed;           // where it is sold, and as what
  std::optional<Instant> placed_at;
};

// One vulnerability in one product: the vendor's answer, and how far its remedy is.
struct Answer {
  std::optional<Status> status;
  std::optional<Instant> status_at;              // since when it is this one
  std::optional<Instant> said_at;                // the vendor's last word, also one that said the same again
  std::optional<std::string> justification, note;
  std::optional<RemedyStep> step;
  std::optional<std::string> fixed_in;
  bool fix_ready = false, fix_deployed = false;  // the letters F and D
  struct Moved { Instant at; std::optional<RemedyStep> step; bool reopened = false; std::optional<std::string> note; };
  std::vector<Moved> history;
  std::optional<std::string> blocked_because;
  std::optional<Instant> blocked_since;
  struct Assessment { Instant at; std::optional<OrganisationId> by; RemedyAssessed what; std::optional<RemedyStep> step; };
  std::vector<Assessment> assessments;           // oldest first; those before the last reopening speak of another fix
};

// A remedy that waits for another party's.
struct Wait {
  VulnerabilityId vulnerability;
  ProductId product, on;
  RemedyStep at_step = RemedyStep::Distributed;
  std::string label, why;                        // the label is what the one who waits is told of the other
  Instant since;
  std::optional<Instant> ended;
  std::optional<std::string> end_why;
  std::optional<RemedyStep> delivered;           // how far the other is, as told to the one who waits
};

struct Settlement { SettlementRule rule = SettlementRule::OwnerDecides; std::optional<int> share; std::vector<Weight> weights; };

struct Sibling {
  enum class Kind { SplitOff, SplitFrom, MergedIn, MergedInto };
  BOOST_DESCRIBE_NESTED_ENUM(Kind, SplitOff, SplitFrom, MergedIn, MergedInto)
  Kind kind = Kind::SplitOff;
  std::optional<CaseId> id;                      // known to coordination
  std::vector<VulnerabilityId> vulnerabilities;
  Instant at;
  std::string why;
  std::vector<std::string> titles;               // of the vulnerabilities, as they were
  struct Moved { Instant at; std::optional<Instant> until; std::string what; };
  std::vector<Moved> terms;                      // what was told of its terms since
};

struct PlannedInvitation { OrganisationId organisation; Instant when; std::vector<Role> roles; std::string essential_because; Instant planned; };

struct Target {
  TargetId id;
  TargetAgreed first;                            // as it was agreed
  Instant agreed_at, by;
  access::Compartment audience;
  Weighing weighed;
  struct Moved { Instant at, from, to; Weighing weighed; std::string what_changed; };
  std::vector<Moved> moved;
  std::optional<Instant> dropped_at;
  std::optional<std::string> dropped_why;
};

struct Reminder { Instant at; std::string about; std::optional<OrganisationId> organisation; };
struct Silence { OrganisationId organisation; std::string about; Instant since, noted; };
struct Escalation { Instant at; std::optional<OrganisationId> organisation; std::string to, why; };

struct Group {
  GroupId id;
  std::string name, why;
  int order = 0;                                 // told in this order
  Instant formed;
  std::set<OrganisationId> members;              // known to coordination; a member knows of itself
};

struct TrackingId { std::string tracking_id; std::optional<std::string> url; Instant set; };

struct Leak {
  LeakId id;
  std::string what, where_seen, evidence;
  Instant occurred, recorded;
  std::optional<OrganisationId> by;
  struct Note { Instant at; std::optional<PersonId> by; std::string text; std::vector<OrganisationId> narrowed_to; };
  std::vector<Note> notes;
  std::optional<LeakOutcome> outcome;
  std::optional<Instant> closed_at;
  std::optional<std::string> closed_why;
};

struct Asked { Instant at, answer_by; };

struct Claim {
  ClaimId id;
  VulnerabilityId vulnerability;
  Letter fact = Letter::P;
  std::string evidence;
  Instant occurred, recorded;
  std::optional<OrganisationId> by;
  enum class State { Open, Adopted, Refused } state = State::Open;
  std::optional<std::string> why;
  std::vector<ClaimSourced> sources;             // of one that shared objects or lists make; what is told of an object, only to those who meet it
};

// A STIX object that the release is to bring to collections, and one that a participant was about to share.
struct CaseObject { PreparedObject what; Instant at; std::optional<OrganisationId> by; access::Compartment audience; };
struct HeldObject { ThreatObjectHeld what; Instant at; };

// A mitigation that is there before the case is public, as the coordination sees it (mitigation.h).
struct Mitigation {
  MitigationId id;
  VulnerabilityId vulnerability;
  ProductId product;
  std::vector<PartThere> parts;
  Instant proposed_at;
  std::optional<Instant> ended_at;
  std::optional<std::string> ended_why;
  bool declined = false;                         // a person said no
  struct Batch { MitigationShared what; Instant at; std::optional<PersonId> by; };
  std::vector<Batch> shared;
};
struct ToldMitigation { MitigationTold what; OrganisationId organisation; Instant at; EntryId entry; };

struct DecisionRecord { Decided what; Instant at; std::optional<PersonId> by, second; std::vector<std::string> rules; std::optional<OrganisationId> organisation = {}; };  // `second`: who confirmed it, where it took two; `rules`: those it sets aside

// Which regimes count, as a person said; what isn't named stays proposed.
struct ConfirmedScope {
  std::map<std::string, ScopeChoice> regimes;
  std::set<std::string> assumed;                 // drafts taken to be in force
  std::map<std::string, std::string> readings;
  std::string why;
  Instant at;
  std::optional<PersonId> by;
};
// What a person says in the place of a fact that was drawn from elsewhere.
struct Correction { std::optional<OrganisationId> organisation; std::string fact; json::value value; std::string why; Instant at; std::optional<PersonId> by; EntryId entry; };
struct ContentClass { std::vector<std::string> classes; std::optional<std::string> why; Instant at; std::optional<OrganisationId> by; };

struct AdvisoryVersion {
  int version = 0;
  json::value document;
  Hash hash{};
  std::optional<PersonId> drafted_by, approved_by;
  Instant drafted_at;
  std::optional<Instant> approved_at, released_at;
};

struct Release {
  ReleaseId id;
  AdvisoryId advisory;
  int version = 0;
  Instant instant;
  std::vector<Hash> documents;
  std::vector<VulnerabilityId> vulnerabilities;  // what it makes public: those that the advisory names
  enum class State { Planned, Held, Released } state = State::Planned;
  std::optional<std::string> held_because;
  std::optional<ReadinessWaived> waiver;
  std::optional<Instant> planned_at, released_at;
};

// A command that waits for a second person, or what became of it (second_person.h).
struct TwoPersonRequest {
  enum class State { Open, Confirmed, Refused, Withdrawn, Lapsed };
  BOOST_DESCRIBE_NESTED_ENUM(State, Open, Confirmed, Refused, Withdrawn, Lapsed)
  TwoPersonRequestId id;
  std::string command;                           // its word: "release.waive"
  json::value body;
  Instant asked_at, expires;
  std::optional<PersonId> asked_by, answered_by;
  std::optional<OrganisationId> asked_for;       // the organisation that the asker acted for
  State state = State::Open;
  std::optional<Instant> answered_at;
  std::optional<RequestId> answered_in;          // what else its confirmation brought about has the same
  std::optional<std::string> why;                // it was refused
};

// Two site administrators opened the case to one of them, for reading alone.
struct Glass {
  GlassId id;
  Instant at, until;
  std::string reason;
  PersonId asked_by, confirmed_by;
  std::optional<Instant> closed_at;              // before its time
};

struct CaseFold {
  CaseId id;
  std::string title;
  std::optional<std::string> summary;
  OrganisationId owner;
  bool owner_is_vendor = false;
  std::vector<Lead> led;                                     // who owned it since when; the last is the owner
  std::optional<Offer> offer;                                // to hand the case over; open until it is taken or another is made
  Instant opened;
  EmbargoState embargo = EmbargoState::None;
  std::optional<Instant> embargo_ended_at;
  std::optional<std::string> embargo_end_reason;
  std::vector<Terms> terms;
  std::map<OrganisationId, Participant> participants;
  std::vector<ReportCard> reports;
  std::vector<Thread> threads;
  std::vector<File> files;
  std::vector<Vulnerability> vulnerabilities;
  std::vector<Product> products;
  std::map<std::pair<VulnerabilityId, ProductId>, Answer> answers;
  std::map<std::pair<VulnerabilityId, OrganisationId>, Asked> asked;
  std::vector<Claim> claims;
  std::vector<DecisionRecord> decisions;
  std::map<AdvisoryId, std::vector<AdvisoryVersion>> advisories;
  std::vector<Release> releases;
  std::vector<TwoPersonRequest> requests;
  Settlement settlement;                                     // of proposed terms
  Settlement readiness{SettlementRule::Unanimity, {}, {}};   // that a release needs
  std::vector<Sibling> siblings;
  std::vector<PlannedInvitation> planned_invitations;
  std::vector<Wait> waits;
  std::vector<Target> targets;
  std::vector<Reminder> reminders;
  std::vector<Silence> silences;
  std::vector<Escalation> escalations;
  std::vector<ProceededWithout> proceeded_without;
  std::map<GroupId, Group> groups;
  std::map<OrganisationId, TrackingId> tracking_ids;
  std::vector<Leak> leaks;
  std::vector<Glass> glasses;
  std::optional<ConfirmedScope> scope;                       // of the case
  std::map<OrganisationId, ConfirmedScope> own_scopes;       // of a participant's own view
  std::vector<Correction> corrections;                       // one an organisation (or the case) and fact
  std::map<std::string, ContentClass> content_classes;       // by object
  std::map<OrganisationId, Incident> incidents;              // one an organisation
  std::vector<Notice> notices;
  std::vector<AreaReport> area_reports;
  std::vector<CaseObject> prepared;                          // one an id, in the order of their first coming
  std::vector<std::string> release_collections;              // ids
  std::vector<HeldObject> held_objects;
  std::map<std::tuple<VulnerabilityId, ProductId, MitigationPart>, std::string> mitigation_notes;
  std::vector<Mitigation> mitigations;                       // proposed, in the order of that
  std::map<MitigationRole, std::vector<std::string>> mitigation_collections;  // ids of those that stand for a role
  std::vector<ToldMitigation> mitigations_told;              // to a party, in its own compartment
  std::set<std::string> erased;                              // compartments whose content is gone for good
  // `vulnerability` and what follows: what it is about, where the event says so. Ids as the event has them; whether this view has the thing is asked of the view.
  struct Line {
    Instant recorded, occurred;
    std::string_view type;                                   // the event's kType
    std::optional<OrganisationId> by;
    access::Compartment compartment;
    EntryId entry;
    std::optional<RequestId> request;
    std::optional<VulnerabilityId> vulnerability = {};
    std::optional<ProductId> product = {};
    std::optional<RemedyStep> step = {};
    std::optional<Status> status = {};
  };
  std::vector<Line> timeline;
  // Where the newest command's lines stand, the last of each type.
  struct NewestLine { std::string_view type; std::size_t line = 0; };
  std::vector<NewestLine> newest_lines;

  OrganisationId owner_at(Instant at) const;
  OrganisationId first_owner() const;                        // it told the others, and nobody told it
  OrganisationId told_by(const Participant& participant) const;  // who invited it; of those that came in by themselves, who owned the case then
  const Terms* running_terms() const;
  const Terms* terms_of(int version) const;
  Terms* terms_of(int version);
  const Participant* participant(OrganisationId organisation) const;
  const Vulnerability* vulnerability(VulnerabilityId id) const;
  const Product* product(ProductId id) const;
  const Thread* thread(ThreadId id) const;
  const ReportCard* report(ReportId id) const;
  const Release* release(ReleaseId id) const;
  const TwoPersonRequest* request(TwoPersonRequestId id) const;
  ConsentState consent(OrganisationId organisation, int version) const;
  ConsentState last_consent(OrganisationId organisation, int version) const;  // once the embargo is over: what it had been
  bool signed_running(OrganisationId organisation) const;
  bool is_public() const;                                    // some vulnerability is P or X
  Letters letters(VulnerabilityId vulnerability, ProductId product) const;
  bool may_read_content(OrganisationId organisation) const;  // model: the content table
  int newest_terms() const;
  bool is_merged_away() const;                               // into another case: it takes no new work
};

void apply(CaseFold& fold, const Event& event, const Context& context);

// Everything that is known. Only decide() and what writes the clear rows see one.
struct CaseState { CaseFold fold; };

// What one viewer may know.
struct CaseView {
  CaseFold fold;
  access::Standing standing;
  std::string etag;
  std::string content;          // changes when this view does, and is the same for all persons who see the same: what memory that they share is held to
};

}  // namespace sluice::cvd
