#include "cvd/model.h"

#include "cvd/histories.h"

namespace sluice::cvd {

ModelCounts model_counts() {
  ModelCounts out;
  out.states = static_cast<int>(kCaseStates.size());
  for (const auto& state : kCaseStates) out.transitions += static_cast<int>(legal_next(state).size());
  out.histories = static_cast<int>(histories().size());
  return out;
}

}  // namespace sluice::cvd
