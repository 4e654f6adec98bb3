// Threat objects in collections: put once as they came, met by each reader exactly once, paged in the order of their arrival.
//
// Always holds
//   H1  date_added is unique in a collection and only grows, also inside one command, so that a reader who goes on after the last one it saw loses nothing (TAXII 2.1 §3.4, §3.5).
//   H2  What a page holds is `chosen` (version_choice.h) over all postings of the reader's audiences, and nothing else: filters come first, the length of the page last.
//   H3  A page costs what it holds, wherever it begins: each of its sources is a range of one index, opened after the date the page begins with. Where filters pick little of what no index tells apart, it ends
//       after so many rows, with `more` and perhaps without objects.
//   H4  Bytes are what was sent. They lie sealed with their collection's key unless the object is marked for anyone; other bytes than their hash says are damage ("corrupt"), and no hash lies open (object_cells.h).
//   H5  What a read costs and answers follows from the postings of its reader's own audiences; those of others are not looked at.
//   H6  Only who sent an object first to an audience makes its versions there (lines.h).
//   H7  Whoever follows a collection learns what its objects' last versions are: one that becomes the last since a newer one was deleted is posted anew, to each audience that may have met that one.
#pragma once

#include <functional>
#include <memory>

#include "ledger/seal.h"
#include "store/held.h"
#include "store/version_choice.h"
#include "store/writing.h"

