// An indicator's pattern: does it parse, does it hold to what the standard demands beyond the grammar, and does it speak of types and properties that there are (STIX 2.1 §9)?
#include "threat/pattern/check.h"
#include "formats/stix/parts.h"

namespace sluice::formats::stix {

namespace {

// What the standard's tables have; those of one's own are judged by their names (§11).
bool is_observable_type(std::string_view name) {
  const auto* type = tables::type_of(name);
  return type != nullptr && type->kind == tables::Kind::Observable;
}
bool has_observable_property(std::string_view name, std::string_view property) {
  const auto* type = tables::type_of(name);
  return type != nullptr && type->kind == tables::Kind::Observable && tables::property_of(type->properties, property) != nullptr;
}

}  // namespace

void check_pattern(std::string_view pattern, std::string_view version, const Place& place, Found& found) {
  const auto& options = found.options();
  const threat::PatternCheck check{
      .version = version == "2.0" ? threat::PatternVersion::V20 : threat::PatternVersion::V21,
      .known = {is_observable_type, has_observable_property},
      .strict_types = options.strict_types,
      .strict_properties = options.strict_properties,
      .custom_prefix = !options.disabled.contains("custom-prefix") && !options.disabled.contains("101"),   // x-SOURCE-NAME, else x-NAME
  };
  constexpr std::string_view kStandard = "STIX 2.1 ";
  for (const auto& one : threat::check_pattern(pattern, check)) {
    if (one.severity != Severity::Error) continue;   // the validator has no check that would say these
    const std::string_view rule = one.rule;
    found.error(place, rule.starts_with(kStandard) ? std::string(rule.substr(kStandard.size())) + " patterns" : "§9 patterns", one.message + (one.where.empty() ? "" : " (" + one.where + ")"));
  }
}

}  // namespace sluice::formats::stix
