// The id of an observable as it follows from what it says, so that two who saw the same thing name it alike (STIX 2.1 §2.9).
//
// Always holds
//   D1  The id depends on the contributing properties alone; what else the object says, and the order it is said in, changes nothing.
#pragma once

#include <optional>
#include <string>

#include "base/json.h"

namespace sluice::threat {

// The canonical text (RFC 8785) of the contributing properties that are there: what the UUID is made of. Nothing where the type is no observable of the
// standard, or none of them is there (then the id is a random one).
std::optional<std::string> id_text(const json::object& observable);

// "ipv4-addr--28bb3599-77cd-5a82-a950-b5bc3caf07c4": UUIDv5 of that text in the standard's namespace. Nothing where id_text gives nothing.
std::optional<std::string> deterministic_id(const json::object& observable);

}  // namespace sluice::threat
