#include <doctest/doctest.h>

#include "base/time_words.h"

namespace sluice {

namespace {
Instant instant_said(std::string_view text) { return *parse_instant(text); }
}  // namespace

TEST_CASE("an instant and a date are said in one form, with seconds only where they are asked for and there are some") {
  CHECK(words_of_date(instant_said("2021-12-09T23:59:59Z")) == "9 December 2021");
  CHECK(words_of_time(instant_said("2021-12-10T08:05:59Z")) == "10 December 2021, 08:05 UTC");
  CHECK(words_of_second(instant_said("2021-12-10T08:05:00Z")) == "10 December 2021, 08:05 UTC");
  CHECK(words_of_second(instant_said("2021-12-10T08:05:59Z")) == "10 December 2021, 08:05:59 UTC");
}

TEST_CASE("a last day is said with its place, and with the instant at which it is over") {   // or nobody knows which of two midnights is meant
  CHECK(words_of_last_day("2021-12-09", instant_said("2021-12-09T22:59:59Z"), "Europe/Brussels") == "the end of 9 December 2021 in Brussels (23:00 UTC)");
  CHECK(words_of_last_day("2026-12-29", instant_said("2026-12-30T04:59:59Z"), "America/New_York") == "the end of 29 December 2026 in New York (30 December 2026, 05:00 UTC)");
  CHECK(words_of_last_day("2026-12-29", instant_said("2026-12-29T23:59:59Z"), "UTC") == "the end of 29 December 2026 (UTC)");
  CHECK(words_of_last_day("soon", instant_said("2026-12-29T23:59:59Z"), "UTC") == "soon");
}

TEST_CASE("a length is said in at most two units, and in whole days from two weeks on") {
  using namespace std::chrono_literals;
  struct Row { Duration length; const char* said; };
  for (const auto& [length, said] : {Row{59s, "less than a minute"}, {1min, "1 minute"}, {40min, "40 minutes"}, {60min, "1 hour"}, {26h, "1 day 2 hours"}, {23h + 59min, "23 hours 59 minutes"}, {14 * 24h - 1min, "13 days 23 hours"},
                                     {14 * 24h + 5h, "14 days"}, {90 * 24h, "90 days"}}) {
    CAPTURE(said);
    CHECK(words_of_length(length) == said);
  }
}

TEST_CASE("dates and instants inside a text become words; names with digits stay") {
  struct Row { const char* given; const char* said; };
  for (const auto& [given, said] : {Row{"until 2026-12-02T09:00Z", "until 2 December 2026, 09:00 UTC"}, {"at 2026-12-02T09:00:07Z.", "at 2 December 2026, 09:00:07 UTC."}, {"due 2026-11-03; late", "due 3 November 2026; late"},
                                    {"(2023-01-01)", "(1 January 2023)"}, {"cn-x-2026-12-02 and 2026-13-02", "cn-x-2026-12-02 and 2026-13-02"}, {"CVE-2021-44228", "CVE-2021-44228"}, {"2026-12-02T", "2026-12-02T"}, {"2026-12-02T99:00Z", "2026-12-02T99:00Z"}, {"", ""}}) {
    CAPTURE(given);
    CHECK(with_dates_in_words(given) == said);
  }
}

}  // namespace sluice
