// How any TAXII 2.1 server is asked: HTTP, credentials, waiting, and the oddities of servers. What is asked stands in taxii_exchange.h.
//
// The address of a command is one that somebody on this machine typed, so it may be an internal one, as with any command that fetches. A server that asks of its own
// accord (peer_pulls.h) brings the guard of its outbound calls, and is held to it. What a server answers chooses no other: an API root or a redirect on another origin is not followed.
//
// Always holds
//   C1  Credentials go to the origin (scheme, name, port) that was named, by https; plain http is for this machine, or where it was asked for by a flag.
//       They stand in no URL, no log and no error.
//   C2  The certificate is verified for the name, TLS 1.2 at least. There is no way to turn that off; a CA of one's own can be named.
//   C3  An answer has a bound in bytes, also after it was unpacked, and in time.
//   C4  No answer, 408, 425, 429 and 5xx are asked again, with waits (backoff.h) and as Retry-After says; what else isn't a 2xx is an error at once.
//   C5  With a guard each address is judged in the moment of connecting, by the very bytes that connect() gets, as outbound.h does (H1 there); proxies of the environment don't count.
#pragma once

#include <atomic>
#include <functional>
#include <map>
#include <memory>

#include "service/backoff.h"
#include "service/event_stream.h"
#include "service/outbound.h"
#include "service/taxii_answer.h"

namespace sluice::service::taxii {

// An https (or http) address without user, query and fragment; its path ends in '/' (TAXII 2.1 §1.6.9.1 of paths). `plain_http`: also beyond this machine.
Result<std::string> read_peer_url(std::string_view text, bool plain_http);
// `reference` as it stands in a resource at `base`. Forbidden if it leads to another origin.
Result<std::string> on_same_origin(const std::string& base, const std::string& reference);
std::string escaped(std::string_view text);        // for a query or a path's segment

struct PeerSettings {
  std::string authorization;                       // the header's value; secret
  std::string pseudonym;                           // of a Sluice site: under which it sends; "": by name
  std::string certificate_file, key_file, key_password, ca_file;
  std::vector<std::string> headers;                // more of them, "Name: value", with each GET
  const OutboundSettings* guard = nullptr;         // C5; outlives the client
  const std::atomic<bool>* stopping = nullptr;     // what is under way is broken off within a second; outlives the client
  AnswerLimits limits;
  Duration timeout = std::chrono::seconds(120);    // of one answer
};

struct PeerAnswer {
  int status = 0;
  std::string body;
  std::map<std::string, std::string, std::less<>> headers;   // names in lower case
  std::string header(std::string_view name) const;
};

// What the one who drives lends: time, chance, and an ear.
struct PeerHooks {
  std::function<void(Duration)> wait;
  std::function<Instant()> now;
  std::function<std::uint32_t()> chance;
  std::function<void(const std::string&)> note;    // something odd, in words for a person
};

class PeerClient {
 public:
  static Result<PeerClient> make(PeerSettings settings, Patience patience, PeerHooks hooks);
  PeerClient(PeerClient&&) noexcept;
  ~PeerClient();

  // A 2xx, or an error of the kind that the status means, in the server's words. C4.
  Result<PeerAnswer> get(const std::string& url);
  Result<PeerAnswer> post(const std::string& url, const std::string& body);

  // Listens to server-sent events until the stream breaks or `heard` fails. NotFound with code "no-stream": this server has none here.
  using Heard = std::function<Result<void>(const ServerEvent&)>;
  Result<void> listen(const std::string& url, const std::string& last_id, const Heard& heard);

  const AnswerLimits& limits() const;
  PeerHooks& hooks() { return hooks_; }
  Backoff backoff() const { return Backoff(patience_); }

 private:
  struct State;
  PeerClient(std::unique_ptr<State> state, Patience patience, PeerHooks hooks);
  Result<PeerAnswer> ask(const std::string& url, const std::string* body);
  Result<PeerAnswer> once(const std::string& url, const std::string* body);

  std::unique_ptr<State> state_;
  Patience patience_;
  PeerHooks hooks_;
};

}  // namespace sluice::service::taxii
