#include "service/taxii_envelopes.h"

#include <doctest/doctest.h>
#include <rapidcheck.h>

using namespace sluice;
using namespace sluice::service::taxii;

namespace {

std::string indicator_text(int i, std::size_t padding = 0) { return R"({"type":"indicator","id":"indicator--)" + std::to_string(i) + R"(","modified":"2024-01-01T00:00:00.000Z","x":")" + std::string(padding, 'x') + "\"}"; }

std::vector<StixObject> some(int count, std::size_t padding = 0) {
  std::vector<StixObject> out;
  for (int i = 0; i < count; ++i) out.push_back(read_object(indicator_text(i, padding)).value());
  return out;
}

Status status(bool complete, std::uint64_t success, std::uint64_t failure, std::uint64_t pending) {
  return {.id = "s", .complete = complete, .total = success + failure + pending, .success = success, .failure = failure, .pending = pending};
}

}  // namespace

TEST_CASE("objects come from whatever people keep them in") {
  const auto one = indicator_text(1), two = indicator_text(2);
  const std::pair<std::string, std::size_t> rows[] = {
      {one, 1},
      {"[" + one + "," + two + "]", 2},
      {R"({"type":"bundle","id":"bundle--1","objects":[)" + one + "," + two + "]}", 2},
      {R"({"objects":[)" + one + "]}", 1},
      {R"({"type":"bundle","id":"bundle--1"})", 0},
      {one + "\n" + two + "\n", 2},
      {"\n" + one, 1},
  };
  for (const auto& [text, count] : rows) {
    const auto read = objects_in(text, {});
    REQUIRE_MESSAGE(read.has_value(), text);
    CHECK_MESSAGE(read->size() == count, text);
  }
  // An observed-data of STIX 2.0 has "objects" of its own.
  CHECK(objects_in(R"({"type":"observed-data","id":"observed-data--1","objects":{"0":{}}})", {})->size() == 1);
  const std::pair<std::string, const char*> wrong[] = {
      {"", ""},
      {"\"x\"", ""},
      {R"({"objects":[)" + one + ",{}]}", "/objects/1/id"},
      {one + "\n{\"type\":\"x\"}\n", "line 2/id"},
      {one + "\n\n{\"type\":", "byte"},
  };
  for (const auto& [text, where] : wrong) {
    const auto read = objects_in(text, {});
    REQUIRE_MESSAGE(!read, text);
    CHECK_MESSAGE(read.error().where.starts_with(where), read.error().where);
  }
}

