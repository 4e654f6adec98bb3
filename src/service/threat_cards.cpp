#include "service/threat_cards.h"

#include <algorithm>

#include "base/fine_time.h"
#include "base/utf8.h"
#include "threat/object.h"

namespace sluice::service {

namespace {

constexpr JsonLimits kShownObject{.bytes = 16 << 20, .depth = 64, .keys = 100'000, .string = 8 << 20};
constexpr std::size_t kMostNameBytes = 300;

void add_words(std::vector<std::string>& out, const json::object& object, std::string_view property) {
  const auto* words = object.if_contains(property);
  if (words == nullptr || !words->is_array()) return;
  for (const auto& word : words->get_array())
    if (word.is_string() && out.size() < 50) out.emplace_back(cut_utf8(std::string_view(word.get_string()), 200));
}

std::string tlp_word(const threat::Markings& markings) {
  if (!markings.is_explicit || markings.has_unknown) return {};
  return std::string(json::value(to_json(TlpLabel{strictest(markings.tlp, markings.strictest_part)})).as_string());
}

}  // namespace

bool is_older(const store::FoundPosting& a, const store::FoundPosting& b) { return std::tuple(a.spec, a.version_at, -a.date_added) < std::tuple(b.spec, b.version_at, -b.date_added); }

std::string shown_name(const json::object& object) {
  for (const auto* property : {"name", "value", "pattern", "path", "key", "subject", "display_name", "abstract", "explanation", "relationship_type", "serial_number"})
    if (const auto text = string_at(object, property); !text.empty()) return std::string(cut_utf8(text, kMostNameBytes));
  if (const auto* number = object.if_contains("number"); number && number->is_int64()) return "AS" + std::to_string(number->get_int64());
  if (const auto* hashes = object.if_contains("hashes"); hashes && hashes->is_object())
    for (const auto& [algorithm, value] : hashes->get_object())
      if (value.is_string()) return std::string(algorithm) + ":" + std::string(cut_utf8(std::string_view(value.get_string()), kMostNameBytes));
  return {};
}

Result<std::vector<store::FoundPosting>> ThreatCards::postings_of(const store::CollectionSeen& seen, const store::Tag& name) {
  const std::pair key(seen.collection().n, name);
  auto found = known_.find(key);
  if (found == known_.end()) {
    TRY(auto all, store::postings_of(db_, seen, name));
    found = known_.emplace(key, std::move(all)).first;
  }
  return found->second;
}

Result<std::optional<OpenedObject>> ThreatCards::open(const store::CollectionSeen& seen, const store::FoundPosting& posting) {
  std::optional<OpenedObject> out;
  TRY(const auto all, postings_of(seen, posting.name));
  if (std::none_of(all.begin(), all.end(), [&](const auto& one) { return one.object == posting.object; })) return out;   // of another line than this reader follows
  const store::PostingKey key{posting.audience, posting.date_added};
  TRY(auto page, store::objects_at(services_.store, db_, seen, std::span(&key, 1), store::Parts::Whole));
  if (page.objects.empty()) return out;
  auto& one = page.objects.front();
  bytes_ += one.bytes.size();
  TRY(const bool given, is_given(db_, allowances_, seen, one));
  if (!given) return out;
  auto value = parse_json(one.bytes, kShownObject);
  if (!value || !value->is_object()) return out;
  out.emplace();
  out->object = std::move(value->get_object());
  out->bytes = std::move(one.bytes);
  out->posting = posting;
  out->markings = threat::markings_of(out->object, [](std::string_view) { return nullptr; });
  out->is_delivered = one.is_delivered;
  auto& card = out->card;
  card.collection = seen.collection().id;
  card.type = std::string(threat::identifier_of(std::string_view(one.id)).value_or(threat::Identifier{}).type);
  card.id = std::move(one.id), card.version = std::move(one.version);
  card.name = shown_name(out->object);
  card.tlp = tlp_word(out->markings);
  for (const auto* property : {"labels", "indicator_types", "malware_types", "threat_actor_types", "report_types", "tool_types", "infrastructure_types"}) add_words(card.labels, out->object, property);
  card.created_by = std::string(cut_utf8(string_at(out->object, "created_by_ref"), 300));
  card.first_shared = Instant{posting.date_added};
  card.versions = std::max<std::size_t>(all.size(), 1);
  card.is_own = posting.sender == seen.reader();
  TRY(card.pseudonym, pseudonym_behind(posting.sender));
  const auto* revoked = out->object.if_contains("revoked");
  card.is_revoked = revoked && revoked->is_bool() && revoked->get_bool();
  card.object = one.object;
  for (const auto& other : all) {
    card.first_shared = std::min(card.first_shared, Instant{other.since});   // a version may have been posted anew since
    if (is_older(posting, other)) card.is_newest = false;
  }
  return out;
}

Result<std::optional<OpenedObject>> ThreatCards::newest(const store::CollectionSeen& seen, const store::Tag& name) {
  TRY(const auto all, postings_of(seen, name));
  if (all.empty()) return std::optional<OpenedObject>{};
  return open(seen, *std::max_element(all.begin(), all.end(), is_older));
}

Result<std::optional<OpenedObject>> ThreatCards::newest(const store::CollectionSeen& seen, std::string_view id) { return newest(seen, store::name_of_object(cells(), id)); }

Result<std::string> ThreatCards::pseudonym_behind(const store::Tag& sender) {
  if (const auto known = pseudonyms_.find(sender); known != pseudonyms_.end()) return known->second;
  TRY(auto name, store::pseudonym_of_sender(db_, sender));
  return pseudonyms_.emplace(sender, name ? *std::move(name) : std::string()).first->second;
}

void ThreatCards::shown(const OpenedObject& one) {
  if (!one.is_delivered) fresh_.push_back(one.card.object);
}

std::vector<std::int64_t> ThreatCards::fresh() const {
  auto out = fresh_;
  std::sort(out.begin(), out.end());
  out.erase(std::unique(out.begin(), out.end()), out.end());
  return out;
}

json::object card_json(const ObjectCard& card) {
  json::object out{{"id", card.id}, {"type", card.type}, {"collection", card.collection}, {"version", card.version}, {"first_shared", six_digits(card.first_shared)}, {"versions", card.versions}, {"own", card.is_own}};
  if (!card.name.empty()) out["name"] = card.name;
  if (!card.tlp.empty()) out["tlp"] = card.tlp;
  if (!card.labels.empty()) out["labels"] = json::array(card.labels.begin(), card.labels.end());
  if (!card.created_by.empty()) out["created_by_ref"] = card.created_by;
  if (!card.pseudonym.empty()) out["pseudonym"] = card.pseudonym;
  if (!card.is_newest) out["superseded"] = true;
  if (card.is_revoked) out["revoked"] = true;
  return out;
}

json::object found_json(const FoundObject& one) {
  using enum FoundObject::How;
  auto out = card_json(one.card);
  out["how"] = one.how == Value ? "value" : one.how == Network ? "network" : one.how == Host ? "host" : one.how == Parent ? "parent" : "inside";
  out["through"] = json::object{{"kind", one.through.kind}, {"value", one.through.text}};
  return out;
}

json::array benign_json(const std::vector<threat::BenignSign>& signs) {
  json::array out;
  for (const auto& one : signs) out.push_back(json::object{{"value", one.value}, {"why", one.why}, {"source", one.source}, {"warning", one.warning}});
  return out;
}

json::array values_json(const std::vector<threat::Value>& values) {
  json::array out;
  for (const auto& one : values) out.push_back(json::object{{"kind", one.kind}, {"value", one.text}});
  return out;
}

}  // namespace sluice::service
