#include <doctest/doctest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "threat/pattern/match.h"
#include "threat/pattern/networks.h"
#include "threat/pattern/text_match.h"

using namespace sluice;
using namespace sluice::threat;

namespace {

Pattern pattern_of(const std::string& text) {
  auto pattern = parse_pattern(text);
  REQUIRE_MESSAGE(pattern, text);
  return *std::move(pattern);
}

// One observation of one or more objects, so many seconds after an instant of ours.
Observation seen(std::int64_t second, std::string_view objects, std::uint64_t times = 1) {
  const auto value = parse_json(objects);
  REQUIRE(value);
  return {Instant{1'464'739'200'000'000 + second * 1'000'000}, times, value->as_object()};  // 2016-06-01T00:00:00Z
}
Observation named(std::int64_t second, const std::string& name, std::uint64_t times = 1) { return seen(second, R"({"0": {"type": "file", "name": ")" + name + R"("}})", times); }

bool fits(const std::string& text, const std::vector<Observation>& observations) {
  const auto answer = matches(pattern_of(text), observations);
  REQUIRE_MESSAGE(answer, text);
  return *answer;
}

constexpr std::string_view kObjects = R"({
  "0": {"type": "file", "name": "setup.exe", "size": 5, "ratio": 12.5, "big": 9007199254740993, "is_hidden": true, "created": "2016-06-01T01:30:00.50Z", "mime": null,
        "hashes": {"SHA-256": "ab12"}, "magic_number_hex": "746f727573", "body_bin": "dG9ydXM=", "odd_hex": "xyz", "tags": ["red", "green"], "parent_directory_ref": "1", "contains_refs": ["2", "4"],
        "extensions": {"x.y-ext": {"parts": [{"n": 1}, {"n": 7}]}}, "self_ref": "0", "lost_ref": "9"},
  "1": {"type": "directory", "path": "C:\\Windows"},
  "2": {"type": "ipv4-addr", "value": "198.51.100.7"},
  "3": {"type": "ipv6-addr", "value": "2001:db8::1"},
  "4": {"type": "domain-name", "value": "x\u0065\u0301.example"},
  "5": {"type": "ipv4-addr", "value": "198.51.100.0/25"}
})";

}  // namespace

