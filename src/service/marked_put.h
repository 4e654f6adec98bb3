// Puts what came in as far as its marking lets it go, and no further than it went before: a marking is loosened by a planned release alone (service/widening.h).
//
//   the new version is marked    what happens
//   as wide as the one before    it is put
//   wider                        it is refused; a revocation, and what is shared early, is put as far as the one before went
//   narrower                     it is put, the versions before it are drawn in to the same readers at once, and who had fetched one and may not any more is told (service/recalls.h)
//
// Redacted copies follow: a new version makes new versions of them, one that leaves a reader nothing takes that reader's copy away. A version that says `revoked` is told to all who fetched the object.
//
// Always holds
//   F1  All versions of an object go as far as the one that was sent last, whatever order they came in.
//   F2  How far an object goes never grows by anything that is sent. What was deleted counts on: it doesn't come back to more readers than it had.
#pragma once

#include "service/redacted.h"

namespace sluice::service {

struct MarkedObject {
  const store::NewObject* object = nullptr;
  store::Reach reach = store::Reach::Sender;      // of its own marking, and of its sender's wish
  bool is_revoked = false, is_held = false;       // held: put as far as the one before went, instead of refused
  const RedactedCopies* copies = nullptr;
};

// In their order, as store::put_objects answers. Those refused for their marking are Outcome::Wider.
Result<std::vector<store::PutObject>> put_as_marked(Unit& unit, Services& services, const Asker& asker, const store::CollectionSeen& seen, std::span<const MarkedObject> objects);

}  // namespace sluice::service
