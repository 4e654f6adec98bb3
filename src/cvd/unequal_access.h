// The unequal access that telling some before all makes: who of a role gets it and who goes without, by role, kind of organisation and country, and for how long.
//
// Counts alone, of what the caller may see. Pure.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "access/viewer.h"
#include "cvd/mitigation_events.h"

namespace sluice::cvd {

struct Reached {
  MitigationRole role = MitigationRole::Deployer;
  access::OrganisationKind kind = access::OrganisationKind::Vendor;
  std::optional<std::string> country;             // none: its profile says none
  bool gets = false;
};

struct AccessRow { std::string word; int gets = 0, goes_without = 0; bool operator==(const AccessRow&) const = default; };
struct UnequalAccess {
  std::vector<AccessRow> by_role, by_kind, by_country;   // by word; a country that nobody said is ""
  std::optional<std::int64_t> head_start;         // whole hours before all others, rounded up; none: nobody has said when all will know
};
UnequalAccess unequal_access(std::span<const Reached> reached, std::optional<Instant> all_know_at, Instant now);

}  // namespace sluice::cvd
