// API tokens: "slt_", 43 random base62 digits, 6 digits of checksum (AUT-7). Shown once; the database holds a keyed hash.
//
// Looking one up is Viewers::of_token. A token acts as its person for one organisation, within its scopes, and dies with that affiliation.
//
// A token's secret can be a key instead of text: client_certificates.h. All that is said here of its person, scopes, life and end holds for it as well.
//
// Always holds
//   K1  Text with a wrong checksum costs one hash and no query.
//   K2  A token makes no stronger token: not more scopes, not longer, no high scope; for its own person and organisation only.
//   K3  High scopes (publish, members, export, keys) come from a stepped-up session or the command line, and end after 24 hours (AUT-6).
#pragma once

#include "service/viewers.h"

namespace sluice::service {

inline constexpr std::string_view kTokenPrefix = "slt_";

std::string new_token(Random& random);
bool is_token(std::string_view text);               // form and checksum alone

// "case_read,case_write" or with blanks; "all": everything. Invalid, naming the words there are.
Result<access::Scopes> token_scopes(std::string_view text);

struct IssueToken {
  PersonId person;
  std::optional<OrganisationId> organisation = {};  // else the only active affiliation
  access::Scopes scopes = {};
  std::optional<Instant> expires = {};              // else 90 days from now; a year at most
};
// Answer {"id", "token", "expires", "high_until"?}.
Work issue_token(Services& services, Asker asker, IssueToken token);
// K2, K3: the row that it would have, with the hash still to be filled in; or why the asker may not make it. Nothing is written.
Result<store::TokenRow> row_of_new_token(Services& services, Unit& unit, const Asker& asker, const IssueToken& token);
// The own, or of somebody whose token the asker could issue. NotFound for all others.
Work revoke_token(Services& services, Viewers& viewers, Asker asker, TokenId id);

struct CertificateShown {
  std::string fingerprint, subject;                 // "ab12…", hex of SHA-256 of the DER; "CN=feed,O=Acme"
  Instant not_before, not_after;
};
BOOST_DESCRIBE_STRUCT(CertificateShown, (), (fingerprint, subject, not_before, not_after))
struct TokenShown {
  TokenId id;
  PersonId person;
  OrganisationId organisation;
  std::string scopes;                               // "case_read case_write"
  Instant created, expires;
  std::optional<Instant> high_until, last_used, revoked_at;
  std::optional<CertificateShown> certificate;      // whose key is its secret
};
BOOST_DESCRIBE_STRUCT(TokenShown, (), (id, person, organisation, scopes, created, expires, high_until, last_used, revoked_at, certificate))
// Of the viewer's own person for the organisation acted for; of others in it for whoever administers them. Newest first.
Result<std::vector<TokenShown>> tokens_of(Services& services, const access::Viewer& viewer, PersonId person);

}  // namespace sluice::service
