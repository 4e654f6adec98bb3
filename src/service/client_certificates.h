// Client certificates: tokens whose secret is a key. A machine shows the certificate in its TLS handshake and proves there that the key is its own (RFC 8446 §4.4.3); what it
// may do, for whom and how long is a token's affair (tokens.h), and so is its end: revoke_token(), the affiliation, the person.
//
// No authority vouches for a certificate here, and none is asked: what counts is that this very one was registered (as with self-signed ones, RFC 8705 §2.2). So one
// can be self-signed, and a renewed one is registered anew. Looking one up is Viewers::of_certificate.
//
// Always holds
//   I1  A certificate is found by SHA-256 of its DER, whole: another one for the same key is another one.
//   I2  It doesn't count before it begins nor after it ends, nor after the token's own life, whichever comes first.
//   I3  Through the API one registers only what this very connection has proved: what others show is public, so that else their connections could be made one's own.
//   I4  A certificate is one token's for ever: revoked, it is not registered again.
#pragma once

#include "service/tokens.h"

namespace sluice::service {

struct ClientCertificate {
  Hash fingerprint{};                               // SHA-256 of the DER, as `openssl x509 -fingerprint -sha256` says it
  std::string subject;                              // RFC 2253, ASCII; at most 500 bytes
  Instant not_before, not_after;
};

inline constexpr std::size_t kMostCertificateBytes = 16 << 10;

// One X.509 certificate and nothing after it. Invalid if its key is weak (112 bits of security at least: RSA 2048, P-256, Ed25519), or if it says that it isn't for clients.
Result<ClientCertificate> read_certificate(ByteView der);
// The first certificate in a PEM text; a private key beside it is refused, since it has no business here.
Result<ClientCertificate> read_certificate_pem(std::string_view pem);

// Answer {"id", "fingerprint", "expires", "high_until"?}. `token.expires` may not be later than the certificate's own end; none: the shorter of both lives.
// Whether the asker may is said first; only then what is wrong with the certificate.
Work register_certificate(Services& services, Asker asker, IssueToken token, Result<ClientCertificate> certificate);

}  // namespace sluice::service
