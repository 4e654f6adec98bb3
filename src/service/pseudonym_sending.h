// Sending to a collection, under one's own name or under a pseudonym: as whom an asker stands there, and what must not be sent so.
//
//   TRY(const auto sending, sending_in(services, tx, asker, "indicators"));
//   TRY(const auto put, put_as_marked(unit, services, sending.as, sending.seen, slice));
//
// Always holds
//   D1  Under a pseudonym `as` holds neither person, session nor organisation of the asker, and `seen` sends by the pseudonym's own tag: what is made of the two says nothing of the member. Who acted stands in
//       the pseudonym's own stream (write_use).
//   D2  The asker's rights count, as they are at that moment: a pseudonym may nothing that its member may not.
//   D3  One hand, one name: no value and no object of a member stands under two names of it in one collection, and nothing it sends speaks of what it sent under another. So the sources that a score counts are
//       apart in truth, and no reader can tell by a score that two of them are one.
//   D4  What a member sends under a pseudonym doesn't follow at once on what it sent under another name, as far as the collection asks. What it sends by name is never held up: a feed that pauses would tell.
//   D5  A pseudonym that was replaced goes on with the objects that it sent, and sends no others.
#pragma once

#include "service/marked_put.h"
#include "service/services.h"
#include "store/objects.h"
#include "store/pseudonyms.h"
#include "store/reach.h"
#include "threat/sender_traces.h"

namespace sluice::service {

struct Sending {
  store::CollectionSeen seen;
  Asker as;
  std::optional<store::PseudonymRow> pseudonym;   // none: under its own name
};
// NotFound for a pseudonym that isn't of the asker's organisation, or of another collection. Where `asker.pseudonym` is none, the same as without any of this.
Result<Sending> sending_in(Services& services, store::Queries& db, const Asker& asker, std::string_view collection);
Result<Sending> sending_in(Services& services, const Asker& asker, std::string_view collection);

// Stands in each reason and error that tells of a member's other names. They are the member's alone: who passes reasons on to anybody else leaves these out.
inline constexpr std::string_view kTellsOfOtherNames = "under another name";

// What an envelope is held to, asked once: leases connections itself, so nobody who asks holds one.
class OneHand {
 public:
  // Conflict, for the whole of it: where too few could have sent it by now, or where it would come too soon, under a pseudonym, after what came under another name.
  static Result<OneHand> of(Services& services, const Asker& asker, const Sending& sending);
  // Why this object may not be sent so, for whoever sends it; "" where it may. `object` with its ties (threat_ties.h).
  Result<std::string> why_not(const json::object& content, const store::NewObject& object, store::Reach reach) const;

 private:
  OneHand(Services& services, store::CollectionSeen seen) : services_(&services), seen_(std::move(seen)) {}
  // Another's identity that may stand as the creator under a pseudonym; "" for none.
  Result<std::string> source_of(store::Db& db, const store::NewObject& object) const;
  Services* services_;
  store::CollectionSeen seen_;
  std::optional<store::PseudonymRow> pseudonym_;
  std::vector<store::Tag> others_;                // by which the same member sends here, too
  threat::SenderNames names_;
};

// The same of values and names once more, in the transaction that puts them: another envelope of the member may have come in between. Conflict.
Result<void> still_one_hand(Services& services, store::Queries& db, const Asker& asker, const Sending& sending, std::span<const MarkedObject> objects);

// Nothing in a text of the sender's own, such as why an object is called back. Invalid, with its place.
Result<void> check_text_under_pseudonym(Services& services, store::Queries& db, const Asker& asker, const Sending& sending, std::string_view text, std::string_view where);

// Puts the pseudonym's identity object, once, before the first object of it. The hashes of what was put are told in the ledger like any other's.
Result<void> introduce(Unit& unit, Services& services, Sending& sending);

// Who acted, where no reader looks; nothing where it was by name.
Result<void> write_use(Unit& unit, const Asker& asker, const Sending& sending, std::string_view what, std::int64_t objects);

// Every tag by which this organisation sends in a collection: its own first.
Result<std::vector<store::Tag>> tags_of_member(Services& services, store::Queries& db, const store::Collection& collection, OrganisationId member);

}  // namespace sluice::service
