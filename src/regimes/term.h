// How long: hours and days that elapse, calendar months, and days that are counted. Whole seconds.
//
// Always holds
//   T1  A term of counted days ends with its last day; its text is a date, all others' an instant.
//   T2  The day of the event is never counted.
#pragma once

#include <set>
#include <string>
#include <string_view>

#include "regimes/when.h"

namespace sluice::regimes {

struct Term {
  enum class Unit { Seconds, Months, BusinessDays, CalendarDays };
  std::int64_t count = 0;
  Unit unit = Unit::Seconds;
  bool operator==(const Term&) const = default;
};
// PT24H, P2D, P2DT3H (elapsed), P1M, P2Y (calendar), P4BD, P2CD (counted days).
Result<Term> parse_term(std::string_view text);
std::string to_text(const Term& term);

struct Calendar {
  Zone zone;
  std::set<std::chrono::sys_days> holidays;            // of the years that have any; in others only weekends are left out
};
// What a term of business days says of that, if it runs beyond those years.
std::string weekends_only_note(const Calendar& calendar);

// A deadline: its last second that is in time, and how it is written.
struct Moment {
  When at = 0;
  std::string text;                                    // not of what may still be chosen
  bool is_weekends_only = false;                       // business days were counted in a year of which the calendar has no holidays
  bool operator==(const Moment&) const = default;
};
Moment moment(When at);
Moment after(When event, const Term& term, const Calendar& calendar);
When end_of(When event, const Term& term, const Calendar& calendar);  // without the text

std::string to_text(Second at);                        // 2026-12-01T09:00Z, seconds only where there are some
inline std::string to_text(When at) { return to_text(at.at); }
Result<Second> parse_second(std::string_view text);    // 2026-12-01T09:00Z or with :SS
Result<std::chrono::sys_days> parse_day(std::string_view text);  // 2026-12-01 or 2026-12 (its first day)

}  // namespace sluice::regimes
