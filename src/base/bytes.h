// Bytes and what is done to them: text forms, hashes, keyed hashes, random.
//
// Hashes are SHA-256 throughout (RFC 6962 trees, seals, content hashes); SHA-512 is for those who check what we publish. Text forms are lower-case hex and standard base64.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace sluice {

using Bytes = std::vector<std::uint8_t>;
using ByteView = std::span<const std::uint8_t>;
using Hash = std::array<std::uint8_t, 32>;

ByteView bytes_of(std::string_view text);
std::string_view text_of(ByteView bytes);

std::string hex(ByteView bytes);
Result<Bytes> from_hex(std::string_view text);          // lower- or upper-case, even length
std::string base64(ByteView bytes);                     // standard alphabet, padded
Result<Bytes> from_base64(std::string_view text);       // strict: padded, no white space, no stray bits
std::string base64url(ByteView bytes);                  // URL alphabet, no padding
Result<Bytes> from_base64url(std::string_view text);

Hash sha256(ByteView bytes);
Hash sha256(std::initializer_list<ByteView> parts);     // of the parts joined
std::array<std::uint8_t, 64> sha512(ByteView bytes);
Hash hmac_sha256(ByteView key, std::initializer_list<ByteView> parts);
Result<Hash> to_hash(ByteView bytes);                   // exactly 32 bytes

bool equal_in_constant_time(ByteView a, ByteView b);

// Where chance comes from. An interface so that a simulator can replay it; SystemRandom is the kernel's.
class Random {
 public:
  virtual ~Random() = default;
  virtual void fill(std::span<std::uint8_t> out) = 0;
};

class SystemRandom final : public Random {
 public:
  void fill(std::span<std::uint8_t> out) override;
};

Random& system_random();

}  // namespace sluice
