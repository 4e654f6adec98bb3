#include "web/http/pool.h"

#include <future>

#include <doctest/doctest.h>

#include "web/http/answer.h"

using namespace sluice::web::http;

TEST_CASE("P1, P2: a full pool refuses at once, and runs what it accepted before it stops") {
  std::promise<void> gate;
  const auto open = gate.get_future().share();
  std::promise<void> begun;
  std::vector<int> ran;
  WorkerPool pool(1, 2);
  REQUIRE(pool.post([&, open] {
    begun.set_value();
    open.wait();
  }));
  begun.get_future().wait();  // the thread is busy, the queue empty
  CHECK(pool.post([&] { ran.push_back(1); }));
  CHECK(pool.post([&] {
    ran.push_back(2);
    throw 1;
  }));
  bool untouched = true;
  WorkerPool::Job refused = [&untouched] { untouched = false; };
  CHECK_FALSE(pool.try_post(refused));
  CHECK(refused);
  CHECK(pool.queued() == 2);
  gate.set_value();
  pool.stop();
  CHECK(ran == std::vector<int>{1, 2});
  CHECK_FALSE(pool.post([] {}));
  CHECK(untouched);
}

TEST_CASE("the date of an answer is in the form of RFC 9110") { CHECK(http_date(784111777) == "Sun, 06 Nov 1994 08:49:37 GMT"); }
