// Times and lengths of time: what is read is written to what reads to the same, since entries keep them as text.
#include "base/time.h"

#include <cstdlib>

#include "web/pages/layout.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace sluice;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  if (const auto instant = parse_instant(text)) {
    const auto again = parse_instant(to_text(*instant));
    if (!again || *again != *instant) std::abort();
  }
  if (const auto duration = parse_duration(text)) {
    const auto again = parse_duration(to_text(*duration));
    if (duration->count() < 0 || (again && *again != *duration)) std::abort();
  }
  (void)parse_instant(web::pages::utc_text(text));
  return 0;
}
