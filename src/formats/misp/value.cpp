#include "formats/misp/value.h"

#include <algorithm>
#include <charconv>

#include "formats/misp/paths.h"
#include "formats/stix/values.h"
#include "threat/pattern/pattern.h"

namespace sluice::formats::misp {

namespace {

bool is_number(std::string_view text, std::uint64_t most) {
  std::uint64_t n = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), n);
  return error == std::errc{} && end == text.data() + text.size() && n <= most;
}

bool is_ipv4(std::string_view text) {
  int parts = 0;
  for (std::size_t from = 0; from <= text.size(); ++parts) {
    const auto end = std::min(text.find('.', from), text.size());
    const auto part = text.substr(from, end - from);
    if (part.empty() || part.size() > 3 || !is_number(part, 255)) return false;
    from = end + 1;
  }
  return parts == 4;
}

bool is_ipv6(std::string_view text) {
  const auto gap = text.find("::");
  if (gap != text.npos && text.find("::", gap + 1) != text.npos) return false;
  int groups = 0;
  const auto side = [&groups](std::string_view part) {
    if (part.empty()) return true;
    for (std::size_t from = 0; from <= part.size();) {
      const auto end = std::min(part.find(':', from), part.size());
      const auto group = part.substr(from, end - from);
      from = end + 1;
      if (end == part.size() && group.find('.') != group.npos) {
        groups += 2;
        return is_ipv4(group);
      }
      ++groups;
      if (group.empty() || group.size() > 4 || group.find_first_not_of("0123456789abcdefABCDEF") != group.npos) return false;
    }
    return true;
  };
  if (gap == text.npos) return side(text) && groups == 8;
  return side(text.substr(0, gap)) && side(text.substr(gap + 2)) && groups < 8;
}

std::string lower(std::string_view text) {
  std::string out(text);
  for (char& c : out)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return out;
}

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view kSpace = " \t\r\n";
  const auto from = text.find_first_not_of(kSpace);
  return from == text.npos ? std::string_view{} : text.substr(from, text.find_last_not_of(kSpace) + 1 - from);
}

// STIX 2.1 §2.7 and appendix: hex digits of each algorithm. Others are only hex.
std::size_t digits_of(std::string_view path) {
  constexpr std::pair<std::string_view, std::size_t> kDigits[] = {{"hashes.MD5", 32}, {"hashes.IMPHASH", 32}, {"hashes.'SHA-1'", 40}, {"hashes.PEHASH", 40}, {"hashes.'SHA-224'", 56}, {"hashes.'SHA512-224'", 56}, {"hashes.'SHA3-224'", 56},
                                                                  {"hashes.'SHA-256'", 64}, {"hashes.'SHA512-256'", 64}, {"hashes.'SHA3-256'", 64}, {"hashes.'SHA-384'", 96}, {"hashes.'SHA3-384'", 96}, {"hashes.'SHA-512'", 128}, {"hashes.'SHA3-512'", 128}};
  for (const auto& [name, digits] : kDigits)
    if (name == path) return digits;
  return 0;
}

// STIX 2.1 §6.17: hives are written out.
std::string whole_hive(std::string_view key) {
  constexpr std::pair<std::string_view, std::string_view> kHives[] = {{"hkcc", "HKEY_CURRENT_CONFIG"}, {"hkcr", "HKEY_CLASSES_ROOT"}, {"hkcu", "HKEY_CURRENT_USER"}, {"hklm", "HKEY_LOCAL_MACHINE"}, {"hku", "HKEY_USERS"}};
  const auto end = std::min(key.find('\\'), key.size());
  const auto hive = lower(key.substr(0, end));
  for (const auto& [shortly, whole] : kHives)
    if (hive == shortly) return std::string(whole) + std::string(key.substr(end));
  return std::string(key);
}

bool is_of_its_form(std::string_view path, std::string_view text) {
  if (path.ends_with("hashes.SSDEEP")) return stix::is_hash_value("SSDEEP", text);
  if (path.ends_with("hashes.TLSH")) return stix::is_hash_value("TLSH", text);
  if (path == "value" || path == "from_ref.value" || path == "to_refs[*].value" || path == "cc_refs[*].value" || path == "bcc_refs[*].value") return stix::is_email(text);
  return true;
}

