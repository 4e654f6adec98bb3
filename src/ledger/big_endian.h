// Numbers as bytes, most significant first: how every format of this room writes them.
#pragma once

#include <array>
#include <concepts>
#include <cstdint>

#include "base/bytes.h"

namespace sluice::ledger {

template <std::unsigned_integral T>
constexpr std::array<std::uint8_t, sizeof(T)> big_endian(T value) {
  std::array<std::uint8_t, sizeof(T)> out{};
  for (std::size_t i = 0; i < sizeof(T); ++i) out[i] = static_cast<std::uint8_t>(value >> (8 * (sizeof(T) - 1 - i)));
  return out;
}

template <std::unsigned_integral T>
constexpr T from_big_endian(std::span<const std::uint8_t, sizeof(T)> bytes) {
  T out = 0;
  for (const auto byte : bytes) out = static_cast<T>(static_cast<T>(out << (sizeof(T) > 1 ? 8 : 0)) | byte);
  return out;
}

inline void append(Bytes& out, ByteView bytes) { out.insert(out.end(), bytes.begin(), bytes.end()); }

}  // namespace sluice::ledger
