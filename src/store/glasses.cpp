#include "store/glasses.h"

namespace sluice::store {

namespace {
constexpr Sql kAddGlass{"add_glass", "INSERT INTO glass (id, asked_by, asked_at, expires, state, answered_by, answered_at, until, closed_at, body) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)"};
constexpr Sql kChange{"change_glass", "UPDATE glass SET state = $2, answered_by = $3, answered_at = $4, until = $5, closed_at = $6 WHERE id = $1"};
constexpr Sql kGlass{"glass", "SELECT id, asked_by, asked_at, expires, state, answered_by, answered_at, until, closed_at, body FROM glass WHERE id = $1"};
constexpr Sql kNewestGlass{"newest_glasses", "SELECT id, asked_by, asked_at, expires, state, answered_by, answered_at, until, closed_at, body FROM glass ORDER BY asked_at DESC, id LIMIT $1"};
constexpr Sql kBroken{"glasses_broken_by",
                      "SELECT id, asked_by, asked_at, expires, state, answered_by, answered_at, until, closed_at, body FROM glass WHERE asked_by = $1 AND state = $2 AND until > $3 ORDER BY id"};

Result<GlassRow> glass_row(Rows& row, const Cells& cells) {
  GlassRow out;
  TRY(out.id, row.id<GlassId>(0));
  TRY(out.asked_by, row.id<PersonId>(1));
  out.asked_at = row.instant(2);
  out.expires = row.instant(3);
  const auto state = row.i64(4);
  if (state < 0 || state > static_cast<std::int64_t>(GlassState::Closed)) return fail(ErrorKind::Unavailable, "A row of glass is damaged.", {}, {}, "corrupt");
  out.state = static_cast<GlassState>(state);
  TRY(out.answered_by, row.maybe_id<PersonId>(5));
  out.answered_at = row.maybe_instant(6);
  out.until = row.maybe_instant(7);
  out.closed_at = row.maybe_instant(8);
  TRY(const auto body, cells.open_json("glass", out.id.text(), "body", row.bytes(9)));
  const auto id = CaseId::parse(string_at(body, "case"));
  const auto* hours = body.as_object().if_contains("hours");
  if (!id || hours == nullptr || !hours->is_int64()) return fail(ErrorKind::Unavailable, "A row of glass is damaged.", {}, {}, "corrupt");
  out.case_id = *id;
  out.reason = std::string(string_at(body, "reason"));
  out.hours = hours->get_int64();
  return out;
}

Result<std::vector<GlassRow>> all_of(Result<Rows> rows, const Cells& cells) {
  std::vector<GlassRow> out;
  if (!rows) return std::unexpected(rows.error());
  for (;;) {
    TRY(const bool more, rows->next());
    if (!more) return out;
    TRY(auto row, glass_row(*rows, cells));
    out.push_back(std::move(row));
  }
}
}  // namespace

Result<void> add_glass(Tx& tx, const Cells& cells, const GlassRow& row) {
  TRY(tx.run(kAddGlass, row.id, row.asked_by, row.asked_at, row.expires, static_cast<int>(row.state), row.answered_by, row.answered_at, row.until, row.closed_at,
             cells.seal_json("glass", row.id.text(), "body", json::object{{"case", row.case_id.text()}, {"reason", row.reason}, {"hours", row.hours}})));
  return {};
}

Result<void> change_glass(Tx& tx, const GlassRow& row) {
  TRY(tx.run(kChange, row.id, static_cast<int>(row.state), row.answered_by, row.answered_at, row.until, row.closed_at));
  return {};
}

Result<std::optional<GlassRow>> glass(Queries& db, const Cells& cells, GlassId id) {
  TRY(auto row, db.one(kGlass, id));
  if (!row) return std::optional<GlassRow>{};
  TRY(auto out, glass_row(*row, cells));
  return std::optional(std::move(out));
}

Result<std::vector<GlassRow>> newest_glasses(Queries& db, const Cells& cells, int limit) { return all_of(db.query(kNewestGlass, limit), cells); }
Result<std::vector<GlassRow>> glasses_broken_by(Queries& db, const Cells& cells, PersonId person, Instant now) {
  return all_of(db.query(kBroken, person, static_cast<int>(GlassState::Broken), now), cells);
}

}  // namespace sluice::store
