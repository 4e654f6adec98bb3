// An organisation's disclosure policy (ISO/IEC 29147 clause 9), as a page, as data, and as security.txt (RFC 9116).
#pragma once

#include "web/pages/layout.h"

namespace sluice::web::pages {

std::string policy_page(const Frame& frame, const store::OrganisationRow& organisation);
json::object policy_json(const Frame& frame, const store::OrganisationRow& organisation);

// Expires on a midnight a bit less than half a year ahead, so that the file is the same all day and never goes stale while the site runs.
std::string security_txt_of(const std::string& address, const store::OrganisationRow& organisation, Instant now);

}  // namespace sluice::web::pages
