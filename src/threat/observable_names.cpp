// Names: domains, mail addresses, URLs, and how they look before they were made harmless.
#include <idn2.h>

#include <algorithm>

#include "base/utf8.h"
#include "threat/observable_forms.h"

namespace sluice::threat::forms {

namespace {

bool is_ascii(std::string_view text) { return std::all_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < 0x80; }); }
bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_hex(char c) { return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'); }
int hex_value(char c) { return is_digit(c) ? c - '0' : (c | 32) - 'a' + 10; }
bool is_unreserved(char c) { return is_letter(c) || is_digit(c) || c == '-' || c == '.' || c == '_' || c == '~'; }

// Signs in brackets of any kind, by what they stand for.
struct Fanged {
  std::string_view inside;
  std::string_view means;
};
constexpr Fanged kFanged[] = {{".", "."}, {"dot", "."}, {":", ":"}, {"://", "://"}, {"/", "/"}, {"@", "@"}, {"at", "@"}};

std::optional<std::string> domain_in_ascii(std::string_view text) {
  if (is_ascii(text)) return ascii_lower(text);
  if (!is_utf8(text)) return std::nullopt;
  // UTS #46, non-transitional: as browsers look names up.
  std::uint8_t* out = nullptr;
  const std::string name(text);
  const int code = idn2_lookup_u8(reinterpret_cast<const std::uint8_t*>(name.c_str()), &out, IDN2_NFC_INPUT | IDN2_NONTRANSITIONAL);
  if (code != IDN2_OK) return std::nullopt;
  std::string ascii(reinterpret_cast<const char*>(out));
  idn2_free(out);
  return ascii_lower(ascii);
}

void add_percent(std::string& out, char c) {
  constexpr std::string_view kDigits = "0123456789ABCDEF";
  const auto byte = static_cast<unsigned char>(c);
  out += '%';
  out += kDigits[byte >> 4];
  out += kDigits[byte & 15];
}

// RFC 3986 §6.2.2: what needs no escape has none, what has one has it in capitals; `also` are the signs that may stand here.
std::string escaped_alike(std::string_view text, std::string_view also) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (c == '%' && i + 2 < text.size() && is_hex(text[i + 1]) && is_hex(text[i + 2])) {
      const char byte = static_cast<char>(hex_value(text[i + 1]) * 16 + hex_value(text[i + 2]));
      if (is_unreserved(byte)) out += byte;
      else add_percent(out, byte);
      i += 2;
    } else if (is_unreserved(c) || also.find(c) != also.npos) {
      out += c;
    } else {
      add_percent(out, c);
    }
  }
  return out;
}

// RFC 3986 §5.2.4, of a path that begins with '/'.
std::string without_dot_segments(std::string_view path) {
  std::string out;
  std::size_t at = 0;
  while (at < path.size()) {
    const auto next = std::min(path.find('/', at + 1), path.size());
    const auto segment = path.substr(at, next - at);  // with its '/'
    const bool is_last = next == path.size();
    if (segment == "/..") {
      out.erase(out.empty() ? 0 : out.rfind('/'));
      if (is_last) out += '/';
    } else if (segment == "/.") {
      if (is_last) out += '/';
    } else {
      out += segment;
    }
    at = next;
  }
  return out;
}

std::string_view default_port(std::string_view scheme) { return scheme == "http" || scheme == "ws" ? "80" : scheme == "https" || scheme == "wss" ? "443" : scheme == "ftp" ? "21" : ""; }

}  // namespace

std::string ascii_lower(std::string_view text) {
  std::string out(text);
  for (char& c : out)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + 32);
  return out;
}

std::string refanged(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || (text.front() >= '\t' && text.front() <= '\r'))) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || (text.back() >= '\t' && text.back() <= '\r'))) text.remove_suffix(1);
  std::string out;
  out.reserve(text.size());
  for (const char c : text) {
    out += c;
    if (c != ']' && c != ')' && c != '}') continue;
    const char opens = c == ']' ? '[' : c == ')' ? '(' : '{';
    for (const auto& [inside, means] : kFanged) {
      if (out.size() < inside.size() + 2 || out[out.size() - inside.size() - 2] != opens) continue;
      if (ascii_lower(std::string_view(out).substr(out.size() - inside.size() - 1, inside.size())) != inside) continue;
      if (inside == "at" && out.find("://") != out.npos) continue;  // an ordinary word of a path
      out.erase(out.size() - inside.size() - 2);
      out += means;
      break;
    }
  }
  // hxxp, hXXps, h**p, fxp: a scheme that no program follows.
  const auto colon = out.find(':');
  const auto scheme = ascii_lower(std::string_view(out).substr(0, std::min(colon, out.size())));
  if (colon != out.npos) {
    if (scheme == "hxxp" || scheme == "h**p" || scheme == "hxtp" || scheme == "htxp") out.replace(0, colon, "http");
    else if (scheme == "hxxps" || scheme == "h**ps" || scheme == "hxtps" || scheme == "htxps") out.replace(0, colon, "https");
    else if (scheme == "fxp") out.replace(0, colon, "ftp");
  }
  return out;
}

