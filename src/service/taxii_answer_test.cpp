#include "service/taxii_answer.h"

#include <doctest/doctest.h>

#include "service/backoff.h"
#include "service/event_stream.h"
#include "service/json_cuts.h"

using namespace sluice;
using namespace sluice::service;
using namespace sluice::service::taxii;

namespace {

const std::string kIndicator = R"({"type": "indicator", "id": "indicator--1", "modified": "2024-01-01T00:00:00.000Z", "n": 1.0})";

std::string place_of_error(const auto& result) { return result ? "" : result.error().where; }

}  // namespace

TEST_CASE("R1: a broken object is refused with its place, and those beside it come") {
  const auto envelope = read_envelope("{\"more\":true,\"next\":\"n\",\"objects\":[" + kIndicator + R"(,{"id":"x--1","type":"y"},[],{"type":"a","id":"a--1","a":1,"a":2},)" + kIndicator + "]}");
  REQUIRE(envelope.has_value());
  CHECK(envelope->objects.size() == 2);
  CHECK(envelope->more == true);
  CHECK(envelope->next == "n");
  REQUIRE(envelope->refused.size() == 3);
  CHECK(envelope->refused[0].where == "/objects/1/id");
  CHECK(envelope->refused[1].where == "/objects/2");
  CHECK(envelope->refused[2].where.starts_with("/objects/3, byte "));
}

TEST_CASE("R2: text as sent; equal keys for what says the same") {
  const auto one = read_object(kIndicator), other = read_object(R"({"id":"indicator--1","n":1,"type":"indicator","modified":"2024-01-01T00:00:00.000Z"})"), changed = read_object(R"({"id":"indicator--1","n":2,"type":"indicator"})");
  REQUIRE(one.has_value());
  CHECK(one->text == kIndicator);
  CHECK(one->version == "2024-01-01T00:00:00.000Z");
  CHECK(one->key == other->key);
  CHECK(one->key != changed->key);
  CHECK(parse_object_key(to_text(one->key)) == one->key);
  CHECK(!parse_object_key("AAAA"));
}

TEST_CASE("what servers send for nothing is nothing; what can be misunderstood is refused with its place") {
  for (const auto* text : {"{}", R"({"more":false})", R"({"objects":null,"next":null,"more":null})", R"({"objects":[]})", R"({"next":""})"}) {
    const auto envelope = read_envelope(text);
    CHECK_MESSAGE((envelope && envelope->objects.empty() && !envelope->next && !envelope->more.value_or(false)), text);
  }
  CHECK(read_envelope(R"({"next":100})")->next == "100");
  const std::pair<const char*, const char*> rows[] = {
      {R"({"more":"true"})", "/more"},
      {R"({"next":{}})", "/next"},
      {R"({"objects":{}})", "/objects"},
      {R"({"more":true,"more":false})", "/more"},
      {R"({"objects":[1)", "byte 13"},
      {R"({"objects":[1,]})", "/objects, byte 3"},
      {"[]", "byte 0"},
      {"", "byte 0"},
      {"{} x", "byte 3"},
      {R"({"objects":[],)", "byte 14"},
      {R"({"x_a":tru})", "/x_a, byte 3"},
  };
  for (const auto& [text, where] : rows) {
    CAPTURE(std::string(text));
    CHECK(place_of_error(read_envelope(text)) == where);
  }
}

TEST_CASE("R3: nothing is read beyond the limits") {
  const AnswerLimits small{.bytes = 400, .depth = 4, .objects = 2, .cursor = 8};
  CHECK(read_envelope("{\"x\":\"" + std::string(500, 'x') + "\"}", small).error().kind == ErrorKind::TooLarge);
  CHECK(read_envelope(R"({"objects":[{},{},{}]})", small).error().kind == ErrorKind::TooLarge);
  CHECK(read_envelope(R"({"next":"123456789"})", small).error().kind == ErrorKind::TooLarge);
  const auto deep = read_envelope(R"({"objects":[{"type":"a","id":"a--1","b":[[[[[1]]]]]}]})", small);
  CHECK(deep->objects.empty());
  CHECK(deep->refused.size() == 1);
}

