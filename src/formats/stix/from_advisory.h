// The STIX 2.1 objects of an advisory: who published it, its vulnerabilities, what users can do about each, and that the one mitigates the other.
//
// Pure, and the same for the same advisory: ids follow from names, so that a second version of the advisory makes new versions of the same objects (STIX 2.1 §3.6).
// All of them are marked TLP:CLEAR, as only such an advisory is published. Scores, products and statuses stay with CSAF, which has a place for them: `losses` names them.
#pragma once

#include "advisory/advisory.h"
#include "formats/written.h"

namespace sluice::formats::stix {

struct AdvisoryObjects {
  std::vector<json::object> objects;   // the identity first, so that nothing refers to what comes later
  Losses losses;
};

// `space`: whose ids these are, such as the site's. `created` is the advisory's first release; `modified` is `made`, or that.
AdvisoryObjects from_advisory(const advisory::Advisory& advisory, std::string_view space, Instant made);

}  // namespace sluice::formats::stix