// RFC 3987 §3.1: what a URI has no letters for stands there in percent, as it goes over the wire; so does a percent sign that begins nothing, and a bracket behind the host (RFC 3986 §3.2.2).
std::string uri_of(std::string_view text) {
  constexpr std::string_view kHex = "0123456789ABCDEF";
  const auto is_digit = [&](std::size_t i) { return i < text.size() && kHex.find(text[i] >= 'a' && text[i] <= 'f' ? static_cast<char>(text[i] - 'a' + 'A') : text[i]) != kHex.npos; };
  const auto scheme = text.find("://");
  const auto path = scheme == text.npos ? text.npos : text.find_first_of("/?#", scheme + 3);
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto c = static_cast<unsigned char>(text[i]);
    if (c <= 0x20 || (path != text.npos && i > path && (c == '[' || c == ']')) || c >= 0x7f || std::string_view("{}|\\^`").find(text[i]) != std::string_view::npos || (c == '%' && !(is_digit(i + 1) && is_digit(i + 2)))) {
      out += '%';
      out += kHex[c >> 4];
      out += kHex[c & 15];
    } else {
      out += text[i];
    }
  }
  return out;
}

// Where the kind of what is referred to follows from the value, the pattern says it, as MISP's own does.
bool says_type(std::string_view path) { return path == "src_ref.value" || path == "dst_ref.value"; }

std::string literal(As as, std::string_view value) {
  if (as == As::Number || as == As::Boolean) return std::string(value);
  if (as == As::Time) return "t" + pattern_text(value);
  return pattern_text(value);
}

}  // namespace

std::string_view address_type(std::string_view text) {
  const auto slash = text.find('/');
  const auto address = text.substr(0, slash);
  const auto bits = slash == text.npos ? std::string_view("0") : text.substr(slash + 1);
  if (bits.size() <= 3 && is_number(bits, 32) && is_ipv4(address)) return "ipv4-addr";
  if (bits.size() <= 3 && is_number(bits, 128) && is_ipv6(address)) return "ipv6-addr";
  return {};
}

std::optional<Instant> misp_time(const json::value& value) {
  std::string text;
  if (value.is_string()) text = value.get_string();
  else if (value.is_int64()) text = std::to_string(value.get_int64());
  else if (value.is_uint64()) text = std::to_string(value.get_uint64());
  text = trimmed(text);
  constexpr std::uint64_t kLast = 253402300799;  // the end of the year 9999
  if (is_number(text, kLast)) {
    std::int64_t seconds = 0;
    std::from_chars(text.data(), text.data() + text.size(), seconds);
    return Instant{seconds * 1'000'000};
  }
  if (text.size() < 10) return std::nullopt;
  if (text.size() == 10) text += "T00:00:00";
  if (text[10] == ' ') text[10] = 'T';
  const auto zone = text.find_first_of("+-", 11);
  if (text.back() != 'Z' && zone == text.npos) text += 'Z';
  if (zone != text.npos && zone + 5 == text.size()) text.insert(zone + 3, 1, ':');  // "+0000"
  const auto read = parse_instant(text);
  return read ? std::optional(*read) : std::nullopt;
}

std::string stix_time(Instant instant) {
  const auto fraction = ((instant.micros % 1'000'000) + 1'000'000) % 1'000'000;
  auto text = to_text(Instant{instant.micros - fraction});
  text.pop_back();
  auto digits = std::to_string(1'000'000 + fraction).substr(1);
  if (digits.ends_with("000")) digits.resize(3);
  return text + "." + digits + "Z";
}

