#include "base/fine_time.h"


namespace sluice {

namespace {

std::optional<int> fine_digits(std::string_view text, std::size_t at, std::size_t count) {
  int value = 0;
  for (std::size_t i = at; i < at + count; ++i) {
    if (text[i] < '0' || text[i] > '9') return std::nullopt;
    value = value * 10 + (text[i] - '0');
  }
  return value;
}

std::optional<std::int64_t> nanos_of(std::string_view text, bool is_clamped) {
  using namespace std::chrono;
  if (text.size() < 20 || text.size() > 60 || text.back() != 'Z') return std::nullopt;
  if (text[4] != '-' || text[7] != '-' || text[10] != 'T' || text[13] != ':' || text[16] != ':') return std::nullopt;
  const auto y = fine_digits(text, 0, 4), mo = fine_digits(text, 5, 2), d = fine_digits(text, 8, 2), h = fine_digits(text, 11, 2), mi = fine_digits(text, 14, 2), s = fine_digits(text, 17, 2);
  if (!y || !mo || !d || !h || !mi || !s) return std::nullopt;
  const year_month_day date{year{*y}, month{unsigned(*mo)}, day{unsigned(*d)}};
  if (!date.ok() || *h > 23 || *mi > 59 || *s > 59) return std::nullopt;
  const auto fraction = text.substr(19, text.size() - 20);
  std::int64_t nanos = 0;
  if (!fraction.empty()) {
    if (fraction.front() != '.' || fraction.size() < 2) return std::nullopt;
    std::int64_t scale = 100'000'000;
    for (const char c : fraction.substr(1)) {
      if (c < '0' || c > '9') return std::nullopt;
      nanos += (c - '0') * scale;
      scale /= 10;
    }
  }
  if (*y < 1678 || *y > 2261) return is_clamped ? std::optional(*y < 1678 ? INT64_MIN : INT64_MAX) : std::nullopt;
  const std::int64_t seconds = static_cast<std::int64_t>(sys_days{date}.time_since_epoch().count()) * 86'400 + *h * 3600 + *mi * 60 + *s;
  return seconds * 1'000'000'000 + nanos;
}

}  // namespace

std::optional<std::int64_t> utc_nanos(std::string_view text) { return nanos_of(text, false); }
std::optional<std::int64_t> utc_nanos_clamped(std::string_view text) { return nanos_of(text, true); }

std::string six_digits(Instant instant) {
  auto out = to_text(instant);                     // with no fraction, or as few digits as it needs
  out.pop_back();
  const auto dot = out.find('.');
  const auto had = dot == out.npos ? 0 : out.size() - dot - 1;
  if (dot == out.npos) out += '.';
  return out + std::string(6 - had, '0') + 'Z';
}

}  // namespace sluice
