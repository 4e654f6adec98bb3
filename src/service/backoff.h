// How long to wait before a machine elsewhere is asked again that gave no answer, or said that it is too busy. Pure: chance, and what the machine said, come in.
//
// Always holds
//   K1  No wait is longer than `longest`, or than what was told within `most_told`; what was told is never cut short.
//   K2  After `tries` failures in a row it gives up; 0: never. An answer sets the count back.
//   K3  Waits are drawn, so that clients which failed together don't come back together (half of the wait is fixed, half is chance).
#pragma once

#include <cstdint>
#include <optional>

#include "base/time.h"

namespace sluice::service {

struct Patience {
  int tries = 8;
  Duration first = std::chrono::seconds(1), longest = std::chrono::minutes(2), most_told = std::chrono::hours(1);
};

class Backoff {
 public:
  explicit Backoff(Patience patience) : patience_(patience) {}
  // Nothing: give up. `told`: of a Retry-After header. `chance`: any number, each as likely.
  std::optional<Duration> after_failure(std::optional<Duration> told, std::uint32_t chance);
  void succeeded() { failures_ = 0; }
  int failures() const { return failures_; }

 private:
  Patience patience_;
  int failures_ = 0;
};

}  // namespace sluice::service
