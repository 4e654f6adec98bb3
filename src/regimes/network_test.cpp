// The network by itself: small ones that can be reckoned by hand, and random ones against trying everything.
#include <doctest/doctest.h>

#include <algorithm>
#include <random>

#include "regimes/network.h"

using namespace sluice::regimes;

namespace {

using Member = Network::Member;
using Sets = std::vector<std::vector<Member>>;

// Every set, by trying all of them.
Sets by_trying(const Network& network) {
  Sets out;
  const auto count = network.members();
  std::vector<std::vector<Member>> all;
  for (std::size_t bits = 0; bits < (std::size_t{1} << count); ++bits) {
    all.emplace_back();
    for (std::size_t i = 0; i < count; ++i)
      if ((bits >> i & 1) != 0) all.back().push_back(Member(i));
  }
  std::sort(all.begin(), all.end(), [](const auto& a, const auto& b) { return a.size() != b.size() ? a.size() < b.size() : a < b; });
  for (const auto& set : all) {
    if (std::any_of(out.begin(), out.end(), [&](const auto& less) { return std::includes(set.begin(), set.end(), less.begin(), less.end()); })) continue;
    if (!network.solve(set).is_feasible()) out.push_back(set);
  }
  return out;
}

Network made(std::mt19937& random, int points, int members, int constraints) {
  Network out;
  for (int i = 0; i < points; ++i) out.add_point();
  const auto any = [&](int least, int most) { return std::uniform_int_distribution<int>(least, most)(random); };
  for (int i = 0; i < constraints; ++i) {
    std::vector<Network::Together> one_of(std::size_t(any(1, 3)));
    for (auto& together : one_of)
      for (int k = any(1, 2); k > 0; --k) together.push_back({any(0, points), any(0, points), any(-6, 5)});
    out.require(i < 2 ? Network::kNobody : any(0, members - 1), std::move(one_of));
  }
  return out;
}

}  // namespace

TEST_CASE("a deadline before an embargo ends can't be kept, and both are to blame") {
  Network network;
  const auto publish = network.add_point();
  network.require(0, Network::no_later(publish, 10));
  network.require(1, Network::no_earlier(publish, 11));
  network.require(2, Network::no_earlier(publish, 3));
  const auto answer = network.solve();
  CHECK(answer.verdict == Network::Verdict::Infeasible);
  CHECK(answer.blame == std::vector<Member>{0, 1});
  CHECK(network.conflicts().sets == Sets{{0, 1}});
  CHECK(network.solve({0, 2}).times[1] >= 3);
  CHECK(network.earliest({0, 2}, {publish}).times[1] == 3);
}

TEST_CASE("an either-or is kept by its other side") {
  Network network;
  const auto report = network.add_point(), publish = network.add_point();
  network.require(0, Network::no_later(publish, 10));
  network.require(1, {{Network::no_earlier(publish, 20)}, {{report, publish, -1}}});  // late, or after a report
  CHECK(network.conflicts().sets.empty());
  network.require(2, Network::no_earlier(report, 10));
  CHECK(network.conflicts().sets == Sets{{0, 1, 2}});
  CHECK(network.earliest({1, 2}, {publish, report}).times == std::vector<Network::Time>{0, 10, 11});
}

TEST_CASE("sets of one, and of none, are given") {
  Network network;
  const auto point = network.add_point();
  network.require(0, std::vector<Network::Together>{});
  CHECK(network.conflicts().sets == Sets{{0}});
  network.require(Network::kNobody, Network::no_later(point, 1));
  network.require(Network::kNobody, Network::no_earlier(point, 2));
  CHECK(network.conflicts().sets == Sets{{}});
}

TEST_CASE("N2, N3: of random networks all smallest sets are given, in order") {
  std::mt19937 random(20261129);
  for (int round = 0; round < 400; ++round) {
    CAPTURE(round);
    const auto network = made(random, 1 + round % 5, 2 + round % 7, 4 + round % 14);
    const auto expected = by_trying(network);
    const auto given = network.conflicts(1000);
    CHECK_FALSE(given.more);
    CHECK(given.sets == expected);
    CHECK(given.feasible == expected.empty());
    const auto few = network.conflicts(3);
    CHECK(few.more == (expected.size() > 3));
    CHECK(few.sets == Sets(expected.begin(), expected.begin() + std::ptrdiff_t(std::min<std::size_t>(3, expected.size()))));
  }
}

TEST_CASE("N3: of many sets the first are given, in order") {
  std::mt19937 random(11);
  std::size_t many = 0;
  for (int round = 0; round < 30; ++round) {
    CAPTURE(round);
    const auto network = made(random, 3 + round % 4, 12 + round % 5, 26 + round % 7);
    const auto all = network.conflicts(5'000);
    REQUIRE_FALSE(all.more);
    const auto few = network.conflicts(8);
    many += all.sets.size() > 8 ? 1 : 0;
    CHECK(few.sets == Sets(all.sets.begin(), all.sets.begin() + std::ptrdiff_t(std::min<std::size_t>(8, all.sets.size()))));
  }
  CHECK(many > 4);
}

TEST_CASE("earliest is the least of each point in turn") {
  std::mt19937 random(7);
  for (int round = 0; round < 200; ++round) {
    CAPTURE(round);
    auto network = made(random, 3, 4, 6);
    for (Network::Point point = 1; point <= 3; ++point) network.require(Network::kNobody, Network::no_earlier(point, -20));
    const auto best = network.earliest({0, 1, 2, 3}, {2, 1});
    REQUIRE(best.is_feasible() == network.solve().is_feasible());
    if (!best.is_feasible()) continue;
    network.require(Network::kNobody, std::vector<Network::Together>{{Network::no_later(2, best.times[2] - 1)}, {Network::no_later(2, best.times[2]), Network::no_later(1, best.times[1] - 1)}});
    CHECK_FALSE(network.solve().is_feasible());
  }
}

TEST_CASE("the first 64 of a million sets are given at once") {
  Network network;
  const auto act = network.add_point();
  for (Member i = 0; i < 1000; ++i) network.require(i, Network::no_later(act, 10));
  for (Member i = 1000; i < 2000; ++i) network.require(i, Network::no_earlier(act, 11));
  const auto given = network.conflicts();
  CHECK(given.more);
  REQUIRE(given.sets.size() == 64);
  CHECK(given.sets.front() == std::vector<Member>{0, 1000});
  CHECK(given.sets.back() == std::vector<Member>{0, 1063});
}

TEST_CASE("N2: where the work is used up, more is said, and each set that is given is smallest") {
  Network network;                                   // 30 duties, each met at one of three points, and a ban on each point: what can be kept is beyond counting
  for (int i = 0; i < 30; ++i) network.add_point(1'000'000);
  for (int duty = 0; duty < 30; ++duty) {
    std::vector<Network::Together> one_of;
    for (int k = 0; k < 3; ++k) one_of.push_back({Network::no_later(1 + (duty * 7 + k * 11 + duty * k * 3) % 30, 100)});
    network.require(duty, std::move(one_of));
    network.require(30 + duty, Network::no_earlier(1 + duty, 1'000));
  }
  const auto given = network.conflicts();
  CHECK(given.more);
  CHECK_FALSE(given.feasible);
  CHECK_FALSE(given.sets.empty());
  for (const auto& set : given.sets) {
    CHECK_FALSE(network.solve(set).is_feasible());
    for (std::size_t i = 0; i < set.size(); ++i) {
      auto less = set;
      less.erase(less.begin() + std::ptrdiff_t(i));
      CHECK(network.solve(less).is_feasible());
    }
  }
}
