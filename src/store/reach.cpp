#include "store/reach.h"

#include <algorithm>
#include <map>
#include <set>

#include "store/clients.h"
#include "store/lines.h"
#include "store/object_cells.h"
#include "store/objects.h"
#include "store/values.h"

namespace sluice::store {

namespace {

constexpr Sql kHasBoundIds{"has_bound_ids", "SELECT audience FROM bound_id WHERE collection = $1 LIMIT 1"};
constexpr Sql kWentTo{"bound_audiences", "SELECT audience FROM bound_id WHERE collection = $1 AND name = $2 AND line = $3"};
constexpr Sql kAllAudiences{"audiences_of_collection", "SELECT n FROM audience WHERE collection = $1 ORDER BY n"};
constexpr Sql kOwnAudience{"audience_beside_the_ladder", "SELECT n FROM audience WHERE collection = $1 AND n <> $2 AND n <> $3 AND n <> $4 LIMIT 1"};
// The same version once more, for others: what it is stays, when it came is new.
constexpr Sql kPostAnew{"post_anew",
                        "INSERT INTO posting (collection, audience, date_added, object, name, type, spec, version_at, line, since, marks, plain) "
                        "SELECT collection, $4, $5, object, name, type, spec, version_at, line, since, 0, 0 FROM posting WHERE collection = $1 AND audience = $2 AND date_added = $3"};
constexpr Sql kHeadBefore{"head_of_collection", "SELECT head FROM collection WHERE n = $1"};
constexpr Sql kMoveHead{"move_head_of_collection", "UPDATE collection SET head = $2 WHERE n = $1"};

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
  TRY(const auto held, held_postings(db, collection, object_name(cells, id)));
  return sent_versions(held, ladder, sender);
}

std::vector<SentVersion> sent_versions(std::span<const HeldRow> held, const Ladder& ladder, const Tag& sender) {
  std::vector<SentVersion> out;
  for (const auto& one : held)
    if (one.sender == sender)
      out.push_back({.object = one.object, .audience = one.audience, .date_added = one.date_added, .version_at = one.version_at, .spec = one.spec, .reach = ladder.reach_of(one.audience), .is_aside = ladder.is_nobodys(one.audience)});
  return out;
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

Result<bool> has_bound_ids(Queries& db, const Collection& collection) {
  TRY(const auto one, db.number(kHasBoundIds, collection.n));
  return one.has_value();
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
  out.tie_filters_ = &store_.run_filters().ties;
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
  std::int64_t date = std::max(head.value_or(0), now.micros - 1);
  std::vector<std::int64_t> gained;
  for (const auto& [object, from] : first) {                      // in the order in which they came
    if (far_enough.contains(object)) continue;
    TRY(tx.run(kPostAnew, collection.n, from->audience, from->date_added, audience, ++date));
    gained.push_back(object);
  }
  const auto count = static_cast<std::int64_t>(gained.size());
  if (count == 0) return 0;
  TRY(extend_ties(writing, gained, audience));
  TRY(tx.run(kMoveHead, collection.n, date));
  const auto name = object_name(writing.cells(), id);
  TRY(auto all, held_postings(tx, collection, name));
  mark(all);
  TRY(write_marks(tx, collection, name, all));
  return count;
}

Result<std::int64_t> draw_in(Writing& writing, const Collection& collection, std::string_view id, std::span<const SentVersion> versions, Reach to, OrganisationId sender, Instant now) {
  std::set<std::int64_t> near_enough;                             // met by those who may, already
  for (const auto& one : versions)
    if (one.reach == to) near_enough.insert(one.object);
  std::int64_t audience = 0;
  std::vector<MovedPosting> moved;
  std::vector<std::int64_t> gained;
  std::vector<Untied> gone;
  for (const auto& one : versions) {
    if (one.reach <= to) continue;
    if (audience == 0) {
      TRY(audience, audience_number(writing, collection, audience_at(to, sender)));
    }
    const bool is_gained = near_enough.insert(one.object).second;
    if (is_gained) gained.push_back(one.object);
    gone.push_back({one.object, one.audience});
    moved.push_back({one.audience, one.date_added, is_gained ? std::optional(audience) : std::nullopt});
  }
  TRY(drop_ties(writing, gone));
  if (!gained.empty()) TRY(extend_ties(writing, gained, audience));
  if (!moved.empty()) TRY(move_postings(writing, collection, id, moved, now));
  return static_cast<std::int64_t>(moved.size());
}

}  // namespace sluice::store
