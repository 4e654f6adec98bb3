#include "service/outbound_address.h"

#include <arpa/inet.h>

#include <algorithm>

namespace sluice::service {

namespace {

struct Special {
  std::string_view network;
  std::string_view why;
  int carries = -1;                                // where an IPv4 address begins inside, in bytes
};

// The IANA registries of special-purpose addresses (RFC 6890), as far as they aren't globally reachable or lead elsewhere than they seem to.
constexpr Special kSpecial[] = {
    {"0.0.0.0/8", "this network (RFC 791)"},
    {"10.0.0.0/8", "private use (RFC 1918)"},
    {"100.64.0.0/10", "shared address space of carriers (RFC 6598)"},
    {"127.0.0.0/8", "loopback (RFC 1122)"},
    {"169.254.0.0/16", "link-local (RFC 3927)"},
    {"172.16.0.0/12", "private use (RFC 1918)"},
    {"192.0.0.0/24", "protocol assignments (RFC 6890)"},
    {"192.0.2.0/24", "documentation (RFC 5737)"},
    {"192.88.99.0/24", "6to4 relays (RFC 7526)"},
    {"192.168.0.0/16", "private use (RFC 1918)"},
    {"198.18.0.0/15", "benchmarks (RFC 2544)"},
    {"198.51.100.0/24", "documentation (RFC 5737)"},
    {"203.0.113.0/24", "documentation (RFC 5737)"},
    {"224.0.0.0/4", "multicast (RFC 5771)"},
    {"240.0.0.0/4", "reserved (RFC 1112)"},
    {"::/128", "unspecified (RFC 4291)"},
    {"::1/128", "loopback (RFC 4291)"},
    {"::ffff:0:0/96", "IPv4-mapped (RFC 4291)", 12},
    {"::/96", "IPv4-compatible (RFC 4291)", 12},
    {"64:ff9b::/96", "NAT64 (RFC 6052)", 12},
    {"64:ff9b:1::/48", "local NAT64 (RFC 8215)"},
    {"100::/64", "discard (RFC 6666)"},
    {"2001::/32", "Teredo (RFC 4380)"},
    {"2001::/23", "protocol assignments (RFC 2928)"},
    {"2001:db8::/32", "documentation (RFC 3849)"},
    {"2002::/16", "6to4 (RFC 3056)", 2},
    {"3fff::/20", "documentation (RFC 9637)"},
    {"5f00::/16", "segment routing (RFC 9602)"},
    {"fc00::/7", "unique local (RFC 4193)"},
    {"fe80::/10", "link-local (RFC 4291)"},
    {"fec0::/10", "site-local (RFC 3879)"},
    {"ff00::/8", "multicast (RFC 4291)"},
};

Network network_of(std::string_view text) { return *parse_network(text); }

Address carried(const Address& address, int at) {
  Address out;
  std::copy_n(address.bytes.begin() + at, 4, out.bytes.begin());
  return out;
}

bool is_label(std::string_view label) {
  if (label.empty() || label.size() > 63 || label.front() == '-' || label.back() == '-') return false;
  return std::all_of(label.begin(), label.end(), [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-'; });
}

constexpr std::string_view kSpecialNames[] = {"localhost", "local", "invalid", "onion", "alt", "arpa", "internal"};

}  // namespace

std::optional<Address> parse_address(std::string_view text) {
  const std::string copy(text);
  Address out;
  if (inet_pton(AF_INET, copy.c_str(), out.bytes.data()) == 1 && copy.size() == text.size()) return out;
  out.v6 = true;
  if (inet_pton(AF_INET6, copy.c_str(), out.bytes.data()) == 1) return out;
  return std::nullopt;
}

std::string to_text(const Address& address) {
  char out[INET6_ADDRSTRLEN] = {};
  inet_ntop(address.v6 ? AF_INET6 : AF_INET, address.bytes.data(), out, sizeof out);
  return out;
}

bool Network::contains(const Address& address) const {
  if (address.v6 != base.v6) return false;
  for (int bit = 0; bit < prefix; ++bit) {
    const auto mask = static_cast<std::uint8_t>(0x80 >> (bit % 8));
    const auto at = static_cast<std::size_t>(bit / 8);
    if ((address.bytes[at] & mask) != (base.bytes[at] & mask)) return false;
  }
  return true;
}

Result<Network> parse_network(std::string_view text) {
  const auto wrong = [] { return fail(ErrorKind::Invalid, "A network is written 10.0.0.0/8 or fd00::/8, without bits beyond its prefix."); };
  const auto slash = text.find('/');
  const auto base = parse_address(text.substr(0, slash));
  if (!base) return wrong();
  const int bits = base->v6 ? 128 : 32;
  Network out{*base, bits};
  if (slash != text.npos) {
    const auto digits = text.substr(slash + 1);
    if (digits.empty() || digits.size() > 3 || !std::all_of(digits.begin(), digits.end(), [](char c) { return c >= '0' && c <= '9'; })) return wrong();
    out.prefix = std::stoi(std::string(digits));
  }
  if (out.prefix > bits) return wrong();
  for (int bit = out.prefix; bit < bits; ++bit)
    if (base->bytes[static_cast<std::size_t>(bit / 8)] & (0x80 >> (bit % 8))) return wrong();
  return out;
}

std::optional<std::string> why_refused(const Address& address, const std::vector<Network>& allowed) {
  const bool listed = std::any_of(allowed.begin(), allowed.end(), [&](const Network& network) { return network.contains(address); });
  for (const auto& special : kSpecial) {
    if (!network_of(special.network).contains(address)) continue;
    if (!listed) return std::string(special.why);
    if (special.carries >= 0) return why_refused(carried(address, special.carries), allowed);  // N2
    return std::nullopt;
  }
  if (!listed && address.v6 && !network_of("2000::/3").contains(address)) return "not assigned for global use (RFC 4291)";  // N1
  return std::nullopt;
}

Result<std::string> host_name(std::string_view text) {
  const auto wrong = [](std::string why) { return fail(ErrorKind::Invalid, std::move(why), "/domain"); };
  std::string name(text);
  std::transform(name.begin(), name.end(), name.begin(), [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
  if (name.ends_with('.')) name.pop_back();
  if (name.empty() || name.size() > 253) return wrong("A domain has 1 to 253 characters, such as vendor.example.");
  std::vector<std::string_view> labels;
  for (std::string_view rest = name;;) {
    const auto dot = rest.find('.');
    labels.push_back(rest.substr(0, dot));
    if (dot == rest.npos) break;
    rest.remove_prefix(dot + 1);
  }
  if (!std::all_of(labels.begin(), labels.end(), is_label)) return wrong("A domain is letters, digits and hyphens with dots between, such as vendor.example: no address, port or path. A name in other letters is written xn--….");
  const auto last = labels.back();
  // What a number ends in is read as an IPv4 address by resolvers, also 127.1 and 0x7f.1 (WHATWG URL, ends in a number).
  const bool number = std::all_of(last.begin(), last.end(), [](char c) { return c >= '0' && c <= '9'; }) || last.starts_with("0x");
  if (labels.size() < 2 || number) return wrong("This is no domain of the public DNS, such as vendor.example.");
  if (std::find(std::begin(kSpecialNames), std::end(kSpecialNames), last) != std::end(kSpecialNames))
    return wrong("Names that end in ." + std::string(last) + " aren't of the public DNS.");
  return name;
}

}  // namespace sluice::service
