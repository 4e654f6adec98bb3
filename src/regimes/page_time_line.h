// The time line of a printed evaluation: what happened, what is planned, what is due, and how long an embargo holds. A drawing with numbers, and the list that says them.
#pragma once

#include "regimes/evaluate.h"
#include "regimes/page_markup.h"

namespace sluice::regimes::page {

Html time_line(const Evaluation& evaluation);
std::string instant_words(Second at);                   // "10 November 2026, 00:00 UTC"
std::string due_in_words(const Duty& duty);             // or, of a day, "the end of 10 November 2026 in New York (11 November 2026, 05:00 UTC)"; it has a date
Html time_of(Second at);
Html time_of(const Duty& duty);

}  // namespace sluice::regimes::page
