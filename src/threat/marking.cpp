#include "threat/marking.h"

#include <algorithm>
#include <array>
#include <set>

namespace sluice::threat {

namespace {

// STIX 2.1 §7.2.1.4 (TLP 1.0) and the TLP 2.0 extension of oasis-open/cti-stix-common-objects: ids that everybody shares.
struct WellKnownMarking {
  std::string_view id;
  Tlp tlp;
};
constexpr auto kWellKnownMarkings = std::to_array<WellKnownMarking>({
    {"marking-definition--94868c89-83c2-464b-929b-a1a8aa3c8487", Tlp::Clear},
    {"marking-definition--bab4a63c-aed9-4cf5-a766-dfca5abac2bb", Tlp::Green},
    {"marking-definition--55d920b0-5e8b-4f79-9ee9-91f868d9b421", Tlp::Amber},
    {"marking-definition--939a9414-2ddd-4d32-a0cd-375ea402b003", Tlp::AmberStrict},
    {"marking-definition--e828b379-4e03-4974-9ac4-e53a884c97c1", Tlp::Red},
    {"marking-definition--613f2e26-407d-48c7-9eca-b8e91df99dc9", Tlp::Clear},
    {"marking-definition--34098fce-860f-48ae-8e50-ebd3cc5e41da", Tlp::Green},
    {"marking-definition--f88d31f6-486f-44da-b317-01333bde0b82", Tlp::Amber},
    {"marking-definition--5e57c739-391a-4eb3-b6be-7d15ca92d5ed", Tlp::Red},
});
constexpr std::string_view kTlp2Extension = "extension-definition--60a3c5c5-0d10-413e-aab3-9e08dde9e88d";

std::string_view text_in(const json::value& value) { return value.is_string() ? std::string_view(value.get_string()) : std::string_view(); }

const json::array* list_at(const json::object& object, std::string_view key) {
  const auto* found = object.if_contains(key);
  return found ? found->if_array() : nullptr;
}

// What one definition says, by itself (M4).
MarkingMeaning meaning_in(const json::object& definition) {
  MarkingMeaning out;
  bool understood = false;
  if (const auto* extensions = definition.if_contains("extensions"); extensions && extensions->is_object()) {
    for (const auto& [key, value] : extensions->get_object()) {
      std::optional<Tlp> tlp;
      if (key == kTlp2Extension && value.is_object()) tlp = parse_tlp(string_at(value.get_object(), "tlp_2_0"));
      if (tlp) out.tlp = out.tlp ? strictest(*out.tlp, *tlp) : *tlp;
      else out.is_unknown = true;  // IEP, ACS, CUI and whatever comes
      understood = true;
    }
  }
  const auto type = string_at(definition, "definition_type");
  const auto* inner = definition.if_contains("definition");
  if (type.empty() && !inner) {
    if (!understood) out.is_unknown = true;
    return out;
  }
  const auto* fields = inner ? inner->if_object() : nullptr;
  if (type == "statement" && fields && !string_at(*fields, "statement").empty()) {
    out.statement = string_at(*fields, "statement");
  } else if (const auto tlp = type == "tlp" && fields ? parse_tlp(string_at(*fields, "tlp")) : std::nullopt) {
    out.tlp = out.tlp ? strictest(*out.tlp, *tlp) : *tlp;
  } else {
    out.is_unknown = true;
  }
  return out;
}

bool is_key_character(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-'; }

// Follows markings of marking definitions until one comes back; a definition of someone else's that is marked by no circle ends in nothing.
bool comes_back(const std::string& start, std::string_view from, const MarkingLookup& lookup, std::set<std::string>& seen) {
  if (from == start) return true;
  if (well_known_marking(from) || seen.size() > 1000 || !seen.insert(std::string(from)).second) return false;
  const auto* definition = lookup ? lookup(from) : nullptr;
  if (!definition) return false;
  if (const auto* refs = list_at(*definition, "object_marking_refs"))
    for (const auto& ref : *refs)
      if (comes_back(start, text_in(ref), lookup, seen)) return true;
  if (const auto* granular = list_at(*definition, "granular_markings"))
    for (const auto& marking : *granular)
      if (const auto* fields = marking.if_object(); fields && fields->contains("marking_ref") && comes_back(start, string_at(*fields, "marking_ref"), lookup, seen)) return true;
  return false;
}

// Every marking that stands deeper than on the object itself: of observables in a container, of objects within an extension or a property of one's own.
void take_inner_markings(const json::value& value, const std::function<void(const json::value* ref)>& take) {
  if (const auto* list = value.if_array()) {
    for (const auto& item : *list) take_inner_markings(item, take);
    return;
  }
  const auto* fields = value.if_object();
  if (!fields) return;
  for (const auto& [key, inner] : *fields) {
    const auto* list = inner.if_array();
    if (key == "object_marking_refs") {
      if (!list) take(nullptr);
      else for (const auto& ref : *list) take(&ref);
    } else if (key == "granular_markings") {
      if (!list) take(nullptr);
      else for (const auto& item : *list) {
        const auto* marking = item.if_object();
        const auto* ref = marking ? marking->if_contains("marking_ref") : nullptr;
        if (ref || !marking || !marking->contains("lang")) take(ref);
      }
    } else {
      take_inner_markings(inner, take);
    }
  }
}

}  // namespace

Result<Selector> parse_selector(std::string_view text) {
  const auto wrong = [](std::string message, std::size_t at) { return fail(ErrorKind::Invalid, std::move(message), "position " + std::to_string(at + 1), "STIX 2.1 §7.2.3.1"); };
  if (text.empty()) return wrong("A selector must name a property.", 0);
  if (text.size() > 4000) return wrong("A selector has at most 4,000 characters.", 4000);
  Selector out;
  std::size_t at = 0;
  while (true) {
    if (out.size() == 64) return wrong("A selector has at most 64 steps.", at);
    SelectorStep step;
    const auto end = std::min(text.find('.', at), text.size());
    const auto part = text.substr(at, end - at);
    if (part.empty()) return wrong("Between two dots stands a property's name or [n].", at);
    if (part.front() == '[') {
      const auto digits = part.size() > 2 && part.back() == ']' ? part.substr(1, part.size() - 2) : std::string_view();
      const bool plain = !digits.empty() && digits.size() <= 9 && std::all_of(digits.begin(), digits.end(), [](char c) { return c >= '0' && c <= '9'; });
      if (!plain || (digits.size() > 1 && digits.front() == '0')) return wrong("An item of a list is selected by [n], counted from 0.", at);
      if (out.empty()) return wrong("A selector begins with a property.", at);
      std::size_t n = 0;
      for (const char c : digits) n = n * 10 + static_cast<std::size_t>(c - '0');
      step.index = n;
    } else {
      const auto bad = std::find_if_not(part.begin(), part.end(), is_key_character);
      if (bad != part.end()) return wrong("A property's name has letters, digits, '_' and '-' only.", at + static_cast<std::size_t>(bad - part.begin()));
      step.key = part;
    }
    out.push_back(std::move(step));
    if (end == text.size()) return out;
    at = end + 1;
  }
}

std::string selector_text(const Selector& selector) {
  std::string out;
  for (const auto& step : selector) {
    if (!out.empty()) out += '.';
    out += step.index ? "[" + std::to_string(*step.index) + "]" : step.key;
  }
  return out;
}

const json::value* selected_in(const json::object& object, const Selector& selector) {
  const json::value* at = nullptr;
  for (const auto& step : selector) {
    if (step.index) {
      const auto* list = at ? at->if_array() : nullptr;
      if (!list || *step.index >= list->size()) return nullptr;
      at = &(*list)[*step.index];
    } else {
      const auto* fields = at ? at->if_object() : &object;
      at = fields ? fields->if_contains(step.key) : nullptr;
    }
    if (!at) return nullptr;
  }
  return at;
}

bool covers(const Selector& outer, const Selector& inner) { return outer.size() <= inner.size() && std::equal(outer.begin(), outer.end(), inner.begin()); }

std::optional<Tlp> well_known_marking(std::string_view id) {
  for (const auto& known : kWellKnownMarkings)
    if (known.id == id) return known.tlp;
  return std::nullopt;
}

std::string_view marking_id_of(Tlp tlp) { return kWellKnownMarkings[static_cast<std::size_t>(tlp)].id; }
static_assert(kWellKnownMarkings[static_cast<std::size_t>(Tlp::Red)].tlp == Tlp::Red && kWellKnownMarkings[static_cast<std::size_t>(Tlp::Clear)].tlp == Tlp::Clear);

MarkingMeaning meaning_of(std::string_view id, const MarkingLookup& lookup) {
  if (const auto tlp = well_known_marking(id)) return {.tlp = tlp};
  const auto* definition = lookup ? lookup(id) : nullptr;
  if (!definition || string_at(*definition, "type") != "marking-definition" || string_at(*definition, "id") != id) return {.is_unknown = true};
  return meaning_in(*definition);
}

Markings markings_of(const json::object& object, const MarkingLookup& lookup, const MarkingPolicy& policy) {
  Markings out;
  // A well-known definition is everybody's, so it needs no marking; each mirror has it.
  if (string_at(object, "type") == "marking-definition" && well_known_marking(string_at(object, "id"))) {
    out.tlp = out.strictest_part = Tlp::Clear;
    out.is_explicit = true;
    return out;
  }

  std::optional<Tlp> said;
  bool whole_is_unknown = false;
  const auto take = [&](const MarkingMeaning& meaning) {
    if (meaning.tlp) said = said ? strictest(*said, *meaning.tlp) : *meaning.tlp;
    whole_is_unknown = whole_is_unknown || meaning.is_unknown;
    if (!meaning.statement.empty() && std::find(out.statements.begin(), out.statements.end(), meaning.statement) == out.statements.end()) out.statements.push_back(meaning.statement);
  };
  if (const auto* refs = object.if_contains("object_marking_refs")) {
    if (const auto* list = refs->if_array())
      for (const auto& ref : *list) take(meaning_of(text_in(ref), lookup));
    else
      whole_is_unknown = true;  // M2
  }
  out.is_explicit = said.has_value();
  out.tlp = said.value_or(policy.unmarked);
  if (whole_is_unknown) out.tlp = strictest(out.tlp, policy.unknown);
  out.has_unknown = whole_is_unknown;

  const auto* granular = object.if_contains("granular_markings");
  if (granular && !granular->is_array()) out.tlp = strictest(out.tlp, policy.unknown), out.has_unknown = true;  // M2
  std::vector<MarkedPart> parts;
  if (granular && granular->is_array()) {
    for (const auto& item : granular->get_array()) {
      const auto* fields = item.if_object();
      const auto* ref = fields ? fields->if_contains("marking_ref") : nullptr;
      if (fields && !ref && fields->contains("lang")) continue;  // a language says nothing of who may read
      const auto id = ref ? text_in(*ref) : std::string_view();
      const auto meaning = meaning_of(id, lookup);
      auto tlp = meaning.tlp.value_or(Tlp::Clear);
      if (meaning.is_unknown) tlp = strictest(tlp, policy.unknown), out.has_unknown = true;
      out.has_granular = true;
      const auto* selectors = fields ? list_at(*fields, "selectors") : nullptr;
      if (!selectors || selectors->empty()) {
        out.tlp = strictest(out.tlp, tlp);  // M2: it must mean something
        continue;
      }
      for (const auto& text : *selectors) {
        auto selector = parse_selector(text_in(text));
        if (!selector || !selected_in(object, *selector)) out.tlp = strictest(out.tlp, tlp);  // M2
        else parts.push_back({*std::move(selector), std::string(id), tlp, meaning.is_unknown});
      }
    }
  }
  // M5. Nobody can take such a part out and keep the rest, so it holds for the whole.
  const auto take_inner = [&](const json::value* ref) {
    const auto meaning = ref ? meaning_of(text_in(*ref), lookup) : MarkingMeaning{.is_unknown = true};
    if (meaning.tlp) out.tlp = strictest(out.tlp, *meaning.tlp);
    if (meaning.is_unknown) out.tlp = strictest(out.tlp, policy.unknown), out.has_unknown = true;
  };
  for (const auto& [key, value] : object)
    if (key != "object_marking_refs" && key != "granular_markings") take_inner_markings(value, take_inner);
  out.strictest_part = out.tlp;
  for (auto& part : parts) {
    if (part.tlp <= out.tlp && !part.is_unknown) continue;  // M1
    part.tlp = strictest(part.tlp, out.tlp);
    out.strictest_part = strictest(out.strictest_part, part.tlp);
    out.parts.push_back(std::move(part));
  }
  return out;
}

Markings markings_of_translation(const json::object& content, const json::object& original, const MarkingLookup& lookup, const MarkingPolicy& policy) {
  const auto source = markings_of(original, lookup, policy);
  auto unsaid = policy;
  unsaid.unmarked = source.tlp;                   // a translation that says nothing follows what it translates
  auto out = markings_of(content, lookup, unsaid);
  out.is_explicit = out.is_explicit || source.is_explicit;
  out.tlp = strictest(out.tlp, source.tlp);
  out.has_unknown = out.has_unknown || source.has_unknown;
  const auto* contents = content.if_contains("contents");
  for (const auto& part : source.parts) {
    out.has_granular = true;
    if (!contents || !contents->is_object()) continue;
    // STIX 2.1 §7.1: contents.LANGUAGE holds the object's own properties, nested as they are there.
    for (const auto& [language, fields] : contents->get_object()) {
      auto translated = part;
      translated.selector.insert(translated.selector.begin(), {SelectorStep{"contents", {}}, SelectorStep{std::string(language), {}}});
      if (selected_in(content, translated.selector)) out.parts.push_back(std::move(translated));
    }
  }
  out.strictest_part = out.tlp;
  for (auto& part : out.parts) {
    part.tlp = strictest(part.tlp, out.tlp);
    out.strictest_part = strictest(out.strictest_part, part.tlp);
  }
  return out;
}

std::string language_of(const json::object& object, const Selector& part) {
  std::string out(string_at(object, "lang"));
  std::size_t depth = 0;
  if (const auto* granular = list_at(object, "granular_markings"))
    for (const auto& item : *granular) {
      const auto* fields = item.if_object();
      if (!fields || string_at(*fields, "lang").empty()) continue;
      if (const auto* selectors = list_at(*fields, "selectors"))
        for (const auto& text : *selectors)
          if (const auto selector = parse_selector(text_in(text)); selector && selector->size() > depth && covers(*selector, part)) {
            out = string_at(*fields, "lang");
            depth = selector->size();
          }
    }
  return out.empty() ? "en" : out;
}

Findings check_markings(const json::object& object, const MarkingLookup& lookup) {
  Findings out;
  const auto add = [&](Severity severity, std::string rule, std::string where, std::string message) { out.push_back({severity, std::move(rule), std::move(where), std::move(message)}); };
  const std::string id(string_at(object, "id"));
  const bool is_definition = string_at(object, "type") == "marking-definition";
  const auto check_ref = [&](const json::value& ref, const std::string& where) {
    const auto text = text_in(ref);
    if (!text.starts_with("marking-definition--")) return add(Severity::Error, "STIX 2.1 §3.2", where, "A marking refers to a marking-definition by its id.");
    if (text == id) return add(Severity::Error, "STIX 2.1 §7.2.2", where, "A marking definition can't mark itself.");
    std::set<std::string> seen;
    if (is_definition && comes_back(id, text, lookup, seen)) return add(Severity::Error, "STIX 2.1 §7.2.2", where, "These marking definitions mark each other in a circle.");
    if (meaning_of(text, lookup).is_unknown) add(Severity::Warning, "markings", where, "This marking isn't known here, so the collection's policy for unknown markings holds.");
  };
  if (const auto* refs = object.if_contains("object_marking_refs")) {
    const auto* list = refs->if_array();
    if (!list || list->empty()) add(Severity::Error, "STIX 2.1 §3.2", "/object_marking_refs", "This must be a list with at least one id of a marking-definition.");
    for (std::size_t i = 0; list && i < list->size(); ++i) check_ref((*list)[i], "/object_marking_refs/" + std::to_string(i));
  }
  const auto* granular = object.if_contains("granular_markings");
  if (!granular) return out;
  const auto* list = granular->if_array();
  if (!list || list->empty()) add(Severity::Error, "STIX 2.1 §3.2", "/granular_markings", "This must be a list with at least one granular marking.");
  for (std::size_t i = 0; list && i < list->size(); ++i) {
    const auto where = "/granular_markings/" + std::to_string(i);
    const auto* fields = (*list)[i].if_object();
    if (!fields) {
      add(Severity::Error, "STIX 2.1 §7.2.3", where, "A granular marking is an object.");
      continue;
    }
    const auto* ref = fields->if_contains("marking_ref");
    const auto* lang = fields->if_contains("lang");
    if (!ref == !lang) add(Severity::Error, "STIX 2.1 §7.2.3", where, "A granular marking has either marking_ref or lang, exactly one of them.");
    if (ref) check_ref(*ref, where + "/marking_ref");
    if (lang && text_in(*lang).empty()) add(Severity::Error, "STIX 2.1 §7.2.3", where + "/lang", "This must be a language tag.");
    const auto* selectors = list_at(*fields, "selectors");
    if (!selectors || selectors->empty()) add(Severity::Error, "STIX 2.1 §7.2.3", where + "/selectors", "This must be a list with at least one selector.");
    for (std::size_t n = 0; selectors && n < selectors->size(); ++n) {
      const auto at = where + "/selectors/" + std::to_string(n);
      const auto selector = parse_selector(text_in((*selectors)[n]));
      if (!selector) add(Severity::Error, selector.error().rule, at, selector.error().message);
      else if (!selected_in(object, *selector)) add(Severity::Error, "STIX 2.1 §7.2.3.1", at, "This selector hits nothing in the object.");
    }
  }
  return out;
}

Tlp ceiling_of(const ReaderRelation& reader) {
  if (reader.is_anonymous) return Tlp::Clear;                      // M3
  if (reader.is_submitter || reader.is_named) return Tlp::Red;     // its own, or told to it by name
  if (reader.is_member) return Tlp::AmberStrict;                   // TLP 2.0: the recipient organisation only
  if (reader.is_client) return Tlp::Amber;                         // TLP 2.0: and its clients
  if (reader.is_community) return Tlp::Green;
  return Tlp::Clear;
}

bool may_read(Tlp tlp, const ReaderRelation& reader) { return tlp <= ceiling_of(reader); }

std::string why_not(Tlp tlp, const ReaderRelation& reader) {
  if (may_read(tlp, reader)) return {};
  switch (tlp) {
    case Tlp::Clear: break;
    case Tlp::Green: return "TLP:GREEN stays within the community of signed-in organisations.";
    case Tlp::Amber: return "TLP:AMBER stays with the organisations that this is shared with, and their clients.";
    case Tlp::AmberStrict: return "TLP:AMBER+STRICT stays with the organisations that this is shared with; their clients are not among them.";
    case Tlp::Red: return "TLP:RED is for the recipients named by its source alone.";
  }
  return {};
}

}  // namespace sluice::threat
