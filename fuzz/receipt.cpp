// A receipt file is a stranger's: verifying never crashes, and nothing that wasn't signed is ever sound.
#include "ledger/receipt.h"

#include <cstdlib>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace sluice;
  static const auto key = *ledger::VerifyingKey::make("fuzz.example/ledger", Bytes(32, 7));
  const auto findings = ledger::verify_receipt({reinterpret_cast<const char*>(data), size}, key);
  if (is_valid(findings)) std::abort();  // nobody has the secret half of this key
  return 0;
}
