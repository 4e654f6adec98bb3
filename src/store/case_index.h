// What the search index is filled from: which cases there are, newest first, and which parts each has. For service/search alone, which answers each viewer through
// store.as(viewer); nothing of this leaves by itself (T1).
#pragma once

#include <vector>

#include "access/compartment.h"
#include "store/cells.h"
#include "store/db.h"

namespace sluice::store {

Result<std::vector<CaseId>> cases_newest_first(Queries& db);
Result<std::vector<access::Compartment>> parts_of_case(Queries& db, const Cells& cells, CaseId id);

}  // namespace sluice::store
