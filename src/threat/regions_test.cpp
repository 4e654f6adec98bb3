#include <doctest/doctest.h>

#include <algorithm>

#include "base/countries.h"
#include "threat/regions.h"
#include "threat/stix_tables.h"

namespace sluice::threat {

TEST_CASE("every country lies in one region, and each region's countries are countries") {
  int countries = 0;
  for (char a = 'A'; a <= 'Z'; ++a)
    for (char b = 'A'; b <= 'Z'; ++b) {
      const std::string code{a, b};
      CAPTURE(code);
      const auto region = region_of_country(code);
      CHECK(region.empty() != is_country(code));
      if (region.empty()) continue;
      ++countries;
      const auto all = countries_of_region(region);
      CHECK(std::count(all.begin(), all.end(), code) == 1);
    }
  CHECK(countries > 240);
}

TEST_CASE("a wide region holds the countries of those within it") {
  CHECK(region_of_country("de") == "western-europe");
  const auto asia = countries_of_region("asia"), europe = countries_of_region("europe");
  CHECK(std::count(asia.begin(), asia.end(), "CN") == 1);
  CHECK(std::count(europe.begin(), europe.end(), "CN") == 0);
  CHECK(countries_of_region("americas").size() == countries_of_region("latin-america-caribbean").size() + countries_of_region("northern-america").size());
  CHECK(countries_of_region("atlantis").empty());
  CHECK(region_of_country("EU").empty());
}

}  // namespace sluice::threat
