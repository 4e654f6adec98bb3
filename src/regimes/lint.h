// What reading a pack lets pass and whoever writes one should know: dates that end before they begin, rules that claim more than their marks, names of nothing. A site's packs are used all the same.
#pragma once

#include "regimes/evaluate.h"

namespace sluice::regimes {

// `others`: ids of packs that aren't in the library, but are there.
Findings lint(const Library& library, const std::set<std::string>& others);

}  // namespace sluice::regimes
