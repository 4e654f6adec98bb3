// The time line of a printed evaluation: what happened, what is planned, what is due, and how long an embargo holds. A drawing with numbers, and the list that says them.
#pragma once

#include "regimes/evaluate.h"
#include "regimes/page_markup.h"

namespace sluice::regimes::page {

Html time_line(const Evaluation& evaluation);
std::string instant_words(Second at);                   // "2026-11-10 00:00 UTC"
std::string moment_words(const Moment& moment);         // or "2026-11-10, end of that day (2026-11-11 04:59:59 UTC)"

}  // namespace sluice::regimes::page
