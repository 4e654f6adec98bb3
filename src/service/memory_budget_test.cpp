#include "service/memory_budget.h"

#include <doctest/doctest.h>

#include <optional>
#include <vector>

namespace sluice::service {

TEST_CASE("U1_no_more_than_all_and_no_more_than_each") {
  MemoryBudget budget(100, 60);
  auto one = budget.take("a", 40);
  REQUIRE(one);
  CHECK(budget.take("a", 21).error().code == "busy");
  CHECK(budget.take("a", 21).error().kind == ErrorKind::Unavailable);
  auto two = budget.take("a", 20), three = budget.take("b", 40);
  REQUIRE(two);
  REQUIRE(three);
  CHECK(budget.taken() == 100);
  CHECK_FALSE(budget.take("c", 1));
  CHECK(budget.take("c", 0));
  *one = {};
  CHECK(budget.taken() == 60);
  CHECK(budget.take("c", 40));
}

TEST_CASE("U1_a_first_share_may_be_larger_than_each") {
  MemoryBudget budget(100, 60);
  auto large = budget.take("a", 90);
  REQUIRE(large);
  CHECK_FALSE(budget.take("a", 1));
  CHECK(budget.take("b", 10));
  CHECK_FALSE(budget.take("b", 101));
}

TEST_CASE("a share outlives its budget, moves, and is given back once") {
  std::optional<MemoryBudget> budget(std::in_place, 100, 100);
  std::vector<MemoryBudget::Share> held;
  for (int i = 0; i < 10; ++i) held.push_back(budget->take("a", 10).value());
  CHECK(budget->taken() == 100);
  held.erase(held.begin(), held.begin() + 5);
  CHECK(budget->taken() == 50);
  budget.reset();
  held.clear();
}

}  // namespace sluice::service
