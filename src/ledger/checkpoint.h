// The log's signed head: a C2SP tlog-checkpoint, which is a C2SP signed note of three lines.
//
// Bytes: docs/formats/checkpoint.md. Extension lines are not written, and a note that has some is refused: nothing of ours gives them a meaning.
//
// Invariants
//   C1  A checkpoint that was opened bears a valid signature of the key it was opened with, and that key's name is its origin.
//   C2  Signatures of others (witnesses) may follow and are passed over; of ours there is exactly one.
//   C3  The next checkpoint is signed only if the log provably continues the last one.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "ledger/merkle.h"
#include "ledger/signature.h"

namespace sluice::ledger {

struct Checkpoint {
  std::string origin;
  std::uint64_t size = 0;
  Hash root{};

  std::string text() const;  // what is signed
  bool operator==(const Checkpoint&) const = default;
};

Result<std::string> sign_checkpoint(const Checkpoint& checkpoint, const Signer& signer);
Result<Checkpoint> open_checkpoint(std::string_view note, const VerifyingKey& key);

// C3. `last`: the note of the checkpoint before, empty only for a site's first. A failure means: stop writing and raise the alarm.
Result<std::string> sign_next_checkpoint(const Log& log, std::string_view last, const Signer& signer);

}  // namespace sluice::ledger
