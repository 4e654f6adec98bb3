// Markings and selectors: a selector that reads writes itself back; granular markings only tighten; what is given to a reader, whole or cut, holds nothing above its ceiling.
#include "threat/marking.h"

#include <cstdlib>
#include <string>

#include "base/json.h"
#include "threat/redact.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace sluice;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  if (const auto selector = threat::parse_selector(text); selector && threat::selector_text(*selector) != text) std::abort();

  const auto value = parse_json(text);
  if (!value || !value->is_object()) return 0;
  const auto& object = value->get_object();
  const threat::RedactionPolicy policy{.marking = {.unmarked = Tlp::Green, .unknown = Tlp::AmberStrict}, .offers_copies = true};
  const auto markings = threat::markings_of(object, {}, policy.marking);
  if (markings.strictest_part < markings.tlp) std::abort();  // M1
  (void)threat::check_markings(object, {});
  (void)threat::markings_of_translation(object, object, {}, policy.marking);
  for (const auto& part : markings.parts) {
    if (!threat::selected_in(object, part.selector)) std::abort();
    (void)threat::language_of(object, part.selector);
  }
  const Bytes key(32, 1);
  for (int i = 0; i < 5; ++i) {
    const auto ceiling = static_cast<Tlp>(i);
    const auto given = threat::redacted_for(ceiling, object, markings, key, {}, {}, policy);
    if ((given.outcome == threat::ReadOutcome::Whole) != (markings.strictest_part <= ceiling)) std::abort();
    if (given.outcome != threat::ReadOutcome::Copy) continue;
    const auto after = threat::markings_of(given.copy, {}, {.unmarked = Tlp::Clear, .unknown = Tlp::AmberStrict});
    if (after.strictest_part > ceiling || after.tlp < markings.tlp) std::abort();  // R1, R2
    if (string_at(given.copy, "id") == string_at(object, "id")) std::abort();
  }
  return 0;
}
