#include "service/marked_put.h"

#include <algorithm>
#include <deque>
#include <map>
#include <numeric>
#include <unordered_set>

#include "service/collections.h"
#include "service/recalls.h"
#include "service/threat_intake.h"
#include "store/clients.h"
#include "store/values.h"

namespace sluice::service {

namespace {

// Who of those that fetched it may read no further than `reach`.
Result<std::vector<store::Fetched>> left_behind(Services& services, store::Queries& db, const store::Collection& collection, std::vector<store::Fetched> had, store::Reach reach) {
  TRY(const auto rows, services.directory->rows(services.store, services.clock.monotonic()));
  std::map<store::Tag, store::Reach> stands;
  for (const auto& [id, row] : *rows) {
    const auto tag = services.store.tag_of(id);
    if (std::none_of(had.begin(), had.end(), [&](const store::Fetched& one) { return one.organisation == tag; })) continue;
    TRY(const auto step, store::step_of(db, services.store, collection, id, row.kind));
    stands.emplace(tag, step);
  }
  std::erase_if(had, [&](const store::Fetched& one) {
    const auto found = stands.find(one.organisation);
    return found != stands.end() && found->second <= reach;
  });
  return had;
}

class PuttingAsMarked {
 public:
  PuttingAsMarked(Unit& unit, Services& services, const Asker& asker, const store::CollectionSeen& seen) : unit_(unit), services_(services), asker_(asker), seen_(seen), collection_(seen.collection()) {}

  Result<std::vector<store::PutObject>> put(std::span<const MarkedObject> objects) {
    TRY(ladder_, store::Ladder::of(tx(), services_.cells(), collection_));
    is_even_ = !ladder_.has_steps_below(store::Reach::AllReaders) && std::all_of(objects.begin(), objects.end(), [](const MarkedObject& one) { return one.reach == store::Reach::AllReaders; });
    std::vector<store::PutObject> out(objects.size());
    std::vector<std::size_t> left(objects.size());
    std::iota(left.begin(), left.end(), 0);
    TRY(has_bound_ids_, store::has_bound_ids(tx(), collection_));
    while (!left.empty()) {                       // of one object a version at a time, since the one before says how far the next may go
      std::vector<std::size_t> now, later;
      std::unordered_set<std::string_view> ids;
      for (const auto i : left) (is_even_ || ids.insert(objects[i].object->id).second ? now : later).push_back(i);
      TRY(put_once(objects, now, out));
      left = std::move(later);
    }
    if (!copies_.empty()) TRY(put_copies());      // after all others, so that the rows of these stand together
    return out;
  }

 private:
  store::Tx& tx() { return unit_.writing().tx(); }

  Result<void> put_once(std::span<const MarkedObject> objects, const std::vector<std::size_t>& which, std::vector<store::PutObject>& out) {
    std::vector<store::PlacedObject> fit;
    std::deque<std::vector<store::HeldRow>> held;             // of each of them, where it was asked for
    std::vector<std::size_t> places;
    std::vector<std::optional<store::Reach>> before;
    TRY(const auto names, store::HeldNames::of(unit_.writing(), collection_));
    for (const auto i : which) {
      const auto& one = objects[i];
      store::PlacedObject placed{.object = one.object, .audience = {}, .is_sealed = one.object->is_sealed};
      std::optional<store::Reach> so_far;
      if (!is_even_) {                            // else nothing can be wider or narrower than it was
        auto& all = held.emplace_back();
        TRY(all, names.postings(name_of(*one.object)));
        placed.held = &all;
        TRY(so_far, reach_before(one, all));
      }
      auto reach = one.reach;
      if (so_far && reach > *so_far) {
        if (!one.is_revoked && !one.is_held) {
          out[i] = {store::PutObject::Outcome::Wider, 0, one.object->version};
          continue;
        }
        reach = *so_far;
      }
      if (reach < one.reach) placed.is_sealed = true;
      placed.audience = store::audience_at(reach, *asker_.viewer.organisation);
      fit.push_back(std::move(placed));
      places.push_back(i);
      before.push_back(so_far);
    }
    TRY(auto put, store::put_objects(unit_.writing(), seen_, fit, unit_.now()));
    if (!is_even_) {                              // a step that nobody had been posted to before has a number now
      TRY(ladder_, store::Ladder::of(tx(), services_.cells(), collection_));
    }
    for (std::size_t n = 0; n < put.size(); ++n) {
      const auto& one = objects[places[n]];
      out[places[n]] = std::move(put[n]);
      if (out[places[n]].outcome != store::PutObject::Outcome::Added) continue;
      TRY(follow(one, before[n]));
      if (one.copies != nullptr)
        for (const auto& copy : one.copies->all) copies_.push_back({.object = &copy.object, .audience = copy.audience, .is_sealed = copy.object.is_sealed});
    }
    return {};
  }

  store::Tag name_of(const store::NewObject& object) const { return object.keyed && object.keyed->collection == collection_.n ? object.keyed->name : store::name_of_object(services_.cells(), object.id); }

