#include "threat/stix_tables.h"

#include <cassert>
#include <vector>

#include "threat/stix_parts.h"

namespace sluice::threat::stix {

namespace {

using enum Value;

// ---- the common properties, §3.2

constexpr auto kExternalReferenceRows = properties(row("source_name").must(), row("description"), row("url", Url), row("hashes", Hashes), row("external_id"));
constexpr Shape kExternalReference{.name = "external reference", .section = "2.5", .properties = kExternalReferenceRows};
constexpr auto kGranularMarkingRows = properties(row("lang", Language), ref("marking_ref", "marking-definition"), row("selectors").list().must());
constexpr Shape kGranularMarking{.name = "granular marking", .section = "7.2.3", .properties = kGranularMarkingRows};

// A column a kind, in the order of Kind: R required, o optional, - not used.
struct Common {
  Property property;
  std::string_view columns;
};

// clang-format off
constexpr Common kCommon[] = {
    //                                                               Domain, Relationship, Observable, ExtensionDefinition, LanguageContent, MarkingDefinition, Bundle
    {row("type"),                                                    "RRRRRRR"},
    {row("spec_version"),                                            "RRoRRR-"},
    {ref("id", ""),                                                  "RRRRRRR"},
    {ref("created_by_ref", "identity"),                              "oo-Roo-"},
    {row("created", Timestamp),                                      "RR-RRR-"},
    {row("modified", Timestamp),                                     "RR-RR--"},
    {row("revoked", Boolean),                                        "oo-oo--"},
    {row("labels").list(),                                           "oo-oo--"},
    {row("confidence", Integer).from(0).upto(100),                   "oo--o--"},
    {row("lang", Language),                                          "oo-----"},
    {structure("external_references", kExternalReference).list(),    "oo-ooo-"},
    {ref("object_marking_refs", "marking-definition").list(),        "oooooo-"},
    {structure("granular_markings", kGranularMarking).list(),        "oooooo-"},
    {row("defanged", Boolean),                                       "--o----"},
    {row("extensions", Extensions),                                  "ooo-oo-"},
};
// clang-format on

void add_common(std::vector<Property>& into, Kind kind) {
  for (const auto& common : kCommon) {
    const char use = common.columns[static_cast<std::size_t>(kind)];
    if (use != '-') into.push_back(use == 'R' ? common.property.must() : common.property);
  }
}

void sort_rows(std::vector<Property>& rows) {
  std::sort(rows.begin(), rows.end(), [](const Property& a, const Property& b) { return a.name < b.name; });
}

// Made once, of constants, and never changed.
struct Tables {
  std::vector<std::vector<Property>> rows;
  std::vector<Type> types;
  std::vector<Property> common[7];

  Tables() {
    for (const auto own : {own_domain_types(), own_observable_types()})
      for (const auto& type : own) {
        auto& all = rows.emplace_back(type.properties.begin(), type.properties.end());
        add_common(all, type.kind);
        sort_rows(all);
        assert(all.size() <= 64);
        types.push_back({type.name, type.kind, type.section, {}, type.id_properties, type.extensions, type.needs_one});
      }
    for (std::size_t i = 0; i < types.size(); ++i) types[i].properties = rows[i];
    std::sort(types.begin(), types.end(), [](const Type& a, const Type& b) { return a.name < b.name; });
    for (std::size_t kind = 0; kind < 7; ++kind) {
      add_common(common[kind], static_cast<Kind>(kind));
      sort_rows(common[kind]);
    }
  }
};

const Tables& tables() {
  static const Tables made;
  return made;
}

}  // namespace

std::span<const Type> all_types() { return tables().types; }

const Type* type_of(std::string_view name) {
  const auto& types = tables().types;
  const auto found = std::lower_bound(types.begin(), types.end(), name, [](const Type& type, std::string_view wanted) { return type.name < wanted; });
  return found != types.end() && found->name == name ? &*found : nullptr;
}

const Property* property_of(std::span<const Property> properties, std::string_view name) {
  const auto found = std::lower_bound(properties.begin(), properties.end(), name, [](const Property& property, std::string_view wanted) { return property.name < wanted; });
  return found != properties.end() && found->name == name ? &*found : nullptr;
}

std::span<const Property> common_of(Kind kind) { return tables().common[static_cast<std::size_t>(kind)]; }

bool has_word(std::string_view list, std::string_view word) {
  for (std::size_t from = 0; from < list.size();) {
    const auto end = std::min(list.find(' ', from), list.size());
    if (list.substr(from, end - from) == word) return true;
    from = end + 1;
  }
  return false;
}

bool may_refer_to(std::string_view refers_to, std::string_view type) {
  if (refers_to.empty()) return true;
  const auto* known = type_of(type);
  if (refers_to.contains('@')) {
    if (known == nullptr) return has_word(refers_to, "@custom");
    switch (known->kind) {
      case Kind::Domain: if (has_word(refers_to, "@domain")) return true; break;
      case Kind::Relationship: if (has_word(refers_to, "@relationship")) return true; break;
      case Kind::Observable: if (has_word(refers_to, "@observable")) return true; break;
      default: break;
    }
  }
  return has_word(refers_to, type);
}

}  // namespace sluice::threat::stix
