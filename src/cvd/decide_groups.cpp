// Large cases: named groups, bulk invitations, amended messages, own tracking ids.
#include "cvd/decide.h"

namespace sluice::cvd::rules {

Result<Changes> decide_one(const CaseFold&, const FormGroup&, const Ask&) { return fail(ErrorKind::Unavailable, "NOT BUILT YET"); }
Result<Changes> decide_one(const CaseFold&, const ChangeGroup&, const Ask&) { return fail(ErrorKind::Unavailable, "NOT BUILT YET"); }
Result<Changes> decide_one(const CaseFold&, const InviteMany&, const Ask&) { return fail(ErrorKind::Unavailable, "NOT BUILT YET"); }
Result<Changes> decide_one(const CaseFold&, const AmendMessage&, const Ask&) { return fail(ErrorKind::Unavailable, "NOT BUILT YET"); }
Result<Changes> decide_one(const CaseFold&, const RetractMessage&, const Ask&) { return fail(ErrorKind::Unavailable, "NOT BUILT YET"); }
Result<Changes> decide_one(const CaseFold&, const SetTrackingId&, const Ask&) { return fail(ErrorKind::Unavailable, "NOT BUILT YET"); }

}  // namespace sluice::cvd::rules
