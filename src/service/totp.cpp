#include "service/totp.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <array>

namespace sluice::service {

namespace {

constexpr std::string_view kTotpDigits = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
constexpr std::int64_t kPeriod = 30'000'000;

std::string escaped(std::string_view text) {
  static constexpr char kHex[] = "0123456789ABCDEF";
  std::string out;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_' || c == '.' || c == '~';
    if (plain) out += c;
    else out += '%', out += kHex[byte >> 4], out += kHex[byte & 15];
  }
  return out;
}

}  // namespace

std::string base32(ByteView bytes) {
  std::string out;
  std::uint32_t held = 0;
  int bits = 0;
  for (const auto byte : bytes) {
    held = held << 8 | byte;
    bits += 8;
    while (bits >= 5) out += kTotpDigits[(held >> (bits -= 5)) & 31];
  }
  if (bits > 0) out += kTotpDigits[(held << (5 - bits)) & 31];
  return out;
}

std::optional<Bytes> from_base32(std::string_view text) {
  Bytes out;
  std::uint32_t held = 0;
  int bits = 0;
  for (char c : text) {
    if (c == ' ' || c == '-') continue;
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
    const auto digit = kTotpDigits.find(c);
    if (digit == kTotpDigits.npos) return std::nullopt;
    held = held << 5 | static_cast<std::uint32_t>(digit);
    bits += 5;
    if (bits >= 8) out.push_back(static_cast<std::uint8_t>(held >> (bits -= 8)));
  }
  return out;
}

std::int64_t totp_step(Instant at) { return at.micros / kPeriod; }

std::string totp_code(ByteView secret, std::int64_t step) {
  std::array<std::uint8_t, 8> counter{};
  for (int i = 0; i < 8; ++i) counter[static_cast<std::size_t>(i)] = static_cast<std::uint8_t>(static_cast<std::uint64_t>(step) >> (56 - 8 * i));
  std::array<std::uint8_t, EVP_MAX_MD_SIZE> mac{};
  unsigned int length = 0;
  HMAC(EVP_sha1(), secret.data(), static_cast<int>(secret.size()), counter.data(), counter.size(), mac.data(), &length);
  // RFC 4226 §5.3: four bytes from where the last half-byte says, without their sign.
  const auto at = static_cast<std::size_t>(mac[19] & 15);
  const std::uint32_t number = (static_cast<std::uint32_t>(mac[at] & 127) << 24) | (static_cast<std::uint32_t>(mac[at + 1]) << 16) | (static_cast<std::uint32_t>(mac[at + 2]) << 8) | mac[at + 3];
  auto digits = std::to_string(number % 1'000'000);
  return std::string(6 - digits.size(), '0') + digits;
}

std::optional<std::int64_t> totp_match(ByteView secret, std::string_view code, Instant now, std::int64_t last_step) {
  std::string digits;
  for (const char c : code)
    if (c != ' ' && digits.size() < 7) digits += c;
  const auto middle = totp_step(now);
  std::optional<std::int64_t> out;
  for (std::int64_t step = middle - 1; step <= middle + 1; ++step)
    if (equal_in_constant_time(bytes_of(totp_code(secret, step)), bytes_of(digits)) && step > last_step) out = step;
  return out;
}

std::string otpauth_uri(std::string_view issuer, std::string_view account, std::string_view secret) {
  return "otpauth://totp/" + escaped(issuer) + ":" + escaped(account) + "?secret=" + std::string(secret) + "&issuer=" + escaped(issuer) + "&algorithm=SHA1&digits=6&period=30";
}

}  // namespace sluice::service
