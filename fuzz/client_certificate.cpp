// A client certificate: what is read has a life, a name in plain ASCII within its bound and its own bytes' hash, and reads the same from PEM; nothing with a private key is taken.
#include "service/client_certificates.h"

#include <algorithm>
#include <cstdint>
#include <cstdlib>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace sluice;
  using namespace sluice::service;
  const ByteView bytes(data, size);
  const auto must = [](bool holds) {
    if (!holds) std::abort();
  };
  const auto from_pem = read_certificate_pem(text_of(bytes));
  if (from_pem) must(from_pem->not_before < from_pem->not_after && text_of(bytes).find("PRIVATE KEY-----") == std::string_view::npos);
  const auto read = read_certificate(bytes);
  if (!read) return 0;
  must(size <= kMostCertificateBytes);
  must(read->fingerprint == sha256(bytes));
  must(read->not_before < read->not_after);
  must(read->subject.size() <= 500);
  must(std::all_of(read->subject.begin(), read->subject.end(), [](char c) { return c >= ' ' && c <= '~'; }));
  const auto again = read_certificate_pem("-----BEGIN CERTIFICATE-----\n" + base64(bytes) + "\n-----END CERTIFICATE-----\n");
  must(again && again->fingerprint == read->fingerprint && again->subject == read->subject);
  return 0;
}
