// When a peer is asked next. Pure.
//
// Always holds
//   S1  What went well is asked again an interval after it began, by a steady schedule; a round that took longer than that, at once.
//   S2  After failures the wait doubles, from the interval on, up to kLongestWait or the interval if that is longer; part of it is chance, so that peers which failed together aren't asked together.
//   S3  The next time lies after now, and a success sets everything back.
#pragma once

#include <cstdint>

#include "base/time.h"

namespace sluice::service {

inline constexpr Duration kShortestInterval = std::chrono::seconds(1), kLongestInterval = std::chrono::hours(24 * 7), kLongestWait = std::chrono::hours(6);

// `failures`: in a row, with the round that just ended; 0: it went well. `chance`: any number, each as likely.
Instant next_pull(Instant began, Instant now, Duration interval, std::int64_t failures, std::uint32_t chance);

}  // namespace sluice::service
