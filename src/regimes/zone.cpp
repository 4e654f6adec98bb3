#include "regimes/zone.h"

#include <string>

namespace sluice::regimes {

namespace {

using namespace std::chrono;

constexpr Second kDay = 86'400;
constexpr Second kHour = 3'600;

struct Named {
  std::string_view name;
  int minutes;
  Zone::Summer summer;
};
constexpr Named kZones[] = {
    {"UTC", 0, Zone::Summer::None},
    {"Asia/Shanghai", 480, Zone::Summer::None},
    {"Asia/Tokyo", 540, Zone::Summer::None},
    {"Asia/Seoul", 540, Zone::Summer::None},
    {"Asia/Singapore", 480, Zone::Summer::None},
    {"Asia/Kolkata", 330, Zone::Summer::None},
    {"Europe/London", 0, Zone::Summer::Europe},
    {"Europe/Lisbon", 0, Zone::Summer::Europe},
    {"Europe/Brussels", 60, Zone::Summer::Europe},
    {"Europe/Berlin", 60, Zone::Summer::Europe},
    {"Europe/Paris", 60, Zone::Summer::Europe},
    {"Europe/Helsinki", 120, Zone::Summer::Europe},
    {"America/New_York", -300, Zone::Summer::America},
    {"America/Chicago", -360, Zone::Summer::America},
    {"America/Denver", -420, Zone::Summer::America},
    {"America/Los_Angeles", -480, Zone::Summer::America},
};

Second seconds_of(sys_days day) { return Second{day.time_since_epoch().count()} * kDay; }

}  // namespace

int Zone::offset(Second at) const {
  if (summer_ == Summer::None) return offset_;
  const auto date = year_month_day{sys_days{days{(at + offset_ >= 0 ? at + offset_ : at + offset_ - kDay + 1) / kDay}}};
  const auto y = date.year();
  // Europe changes everywhere at 01:00 UTC on the last Sundays of March and October; America at 02:00 local time, second Sunday of March, first of November.
  const Second from = summer_ == Summer::Europe ? seconds_of(sys_days{y / March / Sunday[last]}) + kHour : seconds_of(sys_days{y / March / Sunday[2]}) + 2 * kHour - offset_;
  const Second until = summer_ == Summer::Europe ? seconds_of(sys_days{y / October / Sunday[last]}) + kHour : seconds_of(sys_days{y / November / Sunday[1]}) + kHour - offset_;
  return at >= from && at < until ? offset_ + int(kHour) : offset_;
}

Second Zone::start_of(sys_days local_day) const {
  const auto winter = seconds_of(local_day) - offset_;
  const auto summer = winter - kHour;
  return offset(summer) == offset_ ? winter : summer;
}

sys_days Zone::day_of(Second at) const {
  const auto local = at + offset(at);
  return sys_days{days{local >= 0 ? local / kDay : (local - kDay + 1) / kDay}};
}

Result<Zone> zone_named(std::string_view name) {
  for (const auto& zone : kZones)
    if (zone.name == name) return Zone(zone.minutes * 60, zone.summer, zone.name);
  return fail(ErrorKind::NotFound, "The time zone \"" + std::string(name) + "\" is not in the table of zones.");
}

}  // namespace sluice::regimes
