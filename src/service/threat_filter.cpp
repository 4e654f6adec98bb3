#include "service/threat_filter.h"

#include <algorithm>
#include <map>

#include "threat/marking.h"
#include "threat/observable.h"

namespace sluice::service {

namespace {

constexpr std::int64_t kMostLooked = 4'000;       // objects that a page with such a filter opens
constexpr std::size_t kMostPartiesAsked = 500;         // that one page asks for
constexpr std::size_t kMostRefs = 1'000;          // of one object
constexpr JsonLimits kFilteredObject{.bytes = 16 << 20, .depth = 64, .keys = 100'000, .string = 8 << 20};
constexpr std::string_view kValueKinds[] = {"ipv4-addr", "ipv6-addr", "domain-name", "url", "email-addr", "mac-addr", "autonomous-system", "mutex", "windows-registry-key", "directory", "hash", "file-name", "vulnerability"};

std::string in_lower(std::string_view text) {
  std::string out(text);
  for (auto& c : out) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  return out;
}

bool holds_word(const std::vector<std::string>& wanted, const json::value* said) {
  return said && said->is_string() && std::binary_search(wanted.begin(), wanted.end(), in_lower(said->get_string()));
}

bool names_sector(const ContentFilter& filter, const json::object& object) {
  const auto* sectors = object.if_contains("sectors");
  if (!sectors || !sectors->is_array()) return false;
  const auto& all = sectors->get_array();
  return std::any_of(all.begin(), all.end(), [&](const json::value& one) { return holds_word(filter.sectors, &one); });
}

bool names_region(const ContentFilter& filter, const json::object& object) { return holds_word(filter.regions, object.if_contains("region")) || holds_word(filter.regions, object.if_contains("country")); }

// Identities and locations that the object refers to. Whose word it is (created_by_ref) says nothing of what it is about.
std::vector<std::string_view> parties_in(const json::object& object) {
  std::vector<std::string_view> out;
  const auto take = [&out](const json::value& one) {
    if (!one.is_string() || out.size() >= kMostRefs) return;
    const std::string_view id = one.get_string();
    if (id.starts_with("identity--") || id.starts_with("location--")) out.push_back(id);
  };
  for (const auto& member : object) {
    const std::string_view name = member.key();
    if (name.ends_with("_ref") && name != "created_by_ref") take(member.value());
    else if (name.ends_with("_refs") && name != "object_marking_refs" && member.value().is_array())
      for (const auto& one : member.value().get_array()) take(one);
  }
  return out;
}

bool has_confidence(const json::object& object, int least) {
  const auto* said = object.if_contains("confidence");
  if (!said || !said->is_number()) return false;
  boost::system::error_code error;
  const auto number = said->to_number<std::int64_t>(error);
  return !error && number >= least;
}

bool has_value(const ContentFilter& filter, const json::object& object) {
  for (const auto& value : threat::values_of(object))
    if (std::binary_search(filter.values.begin(), filter.values.end(), std::pair(value.kind, value.text))) return true;
  return false;
}

// Identities and locations as the reader meets them, each asked for once a page.
class MetParties {
 public:
  MetParties(store::Store& store, store::Tx& tx, const store::CollectionSeen& seen) : store_(store), tx_(tx), seen_(seen) {}
  const json::object* find(std::string_view id) {
    if (const auto found = known_.find(id); found != known_.end()) return found->second.get();
    if (known_.size() >= kMostPartiesAsked) return nullptr;
    auto& kept = known_[std::string(id)];
    const auto page = store::page_of(store_, tx_, seen_, {.ids = {std::string(id)}, .most = 1}, store::Parts::Whole);
    if (!page) failed_ = page.error();
    if (page && !page->objects.empty())
      if (auto value = parse_json(page->objects.front().bytes, kFilteredObject); value && value->is_object()) kept = std::make_unique<json::object>(std::move(value->get_object()));
    return kept.get();
  }
  const std::optional<Error>& failed() const { return failed_; }

 private:
  store::Store& store_;
  store::Tx& tx_;
  const store::CollectionSeen& seen_;
  std::map<std::string, std::unique_ptr<json::object>, std::less<>> known_;
  std::optional<Error> failed_;
};

}  // namespace

std::string ContentFilter::canonical() const {
  std::string out;
  for (const auto label : labels) out += "&tlp=" + std::to_string(static_cast<int>(label));
  for (const auto& sector : sectors) out += "&sector=" + sector;
  for (const auto& region : regions) out += "&region=" + region;
  if (confidence) out += "&confidence=" + std::to_string(*confidence);
  for (const auto& [kind, text] : values) out += "&value=" + kind + "/" + std::to_string(text.size()) + ":" + text;   // a text may hold anything
  return out;
}

std::vector<std::pair<std::string, std::string>> value_readings(std::string_view text) {
  std::vector<std::pair<std::string, std::string>> out;
  const auto take = [&out](std::string_view kind, std::string_view from) {
    if (auto value = threat::normalised(kind, from)) out.emplace_back(std::move(value->kind), std::move(value->text));
  };
  const auto colon = text.find(':');
  const auto named = colon == text.npos ? std::end(kValueKinds) : std::find(std::begin(kValueKinds), std::end(kValueKinds), text.substr(0, colon));
  if (named != std::end(kValueKinds)) take(*named, text.substr(colon + 1));
  else
    for (const auto kind : kValueKinds) take(kind, text);
  std::sort(out.begin(), out.end());
  out.erase(std::unique(out.begin(), out.end()), out.end());
  return out;
}

bool lets_through(const ContentFilter& filter, const json::object& object, Tlp unmarked, const PartyLookup& party) {
  if (!filter.labels.empty()) {
    const auto markings = threat::markings_of(object, [](std::string_view) -> const json::object* { return nullptr; }, {.unmarked = unmarked});
    if (!std::binary_search(filter.labels.begin(), filter.labels.end(), strictest(markings.tlp, markings.strictest_part))) return false;
  }
  if (filter.confidence && !has_confidence(object, *filter.confidence)) return false;
  if (!filter.values.empty() && !has_value(filter, object)) return false;
  if (filter.sectors.empty() && filter.regions.empty()) return true;
  bool of_sector = filter.sectors.empty() || names_sector(filter, object), of_region = filter.regions.empty() || names_region(filter, object);
  if (of_sector && of_region) return true;
  for (const auto id : parties_in(object)) {
    const auto* found = party(id);
    if (!found) continue;
    of_sector = of_sector || names_sector(filter, *found);
    of_region = of_region || names_region(filter, *found);
    if (of_sector && of_region) return true;
  }
  return false;
}

Result<store::ObjectPage> filtered_page(store::Store& store, store::Tx& tx, const store::CollectionSeen& seen, store::ObjectsWanted wanted, store::Parts parts, const ContentFilter& filter) {
  if (filter.is_empty()) return store::page_of(store, tx, seen, wanted, parts);
  const auto unmarked = from_word<Tlp>(seen.collection().unmarked).value_or(Tlp::AmberStrict);
  MetParties parties(store, tx, seen);
  const auto most = static_cast<std::size_t>(std::max<std::int64_t>(wanted.most, 1));
  store::ObjectPage out;
  std::int64_t looked = 0;
  std::size_t bytes = 0;
  wanted.most = std::clamp<std::int64_t>(wanted.most, 100, 1'000);   // few fit
  for (;;) {
    TRY(auto page, store::page_of(store, tx, seen, wanted, store::Parts::Whole));
    for (auto& one : page.objects) {
      if (out.objects.size() == most || bytes > (16 << 20)) {
        out.more = true;                          // next_after is that of the last one that was looked at
        return out;
      }
      ++looked;
      const auto value = parse_json(one.bytes, kFilteredObject);
      const bool is_wanted = value && value->is_object() && lets_through(filter, value->get_object(), unmarked, [&parties](std::string_view id) { return parties.find(id); });
      if (parties.failed()) return std::unexpected(*parties.failed());
      out.next_after = one.date_added;
      if (!is_wanted) continue;
      bytes += one.bytes.size();
      if (parts == store::Parts::Labels) one.bytes.clear();
      out.objects.push_back(std::move(one));
    }
    if (!page.more) return out;
    wanted.after = out.next_after = page.next_after;
    if (looked >= kMostLooked) {
      out.more = true;
      return out;
    }
  }
}

}  // namespace sluice::service
