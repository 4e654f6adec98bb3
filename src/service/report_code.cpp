#include "service/report_code.h"

#include "service/passwords.h"
#include "service/sealed_value.h"

namespace sluice::service {

namespace {

constexpr std::string_view kCodeDigits = "0123456789abcdefghjkmnpqrstvwxyz";
constexpr std::size_t kLength = 20, kGroup = 4;
// 40 bits find the row, so that two codes hardly ever meet there; 60 bits stay for the slow hash alone, and the tag itself is keyed.
constexpr std::size_t kLocator = 8;
constexpr auto kCookieFor = std::chrono::minutes(60);
constexpr std::string_view kCookie = "mailbox session";

store::Tag tag_of(const store::Cells& cells, std::string_view digits) { return cells.tag("report code", digits.substr(0, kLocator)); }

// Keyed before it is hashed: a database without the site's keys can't even be searched.
std::string keyed(const store::Cells& cells, std::string_view digits) { return hex(hmac_sha256(cells.keys().derived("report code").view(), {bytes_of(digits)})); }

std::unexpected<Error> wrong_code() { return fail(ErrorKind::Unauthenticated, "This code opens nothing. Please check each group of it.", {}, {}, "code-unknown"); }

}  // namespace

std::string new_report_code(Random& random) {
  std::array<std::uint8_t, kLength> bytes{};
  random.fill(bytes);
  std::string out;
  for (std::size_t i = 0; i < kLength; ++i) {
    if (i > 0 && i % kGroup == 0) out += '-';
    out += kCodeDigits[bytes[i] & 31];
  }
  return out;
}

std::optional<std::string> report_code_digits(std::string_view text) {
  std::string out;
  for (char c : text) {
    if (c == '-' || c == ' ' || c == '\t' || c == '\r' || c == '\n') continue;
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    if (c == 'o') c = '0';
    if (c == 'i' || c == 'l') c = '1';
    if (kCodeDigits.find(c) == kCodeDigits.npos || out.size() == kLength) return std::nullopt;
    out += c;
  }
  if (out.size() != kLength) return std::nullopt;
  return out;
}

Result<CodeColumns> code_columns(const store::Cells& cells, std::string_view code) {
  const auto digits = report_code_digits(code);
  if (!digits) return fail(ErrorKind::Invalid, "A report code has 20 digits in groups of four.", "/code");
  TRY(auto hash, slow_hash(keyed(cells, *digits), SlowCost::Code));
  return CodeColumns{tag_of(cells, *digits), std::move(hash)};
}

Result<ReportId> Mailboxes::open_mailbox(std::string_view code, std::string_view peer) {
  if (const auto allowed = limits_.allow(Operation::ReportCode, peer); !allowed) return too_many(allowed.retry_after);
  const auto digits = report_code_digits(code).value_or(std::string(kLength, '?'));  // an ill-formed code is an unknown one, and as much work
  std::optional<store::CodeRow> row;
  {
    TRY(auto db, store_.lease());
    TRY(row, store::report_by_code(*db, tag_of(store_.cells(), digits)));
  }
  TRY(const bool right, slow_verify(row ? std::optional(row->hash) : std::nullopt, keyed(store_.cells(), digits), SlowCost::Code));
  if (!right) return wrong_code();
  limits_.give_back(Operation::ReportCode, peer);  // only wrong_code ones count
  return row->report;
}

std::string Mailboxes::cookie(ReportId id) { return seal_value(store_.cells(), kCookie, {{"report", id.text()}}, clock_.now() + kCookieFor, random_); }

Result<ReportId> Mailboxes::report_of_cookie(std::string_view text) {
  const auto value = open_value(store_.cells(), kCookie, text, clock_.now());
  const auto id = value ? ReportId::parse(string_at(*value, "report")) : std::nullopt;
  if (!id) return fail(ErrorKind::Unauthenticated, "Please enter your report code again.", {}, {}, "code-needed");
  return *id;
}

Result<access::Viewer> Mailboxes::viewer_of_cookie(std::string_view text) {
  TRY(const auto id, report_of_cookie(text));
  return access::Viewer::reporter(id);
}

}  // namespace sluice::service
