#include "threat/suppression.h"

#include <doctest/doctest.h>
#include <rapidcheck.h>

#include <algorithm>
#include <string>

#include "threat/aggregate_count.h"

using namespace sluice;
using namespace sluice::threat;

namespace {

SumFigure a_figure(std::int64_t value, bool is_small = false, std::int64_t room = 4) { return {.from = 0, .to = 1, .value = value, .least = 1, .most = 100, .room = room, .is_small = is_small}; }

// Somebody who tries to work out what was left out, in another way than the code that left it out: sums and ranges, narrowed as far as they go, then tried value by value.
class Solver {
 public:
  struct Unknown { std::int64_t least = 0, most = 0; };
  struct Sum { std::vector<std::pair<std::size_t, int>> parts; std::int64_t total = 0; };   // sign times value, added up

  std::size_t unknown(std::int64_t least, std::int64_t most) { return ranges_.push_back({least, most}), ranges_.size() - 1; }
  void sum(Sum one) { sums_.push_back(std::move(one)); }

  // How many values of it are possible, up to `enough`.
  std::int64_t possible(std::size_t which, std::int64_t enough) {
    std::int64_t out = 0;
    auto all = ranges_;
    if (!narrowed(all)) return 0;
    for (auto value = all[which].least; value <= all[which].most && out < enough; ++value) {
      auto some = all;
      some[which] = {value, value};
      steps_ = 0;
      out += exists(some);
    }
    return out;
  }

