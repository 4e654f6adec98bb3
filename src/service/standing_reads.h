// What a member's standing lets it read: each page of a collection, narrowed by the table that the alliance voted for. Without such a table nothing is narrowed, and nothing is asked.
//
//   TRY(const auto allowance, allowance_for(services, viewer, seen));                 // before a connection is leased
//   TRY(const auto page, page_under(services, tx, allowance, seen, wanted, parts, {}));  // in the place of filtered_page
//
// Always holds
//   W1  A page holds nothing that filtered_page would not give.
//   W2  What is withheld for a time ends the page, and nothing after it is given: whoever goes on from its last object meets each object once.
//   W3  One's own objects, what was given before, and revocations of what was given are never withheld by standing.
#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <span>

#include "service/services.h"
#include "service/threat_filter.h"
#include "store/objects.h"
#include "threat/contribution.h"

namespace sluice::service {

// Where organisations stand, remembered for a minute.
class Standings {
 public:
  struct Known {
    Duration at{};
    threat::Standing standing;
    std::shared_ptr<const threat::StandingRules> rules;
  };
  std::optional<Known> known(OrganisationId id, Duration now);
  void know(OrganisationId id, Known known);

 private:
  std::mutex mutex_;
  std::map<OrganisationId, Known> known_;
};

Result<threat::Allowance> allowance_for(Services& services, const access::Viewer& viewer, const store::CollectionSeen& seen);
// Of each collection by its number, for whoever looks at single objects rather than pages; before a connection is leased.
using Allowances = std::map<std::int64_t, threat::Allowance>;
Result<Allowances> allowances_for(Services& services, const access::Viewer& viewer, std::span<const store::CollectionSeen> collections);
// Does standing give this object now? If so it counts as one that was given.
Result<bool> is_given(store::Queries& db, Allowances& allowances, const store::CollectionSeen& seen, const store::PostedObject& posted);
Result<store::ObjectPage> page_under(Services& services, store::Tx& tx, threat::Allowance allowance, const store::CollectionSeen& seen, store::ObjectsWanted wanted, store::Parts parts, const ContentFilter& filter);

}  // namespace sluice::service
