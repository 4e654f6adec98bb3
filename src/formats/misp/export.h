// STIX 2.1 objects as MISP events (core format, JSON).
//
// Always holds
//   X1  A report or grouping is an event; what none of them refers to is in one event of its own.
//   X2  What was imported from MISP comes out with its uuids, types, categories, to_ids, comments, times and tags; if its pattern was changed since, the pattern counts.
//   X3  TLP markings become tlp tags on what they mark; nothing marked comes out unmarked.
//   X4  What MISP has no place for is in `losses`, with its pointer into what was given.
#pragma once

#include "base/json.h"
#include "base/result.h"
#include "formats/written.h"

namespace sluice::formats::misp {

// A bundle, an envelope, a list of objects or one object to {"response": [{"Event": …}, …]}. Invalid where there is no STIX object.
Result<Written> export_events(const json::value& document);

}  // namespace sluice::formats::misp
