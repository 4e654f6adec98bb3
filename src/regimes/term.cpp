#include "regimes/term.h"

#include <cstdio>

#include "base/time.h"

namespace sluice::regimes {

namespace {

using namespace std::chrono;

constexpr Second kSecondsADay = 86'400;
constexpr std::int64_t kMostCounted = 100'000, kMostOfCalendar = 4'000;  // days or months: beyond them years are no longer years; those of a calendar are counted one by one

bool is_working(sys_days day, const Calendar& calendar) {
  const weekday which{day};
  return which != Saturday && which != Sunday && !calendar.holidays.contains(day);
}

bool has_holidays(const Calendar& calendar, year which) {
  const auto next = calendar.holidays.lower_bound(sys_days{which / January / 1});
  return next != calendar.holidays.end() && year_month_day{*next}.year() == which;
}

std::string text_of(sys_days day) {
  const year_month_day date{day};
  char buffer[40];
  std::snprintf(buffer, sizeof buffer, "%04d-%02u-%02u", int(date.year()), unsigned(date.month()), unsigned(date.day()));
  return buffer;
}

std::int64_t floor_days(Second at) { return at >= 0 ? at / kSecondsADay : (at - kSecondsADay + 1) / kSecondsADay; }

std::unexpected<Error> bad_term(std::string_view text) {
  return fail(ErrorKind::Invalid, "\"" + std::string(text.substr(0, 40)) + "\" is no length of time. Write it like PT24H, P2D, P1M, P4BD or P2CD.");
}

}  // namespace

Result<Term> parse_term(std::string_view text) {
  if (!text.starts_with('P') || text.size() < 3 || text.size() > 20) return bad_term(text);
  std::int64_t number = 0;
  std::size_t at = 1;
  while (at < text.size() && text[at] >= '0' && text[at] <= '9' && number <= kMostCounted) number = number * 10 + (text[at++] - '0');
  if (number > kMostCounted) return bad_term(text);
  const auto unit = text.substr(at);
  if (at > 1 && unit == "BD" && number <= kMostOfCalendar) return Term{number, Term::Unit::BusinessDays};
  if (at > 1 && unit == "CD" && number <= kMostOfCalendar) return Term{number, Term::Unit::CalendarDays};
  if (at > 1 && unit == "M") return Term{number, Term::Unit::Months};
  if (at > 1 && unit == "Y" && number <= kMostCounted / 12) return Term{number * 12, Term::Unit::Months};
  const auto elapsed = parse_duration(text);
  if (!elapsed || elapsed->count() % 1'000'000 != 0 || elapsed->count() / 1'000'000 > kMostCounted * kSecondsADay) return bad_term(text);
  return Term{elapsed->count() / 1'000'000, Term::Unit::Seconds};
}

std::string to_text(const Term& term) {
  switch (term.unit) {
    case Term::Unit::Months: return term.count % 12 == 0 ? "P" + std::to_string(term.count / 12) + "Y" : "P" + std::to_string(term.count) + "M";
    case Term::Unit::BusinessDays: return "P" + std::to_string(term.count) + "BD";
    case Term::Unit::CalendarDays: return "P" + std::to_string(term.count) + "CD";
    case Term::Unit::Seconds: break;
  }
  return sluice::to_text(Duration{term.count * 1'000'000});
}

Moment moment(When at) { return {at, Trail::open() != nullptr ? std::string() : to_text(at), false}; }

namespace {

// The day that the term ends with, in the calendar's zone.
sys_days last_day(Second event, const Term& term, const Calendar& calendar) {
  auto day = calendar.zone.day_of(event);
  for (std::int64_t left = term.count; left > 0;) {
    day += days{1};
    if (term.unit == Term::Unit::CalendarDays || is_working(day, calendar)) --left;
  }
  return day;
}

// Of business days; `last` is the day that the term ends with.
bool runs_beyond_holidays(sys_days event, sys_days last, const Calendar& calendar) {
  for (auto which = year_month_day{event + days{1}}.year(); which <= year_month_day{last}.year(); ++which)
    if (!has_holidays(calendar, which)) return true;
  return false;
}

// Within these bounds of a point's time the answer is found in the same way; so they are asked, for the trail. Beyond the trail's last instant nothing counts, so no further day is
// looked at: all later ones are taken for it.
void stay_within(When event, Second from, Second until) {
  if (event.is_fixed()) return;
  const auto* trail = Trail::open();
  const bool is_last = trail != nullptr && until > trail->last;
  (void)(event >= When(from) && (is_last || event < When(until)));
}

}  // namespace

When end_of(When event, const Term& term, const Calendar& calendar) {
  switch (term.unit) {
    case Term::Unit::Seconds: return event + term.count;
    case Term::Unit::Months: {
      const auto whole = floor_days(event.at);
      const year_month_day date{sys_days{days{whole}}};
      const auto month = year_month{date.year(), date.month()} + months{term.count};
      const auto day = std::min(date.day(), year_month_day_last{month.year() / month.month() / last}.day());  // its last day where there is no such day
      // Up to the 28th of a month every day has one of its own in the other; later ones are asked day by day.
      const auto first = date.day() <= std::chrono::day{28} ? Second{sys_days{date.year() / date.month() / 1}.time_since_epoch().count()} : whole;
      stay_within(event, first * kSecondsADay, (date.day() <= std::chrono::day{28} ? first + 28 : whole + 1) * kSecondsADay);
      return {Second{sys_days{month / day}.time_since_epoch().count()} * kSecondsADay + (event.at - whole * kSecondsADay), event.point};
    }
    case Term::Unit::BusinessDays:
    case Term::Unit::CalendarDays: break;
  }
  if (!event.is_fixed()) {
    const auto day = calendar.zone.day_of(event.at);
    stay_within(event, calendar.zone.start_of(day), calendar.zone.start_of(day + days{1}));
  }
  return calendar.zone.start_of(last_day(event.at, term, calendar) + days{1}) - 1;
}

Moment after(When event, const Term& term, const Calendar& calendar) {
  const bool is_date = term.unit == Term::Unit::BusinessDays || term.unit == Term::Unit::CalendarDays;
  if (!is_date || Trail::open() != nullptr) return moment(end_of(event, term, calendar));
  const auto day = last_day(event.at, term, calendar);
  return {calendar.zone.start_of(day + days{1}) - 1, text_of(day), term.unit == Term::Unit::BusinessDays && runs_beyond_holidays(calendar.zone.day_of(event.at), day, calendar)};
}

std::string weekends_only_note(const Calendar& calendar) {
  if (calendar.holidays.empty()) return "Holidays of this country aren't in the pack: only weekends are left out.";
  const auto year_of = [](sys_days day) { return std::to_string(int(year_month_day{day}.year())); };
  return "The pack has holidays of years from " + year_of(*calendar.holidays.begin()) + " to " + year_of(*calendar.holidays.rbegin()) + "; in a year without any only weekends are left out.";
}

std::string to_text(Second at) {
  const auto text = to_text(Instant{at * 1'000'000});
  return text.ends_with(":00Z") ? text.substr(0, text.size() - 4) + "Z" : text;
}

Result<Second> parse_second(std::string_view text) {
  auto full = std::string(text);
  if (full.size() == 17 && full.ends_with('Z')) full.insert(16, ":00");
  const auto instant = parse_instant(full);
  const bool is_leap = full.size() >= 19 && full.compare(17, 2, "60") == 0;  // what the case means is a second that clocks have
  if (!instant || is_leap || !text.ends_with('Z') || instant->micros % 1'000'000 != 0)
    return fail(ErrorKind::Invalid, "\"" + std::string(text.substr(0, 40)) + "\" is no instant. Write it in UTC, in whole seconds, like 2026-11-02T08:00Z.");
  return instant->micros / 1'000'000;
}

Result<sys_days> parse_day(std::string_view text) {
  const auto full = std::string(text) + (text.size() == 7 ? "-01" : "");
  if (full.size() == 10)
    if (const auto instant = parse_instant(full + "T00:00:00Z")) return sys_days{days{instant->micros / 86'400'000'000}};
  return fail(ErrorKind::Invalid, "\"" + std::string(text.substr(0, 40)) + "\" is no day. Write it like 2026-11-02.");
}

}  // namespace sluice::regimes
