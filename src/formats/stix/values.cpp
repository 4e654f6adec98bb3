#include "formats/stix/values.h"

#include <algorithm>
#include <array>

#include "advisory/forms.h"

namespace sluice::formats::stix {

namespace {

constexpr bool low(char c) { return c >= 'a' && c <= 'z'; }
constexpr bool cap(char c) { return c >= 'A' && c <= 'Z'; }
constexpr bool num(char c) { return c >= '0' && c <= '9'; }
constexpr bool hexa(char c) { return num(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'); }

template <class F>
bool each(std::string_view text, F fits) {
  return std::all_of(text.begin(), text.end(), fits);
}

int two(std::string_view text, std::size_t at) { return num(text[at]) && num(text[at + 1]) ? (text[at] - '0') * 10 + (text[at + 1] - '0') : -1; }

// A number without leading zeros, at most `most`; -1 if it is none.
int small_number(std::string_view text, int most) {
  if (text.empty() || text.size() > 3 || (text.size() > 1 && text[0] == '0') || !each(text, num)) return -1;
  int value = 0;
  for (const char c : text) value = value * 10 + (c - '0');
  return value <= most ? value : -1;
}

// What stands before a '/'; `fits` becomes false where what stands behind it is no length of a prefix.
std::string_view before_prefix(std::string_view text, int most, bool& fits) {
  const auto slash = text.find('/');
  fits = slash == text.npos || small_number(text.substr(slash + 1), most) >= 0;
  return text.substr(0, slash);
}

bool is_plain_ipv4(std::string_view text) {
  for (int part = 0; part < 4; ++part) {
    const auto end = part < 3 ? text.find('.') : text.size();
    if (end == text.npos || small_number(text.substr(0, end), 255) < 0) return false;
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return true;
}

}  // namespace

bool is_timestamp(std::string_view text) {
  if (text.size() < 20 || text.back() != 'Z' || text[4] != '-' || text[7] != '-' || text[10] != 'T' || text[13] != ':' || text[16] != ':') return false;
  const int century = two(text, 0), rest = two(text, 2), month = two(text, 5), day = two(text, 8), hour = two(text, 11), minute = two(text, 14), second = two(text, 17);
  if (century < 0 || rest < 0 || month < 1 || month > 12 || day < 1 || hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 60) return false;
  constexpr std::array<int, 12> kDays{31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  const int year = century * 100 + rest;
  const bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
  if (day > kDays[static_cast<std::size_t>(month - 1)] + (month == 2 && leap ? 1 : 0)) return false;
  if (text.size() == 20) return true;
  return text[19] == '.' && text.size() > 21 && each(text.substr(20, text.size() - 21), num);
}

int fraction_digits(std::string_view timestamp) { return timestamp.size() <= 20 ? 0 : static_cast<int>(timestamp.size()) - 21; }

int compare_timestamps(std::string_view a, std::string_view b) {
  const auto whole = a.substr(0, 19).compare(b.substr(0, 19));
  if (whole != 0) return whole < 0 ? -1 : 1;
  const auto fraction = [](std::string_view text) { return text.size() > 20 ? text.substr(20, text.size() - 21) : std::string_view{}; };
  const auto x = fraction(a), y = fraction(b);
  for (std::size_t i = 0; i < std::max(x.size(), y.size()); ++i) {
    const char l = i < x.size() ? x[i] : '0', r = i < y.size() ? y[i] : '0';
    if (l != r) return l < r ? -1 : 1;
  }
  return 0;
}

bool is_property_name(std::string_view text) {
  if (text == "id") return true;
  return text.size() >= 3 && text.size() <= 250 && low(text[0]) && each(text, [](char c) { return low(c) || num(c) || c == '_'; });
}

bool is_dictionary_key(std::string_view text) {
  return !text.empty() && text.size() <= 250 && each(text, [](char c) { return low(c) || cap(c) || num(c) || c == '_' || c == '-'; });
}

bool is_hex_text(std::string_view text) { return !text.empty() && text.size() % 2 == 0 && each(text, hexa); }

bool is_base64_text(std::string_view text) {
  if (text.empty() || text.size() % 4 != 0) return false;
  if (text.ends_with('=')) text.remove_suffix(text.ends_with("==") ? 2 : 1);
  return each(text, [](char c) { return low(c) || cap(c) || num(c) || c == '+' || c == '/'; });
}

bool is_url(std::string_view text) {
  const auto colon = text.find(':');
  if (colon == text.npos || colon == 0 || !(low(text[0]) || cap(text[0]))) return false;
  if (!each(text.substr(0, colon), [](char c) { return low(c) || cap(c) || num(c) || c == '+' || c == '-' || c == '.'; })) return false;
  const auto rest = text.substr(colon + 1);
  bool in_fragment = false;
  for (std::size_t i = 0; i < rest.size(); ++i) {
    const char c = rest[i];
    if (c == '%') {   // §2.1: only before two digits
      if (i + 2 >= rest.size() || !hexa(rest[i + 1]) || !hexa(rest[i + 2])) return false;
    } else if (c == '#') {
      if (in_fragment) return false;
      in_fragment = true;
    } else if (!(low(c) || cap(c) || num(c) || std::string_view("-._~:/?[]@!$&'()*+,;=").contains(c))) {
      return false;
    }
  }
  if (!rest.starts_with("//")) return !rest.empty();
  const auto authority = rest.substr(2, rest.find_first_of("/?#", 2) == rest.npos ? rest.npos : rest.find_first_of("/?#", 2) - 2);
  // Brackets stand around an address of version 6 and nowhere else (§3.2.2).
  const auto open = rest.find('['), close = rest.find(']');
  if (open == rest.npos) return close == rest.npos;
  return open < authority.size() + 2 && close != rest.npos && close > open && close < authority.size() + 2 && rest.find_first_of("[]", close + 1) == rest.npos;
}

bool is_open_word(std::string_view text) {
  return std::any_of(text.begin(), text.end(), [](char c) { return low(c) || static_cast<unsigned char>(c) >= 0x80; }) && each(text, [](char c) { return !cap(c) && c != '_' && c != ' '; });
}

bool is_name_with_hyphens(std::string_view text) {
  return !text.empty() && each(text, [](char c) { return low(c) || num(c) || c == '-'; });
}

bool is_uuid_of_rfc4122(std::string_view uuid) { return uuid[14] >= '1' && uuid[14] <= '5' && std::string_view("89abAB").contains(uuid[19]); }

bool is_hash_value(std::string_view algorithm, std::string_view value) {
  struct Length {
    std::string_view name;
    std::size_t digits;
  };
  constexpr Length kLengths[] = {{"MD5", 32}, {"SHA-1", 40}, {"SHA-256", 64}, {"SHA-512", 128}, {"SHA3-256", 64}, {"SHA3-512", 128}};
  for (const auto& [name, digits] : kLengths)
    if (algorithm == name) return value.size() == digits && each(value, hexa);
  if (algorithm == "SSDEEP") return !value.empty() && value.size() <= 128 && each(value, [](char c) { return low(c) || cap(c) || num(c) || c == '/' || c == '+' || c == ':' || c == '.'; });
  if (algorithm == "TLSH") return value.size() == 70 && each(value, [](char c) { return low(c) || cap(c) || num(c); });
  return true;
}

bool is_ipv4(std::string_view text) {
  bool fits = true;
  const auto address = before_prefix(text, 32, fits);
  return fits && is_plain_ipv4(address);
}

bool is_ipv6(std::string_view text) {
  bool fits = true;
  auto address = before_prefix(text, 128, fits);
  if (!fits) return false;
  if (const auto zone = address.find('%'); zone != address.npos) {
    if (zone + 1 == address.size()) return false;
    address = address.substr(0, zone);
  }
  int groups = 0;
  bool has_gap = false;
  if (address.starts_with("::")) {
    has_gap = true;
    address.remove_prefix(2);
    if (address.empty()) return true;
  }
  while (true) {
    const auto end = std::min(address.find(':'), address.size());
    const auto group = address.substr(0, end);
    if (group.contains('.')) return end == address.size() && is_plain_ipv4(group) && (has_gap ? groups + 2 < 8 : groups + 2 == 8);
    if (group.empty() || group.size() > 4 || !each(group, hexa)) return false;
    ++groups;
    if (end == address.size()) return has_gap ? groups < 8 : groups == 8;
    address.remove_prefix(end + 1);
    if (address.empty()) return false;   // a colon at the end
    if (address[0] == ':') {
      if (has_gap) return false;
      has_gap = true;
      address.remove_prefix(1);
      if (address.empty()) return groups < 8;
    }
  }
}

bool is_mac(std::string_view text) {
  if (text.size() != 17) return false;
  for (std::size_t i = 0; i < 17; ++i)
    if (i % 3 == 2 ? text[i] != ':' : !(num(text[i]) || (text[i] >= 'a' && text[i] <= 'f'))) return false;
  return true;
}

bool is_domain(std::string_view text) {
  if (text.ends_with('.')) text.remove_suffix(1);
  if (text.empty() || text.size() > 1000) return false;
  while (true) {
    const auto end = std::min(text.find('.'), text.size());
    const auto label = text.substr(0, end);
    const bool is_ascii = each(label, [](char c) { return static_cast<unsigned char>(c) < 0x80; });
    if (label.empty() || (is_ascii && label.size() > 63) || label.front() == '-' || label.back() == '-') return false;
    if (label != "*" && !each(label, [](char c) { return low(c) || cap(c) || num(c) || c == '-' || c == '_' || static_cast<unsigned char>(c) >= 0x80; })) return false;
    if (end == text.size()) return true;
    text.remove_prefix(end + 1);
  }
}

// RFC 5322 §3.4.1 as far as it matters: a local part, '@', and a domain or an address in brackets; nothing invisible.
bool is_email(std::string_view text) {
  const auto at = text.rfind('@');
  if (at == text.npos || at == 0 || at + 1 == text.size()) return false;
  if (!each(text, [](char c) { return static_cast<unsigned char>(c) > 0x20 && c != 0x7f; })) return false;
  const auto domain = text.substr(at + 1);
  return (domain.front() == '[' && domain.back() == ']') || is_domain(domain);
}

bool is_media_type(std::string_view text) {
  const auto slash = text.find('/');
  if (slash == text.npos || slash + 1 == text.size()) return false;
  constexpr std::array<std::string_view, 10> kTop{"application", "audio", "font", "haptics", "image", "message", "model", "multipart", "text", "video"};
  const char first = text[slash + 1];
  return std::binary_search(kTop.begin(), kTop.end(), text.substr(0, slash)) && (low(first) || cap(first) || num(first) || std::string_view(".+_-").contains(first));
}

bool is_charset_name(std::string_view text) {
  return text.size() >= 2 && text.size() <= 250 && each(text, [](char c) { return low(c) || cap(c) || num(c) || std::string_view("/.+_:-").contains(c); });
}

bool is_cpe23(std::string_view text) { return text.starts_with("cpe:2.3:") && advisory::is_cpe(text); }

bool is_language_code(std::string_view text) {
  if (text.size() == 2 && low(text[0]) && low(text[1])) return advisory::is_language_subtag(text);
  if (text.size() == 3 && each(text, low)) return true;
  // RFC 5646 §2.1: private use, and variants, extensions and private parts behind what the registry knows.
  if (text.starts_with("x-") || text.starts_with("i-")) return text.size() > 2 && text.size() <= 35;
  if (advisory::is_language(text)) return true;
  for (auto end = text.rfind('-'); end != text.npos && end > 0; end = text.rfind('-', end - 1)) {
    const auto rest = text.substr(end + 1);
    const auto part = rest.substr(0, rest.find('-'));
    const bool is_more = part.size() == 1 || (part.size() >= 5 && part.size() <= 8) || (part.size() == 4 && num(part[0])) || part.size() == 3;
    if (!each(rest, [](char c) { return low(c) || cap(c) || num(c) || c == '-'; }) || rest.ends_with('-') || rest.contains("--") || rest.empty() || !is_more) return false;
    if (advisory::is_language(text.substr(0, end))) return true;
  }
  return false;
}

bool is_selector(std::string_view text) {
  // §7.2.3.1: names, dictionary keys and [n], joined by '.'; the first is a property's name.
  bool is_first = true;
  while (true) {
    const auto end = std::min(text.find('.'), text.size());
    const auto part = text.substr(0, end);
    const bool is_index = part.size() > 2 && part.size() < 12 && part.front() == '[' && part.back() == ']' && each(part.substr(1, part.size() - 2), num);
    if (is_first ? !is_property_name(part) : !is_index && !is_dictionary_key(part)) return false;
    is_first = false;
    if (end == text.size()) return true;
    text.remove_prefix(end + 1);
  }
}

}  // namespace sluice::formats::stix
