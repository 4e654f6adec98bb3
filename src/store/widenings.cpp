#include "store/widenings.h"

#include <algorithm>

namespace sluice::store {

namespace {

constexpr Sql kAddWidening{"add_widening", "INSERT INTO widening (id, collection, sender, state, due, asked_at, body) VALUES ($1, $2, $3, $4, $5, $6, $7)"};
constexpr Sql kChangeWidening{"change_widening", "UPDATE widening SET state = $2, due = $3, body = $4 WHERE id = $1"};
constexpr Sql kWidening{"widening", "SELECT id, collection, sender, state, due, asked_at, body FROM widening WHERE id = $1"};
constexpr Sql kWideningsOf{"widenings_of", "SELECT id, collection, sender, state, due, asked_at, body FROM widening WHERE collection = $1 AND sender = $2 ORDER BY asked_at DESC, id LIMIT $3"};
constexpr Sql kDueWidenings{"due_widenings", "SELECT id FROM widening WHERE due <= $1 ORDER BY due, id LIMIT $2"};

Result<WideningRow> widening_row(Rows& row, const Cells& cells) {
  WideningRow out;
  TRY(out.id, row.id<ReleaseId>(0));
  out.collection = row.i64(1);
  const auto sender = row.bytes(2);
  std::copy_n(sender.begin(), std::min(sender.size(), out.sender.size()), out.sender.begin());
  const auto state = row.i64(3);
  if (state < 0 || state > static_cast<std::int64_t>(WideningState::Held)) return fail(ErrorKind::Unavailable, "A row of widening is damaged.", {}, {}, "corrupt");
  out.state = static_cast<WideningState>(state);
  out.due = row.maybe_instant(4);
  out.asked_at = row.instant(5);
  TRY(const auto body, cells.open_json("widening", out.id.text(), "body", row.bytes(6)));
  TRY(out.body, from_json<WideningBody>(body));
  return out;
}

Bytes widening_body(const Cells& cells, const WideningRow& row) { return cells.seal_json("widening", row.id.text(), "body", to_json(row.body)); }

}  // namespace

Result<void> add_widening(Tx& tx, const Cells& cells, const WideningRow& row) {
  TRY(tx.run(kAddWidening, row.id, row.collection, row.sender, static_cast<int>(row.state), row.due, row.asked_at, widening_body(cells, row)));
  return {};
}

Result<void> change_widening(Tx& tx, const Cells& cells, const WideningRow& row) {
  TRY(tx.run(kChangeWidening, row.id, static_cast<int>(row.state), row.due, widening_body(cells, row)));
  return {};
}

Result<std::optional<WideningRow>> widening(Queries& db, const Cells& cells, ReleaseId id) {
  TRY(auto row, db.one(kWidening, id));
  if (!row) return std::optional<WideningRow>{};
  TRY(auto out, widening_row(*row, cells));
  return std::optional(std::move(out));
}

Result<std::vector<WideningRow>> widenings_of(Queries& db, const Cells& cells, const Collection& collection, const Tag& sender, int most) {
  std::vector<WideningRow> out;
  TRY(auto rows, db.query(kWideningsOf, collection.n, sender, most));
  for (;;) {
    TRY(const bool more, rows.next());
    if (!more) return out;
    TRY(auto one, widening_row(rows, cells));
    out.push_back(std::move(one));
  }
}

Result<std::vector<ReleaseId>> due_widenings(Queries& db, Instant now, int most) {
  std::vector<ReleaseId> out;
  TRY(auto rows, db.query(kDueWidenings, now, most));
  for (;;) {
    TRY(const bool more, rows.next());
    if (!more) return out;
    TRY(const auto id, rows.id<ReleaseId>(0));
    out.push_back(id);
  }
}

}  // namespace sluice::store
