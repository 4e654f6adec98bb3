#include "cvd/leak_drill.h"

#include <algorithm>

namespace sluice::cvd {

std::vector<DrillStep> follows(const CaseFold& fold, const Leak& leak) {
  std::vector<DrillStep> out;
  if (leak.outcome) return out;
  const bool all_public = !fold.vulnerabilities.empty() && std::all_of(fold.vulnerabilities.begin(), fold.vulnerabilities.end(), [](const Vulnerability& v) { return v.facts.contains(Letter::P); });
  if (!all_public) out.push_back({"claim_fact", "If strangers can read it, it is public: a claim of P says so, and a person adopts it."});
  if (binds(fold.embargo)) out.push_back({"end_embargo", "An embargo that guards nothing any more may end early; it runs on until a person ends it or P is adopted."});
  out.push_back({"open_thread", "Those who guard the same secret may need to know that it is out, or may be."});
  const bool planned = std::any_of(fold.releases.begin(), fold.releases.end(), [](const Release& release) { return release.state == Release::State::Planned; });
  if (!all_public) out.push_back({"plan_release", planned ? "A planned release stays as it is planned; an earlier one takes a new plan." : "Users who can be attacked need an advisory; when, a person decides."});
  out.push_back({"close_leak", "How it ended; the claimant reads that."});
  return out;
}

}  // namespace sluice::cvd
