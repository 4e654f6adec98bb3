#include "threat/k_anonymity.h"

#include <algorithm>
#include <array>
#include <map>

#include "threat/regions.h"
#include "threat/stix_tables.h"

namespace sluice::threat {

namespace {

constexpr std::array kLevels{SaidOfSender::SectorAndRegion, SaidOfSender::SectorAndWideRegion, SaidOfSender::Sector, SaidOfSender::Region, SaidOfSender::WideRegion, SaidOfSender::Nothing};

std::string widest_region(std::string_view region) {
  while (!wider_region(region).empty()) region = wider_region(region);
  return std::string(region);
}

}  // namespace

std::int64_t least_group(std::int64_t k) { return std::max<std::int64_t>(k, 2); }

SenderLabel label_of(const CommunityMember& member, SaidOfSender level) {
  switch (level) {
    case SaidOfSender::SectorAndRegion: return {member.sector, member.region};
    case SaidOfSender::SectorAndWideRegion: return {member.sector, widest_region(member.region)};
    case SaidOfSender::Sector: return {member.sector, ""};
    case SaidOfSender::Region: return {"", member.region};
    case SaidOfSender::WideRegion: return {"", widest_region(member.region)};
    case SaidOfSender::Nothing: break;
  }
  return {};
}

std::optional<SaidOfSender> level_for(std::span<const CommunityMember> members, std::int64_t k, SaidOfSender most) {
  for (const auto level : kLevels) {
    // A2: what a level says more than `most` doesn't is never said, also where it comes later in the order.
    const bool has_sector = level <= SaidOfSender::Sector, has_region = level != SaidOfSender::Sector && level != SaidOfSender::Nothing;
    const bool is_wide = level == SaidOfSender::SectorAndWideRegion || level == SaidOfSender::WideRegion;
    const bool may_sector = most <= SaidOfSender::Sector, may_region = most != SaidOfSender::Sector && most != SaidOfSender::Nothing;
    const bool only_wide = most == SaidOfSender::SectorAndWideRegion || most == SaidOfSender::WideRegion;
    if ((has_sector && !may_sector) || (has_region && (!may_region || (only_wide && !is_wide)))) continue;
    std::map<SenderLabel, std::int64_t> groups;
    for (const auto& one : members) ++groups[label_of(one, level)];
    const bool fits = !groups.empty() && std::all_of(groups.begin(), groups.end(), [k](const auto& group) { return group.second >= least_group(k); });
    if (fits) return level;
  }
  return std::nullopt;
}

std::int64_t group_size(std::span<const CommunityMember> members, const SenderLabel& label, SaidOfSender level, Instant given) {
  return std::count_if(members.begin(), members.end(), [&](const CommunityMember& one) { return one.since <= given && label_of(one, level) == label; });
}

std::string sector_among(std::span<const std::string> sectors) {
  for (const auto& one : sectors)
    if (stix::has_word(stix::Vocabulary::IndustrySector, one)) return one;
  return {};
}

}  // namespace sluice::threat
