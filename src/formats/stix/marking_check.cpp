// Data markings: marking definitions, the four of TLP 1.0, and the selectors of granular markings (STIX 2.1 §7.2).
#include <algorithm>
#include <charconv>

#include "formats/stix/parts.h"
#include "formats/stix/values.h"
#include "threat/marking.h"

namespace sluice::formats::stix {

namespace {

struct FixedMarking {
  std::string_view id, name, word;
};

// §7.2.1.4: these and no others.
constexpr FixedMarking kTlp1[] = {
    {"marking-definition--613f2e26-407d-48c7-9eca-b8e91df99dc9", "TLP:WHITE", "white"},
    {"marking-definition--34098fce-860f-48ae-8e50-ebd3cc5e41da", "TLP:GREEN", "green"},
    {"marking-definition--f88d31f6-486f-44da-b317-01333bde0b82", "TLP:AMBER", "amber"},
    {"marking-definition--5e57c739-391a-4eb3-b6be-7d15ca92d5ed", "TLP:RED", "red"},
};

// What says which label of TLP 2.0 a definition is (oasis-open/cti-stix-common-objects), and how it writes it.
constexpr std::string_view kTlp2Extension = "extension-definition--60a3c5c5-0d10-413e-aab3-9e08dde9e88d";
std::string tlp2_word(Tlp tlp) {
  auto word = to_text(tlp).substr(std::string_view("TLP:").size());
  std::transform(word.begin(), word.end(), word.begin(), [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
  return word;
}

// Under an id of theirs stands that label and no other (§3.6: one id and version, one content); elsewhere, a label that TLP 2.0 has.
void check_tlp2(const Subject& subject, const Place& place, Found& found) {
  const auto id = subject.text("id");
  const auto fixed = std::any_of(std::begin(kTlp1), std::end(kTlp1), [&](const FixedMarking& one) { return one.id == id; }) ? std::nullopt : threat::well_known_marking(id);
  const auto* extensions = subject.at("extensions");
  const auto* tlp = extensions != nullptr && extensions->is_object() ? extensions->get_object().if_contains(kTlp2Extension) : nullptr;
  const auto here = place.at("extensions"), extension = here.at(kTlp2Extension);
  const auto word = tlp != nullptr ? string_at(*tlp, "tlp_2_0") : std::string_view{};
  if (fixed) {
    if (word != tlp2_word(*fixed)) found.error(extension.at("tlp_2_0"), "§3.6 TLP 2.0", "Under this id stands the marking " + to_text(*fixed) + ": tlp_2_0 must be \"" + tlp2_word(*fixed) + "\".");
    return;
  }
  const auto said = parse_tlp(word);
  if (tlp != nullptr && !(said && tlp2_word(*said) == word)) found.error(extension.at("tlp_2_0"), "§7.3 TLP 2.0", "A label of TLP 2.0 must be one of clear, green, amber, amber+strict, red.");
}

void check_tlp1(const Subject& subject, const Place& place, Found& found) {
  constexpr std::string_view kRule = "§7.2.1.4";
  const auto id = subject.text("id");
  const auto* fixed = std::find_if(std::begin(kTlp1), std::end(kTlp1), [&](const FixedMarking& one) { return one.id == id; });
  if (fixed == std::end(kTlp1)) return found.error(place.at("id"), kRule, "No markings of type tlp may be made but the four of the standard; this id is none of theirs.");
  const auto must_be = [&](std::string_view key, std::string_view is, std::string_view wanted) {
    if (is != wanted) found.error(place.at(key), kRule, "In this marking, " + std::string(key) + " must be \"" + std::string(wanted) + "\".");
  };
  must_be("definition_type", subject.text("definition_type"), "tlp");
  must_be("name", subject.text("name"), fixed->name);
  must_be("created", subject.text("created"), "2017-01-20T00:00:00.000Z");
  const auto* definition = subject.at("definition");
  const auto tlp = definition != nullptr ? string_at(*definition, "tlp") : std::string_view{};
  if (tlp != fixed->word) found.error(place.at("definition"), kRule, "In this marking, the definition must be {\"tlp\": \"" + std::string(fixed->word) + "\"}.");
  for (const auto& member : subject.object)
    if (!tables::has_word("type spec_version id name created definition definition_type", member.key()))
      found.error(place.at(std::string_view(member.key())), kRule, "A marking of the standard has no other properties.");
}

void check_marking_definition(const Subject& subject, const Place& place, Found& found) {
  const auto* kind = subject.at("definition_type");
  const auto* definition = subject.at("definition");
  const auto word = subject.text("definition_type");
  if (word == "tlp" || std::any_of(std::begin(kTlp1), std::end(kTlp1), [&](const FixedMarking& one) { return one.id == subject.text("id"); })) return check_tlp1(subject, place, found);
  check_tlp2(subject, place, found);
  if (subject.at("extensions") == nullptr) {
    // §7.2.1: one way or the other.
    if (kind == nullptr) found.error(place, "§7.2.1", "A marking definition must have a definition_type, or say what it means in an extension.");
    if (definition == nullptr) found.error(place, "§7.2.1", "A marking definition must have a definition, or say what it means in an extension.");
  }
  if (definition != nullptr && !definition->is_object()) return found.error(place.at("definition"), "§7.2.1", "This must be an object.");
  if (word == "statement") {
    const auto* statement = definition != nullptr ? definition->get_object().if_contains("statement") : nullptr;
    if (definition == nullptr) found.error(place, "§7.2.1.3", "A statement marking must have a definition.");
    else if (statement == nullptr || !statement->is_string()) found.error(place.at("definition").at("statement"), "§7.2.1.3", "A statement marking must have a statement, a string.");
  } else if (kind != nullptr && kind->is_string()) {
    if (definition != nullptr) check_unknown_value(*definition, place.at("definition"), found);
    found.warn(checks::kMarkingDefinitionType, place.at("definition_type"), "A marking's type should be statement or tlp; others belong in an extension.");
  }
}

// What a selector points at (§7.2.3.1), or nothing.
const json::value* selected(const json::object& object, std::string_view selector) {
  const json::value* at = nullptr;
  while (true) {
    const auto end = std::min(selector.find('.'), selector.size());
    const auto part = selector.substr(0, end);
    if (at == nullptr) {
      at = object.if_contains(part);
    } else if (part.starts_with('[')) {
      std::size_t index = 0;
      std::from_chars(part.data() + 1, part.data() + part.size() - 1, index);
      if (!at->is_array() || index >= at->get_array().size()) return nullptr;
      at = &at->get_array()[index];
    } else {
      at = at->is_object() ? at->get_object().if_contains(part) : nullptr;
    }
    if (at == nullptr || end == selector.size()) return at;
    selector.remove_prefix(end + 1);
  }
}

void check_granular(const json::object& marking, const Subject& subject, const Place& place, Found& found) {
  const bool has_ref = marking.contains("marking_ref"), has_lang = marking.contains("lang");
  if (has_ref == has_lang) found.error(place, "§7.2.3.1", "A granular marking must have exactly one of marking_ref and lang.");
  if (subject.kind == tables::Kind::MarkingDefinition && has_ref && string_at(marking, "marking_ref") == subject.text("id"))
    found.error(place.at("marking_ref"), "§7.2.3 granular_markings_circular_refs", "A marking must not mark itself.");
  const auto* selectors = marking.if_contains("selectors");
  if (selectors == nullptr || !selectors->is_array()) return;
  const auto list = place.at("selectors");
  for (std::size_t i = 0; i < selectors->get_array().size(); ++i) {
    const auto& selector = selectors->get_array()[i];
    if (!selector.is_string()) continue;
    if (!is_selector(selector.get_string())) found.error(list.at(i), "§7.2.3.1 marking_selector_syntax", "A selector must be names, dictionary keys and [n] with dots between.");
    else if (selected(subject.object, selector.get_string()) == nullptr) found.error(list.at(i), "§7.2.3.1 marking_selector_syntax", "This selector points at nothing in this object.");
  }
}

}  // namespace

void check_markings(const Subject& subject, const Place& place, Found& found) {
  if (subject.kind == tables::Kind::MarkingDefinition) {
    check_marking_definition(subject, place, found);
    if (const auto* refs = subject.at("object_marking_refs"); refs != nullptr && refs->is_array()) {
      const auto list = place.at("object_marking_refs");
      for (std::size_t i = 0; i < refs->get_array().size(); ++i)
        if (const auto& ref = refs->get_array()[i]; ref.is_string() && ref.get_string() == subject.text("id"))
          found.error(list.at(i), "§7.2.2 object_marking_circular_refs", "A marking must not mark itself.");
    }
  }
  if (const auto* granular = subject.at("granular_markings"); granular != nullptr && granular->is_array()) {
    const auto list = place.at("granular_markings");
    for (std::size_t i = 0; i < granular->get_array().size(); ++i)
      if (granular->get_array()[i].is_object()) check_granular(granular->get_array()[i].get_object(), subject, list.at(i), found);
  }
}

}  // namespace sluice::formats::stix