std::optional<std::string> domain(std::string_view text) {
  auto name = domain_in_ascii(text);
  if (!name) return std::nullopt;
  if (name->ends_with('.')) name->pop_back();
  if (name->empty() || name->size() > 253) return std::nullopt;  // RFC 1035 §2.3.4
  std::size_t label = 0;
  bool is_number = true;  // the last label so far
  for (const char c : *name) {
    if (c == '.') {
      if (label == 0) return std::nullopt;
      label = 0;
      is_number = true;
      continue;
    }
    // Any hyphens, and underscores: names that resolve have them, whatever registries allow.
    if (!((c >= 'a' && c <= 'z') || is_digit(c) || c == '-' || c == '_') || ++label > 63) return std::nullopt;
    is_number = is_number && is_digit(c);
  }
  // A name that ends in a number is read as an address by many a program, each in its own way (V3). "0x7f.1" likewise.
  const auto last = name->substr(name->rfind('.') + 1);
  const bool is_hexadecimal = last.starts_with("0x") && std::all_of(last.begin() + 2, last.end(), is_hex);
  return label == 0 || is_number || is_hexadecimal ? std::nullopt : name;
}

std::optional<Value> host(std::string_view text) {
  if (text.find('/') != text.npos) return std::nullopt;
  if (text.starts_with('[')) {
    const auto network = text.ends_with(']') ? ipv6_network(text) : std::nullopt;
    return network ? std::optional(network_value(*network)) : std::nullopt;
  }
  if (const auto network = ipv4_network(text)) return network_value(*network);
  const auto name = domain(text);
  return name ? std::optional(Value{"domain-name", *name}) : std::nullopt;
}

std::optional<std::string> email(std::string_view text) {
  if (text.size() >= 7 && ascii_lower(text.substr(0, 7)) == "mailto:") text.remove_prefix(7);
  if (text.starts_with('<') && text.ends_with('>')) text = text.substr(1, text.size() - 2);
  const auto at = text.rfind('@');
  if (at == text.npos || at == 0 || at > 64 || !is_utf8(text)) return std::nullopt;  // RFC 5321 §4.5.3.1.1
  const auto local = text.substr(0, at);
  // RFC 5322 §3.2.3 dot-atom. A quoted local part is no address anyone was seen to use; it isn't guessed at.
  for (const char c : local)
    if (!(is_letter(c) || is_digit(c) || std::string_view("!#$%&'*+-/=?^_`{|}~.").find(c) != std::string_view::npos || static_cast<unsigned char>(c) >= 0x80)) return std::nullopt;
  if (local.front() == '.' || local.back() == '.' || local.find("..") != local.npos) return std::nullopt;
  const auto where = domain(text.substr(at + 1));
  return where ? std::optional(ascii_lower(local) + "@" + *where) : std::nullopt;
}

namespace {

// "evil.example/a", "198.51.100.3:8080/a": host, perhaps a port, and a path. Published reports leave the scheme out as often as not.
bool has_no_scheme(std::string_view text) {
  if (text.starts_with("//")) return true;
  const auto slash = text.find('/'), colon = text.find(':');
  if (slash == text.npos || slash == 0) return false;
  if (colon > slash) return true;
  // Without a sign that no such word has it is a scheme: "tel:112/x".
  if (std::all_of(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(colon), [](char c) { return is_letter(c) || is_digit(c) || c == '+' || c == '-'; })) return false;
  const auto port = text.substr(colon + 1, slash - colon - 1);
  return !port.empty() && std::all_of(port.begin(), port.end(), is_digit);
}

// Of an address without a scheme: "/24" is the length of a prefix, "/1234" and "/" are paths.
bool is_prefix_length(std::string_view path) { return path.size() >= 2 && path.size() <= 4 && std::all_of(path.begin() + 1, path.end(), is_digit); }

}  // namespace

