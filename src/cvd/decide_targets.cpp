// Time targets that parties agree on, silence, escalation, and the recorded road to disclosure without a vendor; duplicates and credit.
#include "cvd/decide.h"

namespace sluice::cvd::rules {

Result<Changes> decide_one(const CaseFold&, const AgreeTarget&, const Ask&) { return fail(ErrorKind::Unavailable, "NOT BUILT YET"); }
Result<Changes> decide_one(const CaseFold&, const MoveTarget&, const Ask&) { return fail(ErrorKind::Unavailable, "NOT BUILT YET"); }
Result<Changes> decide_one(const CaseFold&, const DropTarget&, const Ask&) { return fail(ErrorKind::Unavailable, "NOT BUILT YET"); }
Result<Changes> decide_one(const CaseFold&, const Escalate&, const Ask&) { return fail(ErrorKind::Unavailable, "NOT BUILT YET"); }
Result<Changes> decide_one(const CaseFold&, const ProceedWithout&, const Ask&) { return fail(ErrorKind::Unavailable, "NOT BUILT YET"); }
Result<Changes> decide_one(const CaseFold&, const LinkDuplicate&, const Ask&) { return fail(ErrorKind::Unavailable, "NOT BUILT YET"); }
Result<Changes> decide_one(const CaseFold&, const StateCredit&, const Ask&) { return fail(ErrorKind::Unavailable, "NOT BUILT YET"); }

}  // namespace sluice::cvd::rules
