// An indicator's pattern: does it parse, and does it speak of types and properties that there are (STIX 2.1 §9)?
#include "base/utf8.h"
#include "formats/stix/parts.h"
#include "formats/stix/values.h"
#include "threat/object.h"
#include "threat/pattern/pattern.h"

namespace sluice::formats::stix {

namespace {

constexpr std::string_view kPatternRule = "§9 patterns";

// The validator's rule: x-SOURCE-NAME, or x-NAME where the strict form isn't asked for.
bool is_custom(std::string_view name, std::string_view prefix, const Found& found) {
  if (!found.options().disabled.contains("custom-prefix") && !found.options().disabled.contains("101")) {
    if (!name.starts_with(prefix)) return false;
    const auto second = name.find(prefix.back(), prefix.size() + 1);
    return second != name.npos && second + 1 < name.size();
  }
  return name.starts_with(prefix) && name.size() > prefix.size();
}

void check_comparison(const threat::Comparison& comparison, const Place& place, Found& found) {
  const auto* type = tables::type_of(comparison.object_type);
  const auto name = "\"" + std::string(cut_utf8(comparison.object_type, 80)) + "\"";
  if (type == nullptr || type->kind != tables::Kind::Observable) {
    if (found.options().strict_types) found.error(place, kPatternRule, name + " is no observable of the standard.");
    else if (!threat::is_type_name(comparison.object_type)) found.error(place, kPatternRule, name + " is no name of a type.");
    else if (type != nullptr || !is_custom(comparison.object_type, "x-", found)) found.error(place, kPatternRule, name + " is no observable of the standard, and its name isn't one that types of one's own have (x-SOURCE-NAME).");
    return;
  }
  if (comparison.steps.empty()) return;
  const auto& property = comparison.steps.front().name;
  if (tables::property_of(type->properties, property) != nullptr) return;
  if (found.options().strict_properties || !is_property_name(property) || !is_custom(property, "x_", found))
    found.error(place, kPatternRule, comparison.object_type + " has no property \"" + std::string(cut_utf8(property, 80)) + "\".");
}

}  // namespace

void check_pattern(std::string_view pattern, std::string_view version, const Place& place, Found& found) {
  const auto parsed = threat::parse_pattern(pattern, version == "2.0" ? threat::PatternVersion::V20 : threat::PatternVersion::V21);
  if (!parsed) return found.error(place, kPatternRule, parsed.error().message + (parsed.error().where.empty() ? "" : " (" + parsed.error().where + ")"));
  std::string said;   // once a type and property
  for (const auto& comparison : threat::comparisons_of(*parsed)) {
    const auto key = "\n" + comparison.object_type + ":" + (comparison.steps.empty() ? "" : comparison.steps.front().name) + "\n";
    if (said.contains(key)) continue;
    said += key;
    check_comparison(comparison, place, found);
  }
}

}  // namespace sluice::formats::stix
