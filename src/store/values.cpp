#include "store/values.h"

#include <algorithm>

#include "store/held.h"
#include "store/object_cells.h"

namespace sluice::store {

namespace {

constexpr std::int64_t kPlaces = 65536;           // of one object in each table

constexpr Bulk kValueTags{"value_tag", "place, tag, audience, object"};
constexpr Bulk kNetworkTags{"network_tag", "place, tag, audience, object"};
constexpr Bulk kObjectRefs{"object_ref", "place, target, kind, audience, object"};

constexpr Sql kDropValueTags{"drop_value_tags", "DELETE FROM value_tag WHERE place >= $1 AND place < $2 AND audience = $3"};
constexpr Sql kDropNetworkTags{"drop_network_tags", "DELETE FROM network_tag WHERE place >= $1 AND place < $2 AND audience = $3"};
constexpr Sql kDropObjectRefs{"drop_object_refs", "DELETE FROM object_ref WHERE place >= $1 AND place < $2 AND audience = $3"};

// Of an object's rows those of one audience, behind all that it has. $4: how far behind.
constexpr Sql kAudiencesTied{"audiences_tied", "SELECT audience, MAX(place) FROM (SELECT audience, place FROM value_tag WHERE place >= $1 AND place < $2 UNION ALL SELECT audience, place FROM network_tag WHERE place >= $1 AND place < $2 "
                                               "UNION ALL SELECT audience, place FROM object_ref WHERE place >= $1 AND place < $2) tied GROUP BY audience ORDER BY audience"};
constexpr Sql kExtendValueTags{"extend_value_tags", "INSERT INTO value_tag (place, tag, audience, object) SELECT place + $4, tag, $5, object FROM value_tag WHERE place >= $1 AND place < $2 AND audience = $3"};
constexpr Sql kExtendNetworkTags{"extend_network_tags", "INSERT INTO network_tag (place, tag, audience, object) SELECT place + $4, tag, $5, object FROM network_tag WHERE place >= $1 AND place < $2 AND audience = $3"};
constexpr Sql kExtendObjectRefs{"extend_object_refs", "INSERT INTO object_ref (place, target, kind, audience, object) SELECT place + $4, target, kind, $5, object FROM object_ref WHERE place >= $1 AND place < $2 AND audience = $3"};

// Newest first: numbers of objects grow. Each is a range of one index; what is joined is one row by a key.
#define SLUICE_FOUND "SELECT p.object, p.audience, p.date_added, p.version_at, p.spec, p.name, o.sender, p.marks, p.line, p.since FROM "
// "+ 0" keeps the planner from an index that begins with the audience: it would look at all that this meets.
#define SLUICE_OF_POSTING " JOIN posting p ON p.object = f.object AND p.audience + 0 = f.audience JOIN object_version o ON o.n = f.object WHERE "
constexpr Sql kWithValue{"postings_with_value", SLUICE_FOUND "value_tag f" SLUICE_OF_POSTING "f.tag = $1 AND f.audience = $2 ORDER BY f.object DESC LIMIT $3"};
constexpr Sql kInNetwork{"postings_in_network", SLUICE_FOUND "network_tag f" SLUICE_OF_POSTING "f.tag = $1 AND f.audience = $2 ORDER BY f.object DESC LIMIT $3"};
constexpr Sql kNaming{"postings_naming", SLUICE_FOUND "object_ref f" SLUICE_OF_POSTING "f.target = $1 AND f.audience = $2 AND f.kind = $4 ORDER BY f.object DESC LIMIT $3"};
#undef SLUICE_FOUND
#undef SLUICE_OF_POSTING
constexpr Sql kOfName{"postings_of_name", "SELECT p.object, p.audience, p.date_added, p.version_at, p.spec, p.name, o.sender, p.marks, p.line, p.since FROM posting p JOIN object_version o ON o.n = p.object "
                                          "WHERE p.collection = $1 AND p.name = $2 AND p.audience = $3 ORDER BY p.date_added"};

Tag tag_in_cell(ByteView bytes) {
  Tag out{};
  std::copy_n(bytes.begin(), std::min(bytes.size(), out.size()), out.begin());
  return out;
}

Result<void> take_found(Rows& rows, std::vector<FoundPosting>& out) {
  for (;;) {
    TRY(const bool more, rows.next());
    if (!more) return {};
    out.push_back({.object = rows.i64(0), .audience = rows.i64(1), .date_added = rows.i64(2), .version_at = rows.i64(3), .spec = static_cast<int>(rows.i64(4)), .name = tag_in_cell(rows.bytes(5)),
                   .sender = tag_in_cell(rows.bytes(6)), .is_last = is_last_of(rows.i64(7)), .line = rows.i64(8), .since = rows.i64(9)});
  }
}

// One more than is wanted tells whether there is more.
template <class... More>
Result<FoundPostings> found_by(Queries& db, const Sql& sql, const CollectionSeen& seen, const Tag& tag, std::size_t most, More... last) {
  FoundPostings out;
  for (const auto audience : seen.audiences()) {
    TRY(auto rows, db.query(sql, tag, audience, most + 1, last...));
    TRY(take_found(rows, out.found));
  }
  if (seen.audiences().size() > 1) std::sort(out.found.begin(), out.found.end(), [](const auto& a, const auto& b) { return std::pair(a.object, a.date_added) > std::pair(b.object, b.date_added); });
  out.more = out.found.size() > most;
  if (out.more) out.found.resize(most);
  return out;
}

}  // namespace

Tag name_of_object(const Cells& cells, std::string_view id) { return object_name(cells, id); }
Tag value_name(const Cells& cells, std::string_view kind, std::string_view text) { return cells.tag("value", std::string(kind) + "\n" + std::string(text)); }
Tag network_name(const Cells& cells, std::string_view network) { return cells.tag("value in network", network); }

Result<void> put_ties(Writing& writing, std::span<const Tied> ties) {
  Batch values, networks, named;
  for (const auto& [object, audience, content, keyed] : ties) {
    const auto first = object * kPlaces;
    for (std::size_t i = 0; i < std::min(content->value_tags.size(), kMostTies); ++i) values.add(first + static_cast<std::int64_t>(i), content->value_tags[i], audience, object);
    for (std::size_t i = 0; i < std::min(content->network_tags.size(), kMostTies); ++i) networks.add(first + static_cast<std::int64_t>(i), content->network_tags[i], audience, object);
    for (std::size_t i = 0; i < std::min(content->refs.size(), kMostTies); ++i) named.add(first + static_cast<std::int64_t>(i), keyed->refs[i], content->refs[i].first, audience, object);
  }
  if (values.rows() > 0) TRY(writing.tx().insert_many(kValueTags, values));
  if (networks.rows() > 0) TRY(writing.tx().insert_many(kNetworkTags, networks));
  if (named.rows() > 0) TRY(writing.tx().insert_many(kObjectRefs, named));
  return {};
}

Result<void> drop_ties(Tx& tx, std::int64_t object, std::int64_t audience) {
  for (const auto* sql : {&kDropValueTags, &kDropNetworkTags, &kDropObjectRefs}) TRY(tx.run(*sql, object * kPlaces, (object + 1) * kPlaces, audience));
  return {};
}

Result<void> extend_ties(Tx& tx, std::int64_t object, std::int64_t audience) {
  const auto first = object * kPlaces, end = (object + 1) * kPlaces;
  std::optional<std::int64_t> from;
  std::int64_t last = first;
  {
    TRY(auto rows, tx.query(kAudiencesTied, first, end));
    for (;;) {
      TRY(const bool more, rows.next());
      if (!more) break;
      if (rows.i64(0) == audience) return {};
      if (!from) from = rows.i64(0);
      last = std::max(last, rows.i64(1));
    }
  }
  if (!from) return {};
  // Behind the last of them all: what moves is a run that begins at the earliest place.
  const auto step = last + 1 - first;
  if (last + step >= end) return {};              // as many audiences as have room; one more finds it by its id alone
  for (const auto* sql : {&kExtendValueTags, &kExtendNetworkTags, &kExtendObjectRefs}) TRY(tx.run(*sql, first, end, *from, step, audience));
  return {};
}

Result<FoundPostings> postings_with(Queries& db, const CollectionSeen& seen, const Tag& value, std::size_t most) { return found_by(db, kWithValue, seen, value, most); }
Result<FoundPostings> postings_in_network(Queries& db, const CollectionSeen& seen, const Tag& network, std::size_t most) { return found_by(db, kInNetwork, seen, network, most); }

Result<FoundPostings> postings_naming(Queries& db, const Cells& cells, const CollectionSeen& seen, std::string_view id, RefKind kind, std::size_t most) {
  return found_by(db, kNaming, seen, name_of_object(cells, id), most, static_cast<int>(kind));
}

Result<std::vector<FoundPosting>> postings_of(Queries& db, const CollectionSeen& seen, const Tag& name) {
  std::vector<FoundPosting> out;
  for (const auto audience : seen.audiences()) {
    TRY(auto rows, db.query(kOfName, seen.collection().n, name, audience));
    TRY(take_found(rows, out));
  }
  if (const auto first = std::min_element(out.begin(), out.end(), [](const auto& a, const auto& b) { return a.since < b.since; }); first != out.end())
    std::erase_if(out, [line = first->line](const auto& one) { return one.line != line; });
  std::sort(out.begin(), out.end(), [](const auto& a, const auto& b) { return a.date_added < b.date_added; });
  return out;
}

Result<std::vector<std::int64_t>> objects_with(Queries& db, const CollectionSeen& seen, const Tag& value, std::size_t most) {
  TRY(const auto all, postings_with(db, seen, value, most));
  std::vector<std::int64_t> out;
  for (const auto& one : all.found)
    if (out.empty() || out.back() != one.object) out.push_back(one.object);
  return out;
}

Result<std::vector<ReferringObject>> objects_naming(Queries& db, const Cells& cells, const CollectionSeen& seen, std::string_view id, int kind, std::size_t most) {
  TRY(auto all, postings_naming(db, cells, seen, id, static_cast<RefKind>(kind), most));
  return std::move(all.found);
}

}  // namespace sluice::store
