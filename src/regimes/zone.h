// Time zones without the machine's tables: the offset from UTC, and the two days a year on which it changes. Rules as of 2007 and later.
//
// Always holds
//   Z1  start_of(day) <= any second of that local day < start_of(day + 1).
#pragma once

#include <chrono>
#include <cstdint>
#include <string_view>

#include "base/result.h"

namespace sluice::regimes {

using Second = std::int64_t;  // UTC, since 1970; cases are whole seconds

class Zone {
 public:
  enum class Summer { None, Europe, America };
  Zone() = default;
  Zone(int offset, Summer summer, std::string_view name) : offset_(offset), summer_(summer), name_(name) {}

  Second start_of(std::chrono::sys_days local_day) const;
  std::chrono::sys_days day_of(Second at) const;
  std::string_view name() const { return name_; }                   // "Europe/Brussels"
  Second on_the_wall(Second at) const { return at + offset(at); }  // as a clock there shows it

 private:
  int offset(Second at) const;
  int offset_ = 0;  // of winter time, seconds east of UTC
  Summer summer_ = Summer::None;
  std::string_view name_ = "UTC";  // of the table, which lasts for ever
};

// "Asia/Shanghai", "Europe/Brussels", "UTC"; NotFound for a zone that isn't in the table.
Result<Zone> zone_named(std::string_view name);

}  // namespace sluice::regimes
