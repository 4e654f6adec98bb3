// OpenPGP signatures (RFC 4880): one Ed25519 key that signs what the site publishes. Only openpgp.cpp sees librnp; mail/, which lies above, asks here.
//
// No key of others, no encryption, no agent and no key ring on disk: secrets come in as bytes and are sealed by whoever calls.
//
// Invariants
//   O1  sign() gives only what verify() accepts: a fault while signing is an error, never a bad signature.
//   O2  A signature is dated as the caller says, by the site's clock, but never before its key.
#pragma once

#include <memory>
#include <mutex>
#include <string>
#include <string_view>

#include "base/bytes.h"
#include "base/opened.h"
#include "base/time.h"

namespace sluice::service {

class OpenPgpKey {
 public:
  // A new secret key in OpenPGP's own form (a transferable secret key without a passphrase). The caller seals and wipes it.
  static Result<Bytes> make_secret(const std::string& user_id, Instant created);
  static Result<OpenPgpKey> from(Opened<Bytes> secret);

  const std::string& fingerprint() const { return fingerprint_; }  // 40 upper-case hex digits
  const std::string& public_key() const { return public_key_; }    // ASCII-armoured

  // A detached, ASCII-armoured signature. From any thread.
  Result<std::string> sign(std::string_view document, Instant at) const;

  struct Loaded;                                                   // librnp's
  OpenPgpKey(std::unique_ptr<Loaded> loaded, std::string fingerprint, std::string public_key);
  OpenPgpKey(OpenPgpKey&&) noexcept;
  ~OpenPgpKey();

 private:
  std::unique_ptr<Loaded> loaded_;
  std::string fingerprint_, public_key_;
};

// Whether this is a signature of the document by this armoured public key, seen at that time; Invalid if not.
Result<void> verify(std::string_view public_key, std::string_view document, std::string_view signature, Instant at);

// "CERT Example (cert.example/ledger)", without what would make a mail address or break a line, and short enough for OpenPGP.
std::string user_id_of(std::string_view organisation, std::string_view origin);

}  // namespace sluice::service
