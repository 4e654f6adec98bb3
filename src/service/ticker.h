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

Work close_tick(Services& services);

std::string boot_id();  // tells one run of the machine from the next

// After the tick: the receipt of an entry; before it: nothing. Costs a rebuild of that tick's tree and of the log.
Result<std::optional<ledger::Receipt>> receipt_of(Services& services, const store::EntrySeen& entry);

// For `sluice ledger verify`: one snapshot of the database, and the checkpoints that were put outside.
class StoredLedger final : public ledger::LedgerSource {
 public:
  StoredLedger(store::Queries& db, std::filesystem::path outside) : db_(db), outside_(std::move(outside)) {}
  Result<void> entries(const std::function<void(const ledger::StoredEntry&)>& take) const override;
  Result<std::vector<ledger::TickLeaf>> ticks() const override;
  Result<std::vector<ledger::StoredCheckpoint>> checkpoints() const override;
  Result<std::optional<Hash>> head() const override;
  std::vector<std::string> outside_checkpoints() const override;

 private:
  store::Queries& db_;
  std::filesystem::path outside_;
};

}  // namespace sluice::service
