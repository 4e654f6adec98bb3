#include "cvd/unequal_access.h"

#include <doctest/doctest.h>

using namespace sluice;
using namespace sluice::cvd;

TEST_CASE("unequal access counts who gets it and who goes without, by role, kind and country") {
  using enum access::OrganisationKind;
  const Reached reached[] = {
      {MitigationRole::Deployer, Operator, "DE", true}, {MitigationRole::Deployer, Operator, "CN", false}, {MitigationRole::Deployer, Member, "DE", true}, {MitigationRole::Defender, Authority, {}, false},
  };
  const auto now = *parse_instant("2026-01-01T00:00:00Z");
  const auto made = unequal_access(reached, {}, now);
  CHECK(made.by_role == std::vector<AccessRow>{{"defender", 0, 1}, {"deployer", 2, 1}});
  CHECK(made.by_kind == std::vector<AccessRow>{{"authority", 0, 1}, {"member", 1, 0}, {"operator", 1, 1}});
  CHECK(made.by_country == std::vector<AccessRow>{{"", 0, 1}, {"CN", 0, 1}, {"DE", 2, 0}});
  CHECK_FALSE(made.head_start);
}

TEST_CASE("the head start is whole hours, rounded up, and never less than none") {
  const auto now = *parse_instant("2026-01-01T00:00:00Z");
  struct Row { Duration later; std::int64_t hours; };
  for (const auto& row : {Row{std::chrono::hours(48), 48}, Row{std::chrono::minutes(61), 2}, Row{std::chrono::seconds(1), 1}, Row{Duration{}, 0}, Row{-std::chrono::hours(5), 0}}) {
    CAPTURE(row.hours);
    CHECK(unequal_access({}, now + row.later, now).head_start == row.hours);
  }
}
