// A small value handed to a browser that only this site can read or make: XChaCha20-Poly1305 under a key of its own for each purpose, with an end.
#pragma once

#include "base/json.h"
#include "store/cells.h"

namespace sluice::service {

// `bound_to`: what must be the same when it is opened, such as who may use it and what for.
std::string seal_value(const store::Cells& cells, std::string_view purpose, json::object value, Instant expires, Random& random, std::string_view bound_to = "browser");
// Nothing: changed, made for another purpose, site or bound to something else, or past its end.
std::optional<json::object> open_value(const store::Cells& cells, std::string_view purpose, std::string_view text, Instant now, std::string_view bound_to = "browser");

}  // namespace sluice::service
