#include "service/backoff.h"

#include <algorithm>

namespace sluice::service {

std::optional<Duration> Backoff::after_failure(std::optional<Duration> told, std::uint32_t chance) {
  ++failures_;
  if (patience_.tries > 0 && failures_ >= patience_.tries) return std::nullopt;
  auto whole = patience_.first;
  for (int i = 1; i < failures_ && whole < patience_.longest; ++i) whole *= 2;
  whole = std::min(whole, patience_.longest);
  const auto half = whole / 2;
  const auto drawn = half + Duration(static_cast<std::int64_t>(static_cast<double>(half.count()) * (static_cast<double>(chance) / 4294967296.0)));
  if (!told) return drawn;
  // Who says "not for two days" isn't waited for by a program that somebody started; one that never gives up asks when it has waited its most.
  if (*told > patience_.most_told) return patience_.tries > 0 ? std::nullopt : std::optional(patience_.most_told);
  return std::max(drawn, *told + Duration(static_cast<std::int64_t>(static_cast<double>(patience_.first.count()) * (static_cast<double>(chance) / 4294967296.0))));
}

}  // namespace sluice::service
