#include "store/version_choice.h"

#include <algorithm>
#include <tuple>

namespace sluice::store {

std::vector<std::int64_t> chosen(std::span<const HeldVersion> held, const VersionsWanted& wanted) {
  std::vector<HeldVersion> once(held.begin(), held.end());
  if (const auto first = std::min_element(once.begin(), once.end(), [](const HeldVersion& a, const HeldVersion& b) { return a.since < b.since; }); first != once.end())
    std::erase_if(once, [line = first->line](const HeldVersion& one) { return one.line != line; });   // C0
  std::sort(once.begin(), once.end(), [](const HeldVersion& a, const HeldVersion& b) { return std::tie(a.version_at, a.spec, a.date_added) < std::tie(b.version_at, b.spec, b.date_added); });
  once.erase(std::unique(once.begin(), once.end(), [](const HeldVersion& a, const HeldVersion& b) { return a.version_at == b.version_at && a.spec == b.spec; }), once.end());   // C1

  int newest = 0;                                 // C2
  for (const auto& one : once) newest = std::max(newest, one.spec);
  std::erase_if(once, [&](const HeldVersion& one) { return wanted.specs.empty() ? one.spec != newest : std::find(wanted.specs.begin(), wanted.specs.end(), one.spec) == wanted.specs.end(); });

  std::int64_t first = INT64_MAX, last = INT64_MIN;
  for (const auto& one : once) first = std::min(first, one.version_at), last = std::max(last, one.version_at);
  auto exact = wanted.exact;
  std::sort(exact.begin(), exact.end());
  std::vector<std::int64_t> out;
  for (const auto& one : once)
    if (wanted.all || (wanted.first && one.version_at == first) || (wanted.last && one.version_at == last) || std::binary_search(exact.begin(), exact.end(), one.version_at))
      out.push_back(one.date_added);
  std::sort(out.begin(), out.end());
  return out;
}

}  // namespace sluice::store
