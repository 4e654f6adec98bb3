#include "base/bytes.h"

#include <openssl/sha.h>
#include <sodium.h>

#include <algorithm>
#include <cstdlib>

namespace sluice {

namespace {
const bool kSodiumReady = [] {
  if (sodium_init() < 0) std::abort();
  return true;
}();

// libsodium takes a few bytes beyond ASCII for digits, so that one value would have several spellings.
bool is_ascii(std::string_view text) { return std::all_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < 0x80; }); }

Result<Bytes> decode_base64(std::string_view text, int variant) {
  if (!is_ascii(text)) return fail(ErrorKind::Invalid, "This is not valid base64.");
  Bytes out(text.size() / 4 * 3 + 3);
  std::size_t size = 0;
  const char* end = nullptr;
  if (sodium_base642bin(out.data(), out.size(), text.data(), text.size(), nullptr, &size, &end, variant) != 0 || end != text.data() + text.size())
    return fail(ErrorKind::Invalid, "This is not valid base64.");
  out.resize(size);
  return out;
}

std::string encode_base64(ByteView bytes, int variant) {
  std::string out(sodium_base64_encoded_len(bytes.size(), variant), '\0');
  sodium_bin2base64(out.data(), out.size(), bytes.data(), bytes.size(), variant);
  out.resize(out.size() - 1);
  return out;
}

// SHA-256 by OpenSSL, which uses the processor's own instructions: seven times as fast as plain C on a kilobyte. By its plain functions, which are deprecated and not gone: what replaces them (EVP) asks for
// memory, cleans and frees it at every hash, half of what a short one costs, and most that are made here are short.
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wdeprecated-declarations"
class Sha256 {
 public:
  Sha256() { must(SHA256_Init(&state_)); }
  ~Sha256() { sodium_memzero(&state_, sizeof state_); }   // it may have begun with a key
  Sha256(const Sha256&) = delete;
  Sha256& operator=(const Sha256&) = delete;
  void add(ByteView part) { must(SHA256_Update(&state_, part.data(), part.size())); }
  Hash end() {
    Hash out;
    must(SHA256_Final(out.data(), &state_));
    return out;
  }

 private:
  static void must(int done) {
    if (done != 1) std::abort();                 // nothing that follows could be trusted
  }
  SHA256_CTX state_;
};
#pragma GCC diagnostic pop
}  // namespace

ByteView bytes_of(std::string_view text) { return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()}; }
std::string_view text_of(ByteView bytes) { return {reinterpret_cast<const char*>(bytes.data()), bytes.size()}; }

std::string hex(ByteView bytes) {
  constexpr char kDigits[] = "0123456789abcdef";
  std::string out;
  out.reserve(bytes.size() * 2);
  for (const auto b : bytes) {
    out.push_back(kDigits[b >> 4]);
    out.push_back(kDigits[b & 15]);
  }
  return out;
}

Result<Bytes> from_hex(std::string_view text) {
  if (text.empty()) return Bytes{};  // libsodium must not be given a null pointer
  Bytes out(text.size() / 2);
  std::size_t size = 0;
  const char* end = nullptr;
  if (!is_ascii(text) || text.size() % 2 != 0 || sodium_hex2bin(out.data(), out.size(), text.data(), text.size(), nullptr, &size, &end) != 0 || end != text.data() + text.size())
    return fail(ErrorKind::Invalid, "This is not valid hexadecimal.");
  return out;
}

std::string base64(ByteView bytes) { return encode_base64(bytes, sodium_base64_VARIANT_ORIGINAL); }
Result<Bytes> from_base64(std::string_view text) { return decode_base64(text, sodium_base64_VARIANT_ORIGINAL); }
std::string base64url(ByteView bytes) { return encode_base64(bytes, sodium_base64_VARIANT_URLSAFE_NO_PADDING); }
Result<Bytes> from_base64url(std::string_view text) { return decode_base64(text, sodium_base64_VARIANT_URLSAFE_NO_PADDING); }

Hash sha256(ByteView bytes) { return sha256({bytes}); }

Hash sha256(std::initializer_list<ByteView> parts) {
  Sha256 hash;
  for (const auto part : parts) hash.add(part);
  return hash.end();
}

std::array<std::uint8_t, 64> sha512(ByteView bytes) {
  std::array<std::uint8_t, 64> out;
  crypto_hash_sha512(out.data(), bytes.data(), bytes.size());
  return out;
}

// RFC 2104 §2, over the hash above: libsodium's own would be plain C again.
Hash hmac_sha256(ByteView key, std::initializer_list<ByteView> parts) {
  std::array<std::uint8_t, 64> pad{};
  if (key.size() > pad.size()) std::ranges::copy(sha256(key), pad.begin());
  else std::ranges::copy(key, pad.begin());
  for (auto& byte : pad) byte ^= 0x36;
  Sha256 inner;
  inner.add(pad);
  for (const auto part : parts) inner.add(part);
  const auto said = inner.end();
  for (auto& byte : pad) byte ^= 0x36 ^ 0x5c;
  const auto out = sha256({pad, said});
  sodium_memzero(pad.data(), pad.size());
  return out;
}

Result<Hash> to_hash(ByteView bytes) {
  if (bytes.size() != 32) return fail(ErrorKind::Invalid, "A hash has 32 bytes.");
  Hash out;
  std::copy(bytes.begin(), bytes.end(), out.begin());
  return out;
}

bool equal_in_constant_time(ByteView a, ByteView b) { return a.size() == b.size() && sodium_memcmp(a.data(), b.data(), a.size()) == 0; }

void SystemRandom::fill(std::span<std::uint8_t> out) { randombytes_buf(out.data(), out.size()); }

Random& system_random() {
  static SystemRandom random;
  return random;
}

}  // namespace sluice
