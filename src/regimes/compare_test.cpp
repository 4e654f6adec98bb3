// Two regimes beside each other, in the built-in packs: which rules are counterparts, and which clash.
#include <doctest/doctest.h>

#include <algorithm>

#include "regimes/built_in.h"
#include "regimes/compare.h"

using namespace sluice;
using namespace sluice::regimes;

namespace {

const Library& packs_compared() {
  static const auto kPacks = built_in_library();
  REQUIRE(kPacks);
  return *kPacks;
}

// "" where it has none.
std::string counterpart(const Comparison& all, std::string_view rule) {
  for (const auto& pair : all.pairs)
    if (pair.a.rule.rule->id == rule) return pair.b.rule.rule->id;
  return {};
}

}  // namespace

TEST_CASE("counterparts are the rules on the same act, of the same subject, about the same thing") {
  const Shelf shelf(packs_compared(), {});
  const auto all = compare(shelf, packs_compared().packs.at("cn-miit-2019d"), packs_compared().packs.at("cn-rmsv-2021"));
  const struct { const char *draft, *law; } kPairs[] = {
      {"art3-1-verify", "art7-1"}, {"art3-1-product", "art7-3"}, {"art3-1-service", "art8"}, {"art3-2-platform", "art7-2"}, {"art6-1", "art9-1"}, {"art6-2", "art9-3"},
      {"art6-3", "art9-4"},        {"art6-4", "art9-5"},         {"art7", "art11"},          {"art10", "art10-enc"},        {"art11", ""},
  };
  for (const auto& [draft, law] : kPairs) {
    CAPTURE(draft);
    CHECK(counterpart(all, std::string("cn-miit-2019d/") + draft) == (*law == 0 ? "" : std::string("cn-rmsv-2021/") + law));
  }
  // K1
  CHECK(all.pairs.size() + all.only_a.size() == packs_compared().packs.at("cn-miit-2019d").rules.size());
  CHECK(all.pairs.size() + all.only_b.size() == packs_compared().packs.at("cn-rmsv-2021").rules.size());
}

TEST_CASE("a clash is of one act: a ban on a content is kept by whoever repairs or informs without it") {
  const Shelf shelf(packs_compared(), {});
  const auto found = overlaps(shelf, {&packs_compared().packs.at("cn-cac-2019d"), &packs_compared().packs.at("cn-miit-2019d")}, "", "clash");
  REQUIRE(found);
  const auto clashes = [&](std::string_view a, std::string_view b) { return std::any_of(found->begin(), found->end(), [&](const Overlap& one) { return one.a.rule.rule->id == a && one.b.rule.rule->id == b; }); };
  CHECK(clashes("cn-cac-2019d/art8-a", "cn-miit-2019d/art6-1"));   // letter 1, no. 7
  CHECK(clashes("cn-cac-2019d/art8-b", "cn-miit-2019d/art6-1"));
  for (const auto& one : *found) {
    CAPTURE(one.a.rule.rule->id + " " + one.b.rule.rule->id);
    CHECK(one.act.find("remediate") == std::string::npos);
    CHECK(one.act.find("inform-users") == std::string::npos);
  }
}
