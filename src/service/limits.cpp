#include "service/limits.h"

#include <arpa/inet.h>

#include <algorithm>
#include <charconv>
#include <cmath>

namespace sluice::service {

using namespace std::chrono_literals;

std::string address_prefix(std::string_view peer) {
  std::string text(peer);
  if (text.starts_with('[')) text = text.substr(1, text.find(']') - 1);                                    // [2001:db8::1]:443
  else if (std::count(text.begin(), text.end(), ':') == 1) text.resize(text.find(':'));                    // 192.0.2.7:443
  if (const auto zone = text.find('%'); zone != text.npos) text.resize(zone);

  std::array<std::uint8_t, 16> bytes{};
  if (inet_pton(AF_INET, text.c_str(), bytes.data()) == 1) return "4/" + hex(std::span(bytes).first(3));
  if (inet_pton(AF_INET6, text.c_str(), bytes.data()) != 1) return "?/" + std::string(peer);
  constexpr std::array<std::uint8_t, 12> kMapped{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};
  if (std::equal(kMapped.begin(), kMapped.end(), bytes.begin())) return "4/" + hex(std::span(bytes).subspan(12, 3));
  return "6/" + hex(std::span(bytes).first(6));
}

Rate rate_of(Operation operation) {
  switch (operation) {
    case Operation::Read: return {600, 20ms};
    case Operation::Write: return {200, 100ms};
    case Operation::Pull: return {2000, 2ms};         // of threat objects, page by page
    case Operation::Push: return {500, 5ms};
    case Operation::Search: return {60, 500ms};
    case Operation::LookUp: return {20, 30s};         // each may be a request to somebody else's server
    case Operation::Export: return {10, 30s};
    case Operation::Upload: return {60, 2s};
    case Operation::SignIn: return {30, 4s};          // of a whole prefix; each account has its own delays besides (sign_in.h)
    case Operation::FirstRun: return {10, 60s};
    case Operation::ReportCode: return {10, 60s};
    case Operation::PublicRead: return {1200, 10ms};
    case Operation::PublicReport: return {20, 3min};
    case Operation::ProvenReport: return {400, 10s};  // with a proof of work: for a crowd behind one address
    case Operation::PublicUpload: return {20, 30s};   // of a whole prefix, and of one report
  }
  return {1, 60s};
}

Allowed Limits::take(Operation operation, std::string_view who, double how_much) {
  const auto rate = rate_of(operation);
  return buckets_.with(to_word(operation), who, [&](Bucket& bucket, Duration now) {
    const double refilled = std::max(0.0, static_cast<double>((now - bucket.at).count()) / static_cast<double>(rate.refill.count()));
    bucket.used = std::max(0.0, bucket.used - refilled);
    bucket.at = now;
    const double after = bucket.used + how_much;
    if (after > rate.burst) {
      const double missing = (after - rate.burst) * static_cast<double>(rate.refill.count()) / 1e6;
      return Allowed{std::max(1, static_cast<int>(std::ceil(missing - 1e-9)))};
    }
    bucket.used = std::max(0.0, after);
    return Allowed{};
  });
}

Allowed Limits::allow(Operation operation, std::string_view peer) { return take(operation, address_prefix(peer), 1); }

Allowed Limits::allow(Operation operation, const access::Viewer& viewer) {
  if (viewer.token) return take(operation, viewer.token->text(), 1);
  if (viewer.person) return take(operation, viewer.person->text(), 1);
  if (viewer.report) return take(operation, viewer.report->text(), 1);
  return {};
}

void Limits::give_back(Operation operation, std::string_view peer) { take(operation, address_prefix(peer), -1); }

namespace { constexpr std::string_view kWait = "Too many tries. Please wait "; }

std::unexpected<Error> too_many(int seconds) {
  return fail(ErrorKind::TooMany, std::string(kWait) + std::to_string(seconds) + (seconds == 1 ? " second." : " seconds."), {}, "WEB-9", "too-many");
}

int retry_after(const Error& error) {
  int seconds = 0;
  if (error.kind == ErrorKind::TooMany && error.message.starts_with(kWait)) std::from_chars(error.message.data() + kWait.size(), error.message.data() + error.message.size(), seconds);
  return seconds;
}

}  // namespace sluice::service
