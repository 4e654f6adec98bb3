// Measures of skill, of one case or of those that the viewer reads. Only from what the viewer sees (ACC-9): nobody gets figures of the whole site.
//
// Always holds
//   W1  An export counts closed or public cases alone, gives sums of at least kSmallestSet cases, names nothing, and rounds lengths to days.
#pragma once

#include "cvd/measures.h"
#include "service/services.h"

namespace sluice::service {

constexpr int kSmallestSet = 5;

Result<json::object> case_measures(Services& services, const access::Viewer& viewer, CaseId id);

struct MeasuredSet {
  std::optional<int> year;                         // of opening, in UTC
  std::optional<bool> closed;                      // for the viewer's organisation
};
Result<json::object> measures(Services& services, const access::Viewer& viewer, const MeasuredSet& set);

// Invalid where the set is too small. As CSV: RFC 4180, and no cell that a spreadsheet would run (FIL-2).
Result<json::object> export_measures(Services& services, const access::Viewer& viewer, const MeasuredSet& set);
std::string to_csv(const json::object& exported);

}  // namespace sluice::service
