// The parts of observable.h's normalising, a function a form. Each answers with a text, or with nothing where the text isn't of its form.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "threat/observable.h"

namespace sluice::threat::forms {

// hxxp://, [.], (dot), [at] … as they were before someone made them harmless. White space around is dropped. What no longer changes is given.
std::string refanged(std::string_view text);

std::string ascii_lower(std::string_view text);

// An address or a range of addresses; IPv4 stands in the last four bytes.
struct Network {
  bool is_v6 = false;
  std::array<std::uint8_t, 16> bytes{};  // bits beyond the prefix are 0
  int prefix = 0;                        // of 32 or 128
};
std::optional<Network> ipv4_network(std::string_view text);   // "198.51.100.3", "198.51.100.0/24"
std::optional<Network> ipv6_network(std::string_view text);   // RFC 4291 §2.2; an IPv4-mapped one gives IPv4
std::string network_text(const Network& network);             // RFC 5952; without "/32" or "/128"
Value network_value(const Network& network);
bool holds(const Network& outer, const Network& inner);

std::optional<std::string> domain(std::string_view text);     // lower-case A-labels, no final dot
std::optional<Value> host(std::string_view text);             // a domain or an address ([::1] too)
std::optional<std::string> email(std::string_view text);
std::optional<std::string> url(std::string_view text);
std::string_view host_in_url(std::string_view normalised_url);  // "" where it has none

std::optional<std::string> mac(std::string_view text);
std::optional<std::string> as_number(std::string_view text);  // "AS64500", "64500", "1.10"
std::optional<Value> hash(std::string_view algorithm, std::string_view text);  // algorithm "": by its length
std::optional<std::string> registry_key(std::string_view text);

}  // namespace sluice::threat::forms
