// Networks of IPv4 and IPv6 as ISSUBSET and ISSUPERSET compare them: an address is the network that has it alone.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

namespace sluice::threat::pattern {

struct Network {
  bool is_v6 = false;
  unsigned prefix = 0;                       // bits
  std::array<std::uint8_t, 16> address{};    // IPv4: the first four; what lies behind the prefix is zero
  bool operator==(const Network&) const = default;
};
// "198.51.100.0/24", "2001:db8::/32", "::ffff:192.0.2.1", or a single address. Bits behind the prefix may be set and count for nothing. Zone ids and leading zeros in IPv4 are refused.
std::optional<Network> network_of(std::string_view text);

bool is_subset(const Network& inner, const Network& outer);  // an equal one too; IPv4 and IPv6 have nothing in common

}  // namespace sluice::threat::pattern
