// A constraint with alternatives says the same with fewer and shorter ones: "within these hours, or after them, or never" is "at any time".
//
// Rules are asked case by case (case_network.h), so most of what they say comes in more cases than it needs; and whatever looks at a constraint looks at each of its alternatives.
//
// Always holds
//   T1  The same times keep it, before and after. They are whole seconds: up to 9 or from 10 on is always.
//   T2  Alternatives stay in their order; what several say together stands where the first of them stood.
#pragma once

#include <vector>

#include "regimes/network.h"

namespace sluice::regimes::temporal {

// One alternative without differences: always kept. No alternative: never.
void simplify(std::vector<Network::Together>& one_of);

}  // namespace sluice::regimes::temporal
