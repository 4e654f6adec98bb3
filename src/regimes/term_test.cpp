#include <doctest/doctest.h>

#include "regimes/term.h"

using namespace sluice::regimes;

namespace {

Second at(std::string_view text) { return *parse_second(text); }
Calendar calendar(std::string_view zone, std::initializer_list<std::string_view> holidays = {}) {
  Calendar out{*zone_named(zone), {}};
  for (const auto day : holidays) out.holidays.insert(*parse_day(day));
  return out;
}
std::string due(std::string_view event, std::string_view term, const Calendar& where = {}) { return after(at(event), *parse_term(term), where).text; }

}  // namespace

TEST_CASE("hours and days elapse, a day being 24 hours whatever the clocks do") {
  CHECK(due("2026-12-01T09:00Z", "PT24H") == "2026-12-02T09:00Z");
  CHECK(due("2026-03-28T23:30Z", "P1D", calendar("Europe/Brussels")) == "2026-03-29T23:30Z");
  CHECK(due("2026-12-01T09:00:30Z", "PT1H") == "2026-12-01T10:00:30Z");
}

TEST_CASE("a month is the same day and time of the next month in UTC, or its last day") {
  CHECK(due("2026-05-20T08:00Z", "P1M") == "2026-06-20T08:00Z");
  CHECK(due("2026-01-31T08:00Z", "P1M") == "2026-02-28T08:00Z");
  CHECK(due("2026-07-31T08:00Z", "P1M") == "2026-08-31T08:00Z");
  CHECK(due("2024-02-29T00:00Z", "P1Y") == "2025-02-28T00:00Z");
}

TEST_CASE("business days begin after the event's day in the regime's own zone, and give a date") {
  const auto washington = calendar("America/New_York", {"2026-11-26", "2026-12-25"});
  CHECK(due("2026-12-19T12:00Z", "P4BD", washington) == "2026-12-24");  // a Saturday
  CHECK(due("2026-11-24T03:00Z", "P4BD", washington) == "2026-11-30");  // still the 23rd there; Thanksgiving is left out
}

TEST_CASE("business days that run beyond the years of the holidays say so") {
  const auto beyond = [](std::string_view event, std::string_view term, const Calendar& where) { return after(at(event), *parse_term(term), where).is_weekends_only; };
  const auto two_years = calendar("UTC", {"2026-12-25", "2027-12-24"});
  CHECK_FALSE(beyond("2026-01-05T00:00Z", "P4BD", two_years));
  CHECK_FALSE(beyond("2027-12-20T00:00Z", "P4BD", two_years));
  CHECK(beyond("2027-12-30T00:00Z", "P4BD", two_years));       // its last days
  CHECK(beyond("2025-12-29T00:00Z", "P4BD", two_years));       // its first days
  CHECK_FALSE(beyond("2025-12-31T00:00Z", "P4BD", two_years)); // the event's day isn't counted
  CHECK(beyond("2026-01-05T00:00Z", "P4BD", calendar("UTC")));
  CHECK_FALSE(beyond("2030-01-05T00:00Z", "P4CD", two_years)); // calendar days leave nothing out
  CHECK(weekends_only_note(two_years).find("from 2026 to 2027") != std::string::npos);
  CHECK(weekends_only_note({}) == "Holidays of this country aren't in the pack: only weekends are left out.");
}

TEST_CASE("T1: a counted day ends with its last second there") {
  CHECK(after(at("2026-11-06T15:00Z"), *parse_term("P2CD"), calendar("Asia/Shanghai")).at == at("2026-11-08T15:59:59Z"));
  CHECK(after(at("2026-10-24T10:00Z"), *parse_term("P1CD"), calendar("Europe/Brussels")).at == at("2026-10-25T22:59:59Z"));  // a day of 25 hours
  CHECK(after(at("2026-03-07T10:00Z"), *parse_term("P1CD"), calendar("America/New_York")).at == at("2026-03-09T03:59:59Z"));  // and one of 23
}

TEST_CASE("Z1: every second of a year lies in its local day") {
  for (const auto* zone : {"Europe/Brussels", "America/Los_Angeles", "Asia/Kolkata"}) {
    const auto where = *zone_named(zone);
    for (Second second = at("2026-01-01T00:00Z"); second < at("2027-01-01T00:00Z"); second += 1'733) {
      const auto day = where.day_of(second);
      CHECK((where.start_of(day) <= second && second < where.start_of(day + std::chrono::days{1})));
    }
  }
}

TEST_CASE("what is no term, instant or day is refused") {
  for (const auto* text : {"", "P", "PBD", "4BD", "P1.5D", "P-1D", "P999999999BD", "PT0.5S", "soon"}) CHECK_FALSE(parse_term(text));
  for (const auto* text : {"2026-12-01", "2026-12-01T09:00", "2026-12-01T09:00+01:00", "2026-12-01T09:00:00.5Z", "2026-13-01T09:00Z"}) CHECK_FALSE(parse_second(text));
  CHECK_FALSE(parse_day("2026-02-30"));
}
