// The whole ledger, proved: what is stored is what was signed, nothing more, nothing less, in the same order. Needs no key of any content.
//
// Where things count from: positions and stream_seq from 1, ticks from 0; the checkpoint after tick n has size n + 1, and each is kept.
//
// Invariants
//   V1  Any edit, deletion, insertion or reordering of entries, ticks or checkpoints is found; of entries whose tick has not closed, by the head.
//   V2  A truncation or roll-back of everything at once is found if a checkpoint from outside is newer than what is left.
//   V3  Erased content changes nothing here: records stay, only their keys are gone.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/findings.h"
#include "ledger/checkpoint.h"
#include "ledger/entry.h"
#include "ledger/tick.h"

namespace sluice::ledger {

struct StoredEntry {
  std::uint64_t position = 0;
  EntryId id;
  Tag stream{};
  std::uint64_t stream_seq = 0;
  std::optional<std::uint64_t> tick;  // none: the running minute
  std::uint16_t slot = 0;             // meaningless without a tick
  Instant recorded;
  Hash commit{};
  Hash seal{};
  Bytes record;

  Leaf leaf() const { return {.commit = commit, .id = id, .seal = seal, .t = recorded}; }
  TickEntry in_tick() const { return {position, id, stream, stream_seq, leaf().hash()}; }
};

struct StoredCheckpoint {
  std::uint64_t size = 0;
  std::string note;
};

class LedgerSource {
 public:
  virtual ~LedgerSource() = default;
  // By position; one snapshot for all four, so that it can run beside the writer. `take` may be called with entries that are gone afterwards.
  virtual Result<void> entries(const std::function<void(const StoredEntry&)>& take) const = 0;
  virtual Result<std::vector<TickLeaf>> ticks() const = 0;               // by number
  virtual Result<std::vector<StoredCheckpoint>> checkpoints() const = 0;  // by size
  virtual Result<std::optional<Hash>> head() const = 0;                   // of ledger_head; none only where nothing was written yet
  virtual std::vector<std::string> outside_checkpoints() const = 0;       // notes from where the server can't change them
};

// The head after one more entry: a chain of keyed hashes, kept in ledger_head in the transaction that writes the entry. First: `before` is all zeros.
Hash next_head(const SecretKey& key, const Hash& before, const TickEntry& entry);

Findings verify_ledger(const LedgerSource& source, const VerifyingKey& key, const LedgerKeys& keys);

}  // namespace sluice::ledger