TEST_CASE("a status whose counts don't add up is none") {
  const auto status = read_status(R"({"id":"s","status":"pending","total_count":3,"success_count":1,"failure_count":1,"pending_count":1,"failures":[{"id":"a--1","version":"v","message":"why"}]})");
  REQUIRE(status.has_value());
  CHECK(!status->complete);
  CHECK(status->failures[0].message == "why");
  const std::pair<const char*, const char*> rows[] = {
      {R"({"id":"s","status":"complete","total_count":3,"success_count":1,"failure_count":1,"pending_count":0})", "/total_count"},
      {R"({"id":"s","status":"complete","total_count":-1,"success_count":0,"failure_count":0,"pending_count":0})", "/total_count"},
      {R"({"id":"s","status":"complete","total_count":1,"success_count":18446744073709551615,"failure_count":2,"pending_count":0})", "/total_count"},
      {R"({"id":"s","status":"done","total_count":0,"success_count":0,"failure_count":0,"pending_count":0})", "/status"},
      {R"({"status":"complete"})", "/id"},
      {R"({"id":"s","status":"complete","total_count":1,"success_count":0,"failure_count":1,"pending_count":0,"failures":[{}]})", "/failures/0/id"},
  };
  for (const auto& [text, where] : rows) CHECK_MESSAGE(place_of_error(read_status(text)) == where, text);
}

TEST_CASE("collections, roots and discovery are read as far as they are needed") {
  const auto listed = read_collections(R"({"collections":[{"id":"1","title":"t","can_read":true,"can_write":false,"media_types":["a"]},{"id":"2","can_read":true}]})");
  CHECK(place_of_error(listed) == "/collections/1/can_write");
  CHECK(read_collections("{}")->empty());
  CHECK(place_of_error(read_api_root(R"({"title":"t"})")) == "/versions");
  CHECK(read_api_root(R"({"title":"t","versions":["v"],"max_content_length":5})")->max_content_length == 5);
  CHECK(read_discovery(R"({"title":"t","api_roots":["/a/"]})")->api_roots.size() == 1);
  CHECK(place_of_error(read_manifest(R"({"objects":[{"id":"a--1","date_added":"yesterday"}]})")) == "/objects/0/date_added");
}

TEST_CASE("headers: an instant or nothing, a wait or nothing") {
  CHECK(taxii_text(*date_of_header(" 2024-05-06T07:08:09.123Z\r\n")) == "2024-05-06T07:08:09.123000Z");
  for (const auto* text : {"", "now", "1969-01-01T00:00:00Z", "9999-06-01T00:00:00Z"}) CHECK(!date_of_header(text));
  const auto now = *parse_instant("1994-11-06T08:49:00Z");
  CHECK(wait_of_header("120", now) == std::chrono::seconds(120));
  CHECK(wait_of_header("Sun, 06 Nov 1994 08:49:37 GMT", now) == std::chrono::seconds(37));
  CHECK(wait_of_header("Sun, 06 Nov 1994 08:48:00 GMT", now) == std::chrono::seconds(0));
  for (const auto* text : {"", "-1", "soon", "Sun, 06 Xov 1994 08:49:37 GMT", "1.5"}) CHECK(!wait_of_header(text, now));
  CHECK(said_in_error(R"({"title":"A","description":"b\nc","http_status":"400"})") == "A: b c");
  CHECK(said_in_error("<html>") == "");
}

