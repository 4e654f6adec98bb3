#include "base/time.h"

#include <time.h>

#include <charconv>
#include <cstdio>
#include <optional>

namespace sluice {

namespace {
using namespace std::chrono;

// Two digits (or `count`) at `at`, or nothing.
std::optional<int> digits(std::string_view text, std::size_t at, std::size_t count) {
  if (at + count > text.size()) return std::nullopt;
  int value = 0;
  for (std::size_t i = at; i < at + count; ++i) {
    if (text[i] < '0' || text[i] > '9') return std::nullopt;
    value = value * 10 + (text[i] - '0');
  }
  return value;
}

constexpr std::int64_t kFirst = sys_days{year{0} / 1 / 1}.time_since_epoch().count() * 86'400'000'000LL;         // 0000-01-01T00:00:00Z
constexpr std::int64_t kLast = sys_days{year{10'000} / 1 / 1}.time_since_epoch().count() * 86'400'000'000LL - 1;  // 9999-12-31T23:59:59.999999Z

std::unexpected<Error> bad_instant() {
  return fail(ErrorKind::Invalid, "This is not a time with a zone. Write it like 2021-12-10T09:00:00Z.", {}, "RFC 3339");
}
std::unexpected<Error> bad_duration() { return fail(ErrorKind::Invalid, "This is not a length of time. Write it like P45D, PT72H, 60s or 7d.", {}, "ISO 8601"); }
}  // namespace

// Digit by digit: a large case's answer holds thousands of these, and printf was a tenth of its time.
std::string to_text(Instant instant) {
  const auto point = sys_time<microseconds>{microseconds{instant.micros}};
  const auto day = floor<days>(point);
  const year_month_day date{day};
  const auto of_day = (point - day).count();
  std::string out;
  const auto put = [&out](std::int64_t value, int width, char after) {
    char text[8];
    for (int i = width; i-- > 0; value /= 10) text[i] = static_cast<char>('0' + value % 10);
    out.append(text, static_cast<std::size_t>(width));
    if (after != 0) out += after;
  };
  const int year = int(date.year());
  if (year < 0 || year > 9999) out = std::to_string(year) + '-';   // no time of ours: still told apart from all others
  else put(year, 4, '-');
  put(unsigned(date.month()), 2, '-'), put(unsigned(date.day()), 2, 'T');
  put(of_day / 3'600'000'000, 2, ':'), put(of_day / 60'000'000 % 60, 2, ':'), put(of_day / 1'000'000 % 60, 2, 0);
  if (const auto micros = of_day % 1'000'000; micros != 0) {
    out += '.';
    put(micros, 6, 0);
    out.resize(out.find_last_not_of('0') + 1);
  }
  return out + 'Z';
}

Result<Instant> parse_instant(std::string_view text) {
  const auto y = digits(text, 0, 4), mo = digits(text, 5, 2), d = digits(text, 8, 2), h = digits(text, 11, 2), mi = digits(text, 14, 2), s = digits(text, 17, 2);
  if (!y || !mo || !d || !h || !mi || !s || text[4] != '-' || text[7] != '-' || (text[10] != 'T' && text[10] != 't') || text[13] != ':' || text[16] != ':') return bad_instant();
  const year_month_day date{year{*y}, month{unsigned(*mo)}, day{unsigned(*d)}};
  if (!date.ok() || *h > 23 || *mi > 59 || *s > 60) return bad_instant();
  std::size_t at = 19;
  std::int64_t micros = 0;
  if (at < text.size() && text[at] == '.') {
    std::int64_t scale = 100'000;
    const auto first = ++at;
    for (; at < text.size() && text[at] >= '0' && text[at] <= '9'; ++at, scale /= 10) micros += (text[at] - '0') * scale;
    if (at == first) return bad_instant();
  }
  std::int64_t offset_minutes = 0;
  if (at < text.size() && (text[at] == 'Z' || text[at] == 'z')) {
    ++at;
  } else if (at < text.size() && (text[at] == '+' || text[at] == '-')) {
    const auto oh = digits(text, at + 1, 2), om = digits(text, at + 4, 2);
    if (!oh || !om || *oh > 23 || *om > 59 || text[at + 3] != ':') return bad_instant();
    offset_minutes = (*oh * 60 + *om) * (text[at] == '-' ? -1 : 1);
    at += 6;
  } else {
    return bad_instant();
  }
  if (at != text.size()) return bad_instant();
  const auto seconds_of_day = (*h * 60 + *mi - offset_minutes) * 60 + *s;
  // An offset or a leap second can lead out of the years that four digits can write: what is stored so could not be read again.
  const Instant out{(sys_days{date}.time_since_epoch().count() * 86'400LL + seconds_of_day) * 1'000'000 + micros};
  if (out.micros < kFirst || out.micros > kLast) return bad_instant();
  return out;
}

std::string to_text(Duration duration) {
  auto rest = duration.count();
  std::string out = rest < 0 ? "-P" : "P";
  if (rest < 0) rest = -rest;
  const auto unit = [&](std::int64_t size, char letter) {
    if (const auto n = rest / size; n != 0) out += std::to_string(n) + letter;
    rest %= size;
  };
  unit(86'400'000'000, 'D');
  if (rest != 0 || out.ends_with('P')) {
    out += 'T';
    unit(3'600'000'000, 'H');
    unit(60'000'000, 'M');
    if (rest != 0 || out.ends_with('T')) {
      out += std::to_string(rest / 1'000'000);
      if (const auto micros = rest % 1'000'000; micros != 0) {
        auto fraction = std::to_string(1'000'000 + micros).substr(1);
        while (fraction.ends_with('0')) fraction.pop_back();
        out += '.' + fraction;
      }
      out += 'S';
    }
  }
  return out;
}

Result<Duration> parse_duration(std::string_view text) {
  const auto number = [&](std::size_t& at) -> std::optional<std::int64_t> {
    std::int64_t value = 0;
    const auto [end, error] = std::from_chars(text.data() + at, text.data() + text.size(), value);
    if (error != std::errc{} || value < 0 || value > 10'000'000) return std::nullopt;  // so that no sum overflows
    at = static_cast<std::size_t>(end - text.data());
    return value;
  };
  constexpr std::int64_t kDay = 86'400'000'000, kHour = 3'600'000'000, kMinute = 60'000'000, kSecond = 1'000'000;
  std::size_t at = 0;
  std::int64_t total = 0;
  if (text.empty()) return bad_duration();
  if (text[0] != 'P') {
    const auto n = number(at);
    if (!n) return bad_duration();
    const auto unit = text.substr(at);
    if (unit == "ms") return Duration{*n * 1000};
    if (unit == "s") return Duration{*n * kSecond};
    if (unit == "m") return Duration{*n * kMinute};
    if (unit == "h") return Duration{*n * kHour};
    if (unit == "d") return Duration{*n * kDay};
    return bad_duration();
  }
  at = 1;
  bool in_time = false, any = false;
  std::string_view order = "WDTHMS";
  while (at < text.size()) {
    if (text[at] == 'T' && !in_time) {
      in_time = true;
      any = false;
      ++at;
      continue;
    }
    const auto n = number(at);
    // Seconds alone have a fraction, down to what to_text() writes: what is taken and stored can be read again.
    const bool is_fraction = n && at < text.size() && text[at] == '.';
    if (is_fraction) {
      const auto first = ++at;
      for (std::int64_t scale = 100'000; at < text.size() && text[at] >= '0' && text[at] <= '9'; ++at, scale /= 10) total += (text[at] - '0') * scale;
      if (at == first || at - first > 6) return bad_duration();
    }
    if (!n || at >= text.size()) return bad_duration();
    const char unit = text[at++];
    const auto place = order.find(unit);
    if (place == std::string_view::npos || (unit == 'W' || unit == 'D') == in_time || (is_fraction && unit != 'S')) return bad_duration();
    order.remove_prefix(place + 1);
    total += *n * (unit == 'W' ? 7 * kDay : unit == 'D' ? kDay : unit == 'H' ? kHour : unit == 'M' ? kMinute : kSecond);
    any = true;
  }
  if (!any) return bad_duration();
  return Duration{total};
}

Instant SystemClock::now() const { return {duration_cast<microseconds>(system_clock::now().time_since_epoch()).count()}; }

Duration SystemClock::monotonic() const {
  timespec t{};
  clock_gettime(CLOCK_BOOTTIME, &t);
  return Duration{t.tv_sec * 1'000'000LL + t.tv_nsec / 1000};
}

}  // namespace sluice
