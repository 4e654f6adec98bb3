// The clock of the ledger: closes a tick each interval, also when nothing happened, so that the log's size tells only the time.
//
// A tick is one write: what entries stand open get their slots, the tick's root enters the log, the log's head is signed, and a copy is put
// outside. If the log doesn't provably continue the last head, nothing is signed and the site stops writing.
#pragma once

#include <filesystem>

#include "ledger/receipt.h"
#include "ledger/verify.h"
#include "service/services.h"

namespace sluice::service {

//
// `clocks_disagree`: how far the wall clock is from what was trusted last, while timers are held for it (REL-6). What a start compares itself with then
// stays what was trusted, so that stopping and starting again doesn't let go what a person has to confirm.
Work close_tick(Services& services, Duration clocks_disagree = {});
// Copies of signed heads that are missing outside, newest first; after each tick is on disk, and at start. Existing files are never replaced.
Result<void> put_heads_outside(Services& services);
// At start, before the first tick: what a crash left of a head on its way. It was never outside.
void sweep_unfinished_heads(const std::filesystem::path& data);

std::string boot_id();  // tells one run of the machine from the next

// After the tick: the receipt of an entry; before it: nothing. Costs a rebuild of that tick's tree and of the log.
Result<std::optional<ledger::Receipt>> receipt_of(Services& services, const store::EntrySeen& entry);

// Of many at once: each tick's tree and the log are built once. In the order given; nothing for an entry whose tick hasn't closed.
Result<std::vector<std::optional<ledger::Receipt>>> receipts_of(Services& services, const std::vector<store::EntrySeen>& entries);

// The file that proves an entry: its receipt; before its tick closes, the signed acknowledgement.
Result<std::string> proof_of(Services& services, const store::EntrySeen& entry);

// For `sluice ledger verify`: one snapshot of the database, and the checkpoints that were put outside.
std::vector<std::string> outside_heads(const std::filesystem::path& folder);

class StoredLedger final : public ledger::LedgerSource {
 public:
  // `outside`: from outside_heads(), read before the snapshot begins, since a running server adds to both.
  StoredLedger(store::Queries& db, std::vector<std::string> outside) : db_(db), outside_(std::move(outside)) {}
  Result<void> entries(const std::function<void(const ledger::StoredEntry&)>& take) const override;
  Result<std::vector<ledger::TickLeaf>> ticks() const override;
  Result<std::vector<ledger::StoredCheckpoint>> checkpoints() const override;
  Result<std::optional<Hash>> head() const override;
  std::vector<std::string> outside_checkpoints() const override { return outside_; }
  // What the chain and the trees don't hold: the numbers in ledger_head, and on SQLite the file's own structure and indexes.
  Result<Findings> check_rows() const;

 private:
  store::Queries& db_;
  std::vector<std::string> outside_;
};

}  // namespace sluice::service
