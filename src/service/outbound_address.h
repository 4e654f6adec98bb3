// Which addresses the server may speak to of its own accord (OUT-1). Pure: bytes in, yes or the reason why not out.
//
// A name that somebody types must not let them reach what only this machine can: itself, its neighbours, the cloud's metadata service. So what is not
// plainly of the public Internet is refused, unless the operator lists it.
//
// Always holds
//   N1  IPv6 outside 2000::/3 is refused as a whole, so a range that is assigned tomorrow is refused too.
//   N2  An address that carries an IPv4 address inside is refused by its own range, and where the operator lists that range, judged by what it carries too.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace sluice::service {

struct Address {
  bool v6 = false;
  std::array<std::uint8_t, 16> bytes{};            // IPv4: the first four
  bool operator==(const Address&) const = default;
};
std::optional<Address> parse_address(std::string_view text);  // "192.0.2.1", "2001:db8::1"; no port, no brackets, no zone
std::string to_text(const Address& address);

struct Network {
  Address base;
  int prefix = 0;
  bool contains(const Address& address) const;
};
Result<Network> parse_network(std::string_view text);         // "10.0.0.0/8", "::1/128"; an address alone is itself. No bits beyond the prefix

// Nothing: it may be spoken to. Else what it is, with its source: "private use (RFC 1918)".
std::optional<std::string> why_refused(const Address& address, const std::vector<Network>& allowed);

// A name of the public DNS as people write it: ASCII letters, digits and hyphens, at least one dot, no port, no address, no name of special use (RFC 6761,
// 6762, 7686). Comes back in lower case without a final dot. An internationalised name is given in its A-label form (xn--…).
Result<std::string> host_name(std::string_view text);

}  // namespace sluice::service
