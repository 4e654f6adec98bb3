// Constraints said shorter, against the times that keep them; what is repeated, against making it twice.
#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <random>

#include "regimes/network_simple.h"

using namespace sluice::regimes;

namespace network_simple_test {

constexpr int kTimes = 9;                            // of each point, from -1 on
using Ways = std::vector<Network::Together>;

bool keeps(const Ways& one_of, const std::array<Network::Time, 3>& at) {
  return std::any_of(one_of.begin(), one_of.end(), [&](const auto& way) { return std::all_of(way.begin(), way.end(), [&](const auto& one) { return at[std::size_t(one.a)] - at[std::size_t(one.b)] <= one.by; }); });
}

std::size_t atoms(const Ways& one_of) {
  std::size_t out = 0;
  for (const auto& way : one_of) out += way.size();
  return out;
}

}  // namespace network_simple_test

TEST_CASE("T1: the same times keep a constraint that is said shorter") {
  using namespace network_simple_test;
  std::mt19937 random(20261130);
  const auto any = [&](int least, int most) { return std::uniform_int_distribution<int>(least, most)(random); };
  std::size_t before = 0, after = 0;
  for (int round = 0; round < 20'000; ++round) {
    Ways given(std::size_t(any(0, 5)));
    for (auto& way : given)
      for (int i = any(0, 3); i > 0; --i) {
        const Network::Point point = any(0, 3) == 0 ? 2 : 1;
        if (any(0, 4) == 0) way.push_back({any(0, 2), any(0, 2), any(-4, 4)});
        else way.push_back(any(0, 1) == 0 ? Network::no_later(point, any(0, 6)) : Network::no_earlier(point, any(0, 6)));
      }
    auto made = given;
    temporal::simplify(made);
    for (int first = -1; first < kTimes; ++first)
      for (int second = -1; second < kTimes; ++second) REQUIRE(keeps(given, {0, first, second}) == keeps(made, {0, first, second}));
    before += atoms(given), after += atoms(made);
    CHECK(made.size() <= std::max<std::size_t>(1, given.size()));
  }
  CHECK(after * 2 < before);
}

TEST_CASE("T1, T2: spans that touch are one, and what reaches up to one reaches into it") {
  using namespace network_simple_test;
  constexpr auto kNever = Network::Time{1} << 40;
  const auto said = [](Ways one_of) { return temporal::simplify(one_of), one_of; };
  // A ban until 10, as its rule answers: later than that, before never; or never.
  CHECK(said({{Network::no_earlier(1, kNever)}, {Network::no_later(1, kNever - 1), Network::no_earlier(1, 10)}}) == Ways{{Network::no_earlier(1, 10)}});
  // A first step until 9, or from 10 on without one.
  CHECK(said({{Network::no_later(1, 9), {2, 1, -1}}, {Network::no_earlier(1, 10)}}) == Ways{{{2, 1, -1}}, {Network::no_earlier(1, 10)}});
  // A second lies between: nothing is joined.
  CHECK(said({{Network::no_later(1, 8)}, {Network::no_earlier(1, 10)}}).size() == 2);
  // Of two waits the shorter is enough; what nobody can keep is left out; what is always kept asks nothing.
  CHECK(said({{{2, 1, -5}}, {{2, 1, -3}}}) == Ways{{{2, 1, -3}}});
  CHECK(said({{Network::no_later(1, 3), Network::no_earlier(1, 4)}}).empty());
  CHECK(said({{Network::no_later(1, 3)}, {Network::no_earlier(1, 4)}, {{2, 1, 0}}}) == Ways{{}});
  CHECK(said({{{2, 3, -1}}, {Network::no_later(1, 3)}, {Network::no_earlier(1, 4)}}) == Ways{{}});  // whichever comes first
  // What several say together, whichever of them is the earlier, stands where the first of them stood; of two that say the same the first stays.
  const Network::Together early{Network::no_later(1, 4), Network::no_earlier(1, 1)}, late{Network::no_later(1, 9), Network::no_earlier(1, 5)}, both{Network::no_later(1, 9), Network::no_earlier(1, 1)};
  CHECK(said({early, {{2, 1, -1}}, late}) == Ways{both, {{2, 1, -1}}});
  CHECK(said({late, {{2, 1, -1}}, early}) == Ways{both, {{2, 1, -1}}});
  CHECK(said({{{2, 1, -1}}, {{3, 1, -1}}, {{2, 1, -1}}}) == Ways{{{2, 1, -1}}, {{3, 1, -1}}});
}

TEST_CASE("what is repeated is as if it were made again, with points of its own") {
  std::mt19937 random(20261130);
  const auto any = [&](int least, int most) { return std::uniform_int_distribution<int>(least, most)(random); };
  for (int round = 0; round < 200; ++round) {
    Network repeated, twice;
    struct One { Network::Member who; std::vector<Network::Together> one_of; };
    std::vector<One> all(std::size_t(any(1, 5)));
    const auto few = any(0, 2) != 0;                 // else as many alternatives as are halved
    for (auto& one : all) {
      one.who = any(-1, 4);
      for (int k = few ? any(1, 3) : 16; k > 0; --k) one.one_of.push_back({{any(0, 3), any(0, 3), any(-6, 5)}, {any(0, 3), any(0, 3), any(-6, 5)}});
    }
    // Point 1 is there before, and is the same for both; points 2 and 3 are made twice.
    const auto make = [&](Network& network, Network::Point second) {
      for (int i = 0; i < 2; ++i) network.add_point(i);
      for (auto one : all) {
        for (auto& way : one.one_of)
          for (auto& each : way)
            for (auto* point : {&each.a, &each.b})
              if (*point > 1) *point += second;
        network.require(one.who, one.one_of);
      }
    };
    for (auto* network : {&repeated, &twice}) {
      network->add_point();
      network->require(5, Network::no_later(1, 2));
    }
    const auto from = repeated.mark();
    make(repeated, 0);
    repeated.repeat(from, repeated.mark());
    make(twice, 0), make(twice, 2);
    const auto by = any(-1, 1);
    for (auto* network : {&repeated, &twice}) network->require(6, std::vector<Network::Together>{{{4, 1, by}}, {{2, 5, -3}}});
    CHECK(repeated.points() == twice.points());
    CHECK(repeated.conflicts().sets == twice.conflicts().sets);
    CHECK(repeated.solve().times == twice.solve().times);
  }
}
