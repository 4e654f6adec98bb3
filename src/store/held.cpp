#include "store/held.h"

#include <algorithm>
#include <map>

#include "store/object_cells.h"

namespace sluice::store {

namespace {

constexpr Sql kHeldUnderName{"held_postings",
                             "SELECT p.date_added, p.audience, p.spec, p.version_at, p.marks, p.object, p.line, p.since, o.content, o.sender, o.creator FROM posting p "
                             "JOIN object_version o ON o.n = p.object WHERE p.collection = $1 AND p.name = $2 ORDER BY p.date_added"};
constexpr Sql kMark{"mark_posting", "UPDATE posting SET marks = $4 WHERE collection = $1 AND audience = $2 AND date_added = $3"};

}  // namespace

Result<std::vector<HeldRow>> held_postings(Queries& db, const Collection& collection, const Tag& name) {
  std::vector<HeldRow> out;
  TRY(auto rows, db.query(kHeldUnderName, collection.n, name));
  for (;;) {
    TRY(const bool more, rows.next());
    if (!more) return out;
    HeldRow one{.date_added = rows.i64(0), .audience = rows.i64(1), .version_at = rows.i64(3), .object = rows.i64(5), .line = rows.i64(6), .since = rows.i64(7), .spec = static_cast<int>(rows.i64(2)),
                    .is_last = is_last_of(rows.i64(4)), .is_first = is_first_of(rows.i64(4))};
    one.content = tag_in(rows.bytes(8)), one.sender = tag_in(rows.bytes(9)), one.creator = tag_in(rows.bytes(10));
    out.push_back(one);
  }
}

void mark(std::vector<HeldRow>& all) {
  std::map<std::pair<std::int64_t, int>, std::pair<std::int64_t, std::int64_t>> ends;   // audience and spec -> oldest and newest
  for (const auto& one : all) {
    const auto [found, is_new] = ends.try_emplace({one.audience, one.spec}, one.version_at, one.version_at);
    found->second = {std::min(found->second.first, one.version_at), std::max(found->second.second, one.version_at)};
  }
  for (auto& one : all) {
    const auto& [oldest, newest] = ends.find({one.audience, one.spec})->second;
    const bool is_last = one.version_at == newest, is_first = one.version_at == oldest;
    one.is_marked_anew = one.is_marked_anew || one.is_last != is_last || one.is_first != is_first;
    one.is_last = is_last, one.is_first = is_first;
  }
}

Result<void> write_marks(Tx& tx, const Collection& collection, std::span<const HeldRow> all) {
  for (const auto& one : all)
    if (one.is_marked_anew && !one.is_new) TRY(tx.run(kMark, collection.n, one.audience, one.date_added, marks_of(one.is_last, one.is_first)));
  return {};
}

}  // namespace sluice::store
