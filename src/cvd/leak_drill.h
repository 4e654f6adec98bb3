// What people can decide once something is said to have leaked. A list of commands with the reason for each, and nothing that happens by itself
// (Vultron: a leak that makes it public is a fact, P, and ends the embargo as such; FIRST guidelines: be ready to react to early disclosure).
#pragma once

#include <string_view>
#include <vector>

#include "cvd/case.h"

namespace sluice::cvd {

struct DrillStep { std::string_view command, because; };   // the command's word as in forms: "claim_fact"
std::vector<DrillStep> follows(const CaseFold& fold, const Leak& leak);

}  // namespace sluice::cvd
