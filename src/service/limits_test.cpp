#include "service/limits.h"

#include <doctest/doctest.h>

#include "service/testing.h"

using namespace sluice;
using namespace sluice::service;
using namespace std::chrono_literals;

TEST_CASE("an address counts by its /24 or /48") {
  CHECK(address_prefix("192.0.2.1") == address_prefix("192.0.2.254:8080"));
  CHECK(address_prefix("192.0.2.1") == address_prefix("::ffff:192.0.2.9"));
  CHECK(address_prefix("192.0.2.1") != address_prefix("192.0.3.1"));
  CHECK(address_prefix("2001:db8:1:2::3") == address_prefix("[2001:db8:1:ffff::1]:443"));
  CHECK(address_prefix("2001:db8:1::") != address_prefix("2001:db8:2::"));
  CHECK(address_prefix("fe80::1%eth0") == address_prefix("fe80::2"));
  CHECK(address_prefix("pipe") == address_prefix("pipe"));
  CHECK(address_prefix("") != address_prefix("x"));
}

TEST_CASE("a bucket holds its burst, refills with time, and says how long to wait") {
  SteppedClock clock;
  Limits limits(clock, system_random());
  const auto rate = rate_of(Operation::ReportCode);
  for (int i = 0; i < rate.burst; ++i) CHECK(limits.allow(Operation::ReportCode, "192.0.2.1"));
  const auto refused = limits.allow(Operation::ReportCode, "192.0.2.1");
  CHECK_FALSE(refused);
  CHECK(refused.retry_after == 60);
  CHECK(limits.allow(Operation::ReportCode, "192.0.3.1"));
  CHECK(limits.allow(Operation::SignIn, "192.0.2.1"));
  clock.go_on(59s);
  CHECK(limits.allow(Operation::ReportCode, "192.0.2.1").retry_after == 1);
  clock.go_on(1s);
  CHECK(limits.allow(Operation::ReportCode, "192.0.2.1"));
  CHECK_FALSE(limits.allow(Operation::ReportCode, "192.0.2.1"));
}

TEST_CASE("counters move on with the hour's key, and unused ones are forgotten") {
  SteppedClock clock;
  Hourly<int> counters(clock, system_random());
  const auto add = [&](std::string_view who) { return counters.with("x", who, [](int& n, Duration) { return ++n; }); };
  CHECK(add("a") == 1);
  CHECK(add("b") == 1);
  clock.go_on(61min);
  CHECK(add("a") == 2);
  clock.go_on(61min);
  CHECK(add("a") == 3);
  CHECK(add("b") == 1);
  clock.go_on(3h);
  CHECK(add("a") == 1);
  CHECK(counters.size() == 1);
}

TEST_CASE("tokens and people have buckets of their own; the system has none") {
  SteppedClock clock;
  Limits limits(clock, system_random());
  access::Viewer one{.kind = access::Viewer::Kind::Machine, .person = PersonId::random(), .token = TokenId::random()};
  auto other = one;
  other.token = TokenId::random();
  for (int i = 0; i < rate_of(Operation::Export).burst; ++i) CHECK(limits.allow(Operation::Export, one));
  CHECK_FALSE(limits.allow(Operation::Export, one));
  CHECK(limits.allow(Operation::Export, other));
  for (int i = 0; i < 100; ++i) CHECK(limits.allow(Operation::Export, access::Viewer::system()));
  CHECK(retry_after(Error{ErrorKind::TooMany, too_many(17).error().message}) == 17);
}
