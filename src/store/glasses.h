// Break-glass: which cases two administrators opened to one of them, for how long (ACC-5). Rows in, rows out; the rules are service/break_glass.h's.
//
// Always holds
//   G1  The case and the reason are sealed, and a row for a case that never was looks like any other.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/bind.h"
#include "store/cells.h"
#include "store/db.h"

namespace sluice::store {

using GlassId = TwoPersonRequestId;

// Only ever added to.
enum class GlassState { Asked, Broken, Refused, Closed };
BOOST_DESCRIBE_ENUM(GlassState, Asked, Broken, Refused, Closed)

struct GlassRow {
  GlassId id;
  PersonId asked_by;
  Instant asked_at, expires;                      // expires: a request that nobody answered
  GlassState state = GlassState::Asked;
  std::optional<PersonId> answered_by;
  std::optional<Instant> answered_at, until, closed_at;
  CaseId case_id;
  std::string reason;
  std::int64_t hours = 0;
};

Result<void> add_glass(Tx& tx, const Cells& cells, const GlassRow& row);
Result<void> change_glass(Tx& tx, const GlassRow& row);                                   // its state and times
Result<std::optional<GlassRow>> glass(Queries& db, const Cells& cells, GlassId id);
Result<std::vector<GlassRow>> newest_glasses(Queries& db, const Cells& cells, int limit);
Result<std::vector<GlassRow>> glasses_broken_by(Queries& db, const Cells& cells, PersonId person, Instant now);   // that are open now

}  // namespace sluice::store
