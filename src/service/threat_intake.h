// Threat objects on their way into a collection: an envelope's objects are checked one by one on a pool thread, put by the Writer in slices, and what became of each is told
// in a status (TAXII 2.1 §4.3) that is kept for two days.
//
//   TRY(const auto intake, prepare_intake(services, request.asker(), "indicators", std::move(body)));     // the whole envelope is refused, or none of it
//   put_intake(services, intake, [give](Result<std::string> status) { … });                                // on the Writer's thread
//
// Always holds
//   E1  One bad object fails by itself; the others are taken (TAXII 2.1 §5.5).
//   E2  Bytes are kept as they came: what is put is a slice of the body.
//   E3  A slice has one entry in the ledger over the hashes of what it added, in the same transaction; between two slices other commands have their turn.
//   E4  Whether something is there already is told only as far as the sender may know of it.
//   E5  A marking's definition counts only as this envelope, the same sender before it (as far as it reads the collection; the stricter of the two), or the standards have it; of what a peer brings, the envelope alone; a translation is marked at least as what it translates.
//   E6  If a slice can't be put, what was committed before it stays, and the status says so.
//   E7  Whoever may not send any more, since the token was revoked, the session ended or the person was disabled, puts no further slice.
//   E8  What is under way holds no more memory than services.envelopes gives; beyond it is 503.
//   E9  What goes less far than to all readers goes no further than the version before it did (marked_put.h); redacted copies go along where the collection offers them (redacted.h).
//   E10 Under a pseudonym nothing of what is put, told or written in the collection's stream says whose it is (pseudonym_sending.h).
//   E11 What is to be noted with an object is in its transaction: nobody meets the one without the other.
#pragma once

#include <functional>
#include <memory>
#include <span>

#include "service/services.h"
#include "store/objects.h"

namespace sluice::service {

inline constexpr std::size_t kMostEnvelopeBytes = 16 << 20;          // max_content_length of the API root
inline constexpr std::size_t kMostEnvelopeObjects = 20'000;         // more is TooLarge
inline constexpr Duration kStatusLasts = std::chrono::hours(48);     // TAXII 2.1 §4.3: at least 24 hours

class Intake;

// Shared before its hour (service/widening.h): members have it now, and where its own marking lets it go it goes by the release that is planned with it.
struct EarlyTerms {
  Instant at;
  std::string reason;
};

// What a slice added, for what is to be noted with it (E11).
struct AddedObject {
  std::int64_t row;
  const store::NewObject* object;
};
using NoteAdded = std::function<Result<void>(Unit&, std::span<const AddedObject>)>;

// Of what was read from a peer (peer_intake.h). What its organisation sent otherwise, by its people or through another peer, says nothing of this one's markings.
struct FromPeer {
  NoteAdded note;
};

// NotFound or Forbidden as the collection is hidden or closed to the asker; Unavailable where too much is under way; Malformed, Invalid or TooLarge where the whole can't be taken.
Result<std::shared_ptr<Intake>> prepare_intake(Services& services, Asker asker, std::string collection, std::string body, std::optional<EarlyTerms> early = {}, std::optional<FromPeer> peer = {});

// Puts it, slice by slice, and gives the status as JSON, with `x_release`, the id of the release that was planned for what was shared early. `done` is called once, on the Writer's thread.
void put_intake(Services& services, std::shared_ptr<Intake> intake, std::move_only_function<void(Result<std::string>)> done);

// Of the asker itself; NotFound for that of others, as for one that never was.
Result<std::string> intake_status(Services& services, const access::Viewer& viewer, std::string_view id);

// What the ledger says of a slice: the hashes of what was added, in order, come to `list`; their rows are `first` to `last`.
json::object objects_added_event(std::string_view collection, std::int64_t first, std::int64_t last, std::span<const Hash> hashes);

}  // namespace sluice::service
