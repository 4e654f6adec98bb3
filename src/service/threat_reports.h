// Texts over a collection that an organisation or a group answers for: aggregate reports, statements, comments on a draft. One way for all three: drafted in versions, shown to those
// who are asked for their view, endorsed by organisations, released through the gate.
//
//   drafted      a person of the author writes a version; a report's figures are gathered with it (threat_report_rows.h) from what that person's organisation reads
//   shown        one version, to organisations that may have it (a draft for members: to members): each by a Ruling of its own
//   endorsed     by an organisation that may read the version, as its own recorded act on just this version; it says nothing of any other one
//   told         what a law wants told to an authority first: put on record by the author, as something done
//   released     the newest version, to the collection's members, to all of its readers, or to everybody: by a Ruling, the judges of regimes among its judges (threat_report_law.h)
//   withdrawn    a released version and those before it, by their author, with a reason: readers then meet that it was taken back, when and why, and no more of what it said
//
// Events in the collection's stream: ThreatTextDrafted (report, version, kind, author, hash), ThreatTextShown (report, version, organisation, ruling), ThreatTextEndorsed (report, version, organisation, hash),
// ThreatTextEndorsementWithdrawn (report, version, organisation), AuthorityTold (report, to, at, reference), ThreatTextReleased (report, version, to, ruling, hash),
// ThreatTextWithdrawn (report, version, reason).
//
// Always holds
//   T1  Who may read no version of a text meets what never was: the same answer after the same queries.
//   T2  What a reader is told of a version is that version and who stands behind it; of other versions, of drafts, of whom else it was shown to, only its author's own people are told.
//   T3  A group's text has the group as its author and nobody else. A member of the group stands behind it only if that organisation endorsed it itself.
//   T4  An endorsement is bound to the hash of what it was put to. A new version begins with none.
//   T5  Nothing is released but by a Ruling on exactly these bytes and this audience; what was denied is on record, too.
//   T6  Who wrote a version doesn't release it alone: a second person does, and of a group a second organisation (where the site asks for two persons: ACC-11).
//   T7  A version whose figures were gathered for one audience goes to no wider one.
//   T8  Of a version that was withdrawn nothing goes out any more but that it was, to whom it was let go: neither its text nor its figures, in no form. Its title still does (list, page, JSON). Its author's people still read what they wrote.
//   T9  Showing a draft doesn't tell whether an organisation reads the collection or is a member of it: to one that may not have it nothing is shown, by the same answer.
#pragma once

#include "gate/channel.h"
#include "service/services.h"
#include "service/threat_report_rows.h"
#include "store/threat_reports.h"
#include "threat/aggregate_report.h"