namespace sluice::store {

// ---- writing: for service::Writer alone

// What is keyed with an object before it is put, since that costs as much as putting it: on whatever thread prepared it, and not in the Writer's turn. put_objects makes for itself what isn't there.
struct KeyedAhead {
  std::int64_t collection = 0;                    // of this one alone
  Tag name{}, content{}, creator{}, hash{};
  std::vector<Tag> refs;                          // of the ids that it names
  Bytes ties;                                     // by what it is found, as its row keeps it (store/values.h)
  std::shared_ptr<const ledger::SecretKey> sealed_with;   // its cell was sealed as well, and holds as long as this is the collection's key
  Bytes cell;
};

struct NewObject {
  std::string id, type;
  std::string version;                            // as sent; "" for one that has none: its arrival stands for it
  std::optional<std::int64_t> version_at;         // the same in nanoseconds; none exactly if version is ""
  int spec = 2001;
  Hash hash{};                                    // of the bytes
  Hash content{};                                 // SHA-256 of the canonical JSON: what makes two spellings the same; all zero: the hash of the bytes stands for it
  std::string_view bytes;
  std::string creator;                            // created_by_ref; "" for none
  std::optional<std::int64_t> created_at;         // created, in nanoseconds
  bool is_sealed = true;
  bool is_revoked = false;                        // it says so itself
  bool is_everybodys = false;                     // no sender's: who puts it later makes versions of it as well
  std::vector<Tag> value_tags, network_tags;      // by what it is found (store/values.h)
  std::vector<std::pair<int, std::string>> refs;  // what it names: kind and id
  std::optional<KeyedAhead> keyed;
};

void key_ahead(Store& store, const Collection& collection, NewObject& object);

// An object, and who meets it.
struct PlacedObject {
  const NewObject* object = nullptr;
  std::string audience;                           // kMembers, …
  bool is_sealed = true;
  const std::vector<HeldRow>* held = nullptr; // what is held under its id, where that was read in this transaction already
};

struct PutObject {
  enum class Outcome {
    Added,
    AlreadyThere,                                 // with the same content
    Differs,                                      // this version, with another content
    OfAnother,                                    // another organisation's id (H6)
    OtherCreator,                                 // created_by_ref or created is not what the versions before it have
    AfterRevocation,                              // a version before it is revoked, and this one isn't
    TooMany,
    Wider,                                        // its marking lets it go further than the version before went (service/marked_put.h)
  } outcome = Outcome::Added;
  std::int64_t object = 0;                        // its number, where it was added
  std::string version;                            // as TAXII writes it
};

inline constexpr std::size_t kMostVersions = 1000;  // of one object, as the sender meets them and sent them; one more is TooMany

// In their order; one that is there already with the same content is left alone. What the sender neither reads nor sent counts as not there: where it would stand in another's line, it is taken and met by nobody.
Result<std::vector<PutObject>> put_objects(Writing& writing, const CollectionSeen& seen, std::span<const PlacedObject> objects, Instant now);

struct DeletedObjects {
  std::int64_t versions = 0;
  std::vector<Hash> hashes;                       // of their bytes, in the order of their arrival
  std::vector<std::int64_t> audiences;            // that were posted something anew (H7)
  std::int64_t head = 0;                          // the newest date_added of that; 0: nothing was
};

// Removes what the filter picks of one object, as the viewer meets it, from everybody. No versions: the filter picks none. The row stays with the hash alone, so that the ledger's
// list of hashes can still be checked. NotFound if the viewer meets no version of it.
Result<DeletedObjects> delete_object(Writing& writing, const CollectionSeen& seen, std::string_view id, const VersionsWanted& wanted, Instant now);

// Of the bytes of rows `first` to `last`, deleted ones too, as ObjectsAdded of the ledger counts them: for checks.
Result<std::vector<Hash>> hashes_of_rows(Store& store, Queries& db, const Collection& collection, std::int64_t first, std::int64_t last);

// Moves postings of one object to another audience, or takes them away. What becomes the newest for a reader by that is posted anew, as after a deletion.
struct MovedPosting {
  std::int64_t audience = 0, date_added = 0;
  std::optional<std::int64_t> to;                 // none: taken away
};
Result<void> move_postings(Writing& writing, const Collection& collection, std::string_view id, std::span<const MovedPosting> moved, Instant now);

// Rows of first deliveries.
Result<void> note_deliveries(Tx& tx, const Tag& organisation, std::span<const std::int64_t> objects, Instant now, int channel);

// ---- reading

struct ObjectsWanted {
  std::vector<std::string> ids, types;            // any of them; empty: all
  VersionsWanted versions;
  std::int64_t after = INT64_MIN;                 // date_added, exclusive
  std::int64_t most = 1000;
  std::int64_t look = 20'000;                     // rows that one page looks at, at most about
};

struct PostedObject {
  std::int64_t date_added = 0, object = 0;
  std::string id, version;                        // the version as TAXII writes it
  int spec = 2001;
  std::string bytes;                              // as they came; empty where only labels were asked for
  bool is_delivered = false;                      // to the reader's organisation, before
};

struct ObjectPage {
  std::vector<PostedObject> objects;              // by date_added
  bool more = false;
  std::int64_t next_after = INT64_MIN;            // where the next page begins: the date it goes on after; of sense where there is more
};

enum class Parts { Whole, Labels };               // Labels: no bytes, as manifests and lists of versions show them

// In one snapshot. A page ends early where its bytes or the rows it looked at would be too many; `more` then says so, and go on with `next_after`.
Result<ObjectPage> page_of(Store& store, Db& db, const CollectionSeen& seen, const ObjectsWanted& wanted, Parts parts);
Result<ObjectPage> page_of(Store& store, Tx& tx, const CollectionSeen& seen, const ObjectsWanted& wanted, Parts parts);   // in the snapshot of that transaction
// Some that the reader meets, by their audience and date_added: in this order, without those that it meets no more. For who found them by another index; a page ends early as above.
struct PostingKey { std::int64_t audience = 0, date_added = 0; };
Result<ObjectPage> objects_at(Store& store, Queries& db, const CollectionSeen& seen, std::span<const PostingKey> keys, Parts parts);
// Does the reader meet any version of it?
Result<bool> has_object(Store& store, Queries& db, const CollectionSeen& seen, std::string_view id);

// ---- what became of an envelope that was added (TAXII 2.1 §4.3)

Result<void> keep_status(Tx& tx, const Cells& cells, std::string_view id, const Tag& owner, Instant expires, std::string_view body);
Result<std::optional<std::string>> kept_status(Queries& db, const Cells& cells, std::string_view id, const Tag& owner, Instant now);
Result<void> drop_old_statuses(Tx& tx, Instant now);

}  // namespace sluice::store
