// An aggregate report read back: what is read is written to the same bytes, tells nothing below its limits, and its page, its table and its bundle hold.
#include <cstdint>
#include <cstdlib>

#include "formats/aggregate_report/csv.h"
#include "formats/aggregate_report/page.h"
#include "formats/aggregate_report/stix.h"
#include "formats/stix/check.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace sluice;
  const auto value = parse_json({reinterpret_cast<const char*>(data), size});
  if (!value) return 0;
  const auto report = threat::report_from_json(*value);
  if (!report) return 0;
  const auto again = threat::report_from_json(to_json(*report));
  if (!again || *again != *report || canonical(to_json(*again)) != canonical(to_json(*report))) std::abort();
  for (const auto& table : report->tables)
    for (const auto& line : table.lines)
      for (const auto& count : {line.figure.now, line.figure.before})
        if (count && *count < report->least_objects) std::abort();
  const formats::aggregate_report::Issue issue{.id = "r", .created = report->period.until, .modified = report->period.until};
  const auto page = formats::aggregate_report::to_html(*report, issue);
  if (page.find("<script") != page.npos || page.find(" style=\"") != page.npos) std::abort();
  const auto table = formats::aggregate_report::to_csv(*report, issue);
  for (const auto* start : {"\n=", "\n+", "\n@", ",=", ",+", ",@"})   // outside of quotes no cell begins so; within them, after a quote, "'" stands first
    if (std::size_t quotes = 0; true)
      for (std::size_t i = 0; i + 1 < table.size(); ++i) {
        quotes += table[i] == '"';
        if (quotes % 2 == 0 && table[i] == start[0] && table[i + 1] == start[1]) std::abort();
      }
  formats::aggregate_report::to_stix(*report, issue);
  return 0;
}
