// Instants and durations. An instant is UTC, whole microseconds since 1970, written as RFC 3339 with 'Z'.
//
// Pure rooms read no clock: `now` comes in as an argument. Clock is what service/ passes it from; two things stand behind it,
// the machine's clock and one that is set (tests, and sites made with `init --demo`).
#pragma once

#include <chrono>
#include <compare>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"

namespace sluice {

using Duration = std::chrono::microseconds;

struct Instant {
  std::int64_t micros = 0;

  auto operator<=>(const Instant&) const = default;
  friend Instant operator+(Instant t, Duration d) { return {t.micros + d.count()}; }
  friend Instant operator-(Instant t, Duration d) { return {t.micros - d.count()}; }
  friend Duration operator-(Instant a, Instant b) { return Duration{a.micros - b.micros}; }
};

std::string to_text(Instant instant);                         // "2021-11-24T07:51:00Z"; a fraction only where there is one, up to six digits
Result<Instant> parse_instant(std::string_view text);         // RFC 3339 with 'Z' or an offset; a zone is required

std::string to_text(Duration duration);                       // ISO 8601, largest whole units up to days: "P45D", "PT72H30M"
Result<Duration> parse_duration(std::string_view text);       // ISO 8601 with weeks, days, hours, minutes, seconds (no months, no years), or "200ms", "60s", "5m", "2h", "7d"

class Clock {
 public:
  virtual ~Clock() = default;
  virtual Instant now() const = 0;             // wall clock
  virtual Duration monotonic() const = 0;      // never goes back; counts while suspended (boot time)
};

class SystemClock final : public Clock {
 public:
  Instant now() const override;
  Duration monotonic() const override;
};

}  // namespace sluice
