// From a case to what a viewer's organisation is in it: the facts that access::authorize draws its conclusions from.
#pragma once

#include "cvd/case.h"
#include "cvd/commands.h"

namespace sluice::cvd {

access::Standing standing_of(const CaseFold& fold, OrganisationId organisation);
access::Standing standing_of_reporter(ReportId report);

// False for events of which it is known that they change nobody's standing and no compartment: talk and work inside a case.
bool may_change_standing(const Event& event);

// The same, towards what this command of `self` is about: whose it is, which report, and whether it removes the last coordinator or the owner.
access::Standing standing_towards(const CaseFold& fold, access::Standing standing, std::optional<OrganisationId> self, const Command& command);

// All compartments of the case: coordination, shared, one a participant, one a report, one a named group.
std::vector<access::Compartment> compartments_of(const CaseFold& fold);

// Which organisations the viewer may know to take part: all for the owner and its coordinators; else the owner, the coordinators, itself, and to whom it sent a report (EXI-10).
bool may_know_of(const CaseFold& fold, const access::Standing& standing, std::optional<OrganisationId> viewer, OrganisationId other);

bool contact_is_withheld(const ReportCard& report, const access::Standing& standing, std::optional<OrganisationId> viewer);
// How to reach a reporter stays with whom the reporter chose, unless the report says that it may be shared: nobody it was passed on to by others reads it.
void withhold_contact(CaseFold& fold, const access::Standing& standing, std::optional<OrganisationId> viewer);

}  // namespace sluice::cvd
