// Who was given what, when: the rows behind 'who knew'.
#pragma once

#include "store/cells.h"
#include "store/db.h"

namespace sluice::store {

struct DeliveryRow {
  std::string stream, to;                // "c_…/shared"; an organisation's or a report's id
  std::int64_t from = 0, upto = 0;
  Instant at;
  int channel = 0;
  std::optional<RulingId> ruling;
};
Result<std::vector<DeliveryRow>> deliveries_of(Queries& db, const Cells& cells, const Tag& stream, Instant as_of);

// When something of this stream last reached this reader for the first time.
Result<std::optional<Instant>> last_delivery(Queries& db, const Tag& stream, const Tag& reader);

struct RulingRow {
  RulingId id;
  Instant at;
  json::value body;                      // {"disclosure", "ruling"}; of a denial that was said again, "count" and "last" besides
};
// Oldest first. `since`: those that were first given then or later; the others aren't opened.
Result<std::vector<RulingRow>> rulings_about(Queries& db, const Cells& cells, const Tag& object, Instant since = {});
Result<std::optional<RulingRow>> ruling(Queries& db, const Cells& cells, RulingId id);

}  // namespace sluice::store
