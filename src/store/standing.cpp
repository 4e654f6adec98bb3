#include "store/standing.h"

#include <algorithm>

#include "store/writing.h"

namespace sluice::store {

namespace {

constexpr std::size_t kObjectsAtOnce = 64;
constexpr Sql kTiesOf{"ties_of_one", "SELECT ties FROM object_version WHERE n = $1"};
constexpr Sql kReadBy{"object_first_read_by", "SELECT at FROM object_delivery WHERE organisation = $1 AND object = $2"};
constexpr Sql kReadByOthers{"object_first_read_by_others", "SELECT MIN(at) FROM object_delivery WHERE object = $1 AND organisation <> $2"};
constexpr Sql kSenderOf{"sender_of_object", "SELECT sender, name FROM object_version WHERE n = $1"};
constexpr Sql kGivenSince{"objects_given_since", "SELECT COUNT(*) FROM object_delivery d JOIN object_version o ON o.n = d.object WHERE d.organisation = $1 AND d.at >= $2 AND o.collection = $3 AND o.sender <> $1"};
constexpr Sql kSentAfter{"objects_sent_after", "SELECT p.object, p.audience, p.date_added, p.name, o.sender, o.collection FROM object_version o JOIN posting p ON p.object = o.n "
                                               "WHERE o.sender = $1 AND o.n > $2 ORDER BY o.n, p.date_added LIMIT $3"};
constexpr Sql kSentTies{"ties_of_sent", "SELECT n, ties FROM object_version WHERE sender = $1 AND n > $2 AND n <= $3 ORDER BY n"};

constexpr Sql kAddDoubt{"add_doubt", "INSERT INTO doubt (id, collection, name, at, body) VALUES ($1, $2, $3, $4, $5)"};
constexpr Sql kChangeDoubt{"change_doubt", "UPDATE doubt SET body = $2 WHERE id = $1"};
constexpr Sql kDoubtsAbout{"doubts_about", "SELECT id, body FROM doubt WHERE collection = $1 AND name = $2 ORDER BY at, id"};
constexpr Sql kDoubtsIn{"doubts_in", "SELECT id, body FROM doubt WHERE collection = $1 ORDER BY at DESC, id LIMIT $2"};

constexpr Sql kKeepGiven{"keep_contribution", "INSERT INTO contribution (id, member, at, body) VALUES ($1, $2, $3, $4) ON CONFLICT (id) DO NOTHING"};
constexpr Sql kGivenBy{"contributions_of", "SELECT id, at, body FROM contribution WHERE member = $1 ORDER BY at, id"};
constexpr Sql kGathered{"contributions_gathered", "SELECT object FROM contribution_gathered WHERE member = $1"};
constexpr Sql kSetGathered{"set_contributions_gathered", "INSERT INTO contribution_gathered (member, object) VALUES ($1, $2) ON CONFLICT (member) DO UPDATE SET object = excluded.object "
                                                         "WHERE excluded.object > contribution_gathered.object"};

constexpr Sql kTables{"alliance_tables", "SELECT id, body FROM alliance_table ORDER BY n"};
constexpr Sql kNewestTable{"newest_alliance_table", "SELECT MAX(n) FROM alliance_table"};
constexpr Sql kAddTable{"add_alliance_table", "INSERT INTO alliance_table (n, id, body) VALUES ($1, $2, $3)"};
constexpr Sql kChangeTable{"change_alliance_table", "UPDATE alliance_table SET body = $2 WHERE id = $1"};

Tag tag_of_cell(ByteView bytes) {
  Tag out{};
  std::copy_n(bytes.begin(), std::min(bytes.size(), out.size()), out.begin());
  return out;
}

HeldPosting held_in(const Rows& rows) {
  return {.object = rows.i64(0), .audience = rows.i64(1), .date_added = rows.i64(2), .name = tag_of_cell(rows.bytes(3)), .sender = tag_of_cell(rows.bytes(4))};
}

HeldPosting held_of(const FoundPosting& one) { return {.object = one.object, .audience = one.audience, .date_added = one.date_added, .name = one.name, .sender = one.sender}; }

// One question an audience; an object that several of them meet stands once, as it was met first.
Result<std::vector<HeldPosting>> held_by(Queries& db, const CollectionSeen& seen, int sort, const Tag& tag, Instant upto, std::int64_t most) {
  std::vector<HeldPosting> out;
  for (const auto audience : seen.audiences()) {
    TRY(auto cursor, RunCursor::under(db, seen.collection().n, Part::Ties, tie_key(sort, tag, audience), RunOrder::OldestFirst, seen.tie_filters()));
    for (std::int64_t got = 0; got < most;) {
      TRY(const auto objects, cursor.next(kObjectsAtOnce));
      TRY(const auto some, postings_of_objects(db, objects, audience));
      for (const auto& one : some)
        if (one.date_added <= upto.micros && got < most) out.push_back(held_of(one)), ++got;
      if (objects.size() < kObjectsAtOnce) break;
    }
  }
  std::sort(out.begin(), out.end(), [](const HeldPosting& a, const HeldPosting& b) { return std::pair(a.object, a.date_added) < std::pair(b.object, b.date_added); });
  out.erase(std::unique(out.begin(), out.end(), [](const HeldPosting& a, const HeldPosting& b) { return a.object == b.object; }), out.end());
  return out;
}

Result<std::optional<Instant>> instant_by(Queries& db, const Sql& sql, const Param& first, const Param& second) {
  const std::array<Param, 2> params{first, second};
  TRY(const auto micros, db.number_with(sql, params));
  return micros ? std::optional(Instant{*micros}) : std::nullopt;
}

}  // namespace

Result<std::vector<HeldPosting>> first_with(Queries& db, const CollectionSeen& seen, const Tag& value, Instant upto, std::int64_t most) { return held_by(db, seen, kValueTie, value, upto, most); }

Result<std::vector<HeldPosting>> first_naming(Queries& db, const Cells& cells, const CollectionSeen& seen, std::string_view id, RefKind kind, Instant upto, std::int64_t most) {
  return held_by(db, seen, kRefTie + static_cast<int>(kind), name_of_object(cells, id), upto, most);
}

Result<std::optional<HeldPosting>> first_of(Queries& db, const CollectionSeen& seen, const Tag& name) {
  std::optional<HeldPosting> out;
  for (const auto audience : seen.audiences()) {
    TRY(auto cursor, RunCursor::under(db, seen.collection().n, Part::Ties, tie_key(kNameTie, name, audience), RunOrder::OldestFirst, seen.tie_filters()));
    TRY(const auto objects, cursor.next(SIZE_MAX));
    TRY(const auto all, postings_of_objects(db, objects, audience));
    for (const auto& one : all)
      if (one.name == name && (!out || one.date_added < out->date_added)) out = held_of(one);
  }
  return out;
}

Result<std::optional<CreatorWord>> creator_of(Queries& db, const HeldPosting& posting) {
  TRY(const auto row, db.one(kTiesOf, posting.object));
  if (!row) return std::optional<CreatorWord>{};
  for (auto ties = row->bytes(0); ties.size() >= kTieBytes; ties = ties.subspan(kTieBytes)) {
    if (ties[0] != kRefTie + kCreatedByRef) continue;
    CreatorWord out{};
    std::copy_n(ties.begin() + 1, out.size(), out.begin());
    return std::optional(out);
  }
  return std::optional<CreatorWord>{};
}

Result<std::optional<Instant>> first_read_by(Queries& db, std::int64_t object, const Tag& organisation) { return instant_by(db, kReadBy, organisation, object); }
Result<std::optional<Instant>> first_read_by_others(Queries& db, std::int64_t object, const Tag& organisation) { return instant_by(db, kReadByOthers, object, organisation); }

Result<std::optional<SenderOf>> sender_of(Queries& db, std::int64_t object) {
  TRY(const auto row, db.one(kSenderOf, object));
  return row ? std::optional(SenderOf{tag_of_cell(row->bytes(0)), tag_of_cell(row->bytes(1))}) : std::nullopt;
}

Result<std::int64_t> given_since(Queries& db, std::int64_t collection, const Tag& organisation, Instant since) {
  TRY(const auto count, db.number(kGivenSince, organisation, since, collection));
  return count.value_or(0);
}

Result<std::vector<SentObject>> sent_after(Queries& db, const Tag& sender, std::int64_t object, std::int64_t most) {
  std::vector<SentObject> out;
  TRY(auto rows, db.query(kSentAfter, sender, object, most));
  for (;;) {
    TRY(const bool more, rows.next());
    if (!more) return out;
    if (out.empty() || out.back().posting.object != rows.i64(0)) out.push_back({rows.i64(5), held_in(rows)});
  }
}

Result<std::vector<std::int64_t>> sent_that_name(Queries& db, const Tag& sender, std::int64_t after, std::int64_t last) {
  std::vector<std::int64_t> out;
  TRY(auto rows, db.query(kSentTies, sender, after, last));
  for (;;) {
    TRY(const bool more, rows.next());
    if (!more) return out;
    bool names = false;
    for (auto ties = rows.bytes(1); ties.size() >= kTieBytes && !names; ties = ties.subspan(kTieBytes)) names = ties[0] >= kRefTie + kSourceRef && ties[0] <= kRefTie + kSightingOfRef;
    if (names) out.push_back(rows.i64(0));
  }
}

// ---- doubts

Result<void> add_doubt(Writing& writing, std::int64_t collection, const Doubt& doubt) {
  TRY(writing.tx().run(kAddDoubt, doubt.id, collection, name_of_object(writing.cells(), doubt.object), doubt.at, writing.cells().seal_json("doubt", doubt.id, "body", to_json(doubt))));
  return {};
}

Result<void> change_doubt(Writing& writing, const Doubt& doubt) {
  TRY(writing.tx().run(kChangeDoubt, doubt.id, writing.cells().seal_json("doubt", doubt.id, "body", to_json(doubt))));
  return {};
}

namespace {
Result<std::vector<Doubt>> doubts_from(Rows rows, const Cells& cells) {
  std::vector<Doubt> out;
  for (;;) {
    TRY(const bool more, rows.next());
    if (!more) return out;
    TRY(const auto body, cells.open_json("doubt", rows.text(0), "body", rows.bytes(1)));
    TRY(auto doubt, from_json<Doubt>(body));
    out.push_back(std::move(doubt));
  }
}
}  // namespace

Result<std::vector<Doubt>> doubts_about(Queries& db, const Cells& cells, std::int64_t collection, std::string_view object) {
  TRY(auto rows, db.query(kDoubtsAbout, collection, name_of_object(cells, object)));
  return doubts_from(std::move(rows), cells);
}

Result<std::vector<Doubt>> doubts_in(Queries& db, const Cells& cells, std::int64_t collection, std::int64_t most) {
  TRY(auto rows, db.query(kDoubtsIn, collection, most));
  return doubts_from(std::move(rows), cells);
}

// ---- what a member gave

Result<void> keep_given(Tx& tx, const Cells& cells, const Tag& member, std::string_view counts_for, const GivenRow& row) {
  const auto id = hex(cells.tag("contribution", hex(member) + "/" + std::string(counts_for)));
  TRY(tx.run(kKeepGiven, id, member, row.at, cells.seal_json("contribution", id, "body", row.event)));
  return {};
}

Result<std::vector<GivenRow>> given_by(Queries& db, const Cells& cells, const Tag& member) {
  std::vector<GivenRow> out;
  TRY(auto rows, db.query(kGivenBy, member));
  for (;;) {
    TRY(const bool more, rows.next());
    if (!more) return out;
    TRY(auto event, cells.open_json("contribution", rows.text(0), "body", rows.bytes(2)));
    out.push_back({rows.instant(1), std::move(event)});
  }
}

Result<std::int64_t> gathered_through(Queries& db, const Tag& member) {
  TRY(const auto object, db.number(kGathered, member));
  return object.value_or(0);
}

Result<void> set_gathered(Tx& tx, const Tag& member, std::int64_t object) {
  TRY(tx.run(kSetGathered, member, object));
  return {};
}

// ---- tables of an alliance

Result<std::vector<AllianceTableRow>> alliance_tables(Queries& db, const Cells& cells) {
  std::vector<AllianceTableRow> out;
  TRY(auto rows, db.query(kTables));
  for (;;) {
    TRY(const bool more, rows.next());
    if (!more) return out;
    TRY(auto body, cells.open_json("alliance_table", rows.text(0), "body", rows.bytes(1)));
    out.push_back({rows.string(0), std::move(body)});
  }
}

Result<void> add_alliance_table(Writing& writing, const AllianceTableRow& row) {
  TRY(const auto newest, writing.tx().number(kNewestTable));
  TRY(writing.tx().run(kAddTable, newest.value_or(0) + 1, row.id, writing.cells().seal_json("alliance_table", row.id, "body", row.body)));
  return {};
}

Result<void> change_alliance_table(Writing& writing, const AllianceTableRow& row) {
  TRY(writing.tx().run(kChangeTable, row.id, writing.cells().seal_json("alliance_table", row.id, "body", row.body)));
  return {};
}

}  // namespace sluice::store
