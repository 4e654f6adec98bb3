#include "web/http/answer.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <ctime>

namespace sluice::web::http {
namespace {

bool same_word(std::string_view a, std::string_view b) {
  const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; };
  return std::ranges::equal(a, b, {}, lower, lower);
}

bool is_ours(std::string_view name) {
  constexpr std::array<std::string_view, 8> kOurs{"connection", "content-length", "transfer-encoding", "date", "keep-alive", "trailer", "upgrade", "te"};
  return std::ranges::any_of(kOurs, [name](std::string_view ours) { return same_word(name, ours); });
}

void add_cleaned(std::string& out, std::string_view value) {
  for (const char c : value) out += (static_cast<unsigned char>(c) < 0x20 && c != '\t') || c == 0x7f ? ' ' : c;
}

// The headers of every answer, but for those that this one has of its own: of two policies a browser keeps both, and a page whose style its policy allows would have none.
void add_own(std::string& out, std::string_view own, const Headers& headers) {
  while (!own.empty()) {
    const auto end = std::min(own.find("\r\n", 2), own.size());
    const auto line = own.substr(0, end), name = line.substr(2, line.find(':') - 2);
    if (std::ranges::none_of(headers, [&](const Header& header) { return same_word(header.first, name); })) out += line;
    own.remove_prefix(end);
  }
}

void add_json(std::string& out, std::string_view text) {  // our own constants and ids: ASCII without controls
  out += '"';
  for (const char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  out += '"';
}

}  // namespace

bool has_content(int status) { return status >= 200 && status != 204 && status != 304; }

bool wants_close(const Response& response) {
  return std::ranges::any_of(response.headers, [](const Header& header) { return same_word(header.first, "connection") && same_word(header.second, "close"); });
}

std::string own_lines(const Headers& headers) {
  std::string out;
  for (const auto& [name, value] : headers) {
    out += "\r\n" + name + ": ";
    add_cleaned(out, value);
  }
  return out;
}

std::string answer_head(const Response& response, const AnswerContext& context) {
  const int status = response.status >= 200 && response.status <= 599 ? response.status : 500;
  std::string out;
  out.reserve(512 + context.own.size());
  out += "HTTP/1.1 ";
  out += std::to_string(status);
  out += ' ';
  out += reason_of(status);
  out += "\r\nDate: ";
  out += context.date;
  add_own(out, context.own, response.headers);
  bool has_id = false;
  for (const auto& [name, value] : response.headers) {
    if (!is_token(name) || is_ours(name)) continue;
    if (same_word(name, "x-request-id")) has_id = true;
    out += "\r\n";
    out += name;
    out += ": ";
    add_cleaned(out, value);
  }
  if (!has_id && !context.request_id.empty()) {
    out += "\r\nX-Request-Id: ";
    out += context.request_id;
  }
  if (has_content(status) && !response.stream) {
    out += "\r\nContent-Length: ";
    out += std::to_string(response.content().size());
  }
  out += context.close || response.stream ? "\r\nConnection: close\r\n\r\n" : "\r\n\r\n";
  return out;
}

Response problem(const Refusal& refusal, std::string_view request_id) {
  Response out{.status = refusal.status};
  out.headers = {{"Content-Type", "application/problem+json"}, {"Cache-Control", "no-store"}, {"X-Request-Id", std::string{request_id}}};
  if (refusal.status == 405) out.headers.emplace_back("Allow", "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS");
  if (refusal.status == 503) out.headers.emplace_back("Retry-After", "1");
  out.body = "{\"type\":";
  add_json(out.body, "urn:sluice:problem:" + std::string{refusal.code});
  out.body += ",\"title\":";
  add_json(out.body, reason_of(refusal.status));
  out.body += ",\"status\":" + std::to_string(refusal.status) + ",\"code\":";
  add_json(out.body, refusal.code);
  out.body += ",\"detail\":";
  add_json(out.body, refusal.detail);
  out.body += ",\"request_id\":";
  add_json(out.body, request_id);
  out.body += "}";
  return out;
}

std::string http_date(std::int64_t unix_seconds) {
  constexpr std::array<const char*, 7> kDays{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
  constexpr std::array<const char*, 12> kMonths{"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const std::time_t seconds = unix_seconds;
  std::tm tm{};
  gmtime_r(&seconds, &tm);
  std::array<char, 64> out{};
  const int size = std::snprintf(out.data(), out.size(), "%s, %02d %s %04d %02d:%02d:%02d GMT", kDays[tm.tm_wday], tm.tm_mday, kMonths[tm.tm_mon], tm.tm_year + 1900, tm.tm_hour,
                                 tm.tm_min, tm.tm_sec);
  return {out.data(), static_cast<std::size_t>(size)};
}

}  // namespace sluice::web::http
