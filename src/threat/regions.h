// Which region of the world a country lies in, by the words of STIX (region-ov, STIX 2.1 §10.19), which are those of the United Nations' standard country codes (M49).
//
// Always holds
//   G1  Each country that is_country() knows lies in exactly one narrowest region.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace sluice::threat {

// "western-europe" of "DE", in any case; "" for what is no country, and for what lies in no region (Antarctica has one of its own).
std::string_view region_of_country(std::string_view code);

// The region around one: "western-europe" -> "europe"; "" around the widest, and around what is no word of region-ov.
std::string_view wider_region(std::string_view region);

// The countries (two capital letters) in a region and all regions within it, sorted. Empty: it is no word of region-ov.
std::vector<std::string> countries_of_region(std::string_view region);

}  // namespace sluice::threat
