#include "base/time_words.h"

#include <cstdio>

namespace sluice {

namespace {

struct CivilTime { int year; unsigned month, day, hour, minute, second; };
CivilTime civil_time(Instant at) {
  const std::chrono::sys_time<std::chrono::microseconds> point{std::chrono::microseconds{at.micros}};
  const auto day = std::chrono::floor<std::chrono::days>(point);
  const std::chrono::year_month_day ymd{day};
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(point - day).count();
  return {static_cast<int>(ymd.year()), static_cast<unsigned>(ymd.month()), static_cast<unsigned>(ymd.day()), static_cast<unsigned>(seconds / 3600), static_cast<unsigned>(seconds / 60 % 60), static_cast<unsigned>(seconds % 60)};
}
constexpr const char* kMonthNames[] = {"January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"};

std::string clock_words(const CivilTime& c, bool with_seconds) {
  char out[24];
  if (with_seconds) std::snprintf(out, sizeof out, "%02u:%02u:%02u UTC", c.hour, c.minute, c.second);
  else std::snprintf(out, sizeof out, "%02u:%02u UTC", c.hour, c.minute);
  return out;
}

bool is_of_word(char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' || c == '_' || c == '/'; }

// How many characters of "2026-12-02" stand at the beginning; 0: none.
std::size_t day_length(std::string_view text) {
  constexpr std::string_view kForm = "dddd-dd-dd";
  if (text.size() < kForm.size()) return 0;
  for (std::size_t i = 0; i < kForm.size(); ++i)
    if (kForm[i] == 'd' ? text[i] < '0' || text[i] > '9' : text[i] != '-') return 0;
  return kForm.size();
}

// An instant whose seconds may be missing, as evaluations write it.
std::optional<Instant> instant_of(std::string_view text) {
  auto full = std::string(text);
  if (full.size() == 17 && full.ends_with('Z')) full.insert(16, ":00");
  const auto read = parse_instant(full);
  return read ? std::optional(*read) : std::nullopt;
}

}  // namespace

std::string words_of_date(Instant at) {
  const auto c = civil_time(at);
  return std::to_string(c.day) + " " + kMonthNames[c.month - 1] + " " + std::to_string(c.year);
}
std::string words_of_time(Instant at) { return words_of_date(at) + ", " + clock_words(civil_time(at), false); }
std::string words_of_second(Instant at) {
  const auto c = civil_time(at);
  return words_of_date(at) + ", " + clock_words(c, c.second != 0);
}

std::string city_of(std::string_view zone) {
  auto out = std::string(zone.substr(zone.find('/') == zone.npos ? 0 : zone.find('/') + 1));
  for (auto& c : out)
    if (c == '_') c = ' ';
  return out;
}

std::string words_of_last_day(std::string_view day, Instant end, std::string_view zone) {
  const auto date = instant_of(std::string(day) + "T00:00Z");
  if (!date) return std::string(day);
  const auto said = words_of_date(*date);
  if (zone.empty() || zone == "UTC") return "the end of " + said + " (UTC)";
  // The first instant that is too late reads better than the last that isn't: 23:00, not 22:59:59.
  const auto after = end + std::chrono::seconds(1);
  const bool is_same_day = words_of_date(after) == said;
  return "the end of " + said + " in " + city_of(zone) + " (" + (is_same_day ? clock_words(civil_time(after), false) : words_of_time(after)) + ")";
}

std::string words_of_length(Duration length) {
  const auto minutes = std::chrono::duration_cast<std::chrono::minutes>(length).count();
  const auto part = [](std::int64_t n, const char* word) { return std::to_string(n) + " " + word + (n == 1 ? "" : "s"); };
  const auto pair = [&](std::int64_t big, const char* of, std::int64_t small, const char* rest) { return part(big, of) + (small > 0 ? " " + part(small, rest) : ""); };
  if (minutes < 1) return "less than a minute";
  if (minutes < 60) return part(minutes, "minute");
  if (minutes < 24 * 60) return pair(minutes / 60, "hour", minutes % 60, "minute");
  const auto days = minutes / (24 * 60);
  return days < 14 ? pair(days, "day", minutes % (24 * 60) / 60, "hour") : part(days, "day");
}

std::string with_dates_in_words(std::string text) {
  std::string out;
  for (std::size_t i = 0; i < text.size();) {
    const auto rest = std::string_view(text).substr(i);
    const auto length = i > 0 && is_of_word(text[i - 1]) ? 0 : day_length(rest);
    if (length == 0) {
      out += text[i++];
      continue;
    }
    const auto end = rest.find('Z', length);
    if (rest.size() > length && rest[length] == 'T' && end != rest.npos && end <= 26) {
      if (const auto at = instant_of(rest.substr(0, end + 1))) {
        out += words_of_second(*at);
        i += end + 1;
        continue;
      }
    }
    const auto day = rest.size() > length && is_of_word(rest[length]) ? std::nullopt : instant_of(std::string(rest.substr(0, length)) + "T00:00Z");
    out += day ? words_of_date(*day) : std::string(rest.substr(0, length));
    i += length;
  }
  return out;
}

}  // namespace sluice
