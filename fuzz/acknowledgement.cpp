// An acknowledgement file is a stranger's: verifying never crashes, and nothing that wasn't signed is ever sound.
#include "ledger/acknowledgement.h"

#include <cstdlib>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace sluice;
  static const auto key = *ledger::VerifyingKey::make("fuzz.example/ledger", Bytes(32, 7));
  if (is_valid(ledger::verify_acknowledgement({reinterpret_cast<const char*>(data), size}, key))) std::abort();  // nobody has the secret half of this key
  return 0;
}
