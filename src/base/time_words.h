// Instants and days as people read them, in one form everywhere: on pages, in printed answers, in texts that a person files.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/time.h"

namespace sluice {

std::string words_of_date(Instant at);                    // "10 December 2021"
std::string words_of_time(Instant at);                    // "10 December 2021, 12:00 UTC"; what is below a minute is left out
std::string words_of_second(Instant at);                  // the same with its seconds, where it has some

// The day "2021-12-09", whose last second is `end`, as a deadline of a place: "the end of 9 December 2021 in Brussels (23:00 UTC)".
std::string words_of_last_day(std::string_view day, Instant end, std::string_view zone);
std::string city_of(std::string_view zone);               // "America/New_York" -> "New York"

std::string words_of_length(Duration length);             // "40 minutes", "2 days 3 hours", "90 days": of two weeks and more, whole days

// Every date and instant inside a text that programs write, 2026-12-02T09:00Z or 2026-12-02, as words.
std::string with_dates_in_words(std::string text);

}  // namespace sluice
