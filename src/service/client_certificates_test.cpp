#include <doctest/doctest.h>

#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include "service/client_certificates.h"
#include "service/people.h"
#include "service/testing.h"

using namespace sluice;
using namespace sluice::service;
using namespace std::chrono_literals;
using access::OrganisationKind;
using access::Scope;
using access::Scopes;
using store::AffiliationState;

namespace {

struct CertificateWanted {
  std::string key = "P-256";                        // or "P-192", "ed25519", "rsa:BITS"
  std::string name = "feed";
  std::int64_t from = -60, until = 3600 * 24 * 30;  // seconds from `now`
  std::vector<std::pair<int, std::string>> extensions = {};
};

// Self-signed, as DER.
Bytes certificate_for_tests(Instant now, const CertificateWanted& wanted = {}) {
  EVP_PKEY* const key = wanted.key.starts_with("rsa:") ? EVP_RSA_gen(static_cast<unsigned>(std::stoi(wanted.key.substr(4)))) : wanted.key == "ed25519" ? EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519") : EVP_EC_gen(wanted.key.c_str());
  REQUIRE(key != nullptr);
  X509* const out = X509_new();
  X509_set_version(out, X509_VERSION_3);
  ASN1_INTEGER_set(X509_get_serialNumber(out), 7);
  ASN1_TIME_set(X509_getm_notBefore(out), now.micros / 1'000'000 + wanted.from);
  ASN1_TIME_set(X509_getm_notAfter(out), now.micros / 1'000'000 + wanted.until);
  X509_set_pubkey(out, key);
  X509_NAME_add_entry_by_txt(X509_get_subject_name(out), "CN", MBSTRING_UTF8, reinterpret_cast<const unsigned char*>(wanted.name.data()), static_cast<int>(wanted.name.size()), -1, 0);
  X509_set_issuer_name(out, X509_get_subject_name(out));
  for (const auto& [id, value] : wanted.extensions) {
    X509_EXTENSION* const extension = X509V3_EXT_conf_nid(nullptr, nullptr, id, value.c_str());
    REQUIRE(extension != nullptr);
    X509_add_ext(out, extension, -1);
    X509_EXTENSION_free(extension);
  }
  REQUIRE(X509_sign(out, key, wanted.key == "ed25519" ? nullptr : EVP_sha256()) > 0);
  unsigned char* bytes = nullptr;
  const int size = i2d_X509(out, &bytes);
  Bytes der(bytes, bytes + size);
  OPENSSL_free(bytes);
  X509_free(out);
  EVP_PKEY_free(key);
  return der;
}

std::string pem_of(ByteView der, std::string_view what = "CERTIFICATE") {
  const auto text = base64(der);
  std::string out = "-----BEGIN " + std::string(what) + "-----\n";
  for (std::size_t at = 0; at < text.size(); at += 64) out += text.substr(at, 64) + "\n";
  return out + "-----END " + std::string(what) + "-----\n";
}

struct MachineOfAna {
  SteppedClock clock;
  SiteForTests site{{.clock = &clock}};
  OrganisationId acme = site.organisation("Acme", OrganisationKind::Vendor);
  PersonId ana = site.person(acme, "Ana", "ana@acme.example");
  Viewers& viewers = site.doors.viewers;

  Result<Committed> add(Asker asker, IssueToken token, const ClientCertificate& certificate) { return site.writer->run(register_certificate(site.services, std::move(asker), token, certificate)); }
  ClientCertificate made(const CertificateWanted& wanted = {}) { return for_tests::must(read_certificate(certificate_for_tests(clock.now(), wanted))); }
  TokenId added(const ClientCertificate& certificate, Scopes scopes = {Scope::CaseRead}, std::optional<Instant> expires = {}) {
    const auto committed = for_tests::must(add(SiteForTests::system(), {ana, {}, scopes, expires}, certificate));
    return TokenId::parse(string_at(committed.answer, "id")).value();
  }
};

}  // namespace

