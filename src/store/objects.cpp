// Longer than other files because it is one idea: what is put into a collection and what a page takes out of it hold each other's rows, and are read together.
#include "store/objects.h"

#include <algorithm>
#include <deque>
#include <map>

#include "base/fine_time.h"

namespace sluice::store {

namespace {

// ---- SQL. What a page reads of a posting; $1 is the reader's organisation.
#define SLUICE_POSTED                                                                                                                                         \
  "SELECT p.date_added, p.object, p.audience, p.name, p.type, p.spec, p.version_at, p.is_last, p.is_first, o.sealed, o.hash, o.body, d.object "      \
  "FROM posting p JOIN object_version o ON o.n = p.object LEFT JOIN object_delivery d ON d.organisation = $1 AND d.object = p.object WHERE p.collection = $2 "

// Each is a range of one index, in its order.
constexpr Sql kAllOf{"postings", SLUICE_POSTED "AND p.audience = $3 AND p.date_added > $4 ORDER BY p.date_added LIMIT $5"};
constexpr Sql kLastOf{"postings_last", SLUICE_POSTED "AND p.audience = $3 AND p.is_last = 1 AND p.date_added > $4 ORDER BY p.date_added LIMIT $5"};
constexpr Sql kFirstOf{"postings_first", SLUICE_POSTED "AND p.audience = $3 AND p.is_first = 1 AND p.date_added > $4 ORDER BY p.date_added LIMIT $5"};
constexpr Sql kOfType{"postings_of_type", SLUICE_POSTED "AND p.audience = $3 AND p.type = $6 AND p.date_added > $4 ORDER BY p.date_added LIMIT $5"};
constexpr Sql kLastOfType{"postings_last_of_type", SLUICE_POSTED "AND p.audience = $3 AND p.type = $6 AND p.is_last = 1 AND p.date_added > $4 ORDER BY p.date_added LIMIT $5"};
constexpr Sql kOfVersion{"postings_of_version", SLUICE_POSTED "AND p.audience = $3 AND p.version_at = $6 AND p.date_added > $4 ORDER BY p.date_added LIMIT $5"};
constexpr Sql kPosted{"posting", SLUICE_POSTED "AND p.audience = $3 AND p.date_added = $4"};
#undef SLUICE_POSTED

constexpr Sql kHeld{"held_versions", "SELECT date_added, spec, version_at, type FROM posting WHERE collection = $1 AND name = $2 AND audience = $3 ORDER BY date_added"};
constexpr Sql kIsHeld{"is_held", "SELECT date_added FROM posting WHERE collection = $1 AND name = $2 AND audience = $3 ORDER BY date_added LIMIT 1"};
constexpr Sql kHeldToPut{"held_to_put",
                         "SELECT p.date_added, p.audience, p.spec, p.version_at, p.is_last, p.is_first, p.object, o.content, o.sender FROM posting p JOIN object_version o ON o.n = p.object "
                         "WHERE p.collection = $1 AND p.name = $2 ORDER BY p.date_added"};
constexpr Sql kMark{"mark_posting", "UPDATE posting SET is_last = $4, is_first = $5 WHERE collection = $1 AND audience = $2 AND date_added = $3"};
constexpr Sql kDropPosting{"drop_posting", "DELETE FROM posting WHERE collection = $1 AND audience = $2 AND date_added = $3"};
constexpr Sql kPostingsOf{"postings_of_version_row", "SELECT COUNT(*) FROM posting WHERE object = $1"};
constexpr Sql kDropBody{"drop_object_body", "UPDATE object_version SET body = NULL WHERE n = $1"};
constexpr Sql kDropTags{"drop_value_tags", "DELETE FROM value_tag WHERE object = $1"};
constexpr Sql kNewestObject{"newest_object", "SELECT MAX(n) FROM object_version"};
constexpr Sql kCollectionHead{"collection_head", "SELECT head FROM collection WHERE n = $1"};
constexpr Sql kSetCollectionHead{"set_collection_head", "UPDATE collection SET head = $2 WHERE n = $1"};
constexpr Bulk kObjects{"object_version", "n, collection, name, version_at, spec, hash, content, sender, sealed, body"};
constexpr Bulk kPostings{"posting", "collection, audience, date_added, object, name, type, spec, version_at, is_last, is_first"};
constexpr Bulk kDeliveries{"object_delivery", "organisation, object, at, channel", "ON CONFLICT (organisation, object) DO NOTHING"};
constexpr Sql kKeepStatus{"keep_intake_status", "INSERT INTO intake_status (id, owner, expires, body) VALUES ($1, $2, $3, $4)"};
constexpr Sql kKeptStatus{"kept_intake_status", "SELECT body FROM intake_status WHERE id = $1 AND owner = $2 AND expires > $3"};
constexpr Sql kDropStatuses{"drop_old_intake_statuses", "DELETE FROM intake_status WHERE expires <= $1"};

// ---- one cell: the id, the version as TAXII writes it, then the bytes, each of the first two with a line feed after it

std::string cell_of(std::string_view id, std::string_view version, std::string_view bytes) {
  std::string out;
  out.reserve(id.size() + version.size() + bytes.size() + 2);
  return out.append(id).append("\n").append(version).append("\n").append(bytes);
}

struct ObjectCell { std::string_view id, version, bytes; };

// Bytes that are not what their hash says are damage, sealed or not.
Result<ObjectCell> parts_of(std::string_view cell, const Hash& hash) {
  const auto first = cell.find('\n');
  const auto second = first == cell.npos ? cell.npos : cell.find('\n', first + 1);
  if (second == cell.npos || sha256(bytes_of(cell.substr(second + 1))) != hash) return fail(ErrorKind::Unavailable, "An object's cell is damaged.", {}, {}, "corrupt");
  return ObjectCell{cell.substr(0, first), cell.substr(first + 1, second - first - 1), cell.substr(second + 1)};
}

// Opens what a collection's key sealed; the key is asked for once.
class ObjectCells {
 public:
  ObjectCells(Store& store, Queries& db, const Collection& collection) : store_(store), db_(db), stream_(store.cells().tag("stream", stream_of_collection(collection.id))) {}
  Result<std::string> open(bool is_sealed, const Hash& hash, ByteView body) {
    if (!is_sealed) return std::string(text_of(body));
    TRY(const auto name, ledger::key_of(body));
    if (!key_ || name != name_) {
      TRY(key_, store_.streams().reading_key(db_, stream_, name));
      name_ = name;
    }
    const auto row = hex(hash);
    TRY(auto opened, ledger::open(*key_, {store_.cells().site(), "object_version", row, "body"}, body));
    return std::string(text_of(opened.reveal()));
  }

