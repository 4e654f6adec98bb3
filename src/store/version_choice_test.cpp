#include "store/version_choice.h"

#include <doctest/doctest.h>
#include <rapidcheck.h>

#include <algorithm>

namespace sluice::store {

namespace {
using Dates = std::vector<std::int64_t>;
// Versions 10, 20, 30, which came in another order; 20 in 2.0 as well.
const std::vector<HeldVersion> kHeld{{1, 20, 2001}, {2, 10, 2001}, {3, 30, 2001}, {4, 20, 2000}};
}  // namespace

TEST_CASE("C2_without_a_spec_the_newest_that_is_held") {
  CHECK(chosen(kHeld, {}) == Dates{3});
  CHECK(chosen(kHeld, {.all = true, .last = false}) == Dates{1, 2, 3});
  CHECK(chosen(kHeld, {.first = true, .last = false}) == Dates{2});
  CHECK(chosen(kHeld, {.first = true, .last = true}) == Dates{2, 3});
  CHECK(chosen(kHeld, {.last = false, .exact = {20}}) == Dates{1});
  CHECK(chosen(kHeld, {.last = true, .exact = {20, 99}}) == Dates{1, 3});
  CHECK(chosen(kHeld, {.last = false, .exact = {99}}).empty());
}

TEST_CASE("C2_a_named_spec_is_chosen_before_the_version") {
  CHECK(chosen(kHeld, {.specs = {2000}}) == Dates{4});
  CHECK(chosen(kHeld, {.last = false, .exact = {30}, .specs = {2000}}).empty());
  CHECK(chosen(kHeld, {.all = true, .specs = {2000, 2001}}) == Dates{1, 2, 3, 4});
  CHECK(chosen(kHeld, {.specs = {1999}}).empty());
}

TEST_CASE("C0_the_line_that_began_first_counts_alone") {
  const std::vector<HeldVersion> two{{1, 10, 2001, 7, 1}, {2, 90, 2000, 8, 2}, {3, 20, 2001, 7, 1}, {4, 30, 2001, 8, 2}};
  CHECK(chosen(two, {}) == Dates{3});
  CHECK(chosen(two, {.all = true, .specs = {2000, 2001}}) == Dates{1, 3});
  CHECK(chosen(two, {.last = false, .exact = {30}}).empty());
  const std::vector<HeldVersion> posted_anew{{9, 10, 2001, 7, 1}, {2, 90, 2001, 8, 2}};   // later than the other's, and still the older line
  CHECK(chosen(posted_anew, {}) == Dates{9});
}

TEST_CASE("C1_the_same_version_is_met_once_however_often_it_was_posted") {
  const std::vector<HeldVersion> widened{{5, 10, 2001}, {9, 10, 2001}, {7, 20, 2001}};
  CHECK(chosen(widened, {.all = true}) == Dates{5, 7});
  CHECK(chosen(widened, {.first = true, .last = false}) == Dates{5});
}

TEST_CASE("an object with one version has it as first, last, all and exact") {
  const std::vector<HeldVersion> one{{1, 10, 2001}};
  CHECK(chosen(one, {}) == Dates{1});
  CHECK(chosen(one, {.first = true, .last = false}) == Dates{1});
  CHECK(chosen(one, {.all = true, .last = false}) == Dates{1});
  CHECK(chosen(one, {.last = false, .exact = {10}}) == Dates{1});
  CHECK(chosen({}, {}).empty());
}

TEST_CASE("C1_the_first_posting_stands_for_a_version_also_among_very_many") {
  std::vector<HeldVersion> held;
  for (std::int64_t i = 0; i < 100'000; ++i) held.push_back({200'000 - i, i / 2, 2001});
  const auto all = chosen(held, {.all = true});
  REQUIRE(all.size() == 50'000);
  CHECK(std::is_sorted(all.begin(), all.end()));
  CHECK(chosen(held, {.first = true, .last = false}) == Dates{199'999});
}

// Within one audience and spec, which is what an index can say: a posting that is picked has is_last, is_first, an exact version, or all are wanted.
TEST_CASE("what is picked is never one that the rows' own marks would leave out") {
  CHECK(rc::check([] {
    std::vector<HeldVersion> held;
    const int n = *rc::gen::inRange(0, 8);
    for (int i = 0; i < n; ++i) held.push_back({i + 1, *rc::gen::inRange<std::int64_t>(0, 4), *rc::gen::element(2000, 2001)});
    VersionsWanted wanted{.all = *rc::gen::arbitrary<bool>(), .first = *rc::gen::arbitrary<bool>(), .last = *rc::gen::arbitrary<bool>()};
    if (*rc::gen::arbitrary<bool>()) wanted.exact.push_back(*rc::gen::inRange<std::int64_t>(0, 4));
    if (*rc::gen::arbitrary<bool>()) wanted.specs.push_back(*rc::gen::element(2000, 2001, 1999));
    const auto picked = chosen(held, wanted);
    RC_ASSERT(std::is_sorted(picked.begin(), picked.end()));
    for (const auto date : picked) {
      const auto& row = held[static_cast<std::size_t>(date - 1)];
      bool is_last = true, is_first = true;
      for (const auto& other : held)
        if (other.spec == row.spec) is_last = is_last && other.version_at <= row.version_at, is_first = is_first && other.version_at >= row.version_at;
      RC_ASSERT(wanted.all || (wanted.last && is_last) || (wanted.first && is_first) || std::find(wanted.exact.begin(), wanted.exact.end(), row.version_at) != wanted.exact.end());
    }
  }));
}

}  // namespace sluice::store
