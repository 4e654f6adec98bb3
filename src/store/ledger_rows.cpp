#include "store/ledger_rows.h"

#include "store/cells.h"

namespace sluice::store {

namespace {
constexpr Sql kOpen{"open_entries", "SELECT pos, id, stream, stream_seq, tick, slot, recorded, commitment, seal, record FROM entry WHERE tick IS NULL ORDER BY pos"};
constexpr Sql kOfTick{"entries_of_tick", "SELECT pos, id, stream, stream_seq, tick, slot, recorded, commitment, seal, record FROM entry WHERE tick = $1 ORDER BY pos"};
constexpr Sql kEach{"each_entry", "SELECT pos, id, stream, stream_seq, tick, slot, recorded, commitment, seal, record FROM entry ORDER BY pos"};
constexpr Sql kTicks{"ticks", "SELECT n, t, root FROM tick ORDER BY n"};
constexpr Sql kCheckpoints{"checkpoints", "SELECT size, note FROM checkpoint ORDER BY size"};
constexpr Sql kNewestTick{"newest_checkpoint", "SELECT note FROM checkpoint ORDER BY size DESC LIMIT 1"};
constexpr Sql kChain{"ledger_chain", "SELECT chain FROM ledger_head WHERE id = 1"};
constexpr Sql kLastTick{"last_tick", "SELECT tick FROM ledger_head WHERE id = 1"};
constexpr Sql kClocks{"clocks_of_last_tick", "SELECT wall, boottime, boot_id FROM ledger_head WHERE id = 1 AND tick >= 0"};
constexpr Sql kCounts{"head_counts", "SELECT pos, tick, (SELECT COALESCE(MAX(pos), 0) FROM entry), (SELECT COALESCE(MAX(n), -1) FROM tick) FROM ledger_head WHERE id = 1"};
constexpr Sql kIntegrity{"integrity_check", "PRAGMA integrity_check(1)"};
constexpr Sql kClose{"close_entry", "UPDATE entry SET tick = $2, slot = $3 WHERE pos = $1"};
constexpr Sql kAddTick{"add_tick", "INSERT INTO tick (n, t, root) VALUES ($1, $2, $3)"};
constexpr Sql kAddCheckpoint{"add_checkpoint", "INSERT INTO checkpoint (size, note) VALUES ($1, $2)"};
constexpr Sql kLedgerHead{"tick_ledger_head", "UPDATE ledger_head SET tick = $1, wall = $2, boottime = $3, boot_id = $4 WHERE id = 1"};

Result<void> take_all(Rows rows, const std::function<void(const ledger::StoredEntry&)>& take) {
  for (;;) {
    TRY(const bool more, rows.next());
    if (!more) return {};
    ledger::StoredEntry entry;
    entry.position = static_cast<std::uint64_t>(rows.i64(0));
    TRY(entry.id, rows.id<EntryId>(1));
    if (rows.bytes(2).size() != entry.stream.size()) return fail(ErrorKind::Unavailable, "An entry's stream is damaged.", {}, {}, "corrupt");
    std::copy(rows.bytes(2).begin(), rows.bytes(2).end(), entry.stream.begin());
    entry.stream_seq = static_cast<std::uint64_t>(rows.i64(3));
    if (!rows.is_null(4)) entry.tick = static_cast<std::uint64_t>(rows.i64(4));
    entry.slot = static_cast<std::uint16_t>(rows.i64(5));
    entry.recorded = rows.instant(6);
    TRY(entry.commit, rows.hash(7));
    TRY(entry.seal, rows.hash(8));
    entry.record = rows.copy(9);
    take(entry);
  }
}

Result<std::vector<ledger::StoredEntry>> list(Result<Rows> rows) {
  if (!rows) return std::unexpected(rows.error());
  std::vector<ledger::StoredEntry> out;
  TRY(take_all(*std::move(rows), [&](const ledger::StoredEntry& entry) { out.push_back(entry); }));
  return out;
}
}  // namespace

Result<std::vector<ledger::StoredEntry>> open_entries(Queries& db) { return list(db.query(kOpen)); }
Result<std::vector<ledger::StoredEntry>> entries_of_tick(Queries& db, std::int64_t tick) { return list(db.query(kOfTick, tick)); }

Result<void> each_entry(Queries& db, const std::function<void(const ledger::StoredEntry&)>& take) {
  TRY(auto rows, db.query(kEach));
  return take_all(std::move(rows), take);
}

Result<std::vector<ledger::TickLeaf>> ticks(Queries& db) {
  std::vector<ledger::TickLeaf> out;
  TRY(auto rows, db.query(kTicks));
  for (;;) {
    TRY(const bool more, rows.next());
    if (!more) return out;
    ledger::TickLeaf leaf;
    leaf.tick = static_cast<std::uint64_t>(rows.i64(0));
    leaf.t = rows.instant(1);
    TRY(leaf.root, rows.hash(2));
    out.push_back(leaf);
  }
}

Result<std::vector<ledger::StoredCheckpoint>> checkpoints(Queries& db) {
  std::vector<ledger::StoredCheckpoint> out;
  TRY(auto rows, db.query(kCheckpoints));
  for (;;) {
    TRY(const bool more, rows.next());
    if (!more) return out;
    out.push_back({static_cast<std::uint64_t>(rows.i64(0)), rows.string(1)});
  }
}

Result<std::optional<std::string>> newest_checkpoint(Queries& db) {
  TRY(auto row, db.one(kNewestTick));
  if (!row) return std::optional<std::string>{};
  return row->maybe_string(0);
}

Result<std::optional<Hash>> ledger_chain(Queries& db) {
  TRY(auto row, db.one(kChain));
  if (!row || row->is_null(0)) return std::optional<Hash>{};
  TRY(const auto chain, row->hash(0));
  return std::optional(chain);
}

Result<std::int64_t> last_tick(Queries& db) {
  TRY(const auto tick, db.number(kLastTick));
  return tick.value_or(-1);
}

Result<std::optional<TickClocks>> clocks_of_last_tick(Queries& db) {
  TRY(auto row, db.one(kClocks));
  if (!row) return std::optional<TickClocks>{};
  return std::optional(TickClocks{row->instant(0), Duration{row->i64(1)}, row->string(2)});
}

Result<HeadCounts> head_counts(Queries& db) {
  TRY(auto row, db.one(kCounts));
  if (!row) return fail(ErrorKind::Unavailable, "The ledger's head is missing.", {}, {}, "corrupt");
  return HeadCounts{row->i64(0), row->i64(2), row->i64(1), row->i64(3)};
}

Result<std::string> structural_damage(Queries& db) {
  if (db.engine() != Engine::Sqlite) return std::string();
  TRY(auto row, db.one(kIntegrity));
  const auto text = row ? row->string(0) : std::string("no answer");
  return text == "ok" ? std::string() : text;
}

Result<void> close_entries(Tx& tx, std::int64_t tick, const std::vector<std::pair<std::int64_t, std::uint16_t>>& slots_by_position) {
  for (const auto& [position, slot] : slots_by_position) TRY(tx.run(kClose, position, tick, slot));
  return {};
}

Result<void> add_tick(Tx& tx, const ledger::TickLeaf& tick, std::uint64_t size, std::string_view note, Instant trusted, Duration boottime, std::string_view boot_id) {
  TRY(tx.run(kAddTick, tick.tick, tick.t, tick.root));
  TRY(tx.run(kAddCheckpoint, size, note));
  TRY(tx.run(kLedgerHead, tick.tick, trusted, boottime, boot_id));
  return {};
}

}  // namespace sluice::store
