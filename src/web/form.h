// A form as browsers send it without files: name=value pairs, percent-encoded (application/x-www-form-urlencoded).
//
// Always holds
//   F1  Names and values that were read are UTF-8 without NUL: what a form brings ends up in entries, which are JSON and must stay readable for ever.
#pragma once

#include <map>
#include <string>
#include <string_view>

#include "base/result.h"

namespace sluice::web {

// Malformed escapes stay as they are, carriage returns go; the last of a name counts. Malformed, naming nothing, where F1 would not hold.
Result<std::map<std::string, std::string, std::less<>>> read_form(std::string_view body);

}  // namespace sluice::web
