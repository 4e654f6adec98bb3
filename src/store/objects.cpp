// Longer than other files because it is one idea: what is put, moved and deleted keeps the same rows in step, and each is told from all postings of an object.
#include "store/objects.h"

#include <algorithm>
#include <deque>
#include <map>
#include <set>

#include "base/fine_time.h"
#include "store/collection_stamp.h"
#include "store/lines.h"
#include "store/object_cells.h"
#include "store/reach.h"
#include "store/values.h"

namespace sluice::store {

namespace {

constexpr int kSpec21 = 2001;
constexpr Sql kBoundTo{"bound_to", "SELECT audience, line, since FROM bound_id WHERE collection = $1 AND name = $2"};
constexpr Sql kBind{"bind_id", "INSERT INTO bound_id (collection, name, audience, line, since) VALUES ($1, $2, $3, $4, $5) ON CONFLICT (collection, name, audience) DO NOTHING"};
constexpr Sql kMovePosting{"move_posting", "UPDATE posting SET date_added = $4 WHERE collection = $1 AND audience = $2 AND date_added = $3"};
constexpr Sql kMoveToAudience{"move_to_audience", "UPDATE posting SET audience = $4 WHERE collection = $1 AND audience = $2 AND date_added = $3"};
constexpr Sql kDropPosting{"drop_posting", "DELETE FROM posting WHERE collection = $1 AND audience = $2 AND date_added = $3"};
constexpr Sql kObjectRow{"object_row", "SELECT sealed, hash, body FROM object_version WHERE n = $1"};
constexpr Sql kObjectRows{"object_rows", "SELECT sealed, hash, body FROM object_version WHERE collection = $1 AND n BETWEEN $2 AND $3 ORDER BY n"};
constexpr Sql kLeaveHash{"leave_object_hash", "UPDATE object_version SET body = $2, ties = $3 WHERE n = $1"};
constexpr Sql kNewestObject{"newest_object", "SELECT MAX(n) FROM object_version"};
constexpr Sql kCollectionHead{"collection_head", "SELECT head FROM collection WHERE n = $1"};
constexpr Sql kSetCollectionHead{"set_collection_head", "UPDATE collection SET head = $2 WHERE n = $1"};
constexpr Bulk kObjects{"object_version", "n, collection, name, version_at, spec, created_at, hash, content, creator, sender, sealed, revoked, ties, body"};
constexpr Bulk kPostings{"posting", "collection, audience, date_added, object, name, type, spec, version_at, line, since, marks, plain"};
constexpr Bulk kDeliveries{"object_delivery", "organisation, object, at, channel", "ON CONFLICT (organisation, object) DO NOTHING"};
constexpr Sql kKeepStatus{"keep_intake_status", "INSERT INTO intake_status (id, owner, expires, body) VALUES ($1, $2, $3, $4)"};
constexpr Sql kKeptStatus{"kept_intake_status", "SELECT body FROM intake_status WHERE id = $1 AND owner = $2 AND expires > $3"};
constexpr Sql kDropStatuses{"drop_old_intake_statuses", "DELETE FROM intake_status WHERE expires <= $1"};


KeyedAhead keys_of(const Cells& cells, const Collection& collection, const NewObject& object) {
  KeyedAhead out{.collection = collection.n, .name = object_name(cells, object.id), .hash = hash_tag(cells, collection, object.hash)};
  // What two spellings of the same JSON have in common, of one object alone.
  out.content = content_tag(cells, collection, object.id, object.content == Hash{} ? object.hash : object.content);
  // created_by_ref; having none counts as well, since a version may change neither (STIX 2.1 §3.2).
  out.creator = cells.tag("object creator", object.id + "/" + object.creator);
  out.refs.reserve(object.refs.size());
  for (const auto& [kind, id] : object.refs) out.refs.push_back(object_name(cells, id));
  out.ties = ties_of(out, object);
  return out;
}

bool belongs_to(const std::vector<std::int64_t>& audiences, std::int64_t audience) { return std::binary_search(audiences.begin(), audiences.end(), audience); }

// ---- putting

HeldVersion as_held(const HeldRow& one) { return {one.date_added, one.version_at, one.spec, one.line, one.since}; }

// An object that is put: all of its postings, whose it is in each audience, and those that its sender may know of.
struct Touched {
  std::vector<HeldRow> all;
  std::vector<HeldLine> lines;                    // none of what was put aside
  std::vector<std::size_t> known;
  bool is_changed = false;