std::optional<std::string> normal(As as, std::string_view path, std::string_view value) {
  if (as != As::Text) value = trimmed(value);
  if (value.empty()) return std::nullopt;
  switch (as) {
    case As::None: return std::nullopt;
    // Fuzzy hashes and addresses of mail are texts with a form of their own (STIX 2.1 §2.7, §6.5).
    case As::Text:
      if (path.ends_with("hashes.TLSH") && value.size() == 72 && (value[0] == 'T' || value[0] == 't') && value[1] == '1') value.remove_prefix(2);   // TLSH 4 writes its version before the 70 digits that STIX has
      return is_of_its_form(path, value) ? std::optional(std::string(value)) : std::nullopt;
    case As::Number: {
      if (path == "number" && (value.starts_with("AS") || value.starts_with("as"))) value.remove_prefix(2);
      const std::uint64_t most = path.ends_with("_port") ? 65535 : path == "number" ? 4294967295 : (std::uint64_t{1} << 53) - 1;
      if (!is_number(value, most)) return std::nullopt;
      std::uint64_t n = 0;
      std::from_chars(value.data(), value.data() + value.size(), n);
      return std::to_string(n);
    }
    case As::Address: return address_type(value).empty() ? std::nullopt : std::optional(lower(value));
    case As::Domain: {
      while (value.ends_with('.')) value.remove_suffix(1);
      if (!stix::is_domain(value) || !address_type(value).empty()) return std::nullopt;
      return lower(value);
    }
    case As::HexHash: {
      const auto digits = digits_of(path);
      if (value.find_first_not_of("0123456789abcdefABCDEF") != value.npos || (digits != 0 && value.size() != digits)) return std::nullopt;
      return lower(value);
    }
    case As::Mac: {
      auto text = lower(value);
      std::replace(text.begin(), text.end(), '-', ':');
      if (text.size() != 17) return std::nullopt;
      for (std::size_t i = 0; i < text.size(); ++i)
        if (i % 3 == 2 ? text[i] != ':' : std::string_view("0123456789abcdef").find(text[i]) == std::string_view::npos) return std::nullopt;
      return text;
    }
    case As::RegistryKey: return whole_hive(value);
    case As::Time: {
      const auto time = misp_time(json::value(value));
      if (!time) return std::nullopt;
      auto text = stix_time(*time);
      if (path.ends_with(".time_date_stamp")) text.replace(text.find('.'), text.npos, "Z");   // STIX 2.1 §6.7.6: to the second
      return text;
    }
    case As::Boolean: {
      const auto text = lower(value);
      if (text == "1" || text == "true") return "true";
      return text == "0" || text == "false" ? std::optional<std::string>("false") : std::nullopt;
    }
    case As::Lower: return lower(value);
    // RFC 3986 §4.3: a path alone is no URL.
    case As::Url: {
      if (value.find("://") == value.npos || value.find_first_of(" \t\r\n\"<>") != value.npos) return std::nullopt;
      auto uri = uri_of(value);
      return stix::is_url(uri) ? std::optional(std::move(uri)) : std::nullopt;
    }
  }
  return std::nullopt;
}

std::string pattern_of(std::string_view root, std::span<const Fact> facts) {
  std::string out;
  for (auto first = facts.begin(); first != facts.end(); ++first) {
    if (std::any_of(facts.begin(), first, [&](const Fact& f) { return f.path == first->path; })) continue;
    std::string group;
    std::vector<std::string_view> seen;
    bool is_whole = true;
    for (auto fact = first; fact != facts.end(); ++fact) {
      if (fact->path != first->path || std::find(seen.begin(), seen.end(), fact->value) != seen.end()) continue;
      const auto type = root == "address" ? address_type(fact->value) : root;
      auto one = std::string(type) + ":" + std::string(fact->path) + " = " + literal(fact->as, fact->value);
      if (says_type(fact->path)) {
        const auto ref = fact->path.substr(0, fact->path.find('.'));
        one = std::string(type) + ":" + std::string(ref) + ".type = " + pattern_text(type_referred(ref, fact->as, fact->value)) + " AND " + one;
        is_whole = false;
      }
      group += (seen.empty() ? "" : " OR ") + (is_whole ? one : "(" + one + ")");
      seen.push_back(fact->value);
    }
    if (seen.size() == 1 && !is_whole) group = group.substr(1, group.size() - 2);
    out += (out.empty() ? "" : " AND ") + (seen.size() > 1 ? "(" + group + ")" : group);
  }
  // What nobody could read is no pattern (docs/formats/stix-patterns.md: its limits).
  return out.empty() || out.size() + 2 > threat::PatternLimits{}.bytes ? std::string() : "[" + out + "]";
}

}  // namespace sluice::formats::misp
