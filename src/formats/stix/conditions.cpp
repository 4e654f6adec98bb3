// What the section of a domain, relationship or meta object demands beyond its table: STIX 2.1 §4, §5, §7.
#include <algorithm>

#include "base/countries.h"
#include "formats/stix/parts.h"
#include "formats/stix/values.h"
#include "threat/object.h"

namespace sluice::formats::stix {

namespace {

struct Order {
  std::string_view type, earlier, later;
  bool may_be_equal = true;
};

constexpr Order kOrders[] = {
    {"campaign", "first_seen", "last_seen"},
    {"indicator", "valid_from", "valid_until", false},
    {"infrastructure", "first_seen", "last_seen"},
    {"intrusion-set", "first_seen", "last_seen"},
    {"malware", "first_seen", "last_seen"},
    {"network-traffic", "start", "end"},
    {"observed-data", "first_observed", "last_observed"},
    {"relationship", "start_time", "stop_time", false},
    {"sighting", "first_seen", "last_seen"},
    {"threat-actor", "first_seen", "last_seen"},
};

void check_orders(const Subject& subject, const Place& place, Found& found) {
  for (const auto& order : kOrders) {
    if (order.type != subject.type->name) continue;
    const auto earlier = subject.text(order.earlier), later = subject.text(order.later);
    if (!is_timestamp(earlier) || !is_timestamp(later)) return;
    const auto compared = compare_timestamps(later, earlier);
    if (compared < 0 || (compared == 0 && !order.may_be_equal))
      found.error(place.at(order.later), "§" + std::string(subject.type->section) + (subject.kind == tables::Kind::Observable ? " observable_timestamp_compare" : " timestamp_compare"),
                  std::string(order.later) + (order.may_be_equal ? " must not be before " : " must be after ") + std::string(order.earlier) + ".");
  }
}

void indicator(const Subject& subject, const Place& place, Found& found) {
  if (subject.at("name") == nullptr || subject.at("description") == nullptr) found.warn(checks::kIndicatorProperties, place, "An indicator should have both a name and a description.");
  if (subject.text("pattern_type") == "stix" && subject.at("pattern") != nullptr && subject.at("pattern")->is_string()) check_pattern(subject.text("pattern"), subject.text("pattern_version"), place.at("pattern"), found);
}

void location(const Subject& subject, const Place& place, Found& found) {
  const bool has_latitude = subject.at("latitude") != nullptr, has_longitude = subject.at("longitude") != nullptr;
  if (has_latitude != has_longitude) found.error(place, "§4.10", "latitude and longitude must stand together.");
  if (subject.at("precision") != nullptr && !(has_latitude && has_longitude)) found.error(place.at("precision"), "§4.10", "precision must have latitude and longitude beside it.");
  if (subject.at("region") == nullptr && subject.at("country") == nullptr && !(has_latitude && has_longitude))
    found.error(place, "§4.10", "A location must have a region, a country, or latitude and longitude.");
  if (const auto* country = subject.at("country"); country != nullptr && country->is_string() && found.wants(checks::kCountries)) {
    std::string capitals(country->get_string());
    std::transform(capitals.begin(), capitals.end(), capitals.begin(), [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c; });
    if (!is_country(capitals)) found.warn(checks::kCountries, place.at("country"), "This should be a country's two letters (ISO 3166-1 alpha-2).");
  }
}

void malware(const Subject& subject, const Place& place, Found& found) {
  const auto* is_family = subject.at("is_family");
  if (is_family != nullptr && is_family->is_bool() && is_family->get_bool() && subject.at("name") == nullptr) found.error(place, "§4.11", "A malware family must have a name.");
}

void malware_analysis(const Subject& subject, const Place& place, Found& found) {
  if (subject.at("result") == nullptr && subject.at("analysis_sco_refs") == nullptr) found.error(place, "§4.12", "A malware analysis must have at least one of result and analysis_sco_refs.");
  if (const auto* product = subject.at("product"); product != nullptr && product->is_string() && !is_name_with_hyphens(product->get_string()))
    found.warn(checks::kMalwareAnalysisProduct, place.at("product"), "The product's name should be in lower case, with hyphens between words.");
}

void observed_data(const Subject& subject, const Place& place, Found& found) {
  const auto* objects = subject.at("objects");
  const auto* refs = subject.at("object_refs");
  if ((objects == nullptr) == (refs == nullptr)) found.error(place, "§4.14", "Observed data must have exactly one of object_refs and objects.");
  if (refs != nullptr && refs->is_array()) {
    const auto is_relation = [](const json::value& ref) { return ref.is_string() && (ref.get_string().starts_with("relationship--") || ref.get_string().starts_with("sighting--")); };
    const auto& all = refs->get_array();
    if (!all.empty() && std::all_of(all.begin(), all.end(), is_relation)) found.error(place.at("object_refs"), "§4.14", "At least one of these must be an observable.");
  }
  if (objects == nullptr || !objects->is_object()) return;
  if (objects->get_object().empty()) found.error(place.at("objects"), "§2.3", "A dictionary must not be empty.");
  const Container container{&objects->get_object()};
  for (const auto& member : objects->get_object()) {
    const std::string_view key = member.key();
    const auto here = place.at("objects"), item = here.at(key);
    if (key.empty() || !std::all_of(key.begin(), key.end(), [](char c) { return c >= '0' && c <= '9'; })) found.warn(checks::kObservableObjectKeys, item, "The keys of observables should be whole numbers.");
    // Within the container only observables stand, those of one's own among them.
    if (const auto* type = tables::type_of(string_at(member.value(), "type")); type != nullptr && type->kind != tables::Kind::Observable) {
      found.error(item.at("type"), "§4.14", "Only observables may stand here.");
      continue;
    }
    check_one(member.value(), item, found, &container);
  }
}

void relationship(const Subject& subject, const Place& place, Found& found) {
  const auto type = subject.text("relationship_type");
  const auto* value = subject.at("relationship_type");
  if (value != nullptr && value->is_string() && !is_name_with_hyphens(type)) return found.error(place.at("relationship_type"), "§5.1", "A relationship's type must be lower-case letters, digits and hyphens.");
  const auto source = threat::identifier_of(subject.text("source_ref")), target = threat::identifier_of(subject.text("target_ref"));
  if (type.empty() || !source || !target || !found.wants(checks::kRelationshipTypes)) return;
  // Objects of one's own have relationships of one's own.
  if (tables::type_of(source->type) == nullptr || tables::type_of(target->type) == nullptr || tables::is_relationship(source->type, type, target->type)) return;
  found.warn(checks::kRelationshipTypes, place.at("relationship_type"),
             tables::has_relationship_type(source->type, type)
                 ? "The standard knows no \"" + std::string(type) + "\" from " + std::string(source->type) + " to " + std::string(target->type) + "."
                 : "\"" + std::string(type) + "\" is no relationship type that the standard suggests for " + std::string(source->type) + ".");
}

void language_content(const Subject& subject, const Place& place, Found& found) {
  const auto* contents = subject.at("contents");
  if (contents == nullptr || !contents->is_object()) return;
  if (contents->get_object().empty()) found.error(place.at("contents"), "§2.3", "A dictionary must not be empty.");
  for (const auto& language : contents->get_object()) {
    const auto all = place.at("contents"), here = all.at(std::string_view(language.key()));
    if (!is_language_code(language.key())) found.error(here, "§7.1 language_contents", "Each key must be a language code (RFC 5646).");
    if (!language.value().is_object()) found.error(here, "§7.1 language_contents", "Each language must have an object: property names and their translations.");
    else check_unknown_value(language.value(), here, found);
  }
}

struct Conditions {
  std::string_view type;
  void (*check)(const Subject&, const Place&, Found&);
};

constexpr Conditions kConditions[] = {
    {"extension-definition", check_extension_definition},
    {"indicator", indicator},
    {"language-content", language_content},
    {"location", location},
    {"malware", malware},
    {"malware-analysis", malware_analysis},
    {"observed-data", observed_data},
    {"relationship", relationship},
};

}  // namespace

void check_conditions(const Subject& subject, const Place& place, Found& found) {
  check_orders(subject, place, found);
  for (const auto& [type, check] : kConditions)
    if (type == subject.type->name) return check(subject, place, found);
}

}  // namespace sluice::formats::stix
