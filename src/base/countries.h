// The countries that there are (ISO 3166-1 alpha-2): two capital letters alone don't make one.
#pragma once

#include <string_view>

namespace sluice {

// Officially assigned, and XK, which is in use everywhere. A group such as EU isn't one.
bool is_country(std::string_view code);

}  // namespace sluice
