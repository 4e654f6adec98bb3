// Erasing a compartment: what it holds becomes unreadable for good, for everybody, in every backup of the database; the ledger stays provable.
//
// Order: in one transaction, what folds need of it is written down in `coordination` and its wrapped key goes; from then on nobody reads it here. After that
// a new epoch begins, all other keys are rewrapped into it, and the old epochs' files are destroyed: from then on no copy of the database brings it back.
// A crash at any point leaves the content readable or gone; what is left to do shows in the database and the key folder, and is done by the next round.
#pragma once

#include "cvd/commands.h"
#include "service/services.h"

namespace sluice::service {

// For the command line: asked by that person, for the case owner. Another one confirms it, signed in.
Work erase_for(Services& services, PersonId person, CaseId id, cvd::EraseCompartment command);

// The first half, in the transaction that says CompartmentErased: does nothing where `changes` erase nothing.
Result<void> forget_erased(Unit& unit, CaseId id, const cvd::Changes& changes);

// The second half, wherever it stands open. Waits for the Writer: not on a pool thread. True: there was something to finish.
Result<bool> finish_erasures(Services& services);

}  // namespace sluice::service
