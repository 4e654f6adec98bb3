// The network against Z3, on sets of rules drawn by lot: same feasibility, each set really smallest, none left out. SLUICE_RULE_SETS says how many.
#include <doctest/doctest.h>

#include <cstdlib>
#include <set>

#include "regimes/z3_rules.h"

using namespace sluice::regimes;
using namespace sluice::regimes::oracle;

namespace {

int rule_sets() {
  const auto* count = std::getenv("SLUICE_RULE_SETS");
  return count == nullptr ? 300 : std::max(1, std::atoi(count));
}

std::string written(const Rules& all) {
  const auto of = [](const Tick& one) { return one.act == kInstant ? std::to_string(one.at) : "A" + std::to_string(one.act); };
  std::string out;
  for (const auto& rule : all.rules) {
    out += (rule.who == kFact ? "\n  fact " : "\n  " + std::to_string(rule.who) + " ") + rule.says + ":";
    for (const auto& way : rule.ways) {
      out += " (";
      for (const auto& atom : way) out += " " + of(atom.what) + ">=" + of(atom.from) + "+" + std::to_string(atom.by);
      out += " )";
    }
  }
  return out;
}

Members everyone(const Rules& all) {
  Members out(std::size_t(all.members));
  for (std::size_t i = 0; i < out.size(); ++i) out[i] = Network::Member(i);
  return out;
}

void check_times(const Rules& all, const Network::Answer& answer, const Members& who) {
  const std::vector<std::int64_t> times(answer.times.begin() + 1, answer.times.end());
  for (const auto& rule : all.rules)
    if (rule.who == kFact || std::find(who.begin(), who.end(), rule.who) != who.end()) CHECK_MESSAGE(keeps(rule, times), "the times break: " << rule.says);
}

void check_is_smallest(Z3& z3, const Members& set) {
  CHECK_FALSE(z3.can_all_be_kept(set));
  for (std::size_t i = 0; i < set.size(); ++i) {
    auto less = set;
    less.erase(less.begin() + std::ptrdiff_t(i));
    CHECK_MESSAGE(z3.can_all_be_kept(less), "member " << set[i] << " isn't needed");
  }
}

}  // namespace

TEST_CASE("N1, N2, N3: small sets of rules are answered as Z3 answers them, with all smallest sets in order") {
  int infeasible = 0, sets = 0;
  for (int round = 0; round < rule_sets(); ++round) {
    Draw draw{std::uint32_t(round)};
    const auto all = draw.rules(draw.any(1, 5), draw.any(1, 9));
    CAPTURE(round);
    CAPTURE(written(all));
    const auto network = to_network(all);
    Z3 z3(all);
    const auto answer = network.solve();
    const bool expected = z3.can_all_be_kept(everyone(all));
    REQUIRE(answer.verdict != Network::Verdict::Undecided);
    REQUIRE(answer.is_feasible() == expected);
    if (expected) check_times(all, answer, everyone(all));
    else CHECK_FALSE(z3.can_all_be_kept(answer.blame));
    const auto given = network.conflicts();
    const auto smallest = z3.smallest_sets(all.members);
    CHECK(given.feasible == expected);
    REQUIRE(smallest.size() <= 64);
    CHECK_FALSE(given.more);
    CHECK(given.sets == smallest);
    infeasible += !expected, sets += int(smallest.size());
  }
  // The lot must not draw one kind only.
  if (rule_sets() >= 100) CHECK((infeasible > rule_sets() / 10 && infeasible < rule_sets() * 19 / 20 && sets > infeasible));
}

TEST_CASE("N2, N3: each set of many rules is smallest by Z3, and what breaks all of them can be kept") {
  int sets = 0;
  for (int round = 0; round < rule_sets() / 30; ++round) {
    Draw draw{std::uint32_t(1'000'000 + round)};
    const auto all = draw.rules(draw.any(3, 12), draw.any(12, 40));
    CAPTURE(round);
    CAPTURE(written(all));
    const auto network = to_network(all);
    Z3 z3(all);
    const auto given = network.conflicts();
    CHECK(given.feasible == z3.can_all_be_kept(everyone(all)));
    CHECK(given.sets.size() <= 64);
    CHECK(given.sets.empty() == given.feasible);
    for (const auto& set : given.sets) check_is_smallest(z3, set);
    CHECK(std::set<Members>(given.sets.begin(), given.sets.end()).size() == given.sets.size());
    for (std::size_t i = 1; i < given.sets.size(); ++i) {
      const auto &a = given.sets[i - 1], &b = given.sets[i];
      CHECK((a.size() != b.size() ? a.size() < b.size() : a < b));
    }
    sets += int(given.sets.size());
    if (given.more || (given.sets.size() == 1 && given.sets[0].empty())) continue;
    // Complete: take one member out of each set, whichever; the rest must be possible, or a set was left out.
    for (int trial = 0; trial < 10; ++trial) {
      std::set<Network::Member> out;
      for (const auto& set : given.sets)
        if (std::none_of(set.begin(), set.end(), [&](auto one) { return out.contains(one); })) out.insert(set[std::size_t(draw.any(0, int(set.size()) - 1))]);
      Members rest;
      for (const auto one : everyone(all))
        if (!out.contains(one)) rest.push_back(one);
      CHECK(z3.can_all_be_kept(rest));
      CHECK(network.solve(rest).is_feasible());
    }
  }
  if (rule_sets() >= 100) CHECK(sets > rule_sets() / 30);
}

TEST_CASE("earliest: by Z3 no act could come a second earlier") {
  int asked = 0;
  for (int round = 0; round < rule_sets() / 3; ++round) {
    Draw draw{std::uint32_t(2'000'000 + round)};
    const auto all = draw.rules(draw.any(1, 4), draw.any(1, 5));
    CAPTURE(round);
    CAPTURE(written(all));
    const auto network = to_network(all);
    Z3 z3(all);
    Members who = everyone(all);
    while (!who.empty() && !z3.can_all_be_kept(who)) who.pop_back();
    if (!z3.can_all_be_kept(who)) continue;
    std::vector<Network::Point> order;
    for (int i = all.acts; i > 0; --i) order.push_back(i);
    const auto best = network.earliest(who, order);
    REQUIRE(best.is_feasible());
    check_times(all, best, who);
    std::vector<std::pair<int, std::int64_t>> exactly;
    for (const auto point : order) {
      const auto at = best.times[std::size_t(point)];
      CHECK_MESSAGE(!z3.could_be_earlier(who, exactly, point - 1, at - 1), "act " << point - 1 << " could come before " << at);
      exactly.emplace_back(point - 1, at);
      ++asked;
    }
  }
  CHECK(asked > 0);
}
