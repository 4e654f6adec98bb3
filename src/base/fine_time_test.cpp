#include "base/fine_time.h"

#include <doctest/doctest.h>
#include <rapidcheck.h>

namespace sluice {

TEST_CASE("times of STIX are read to the nanosecond, with any number of digits") {
  CHECK(utc_nanos("1970-01-01T00:00:00Z") == 0);
  CHECK(utc_nanos("1970-01-01T00:00:01.5Z") == 1'500'000'000);
  CHECK(utc_nanos("1970-01-01T00:00:00.000000001Z") == 1);
  CHECK(utc_nanos("1970-01-01T00:00:00.0000000019999Z") == 1);
  CHECK(utc_nanos("2018-03-02T01:01:01.000Z") == utc_nanos("2018-03-02T01:01:01Z"));
  CHECK(utc_nanos("1969-12-31T23:59:59.999999999Z") == -1);
  CHECK(utc_nanos("2024-02-29T00:00:00Z").has_value());
}

TEST_CASE("what is no time in UTC is none") {
  for (const auto* text : {"", "yesterday", "2018-03-02", "2018-03-02T01:01:01", "2018-03-02T01:01:01+00:00", "2018-03-02t01:01:01z", "2018-03-02 01:01:01Z", "2018-02-30T01:01:01Z", "2023-02-29T00:00:00Z",
                           "2018-03-02T24:00:00Z", "2018-03-02T01:60:00Z", "2018-03-02T01:01:60Z", "2018-03-02T01:01:01.Z", "2018-03-02T01:01:01.1x1Z", "2018-03-02T01:01:01ZZ", "1677-01-01T00:00:00Z",
                           "2262-01-01T00:00:00Z", "+018-03-02T01:01:01Z", "2018-03-02T01:01:01.12345678901234567890123456789012345678901234567890Z"})
    CHECK_MESSAGE(!utc_nanos(text), text);
}

TEST_CASE("a time is written with six digits and read as the same") {
  CHECK(six_digits(Instant{0}) == "1970-01-01T00:00:00.000000Z");
  CHECK(six_digits(Instant{1'500'000}) == "1970-01-01T00:00:01.500000Z");
  CHECK(six_digits(Instant{1}) == "1970-01-01T00:00:00.000001Z");
  CHECK(rc::check([] {
    const Instant t{*rc::gen::inRange<std::int64_t>(-4'000'000'000'000'000, 4'000'000'000'000'000)};
    const auto text = six_digits(t);
    RC_ASSERT(text.size() == 27u);
    RC_ASSERT(utc_nanos(text) == t.micros * 1000);
    RC_ASSERT(instant_of_nanos(t.micros * 1000) == t);
    RC_ASSERT(instant_of_nanos(t.micros * 1000 + 999) == t);
  }));
}

}  // namespace sluice
