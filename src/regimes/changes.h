// What of an answer is otherwise in another: under another reading, another fact, other packs.
#pragma once

#include "regimes/evaluate.h"

namespace sluice::regimes {

struct Change {
  std::string kind;            // outcome, verdict, duty, conflict, divergence, schedule
  std::string of, on;          // the rule or action it is about; of a verdict the action, of a duty the party, of a divergence the standard
  std::string before, then;    // "" : there is none
  bool operator==(const Change&) const = default;
};
enum class Divergences { Left, Compared };
std::vector<Change> changes(const Evaluation& before, const Evaluation& then, Divergences divergences = Divergences::Left);

std::string to_text(const Change& change);  // "outcome of a1: allow, then conflict"
std::optional<Change> read_change(std::string_view text);  // as to_text writes it; for whoever says it otherwise
json::object to_json(const Change& change);

}  // namespace sluice::regimes
