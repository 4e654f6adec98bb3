// STIX patterns: what reads is written to text that reads to the same tree, in both versions; its checks and a search never crash, and its comparisons are as many as it has values.
#include <cstdint>
#include <cstdlib>

#include "threat/pattern/check.h"
#include "threat/pattern/match.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace sluice;
  using namespace sluice::threat;
  if (size > 4'096) return 0;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  static const std::vector<Observation> kSeen = [] {
    std::vector<Observation> out;
    for (const auto* objects : {R"({"0": {"type": "file", "name": "a", "size": 5, "hashes": {"MD5": "ab"}, "parent_directory_ref": "1", "tags": ["x", "y"]}, "1": {"type": "directory", "path": "/a"}})",
                                R"({"0": {"type": "ipv4-addr", "value": "198.51.100.7"}, "1": {"type": "a", "b": 1, "b_hex": "00ff"}})"})
      out.push_back({Instant{static_cast<std::int64_t>(out.size()) * 1'000'000}, 1, parse_json(objects)->as_object()});
    return out;
  }();
  for (const auto version : {PatternVersion::V20, PatternVersion::V21}) {
    const auto pattern = parse_pattern(text, version);
    const auto findings = check_pattern(text, {.version = version});
    if (!pattern) {
      if (is_valid(findings)) std::abort();
      continue;
    }
    const auto written = to_text(*pattern);
    const auto again = parse_pattern(written, version, {.bytes = 8 * size + 64});
    if (!again || *again != *pattern || to_text(*again) != written) std::abort();
    if (comparisons_of(*pattern).empty() || conformance_level(*pattern) < 1 || conformance_level(*pattern) > 3) std::abort();
    (void)matches(*pattern, kSeen);
  }
  return 0;
}
