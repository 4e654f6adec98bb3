#include "web/http/framing.h"

#include <algorithm>
#include <array>
#include <utility>

namespace sluice::web::http {
namespace {

constexpr Refusal kBareLineFeed{400, "bad-line-end", "Lines of a request end in CR LF."};
constexpr Refusal kControl{400, "control-character", "A request head must not contain control characters."};
constexpr Refusal kEmptyLine{400, "bad-request-line", "The request begins with an empty line."};
constexpr Refusal kFolded{400, "folded-header", "Header lines must not be folded."};
constexpr Refusal kLineTooLong{414, "target-too-long", "The request line is too long."};
constexpr Refusal kHeadersTooLarge{431, "headers-too-large", "The header fields are too large."};
constexpr Refusal kTooManyHeaders{431, "too-many-headers", "There are too many header fields."};
constexpr Refusal kRequestLine{400, "bad-request-line", "The request line is not 'METHOD target HTTP/1.1'."};
constexpr Refusal kVersion{505, "version-not-supported", "This server speaks HTTP/1.1."};
constexpr Refusal kNotAllowed{405, "method-not-allowed", "CONNECT and TRACE are not offered."};
constexpr Refusal kNotImplemented{501, "method-not-implemented", "This method is not known here."};
constexpr Refusal kTarget{400, "bad-target", "The request target is not valid."};
constexpr Refusal kPercent{400, "bad-target", "The request target has an invalid percent-encoding or is not UTF-8."};
constexpr Refusal kSegment{400, "bad-target", "A path segment must not contain '/', '.', '..' or control characters."};
constexpr Refusal kHeaderLine{400, "bad-header", "A header field is not 'name: value'."};
constexpr Refusal kHeaderText{400, "bad-header", "A header value is not valid UTF-8."};
constexpr Refusal kNoHost{400, "bad-host", "A request has exactly one Host field."};
constexpr Refusal kHost{400, "bad-host", "The Host field is not a host and an optional port."};
constexpr Refusal kHostDiffers{400, "bad-host", "The request target names another host than the Host field."};
constexpr Refusal kTwoAuthorizations{400, "bad-header", "Authorization is sent once."};
constexpr Refusal kLength{400, "bad-content-length", "Content-Length is one decimal number, sent once."};
constexpr Refusal kLengthAndCoding{400, "ambiguous-length", "Content-Length and Transfer-Encoding exclude each other."};
constexpr Refusal kCoding{501, "unknown-transfer-coding", "The only transfer coding understood here is 'chunked', once."};
constexpr Refusal kCodingIn10{400, "bad-transfer-coding", "HTTP/1.0 has no transfer codings."};
constexpr Refusal kLengthRequired{411, "length-required", "Send Content-Length (0 if there is no body)."};
constexpr Refusal kExpectation{417, "unknown-expectation", "The only expectation understood here is '100-continue'."};

constexpr auto kTokenBytes = [] {
  std::array<bool, 256> out{};
  for (int c = '0'; c <= '9'; ++c) out[c] = true;
  for (int c = 'a'; c <= 'z'; ++c) out[c] = out[c - 'a' + 'A'] = true;
  for (const char c : std::string_view{"!#$%&'*+-.^_`|~"}) out[static_cast<unsigned char>(c)] = true;
  return out;
}();

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

std::string lowered(std::string_view text) {
  std::string out(text);
  std::ranges::transform(out, out.begin(), lower);
  return out;
}

bool is_same_word(std::string_view a, std::string_view b) { return std::ranges::equal(a, b, {}, lower, lower); }

std::string_view trimmed(std::string_view text) {
  const auto first = text.find_first_not_of(" \t");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  c = lower(c);
  return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

bool is_control(char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; }

// Host = uri-host [ ":" port ] (RFC 9110 §7.2), registered names limited to what names of machines are made of.
bool is_host(std::string_view text) {
  auto port = std::string_view{};
  if (text.starts_with('[')) {
    const auto end = text.find(']');
    if (end == std::string_view::npos || end < 3) return false;
    if (!std::ranges::all_of(text.substr(1, end - 1), [](char c) { return hex_digit(c) >= 0 || c == ':' || c == '.'; })) return false;
    port = text.substr(end + 1);
  } else {
    const auto end = std::min(text.find(':'), text.size());
    if (end == 0) return false;
    const auto ok = [](char c) { return (c >= '0' && c <= '9') || (lower(c) >= 'a' && lower(c) <= 'z') || c == '-' || c == '.' || c == '_'; };
    if (!std::ranges::all_of(text.substr(0, end), ok)) return false;
    port = text.substr(end);
  }
  if (port.empty()) return true;
  if (port[0] != ':' || port.size() > 6) return false;
  return std::ranges::all_of(port.substr(1), [](char c) { return c >= '0' && c <= '9'; });
}

using Checked = std::expected<void, Refusal>;

// RFC 9112 §3.2. Origin-form; absolute-form is accepted as §3.2.2 demands, if it names the host that Host names; authority-form never (CONNECT alone has it).
Checked read_target(std::string_view target, Head& head, std::optional<std::string>& authority) {
  Request& request = head.request;
  for (const char c : target)
    if (static_cast<unsigned char>(c) <= 0x20 || static_cast<unsigned char>(c) >= 0x7f || c == '#' || c == '\\') return std::unexpected(kTarget);
  if (target == "*") {
    if (request.verb != Verb::Options) return std::unexpected(kTarget);
    head.options_of_server = true;
    request.target = request.path = target;
    return {};
  }
  if (!target.starts_with('/')) {
    const auto scheme = target.find("://");
    if (scheme == std::string_view::npos) return std::unexpected(kTarget);
    if (!is_same_word(target.substr(0, scheme), "http") && !is_same_word(target.substr(0, scheme), "https")) return std::unexpected(kTarget);
    target.remove_prefix(scheme + 3);
    const auto end = std::min(target.find_first_of("/?"), target.size());
    authority = std::string{target.substr(0, end)};
    target.remove_prefix(end);
  }
  request.target = target.starts_with('/') ? std::string{target} : '/' + std::string{target};
  const std::string_view whole = request.target;
  const auto question = std::min(whole.find('?'), whole.size());
  request.path = whole.substr(0, question);

  if (request.path != "/") {
    std::string_view rest = std::string_view{request.path}.substr(1);
    for (bool more = true; more;) {
      const auto end = rest.find('/');
      more = end != std::string_view::npos;
      auto segment = percent_decoded(rest.substr(0, end), false);
      if (!segment || !is_utf8(*segment)) return std::unexpected(kPercent);
      if (*segment == "." || *segment == ".." || segment->find('/') != std::string::npos || std::ranges::any_of(*segment, is_control)) return std::unexpected(kSegment);
      request.segments.push_back(std::move(*segment));
      if (more) rest.remove_prefix(end + 1);
    }
  }

  std::string_view rest = question < whole.size() ? whole.substr(question + 1) : std::string_view{};
  while (!rest.empty()) {
    const auto end = std::min(rest.find('&'), rest.size());
    const auto pair = rest.substr(0, end);
    rest.remove_prefix(std::min(end + 1, rest.size()));
    if (pair.empty()) continue;
    const auto equals = std::min(pair.find('='), pair.size());
    auto name = percent_decoded(pair.substr(0, equals), true);
    auto value = percent_decoded(pair.substr(std::min(equals + 1, pair.size())), true);
    if (!name || !value || !is_utf8(*name) || !is_utf8(*value)) return std::unexpected(kPercent);
    if (name->find('\0') != std::string::npos || value->find('\0') != std::string::npos) return std::unexpected(kPercent);
    request.query.emplace_back(std::move(*name), std::move(*value));
  }
  return {};
}

Checked read_request_line(std::string_view line, Head& head, std::optional<std::string>& authority) {
  const auto first = line.find(' ');
  const auto last = line.rfind(' ');
  if (first == std::string_view::npos || first == last) return std::unexpected(kRequestLine);
  const auto method = line.substr(0, first);
  const auto target = line.substr(first + 1, last - first - 1);
  const auto version = line.substr(last + 1);
  if (!is_token(method) || target.empty()) return std::unexpected(kRequestLine);
  if (version.size() != 8 || !version.starts_with("HTTP/") || version[6] != '.') return std::unexpected(kRequestLine);
  if (version[5] < '0' || version[5] > '9' || version[7] < '0' || version[7] > '9') return std::unexpected(kRequestLine);
  if (version != "HTTP/1.1" && version != "HTTP/1.0") return std::unexpected(kVersion);
  head.http_1_0 = version == "HTTP/1.0";
  if (method == "CONNECT" || method == "TRACE") return std::unexpected(kNotAllowed);
  const auto verb = verb_of(method);
  if (!verb) return std::unexpected(kNotImplemented);
  head.request.verb = *verb;
  return read_target(target, head, authority);
}

Checked read_header_line(std::string_view line, Headers& headers) {
  const auto colon = line.find(':');
  if (colon == std::string_view::npos || !is_token(line.substr(0, colon))) return std::unexpected(kHeaderLine);  // also refuses a space before ':'
  const auto value = trimmed(line.substr(colon + 1));
  if (!is_utf8(value)) return std::unexpected(kHeaderText);
  headers.emplace_back(lowered(line.substr(0, colon)), value);
  return {};
}

// RFC 9112 §6.3, without its leniencies: how long the body is.
Checked read_length(Head& head) {
  int lengths = 0;
  int codings = 0;
  std::string_view length;
  std::string_view coding;
  for (const auto& [name, value] : head.request.headers) {
    if (name == "content-length") ++lengths, length = value;
    if (name == "transfer-encoding") ++codings, coding = value;
  }
  if (codings > 0 && lengths > 0) return std::unexpected(kLengthAndCoding);
  if (codings > 0 && head.http_1_0) return std::unexpected(kCodingIn10);
  if (codings > 1 || (codings == 1 && !is_same_word(coding, "chunked"))) return std::unexpected(kCoding);
  head.chunked = codings == 1;
  if (lengths > 1) return std::unexpected(kLength);
  if (lengths == 1) {
    if (length.empty() || length.size() > 18 || !std::ranges::all_of(length, [](char c) { return c >= '0' && c <= '9'; })) return std::unexpected(kLength);
    std::uint64_t value = 0;
    for (const char c : length) value = value * 10 + static_cast<std::uint64_t>(c - '0');
    head.content_length = value;
  }
  // A body without a length would be read as the next request; so the verbs that carry one must say how long it is, also when it is empty.
  const auto verb = head.request.verb;
  if (lengths + codings == 0 && (verb == Verb::Post || verb == Verb::Put || verb == Verb::Patch)) return std::unexpected(kLengthRequired);
  return {};
}

Checked read_host(const Head& head, const std::optional<std::string>& authority) {
  const auto hosts = std::ranges::count(head.request.headers, std::string_view{"host"}, &Header::first);
  if (hosts > 1 || (hosts == 0 && !head.http_1_0)) return std::unexpected(kNoHost);
  const auto host = head.request.header("host");
  if (hosts == 1 && !is_host(host)) return std::unexpected(kHost);
  if (authority && (!is_host(*authority) || (hosts == 1 && !is_same_word(*authority, host)))) return std::unexpected(kHostDiffers);
  return {};
}

// RFC 9110 §5.3: what is no list is sent once. Two that differ would leave it open who asks.
Checked read_authorization(const Head& head) {
  if (std::ranges::count(head.request.headers, std::string_view{"authorization"}, &Header::first) > 1) return std::unexpected(kTwoAuthorizations);
  return {};
}

Checked read_connection(Head& head) {
  head.close = head.http_1_0;
  for (const auto& [name, value] : head.request.headers) {
    if (name == "connection") {
      std::string_view rest = value;
      while (!rest.empty()) {
        const auto end = std::min(rest.find(','), rest.size());
        if (is_same_word(trimmed(rest.substr(0, end)), "close")) head.close = true;
        rest.remove_prefix(std::min(end + 1, rest.size()));
      }
    } else if (name == "expect") {
      if (!is_same_word(value, "100-continue")) return std::unexpected(kExpectation);
      head.expects_continue = !head.http_1_0;
    }
  }
  return {};
}

}  // namespace

std::expected<std::optional<std::size_t>, Refusal> HeadScan::look(std::string_view bytes, const HeadLimits& limits) {
  for (; next_ < bytes.size(); ++next_) {
    const char c = bytes[next_];
    const bool after_return = next_ > line_ && bytes[next_ - 1] == '\r';
    if (c == '\n') {
      if (!after_return) return std::unexpected(kBareLineFeed);
      const bool empty = next_ - line_ == 1;
      if (headers_ == 0 && empty) return std::unexpected(kEmptyLine);
      if (headers_ != 0 && empty) return next_ + 1;
      if (headers_ != 0 && ++fields_ > limits.header_fields) return std::unexpected(kTooManyHeaders);
      line_ = next_ + 1;
      if (headers_ == 0) headers_ = line_;
      continue;
    }
    if (after_return) return std::unexpected(kBareLineFeed);
    if (is_control(c) && c != '\r' && c != '\t') return std::unexpected(kControl);
    if (headers_ != 0 && next_ == line_ && (c == ' ' || c == '\t')) return std::unexpected(kFolded);
    if (headers_ == 0 && next_ >= limits.request_line + 1) return std::unexpected(kLineTooLong);  // + 1: its CR
    if (headers_ != 0 && next_ - headers_ >= limits.header_bytes) return std::unexpected(kHeadersTooLarge);
  }
  return std::nullopt;
}

std::expected<Head, Refusal> read_head(std::string_view bytes) {
  Head head;
  std::optional<std::string> authority;
  bool first = true;
  while (!bytes.starts_with("\r\n")) {
    const auto end = bytes.find("\r\n");
    if (end == std::string_view::npos) return std::unexpected(kHeaderLine);
    const auto line = bytes.substr(0, end);
    bytes.remove_prefix(end + 2);
    const auto read = std::exchange(first, false) ? read_request_line(line, head, authority) : read_header_line(line, head.request.headers);
    if (!read) return std::unexpected(read.error());
  }
  if (const auto read = read_host(head, authority); !read) return std::unexpected(read.error());
  if (const auto read = read_authorization(head); !read) return std::unexpected(read.error());
  if (const auto read = read_length(head); !read) return std::unexpected(read.error());
  if (const auto read = read_connection(head); !read) return std::unexpected(read.error());
  return head;
}

bool is_token(std::string_view text) {
  return !text.empty() && std::ranges::all_of(text, [](char c) { return kTokenBytes[static_cast<unsigned char>(c)]; });
}

// RFC 3629: no overlong forms, no surrogates, nothing above U+10FFFF.
bool is_utf8(std::string_view text) {
  for (std::size_t i = 0; i < text.size();) {
    const auto at = [&text](std::size_t k) { return k < text.size() ? static_cast<unsigned char>(text[k]) : 0u; };
    const auto tail = [&at](std::size_t k) { return (at(k) & 0xc0u) == 0x80u; };
    const auto lead = at(i);
    if (lead < 0x80) {
      i += 1;
    } else if (lead >= 0xc2 && lead <= 0xdf && tail(i + 1)) {
      i += 2;
    } else if (lead >= 0xe0 && lead <= 0xef && tail(i + 1) && tail(i + 2) && !(lead == 0xe0 && at(i + 1) < 0xa0) && !(lead == 0xed && at(i + 1) > 0x9f)) {
      i += 3;
    } else if (lead >= 0xf0 && lead <= 0xf4 && tail(i + 1) && tail(i + 2) && tail(i + 3) && !(lead == 0xf0 && at(i + 1) < 0x90) && !(lead == 0xf4 && at(i + 1) > 0x8f)) {
      i += 4;
    } else {
      return false;
    }
  }
  return true;
}

std::optional<std::string> percent_decoded(std::string_view text, bool plus_is_space) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '%') {
      if (i + 2 >= text.size()) return std::nullopt;
      const int high = hex_digit(text[i + 1]);
      const int low = hex_digit(text[i + 2]);
      if (high < 0 || low < 0) return std::nullopt;
      out += static_cast<char>(high * 16 + low);
      i += 2;
    } else {
      out += plus_is_space && text[i] == '+' ? ' ' : text[i];
    }
  }
  return out;
}

