#include <algorithm>
#include <deque>
#include <map>

#include "store/held.h"
#include "store/object_cells.h"
#include "store/objects.h"
#include "store/values.h"

namespace sluice::store {

namespace {

// ---- SQL. What a page reads of a posting; $1 is the reader's organisation.
#define SLUICE_POSTED_FROM "SELECT p.date_added, p.object, p.audience, p.name, p.type, p.spec, p.version_at, p.marks, o.sealed, o.hash, o.body, d.object, p.plain FROM "
#define SLUICE_POSTED_JOINS "JOIN object_version o ON o.n = p.object LEFT JOIN object_delivery d ON d.organisation = $1 AND d.object = p.object "
#define SLUICE_POSTED SLUICE_POSTED_FROM "posting p " SLUICE_POSTED_JOINS "WHERE p.collection = $2 "

// Each is a range of one index, in its order. Where that isn't the table's own, the range is taken from the index alone first: SQLite would rather go through the table and look at each row.
#define SLUICE_RANGE_OF(what) \
  SLUICE_POSTED_FROM "(SELECT date_added FROM posting WHERE collection = $2 AND audience = $3 AND " what " AND date_added > $4 ORDER BY date_added LIMIT $5) k JOIN posting p ON p.collection = $2 AND p.audience = $3 AND p.date_added = k.date_added " \
  SLUICE_POSTED_JOINS "ORDER BY p.date_added"
constexpr Sql kAllOf{"postings", SLUICE_POSTED "AND p.audience = $3 AND p.date_added > $4 ORDER BY p.date_added LIMIT $5"};
constexpr Sql kByMarks{"postings_by_marks", SLUICE_RANGE_OF("spec = $6 AND marks = $7")};
constexpr Sql kOfTypeByMarks{"postings_of_type_by_marks", SLUICE_RANGE_OF("type = $8 AND spec = $6 AND marks = $7")};
constexpr Sql kOfVersion{"postings_of_version", SLUICE_RANGE_OF("version_at = $6")};
constexpr Sql kPosted{"posting", SLUICE_POSTED "AND p.audience = $3 AND p.date_added = $4"};
#undef SLUICE_RANGE_OF
#undef SLUICE_POSTED_FROM
#undef SLUICE_POSTED_JOINS
#undef SLUICE_POSTED

constexpr Sql kHeldBy{"held_versions", "SELECT object, date_added, spec, version_at, type, line, since, name FROM posting "
                                       "WHERE object IN ($2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17) AND audience + 0 = $1"};   // "+ 0": by the object, as in values.cpp
constexpr Sql kIsInSeveral{"is_in_several", "SELECT 1 FROM several WHERE collection = $1 AND name = $2 AND audience = $3"};

constexpr std::size_t kMostBytesAhead = 4 << 20;  // what one source holds of rows that weren't taken yet
constexpr std::size_t kMostBytesOnPage = 16 << 20;
constexpr std::size_t kMostPickedKept = 100'000;
constexpr std::size_t kMostSources = 192;         // beyond: the audience's postings, row by row
constexpr int kEverySpec[] = {2000, 2001};

struct Posting {
  std::int64_t date_added = 0, object = 0, audience = 0, type = 0, version_at = 0;
  Tag name{};
  int spec = 0;
  bool is_last = false, is_first = false, is_plain = false, is_sealed = false, is_delivered = false;
  Tag hash{};
  Bytes body;
};

Posting posting_in(Rows& row) {
  return Posting{.date_added = row.i64(0), .object = row.i64(1), .audience = row.i64(2), .type = row.i64(4), .version_at = row.i64(6), .name = tag_in(row.bytes(3)), .spec = static_cast<int>(row.i64(5)),
                 .is_last = is_last_of(row.i64(7)), .is_first = is_first_of(row.i64(7)), .is_plain = row.flag(12), .is_sealed = row.flag(8), .is_delivered = !row.is_null(11), .hash = tag_in(row.bytes(9)), .body = row.copy(10)};
}

struct HeldByName { HeldVersion version; std::int64_t type = 0; };

// What an audience has of one object.
Result<std::vector<HeldByName>> held_by_name(Queries& db, const CollectionSeen& seen, const Tag& name, std::int64_t audience) {
  std::vector<HeldByName> out;
  TRY(auto cursor, RunCursor::under(db, seen.collection().n, Part::Ties, tie_key(kNameTie, name, audience), RunOrder::OldestFirst, seen.tie_filters()));
  for (;;) {
    TRY(const auto objects, cursor.next(kObjectsTogether));
    if (objects.empty()) return out;
    auto rows = db.query_with(kHeldBy, with_objects({Param(audience)}, objects));
    if (!rows) return std::unexpected(rows.error());
    for (;;) {
      TRY(const bool more, rows->next());
      if (!more) break;
      if (tag_in(rows->bytes(7)) == name) out.push_back({{rows->i64(1), rows->i64(3), static_cast<int>(rows->i64(2)), rows->i64(5), rows->i64(6)}, rows->i64(4)});
    }
    if (objects.size() < kObjectsTogether) return out;
  }
}

// One range of an index: what one audience was posted, of one type or version where that is asked. Read a few rows at a time.
class Source {
 public:
  Source(const Sql& sql, std::int64_t audience, std::vector<std::int64_t> keys, std::int64_t after) : sql_(&sql), audience_(audience), keys_(std::move(keys)), after_(after) {}

