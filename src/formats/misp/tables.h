// Which MISP type stands for what in STIX 2.1: the tables that import, export and the documentation share. Made by make_tables.py.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace sluice::formats::misp {

// How a value is written in STIX, and what it must look like to be one (value.h).
enum class As : std::uint8_t { None, Text, Number, Address, Domain, HexHash, Mac, RegistryKey, Time, Boolean, Lower, Url };

struct Field {
  std::string_view path;   // within the root's type, as a pattern writes it
  As as = As::None;
};

struct AttributeRow {
  std::string_view type, category;   // MISP's; the category stands in where none is known
  std::string_view root;             // the observable's type; "address": ipv4-addr or ipv6-addr, as the value is
  Field fields[2];                   // in the order of the value's parts, which '|' divides
  std::string_view fixed_path, fixed_value;
  bool is_pattern_only;              // nothing that could be observed by itself
  bool is_for_export;                // another way to write the same, that others use
};

struct ObjectField {
  std::string_view relation, path;
  As as;
};
// Several rows of one template are tried in their order: the first whose first field has a value; the last one in any case.
struct ObjectRow {
  std::string_view name, root;
  std::span<const ObjectField> fields;
  std::string_view fixed_path, fixed_value;
};

struct SdoField {
  std::string_view relation, property;
};
struct SdoRow {
  std::string_view name, type;
  std::span<const SdoField> fields;
  std::string_view fixed_path, fixed_value;
};

struct RuleRow {
  std::string_view name;           // an object's template, or "" for an attribute
  std::string_view relation;       // where in it the rule stands, or the attribute's type
  std::string_view pattern_type;
};
struct NamedRow {
  std::string_view type, stix, category;
};
struct GalaxyRow {
  std::string_view galaxy, stix;
};

std::span<const AttributeRow> attribute_rows();
std::span<const ObjectRow> object_rows();
std::span<const SdoRow> sdo_rows();
std::span<const RuleRow> rule_rows();
std::span<const NamedRow> named_rows();
std::span<const GalaxyRow> galaxy_rows();   // by name

}  // namespace sluice::formats::misp
