// An aggregate report as one page that can be printed: HTML with its style inside and drawings as SVG; no script, no style on an element, nothing from elsewhere.
//
// Always holds
//   H1  Every text is escaped by type (base/markup.h).
//   H2  Each drawing has a table beside it with all that it shows; nothing is said by colour alone.
//   H3  The same report gives the same bytes.
#pragma once

#include <string>
#include <string_view>

#include "formats/aggregate_report/issue.h"
#include "threat/aggregate_report.h"

namespace sluice::formats::aggregate_report {

std::string to_html(const threat::AggregateReport& report, const Issue& issue);

// The text of its one <style>, so that a policy of a site may allow it by its hash.
std::string_view style_of_report();

}  // namespace sluice::formats::aggregate_report