  // The next row, or nothing at the end.
  Result<const Posting*> peek(Queries& db, const CollectionSeen& seen, std::int64_t some) {
    if (ahead_.empty() && !is_at_end_) TRY(read_on(db, seen, some));
    return ahead_.empty() ? nullptr : &ahead_.front();
  }
  Posting take() {
    auto out = std::move(ahead_.front());
    ahead_.pop_front();
    return out;
  }

 private:
  Result<void> read_on(Queries& db, const CollectionSeen& seen, std::int64_t some) {
    std::vector<Param> params{Param(seen.reader()), Param(seen.collection().n), Param(audience_), Param(after_), Param(some)};
    params.insert(params.end(), keys_.begin(), keys_.end());
    auto rows = db.query_with(*sql_, params);
    if (!rows) return std::unexpected(rows.error());
    std::size_t bytes = 0;
    std::int64_t count = 0;
    for (;;) {
      TRY(const bool more, rows->next());
      if (!more) break;
      auto one = posting_in(*rows);
      after_ = one.date_added;
      bytes += one.body.size();
      ahead_.push_back(std::move(one));
      ++count;
      if (bytes > kMostBytesAhead) return {};
    }
    is_at_end_ = count < some;
    return {};
  }
  const Sql* sql_;
  std::int64_t audience_;
  std::vector<std::int64_t> keys_;                // of what is asked with equality: $6 and on
  std::int64_t after_;
  bool is_at_end_ = false;
  std::deque<Posting> ahead_;
};

class Pager {
 public:
  Pager(Store& store, Queries& db, const CollectionSeen& seen, const ObjectsWanted& wanted, Parts parts) : store_(store), db_(db), seen_(seen), wanted_(wanted), parts_(parts), cells_(store, db, seen.collection()) {
    for (const auto& type : wanted.types) types_.push_back(type_number(store.cells(), type));
  }

  Result<ObjectPage> page() { return wanted_.ids.empty() ? from_sources() : from_names(); }
  Result<ObjectPage> at(std::span<const PostingKey> keys) {
    ObjectPage out;
    for (const auto& key : keys) {
      if (!std::binary_search(seen_.audiences().begin(), seen_.audiences().end(), key.audience)) continue;
      std::optional<Posting> one;
      {
        TRY(auto row, db_.one(kPosted, seen_.reader(), seen_.collection().n, key.audience, key.date_added));
        if (!row) continue;
        one = posting_in(*row);
      }
      TRY(const bool taken, add(out, *std::move(one)));
      if (!taken) break;
    }
    return out;
  }

