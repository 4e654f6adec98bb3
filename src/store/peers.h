// Peers: collections of other TAXII servers that this site reads on a schedule, and the origins of what came through them. Rows in, rows out; service/peers.h says who may.
//
// Always holds
//   P1  A peer's address and credentials, the place in its collection, and what came of asking it are sealed; its organisation here is found by a keyed hash.
//   P2  One process asks a peer at a time: it holds it until `held_until`, and takes that on with each page.
//   P3  A peer that was removed keeps its name, for the origins that name it; its credentials and its place are gone.
//   P4  An object's origin through a peer is written once, with the first time.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/bind.h"
#include "base/tlp.h"
#include "store/collections.h"

namespace sluice::store {

// Only ever added to.
enum class PeerState { Active, Paused, Removed };
BOOST_DESCRIBE_ENUM(PeerState, Active, Paused, Removed)

struct PeerCard {
  std::string name, url, collection;              // of the API root or discovery; id, alias or title of the collection there
  std::optional<std::string> authorization;       // the header's value; secret
  std::string into;                               // id of the collection here
  OrganisationId organisation;                    // in whose name its objects are sent: what the peer is here
  PersonId person;                                // of that organisation, who answers for it
  Tlp up_to = Tlp::AmberStrict;                   // what is marked stricter isn't taken
  std::vector<std::string> types;                 // none: all
  std::optional<Instant> added_after;
  Duration interval{};
  Instant added;
  std::optional<PersonId> added_by;
};
BOOST_DESCRIBE_STRUCT(PeerCard, (), (name, url, collection, authorization, into, organisation, person, up_to, types, added_after, interval, added, added_by))

struct Counted {
  std::string why;
  std::int64_t count = 0;
};
BOOST_DESCRIBE_STRUCT(Counted, (), (why, count))

struct PeerIncident {                             // an object that was not taken
  Instant at;
  std::string object, version, why;
};
BOOST_DESCRIBE_STRUCT(PeerIncident, (), (at, object, version, why))

struct PeerHealth {
  std::optional<Instant> last_attempt, last_success, last_error_at;
  std::optional<std::string> last_error;
  std::int64_t failures_in_row = 0, pulls = 0, pages = 0;
  std::int64_t taken = 0, known = 0, refused = 0, loops = 0;
  std::vector<Counted> refused_for, loops_by;     // reasons, each with its count
  std::vector<PeerIncident> last_refused, last_loops;   // newest first
  std::optional<Instant> reached, reached_at;     // the peer's date_added of the last object that was read, and when that was here
  bool may_have_lost = false;                     // the peer's times don't tell whether all came
};
BOOST_DESCRIBE_STRUCT(PeerHealth, (), (last_attempt, last_success, last_error_at, last_error, failures_in_row, pulls, pages, taken, known, refused, loops, refused_for, loops_by, last_refused, last_loops, reached, reached_at, may_have_lost))

// Where the reading stands: service/taxii_state.h, or "" before the first page.
using PeerProgress = std::string;

struct PeerRow {
  std::string id;                                 // a UUID
  PeerState state = PeerState::Active;
  Instant due, held_until;
  std::optional<Bytes> holder;
  PeerCard card;
  PeerHealth health;
};

Result<void> add_peer(Tx& tx, Store& store, const PeerRow& row);
Result<void> change_peer(Tx& tx, const Cells& cells, const PeerRow& row);           // state, due, hold and card
Result<std::optional<PeerRow>> peer(Queries& db, const Cells& cells, std::string_view id);
Result<std::vector<PeerRow>> peers(Queries& db, const Cells& cells);                // all but those removed, by id
Result<PeerProgress> progress_of_peer(Queries& db, const Cells& cells, std::string_view id);

// An active one that is due and held by nobody; the longest due first.
Result<std::optional<std::string>> due_peer(Queries& db, Instant now);
Result<void> hold_peer(Tx& tx, std::string_view id, ByteView holder, Instant until);
// What a page or a round came to: the next time, the hold, the place and the health. Nothing where the peer isn't held by `holder` any more or is no longer active: false.
// `was_due`: when it was taken on; where somebody asked for another time since, that stays.
Result<bool> keep_peer(Tx& tx, const Cells& cells, std::string_view id, ByteView holder, Instant was_due, Instant due, Instant held_until, const PeerProgress* progress, const PeerHealth& health);
// After a start, where no other process can hold any.
Result<void> free_peers(Tx& tx);
Result<void> forget_progress(Tx& tx, const Cells& cells, std::string_view id);

// ---- origins

struct OriginBody {
  std::optional<Instant> added_from, added_until; // the peer's date_added lies between them: of the first and the last object on its page
  std::vector<std::string> marks;                 // that it came with
};
BOOST_DESCRIBE_STRUCT(OriginBody, (), (added_from, added_until, marks))

struct Origin {
  std::string peer;
  Instant at;
  OriginBody body;
};

struct NewOrigin {
  std::int64_t object = 0;                        // its row
  OriginBody body;
};
Result<void> note_origins(Tx& tx, const Cells& cells, std::string_view peer, Instant at, std::span<const NewOrigin> origins);
Result<std::vector<Origin>> origins_of(Queries& db, const Cells& cells, std::int64_t object);   // by time
Result<bool> came_through_peer(Queries& db, std::int64_t object);

// ---- what is held already

// A version under this id, whoever sent it and whoever meets it: for the site's own judgement, never to be told.
struct CopyHere {
  std::int64_t object = 0;
  bool same_content = false;
  Tag sender{};
  std::vector<std::string> origins;               // ids of peers
  bool was_given = false;                         // to `given_to`
  bool was_given_to_any = false;                  // of `peers`
};
// `content`: SHA-256 of the canonical JSON. `peers`: the organisations of all peers.
Result<std::vector<CopyHere>> copies_here(Queries& db, const Cells& cells, const Collection& collection, std::string_view id, const Hash& content, const Tag& given_to, std::span<const Tag> peers);
// Were all its versions deleted here, that somebody else than `sender` had sent?
Result<bool> was_deleted_here(Queries& db, const Cells& cells, const Collection& collection, std::string_view id, const Tag& sender);

}  // namespace sluice::store
