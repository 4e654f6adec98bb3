// The key that signs this site's advisories (KEY-6): an OpenPGP key in a sealed file of its own, keys/advisory.key, apart from the ledger's.
//
// Always holds
//   A1  A site has one such key for good: the database remembers its fingerprint, so a lost or foreign file is an error that says so, not a new key.
#pragma once

#include "service/openpgp.h"
#include "service/site.h"

namespace sluice::service {

// Made on the first call for a site, at `init` or when a site that has none is first served; opened from then on.
Result<std::unique_ptr<OpenPgpKey>> advisory_key(store::Db& db, const OpenSite& site, Instant now);

}  // namespace sluice::service
