// A signed head and a verification key are a stranger's text: nothing that wasn't signed opens, and a key has one spelling.
#include "ledger/checkpoint.h"

#include <cstdlib>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace sluice::ledger;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  static const auto key = *VerifyingKey::make("fuzz.example/ledger", sluice::Bytes(32, 7));
  if (open_checkpoint(text, key)) std::abort();  // nobody has the secret half of this key
  if (const auto read = VerifyingKey::parse(text)) {
    if (read->text() != text && read->text() + "\n" != text) std::abort();
  }
  return 0;
}
