// parse_json and canonical: whatever is read is written back as something that reads back to the same text (J2), within the limits (J1). A reader of many texts says the same of each, whatever it read before.
#include "base/json_reader.h"

#include <cstdlib>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace sluice;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto read = parse_json(text);
  static JsonReader reader;                       // over all inputs: what one left must not meet the next
  for (const auto part : {text, text.substr(0, size / 2), text}) {
    const auto other = reader.read(part);
    if (part.size() == size && (other.has_value() != read.has_value() || (read && canonical(**other) != canonical(*read)))) std::abort();
  }
  if (!read) return 0;
  const auto once = canonical(*read);
  const auto again = parse_json(once, {.bytes = 64 << 20, .depth = 64, .keys = 1'000'000, .string = 64 << 20});
  if (!again || canonical(*again) != once) std::abort();
  return 0;
}
