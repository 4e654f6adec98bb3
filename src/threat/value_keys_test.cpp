#include "threat/value_keys.h"

#include <doctest/doctest.h>
#include <rapidcheck.h>

#include <algorithm>

namespace sluice::threat {

namespace {

bool has(const std::vector<Value>& all, std::string_view kind, std::string_view text) { return std::find(all.begin(), all.end(), Value{std::string(kind), std::string(text)}) != all.end(); }
bool has_wider(const Value& value, std::string_view kind, std::string_view text) {
  const auto all = wider_than(value);
  return std::any_of(all.begin(), all.end(), [&](const WiderValue& one) { return one.value == Value{std::string(kind), std::string(text)}; });
}
Value address(std::string_view text) {
  auto value = normalised("ipv4-addr", text);
  if (!value) value = normalised("ipv6-addr", text);
  return value.value();
}

std::string some_address(bool is_v6, std::uint64_t high, std::uint64_t low) {
  if (!is_v6) return std::to_string(low & 255) + "." + std::to_string(low >> 8 & 255) + "." + std::to_string(low >> 16 & 255) + "." + std::to_string(low >> 24 & 255);
  std::string out;
  char group[8];
  for (int i = 0; i < 8; ++i) {
    const auto part = static_cast<unsigned>((i < 4 ? high >> (48 - 16 * i) : low >> (48 - 16 * (i - 4))) & 0xffff);
    std::snprintf(group, sizeof group, "%x", part);
    out += (i > 0 ? ":" : "") + std::string(group);
  }
  return out;
}

}  // namespace

TEST_CASE("a bare text is looked for as everything it can be") {
  struct Row { std::string_view text, kind, value; };
  const Row rows[] = {
      {"198.51.100[.]3", "ipv4-addr", "198.51.100.3"},
      {"198.51.100.0/24", "ipv4-addr", "198.51.100.0/24"},
      {"2001:DB8:0:0::1", "ipv6-addr", "2001:db8::1"},
      {"::ffff:198.51.100.3", "ipv4-addr", "198.51.100.3"},
      {"EVIL[.]Example", "domain-name", "evil.example"},
      {"hxxp://evil[.]example/A", "url", "http://evil.example/A"},
      {"bad@EVIL.example", "email-addr", "bad@evil.example"},
      {"cve-2021-44228", "vulnerability", "CVE-2021-44228"},
      {"D41D8CD98F00B204E9800998ECF8427E", "hash:MD5", "d41d8cd98f00b204e9800998ecf8427e"},
      {"D41D8CD98F00B204E9800998ECF8427E", "hash:IMPHASH", "d41d8cd98f00b204e9800998ecf8427e"},
      {"AS64500", "autonomous-system", "64500"},
      {"HKLM\\Software\\Bad", "windows-registry-key", "hkey_local_machine\\software\\bad"},
      {"Evil.EXE", "file-name", "evil.exe"},
      {"Global\\Mutex1", "mutex", "Global\\Mutex1"},
  };
  for (const auto& row : rows) {
    CAPTURE(std::string(row.text));
    CHECK(has(readings_of(row.text), row.kind, row.value));
  }
}

TEST_CASE("a page is the same with and without its scheme") {
  CHECK(has(readings_of("http://evil.example/a"), "url", "//evil.example/a"));
  CHECK(has(readings_of("https://evil.example:443/a"), "url", "//evil.example/a"));
  for (const auto* text : {"//evil.example/a", "http://evil.example/a", "https://evil.example/a"}) CHECK(has(readings_of("evil[.]example/a"), "url", text));
  CHECK_FALSE(has(readings_of("ftp://evil.example/a"), "url", "//evil.example/a"));
  struct Row { std::string_view shared, asked; };
  const Row rows[] = {
      {"evil.example:80/a", "http://evil.example/a"},
      {"evil.example:443/a?b=:/", "https://evil.example/a?b=:/"},
      {"198.51.100.3:80/1", "http://198.51.100.3/1"},
      {"//u:p@evil.example:80/", "http://u:p@evil.example"},
      {"//[2001:db8::1]:443/a", "https://[2001:db8::1]/a"},
      {"evil.example:8080/a", "http://evil.example:8080/a"},
  };
  for (const auto& row : rows) {
    CAPTURE(std::string(row.asked));
    const auto key = normalised("url", row.shared);
    REQUIRE(key.has_value());
    CHECK(has(readings_of(row.asked), "url", key->text));
    CHECK(readings_as("url", row.asked).size() == (row.shared.find("8080") == row.shared.npos ? 3 : 2));
  }
  CHECK_FALSE(has(readings_of("https://evil.example/a"), "url", "//evil.example:80/a"));
  CHECK_FALSE(has(readings_of("198.51.100.0/24"), "url", "//198.51.100.0/24"));
  CHECK(has_wider({"url", "//a.evil.example/x"}, "domain-name", "a.evil.example"));
}

TEST_CASE("a plain number is no number of a system, and a word no folder: hits would mean nothing") {
  CHECK_FALSE(has(readings_of("64500"), "autonomous-system", "64500"));
  CHECK_FALSE(has(readings_of("word"), "directory", "word"));
  CHECK(has(readings_as("autonomous-system", "64500"), "autonomous-system", "64500"));
}

TEST_CASE("what has not the form of a kind is nothing of that kind") {
  CHECK(readings_as("ipv4-addr", "198.51.100.300").empty());
  CHECK(readings_as("hash", "xyz").empty());
  CHECK(readings_as("no-such-kind", "198.51.100.3").empty());
  CHECK(readings_of("").empty());
  CHECK(readings_of("\xff").empty());
}

TEST_CASE("what is wider than a value") {
  CHECK(has_wider(address("198.51.100.3"), "ipv4-addr", "198.51.100.0/24"));
  CHECK(has_wider(address("198.51.100.3"), "ipv4-addr", "198.51.100.2/31"));
  CHECK(has_wider(address("198.51.100.3"), "ipv4-addr", "198.0.0.0/8"));
  CHECK_FALSE(has_wider(address("198.51.100.3"), "ipv4-addr", "198.51.100.3"));
  CHECK(wider_than(address("198.51.100.3")).size() == 24);
  CHECK(has_wider(address("2001:db8::1"), "ipv6-addr", "2001:db8::/32"));
  CHECK(has_wider(address("2001:db8::1"), "ipv6-addr", "2001:db8::/127"));
  CHECK_FALSE(has_wider(address("2001:db8::1"), "ipv6-addr", "2001:db8::/33"));
  CHECK(has_wider({"url", "http://a.evil.example/x"}, "domain-name", "a.evil.example"));
  CHECK(has_wider({"url", "http://a.evil.example/x"}, "domain-name", "evil.example"));
  CHECK_FALSE(has_wider({"url", "http://a.evil.example/x"}, "domain-name", "example"));
  CHECK(has_wider({"url", "http://198.51.100.3/x"}, "ipv4-addr", "198.51.100.3"));
  CHECK(has_wider({"email-addr", "bad@evil.example"}, "domain-name", "evil.example"));
  CHECK(wider_than({"file-name", "a.b.c"}).empty());
}

TEST_CASE("blocks of a network, and where it is too wide for them") {
  CHECK(blocks_in(address("198.51.100.0/28")) == std::vector<std::string>{"198.51.100.0/24"});
  CHECK(blocks_in(address("198.51.100.0/23")) == std::vector<std::string>{"198.51.100.0/24", "198.51.101.0/24"});
  CHECK(blocks_in(address("198.51.0.0/16")).size() == 256);
  CHECK(blocks_in(address("198.50.0.0/15")).empty());
  CHECK(blocks_in(address("198.51.100.3")).empty());
  CHECK(blocks_in(address("2001:db8::/64")) == std::vector<std::string>{"2001:db8::/64"});
  CHECK(blocks_in(address("2001:db8::/56")).size() == 256);
  CHECK(blocks_in(address("2001:db8::/55")).empty());
  CHECK_FALSE(block_of(address("198.51.0.0/16")));
  CHECK_FALSE(block_of({"domain-name", "evil.example"}));
}

TEST_CASE("K2_K3_an_address_lies_in_what_is_wider_and_its_block_is_among_those_of_each_network_around_it") {
  CHECK(rc::check([] {
    const auto is_v6 = *rc::gen::arbitrary<bool>();
    const auto inner = address(some_address(is_v6, *rc::gen::arbitrary<std::uint64_t>(), *rc::gen::arbitrary<std::uint64_t>()));
    const bool is_in_v6 = inner.kind == "ipv6-addr";   // a mapped address is one of IPv4
    const auto wider = wider_than(inner);
    RC_ASSERT(!wider.empty());
    RC_ASSERT(wider.size() <= kMostKeys);
    for (const auto& one : wider) {
      RC_ASSERT(lies_in(one.value, inner));
      RC_ASSERT(normalised(one.value.kind, one.value.text) == one.value);   // K1
    }
    const auto block = block_of(inner);
    RC_ASSERT(block.has_value());
    const auto prefix = is_in_v6 ? *rc::gen::inRange(kWidestV6, 128) : *rc::gen::inRange(kWidestV4, 32);
    const auto outer = address(inner.text + "/" + std::to_string(prefix));
    const auto blocks = blocks_in(outer);
    RC_ASSERT(blocks.size() <= kMostKeys);
    RC_ASSERT(std::find(blocks.begin(), blocks.end(), *block) != blocks.end());
  }));
}

}  // namespace sluice::threat
