// parse_json and canonical: whatever is read is written back as something that reads back to the same text (J2), within the limits (J1).
#include "base/json.h"

#include <cstdlib>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace sluice;
  const auto read = parse_json({reinterpret_cast<const char*>(data), size});
  if (!read) return 0;
  const auto once = canonical(*read);
  const auto again = parse_json(once, {.bytes = 64 << 20, .depth = 64, .keys = 1'000'000, .string = 64 << 20});
  if (!again || canonical(*again) != once) std::abort();
  return 0;
}
