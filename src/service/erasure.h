// Erasing a compartment: what it holds becomes unreadable for good, for everybody, in every backup of the database; the ledger stays provable.
//
// Order: what folds need of it is written down in `coordination`; then a new epoch begins, all other keys are rewrapped into it, and the old epoch's
// file is destroyed. A crash at any point leaves the content readable or gone, and running it again finishes it.
#pragma once

#include "service/services.h"

namespace sluice::service {

// `report:` and `org:` compartments. Not `shared` and `coordination`, without which a case tells nothing.
Result<void> erase_compartment(Services& services, const Asker& asker, CaseId id, const access::Compartment& compartment, const std::string& why);

}  // namespace sluice::service
