#include <doctest/doctest.h>

#include "base/bind.h"
#include "base/bytes.h"
#include "base/countries.h"
#include "base/id.h"
#include "base/json.h"
#include "base/json_reader.h"
#include "base/time.h"
#include "base/utf8.h"

using namespace sluice;

TEST_CASE("an id reads back as itself and refuses every other spelling") {
  const auto id = CaseId::random();
  CHECK(id.text().size() == 28);
  CHECK(CaseId::parse(id.text()) == id);
  CHECK_FALSE(ReportId::parse(id.text()));            // another kind
  CHECK_FALSE(CaseId::parse(id.text() + "0"));
  CHECK_FALSE(CaseId::parse("c_80000000000000000000000000"));  // more than 128 bits
  CHECK_FALSE(CaseId::parse("c_0000000000000000000000000I"));
  CHECK(CaseId::parse("c_7zzzzzzzzzzzzzzzzzzzzzzzzz")->text() == "c_7zzzzzzzzzzzzzzzzzzzzzzzzz");
}

TEST_CASE("ids are in the order of their bytes, which is the order of their texts") {
  for (std::size_t at = 0; at < 16; ++at)
    for (const std::uint8_t a : {0, 1, 0x7f, 0x80, 0xff})
      for (const std::uint8_t b : {0, 1, 0x7f, 0x80, 0xff}) {
        CaseId one, other;
        one.bytes[at] = a, other.bytes[at] = b;
        if (at + 1 < 16) one.bytes[at + 1] = 0x80, other.bytes[15] ^= 0x01;   // what comes behind decides among equals alone
        CAPTURE(one.text());
        CAPTURE(other.text());
        CHECK((one <=> other) == (one.bytes <=> other.bytes));
        CHECK((one <=> other) == (one.text() <=> other.text()));
        CHECK((one == other) == (one.bytes == other.bytes));
      }
}

TEST_CASE("instants are read with their zone and written in UTC") {
  const struct { const char* in; const char* out; } rows[] = {
      {"2021-11-24T07:51:00Z", "2021-11-24T07:51:00Z"},
      {"2021-12-23T17:00:00-05:00", "2021-12-23T22:00:00Z"},
      {"2024-02-29T23:59:59.120000Z", "2024-02-29T23:59:59.12Z"},
      {"1969-12-31T23:59:59Z", "1969-12-31T23:59:59Z"},
      {"2021-11-24T07:51:00", nullptr},   // no zone: not an instant
      {"2021-02-30T00:00:00Z", nullptr},
      {"2021-11-24 07:51:00Z", nullptr},
      {"2021-11-24T07:51:00.Z", nullptr},
      {"0000-01-01T00:00:00Z", "0000-01-01T00:00:00Z"},
      {"9999-12-31T23:59:59.999999Z", "9999-12-31T23:59:59.999999Z"},
      {"0000-01-01T00:00:00+00:01", nullptr},     // before the year 0 and after 9999 it could not be written so that it reads again
      {"9999-12-31T23:59:59-00:01", nullptr},
      {"9999-12-31T23:59:60Z", nullptr},
      {"", nullptr},
  };
  for (const auto& row : rows) {
    CAPTURE(row.in);
    const auto read = parse_instant(row.in);
    REQUIRE(read.has_value() == (row.out != nullptr));
    if (row.out) CHECK(to_text(*read) == row.out);
  }
}

