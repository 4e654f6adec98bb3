// Alternatives by the day, which the network halves (network_narrowing.h), against trying every time.
#include <doctest/doctest.h>

#include <algorithm>
#include <random>

#include "regimes/network.h"

using namespace sluice::regimes;

namespace network_narrowing_test {

constexpr int kDays = 14;

struct Drawn {
  struct One { Network::Member who; std::vector<Network::Together> one_of; };
  std::vector<One> all;
  Network network;
  int points = 2, members = 0;

  void require(Network::Member who, std::vector<Network::Together> one_of) {
    all.push_back({who, one_of});
    members = std::max(members, who + 1);
    network.require(who, std::move(one_of));
  }
  // The least times that keep these, the second point before the first; none: nothing keeps them.
  std::vector<Network::Time> least(const std::vector<Network::Member>& who) const {
    for (int second = 0; second < kDays; ++second)
      for (int first = 0; first < kDays; ++first) {
        const Network::Time at[] = {0, first, second};
        const auto holds = [&](const One& one) {
          if (one.who != Network::kNobody && std::find(who.begin(), who.end(), one.who) == who.end()) return true;
          return std::any_of(one.one_of.begin(), one.one_of.end(), [&](const auto& way) { return std::all_of(way.begin(), way.end(), [&](const auto& each) { return at[each.a] - at[each.b] <= each.by; }); });
        };
        if (std::all_of(all.begin(), all.end(), holds)) return {0, first, second};
      }
    return {};
  }
};

Drawn drawn(unsigned seed) {
  std::mt19937 random(seed);
  const auto any = [&](int least, int most) { return std::uniform_int_distribution<int>(least, most)(random); };
  Drawn out;
  for (Network::Point point = 1; point <= 2; ++point) {
    out.network.add_point(any(0, 1) * 15);
    out.require(Network::kNobody, {{Network::no_earlier(point, 0), Network::no_later(point, kDays - 1)}});
  }
  for (int i = any(3, 8); i > 0; --i) {
    std::vector<Network::Together> one_of;
    if (any(0, 1) == 0) {                            // whichever day the one falls on, the other is done so many later
      const Network::Point from = any(1, 2), act = any(0, 2);
      const int within = any(-3, 4);
      for (int day = 0; day < kDays; ++day)
        if (any(0, 9) != 0) one_of.push_back({Network::no_earlier(from, day), Network::no_later(from, day), Network::no_later(act, day + within + any(0, 2))});
      if (any(0, 2) == 0) one_of.push_back({Network::no_earlier(from, kDays - 2)});
      std::shuffle(one_of.begin(), one_of.end(), random);
    } else {
      one_of.push_back({{any(0, 2), any(0, 2), any(-6, 5)}});
      if (any(0, 1) == 0) one_of.push_back({{any(0, 2), any(0, 2), any(-6, 5)}});
    }
    out.require(any(0, 5) - 1, std::move(one_of));
  }
  return out;
}

}  // namespace network_narrowing_test

TEST_CASE("N1, N2: alternatives by the day are answered as trying every time answers them") {
  using namespace network_narrowing_test;
  int infeasible = 0, asked = 0;
  for (unsigned round = 0; round < 300; ++round) {
    CAPTURE(round);
    const auto all = drawn(round);
    std::vector<std::vector<Network::Member>> smallest;
    for (int size = 0; size <= all.members; ++size)
      for (int bits = 0; bits < 1 << all.members; ++bits) {
        std::vector<Network::Member> who;
        for (int i = 0; i < all.members; ++i)
          if ((bits >> i & 1) != 0) who.push_back(i);
        if (int(who.size()) != size) continue;
        const auto expected = all.least(who);
        const auto answer = all.network.earliest(who, {2, 1});
        REQUIRE(answer.is_feasible() == !expected.empty());
        if (answer.is_feasible()) CHECK(answer.times == expected);
        else if (std::none_of(smallest.begin(), smallest.end(), [&](const auto& less) { return std::includes(who.begin(), who.end(), less.begin(), less.end()); })) smallest.push_back(who);
        infeasible += expected.empty(), ++asked;
      }
    std::sort(smallest.begin(), smallest.end(), [](const auto& a, const auto& b) { return a.size() != b.size() ? a.size() < b.size() : a < b; });
    const auto given = all.network.conflicts(1'000);
    CHECK_FALSE(given.more);
    CHECK(given.sets == smallest);
  }
  CHECK((infeasible > asked / 10 && infeasible < asked * 9 / 10));  // the lot must not draw one kind only
}
