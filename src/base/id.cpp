#include "base/id.h"

namespace sluice {

namespace {
constexpr std::string_view kAlphabet = "0123456789abcdefghjkmnpqrstvwxyz";
}

std::string crockford(std::span<const std::uint8_t, 16> bytes) {
  // 26 digits hold 130 bits: two zero bits stand in front of the 128.
  std::string out(26, '0');
  unsigned buffer = 0;
  int bits = 2;
  std::size_t at = 0;
  for (const auto byte : bytes) {
    buffer = (buffer << 8 | byte) & 0xFFFF;
    bits += 8;
    while (bits >= 5) {
      bits -= 5;
      out[at++] = kAlphabet[buffer >> bits & 31];
    }
  }
  return out;
}

std::optional<std::array<std::uint8_t, 16>> from_crockford(std::string_view text) {
  if (text.size() != 26) return std::nullopt;
  std::array<std::uint8_t, 16> out{};
  unsigned buffer = 0;
  int bits = -2;
  std::size_t at = 0;
  for (const char& c : text) {
    const auto digit = kAlphabet.find(c);
    if (digit == std::string_view::npos) return std::nullopt;
    if (&c == text.data() && digit > 7) return std::nullopt;  // would not fit 128 bits
    buffer = (buffer << 5 | static_cast<unsigned>(digit)) & 0xFFFF;
    bits += 5;
    if (bits >= 8) {
      bits -= 8;
      out[at++] = static_cast<std::uint8_t>(buffer >> bits & 255);
    }
  }
  return out;
}

}  // namespace sluice
