// What is kept in memory of cases is filled from this: which cases there are, newest first, which parts each has, who reads it. For service/search and service/legal_clocks alone,
// which answer each viewer through store.as(viewer); nothing of this leaves by itself (T1).
#pragma once

#include <vector>

#include "access/compartment.h"
#include "store/cells.h"
#include "store/db.h"

namespace sluice::store {

Result<std::vector<CaseId>> cases_newest_first(Queries& db);
Result<std::vector<access::Compartment>> parts_of_case(Queries& db, const Cells& cells, CaseId id);
// Whose tags have content of the case to read, and the case's version.
struct ContentReaders { std::int64_t version = 0; std::vector<Tag> readers; };
Result<ContentReaders> content_readers(Queries& db, CaseId id);

}  // namespace sluice::store
