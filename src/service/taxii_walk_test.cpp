#include "service/taxii_walk.h"

#include <doctest/doctest.h>
#include <rapidcheck.h>

#include <map>

#include "base/bytes.h"
#include "service/taxii_state.h"

using namespace sluice;
using namespace sluice::service::taxii;

namespace {

StixObject stix_object(const std::string& id) {
  StixObject out{.text = "{}", .id = id, .type = "indicator", .version = "2024-01-01T00:00:00.000Z"};
  const auto hash = sha256(bytes_of(id));
  std::copy_n(hash.begin(), out.key.size(), out.key.begin());
  return out;
}

Instant instant_of(std::int64_t micros) { return Instant{1'700'000'000'000'000 + micros}; }
std::optional<Instant> cut(Instant instant, std::int64_t grain, bool up = false) {
  return Instant{(instant.micros + (up ? grain - 1 : 0)) / grain * grain};
}

Envelope envelope(std::initializer_list<const char*> ids, std::optional<bool> more = {}, std::optional<std::string> next = {}) {
  Envelope out{.more = more, .next = std::move(next)};
  for (const auto* id : ids) out.objects.push_back(stix_object(id));
  return out;
}

// A server by its rules, with what servers of the field do otherwise as switches.
struct Server {
  struct Item { Instant added; std::string id; bool is_gone = false; };
  std::vector<Item> items;                         // by time
  bool gives_next = true, gives_dates = true, says_more = true;
  std::size_t cap = 10;
  std::int64_t header_grain = 1, query_grain = 1;
  bool rounds_up = false;
  int refuses_one_in = 0;                          // cursors

  struct Answer { bool refused = false; Envelope envelope; std::optional<Instant> first, last; };
  Answer answer(const Walk::Request& request, std::uint32_t chance) const {
    Answer out;
    std::size_t from = 0;
    if (request.next) {
      if (refuses_one_in > 0 && chance % static_cast<std::uint32_t>(refuses_one_in) == 0) return {.refused = true};
      from = std::stoul(*request.next);
    } else if (request.added_after) {
      const auto bound = *cut(*request.added_after, query_grain);
      while (from < items.size() && items[from].added <= bound) ++from;
    }
    const auto most = std::min<std::size_t>(cap, request.limit);
    for (; from < items.size() && out.envelope.objects.size() < most; ++from) {
      if (items[from].is_gone) continue;
      out.envelope.objects.push_back(stix_object(items[from].id));
      if (!out.first) out.first = cut(items[from].added, header_grain, rounds_up);
      out.last = cut(items[from].added, header_grain, rounds_up);
    }
    if (!gives_dates) out.first = out.last = std::nullopt;
    const bool more = from < items.size();         // also where all that follows is gone: a last page may be empty
    if (says_more || !more) out.envelope.more = more;
    if (gives_next && more) out.envelope.next = std::to_string(from);
    return out;
  }
  std::optional<Instant> manifest(const std::string& id) const {
    for (const auto& item : items)
      if (item.id == id && !item.is_gone) return cut(item.added, header_grain, rounds_up);
    return std::nullopt;
  }
};

using Delivered = std::map<std::string, int>;

// One request and its answer. False: the walk has come to an end, `failed` where not to the right one.
bool one_step(Walk& walk, const Server& server, Delivered& delivered, std::uint32_t chance, std::string& failed) {
  const auto answer = server.answer(walk.request(), chance);
  auto taken = answer.refused ? walk.cursor_refused() : walk.take({answer.envelope, answer.first, answer.last});
  for (const auto i : taken.fresh) ++delivered[answer.envelope.objects[i].id];
  if (taken.step == Step::AskDate) taken = walk.learned(server.manifest(walk.last_object()->id));
  if (taken.step == Step::Failed) failed = taken.error->message;
  return taken.step == Step::GoOn || taken.step == Step::AskAgain;
}

std::string run_to_end(Walk& walk, const Server& server, Delivered& delivered) {
  std::string failed;
  for (int i = 0; i < 100'000; ++i)
    if (!one_step(walk, server, delivered, 1, failed)) return failed;
  return "it did not end";
}

WalkState saved_and_read(const WalkState& state) {
  const PullState all{.collection = "https://peer.example/taxii2/root/collections/c/", .filters = {{"type", "indicator"}}, .walk = state};
  const auto text = to_text(all);
  const auto again = read_pull_state(text);
  REQUIRE(again.has_value());
  REQUIRE(to_text(*again) == text);                // T1
  return again->walk;
}

Server with_items(std::size_t count, std::int64_t apart) {
  Server out;
  for (std::size_t i = 0; i < count; ++i) out.items.push_back({instant_of(static_cast<std::int64_t>(i) * apart), "indicator--" + std::to_string(i)});
  return out;
}

void check_all_once(const Server& server, const Delivered& delivered) {
  std::string lost, doubled;
  for (const auto& item : server.items) {
    const auto found = delivered.find(item.id);
    if (found == delivered.end()) lost += " " + item.id;
    else if (found->second > 1) doubled += " " + item.id;
  }
  CHECK(lost == "");
  CHECK(doubled == "");
}

}  // namespace

TEST_CASE("an instant shows its precision") {
  const std::pair<std::int64_t, std::int64_t> rows[] = {{1, 1}, {120, 10}, {123'000, 1'000}, {120'000, 10'000}, {1'000'000, 1'000'000}, {60'000'000, 1'000'000}, {999'999, 1}};
  for (const auto& [micros, grain] : rows) CHECK(grain_of(Instant{1'700'000'000'000'000 + micros}).count() == grain);
}

TEST_CASE("pages are followed by the server's cursor, with the filters that it goes with") {
  auto server = with_items(25, 1'000'000);
  Walk walk({.after = instant_of(-5)}, {});
  Delivered delivered;
  std::string failed;
  CHECK(one_step(walk, server, delivered, 1, failed));
  CHECK(walk.request().next == "10");
  CHECK(walk.request().added_after == instant_of(-5));     // not the time of the page's last object
  CHECK(run_to_end(walk, server, delivered).empty());
  check_all_once(server, delivered);
  CHECK(walk.state().pages == 3);
}

TEST_CASE("each way in which a server cuts its times, with cursor or without, loses and doubles nothing") {
  for (const bool gives_next : {true, false})
    for (const bool gives_dates : {true, false})
      for (const std::int64_t grain : {1, 1'000, 1'000'000})
        for (const bool up : {false, true})
          for (const std::int64_t apart : {0, 1, 7, 400, 1'300}) {
            auto server = with_items(60, apart);
            server.gives_next = gives_next;
            server.gives_dates = gives_dates;
            server.header_grain = server.query_grain = grain;
            server.rounds_up = up;
            server.cap = gives_next ? 7 : 1'000;
            CAPTURE(gives_next); CAPTURE(gives_dates); CAPTURE(grain); CAPTURE(up); CAPTURE(apart);
            Delivered delivered;
            Walk walk({.limit = 7}, {});
            CHECK(run_to_end(walk, server, delivered) == "");
            check_all_once(server, delivered);
            // Later: the second half of the last batch, and a new one.
            server.items.push_back({server.items.back().added, "indicator--late"});
            server.items.push_back({server.items.back().added + std::chrono::seconds(1), "indicator--new"});
            Walk later(saved_and_read(walk.state()), {});
            CHECK(run_to_end(later, server, delivered) == "");
            check_all_once(server, delivered);
          }
}

TEST_CASE("W1: more objects with one time than a page takes, and no cursor: it stops, or goes on and says so") {
  auto server = with_items(30, 0);
  server.gives_next = false;
  server.items.push_back({instant_of(2'000'000), "indicator--last"});
  Delivered delivered;
  Walk walk({.limit = 10}, {});
  CHECK(run_to_end(walk, server, delivered).starts_with("More objects were added at 2023-11-14T22:13:20.000000Z than the server gives in a page"));
  CHECK(delivered.size() == 10);
  Walk lax(walk.state(), {.accept_loss = true});
  CHECK(run_to_end(lax, server, delivered) == "");
  CHECK(lax.may_have_lost());
  CHECK(delivered.contains("indicator--last"));
}

TEST_CASE("a margin that fills a page is narrowed before anything is given up") {   // a batch whose times are bumped by a microsecond, from a server that caps its pages
  auto server = with_items(500, 1);
  server.gives_next = false;
  Delivered delivered;
  Walk walk({.limit = 20}, {});
  server.cap = 20;
  CHECK(run_to_end(walk, server, delivered) == "");
  check_all_once(server, delivered);
}

TEST_CASE("W3: a page that comes again is asked for again, then left by date; what turns in a circle ends") {
  const auto one = envelope({"indicator--1", "indicator--2"}, true, "a"), two = envelope({"indicator--3"}, true, "b");
  Walk walk({}, {});
  CHECK(walk.take({one, instant_of(1'000), instant_of(2'000)}).fresh.size() == 2);
  CHECK(walk.take({two, instant_of(3'000'000), instant_of(3'000'000)}).fresh.size() == 1);
  for (int i = 0; i < 3; ++i) {
    const auto again = walk.take({one, instant_of(1'000), instant_of(2'000)});
    CHECK(again.fresh.empty());
    CHECK(again.step == Step::AskAgain);
    CHECK(walk.request().next == "b");
  }
  const auto left = walk.take({one, instant_of(1'000), instant_of(2'000)});
  CHECK(left.step == Step::GoOn);
  CHECK(left.note == "The server's cursors lead in a circle. Going on by date.");
  CHECK(!walk.request().next);
  CHECK(walk.request().added_after == instant_of(2'000'000));   // a whole second before 3,000,000: that time shows no more precision
  int steps = 0;
  auto taken = left;
  while (taken.step != Step::Failed && ++steps < 20) taken = walk.take({two, instant_of(3'000'000), instant_of(3'000'000)});
  REQUIRE(taken.error);
  CHECK(taken.error->code == "peer-no-cursor");
}

TEST_CASE("more over an empty page is legal; more with nothing for ever isn't") {
  Walk walk({}, {});
  CHECK(walk.take({envelope({}, true, "a"), {}, {}}).step == Step::GoOn);
  CHECK(walk.take({envelope({"indicator--1"}, true, "b"), instant_of(1), instant_of(1)}).step == Step::GoOn);
  for (int i = 0; i < 3; ++i) CHECK(walk.take({envelope({}, true), {}, {}}).step == Step::AskAgain);
  CHECK(walk.take({envelope({}, true), {}, {}}).step == Step::Failed);

  Walk session({}, {});                             // one cursor for a session that goes on by itself
  CHECK(session.take({envelope({"indicator--1"}, true, "s"), instant_of(1), instant_of(1)}).step == Step::GoOn);
  CHECK(session.take({envelope({"indicator--2"}, true, "s"), instant_of(2), instant_of(2)}).fresh.size() == 1);
  CHECK(session.take({envelope({"indicator--3"}, false), instant_of(3), instant_of(3)}).step == Step::Done);

  Walk endless({}, {});
  Step step = Step::GoOn;
  int pages = 0;
  for (; step == Step::GoOn && pages < 5'000; ++pages) step = endless.take({envelope({}, true, std::to_string(pages)), {}, {}}).step;
  CHECK(step == Step::Failed);
}

TEST_CASE("a server that says neither when nor how to go on is asked for its manifest, once") {
  Walk walk({}, {});
  CHECK(walk.take({envelope({"indicator--1"}, true), {}, {}}).step == Step::AskDate);
  CHECK(walk.last_object()->id == "indicator--1");
  CHECK(walk.learned(std::nullopt).error->code == "peer-no-cursor");
  Walk end({}, {});
  CHECK(end.take({envelope({"indicator--1"}, false), {}, {}}).step == Step::AskDate);
  CHECK(end.learned(std::nullopt).step == Step::Done);
  CHECK(!end.state().after);                        // it will be read from the start, and nothing comes twice
  CHECK(end.take({envelope({"indicator--1", "indicator--2"}, false), {}, {}}).fresh == std::vector<std::size_t>{1});
}

TEST_CASE("times that make no sense are none") {
  Walk walk({.after = instant_of(10'000'000)}, {});
  CHECK(walk.take({envelope({"indicator--1"}, false), instant_of(500), instant_of(500)}).step == Step::AskDate);   // long before what was asked for
  Walk turned({}, {});
  CHECK(turned.take({envelope({"indicator--1"}, false), instant_of(900), instant_of(5)}).step == Step::AskDate);
}

TEST_CASE("a stream's cursor leads on over the poll, and where it isn't taken the date does") {
  Walk walk({}, {});
  CHECK(walk.take({envelope({"indicator--1"}, false), instant_of(1'000'001), instant_of(1'000'001)}).step == Step::Done);
  const auto before = walk.state().after;
  CHECK(walk.streamed(envelope({"indicator--1", "indicator--2"}), "s1").fresh == std::vector<std::size_t>{1});
  CHECK(walk.streamed(envelope({"indicator--3"}), "s2").fresh.size() == 1);
  walk.learned(std::nullopt);
  CHECK(walk.request().next == "s2");
  Walk resumed(saved_and_read(walk.state()), {});
  CHECK(resumed.request().next == "s2");
  CHECK(resumed.request().added_after == before);
  CHECK(resumed.cursor_refused().step == Step::GoOn);
  CHECK(!resumed.request().next);
  CHECK(resumed.request().added_after == before);
  CHECK(resumed.take({envelope({"indicator--1", "indicator--2", "indicator--3", "indicator--4"}, false), instant_of(1'000'001), instant_of(4'000'001)}).fresh == std::vector<std::size_t>{3});
}

TEST_CASE("W2: what is kept of keys has a bound") {
  Walk walk({}, {});
  int name = 0;
  for (int page = 0; page < 30; ++page) {
    Envelope many{.more = true, .next = std::to_string(page)};
    for (int i = 0; i < 10'000; ++i) many.objects.push_back({.text = "{}", .id = "indicator--x", .type = "indicator", .key = {std::uint8_t(name), std::uint8_t(name >> 8), std::uint8_t(name >> 16), std::uint8_t(++name ? 1 : 0)}});
    CHECK(walk.take({many, {}, {}}).fresh.size() == 10'000);
  }
  std::size_t kept = 0;
  for (const auto& page : walk.state().recent) kept += page.keys.size();
  CHECK(kept == kMostKeys);
}

TEST_CASE("W1, W2, W4: whatever goes missing, is deleted, refused, cut or broken off, each object comes once") {
  CHECK(rc::check([] {
    Server server;
    server.gives_next = *rc::gen::arbitrary<bool>();
    server.gives_dates = *rc::gen::weightedElement<bool>({{4, true}, {1, false}});
    server.says_more = !server.gives_next || *rc::gen::arbitrary<bool>();
    server.cap = server.gives_next ? *rc::gen::inRange<std::size_t>(1, 12) : 100'000;
    server.header_grain = *rc::gen::element<std::int64_t>(1, 1, 1'000, 10'000, 1'000'000);
    server.query_grain = *rc::gen::element<std::int64_t>(1, 1'000, 1'000'000);
    server.rounds_up = *rc::gen::arbitrary<bool>();
    server.refuses_one_in = *rc::gen::element(0, 0, 5, 2);
    const auto limit = static_cast<std::uint32_t>(*rc::gen::inRange(1, 15));

    Delivered delivered, kept_delivered;
    WalkState kept{.limit = limit};
    Walk walk(kept, {});
    Instant now = instant_of(0);
    int name = 0;
    const auto add = [&] {
      now = now + Duration(*rc::gen::element<std::int64_t>(0, 0, 0, 1, 40, 999, 1'000, 70'000, 2'000'000));
      server.items.push_back({now, "indicator--" + std::to_string(name++)});
    };
    std::string failed;
    const auto steps = *rc::gen::inRange(5, 120);
    for (int i = 0; i < steps; ++i) {
      switch (*rc::gen::inRange(0, 10)) {
        case 0: case 1:
          for (auto n = *rc::gen::inRange(1, 9); n > 0; --n) add();
          break;
        case 2:
          if (!server.items.empty()) server.items[static_cast<std::size_t>(*rc::gen::inRange(0, static_cast<int>(server.items.size())))].is_gone = true;
          break;
        case 3: break;                             // the answer got lost on the way
        case 4:                                    // the reader died: what it had not kept is gone with it
          delivered = kept_delivered;
          walk = Walk(saved_and_read(kept), {});
          break;
        default: {
          const bool goes_on = one_step(walk, server, delivered, *rc::gen::arbitrary<std::uint32_t>(), failed);
          if (!goes_on && !failed.empty()) failed.clear(), walk = Walk(saved_and_read(walk.state()), {});   // as the next run does
          if (*rc::gen::inRange(0, 4) > 0) kept = walk.state(), kept_delivered = delivered;
        }
      }
    }
    server.refuses_one_in = 0;
    std::string end = "not yet";
    for (int runs = 0; runs < 5 && !end.empty(); ++runs) {
      end = run_to_end(walk, server, delivered);
      walk = Walk(saved_and_read(walk.state()), {});
    }
    RC_ASSERT(end == "");
    for (const auto& item : server.items) {
      const auto found = delivered.find(item.id);
      const int times = found == delivered.end() ? 0 : found->second;
      RC_ASSERT(times <= 1);
      RC_ASSERT(item.is_gone || times == 1);
    }
  }));
}
