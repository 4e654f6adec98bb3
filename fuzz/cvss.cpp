// A CVSS vector: a score is tenths from 0 to 10 (S1), or the vector is refused with a place.
#include "score/cvss.h"

#include <cmath>
#include <cstdint>
#include <cstdlib>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace sluice;
  const auto score = cvss::score({reinterpret_cast<const char*>(data), size});
  if (score && (score->overall < 0 || score->overall > 10 || std::abs(score->overall * 10 - std::round(score->overall * 10)) > 1e-9)) std::abort();
  return 0;
}
