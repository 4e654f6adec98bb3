#include "service/client_certificates.h"

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include <ctime>
#include <memory>

#include "service/site_log.h"
#include "store/client_certificates.h"

namespace sluice::service {

namespace {

constexpr std::size_t kMostSubject = 500;
constexpr int kLeastSecurityBits = 112;
constexpr std::size_t kMostPemBytes = 64 << 10;

template <auto free_it>
struct FreeX509 {
  template <class T>
  void operator()(T* it) const { free_it(it); }
};
using X509Ptr = std::unique_ptr<X509, FreeX509<X509_free>>;
using BioPtr = std::unique_ptr<BIO, FreeX509<BIO_free_all>>;

Result<Instant> instant_of(const ASN1_TIME* time) {
  std::tm tm{};
  if (time == nullptr || ASN1_TIME_to_tm(time, &tm) != 1) return fail(ErrorKind::Invalid, "The certificate doesn't say from when until when it holds.");
  return Instant{static_cast<std::int64_t>(::timegm(&tm)) * 1'000'000};
}

std::string subject_of(X509* certificate) {
  const BioPtr out(BIO_new(BIO_s_mem()));
  if (!out || X509_NAME_print_ex(out.get(), X509_get_subject_name(certificate), 0, XN_FLAG_RFC2253) < 0) return {};
  char* text = nullptr;
  const auto size = BIO_get_mem_data(out.get(), &text);
  return {text, std::min<std::size_t>(static_cast<std::size_t>(std::max(size, 0L)), kMostSubject)};
}

Result<void> check_key(X509* certificate) {
  const EVP_PKEY* key = X509_get0_pubkey(certificate);
  if (key == nullptr) return fail(ErrorKind::Invalid, "The certificate's key can't be read, or is of a kind that TLS doesn't know here.");
  const int kind = EVP_PKEY_get_base_id(key);
  if (kind != EVP_PKEY_RSA && kind != EVP_PKEY_RSA_PSS && kind != EVP_PKEY_EC && kind != EVP_PKEY_ED25519 && kind != EVP_PKEY_ED448)
    return fail(ErrorKind::Invalid, "The certificate's key is none that TLS signs with: take RSA, P-256, P-384 or Ed25519.");
  if (EVP_PKEY_get_security_bits(key) < kLeastSecurityBits) return fail(ErrorKind::Invalid, "The certificate's key is too weak: take RSA of 2048 bits or more, P-256, P-384 or Ed25519.", {}, "WEB-8");
  return {};
}

// RFC 5280 §4.2.1.3 and §4.2.1.12: a certificate that names its purposes is used for these alone.
Result<void> check_purpose(X509* certificate) {
  if ((X509_get_extension_flags(certificate) & EXFLAG_INVALID) != 0) return fail(ErrorKind::Invalid, "The certificate's extensions contradict each other or can't be read.");
  const auto usage = X509_get_key_usage(certificate);                     // all bits set where it says nothing
  if ((usage & KU_DIGITAL_SIGNATURE) == 0) return fail(ErrorKind::Invalid, "The certificate's key usage doesn't allow signing, which a client does in its handshake.", {}, "RFC 5280 §4.2.1.3");
  const auto extended = X509_get_extended_key_usage(certificate);
  if ((extended & (XKU_SSL_CLIENT | XKU_ANYEKU)) == 0) return fail(ErrorKind::Invalid, "The certificate's extended key usage doesn't name client authentication.", {}, "RFC 5280 §4.2.1.12");
  return {};
}

}  // namespace

Result<ClientCertificate> read_certificate(ByteView der) {
  if (der.empty() || der.size() > kMostCertificateBytes) return fail(ErrorKind::Invalid, "A certificate has at most " + std::to_string(kMostCertificateBytes) + " bytes.");
  const auto* at = der.data();
  const X509Ptr certificate(d2i_X509(nullptr, &at, static_cast<long>(der.size())));
  ERR_clear_error();                                // of this thread: what failed is said here
  if (!certificate || at != der.data() + der.size()) return fail(ErrorKind::Invalid, "This is no X.509 certificate.");
  ClientCertificate out;
  out.fingerprint = sha256(der);
  TRY(out.not_before, instant_of(X509_get0_notBefore(certificate.get())));
  TRY(out.not_after, instant_of(X509_get0_notAfter(certificate.get())));
  if (out.not_after <= out.not_before) return fail(ErrorKind::Invalid, "The certificate ends before it begins.");
  TRY(check_key(certificate.get()));
  TRY(check_purpose(certificate.get()));
  out.subject = subject_of(certificate.get());
  return out;
}

Result<ClientCertificate> read_certificate_pem(std::string_view pem) {
  if (pem.size() > kMostPemBytes) return fail(ErrorKind::TooLarge, "A file with a certificate has at most " + std::to_string(kMostPemBytes) + " bytes.");
  if (pem.find("PRIVATE KEY-----") != pem.npos) return fail(ErrorKind::Invalid, "There is a private key in this. It stays with the machine that uses it: give the certificate alone.");
  const BioPtr in(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
  unsigned char* data = nullptr;
  long size = 0;
  if (!in || PEM_bytes_read_bio(&data, &size, nullptr, PEM_STRING_X509, in.get(), [](char*, int, int, void*) { return 0; }, nullptr) != 1)
    return ERR_clear_error(), fail(ErrorKind::Invalid, "There is no certificate in this; it begins with -----BEGIN CERTIFICATE-----.");
  const Bytes der(data, data + size);
  OPENSSL_free(data);
  return read_certificate(der);
}

Work register_certificate(Services& services, Asker asker, IssueToken token, Result<ClientCertificate> read) {
  return [&services, asker = std::move(asker), token, read = std::move(read)](Unit& unit) -> Result<Committed> {
    auto& tx = unit.writing().tx();
    TRY(auto row, row_of_new_token(services, unit, asker, token));
    TRY(const auto certificate, read);
    if (certificate.not_after <= unit.now()) return fail(ErrorKind::Invalid, "This certificate has ended.", "/certificate");
    if (row.expires > certificate.not_after) {      // I2
      if (token.expires) return fail(ErrorKind::Invalid, "The certificate ends before that, on " + to_text(certificate.not_after) + ".", "/expires");
      row.expires = certificate.not_after;
      row.high_until = std::min(row.high_until, row.expires);
    }
    row.hash = hash_of_certificate(services.cells(), certificate.fingerprint);
    TRY(const auto had, store::token(tx, row.hash));
    if (had) return fail(ErrorKind::Conflict, "This certificate was registered before. Once revoked it stays so: make another one.", {}, {}, "certificate-known");
    TRY(store::add_token(tx, row));
    TRY(store::add_certificate(tx, services.cells(), {row.id, certificate.not_before, certificate.not_after, certificate.fingerprint, certificate.subject}));

    const auto fingerprint = hex(certificate.fingerprint);
    json::object event{{"type", "CertificateRegistered"}, {"v", 1}, {"token", row.id.text()}, {"person", row.person.text()}, {"organisation", row.organisation.text()},
                       {"scopes", to_text(row.scopes)}, {"fingerprint", fingerprint}, {"expires", to_text(row.expires)}};
    json::object answer{{"id", row.id.text()}, {"fingerprint", fingerprint}, {"expires", to_text(row.expires)}};
    if (!(row.scopes & access::Scopes::high()).empty()) event["high_until"] = answer["high_until"] = to_text(row.high_until);
    return write_site_entry(unit, asker, {"certificate.register", row.id.text(), std::move(event)}, std::move(answer));
  };
}

}  // namespace sluice::service
