// A claim that something leaked, and the drill that it opens.
#include "cvd/decide.h"

namespace sluice::cvd::rules {

Result<Changes> decide_one(const CaseFold&, const ClaimLeak&, const Ask&) { return fail(ErrorKind::Unavailable, "NOT BUILT YET"); }
Result<Changes> decide_one(const CaseFold&, const NoteLeak&, const Ask&) { return fail(ErrorKind::Unavailable, "NOT BUILT YET"); }
Result<Changes> decide_one(const CaseFold&, const CloseLeak&, const Ask&) { return fail(ErrorKind::Unavailable, "NOT BUILT YET"); }

}  // namespace sluice::cvd::rules
