// Packs, amendments, conditions and cases: whatever is read without an error is judged without a crash, and a length of time reads again as it was written.
#include <algorithm>
#include <cstdint>
#include <cstdlib>

#include "regimes/built_in.h"
#include "regimes/overlay.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace sluice;
  if (size > 8'192) return 0;
  static const auto kLibrary = *regimes::built_in_library();
  const std::string_view text{reinterpret_cast<const char*>(data), size};
  if (const auto term = regimes::parse_term(text))
    if (const auto again = regimes::parse_term(regimes::to_text(*term)); !again || *again != *term) std::abort();
  (void)regimes::parse_condition(text);
  (void)regimes::parse_circles(text);
  if (const auto at = regimes::parse_second(text))
    if (regimes::parse_second(regimes::to_text(*at)) != *at) std::abort();
  const auto pack = regimes::read_pack(text, "fuzzed.yaml", kLibrary.words);
  if (is_valid(pack.findings) && pack.pack.rules.empty() && pack.pack.id.empty()) std::abort();  // a pack without an error has an id
  // Of one pack, since all are copied for each. Twice: what the first made is read again.
  static const auto kOne = [] {
    regimes::Library out;
    out.words = kLibrary.words;
    out.packs.insert(*std::find_if(kLibrary.packs.begin(), kLibrary.packs.end(), [](const auto& one) { return !one.second.readings.empty(); }));
    return out;
  }();
  const regimes::OverlayText overlay{"fuzzed.yaml", std::string(text)};
  if (const auto amended = regimes::amended(kOne, {overlay, overlay}); !is_valid(amended.findings) && amended.overlays.size() > 1) std::abort();
  if (const auto value = parse_json(text))
    if (const auto scenario = regimes::read_scenario(*value, kLibrary.words); scenario && scenario->regimes.size() < 4 && scenario->actions.size() < 4)
      if (const auto answer = regimes::evaluate(*scenario, kLibrary); answer && answer->outcomes.size() != scenario->actions.size()) std::abort();
  return 0;
}