TEST_CASE("durations are read in ISO 8601 and in the short form") {
  CHECK(to_text(*parse_duration("P45D")) == "P45D");
  CHECK(to_text(*parse_duration("PT72H")) == "P3D");
  CHECK(to_text(*parse_duration("200ms")) == "PT0.2S");
  CHECK(to_text(*parse_duration("P1DT1H1M1S")) == "P1DT1H1M1S");
  CHECK(to_text(Duration{0}) == "PT0S");
  for (const auto micros : {1LL, 1'000LL, 200'000LL, 61'500'000LL, 86'400'000'001LL}) CHECK(parse_duration(to_text(Duration{micros})).value_or(Duration{-1}) == Duration{micros});  // what is stored can be read again
  for (const auto* bad : {"PT1.S", "PT1.5M", "P1.5D", "PT.5S", "PT1.0000001S"}) CHECK_FALSE(parse_duration(bad));
  for (const auto* bad : {"", "P", "PT", "P1Y", "P1M", "45", "PD", "PT1D", "P-1D", "P1S"}) {
    CAPTURE(bad);
    CHECK_FALSE(parse_duration(bad));
  }
}

TEST_CASE("J1: JSON with duplicate keys, bad UTF-8, lone surrogates or too much of anything is refused with its place") {
  CHECK(parse_json(R"({"a":1,"b":[true,null,"x"]})"));
  CHECK(parse_json(R"({"a":1,"a":2})").error().kind == ErrorKind::Invalid);
  CHECK(parse_json(R"({"a":{"b":1,"b":2}})").error().kind == ErrorKind::Invalid);
  CHECK(parse_json(R"({"a":{"b":1},"c":{"b":1}})"));
  CHECK(parse_json(R"({"a":{"b":1},"b":1,"ab":{"a":[{"a":1},{"a":2}]}})"));
  CHECK(parse_json(R"({"a":{"b":1,"c":2},"b":1,"a":3})").error().kind == ErrorKind::Invalid);
  std::string many = "{";                          // each key found again, wherever it stands among many
  for (int i = 0; i < 60; ++i) many += "\"k" + std::to_string(i) + "\":{\"k1\":1},";
  CHECK(parse_json(many + "\"k60\":1}"));
  for (int i = 0; i < 60; ++i) CHECK(parse_json(many + "\"k" + std::to_string(i) + "\":1}").error().kind == ErrorKind::Invalid);
  CHECK(parse_json("\"\xff\"").error().kind == ErrorKind::Malformed);
  for (const auto* half : {R"("\ud800")", R"("\ud800x")", R"("\ud800\n")", R"("\ud800\u0041")", R"("\udc00")"}) CHECK_MESSAGE(parse_json(half).error().kind == ErrorKind::Invalid, half);
  CHECK(parse_json("{\"" + std::string(70'000, 'k') + "\":1}").error().kind == ErrorKind::TooLarge);
  CHECK(parse_json("{} x").error().kind == ErrorKind::Malformed);
  CHECK(parse_json("").error().kind == ErrorKind::Malformed);
  CHECK(parse_json("1e400").error().kind == ErrorKind::Invalid);  // not infinity
  CHECK(parse_json("-1e400").error().kind == ErrorKind::Invalid);
  CHECK(from_hex("")->empty());
  CHECK(parse_json(std::string(33, '[') + std::string(33, ']')).error().kind == ErrorKind::TooLarge);
  CHECK(parse_json(std::string(32, '[') + std::string(32, ']')));
  CHECK(parse_json("\"" + std::string(300 << 10, 'x') + "\"").error().kind == ErrorKind::TooLarge);
}

TEST_CASE("a reader of many texts reads each as it is read alone, whatever the one before was or left half read") {
  // beyond the first memory of a reader, with more keys than are compared one by one, and broken at many a place
  std::string long_list = "[", many = "{";
  for (int i = 0; i < 5000; ++i) long_list += (i == 0 ? "\"" : ",\"") + std::to_string(i) + " is no short text, so that it has memory of its own\"";
  for (int i = 0; i < 60; ++i) many += "\"k" + std::to_string(i) + "\":{\"a\":[" + std::to_string(i) + ",{\"k1\":\"a text that is longer than what fits beside its length\"}]},";
  const std::string texts[] = {R"({"a":{"b":1,"c":[true,null,"x"]},"d":1.5})", long_list + "]", many + "\"k60\":1}", many + "\"k7\":1}", long_list, R"({"a":{"b":1,"a":2},"b":{"a":1,"a":2}})", R"({"a":{"b":[1,)", "1e400", "\"\xff\"",
                               R"({"a":"\ud800"})", std::string(33, '[') + std::string(33, ']'), "{} x", "", "7", R"({"b":1,"a":1})"};
  JsonReader reader;
  for (const auto& before : texts)
    for (const auto& text : texts) {
      (void)reader.read(before);
      const auto read = reader.read(text);
      const auto alone = parse_json(text);
      CAPTURE(before.substr(0, 60));
      CAPTURE(text.substr(0, 60));
      REQUIRE(read.has_value() == alone.has_value());
      if (read) CHECK(canonical(**read) == canonical(*alone));
      else CHECK((read.error().kind == alone.error().kind && read.error().message == alone.error().message && read.error().where == alone.error().where));
    }
}

TEST_CASE("a copy of what a reader read outlives it") {   // J3
  json::value kept;
  {
    JsonReader reader;
    kept = *reader.read(R"({"a":["a text that is longer than what fits beside its length"]})").value();
    REQUIRE(reader.read(R"({"b":["another text that is longer than what fits beside its length"]})"));
  }
  CHECK(canonical(kept) == R"({"a":["a text that is longer than what fits beside its length"]})");
}

TEST_CASE("J2: canonical JSON is RFC 8785") {
  // The example of RFC 8785 §3.2.4, and the number forms of its appendix B.
  CHECK(canonical(*parse_json(R"({"numbers":[333333333.33333329,1E30,4.50,2e-3,0.000000000000000000000000001],"string":"\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/","literals":[null,true,false]})")) ==
        "{\"literals\":[null,true,false],\"numbers\":[333333333.3333333,1e+30,4.5,0.002,1e-27],\"string\":\"€$\\u000f\\nA'B\\\"\\\\\\\\\\\"/\"}");
  CHECK(canonical(json::value(-0.0)) == "0");
  CHECK(canonical(json::value(1e21)) == "1e+21");
  CHECK(canonical(json::value(123456789012345680000.0)) == "123456789012345680000");
  CHECK(canonical(json::value(1e-7)) == "1e-7");
  CHECK(canonical(json::value(0.000001)) == "0.000001");
  // RFC 8785 §3.2.3: keys by UTF-16 code units, so U+1F600 (D83D…) comes before U+FB33.
  CHECK(canonical(*parse_json("{\"\xef\xac\xb3\":1,\"\xf0\x9f\x98\x80\":2,\"1\":3}")) == "{\"1\":3,\"\xf0\x9f\x98\x80\":2,\"\xef\xac\xb3\":1}");
}

namespace {
enum class Colour { Red, DarkBlue };
BOOST_DESCRIBE_ENUM(Colour, Red, DarkBlue)
struct Inner {
  std::string name;
  Colour colour = Colour::Red;
};
BOOST_DESCRIBE_STRUCT(Inner, (), (name, colour))
struct Outer {
  CaseId id;
  Instant at;
  std::optional<int> count;
  std::vector<Inner> items;
};
BOOST_DESCRIBE_STRUCT(Outer, (), (id, at, count, items))
}  // namespace

TEST_CASE("a described struct goes to JSON and back, and every mistake is named by its JSON Pointer") {
  Outer value{.id = CaseId::random(), .at = {0}, .count = {}, .items = {{.name = "n", .colour = Colour::DarkBlue}}};
  const auto as_json = to_json(value);
  CHECK(string_at(as_json.at("items").at(0), "colour") == "dark_blue");
  CHECK_FALSE(as_json.as_object().contains("count"));
  const auto back = from_json<Outer>(as_json);
  REQUIRE(back);
  CHECK(back->id == value.id);

  auto broken = as_json;
  broken.at("items").at(0).as_object()["colour"] = "green";
  CHECK(from_json<Outer>(broken).error().where == "/items/0/colour");
  broken = as_json;
  broken.as_object()["owner/x"] = 1;
  CHECK(from_json<Outer>(broken).error().where == "/owner~1x");
  broken = as_json;
  broken.as_object().erase("at");
  CHECK(from_json<Outer>(broken).error().where == "/at");
}

TEST_CASE("hashes and encodings agree with known values") {
  CHECK(hex(sha256(bytes_of("abc"))) == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  CHECK(hex(sha512(bytes_of("abc"))) == "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f");
  CHECK(sha256({bytes_of("a"), bytes_of("bc")}) == sha256(bytes_of("abc")));
  // RFC 4231 test case 2
  CHECK(hex(hmac_sha256(bytes_of("Jefe"), {bytes_of("what do ya want "), bytes_of("for nothing?")})) == "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
  // RFC 4231 §4.7: a key longer than a block.
  CHECK(hex(hmac_sha256(Bytes(131, 0xaa), {bytes_of("Test Using Larger Than Block-Size Key - Hash Key First")})) == "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54");
  CHECK(base64(bytes_of("ab")) == "YWI=");
  CHECK(text_of(*from_base64("YWI=")) == "ab");
  CHECK_FALSE(from_base64("YWI"));
  CHECK_FALSE(from_base64("YW J"));
  CHECK_FALSE(from_base64("A\xe3" "EC"));  // libsodium alone reads this
  CHECK_FALSE(from_hex("abc"));
  CHECK_FALSE(from_hex("zz"));
}

TEST_CASE("what nobody sees is no text, and signs alone are no words") {
  const struct { const char* text; bool seen, words; } rows[] = {
      {"", false, false},         {" \t\n", false, false},           {"\u00a0\u200b", false, false}, {"\u2060\ufeff\u3000", false, false}, {"\u202e\u2066", false, false}, {"\u3164\u2800", false, false},
      {".", true, false},         {"\u2014 \u2026 !", true, false},  {"\U0001f44d", true, false},     {"a", true, true},                      {"7", true, true},               {"\u200bno\u200b", true, true},
      {"\u65e0", true, true},     {"\u0646\u0639\u0645", true, true}, {"\u0663", true, true},         {"\u00e9", true, true},                 {"\u043d", true, true},
  };
  for (const auto& row : rows) {
    CAPTURE(row.text);
    CHECK(has_visible(row.text) == row.seen);
    CHECK(has_letter_or_digit(row.text) == row.words);
  }
}

TEST_CASE("two capital letters alone make no country") {
  for (const auto* code : {"AD", "CN", "DE", "US", "ZW", "XK"}) CHECK(is_country(code));
  for (const auto* code : {"ZZ", "EU", "UK", "cn", "C", "CHN", " A", "D "}) CHECK_FALSE(is_country(code));
}

TEST_CASE("characters are read one by one; a byte that begins none counts as Latin-1") {
  const auto all = [](std::string_view text) {
    std::vector<char32_t> out;
    for (std::size_t at = 0; at < text.size();) out.push_back(next_character(text, at));
    return out;
  };
  CHECK(all("a\xC3\xA4\xE4\xBD\xA0\xF0\x9F\x94\x92") == std::vector<char32_t>{U'a', 0xe4, 0x4f60, 0x1f512});
  CHECK(all("f\xFCr") == std::vector<char32_t>{U'f', 0xfc, U'r'});
  CHECK(all("\xE4\xBD") == std::vector<char32_t>{0xe4, 0xbd});             // cut short
  CHECK(all("\xC0\x80\xED\xA0\x80").size() == 5);                        // overlong, half of a pair
  CHECK(is_letter_or_digit(0x4f60));
  CHECK(is_letter_or_digit(U'7'));
  for (const char32_t none : {U' ', U'-', char32_t(0x200b), char32_t(0x3002), char32_t(0x2019)}) CHECK_FALSE(is_letter_or_digit(none));
}
