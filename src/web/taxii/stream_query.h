// What a request to a collection's stream asks for beside the filters: events or one page, and how long to wait for that page. Ours, beside TAXII 2.1.
//
// Always holds
//   Q1  What is malformed is Malformed (400) with the parameter's name, never anything else.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <utility>

#include "base/result.h"
#include "base/time.h"

namespace sluice::web::taxii {

inline constexpr Duration kLongestWait = std::chrono::seconds(60);

// Does the Accept header ask for server-sent events? By name: whoever takes anything gets a page, as from the objects endpoint.
bool accepts_events(std::string_view accept);
// Of `wait`: whole seconds up to kLongestWait; none if it isn't there.
Result<Duration> read_wait(std::span<const std::pair<std::string, std::string>> query);

}  // namespace sluice::web::taxii
