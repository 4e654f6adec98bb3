#include "store/version_choice.h"

#include <algorithm>

namespace sluice::store {

std::vector<std::int64_t> chosen(std::span<const HeldVersion> held, const VersionsWanted& wanted) {
  std::vector<HeldVersion> left(held.begin(), held.end());
  std::sort(left.begin(), left.end(), [](const HeldVersion& a, const HeldVersion& b) { return a.date_added < b.date_added; });
  std::vector<HeldVersion> once;                  // C1
  for (const auto& one : left)
    if (std::none_of(once.begin(), once.end(), [&one](const HeldVersion& before) { return before.version_at == one.version_at && before.spec == one.spec; })) once.push_back(one);

  int newest = 0;                                 // C2
  for (const auto& one : once) newest = std::max(newest, one.spec);
  std::erase_if(once, [&](const HeldVersion& one) { return wanted.specs.empty() ? one.spec != newest : std::find(wanted.specs.begin(), wanted.specs.end(), one.spec) == wanted.specs.end(); });

  std::int64_t first = INT64_MAX, last = INT64_MIN;
  for (const auto& one : once) first = std::min(first, one.version_at), last = std::max(last, one.version_at);
  std::vector<std::int64_t> out;
  for (const auto& one : once)
    if (wanted.all || (wanted.first && one.version_at == first) || (wanted.last && one.version_at == last) || std::find(wanted.exact.begin(), wanted.exact.end(), one.version_at) != wanted.exact.end())
      out.push_back(one.date_added);
  return out;
}

}  // namespace sluice::store