namespace sluice::service {

// ---- what is asked

struct FiguresWanted {
  threat::ReportPeriod period;
  std::optional<threat::ReportPeriod> before;
  std::vector<std::string> sectors, regions;
  std::vector<threat::Breakdown> by;
  std::optional<bool> wide_regions;
  std::optional<std::int64_t> least_objects, least_senders;
  std::vector<std::string> collections;                   // ids or aliases; none: the report's own
};
BOOST_DESCRIBE_STRUCT(FiguresWanted, (), (period, before, sectors, regions, by, wide_regions, least_objects, least_senders, collections))

struct DraftThreatText {
  store::ThreatTextKind kind = store::ThreatTextKind::Report;
  std::string collection;                                 // id or alias
  std::optional<GroupId> group;                           // its author; none: the asker's organisation
  std::string title;
  std::optional<std::string> text;
  std::optional<std::string> on;                          // of a comment
  std::optional<FiguresWanted> figures;                   // of a report
  std::optional<store::ThreatAudience> audience;          // the widest it is meant for; members, if nothing is said
  std::optional<bool> public_data;
  std::vector<std::string> classes, assume;               // assume: draft laws to be asked as if they were in force
};
BOOST_DESCRIBE_STRUCT(DraftThreatText, (), (kind, collection, group, title, text, on, figures, audience, public_data, classes, assume))

struct ReviseThreatText {
  std::string title;
  std::optional<std::string> text, on;
  std::optional<FiguresWanted> figures;
  std::optional<store::ThreatAudience> audience;
  std::optional<bool> public_data;
  std::vector<std::string> classes, assume;
};
BOOST_DESCRIBE_STRUCT(ReviseThreatText, (), (title, text, on, figures, audience, public_data, classes, assume))

struct ShowThreatText { std::int64_t version = 0; std::vector<OrganisationId> organisations; };
BOOST_DESCRIBE_STRUCT(ShowThreatText, (), (version, organisations))
struct EndorseThreatText { std::int64_t version = 0; std::optional<std::string> words; };
BOOST_DESCRIBE_STRUCT(EndorseThreatText, (), (version, words))
struct WithdrawEndorsement { std::int64_t version = 0; };
BOOST_DESCRIBE_STRUCT(WithdrawEndorsement, (), (version))
struct TellAuthority { std::string to; Instant at; std::optional<std::string> reference; };
BOOST_DESCRIBE_STRUCT(TellAuthority, (), (to, at, reference))
struct WithdrawThreatText { std::int64_t version = 0; std::string reason; };
BOOST_DESCRIBE_STRUCT(WithdrawThreatText, (), (version, reason))
struct ReleaseThreatText { std::int64_t version = 0; store::ThreatAudience to = store::ThreatAudience::Members; };
BOOST_DESCRIBE_STRUCT(ReleaseThreatText, (), (version, to))

// ---- who asks

// What texts are found by for one viewer. Made on a pool thread, before a connection is leased; its own organisation's groups are asked for anew each time.
struct TextReader {
  access::Viewer viewer;
  std::vector<store::Tag> of_collections;                 // everybody, and the collections that it reads
  std::vector<std::int64_t> collections;                  // their numbers
};
Result<TextReader> text_reader(Services& services, const access::Viewer& viewer);

struct SeenText {
  store::ThreatText row;
  bool is_author = false;                                 // the viewer acts for its author
  store::ReadableVersions versions;
  std::vector<store::Tag> tags;                           // of the viewer
  std::int64_t newest() const { return versions.all ? row.body.versions : versions.some.empty() ? 0 : versions.some.back(); }
  bool may_read(std::int64_t version) const;
  const store::ThreatTextWithdrawn* withdrawal(std::int64_t version) const;   // null: it stands
};
Result<SeenText> see_text(Services& services, store::Queries& db, const TextReader& reader, const std::string& id);   // NotFound: T1
std::unexpected<Error> no_threat_text();

// ---- commands. Each checks and gathers on the pool thread that asks, and decides once more in the Writer

// Answers {"id", "version"}.
Result<Work> draft_threat_text(Services& services, Asker asker, DraftThreatText given);
Result<Work> revise_threat_text(Services& services, Asker asker, std::string id, ReviseThreatText given);
Result<Work> show_threat_text(Services& services, Asker asker, std::string id, ShowThreatText given);
Result<Work> endorse_threat_text(Services& services, Asker asker, std::string id, EndorseThreatText given);
Result<Work> withdraw_endorsement(Services& services, Asker asker, std::string id, WithdrawEndorsement given);
Result<Work> tell_authority(Services& services, Asker asker, std::string id, TellAuthority given);
Result<Work> withdraw_threat_text(Services& services, Asker asker, std::string id, WithdrawThreatText given);    // of what was released; a later version can be released anew
Result<Work> release_threat_text(Services& services, Asker asker, std::string id, ReleaseThreatText given);   // Conflict "gate-denies" with the reasons where the gate says no

// ---- reads

// {"items": [card]}, newest first; of one collection, or of all.
Result<json::object> threat_texts(Services& services, const access::Viewer& viewer, const std::optional<std::string>& collection);
// One version, as this viewer may know it; the newest that it may read, if none is named. `fresh`: it reaches the viewer's organisation for the first time.
struct TextShown {
  json::object shown;                                     // docs/howto/report-on-threats.md
  store::ThreatTextVersion version;                       // of one that was withdrawn, for a reader: without words and figures
  std::optional<store::ThreatTextWithdrawn> withdrawn;
  std::string id, author;                                 // name
  bool is_group = false, is_fresh = false;
  store::ThreatTextKind kind = store::ThreatTextKind::Report;
  Instant created;
  std::optional<Instant> published;
  Tlp tlp = Tlp::AmberStrict;                             // for this reader: whoever may have it
  std::vector<std::string> endorsers, duties;             // names; sentences
};
Result<TextShown> shown_text(Services& services, const access::Viewer& viewer, const std::string& id, std::optional<std::int64_t> version);
Work note_text_shown(Services& services, access::Viewer viewer, std::string id, std::int64_t version);
// What the gate would say of releasing the newest version: nothing is recorded. For its author.
Result<json::object> ask_release(Services& services, const access::Viewer& viewer, const std::string& id, store::ThreatAudience to);
// Ids behind one figure of the newest version, gathered once more: for its author. Conflict where what is there now isn't what it was counted from.
Result<json::object> behind_figure(Services& services, const access::Viewer& viewer, const std::string& id, threat::Breakdown by, const std::string& line);

// ---- what endorsements come to: pure

enum class EndorsementState { Standing, Lapsed, Withdrawn };
BOOST_DESCRIBE_ENUM(EndorsementState, Standing, Lapsed, Withdrawn)
// On the text as this version has it.
EndorsementState state_of(const store::Endorsement& endorsement, std::int64_t version, const Hash& hash);
// All of a version that says something to readers. T4.
Hash hash_of_text(const store::ThreatTextBody& text, const store::ThreatTextVersion& version);
// Why this audience may not have this version (T7); "" where it may.
std::string why_not_to(const store::ThreatTextVersion& version, store::ThreatAudience to);
// The label a version carries for those whom it was let go to; and for those who are shown it as a draft: what isn't out yet isn't for everybody.
Tlp label_of(store::ThreatAudience to);
Tlp label_of_draft(store::ThreatAudience audience);

// ---- the way out

struct TextEnvelope {
  const std::string& report;
  std::int64_t version = 0;
  std::vector<store::Tag> readers;
  gate::ContentHash content;
  gate::Audience audience;
};
class ThreatTextOutlet final : public gate::Outlet<TextEnvelope> {
 public:
  ThreatTextOutlet(gate::Channel channel, store::Tx& tx, Instant now) : Outlet(channel), tx_(tx), now_(now) {}

 private:
  Result<void> deliver(gate::Pass pass, const TextEnvelope& envelope) override;
  store::Tx& tx_;
  Instant now_;
};

}  // namespace sluice::service