 private:
  Store& store_;
  Queries& db_;
  Tag stream_;
  ledger::KeyName name_;
  std::shared_ptr<const ledger::SecretKey> key_;
};

Tag object_name(const Cells& cells, std::string_view id) { return cells.tag("object", id); }

// A type as a number that nobody without the key can read.
std::int64_t type_number(const Cells& cells, std::string_view type) {
  const auto tag = cells.tag("object type", type);
  std::uint64_t out = 0;
  for (int i = 0; i < 8; ++i) out = out << 8 | tag[static_cast<std::size_t>(i)];
  return static_cast<std::int64_t>(out >> 1);
}

Tag tag_in(ByteView bytes) {
  Tag out{};
  std::copy_n(bytes.begin(), std::min(bytes.size(), out.size()), out.begin());
  return out;
}

// What two spellings of the same JSON have in common, of one object alone.
Tag content_of(const Cells& cells, const Collection& collection, const NewObject& object) {
  return cells.tag("object content", collection.id + "/" + object.id + "/" + hex(object.content == Hash{} ? object.hash : object.content));
}

bool belongs_to(const std::vector<std::int64_t>& audiences, std::int64_t audience) { return std::binary_search(audiences.begin(), audiences.end(), audience); }

// ---- putting

struct HeldToPut {
  std::int64_t date_added = 0, audience = 0, version_at = 0, object = 0;
  int spec = 0;
  bool is_last = false, is_first = false, is_new = false, is_marked_anew = false;
  Tag content{}, sender{};
};

// What the marks of an object's postings must be, told from all of them.
void mark(std::vector<HeldToPut>& held) {
  std::map<std::pair<std::int64_t, int>, std::pair<std::int64_t, std::int64_t>> ends;   // audience and spec -> oldest and newest
  for (const auto& one : held) {
    const auto [found, is_new] = ends.try_emplace({one.audience, one.spec}, one.version_at, one.version_at);
    found->second = {std::min(found->second.first, one.version_at), std::max(found->second.second, one.version_at)};
  }
  for (auto& one : held) {
    const auto& [oldest, newest] = ends.find({one.audience, one.spec})->second;
    const bool is_last = one.version_at == newest, is_first = one.version_at == oldest;
    one.is_marked_anew = one.is_marked_anew || one.is_last != is_last || one.is_first != is_first;
    one.is_last = is_last, one.is_first = is_first;
  }
}

// An object that is put: all of its postings, and by version those that its sender may know of.
struct Touched {
  std::vector<HeldToPut> all;
  std::vector<std::size_t> known;
  std::map<std::pair<std::int64_t, int>, std::vector<std::size_t>> known_by_version;
  bool is_changed = false;

