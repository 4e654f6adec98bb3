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
  std::optional<Schedule> plan;                  // the best dates
  const json::object* every_reading = nullptr;   // the answers under all choices of the readings
};
// The whole page. `dependences`: what would be otherwise under other readings; the caller has them or leaves them out.
std::string to_html(const Evaluation& evaluation, const std::vector<Dependence>& dependences, const PageParts& parts = {});

// Several evaluations of one case on one page, each a part of its own: a case of several makers is asked about once for each.
struct Printed {
  const Evaluation& evaluation;
  std::vector<Dependence> dependences;
  std::string about;                             // what this part is about; "" where it is the only one
  PageParts parts = {};
};
// Of all of it. `names`: what is printed in place of an id, which says nothing to whoever reads it on paper.
struct Labels {
  std::string title;
  std::vector<std::string> notes;                // below the title: what couldn't be asked, how far it looks
  std::map<std::string, std::string, std::less<>> names;
};
std::string to_html(const std::vector<Printed>& all, const Labels& labels);

// The text of its one <style>, so that a policy of a site may allow it by its hash.
std::string_view style_of_page();

}  // namespace sluice::regimes