 private:
  // Few objects by name: what is picked is told from their rows alone, and the bodies of the page are read one by one.
  Result<ObjectPage> from_names() {
    struct Key { std::int64_t date_added, audience; };
    std::vector<Key> all;
    for (const auto& id : wanted_.ids) {
      const auto name = object_name(store_.cells(), id);
      std::vector<HeldVersion> held;
      std::vector<Key> keys;
      for (const auto audience : seen_.audiences()) {
        TRY(const auto all_held, held_by_name(db_, seen_, name, audience));
        for (const auto& [version, type] : all_held) {
          held.push_back(version);
          if (version.date_added > wanted_.after && has_type(type)) keys.push_back({version.date_added, audience});
        }
      }
      const auto picked = chosen(held, wanted_.versions);
      for (const auto& key : keys)
        if (std::binary_search(picked.begin(), picked.end(), key.date_added)) all.push_back(key);
    }
    std::sort(all.begin(), all.end(), [](const Key& a, const Key& b) { return a.date_added < b.date_added; });
    ObjectPage out;
    for (const auto& key : all) {
      if (is_full(out)) {
        out.more = true;
        break;
      }
      std::optional<Posting> one;
      {
        TRY(auto row, db_.one(kPosted, seen_.reader(), seen_.collection().n, key.audience, key.date_added));
        if (!row) continue;
        one = posting_in(*row);
      }                                           // the key may have to be asked for
      TRY(const bool taken, add(out, *std::move(one)));
      if (!taken) break;
      out.next_after = key.date_added;
    }
    return out;
  }

  Result<ObjectPage> from_sources() {
    auto sources = open_sources();
    ObjectPage out;
    if (sources.empty()) return out;
    // As many rows at a time as a page may need of one source, within reason.
    const auto some = std::clamp<std::int64_t>(wanted_.most / static_cast<std::int64_t>(sources.size()) + 8, 8, 256);
    for (;;) {
      Source* next = nullptr;
      std::int64_t date = INT64_MAX;
      for (auto& source : sources) {
        TRY(const auto* row, source.peek(db_, seen_, some));
        if (row != nullptr && row->date_added < date) date = row->date_added, next = &source;
      }
      if (next == nullptr) return out;
      if (looked_ >= wanted_.look) {
        out.more = true;                          // H3
        return out;
      }
      auto row = next->take();
      ++looked_;
      const bool is_new = date != out.next_after;  // a row may be in two ranges, by its marks and by its version
      if (is_new && has_type(row.type)) {
        TRY(const bool wanted, is_picked(row));
        if (wanted) {
          TRY(const bool taken, add(out, std::move(row)));
          if (!taken) return out;
        }
      }
      out.next_after = date;
    }
  }

  // Ranges that hold together at least what is picked, as narrow as indexes are; the rest is asked of each row.
  std::vector<Source> open_sources() const {
    const auto& versions = wanted_.versions;
    std::vector<std::int64_t> specs;
    for (const auto spec : kEverySpec)
      if (versions.specs.empty() || std::find(versions.specs.begin(), versions.specs.end(), spec) != versions.specs.end()) specs.push_back(spec);
    std::vector<Source> out;
    for (const auto audience : seen_.audiences()) {
      const auto add_marked = [&](auto&& is_wanted) {
        for (const auto spec : specs)
          for (std::int64_t marks = 0; marks < 4; ++marks) {
            if (!is_wanted(marks)) continue;
            if (types_.empty()) out.emplace_back(kByMarks, audience, std::vector{spec, marks}, wanted_.after);
            for (const auto type : types_) out.emplace_back(kOfTypeByMarks, audience, std::vector{spec, marks, type}, wanted_.after);
          }
      };
      if (versions.all) {
        if (types_.empty() && specs.size() == std::size(kEverySpec)) out.emplace_back(kAllOf, audience, std::vector<std::int64_t>{}, wanted_.after);
        else add_marked([](std::int64_t) { return true; });
        continue;
      }
      add_marked([&](std::int64_t marks) { return (versions.last && is_last_of(marks)) || (versions.first && is_first_of(marks)); });
      for (const auto version : versions.exact) out.emplace_back(kOfVersion, audience, std::vector{version}, wanted_.after);
    }
    if (out.size() > kMostSources) {
      out.clear();
      for (const auto audience : seen_.audiences()) out.emplace_back(kAllOf, audience, std::vector<std::int64_t>{}, wanted_.after);
    }
    return out;
  }

  bool has_type(std::int64_t type) const { return types_.empty() || std::find(types_.begin(), types_.end(), type) != types_.end(); }
  bool is_full(const ObjectPage& page) const { return static_cast<std::int64_t>(page.objects.size()) >= wanted_.most; }

