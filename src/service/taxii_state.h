// What `sluice taxii pull` keeps between two runs, as a file (docs/formats/taxii-pull-state.md). Pure: text and value.
//
// Always holds
//   T1  read_pull_state(to_text(state)) == state, and to_text of that is the same text.
//   T2  Whatever isn't such a file is an error with its place, never a state of something else: a state that was guessed would lose objects in silence.
#pragma once

#include <map>

#include "service/taxii_walk.h"

namespace sluice::service::taxii {

struct PullState {
  std::string collection;                          // its URL
  std::map<std::string, std::string> filters;      // match[…] by name, and the added_after that was asked for first
  WalkState walk;
  std::optional<std::uint64_t> bytes;              // how long the file of objects is, where there is one: what stands behind that was written and not kept
};

std::string to_text(const PullState& state);
Result<PullState> read_pull_state(std::string_view text);

}  // namespace sluice::service::taxii