 private:
  bool narrowed(std::vector<Unknown>& ranges) const {
    for (bool again = true; again;) {
      again = false;
      for (const auto& sum : sums_) {
        std::int64_t low = 0, high = 0;
        for (const auto& [part, sign] : sum.parts) low += sign > 0 ? ranges[part].least : -ranges[part].most, high += sign > 0 ? ranges[part].most : -ranges[part].least;
        if (low > sum.total || high < sum.total) return false;
        for (const auto& [part, sign] : sum.parts) {
          auto& range = ranges[part];
          const auto own_low = sign > 0 ? range.least : -range.most, own_high = sign > 0 ? range.most : -range.least;
          const auto new_low = std::max(own_low, sum.total - (high - own_high)), new_high = std::min(own_high, sum.total - (low - own_low));
          if (new_low > new_high) return false;
          if (new_low == own_low && new_high == own_high) continue;
          if (sign > 0) range = {new_low, new_high};
          else range = {-new_high, -new_low};
          again = true;
          low += new_low - own_low, high += new_high - own_high;
        }
      }
    }
    return true;
  }
  bool exists(std::vector<Unknown> ranges) {
    RC_ASSERT(++steps_ < 200'000);
    if (!narrowed(ranges)) return false;
    std::size_t next = ranges.size();
    for (std::size_t i = 0; i < ranges.size(); ++i)
      if (ranges[i].least < ranges[i].most && (next == ranges.size() || ranges[i].most - ranges[i].least < ranges[next].most - ranges[next].least)) next = i;
    if (next == ranges.size()) return true;
    for (auto value = ranges[next].least; value <= ranges[next].most; ++value) {
      auto some = ranges;
      some[next] = {value, value};
      if (exists(std::move(some))) return true;
    }
    return false;
  }

  std::vector<Unknown> ranges_;
  std::vector<Sum> sums_;
  std::int64_t steps_ = 0;
};

std::int64_t known_least(const Tally& tally) {
  std::int64_t out = 1;
  for (const auto& [sender, count] : tally.by_sender) out = std::max(out, count);
  return out;
}

CountedObjects some_objects(std::size_t most, int sectors, int regions, int senders) {
  CountedObjects out;
  const auto count = *rc::gen::inRange<std::size_t>(1, most);
  const bool is_skewed = *rc::gen::arbitrary<bool>();
  for (std::size_t i = 0; i < count; ++i) {
    CountedObject one;
    const auto word = [&](const char* kind, int kinds) {
      const auto drawn = *rc::gen::inRange(0, is_skewed ? 2 * kinds : kinds);
      return std::string(kind) + std::to_string(drawn < kinds ? drawn : 0);
    };
    for (int n = *rc::gen::element(0, 1, 1, 1, 2); n > 0; --n) one.sectors.insert(word("s", sectors));
    for (int n = *rc::gen::element(0, 1, 1, 1, 2); n > 0; --n) one.regions.insert(word("r", regions));
    one.senders.insert(*rc::gen::inRange(0, senders));
    out["o" + std::to_string(i)] = one;
  }
  return out;
}

}  // namespace

TEST_CASE("a small figure takes another with it, the cheapest that gives it room") {
  const std::vector<SumFigure> figures = {a_figure(3, true), a_figure(40), a_figure(9), a_figure(60)};
  const auto out = left_out_of(2, figures);
  REQUIRE(out);
  CHECK(*out == std::vector<bool>{true, false, true, false});
  CHECK(room_of(2, figures, *out, 0, 4) == 4);
  CHECK(room_of(2, figures, {true, false, false, false}, 0, 4) == 0);   // alone it is what the others leave of the sum
}

TEST_CASE("small figures don't hide each other where their sum says what each is") {
  const std::vector<SumFigure> ones = {a_figure(1, true), a_figure(1, true), a_figure(1, true), a_figure(30)};
  const auto out = left_out_of(2, ones);
  REQUIRE(out);
  CHECK((*out)[3]);   // three lines that add up to three are one each
  const std::vector<SumFigure> nothing_else = {a_figure(1, true), a_figure(1, true), a_figure(1, true)};
  CHECK_FALSE(left_out_of(2, nothing_else));
}

TEST_CASE("nothing small, nothing left out; what is fixed is never left out") {
  const auto out = left_out_of(2, std::vector<SumFigure>{a_figure(7), a_figure(8)});
  REQUIRE(out);
  CHECK(*out == std::vector<bool>{false, false});
  std::vector<SumFigure> figures = {a_figure(3, true), a_figure(9), a_figure(60)};
  figures[1].is_fixed = true;
  const auto other = left_out_of(2, figures);
  REQUIRE(other);
  CHECK(*other == std::vector<bool>{true, false, true});
  CHECK(left_out_of(0, {})->empty());
}

TEST_CASE("P1_a_figure_of_one_table_cannot_be_solved") {
  CHECK(rc::check("P1 one table", [] {
    const auto objects = some_objects(60, 6, 1, 7);
    const CountLimits limits{*rc::gen::inRange<std::int64_t>(3, 7), *rc::gen::inRange<std::int64_t>(2, 4)};
    const auto all = static_cast<std::int64_t>(objects.size());
    const auto tallies = tallies_of(objects, Breakdown::Sector);
    const auto out = told(tallies, all, limits);
    RC_CLASSIFY(out.lines.empty(), "nothing told");
    RC_CLASSIFY(!out.lines.empty() && !out.is_complete, "some told, some left out");
    Solver solver;
    Solver::Sum sum;
    std::vector<std::size_t> unknown;
    for (const auto& [line, tally] : tallies) {
      const auto told_as = out.lines.find(line);
      if (told_as != out.lines.end()) {
        RC_ASSERT(told_as->second == tally.objects);
        RC_ASSERT(!is_small(tally, limits));
        continue;
      }
      unknown.push_back(solver.unknown(known_least(tally), all));
      sum.parts.emplace_back(unknown.back(), 1);
      sum.total += tally.objects;   // what all lines add up to is taken as known
    }
    if (out.lines.empty()) return;   // then the sum of the table isn't told either
    solver.sum(sum);
    for (const auto one : unknown) RC_ASSERT(solver.possible(one, limits.objects) >= limits.objects);
  }));
}

TEST_CASE("P1_a_field_of_sector_by_region_cannot_be_solved_from_both_tables") {
  CHECK(rc::check("P1 both tables", [] {
    const auto objects = some_objects(*rc::gen::element<std::size_t>(20, 80), *rc::gen::inRange(1, 4), *rc::gen::inRange(1, 4), *rc::gen::element(3, 7));
    const CountLimits limits{*rc::gen::inRange<std::int64_t>(3, 6), *rc::gen::inRange<std::int64_t>(2, 4)};
    const auto all = static_cast<std::int64_t>(objects.size());
    const auto sectors = tallies_of(objects, Breakdown::Sector), regions = tallies_of(objects, Breakdown::Region);
    const auto cells = grid_of(objects);
    const auto out = told(sectors, regions, cells, all, limits);
    RC_CLASSIFY(out.cells.empty(), "no fields told");
    RC_CLASSIFY(!out.cells.empty() && !out.is_complete, "some fields told, some left out");
    if (out.cells.empty() && !out.is_complete) return;   // then the tables stand each for itself, as above
    Solver solver;
    std::vector<std::size_t> unknown;
    Solver::Sum by_sector, by_region;
    std::map<std::string, Solver::Sum> of_sector, of_region;
    const auto add = [&](const Tally& tally, std::optional<std::int64_t> told_as, std::int64_t least, std::int64_t most, std::vector<std::pair<Solver::Sum*, int>> sums) {
      if (told_as) {
        RC_ASSERT(*told_as == tally.objects);
        RC_ASSERT(!is_small(tally, limits));
        return;
      }
      const auto one = solver.unknown(std::max(least, known_least(tally)), most);
      unknown.push_back(one);
      for (const auto& [sum, sign] : sums) sum->parts.emplace_back(one, sign), sum->total += sign * tally.objects;
    };
    const auto told_at = [](const auto& map, const auto& key) { const auto found = map.find(key); return found == map.end() ? std::nullopt : std::optional(found->second); };
    for (const auto& [line, tally] : sectors) {
      std::int64_t least = 1;
      for (const auto& [key, count] : out.cells) if (key.first == line) least = std::max(least, count);
      add(tally, told_at(out.sectors.lines, line), least, all, {{&by_sector, 1}, {&of_sector[line], -1}});
    }
    for (const auto& [line, tally] : regions) {
      std::int64_t least = 1;
      for (const auto& [key, count] : out.cells) if (key.second == line) least = std::max(least, count);
      add(tally, told_at(out.regions.lines, line), least, all, {{&by_region, 1}, {&of_region[line], -1}});
    }
    for (const auto& [key, tally] : cells)
      add(tally, told_at(out.cells, key), 1, std::min(told_at(out.sectors.lines, key.first).value_or(all), told_at(out.regions.lines, key.second).value_or(all)),
          {{&of_sector[key.first], 1}, {&of_region[key.second], 1}});
    solver.sum(by_sector), solver.sum(by_region);
    for (const auto* some : {&of_sector, &of_region})
      for (const auto& [line, sum] : *some) solver.sum(sum);
    for (const auto one : unknown) RC_ASSERT(solver.possible(one, limits.objects) >= limits.objects);
  }));
}
