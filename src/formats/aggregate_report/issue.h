// What stands on an aggregate report beside its figures: which version of which report this is, how it is marked, who stands behind it. The same for page, CSV and STIX.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/time.h"
#include "base/tlp.h"

namespace sluice::formats::aggregate_report {

struct Issue {
  std::string id;                        // of the report; ids of STIX objects follow from it
  std::string version = "1";
  Instant created, modified;             // of the first version, of this one
  std::optional<Instant> published;      // absent: a draft, and it says so
  TlpLabel tlp = Tlp::AmberStrict;
  std::vector<std::string> endorsers;    // names of the organisations that endorsed this version
  std::vector<std::string> duties;       // sentences: what whoever passes the report on has to do
};

}  // namespace sluice::formats::aggregate_report
