#include "service/openpgp.h"

#include <doctest/doctest.h>

using namespace sluice;
using namespace sluice::service;

namespace {
const Instant kMade = *parse_instant("2027-01-02T09:00:00Z"), kLater = *parse_instant("2027-02-03T09:00:00Z"), kEarlier = *parse_instant("2026-12-31T09:00:00Z");

OpenPgpKey key() { return *OpenPgpKey::from(Opened(*OpenPgpKey::make_secret("CERT Example (cert.example/ledger)", kMade))); }
}  // namespace

TEST_CASE("a signature holds for its document and its key, and for nothing else") {
  const auto ours = key(), other = key();
  const auto signature = ours.sign("{\"document\":1}", kLater);
  REQUIRE(signature);
  CHECK(signature->starts_with("-----BEGIN PGP SIGNATURE-----"));
  CHECK(verify(ours.public_key(), "{\"document\":1}", *signature, kLater));
  CHECK_FALSE(verify(ours.public_key(), "{\"document\":2}", *signature, kLater));
  CHECK_FALSE(verify(other.public_key(), "{\"document\":1}", *signature, kLater));
  CHECK_FALSE(verify(ours.public_key(), "{\"document\":1}", *other.sign("{\"document\":1}", kLater), kLater));
  CHECK_FALSE(verify(ours.public_key(), "{\"document\":1}", "no signature", kLater));
}

TEST_CASE("a signature's date is the site's clock, not the machine's") {
  const auto ours = key();
  const auto late = ours.sign("x", kLater), early = ours.sign("x", kEarlier);
  REQUIRE(late);
  REQUIRE(early);
  CHECK_FALSE(verify(ours.public_key(), "x", *late, kMade));  // of the future
  CHECK(verify(ours.public_key(), "x", *early, kMade));       // O2: the clock was set back; not before its key
}

TEST_CASE("the public key has no secret in it, and the secret gives the same key again") {
  const auto secret = *OpenPgpKey::make_secret("CERT Example (cert.example/ledger)", kMade);
  const auto ours = *OpenPgpKey::from(Opened(secret)), again = *OpenPgpKey::from(Opened(secret));
  CHECK(ours.fingerprint() == again.fingerprint());
  CHECK(ours.fingerprint().size() == 40);
  CHECK(ours.fingerprint() != key().fingerprint());
  CHECK(ours.public_key() == again.public_key());
  CHECK(ours.public_key().starts_with("-----BEGIN PGP PUBLIC KEY BLOCK-----"));
  CHECK(ours.public_key().find("PRIVATE") == std::string::npos);
  CHECK_FALSE(OpenPgpKey::from(Opened(Bytes{1, 2, 3})));
}

TEST_CASE("a user id has nothing of a mail address or a line break, and fits") {
  CHECK(user_id_of("CERT Example", "cert.example/ledger") == "CERT Example (cert.example/ledger)");
  CHECK(user_id_of("CERT <mail@evil.example> (x)\n", "o") == "CERT mail@evil.example x (o)");
  std::string name;
  for (int i = 0; i < 100; ++i) name += "ü";
  const auto cut = user_id_of(name, "cert.example/ledger");
  CHECK(cut.size() <= 127);
  CHECK(cut.ends_with("ü (cert.example/ledger)"));
  CHECK(OpenPgpKey::make_secret(cut, kMade));
  CHECK(OpenPgpKey::make_secret(user_id_of("", std::string(200, 'o')), kMade));
}
