// From a cookie, a token or a client certificate to the Viewer behind it: the only makers of a signed-in Viewer (access/viewer.h, A2 and A3).
//
// Hot ones cost no query: answers are kept for a second, by the keyed hash of the secret. Whoever changes what an answer rests on (ends a session, an
// affiliation, a token) holds a Doubt inside its Work: until that Work is gone nothing is taken from memory, and after it nothing older is.
//
// Always holds
//   Y1  An unknown, ended, expired or revoked secret, and one whose affiliation isn't active, all get the same Unauthenticated.
//   Y2  From the commit that ends a session, token or affiliation on, this process doesn't let it in; other nodes follow within a second (ACC-7).
//   Y3  A token's Viewer has no high scope after high_until (AUT-6).
//   Y4  What was opened by break-glass stands in the Viewer of its asker's session alone, and not after its end (ACC-5).
//   Y5  A certificate and a token that come together count only if both do and are of one person for one organisation; the token's scopes hold then.
#pragma once

#include <atomic>
#include <memory>
#include <mutex>
#include <unordered_map>

#include "base/time.h"
#include "base/trust.h"
#include "service/services.h"
#include "store/people.h"

namespace sluice::service {

// How long a session lasts (AUT-4). A demo site's clock jumps by weeks, so its sessions don't go by it.
struct SessionLimits {
  Duration idle = std::chrono::minutes(60);
  Duration absolute = std::chrono::hours(12);
};
SessionLimits session_limits(const OpenSite& site);

// What a request was let in by; kept by whoever holds something open on its behalf, to ask again.
struct Credential {
  std::string session, token;                       // one of them at most
  std::optional<Hash> certificate;                  // the fingerprint of the one whose key the client proved in its TLS handshake
  bool is_none() const { return session.empty() && token.empty() && !certificate; }
};

class Viewers {
 public:
  Viewers(const OpenSite& site, const Clock& clock, store::Store& store, Writer& writer) : site_(site), clock_(clock), store_(store), writer_(writer), limits_(session_limits(site)) {}
  Viewers(const Viewers&) = delete;

  Result<access::Viewer> of_session(std::string_view cookie);
  Result<access::Viewer> of_token(std::string_view text);
  Result<access::Viewer> of_certificate(const Hash& fingerprint);

  // For whoever holds many open for long: as long as generation() is still what it was, and `until` is not past, this process has ended nothing that it rests on.
  // Another node may have: where there are several, it is asked for anew within the second (Y2).
  struct Entry {
    access::Viewer viewer;
    Instant until;                                  // of the session or token itself
    std::optional<std::uint64_t> generation = {};   // none: somebody was changing what this rests on
  };
  Result<Entry> entry_of_session(std::string_view cookie);
  Result<Entry> entry_of_token(std::string_view text);
  Result<Entry> entry_of_certificate(const Hash& fingerprint);
  Result<Entry> entry_of(const Credential& credential);   // Y5
  std::optional<std::uint64_t> generation() const { return trust_.generation(); }

  // Held by a Work that changes what viewers rest on.
  Trust::Doubt doubt() { return trust_.doubt(); }

  std::uint64_t looked_up() const { return looked_up_; }  // in the database so far: tests compare counted work

 private:
  struct Known {
    access::Viewer viewer;
    Instant until;                                  // of the session or token itself
    Instant high_until;
    std::vector<std::pair<CaseId, Instant>> glass;  // what was opened to an instance administrator, until when
    Duration looked_up{};
    std::optional<std::uint64_t> generation = {};   // none: somebody was changing what this rests on
    Instant from = {};                              // of a certificate; of a token: always
  };
  struct First {
    std::size_t operator()(const Hash& hash) const { std::size_t out = 0; for (int i = 0; i < 8; ++i) out = out << 8 | hash[i]; return out; }
  };

  std::optional<Known> known(const Hash& hash);
  void keep(const Hash& hash, Known known);
  bool is_touch_due(const Hash& hash, std::optional<Instant> last_used, Instant now);
  Result<Entry> entry_of_machine(const Hash& hash, Result<Known> (Viewers::*look_up)(const Hash& hash, Instant now));
  Result<Known> look_up_session(const Hash& hash, Instant now);
  Result<Known> look_up_token(const Hash& hash, Instant now);
  Result<Known> look_up_certificate(const Hash& hash, Instant now);
  Result<Known> known_token(Known out, store::Queries& db, const std::optional<store::TokenRow>& row, const Hash& hash, Instant now);

  const OpenSite& site_;
  const Clock& clock_;
  store::Store& store_;
  Writer& writer_;
  const SessionLimits limits_;
  Trust trust_;
  std::atomic<std::uint64_t> looked_up_ = 0;
  std::mutex mutex_;
  std::unordered_map<Hash, Known, First> known_;
  std::unordered_map<Hash, Instant, First> touched_;
};

// The Viewer of a person acting for an organisation: Forbidden unless the affiliation is active. Without session or token in it yet.
Result<access::Viewer> viewer_for(const OpenSite& site, store::Queries& db, PersonId person, OrganisationId organisation);
Result<access::Viewer> viewer_for(Services& services, PersonId person, OrganisationId organisation);

// What is stored of a session's cookie, of a token and of a certificate: each under a key of its own, so that none passes for another.
Hash hash_of_session(const store::Cells& cells, std::string_view cookie);
Hash hash_of_token(const store::Cells& cells, std::string_view text);
Hash hash_of_certificate(const store::Cells& cells, const Hash& fingerprint);

}  // namespace sluice::service
