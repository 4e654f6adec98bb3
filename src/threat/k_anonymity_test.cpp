#include "threat/k_anonymity.h"

#include <doctest/doctest.h>
#include <rapidcheck.h>

#include <map>

#include "threat/stix_tables.h"

using namespace sluice;
using namespace sluice::threat;

namespace {

std::vector<CommunityMember> crowd(std::initializer_list<std::tuple<const char*, const char*, int>> groups) {
  std::vector<CommunityMember> out;
  for (const auto& [sector, region, count] : groups)
    for (int i = 0; i < count; ++i) out.push_back({sector, region, Instant{1}});
  return out;
}

std::string level_of(const std::vector<CommunityMember>& members, std::int64_t k, SaidOfSender most = SaidOfSender::SectorAndRegion) {
  const auto level = level_for(members, k, most);
  return level ? to_word(*level) : "none";
}

}  // namespace

TEST_CASE("a level is taken at which nobody's group is small") {
  const auto members = crowd({{"energy", "western-europe", 5}, {"energy", "northern-europe", 5}, {"mining", "western-europe", 5}, {"mining", "northern-europe", 2}});
  CHECK(level_of(members, 2) == "sector_and_region");
  CHECK(level_of(members, 5) == "sector_and_wide_region");
  CHECK(level_of(members, 7) == "sector_and_wide_region");
  CHECK(level_of(members, 8) == "wide_region");             // mining has 7, northern Europe too
  CHECK(level_of(members, 18) == "none");
  CHECK(level_of({}, 2) == "none");
}

TEST_CASE("one rare member makes all say less, else saying nothing would name it") {
  auto members = crowd({{"energy", "western-europe", 10}});
  CHECK(level_of(members, 5) == "sector_and_region");
  members.push_back({"mining", "caribbean", Instant{1}});
  CHECK(level_of(members, 5) == "nothing");
}

TEST_CASE("no more is said than the collection lets be said") {
  const auto members = crowd({{"energy", "western-europe", 9}, {"mining", "western-europe", 9}});
  CHECK(level_of(members, 3, SaidOfSender::SectorAndWideRegion) == "sector_and_wide_region");
  CHECK(level_of(members, 3, SaidOfSender::Sector) == "sector");
  CHECK(level_of(members, 3, SaidOfSender::Region) == "region");
  CHECK(level_of(members, 3, SaidOfSender::WideRegion) == "wide_region");
  CHECK(level_of(members, 3, SaidOfSender::Nothing) == "nothing");
  const auto apart = crowd({{"energy", "western-europe", 9}, {"mining", "western-europe", 1}});
  CHECK(level_of(apart, 3, SaidOfSender::Sector) == "nothing");   // never the region instead
}

TEST_CASE("one alone is no group, whatever k is") {
  CHECK(level_of(crowd({{"energy", "europe", 1}}), 0) == "none");
  CHECK(level_of(crowd({{"energy", "europe", 2}}), 0) == "sector_and_region");
  CHECK(least_group(-3) == 2);
}

TEST_CASE("who came after a label was given doesn't hide anybody") {
  auto members = crowd({{"energy", "europe", 4}});
  members.push_back({"energy", "europe", Instant{100}});
  const SenderLabel label{"energy", "europe"};
  CHECK(group_size(members, label, SaidOfSender::SectorAndRegion, Instant{99}) == 4);
  CHECK(group_size(members, label, SaidOfSender::SectorAndRegion, Instant{100}) == 5);
  CHECK(group_size(members, {"mining", "europe"}, SaidOfSender::SectorAndRegion, Instant{100}) == 0);
}

TEST_CASE("of an organisation's sectors the first that the standard knows counts") {
  CHECK(sector_among(std::vector<std::string>{"nis2:digital", "energy", "mining"}) == "energy");
  CHECK(sector_among(std::vector<std::string>{"nonsense"}) == "");
}

TEST_CASE("A1 whatever the members are, nobody's label has fewer than k of them") {
  CHECK(rc::check([] {
    const auto count = *rc::gen::inRange<std::size_t>(0, 40);
    std::vector<CommunityMember> members;
    for (std::size_t i = 0; i < count; ++i)
      members.push_back({*rc::gen::element<std::string>("", "energy", "mining", "retail"), *rc::gen::element<std::string>("", "western-europe", "northern-europe", "caribbean"), Instant{1}});
    const auto k = *rc::gen::inRange<std::int64_t>(0, 12);
    const auto most = *rc::gen::element(SaidOfSender::SectorAndRegion, SaidOfSender::SectorAndWideRegion, SaidOfSender::Sector, SaidOfSender::Region, SaidOfSender::WideRegion, SaidOfSender::Nothing);
    const auto level = level_for(members, k, most);
    RC_ASSERT(level.has_value() == (static_cast<std::int64_t>(count) >= least_group(k)));
    for (const auto& one : members)
      if (level) RC_ASSERT(group_size(members, label_of(one, *level), *level, Instant{1}) >= least_group(k));
  }));
}
