#include "store/held.h"

#include <algorithm>
#include <map>
#include <set>
#include <tuple>

#include "store/object_cells.h"
#include "store/values.h"

namespace sluice::store {

namespace {

constexpr Sql kHeldOfObjects{"held_postings",
                             "SELECT p.date_added, p.audience, p.spec, p.version_at, p.marks, p.object, p.line, p.since, o.content, o.sender, o.creator, p.plain, o.revoked, p.name, o.created_at FROM posting p "
                             "JOIN object_version o ON o.n = p.object WHERE p.object IN ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)"};
constexpr Sql kMark{"mark_posting", "UPDATE posting SET marks = $4, plain = $5 WHERE collection = $1 AND audience = $2 AND date_added = $3"};
constexpr Sql kForgetSeveral{"forget_several", "DELETE FROM several WHERE collection = $1 AND name = $2 AND audience = $3"};
constexpr Bulk kSeveral{"several", "collection, name, audience", "ON CONFLICT (collection, name, audience) DO NOTHING"};

}  // namespace

Result<std::vector<HeldRow>> held_postings(Queries& db, const Collection& collection, const Tag& name) {
  std::vector<HeldRow> out;
  TRY(auto cursor, RunCursor::under(db, collection.n, Part::Names, tie_key(kNameTie, name, 0), RunOrder::OldestFirst));
  for (;;) {
    TRY(const auto objects, cursor.next(kObjectsTogether));
    if (objects.empty()) break;
    auto rows = db.query_with(kHeldOfObjects, with_objects({}, objects));
    if (!rows) return std::unexpected(rows.error());
    for (;;) {
      TRY(const bool more, rows->next());
      if (!more) break;
      if (tag_in(rows->bytes(13)) != name) continue;
      HeldRow one{.date_added = rows->i64(0), .audience = rows->i64(1), .version_at = rows->i64(3), .object = rows->i64(5), .line = rows->i64(6), .since = rows->i64(7), .created_at = rows->i64(14), .spec = static_cast<int>(rows->i64(2)),
                  .is_last = is_last_of(rows->i64(4)), .is_first = is_first_of(rows->i64(4)), .is_plain = rows->flag(11), .is_revoked = rows->flag(12)};
      one.content = tag_in(rows->bytes(8)), one.sender = tag_in(rows->bytes(9)), one.creator = tag_in(rows->bytes(10));
      out.push_back(one);
    }
    if (objects.size() < kObjectsTogether) break;
  }
  std::sort(out.begin(), out.end(), [](const HeldRow& a, const HeldRow& b) { return a.date_added < b.date_added; });
  return out;
}

Result<HeldNames> HeldNames::of(Writing& writing, const Collection& collection) {
  TRY(const auto* const names, writing.store().run_filters().names.of(writing.tx(), collection.n));
  return HeldNames(writing.tx(), collection, *names);
}

Result<std::vector<HeldRow>> HeldNames::postings(const Tag& name) const {
  if (!names_->may_hold(tie_key(kNameTie, name, 0))) return std::vector<HeldRow>();
  return held_postings(*tx_, *collection_, name);
}

void mark(std::vector<HeldRow>& all) {
  if (all.size() == 1 && all.front().is_new) {
    all.front().is_last = all.front().is_first = all.front().is_plain = true;
    return;
  }
  std::map<std::pair<std::int64_t, int>, std::pair<std::int64_t, std::int64_t>> ends;   // audience and spec -> oldest and newest
  std::map<std::int64_t, std::vector<std::tuple<std::int64_t, int, std::int64_t>>> versions;   // of each audience: when, of which spec, whose
  for (const auto& one : all) {
    const auto [found, is_new] = ends.try_emplace({one.audience, one.spec}, one.version_at, one.version_at);
    found->second = {std::min(found->second.first, one.version_at), std::max(found->second.second, one.version_at)};
    versions[one.audience].emplace_back(one.version_at, one.spec, one.line);
  }
  std::set<std::int64_t> plain;
  for (auto& [audience, each] : versions) {
    std::sort(each.begin(), each.end());
    const auto is_alike = [&each](const auto& one) { return std::get<1>(one) == std::get<1>(each.front()) && std::get<2>(one) == std::get<2>(each.front()); };
    if (std::all_of(each.begin(), each.end(), is_alike) && std::adjacent_find(each.begin(), each.end()) == each.end()) plain.insert(audience);
  }
  for (auto& one : all) {
    const auto& [oldest, newest] = ends.find({one.audience, one.spec})->second;
    const bool is_last = one.version_at == newest, is_first = one.version_at == oldest, is_plain = plain.contains(one.audience);
    one.is_marked_anew = one.is_marked_anew || one.is_last != is_last || one.is_first != is_first || one.is_plain != is_plain;
    one.is_last = is_last, one.is_first = is_first, one.is_plain = is_plain;
  }
}

Result<void> write_marks(Tx& tx, const Collection& collection, const Tag& name, std::span<const HeldRow> all) {
  for (const auto& one : all)
    if (one.is_marked_anew && !one.is_new) TRY(tx.run(kMark, collection.n, one.audience, one.date_added, marks_of(one.is_last, one.is_first), one.is_plain));
  std::set<std::int64_t> audiences;
  if (all.size() > 1)
    for (const auto& one : all) audiences.insert(one.audience);
  if (audiences.size() < 2) return {};
  Batch several;
  for (const auto audience : audiences) several.add(collection.n, name, audience);
  TRY(tx.insert_many(kSeveral, several));
  return {};
}

Result<void> forget_several(Tx& tx, const Collection& collection, const Tag& name, std::span<const HeldRow> before, std::span<const HeldRow> after) {
  std::set<std::int64_t> gone;
  for (const auto& one : before) gone.insert(one.audience);
  for (const auto& one : after) gone.erase(one.audience);
  for (const auto audience : gone) TRY(tx.run(kForgetSeveral, collection.n, name, audience));
  return {};
}

}  // namespace sluice::store
