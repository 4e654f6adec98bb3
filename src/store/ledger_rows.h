// The ledger's rows: entries by tick, ticks, checkpoints, the head.
#pragma once

#include <functional>

#include "ledger/verify.h"
#include "store/db.h"

namespace sluice::store {

Result<std::vector<ledger::StoredEntry>> open_entries(Queries& db);                       // of no tick yet, by position
Result<std::vector<ledger::StoredEntry>> entries_of_tick(Queries& db, std::int64_t tick);
Result<void> each_entry(Queries& db, const std::function<void(const ledger::StoredEntry&)>& take);
Result<std::vector<ledger::TickLeaf>> ticks(Queries& db);
Result<std::vector<ledger::StoredCheckpoint>> checkpoints(Queries& db);
Result<std::optional<std::string>> newest_checkpoint(Queries& db);
Result<std::optional<Hash>> ledger_chain(Queries& db);
Result<std::int64_t> last_tick(Queries& db);                                              // -1: none yet

// What the last tick wrote down of the clocks; nothing before the first.
struct TickClocks {
  Instant wall;
  Duration boottime{};
  std::string boot_id;
};
Result<std::optional<TickClocks>> clocks_of_last_tick(Queries& db);

struct HeadCounts { std::int64_t head_position = 0, last_position = 0, head_tick = -1, last_tick = -1; };
Result<HeadCounts> head_counts(Queries& db);
// SQLite's own check of pages and indexes; empty: sound (and always on PostgreSQL, which has tools of its own).
Result<std::string> structural_damage(Queries& db);

Result<void> close_entries(Tx& tx, std::int64_t tick, const std::vector<std::pair<std::int64_t, std::uint16_t>>& slots_by_position);
Result<void> add_tick(Tx& tx, const ledger::TickLeaf& tick, std::uint64_t size, std::string_view note, Instant trusted, Duration boottime, std::string_view boot_id);

}  // namespace sluice::store
