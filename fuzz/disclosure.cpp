// What somebody asks the gate about: what reads is written to what reads to the same, with the same hash.
#include "gate/disclosure.h"

#include <cstdlib>

#include "base/bind.h"
#include "base/json.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace sluice;
  const auto value = parse_json({reinterpret_cast<const char*>(data), size});
  if (!value) return 0;
  const auto read = gate::read_disclosure(*value);
  if (!read) return 0;
  const auto again = gate::read_disclosure(to_json(*read));
  if (!again || !(gate::hash_of(*again) == gate::hash_of(*read))) std::abort();
  return 0;
}
