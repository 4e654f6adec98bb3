// The head of a request: found complete at the same place however it arrives, and read without a crash; a body is framed in exactly one way (F2).
#include "web/http/framing.h"

#include <cstdlib>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace sluice::web::http;
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const HeadLimits limits{8 << 10, 32 << 10, 100};
  HeadScan whole;
  const auto at_once = whole.look(bytes, limits);
  HeadScan pieces;
  std::expected<std::optional<std::size_t>, Refusal> step = std::nullopt;
  for (std::size_t n = 1; n <= size; ++n) {
    step = pieces.look(bytes.substr(0, n), limits);
    if (!step || *step) break;
  }
  if (size > 0 && at_once.has_value() != step.has_value()) std::abort();
  if (!at_once || !*at_once) return 0;
  if (**step != **at_once) std::abort();
  const auto head = read_head(bytes.substr(0, **at_once));
  if (head && head->chunked && head->content_length) std::abort();
  return 0;
}
