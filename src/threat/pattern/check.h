// What the standard demands of a pattern beyond its grammar, and what the official validator asks besides (its check `patterns`): all of it at once.
//
// Called by the checks of indicators. Which observables there are, and with which properties, the caller says.
//
// Rules that a finding names: "pattern" (it doesn't read), "STIX 2.1 §…", and the validator's "101" (custom-prefix) and "102" (custom-prefix-lax).
#pragma once

#include <functional>

#include "base/findings.h"
#include "threat/pattern/pattern.h"

namespace sluice::threat {

// Empty functions: types and properties aren't asked.
struct KnownObservables {
  std::function<bool(std::string_view type)> is_type;                                       // of the standard
  std::function<bool(std::string_view type, std::string_view property)> has_property;      // its own ones, common ones too
};

struct PatternCheck {
  PatternVersion version = PatternVersion::V21;
  PatternLimits limits;
  KnownObservables known;
  bool strict_types = false;          // other types are errors
  bool strict_properties = false;
  bool custom_prefix = true;          // 101: x-SOURCE-name, x_source_name
  bool custom_prefix_lax = true;      // 102: x-name, x_name
};

// `where` is "line 1, column 5" of the text. Nothing: it is a pattern, and nothing speaks against it.
Findings check_pattern(std::string_view text, const PatternCheck& check = {});

}  // namespace sluice::threat
