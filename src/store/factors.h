// Second factors, and requests to take one away: rows in, rows out. What they mean and who may ask is service/'s affair (service/factors.h).
//
// Always holds
//   F1  The secret is sealed; of a recovery code there is a keyed hash alone.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "store/cells.h"
#include "store/db.h"

namespace sluice::store {

struct FactorRow {
  std::string secret;                             // base32
  std::int64_t last_step = 0;                     // of time, that a code was taken for: none up to it counts again
  std::vector<std::string> recovery;              // hashes of the codes that are left, in hex
  Instant since;
};

Result<std::optional<FactorRow>> factor_of(Queries& db, const Cells& cells, PersonId person);
Result<void> put_factor(Tx& tx, const Cells& cells, PersonId person, const std::optional<FactorRow>& factor);

struct FactorResetRow {
  PersonId person, asked_by;
  OrganisationId asked_for;                       // the organisation that the asker acted for
  Instant asked_at, expires;
};
Result<std::optional<FactorResetRow>> factor_reset_of(Queries& db, PersonId person);
Result<void> put_factor_reset(Tx& tx, const FactorResetRow& row);
Result<bool> drop_factor_reset(Tx& tx, PersonId person);

}  // namespace sluice::store