TEST_CASE("comparisons with one observation") {
  const struct { const char* text; bool fits; } rows[] = {
      // equality and order, by type
      {"[file:name = 'setup.exe']", true},
      {"[file:name = 'Setup.exe']", false},
      {"[file:name != 'other']", true},
      {"[file:name NOT = 'other']", true},
      {"[file:name NOT != 'other']", false},
      {"[file:name > 'alpha' AND file:name < 'tango' AND file:name >= 'setup.exe' AND file:name <= 'setup.exe']", true},
      {"[file:size = 5]", true},
      {"[file:size = 5.0]", true},
      {"[file:size > 4.9 AND file:size < 5.1 AND file:size NOT < 5]", true},
      {"[file:size > 5]", false},
      {"[file:ratio = 12.5 AND file:ratio > 12]", true},
      {"[file:big = 9007199254740993]", true},
      {"[file:big = 9007199254740992]", false},  // as doubles they would be the same
      {"[file:big < 12345678901234567890123]", true},
      {"[file:is_hidden = true]", true},
      {"[file:is_hidden = false]", false},
      {"[file:is_hidden = 1]", false},
      {"[file:created = t'2016-06-01T01:30:00.5Z']", true},
      {"[file:created > t'2016-06-01T01:30:00.49999999999Z' AND file:created < t'2016-06-01T01:30:00.50000000001Z']", true},
      {"[file:created = '2016-06-01T01:30:00.50Z']", true},
      {"[file:created < t'2016-02-31T00:00:00Z']", false},  // no such day
      // M2: types that don't go together
      {"[file:size = '5']", false},
      {"[file:size != '5']", true},
      {"[file:size NOT = '5']", true},
      {"[file:size NOT != '5']", false},
      {"[file:size > 'a']", false},
      {"[file:name = 5]", false},
      {"[file:name = t'2016-06-01T01:30:00Z']", false},
      {"[file:name != t'2016-06-01T01:30:00Z']", true},
      {"[file:size LIKE '5' OR file:size MATCHES '5' OR file:size ISSUBSET '0.0.0.0/0']", false},
      {"[file:size NOT LIKE '5' AND file:size NOT MATCHES '5' AND file:size NOT ISSUBSET '0.0.0.0/0']", true},
      {"[file:mime = 'x']", false},
      // sets
      {"[file:size IN (4, 5, 6)]", true},
      {"[file:size IN ('5', 5.0)]", true},
      {"[file:size NOT IN (4, 6)]", true},
      {"[file:size IN ()]", false},
      {"[file:size NOT IN ()]", true},
      // bytes: decoded; text stands for the bytes of its characters
      {"[file:magic_number_hex = h'746f727573' AND file:magic_number_hex = b'dG9ydXM=' AND file:magic_number_hex = 'torus']", true},
      {"[file:body_bin = h'746f727573' AND file:body_bin = b'dG9ydXM=' AND file:body_bin = 'torus']", true},
      {"[file:body_bin = 'dG9ydXM=']", false},
      {"[file:body_bin > h'746f6d61746f' AND file:body_bin < 'torut']", true},
      {"[file:body_bin = '\u0174orus']", false},
      {"[file:body_bin MATCHES '\\\\x74or[u\\\\x01]s' AND file:magic_number_hex MATCHES '^to']", true},
      {"[file:body_bin MATCHES '\u0174']", false},
      {"[file:body_bin NOT MATCHES '\u0174']", true},
      {"[file:body_bin LIKE '%oru_']", true},
      {"[file:odd_hex = h'00' OR file:odd_hex LIKE '%']", false},
      {"[file:name = h'73657475702e657865']", true},
      // LIKE and MATCHES
      {"[file:name LIKE 'setup.___']", true},
      {"[file:name LIKE '%.exe' AND file:name LIKE 'set%' AND file:name LIKE '%' AND file:name LIKE '%t%p%']", true},
      {"[file:name LIKE 'setup']", false},
      {"[file:name LIKE '%.EXE']", false},
      {"[file:name MATCHES 'up\\\\.e']", true},
      {"[file:name MATCHES '^up']", false},
      {"[domain-name:value LIKE 'x_.example' AND domain-name:value MATCHES '^x.\\\\.example$' AND domain-name:value LIKE 'x\u00e9%']", true},  // e and accent are one character in NFC
      {"[domain-name:value = 'x\u00e9.example']", false},  // = compares code points as they are
      // networks
      {"[ipv4-addr:value ISSUBSET '198.51.100.0/24']", true},
      {"[ipv4-addr:value ISSUBSET '198.51.100.77/24']", true},  // bits behind the prefix don't count
      {"[ipv4-addr:value ISSUBSET '198.51.101.0/24']", false},
      {"[ipv4-addr:value ISSUPERSET '198.51.100.64/26']", true},
      {"[ipv4-addr:value ISSUPERSET '198.51.0.0/16']", false},
      {"[ipv6-addr:value ISSUBSET '2001:DB8::/32']", true},
      {"[ipv6-addr:value ISSUBSET '0.0.0.0/0']", false},
      {"[ipv4-addr:value ISSUBSET 'nonsense']", false},
      // paths
      {"[file:hashes.'SHA-256' = 'ab12']", true},
      {"[file:tags[0] = 'red' AND file:tags[*] = 'green']", true},
      {"[file:tags[2] = 'red' OR file:tags[-1] = 'green' OR file:tags = 'red']", false},
      {"[file:tags[*] NOT = 'red']", true},  // one of them isn't
      {"[file:extensions.'x.y-ext'.parts[*].n = 7]", true},
      {"[file:extensions.'x.y-ext'.parts[0].n = 7]", false},
      {"[file:parent_directory_ref.path LIKE 'C:%' AND file:parent_directory_ref = '1']", true},
      {"[file:contains_refs[*].value = '198.51.100.7' AND file:contains_refs[1].type = 'domain-name']", true},
      {"[file:self_ref.self_ref.self_ref.name = 'setup.exe']", true},
      {"[file:lost_ref.name = 'x' OR file:name.length = 9 OR file:size.name = 1]", false},
      // M1: what isn't there is false either way
      {"[file:nothing = 1 OR file:nothing NOT = 1 OR file:nothing != 1 OR process:name != 'x']", false},
      {"[EXISTS file:name AND EXISTS file:tags[1] AND EXISTS file:parent_directory_ref.path]", true},
      {"[EXISTS file:nothing OR EXISTS file:tags[2]]", false},
      {"[NOT EXISTS file:nothing]", true},
      {"[NOT EXISTS file:name]", false},
      {"[NOT EXISTS process:name]", false},  // there is no process of which it could be missing
      // AND is asked of one object
      {"[file:name = 'setup.exe' AND ipv4-addr:value = '198.51.100.7']", false},
      {"[file:name = 'setup.exe' OR process:name = 'x']", true},
      {"[ipv4-addr:value ISSUBSET '198.51.100.7' AND ipv4-addr:value ISSUPERSET '198.51.100.1']", false},  // one of each, and no one of both
      {"[(file:size = 1 OR file:size = 5) AND file:is_hidden = true]", true},
      {"[file:size = 1 OR file:size = 5 AND file:is_hidden = false]", false},
  };
  const std::vector<Observation> observations{seen(0, kObjects)};
  for (const auto& row : rows) {
    CAPTURE(row.text);
    CHECK(fits(row.text, observations) == row.fits);
  }
}