  void know(std::size_t i) { known.push_back(i), known_by_version[{all[i].version_at, all[i].spec}].push_back(i); }
};

Result<std::vector<HeldToPut>> held_of(Queries& db, const Collection& collection, const Tag& name) {
  std::vector<HeldToPut> out;
  TRY(auto rows, db.query(kHeldToPut, collection.n, name));
  for (;;) {
    TRY(const bool more, rows.next());
    if (!more) return out;
    HeldToPut one{.date_added = rows.i64(0), .audience = rows.i64(1), .version_at = rows.i64(3), .object = rows.i64(6), .spec = static_cast<int>(rows.i64(2)), .is_last = rows.flag(4), .is_first = rows.flag(5)};
    one.content = tag_in(rows.bytes(7)), one.sender = tag_in(rows.bytes(8));
    out.push_back(one);
  }
}

Result<void> write_marks(Tx& tx, const Collection& collection, const std::vector<HeldToPut>& held) {
  for (const auto& one : held)
    if (one.is_marked_anew && !one.is_new) TRY(tx.run(kMark, collection.n, one.audience, one.date_added, one.is_last, one.is_first));
  return {};
}

}  // namespace

Result<std::vector<PutObject>> put_objects(Writing& writing, const CollectionSeen& seen, std::span<const NewObject> objects, Instant now) {
  auto& tx = writing.tx();
  auto& store = writing.store();
  const auto& collection = seen.collection();
  TRY(const auto head, tx.number(kCollectionHead, collection.n));
  TRY(const auto newest, tx.number(kNewestObject));
  TRY(const auto key, store.streams().writing_key(tx, writing.cells().tag("stream", stream_of_collection(collection.id))));
  std::int64_t date = std::max(head.value_or(0), now.micros - 1), n = newest.value_or(0);

  // What is new, with the texts and bytes that rows are made of; a deque, so that they stay where they are.
  struct Row { const NewObject* object; Tag name; std::size_t i; std::int64_t n, audience, type; Bytes body; };
  std::deque<Row> rows;
  std::map<Tag, Touched> held;                    // of each object that is put, as it stands by now
  std::map<std::string, std::int64_t, std::less<>> audiences, types;
  std::vector<PutObject> out;
  out.reserve(objects.size());
  for (const auto& object : objects) {
    const auto name = object_name(writing.cells(), object.id);
    auto found = held.find(name);
    if (found == held.end()) {
      TRY(auto before, held_of(tx, collection, name));
      found = held.emplace(name, Touched{.all = std::move(before)}).first;
      for (std::size_t i = 0; const auto& one : found->second.all) {
        if (one.sender == seen.reader() || belongs_to(seen.audiences(), one.audience)) found->second.know(i);
        ++i;
      }
    }
    auto audience = audiences.find(object.audience);
    if (audience == audiences.end()) {
      TRY(const auto number, audience_number(writing, collection, object.audience));
      audience = audiences.emplace(object.audience, number).first;
    }
    // The same version, as far as the sender can know of it. One without a version has only one (TAXII 2.1 §3.4.1).
    auto& touched = found->second;
    const auto content = content_of(writing.cells(), collection, object);
    const auto of_version = object.version_at ? touched.known_by_version.find({*object.version_at, object.spec}) : touched.known_by_version.end();
    const auto same = !object.version_at ? std::span<const std::size_t>(touched.known) : of_version == touched.known_by_version.end() ? std::span<const std::size_t>() : std::span<const std::size_t>(of_version->second);
    if (!same.empty()) {
      const auto equal = std::find_if(same.begin(), same.end(), [&](std::size_t i) { return touched.all[i].content == content; });
      const auto& one = touched.all[equal == same.end() ? same.front() : *equal];
      out.push_back({equal == same.end() ? PutObject::Outcome::Differs : PutObject::Outcome::AlreadyThere, one.object, object.version.empty() ? six_digits(instant_of_nanos(one.version_at)) : object.version});
      continue;
    }
    if (touched.all.size() >= kMostVersions) {
      out.push_back({PutObject::Outcome::TooMany, 0, object.version});
      continue;
    }
    auto type = types.find(object.type);
    if (type == types.end()) type = types.emplace(object.type, type_number(writing.cells(), object.type)).first;
    HeldToPut mine{.date_added = ++date, .audience = audience->second, .version_at = object.version_at.value_or(date * 1000), .object = ++n, .spec = object.spec, .is_new = true};
    mine.content = content, mine.sender = seen.reader();
    auto version = object.version.empty() ? six_digits(Instant{date}) : object.version;
    const auto cell = cell_of(object.id, version, object.bytes);
    const auto row = hex(object.hash);
    rows.push_back({&object, name, touched.all.size(), n, audience->second, type->second,
                    object.is_sealed ? ledger::seal(*key.second, key.first, {writing.cells().site(), "object_version", row, "body"}, bytes_of(cell), system_random()) : Bytes(bytes_of(cell).begin(), bytes_of(cell).end())});
    touched.all.push_back(mine);
    touched.know(touched.all.size() - 1);
    touched.is_changed = true;
    out.push_back({PutObject::Outcome::Added, n, std::move(version)});
  }
  if (rows.empty()) return out;

  for (auto& [name, touched] : held)
    if (touched.is_changed) mark(touched.all);
  Batch versions, postings;
  for (const auto& row : rows) {
    const auto& mine = held.find(row.name)->second.all[row.i];
    versions.add(row.n, collection.n, row.name, mine.version_at, row.object->spec, row.object->hash, mine.content, seen.reader(), row.object->is_sealed, row.body);
    postings.add(collection.n, row.audience, mine.date_added, row.n, row.name, row.type, row.object->spec, mine.version_at, mine.is_last, mine.is_first);
  }
  TRY(tx.insert_many(kObjects, versions));
  TRY(tx.insert_many(kPostings, postings));
  for (const auto& [name, touched] : held) TRY(write_marks(tx, collection, touched.all));
  TRY(tx.run(kSetCollectionHead, collection.n, date));
  return out;
}

Result<std::int64_t> delete_object(Writing& writing, const CollectionSeen& seen, std::string_view id, const VersionsWanted& wanted) {
  auto& tx = writing.tx();
  const auto& collection = seen.collection();
  TRY(auto held, held_of(tx, collection, object_name(writing.cells(), id)));
  std::vector<HeldVersion> met;
  for (const auto& one : held)
    if (belongs_to(seen.audiences(), one.audience)) met.push_back({one.date_added, one.version_at, one.spec});
  if (met.empty()) return fail(ErrorKind::NotFound, "There is no such object here, or you have no access to it.");
  const auto picked = chosen(met, wanted);
  // The same version once more, in another of the viewer's audiences or from another sender, goes with it: a version that was deleted is not there (TAXII 2.1 §5.7).
  std::vector<std::pair<std::int64_t, int>> gone;
  for (const auto& one : met)
    if (std::find(picked.begin(), picked.end(), one.date_added) != picked.end()) gone.emplace_back(one.version_at, one.spec);
  std::vector<std::int64_t> objects;
  for (const auto& one : held)
    if (belongs_to(seen.audiences(), one.audience) && std::find(gone.begin(), gone.end(), std::pair(one.version_at, one.spec)) != gone.end()) objects.push_back(one.object);
  for (const auto& one : held)
    if (std::find(objects.begin(), objects.end(), one.object) != objects.end()) TRY(tx.run(kDropPosting, collection.n, one.audience, one.date_added));
  std::erase_if(held, [&objects](const HeldToPut& one) { return std::find(objects.begin(), objects.end(), one.object) != objects.end(); });
  mark(held);
  TRY(write_marks(tx, collection, held));
  for (const auto object : objects) {
    TRY(const auto left, tx.number(kPostingsOf, object));
    if (left.value_or(0) > 0) continue;
    TRY(tx.run(kDropTags, object));
    TRY(tx.run(kDropBody, object));
  }
  return static_cast<std::int64_t>(gone.size());
}

Result<void> note_deliveries(Tx& tx, const Tag& organisation, std::span<const std::int64_t> objects, Instant now, int channel) {
  Batch batch;
  for (const auto& object : objects) batch.add(organisation, object, now, channel);
  if (batch.rows() > 0) TRY(tx.insert_many(kDeliveries, batch));
  return {};
}

// ---- paging

namespace {

constexpr std::size_t kMostBytesAhead = 4 << 20;  // what one source holds of rows that weren't taken yet
constexpr std::size_t kMostBytesOnPage = 32 << 20;
constexpr std::size_t kMostPickedKept = 100'000;

struct Posting {
  std::int64_t date_added = 0, object = 0, audience = 0, type = 0, version_at = 0;
  Tag name{};
  int spec = 0;
  bool is_last = false, is_first = false, is_sealed = false, is_delivered = false;
  Hash hash{};
  Bytes body;
};

Result<Posting> posting_in(Rows& row) {
  Posting out{.date_added = row.i64(0), .object = row.i64(1), .audience = row.i64(2), .type = row.i64(4), .version_at = row.i64(6), .name = tag_in(row.bytes(3)), .spec = static_cast<int>(row.i64(5)),
              .is_last = row.flag(7), .is_first = row.flag(8), .is_sealed = row.flag(9), .is_delivered = !row.is_null(12)};
  TRY(out.hash, row.hash(10));
  out.body = row.copy(11);
  return out;
}

// One range of an index: what one audience was posted, of one type or version where that is asked. Read a few rows at a time.
class Source {
 public:
  Source(const Sql& sql, std::int64_t audience, std::optional<std::int64_t> key, std::int64_t after) : sql_(&sql), audience_(audience), key_(key), after_(after) {}

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
    auto rows = key_ ? db.query(*sql_, seen.reader(), seen.collection().n, audience_, after_, some, *key_) : db.query(*sql_, seen.reader(), seen.collection().n, audience_, after_, some);
    if (!rows) return std::unexpected(rows.error());
    std::size_t bytes = 0;
    std::int64_t count = 0;
    for (;;) {
      TRY(const bool more, rows->next());
      if (!more) break;
      TRY(auto one, posting_in(*rows));
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
  std::optional<std::int64_t> key_;
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
        TRY(auto rows, db_.query(kHeld, seen_.collection().n, name, audience));
        for (;;) {
          TRY(const bool more, rows.next());
          if (!more) break;
          held.push_back({rows.i64(0), rows.i64(2), static_cast<int>(rows.i64(1))});
          if (rows.i64(0) > wanted_.after && has_type(rows.i64(3))) keys.push_back({rows.i64(0), audience});
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
        TRY(one, posting_in(*row));
      }                                           // the key may have to be asked for
      TRY(const bool taken, add(out, *std::move(one)));
      if (!taken) break;
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
      auto row = next->take();
      if (!has_type(row.type)) continue;
      TRY(const bool wanted, is_picked(row));
      if (!wanted) continue;
      TRY(const bool taken, add(out, std::move(row)));
      if (!taken) return out;
    }
  }

