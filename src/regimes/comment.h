// A comment on a draft or law as a document: by article what it asks, what the standards say, what it costs in the cases given, and what is suggested. Markdown.
#pragma once

#include "regimes/cost.h"
#include "regimes/departure.h"
#include "regimes/overlay.h"

namespace sluice::regimes {

// `on`: departures of one or more regimes, with cases for what it costs; none: that part is left out. `suggested`: amendments; those that touch an article stand with it, but for
// those that nobody had proposed yet on the day asked about.
std::string comment(const Measured& on, const std::vector<Overlay>& suggested);
// Those among the amendments that come with the program that fit these packs, to be suggested.
std::vector<Overlay> suggestions(const Library& library);

}  // namespace sluice::regimes
