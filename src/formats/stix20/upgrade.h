// STIX 2.0 bundles and objects as STIX 2.1, with what was lost and what had to be assumed.
//
// Always holds
//   U1  Ids, created and modified stay as sent: release after release gives versions, not doubles.
//   U2  An object that says it is STIX 2.1 comes out as it came in.
//   U3  Whoever may not read an observed-data object may not read its observables either: its markings go onto each of them.
//   U4  Observables get the ids of STIX 2.1 §2.9, so the same one from two sources is one.
// The tables are data (tables.h); docs/formats/stix20.md shows them.
#pragma once

#include <string>
#include <string_view>

#include "base/json.h"
#include "base/result.h"
#include "formats/converted.h"

namespace sluice::formats::stix20 {

// A bundle, a list of objects, or one object. Invalid where it is none of these; whatever is wrong with single objects is in `lost`.
Result<Converted> upgrade(const json::value& document);

// A pattern with the names of STIX 2.1, START and STOP with timestamps (§9.6). What can't be read stays as it is.
struct UpgradedPattern {
  std::string text;
  bool has_changed = false;
  std::string lost;      // a sentence, or ""
};
UpgradedPattern upgrade_pattern(std::string_view pattern);

}  // namespace sluice::formats::stix20
