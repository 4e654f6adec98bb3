// A comment on a draft or law as a document: by article what it asks, what the standards say, what it costs in the cases given, and what is suggested. Markdown.
#pragma once

#include "regimes/cost.h"
#include "regimes/departure.h"
#include "regimes/overlay.h"

namespace sluice::regimes {

struct CommentOn {
  const Shelf* shelf = nullptr;
  std::vector<Departure> departures;                     // of one or more regimes
  std::vector<const Scenario*> cases;                    // for what it costs; none: that part is left out
  std::vector<Overlay> suggested;                        // amendments; those that touch an article stand with it
};
std::string comment(const CommentOn& on);

}  // namespace sluice::regimes
