// An aggregate report as one table: CSV (RFC 4180), UTF-8, CRLF, a header line. Texts are guarded against formulas as all our tables are; figures are bare whole numbers.
//
// Always holds
//   T1  Every figure of the report stands in one row, with the row's place in the first columns. An empty figure is none, or left out (threat/aggregate_report.h, A4).
// Columns: docs/aggregate-reports.md.
#pragma once

#include <string>

#include "formats/aggregate_report/issue.h"
#include "threat/aggregate_report.h"

namespace sluice::formats::aggregate_report {

std::string to_csv(const threat::AggregateReport& report, const Issue& issue);

}  // namespace sluice::formats::aggregate_report
