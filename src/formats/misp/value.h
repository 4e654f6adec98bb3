// A MISP value as STIX wants it, the pattern that looks for values, and the observables that hold them: all from paths and kinds in the tables.
//
// Always holds
//   M1  What normal() gives is valid at its place; a value that isn't of its kind gives nothing, and the caller keeps it some other way.
//   M2  flattened() finds in what observables_of() made the same values at the same paths.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"
#include "base/time.h"
#include "formats/misp/tables.h"
#include "formats/simple_pattern.h"

namespace sluice::formats::misp {

// "ipv4-addr", "ipv6-addr" or "": with a prefix length it is one too (STIX 2.1 §6.10).
std::string_view address_type(std::string_view text);
std::optional<std::string> normal(As as, std::string_view path, std::string_view value);
// MISP writes times as seconds since 1970, as RFC 3339, or as a date and a time in UTC.
std::optional<Instant> misp_time(const json::value& value);
std::string stix_time(Instant instant);   // milliseconds always: "2020-10-25T16:22:00.000Z"

// A value, already normal, at its place.
struct Fact {
  std::string_view path;
  As as;
  std::string value;
};

// [ … AND … ]; several values at one path are a choice. "": there is nothing to look for.
std::string pattern_of(std::string_view root, std::span<const Fact> facts);

// The observable and those that it refers to, which come first; nothing where what STIX demands of it is missing. `owner` names it where no property does.
struct Observables {
  std::vector<json::object> objects;
  std::string root_id() const { return std::string(string_at(objects.back(), "id")); }
};
std::optional<Observables> observables_of(std::string_view root, std::span<const Fact> facts, std::string_view owner);

// The other way: every value of an observable with its path; references are followed through `find`.
using Find = const json::object* (*)(const void* context, std::string_view id);
Together flattened(const json::object& observable, Find find, const void* context);

}  // namespace sluice::formats::misp
