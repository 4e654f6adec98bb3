#include "store/factors.h"

namespace sluice::store {

namespace {
constexpr Sql kFactor{"factor_of", "SELECT factor FROM person WHERE id = $1"};
constexpr Sql kPutFactor{"put_factor", "UPDATE person SET factor = $2 WHERE id = $1"};
constexpr Sql kReset{"factor_reset_of", "SELECT person, asked_by, asked_for, asked_at, expires FROM factor_reset WHERE person = $1"};
constexpr Sql kPutReset{"put_factor_reset",
                        "INSERT INTO factor_reset (person, asked_by, asked_for, asked_at, expires) VALUES ($1, $2, $3, $4, $5) "
                        "ON CONFLICT (person) DO UPDATE SET asked_by = excluded.asked_by, asked_for = excluded.asked_for, asked_at = excluded.asked_at, expires = excluded.expires"};
constexpr Sql kDropReset{"drop_factor_reset", "DELETE FROM factor_reset WHERE person = $1"};
}  // namespace

Result<std::optional<FactorRow>> factor_of(Queries& db, const Cells& cells, PersonId person) {
  TRY(auto row, db.one(kFactor, person));
  if (!row || row->is_null(0)) return std::optional<FactorRow>{};
  TRY(const auto cell, cells.open_json("person", person.text(), "factor", row->bytes(0)));
  FactorRow out;
  out.secret = string_at(cell, "secret");
  const auto since = parse_instant(string_at(cell, "since"));
  const auto* step = cell.as_object().if_contains("last_step");
  const auto* recovery = cell.as_object().if_contains("recovery");
  if (out.secret.empty() || !since || step == nullptr || !step->is_int64() || recovery == nullptr || !recovery->is_array()) return fail(ErrorKind::Unavailable, "A row of person is damaged.", {}, {}, "corrupt");
  out.since = *since;
  out.last_step = step->get_int64();
  for (const auto& hash : recovery->get_array()) out.recovery.emplace_back(hash.is_string() ? std::string(hash.get_string()) : std::string());
  return std::optional(std::move(out));
}

Result<void> put_factor(Tx& tx, const Cells& cells, PersonId person, const std::optional<FactorRow>& factor) {
  std::optional<Bytes> cell;
  if (factor) {
    json::array recovery;
    for (const auto& hash : factor->recovery) recovery.push_back(json::value(hash));
    cell = cells.seal_json("person", person.text(), "factor", json::object{{"secret", factor->secret}, {"last_step", factor->last_step}, {"recovery", std::move(recovery)}, {"since", to_text(factor->since)}});
  }
  TRY(tx.run(kPutFactor, person, cell));
  return {};
}

Result<std::optional<FactorResetRow>> factor_reset_of(Queries& db, PersonId person) {
  TRY(auto row, db.one(kReset, person));
  if (!row) return std::optional<FactorResetRow>{};
  FactorResetRow out;
  TRY(out.person, row->id<PersonId>(0));
  TRY(out.asked_by, row->id<PersonId>(1));
  TRY(out.asked_for, row->id<OrganisationId>(2));
  out.asked_at = row->instant(3);
  out.expires = row->instant(4);
  return std::optional(out);
}

Result<void> put_factor_reset(Tx& tx, const FactorResetRow& row) {
  TRY(tx.run(kPutReset, row.person, row.asked_by, row.asked_for, row.asked_at, row.expires));
  return {};
}

Result<bool> drop_factor_reset(Tx& tx, PersonId person) {
  TRY(const auto dropped, tx.run(kDropReset, person));
  return dropped == 1;
}

}  // namespace sluice::store
