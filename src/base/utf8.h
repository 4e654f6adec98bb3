// Is this text UTF-8? For what comes in by other ways than JSON, where the reader sees to it.
#pragma once

#include <string_view>

namespace sluice {

bool is_utf8(std::string_view text);

}  // namespace sluice
