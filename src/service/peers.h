// Peers of this site, as work for the Writer and as reads: for an administrator of the site. How one is asked is peer_pulls.h's.
//
// A *peer* is a collection of another TAXII 2.1 server that this site reads on a schedule. What comes is taken in as if a person of an organisation of this site had sent it: that organisation is
// what the peer is here, and its person answers for it. The peer is best given a token of that same organisation to read this site with, so that it shows what it had from here (peer_loop.h).
//
// Events in the site's stream: PeerAdded, PeerPaused, PeerResumed, PeerPullAsked, PeerRemoved (peer; the first also organisation, person, collection). No address and no credential.
//
// Always holds
//   E1  Credentials are in no answer, no event, no log and no error; nobody reads them again.
//   E2  A peer rests on its person's affiliation and its organisation's right to write: where one ends, nothing more is taken in, and its health says why.
//   E3  What came through a removed peer stays, with its origin.
#pragma once

#include "service/services.h"
#include "store/objects.h"
#include "store/peers.h"

namespace sluice::service {

inline constexpr std::size_t kMostPeers = 1000;

struct AddPeer {
  std::string name, url, collection;              // collection: id, alias or title, at the peer
  std::optional<std::string> token, basic;        // one of them or none; basic: USER:PASSWORD
  std::string into;                               // id or alias of a collection of this site
  OrganisationId organisation;                    // in whose name
  PersonId person;                                // of that organisation
  std::optional<Tlp> up_to;                       // default: amber_strict
  std::vector<std::string> types;
  std::optional<Instant> added_after;
  std::optional<Duration> interval;               // default: 15 minutes
};
BOOST_DESCRIBE_STRUCT(AddPeer, (), (name, url, collection, token, basic, into, organisation, person, up_to, types, added_after, interval))

// As an administrator sees it.
struct PeerShown {
  std::string id, name, url, collection;
  bool has_credentials = false;
  store::PeerState state = store::PeerState::Active;
  std::string health;                             // "new", "well", "behind", "failing", "paused"
  std::string into;
  OrganisationId organisation;
  PersonId person;
  Tlp up_to = Tlp::AmberStrict;
  std::vector<std::string> types;
  std::optional<Instant> added_after;
  Duration interval{};
  Instant added;
  std::optional<Instant> next_pull;               // when it is asked next; none: paused, or it is being asked now
  std::optional<Duration> lag;                    // from the peer's date_added of the newest object that was read, until it was here
  std::optional<Duration> silent_for;             // since it was last read to its end
  std::optional<Instant> last_attempt, last_success, last_error_at;
  std::optional<std::string> last_error;
  std::int64_t failures_in_row = 0, pulls = 0, pages = 0, taken = 0, known = 0, refused = 0, loops = 0;
  bool may_have_lost = false;
  std::vector<store::Counted> refused_for, loops_by;
  std::vector<store::PeerIncident> last_refused, last_loops;
};
BOOST_DESCRIBE_STRUCT(PeerShown, (), (id, name, url, collection, has_credentials, state, health, into, organisation, person, up_to, types, added_after, interval, added, next_pull, lag, silent_for, last_attempt, last_success, last_error_at,
                                      last_error, failures_in_row, pulls, pages, taken, known, refused, loops, may_have_lost, refused_for, loops_by, last_refused, last_loops))

// Forbidden but for an administrator of the site.
Result<std::vector<PeerShown>> list_peers(Services& services, const access::Viewer& viewer);
Result<PeerShown> show_peer(Services& services, const access::Viewer& viewer, std::string_view id);

// Answer {"id"}. Invalid, with its place, for what can't be asked or taken in.
Work add_peer(Services& services, Asker asker, AddPeer wanted);
Work pause_peer(Services& services, Asker asker, std::string id);
Work resume_peer(Services& services, Asker asker, std::string id);
Work pull_peer(Services& services, Asker asker, std::string id);      // as soon as may be; Conflict where it is paused
Work remove_peer(Services& services, Asker asker, std::string id);

PeerShown shown_peer(const store::PeerRow& row, Instant now);

// ---- origins of an object, for its readers

// {"items": [{"version", "at", "added_from"?, "added_until"?, "sites", "peer"?}]}: of each version that the viewer meets, through a peer it came and when; `peer`, its name, for people of the organisation in whose
// name it came, and for administrators of the site. NotFound for what the viewer doesn't meet.
Result<json::object> object_origins(Services& services, const access::Viewer& viewer, std::string_view collection, std::string_view id);

// The mark of this site on an object (peer_loop.h).
std::string own_mark(const store::Cells& cells, std::string_view id);

// For a reader that asks (x_sluice_passed): of each row, the marks that it came with and this site's own.
Result<std::vector<std::vector<std::string>>> marks_of(Services& services, std::span<const store::PostedObject> objects);

}  // namespace sluice::service
