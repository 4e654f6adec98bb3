#include "formats/taxii/envelope.h"

#include <doctest/doctest.h>
#include <rapidcheck.h>

#include "base/json.h"

namespace sluice::formats::taxii {

TEST_CASE("X1_objects_are_the_bytes_that_were_sent") {
  const std::string body = " {\n \"more\": false, \"objects\" : [ {\"a\": \"]}\\\"\", \"b\":[1, {}]}\t,{ } , {\"c\":1.0e0}\n] , \"x_y\": {\"objects\": [7]} } \n";
  const auto read = read_envelope(body);
  REQUIRE(read);
  REQUIRE(read->objects.size() == 3);
  CHECK(read->objects[0] == R"({"a": "]}\"", "b":[1, {}]})");
  CHECK(read->objects[1] == "{ }");
  CHECK(read->objects[2] == R"({"c":1.0e0})");
}

TEST_CASE("an envelope may be empty, and its key may be spelt with escapes") {
  const std::string empty = R"({"objects": [ ]})", escaped = R"({"obj\u0065cts":[1,"x",null]})";
  CHECK(read_envelope(empty)->objects.empty());
  CHECK(read_envelope(escaped)->objects.size() == 3);
}

TEST_CASE("what is no JSON is malformed; what is JSON and no envelope is invalid") {
  struct Row { const char* body; ErrorKind kind; const char* where; };
  for (const auto& row : std::initializer_list<Row>{
           {"", ErrorKind::Malformed, ""},
           {"<html>", ErrorKind::Malformed, ""},
           {"{\"objects\":[", ErrorKind::Malformed, ""},
           {"{\"objects\":[{}", ErrorKind::Malformed, ""},
           {"{\"objects\":[{}]", ErrorKind::Malformed, ""},
           {"{\"objects\":[{},]}", ErrorKind::Malformed, ""},
           {"{\"objects\":[,{}]}", ErrorKind::Malformed, ""},
           {"{\"objects\":[{} {}]}", ErrorKind::Malformed, ""},
           {"{\"objects\":[{}}}", ErrorKind::Malformed, ""},
           {"{\"objects\":[\"abc]}", ErrorKind::Malformed, ""},
           {"{\"objects\":[{}]} x", ErrorKind::Malformed, ""},
           {"{\"objects\":[{}],}", ErrorKind::Malformed, ""},
           {"{objects:[{}]}", ErrorKind::Malformed, ""},
           {"{\"objects\" [{}]}", ErrorKind::Malformed, ""},
           {"\xEF\xBB\xBF{\"objects\":[]}", ErrorKind::Malformed, ""},
           {"{\"objects\":[],\"objects\":[]}", ErrorKind::Invalid, nullptr},
           {"[]", ErrorKind::Invalid, ""},
           {"\"objects\"", ErrorKind::Invalid, ""},
           {"{}", ErrorKind::Invalid, "/objects"},
           {"{\"more\":true}", ErrorKind::Invalid, "/objects"},
           {"{\"objects\":{}}", ErrorKind::Invalid, "/objects"},
           {"{\"objects\":null}", ErrorKind::Invalid, "/objects"},
           {"{\"type\":\"bundle\",\"id\":\"bundle--1\",\"objects\":[{}]}", ErrorKind::Invalid, "/type"}}) {
    const std::string body = row.body;
    const auto read = read_envelope(body);
    REQUIRE_MESSAGE(!read, body);
    CHECK_MESSAGE(read.error().kind == row.kind, body);
    if (row.where != nullptr) CHECK_MESSAGE(read.error().where == row.where, body);
  }
}

TEST_CASE("spaces don't count against what stands around the objects") {
  const auto body = R"({"objects":[]})" + std::string(4 << 20, ' ');
  CHECK(read_envelope(body));
}

TEST_CASE("more objects than may be are refused") {
  const std::string body = R"({"objects":[1,2,3]})";
  CHECK(read_envelope(body, 3)->objects.size() == 3);
  CHECK(read_envelope(body, 2).error().kind == ErrorKind::TooLarge);
}

TEST_CASE("any list of JSON values comes out as the slices that went in, however it is spaced") {
  CHECK(rc::check([] {
    const auto strings = *rc::gen::container<std::vector<std::string>>(rc::gen::arbitrary<std::string>());
    json::array list;
    for (const auto& s : strings) {
      std::string ascii;
      for (const char c : s) ascii += static_cast<char>(c & 0x7f);
      list.push_back(ascii.size() % 3 == 0 ? json::value(ascii) : ascii.size() % 3 == 1 ? json::value(json::object{{ascii, json::array{ascii, ascii.size()}}}) : json::value(json::array{ascii}));
    }
    std::string body = "{\"objects\":[";
    std::vector<std::string> parts;
    for (const auto& one : list) {
      parts.push_back(*rc::gen::element(0, 1) == 0 ? canonical(one) : pretty(one));
      while (parts.back().ends_with('\n')) parts.back().pop_back();
      body += (parts.size() == 1 ? " " : " ,\n ") + parts.back();
    }
    body += "] }";
    const auto read = read_envelope(body);
    RC_ASSERT(read.has_value());
    RC_ASSERT(read->objects.size() == parts.size());
    for (std::size_t i = 0; i < parts.size(); ++i) RC_ASSERT(read->objects[i] == parts[i]);
  }));
}

}  // namespace sluice::formats::taxii
