// What scores and points are made of, as rows: what first had a value or named an object, who read first, doubts of members, what each member gave, the tables of an alliance.
//
// Always holds
//   D1  Of objects nothing is answered but what the reader's own audiences hold; of others nothing is looked at (store/values.h).
//   D2  Objects come in the order of their numbers, and what came after `upto` doesn't count: what was found for an instant is found for it again, whatever came since.
//   D3  Who doubts, what a member gave and what a table says stand sealed; found are they by keyed hashes.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/bind.h"
#include "store/values.h"

namespace sluice::store {

// ---- objects

struct HeldPosting {
  std::int64_t object = 0, audience = 0, date_added = 0;
  Tag name{}, sender{};                           // of its id; of the organisation that sent it
};

// At most `most` of each audience.
Result<std::vector<HeldPosting>> first_with(Queries& db, const CollectionSeen& seen, const Tag& value, Instant upto, std::int64_t most);
Result<std::vector<HeldPosting>> first_naming(Queries& db, const Cells& cells, const CollectionSeen& seen, std::string_view id, RefKind kind, Instant upto, std::int64_t most);
// The first posting of an object by its name, as the reader meets it.
Result<std::optional<HeldPosting>> first_of(Queries& db, const CollectionSeen& seen, const Tag& name);
// Whom an object names as its creator, as eight bytes of the keyed hash of that id.
using CreatorWord = std::array<std::uint8_t, 8>;
Result<std::optional<CreatorWord>> creator_of(Queries& db, const HeldPosting& posting);
// When it first reached this organisation, or any other.
Result<std::optional<Instant>> first_read_by(Queries& db, std::int64_t object, const Tag& organisation);
Result<std::optional<Instant>> first_read_by_others(Queries& db, std::int64_t object, const Tag& organisation);

// Whose a version is, and its object's name.
struct SenderOf {
  Tag sender{}, name{};
};
Result<std::optional<SenderOf>> sender_of(Queries& db, std::int64_t object);
// How many versions of others, in one collection, reached this organisation for the first time since then.
Result<std::int64_t> given_since(Queries& db, std::int64_t collection, const Tag& organisation, Instant since);

// What an organisation sent, in any collection, after one of its objects; each object once, as it was first posted.
struct SentObject {
  std::int64_t collection = 0;
  HeldPosting posting;
};
Result<std::vector<SentObject>> sent_after(Queries& db, const Tag& sender, std::int64_t object, std::int64_t most);
// Which of them name something by source_ref, target_ref or sighting_of_ref.
Result<std::vector<std::int64_t>> sent_that_name(Queries& db, const Tag& sender, std::int64_t after, std::int64_t last);

// ---- doubts

struct Doubt {
  std::string id, object;                         // its own id, and the object's
  Instant at;
  OrganisationId by;
  std::string reason;
  std::optional<Instant> decided_at;
  bool is_proven = false;                         // once it is decided
  std::optional<std::string> why;
};
BOOST_DESCRIBE_STRUCT(Doubt, (), (id, object, at, by, reason, decided_at, is_proven, why))

Result<void> add_doubt(Writing& writing, std::int64_t collection, const Doubt& doubt);
Result<void> change_doubt(Writing& writing, const Doubt& doubt);
Result<std::vector<Doubt>> doubts_about(Queries& db, const Cells& cells, std::int64_t collection, std::string_view object);   // oldest first
Result<std::vector<Doubt>> doubts_in(Queries& db, const Cells& cells, std::int64_t collection, std::int64_t most);              // newest first

// ---- what a member gave

struct GivenRow {
  Instant at;
  json::value event;
};
// `counts_for`: what of the member it is, such as "package …"; one that was kept before stays as it was.
Result<void> keep_given(Tx& tx, const Cells& cells, const Tag& member, std::string_view counts_for, const GivenRow& row);
Result<std::vector<GivenRow>> given_by(Queries& db, const Cells& cells, const Tag& member);
Result<std::int64_t> gathered_through(Queries& db, const Tag& member);
Result<void> set_gathered(Tx& tx, const Tag& member, std::int64_t object);     // never back

// ---- tables of an alliance

struct AllianceTableRow {
  std::string id;
  json::value body;
};
Result<std::vector<AllianceTableRow>> alliance_tables(Queries& db, const Cells& cells);   // in the order of the proposals
Result<void> add_alliance_table(Writing& writing, const AllianceTableRow& row);
Result<void> change_alliance_table(Writing& writing, const AllianceTableRow& row);

}  // namespace sluice::store
