#include "formats/misp/extension.h"

#include <string>

namespace sluice::formats::misp {

namespace {

constexpr std::string_view kMaker = "identity--0f8c2d3b-1d7e-4f5a-9a64-7e0b7b6a9c12";
constexpr std::string_view kSince = "2026-01-01T00:00:00.000Z";
constexpr std::string_view kTlp2 = "extension-definition--60a3c5c5-0d10-413e-aab3-9e08dde9e88d";

struct TlpRow {
  std::string_view tag, marking, name;
  bool is_first_version;
};
// STIX 2.1 §7.2.1.4 for TLP 1.0; OASIS common objects for TLP 2.0. MISP's taxonomy is 2.0 with "white" left in; so the other colours of 1.0 are read only on the way out.
constexpr TlpRow kTlp[] = {
    {"clear", "marking-definition--94868c89-83c2-464b-929b-a1a8aa3c8487", "TLP:CLEAR", false},
    {"green", "marking-definition--bab4a63c-aed9-4cf5-a766-dfca5abac2bb", "TLP:GREEN", false},
    {"amber", "marking-definition--55d920b0-5e8b-4f79-9ee9-91f868d9b421", "TLP:AMBER", false},
    {"amber+strict", "marking-definition--939a9414-2ddd-4d32-a0cd-375ea402b003", "TLP:AMBER+STRICT", false},
    {"red", "marking-definition--e828b379-4e03-4974-9ac4-e53a884c97c1", "TLP:RED", false},
    {"white", "marking-definition--613f2e26-407d-48c7-9eca-b8e91df99dc9", "TLP:WHITE", true},
    {"green", "marking-definition--34098fce-860f-48ae-8e50-ebd3cc5e41da", "TLP:GREEN", true},
    {"amber", "marking-definition--f88d31f6-486f-44da-b317-01333bde0b82", "TLP:AMBER", true},
    {"red", "marking-definition--5e57c739-391a-4eb3-b6be-7d15ca92d5ed", "TLP:RED", true},
};

bool says_nothing(const json::value& value) {
  return value.is_null() || (value.is_string() && value.get_string().empty()) || (value.is_array() && value.get_array().empty()) || (value.is_object() && value.get_object().empty());
}

}  // namespace

void say(json::object& object, json::object facts) {
  json::object kept;
  kept["extension_type"] = "property-extension";
  for (auto& [key, value] : facts)
    if (!says_nothing(value)) kept[key] = std::move(value);
  if (kept.size() == 1) return;
  auto& extensions = object["extensions"];
  if (!extensions.is_object()) extensions = json::object();
  extensions.get_object()[kExtension] = std::move(kept);
}

const json::object* said(const json::object& object) {
  const auto* extensions = object.if_contains("extensions");
  if (!extensions || !extensions->is_object()) return nullptr;
  const auto* mine = extensions->get_object().if_contains(kExtension);
  return mine && mine->is_object() ? &mine->get_object() : nullptr;
}

std::array<json::object, 2> extension_objects() {
  return {json::object{{"type", "identity"}, {"spec_version", "2.1"}, {"id", kMaker}, {"created_by_ref", kMaker}, {"created", kSince}, {"modified", kSince}, {"name", "Sluice"}, {"identity_class", "system"}},
          json::object{{"type", "extension-definition"},
                       {"spec_version", "2.1"},
                       {"id", kExtension},
                       {"created_by_ref", kMaker},
                       {"created", kSince},
                       {"modified", kSince},
                       {"name", "MISP facts"},
                       {"description", "What a MISP event, attribute or object says and STIX has no property for, under MISP's own names."},
                       {"schema", "docs/formats/misp.md of Sluice"},
                       {"version", "1.0.0"},
                       {"extension_types", {"property-extension"}}}};
}

std::string_view tlp_marking_of(std::string_view tag) {
  std::string text(tag);
  for (char& c : text)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  if (!text.starts_with("tlp:")) return {};
  for (const auto& row : kTlp)
    if (row.tag == std::string_view(text).substr(4)) return row.marking;
  return {};
}

std::string_view tlp_tag_of(std::string_view marking) {
  for (const auto& row : kTlp)
    if (row.marking == marking) return row.tag;
  return {};
}

json::object tlp_object(std::string_view marking) {
  for (const auto& row : kTlp) {
    if (row.marking != marking) continue;
    json::object out{{"type", "marking-definition"}, {"spec_version", "2.1"}, {"id", marking}, {"created", row.is_first_version ? "2017-01-20T00:00:00.000Z" : "2022-10-01T00:00:00.000Z"}, {"name", row.name}};
    if (row.is_first_version) {
      out["definition_type"] = "tlp";
      out["definition"] = json::object{{"tlp", row.tag}};
    } else {
      out["extensions"] = json::object{{kTlp2, json::object{{"extension_type", "property-extension"}, {"tlp_2_0", row.tag}}}};
    }
    return out;
  }
  return {};
}

}  // namespace sluice::formats::misp