  // A mark that is missing leaves nothing to be picked; one that is there speaks of one spec in one audience, so where there may be more, all postings that this reader meets are asked (H5).
  Result<bool> is_picked(const Posting& row) {
    const auto& versions = wanted_.versions;
    if (!versions.specs.empty() && std::find(versions.specs.begin(), versions.specs.end(), row.spec) == versions.specs.end()) return false;
    const bool may = versions.all || (versions.last && row.is_last) || (versions.first && row.is_first) || std::find(versions.exact.begin(), versions.exact.end(), row.version_at) != versions.exact.end();
    if (!may) return false;
    if (row.is_plain) {                           // then its marks tell, unless another audience of this reader has it too (held.h, G2)
      bool is_elsewhere = false;
      for (const auto audience : seen_.audiences()) {
        if (audience == row.audience) continue;
        TRY(const auto found, db_.number(kIsInSeveral, seen_.collection().n, row.name, audience));
        is_elsewhere = is_elsewhere || found;
      }
      if (!is_elsewhere) return true;
    }
    auto known = picked_.find(row.name);
    if (known == picked_.end()) {
      std::vector<HeldVersion> held;
      for (const auto audience : seen_.audiences()) {
        TRY(const auto all_held, held_by_name(db_, seen_, row.name, audience));
        for (const auto& one : all_held) held.push_back(one.version);
        looked_ += static_cast<std::int64_t>(all_held.size());
      }
      auto picked = chosen(held, versions);
      if (held_by_picked_ > kMostPickedKept) picked_.clear(), held_by_picked_ = 0;
      held_by_picked_ += picked.size() + 1;
      known = picked_.emplace(row.name, std::move(picked)).first;
    }
    return std::binary_search(known->second.begin(), known->second.end(), row.date_added);
  }

  // False: the page is full, and there is more.
  Result<bool> add(ObjectPage& page, Posting row) {
    if (is_full(page) || (!page.objects.empty() && bytes_ + row.body.size() > kMostBytesOnPage)) {
      page.more = true;
      return false;
    }
    TRY(const auto cell, cells_.open(row.is_sealed, row.hash, row.body));
    TRY(const auto parts, cells_.parts(cell, row.hash));
    if (parts.id.empty()) return fail(ErrorKind::Unavailable, "A deleted object stands where a page would show it.", {}, {}, "corrupt");
    PostedObject out{.date_added = row.date_added, .object = row.object, .id = std::string(parts.id), .version = std::string(parts.version), .spec = row.spec, .is_delivered = row.is_delivered};
    if (parts_ == Parts::Whole) out.bytes = std::string(parts.bytes);
    bytes_ += out.bytes.size();
    page.objects.push_back(std::move(out));
    return true;
  }

  Store& store_;
  Queries& db_;
  const CollectionSeen& seen_;
  const ObjectsWanted& wanted_;
  Parts parts_;
  ObjectCells cells_;
  std::vector<std::int64_t> types_;
  std::map<Tag, std::vector<std::int64_t>> picked_;  // of objects that were met on this page, so that many versions of one are not told apart anew each time
  std::size_t held_by_picked_ = 0;
  std::size_t bytes_ = 0;
  std::int64_t looked_ = 0;                       // rows, for this page
};

}  // namespace

Result<ObjectPage> page_of(Store& store, Db& db, const CollectionSeen& seen, const ObjectsWanted& wanted, Parts parts) {
  TRY(auto tx, db.begin(Mode::Read));
  return page_of(store, tx, seen, wanted, parts);
}

Result<ObjectPage> page_of(Store& store, Tx& tx, const CollectionSeen& seen, const ObjectsWanted& wanted, Parts parts) { return Pager(store, tx, seen, wanted, parts).page(); }

Result<ObjectPage> objects_at(Store& store, Queries& db, const CollectionSeen& seen, std::span<const PostingKey> keys, Parts parts) {
  const ObjectsWanted wanted{.most = static_cast<std::int64_t>(keys.size())};
  return Pager(store, db, seen, wanted, parts).at(keys);
}

Result<bool> has_object(Store& store, Queries& db, const CollectionSeen& seen, std::string_view id) {
  const auto name = object_name(store.cells(), id);
  for (const auto audience : seen.audiences()) {
    TRY(const auto held, held_by_name(db, seen, name, audience));
    if (!held.empty()) return true;
  }
  return false;
}

}  // namespace sluice::store