  // What narrows most leads; the rest is asked of each row.
  std::vector<Source> open_sources() const {
    const auto& versions = wanted_.versions;
    const bool is_last_alone = versions.last && !versions.first && !versions.all && versions.exact.empty();
    const bool is_first_alone = versions.first && !versions.last && !versions.all && versions.exact.empty();
    const bool is_exact_alone = !versions.exact.empty() && !versions.first && !versions.last && !versions.all;
    std::vector<Source> out;
    for (const auto audience : seen_.audiences()) {
      if (is_exact_alone) {
        for (const auto version : versions.exact) out.emplace_back(kOfVersion, audience, version, wanted_.after);
      } else if (!types_.empty()) {
        for (const auto type : types_) out.emplace_back(is_last_alone ? kLastOfType : kOfType, audience, type, wanted_.after);
      } else {
        out.emplace_back(is_last_alone ? kLastOf : is_first_alone ? kFirstOf : kAllOf, audience, std::nullopt, wanted_.after);
      }
    }
    return out;
  }

  bool has_type(std::int64_t type) const { return types_.empty() || std::find(types_.begin(), types_.end(), type) != types_.end(); }
  bool is_full(const ObjectPage& page) const { return static_cast<std::int64_t>(page.objects.size()) >= wanted_.most; }

