#include "store/settings.h"

namespace sluice::store {

namespace {
constexpr Sql kSetting{"setting", "SELECT value FROM setting WHERE name = $1"};
constexpr Sql kPutSetting{"put_setting", "INSERT INTO setting (name, value) VALUES ($1, $2) ON CONFLICT (name) DO NOTHING"};
}  // namespace

Result<std::optional<std::string>> setting(Queries& db, std::string_view name) {
  TRY(const auto row, db.one(kSetting, name));
  if (!row) return std::optional<std::string>{};
  return std::optional(row->string(0));
}

Result<void> put_setting(Tx& tx, std::string_view name, std::string_view value) {
  TRY(tx.run(kPutSetting, name, value));
  return {};
}

}  // namespace sluice::store
