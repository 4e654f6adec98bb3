// One object: its properties against its type's table (STIX 2.1 §2, §3), then what each topic adds.
#include <algorithm>
#include <cmath>

#include "base/utf8.h"
#include "formats/stix/parts.h"
#include "formats/stix/values.h"
#include "threat/object.h"
#include "threat/object_id.h"

namespace sluice::formats::stix {

namespace {

using tables::Kind;
using tables::Property;
using tables::Value;

// Which check watches over an open vocabulary's words.
int check_of(tables::Vocabulary vocabulary) {
  using enum tables::Vocabulary;
  switch (vocabulary) {
    case AttackMotivation: return 211;
    case AttackResourceLevel: return 212;
    case IdentityClass: return 213;
    case IndicatorType: return 214;
    case IndustrySector: return 215;
    case MalwareType: return 216;
    case ReportType: return 218;
    case ThreatActorType: return 219;
    case ThreatActorRole: return 220;
    case ThreatActorSophistication: return 221;
    case ToolType: return 222;
    case Region: return 223;
    case GroupingContext: return 225;
    case ImplementationLanguage: return 226;
    case InfrastructureType: return 227;
    case MalwareCapabilities: return 228;
    case ProcessorArchitecture: return 230;
    case MalwareResult: return 231;
    case WindowsPebinaryType: return 243;
    case AccountType: return 244;
    case PatternType: return 245;
    default: return 0;
  }
}

std::string quoted_word(std::string_view text) { return "\"" + std::string(cut_utf8(text, 80)) + (text.size() > 80 ? "…\"" : "\""); }

void check_word(std::string_view text, tables::Vocabulary vocabulary, const Place& place, Found& found) {
  if (tables::has_word(vocabulary, text)) return;
  const auto& words = tables::words_of(vocabulary);
  if (words.is_closed) {
    std::string all;
    for (const auto word : words.words) all += (all.empty() ? "" : ", ") + std::string(word);
    return found.error(place, "§2.4", quoted_word(text) + " is no value of " + std::string(words.name) + ". Those are: " + all + ".");
  }
  if (const auto check = check_of(vocabulary); check != 0) found.warn(check, place, quoted_word(text) + " is not one of the words that " + std::string(words.name) + " suggests.");
  // §2.13: words of one's own are lower-case with hyphens.
  if (!is_open_word(text)) found.warn(checks::kOpenVocabFormat, place, quoted_word(text) + " should be in lower case, with hyphens between words.");
}

void check_reference(std::string_view text, const Property& property, const Subject& subject, const Place& place, Found& found) {
  // §4.14: an observable inside an observed-data's container refers to others by their keys.
  if (subject.container != nullptr && property.name != "id" && property.name != "object_marking_refs" && property.name != "marking_ref") {
    const auto* target = subject.container->objects->if_contains(text);
    if (target == nullptr) return found.error(place, "§4.14 observable_object_references", "There is no object " + quoted_word(text) + " among these observables.");
    if (const auto type = string_at(*target, "type"); !type.empty() && !tables::may_refer_to(property.refers_to, type))
      found.error(place, "§4.14 observable_object_references", "This must refer to one of: " + std::string(property.refers_to) + ".");
    return;
  }
  const auto id = threat::identifier_of(text);
  if (!id) return found.error(place, "§2.9", quoted_word(text) + " is no identifier: a type's name, two hyphens and a UUID.");
  if (!is_uuid_of_rfc4122(id->uuid)) return found.error(place, "§2.9", "This identifier's UUID is none of RFC 4122: its version must be 1 to 5 and its variant 8 to b.");
  if (property.name != "id" && !tables::may_refer_to(property.refers_to, id->type)) {
    std::string allowed;
    for (const char c : property.refers_to) {
      if (c == ' ') allowed += ", ";
      else if (c != '@') allowed += c;
    }
    found.error(place, "§" + std::string(subject.type != nullptr ? subject.type->section : "3.2"), "This refers to " + std::string(id->type) + ", and may only refer to: " + allowed + ".");
  }
}

bool is_whole(const json::value& value) { return value.is_int64() || value.is_uint64() || (value.is_double() && std::trunc(value.get_double()) == value.get_double()); }

void check_number(const json::value& value, const Property& property, const Place& place, Found& found) {
  const double number = value.is_int64() ? static_cast<double>(value.get_int64()) : value.is_uint64() ? static_cast<double>(value.get_uint64()) : value.get_double();
  if (property.least != INT64_MIN && number < static_cast<double>(property.least)) return found.error(place, "§2.10", "This must be at least " + std::to_string(property.least) + ".");
  if (property.most != INT64_MAX && number > static_cast<double>(property.most)) return found.error(place, "§2.10", "This must be at most " + std::to_string(property.most) + ".");
  // §2.10: what a double holds exactly.
  if (property.value == Value::Integer && std::abs(number) > 9007199254740991.0) found.error(place, "§2.10", "This integer is outside of −(2^53)+1 to (2^53)−1.");
}

void check_timestamp(std::string_view text, const Property& property, const Place& place, Found& found) {
  if (!is_timestamp(text)) return found.error(place, "§2.15 timestamp", quoted_word(text) + " is no timestamp such as 2016-01-20T12:31:12.123Z.");
  // §3.2: these two at least to the millisecond. §6.7.6: this one to the second.
  if ((property.name == "created" || property.name == "modified") && fraction_digits(text) < 3) found.error(place, "§3.2", "This must be precise to the millisecond: three digits after the decimal point.");
  if (property.name == "time_date_stamp" && fraction_digits(text) > 0) found.error(place, "§6.7.6", "This must be precise to the second: no fraction.");
}

// Words for what a value should have been.
std::string_view wanted(Value value) {
  switch (value) {
    case Value::Integer: return "an integer";
    case Value::Float: return "a number";
    case Value::Boolean: return "true or false";
    case Value::Dictionary: case Value::Hashes: case Value::Structure: case Value::Extensions: case Value::Container: case Value::Contents: return "an object";
    default: return "a string";
  }
}

bool has_kind(const json::value& value, Value wanted) {
  switch (wanted) {
    case Value::Integer: return is_whole(value);
    case Value::Float: return value.is_number();
    case Value::Boolean: return value.is_bool();
    case Value::Dictionary: case Value::Hashes: case Value::Structure: case Value::Extensions: case Value::Container: case Value::Contents: return value.is_object();
    case Value::Objects: case Value::Any: return true;
    default: return value.is_string();
  }
}

void check_item(const json::value& value, const Property& property, const Subject& subject, const Place& place, Found& found) {
  if (!has_kind(value, property.value)) return found.error(place, "§2", "This must be " + std::string(wanted(property.value)) + ".");
  switch (property.value) {
    case Value::String:
      if (property.vocabulary != tables::Vocabulary::None) check_word(value.get_string(), property.vocabulary, place, found);
      break;
    case Value::Integer: case Value::Float: check_number(value, property, place, found); break;
    case Value::Boolean: break;
    case Value::Timestamp: check_timestamp(value.get_string(), property, place, found); break;
    case Value::Identifier: check_reference(value.get_string(), property, subject, place, found); break;
    case Value::Hex: if (!is_hex_text(value.get_string())) found.error(place, "§2.8", "This must be hexadecimal digits, an even number of them."); break;
    case Value::Binary: if (!is_base64_text(value.get_string())) found.error(place, "§2.1", "This must be base64 (RFC 4648), padded."); break;
    case Value::Url: if (!is_url(value.get_string())) found.error(place, "§2.5", quoted_word(value.get_string()) + " is no URL (RFC 3986)."); break;
    case Value::Language: if (!is_language_code(value.get_string())) found.error(place, "§3.2 language", quoted_word(value.get_string()) + " is no language code (RFC 5646)."); break;
    case Value::Dictionary: check_dictionary(value, place, found); break;
    case Value::Hashes: check_hashes(value, place, found, subject.kind == Kind::Observable); break;
    case Value::Structure: check_structure(value, *property.shape, subject, place, found); break;
    case Value::Extensions: check_extensions(subject, place, found); break;
    case Value::Container: case Value::Contents: case Value::Objects: case Value::Any: break;   // their topics look into them
  }
}

void check_reserved(std::string_view name, const Place& place, Found& found) {
  // §3.8: kept for the future.
  for (const auto reserved : {"severity", "username", "phone_number", "phone_numbers", "action"})
    if (name == reserved) found.error(place, "§3.8", "The property name \"" + std::string(name) + "\" is reserved.");
}

// A property that the type's table doesn't have.
void check_custom_property(std::string_view name, const json::value& value, const Subject& subject, const Place& place, Found& found) {
  check_reserved(name, place, found);
  check_unknown_value(value, place, found);
  // §3.1: what the end of a name promises.
  const auto is_not = [&](bool (*fits)(std::string_view)) { return !value.is_string() || !fits(value.get_string()); };
  if (name.size() > 4 && name.ends_with("_bin") && is_not(is_base64_text)) found.error(place, "§3.1", "A property whose name ends in _bin must be base64 (§2.1).");
  if (name.size() > 4 && name.ends_with("_hex") && is_not(is_hex_text)) found.error(place, "§3.1", "A property whose name ends in _hex must be hexadecimal digits (§2.8).");
  // §3.1: how a text is encoded says nothing without the text.
  if (name.size() > 4 && name.ends_with("_enc") && subject.at(name.substr(0, name.size() - 4)) == nullptr)
    found.error(place, "§3.1", "A property whose name ends in _enc must have the property beside it whose encoding it tells.");
  // §3.2: only what an observable holds can be defanged.
  if (name == "defanged" && subject.kind != Kind::Observable && subject.kind != Kind::Bundle) found.error(place, "§3.2", "Only observables may have the property \"defanged\".");
  check_custom_name(name, subject, place, found);
}

void check_uuid(const Subject& subject, std::string_view id_text, const Place& place, Found& found) {
  const auto id = threat::identifier_of(id_text);
  if (!id) return;   // said elsewhere
  const bool is_observable = subject.kind == Kind::Observable;
  if (!is_observable) {
    if (id->version() != '4') found.warn(checks::kUuidCheck, place, "The UUID of an object that is no observable should be of version 4.");
    return;
  }
  if (subject.type == nullptr) {
    if (id->version() != '5') found.warn(checks::kUuidCheck, place, "The UUID of an observable should be of version 5.");
    return;
  }
  bool contributes = false;
  for (std::string_view rest = subject.type->id_properties; !rest.empty() && !contributes;) {
    const auto end = std::min(rest.find(' '), rest.size());
    contributes = subject.at(rest.substr(0, end)) != nullptr;
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  if (!contributes) {
    // §2.9: nothing to make it of.
    if (id->version() != '4') found.error(place, "§2.9 uuid_version_check", "No property of this object contributes to its id, so its UUID must be of version 4.");
    return;
  }
  if (id->version() != '5') return found.warn(checks::kUuidCheck, place, "The UUID of an observable should be of version 5, made of what it says.");
  // §2.9: an observable with versions of its own is another thing than the one that anybody would name so.
  if ((subject.at("created") != nullptr || subject.at("modified") != nullptr || subject.at("revoked") != nullptr) && threat::deterministic_id(subject.object) == id_text)
    found.error(place, "§2.9", "An observable with created, modified or revoked must not have an id of the standard's own namespace.");
}

void check_presence(const Subject& subject, std::uint64_t seen, const Place& place, Found& found) {
  for (std::size_t i = 0; i < subject.properties.size(); ++i)
    if (subject.properties[i].is_required && (seen >> i & 1) == 0)
      found.error(place, subject.type != nullptr ? "§" + std::string(subject.type->section) : "§3.2",
                  "The required property \"" + std::string(subject.properties[i].name) + "\" is missing." +
                      (subject.properties[i].name == "spec_version" ? " An object of STIX 2.0 has none: this is judged as STIX 2.1." : ""));
}

// Which kinds of extension the object says it uses (§7.3).
void read_extension_kinds(Subject& subject) {
  const auto* extensions = subject.at("extensions");
  if (extensions == nullptr || !extensions->is_object()) return;
  for (const auto& extension : extensions->get_object()) {
    const auto type = string_at(extension.value(), "extension_type");
    if (type == "toplevel-property-extension") subject.has_toplevel_extension = true;
    if (!type.starts_with("new-")) continue;
    subject.has_new_type_extension = true;
    if (subject.type == nullptr) subject.kind = type == "new-sco" ? Kind::Observable : type == "new-sro" ? Kind::Relationship : Kind::Domain;
  }
}

void check_properties(const Subject& subject, const Place& place, Found& found) {
  std::uint64_t seen = 0;
  for (const auto& member : subject.object) {
    const std::string_view name = member.key();
    const auto here = place.at(name);
    if (member.value().is_null()) {
      found.error(here, "§2.12", "A property must not be null: leave it out.");
      continue;
    }
    const auto* property = tables::property_of(subject.properties, name);
    if (property == nullptr) {
      if (!is_property_name(name)) found.error(here, "§3.1", "A property's name must be 3 to 250 lower-case letters, digits and underscores, a letter first.");
      check_custom_property(name, member.value(), subject, here, found);
      // A common property that this kind of object doesn't use still has its own values.
      if (const auto* common = tables::property_of(tables::common_of(Kind::Domain), name); common != nullptr && common->value != Value::Extensions && subject.kind != Kind::Observable && subject.kind != Kind::Bundle)
        check_value(member.value(), *common, subject, here, found);
      continue;
    }
    seen |= std::uint64_t{1} << (property - subject.properties.data());
    if (property->is_deprecated) found.warn(checks::kDeprecatedProperties, here, "\"" + std::string(name) + "\" is deprecated.");
    check_value(member.value(), *property, subject, here, found);
  }
  check_presence(subject, seen, place, found);
}

}  // namespace

void check_value(const json::value& value, const Property& property, const Subject& subject, const Place& place, Found& found) {
  if (!property.is_list) return check_item(value, property, subject, place, found);
  if (!value.is_array()) return found.error(place, "§2.12", "This must be a list.");
  const auto& items = value.get_array();
  if (items.empty()) return found.error(place, "§2.12", "A list must not be empty: leave the property out.");
  for (std::size_t i = 0; i < items.size(); ++i) {
    if (items[i].is_null()) found.error(place.at(i), "§2.12", "An item of a list must not be null.");
    else check_item(items[i], property, subject, place.at(i), found);
  }
}

void check_structure(const json::value& value, const tables::Shape& shape, const Subject& subject, const Place& place, Found& found) {
  if (!value.is_object()) return found.error(place, "§" + std::string(shape.section), "This must be an object: " + std::string(shape.name) + ".");
  std::uint64_t seen = 0;
  for (const auto& member : value.get_object()) {
    const auto here = place.at(std::string_view(member.key()));
    const auto* property = tables::property_of(shape.properties, member.key());
    if (member.value().is_null()) {
      found.error(here, "§2.12", "A property must not be null: leave it out.");
    } else if (property == nullptr) {
      if (shape.is_closed) found.error(here, "§" + std::string(shape.section), "A " + std::string(shape.name) + " has no property of this name.");
      else check_unknown_value(member.value(), here, found);
      if (!shape.is_closed && subject.kind == Kind::Observable) check_custom_name(member.key(), subject, here, found);
    } else {
      seen |= std::uint64_t{1} << (property - shape.properties.data());
      check_value(member.value(), *property, subject, here, found);
    }
  }
  for (std::size_t i = 0; i < shape.properties.size(); ++i)
    if (shape.properties[i].is_required && (seen >> i & 1) == 0)
      found.error(place, "§" + std::string(shape.section), "The required property \"" + std::string(shape.properties[i].name) + "\" is missing from this " + std::string(shape.name) + ".");
  // Those that are demanded anyway don't count: §6.7.6 wants one beside pe_type.
  std::uint64_t optional = 0;
  for (std::size_t i = 0; i < shape.properties.size(); ++i) optional |= std::uint64_t{shape.properties[i].is_required ? 0u : 1u} << i;
  if (shape.needs_one && (shape.is_closed ? value.get_object().empty() : (seen & optional) == 0)) found.error(place, "§" + std::string(shape.section), "A " + std::string(shape.name) + " must have at least one of its properties.");
  if (shape.name == "external reference") check_external_reference(value.get_object(), place, found);
  if (shape.name == "kill chain phase")
    for (const auto* name : {"kill_chain_name", "phase_name"})
      if (const auto* text = value.get_object().if_contains(name); text != nullptr && text->is_string() && !is_open_word(text->get_string()))
        found.warn(checks::kKillChainNames, place.at(std::string_view(name)), quoted_word(text->get_string()) + " should be in lower case, with hyphens between words.");
}

void check_unknown_value(const json::value& value, const Place& place, Found& found) {
  if (value.is_null()) found.error(place, "§2.12", "There must be no null: leave it out.");
  if (value.is_array()) {
    const auto& items = value.get_array();
    if (items.empty()) found.error(place, "§2.12", "A list must not be empty: leave the property out.");
    for (std::size_t i = 0; i < items.size(); ++i) check_unknown_value(items[i], place.at(i), found);
  }
  if (value.is_object()) {
    if (value.get_object().empty()) found.error(place, "§2.3", "A dictionary must not be empty: leave the property out.");
    for (const auto& member : value.get_object()) check_unknown_value(member.value(), place.at(std::string_view(member.key())), found);
  }
}

void check_one(const json::value& value, const Place& place, Found& found, const Container* container) {
  if (!value.is_object()) return found.error(place, "§3", "A STIX object must be a JSON object.");
  check_one(value.get_object(), place, found, container);
}

void check_one(const json::object& object, const Place& place, Found& found, const Container* container) {
  Subject subject{.object = object, .container = container};
  const auto* type = subject.at("type");
  if (type == nullptr || !type->is_string()) return found.error(place.at("type"), "§3.2", "A STIX object must have a type, a string.");
  const auto name = subject.name();
  if (!threat::is_type_name(name)) return found.error(place.at("type"), "§3.1", "A type's name must be 3 to 250 lower-case letters and digits, with single hyphens between words.");
  if (name == "action") found.error(place.at("type"), "§3.8", "The type name \"action\" is reserved.");
  subject.type = tables::type_of(name);
  if (subject.type != nullptr) subject.kind = subject.type->kind;
  read_extension_kinds(subject);
  subject.properties = subject.type != nullptr ? subject.type->properties : tables::common_of(subject.kind);

  if (subject.type == nullptr) check_custom_type(subject, place.at("type"), found);
  check_properties(subject, place, found);
  if (const auto id = subject.text("id"); !id.empty()) {
    if (const auto known = threat::identifier_of(id); known && known->type != name) found.error(place.at("id"), "§2.9", "This id must begin with \"" + std::string(name) + "--\".");
    check_uuid(subject, id, place.at("id"), found);
  }
  if (const auto* version = subject.at("spec_version"); version != nullptr && version->is_string() && version->get_string() != "2.1" && subject.kind != Kind::Bundle)
    found.error(place.at("spec_version"), "§3.2", "spec_version must be \"2.1\".");
  // §3.6: first made, then changed.
  const auto created = subject.text("created"), modified = subject.text("modified");
  if (subject.kind != Kind::Observable && is_timestamp(created) && is_timestamp(modified) && compare_timestamps(modified, created) < 0)
    found.error(place.at("modified"), "§3.6 timestamp_compare", "modified must not be before created.");

  check_markings(subject, place, found);
  if (subject.type == nullptr) return;
  check_conditions(subject, place, found);
  if (subject.kind == Kind::Observable) check_observable(subject, place, found);
  if (subject.kind == Kind::Bundle) check_bundle(subject.object, place, found);
}

}  // namespace sluice::formats::stix