TEST_CASE("envelopes keep to both limits; what is too large alone has failed") {
  auto objects = some(10, 100);
  objects.push_back(read_object(indicator_text(99, 5'000)).value());
  Push push(objects, {}, {.objects = 4, .bytes = 700});
  std::size_t sent = 0;
  while (const auto batch = push.next()) {
    CHECK(batch->objects.size() <= 4);
    CHECK(batch->body.size() <= 700);
    CHECK(read_envelope(batch->body)->objects.size() == batch->objects.size());
    sent += batch->objects.size();
  }
  CHECK(sent == 10);
  REQUIRE(push.failures().size() == 1);
  CHECK(push.failures()[0].id == "indicator--99");
}

TEST_CASE("P4: definitions go first, and along with what is marked by them") {
  const auto definition = [](int n) { return R"({"type":"marking-definition","id":"marking-definition--00000000-0000-4000-8000-00000000000)" + std::to_string(n) + R"(","created":"2024-01-01T00:00:00.000Z"})"; };
  const auto marked = [](int i, const std::string& by) { return R"({"type":"indicator","id":"indicator--)" + std::to_string(i) + R"(","modified":"2024-01-01T00:00:00.000Z","object_marking_refs":[)" + by + "]}"; };
  const auto ref = [](int n) { return "\"marking-definition--00000000-0000-4000-8000-00000000000" + std::to_string(n) + "\""; };
  std::vector<StixObject> objects;
  for (int i = 0; i < 3; ++i) objects.push_back(read_object(marked(i, ref(1))).value());
  objects.push_back(read_object(definition(1)).value());
  objects.push_back(read_object(marked(3, ref(1) + "," + ref(2) + "," + ref(9))).value());    // nobody gave the ninth
  objects.push_back(read_object(definition(2)).value());
  objects.push_back(read_object(marked(4, "")).value());
  const auto ids = [&objects](const std::vector<std::size_t>& which) {
    std::string out;
    for (const auto i : which) out += objects[i].id.substr(objects[i].id.size() - 1);
    return out;
  };
  Push push(objects, {}, {.objects = 3, .bytes = 1 << 20});
  const auto first = push.next(), second = push.next(), third = push.next(), fourth = push.next();
  REQUIRE(first);
  CHECK(ids(first->objects) == "120");
  CHECK(first->along.empty());
  REQUIRE(second);
  CHECK(ids(second->objects) == "12");
  CHECK(ids(second->along) == "1");
  CHECK(read_envelope(second->body)->objects.size() == 3);
  REQUIRE(third);
  CHECK(ids(third->objects) == "3");
  CHECK(ids(third->along) == "12");
  REQUIRE(fourth);
  CHECK(ids(fourth->objects) == "4");
  CHECK(fourth->along.empty());
  CHECK(!push.next());
  // What became of a definition that went along counts for nobody, and leaves no doubt of the others.
  auto answer = status(true, 2, 1, 0);
  answer.failures = {{objects[3].id, objects[3].version, "another content is held"}};
  CHECK(push.answered(*second, answer).size() == 2);
  CHECK(push.failures().empty());
  // Acknowledged by an earlier run, a definition still goes along.
  Push again(objects, {objects[3].key, objects[5].key}, {.objects = 3, .bytes = 1 << 20});
  CHECK(ids(again.next()->along) == "1");
}

TEST_CASE("P5: two contents of one version go in two envelopes, and each has its own end") {
  auto objects = some(3);
  objects.insert(objects.begin() + 1, read_object(indicator_text(0, 5)).value());
  Push push(objects, {}, {});
  const auto first = push.next(), second = push.next();
  CHECK(first->objects == std::vector<std::size_t>{0});
  CHECK(second->objects == std::vector<std::size_t>{1, 2, 3});
  CHECK(push.answered(*first, status(true, 1, 0, 0)).size() == 1);
  auto refused = status(true, 2, 1, 0);
  refused.failures = {{"indicator--0", "2024-01-01T00:00:00.000Z", "another content is held"}};
  CHECK(push.answered(*second, refused).size() == 2);
  CHECK(push.failures().size() == 1);
  CHECK(!push.next());
}

TEST_CASE("P5: of two contents of a definition the first goes first, and the other doesn't go along with it") {
  const std::string id = "marking-definition--00000000-0000-4000-8000-000000000001";
  const auto definition = [&id](const char* name) { return read_object(R"({"type":"marking-definition","id":")" + id + R"(","created":"2024-01-01T00:00:00.000Z","name":")" + name + "\"}").value(); };
  const auto marked = read_object(R"({"type":"indicator","id":"indicator--1","object_marking_refs":[")" + id + "\"]}").value();
  Push push({definition("A"), definition("B"), marked}, {}, {});
  const auto first = push.next(), second = push.next();
  REQUIRE(first);
  CHECK(first->objects == std::vector<std::size_t>{0});
  CHECK(first->along.empty());
  REQUIRE(second);
  CHECK(second->objects == std::vector<std::size_t>{1, 2});
  CHECK(second->along.empty());                    // one of that version is in it
  CHECK(!push.next());
  Push again({definition("A"), definition("B"), marked}, {push.answered(*first, status(true, 1, 0, 0))[0], definition("B").key}, {});
  CHECK(again.next()->along == std::vector<std::size_t>{0});      // what the server took
}

TEST_CASE("what goes along counts among the objects of an envelope, and an object that it leaves no room for goes alone") {
  CHECK(rc::check([] {
    const auto id = [](int n) { return "marking-definition--00000000-0000-4000-8000-00000000000" + std::to_string(n); };
    std::vector<StixObject> objects;
    for (int i = *rc::gen::inRange(1, 30); i > 0; --i) {
      std::string refs;
      for (int n = 0; n < 4; ++n)
        if (*rc::gen::arbitrary<bool>()) refs += (refs.empty() ? "\"" : ",\"") + id(n) + "\"";
      const auto body = R"(","created":"2024-01-01T00:00:00.000Z","x":")" + std::to_string(*rc::gen::inRange(0, 2)) + R"(","object_marking_refs":[)" + refs + "]}";
      if (*rc::gen::arbitrary<bool>()) objects.push_back(read_object(R"({"type":"marking-definition","id":")" + id(*rc::gen::inRange(0, 4)) + body).value());
      else objects.push_back(read_object(R"({"type":"indicator","id":"indicator--)" + std::to_string(*rc::gen::inRange(0, 9)) + body).value());
    }
    const auto most = static_cast<std::size_t>(*rc::gen::inRange(1, 6));
    Push push(objects, {}, {.objects = most, .bytes = 1 << 20});
    std::size_t sent = 0;
    for (int asked = 0; const auto batch = push.next(); ++asked) {
      RC_ASSERT(asked < 100);
      std::set<std::string> ids;
      for (const auto* part : {&batch->objects, &batch->along})
        for (const auto i : *part) RC_ASSERT(ids.insert(objects[i].id).second);
      RC_ASSERT(ids.size() <= most);
      RC_ASSERT(read_envelope(batch->body)->objects.size() == ids.size());
      sent += batch->objects.size();
    }
    RC_ASSERT(sent + push.earlier() == objects.size());
  }));
}

TEST_CASE("413 for an object with its definition makes it go alone before it has failed") {
  const std::string id = "marking-definition--00000000-0000-4000-8000-000000000001";
  const auto definition = read_object(R"({"type":"marking-definition","id":")" + id + R"(","created":"2024-01-01T00:00:00.000Z"})").value();
  Push push({read_object(R"({"type":"indicator","id":"indicator--1","object_marking_refs":[")" + id + "\"]}").value(), definition}, {definition.key}, {.objects = 9, .bytes = 1 << 20});
  int asked = 0;
  bool went_alone = false;
  while (const auto batch = push.next()) {
    REQUIRE(++asked < 50);
    went_alone = batch->along.empty();
    push.too_large(*batch);
  }
  CHECK(asked > 1);
  CHECK(went_alone);
  CHECK(push.failures().size() == 1);
}