std::string_view reason_of(int status) {
  switch (status) {
    case 100: return "Continue";
    case 200: return "OK";
    case 201: return "Created";
    case 202: return "Accepted";
    case 204: return "No Content";
    case 206: return "Partial Content";
    case 301: return "Moved Permanently";
    case 302: return "Found";
    case 303: return "See Other";
    case 304: return "Not Modified";
    case 307: return "Temporary Redirect";
    case 308: return "Permanent Redirect";
    case 400: return "Bad Request";
    case 401: return "Unauthorized";
    case 403: return "Forbidden";
    case 404: return "Not Found";
    case 405: return "Method Not Allowed";
    case 406: return "Not Acceptable";
    case 408: return "Request Timeout";
    case 409: return "Conflict";
    case 410: return "Gone";
    case 411: return "Length Required";
    case 412: return "Precondition Failed";
    case 413: return "Content Too Large";
    case 414: return "URI Too Long";
    case 415: return "Unsupported Media Type";
    case 416: return "Range Not Satisfiable";
    case 417: return "Expectation Failed";
    case 422: return "Unprocessable Content";
    case 428: return "Precondition Required";
    case 429: return "Too Many Requests";
    case 431: return "Request Header Fields Too Large";
    case 500: return "Internal Server Error";
    case 501: return "Not Implemented";
    case 503: return "Service Unavailable";
    case 505: return "HTTP Version Not Supported";
    case 507: return "Insufficient Storage";
    default: return "Status";
  }
}

}  // namespace sluice::web::http
