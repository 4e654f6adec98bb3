// Remedies across tiers: whose fix waits for whose, how good a fix is, and what readiness a release needs.
#include "cvd/decide.h"

namespace sluice::cvd::rules {

Result<Changes> decide_one(const CaseFold&, const WaitForRemedy&, const Ask&) { return fail(ErrorKind::Unavailable, "NOT BUILT YET"); }
Result<Changes> decide_one(const CaseFold&, const EndWait&, const Ask&) { return fail(ErrorKind::Unavailable, "NOT BUILT YET"); }
Result<Changes> decide_one(const CaseFold&, const BlockRemedy&, const Ask&) { return fail(ErrorKind::Unavailable, "NOT BUILT YET"); }
Result<Changes> decide_one(const CaseFold&, const UnblockRemedy&, const Ask&) { return fail(ErrorKind::Unavailable, "NOT BUILT YET"); }
Result<Changes> decide_one(const CaseFold&, const AssessRemedy&, const Ask&) { return fail(ErrorKind::Unavailable, "NOT BUILT YET"); }
Result<Changes> decide_one(const CaseFold&, const AgreeReadiness&, const Ask&) { return fail(ErrorKind::Unavailable, "NOT BUILT YET"); }
Result<Changes> decide_one(const CaseFold&, const StateSupport&, const Ask&) { return fail(ErrorKind::Unavailable, "NOT BUILT YET"); }

}  // namespace sluice::cvd::rules