  // A mark that is missing leaves nothing to be picked; one that is there speaks of one spec in one audience, so all postings that this reader meets are asked, always (H5).
  Result<bool> is_picked(const Posting& row) {
    const auto& versions = wanted_.versions;
    if (!versions.specs.empty() && std::find(versions.specs.begin(), versions.specs.end(), row.spec) == versions.specs.end()) return false;
    const bool may = versions.all || (versions.last && row.is_last) || (versions.first && row.is_first) || std::find(versions.exact.begin(), versions.exact.end(), row.version_at) != versions.exact.end();
    if (!may) return false;
    auto known = picked_.find(row.name);
    if (known == picked_.end()) {
      std::vector<HeldVersion> held;
      for (const auto audience : seen_.audiences()) {
        TRY(auto rows, db_.query(kHeld, seen_.collection().n, row.name, audience));
        for (;;) {
          TRY(const bool more, rows.next());
          if (!more) break;
          held.push_back({rows.i64(0), rows.i64(2), static_cast<int>(rows.i64(1))});
        }
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
    TRY(const auto parts, parts_of(cell, row.hash));
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
};

}  // namespace

Result<ObjectPage> page_of(Store& store, Db& db, const CollectionSeen& seen, const ObjectsWanted& wanted, Parts parts) {
  TRY(auto tx, db.begin(Mode::Read));
  return page_of(store, tx, seen, wanted, parts);
}

Result<ObjectPage> page_of(Store& store, Tx& tx, const CollectionSeen& seen, const ObjectsWanted& wanted, Parts parts) {
  TRY(auto page, Pager(store, tx, seen, wanted, parts).page());
  if (!page.objects.empty()) page.next_after = page.objects.back().date_added;
  return page;
}

Result<bool> has_object(Store& store, Queries& db, const CollectionSeen& seen, std::string_view id) {
  const auto name = object_name(store.cells(), id);
  for (const auto audience : seen.audiences()) {
    TRY(const auto held, db.number(kIsHeld, seen.collection().n, name, audience));
    if (held) return true;
  }
  return false;
}

// ---- statuses

Result<void> keep_status(Tx& tx, const Cells& cells, std::string_view id, const Tag& owner, Instant expires, std::string_view body) {
  TRY(tx.run(kKeepStatus, id, owner, expires, cells.seal("intake_status", id, "body", body)));
  return {};
}

Result<std::optional<std::string>> kept_status(Queries& db, const Cells& cells, std::string_view id, const Tag& owner, Instant now) {
  TRY(const auto row, db.one(kKeptStatus, id, owner, now));
  if (!row) return std::optional<std::string>{};
  TRY(auto body, cells.open("intake_status", id, "body", row->bytes(0)));
  return std::optional(std::move(body));
}

Result<void> drop_old_statuses(Tx& tx, Instant now) {
  TRY(tx.run(kDropStatuses, now));
  return {};
}

}  // namespace sluice::store
