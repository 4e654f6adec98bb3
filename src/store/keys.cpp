#include "store/keys.h"

namespace sluice::store {

namespace {
constexpr Sql kBefore{"keys_before_epoch", "SELECT stream, version, key_id, epoch, wrapped FROM compartment_key WHERE epoch < $1 AND wrapped IS NOT NULL ORDER BY stream, version LIMIT $2"};
constexpr Sql kForgottenIn{"epochs_of_forgotten_keys", "SELECT DISTINCT epoch FROM compartment_key WHERE wrapped IS NULL ORDER BY epoch"};
constexpr Sql kRewrap{"rewrap_key", "UPDATE compartment_key SET epoch = $3, wrapped = $4 WHERE stream = $1 AND version = $2"};
constexpr Sql kForgetKey{"forget_key", "UPDATE compartment_key SET wrapped = NULL, erased_at = $2 WHERE stream = $1"};
}  // namespace

Result<std::vector<KeyRow>> keys_before_epoch(Queries& db, std::uint32_t epoch, int limit) {
  std::vector<KeyRow> out;
  TRY(auto rows, db.query(kBefore, epoch, limit));
  for (;;) {
    TRY(const bool more, rows.next());
    if (!more) return out;
    KeyRow row;
    if (rows.bytes(0).size() != row.stream.size() || rows.bytes(2).size() != row.wrapped.name.id.size()) return fail(ErrorKind::Unavailable, "A compartment's key is damaged.", {}, {}, "corrupt");
    std::copy(rows.bytes(0).begin(), rows.bytes(0).end(), row.stream.begin());
    std::copy(rows.bytes(2).begin(), rows.bytes(2).end(), row.wrapped.name.id.begin());
    row.wrapped.name.version = static_cast<std::uint32_t>(rows.i64(1));
    row.wrapped.epoch = static_cast<std::uint32_t>(rows.i64(3));
    row.wrapped.wrapped = rows.copy(4);
    out.push_back(std::move(row));
  }
}

Result<std::vector<std::uint32_t>> epochs_of_forgotten(Queries& db) {
  std::vector<std::uint32_t> out;
  TRY(auto rows, db.query(kForgottenIn));
  for (;;) {
    TRY(const bool more, rows.next());
    if (!more) return out;
    out.push_back(static_cast<std::uint32_t>(rows.i64(0)));
  }
}

Result<void> rewrap_key(Tx& tx, const Tag& stream, const ledger::WrappedKey& key) {
  TRY(tx.run(kRewrap, stream, key.name.version, key.epoch, key.wrapped));
  return {};
}

Result<void> forget_key(Tx& tx, const Tag& stream, Instant now) {
  TRY(tx.run(kForgetKey, stream, now));
  return {};
}

}  // namespace sluice::store
