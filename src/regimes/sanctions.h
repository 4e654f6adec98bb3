// What stands on a breach: the sanction rules of the same regime that would hit an act that is forbidden, or a duty that isn't kept.
//
// Always holds
//   X1  A sanction changes no outcome, no verdict and no duty.
//   X2  Where the pack lists none, that is said; it doesn't mean that there is none.
#pragma once

#include "regimes/evaluate.h"

namespace sluice::regimes {

struct Sanction {
  const Rule* rule = nullptr;
  bool is_sure = true;             // else its own condition turns on facts that nobody gave
  Grounds grounds;
};

struct Exposure {
  std::vector<Sanction> sanctions;
  std::string none;                // why none stands here; "" where some do
};

// Nothing: there is no breach. Of an act: a ban that is in its way, or advice against it. Of an omission: a duty that is missed, late, or still open.
std::optional<Exposure> exposure_of(const Evaluation& evaluation, const Verdict& verdict);
std::optional<Exposure> exposure_of(const Evaluation& evaluation, const Duty& duty);

}  // namespace sluice::regimes
