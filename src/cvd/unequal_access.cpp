#include "cvd/unequal_access.h"

#include <algorithm>
#include <map>

namespace sluice::cvd {

UnequalAccess unequal_access(std::span<const Reached> reached, std::optional<Instant> all_know_at, Instant now) {
  std::map<std::string, AccessRow> roles, kinds, countries;
  const auto count = [](std::map<std::string, AccessRow>& in, std::string word, bool gets) {
    auto& row = in[word];
    row.word = std::move(word);
    ++(gets ? row.gets : row.goes_without);
  };
  for (const auto& one : reached) count(roles, to_word(one.role), one.gets), count(kinds, to_word(one.kind), one.gets), count(countries, one.country.value_or(""), one.gets);
  const auto rows = [](std::map<std::string, AccessRow>& of) {
    std::vector<AccessRow> out;
    for (auto& [word, row] : of) out.push_back(std::move(row));
    return out;
  };
  UnequalAccess out{rows(roles), rows(kinds), rows(countries), {}};
  if (all_know_at) {
    constexpr std::int64_t kHour = 3'600'000'000;
    const auto left = std::max<std::int64_t>(0, (*all_know_at - now).count());
    out.head_start = (left + kHour - 1) / kHour;
  }
  return out;
}

}  // namespace sluice::cvd
