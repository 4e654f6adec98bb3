#include "store/deliveries.h"

namespace sluice::store {

namespace {
constexpr Sql kOfStream{"deliveries_of_stream", "SELECT organisation, from_seq, to_seq, at, channel, ruling, detail FROM delivery WHERE stream = $1 AND at <= $2 ORDER BY at, from_seq"};
constexpr Sql kRulings{"rulings_about", "SELECT id, t, body FROM ruling WHERE object = $1 AND t >= $2 ORDER BY t, id"};
constexpr Sql kRulingById{"ruling_by_id", "SELECT id, t, body FROM ruling WHERE id = $1"};
constexpr Sql kLast{"last_delivery", "SELECT MAX(at) FROM delivery WHERE stream = $1 AND organisation = $2"};
}  // namespace

Result<std::vector<DeliveryRow>> deliveries_of(Queries& db, const Cells& cells, const Tag& stream, Instant as_of) {
  std::vector<DeliveryRow> out;
  TRY(auto rows, db.query(kOfStream, stream, as_of));
  for (;;) {
    TRY(const bool more, rows.next());
    if (!more) return out;
    DeliveryRow one{.from = rows.i64(1), .upto = rows.i64(2), .at = rows.instant(3), .channel = static_cast<int>(rows.i64(4))};
    TRY(one.ruling, rows.maybe_id<RulingId>(5));
    const auto row = hex(stream) + "/" + hex(rows.bytes(0)) + "/" + std::to_string(one.from);
    TRY(const auto detail, cells.open_json("delivery", row, "detail", rows.bytes(6)));
    one.stream = std::string(string_at(detail, "stream"));
    one.to = std::string(string_at(detail, "to"));
    out.push_back(std::move(one));
  }
}

namespace {
// Of the row that was reached.
Result<RulingRow> ruling_in(Rows& rows, const Cells& cells) {
  RulingRow out;
  TRY(out.id, rows.id<RulingId>(0));
  out.at = rows.instant(1);
  TRY(out.body, cells.open_json("ruling", out.id.text(), "body", rows.bytes(2)));
  return out;
}
}  // namespace

Result<std::vector<RulingRow>> rulings_about(Queries& db, const Cells& cells, const Tag& object, Instant since) {
  std::vector<RulingRow> out;
  TRY(auto rows, db.query(kRulings, object, since));
  for (;;) {
    TRY(const bool more, rows.next());
    if (!more) return out;
    TRY(auto one, ruling_in(rows, cells));
    out.push_back(std::move(one));
  }
}

Result<std::optional<RulingRow>> ruling(Queries& db, const Cells& cells, RulingId id) {
  TRY(auto rows, db.query(kRulingById, id));
  TRY(const bool found, rows.next());
  if (!found) return std::optional<RulingRow>();
  TRY(auto one, ruling_in(rows, cells));
  return std::optional(std::move(one));
}

Result<std::optional<Instant>> last_delivery(Queries& db, const Tag& stream, const Tag& reader) {
  TRY(const auto at, db.number(kLast, stream, reader));
  return at ? std::optional(Instant{*at}) : std::nullopt;
}

}  // namespace sluice::store
