// Who may write in a thread: asked when something is posted there, and when what was posted is changed or taken back.
#pragma once

#include "cvd/decide.h"

namespace sluice::cvd::rules {

// NotFound where there is no such thread, and where the actor can't write to its compartment, which is then one it can't see.
Result<void> may_write_in(const CaseFold& fold, const Thread* thread, const Ask& ask);

}  // namespace sluice::cvd::rules
