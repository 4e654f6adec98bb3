// Packs and cases drawn by lot through the whole of evaluate(), against Z3: the same sets, of the right kind, and feasible exactly where Z3 says so. SLUICE_RULE_SETS says how many.
#include <doctest/doctest.h>

#include <boost/json/serialize.hpp>
#include <cstdlib>

#include "regimes/built_in.h"
#include "regimes/drawn_case.h"

using namespace sluice;
using namespace sluice::regimes;

namespace {

int drawn_cases() {
  const auto* count = std::getenv("SLUICE_RULE_SETS");
  return count == nullptr ? 300 : std::max(1, std::atoi(count));
}

// 2.7 and E2 of the conventions: a set with a draft would arise only if that bound, and doesn't make the schedule infeasible.
std::string family_of(const oracle::DrawnCase& drawn, const std::vector<std::string>& set) {
  std::set<std::string> forces;
  for (const auto& one : set) forces.insert(drawn.force.at(one));
  if (forces.contains("draft")) return "draft-law";
  if (forces.contains("embargo")) return forces.contains("law") ? "law-embargo" : "policy-embargo";
  if (forces.contains("policy")) return forces.contains("law") ? "law-policy" : "of policies";
  return "of laws";
}
bool is_kind_of(const std::string& kind, const std::string& family) {
  if (family == "of laws" || family == "of policies") return kind == "law-law" || kind == "timing";
  return kind == family;
}

struct Answered {
  std::vector<std::vector<std::string>> sets;
  std::vector<std::string> kinds;
  bool more = false, feasible = true;
};

Answered answered(const oracle::DrawnCase& drawn, const Vocabulary& words) {
  Library library;
  library.words = words;
  for (const auto& yaml : drawn.packs) library.add(yaml, "drawn.yaml");
  for (const auto& one : library.findings) REQUIRE_MESSAGE(one.severity != Severity::Error, one.where << " " << one.message);
  const auto value = parse_json(drawn.scenario);
  REQUIRE(value);
  const auto scenario = read_scenario(*value, library.words);
  REQUIRE_MESSAGE(scenario, (scenario ? "" : scenario.error().message + " " + scenario.error().where));
  const auto answer = evaluate(*scenario, library);
  REQUIRE(answer);
  Answered out;
  for (const auto& one : answer->conflicts.all) {
    if (one.kind == "permission-clash") continue;
    out.sets.push_back(one.members);
    out.kinds.push_back(one.kind);
  }
  CHECK_FALSE(answer->conflicts.cut);
  out.more = answer->conflicts.more, out.feasible = answer->conflicts.feasible;
  return out;
}

std::string listed(const std::vector<std::vector<std::string>>& sets) {
  std::string out = std::to_string(sets.size()) + " sets:";
  for (const auto& set : sets) {
    out += " {";
    for (const auto& one : set) out += " " + one;
    out += " }";
  }
  return out;
}

std::string shown(const oracle::DrawnCase& drawn) {
  std::string out = drawn.scenario;
  for (const auto& yaml : drawn.packs) out += "\n" + yaml;
  return out;
}

}  // namespace

TEST_CASE("C1, C2: packs and cases drawn by lot have the conflicts that Z3 finds, all of them, in order") {
  static const auto words = built_in_library()->words;
  int with_conflict = 0, with_embargo = 0;
  for (int round = 0; round < drawn_cases(); ++round) {
    oracle::CaseDraw draw(std::uint32_t(round), {.rules = 3 + round % 10, .shapes = 2 + round % 2});
    const auto drawn = draw.drawn();
    CAPTURE(round);
    CAPTURE(shown(drawn));
    oracle::Z3 z3(drawn.rules);
    const auto expected = drawn.named(z3.smallest_sets(drawn.rules.members));
    const auto given = answered(drawn, words);
    REQUIRE(expected.size() <= 64);
    CHECK_MESSAGE(given.sets == expected, "the engine says " << listed(given.sets) << ", Z3 says " << listed(expected));
    if (given.sets != expected) continue;
    CHECK_FALSE(given.more);
    bool feasible = true;
    for (std::size_t i = 0; i < expected.size(); ++i) {
      const auto family = family_of(drawn, expected[i]);
      CHECK_MESSAGE(is_kind_of(given.kinds[i], family), "kind " << given.kinds[i] << " of a set " << family);
      feasible = feasible && family == "draft-law";
      with_embargo += family == "law-embargo";
    }
    CHECK(given.feasible == feasible);
    with_conflict += !expected.empty();
  }
  if (drawn_cases() >= 100) CHECK((with_conflict > drawn_cases() / 5 && with_conflict < drawn_cases() && with_embargo > 0));
}
