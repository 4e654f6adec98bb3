// What a write is answered with at once: the site's signature that it recorded this entry at this time. After the tick a receipt takes its place.
//
// Bytes: docs/formats/acknowledgement.md.
#pragma once

#include <boost/describe.hpp>
#include <string>
#include <string_view>

#include "base/findings.h"
#include "base/id.h"
#include "base/json.h"
#include "base/time.h"
#include "ledger/entry.h"
#include "ledger/signature.h"

namespace sluice::ledger {

struct Acknowledgement {
  Hash commit{};
  EntryId id;
  Instant recorded;
  SiteId site;
  Signature sig{};

  json::value value() const;   // for an API answer
  std::string file() const;    // RFC 8785 and a line feed
};

Result<Acknowledgement> acknowledge(SiteId site, const Leaf& leaf, const Signer& signer);

Findings verify_acknowledgement(std::string_view file_bytes, const VerifyingKey& key);

}  // namespace sluice::ledger
