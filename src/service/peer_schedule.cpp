#include "service/peer_schedule.h"

#include <algorithm>

namespace sluice::service {

Instant next_pull(Instant began, Instant now, Duration interval, std::int64_t failures, std::uint32_t chance) {
  constexpr Duration kSoon = std::chrono::milliseconds(1);
  interval = std::clamp(interval, kShortestInterval, kLongestInterval);
  if (failures <= 0) return std::max(began + interval, now + kSoon);
  const auto longest = std::max(interval, kLongestWait);
  auto wait = interval;
  for (std::int64_t i = 1; i < failures && wait < longest; ++i) wait *= 2;
  wait = std::min(wait, longest);
  // A quarter of it is chance.
  const auto quarter = wait.count() / 4;
  const auto drawn = static_cast<std::int64_t>(static_cast<double>(quarter) * (static_cast<double>(chance) / 4294967296.0));
  return now + Duration(wait.count() - quarter + drawn);
}

}  // namespace sluice::service
