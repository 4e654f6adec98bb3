// What objects are about and what they name, found by keyed hash among those that a reader meets.
//
//   TRY(const auto found, postings_with(tx, seen, value_name(cells, "domain-name", "evil.example"), 100));
//   TRY(const auto page, objects_at(store, tx, seen, keys_of(found), Parts::Whole));
//
// A hash can be compared and not ranged over, so whatever is to be found is written down when an object is put: its values, the networks of a fixed size that its addresses lie in
// (threat/value_keys.h), and the ids that it names.
//
// Always holds
//   I1  Each entry is of one audience, in its very key. What a question answers, and what it reads beyond a page of each run (runs.h, N3), follows from the entries of its reader's own audiences, so that a hidden
//       value and one that nobody ever shared cost the same.
//   I2  A question is a range of each run of its collection, newest first; nothing is scanned, however much is held.
//   I3  Entries go with the posting that they belong to.
#pragma once

#include "store/objects.h"
#include "store/runs.h"

namespace sluice::store {

Tag value_name(const Cells& cells, std::string_view kind, std::string_view text);   // of a value in its one spelling (threat/observable.h)
Tag network_name(const Cells& cells, std::string_view network);                     // "198.51.100.0/24"

enum RefKind : int { kSourceRef = 1, kTargetRef = 2, kSightingOfRef = 3, kCreatedByRef = 4, kDerivedFromRef = 5, kOtherRef = 6 };

inline constexpr std::size_t kMostTies = 2000;    // of each sort and object; the rest is not found this way

// ---- writing

// By what an object is found, as its row keeps it: of each tie the sort and eight bytes of its keyed hash.
Bytes ties_of(const KeyedAhead& keyed, const NewObject& object);
inline constexpr std::size_t kTieBytes = 9;
// The key of a tie for the readers of one audience. Names, values and creators can be asked for in all of them at once, as audience 0: for the Writer, and for what is asked of a sender's own objects.
std::uint64_t tie_key(int sort, const Tag& tag, std::int64_t audience);
inline constexpr int kNameTie = 0, kValueTie = 1, kNetworkTie = 2, kRefTie = 16;   // a reference: this and its kind

struct Tied { std::int64_t object = 0, audience = 0; const Tag* name = nullptr; ByteView ties; };
Result<void> put_ties(Writing& writing, std::int64_t collection, std::span<const Tied> ties);
// Of what an audience meets no more. Where nobody meets an object any more (its last posting is gone before), all that it is found by goes.
struct Untied { std::int64_t object = 0, audience = 0; };
Result<void> drop_ties(Writing& writing, std::span<const Untied> gone);
// For objects that are posted once more, to another audience: they are found by that one too.
Result<void> extend_ties(Writing& writing, std::span<const std::int64_t> objects, std::int64_t audience);

// ---- reading

struct FoundPosting {
  std::int64_t object = 0, audience = 0, date_added = 0, version_at = 0;
  int spec = 2001;
  Tag name{}, sender{};                           // of its id; of the organisation that sent it
  bool is_last = false;                           // of its spec, in this audience
  std::int64_t line = 0, since = 0;               // whose version it is (lines.h), and when that line began in this audience
};

// What a statement that asks of several objects takes of them at a time, and these as its parameters behind others: the last one fills what is left.
inline constexpr std::size_t kObjectsTogether = 16;
std::vector<Param> with_objects(std::vector<Param> params, std::span<const std::int64_t> objects);

struct FoundPostings {
  std::vector<FoundPosting> found;                // newest first
  bool more = false;                              // than `most`
};

Result<FoundPostings> postings_with(Queries& db, const CollectionSeen& seen, const Tag& value, std::size_t most);
Result<FoundPostings> postings_in_network(Queries& db, const CollectionSeen& seen, const Tag& network, std::size_t most);
// Those that name this object, whether it is there or not.
Result<FoundPostings> postings_naming(Queries& db, const Cells& cells, const CollectionSeen& seen, std::string_view id, RefKind kind, std::size_t most);
// Postings of these objects to an audience, in their order.
Result<std::vector<FoundPosting>> postings_of_objects(Queries& db, std::span<const std::int64_t> objects, std::int64_t audience);
// All postings of one object that the reader meets, oldest first: of the line that it follows (version_choice.h, C0).
Result<std::vector<FoundPosting>> postings_of(Queries& db, const CollectionSeen& seen, const Tag& name);
Tag name_of_object(const Cells& cells, std::string_view id);

}  // namespace sluice::store
