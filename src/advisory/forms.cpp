#include "advisory/forms.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <string>

namespace sluice::advisory {

namespace {
bool letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
bool digit(char c) { return c >= '0' && c <= '9'; }
bool hex(char c) { return digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'); }
bool all_of(std::string_view text, auto&& test) { return std::all_of(text.begin(), text.end(), test); }
char lower(char c) { return static_cast<char>(std::tolower(static_cast<unsigned char>(c))); }
}  // namespace

// RFC 3986 §2, §3: characters outside its set, such as umlauts, must be percent-encoded. Not taken though allowed: addresses in brackets.
bool is_uri(std::string_view text) {
  const auto colon = text.find(':');
  if (colon == std::string_view::npos || colon == 0 || colon + 1 == text.size() || !letter(text[0])) return false;
  if (!all_of(text.substr(0, colon), [](char c) { return letter(c) || digit(c) || std::string_view("+-.").contains(c); })) return false;
  const auto rest = text.substr(colon + 1);
  for (std::size_t i = 0; i < rest.size(); ++i) {
    const char c = rest[i];
    if (c == '%' && (i + 2 >= rest.size() || !hex(rest[i + 1]) || !hex(rest[i + 2]))) return false;
    if (!letter(c) && !digit(c) && !std::string_view("-._~:/?#@!$&'()*+,;=%").contains(c)) return false;
  }
  if (std::count(rest.begin(), rest.end(), '#') > 1) return false;
  if (rest[0] == '?' || rest[0] == '#') return false;
  const auto scheme = text.substr(0, colon);
  const bool web = scheme == "http" || scheme == "https";
  if (!rest.starts_with("//")) return !web;
  auto authority = rest.substr(2, rest.find_first_of("/?#", 2) - 2);
  if (web && authority.empty()) return false;
  const auto user = authority.find('@');
  if (user != std::string_view::npos) authority.remove_prefix(user + 1);
  if (authority.contains('@')) return false;
  const auto port = authority.find(':');
  return port == std::string_view::npos || all_of(authority.substr(port + 1), digit);
}

namespace {

// What a type of purl needs or has no place for (the type definitions of ECMA-427).
enum Part { Namespace = 1, Version = 2 };
struct PurlType {
  std::string_view name;
  int needs, refuses;
};
constexpr PurlType kPurlTypes[] = {{"cran", Version, 0}, {"maven", Namespace, 0}, {"oci", 0, Namespace}, {"swift", Namespace | Version, 0}};

bool are_qualifiers(std::string_view text) {
  while (!text.empty()) {
    const auto pair = text.substr(0, text.find('&'));
    const auto key = pair.substr(0, pair.find('='));
    if (key.empty() || key.size() + 1 >= pair.size() || digit(key[0]) || !all_of(key, [](char c) { return letter(c) || digit(c) || std::string_view(".-_").contains(c); })) return false;
    text.remove_prefix(std::min(text.size(), pair.size() + 1));
  }
  return true;
}

// Whether percent-encoded bytes stand for UTF-8 (RFC 3629). What is not encoded is ASCII here.
bool decodes_to_utf8(std::string_view text) {
  const auto value = [](char c) { return digit(c) ? c - '0' : (lower(c) - 'a') + 10; };
  int left = 0, low = 0x80, high = 0xBF;  // continuation bytes to come, and what the next one may be
  for (std::size_t i = 0; i < text.size(); ++i) {
    int byte = text[i];
    if (byte == '%') {
      byte = value(text[i + 1]) * 16 + value(text[i + 2]);
      i += 2;
    }
    if (left > 0) {
      if (byte < low || byte > high) return false;
      low = 0x80, high = 0xBF;
      --left;
    } else if (byte >= 0x80) {
      if (byte < 0xC2 || byte > 0xF4) return false;
      left = byte < 0xE0 ? 1 : byte < 0xF0 ? 2 : 3;
      if (byte == 0xE0) low = 0xA0;
      if (byte == 0xED) high = 0x9F;
      if (byte == 0xF0) low = 0x90;
      if (byte == 0xF4) high = 0x8F;
    }
  }
  return left == 0;
}

}  // namespace

bool is_purl(std::string_view text) {
  if (!text.starts_with("pkg:") || !is_uri(text) || !decodes_to_utf8(text)) return false;
  text.remove_prefix(4);
  text = text.substr(0, text.find('#'));
  const auto question = std::min(text.find('?'), text.size());
  const auto qualifiers = text.substr(std::min(question + 1, text.size()));
  text = text.substr(0, question);
  const auto slash = text.find('/');
  if (slash == std::string_view::npos || slash == 0 || !letter(text[0])) return false;
  std::string type(text.substr(0, slash));
  if (!all_of(type, [](char c) { return letter(c) || digit(c) || c == '.' || c == '-'; })) return false;
  std::transform(type.begin(), type.end(), type.begin(), lower);
  const auto at = text.find('@');
  if (at != text.rfind('@')) return false;
  const auto path = text.substr(slash + 1, at - slash - 1);
  if (path.empty() || path.starts_with('/') || path.ends_with('/') || at + 1 == text.size() || !are_qualifiers(qualifiers)) return false;
  const int has = (path.contains('/') ? Namespace : 0) | (at != std::string_view::npos ? Version : 0);
  if (type == "conan" && path.contains('/') != (qualifiers.starts_with("channel=") || qualifiers.contains("&channel="))) return false;
  return std::none_of(std::begin(kPurlTypes), std::end(kPurlTypes), [&](const PurlType& t) { return t.name == type && ((t.needs & ~has) != 0 || (t.refuses & has) != 0); });
}

bool has_version(std::string_view purl) { return purl.substr(0, purl.find_first_of("?#")).contains('@'); }

std::string without_version(std::string_view purl) {
  const auto end = std::min(purl.find_first_of("?#"), purl.size());
  return std::string(purl.substr(0, std::min(purl.find('@'), end))) + std::string(purl.substr(end));
}

namespace {

// One component of a CPE 2.3 formatted string: '*', '-', or text with wildcards at its ends only.
bool is_cpe_component(std::string_view text) {
  if (text == "*" || text == "-") return true;
  const auto strip = [&](auto&& front, auto&& remove) {
    if (!text.empty() && front() == '*') return remove();
    while (!text.empty() && front() == '?') remove();
  };
  strip([&] { return text.front(); }, [&] { text.remove_prefix(1); });
  if (text.size() < 2 || text[text.size() - 2] != '\\') strip([&] { return text.back(); }, [&] { text.remove_suffix(1); });
  if (text.empty()) return false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (letter(text[i]) || digit(text[i]) || std::string_view("-._").contains(text[i])) continue;
    if (text[i] != '\\' || ++i == text.size() || !std::string_view("\\*?!\"#$%&'()+,/:;<=>@[]^`{|}~").contains(text[i])) return false;
  }
  return true;
}

bool is_cpe_language(std::string_view text) {
  if (text == "*" || text == "-") return true;
  const auto dash = std::min(text.find('-'), text.size());
  if (dash < 2 || dash > 3 || !all_of(text.substr(0, dash), letter)) return false;
  const auto region = text.substr(std::min(dash + 1, text.size()));
  return dash == text.size() || (region.size() == 2 && all_of(region, letter)) || (region.size() == 3 && all_of(region, digit));
}

}  // namespace

bool is_cpe(std::string_view text) {
  if (text.starts_with("cpe:/")) {
    text.remove_prefix(5);
    if (!text.empty() && std::string_view("ahoAHO").contains(text[0])) text.remove_prefix(1);
    return (text.empty() || text[0] == ':') && std::count(text.begin(), text.end(), ':') <= 6 && all_of(text, [](char c) { return letter(c) || digit(c) || std::string_view("._-~%:").contains(c); });
  }
  if (!text.starts_with("cpe:2.3:")) return false;
  text.remove_prefix(8);
  for (int component = 0;; ++component) {
    std::size_t end = 0;
    while (end < text.size() && text[end] != ':') end += text[end] == '\\' ? 2 : 1;
    end = std::min(end, text.size());
    const auto part = text.substr(0, end);
    const bool fits = component == 0 ? part.size() == 1 && std::string_view("aho*-").contains(part[0]) : component == 6 ? is_cpe_language(part) : is_cpe_component(part);
    if (!fits) return false;
    if (end == text.size()) return component == 10;
    text.remove_prefix(end + 1);
  }
}

bool is_cve_id(std::string_view text) {
  return text.size() >= 13 && text.size() <= 28 && text.starts_with("CVE-") && text[8] == '-' && all_of(text.substr(4, 4), digit) && all_of(text.substr(9), digit);
}

bool is_uuid4(std::string_view text) {
  if (text.size() != 36 || text[14] != '4' || !std::string_view("89abAB").contains(text[19])) return false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool dash = i == 8 || i == 13 || i == 18 || i == 23;
    if (dash ? text[i] != '-' : !hex(text[i])) return false;
  }
  return true;
}

