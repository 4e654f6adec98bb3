// A file's text is a stranger's: looking for signs never crashes, points into the text, and stays bounded.
#include "gate/content_signs.h"

#include <cstdlib>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto signs = sluice::gate::signs_in({reinterpret_cast<const char*>(data), size});
  if (signs.size() > sluice::gate::kMostSigns) std::abort();
  for (const auto& one : signs)
    if (one.line < 1 || one.offset < 0 || one.length < 0 || static_cast<std::size_t>(one.offset + one.length) > size) std::abort();
  return 0;
}
