// An event as it stands in an entry: what reads is written back to something that reads to the same.
#include "cvd/events.h"

#include <cstdlib>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace sluice;
  const auto value = parse_json({reinterpret_cast<const char*>(data), size});
  if (!value) return 0;
  const auto event = cvd::event_from_json(*value);
  if (!event) return 0;
  const auto written = cvd::event_to_json(*event);
  const auto again = cvd::event_from_json(written);
  if (!again || canonical(cvd::event_to_json(*again)) != canonical(written)) std::abort();
  return 0;
}
