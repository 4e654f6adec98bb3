// The name of a file that came from outside, made fit to be kept and shown (FIL-1): its last part alone, no controls, nothing invisible, not too long.
#pragma once

#include <string>
#include <string_view>

namespace sluice::web {

std::string clean_file_name(std::string_view name);

}  // namespace sluice::web
