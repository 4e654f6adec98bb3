// Many parties: how terms are settled, who is asked again, roles; and cases that split or merge.
#include "cvd/decide.h"

namespace sluice::cvd::rules {

Result<Changes> decide_one(const CaseFold&, const ChooseSettlement&, const Ask&) { return fail(ErrorKind::Unavailable, "NOT BUILT YET"); }
Result<Changes> decide_one(const CaseFold&, const AskConsent&, const Ask&) { return fail(ErrorKind::Unavailable, "NOT BUILT YET"); }
Result<Changes> decide_one(const CaseFold&, const PlanInvitation&, const Ask&) { return fail(ErrorKind::Unavailable, "NOT BUILT YET"); }
Result<Changes> decide_one(const CaseFold&, const DropInvitationPlan&, const Ask&) { return fail(ErrorKind::Unavailable, "NOT BUILT YET"); }
Result<Changes> decide_one(const CaseFold&, const SetRoles&, const Ask&) { return fail(ErrorKind::Unavailable, "NOT BUILT YET"); }
Result<Changes> decide_one(const CaseFold&, const SplitCase&, const Ask&) { return fail(ErrorKind::Unavailable, "NOT BUILT YET"); }
Result<Changes> decide_one(const CaseFold&, const MergeCases&, const Ask&) { return fail(ErrorKind::Unavailable, "NOT BUILT YET"); }

}  // namespace sluice::cvd::rules
