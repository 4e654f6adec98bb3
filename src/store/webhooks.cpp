#include "store/webhooks.h"

#include <algorithm>

namespace sluice::store {

namespace {

constexpr Sql kAddWebhook{"add_webhook", "INSERT INTO webhook (id, owner, state, changed, place, told, due, failing, held, body, report) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)"};
constexpr Sql kSaveWebhook{"save_webhook", "UPDATE webhook SET state = $2, changed = $3, place = $4, told = $5, due = $6, failing = $7, held = $8, body = $9, report = $10 WHERE id = $1"};
constexpr Sql kRemoveWebhook{"remove_webhook", "DELETE FROM webhook WHERE id = $1"};
constexpr Sql kWebhook{"webhook", "SELECT id, owner, state, changed, place, told, due, failing, held, body, report FROM webhook WHERE id = $1"};
constexpr Sql kOwnWebhook{"own_webhook", "SELECT id, owner, state, changed, place, told, due, failing, held, body, report FROM webhook WHERE id = $1 AND owner = $2"};
constexpr Sql kWebhooksOf{"webhooks_of", "SELECT id, owner, state, changed, place, told, due, failing, held, body, report FROM webhook WHERE owner = $1 ORDER BY id"};
constexpr Sql kCountWebhooks{"count_webhooks", "SELECT COUNT(*) FROM webhook WHERE owner = $1"};
constexpr Sql kNewestChange{"newest_webhook_change", "SELECT MAX(changed) FROM webhook"};
constexpr Sql kActiveWebhooks{"active_webhooks", "SELECT id, changed FROM webhook WHERE state = 0 ORDER BY id"};

Result<WebhookRow> webhook_row(Rows& row, const Cells& cells) {
  WebhookRow out;
  out.id = row.string(0);
  const auto owner = row.bytes(1);
  std::copy_n(owner.begin(), std::min(owner.size(), out.owner.size()), out.owner.begin());
  const auto state = row.i64(2);
  if (state < 0 || state > static_cast<std::int64_t>(WebhookState::Gone)) return fail(ErrorKind::Unavailable, "A row of webhook is damaged.", {}, {}, "corrupt");
  out.state = static_cast<WebhookState>(state);
  out.changed = row.i64(3), out.place = row.i64(4), out.told = row.i64(5);
  out.due = row.maybe_instant(6), out.failing = row.maybe_instant(7), out.held = row.maybe_instant(8);
  TRY(const auto body, cells.open_json("webhook", out.id, "body", row.bytes(9)));
  TRY(out.body, from_json<WebhookBody>(body));
  TRY(const auto report, cells.open_json("webhook", out.id, "report", row.bytes(10)));
  TRY(out.report, from_json<WebhookReport>(report));
  return out;
}

Result<void> take_change(Tx& tx, WebhookRow& row) {  // W2: of the one Writer
  TRY(const auto newest, tx.number(kNewestChange));
  row.changed = std::max(newest.value_or(0), row.changed) + 1;
  return {};
}

}  // namespace

Result<void> add_webhook(Tx& tx, const Cells& cells, WebhookRow& row) {
  TRY(take_change(tx, row));
  TRY(tx.run(kAddWebhook, row.id, row.owner, static_cast<int>(row.state), row.changed, row.place, row.told, row.due, row.failing, row.held, cells.seal_json("webhook", row.id, "body", to_json(row.body)),
             cells.seal_json("webhook", row.id, "report", to_json(row.report))));
  return {};
}

Result<void> save_webhook(Tx& tx, const Cells& cells, WebhookRow& row) {
  TRY(take_change(tx, row));
  TRY(tx.run(kSaveWebhook, row.id, static_cast<int>(row.state), row.changed, row.place, row.told, row.due, row.failing, row.held, cells.seal_json("webhook", row.id, "body", to_json(row.body)),
             cells.seal_json("webhook", row.id, "report", to_json(row.report))));
  return {};
}

Result<void> remove_webhook(Tx& tx, std::string_view id) {
  TRY(tx.run(kRemoveWebhook, id));
  return {};
}

Result<std::optional<WebhookRow>> webhook(Queries& db, const Cells& cells, std::string_view id) {
  TRY(auto row, db.one(kWebhook, id));
  if (!row) return std::optional<WebhookRow>{};
  TRY(auto out, webhook_row(*row, cells));
  return std::optional(std::move(out));
}

Result<std::optional<WebhookRow>> own_webhook(Queries& db, const Cells& cells, std::string_view id, const Tag& owner) {
  TRY(auto row, db.one(kOwnWebhook, id, owner));
  if (!row) return std::optional<WebhookRow>{};
  TRY(auto out, webhook_row(*row, cells));
  return std::optional(std::move(out));
}

Result<std::vector<WebhookRow>> webhooks_of(Queries& db, const Cells& cells, const Tag& owner) {
  std::vector<WebhookRow> out;
  TRY(auto rows, db.query(kWebhooksOf, owner));
  for (;;) {
    TRY(const bool more, rows.next());
    if (!more) return out;
    TRY(auto one, webhook_row(rows, cells));
    out.push_back(std::move(one));
  }
}

Result<std::int64_t> count_webhooks(Queries& db, const Tag& owner) {
  TRY(const auto count, db.number(kCountWebhooks, owner));
  return count.value_or(0);
}

Result<std::vector<WebhookMark>> active_webhooks(Queries& db) {
  std::vector<WebhookMark> out;
  TRY(auto rows, db.query(kActiveWebhooks));
  for (;;) {
    TRY(const bool more, rows.next());
    if (!more) return out;
    out.push_back({rows.string(0), rows.i64(1)});
  }
}

}  // namespace sluice::store
