#include "store/idempotency.h"

namespace sluice::store {

namespace {
constexpr Sql kForgetAnswers{"forget_answers", "DELETE FROM idempotency WHERE expires <= $1"};
constexpr Sql kFindAnswer{"idempotent_answer", "SELECT body_hash, answer FROM idempotency WHERE viewer = $1 AND key_tag = $2"};
constexpr Sql kKeep{"keep_answer", "INSERT INTO idempotency (viewer, key_tag, expires, body_hash, answer) VALUES ($1, $2, $3, $4, $5)"};

std::string row_of(const IdempotencyKey& key) { return hex(key.viewer) + hex(key.key); }
}  // namespace

Result<std::optional<json::value>> idempotent_answer(Tx& tx, const Cells& cells, const IdempotencyKey& key, Instant now) {
  TRY(tx.run(kForgetAnswers, now));
  TRY(auto row, tx.one(kFindAnswer, key.viewer, key.key));
  if (!row) return std::optional<json::value>{};
  TRY(const auto body, row->hash(0));
  if (body != key.body) return fail(ErrorKind::Invalid, "This Idempotency-Key was used for another request. Use a new one.", {}, {}, "idempotency-key-reused");
  TRY(auto answer, cells.open_json("idempotency", row_of(key), "answer", row->bytes(1)));
  return std::optional(std::move(answer));
}

Result<void> keep_answer(Tx& tx, const Cells& cells, const IdempotencyKey& key, Instant expires, const json::value& answer) {
  TRY(tx.run(kKeep, key.viewer, key.key, expires, key.body, cells.seal_json("idempotency", row_of(key), "answer", answer)));
  return {};
}

}  // namespace sluice::store
