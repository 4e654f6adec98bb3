#include <doctest/doctest.h>
#include <rapidcheck.h>

#include <array>
#include <boost/json/stream_parser.hpp>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <memory>

#include "base/json.h"
#include "threat/pattern/pattern.h"
#include "threat/pattern/random_pattern.h"

using namespace sluice;
using namespace sluice::threat;

namespace {

std::string canonical_of(std::string_view text, PatternVersion version = PatternVersion::V21) {
  const auto pattern = parse_pattern(text, version);
  return pattern ? to_text(*pattern) : "refused, " + pattern.error().where + ": " + pattern.error().message;
}

struct Spelling { const char* text; const char* canonical; };  // "": the text itself

}  // namespace

TEST_CASE("P1: a pattern has one canonical text, and reads again from it") {
  const Spelling rows[] = {
      {"[file:size = 4096]", ""},
      {"[ file : size\t==\r\n4096 ]", "[file:size = 4096]"},
      {"[a:b<>1]", "[a:b != 1]"},
      {"[a:b!=1]", "[a:b != 1]"},
      {"[a:b<1 AND a:b<=1 AND a:b>1 AND a:b>=1]", "[a:b < 1 AND a:b <= 1 AND a:b > 1 AND a:b >= 1]"},
      {"[a:b=5AND a:c=6]", "[a:b = 5 AND a:c = 6]"},  // the longest word ends where the next begins
      {"[a:b=+5]", "[a:b = 5]"},
      {"[a:b=-0]", "[a:b = -0]"},
      {"[a:b=-.5]", "[a:b = -0.5]"},
      {"[a:b=+.5 OR a:b=007.50]", "[a:b = 0.5 OR a:b = 7.50]"},
      {"[a:b=true OR a:b!=false]", "[a:b = true OR a:b != false]"},
      {"[a:b = 'it\\'s \\\\ here']", ""},
      {"[a:b = '']", ""},
      {"[a:b = 'two\nlines']", ""},
      {"[a:b = t'2016-06-01T01:30:00.123Z']", ""},
      {"[a:b = t'2016-12-31T23:59:60Z']", ""},
      {"[a:b = t'2016-02-31T00:00:00Z']", ""},  // the grammar asks no calendar; check.h does
      {"[a:b = h'FFc3']", "[a:b = h'ffc3']"},
      {"[a:b = h'']", ""},
      {"[a:b = b'YWI=' OR a:b = b'YQ==' OR a:b = b'YWJj']", ""},
      {"[a:b IN ('x','y',  3, 4.5, true)]", "[a:b IN ('x', 'y', 3, 4.5, true)]"},
      {"[a:b IN()]", "[a:b IN ()]"},
      {"[a:b NOT IN (1)]", ""},
      {"[a:b NOT = 1 AND a:b NOT LIKE '%x_' AND a:b NOT MATCHES '^a$' AND a:b ISSUBSET '198.51.100.0/24' AND a:b NOT ISSUPERSET '2001:db8::/32']", ""},
      {"[EXISTS a:b OR NOT EXISTS a:c[0].d]", ""},
      {"[file:hashes.'SHA-256' = 'x' AND file:'name' = 'y' AND file:'a.b'.'IN' = 'z']", "[file:hashes.'SHA-256' = 'x' AND file:name = 'y' AND file:'a.b'.'IN' = 'z']"},
      {"[a:b[*].c[0][+7].d[-1] = 1]", "[a:b[*].c[0][7].d[-1] = 1]"},
      {"[a:b [ * ] . c = 1]", "[a:b[*].c = 1]"},
      {"[a:b[99999999999999999999] = 1]", "[a:b[9223372036854775807] = 1]"},
      {"[x-acme--thing-:b = 1 OR AND-x:b = 1 OR _:b = 1]", ""},
      {"[h:b = 1 OR b:t = 1 OR t:h = 1]", ""},
      {"[a:b = 1 OR a:c = 2 AND a:d = 3]", ""},
      {"[(a:b = 1 OR a:c = 2) AND a:d = 3]", ""},
      {"[((a:b = 1)) AND (a:c = 2 AND (a:d = 3))]", "[a:b = 1 AND a:c = 2 AND a:d = 3]"},
      {"[a:b = 1] AND [a:b = 2] OR [a:b = 3] FOLLOWEDBY [a:b = 4]", ""},
      {"([a:b = 1] FOLLOWEDBY [a:b = 2]) OR [a:b = 3]", ""},
      {"([a:b = 1] OR [a:b = 2]) AND [a:b = 3]", ""},
      {"(([a:b = 1] AND ([a:b = 2] AND [a:b = 3])))", "[a:b = 1] AND [a:b = 2] AND [a:b = 3]"},
      {"([a:b = 1] AND [a:b = 2]) WITHIN 5 SECONDS AND [a:b = 3]", ""},  // not taken in: its qualifier is on two of three
      {"[a:b = 1] WITHIN .5 SECONDS", "[a:b = 1] WITHIN 0.5 SECONDS"},
      {"[a:b = 1] REPEATS +3 TIMES WITHIN 60 SECONDS", "[a:b = 1] REPEATS 3 TIMES WITHIN 60 SECONDS"},
      {"([a:b = 1]) WITHIN 5 SECONDS", "[a:b = 1] WITHIN 5 SECONDS"},
      {"([a:b = 1] REPEATS 2 TIMES) REPEATS 2 TIMES", ""},
      {"(([a:b = 1] AND [a:c = 2]) WITHIN 5 SECONDS) REPEATS 2 TIMES", ""},
      {"[a:b = 1] START t'2016-06-01T00:00:00Z' STOP t'2016-07-01T00:00:00Z'", ""},
      {"/* one */ [a:b /* two * / */ = 1] // three", "[a:b = 1]"},
      {"[a:b = 1] // to the end of the line\nAND [a:c = 2]", "[a:b = 1] AND [a:c = 2]"},
      {"\u00a0[\u3000a:b\u2028=\u16801\u0085]\u202f", "[a:b = 1]"},
  };
  for (const auto& row : rows) {
    CAPTURE(row.text);
    const std::string wanted = *row.canonical ? row.canonical : row.text;
    CHECK(canonical_of(row.text) == wanted);
    CHECK(canonical_of(wanted) == wanted);
  }
}