TEST_CASE("413 makes envelopes smaller, down to one, and ends") {
  Push push(some(5), {}, {.objects = 100, .bytes = 1 << 20});
  int asked = 0;
  while (const auto batch = push.next()) {
    REQUIRE(++asked < 50);
    push.too_large(*batch);
  }
  CHECK(push.failures().size() == 5);
}

TEST_CASE("P1: acknowledged is what the status leaves no doubt of") {
  struct Row { const char* what; Status status; std::size_t acknowledged, failed, pending; };
  auto named = status(true, 2, 1, 0);
  named.failures = {{"indicator--1", "2024-01-01T00:00:00.000Z", "why"}};
  auto by_id = status(true, 2, 1, 0);
  by_id.failures = {{"indicator--1", "of the server's own making", "why"}};
  auto successes = status(true, 1, 2, 0);
  successes.successes = {{"indicator--0", "", ""}};
  auto waiting = status(false, 1, 0, 2);
  waiting.pendings = {{"indicator--1", "", ""}, {"indicator--2", "", ""}};
  const Row rows[] = {
      {"all", status(true, 3, 0, 0), 3, 0, 0},
      {"one failed and named", named, 2, 1, 0},
      {"one failed, named by id", by_id, 2, 1, 0},
      {"one failed, and not which", status(true, 2, 1, 0), 0, 3, 0},
      {"who succeeded is named", successes, 1, 2, 0},
      {"two pending and named", waiting, 1, 0, 2},
      {"all pending", status(false, 0, 0, 3), 0, 0, 3},
      {"of another number of objects", status(true, 2, 0, 0), 0, 3, 0},
  };
  for (const auto& row : rows) {
    Push push(some(3), {}, {});
    const auto batch = push.next();
    const auto acknowledged = push.answered(*batch, row.status);
    CHECK_MESSAGE(acknowledged.size() == row.acknowledged, row.what);
    CHECK_MESSAGE(push.failures().size() == row.failed, row.what);
    CHECK_MESSAGE(push.pending() == row.pending, row.what);
  }
}

