// Whether something can have happened at an instant that a person states: a slip of a century, or a clock that began at 1970, would move every term that runs from it.
// That it hasn't happened yet is refused by each command in its own words.
#pragma once

#include "base/result.h"
#include "base/time.h"

namespace sluice::cvd {

inline constexpr Instant kEarliestMeant{631'152'000'000'000};   // 1990-01-01T00:00:00Z

// Invalid, with `where`: it lies before 1990.
inline Result<void> is_meant(Instant at, std::string where) {
  if (at >= kEarliestMeant) return {};
  return fail(ErrorKind::Invalid, "This instant can't be meant: it lies before 1990.", std::move(where));
}

}  // namespace sluice::cvd