TEST_CASE("what is no pattern is refused, with its place and what was expected there") {
  struct { const char* text; const char* where; const char* message; } const rows[] = {
      {"", "line 1, column 1", "Expected '[' or '('; every comparison stands in square brackets, found the end."},
      {"file:size = 4096", "line 1, column 1", "Expected '[' or '('"},
      {"[]", "line 1, column 2", "Expected an object's type, found ']'."},
      {"[file:size = ]", "line 1, column 14", "Expected a value"},
      {"[file.size = 1]", "line 1, column 6", "Expected ':' behind the object's type, found '.'."},
      {"[file:size 1]", "line 1, column 12", "a step of the path, NOT or an operator"},
      {"[file:size = 1", "line 1, column 15", "Expected AND, OR or ']', found the end."},
      {"[file:size = 1]]", "line 1, column 16", "Expected AND, OR, FOLLOWEDBY, a qualifier or the end, found ']'."},
      {"([file:size = 1]", "line 1, column 17", "or ')'"},
      {"[a:b = 1] AND", "line 1, column 14", "Expected '[' or '('"},
      {"[a:b = 1] and [a:b = 2]", "line 1, column 11", "found 'and' (keywords are written in capitals)."},
      {"[a:b = 1]\n within 2 SECONDS", "line 2, column 2", "keywords are written in capitals"},
      {"[a:b = True]", "line 1, column 8", "found 'True'"},
      {"[a:b = \"x\"]", "line 1, column 8", "strings and names stand between single quotes"},
      {"[a:b = 'x]", "line 1, column 8", "this string doesn't end"},
      {"[a:b = 'x\\n']", "line 1, column 8", "backslash"},
      {"[a:b = 'é' c]", "line 1, column 12", "found 'c'"},  // characters are counted, not bytes
      {"[a:b =? 'x']", "line 1, column 7", "found '?'"},
      {"[a:b ! 1]", "line 1, column 6", "found '!'"},
      {"[a:b = h'abc']", "line 1, column 8", "pairs of hex digits"},
      {"[a:b = b'=YQ=']", "line 1, column 8", "base64"},
      {"[a:b = b'']", "line 1, column 8", "isn't empty"},
      {"[a:b = b'YQ=']", "line 1, column 8", "base64"},
      {"[a:b = t'2031-14-35T25:61:61.7Z']", "line 1, column 8", "timestamp"},
      {"[a:b = t'2016-06-01T01:30:00+01:00']", "line 1, column 8", "timestamp"},
      {"[a:b = t'2016-06-01t01:30:00Z']", "line 1, column 8", "timestamp"},
      {"[a:b = t'2016-06-01T01:30:00.Z']", "line 1, column 8", "timestamp"},
      {"[a:b = 007]", "line 1, column 9", "found '0'"},
      {"[a:b = 1.]", "line 1, column 9", "found '.'"},
      {"[a:b = 1e3]", "line 1, column 9", "found 'e3'"},
      {"[a:b = -]", "line 1, column 8", "found '-'"},
      {"[a:b > true]", "line 1, column 8", "a value that has an order"},
      {"[a:b LIKE 1]", "line 1, column 11", "Expected a string between single quotes"},
      {"[a:b MATCHES /x/]", "line 1, column 14", "Expected a string between single quotes"},
      {"[a:b ISSUBSET ]", "line 1, column 15", "Expected a string"},
      {"[a:b IN 'x']", "line 1, column 9", "the members of the set"},
      {"[a:b IN ('x',)]", "line 1, column 14", "Expected a value"},
      {"[a:b IN ('x' 'y')]", "line 1, column 14", "Expected ',' or ')'"},
      {"[a:b-c = 1]", "line 1, column 4", "'-' in its name stands between single quotes"},
      {"[a:b.IN = 1]", "line 1, column 6", "whose name is a keyword"},
      {"[a:LAST = 1]", "line 1, column 4", "whose name is a keyword"},
      {"[NOT a:b = 1]", "line 1, column 6", "NOT stands behind the path"},
      {"[a:b NOT EXISTS]", "line 1, column 10", "Expected an operator"},
      {"[a:b EXISTS]", "line 1, column 6", "an operator"},
      {"['a':b = 1]", "line 1, column 2", "an object's type"},
      {"[a:b[] = 1]", "line 1, column 6", "Expected an index or '*'"},
      {"[a:b[1.5] = 1]", "line 1, column 6", "Expected an index or '*'"},
      {"[a:b[0 = 1]", "line 1, column 8", "Expected ']' behind the index"},
      {"[a:[0] = 1]", "line 1, column 4", "Expected a property"},
      {"[a:b = 1] WITHIN ]", "line 1, column 18", "Expected a number of seconds"},
      {"[a:b = 1] WITHIN -5 SECONDS", "line 1, column 18", "Expected a number of seconds"},
      {"[a:b = 1] WITHIN 5 HOURS", "line 1, column 20", "Expected SECONDS, found 'HOURS'."},
      {"[a:b = 1] REPEATS 1.5 TIMES", "line 1, column 19", "a whole number"},
      {"[a:b = 1] START '2016-06-01T00:00:00Z' STOP '2016-07-01T00:00:00Z'", "line 1, column 17", "a timestamp such as"},
      {"[a:b = 1] START t'2016-06-01T00:00:00Z'", "line 1, column 40", "Expected STOP"},
      {"[a:b = 1] /* never", "line 1, column 11", "this comment doesn't end"},
      {"[a:b = 1] AND\n// gone: [a:c = 2]", "line 2, column 19", "found the end"},
      {"\ufeff[a:b = 1]", "line 1, column 1", "Expected '['"},  // a byte order mark is no white space
      {"[a:b = \xff]", "", "UTF-8"},
  };
  for (const auto& row : rows) {
    CAPTURE(row.text);
    const auto pattern = parse_pattern(row.text);
    REQUIRE_FALSE(pattern);
    CHECK(pattern.error().kind == ErrorKind::Malformed);
    CHECK(pattern.error().where == row.where);
    CHECK_MESSAGE(pattern.error().message.find(row.message) != std::string::npos, pattern.error().message);
  }
}

