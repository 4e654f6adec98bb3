// What of a collection is looked at again and again by whoever follows it live: how far it is, and whether what a reader's audiences follow from is still the same. Two small queries,
// in the snapshot of the page that is read with it.
//
// Always holds
//   C1  Two stamps of a collection with the same `rights` have the same card and the same audiences: who was let in under one of them meets under the other what it met.
//   C2  Whoever has read all that its audiences were posted up to `head` has missed nothing: whatever comes later has a later date (objects.h, H1).
#pragma once

#include <optional>
#include <span>
#include <utility>

#include "store/store.h"

namespace sluice::store {

struct CollectionStamp {
  std::int64_t head = 0;                          // the newest date_added that was given out, to whomever
  Hash rights{};                                  // changes with the collection's card, and with each audience that is made on this site
};

// Nothing: there is no such collection (any more).
Result<std::optional<CollectionStamp>> stamp_of(Queries& db, std::int64_t collection);

// Unavailable, if one of them is posted to nobody any more: it was deleted or called back between the page that it was read for and this transaction, in which its first delivery is
// written down. Who called it back could not have told a reader that stood in no row yet, so the page doesn't go out.
Result<void> check_still_posted(Queries& db, std::span<const std::int64_t> objects);

// The same of what a reader has met: Unavailable, too, if one of them is posted to none of its audiences any more, since it was marked stricter in between.
Result<void> check_still_met(Queries& db, const CollectionSeen& seen, std::span<const std::int64_t> objects);

// Rows of first deliveries to many organisations at once; what was delivered before stays as it was.
struct Delivered {
  Tag organisation;
  std::int64_t object = 0;
};
Result<void> note_deliveries(Tx& tx, std::span<const Delivered> all, Instant now, int channel);

}  // namespace sluice::store
