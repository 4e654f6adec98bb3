#include "threat/redact.h"

#include <algorithm>
#include <set>

#include "threat/observable_forms.h"

namespace sluice::threat {

namespace {

// What a type can't be without (STIX 2.1 §4 to §6): words that must all be there, and, where `one_of` says something, at least one of its alternatives
// ("latitude+longitude": both). "*" is any property that isn't common to all types. What isn't in this table is never cut.
struct WholeType {
  std::string_view type;
  std::string_view required;
  std::string_view one_of;
};
constexpr WholeType kWholeTypes[] = {
    {"attack-pattern", "name", ""},
    {"campaign", "name", ""},
    {"course-of-action", "name", ""},
    {"grouping", "context object_refs", ""},
    {"identity", "name", ""},
    {"incident", "name", ""},
    {"indicator", "pattern pattern_type valid_from", ""},
    {"infrastructure", "name", ""},
    {"intrusion-set", "name", ""},
    {"location", "", "region country latitude+longitude"},
    {"malware", "is_family", ""},
    {"malware-analysis", "product", "result analysis_sco_refs"},
    {"note", "content object_refs", ""},
    {"observed-data", "first_observed last_observed number_observed", "object_refs objects"},
    {"opinion", "opinion object_refs", ""},
    {"report", "name published object_refs", ""},
    {"threat-actor", "name", ""},
    {"tool", "name", ""},
    {"vulnerability", "name", ""},
    {"relationship", "relationship_type source_ref target_ref", ""},
    {"sighting", "sighting_of_ref", ""},
    {"artifact", "", "payload_bin url+hashes"},
    {"autonomous-system", "number", ""},
    {"directory", "path", ""},
    {"domain-name", "value", ""},
    {"email-addr", "value", ""},
    {"email-message", "is_multipart", ""},
    {"file", "", "hashes name"},
    {"ipv4-addr", "value", ""},
    {"ipv6-addr", "value", ""},
    {"mac-addr", "value", ""},
    {"mutex", "name", ""},
    {"network-traffic", "protocols", "src_ref dst_ref"},
    {"process", "", "*"},
    {"software", "name", ""},
    {"url", "value", ""},
    {"user-account", "", "*"},
    {"windows-registry-key", "", "*"},
    {"x509-certificate", "", "*"},
};
constexpr auto kFirstObservable = std::string_view("artifact");  // from here on in the table: observables, which have no times of their own

// Properties that go with another: without the second, the first says nothing, or gives the second away.
struct GoesWith {
  std::string_view type;  // "": any
  std::string_view property;
  std::string_view with;
};
constexpr GoesWith kGoesWith[] = {
    {"location", "latitude", "longitude"}, {"location", "longitude", "latitude"}, {"location", "precision", "latitude"},
    {"artifact", "hashes", "payload_bin"}, {"artifact", "decryption_key", "encryption_algorithm"}, {"artifact", "mime_type", "payload_bin"},
    {"indicator", "pattern_version", "pattern"},
};

// Common to all types, so none of them makes an object whole by itself.
bool is_common(std::string_view property) {
  for (const auto name : {"type", "spec_version", "id", "created_by_ref", "created", "modified", "revoked", "labels", "confidence", "lang", "external_references", "object_marking_refs", "granular_markings",
                          "defanged", "extensions"})
    if (property == name) return true;
  return false;
}

template <class F>
bool all_words(std::string_view text, char between, F&& holds) {
  while (!text.empty()) {
    const auto end = std::min(text.find(between), text.size());
    if (!holds(text.substr(0, end))) return false;
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return true;
}

const WholeType* whole_type(std::string_view type) {
  const auto* at = std::find_if(std::begin(kWholeTypes), std::end(kWholeTypes), [&](const WholeType& row) { return row.type == type; });
  return at == std::end(kWholeTypes) ? nullptr : at;
}
bool is_observable(const WholeType& row) { return &row >= whole_type(kFirstObservable); }

// R4. The name of what is missing, or "".
std::string missing_of(const json::object& object, const WholeType& row) {
  std::string out;
  const auto has = [&](std::string_view property) { return object.contains(property); };
  const auto needs = [&](std::string_view words) {
    all_words(words, ' ', [&](std::string_view word) {
      if (!has(word)) out = word;
      return out.empty();
    });
  };
  needs("type id");
  if (out.empty() && !is_observable(row)) needs("spec_version created modified");
  if (out.empty()) needs(row.required);
  if (out.empty() && row.type == "malware" && object.at("is_family") == json::value(true)) needs("name");
  if (!out.empty()) return out;
  if (row.one_of == "*") {
    const bool any = std::any_of(object.begin(), object.end(), [](const auto& member) { return !is_common(member.key()); });
    return any ? "" : "anything of its own";
  }
  const bool none = !row.one_of.empty() && all_words(row.one_of, ' ', [&](std::string_view group) { return !all_words(group, '+', has); });
  return none ? std::string(row.one_of) : "";
}

// Where to cut for a part: items of lists and entries of dictionaries fall as a whole, since what is left of one may be no whole, or may tell what it was.
// References to other sources lose a single property.
Selector cut_for(const Selector& part) {
  Selector out = part;
  const std::size_t most = part.front().key == "external_references" ? 3 : 2;
  if (out.size() > most) out.resize(most);
  return out;
}

void texts_in(const json::value& value, std::vector<std::string>& out) {
  if (value.is_string()) out.emplace_back(value.get_string().data(), value.get_string().size());
  if (value.is_array())
    for (const auto& item : value.get_array()) texts_in(item, out);
  if (value.is_object())
    for (const auto& [key, item] : value.get_object()) texts_in(item, out);
}

// Words of vocabularies stand in many places and give nothing away.
bool is_vocabulary(const Selector& part) { return part.front().key == "kill_chain_phases" || part.front().key.ends_with("_types") || part.back().key == "source_name"; }

// Alike whatever the case and however it was defanged, in the middle of a sentence too.
std::string comparable(std::string_view text) {
  auto out = forms::ascii_lower(forms::refanged(text));
  for (auto at = out.find("hxxp"); at != out.npos; at = out.find("hxxp", at)) out.replace(at, 4, "http");
  return out;
}

void keys_and_texts(const json::value& value, std::vector<std::string>& out) {
  if (value.is_string()) out.push_back(comparable(value.get_string()));
  if (value.is_array())
    for (const auto& item : value.get_array()) keys_and_texts(item, out);
  if (value.is_object())
    for (const auto& [key, item] : value.get_object()) {
      out.push_back(comparable(key));
      keys_and_texts(item, out);
    }
}

void erase_at(json::object& object, const Selector& cut) {
  auto* at = object.if_contains(cut.front().key);
  if (!at) return;
  if (cut.size() == 1) {
    object.erase(cut.front().key);
    return;
  }
  if (cut[1].index) {
    auto* list = at->if_array();
    if (!list || *cut[1].index >= list->size()) return;
    if (cut.size() == 2) {
      list->erase(list->begin() + static_cast<std::ptrdiff_t>(*cut[1].index));
    } else if (auto* item = (*list)[*cut[1].index].if_object()) {
      item->erase(cut[2].key);
      if (cut[2].key == "url") item->erase("hashes");  // they would tell whether a guess at it is right
    }
  } else if (auto* entries = at->if_object()) {
    entries->erase(cut[1].key);
  }
}

bool is_empty(const json::value& value) { return (value.is_array() && value.get_array().empty()) || (value.is_object() && value.get_object().empty()); }

// STIX 2.1 §2.5: a reference names its source and at least one of three things.
bool is_whole_reference(const json::object& item) { return item.contains("source_name") && (item.contains("description") || item.contains("url") || item.contains("external_id")); }

// The granular markings of what is left. `cuts` are in the original's counting.
json::array markings_left(const json::object& original, const json::object& copy, const std::set<std::string>& gone, const std::vector<Selector>& cuts) {
  json::array out;
  const auto* granular = original.if_contains("granular_markings");
  if (!granular || !granular->is_array()) return out;
  for (const auto& marking : granular->get_array()) {
    const auto* fields = marking.if_object();
    const auto* selectors = fields && fields->contains("selectors") ? fields->at("selectors").if_array() : nullptr;
    if (!selectors) continue;
    json::array left;
    for (const auto& text : *selectors) {
      auto selector = text.is_string() ? parse_selector(text.get_string()) : fail(ErrorKind::Invalid, "");
      if (!selector || !selected_in(original, *selector) || std::any_of(cuts.begin(), cuts.end(), [&](const Selector& cut) { return covers(cut, *selector); })) continue;
      if (selector->size() > 1 && (*selector)[1].index) {  // R3: counts what is there
        std::size_t before = 0;
        for (std::size_t n = 0; n < *(*selector)[1].index; ++n) before += gone.contains(selector_text({selector->front(), SelectorStep{"", n}}));
        if (gone.contains(selector_text({selector->front(), (*selector)[1]}))) continue;
        *(*selector)[1].index -= before;
      }
      if (selected_in(copy, *selector)) left.push_back(json::value(selector_text(*selector)));
    }
    if (left.empty()) continue;
    auto kept = *fields;
    kept["selectors"] = std::move(left);
    out.push_back(std::move(kept));
  }
  return out;
}

// An id that only the site can make and nobody can undo: a UUID of pseudo-random bits (RFC 4122 §4.4), the same for the same words.
std::string own_id(std::string_view type, ByteView key, std::string_view use, std::string_view original, Tlp ceiling) {
  const auto tlp = to_text(ceiling);
  const std::string_view end("\0", 1);
  auto bytes = hmac_sha256(key, {bytes_of(use), bytes_of(end), bytes_of(original), bytes_of(end), bytes_of(tlp)});
  bytes[6] = static_cast<std::uint8_t>((bytes[6] & 0x0f) | 0x40);
  bytes[8] = static_cast<std::uint8_t>((bytes[8] & 0x3f) | 0x80);
  auto digits = hex(ByteView(bytes).first(16));
  for (const auto at : {20, 16, 12, 8}) digits.insert(static_cast<std::size_t>(at), 1, '-');
  return std::string(type) + "--" + digits;
}

// STIX 2.1 §3.2: created and modified have three digits of a second or more.
std::string stix_time(Instant instant) {
  auto text = to_text(instant);
  text.pop_back();
  if (text.find('.') == text.npos) text += '.';
  while (text.size() - text.find('.') < 4) text += '0';
  return text + "Z";
}

// Ids of versions 3 and 5 are hashes of names: whoever has one can try whether a guess at the name is right.
bool is_computed(std::string_view id) {
  const auto begin = id.find("--");
  return begin != id.npos && id.size() > begin + 16 && (id[begin + 16] == '5' || id[begin + 16] == '3');
}

}  // namespace

std::string id_of_copy(std::string_view original, Tlp ceiling, ByteView key) { return own_id(original.substr(0, original.find("--")), key, "redacted copy", original, ceiling); }

Redaction redacted_for(Tlp ceiling, const json::object& object, const Markings& markings, ByteView key, Instant made_at, const MarkingLookup& lookup, const RedactionPolicy& policy) {
  if (markings.strictest_part <= ceiling) return {.outcome = ReadOutcome::Whole};
  const auto withheld = [](std::string why) { return Redaction{.outcome = ReadOutcome::Withheld, .why = std::move(why)}; };
  if (markings.tlp > ceiling) return withheld("It is marked " + to_text(markings.tlp) + ".");
  if (!policy.offers_copies) return withheld("A part of it is marked " + to_text(markings.strictest_part) + ".");
  const std::string type(string_at(object, "type"));
  const std::string original(string_at(object, "id"));
  if (original.empty()) return withheld("It has no id.");
  const auto* row = whole_type(type);
  if (!row) return withheld("A part of it is marked " + to_text(markings.strictest_part) + ", and objects of this type are never cut.");

  // What has to go, in the original's counting.
  std::vector<Selector> cuts;
  for (const auto& part : markings.parts) {
    if (part.tlp <= ceiling) continue;
    const auto& first = part.selector.front().key;
    for (const auto fixed : {"type", "spec_version", "id", "created", "modified", "revoked", "object_marking_refs", "granular_markings"})
      if (first == fixed) return withheld("Its '" + first + "' is marked " + to_text(part.tlp) + ".");
    cuts.push_back(cut_for(part.selector));
  }
  for (bool again = true; again;) {
    again = false;
    const auto is_cut = [&](std::string_view property) { return std::any_of(cuts.begin(), cuts.end(), [&](const Selector& cut) { return cut.size() == 1 && cut.front().key == property; }); };
    for (const auto& pair : kGoesWith)
      if (pair.type == type && is_cut(pair.with) && object.contains(pair.property) && !is_cut(pair.property)) cuts.push_back({SelectorStep{std::string(pair.property), {}}}), again = true;
    for (const auto& member : object)  // STIX 2.1 §3.9: name_enc says how name is encoded
      if (const std::string_view name = member.key(); name.ends_with("_enc") && is_cut(name.substr(0, name.size() - 4)) && !is_cut(name)) cuts.push_back({SelectorStep{std::string(name), {}}}), again = true;
  }
  std::vector<std::string> taken;
  for (const auto& part : markings.parts)
    if (const auto* value = part.tlp > ceiling && !is_vocabulary(part.selector) ? selected_in(object, part.selector) : nullptr) texts_in(*value, taken);

  // Deep cuts first, then items from the back, so that each still stands where it is counted.
  std::sort(cuts.begin(), cuts.end(), [](const Selector& a, const Selector& b) {
    if (a.size() != b.size()) return a.size() > b.size();
    if (a.size() > 1 && a[1].index && b[1].index && a.front().key == b.front().key) return *a[1].index > *b[1].index;
    return selector_text(a) < selector_text(b);
  });
  cuts.erase(std::unique(cuts.begin(), cuts.end()), cuts.end());
  auto copy = object;
  std::set<std::string> gone;  // items of lists
  for (const auto& cut : cuts) {
    if (cut.size() == 3) {
      erase_at(copy, cut);
      auto* list = copy.if_contains(cut.front().key) ? copy.at(cut.front().key).if_array() : nullptr;
      const auto* item = list && cut[1].index && *cut[1].index < list->size() ? (*list)[*cut[1].index].if_object() : nullptr;
      if (cut[1].index && (!item || !is_whole_reference(*item))) gone.insert(selector_text({cut[0], cut[1]}));
    } else if (cut.size() == 2 && cut[1].index) {
      gone.insert(selector_text(cut));
    } else {
      erase_at(copy, cut);
    }
  }
  std::vector<Selector> items;
  for (const auto& text : gone) items.push_back(*parse_selector(text));
  std::sort(items.begin(), items.end(), [](const Selector& a, const Selector& b) { return a.front().key != b.front().key ? a.front().key < b.front().key : *a[1].index > *b[1].index; });
  for (const auto& item : items) erase_at(copy, item);
  for (const auto& cut : cuts)
    if (const auto* left = copy.if_contains(cut.front().key); left && is_empty(*left)) copy.erase(cut.front().key);

  // R2, and what the copy is by itself.
  auto granular = markings_left(object, copy, gone, cuts);
  copy.erase("granular_markings");
  if (!granular.empty()) copy["granular_markings"] = std::move(granular);
  json::array refs;
  if (const auto* sent = object.if_contains("object_marking_refs"); sent && sent->is_array()) refs = sent->get_array();
  if (std::none_of(refs.begin(), refs.end(), [&](const json::value& ref) { return ref.is_string() && well_known_marking(std::string_view(ref.get_string())) == markings.tlp; })) refs.push_back(json::value(marking_id_of(markings.tlp)));
  copy["object_marking_refs"] = std::move(refs);
  const auto id = id_of_copy(original, ceiling, key);
  copy["id"] = id;
  copy.erase("created_by_ref");
  if (!policy.made_by.empty() && !is_observable(*row)) copy["created_by_ref"] = policy.made_by;

  if (const auto missing = missing_of(copy, *row); !missing.empty()) return withheld("Without what is marked higher it would lack '" + missing + "'.");
  std::vector<std::string> left;
  keys_and_texts(copy, left);
  for (const auto& text : taken) {
    if (text.size() < 4) continue;
    const auto wanted = comparable(text);
    if (std::any_of(left.begin(), left.end(), [&](const std::string& each) { return each.find(wanted) != each.npos; })) return withheld("What is marked higher stands in another part of it as well.");
  }
  const auto after = markings_of(copy, lookup, policy.marking);
  if (after.strictest_part > ceiling || after.tlp < markings.tlp) return withheld("What would be left is marked in a way that can't be kept.");

  Redaction out{.outcome = ReadOutcome::Copy, .copy = std::move(copy)};
  const bool is_link = type == "relationship" || type == "sighting";  // STIX 2.1 §5.1: no end of a relationship
  if (policy.names_original && !is_link && !is_computed(original)) {
    const auto time = [&](std::string_view property) { return object.contains(property) ? json::value(string_at(object, property)) : json::value(stix_time(made_at)); };
    auto& relationship = out.relationship;
    relationship["type"] = "relationship";
    relationship["spec_version"] = "2.1";
    relationship["id"] = own_id("relationship", key, "derived from", original, ceiling);
    if (!policy.made_by.empty()) relationship["created_by_ref"] = policy.made_by;
    relationship["created"] = time("created");
    relationship["modified"] = time("modified");
    relationship["relationship_type"] = "derived-from";
    relationship["source_ref"] = id;
    relationship["target_ref"] = original;
    relationship["object_marking_refs"] = out.copy.at("object_marking_refs");
  }
  return out;
}

}  // namespace sluice::threat
