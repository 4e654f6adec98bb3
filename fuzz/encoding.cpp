// Hex, base64 and base32: what is read is written back to the same bytes and, base64 being strict, to the same text.
#include "base/bytes.h"

#include <cstdlib>

#include "service/totp.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace sluice;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  if (const auto bytes = from_base64(text); bytes && base64(*bytes) != text) std::abort();
  if (const auto bytes = from_base64url(text); bytes && base64url(*bytes) != text) std::abort();
  if (const auto bytes = from_hex(text); bytes && (bytes->size() * 2 != size || *from_hex(hex(*bytes)) != *bytes)) std::abort();
  if (const auto bytes = service::from_base32(text); bytes && *service::from_base32(service::base32(*bytes)) != *bytes) std::abort();
  const ByteView all(data, size);
  if (*service::from_base32(service::base32(all)) != Bytes(all.begin(), all.end())) std::abort();
  if (*from_base64(base64(all)) != Bytes(all.begin(), all.end()) || *from_base64url(base64url(all)) != Bytes(all.begin(), all.end())) std::abort();
  return 0;
}
