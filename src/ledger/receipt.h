// The proof that a participant keeps: this entry is in the site's log, under this signed head. Anyone checks it offline with the site's public key.
//
// Bytes: docs/formats/receipt.md.
//
// Invariants
//   R1  Every byte of a receipt is held by a hash, the signature, or its one canonical form: a file that differs in any is refused.
//   R2  All receipts of a log of one size are equally long but for the entry itself.
#pragma once

#include <string>
#include <string_view>

#include "base/findings.h"
#include "ledger/checkpoint.h"
#include "ledger/entry.h"
#include "ledger/tick.h"

namespace sluice::ledger {

struct Receipt {
  std::string checkpoint;  // the note, with the site's signature alone
  LedgerEntry entry;
  Leaf leaf;
  std::uint64_t log_size = 0;
  HashPath log_path;
  Salt salt{};
  std::uint64_t tick = 0;
  std::uint16_t slot = 0;
  Instant tick_time;
  HashPath tick_path;

  std::string file() const;  // RFC 8785 and a line feed
};

struct TickOfEntry {
  const TickTree& tree;
  std::uint64_t tick;
  std::uint16_t slot;
  Instant t;
};

// `note`: a checkpoint of `log` whose size covers the tick. Signatures of witnesses in it are left out (R1).
Result<Receipt> make_receipt(LedgerEntry entry, const Salt& salt, const Leaf& leaf, const TickOfEntry& tick, const Log& log, std::string_view note, const VerifyingKey& key);

// Of a receipt or, told apart by what the file says, an acknowledgement. No error among the findings: it is sound.
Findings verify_receipt(std::string_view file_bytes, const VerifyingKey& key);

}  // namespace sluice::ledger