TEST_CASE("K1, K2, K3: waits grow, are drawn, keep to what was told, and end") {
  Backoff backoff({.tries = 4, .first = std::chrono::seconds(1), .longest = std::chrono::seconds(3), .most_told = std::chrono::seconds(60)});
  CHECK(backoff.after_failure({}, 0) == std::chrono::milliseconds(500));
  CHECK(backoff.after_failure({}, 0) == std::chrono::seconds(1));
  CHECK(backoff.after_failure(std::chrono::seconds(30), 0) == std::chrono::seconds(30));
  CHECK(!backoff.after_failure({}, 0));
  backoff.succeeded();
  CHECK(*backoff.after_failure({}, 0xffffffff) > std::chrono::milliseconds(999));
  CHECK(*backoff.after_failure(std::chrono::seconds(60), 0xffffffff) > std::chrono::seconds(60));
  CHECK(!Backoff({.tries = 3, .most_told = std::chrono::seconds(60)}).after_failure(std::chrono::seconds(61), 0));
  Backoff never({.tries = 0, .first = std::chrono::seconds(1), .longest = std::chrono::seconds(3), .most_told = std::chrono::seconds(60)});
  for (int i = 0; i < 200; ++i) CHECK(*never.after_failure({}, 0xffffffff) <= std::chrono::seconds(3));
  CHECK(*never.after_failure(std::chrono::hours(48), 0) == std::chrono::seconds(60));
}

TEST_CASE("V1, V2: events are the same however the bytes are cut, and have a bound") {
  const std::string text = "\xEF\xBB\xBF: here\r\n\r\nid: 7\ndata: a\ndata:b\n\nevent: objects\rdata\r\rretry: 1500\nid: 8\ndata:  c\n\nid: 9\ndata: unfinished\n";
  for (std::size_t step = 1; step <= text.size(); ++step) {
    EventStream stream(1000);
    std::vector<ServerEvent> events;
    for (std::size_t from = 0; from < text.size(); from += step) {
      const auto taken = stream.take(std::string_view(text).substr(from, step));
      REQUIRE(taken.has_value());
      events.insert(events.end(), taken->begin(), taken->end());
    }
    REQUIRE(events.size() == 3);
    CHECK((events[0].id == "7" && events[0].data == "a\nb" && events[0].event == "message"));
    CHECK((events[1].id == "7" && events[1].data == "" && events[1].event == "objects"));
    CHECK((events[2].id == "8" && events[2].data == " c"));
    CHECK(stream.retry() == std::chrono::milliseconds(1500));
  }
  EventStream small(10);
  CHECK(!small.take("data: 123456789\n"));
}

TEST_CASE("pieces of a JSON text are where they were") {
  const std::string text = R"( [ {"a":"]}\"" , "b":[1,{}]} ,"x" , 1.5 ] )";
  const auto pieces = elements_in(text, 10).value();
  REQUIRE(pieces.size() == 3);
  CHECK(pieces[0] == R"({"a":"]}\"" , "b":[1,{}]})");
  CHECK(pieces[2] == "1.5");
  CHECK(members_in(pieces[0], 10)->at(1).text == "[1,{}]");
  CHECK(members_in(R"({"\u0061":1})", 10)->at(0).key == "a");
  CHECK(!members_in(R"({"a":1,"\u0061":2})", 10));
  CHECK(texts_in("{}\n[1]\n\n\"x\" ", 10)->size() == 3);
  for (const auto* bad : {"[", "[1,]", "[1 2]", "[\"a]", "[{]", "[1]]"}) CHECK_MESSAGE(!elements_in(bad, 10), bad);
}

TEST_CASE("marks beside objects go with the object that they stand beside, also where one before it can't be read") {
  const std::string body = R"({"x_sluice_passed":[["000000000000000000000001"],["000000000000000000000002"],["000000000000000000000003","not a mark",7,"000000000000000000000004"],"none"],)"
                           R"("objects":[{"type":"tool","id":"tool--1"},{"id":7},{"type":"tool","id":"tool--3"},{"type":"tool","id":"tool--4"},{"type":"tool","id":"tool--5"}]})";
  const auto envelope = read_envelope(body);
  REQUIRE(envelope);
  REQUIRE(envelope->objects.size() == 4);
  CHECK(envelope->refused.size() == 1);
  CHECK(envelope->objects[0].passed == std::vector<std::string>{"000000000000000000000001"});
  CHECK(envelope->objects[1].passed == std::vector<std::string>{"000000000000000000000003", "000000000000000000000004"});
  CHECK(envelope->objects[2].passed.empty());
  CHECK(envelope->objects[3].passed.empty());
  CHECK(read_envelope(R"({"objects":[{"type":"tool","id":"tool--1"}],"x_sluice_passed":{"a":1}})")->objects[0].passed.empty());
}
