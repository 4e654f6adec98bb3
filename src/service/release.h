// Advisories on their way out: checked when drafted; composed and checked in every format, and signed, when their release is planned; published in one
// transaction at the instant. What leaves was fixed by its hash when the plan was made; nothing is composed at the instant.
#pragma once

#include "advisory/advisory.h"
#include "service/cases.h"
#include "store/documents.h"

namespace sluice::service {

// What decide() has to be told for this command, looked up or computed: scores, hashes, composed documents (which are stored, sealed).
Result<void> look_up(Unit& unit, Services& services, const cvd::CaseFold& fold, const cvd::Command& command, cvd::Ask& ask);

// What goes with the events in the same transaction, before they are written: publishing, when a release fires. `before`: the case as it was decided on. `actor`: who released early; none: the clock.
Result<void> publish_released(Unit& unit, Services& services, const cvd::CaseFold& before, std::optional<PersonId> actor, const cvd::Command& command, const cvd::Changes& changes);

struct Composed {
  std::vector<store::Document> documents;
  Findings findings;                               // of the checks; errors stand in the way of a plan
  json::array losses;                              // what a format can't carry
};
Result<Composed> compose(const advisory::Advisory& advisory, CaseId id, AdvisoryId advisory_id, int version);

// The dry run of a release: what would go out, to whom, who isn't ready, what the gate says. Records nothing.
json::object dry_run(Services& services, const cvd::CaseFold& fold, const cvd::Release& release, Instant at, std::optional<OrganisationId> own);

}  // namespace sluice::service
