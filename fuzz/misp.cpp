// A MISP event from elsewhere, or STIX to be converted: patterns that are made are choices of values, the same bytes come of the same bytes, and an export imports to the same indicators.
#include <cstdint>
#include <cstdlib>
#include <set>
#include <string>

#include "base/json.h"
#include "formats/ioc_csv/write.h"
#include "formats/misp/export.h"
#include "formats/misp/import.h"
#include "formats/simple_pattern.h"
#include "formats/stix20/upgrade.h"

namespace {

std::set<std::string> indicators_of(const sluice::json::array& objects) {
  std::set<std::string> out;
  for (const auto& object : objects)
    if (sluice::string_at(object, "type") == "indicator" && sluice::string_at(object, "pattern_type") == "stix") out.insert(std::string(sluice::string_at(object, "id")));
  return out;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace sluice;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  (void)formats::choices_of(text);
  const auto changed = formats::stix20::upgrade_pattern(text);
  if (formats::stix20::upgrade_pattern(changed.text).text != changed.text) std::abort();
  const auto value = parse_json(text);
  if (!value) return 0;
  if (const auto upgraded = formats::stix20::upgrade(*value)) {
    const auto again = formats::stix20::upgrade(json::value(upgraded->objects));
    if (!again || canonical(again->objects) != canonical(upgraded->objects)) std::abort();
  }
  (void)formats::ioc_csv::write(*value);
  (void)formats::misp::export_events(*value);
  const auto imported = formats::misp::import_events(*value);
  if (!imported) return 0;
  if (canonical(formats::misp::import_events(*value)->objects) != canonical(imported->objects)) std::abort();
  for (const auto& object : imported->objects)
    if (string_at(object, "type") == "indicator" && string_at(object, "pattern_type") == "stix" && !formats::choices_of(string_at(object, "pattern"), 100'000)) std::abort();
  const auto exported = formats::misp::export_events(json::value(imported->objects));
  if (!exported) std::abort();
  const auto again = formats::misp::import_events(exported->document);
  if (!again) std::abort();
  for (const auto& id : indicators_of(imported->objects))
    if (!indicators_of(again->objects).contains(id)) std::abort();
  return 0;
}
