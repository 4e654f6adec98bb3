#include "threat/regions.h"

#include <algorithm>

namespace sluice::threat {

namespace {

// United Nations Statistics Division, Standard country or area codes for statistical use (M49): names of regions and their members are facts. Taiwan and Kosovo, which M49 doesn't list,
// stand with their neighbours. STIX says "latin-america-caribbean" for the region around the three of America's south.
struct RegionOfCountries { std::string_view region, within, countries; };
constexpr RegionOfCountries kRegionTable[] = {
    {"africa", "", ""},
    {"eastern-africa", "africa", "BI DJ ER ET IO KE KM MG MU MW MZ RE RW SC SO SS TF TZ UG YT ZM ZW"},
    {"middle-africa", "africa", "AO CD CF CG CM GA GQ ST TD"},
    {"northern-africa", "africa", "DZ EG EH LY MA SD TN"},
    {"southern-africa", "africa", "BW LS NA SZ ZA"},
    {"western-africa", "africa", "BF BJ CI CV GH GM GN GW LR ML MR NE NG SH SL SN TG"},
    {"americas", "", ""},
    {"latin-america-caribbean", "americas", ""},
    {"caribbean", "latin-america-caribbean", "AG AI AW BB BL BQ BS CU CW DM DO GD GP HT JM KN KY LC MF MQ MS PR SX TC TT VC VG VI"},
    {"central-america", "latin-america-caribbean", "BZ CR GT HN MX NI PA SV"},
    {"south-america", "latin-america-caribbean", "AR BO BR BV CL CO EC FK GF GS GY PE PY SR UY VE"},
    {"northern-america", "americas", "BM CA GL PM US"},
    {"asia", "", ""},
    {"central-asia", "asia", "KG KZ TJ TM UZ"},
    {"eastern-asia", "asia", "CN HK JP KP KR MN MO TW"},
    {"southern-asia", "asia", "AF BD BT IN IR LK MV NP PK"},
    {"south-eastern-asia", "asia", "BN ID KH LA MM MY PH SG TH TL VN"},
    {"western-asia", "asia", "AE AM AZ BH CY GE IL IQ JO KW LB OM PS QA SA SY TR YE"},
    {"europe", "", ""},
    {"eastern-europe", "europe", "BG BY CZ HU MD PL RO RU SK UA"},
    {"northern-europe", "europe", "AX DK EE FI FO GB GG IE IM IS JE LT LV NO SE SJ"},
    {"southern-europe", "europe", "AD AL BA ES GI GR HR IT ME MK MT PT RS SI SM VA XK"},
    {"western-europe", "europe", "AT BE CH DE FR LI LU MC NL"},
    {"oceania", "", ""},
    {"australia-new-zealand", "oceania", "AU CC CX HM NF NZ"},
    {"melanesia", "oceania", "FJ NC PG SB VU"},
    {"micronesia", "oceania", "FM GU KI MH MP NR PW UM"},
    {"polynesia", "oceania", "AS CK NU PF PN TK TO TV WF WS"},
    {"antarctica", "", "AQ"},
};

bool lists(std::string_view countries, std::string_view code) {
  for (std::size_t at = 0; at + 2 <= countries.size(); at += 3)
    if (countries.substr(at, 2) == code) return true;
  return false;
}

const RegionOfCountries* region_row(std::string_view region) {
  const auto found = std::find_if(std::begin(kRegionTable), std::end(kRegionTable), [&](const RegionOfCountries& one) { return one.region == region; });
  return found == std::end(kRegionTable) ? nullptr : found;
}

bool is_within(const RegionOfCountries& one, std::string_view region) {
  for (const auto* at = &one; at != nullptr; at = at->within.empty() ? nullptr : region_row(at->within))
    if (at->region == region) return true;
  return false;
}

}  // namespace

std::string_view region_of_country(std::string_view code) {
  if (code.size() != 2) return {};
  std::string capital(code);
  for (auto& c : capital) c = c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
  const auto found = std::find_if(std::begin(kRegionTable), std::end(kRegionTable), [&](const RegionOfCountries& one) { return lists(one.countries, capital); });
  return found == std::end(kRegionTable) ? std::string_view() : found->region;
}

std::string_view wider_region(std::string_view region) {
  const auto* found = region_row(region);
  return found == nullptr ? std::string_view() : found->within;
}

std::vector<std::string> countries_of_region(std::string_view region) {
  std::vector<std::string> out;
  for (const auto& one : kRegionTable)
    if (is_within(one, region))
      for (std::size_t at = 0; at + 2 <= one.countries.size(); at += 3) out.emplace_back(one.countries.substr(at, 2));
  std::sort(out.begin(), out.end());
  return out;
}

}  // namespace sluice::threat
