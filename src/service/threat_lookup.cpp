#include "service/threat_lookup.h"

#include <algorithm>
#include <set>

#include "gate/judge.h"
#include "service/threat_cards.h"
#include "service/threat_ties.h"

namespace sluice::service {

namespace {

using How = FoundObject::How;

constexpr std::size_t kMostRowsOfKey = 400;       // of one value in one collection
constexpr std::size_t kMostAskedForSightings = 16;

struct LookupKey {
  How how = How::Value;
  threat::Value value;
  store::Tag tag{};
  bool is_block = false;                          // a network by which addresses are filed
};

How how_of(threat::WiderValue::How how) {
  switch (how) {
    case threat::WiderValue::How::Network: return How::Network;
    case threat::WiderValue::How::Host: return How::Host;
    case threat::WiderValue::How::Parent: return How::Parent;
  }
  return How::Network;
}

// What follows from the question alone, so that hidden and unknown values cost the same (U1).
std::vector<LookupKey> keys_for(const store::Cells& cells, Lookup& out, const LookupWanted& wanted) {
  std::vector<LookupKey> keys;
  std::set<std::pair<threat::Value, bool>> known;
  const auto add = [&](How how, const threat::Value& value, bool is_block) {
    if (known.emplace(value, is_block).second) keys.push_back({how, value, is_block ? store::network_name(cells, value.text) : value_name(cells, value), is_block});
  };
  for (const auto& reading : out.readings) add(How::Value, reading, false);
  if (!wanted.wider) return keys;
  for (const auto& reading : out.readings) {
    for (const auto& [how, value] : threat::wider_than(reading)) add(how_of(how), value, false);
    if (!threat::is_network(reading)) continue;
    const auto blocks = threat::blocks_in(reading);
    out.is_too_wide = out.is_too_wide || blocks.empty();
    for (const auto& block : blocks) add(How::Inside, {reading.kind, block}, true);
  }
  return keys;
}

// The value of this object that lies in one of the networks asked for; nothing if the block has it and the network doesn't.
std::optional<threat::Value> value_inside(const json::object& object, const std::vector<threat::Value>& readings) {
  for (auto& value : threat::values_of(object))
    for (const auto& reading : readings)
      if (threat::is_network(reading) && threat::lies_in(reading, value) && value != reading) return value;
  return std::nullopt;
}

struct Matched {
  How how = How::Value;
  const LookupKey* key = nullptr;
  const store::CollectionSeen* seen = nullptr;
  store::FoundPosting posting;
};

Result<void> gather_found(ThreatCards& cards, const std::vector<store::CollectionSeen>& collections, const std::vector<LookupKey>& keys, Lookup& out, std::vector<Matched>& matches) {
  std::map<std::pair<std::int64_t, store::Tag>, std::size_t> places;   // of an object: its nearest match, and of that the newest version
  for (const auto& seen : collections)
    for (const auto& key : keys) {
      TRY(const auto rows, key.is_block ? store::postings_in_network(cards.db(), seen, key.tag, kMostRowsOfKey) : store::postings_with(cards.db(), seen, key.tag, kMostRowsOfKey));
      out.more = out.more || rows.more;
      for (const auto& row : rows.found) {
        const auto [found, is_new] = places.try_emplace({seen.collection().n, row.name}, matches.size());
        if (is_new) {
          matches.push_back({key.how, &key, &seen, row});
          continue;
        }
        auto& held = matches[found->second];
        if (key.how < held.how || (key.how == held.how && is_older(held.posting, row))) held = {key.how, &key, &seen, row};
      }
    }
  std::sort(matches.begin(), matches.end(), [](const Matched& a, const Matched& b) { return std::tuple(a.how, -a.posting.date_added, a.posting.object) < std::tuple(b.how, -b.posting.date_added, b.posting.object); });
  return {};
}

std::optional<std::int64_t> count_of(const json::object& sighting) {
  const auto* count = sighting.if_contains("count");
  return count && count->is_int64() ? std::optional(count->get_int64()) : std::nullopt;
}

Result<void> add_sightings(ThreatCards& cards, const std::vector<store::CollectionSeen>& collections, Lookup& out) {
  std::vector<std::string> ids;
  for (const auto& one : out.objects)
    if (ids.size() < kMostAskedForSightings && std::find(ids.begin(), ids.end(), one.card.id) == ids.end()) ids.push_back(one.card.id);
  std::set<std::pair<std::int64_t, store::Tag>> known;
  for (const auto& id : ids)
    for (const auto& seen : collections) {
      TRY(const auto rows, store::postings_naming(cards.db(), cards.cells(), seen, id, store::kSightingOfRef, kMostSightings));
      for (const auto& row : rows.found) {
        if (out.sightings.size() >= kMostSightings || cards.is_spent()) return {};
        if (!known.emplace(seen.collection().n, row.name).second) continue;
        TRY(auto opened, cards.newest(seen, row.name));
        if (!opened || string_at(opened->object, "sighting_of_ref") != id) continue;
        cards.shown(*opened);
        out.sightings.push_back({std::move(opened->card), id, count_of(opened->object), std::string(string_at(opened->object, "first_seen")), std::string(string_at(opened->object, "last_seen"))});
      }
    }
  return {};
}

Result<Lookup> look_up_one(ThreatCards& cards, const std::vector<store::CollectionSeen>& collections, std::string_view text, const LookupWanted& wanted) {
  Lookup out;
  out.text = std::string(text);
  out.readings = wanted.kind.empty() ? threat::readings_of(text) : threat::readings_as(wanted.kind, text);
  const auto keys = keys_for(cards.cells(), out, wanted);
  std::vector<Matched> matches;
  TRY(gather_found(cards, collections, keys, out, matches));
  const auto most = std::min(wanted.most, kMostFound);
  for (const auto& one : matches) {
    if (out.objects.size() >= most || cards.is_spent()) {
      out.more = true;
      break;
    }
    TRY(auto opened, cards.open(*one.seen, one.posting));
    if (!opened) continue;
    auto through = one.key->value;
    if (one.key->is_block) {
      auto inside = value_inside(opened->object, out.readings);
      if (!inside) continue;
      through = *std::move(inside);
    }
    cards.shown(*opened);
    out.objects.push_back({one.how, std::move(through), std::move(opened->card)});
  }
  TRY(add_sightings(cards, collections, out));
  std::set<std::string> said;
  for (const auto& reading : out.readings)
    for (auto& sign : threat::benign_signs(reading, threat::builtin_benign()))
      if (said.insert(sign.warning).second) out.benign.push_back(std::move(sign));
  return out;
}

Result<std::vector<store::CollectionSeen>> asked_collections(Services& services, const access::Viewer& viewer, const LookupWanted& wanted) {
  std::vector<store::CollectionSeen> out;
  if (!wanted.collection.empty()) {
    TRY(auto seen, services.store.as(viewer).collection(wanted.collection));
    if (!seen.can_read()) return fail(ErrorKind::Forbidden, "Your organisation doesn't read this collection.");
    out.push_back(std::move(seen));
    return out;
  }
  TRY(auto all, services.store.as(viewer).collections());
  for (auto& seen : all)
    if (seen.can_read()) out.push_back(std::move(seen));
  return out;
}

bool is_kind(std::string_view kind) {
  constexpr std::string_view kKinds[] = {"", "hash", "ipv4-addr", "ipv6-addr", "domain-name", "url", "email-addr", "mac-addr", "autonomous-system", "mutex", "windows-registry-key", "directory", "file-name", "vulnerability"};
  return std::find(std::begin(kKinds), std::end(kKinds), kind) != std::end(kKinds) || (kind.starts_with("hash:") && kind.size() > 5 && kind.size() < 256);
}

}  // namespace

Result<std::vector<Lookup>> look_up_all(Services& services, const access::Viewer& viewer, std::span<const std::string> texts, const LookupWanted& wanted) {
  if (texts.empty() || texts.size() > kMostLookups) return fail(ErrorKind::Invalid, "Ask for 1 to " + std::to_string(kMostLookups) + " values at once.", "/values");
  if (!is_kind(wanted.kind)) return fail(ErrorKind::Invalid, "There is no such kind of value. Leave it out, and it is looked for as whatever it can be.", "/kind");
  TRY(const auto collections, asked_collections(services, viewer, wanted));
  TRY(auto allowances, allowances_for(services, viewer, collections));
  TRY(auto db, services.store.lease());
  TRY(auto tx, db->begin(store::Mode::Read));
  std::vector<Lookup> out;
  for (const auto& text : texts) {
    ThreatCards cards(services, tx, allowances);
    TRY(auto one, look_up_one(cards, collections, text, wanted));
    one.fresh = cards.fresh();
    out.push_back(std::move(one));
  }
  return out;
}

Result<Lookup> look_up(Services& services, const access::Viewer& viewer, std::string_view text, const LookupWanted& wanted) {
  const std::string one(text);
  TRY(auto all, look_up_all(services, viewer, std::span(&one, 1), wanted));
  return std::move(all.front());
}

json::object lookup_json(const Lookup& found) {
  json::object out{{"asked", found.text}, {"values", values_json(found.readings)}, {"known_benign", benign_json(found.benign)}, {"more", found.more}};
  if (found.is_too_wide) out["too_wide"] = true;
  json::array objects, sightings;
  for (const auto& one : found.objects) objects.push_back(found_json(one));
  for (const auto& one : found.sightings) {
    auto card = card_json(one.card);
    card["of"] = one.of;
    if (one.count) card["count"] = *one.count;
    if (!one.first_seen.empty()) card["first_seen"] = one.first_seen;
    if (!one.last_seen.empty()) card["last_seen"] = one.last_seen;
    sightings.push_back(std::move(card));
  }
  out["objects"] = std::move(objects), out["sightings"] = std::move(sightings);
  return out;
}

Work record_shown_objects(Services& services, access::Viewer viewer, std::vector<std::int64_t> objects) {
  return [&services, viewer = std::move(viewer), objects = std::move(objects)](Unit& unit) -> Result<Committed> {
    if (viewer.organisation) TRY(store::note_deliveries(unit.writing().tx(), services.store.tag_of(*viewer.organisation), objects, unit.now(), static_cast<int>(gate::Channel::Api)));
    return Committed{};
  };
}

}  // namespace sluice::service
