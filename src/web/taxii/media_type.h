// Which media types a TAXII request may name (TAXII 2.1 §1.6.8, §3.2; RFC 9110 §8.3, §12.5.1): one type, application/taxii+json, whose version may be left out.
//
// Read as lists are written: ranges with parameters, blanks anywhere, quoted values, names in any case.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace sluice::web::taxii {

inline constexpr std::string_view kMediaType = "application/taxii+json;version=2.1";
inline constexpr std::string_view kStixMediaType = "application/stix+json;version=2.1";

struct MediaRange {
  std::string type, subtype;                                        // in lower case; "*" for any
  std::vector<std::pair<std::string, std::string>> parameters;      // names in lower case, values without quotes; without q
  int quality = 1000;                                               // thousandths; 0: not wanted
  bool operator==(const MediaRange&) const = default;
};

// The ranges of an Accept header, or the one type of a Content-Type. What can't be read of a list is left out, and the rest counts.
std::vector<MediaRange> media_ranges(std::string_view header);

// May this request be answered in TAXII 2.1? Yes for the type itself, with version 2.1 or none, and for */* and application/*, unless q=0 refuses it.
bool accepts_taxii(std::string_view accept);
// Is what was sent said to be TAXII 2.1?
bool is_taxii(std::string_view content_type);

}  // namespace sluice::web::taxii
