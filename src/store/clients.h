// Whose client an organisation is: with TLP:AMBER a recipient may tell its clients too (TLP 2.0). Said by the organisation that serves it, and by nobody else.
#pragma once

#include <vector>

#include "store/cells.h"
#include "store/db.h"

namespace sluice::store {

inline constexpr std::size_t kMostServing = 1'000;  // of one client

// Those that say that this is a client of theirs, by id.
Result<std::vector<OrganisationId>> serving(Queries& db, const Cells& cells, const Tag& client);
Result<void> put_serving(Tx& tx, const Cells& cells, const Tag& client, const std::vector<OrganisationId>& serving);

}  // namespace sluice::store
