// A key of 32 bytes in memory: the only form in which this room holds one.
//
// Invariants
//   S1  It is never copied: whoever needs it borrows it.
//   S2  It lies in memory that is kept out of swap and core dumps where the system allows it, and is wiped when it ends.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string_view>

#include "base/bytes.h"

namespace sluice::ledger {

class SecretKey {
 public:
  static constexpr std::size_t kSize = 32;

  static SecretKey random(Random& random = system_random());
  static Result<SecretKey> from(ByteView bytes);  // exactly 32 bytes; the caller wipes its own

  // HKDF-SHA-256 (RFC 5869) of this key with `label` as info: another key, one for each label.
  SecretKey derived(std::string_view label) const;

  ByteView view() const { return {cell_.get(), kSize}; }

 private:
  struct Wipe {
    void operator()(std::uint8_t* cell) const;
  };
  SecretKey();
  std::unique_ptr<std::uint8_t[], Wipe> cell_;
};

// Wipes what it borrows when it leaves: for plain text on its way into or out of a seal.
class Wiped {
 public:
  explicit Wiped(std::span<std::uint8_t> bytes) : bytes_(bytes) {}
  Wiped(const Wiped&) = delete;
  Wiped& operator=(const Wiped&) = delete;
  ~Wiped();

 private:
  std::span<std::uint8_t> bytes_;
};

}  // namespace sluice::ledger
