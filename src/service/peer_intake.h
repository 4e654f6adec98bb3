// What a page of a peer's objects comes to: what only came back is told apart (peer_loop.h), the rest goes the way of a member's envelope (threat_intake.h), and of each it is counted what became of it.
//
// Always holds
//   I1  Nothing is taken in but by the intake that members' envelopes take: checks, markings, what embargoes hold back, and the entry in the ledger are its.
//   I2  What a peer brings is sent in the name of the peer's organisation, by the person who answers for it, with no right beyond reading and writing collections.
//   I3  Sending the same page again changes nothing, so a page that was put and not kept is read again without harm.
//   I4  What an embargo of the peer's organisation holds back is not taken, and stands in no list and no reason of the health: whoever runs the site reads no case.
//   I5  Nor what is refused since the peer's organisation sent something of it under a pseudonym: whose that is, is told by two trustees alone.
//   I6  What is put has its origin from the same transaction on: a peer that reads it here a moment later is told its marks, or what goes round would be taken for new.
#pragma once

#include "service/services.h"
#include "service/taxii_walk.h"
#include "store/peers.h"

namespace sluice::service {

// Counts what was not taken, in the lists that health keeps.
void count_refused(store::PeerHealth& health, Instant at, std::string_view object, std::string_view version, std::string why);

// The person and the organisation that the peer rests on, as they stand now. Forbidden, in words for whoever runs the site, where they don't any more.
Result<access::Viewer> viewer_of_peer(Services& services, const store::PeerCard& card);

// `wait`: before it is tried again where too much is under way. Gives the origins that are still to be noted, of what was there already.
Result<std::vector<store::NewOrigin>> take_page_of_peer(Services& services, const store::PeerRow& peer, const taxii::Walk::Page& page, const std::vector<std::size_t>& fresh, store::PeerHealth& health,
                                                        const std::function<void(Duration)>& wait);

}  // namespace sluice::service
