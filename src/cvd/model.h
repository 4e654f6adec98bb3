// How large the protocol's model is, counted from the tables: what `sluice case model --json` prints.
#pragma once

#include "base/bind.h"

namespace sluice::cvd {

struct ModelCounts {
  int states = 0;       // of the six letters
  int transitions = 0;  // legal steps between them
  int histories = 0;    // ways from vfdpxa to VFDPXA
};
BOOST_DESCRIBE_STRUCT(ModelCounts, (), (states, transitions, histories))

ModelCounts model_counts();

}  // namespace sluice::cvd