TEST_CASE("a pattern of version 2.0 writes START and STOP with plain strings too, and has no EXISTS") {
  const auto* text = "[a:b = 1] START '2016-06-01T00:00:00Z' STOP '2016-07-01T00:00:00Z'";
  CHECK(canonical_of(text, PatternVersion::V20) == text);
  CHECK(canonical_of("[a:b = 1] START t'2016-06-01T00:00:00Z' STOP t'2016-07-01T00:00:00Z'", PatternVersion::V20) == text);
  CHECK_FALSE(parse_pattern("[a:b = 1] START 'soon' STOP '2016-07-01T00:00:00Z'", PatternVersion::V20));
  CHECK_FALSE(parse_pattern("[EXISTS a:b]", PatternVersion::V20));
}

TEST_CASE("P2: what is too long, too deep or too much is refused before it is read") {
  const auto nested = [](std::size_t deep, const std::string& open, const std::string& inside, const std::string& close) {
    std::string out;
    for (std::size_t i = 0; i < deep; ++i) out += open;
    out += inside;
    for (std::size_t i = 0; i < deep; ++i) out += close;
    return out;
  };
  CHECK(parse_pattern(nested(64, "(", "[a:b = 1]", ")")));
  CHECK(parse_pattern("[" + nested(64, "(", "a:b = 1", ")") + "]"));
  CHECK(parse_pattern(nested(65, "(", "[a:b = 1]", ")")).error().kind == ErrorKind::TooLarge);
  CHECK(parse_pattern("[" + nested(65, "(", "a:b = 1", ")") + "]").error().kind == ErrorKind::TooLarge);
  CHECK(parse_pattern(nested(60, "(", "[" + nested(10, "(", "a:b = 1", ")") + "]", ")")).error().kind == ErrorKind::TooLarge);
  CHECK(parse_pattern(nested(60'000, "(", "", "")).error().kind == ErrorKind::TooLarge);
  CHECK(parse_pattern("[a:b = '" + std::string(70'000, 'x') + "']").error().kind == ErrorKind::TooLarge);
  CHECK(parse_pattern("[a:b = '" + std::string(70'000, 'x') + "']", PatternVersion::V21, {.bytes = 80'000}));
  CHECK(parse_pattern("[a:b IN (1, 2, 3)]", PatternVersion::V21, {.comparisons = 3}));
  CHECK(parse_pattern("[a:b IN (1, 2, 3, 4)]", PatternVersion::V21, {.comparisons = 3}).error().kind == ErrorKind::TooLarge);
  CHECK(parse_pattern("[a:b = 1 OR a:b = 2 OR EXISTS a:b OR a:b IN ()]", PatternVersion::V21, {.comparisons = 3}).error().kind == ErrorKind::TooLarge);
}

TEST_CASE("P3: parts of the same kind are one level, unless a qualifier is on them") {
  const auto all = parse_pattern("[a:b = 1] AND ([a:b = 2] AND [a:b = 3])");
  CHECK(all->root.parts.size() == 3);
  const auto some = parse_pattern("[a:b = 1] AND ([a:b = 2] AND [a:b = 3]) WITHIN 5 SECONDS");
  CHECK(some->root.parts.size() == 2);
}

TEST_CASE("every comparison of a pattern can be looked up, members of a set one by one") {
  const auto pattern = parse_pattern("[file:hashes.'SHA-256' = 'aa' AND NOT EXISTS file:name] FOLLOWEDBY [ipv4-addr:value NOT IN ('198.51.100.1', '198.51.100.2') OR x:y IN ()]");
  REQUIRE(pattern);
  const auto comparisons = comparisons_of(*pattern);
  std::vector<std::string> got;
  for (const auto& one : comparisons) got.push_back(one.object_type + " " + one.path + " " + (one.negated ? "NOT " : "") + std::string(to_text(one.op)) + " " + (one.literal ? one.literal->text : "-"));
  CHECK(got == std::vector<std::string>{"file hashes.'SHA-256' = aa", "file name NOT EXISTS -", "ipv4-addr value NOT IN 198.51.100.1", "ipv4-addr value NOT IN 198.51.100.2", "x y IN -"});
  CHECK(comparisons[0].steps[1].name == "SHA-256");
}

TEST_CASE("the conformance level says what a tool must know") {
  const auto level = [](std::string_view text) { return conformance_level(*parse_pattern(text)); };
  CHECK(level("[a:b MATCHES 'x' AND (a:c = 1 OR NOT EXISTS a:d)]") == 1);
  CHECK(level("[a:b = 1] OR [a:b = 2] AND [a:b = 3]") == 2);
  CHECK(level("[a:b = 1] FOLLOWEDBY [a:b = 2]") == 3);
  CHECK(level("[a:b = 1] WITHIN 5 SECONDS") == 3);
  CHECK(level("[a:b = 1] OR ([a:b = 2] AND [a:b = 3] REPEATS 2 TIMES)") == 3);
}

TEST_CASE("P1: any tree is written to what reads to the same tree") {
  CHECK(rc::check([] {
    const auto version = *rc::gen::element(PatternVersion::V20, PatternVersion::V21);
    pattern::RandomPattern random([](std::size_t below) { return *rc::gen::inRange<std::size_t>(0, below); });
    const auto drawn = random.pattern(version);
    const auto text = to_text(drawn);
    const auto again = parse_pattern(text, version);
    RC_ASSERT(again.has_value());
    RC_ASSERT(*again == drawn);
    RC_ASSERT(to_text(*again) == text);
  }));
}

namespace {

// Every `pattern` of an indicator in the language of STIX.
void patterns_in(const json::value& value, std::vector<std::string>& out) {
  if (const auto* list = value.if_array())
    for (const auto& one : *list) patterns_in(one, out);
  const auto* object = value.if_object();
  if (object == nullptr) return;
  if (string_at(*object, "type") == "indicator" && (!object->contains("pattern_type") || string_at(*object, "pattern_type") == "stix"))
    if (const auto pattern = string_at(*object, "pattern"); !pattern.empty()) out.emplace_back(pattern);
  for (const auto& [key, one] : *object) patterns_in(one, out);
}

}  // namespace

TEST_CASE("every pattern of published reports reads, in both versions") {
  const auto* folder = std::getenv("SLUICE_REFERENCE_DATA");
  const auto* unpack = "tar --zstd -xOf \"$SLUICE_REFERENCE_DATA/stix/unit42-playbooks/playbooks-stix20.tar.zst\" 2>/dev/null";
  const std::unique_ptr<FILE, int (*)(FILE*)> pipe(folder == nullptr ? nullptr : popen(unpack, "r"), &pclose);
  std::string documents;
  for (std::array<char, 1 << 16> part; pipe;) {
    const auto length = std::fread(part.data(), 1, part.size(), pipe.get());
    if (length == 0) break;
    documents.append(part.data(), length);
  }
  if (documents.empty()) {
    std::cout << "skipped: SLUICE_REFERENCE_DATA is not set, or tar can't unpack .zst here, so no patterns of published reports were read\n";
    return;
  }
  std::vector<std::string> patterns;
  for (std::size_t at = 0; documents.find_first_not_of(" \r\n\t", at) != std::string::npos;) {  // one document behind the other
    boost::json::stream_parser parser;
    at += parser.write_some(documents.data() + at, documents.size() - at);
    REQUIRE(parser.done());
    patterns_in(parser.release(), patterns);
  }
  CHECK(patterns.size() == 7'274);
  for (const auto& text : patterns)
    for (const auto version : {PatternVersion::V20, PatternVersion::V21}) {
      CAPTURE(text);
      const auto pattern = parse_pattern(text, version);
      REQUIRE(pattern);
      const auto again = parse_pattern(to_text(*pattern), version);
      REQUIRE(again);
      CHECK((*again == *pattern));
    }
}

TEST_CASE("every pattern of published documents reads, and is the same from its canonical text") {
  const auto* folder = std::getenv("SLUICE_REFERENCE_DATA");
  if (folder == nullptr) {
    std::cout << "skipped: SLUICE_REFERENCE_DATA is not set, so no published pattern was read\n";
    return;
  }
  std::vector<std::string> patterns;
  for (const auto& file : std::filesystem::directory_iterator(std::filesystem::path(folder) / "stix/oasis-examples")) {
    if (file.path().extension() != ".json") continue;
    std::ifstream in(file.path());
    const auto document = parse_json(std::string(std::istreambuf_iterator<char>(in), {}), {.bytes = 64 << 20, .depth = 64, .keys = 10'000'000});
    REQUIRE(document);
    patterns_in(*document, patterns);
  }
  CHECK(patterns.size() == 42);
  for (const auto& text : patterns) {
    CAPTURE(text);
    const auto pattern = parse_pattern(text);
    REQUIRE(pattern);
    const auto again = parse_pattern(to_text(*pattern));
    REQUIRE(again);
    CHECK((*again == *pattern));
  }
}
