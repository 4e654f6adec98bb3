// Who signs for the ledger and how that is checked: Ed25519, keys named as C2SP signed-note names them.
//
// The signing key sits behind an interface, since the strict mode keeps it in a process of its own: that one may be gone, so sign() can fail.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/bytes.h"
#include "base/result.h"
#include "ledger/secret.h"

namespace sluice::ledger {

using Signature = std::array<std::uint8_t, 64>;

// The public half. Text form (vkey): name+hash+base64(01 ‖ key), hash = first four bytes of SHA-256(name ‖ LF ‖ 01 ‖ key).
class VerifyingKey {
 public:
  static Result<VerifyingKey> make(std::string_view name, ByteView public_key);
  static Result<VerifyingKey> parse(std::string_view vkey);  // one line; a final line feed is allowed, as key files end in one

  const std::string& name() const { return name_; }          // the ledger's origin
  const std::array<std::uint8_t, 4>& hash() const { return hash_; }
  const std::array<std::uint8_t, 32>& bytes() const { return key_; }
  std::string text() const;
  bool verifies(ByteView message, const Signature& signature) const;

 private:
  std::string name_;
  std::array<std::uint8_t, 32> key_{};
  std::array<std::uint8_t, 4> hash_{};
};

class Signer {
 public:
  virtual ~Signer() = default;
  virtual Result<Signature> sign(ByteView message) const = 0;
  virtual const VerifyingKey& key() const = 0;
};

// Signs in this process. `seed`: the 32 bytes RFC 8032 §5.1.5 calls the private key.
class LocalSigner final : public Signer {
 public:
  static Result<LocalSigner> make(std::string_view name, SecretKey seed);
  Result<Signature> sign(ByteView message) const override;
  const VerifyingKey& key() const override { return key_; }

 private:
  LocalSigner(SecretKey seed, VerifyingKey key) : seed_(std::move(seed)), key_(std::move(key)) {}
  SecretKey seed_;
  VerifyingKey key_;
};

}  // namespace sluice::ledger
