// An entry and a leaf from a file: one spelling each (N1), or refused.
#include "ledger/entry.h"

#include <cstdlib>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace sluice;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  if (const auto entry = ledger::read_entry(text); entry && entry->bytes() != text) std::abort();
  if (const auto value = parse_json(text))
    if (const auto leaf = ledger::leaf_from(*value); leaf && canonical(ledger::to_value(*leaf)) != leaf->bytes()) std::abort();
  return 0;
}
