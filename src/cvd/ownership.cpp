#include "cvd/ownership.h"

#include <algorithm>
#include <set>

namespace sluice::cvd {

namespace {

// Who sent the report to a coordinator, of all receivers on the form, asked it.
bool reporter_asked(const CaseFold& fold) { return !fold.reports.empty(); }

bool several_vendors(const CaseFold& fold) {
  std::set<OrganisationId> vendors;
  for (const auto& [id, participant] : fold.participants)
    if (participant.roles.contains(Role::Vendor) && participant.admission != Admission::Removed) vendors.insert(id);
  for (const auto& product : fold.products)
    if (product.vendor != fold.owner) vendors.insert(product.vendor);
  return vendors.size() > 1 || std::any_of(fold.reports.begin(), fold.reports.end(), [](const ReportCard& report) { return report.content && report.content->several_vendors && !report.content->several_vendors->empty(); });
}

// C2. The reporter's own attempt counts as one, by the reporter's word.
bool contact_failed(const CaseFold& fold) {
  bool tried = false, answered = false;
  const auto count = [&](const std::optional<std::string>& answer) {
    tried = true;
    answered = answered || (answer && !answer->empty());
  };
  for (const auto& report : fold.reports) {
    if (report.content && report.content->contacted_vendor == YesNo::Yes) count(report.content->contact_answer);
    for (const auto& attempt : report.attempts) count(attempt.answer);
  }
  return tried && !answered;
}

}  // namespace

std::vector<CoordinatorGround> coordinator_grounds(const CaseFold& fold) {
  std::vector<CoordinatorGround> out;
  if (fold.owner_is_vendor) return out;
  if (reporter_asked(fold)) out.push_back(CoordinatorGround::ReporterAsked);
  if (several_vendors(fold)) out.push_back(CoordinatorGround::SeveralVendors);
  if (contact_failed(fold)) out.push_back(CoordinatorGround::ContactFailed);
  return out;
}

}  // namespace sluice::cvd
