#include "service/peer_schedule.h"

#include <algorithm>

#include <doctest/doctest.h>
#include <rapidcheck.h>

namespace sluice::service {

TEST_CASE("S1 a peer that answers is asked by a steady schedule") {
  using namespace std::chrono_literals;
  const Instant began{1'000'000'000};
  CHECK(next_pull(began, began + 2s, 1min, 0, 0) == began + 1min);
  CHECK(next_pull(began, began + 2s, 1min, 0, 0xffffffff) == began + 1min);
  const auto late = began + 5min;                 // it took longer than its interval
  CHECK(next_pull(began, late, 1min, 0, 0) > late);
  CHECK(next_pull(began, late, 1min, 0, 0) <= late + 1s);
}

TEST_CASE("S2 the wait doubles with each failure, up to six hours, and a quarter of it is chance") {
  using namespace std::chrono_literals;
  const Instant now{1'000'000'000};
  const auto most = [&](std::int64_t failures, Duration interval) { return next_pull(now, now, interval, failures, 0xffffffff) - now; };
  const auto least = [&](std::int64_t failures, Duration interval) { return next_pull(now, now, interval, failures, 0) - now; };
  CHECK(least(1, 1min) == 45s);
  CHECK(most(1, 1min) > 59s);
  CHECK(most(1, 1min) <= 1min);
  CHECK(least(2, 1min) == 90s);
  CHECK(least(3, 1min) == 180s);
  CHECK(least(1000, 1min) == 270min);
  CHECK(most(1000, 1min) <= kLongestWait);
  CHECK(least(1000, 24h) == 18h);                 // whose interval is longer than that waits its interval
  CHECK(most(1000, 24h) <= 24h);
}

TEST_CASE("S3 the next time lies after now, more failures never bring it nearer, and a success sets them back") {
  using namespace std::chrono_literals;
  CHECK(rc::check([] {
    const Instant began{*rc::gen::inRange<std::int64_t>(0, 4'000'000'000'000'000)};
    const auto now = began + Duration(*rc::gen::inRange<std::int64_t>(0, 86'400'000'000));
    const Duration interval(*rc::gen::inRange<std::int64_t>(-5, 1'000'000'000'000'000));
    const auto failures = *rc::gen::inRange<std::int64_t>(0, 200);
    const auto chance = *rc::gen::arbitrary<std::uint32_t>();
    const auto next = next_pull(began, now, interval, failures, chance);
    RC_ASSERT(next > now);
    RC_ASSERT(next <= now + std::max(std::max(kLongestInterval, kLongestWait), Duration(1s)));
    if (failures > 0) RC_ASSERT(next_pull(began, now, interval, failures + 1, chance) >= next);
  }));
}

}  // namespace sluice::service
