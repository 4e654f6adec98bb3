#include "store/lines.h"

#include <algorithm>

namespace sluice::store {

Place place_of_version(std::span<const HeldLine> held, std::int64_t audience, std::int64_t line, std::span<const std::int64_t> met) {
  // B2: what it sent itself it knows, wherever that went.
  const auto is_known = [&](const HeldLine& one) { return one.line == line || std::binary_search(met.begin(), met.end(), one.audience); };
  const HeldLine* followed = nullptr;
  bool is_taken = false;
  for (const auto& one : held) {
    if (one.audience == audience && one.line != line) {
      if (is_known(one)) return Place::Refused;
      is_taken = true;
    }
    if (is_known(one) && (followed == nullptr || one.since < followed->since)) followed = &one;
  }
  if (followed != nullptr && followed->line != line) return Place::Refused;
  return is_taken ? Place::Apart : Place::There;
}

}  // namespace sluice::store
