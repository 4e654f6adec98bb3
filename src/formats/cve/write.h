// The advisory as CVE records (CVE Record Format 5.1, or 5.2 when asked), one a vulnerability.
//
// Always holds
//   R1  What is written passes the official schema; an advisory that missing_for() finds lacking is refused with the first finding.
//   R2  Every set of texts has an English entry; texts in other languages that have no English beside them are left out, with a loss.
//   R3  Versions that no statement names are 'unaffected' where a range says which are affected, else 'unknown'.
#pragma once

#include <string>
#include <vector>

#include "advisory/advisory.h"
#include "base/result.h"
#include "formats/written.h"

namespace sluice::formats::cve {

enum class RecordVersion { V5_1, V5_2 };  // 5.2 names packages by purl, 5.1 by collection and name

struct Record {
  std::string cve;
  json::value record;         // the whole record, as it is published
  json::value cna_container;  // {"cnaContainer": …}: what a CNA sends to POST or PUT /cve/{id}/cna
  Losses losses;
};

// Vulnerabilities without a CVE id have no record, and are in the losses of the first one.
Result<std::vector<Record>> from_advisory(const advisory::Advisory& advisory, RecordVersion version = RecordVersion::V5_1);

}  // namespace sluice::formats::cve
