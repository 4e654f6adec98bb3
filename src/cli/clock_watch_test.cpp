#include "cli/clock_watch.h"

#include <doctest/doctest.h>

using namespace sluice;
using namespace sluice::cli;
using namespace std::chrono_literals;

namespace {
constexpr Instant kStart{1'800'000'000'000'000};
Duration s(int seconds) { return std::chrono::seconds(seconds); }
}  // namespace

TEST_CASE("W1: a wall clock that jumps holds the timers, in either direction") {
  for (const int jump : {61, -61, 86'400}) {
    ClockWatch watch(kStart, s(100), {}, "boot");
    CHECK(watch.may_fire(kStart + s(1), s(101)));
    CHECK_FALSE(watch.may_fire(kStart + s(2 + jump), s(102)));
    CHECK(watch.held_by() == std::optional<Duration>(s(jump)));
  }
}

TEST_CASE("W1: steps of less than a minute are let pass, as a leap or a correction makes them") {
  ClockWatch watch(kStart, s(0), {}, "boot");
  CHECK(watch.may_fire(kStart + s(61), s(1)));
}

TEST_CASE("W1: small steps that add up to a jump hold as well") {
  ClockWatch watch(kStart, s(0), {}, "boot");
  CHECK(watch.may_fire(kStart + s(41), s(1)));
  CHECK_FALSE(watch.may_fire(kStart + s(82), s(2)));
}

TEST_CASE("W2: held stays held, also when the clock comes back to itself; a person ends it") {
  ClockWatch watch(kStart, s(0), {}, "boot");
  CHECK_FALSE(watch.may_fire(kStart + s(1'000), s(1)));
  CHECK_FALSE(watch.may_fire(kStart + s(1'001), s(2)));
  CHECK_FALSE(watch.may_fire(kStart + s(3), s(3)));
  watch.confirm(kStart + s(4), s(4));
  CHECK(watch.may_fire(kStart + s(5), s(5)));
}

TEST_CASE("W3: a clock that is drawn right slowly is believed for days") {
  ClockWatch watch(kStart, s(0), {}, "boot");
  bool fires = true;
  for (int hour = 1; hour <= 24 * 7; ++hour) fires = fires && watch.may_fire(kStart + s(hour * 3'602), s(hour * 3'600));  // 500 parts in a million
  CHECK(fires);
}

TEST_CASE("after a restart the last tick stands in: within a boot to five minutes, across boots only backwards") {
  const ClockWatch::LastTick last{kStart, s(1'000), "boot"};
  CHECK_FALSE(ClockWatch(kStart + s(60), s(1'060), last, "boot").held_by());
  CHECK(ClockWatch(kStart + s(500), s(1'060), last, "boot").held_by());
  CHECK_FALSE(ClockWatch(kStart + s(86'400), s(5), last, "other boot").held_by());
  CHECK(ClockWatch(kStart - s(400), s(5), last, "other boot").held_by());
  CHECK_FALSE(ClockWatch(kStart, s(5), {}, "boot").held_by());
}
