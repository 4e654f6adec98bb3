// The advisory as OSV records (schema 1.7), one a vulnerability that affects a package of a known ecosystem.
//
// Always holds
//   O1  What is written passes the official schema; an advisory that missing_for() finds lacking is refused with the first finding.
//   O2  A record's id begins with "x_", as ids of databases that OSV has no prefix for do; the CVE id is an alias.
//   O3  A range has one introduced event before each fixed or last_affected one, and never both of these.
#pragma once

#include <string>
#include <vector>

#include "advisory/advisory.h"
#include "base/result.h"
#include "formats/written.h"

namespace sluice::formats::osv {

struct Record {
  std::string id;
  json::value record;
  Losses losses;
};

// Vulnerabilities without any such package have no record, and are in the losses of the first one.
Result<std::vector<Record>> from_advisory(const advisory::Advisory& advisory);

}  // namespace sluice::formats::osv
