// A document as somebody sends it: whatever it is, it is judged without harm, twice the same; findings point into it; the facts of what is valid can be read.
#include <cstdlib>

#include "base/json.h"
#include "formats/stix/check.h"
#include "threat/object.h"
#include "threat/object_id.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace sluice;
  static const formats::stix::Checker usual{}, strict{{.strict = true, .strict_types = true, .strict_properties = true, .enforce_refs = true, .interop = true}}, quick{{.warnings = false}};
  const auto value = parse_json({reinterpret_cast<const char*>(data), size});
  if (!value) return 0;
  const auto findings = usual.document(*value);
  const auto again = usual.document(*value);
  if (findings.size() != again.size()) std::abort();
  for (std::size_t i = 0; i < findings.size(); ++i) {
    if (findings[i].rule != again[i].rule || findings[i].where != again[i].where) std::abort();
    // A place is there, or is what is missing from an object that is there.
    const auto& where = findings[i].where;
    if (!where.empty() && find_at(*value, where) == nullptr && find_at(*value, where.substr(0, where.rfind('/'))) == nullptr) std::abort();
  }
  if (is_valid(quick.document(*value)) != is_valid(findings)) std::abort();        // warnings decide nothing
  if (is_valid(strict.document(*value)) && !findings.empty()) std::abort();        // and strict forgives nothing
  if (value->is_object()) {
    const auto facts = threat::facts_of(value->get_object());
    if (is_valid(findings) && !facts) std::abort();
    const auto id = threat::deterministic_id(value->get_object());
    if (id && id != threat::deterministic_id(parse_json(canonical(*value)).value().get_object())) std::abort();
  }
  return 0;
}
