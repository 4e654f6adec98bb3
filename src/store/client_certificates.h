// Queries on client certificates: what a token whose secret is a key has beside its row in `token` (people.h). Who may ask is service/'s affair.
//
// Always holds
//   Q1  What a certificate says enters the database sealed; it is found by the keyed hash in `token` alone.
//   Q2  Asked by a hash that nobody has, by one that was revoked and by one that counts costs the same queries.
#pragma once

#include "store/people.h"

namespace sluice::store {

struct CertificateRow {
  TokenId token;
  Instant not_before, not_after;
  Hash fingerprint{};                             // SHA-256 of the certificate's DER
  std::string subject;
};

struct TokenOfCertificate {
  TokenRow token;
  Instant not_before;
};

Result<void> add_certificate(Tx& tx, const Cells& cells, const CertificateRow& row);
Result<std::optional<TokenOfCertificate>> token_of_certificate(Queries& db, const Hash& hash);
Result<std::vector<CertificateRow>> certificates_of(Queries& db, const Cells& cells, PersonId person);   // of all its tokens, revoked ones too

}  // namespace sluice::store
