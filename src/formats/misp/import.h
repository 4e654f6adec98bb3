// MISP events as STIX 2.1 objects.
//
// Always holds
//   P1  An event's objects have ids that follow from MISP's uuids: importing it again, changed, gives versions, not doubles.
//   P2  What STIX has no place for is in the extension (extension.h) or in `lost`, with its pointer.
//   P3  Observables carry the markings of the attribute and of the event; where there is no TLP tag, the distribution stands in (unless told otherwise).
//   P4  Every pattern made here is of the pattern language, and is made of values that are valid at their place.
#pragma once

#include "base/json.h"
#include "base/result.h"
#include "formats/converted.h"

namespace sluice::formats::misp {

struct ImportOptions {
  bool marks_by_distribution = true;   // 0: TLP:AMBER+STRICT, 1 and 2: TLP:GREEN, 4: TLP:RED, where no tlp tag says otherwise
};

// {"Event": …}, an event itself, a list of these, or {"response": …} around them. Invalid where there is no event.
Result<Converted> import_events(const json::value& document, const ImportOptions& options = {});

}  // namespace sluice::formats::misp
