#include "store/recalls.h"

#include <algorithm>
#include <map>
#include <set>

#include "store/held.h"
#include "store/object_cells.h"

namespace sluice::store {

namespace {

constexpr Sql kAddRecall{"add_recall", "INSERT INTO recall (id, collection, name, at, sender, body) VALUES ($1, $2, $3, $4, $5, $6)"};
constexpr Bulk kNotices{"recall_notice", "recall, organisation, at, fetched, collection, posted"};
constexpr Sql kNotice{"recall_notice", "SELECT n.organisation, n.at, n.fetched, n.answered, n.body, r.id, r.at, r.sender, r.body FROM recall_notice n JOIN recall r ON r.id = n.recall WHERE n.recall = $1 AND n.organisation = $2"};
constexpr Sql kAnswer{"answer_recall", "UPDATE recall_notice SET answered = $3, body = $4 WHERE recall = $1 AND organisation = $2"};
// In the order of the index, newest first; the place is exclusive.
constexpr Sql kNoticesOf{"recall_notices_of",
                         "SELECT n.organisation, n.at, n.fetched, n.answered, n.body, r.id, r.at, r.sender, r.body FROM recall_notice n JOIN recall r ON r.id = n.recall "
                         "WHERE n.organisation = $1 AND (n.at < $2 OR (n.at = $2 AND n.recall < $3)) ORDER BY n.at DESC, n.recall DESC LIMIT $4"};
constexpr Sql kNoticesBetween{"recall_notices_between",
                              "SELECT n.organisation, n.at, n.fetched, n.answered, n.body, r.id, r.at, r.sender, r.body, n.posted FROM recall_notice n JOIN recall r ON r.id = n.recall "
                              "WHERE n.organisation = $1 AND n.collection = $2 AND n.posted > $3 AND n.posted <= $4 ORDER BY n.posted LIMIT $5"};
constexpr Sql kLastNotice{"last_recall_notice", "SELECT MAX(posted) FROM recall_notice WHERE collection = $1"};
constexpr Sql kHeadForNotice{"head_for_notice", "SELECT head FROM collection WHERE n = $1"};
constexpr Sql kHeadOfNotice{"head_of_notice", "UPDATE collection SET head = $2 WHERE n = $1"};
constexpr Sql kRecallsOf{"recalls_of_object", "SELECT id, at, sender, body FROM recall WHERE collection = $1 AND name = $2 ORDER BY at, id LIMIT $3"};
constexpr Sql kTold{"told_of_recall", "SELECT organisation, at, fetched, answered, body FROM recall_notice WHERE recall = $1 ORDER BY fetched, organisation"};
constexpr Sql kFetchedOne{"fetched_object", "SELECT organisation, at FROM object_delivery WHERE object = $1"};

std::string notice_row(std::string_view recall, const Tag& organisation) { return std::string(recall) + "/" + hex(organisation); }

Tag tag_at(Rows& row, int column) {
  Tag out{};
  const auto bytes = row.bytes(column);
  std::copy_n(bytes.begin(), std::min(bytes.size(), out.size()), out.begin());
  return out;
}

Result<RecallRow> recall_at(Rows& row, const Cells& cells, int first) {
  RecallRow out{.id = row.string(first), .at = row.instant(first + 1), .sender = tag_at(row, first + 2), .body = {}};
  TRY(const auto body, cells.open_json("recall", out.id, "body", row.bytes(first + 3)));
  TRY(out.body, from_json<RecallBody>(body));
  return out;
}

Result<NoticeRow> notice_at(Rows& row, const Cells& cells, std::string_view recall) {
  NoticeRow out{.organisation = tag_at(row, 0), .at = row.instant(1), .fetched = row.instant(2), .answered = row.maybe_instant(3), .answer = {}};
  if (row.is_null(4)) return out;
  TRY(const auto body, cells.open_json("recall_notice", notice_row(recall, out.organisation), "body", row.bytes(4)));
  TRY(auto answer, from_json<RecallAnswer>(body));
  out.answer = std::move(answer);
  return out;
}

Result<NoticeWithRecall> both_at(Rows& row, const Cells& cells) {
  NoticeWithRecall out;
  TRY(out.recall, recall_at(row, cells, 5));
  TRY(out.notice, notice_at(row, cells, out.recall.id));
  return out;
}

}  // namespace

Result<std::int64_t> add_recall(Tx& tx, const Cells& cells, const Collection& collection, const RecallRow& row, std::span<const Fetched> told) {
  TRY(tx.run(kAddRecall, row.id, collection.n, object_name(cells, row.body.object), row.at, row.sender, cells.seal_json("recall", row.id, "body", to_json(row.body))));
  if (told.empty()) return 0;
  TRY(const auto head, tx.number(kHeadForNotice, collection.n));
  const auto posted = std::max(head.value_or(0), row.at.micros - 1) + 1;   // K5
  Batch batch;
  for (const auto& one : told) batch.add(row.id, one.organisation, row.at, one.first, collection.n, posted);
  TRY(tx.insert_many(kNotices, batch));
  TRY(tx.run(kHeadOfNotice, collection.n, posted));
  return posted;
}

Result<std::vector<DatedNotice>> notices_between(Queries& db, const Cells& cells, std::int64_t collection, const Tag& organisation, std::int64_t after, std::int64_t upto, int most) {
  std::vector<DatedNotice> out;
  TRY(auto rows, db.query(kNoticesBetween, organisation, collection, after, upto, most));
  for (;;) {
    TRY(const bool more, rows.next());
    if (!more) return out;
    DatedNotice one{.posted = rows.i64(9), .notice = {}};
    TRY(one.notice, both_at(rows, cells));
    out.push_back(std::move(one));
  }
}

Result<std::int64_t> last_notice_in(Queries& db, std::int64_t collection) {
  TRY(const auto last, db.number(kLastNotice, collection));
  return last.value_or(INT64_MIN);
}

Result<NoticeWithRecall> notice_of(Queries& db, const Cells& cells, std::string_view recall, const Tag& organisation) {
  TRY(auto row, db.one(kNotice, recall, organisation));
  if (!row) return fail(ErrorKind::NotFound, "There is no such recall, or it isn't for you.");
  return both_at(*row, cells);
}

Result<void> answer_notice(Tx& tx, const Cells& cells, std::string_view recall, const Tag& organisation, Instant now, const RecallAnswer& answer) {
  TRY(tx.run(kAnswer, recall, organisation, now, cells.seal_json("recall_notice", notice_row(recall, organisation), "body", to_json(answer))));
  return {};
}

Result<std::vector<NoticeWithRecall>> notices_of(Queries& db, const Cells& cells, const Tag& organisation, const std::optional<NoticePlace>& before, int most) {
  std::vector<NoticeWithRecall> out;
  TRY(auto rows, db.query(kNoticesOf, organisation, before ? before->at : INT64_MAX, before ? std::string_view(before->recall) : std::string_view(), most));
  for (;;) {
    TRY(const bool more, rows.next());
    if (!more) return out;
    TRY(auto one, both_at(rows, cells));
    out.push_back(std::move(one));
  }
}

Result<std::vector<RecallRow>> recalls_of(Queries& db, const Cells& cells, const Collection& collection, std::string_view object, int most) {
  std::vector<RecallRow> out;
  TRY(auto rows, db.query(kRecallsOf, collection.n, object_name(cells, object), most));
  for (;;) {
    TRY(const bool more, rows.next());
    if (!more) return out;
    TRY(auto one, recall_at(rows, cells, 0));
    out.push_back(std::move(one));
  }
}

Result<std::vector<NoticeRow>> told_of(Queries& db, const Cells& cells, std::string_view recall) {
  std::vector<NoticeRow> out;
  TRY(auto rows, db.query(kTold, recall));
  for (;;) {
    TRY(const bool more, rows.next());
    if (!more) return out;
    TRY(auto one, notice_at(rows, cells, recall));
    out.push_back(std::move(one));
  }
}

Result<std::vector<Fetched>> fetched(Queries& db, const Cells& cells, const Collection& collection, std::string_view object) {
  TRY(const auto held, held_postings(db, collection, object_name(cells, object)));
  std::set<std::int64_t> objects;
  for (const auto& one : held) objects.insert(one.object);
  std::map<Tag, Fetched> by;
  for (const auto one : objects) {
    TRY(auto rows, db.query(kFetchedOne, one));
    for (;;) {
      TRY(const bool more, rows.next());
      if (!more) break;
      const auto [found, is_new] = by.try_emplace(tag_at(rows, 0), Fetched{tag_at(rows, 0), rows.instant(1), 0});
      found->second.first = std::min(found->second.first, rows.instant(1));
      ++found->second.versions;
    }
  }
  std::vector<Fetched> out;
  for (const auto& [organisation, one] : by) out.push_back(one);
  std::stable_sort(out.begin(), out.end(), [](const Fetched& a, const Fetched& b) { return a.first < b.first; });
  return out;
}

}  // namespace sluice::store
