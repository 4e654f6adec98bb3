// Slow hashes of what people remember or write down: passwords and report codes. Argon2id, by libsodium.
//
// Each takes 64 MiB for as long as it runs, so the process does at most two at once and the others wait their turn, for a few seconds at most.
// To be called on a pool thread, never on the Writer's.
//
// Always holds
//   S1  verify() does the same work for an absent hash as for a present one (EXI-8).
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"

namespace sluice::service {

enum class SlowCost { Password, Code };             // 3 passes, 2 passes; both over 64 MiB

Result<std::string> slow_hash(std::string_view secret, SlowCost cost);     // Unavailable, code "busy", if no turn came in time
Result<bool> slow_verify(const std::optional<std::string>& stored, std::string_view secret, SlowCost cost);
std::uint64_t slow_hashes_done();                   // by this process: tests compare counted work

// AUT-1: 12 characters to 1024 bytes of any Unicode, no composition rules; not on the bundled list of common ones, nothing made of the own name or address.
Result<void> check_password(std::string_view password, std::string_view name, std::string_view mail);

}  // namespace sluice::service
