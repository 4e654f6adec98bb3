// Small queries of the Writer's side: cases whose clock is due, reports' rows, the ruling behind a grant.
#pragma once

#include "store/cells.h"
#include "store/db.h"

namespace sluice::store {

Result<std::vector<CaseId>> due_cases(Queries& db, Instant now, int limit);

struct CodeColumns {
  Tag tag;
  std::string hash;
};
Result<void> add_report(Tx& tx, ReportId report, CaseId id, Instant received, const std::optional<CodeColumns>& code);
Result<std::optional<CaseId>> case_of_report(Queries& db, ReportId report);

Result<std::optional<RulingId>> ruling_of_grant(Queries& db, const Tag& subject, const Tag& object);

}  // namespace sluice::store
