// Of the times that a rule's text gives, the one that holds in this case: for whoever says a due to people.
#pragma once

#include "regimes/duty.h"

namespace sluice::regimes {

// Of a choice the first whose condition is met; any other due is itself. Null: none of a choice's is met.
const Due* due_that_holds(const Applied& rule, const Due& due, const Party& party);

}  // namespace sluice::regimes
