// An evaluation as one page that can be printed: for counsel, who has neither an account nor the program. HTML with its style inside; no script, nothing from elsewhere.
//
// Always holds
//   H1  Every text is escaped by type (page_markup.h), names of cases, packs and bodies among them.
//   H2  Nothing is said by colour alone; every cell of the matrix leads to its reason on the same page.
//   H3  What is unverified is marked where it stands. That it is a reading of listed rules, and no legal advice, is said once.
#pragma once

#include "regimes/schedule.h"

namespace sluice::regimes {

// What the caller has beside the evaluation, or leaves out: then the page has no section of it.
struct PageParts {
  const Schedule* plan = nullptr;                // the best dates
  const json::object* every_reading = nullptr;   // the answers under all choices of the readings
};
// The whole page. `dependences`: what would be otherwise under other readings; the caller has them or leaves them out.
std::string to_html(const Evaluation& evaluation, const std::vector<Dependence>& dependences, const PageParts& parts = {});

// The text of its one <style>, so that a policy of a site may allow it by its hash.
std::string_view style_of_page();

}  // namespace sluice::regimes
