#include "formats/name_uuid.h"

#include <bit>

#include "base/bytes.h"

namespace sluice::formats {

namespace {

// FIPS 180-4 §6.1.2.
std::array<std::uint8_t, 20> sha1(std::string message) {
  const std::uint64_t bits = message.size() * 8;
  message += '\x80';
  while (message.size() % 64 != 56) message += '\0';
  for (int shift = 56; shift >= 0; shift -= 8) message += static_cast<char>(bits >> shift);
  std::uint32_t h[5] = {0x67452301, 0xEFCDAB89, 0x98BADCFE, 0x10325476, 0xC3D2E1F0};
  for (std::size_t block = 0; block < message.size(); block += 64) {
    std::uint32_t w[80];
    for (std::size_t i = 0; i < 16; ++i) {
      w[i] = 0;
      for (std::size_t k = 0; k < 4; ++k) w[i] = w[i] << 8 | static_cast<std::uint8_t>(message[block + 4 * i + k]);
    }
    for (std::size_t i = 16; i < 80; ++i) w[i] = std::rotl(w[i - 3] ^ w[i - 8] ^ w[i - 14] ^ w[i - 16], 1);
    auto [a, b, c, d, e] = std::to_array({h[0], h[1], h[2], h[3], h[4]});
    for (std::size_t i = 0; i < 80; ++i) {
      const auto f = i < 20 ? (b & c) | (~b & d) : i < 40 ? b ^ c ^ d : i < 60 ? (b & c) | (b & d) | (c & d) : b ^ c ^ d;
      const std::uint32_t k = i < 20 ? 0x5A827999 : i < 40 ? 0x6ED9EBA1 : i < 60 ? 0x8F1BBCDC : 0xCA62C1D6;
      const auto next = std::rotl(a, 5) + f + e + k + w[i];
      e = d, d = c, c = std::rotl(b, 30), b = a, a = next;
    }
    h[0] += a, h[1] += b, h[2] += c, h[3] += d, h[4] += e;
  }
  std::array<std::uint8_t, 20> out;
  for (std::size_t i = 0; i < 20; ++i) out[i] = static_cast<std::uint8_t>(h[i / 4] >> (24 - 8 * (i % 4)));
  return out;
}

std::string uuid_of(const Uuid& space, std::string_view name, std::uint8_t version) {
  auto hash = sha1(std::string(reinterpret_cast<const char*>(space.data()), space.size()) + std::string(name));
  hash[6] = static_cast<std::uint8_t>((hash[6] & 0x0F) | version << 4);
  hash[8] = static_cast<std::uint8_t>((hash[8] & 0x3F) | 0x80);
  auto out = hex(ByteView(hash.data(), 16));
  for (const std::size_t dash : {8, 13, 18, 23}) out.insert(dash, 1, '-');
  return out;
}

}  // namespace

std::string name_uuid(const Uuid& space, std::string_view name) { return uuid_of(space, name, 5); }
std::string name_uuid4(const Uuid& space, std::string_view name) { return uuid_of(space, name, 4); }

std::string clean_uuid(std::string_view text) {
  if (text.size() != 36) return {};
  std::string out(text);
  for (std::size_t i = 0; i < out.size(); ++i) {
    char& c = out[i];
    if (i == 8 || i == 13 || i == 18 || i == 23) {
      if (c != '-') return {};
      continue;
    }
    if (c >= 'A' && c <= 'F') c = static_cast<char>(c - 'A' + 'a');
    if (!((c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'))) return {};
  }
  if (out[14] < '1' || out[14] > '5') return {};
  if (out[19] != '8' && out[19] != '9' && out[19] != 'a' && out[19] != 'b') return {};
  return out;
}

}  // namespace sluice::formats