TEST_CASE("a certificate is read whole: its fingerprint, names and life") {
  const Instant now{1'900'000'000'000'000};
  const auto der = certificate_for_tests(now, {.name = "Zürich\n\"feed\""});
  const auto read = read_certificate(der);
  REQUIRE(read);
  CHECK(read->fingerprint == sha256(der));
  CHECK(read->not_before == now - 60s);
  CHECK(read->not_after == now + 24h * 30);
  CHECK(read->subject == "CN=Z\\C3\\BCrich\\0A\\\"feed\\\"");   // RFC 2253: nothing of it can pass for something else
  const auto again = read_certificate_pem("Some words before.\n" + pem_of(der) + pem_of(certificate_for_tests(now)));
  REQUIRE(again);
  CHECK(again->fingerprint == read->fingerprint);
  for (const auto* key : {"rsa:2048", "P-384", "ed25519"}) CHECK(read_certificate(certificate_for_tests(now, {.key = key})));
}

TEST_CASE("what is no certificate of a client, or has a weak key, is refused") {
  const Instant now{1'900'000'000'000'000};
  auto der = certificate_for_tests(now);
  const auto cut = Bytes(der.begin(), der.end() - 1);
  auto longer = der;
  longer.push_back(0);
  struct { const char* name; Bytes bytes; const char* says; } const rows[] = {
      {"nothing", {}, "bytes"},
      {"cut", cut, "no X.509"},
      {"something after it", longer, "no X.509"},
      {"too large", Bytes(kMostCertificateBytes + 1, 0x30), "at most"},
      {"a short RSA key", certificate_for_tests(now, {.key = "rsa:1024"}), "too weak"},
      {"a short curve", certificate_for_tests(now, {.key = "P-192"}), "too weak"},
      {"ends before it begins", certificate_for_tests(now, {.from = 10, .until = 5}), "ends before"},
      {"for servers alone", certificate_for_tests(now, {.extensions = {{NID_ext_key_usage, "serverAuth"}}}), "client authentication"},
      {"for no signature", certificate_for_tests(now, {.extensions = {{NID_key_usage, "keyEncipherment"}}}), "signing"},
  };
  for (const auto& row : rows) {
    CAPTURE(row.name);
    const auto read = read_certificate(row.bytes);
    REQUIRE_FALSE(read);
    CHECK(read.error().message.find(row.says) != std::string::npos);
  }
  CHECK(read_certificate(certificate_for_tests(now, {.extensions = {{NID_ext_key_usage, "clientAuth,serverAuth"}, {NID_key_usage, "digitalSignature"}, {NID_basic_constraints, "CA:TRUE"}}})));
  CHECK_FALSE(read_certificate_pem(""));
  CHECK_FALSE(read_certificate_pem(base64(der)));
  const auto with_key = read_certificate_pem(pem_of(der) + pem_of(Bytes{1, 2, 3}, "EC PRIVATE KEY"));
  REQUIRE_FALSE(with_key);
  CHECK(with_key.error().message.find("private key") != std::string::npos);
}

TEST_CASE("a certificate acts as its person within its scopes, and costs no query while hot") {
  MachineOfAna a;
  const auto certificate = a.made();
  CHECK(a.viewers.of_certificate(certificate.fingerprint).error().kind == ErrorKind::Unauthenticated);
  const auto id = a.added(certificate);
  const auto viewer = a.viewers.of_certificate(certificate.fingerprint);
  REQUIRE(viewer);
  CHECK(viewer->kind == access::Viewer::Kind::Machine);
  CHECK(viewer->person == a.ana);
  CHECK(viewer->organisation == a.acme);
  CHECK(viewer->token == id);
  CHECK(viewer->has_scope(Scope::CaseRead));
  CHECK_FALSE(viewer->has_scope(Scope::CaseWrite));
  const auto before = a.viewers.looked_up();
  for (int i = 0; i < 100; ++i) REQUIRE(a.viewers.of_certificate(certificate.fingerprint));
  CHECK(a.viewers.looked_up() == before);
  // Its fingerprint is public, and no token's text.
  CHECK_FALSE(a.viewers.of_token(hex(certificate.fingerprint)));
  CHECK_FALSE(a.viewers.of_certificate(a.made().fingerprint));   // another one of the same name

  const auto shown = for_tests::must(tokens_of(a.site.services, access::Viewer::system(), a.ana));
  REQUIRE(shown.size() == 1);
  REQUIRE(shown[0].certificate);
  CHECK(shown[0].certificate->fingerprint == hex(certificate.fingerprint));
  CHECK(shown[0].certificate->subject == "CN=feed");
  CHECK(shown[0].certificate->not_after == certificate.not_after);
}

TEST_CASE("I2: it counts neither before it begins nor after it ends, to the second, nor after the life that it was given") {
  MachineOfAna a;
  const auto early = a.made({.from = 3600, .until = 7200});
  a.added(early);
  CHECK_FALSE(a.viewers.of_certificate(early.fingerprint));
  a.clock.go_on(1h - 1s);
  CHECK_FALSE(a.viewers.of_certificate(early.fingerprint));
  a.clock.go_on(1s);
  CHECK(a.viewers.of_certificate(early.fingerprint));
  a.clock.go_on(1h - 1s);
  CHECK(a.viewers.of_certificate(early.fingerprint));
  a.clock.go_on(1s);
  CHECK_FALSE(a.viewers.of_certificate(early.fingerprint));

  const auto shorter = a.made();
  a.added(shorter, {Scope::CaseRead}, a.clock.now() + 1h);
  a.clock.go_on(1h);
  CHECK_FALSE(a.viewers.of_certificate(shorter.fingerprint));
  const auto ended = a.made({.from = -20, .until = -10});
  CHECK(a.add(SiteForTests::system(), {a.ana, {}, {Scope::CaseRead}}, ended).error().kind == ErrorKind::Invalid);
  const auto brief = a.made({.until = 60});
  CHECK(a.add(SiteForTests::system(), {a.ana, {}, {Scope::CaseRead}, a.clock.now() + 1h}, brief).error().where == "/expires");
}

TEST_CASE("Y2, ACC-7: revoked, suspended or disabled, it opens nothing at once, though hot in memory, and is never registered again") {
  MachineOfAna a;
  auto& s = a.site.services;
  const auto run = [&](Work work) { return a.site.writer->run(std::move(work)); };
  auto certificate = a.made();
  const auto id = a.added(certificate);
  REQUIRE(a.viewers.of_certificate(certificate.fingerprint));
  REQUIRE(run(revoke_token(s, a.viewers, SiteForTests::system(), id)));
  CHECK_FALSE(a.viewers.of_certificate(certificate.fingerprint));
  CHECK(a.add(SiteForTests::system(), {a.ana, {}, {Scope::CaseRead}}, certificate).error().code == "certificate-known");

  certificate = a.made();
  a.added(certificate);
  REQUIRE(a.viewers.of_certificate(certificate.fingerprint));
  REQUIRE(run(change_affiliation(s, a.viewers, SiteForTests::system(), a.ana, a.acme, AffiliationState::Suspended)));
  CHECK_FALSE(a.viewers.of_certificate(certificate.fingerprint));
  REQUIRE(run(change_affiliation(s, a.viewers, SiteForTests::system(), a.ana, a.acme, AffiliationState::Active)));
  CHECK_FALSE(a.viewers.of_certificate(certificate.fingerprint));  // dead for good, as its tokens are

  certificate = a.made();
  a.added(certificate);
  REQUIRE(a.viewers.of_certificate(certificate.fingerprint));
  REQUIRE(run(disable_person(s, a.viewers, SiteForTests::system(), a.ana)));
  CHECK_FALSE(a.viewers.of_certificate(certificate.fingerprint));
  REQUIRE(run(enable_person(s, a.viewers, SiteForTests::system(), a.ana)));
  CHECK_FALSE(a.viewers.of_certificate(certificate.fingerprint));
}

TEST_CASE("Y5: a certificate beside a token is of the same person for the same organisation, or neither counts") {
  MachineOfAna a;
  const auto beta = a.site.organisation("Beta", OrganisationKind::Member);
  const auto bo = a.site.person(a.acme, "Bo", "bo@acme.example");
  a.site.person(beta, "Ana", "ana@acme.example");
  const auto token_of = [&](PersonId person, OrganisationId organisation) {
    const auto committed = for_tests::must(a.site.writer->run(issue_token(a.site.services, SiteForTests::system(), {person, organisation, {Scope::CaseRead, Scope::CaseWrite}})));
    return std::string(string_at(committed.answer, "token"));
  };
  const auto certificate = a.made();
  const auto committed = for_tests::must(a.add(SiteForTests::system(), {a.ana, a.acme, {Scope::CaseRead}}, certificate));
  const auto id = TokenId::parse(string_at(committed.answer, "id")).value();
  const auto own = token_of(a.ana, a.acme);
  const auto both = a.viewers.entry_of({.token = own, .certificate = certificate.fingerprint});
  REQUIRE(both);
  CHECK(both->viewer.has_scope(Scope::CaseWrite));  // the token's scopes
  CHECK(both->viewer.token != id);
  CHECK(both->until == a.viewers.entry_of_certificate(certificate.fingerprint)->until);
  CHECK_FALSE(a.viewers.entry_of({.token = token_of(bo, a.acme), .certificate = certificate.fingerprint}));
  CHECK_FALSE(a.viewers.entry_of({.token = token_of(a.ana, beta), .certificate = certificate.fingerprint}));
  CHECK_FALSE(a.viewers.entry_of({.token = new_token(system_random()), .certificate = certificate.fingerprint}));
  CHECK_FALSE(a.viewers.entry_of({}));
  REQUIRE(a.site.writer->run(revoke_token(a.site.services, a.viewers, SiteForTests::system(), id)));
  CHECK_FALSE(a.viewers.entry_of({.token = own, .certificate = certificate.fingerprint}));   // what is held open by both ends with either
  CHECK(a.viewers.entry_of({.token = own}));
}

TEST_CASE("K2, K3: a certificate is registered by whoever may issue a token, and is no stronger") {
  MachineOfAna a;
  const auto bo = a.site.person(a.acme, "Bo", "bo@acme.example");
  const auto kind_of = [&](Asker asker, IssueToken token) {
    const auto result = a.add(std::move(asker), token, a.made());
    REQUIRE_FALSE(result);
    return result.error().kind;
  };
  CHECK(kind_of(a.site.asker(bo, a.acme), {a.ana, {}, {Scope::CaseRead}}) == ErrorKind::Forbidden);
  CHECK(kind_of(a.site.asker(a.ana, a.acme), {a.ana, {}, {Scope::Publish}}) == ErrorKind::Forbidden);   // not stepped up
  CHECK(kind_of(SiteForTests::system(), {a.ana, {}, {}}) == ErrorKind::Invalid);
  const auto high = a.made();
  a.added(high, Scopes::all());
  CHECK(a.viewers.of_certificate(high.fingerprint)->has_scope(Scope::Publish));
  a.clock.go_on(24h);
  CHECK_FALSE(a.viewers.of_certificate(high.fingerprint)->has_scope(Scope::Publish));
  CHECK(a.viewers.of_certificate(high.fingerprint)->has_scope(Scope::CaseWrite));
}

TEST_CASE("unknown, revoked, ended and not yet begun cost the same look at the database") {
  MachineOfAna a;
  const auto unknown = a.made(), revoked = a.made(), early = a.made({.from = 3600}), ended = a.made({.until = 60});
  const auto id = a.added(revoked);
  a.added(early);
  a.added(ended);
  REQUIRE(a.site.writer->run(revoke_token(a.site.services, a.viewers, SiteForTests::system(), id)));
  a.clock.go_on(2min);
  for (const auto* one : {&unknown, &revoked, &early, &ended}) {
    const auto before = a.viewers.looked_up();
    const auto answer = a.viewers.of_certificate(one->fingerprint);
    REQUIRE_FALSE(answer);
    CHECK(answer.error().kind == ErrorKind::Unauthenticated);
    CHECK(answer.error().message == a.viewers.of_certificate(unknown.fingerprint).error().message);
    CHECK(a.viewers.looked_up() == before + 2);
  }
}