  const HeldLine* line_in(std::int64_t audience) const {
    const auto found = std::find_if(lines.begin(), lines.end(), [audience](const HeldLine& one) { return one.audience == audience; });
    return found == lines.end() ? nullptr : &*found;
  }
  void add_line(HeldLine line) {
    if (line_in(line.audience) == nullptr) lines.push_back(line);
  }
};

// What is put, one object after another: what each comes to is told from what is held, those before it included.
class Putting {
 public:
  Putting(Writing& writing, const CollectionSeen& seen) : writing_(writing), seen_(seen), line_(seen.collection().shared_ids ? kLineOfAll : line_number(seen.reader())) {}

  Result<std::vector<PutObject>> put(std::span<const PlacedObject> objects, Instant now);

 private:
  // In a deque, so that the bytes which rows are made of stay where they are.
  struct Row {
    const NewObject* object;
    const KeyedAhead* keyed;
    bool is_sealed;
    std::size_t i;
    std::int64_t type;
    Bytes made;                                   // its body, where it wasn't sealed ahead
    ByteView body() const { return made.empty() ? ByteView(keyed->cell) : ByteView(made); }
  };
  using Outcome = PutObject::Outcome;

  std::int64_t line_for(const NewObject& object) const { return object.is_everybodys ? kLineOfAll : line_; }
  Result<Touched*> touched(const Tag& name, const std::vector<HeldRow>* held);
  const KeyedAhead& keyed(const NewObject& object);
  Result<std::int64_t> audience(std::string_view name);
  Result<void> write();

  // What keeps it from being added, as far as the sender may know; else Added. `audience` becomes another one where it is put aside.
  Result<PutObject> judged(const Touched& touched, const NewObject& object, const Tag& content, const Tag& creator, std::int64_t& audience) {
    const auto is_same_version = [&](const HeldRow& one) { return !object.version_at || (one.version_at == *object.version_at && one.spec == object.spec); };
    for (const auto i : touched.known)
      if (const auto& one = touched.all[i]; is_same_version(one) && one.content == content) return PutObject{Outcome::AlreadyThere, one.object, object.version.empty() ? six_digits(instant_of_nanos(one.version_at)) : object.version};
    bool is_aside = false;
    const auto line = line_for(object);
    if (object.version_at) {
      const auto place = place_of_version(touched.lines, audience, line, seen_.audiences());
      if (place == Place::Refused) return PutObject{Outcome::OfAnother, 0, object.version};
      is_aside = place == Place::Apart;
      for (const auto i : touched.known)
        if (is_same_version(touched.all[i]) && touched.all[i].line == line) return PutObject{Outcome::Differs, touched.all[i].object, object.version};
      for (const auto i : touched.known)
        if (touched.all[i].line == line && touched.all[i].creator != creator) return PutObject{Outcome::OtherCreator, 0, object.version};
      // STIX 2.1 §3.6: created stays. Of 2.0, which says so too, it is let go: one in eight of the versions in vendors' reports that are about breaks it.
      for (const auto i : touched.known)
        if (const auto& one = touched.all[i]; one.line == line && one.spec == kSpec21 && object.spec == kSpec21 && one.created_at != object.created_at.value_or(0)) return PutObject{Outcome::OtherCreator, 0, object.version};
      // STIX 2.1 §3.2: what is revoked is so for good. A further version that says so too is taken: ATT&CK's releases have dozens.
      for (const auto i : touched.known)
        if (const auto& one = touched.all[i]; one.line == line && one.is_revoked && !object.is_revoked && one.version_at < *object.version_at) return PutObject{Outcome::AfterRevocation, 0, object.version};
    } else if (touched.line_in(audience) != nullptr) {
      // B3. What has no versions has only one content in an audience (TAXII 2.1 §3.4.1).
      for (const auto i : touched.known)
        if (touched.all[i].audience == audience) return PutObject{Outcome::Differs, touched.all[i].object, six_digits(instant_of_nanos(touched.all[i].version_at))};
      is_aside = true;
    }
    if (touched.known.size() >= kMostVersions) return PutObject{Outcome::TooMany, 0, object.version};
    if (is_aside) {
      TRY(audience, this->audience(kNobody));
    }
    return PutObject{};
  }

