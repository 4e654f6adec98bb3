#include "ledger/signature.h"

#include <sodium.h>

#include <algorithm>

namespace sluice::ledger {

namespace {

constexpr std::uint8_t kEd25519[] = {1};  // C2SP signed-note: signature type 0x01

// C2SP signed-note: a key name is not empty and has no spaces and no plus. Ours are of printable ASCII, which leaves no other kind of space.
bool is_key_name(std::string_view name) {
  return !name.empty() && name.size() <= 200 && std::all_of(name.begin(), name.end(), [](char c) { return c > ' ' && c < 0x7f && c != '+'; });
}

}  // namespace

Result<VerifyingKey> VerifyingKey::make(std::string_view name, ByteView public_key) {
  if (!is_key_name(name)) return fail(ErrorKind::Invalid, "A ledger's origin is up to 200 printable ASCII characters without spaces or '+'.", {}, "C2SP signed-note");
  if (public_key.size() != 32) return fail(ErrorKind::Invalid, "An Ed25519 public key has 32 bytes.");
  VerifyingKey out;
  out.name_ = name;
  std::copy(public_key.begin(), public_key.end(), out.key_.begin());
  const Hash whole = sha256({bytes_of(name), bytes_of("\n"), kEd25519, public_key});
  std::copy_n(whole.begin(), out.hash_.size(), out.hash_.begin());
  return out;
}

Result<VerifyingKey> VerifyingKey::parse(std::string_view vkey) {
  if (vkey.ends_with('\n')) vkey.remove_suffix(1);
  const auto bad = [] { return fail(ErrorKind::Invalid, "This is not a verification key. It looks like 'origin+1a2b3c4d+AQ…', on one line.", {}, "C2SP signed-note"); };
  const auto first = vkey.find('+');
  if (first == std::string_view::npos) return bad();
  const auto second = vkey.find('+', first + 1);
  if (second == std::string_view::npos) return bad();
  const auto key = from_base64(vkey.substr(second + 1));
  if (!key || key->size() != 33 || key->front() != kEd25519[0]) return bad();
  TRY(VerifyingKey out, make(vkey.substr(0, first), ByteView(*key).subspan(1)));
  if (out.text() != vkey) return fail(ErrorKind::Invalid, "This verification key's hash does not fit its name and key: it was mistyped or cut.", {}, "C2SP signed-note");
  return out;
}

std::string VerifyingKey::text() const {
  Bytes typed{kEd25519[0]};
  typed.insert(typed.end(), key_.begin(), key_.end());
  return name_ + "+" + hex(hash_) + "+" + base64(typed);
}

bool VerifyingKey::verifies(ByteView message, const Signature& signature) const {
  return crypto_sign_verify_detached(signature.data(), message.data(), message.size(), key_.data()) == 0;
}

Result<LocalSigner> LocalSigner::make(std::string_view name, SecretKey seed) {
  std::array<std::uint8_t, crypto_sign_PUBLICKEYBYTES> public_key{};
  std::array<std::uint8_t, crypto_sign_SECRETKEYBYTES> secret_key{};
  const Wiped wipe(secret_key);
  crypto_sign_seed_keypair(public_key.data(), secret_key.data(), seed.view().data());
  TRY(VerifyingKey key, VerifyingKey::make(name, public_key));
  return LocalSigner(std::move(seed), std::move(key));
}

Result<Signature> LocalSigner::sign(ByteView message) const {
  // libsodium's secret key is seed ‖ public key; put together anew each time, so that only the seed stays in memory.
  std::array<std::uint8_t, crypto_sign_SECRETKEYBYTES> secret_key{};
  const Wiped wipe(secret_key);
  std::copy_n(seed_.view().begin(), crypto_sign_SEEDBYTES, secret_key.begin());
  std::copy(key_.bytes().begin(), key_.bytes().end(), secret_key.begin() + crypto_sign_SEEDBYTES);
  Signature out{};
  crypto_sign_detached(out.data(), nullptr, message.data(), message.size(), secret_key.data());
  return out;
}

}  // namespace sluice::ledger
