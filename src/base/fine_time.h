// Times as STIX and TAXII write them: UTC, the letter Z, and as many digits of a second as the sender liked.
//
// Versions of an object are ordered by such times, and two that differ in a nanosecond are two versions; an Instant is too coarse to tell them apart.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/time.h"

namespace sluice {

// Nanoseconds since 1970; digits beyond the ninth are cut off. Nothing unless it is YYYY-MM-DDThh:mm:ss[.digits]Z, a day of the calendar, with a second up to 59, and
// of the years 1678 to 2261 (STIX 2.1 §2.15, TAXII 2.1 §3.1; a second of 60 names no instant that others can be compared with).
std::optional<std::int64_t> utc_nanos(std::string_view text);

// The same for comparing alone, of any year from 0 to 9999: what lies before or after all that can be told counts as the first or the last of it.
std::optional<std::int64_t> utc_nanos_clamped(std::string_view text);

// Six digits of a second, always (TAXII 2.1 §3.1): "2021-11-24T07:51:00.000000Z"
std::string six_digits(Instant instant);

// The microsecond in which it lies.
constexpr Instant instant_of_nanos(std::int64_t nanos) { return Instant{nanos >= 0 || nanos % 1000 == 0 ? nanos / 1000 : nanos / 1000 - 1}; }

}  // namespace sluice
