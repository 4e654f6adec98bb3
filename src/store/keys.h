// Rows of compartment keys, for erasure and rotation.
#pragma once

#include "store/cells.h"
#include "store/db.h"

namespace sluice::store {

struct KeyRow {
  Tag stream{};
  ledger::WrappedKey wrapped;
};
Result<std::vector<KeyRow>> keys_before_epoch(Queries& db, std::uint32_t epoch, int limit);
// The epochs in which keys were wrapped that are forgotten by now.
Result<std::vector<std::uint32_t>> epochs_of_forgotten(Queries& db);
Result<void> rewrap_key(Tx& tx, const Tag& stream, const ledger::WrappedKey& key);
// All versions of the stream's key; what is sealed under them can't be opened any more.
Result<void> forget_key(Tx& tx, const Tag& stream, Instant now);

}  // namespace sluice::store
