// What objects are about and what they name, found by keyed hash among those that a reader meets.
//
//   TRY(const auto found, postings_with(tx, seen, value_name(cells, "domain-name", "evil.example"), 100));
//   TRY(const auto page, objects_at(store, tx, seen, keys_of(found), Parts::Whole));
//
// A hash can be compared and not ranged over, so whatever is to be found is written down when an object is put: its values, the networks of a fixed size that its addresses lie in
// (threat/value_keys.h), and the ids that it names.
//
// Always holds
//   I1  Each row belongs to one audience. What a question costs and answers follows from the rows of its reader's own audiences: of others nothing is looked at, so that a hidden value
//       and one that nobody ever shared cost the same.
//   I2  A question is a range of one index a tag and audience, newest first; nothing is scanned, however much is held.
//   I3  Rows go with the posting that they belong to.
#pragma once

#include "store/objects.h"

namespace sluice::store {

Tag value_name(const Cells& cells, std::string_view kind, std::string_view text);   // of a value in its one spelling (threat/observable.h)
Tag network_name(const Cells& cells, std::string_view network);                     // "198.51.100.0/24"

enum RefKind : int { kSourceRef = 1, kTargetRef = 2, kSightingOfRef = 3, kCreatedByRef = 4, kDerivedFromRef = 5, kOtherRef = 6 };

inline constexpr std::size_t kMostTies = 2000;    // of each sort and object; the rest is not found this way

// ---- writing

struct Tied { std::int64_t object = 0, audience = 0; const NewObject* content = nullptr; const KeyedAhead* keyed = nullptr; };
Result<void> put_ties(Writing& writing, std::span<const Tied> ties);
Result<void> drop_ties(Tx& tx, std::int64_t object, std::int64_t audience);
// For an object that is posted once more, to another audience: it is found by that one too.
Result<void> extend_ties(Tx& tx, std::int64_t object, std::int64_t audience);

// ---- reading

struct FoundPosting {
  std::int64_t object = 0, audience = 0, date_added = 0, version_at = 0;
  int spec = 2001;
  Tag name{}, sender{};                           // of its id; of the organisation that sent it
  bool is_last = false;                           // of its spec, in this audience
  std::int64_t line = 0, since = 0;               // whose version it is (lines.h), and when that line began in this audience
};
using ReferringObject = FoundPosting;

struct FoundPostings {
  std::vector<FoundPosting> found;                // newest first
  bool more = false;                              // than `most`
};

Result<FoundPostings> postings_with(Queries& db, const CollectionSeen& seen, const Tag& value, std::size_t most);
Result<FoundPostings> postings_in_network(Queries& db, const CollectionSeen& seen, const Tag& network, std::size_t most);
// Those that name this object, whether it is there or not.
Result<FoundPostings> postings_naming(Queries& db, const Cells& cells, const CollectionSeen& seen, std::string_view id, RefKind kind, std::size_t most);
// All postings of one object that the reader meets, oldest first: of the line that it follows (version_choice.h, C0).
Result<std::vector<FoundPosting>> postings_of(Queries& db, const CollectionSeen& seen, const Tag& name);
Tag name_of_object(const Cells& cells, std::string_view id);

// The numbers alone.
Result<std::vector<std::int64_t>> objects_with(Queries& db, const CollectionSeen& seen, const Tag& value, std::size_t most);
Result<std::vector<ReferringObject>> objects_naming(Queries& db, const Cells& cells, const CollectionSeen& seen, std::string_view id, int kind, std::size_t most);

}  // namespace sluice::store