std::optional<std::string> url(std::string_view text) {
  if (!is_utf8(text) || std::any_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; })) return std::nullopt;
  const bool is_bare = has_no_scheme(text), has_slashes = text.starts_with("//");
  std::string scheme;
  if (is_bare) {
    if (!has_slashes && text.find('@') < text.find('/')) return std::nullopt;
  } else {
    const auto colon = text.find(':');
    if (colon == text.npos || colon < 2 || !is_letter(text[0])) return std::nullopt;  // one letter is a drive, not a scheme
    scheme = ascii_lower(text.substr(0, colon));
    if (std::any_of(scheme.begin(), scheme.end(), [](char c) { return !(is_letter(c) || is_digit(c) || c == '+' || c == '-' || c == '.'); })) return std::nullopt;
    text.remove_prefix(colon + 1);
  }
  std::string fragment, query;
  if (const auto hash = text.find('#'); hash != text.npos) {
    fragment = "#" + escaped_alike(text.substr(hash + 1), "!$&'()*+,;=:@/?");
    text = text.substr(0, hash);
  }
  if (const auto mark = text.find('?'); mark != text.npos) {
    query = "?" + escaped_alike(text.substr(mark + 1), "!$&'()*+,;=:@/?");
    text = text.substr(0, mark);
  }
  if (!is_bare && !text.starts_with("//")) {  // mailto:, data:, magnet: …
    if (text.empty() || !default_port(scheme).empty()) return std::nullopt;
    return scheme + ":" + escaped_alike(text, "!$&'()*+,;=:@/") + query + fragment;
  }
  if (text.starts_with("//")) text.remove_prefix(2);
  const auto slash = std::min(text.find('/'), text.size());
  auto authority = text.substr(0, slash);
  auto path = without_dot_segments(escaped_alike(text.substr(slash), "!$&'()*+,;=:@/"));
  std::string user;
  if (const auto sign = authority.rfind('@'); sign != authority.npos) {
    user = escaped_alike(authority.substr(0, sign), "!$&'()*+,;=:") + "@";
    authority.remove_prefix(sign + 1);
  }
  std::string port;
  if (const auto sign = authority.rfind(':'); sign != authority.npos && authority.find(']', sign) == authority.npos) {
    auto digits = authority.substr(sign + 1);
    if (!std::all_of(digits.begin(), digits.end(), is_digit)) return std::nullopt;
    while (digits.size() > 1 && digits.front() == '0') digits.remove_prefix(1);
    if (digits.size() > 5 || (!digits.empty() && std::stoi(std::string(digits)) > 65535)) return std::nullopt;
    if (!digits.empty() && digits != default_port(scheme)) port = ":" + std::string(digits);  // RFC 3986 §6.2.3
    authority = authority.substr(0, sign);
  }
  std::string where;
  if (authority.empty()) {
    if (scheme != "file") return std::nullopt;
  } else {
    const auto found = host(authority);
    if (!found) return std::nullopt;
    where = found->kind == "ipv6-addr" ? "[" + found->text + "]" : found->text;
    if (is_bare && found->kind == "domain-name" && where.find('.') == where.npos) return std::nullopt;   // two words
    if (is_bare && found->kind != "domain-name" && !has_slashes && port.empty() && query.empty() && fragment.empty() && is_prefix_length(path)) return std::nullopt;   // a network
  }
  if (path.empty()) path = "/";  // RFC 3986 §6.2.3
  if (is_bare) return "//" + user + where + port + path + query + fragment;   // a network-path reference: RFC 3986 §4.2
  return scheme + "://" + user + where + port + path + query + fragment;
}

std::string_view host_in_url(std::string_view normalised_url) {
  const auto begin = normalised_url.starts_with("//") ? 0 : normalised_url.find("://");
  if (begin == normalised_url.npos) return {};
  auto authority = normalised_url.substr(begin == 0 ? 2 : begin + 3);
  authority = authority.substr(0, authority.find_first_of("/?#"));
  if (const auto sign = authority.rfind('@'); sign != authority.npos) authority.remove_prefix(sign + 1);
  if (authority.starts_with('[')) {
    const auto end = authority.find(']');
    return end == authority.npos ? std::string_view() : authority.substr(1, end - 1);
  }
  return authority.substr(0, authority.find(':'));
}

}  // namespace sluice::threat::forms