  Writing& writing_;
  const CollectionSeen& seen_;
  std::int64_t line_, nobody_ = 0, date_ = 0, n_ = 0;
  bool has_bound_ = false;
  std::optional<HeldNames> names_;
  std::map<Tag, Touched> held_;                   // of each object that is put, as it stands by now
  std::map<std::string, std::int64_t, std::less<>> audiences_, types_;
  std::deque<KeyedAhead> keyed_;                  // of those that came without
  std::deque<Row> rows_;
};

const KeyedAhead& Putting::keyed(const NewObject& object) {
  if (object.keyed && object.keyed->collection == seen_.collection().n) return *object.keyed;
  return keyed_.emplace_back(keys_of(writing_.cells(), seen_.collection(), object));
}

Result<Touched*> Putting::touched(const Tag& name, const std::vector<HeldRow>* held) {
  if (const auto found = held_.find(name); found != held_.end()) return &found->second;
  auto& tx = writing_.tx();
  const auto& collection = seen_.collection();
  Touched out;
  if (held != nullptr) {
    out.all = *held;
  } else {
    if (!names_) {
      TRY(names_, HeldNames::of(writing_, collection));
    }
    TRY(out.all, names_->postings(name));
  }
  if (has_bound_) {
    TRY(auto rows, tx.query(kBoundTo, collection.n, name));
    for (;;) {
      TRY(const bool more, rows.next());
      if (!more) break;
      out.add_line({rows.i64(0), rows.i64(1), rows.i64(2)});
    }
  }
  for (std::size_t i = 0; const auto& one : out.all) {
    if (one.audience != nobody_) out.add_line({one.audience, one.line, one.since});
    if (one.sender == seen_.reader() || belongs_to(seen_.audiences(), one.audience)) out.known.push_back(i);
    ++i;
  }
  return &held_.emplace(name, std::move(out)).first->second;
}

Result<std::int64_t> Putting::audience(std::string_view name) {
  if (const auto found = audiences_.find(name); found != audiences_.end()) return found->second;
  TRY(const auto number, audience_number(writing_, seen_.collection(), name));
  if (name == kNobody) nobody_ = number;
  audiences_.emplace(std::string(name), number);
  return number;
}

Result<std::vector<PutObject>> Putting::put(std::span<const PlacedObject> objects, Instant now) {
  auto& tx = writing_.tx();
  auto& store = writing_.store();
  const auto& cells = writing_.cells();
  const auto& collection = seen_.collection();
  TRY(const auto head, tx.number(kCollectionHead, collection.n));
  TRY(const auto newest, tx.number(kNewestObject));
  TRY(has_bound_, has_bound_ids(tx, collection));
  TRY(const auto nobody, known_audience(tx, cells, collection, kNobody));
  TRY(const auto key, store.streams().writing_key(tx, cells.tag("stream", stream_of_collection(collection.id))));
  date_ = std::max(head.value_or(0), now.micros - 1), n_ = newest.value_or(0), nobody_ = nobody.value_or(0);

  std::vector<PutObject> out;
  out.reserve(objects.size());
  for (const auto& placed : objects) {
    const auto& object = *placed.object;
    const auto& keyed = this->keyed(object);
    TRY(auto* const touched, this->touched(keyed.name, placed.held));
    TRY(auto audience, this->audience(placed.audience));
    TRY(auto judged, this->judged(*touched, object, keyed.content, keyed.creator, audience));
    if (judged.outcome != Outcome::Added) {
      out.push_back(std::move(judged));
      continue;
    }
    auto type = types_.find(object.type);
    if (type == types_.end()) type = types_.emplace(object.type, type_number(cells, object.type)).first;
    HeldRow mine{.date_added = ++date_, .audience = audience, .version_at = object.version_at.value_or(date_ * 1000), .object = ++n_, .spec = object.spec, .is_new = true};
    mine.line = object.version_at ? line_for(object) : -n_;   // B3
    mine.since = date_;
    if (const auto* line = touched->line_in(audience); line != nullptr && line->line == mine.line) mine.since = line->since;
    mine.content = keyed.content, mine.sender = seen_.reader(), mine.creator = keyed.creator, mine.is_revoked = object.is_revoked, mine.created_at = object.created_at.value_or(0);
    judged.object = n_, judged.version = object.version.empty() ? six_digits(Instant{date_}) : object.version;
    auto& row = rows_.emplace_back(Row{&object, &keyed, placed.is_sealed, touched->all.size(), type->second, {}});
    if (!placed.is_sealed || keyed.sealed_with != key.second || object.version.empty()) {
      const auto cell = cell_of(object.id, judged.version, object.hash, object.bytes);
      row.made = placed.is_sealed ? sealed_cell(cells, *key.second, key.first, keyed.hash, cell) : Bytes(bytes_of(cell).begin(), bytes_of(cell).end());
    }
    touched->all.push_back(mine);
    touched->known.push_back(touched->all.size() - 1);
    if (audience != nobody_) touched->add_line({audience, mine.line, mine.since});
    touched->is_changed = true;
    out.push_back(std::move(judged));
  }
  if (!rows_.empty()) TRY(write());
  return out;
}

Result<void> Putting::write() {
  auto& tx = writing_.tx();
  const auto& collection = seen_.collection();
  for (auto& [name, touched] : held_)
    if (touched.is_changed) mark(touched.all);
  Batch versions, postings;
  std::vector<Tied> ties;
  for (const auto& row : rows_) {
    const auto& keyed = *row.keyed;
    const auto& mine = held_.find(keyed.name)->second.all[row.i];
    versions.add(mine.object, collection.n, keyed.name, mine.version_at, mine.spec, mine.created_at, keyed.hash, mine.content, mine.creator, seen_.reader(), row.is_sealed, mine.is_revoked, keyed.ties, row.body());
    postings.add(collection.n, mine.audience, mine.date_added, mine.object, keyed.name, row.type, mine.spec, mine.version_at, mine.line, mine.since, marks_of(mine.is_last, mine.is_first), mine.is_plain);
    ties.push_back({mine.object, mine.audience, &keyed.name, keyed.ties});
  }
  TRY(tx.insert_many(kObjects, versions));
  TRY(tx.insert_many(kPostings, postings));
  TRY(put_ties(writing_, collection.n, ties));
  for (const auto& [name, touched] : held_)
    if (touched.is_changed) TRY(write_marks(tx, collection, name, touched.all));
  TRY(tx.run(kSetCollectionHead, collection.n, date_));
  return {};
}

// ---- deleting

// The parts of a collection's readers that meet different things of one object: whoever belongs to an organisation's audience or to none of them, reads for itself alone, as anybody, as a client of a member, or as a member.
Result<std::vector<std::vector<std::int64_t>>> readers_of(Writing& writing, const Collection& collection, std::span<const HeldRow> held) {
  std::optional<std::int64_t> general[6];
  for (std::size_t i = 0; const auto name : {kAllReaders, kRecipients, kMembers, kClients, kOthers, kNobody}) {
    TRY(general[i++], known_audience(writing.tx(), writing.cells(), collection, name));
  }
  std::set<std::int64_t> own;
  for (const auto& one : held)
    if (std::find(std::begin(general), std::end(general), one.audience) == std::end(general)) own.insert(one.audience);
  std::vector<std::vector<std::int64_t>> wide{{}}, out;
  for (const auto& steps : {std::vector<std::size_t>{0, 4}, {0, 1, 3}, {0, 1, 2}}) {     // any other reader, a client of a member, a member (reach.h)
    std::vector<std::int64_t> met;
    for (const auto step : steps)
      if (general[step]) met.push_back(*general[step]);
    if (!met.empty()) wide.push_back(std::move(met));
  }
  for (const auto& shared : wide) {
    if (!shared.empty()) out.push_back(shared);
    for (const auto one : own) out.push_back(shared), out.back().push_back(one);
  }
  for (auto& one : out) std::sort(one.begin(), one.end());
  return out;
}

std::vector<HeldVersion> met_by(std::span<const HeldRow> held, const std::vector<std::int64_t>& audiences) {
  std::vector<HeldVersion> out;
  for (const auto& one : held)
    if (belongs_to(audiences, one.audience)) out.push_back(as_held(one));
  return out;
}

// What becomes the newest for somebody who had another as that: by date. It lies behind who follows the collection, so it is posted anew.
std::set<std::int64_t> newest_by_loss(std::span<const HeldRow> before, std::span<const HeldRow> after, const std::vector<std::vector<std::int64_t>>& readers) {
  std::set<std::int64_t> out;
  for (const auto& audiences : readers) {
    const auto had = met_by(before, audiences), has = met_by(after, audiences);
    if (had.size() == has.size()) continue;
    for (const auto& specs : {std::vector<int>{}, {2000}, {2001}, {2000, 2001}}) {
      const auto then = chosen(had, {.specs = specs});
      for (const auto date : chosen(has, {.specs = specs}))
        if (!std::binary_search(then.begin(), then.end(), date)) out.insert(date);
    }
  }
  // The same version once more, where it was widened, goes along: the first posting counts (C1), and that would be the one left behind.
  for (const auto& one : after)
    if (!out.contains(one.date_added) && std::any_of(after.begin(), after.end(), [&](const HeldRow& other) { return out.contains(other.date_added) && other.line == one.line && other.version_at == one.version_at && other.spec == one.spec; }))
      out.insert(one.date_added);
  return out;
}

Result<Hash> hash_of_row(ObjectCells& cells, bool is_sealed, const Tag& tag, ByteView body) {
  TRY(const auto cell, cells.open(is_sealed, tag, body));
  TRY(const auto parts, cells.parts(cell, tag));
  return parts.hash;
}

}  // namespace

void key_ahead(Store& store, const Collection& collection, NewObject& object) {
  object.keyed = keys_of(store.cells(), collection, object);
  if (!object.is_sealed || object.version.empty()) return;      // what has no version is sealed with the date that it gets
  const auto key = store.streams().known_writing_key(store.cells().tag("stream", stream_of_collection(collection.id)));
  if (!key) return;
  object.keyed->cell = sealed_cell(store.cells(), *key->second, key->first, object.keyed->hash, cell_of(object.id, object.version, object.hash, object.bytes));
  object.keyed->sealed_with = key->second;
}

Result<std::vector<PutObject>> put_objects(Writing& writing, const CollectionSeen& seen, std::span<const PlacedObject> objects, Instant now) { return Putting(writing, seen).put(objects, now); }

Result<DeletedObjects> delete_object(Writing& writing, const CollectionSeen& seen, std::string_view id, const VersionsWanted& wanted, Instant now) {
  auto& tx = writing.tx();
  const auto& collection = seen.collection();
  const auto name = object_name(writing.cells(), id);
  TRY(const auto before, held_postings(tx, collection, name));
  const auto met = met_by(before, seen.audiences());
  if (met.empty()) return fail(ErrorKind::NotFound, "There is no such object here, or you have no access to it.");
  const auto picked = chosen(met, wanted);
  // The same version once more, in another of the viewer's audiences or from another sender, goes with it: a version that was deleted is not there (TAXII 2.1 §5.7). What has no versions goes whole.
  std::set<std::pair<std::int64_t, int>> gone;
  bool is_whole = false;
  for (const auto& one : met)
    if (std::binary_search(picked.begin(), picked.end(), one.date_added)) gone.emplace(one.version_at, one.spec), is_whole = is_whole || one.line < 0;
  std::set<std::int64_t> objects;
  for (const auto& one : before)
    if (belongs_to(seen.audiences(), one.audience) && (gone.contains({one.version_at, one.spec}) || (is_whole && one.line < 0))) objects.insert(one.object);
  auto after = before;
  std::erase_if(after, [&objects](const HeldRow& one) { return objects.contains(one.object); });

  DeletedObjects out{.versions = static_cast<std::int64_t>(gone.size())};
  if (objects.empty()) return out;
  TRY(const auto nobody, known_audience(tx, writing.cells(), collection, kNobody));
  std::vector<Untied> untied;
  for (const auto& one : before) {
    if (!objects.contains(one.object)) continue;
    TRY(tx.run(kDropPosting, collection.n, one.audience, one.date_added));
    untied.push_back({one.object, one.audience});
    const bool is_left = std::any_of(after.begin(), after.end(), [&one](const HeldRow& other) { return other.audience == one.audience; });
    if (!is_left && one.line > 0 && one.audience != nobody) TRY(tx.run(kBind, collection.n, name, one.audience, one.line, one.since));   // B1
  }
  TRY(drop_ties(writing, untied));
  TRY(const auto readers, readers_of(writing, collection, before));
  const auto anew = newest_by_loss(before, after, readers);
  mark(after);
  if (!anew.empty()) {
    TRY(const auto head, tx.number(kCollectionHead, collection.n));
    auto date = std::max(head.value_or(0), now.micros - 1);
    for (auto& one : after)
      if (anew.contains(one.date_added)) {
        TRY(tx.run(kMovePosting, collection.n, one.audience, one.date_added, ++date));
        one.date_added = date;
        out.audiences.push_back(one.audience);
      }
    out.head = date;
    TRY(tx.run(kSetCollectionHead, collection.n, date));
  }
  TRY(write_marks(tx, collection, name, after));
  TRY(forget_several(tx, collection, name, before, after));
  ObjectCells cells(writing.store(), tx, collection);
  TRY(const auto key, writing.store().streams().writing_key(tx, writing.cells().tag("stream", stream_of_collection(collection.id))));
  for (const auto object : objects) {
    bool is_sealed = false;
    Tag tag{};
    Bytes body;
    {
      TRY(const auto row, tx.one(kObjectRow, object));
      if (!row) return fail(ErrorKind::Unavailable, "An object's row is missing.", {}, {}, "corrupt");
      is_sealed = row->flag(0), tag = tag_in(row->bytes(1)), body = row->copy(2);
    }
    TRY(const auto hash, hash_of_row(cells, is_sealed, tag, body));
    const auto left = cell_of({}, {}, hash, {});
    TRY(tx.run(kLeaveHash, object, is_sealed ? sealed_cell(writing.cells(), *key.second, key.first, tag, left) : Bytes(bytes_of(left).begin(), bytes_of(left).end()), Bytes()));
    out.hashes.push_back(hash);
  }
  return out;
}

Result<void> move_postings(Writing& writing, const Collection& collection, std::string_view id, std::span<const MovedPosting> moved, Instant now) {
  auto& tx = writing.tx();
  const auto name = object_name(writing.cells(), id);
  TRY(const auto before, held_postings(tx, collection, name));
  std::vector<HeldRow> after;
  for (auto one : before) {
    const auto move = std::find_if(moved.begin(), moved.end(), [&one](const MovedPosting& other) { return other.audience == one.audience && other.date_added == one.date_added; });
    if (move == moved.end()) {
      after.push_back(one);
    } else if (!move->to) {
      TRY(tx.run(kDropPosting, collection.n, one.audience, one.date_added));
    } else {
      TRY(tx.run(kMoveToAudience, collection.n, one.audience, one.date_added, *move->to));
      one.audience = *move->to;
      after.push_back(one);
    }
  }
  TRY(const auto readers, readers_of(writing, collection, before));
  const auto anew = newest_by_loss(before, after, readers);
  mark(after);
  if (!anew.empty()) {
    TRY(const auto head, tx.number(kCollectionHead, collection.n));
    auto date = std::max(head.value_or(0), now.micros - 1);
    for (auto& one : after)
      if (anew.contains(one.date_added)) {
        TRY(tx.run(kMovePosting, collection.n, one.audience, one.date_added, ++date));
        one.date_added = date;
      }
    TRY(tx.run(kSetCollectionHead, collection.n, date));
  }
  TRY(write_marks(tx, collection, name, after));
  return forget_several(tx, collection, name, before, after);
}

Result<std::vector<Hash>> hashes_of_rows(Store& store, Queries& db, const Collection& collection, std::int64_t first, std::int64_t last) {
  struct Row { bool is_sealed; Tag tag; Bytes body; };
  std::vector<Row> found;
  TRY(auto rows, db.query(kObjectRows, collection.n, first, last));
  for (;;) {
    TRY(const bool more, rows.next());
    if (!more) break;
    found.push_back({rows.flag(0), tag_in(rows.bytes(1)), rows.copy(2)});
  }
  ObjectCells cells(store, db, collection);
  std::vector<Hash> out;
  for (const auto& row : found) {
    TRY(const auto hash, hash_of_row(cells, row.is_sealed, row.tag, row.body));
    out.push_back(hash);
  }
  return out;
}

Result<void> note_deliveries(Tx& tx, const Tag& organisation, std::span<const std::int64_t> objects, Instant now, int channel) {
  TRY(check_still_posted(tx, objects));
  Batch batch;
  for (const auto& object : objects) batch.add(organisation, object, now, channel);
  if (batch.rows() > 0) TRY(tx.insert_many(kDeliveries, batch));
  return {};
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