bool is_language(std::string_view text) {
  enum { Language, Script, Region, Done } next = Language;
  while (true) {
    const auto part = text.substr(0, text.find('-'));
    std::string small, large;
    for (const char c : part) {
      small += lower(c);
      large += static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
    }
    if (next == Language) {
      if (!is_language_subtag(small)) return false;
      next = Script;
    } else if (next == Script && part.size() == 4 && is_script_subtag(large.substr(0, 1) + small.substr(1))) {
      next = Region;
    } else if (next != Done && is_region_subtag(large)) {
      next = Done;
    } else {
      return false;
    }
    if (part.size() == text.size()) return true;
    text.remove_prefix(part.size() + 1);
  }
}

bool is_english(std::string_view language) {
  return language.size() >= 2 && lower(language[0]) == 'e' && lower(language[1]) == 'n' && (language.size() == 2 || language[2] == '-');
}

bool is_vers_scheme(std::string_view text) {
  return !text.empty() && text[0] >= 'a' && text[0] <= 'z' && all_of(text, [](char c) { return (c >= 'a' && c <= 'z') || digit(c) || std::string_view(".-+").contains(c); });
}

bool names_a_range(std::string_view version) {
  std::string text;
  for (const char c : version) text += lower(c);
  if (text.find_first_of("<>") != std::string::npos) return true;
  constexpr auto kWords = std::to_array<std::string_view>({"after", "all", "before", "earlier", "later", "prior", "versions"});
  for (std::size_t at = 0; at < text.size();) {
    const auto end = std::min(text.find_first_of(" \t\r\n\f\v,;()", at), text.size());
    const auto word = std::string_view(text).substr(at, end - at);
    if (std::find(kWords.begin(), kWords.end(), word) != kWords.end()) return true;
    at = end + 1;
  }
  return false;
}

}  // namespace sluice::advisory
