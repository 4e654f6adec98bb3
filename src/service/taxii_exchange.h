// What is exchanged with a TAXII 2.1 server: which places there are, a collection read on, objects sent to it.
//
// What to ask next and what to keep is decided in taxii_walk.h and taxii_envelopes.h, how it is asked in taxii_client.h; this joins them, and holds no state.
#pragma once

#include "service/taxii_client.h"
#include "service/taxii_envelopes.h"
#include "service/taxii_walk.h"

namespace sluice::service::taxii {

// ---- places

struct Place {
  std::string root, url;                           // of the API root and of the collection, both ending in '/'
  ApiRoot api_root;
  Collection collection;
};
// The API roots behind an address: that of a discovery resource (also a bare host, whose is at /taxii2/), or an API root itself.
struct Roots { std::optional<Discovery> discovery; std::vector<std::pair<std::string, ApiRoot>> roots; };
Result<Roots> roots_at(PeerClient& peer, const std::string& url);
Result<std::vector<Collection>> collections_of(PeerClient& peer, const std::string& root);
// By id, alias, or a title that only one has.
Result<Place> place_of(PeerClient& peer, const std::string& url, const std::string& collection);

// ---- reading

struct Reading {
  std::string collection;                          // its URL
  std::map<std::string, std::string> filters;      // match[…] by name
};
std::string objects_url(const Reading& reading, const Walk::Request& request);

struct ReadHooks {
  std::function<Result<void>(const Envelope&, const std::vector<std::size_t>& fresh)> deliver;
  std::function<Result<void>(const Walk&)> keep;   // after each page, once it was delivered
  std::function<Result<void>(const Walk::Page&, const std::vector<std::size_t>& fresh)> deliver_page = {};   // instead of `deliver`: for whoever wants its dates
};
// Until there is nothing more for now.
Result<void> read_on(PeerClient& peer, const Reading& reading, Walk& walk, const ReadHooks& hooks);
// Over the server's stream, if it has one, from where the walk is; comes back when the stream breaks. "no-stream": there is none.
Result<void> stream_on(PeerClient& peer, const Reading& reading, Walk& walk, const ReadHooks& hooks, bool by_cursor);

// ---- sending

// One envelope, its status followed until it is complete or `most_wait` is over. TooLarge (413) and Invalid (422 …) concern the envelope alone.
Result<Status> send(PeerClient& peer, const Place& place, const Push::Batch& batch, Duration most_wait);

}  // namespace sluice::service::taxii
