// An organisation's profile with its disclosure policy: what reads is written to what reads to the same; its check refuses with a place.
#include "cvd/organisation.h"

#include <cstdlib>

#include "base/json.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace sluice;
  const auto value = parse_json({reinterpret_cast<const char*>(data), size});
  if (!value) return 0;
  const auto read = from_json<cvd::OrganisationProfile>(*value);
  if (!read) return 0;
  const auto written = to_json(*read);
  const auto again = from_json<cvd::OrganisationProfile>(written);
  if (!again || canonical(to_json(*again)) != canonical(written)) std::abort();
  if (const auto fits = cvd::check(*read); !fits && fits.error().where.empty()) std::abort();
  return 0;
}
