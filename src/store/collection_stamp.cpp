#include "store/collection_stamp.h"

#include <algorithm>

#include "store/collections.h"

namespace sluice::store {

namespace {

constexpr Sql kStamped{"collection_stamp", "SELECT head, card FROM collection WHERE n = $1"};
constexpr Sql kIsPosted{"is_posted", "SELECT 1 FROM posting WHERE object = $1 LIMIT 1"};
constexpr Sql kPostedTo{"posted_to", "SELECT DISTINCT audience FROM posting WHERE object = $1"};
constexpr Sql kAudiencesSoFar{"audiences_so_far", "SELECT MAX(n) FROM audience"};
constexpr Bulk kDeliveredToMany{"object_delivery", "organisation, object, at, channel", "ON CONFLICT (organisation, object) DO NOTHING"};
constexpr std::size_t kDeliveriesAtOnce = 2'000;

std::unexpected<Error> taken_back() { return fail(ErrorKind::Unavailable, "Something of this was taken back at this moment. Ask again."); }

}  // namespace

Result<std::optional<CollectionStamp>> stamp_of(Queries& db, std::int64_t collection) {
  TRY(const auto audiences, db.number(kAudiencesSoFar));
  TRY(auto row, db.one(kStamped, collection));
  if (!row) return std::optional<CollectionStamp>{};
  CollectionStamp out{.head = row->i64(0)};
  // The sealed card is another text whenever it is written, so its hash says whether it is the same one.
  const auto card = row->bytes(1);
  Bytes text(card.begin(), card.end());
  for (int i = 0; i < 8; ++i) text.push_back(static_cast<std::uint8_t>(static_cast<std::uint64_t>(audiences.value_or(0)) >> (8 * i)));
  out.rights = sha256(text);
  return std::optional(out);
}

Result<void> check_still_posted(Queries& db, std::span<const std::int64_t> objects) {
  for (const auto& object : objects) {
    TRY(const auto posted, db.number(kIsPosted, object));
    if (!posted) return taken_back();
  }
  return {};
}

Result<void> check_still_met(Queries& db, const CollectionSeen& seen, std::span<const std::int64_t> objects) {
  const auto& audiences = seen.audiences();
  for (const auto& object : objects) {
    TRY(auto rows, db.query(kPostedTo, object));
    bool is_met = false;
    for (;;) {
      TRY(const bool more, rows.next());
      if (!more) break;
      is_met = is_met || std::binary_search(audiences.begin(), audiences.end(), rows.i64(0));
    }
    if (!is_met) return taken_back();
  }
  return {};
}

Result<void> note_deliveries(Tx& tx, std::span<const Delivered> all, Instant now, int channel) {
  std::vector<std::int64_t> objects;
  for (const auto& one : all) objects.push_back(one.object);
  std::sort(objects.begin(), objects.end());
  objects.erase(std::unique(objects.begin(), objects.end()), objects.end());
  TRY(check_still_posted(tx, objects));
  for (std::size_t from = 0; from < all.size(); from += kDeliveriesAtOnce) {
    Batch batch;
    for (const auto& one : all.subspan(from, std::min(kDeliveriesAtOnce, all.size() - from))) batch.add(one.organisation, one.object, now, channel);
    TRY(tx.insert_many(kDeliveredToMany, batch));
  }
  return {};
}

}  // namespace sluice::store
