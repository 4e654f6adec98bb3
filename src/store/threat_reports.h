// Texts written over a collection (aggregate reports, statements, comments), their versions, who may read which, who endorsed which; and the named groups that can be their author.
// Rows in, rows out; who may do what is service/threat_reports.h's.
//
// Always holds
//   X1  What a text says, whose it is and who stands behind it lies sealed; found is it by keyed hashes of those who may read it.
//   X2  A version is written once and never changed.
//   X3  Whether a text is there for a reader is asked by its own keys alone (reader_version): a hidden one and none answer the same queries with the same nothing.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/bind.h"
#include "base/json.h"
#include "store/collections.h"

namespace sluice::store {

enum class ThreatTextKind { Report, Statement, Comment };
BOOST_DESCRIBE_ENUM(ThreatTextKind, Report, Statement, Comment)

// To whom a version was let go. Only ever added to.
enum class ThreatAudience { Members, Readers, Public };
BOOST_DESCRIBE_ENUM(ThreatAudience, Members, Readers, Public)

struct ThreatTextShown {                          // a draft, to an organisation that is asked for its view
  OrganisationId organisation;
  std::int64_t version = 0;
  Instant at;
  PersonId by;
  RulingId ruling;
  std::optional<bool> is_outside;                 // true: it may not have it (doesn't read the collection, or isn't of those it is for) and met nothing, of which the author isn't told
};
BOOST_DESCRIBE_STRUCT(ThreatTextShown, (), (organisation, version, at, by, ruling, is_outside))

struct AuthorityTold {                            // what a law wants told before such a text comes out, as somebody of an author says that it was done
  OrganisationId organisation;                    // who told it
  std::string to;                                 // a body, as packs write it: "cac-office:CN-ZJ@prefecture"
  Instant at, recorded;
  std::optional<std::string> reference;
  PersonId by;
};
BOOST_DESCRIBE_STRUCT(AuthorityTold, (), (organisation, to, at, recorded, reference, by))

struct ThreatTextReleased {
  std::int64_t version = 0;
  ThreatAudience to = ThreatAudience::Members;
  Instant at;
  PersonId by;
  OrganisationId organisation;                    // for whom that person acted
  RulingId ruling;
  std::vector<json::value> duties;                // that the ruling laid on whoever released it
};
BOOST_DESCRIBE_STRUCT(ThreatTextReleased, (), (version, to, at, by, organisation, ruling, duties))

struct ThreatTextWithdrawn {                      // by its author: this version, and those before it
  std::int64_t version = 0;
  Instant at;
  PersonId by;
  OrganisationId organisation;                    // for whom that person acted
  std::string reason;
};
BOOST_DESCRIBE_STRUCT(ThreatTextWithdrawn, (), (version, at, by, organisation, reason))

struct ThreatTextBody {
  std::string collection;                         // id
  ThreatTextKind kind = ThreatTextKind::Report;
  std::optional<OrganisationId> organisation;     // exactly one of the two is its author
  std::optional<GroupId> group;
  Instant created;
  std::int64_t versions = 0;
  std::vector<ThreatTextShown> shown;
  std::vector<AuthorityTold> told;
  std::vector<ThreatTextReleased> released;
  std::vector<ThreatTextWithdrawn> withdrawn;
};
BOOST_DESCRIBE_STRUCT(ThreatTextBody, (), (collection, kind, organisation, group, created, versions, shown, told, released, withdrawn))

struct ThreatText {
  std::string id;                                 // a UUID
  std::int64_t collection = 0;                    // its number
  Tag author{};
  Instant changed;
  ThreatTextBody body;
};

struct ThreatTextVersion {
  std::int64_t version = 0;
  Instant at;
  std::string title, text;
  std::optional<std::string> on;                  // of a comment: what it is about
  json::value figures;                            // of a report (threat/aggregate_report.h); null of others
  json::value wanted;                             // of a report: what was asked for
  ThreatAudience audience = ThreatAudience::Members;   // the widest that its figures were gathered for
  bool public_data = false;                       // as its author says: put together from what was public before
  std::vector<std::string> classes;               // words of the packs for what it contains, as its author says
  std::vector<std::string> assume;                // draft laws that its author wants asked as if they were in force
  Hash hash{};                                    // of all of this that is said to readers: what endorsers put their name to
  PersonId by;
  OrganisationId organisation;                    // for whom that person acted; of a group's text nobody outside the group is told
};
BOOST_DESCRIBE_STRUCT(ThreatTextVersion, (), (version, at, title, text, on, figures, wanted, audience, public_data, classes, assume, hash, by, organisation))

struct Endorsement {
  std::int64_t version = 0;
  OrganisationId organisation;
  PersonId by;
  Instant at;
  Hash hash{};                                    // of the version that it is on
  std::optional<std::string> words;               // its own
  std::optional<Instant> withdrawn;
};
BOOST_DESCRIBE_STRUCT(Endorsement, (), (version, organisation, by, at, hash, words, withdrawn))

// ---- texts

Result<void> add_threat_text(Tx& tx, const Cells& cells, const ThreatText& row);
Result<void> change_threat_text(Tx& tx, const Cells& cells, const ThreatText& row);               // its body and when
Result<void> add_threat_version(Tx& tx, const Cells& cells, std::string_view report, const ThreatTextVersion& version);
Result<std::optional<ThreatText>> threat_text(Queries& db, const Cells& cells, std::string_view id);
Result<std::optional<ThreatTextVersion>> threat_version(Queries& db, const Cells& cells, std::string_view report, std::int64_t version);

// ---- who reads which version

Tag reader_of_group(const Cells& cells, GroupId group);
Tag reader_of_collection(const Cells& cells, std::string_view collection, ThreatAudience audience);   // Public: everybody, whatever collection
Result<void> let_read(Tx& tx, std::string_view report, const Tag& reader, std::int64_t version, Instant now);
struct ReadableVersions {
  bool all = false;
  std::vector<std::int64_t> some;                 // ascending
  bool none() const { return !all && some.empty(); }
};
// What these readers together may read of it: one query a reader, whether it is there or not.
Result<ReadableVersions> readable_versions(Queries& db, std::string_view report, std::span<const Tag> readers);
// Ids of texts that one of these readers reads, newest first; each once.
Result<std::vector<std::string>> texts_for(Queries& db, std::span<const Tag> readers, int most);
// The same, over one collection.
Result<std::vector<std::string>> texts_over(Queries& db, std::span<const Tag> readers, std::int64_t collection, int most);

// ---- endorsements

Result<void> put_endorsement(Tx& tx, const Cells& cells, std::string_view report, const Tag& organisation, const Endorsement& one);   // a later one on the same version takes its place
Result<std::vector<Endorsement>> endorsements_of(Queries& db, const Cells& cells, std::string_view report);                          // all, by version and time

// ---- who had it

Result<bool> note_threat_text_delivery(Tx& tx, std::string_view report, std::int64_t version, const Tag& organisation, Instant now);  // whether it was the first
Result<bool> has_threat_text_delivery(Queries& db, std::string_view report, std::int64_t version, const Tag& organisation);

// ---- groups

enum class GroupPlace { Asked, Joined, Left };
BOOST_DESCRIBE_ENUM(GroupPlace, Asked, Joined, Left)

struct ThreatGroupBody {
  std::string collection, name;
  OrganisationId formed_by;
};
BOOST_DESCRIBE_STRUCT(ThreatGroupBody, (), (collection, name, formed_by))
struct ThreatGroup {
  GroupId id;
  std::int64_t collection = 0;
  Instant at;
  ThreatGroupBody body;
};
struct ThreatGroupMember {
  OrganisationId organisation;
  PersonId by;                                    // who said so last
  GroupPlace place = GroupPlace::Asked;
  Instant at;
};
BOOST_DESCRIBE_STRUCT(ThreatGroupMember, (), (organisation, by, place, at))

Result<void> add_threat_group(Tx& tx, const Cells& cells, const ThreatGroup& group);
Result<std::optional<ThreatGroup>> threat_group(Queries& db, const Cells& cells, GroupId id);
Result<std::vector<ThreatGroup>> threat_groups_of(Queries& db, const Cells& cells, const Collection& collection);   // oldest first
Result<void> put_group_member(Tx& tx, const Cells& cells, GroupId group, const Tag& organisation, const ThreatGroupMember& member);
Result<std::vector<ThreatGroupMember>> group_members(Queries& db, const Cells& cells, GroupId group);               // by when they came to their place
Result<std::optional<GroupPlace>> place_in_group(Queries& db, GroupId group, const Tag& organisation);
struct GroupJoined {
  GroupId id;
  std::int64_t collection = 0;
};
Result<std::vector<GroupJoined>> groups_joined(Queries& db, const Tag& organisation);

inline constexpr int kMostGroups = 200;           // of one collection, and that one organisation is in

}  // namespace sluice::store
