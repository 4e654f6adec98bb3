#include "threat/k_anonymity.h"

#include <algorithm>
#include <array>
#include <map>

#include "threat/stix_tables.h"

namespace sluice::threat {

namespace {

// STIX 2.1 §10.22 region-ov: which region lies in which.
constexpr std::pair<std::string_view, std::string_view> kRegionsAround[] = {
    {"eastern-africa", "africa"},   {"middle-africa", "africa"},     {"northern-africa", "africa"},   {"southern-africa", "africa"},  {"western-africa", "africa"},
    {"caribbean", "latin-america-caribbean"}, {"central-america", "latin-america-caribbean"}, {"south-america", "latin-america-caribbean"},
    {"latin-america-caribbean", "americas"},  {"northern-america", "americas"},
    {"central-asia", "asia"},       {"eastern-asia", "asia"},        {"southern-asia", "asia"},       {"south-eastern-asia", "asia"}, {"western-asia", "asia"},
    {"eastern-europe", "europe"},   {"northern-europe", "europe"},   {"southern-europe", "europe"},   {"western-europe", "europe"},
    {"australia-new-zealand", "oceania"}, {"melanesia", "oceania"},  {"micronesia", "oceania"},       {"polynesia", "oceania"},
};

// M49's regions with the countries in them, two letters each. The code TW of ISO 3166-1 has no row of its own there, and stands with those around it.
constexpr std::pair<std::string_view, std::string_view> kCountriesOf[] = {
    {"northern-africa", "DZ EG EH LY MA SD TN"},
    {"eastern-africa", "BI DJ ER ET IO KE KM MG MU MW MZ RE RW SC SO SS TF TZ UG YT ZM ZW"},
    {"middle-africa", "AO CD CF CG CM GA GQ ST TD"},
    {"southern-africa", "BW LS NA SZ ZA"},
    {"western-africa", "BF BJ CI CV GH GM GN GW LR ML MR NE NG SH SL SN TG"},
    {"caribbean", "AG AI AW BB BL BQ BS CU CW DM DO GD GP HT JM KN KY LC MF MQ MS PR SX TC TT VC VG VI"},
    {"central-america", "BZ CR GT HN MX NI PA SV"},
    {"south-america", "AR BO BR BV CL CO EC FK GF GS GY PE PY SR UY VE"},
    {"northern-america", "BM CA GL PM US"},
    {"antarctica", "AQ"},
    {"central-asia", "KG KZ TJ TM UZ"},
    {"eastern-asia", "CN HK JP KP KR MN MO TW"},
    {"south-eastern-asia", "BN ID KH LA MM MY PH SG TH TL VN"},
    {"southern-asia", "AF BD BT IN IR LK MV NP PK"},
    {"western-asia", "AE AM AZ BH CY GE IL IQ JO KW LB OM PS QA SA SY TR YE"},
    {"eastern-europe", "BG BY CZ HU MD PL RO RU SK UA"},
    {"northern-europe", "AX DK EE FI FO GB GG IE IM IS JE LT LV NO SE SJ"},
    {"southern-europe", "AD AL BA ES GI GR HR IT ME MK MT PT RS SI SM VA"},
    {"western-europe", "AT BE CH DE FR LI LU MC NL"},
    {"australia-new-zealand", "AU CC CX HM NF NZ"},
    {"melanesia", "FJ NC PG SB VU"},
    {"micronesia", "FM GU KI MH MP NR PW UM"},
    {"polynesia", "AS CK NU PF PN TK TO TV WF WS"},
};

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

std::string_view wider_region(std::string_view region) {
  for (const auto& [inner, outer] : kRegionsAround)
    if (inner == region) return outer;
  return {};
}

std::string_view region_of_country(std::string_view country) {
  if (country.size() != 2 || country.find(' ') != country.npos) return {};
  for (const auto& [region, countries] : kCountriesOf)
    for (std::size_t at = 0; at + 2 <= countries.size(); at += 3)
      if (countries.substr(at, 2) == country) return region;
  return {};
}

std::string sector_among(std::span<const std::string> sectors) {
  for (const auto& one : sectors)
    if (stix::has_word(stix::Vocabulary::IndustrySector, one)) return one;
  return {};
}

}  // namespace sluice::threat
