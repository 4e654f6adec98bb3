// What isn't in the standard's tables: extensions, their definitions, and custom types and properties (STIX 2.1 §7.3, §11).
#include "formats/stix/parts.h"
#include "formats/stix/values.h"
#include "threat/object.h"

namespace sluice::formats::stix {

namespace {

// x-SOURCE-NAME: the prefix, something, the separator, something.
bool has_source_prefix(std::string_view name, std::string_view prefix) {
  if (!name.starts_with(prefix)) return false;
  const auto second = name.find(prefix.back(), prefix.size() + 1);
  return second != name.npos && second + 1 < name.size();
}

void check_prefix(std::string_view name, std::string_view prefix, std::string_view what, const Place& place, Found& found) {
  if (!has_source_prefix(name, prefix))
    found.warn(checks::kCustomPrefix, place, std::string(what) + " should be made by an extension, or its name should begin with \"" + std::string(prefix) + "\", a source and \"" + prefix.back() + "\".");
  if (!name.starts_with(prefix) || name.size() == prefix.size()) found.warn(checks::kCustomPrefixLax, place, std::string(what) + " should have a name that begins with \"" + std::string(prefix) + "\".");
}

// [a-z][a-z0-9]*(-[a-z0-9]+)*-ext
bool is_extension_name(std::string_view key) { return key.size() > 4 && key.ends_with("-ext") && threat::is_type_name(key); }

}  // namespace

void check_custom_type(const Subject& subject, const Place& place, Found& found) {
  if (found.options().strict_types) found.error(place, "§11.2 types_strict", "\"" + std::string(subject.name()) + "\" is no type of the standard.");
  if (subject.has_new_type_extension || subject.name() == "action") return;
  check_prefix(subject.name(), "x-", "A type of one's own", place, found);
  found.warn(checks::kExtensionsUse, place, "A type of one's own should be made by an extension definition.");
}

void check_custom_name(std::string_view name, const Subject& subject, const Place& place, Found& found) {
  // Properties of a type of one's own are its own.
  if (subject.type == nullptr) return;
  if (found.options().strict_properties) found.error(place, "§11.1 properties_strict", "\"" + std::string(name) + "\" is no property that the standard has here.");
  if (subject.has_toplevel_extension) return;
  check_prefix(name, "x_", "A property of one's own", place, found);
  found.warn(checks::kExtensionsUse, place, "A property of one's own should be made by an extension definition.");
}

void check_extensions(const Subject& subject, const Place& place, Found& found) {
  const auto& extensions = subject.at("extensions")->get_object();
  if (extensions.empty()) return found.error(place, "§2.3", "A dictionary must not be empty: leave the property out.");
  for (const auto& member : extensions) {
    const std::string_view key = member.key();
    const auto here = place.at(key);
    const auto& value = member.value();
    if (!value.is_object()) {
      found.error(here, "§7.3", "An extension must be an object.");
      continue;
    }
    if (const auto id = threat::identifier_of(key); id && id->type == "extension-definition") {
      if (!is_uuid_of_rfc4122(id->uuid)) found.error(here, "§2.9", "This identifier's UUID is none of RFC 4122.");
      const auto* kind = value.get_object().if_contains("extension_type");
      if (kind == nullptr) found.error(here, "§7.3", "An extension must say its extension_type.");
      else if (!kind->is_string() || !tables::has_word(tables::Vocabulary::ExtensionType, kind->get_string()))
        found.error(here.at("extension_type"), "§7.3", "This must be one of new-sdo, new-sco, new-sro, property-extension, toplevel-property-extension.");
      check_unknown_value(value, here, found);
    } else if (!is_extension_name(key) || subject.kind == tables::Kind::MarkingDefinition) {
      found.error(here, "§7.3", "The key of an extension must be the id of its extension definition, or one of the names that the standard gives.");
    } else if (const auto* shape = tables::extension_of(key); shape != nullptr && subject.type != nullptr && tables::has_word(subject.type->extensions, key)) {
      check_structure(value, *shape, subject, here, found);
    } else {
      check_unknown_value(value, here, found);
      if (found.options().strict_properties && subject.type != nullptr) found.error(here, "§11.1 properties_strict", "\"" + std::string(key) + "\" is no extension that the standard has for " + std::string(subject.name()) + ".");
      check_prefix(key, "x-", "An extension without a definition", here, found);
      found.warn(checks::kExtensionsUse, here, "An extension should be named by the id of its extension definition.");
    }
  }
}

void check_extension_definition(const Subject& subject, const Place& place, Found& found) {
  if (subject.at("description") == nullptr) found.warn(checks::kExtensionDescription, place, "An extension definition should have a description.");
  bool is_toplevel = false;
  if (const auto* types = subject.at("extension_types"); types != nullptr && types->is_array())
    for (const auto& type : types->get_array()) is_toplevel = is_toplevel || (type.is_string() && type.get_string() == "toplevel-property-extension");
  const auto* properties = subject.at("extension_properties");
  if (is_toplevel && properties == nullptr) found.warn(checks::kExtensionProperties, place, "An extension that adds top-level properties should list them in extension_properties.");
  if (!is_toplevel && properties != nullptr) found.error(place.at("extension_properties"), "§7.3", "Only an extension that adds top-level properties may list any.");
}

}  // namespace sluice::formats::stix