  Result<std::optional<store::Reach>> reach_before(const MarkedObject& one, std::span<const store::HeldRow> held) {
    if (one.object->version.empty()) return std::optional<store::Reach>{};      // what has no version is put once
    const auto sent = store::sent_versions(held, ladder_, seen_.reader());
    // This very version: it is there already, or its content differs, whatever its marking says.
    if (std::any_of(sent.begin(), sent.end(), [&](const store::SentVersion& other) { return other.version_at == one.object->version_at && other.spec == one.object->spec; })) return std::optional<store::Reach>{};
    if (const auto reach = store::reach_of(sent)) return reach;
    if (!has_bound_ids_) return std::optional<store::Reach>{};
    return store::reach_once(tx(), services_.cells(), collection_, ladder_, seen_.reader(), one.object->id);
  }

  // What the version that was just put means for those before it, for copies, and for those who fetched any.
  Result<void> follow(const MarkedObject& one, std::optional<store::Reach> before) {
    const bool offers = from_word<Redacted>(collection_.redacted).value_or(Redacted::Withheld) != Redacted::Withheld;
    if (one.is_revoked) {
      const std::string reason = "Its sender revoked it.";
      TRY(auto had, store::fetched(tx(), services_.cells(), collection_, one.object->id));
      TRY(call_back(unit_, services_, asker_, collection_, {.object = one.object->id, .collection = {}, .kind = store::RecallKind::Revoked, .reason = reason, .instead = {}}, seen_.reader(), std::move(had)));
      if (offers) TRY(tell_of_copies(one.object->id, reason));
    }
    if (!before) return {};
    if (one.reach < *before) {
      TRY(auto had, store::fetched(tx(), services_.cells(), collection_, one.object->id));
      TRY(const auto sent, store::sent_versions(tx(), services_.cells(), collection_, ladder_, seen_.reader(), one.object->id));
      TRY(store::draw_in(unit_.writing(), collection_, one.object->id, sent, one.reach, *asker_.viewer.organisation, unit_.now()));
      TRY(auto told, left_behind(services_, tx(), collection_, std::move(had), one.reach));
      TRY(call_back(unit_, services_, asker_, collection_,
                    {.object = one.object->id, .collection = {}, .kind = store::RecallKind::Narrowed, .reason = "Its sender marked it stricter, and your organisation may not have it any more.", .instead = {}}, seen_.reader(), std::move(told)));
    }
    if (!offers || one.copies == nullptr || one.copies->beyond.empty()) return {};
    const auto all = copy_ids(services_, one.object->id);
    std::vector<CopyIds> gone;
    for (const auto reach : one.copies->beyond) gone.push_back(all[static_cast<std::size_t>(reach) - static_cast<std::size_t>(store::Reach::Members)]);
    return drop_copies(unit_, services_, asker_, collection_, one.object->id, gone, store::RecallKind::Narrowed, "What it was made of is marked stricter.");
  }

  // The copy's own revoked version follows; here those are told who fetched one before.
  Result<void> tell_of_copies(std::string_view original, const std::string& reason) {
    const auto site = services_.store.tag_of(services_.site.file.organisation);
    for (const auto& [id, origin] : copy_ids(services_, original)) {
      TRY(auto had, store::fetched(tx(), services_.cells(), collection_, id));
      TRY(call_back(unit_, services_, asker_, collection_, {.object = id, .collection = {}, .kind = store::RecallKind::Revoked, .reason = reason, .instead = std::string(original)}, site, std::move(had)));
    }
    return {};
  }

  Result<void> put_copies() {
    TRY(const auto whole, services_.store.as(access::Viewer::system()).whole(tx(), collection_, services_.site.file.organisation));
    TRY(const auto put, store::put_objects(unit_.writing(), whole, copies_, unit_.now()));
    std::vector<Hash> hashes;
    std::int64_t first = 0, last = 0;
    for (std::size_t i = 0; i < put.size(); ++i) {
      if (put[i].outcome != store::PutObject::Outcome::Added) continue;
      if (hashes.empty()) first = put[i].object;
      last = put[i].object;
      hashes.push_back(copies_[i].object->hash);
    }
    if (hashes.empty()) return {};
    Committed entry;
    return write_collection_entry(unit_, {.viewer = access::Viewer::system(), .request = asker_.request, .occurred = {}, .session = {}}, collection_.id, "object.put", objects_added_event(collection_.id, first, last, hashes), entry);
  }

  Unit& unit_;
  Services& services_;
  const Asker& asker_;
  const store::CollectionSeen& seen_;
  const store::Collection& collection_;
  store::Ladder ladder_;
  bool is_even_ = false, has_bound_ids_ = false;
  std::vector<store::PlacedObject> copies_;
};

}  // namespace

Result<std::vector<store::PutObject>> put_as_marked(Unit& unit, Services& services, const Asker& asker, const store::CollectionSeen& seen, std::span<const MarkedObject> objects) { return PuttingAsMarked(unit, services, asker, seen).put(objects); }

}  // namespace sluice::service