TEST_CASE("observations together") {
  const std::vector<Observation> observations{named(0, "a"), named(5, "b"), named(10, "c"), named(10, "d"), named(60, "a")};
  const struct { const char* text; bool fits; } rows[] = {
      {"[file:name = 'a'] AND [file:name = 'b']", true},
      {"[file:name = 'a'] AND [file:name = 'z']", false},
      {"[file:name = 'b'] AND [file:name = 'b']", false},  // M3: there is one
      {"[file:name = 'a'] AND [file:name = 'a']", true},
      {"[file:name = 'a'] AND [file:name = 'a'] AND [file:name = 'a']", false},
      {"[file:name LIKE '_'] AND [file:name = 'b']", true},  // the first must leave b to the second
      {"[file:name = 'z'] OR [file:name = 'c']", true},
      {"[file:name = 'z'] OR [file:name = 'y']", false},
      {"[file:name = 'c'] OR [file:name = 'z'] AND [file:name = 'y']", true},
      {"([file:name = 'c'] OR [file:name = 'z']) AND [file:name = 'y']", false},
      {"[file:name = 'a'] FOLLOWEDBY [file:name = 'b']", true},
      {"[file:name = 'b'] FOLLOWEDBY [file:name = 'a']", true},  // the later one
      {"[file:name = 'c'] FOLLOWEDBY [file:name = 'b']", false},
      {"[file:name = 'd'] FOLLOWEDBY [file:name = 'c']", true},  // the same instant
      {"[file:name = 'b'] FOLLOWEDBY [file:name = 'c'] FOLLOWEDBY [file:name = 'a']", true},
      {"[file:name = 'c'] FOLLOWEDBY [file:name = 'a'] FOLLOWEDBY [file:name = 'b']", false},
      {"([file:name = 'b'] AND [file:name = 'a']) FOLLOWEDBY [file:name = 'c']", true},
      {"[file:name = 'c'] FOLLOWEDBY ([file:name = 'b'] AND [file:name = 'a'])", false},
      {"([file:name = 'a'] AND [file:name = 'b']) WITHIN 5 SECONDS", true},
      {"([file:name = 'a'] AND [file:name = 'b']) WITHIN 4.999 SECONDS", false},
      {"([file:name = 'b'] AND [file:name = 'a'] AND [file:name = 'c']) WITHIN 10 SECONDS", true},
      {"([file:name = 'b'] FOLLOWEDBY [file:name = 'a']) WITHIN 54 SECONDS", false},
      {"[file:name = 'b'] AND [file:name = 'a'] WITHIN 1 SECONDS", true},  // on one of the two alone
      {"[file:name = 'a'] START t'2016-06-01T00:00:00Z' STOP t'2016-06-01T00:00:01Z'", true},
      {"[file:name = 'b'] START t'2016-06-01T00:00:00Z' STOP t'2016-06-01T00:00:05Z'", false},  // before STOP
      {"[file:name = 'b'] START t'2016-06-01T00:00:05Z' STOP t'2016-06-01T00:00:05.0000001Z'", true},
      {"[file:name = 'b'] START t'2016-06-01T00:00:05.0000001Z' STOP t'2016-06-01T00:00:06Z'", false},
      {"[file:name = 'b'] START t'2016-06-01T00:00:06Z' STOP t'2016-06-01T00:00:01Z'", false},
      {"([file:name = 'a'] AND [file:name = 'b']) START t'2016-06-01T00:00:01Z' STOP t'2016-06-01T00:02:00Z'", true},
      {"([file:name = 'c'] AND [file:name = 'b']) START t'2016-06-01T00:00:06Z' STOP t'2016-06-01T00:02:00Z'", false},
      {"[file:name = 'a'] REPEATS 2 TIMES", true},
      {"[file:name = 'a'] REPEATS 3 TIMES", false},
      {"[file:name LIKE '_'] REPEATS 5 TIMES", true},
      {"[file:name LIKE '_'] REPEATS 6 TIMES", false},
      {"[file:name LIKE '_'] REPEATS 4 TIMES WITHIN 10 SECONDS", true},
      {"[file:name LIKE '_'] REPEATS 5 TIMES WITHIN 59 SECONDS", false},
      {"[file:name LIKE '_'] WITHIN 1 SECONDS REPEATS 5 TIMES", true},  // the order of the qualifiers tells
      {"[file:name LIKE '_'] START t'2016-06-01T00:00:00Z' STOP t'2016-06-01T00:00:10Z' REPEATS 3 TIMES", false},
      {"[file:name LIKE '_'] REPEATS 4 TIMES AND [file:name = 'c']", true},
      {"[file:name LIKE '_'] REPEATS 5 TIMES AND [file:name = 'c']", false},
      {"([file:name = 'a'] OR [file:name = 'b']) REPEATS 3 TIMES", true},
      {"([file:name = 'a'] OR [file:name = 'b']) REPEATS 4 TIMES", false},
      {"([file:name LIKE '_'] AND [file:name LIKE '_']) REPEATS 2 TIMES", true},
      {"([file:name LIKE '_'] AND [file:name LIKE '_']) REPEATS 3 TIMES", false},
      {"([file:name LIKE '_'] REPEATS 2 TIMES) REPEATS 2 TIMES", true},
      {"([file:name LIKE '_'] REPEATS 2 TIMES WITHIN 1 SECONDS) REPEATS 2 TIMES", false},
      {"([file:name = 'a'] FOLLOWEDBY [file:name LIKE '_'] REPEATS 3 TIMES) WITHIN 10 SECONDS", true},
      {"([file:name = 'a'] FOLLOWEDBY [file:name LIKE '_'] REPEATS 4 TIMES) WITHIN 10 SECONDS", false},
  };
  for (const auto& row : rows) {
    CAPTURE(row.text);
    CHECK(fits(row.text, observations) == row.fits);
    auto reversed = observations;
    std::reverse(reversed.begin(), reversed.end());
    CHECK(fits(row.text, reversed) == row.fits);  // what comes in any order is judged by its time
  }
}

