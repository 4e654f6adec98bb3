// Facts of public registries: IANA IPv4 and IPv6 Special-Purpose Address Registries (RFC 6890), Special-Use Domain Names (RFC 6761), Autonomous System
// numbers set aside (RFC 5398, RFC 6996), IPv4 multicast; addresses that operators of public resolvers publish; hashes of the empty file (computed).
#include "threat/benign_table.h"

#include <iterator>

namespace sluice::threat {

namespace {

constexpr BenignRow kBenignRows[] = {
    {"ipv4-addr", "0.0.0.0/8", "this network (RFC 791)"},
    {"ipv4-addr", "10.0.0.0/8", "private network (RFC 1918)"},
    {"ipv4-addr", "100.64.0.0/10", "shared address space of providers (RFC 6598)"},
    {"ipv4-addr", "127.0.0.0/8", "loopback (RFC 1122)"},
    {"ipv4-addr", "169.254.0.0/16", "link-local (RFC 3927)"},
    {"ipv4-addr", "172.16.0.0/12", "private network (RFC 1918)"},
    {"ipv4-addr", "192.0.0.0/24", "protocol assignments of IANA (RFC 6890)"},
    {"ipv4-addr", "192.0.2.0/24", "set aside for documentation (RFC 5737)"},
    {"ipv4-addr", "192.88.99.0/24", "former 6to4 relays (RFC 7526)"},
    {"ipv4-addr", "192.168.0.0/16", "private network (RFC 1918)"},
    {"ipv4-addr", "198.18.0.0/15", "set aside for benchmarks (RFC 2544)"},
    {"ipv4-addr", "198.51.100.0/24", "set aside for documentation (RFC 5737)"},
    {"ipv4-addr", "203.0.113.0/24", "set aside for documentation (RFC 5737)"},
    {"ipv4-addr", "224.0.0.0/4", "multicast (RFC 5771)"},
    {"ipv4-addr", "240.0.0.0/4", "reserved (RFC 1112)"},
    {"ipv4-addr", "255.255.255.255", "limited broadcast (RFC 919)"},
    {"ipv6-addr", "::", "unspecified address (RFC 4291)"},
    {"ipv6-addr", "::1", "loopback (RFC 4291)"},
    {"ipv6-addr", "64:ff9b:1::/48", "local translation of IPv4 (RFC 8215)"},
    {"ipv6-addr", "100::/64", "discarded by routers (RFC 6666)"},
    {"ipv6-addr", "2001:2::/48", "set aside for benchmarks (RFC 5180)"},
    {"ipv6-addr", "2001:db8::/32", "set aside for documentation (RFC 3849)"},
    {"ipv6-addr", "3fff::/20", "set aside for documentation (RFC 9637)"},
    {"ipv6-addr", "fc00::/7", "private network (RFC 4193)"},
    {"ipv6-addr", "fe80::/10", "link-local (RFC 4291)"},
    {"ipv6-addr", "ff00::/8", "multicast (RFC 4291)"},
    {"ipv4-addr", "1.1.1.1", "public resolver of Cloudflare"},
    {"ipv4-addr", "1.0.0.1", "public resolver of Cloudflare"},
    {"ipv4-addr", "8.8.8.8", "public resolver of Google"},
    {"ipv4-addr", "8.8.4.4", "public resolver of Google"},
    {"ipv4-addr", "9.9.9.9", "public resolver of Quad9"},
    {"ipv4-addr", "149.112.112.112", "public resolver of Quad9"},
    {"ipv4-addr", "208.67.222.222", "public resolver of OpenDNS"},
    {"ipv4-addr", "208.67.220.220", "public resolver of OpenDNS"},
    {"ipv6-addr", "2606:4700:4700::1111", "public resolver of Cloudflare"},
    {"ipv6-addr", "2606:4700:4700::1001", "public resolver of Cloudflare"},
    {"ipv6-addr", "2001:4860:4860::8888", "public resolver of Google"},
    {"ipv6-addr", "2001:4860:4860::8844", "public resolver of Google"},
    {"ipv6-addr", "2620:fe::fe", "public resolver of Quad9"},
    {"ipv6-addr", "2620:fe::9", "public resolver of Quad9"},
    {"domain-name", "example.com", "set aside for examples (RFC 6761)"},
    {"domain-name", "example.net", "set aside for examples (RFC 6761)"},
    {"domain-name", "example.org", "set aside for examples (RFC 6761)"},
    {"domain-name", "example", "set aside for examples (RFC 6761)"},
    {"domain-name", "test", "set aside for tests (RFC 6761)"},
    {"domain-name", "invalid", "never a name of anything (RFC 6761)"},
    {"domain-name", "localhost", "loopback (RFC 6761)"},
    {"domain-name", "local", "found on the link alone (RFC 6762)"},
    {"domain-name", "home.arpa", "home networks (RFC 8375)"},
    {"domain-name", "in-addr.arpa", "reverse names of addresses (RFC 1035)"},
    {"domain-name", "ip6.arpa", "reverse names of addresses (RFC 3596)"},
    {"autonomous-system", "0", "never an origin (RFC 7607)"},
    {"autonomous-system", "23456", "stands for numbers that old routers can't read (RFC 6793)"},
    {"mac-addr", "00:00:00:00:00:00", "no address"},
    {"mac-addr", "ff:ff:ff:ff:ff:ff", "broadcast"},
    {"hash:MD5", "d41d8cd98f00b204e9800998ecf8427e", "the empty file"},
    {"hash:SHA-1", "da39a3ee5e6b4b0d3255bfef95601890afd80709", "the empty file"},
    {"hash:SHA-224", "d14a028c2a3a2bc9476102bb288234c415a2b01f828ea62ac5b3e42f", "the empty file"},
    {"hash:SHA-256", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855", "the empty file"},
    {"hash:SHA-384", "38b060a751ac96384cd9327eb1b1e36a21fdb71114be07434c0cc7bf63f6e1da274edebfe76f65fbd51ad2f14898b95b", "the empty file"},
    {"hash:SHA-512", "cf83e1357eefb8bdf1542850d66d8007d620e4050b5715dc83f4a921d36ce9ce47d0d13c5d85f2b0ff8318d2877eec2f63b931bd47417a81a538327af927da3e", "the empty file"},
    {"hash:SHA3-256", "a7ffc6f8bf1ed76651c14756a061d662f580ff4de43b49fa82d80a4b80f8434a", "the empty file"},
    {"hash:SHA3-512", "a69f73cca23a9ac5c8b567dc185a756e97c982164fe25859e0d1dcc1475c80a615b2123af1f5f94c11e3e9402c3ac558f500199d95b6d3e301758586281dcd26", "the empty file"},
};

}  // namespace

std::span<const BenignRow> benign_rows() { return kBenignRows; }

}  // namespace sluice::threat
