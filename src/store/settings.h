// What the site says once and for all about itself, by name; nothing secret.
#pragma once

#include "store/db.h"

namespace sluice::store {

// Which key signs this site's advisories: its fingerprint. A site whose key file is lost must not make another one in silence.
constexpr std::string_view kAdvisoryKey = "advisory_key";

Result<std::optional<std::string>> setting(Queries& db, std::string_view name);
Result<void> put_setting(Tx& tx, std::string_view name, std::string_view value);  // what is there stays

}  // namespace sluice::store
