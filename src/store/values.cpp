#include "store/values.h"

#include <algorithm>
#include <map>

#include "store/held.h"
#include "store/object_cells.h"

namespace sluice::store {

namespace {

constexpr std::size_t kTiedTogether = 128;

constexpr Sql kTiesOfObject{"ties_of_object", "SELECT collection, name, ties FROM object_version WHERE n = $1"};
constexpr Sql kIsAnywhere{"is_posted_anywhere", "SELECT 1 FROM posting WHERE object = $1 LIMIT 1"};
// "+ 0" keeps the planner from an index that begins with the audience: it would look at all that this meets.
constexpr Sql kOfObjects{"postings_of_objects", "SELECT p.object, p.audience, p.date_added, p.version_at, p.spec, p.name, o.sender, p.marks, p.line, p.since FROM posting p JOIN object_version o ON o.n = p.object "
                                                "WHERE p.object IN ($2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17) AND p.audience + 0 = $1"};

std::uint64_t word_of(ByteView bytes) {
  std::uint64_t out = 0;
  for (std::size_t i = 0; i < 8; ++i) out = out << 8 | bytes[i];
  return out;
}

// The words are keyed hashes: what they are mixed with need only keep sorts and audiences apart.
std::uint64_t key_of_word(int sort, std::uint64_t word, std::int64_t audience) {
  auto x = word + static_cast<std::uint64_t>(sort) * 0x9E3779B97F4A7C15ULL + static_cast<std::uint64_t>(audience) * 0xD1B54A32D192ED03ULL;
  x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9ULL;
  x = (x ^ (x >> 27)) * 0x94D049BB133111EBULL;
  return x ^ (x >> 31);
}

void add_ties(std::vector<RunEntry>& out, const Tag& name, ByteView ties, std::int64_t audience, std::int64_t object) {
  out.push_back({tie_key(kNameTie, name, audience), object});
  for (; ties.size() >= kTieBytes; ties = ties.subspan(kTieBytes)) out.push_back({key_of_word(ties[0], word_of(ties.subspan(1)), audience), object});
}

// Those that are asked for in all audiences at once, but the name, which has a part of its own.
void add_ties_of_all(std::vector<RunEntry>& out, ByteView ties, std::int64_t object) {
  for (; ties.size() >= kTieBytes; ties = ties.subspan(kTieBytes))
    if (ties[0] == kValueTie || ties[0] == kRefTie + kCreatedByRef) out.push_back({key_of_word(ties[0], word_of(ties.subspan(1)), 0), object});
}

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
Result<FoundPostings> found_by(Queries& db, const CollectionSeen& seen, int sort, const Tag& tag, std::size_t most) {
  FoundPostings out;
  for (const auto audience : seen.audiences()) {
    TRY(auto cursor, RunCursor::under(db, seen.collection().n, Part::Ties, tie_key(sort, tag, audience), RunOrder::NewestFirst, seen.tie_filters()));
    for (std::size_t got = 0; got <= most;) {
      const auto wanted = std::min(most + 1 - got, kTiedTogether);
      TRY(const auto objects, cursor.next(wanted));
      TRY(auto some, postings_of_objects(db, objects, audience));
      got += some.size();
      out.found.insert(out.found.end(), some.begin(), some.end());
      if (objects.size() < wanted) break;
    }
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

Bytes ties_of(const KeyedAhead& keyed, const NewObject& object) {
  Bytes out;
  const auto add = [&out](int sort, const Tag& tag) {
    out.push_back(static_cast<std::uint8_t>(sort));
    out.insert(out.end(), tag.begin(), tag.begin() + 8);
  };
  const auto values = std::min(object.value_tags.size(), kMostTies), networks = std::min(object.network_tags.size(), kMostTies), refs = std::min(object.refs.size(), kMostTies);
  out.reserve((values + networks + refs) * kTieBytes);
  for (std::size_t i = 0; i < values; ++i) add(kValueTie, object.value_tags[i]);
  for (std::size_t i = 0; i < networks; ++i) add(kNetworkTie, object.network_tags[i]);
  for (std::size_t i = 0; i < refs; ++i) add(kRefTie + object.refs[i].first, keyed.refs[i]);
  return out;
}

std::uint64_t tie_key(int sort, const Tag& tag, std::int64_t audience) { return key_of_word(sort, word_of(tag), audience); }

Result<void> put_ties(Writing& writing, std::int64_t collection, std::span<const Tied> ties) {
  std::vector<RunEntry> names, all;
  names.reserve(ties.size());
  for (const auto& one : ties) {
    names.push_back({tie_key(kNameTie, *one.name, 0), one.object});
    add_ties(all, *one.name, one.ties, one.audience, one.object);
    add_ties_of_all(all, one.ties, one.object);
  }
  auto& filters = writing.store().run_filters();
  TRY(add_entries(writing.tx(), filters, collection, Part::Names, std::move(names)));
  return add_entries(writing.tx(), filters, collection, Part::Ties, std::move(all));
}

Result<void> drop_ties(Writing& writing, std::span<const Untied> gone) {
  auto& tx = writing.tx();
  struct OfCollection { std::vector<RunEntry> names, ties; };
  std::map<std::int64_t, OfCollection> all;
  for (const auto& [object, audience] : gone) {
    TRY(const auto left, tx.number(kIsAnywhere, object));
    TRY(const auto row, tx.one(kTiesOfObject, object));
    if (!row) continue;
    auto& mine = all[row->i64(0)];
    const auto name = tag_in_cell(row->bytes(1));
    add_ties(mine.ties, name, row->bytes(2), audience, object);
    if (left) continue;
    add_ties_of_all(mine.ties, row->bytes(2), object);
    mine.names.push_back({tie_key(kNameTie, name, 0), object});
  }
  auto& filters = writing.store().run_filters();
  for (auto& [collection, mine] : all) {
    TRY(remove_entries(tx, filters, collection, Part::Ties, std::move(mine.ties)));
    TRY(remove_entries(tx, filters, collection, Part::Names, std::move(mine.names)));
  }
  return {};
}

Result<void> extend_ties(Writing& writing, std::span<const std::int64_t> objects, std::int64_t audience) {
  std::map<std::int64_t, std::vector<RunEntry>> all;
  for (const auto object : objects) {
    TRY(const auto row, writing.tx().one(kTiesOfObject, object));
    if (row) add_ties(all[row->i64(0)], tag_in_cell(row->bytes(1)), row->bytes(2), audience, object);
  }
  for (auto& [collection, entries] : all) TRY(add_entries(writing.tx(), writing.store().run_filters(), collection, Part::Ties, std::move(entries)));
  return {};
}

Result<FoundPostings> postings_with(Queries& db, const CollectionSeen& seen, const Tag& value, std::size_t most) { return found_by(db, seen, kValueTie, value, most); }
Result<FoundPostings> postings_in_network(Queries& db, const CollectionSeen& seen, const Tag& network, std::size_t most) { return found_by(db, seen, kNetworkTie, network, most); }

Result<FoundPostings> postings_naming(Queries& db, const Cells& cells, const CollectionSeen& seen, std::string_view id, RefKind kind, std::size_t most) {
  return found_by(db, seen, kRefTie + static_cast<int>(kind), name_of_object(cells, id), most);
}

std::vector<Param> with_objects(std::vector<Param> params, std::span<const std::int64_t> objects) {
  for (std::size_t i = 0; i < kObjectsTogether; ++i) params.emplace_back(objects[std::min(i, objects.size() - 1)]);
  return params;
}

Result<std::vector<FoundPosting>> postings_of_objects(Queries& db, std::span<const std::int64_t> objects, std::int64_t audience) {
  std::vector<FoundPosting> out;
  while (!objects.empty()) {
    const auto some = objects.first(std::min(objects.size(), kObjectsTogether));
    std::vector<FoundPosting> found;
    {
      auto rows = db.query_with(kOfObjects, with_objects({Param(audience)}, some));
      if (!rows) return std::unexpected(rows.error());
      TRY(take_found(*rows, found));
    }
    for (const auto object : some)
      for (const auto& one : found)
        if (one.object == object) out.push_back(one);
    objects = objects.subspan(some.size());
  }
  return out;
}

Result<std::vector<FoundPosting>> postings_of(Queries& db, const CollectionSeen& seen, const Tag& name) {
  std::vector<FoundPosting> out;
  for (const auto audience : seen.audiences()) {
    TRY(auto cursor, RunCursor::under(db, seen.collection().n, Part::Ties, tie_key(kNameTie, name, audience), RunOrder::OldestFirst, seen.tie_filters()));
    TRY(const auto objects, cursor.next(SIZE_MAX));
    TRY(const auto some, postings_of_objects(db, objects, audience));
    std::copy_if(some.begin(), some.end(), std::back_inserter(out), [&name](const FoundPosting& one) { return one.name == name; });
  }
  if (const auto first = std::min_element(out.begin(), out.end(), [](const auto& a, const auto& b) { return a.since < b.since; }); first != out.end())
    std::erase_if(out, [line = first->line](const auto& one) { return one.line != line; });
  std::sort(out.begin(), out.end(), [](const auto& a, const auto& b) { return a.date_added < b.date_added; });
  return out;
}

}  // namespace sluice::store
