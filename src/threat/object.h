// What Sluice needs to know of any STIX object, whatever its type: its name, its version, whose it is, how it is marked.
//
// Read by the collections, the live stream, markings and lookup. It judges nothing else of the object: that is formats/stix.
//
// Always holds
//   S1  `id` is a well-formed identifier and begins with `type` and "--" (STIX 2.1 §2.9).
//   S2  Times are kept as sent; `version_at` orders them, and is absent where no time of the object can be read.
//   S3  The object itself is never changed or kept.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"
#include "base/time.h"

namespace sluice::threat {

struct ObjectFacts {
  std::string id, type;
  std::string spec_version;                       // as sent; else "2.1" of an observable or of a bundle, "2.0" of all others
  std::optional<std::string> created, modified;   // as sent
  std::string version;                            // text of modified, else created, else "" (then the arrival's date_added stands for it)
  std::optional<Instant> version_at;              // the same as an instant, for comparing; finer than a microsecond is cut off
  bool revoked = false;
  std::string created_by_ref;                     // "" where none
  std::vector<std::string> object_marking_refs;   // as sent; those that are no strings left out
};

// Errors, with where: no id, no type, one of them no string, an id that is ill-formed or whose prefix isn't the type.
Result<ObjectFacts> facts_of(const json::object& object);

// "type--UUID" taken apart. Nothing unless the type's name is one (STIX 2.1 §3.1) and the UUID has its 36 characters (RFC 4122; letters of either case).
struct Identifier {
  std::string_view type, uuid;
  char version() const { return uuid[14]; }       // the digit as it stands: '4', '5'
};
std::optional<Identifier> identifier_of(std::string_view text);
std::optional<Identifier> identifier_of(std::string&& text) = delete;   // it would point into what is gone

bool is_type_name(std::string_view text);         // [a-z][a-z0-9]*(-[a-z0-9]+)*, 3 to 250 characters: STIX 2.1 §3.1

}  // namespace sluice::threat