TEST_CASE("what was acknowledged, or stands twice in what is given, is sent once") {
  const auto objects = some(4);
  auto twice = objects;
  twice.insert(twice.end(), objects.begin(), objects.end());
  Push push(twice, {objects[0].key}, {});
  CHECK(push.next()->objects.size() == 3);
  CHECK(push.earlier() == 5);
}

TEST_CASE("a journal is read up to its last whole line, and refused where it is another's or broken") {
  const auto objects = some(3);
  const auto head = journal_head("https://a/"), one = journal_line({objects[0].key}), two = journal_line({objects[1].key, objects[2].key});
  const auto whole = read_push_journal(head + one + two, "https://a/");
  REQUIRE(whole.has_value());
  CHECK(whole->acknowledged.size() == 3);
  const auto torn = read_push_journal(head + one + two.substr(0, 20), "https://a/");
  CHECK(torn->acknowledged.size() == 1);
  CHECK(torn->whole == head.size() + one.size());
  CHECK(read_push_journal("", "https://a/")->whole == 0);
  CHECK(read_push_journal(head, "https://b/").error().kind == ErrorKind::Conflict);
  CHECK(read_push_journal(head + "{\"acknowledged\":[\"x\"]}\n", "https://a/").error().where == "line 2/acknowledged/0");
  CHECK(read_push_journal(head + "{}x\n", "https://a/").error().where.starts_with("line 2, byte"));
  CHECK(read_push_journal("{}\n", "https://a/").error().where == "line 1/format");
}

TEST_CASE("P3: each object ends as one of three, whatever the server says") {
  CHECK(rc::check([] {
    const auto count = *rc::gen::inRange(1, 20);
    Push push(some(count, 50), {}, {.objects = static_cast<std::size_t>(*rc::gen::inRange(1, 8)), .bytes = static_cast<std::uint64_t>(*rc::gen::inRange(100, 2'000))});
    std::size_t acknowledged = 0;
    for (int asked = 0; const auto batch = push.next(); ++asked) {
      RC_ASSERT(asked < 1'000);
      switch (*rc::gen::inRange(0, 4)) {
        case 0: push.too_large(*batch); continue;
        case 1: push.refused(*batch, "422"); continue;
        default: {
          const auto all = batch->objects.size();
          const auto good = *rc::gen::inRange<std::size_t>(0, all + 1);
          auto said = status(*rc::gen::arbitrary<bool>(), good, all - good, 0);
          if (*rc::gen::arbitrary<bool>())
            for (std::size_t i = 0; i < all - good; ++i) said.failures.push_back({"indicator--" + std::to_string(batch->objects[i]), "2024-01-01T00:00:00.000Z", ""});
          acknowledged += push.answered(*batch, said).size();
        }
      }
    }
    RC_ASSERT(push.acknowledged() == acknowledged);
    RC_ASSERT(push.acknowledged() + push.failures().size() + push.pending() == push.size());
  }));
}
