#include "store/peers.h"

#include <algorithm>
#include <map>

#include "store/held.h"
#include "store/lines.h"
#include "store/object_cells.h"

namespace sluice::store {

namespace {

constexpr Sql kAddPeer{"add_peer", "INSERT INTO peer (id, state, due, held_until, holder, organisation, card, progress, health) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)"};
constexpr Sql kChangePeer{"change_peer", "UPDATE peer SET state = $2, due = $3, held_until = $4, holder = $5, card = $6 WHERE id = $1"};
constexpr Sql kPeer{"peer", "SELECT id, state, due, held_until, holder, card, health FROM peer WHERE id = $1"};
constexpr Sql kPeers{"peers", "SELECT id, state, due, held_until, holder, card, health FROM peer WHERE state <> 2 ORDER BY id"};
constexpr Sql kProgressOfPeer{"progress_of_peer", "SELECT progress FROM peer WHERE id = $1"};
constexpr Sql kDuePeer{"due_peer", "SELECT id FROM peer WHERE state = 0 AND due <= $1 AND held_until <= $1 ORDER BY due, id LIMIT 1"};
constexpr Sql kHoldPeer{"hold_peer", "UPDATE peer SET holder = $2, held_until = $3 WHERE id = $1"};
constexpr Sql kHolderOfPeer{"holder_of_peer", "SELECT state, holder, due FROM peer WHERE id = $1"};
constexpr Sql kKeepPeer{"keep_peer", "UPDATE peer SET due = $2, held_until = $3, progress = $4, health = $5 WHERE id = $1"};
constexpr Sql kKeepHealth{"keep_peer_health", "UPDATE peer SET due = $2, held_until = $3, health = $4 WHERE id = $1"};
constexpr Sql kFreePeers{"free_peers", "UPDATE peer SET held_until = 0 WHERE held_until <> 0"};
constexpr Sql kPutProgress{"put_peer_progress", "UPDATE peer SET progress = $2 WHERE id = $1"};
constexpr Bulk kOrigins{"object_origin", "object, peer, at, body", "ON CONFLICT (object, peer) DO NOTHING"};
constexpr Sql kOriginsOf{"origins_of_object", "SELECT peer, at, body FROM object_origin WHERE object = $1 ORDER BY at, peer"};
constexpr Sql kHasOrigin{"has_origin", "SELECT at FROM object_origin WHERE object = $1 LIMIT 1"};
constexpr Sql kOriginPeers{"peers_of_origin", "SELECT peer FROM object_origin WHERE object = $1"};
constexpr Sql kWasGiven{"was_given", "SELECT at FROM object_delivery WHERE organisation = $1 AND object = $2"};
constexpr Sql kLinesLeft{"lines_left", "SELECT line FROM bound_id WHERE collection = $1 AND name = $2"};

std::string origin_row(std::int64_t object, std::string_view peer) { return std::to_string(object) + "/" + std::string(peer); }

Result<PeerRow> peer_row(Rows& row, const Cells& cells) {
  PeerRow out{.id = row.string(0), .state = {}, .due = row.instant(2), .held_until = row.instant(3), .holder = {}, .card = {}, .health = {}};
  const auto state = row.i64(1);
  if (state < 0 || state > static_cast<std::int64_t>(PeerState::Removed)) return fail(ErrorKind::Unavailable, "A row of peer is damaged.", {}, {}, "corrupt");
  out.state = static_cast<PeerState>(state);
  if (!row.is_null(4)) out.holder = row.copy(4);
  TRY(const auto card, cells.open_json("peer", out.id, "card", row.bytes(5)));
  TRY(out.card, from_json<PeerCard>(card));
  TRY(const auto health, cells.open_json("peer", out.id, "health", row.bytes(6)));
  TRY(out.health, from_json<PeerHealth>(health));
  return out;
}

}  // namespace

Result<void> add_peer(Tx& tx, Store& store, const PeerRow& row) {
  const auto& cells = store.cells();
  TRY(tx.run(kAddPeer, row.id, static_cast<int>(row.state), row.due, row.held_until, row.holder, store.tag_of(row.card.organisation), cells.seal_json("peer", row.id, "card", to_json(row.card)),
             cells.seal("peer", row.id, "progress", ""), cells.seal_json("peer", row.id, "health", to_json(row.health))));
  return {};
}

Result<void> change_peer(Tx& tx, const Cells& cells, const PeerRow& row) {
  TRY(tx.run(kChangePeer, row.id, static_cast<int>(row.state), row.due, row.held_until, row.holder, cells.seal_json("peer", row.id, "card", to_json(row.card))));
  return {};
}

Result<std::optional<PeerRow>> peer(Queries& db, const Cells& cells, std::string_view id) {
  TRY(auto row, db.one(kPeer, id));
  if (!row) return std::optional<PeerRow>{};
  TRY(auto out, peer_row(*row, cells));
  return std::optional(std::move(out));
}

Result<std::vector<PeerRow>> peers(Queries& db, const Cells& cells) {
  std::vector<PeerRow> out;
  TRY(auto rows, db.query(kPeers));
  for (;;) {
    TRY(const bool more, rows.next());
    if (!more) return out;
    TRY(auto one, peer_row(rows, cells));
    out.push_back(std::move(one));
  }
}

Result<PeerProgress> progress_of_peer(Queries& db, const Cells& cells, std::string_view id) {
  TRY(auto row, db.one(kProgressOfPeer, id));
  if (!row) return fail(ErrorKind::NotFound, "There is no such peer.");
  return cells.open("peer", id, "progress", row->bytes(0));
}

Result<std::optional<std::string>> due_peer(Queries& db, Instant now) {
  TRY(auto row, db.one(kDuePeer, now));
  if (!row) return std::optional<std::string>{};
  return std::optional(row->string(0));
}

Result<void> hold_peer(Tx& tx, std::string_view id, ByteView holder, Instant until) {
  TRY(tx.run(kHoldPeer, id, holder, until));
  return {};
}

Result<bool> keep_peer(Tx& tx, const Cells& cells, std::string_view id, ByteView holder, Instant was_due, Instant due, Instant held_until, const PeerProgress* progress, const PeerHealth& health) {
  {
    TRY(auto row, tx.one(kHolderOfPeer, id));
    if (!row || row->i64(0) != static_cast<std::int64_t>(PeerState::Active) || row->is_null(1)) return false;
    const auto held = row->bytes(1);
    if (!std::equal(held.begin(), held.end(), holder.begin(), holder.end())) return false;
    if (row->instant(2) != was_due) due = row->instant(2);
  }
  const auto sealed = cells.seal_json("peer", id, "health", to_json(health));
  if (progress == nullptr) TRY(tx.run(kKeepHealth, id, due, held_until, sealed));
  else TRY(tx.run(kKeepPeer, id, due, held_until, cells.seal("peer", id, "progress", *progress), sealed));
  return true;
}

Result<void> free_peers(Tx& tx) {
  TRY(tx.run(kFreePeers));
  return {};
}

Result<void> forget_progress(Tx& tx, const Cells& cells, std::string_view id) {
  TRY(tx.run(kPutProgress, id, cells.seal("peer", id, "progress", "")));
  return {};
}

Result<void> note_origins(Tx& tx, const Cells& cells, std::string_view peer, Instant at, std::span<const NewOrigin> origins) {
  std::vector<Bytes> bodies;                      // they must outlive the batch
  bodies.reserve(origins.size());
  Batch batch;
  for (const auto& one : origins) {
    bodies.push_back(cells.seal_json("object_origin", origin_row(one.object, peer), "body", to_json(one.body)));
    batch.add(one.object, peer, at, bodies.back());
  }
  if (batch.rows() > 0) TRY(tx.insert_many(kOrigins, batch));
  return {};
}

Result<std::vector<Origin>> origins_of(Queries& db, const Cells& cells, std::int64_t object) {
  std::vector<Origin> out;
  TRY(auto rows, db.query(kOriginsOf, object));
  for (;;) {
    TRY(const bool more, rows.next());
    if (!more) return out;
    Origin one{.peer = rows.string(0), .at = rows.instant(1), .body = {}};
    TRY(const auto body, cells.open_json("object_origin", origin_row(object, one.peer), "body", rows.bytes(2)));
    TRY(one.body, from_json<OriginBody>(body));
    out.push_back(std::move(one));
  }
}

Result<bool> came_through_peer(Queries& db, std::int64_t object) {
  TRY(const auto at, db.number(kHasOrigin, object));
  return at.has_value();
}

Result<std::vector<CopyHere>> copies_here(Queries& db, const Cells& cells, const Collection& collection, std::string_view id, const Hash& content, const Tag& given_to, std::span<const Tag> peers) {
  std::vector<CopyHere> out;
  const auto same = content_tag(cells, collection, id, content);
  {
    TRY(const auto held, held_postings(db, collection, object_name(cells, id)));
    std::map<std::int64_t, const HeldRow*> once;
    for (const auto& one : held) once.emplace(one.object, &one);
    for (const auto& [object, one] : once) out.push_back({.object = object, .same_content = one->content == same, .sender = one->sender, .origins = {}});
  }
  for (auto& one : out) {
    TRY(auto rows, db.query(kOriginPeers, one.object));
    for (;;) {
      TRY(const bool more, rows.next());
      if (!more) break;
      one.origins.push_back(rows.string(0));
    }
  }
  for (auto& one : out) {
    TRY(const auto given, db.number(kWasGiven, given_to, one.object));
    one.was_given = given.has_value();
    one.was_given_to_any = one.was_given;
    for (const auto& peer : peers) {
      if (one.was_given_to_any) break;
      TRY(const auto at, db.number(kWasGiven, peer, one.object));
      one.was_given_to_any = at.has_value();
    }
  }
  return out;
}

Result<bool> was_deleted_here(Queries& db, const Cells& cells, const Collection& collection, std::string_view id, const Tag& sender) {
  TRY(auto rows, db.query(kLinesLeft, collection.n, object_name(cells, id)));
  bool of_others = false;
  for (;;) {
    TRY(const bool more, rows.next());
    if (!more) return of_others;
    if (rows.i64(0) == line_number(sender) || rows.i64(0) == kLineOfAll) return false;   // whose those of all were isn't known any more
    of_others = true;
  }
}

}  // namespace sluice::store
