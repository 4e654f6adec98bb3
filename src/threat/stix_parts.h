// How rows of the tables are written, shared by the files that hold them.
#pragma once

#include <algorithm>
#include <array>

#include "threat/stix_tables.h"

namespace sluice::threat::stix {

constexpr Property row(std::string_view name, Value value = Value::String) { return {.name = name, .value = value}; }
constexpr Property structure(std::string_view name, const Shape& shape) { return {.name = name, .value = Value::Structure, .shape = &shape}; }
constexpr Property ref(std::string_view name, std::string_view types) { return Property{.name = name, .value = Value::Identifier}.to(types); }
constexpr Property words(std::string_view name, Vocabulary vocabulary) { return Property{.name = name}.of(vocabulary); }

template <std::size_t N>
consteval std::array<Property, N> by_name(std::array<Property, N> rows) {
  std::sort(rows.begin(), rows.end(), [](const Property& a, const Property& b) { return a.name < b.name; });
  return rows;
}
template <class... P>
consteval std::array<Property, sizeof...(P)> properties(P... rows) { return by_name(std::array<Property, sizeof...(P)>{rows...}); }

// A type as its own section lists it; stix_tables.cpp adds the common properties.
struct OwnType {
  std::string_view name;
  Kind kind;
  std::string_view section;
  std::span<const Property> properties;
  std::string_view id_properties = {};
  std::string_view extensions = {};
  bool needs_one = false;
};
std::span<const OwnType> own_domain_types();       // §4, §5, §7, §8
std::span<const OwnType> own_observable_types();   // §6

}  // namespace sluice::threat::stix