TEST_CASE("number_observed counts for REPEATS") {
  const std::vector<Observation> observations{named(0, "a", 3), named(100, "a")};
  CHECK(fits("[file:name = 'a'] REPEATS 4 TIMES", observations));
  CHECK_FALSE(fits("[file:name = 'a'] REPEATS 5 TIMES", observations));
  CHECK(fits("[file:name = 'a'] REPEATS 3 TIMES WITHIN 1 SECONDS", observations));
  CHECK_FALSE(fits("[file:name = 'a'] REPEATS 4 TIMES WITHIN 1 SECONDS", observations));
  CHECK(fits("[file:name = 'a'] REPEATS 3 TIMES AND [file:name = 'a']", observations));
}

TEST_CASE("a match names the observations that make it") {
  const std::vector<Observation> observations{named(30, "a"), named(20, "x"), named(10, "b")};
  const auto matcher = Matcher::of(pattern_of("[file:name = 'b'] FOLLOWEDBY [file:name = 'a']"));
  REQUIRE(matcher);
  const auto found = matcher->match(observations);
  REQUIRE(found);
  REQUIRE(found->has_value());
  CHECK(**found == std::vector<std::size_t>{0, 2});
  CHECK_FALSE(*matcher->matches(std::vector<Observation>{}));
}

