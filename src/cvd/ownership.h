// Why a coordinator answers for a case and not the vendor (ISO/IEC 29147: a vendor leads its own remedy; a coordinator steps in where it is asked to, where
// several vendors need one, or where the vendor could not be reached).
//
// A question to the fold, never stored: an attempt that is answered later, or a second vendor that comes in, changes the answer by itself. Read by the case's
// page and JSON, for those who may read the coordination. That a vendor asked isn't among the grounds yet: a case can't be handed over so far.
//
// Invariants
//   C1  A case that a vendor owns has no grounds, whatever stands in it.
//   C2  Contact has failed while there are attempts and none has an answer. That nobody tried is no ground.
#pragma once

#include <vector>

#include "cvd/case.h"

namespace sluice::cvd {

enum class CoordinatorGround { ReporterAsked, SeveralVendors, ContactFailed };
BOOST_DESCRIBE_ENUM(CoordinatorGround, ReporterAsked, SeveralVendors, ContactFailed)

std::vector<CoordinatorGround> coordinator_grounds(const CaseFold& fold);

}  // namespace sluice::cvd
