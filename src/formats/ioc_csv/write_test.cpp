#include "formats/ioc_csv/write.h"

#include <doctest/doctest.h>

#include <algorithm>

using namespace sluice;
using namespace sluice::formats;

TEST_CASE("cells that a spreadsheet would run are guarded, and quotes are doubled") {
  for (const auto& [from, to] : {std::pair{"a", "a"}, std::pair{"", ""}, std::pair{"a,b", "\"a,b\""}, std::pair{"a\"b", "\"a\"\"b\""}, std::pair{"=1+1", "'=1+1"}, std::pair{"+1", "'+1"}, std::pair{"-1", "'-1"}, std::pair{"@x", "'@x"}, std::pair{"\tx", "'\tx"},
                                 std::pair{"=a,b", "\"'=a,b\""}, std::pair{"a=b", "a=b"}, std::pair{"\r\nx", "\"'\r\nx\""}, std::pair{"a\nb", "\"a\nb\""}})
    CHECK(ioc_csv::cell(from) == to);
}

TEST_CASE("a row for each value, with the strictest label; other objects are counted") {
  const auto document = parse_json(R"({"type":"bundle","id":"bundle--3f925a83-190d-44e6-8f9a-3a7c0c3b62ab","objects":[
    {"type":"indicator","id":"indicator--1","pattern_type":"stix","pattern":"[domain-name:value = 'a.example' OR domain-name:value = '=b']","name":"=cmd","created_by_ref":"identity--1","object_marking_refs":["marking-definition--bab4a63c-aed9-4cf5-a766-dfca5abac2bb"],
     "granular_markings":[{"selectors":["name"],"marking_ref":"marking-definition--e828b379-4e03-4974-9ac4-e53a884c97c1"}]},
    {"type":"indicator","id":"indicator--2","pattern_type":"yara","pattern":"rule x { condition: true }"},
    {"type":"file","id":"file--1","name":"a","hashes":{"MD5":"x","SHA-256":"y"}},
    {"type":"identity","id":"identity--1","name":"A, B"},{"type":"malware","id":"malware--1"},{"type":"malware","id":"malware--2"}]})");
  REQUIRE(document);
  const auto table = ioc_csv::write(*document);
  REQUIRE(table);
  const auto& text = table->text;
  CHECK(text.starts_with("record,value_type,value,pattern_type,"));
  CHECK(std::count(text.begin(), text.end(), '\n') == 1 + 2 + 1 + 3);
  CHECK(text.find("\r\nindicator,domain-name:value,a.example,stix,") != text.npos);
  CHECK(text.find("indicator,domain-name:value,'=b,stix,") != text.npos);
  CHECK(text.find(",'=cmd,") != text.npos);
  CHECK(text.find(",TLP:RED,") != text.npos);
  CHECK(text.find("\"A, B\"") != text.npos);
  CHECK(text.find("observable,file:hashes.'SHA-256',y,") != text.npos);
  REQUIRE(table->losses.size() == 2);
  CHECK(table->losses[1].where == "/objects/4");
  CHECK(table->losses[1].what.starts_with("2 objects of the type malware"));
  CHECK_FALSE(ioc_csv::write(json::value("x")));
}