TEST_CASE("large inputs are answered fast, or not at all (M4)") {
  std::vector<Observation> many;
  for (int i = 0; i < 2'000; ++i) many.push_back(named(i * 10, i % 2 == 0 ? "a" : "b"));
  CHECK(fits("([file:name = 'a'] AND [file:name = 'b']) WITHIN 10 SECONDS", many));
  CHECK_FALSE(fits("([file:name = 'a'] AND [file:name = 'b']) WITHIN 9 SECONDS", many));
  CHECK(fits("[file:name = 'a'] REPEATS 1000 TIMES", many));
  CHECK_FALSE(fits("[file:name = 'a'] REPEATS 1001 TIMES", many));
  CHECK_FALSE(fits("[file:name = 'a'] REPEATS 10 TIMES WITHIN 179 SECONDS", many));
  // Which of the observations each part takes matters here, and there are too many ways.
  const auto answer = matches(pattern_of("([file:name LIKE '_'] REPEATS 600 TIMES AND [file:name LIKE 'b'] REPEATS 700 TIMES) WITHIN 12900 SECONDS"), many);
  CHECK((!answer && answer.error().kind == ErrorKind::TooLarge));
}

TEST_CASE("X1: an expression that would run for ages is ended") {
  using namespace sluice::threat::pattern;
  const auto regex = Regex::compile("^(a+)+$", Over::Text);
  REQUIRE(regex);
  CHECK(*regex->found_in(std::string(40, 'a')));
  const auto answer = regex->found_in(std::string(40, 'a') + "!");
  CHECK((!answer && answer.error().kind == ErrorKind::TooLarge));
  const auto wild = is_like(std::string(200'000, 'a'), "%" + std::string(60'000, 'a') + "b");
  CHECK((!wild && wild.error().kind == ErrorKind::TooLarge));
  CHECK(Regex::compile("(unclosed", Over::Text).error().kind == ErrorKind::Invalid);
  CHECK(Regex::compile(std::string(100, '(') + std::string(100, ')'), Over::Text).error().kind == ErrorKind::TooLarge);
  std::string ranges = "(?i)";
  for (int i = 0; i < 800; ++i) ranges += "[\u00e9-\ufb00]";
  CHECK(Regex::compile(ranges, Over::Text).error().kind == ErrorKind::TooLarge);   // seconds, to read it
  CHECK(*Regex::compile("(?i)[\u00e9-\u00ff]", Over::Text)->found_in("\u00c9"));
  CHECK_FALSE(Regex::compile("\\C", Over::Text));  // a byte of a character
  CHECK(*Regex::compile("a.b", Over::Text)->found_in("a\nb"));
}

TEST_CASE("a pattern with a broken MATCHES makes no matcher") {
  CHECK(Matcher::of(pattern_of("[a:b MATCHES '(']")).error().kind == ErrorKind::Invalid);
}

TEST_CASE("networks are read as they are written in the wild") {
  using sluice::threat::pattern::network_of;
  for (const auto* text : {"198.51.100.7", "0.0.0.0/0", "198.51.100.7/32", "::", "::1", "1::", "2001:db8::/32", "1:2:3:4:5:6:7:8", "1:2:3:4:5:6:7::", "::ffff:192.0.2.1", "64:ff9b::192.0.2.1/96"}) CHECK_MESSAGE(network_of(text), text);
  for (const auto* text : {"", "1.2.3", "1.2.3.4.5", "256.1.1.1", "01.2.3.4", "1.2.3.4/33", "1.2.3.4/", "1.2.3.4/-1", "1.2.3.4/+1", ":", ":::", "1::2::3", "1:2:3:4:5:6:7", "1:2:3:4:5:6:7:8:9", "::12345", "::1/129", "fe80::1%eth0", "1:", ":1", "1.2.3.4::", "x"})
    CHECK_FALSE_MESSAGE(network_of(text), text);
  CHECK(network_of("2001:db8::ffff/32") == network_of("2001:DB8:0::/32"));
  CHECK(network_of("198.51.100.7") == network_of("198.51.100.7/32"));
}
