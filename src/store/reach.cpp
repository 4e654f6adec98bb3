#include "store/reach.h"

#include <algorithm>
#include <map>
#include <set>

#include "store/clients.h"
#include "store/lines.h"
#include "store/object_cells.h"
#include "store/objects.h"

namespace sluice::store {

namespace {

constexpr Sql kSent{"sent_versions",
                    "SELECT p.object, p.audience, p.date_added, p.version_at, p.spec FROM posting p JOIN object_version o ON o.n = p.object WHERE p.collection = $1 AND p.name = $2 AND o.sender = $3 "
                    "ORDER BY p.date_added"};
constexpr Sql kWentTo{"bound_audiences", "SELECT audience FROM bound_id WHERE collection = $1 AND name = $2 AND line = $3"};
constexpr Sql kAllAudiences{"audiences_of_collection", "SELECT n FROM audience WHERE collection = $1 ORDER BY n"};
constexpr Sql kOwnAudience{"audience_beside_the_ladder", "SELECT n FROM audience WHERE collection = $1 AND n <> $2 AND n <> $3 AND n <> $4 LIMIT 1"};
// The same version once more, for others: what it is stays, when it came is new.
constexpr Sql kPostAnew{"post_anew",
                        "INSERT INTO posting (collection, audience, date_added, object, name, type, spec, version_at, line, since, is_last, is_first) "
                        "SELECT collection, $4, $5, object, name, type, spec, version_at, line, since, 0, 0 FROM posting WHERE collection = $1 AND audience = $2 AND date_added = $3"};
constexpr Sql kMarksOf{"marks_of_object", "SELECT audience, date_added, spec, version_at, is_last, is_first FROM posting WHERE collection = $1 AND name = $2"};
constexpr Sql kMarkAnew{"mark_anew", "UPDATE posting SET is_last = $4, is_first = $5 WHERE collection = $1 AND audience = $2 AND date_added = $3"};
constexpr Sql kHeadBefore{"head_of_collection", "SELECT head FROM collection WHERE n = $1"};
constexpr Sql kMoveHead{"move_head_of_collection", "UPDATE collection SET head = $2 WHERE n = $1"};
// What an object is found by is kept for each audience that meets it (migration 0008); its rows stand at object * 65536 and after.
constexpr Sql kTieValues{"tie_values_anew", "INSERT INTO value_tag (place, tag, audience, object) SELECT place + $5, tag, $4, object FROM value_tag WHERE place >= $1 AND place < $2 AND audience = $3"};
constexpr Sql kTieNetworks{"tie_networks_anew", "INSERT INTO network_tag (place, tag, audience, object) SELECT place + $5, tag, $4, object FROM network_tag WHERE place >= $1 AND place < $2 AND audience = $3"};
constexpr Sql kTieRefs{"tie_references_anew", "INSERT INTO object_ref (place, target, kind, audience, object) SELECT place + $5, target, kind, $4, object FROM object_ref WHERE place >= $1 AND place < $2 AND audience = $3"};
constexpr Sql kLastValue{"last_value_place", "SELECT MAX(place) FROM value_tag WHERE place >= $1 AND place < $2"};
constexpr Sql kLastNetwork{"last_network_place", "SELECT MAX(place) FROM network_tag WHERE place >= $1 AND place < $2"};
constexpr Sql kLastRef{"last_reference_place", "SELECT MAX(place) FROM object_ref WHERE place >= $1 AND place < $2"};
constexpr Sql kDropValues{"drop_values_of_audience", "DELETE FROM value_tag WHERE place >= $1 AND place < $2 AND audience = $3"};
constexpr Sql kDropNetworks{"drop_networks_of_audience", "DELETE FROM network_tag WHERE place >= $1 AND place < $2 AND audience = $3"};
constexpr Sql kDropRefs{"drop_references_of_audience", "DELETE FROM object_ref WHERE place >= $1 AND place < $2 AND audience = $3"};

constexpr std::int64_t kPlaces = 65'536;

struct Ties { const Sql *last, *copy, *drop; };
constexpr Ties kTies[] = {{&kLastValue, &kTieValues, &kDropValues}, {&kLastNetwork, &kTieNetworks, &kDropNetworks}, {&kLastRef, &kTieRefs, &kDropRefs}};

Result<void> tie_anew(Tx& tx, std::int64_t object, std::int64_t from, std::int64_t to) {
  const auto begin = object * kPlaces, end = begin + kPlaces;
  for (const auto& [last, copy, drop] : kTies) {
    TRY(const auto highest, tx.number(*last, begin, end));
    if (!highest) continue;
    const auto shift = *highest - begin + 1;
    if (2 * shift > kPlaces) continue;            // of one with more values than are kept, its first audience alone is found by them
    TRY(tx.run(*copy, begin, end, from, to, shift));
  }
  return {};
}

Result<void> untie(Tx& tx, std::int64_t object, std::int64_t audience) {
  for (const auto& one : kTies) TRY(tx.run(*one.drop, object * kPlaces, (object + 1) * kPlaces, audience));
  return {};
}

// is_last and is_first, told anew from all postings of one object (objects.cpp).
Result<void> mark_object(Tx& tx, const Collection& collection, const Tag& name) {
  struct Row { std::int64_t audience, date_added, version_at; int spec; bool is_last, is_first; };
  std::vector<Row> all;
  {
    TRY(auto rows, tx.query(kMarksOf, collection.n, name));
    for (;;) {
      TRY(const bool more, rows.next());
      if (!more) break;
      all.push_back({rows.i64(0), rows.i64(1), rows.i64(3), static_cast<int>(rows.i64(2)), rows.flag(4), rows.flag(5)});
    }
  }
  std::map<std::pair<std::int64_t, int>, std::pair<std::int64_t, std::int64_t>> ends;
  for (const auto& one : all) {
    const auto [found, is_new] = ends.try_emplace({one.audience, one.spec}, one.version_at, one.version_at);
    found->second = {std::min(found->second.first, one.version_at), std::max(found->second.second, one.version_at)};
  }
  for (const auto& one : all) {
    const auto& [oldest, newest] = ends.at({one.audience, one.spec});
    const bool is_last = one.version_at == newest, is_first = one.version_at == oldest;
    if (is_last != one.is_last || is_first != one.is_first) TRY(tx.run(kMarkAnew, collection.n, one.audience, one.date_added, is_last, is_first));
  }
  return {};
}

}  // namespace

std::string audience_at(Reach reach, OrganisationId sender) {
  switch (reach) {
    case Reach::AllReaders: return std::string(kAllReaders);
    case Reach::Recipients: return std::string(kRecipients);
    case Reach::Members: return std::string(kMembers);
    case Reach::Sender: break;
  }
  return audience_of(sender);
}

std::optional<Reach> reach_of_audience(std::string_view name) {
  if (name == kAllReaders) return Reach::AllReaders;
  if (name == kRecipients) return Reach::Recipients;
  if (name == kMembers) return Reach::Members;
  if (name.starts_with("org:")) return Reach::Sender;
  return std::nullopt;
}

Result<Ladder> Ladder::of(Queries& db, const Cells& cells, const Collection& collection) {
  Ladder out;
  for (const auto reach : {Reach::Members, Reach::Recipients, Reach::AllReaders}) {
    TRY(out.numbers_[static_cast<std::size_t>(reach)], known_audience(db, cells, collection, audience_at(reach, {})));
  }
  TRY(out.nobody_, known_audience(db, cells, collection, kNobody));
  TRY(const auto own, db.number(kOwnAudience, collection.n, out.numbers_[1].value_or(0), out.numbers_[2].value_or(0), out.numbers_[3].value_or(0)));
  out.has_own_ = own.has_value();
  return out;
}

Reach Ladder::reach_of(std::int64_t audience) const {
  for (const auto reach : {Reach::Members, Reach::Recipients, Reach::AllReaders})
    if (numbers_[static_cast<std::size_t>(reach)] == audience) return reach;
  return Reach::Sender;
}

bool Ladder::has_steps_below(Reach reach) const {
  bool out = has_own_ && reach > Reach::Sender;
  for (const auto one : {Reach::Members, Reach::Recipients, Reach::AllReaders}) out = out || (one < reach && numbers_[static_cast<std::size_t>(one)]);
  return out;
}

Result<std::vector<SentVersion>> sent_versions(Queries& db, const Cells& cells, const Collection& collection, const Ladder& ladder, const Tag& sender, std::string_view id) {
  std::vector<SentVersion> out;
  TRY(auto rows, db.query(kSent, collection.n, object_name(cells, id), sender));
  for (;;) {
    TRY(const bool more, rows.next());
    if (!more) return out;
    SentVersion one{.object = rows.i64(0), .audience = rows.i64(1), .date_added = rows.i64(2), .version_at = rows.i64(3), .spec = static_cast<int>(rows.i64(4))};
    one.reach = ladder.reach_of(one.audience), one.is_aside = ladder.is_nobodys(one.audience);
    out.push_back(one);
  }
}

std::optional<Reach> reach_of(std::span<const SentVersion> versions) {
  std::optional<Reach> out;
  std::int64_t newest = 0;
  for (const auto& one : versions) {
    if (one.is_aside || one.object < newest) continue;
    out = one.object == newest ? std::max(*out, one.reach) : one.reach;     // posted anew, it counts as far as it goes by now
    newest = one.object;
  }
  return out;
}

Result<std::optional<Reach>> reach_once(Queries& db, const Cells& cells, const Collection& collection, const Ladder& ladder, const Tag& sender, std::string_view id) {
  std::optional<Reach> out;
  TRY(auto rows, db.query(kWentTo, collection.n, object_name(cells, id), collection.shared_ids ? kLineOfAll : line_number(sender)));
  for (;;) {
    TRY(const bool more, rows.next());
    if (!more) return out;
    out = std::max(out.value_or(Reach::Sender), ladder.reach_of(rows.i64(0)));
  }
}

Result<Reach> step_of(Queries& db, Store& store, const Collection& collection, OrganisationId reader, access::OrganisationKind kind) {
  if (collection.is_member(reader, kind)) return Reach::Members;
  TRY(const auto all, serving(db, store.cells(), store.tag_of(reader)));
  for (const auto& one : all) {
    TRY(const auto row, organisation(db, store.cells(), one));
    if (row && collection.is_member(one, row->kind)) return Reach::Recipients;
  }
  return Reach::AllReaders;
}

Result<CollectionSeen> Sight::whole(Queries& db, Collection collection, OrganisationId as) const {
  if (viewer_.kind != access::Viewer::Kind::System) return fail(ErrorKind::NotFound, "There is no such collection, or you have no access to it.");
  CollectionSeen out;
  out.can_read_ = out.can_write_ = true;
  out.reader_ = store_.tag_of(as);
  TRY(auto rows, db.query(kAllAudiences, collection.n));
  for (;;) {
    TRY(const bool more, rows.next());
    if (!more) break;
    out.audiences_.push_back(rows.i64(0));
  }
  out.collection_ = std::move(collection);
  return out;
}

CollectionSeen CollectionSeen::within(const std::vector<std::int64_t>& audiences) const {
  auto out = *this;
  std::erase_if(out.audiences_, [&](std::int64_t one) { return std::find(audiences.begin(), audiences.end(), one) == audiences.end(); });
  return out;
}

Result<std::int64_t> post_anew(Writing& writing, const Collection& collection, std::string_view id, std::span<const SentVersion> versions, Reach to, OrganisationId sender, Instant now) {
  auto& tx = writing.tx();
  std::set<std::int64_t> far_enough;
  std::map<std::int64_t, const SentVersion*> first;               // of each object, the posting that is copied
  for (const auto& one : versions) {
    if (one.reach >= to) far_enough.insert(one.object);
    first.try_emplace(one.object, &one);
  }
  TRY(const auto audience, audience_number(writing, collection, audience_at(to, sender)));
  TRY(const auto head, tx.number(kHeadBefore, collection.n));
  std::int64_t date = std::max(head.value_or(0), now.micros - 1), count = 0;
  for (const auto& [object, from] : first) {                      // in the order in which they came
    if (far_enough.contains(object)) continue;
    TRY(tx.run(kPostAnew, collection.n, from->audience, from->date_added, audience, ++date));
    TRY(tie_anew(tx, object, from->audience, audience));
    ++count;
  }
  if (count == 0) return 0;
  TRY(tx.run(kMoveHead, collection.n, date));
  TRY(mark_object(tx, collection, object_name(writing.cells(), id)));
  return count;
}

Result<std::int64_t> draw_in(Writing& writing, const Collection& collection, std::string_view id, std::span<const SentVersion> versions, Reach to, OrganisationId sender, Instant now) {
  auto& tx = writing.tx();
  std::set<std::int64_t> near_enough;                             // met by those who may, already
  for (const auto& one : versions)
    if (one.reach == to) near_enough.insert(one.object);
  std::int64_t audience = 0;
  std::vector<MovedPosting> moved;
  for (const auto& one : versions) {
    if (one.reach <= to) continue;
    if (audience == 0) {
      TRY(audience, audience_number(writing, collection, audience_at(to, sender)));
    }
    const bool is_gained = near_enough.insert(one.object).second;
    if (is_gained) TRY(tie_anew(tx, one.object, one.audience, audience));
    TRY(untie(tx, one.object, one.audience));
    moved.push_back({one.audience, one.date_added, is_gained ? std::optional(audience) : std::nullopt});
  }
  if (!moved.empty()) TRY(move_postings(writing, collection, id, moved, now));
  return static_cast<std::int64_t>(moved.size());
}

}  // namespace sluice::store
