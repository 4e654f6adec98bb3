// The clear rows of a case: which organisations and report codes read it, how far, and where it stands in their queues. Worked out from the case's whole state.
#pragma once

#include "cvd/case.h"
#include "store/writing.h"

namespace sluice::service {

// Queues are ordered by risk, never by arrival alone: attacks, then public knowledge, then the score; what isn't assessed comes before what is low.
std::int64_t rank_of(const cvd::CaseFold& fold);

// What each organisation and each reporter's code comes to read. The place in its queue follows from what that reader may read alone (EXI-4).
store::ReaderRows readers_of(store::Store& store, const cvd::CaseFold& fold, std::int64_t rank);

}  // namespace sluice::service
