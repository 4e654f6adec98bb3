// A pseudonym as it is named on the command line, for whatever sends under one.
#pragma once

#include <string>

#include "base/result.h"

namespace sluice::cli {

inline constexpr std::string_view kPseudonymHelp = "send under this pseudonym of your organisation (sluice pseudonym list)";

// Usage for what is none.
Result<std::string> pseudonym_named(const std::string& text);

}  // namespace sluice::cli
