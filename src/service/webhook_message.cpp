#include "service/webhook_message.h"

#include <algorithm>
#include <charconv>

#include "service/backoff.h"

namespace sluice::service {

namespace {

constexpr std::string_view kSecretPrefix = "whsec_";
constexpr std::size_t kSecretBytes = 32, kLeastSecretBytes = 24;
// Two seconds, then twice as long each time, up to four hours; the half of each is drawn.
constexpr Patience kPatience{.tries = 0, .first = std::chrono::seconds(2), .longest = std::chrono::hours(4), .most_told = std::chrono::hours(24)};
constexpr int kMostDoublings = 40;                 // beyond, the longest wait holds anyway

Hash signed_text(ByteView key, std::string_view id, std::string_view timestamp, std::string_view body) {
  return hmac_sha256(key, {bytes_of(id), bytes_of("."), bytes_of(timestamp), bytes_of("."), bytes_of(body)});
}

}  // namespace

std::string new_webhook_secret(Random& random) {
  std::array<std::uint8_t, kSecretBytes> bytes{};
  random.fill(bytes);
  return std::string(kSecretPrefix) + base64(bytes);
}

Result<Bytes> webhook_key(std::string_view secret) {
  auto key = secret.starts_with(kSecretPrefix) ? from_base64(secret.substr(kSecretPrefix.size())) : fail(ErrorKind::Invalid, "");
  if (!key || key->size() < kLeastSecretBytes) return fail(ErrorKind::Invalid, "A webhook's secret is written whsec_ and the base64 of at least 24 bytes.");
  return key;
}

std::string webhook_signature(std::span<const std::string> secrets, std::string_view id, std::int64_t timestamp, std::string_view body) {
  std::string out;
  for (const auto& secret : secrets) {
    const auto key = webhook_key(secret);
    if (key) out += (out.empty() ? "v1," : " v1,") + base64(signed_text(*key, id, std::to_string(timestamp), body));
  }
  return out;
}

Result<void> check_webhook_signature(std::string_view secret, std::string_view id, std::string_view timestamp, std::string_view signature, std::string_view body, Instant now) {
  TRY(const auto key, webhook_key(secret));
  std::int64_t seconds = 0;
  const auto [end, error] = std::from_chars(timestamp.data(), timestamp.data() + timestamp.size(), seconds);
  if (error != std::errc{} || end != timestamp.data() + timestamp.size() || seconds < 0) return fail(ErrorKind::Invalid, "The timestamp is not a whole number of seconds.", "webhook-timestamp");
  const auto off = seconds - now.micros / 1'000'000;
  const auto tolerance = std::chrono::duration_cast<std::chrono::seconds>(kSignatureTolerance).count();
  if (off < -tolerance || off > tolerance) return fail(ErrorKind::Invalid, "The message is more than five minutes off this clock: it may be an old one that somebody sends again.", "webhook-timestamp");
  const auto wanted = signed_text(key, id, timestamp, body);
  bool fits = false;
  for (std::size_t at = 0; at < signature.size();) {
    const auto blank = std::min(signature.find(' ', at), signature.size());
    const auto one = signature.substr(at, blank - at);
    at = blank + 1;
    if (!one.starts_with("v1,")) continue;         // a scheme of another time stands beside it
    const auto bytes = from_base64(one.substr(3));
    if (bytes && equal_in_constant_time(*bytes, wanted)) fits = true;
  }
  if (!fits) return fail(ErrorKind::Invalid, "No signature is by this secret over this id, timestamp and body.", "webhook-signature");
  return {};
}

Heard heard_of(int status) {
  if (status >= 200 && status < 300) return Heard::Taken;
  return status == 410 ? Heard::Gone : Heard::NotTaken;
}

std::optional<Instant> next_attempt(int failures, Instant failing, Instant now, std::optional<Duration> told, std::uint32_t chance) {
  const auto end = failing + kGivesUpAfter;
  if (now >= end) return std::nullopt;
  Backoff backoff(kPatience);
  for (int i = 1; i < std::min(failures, kMostDoublings); ++i) (void)backoff.after_failure(std::nullopt, 0);
  const auto wait = backoff.after_failure(told, chance).value_or(kPatience.longest);
  return std::min(now + wait, end);
}

}  // namespace sluice::service
