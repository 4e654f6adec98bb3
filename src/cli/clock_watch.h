// Does the wall clock agree with the clock that only counts? Nothing fires by a wall clock that jumped (REL-6): never early; late is alarmed.
//
// Pure but for the mutex: instants come in. The server's timer asks it each second; `sluice clock confirm` lets a person say that the new time is right.
//
// Always holds
//   W1  A step of the wall clock against the counting clock of more than 60 s, forward or back, within one window holds all timers.
//   W2  What is held stays so until a person confirms.
//   W3  Slow drift, as time synchronisation makes it, holds nothing: the window is an hour.
#pragma once

#include <mutex>
#include <optional>

#include "base/json.h"
#include "base/time.h"

namespace sluice::cli {

class ClockWatch {
 public:
  static constexpr Duration kMostStep = std::chrono::seconds(60), kMostAcrossRestart = std::chrono::minutes(5), kWindow = std::chrono::hours(1);

  // What the last tick before this start wrote down; only comparable while the machine has not been restarted since.
  struct LastTick {
    Instant wall;
    Duration boottime{};
    std::string boot_id;
  };
  ClockWatch(Instant wall, Duration counting, const std::optional<LastTick>& last, std::string_view boot_id);

  bool may_fire(Instant wall, Duration counting);
  void confirm(Instant wall, Duration counting);
  std::optional<Duration> held_by() const;          // how far the clocks disagree; nothing: not held
  json::object state() const;                       // {"held", "difference"}

 private:
  mutable std::mutex mutex_;
  Instant wall_;
  Duration counting_;
  std::optional<Duration> held_;
};

}  // namespace sluice::cli
