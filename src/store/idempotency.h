// Answers to POSTs that carried an Idempotency-Key, kept for a day, sealed: a repeated request gets the same answer and changes nothing (API-4).
#pragma once

#include "store/cells.h"
#include "store/db.h"

namespace sluice::store {

struct IdempotencyKey {
  Tag viewer{}, key{};
  Hash body{};
};

// Invalid when the key was used with another body.
Result<std::optional<json::value>> idempotent_answer(Tx& tx, const Cells& cells, const IdempotencyKey& key, Instant now);
Result<void> keep_answer(Tx& tx, const Cells& cells, const IdempotencyKey& key, Instant expires, const json::value& answer);

}  // namespace sluice::store
