#include "access/standing.h"

#include <algorithm>

namespace sluice::access {

namespace {

bool contains(const auto& list, const auto& value) { return std::find(list.begin(), list.end(), value) != list.end(); }

// ACC-5: whoever runs or audits the site, and whoever holds the pseudonyms' key, works without content.
bool works_on_cases(const Viewer& viewer) {
  if (viewer.kind == Viewer::Kind::Reporter) return true;
  return viewer.is_signed_in() && !viewer.is_instance_admin && (viewer.role == SiteRole::Staff || viewer.role == SiteRole::Admin || viewer.role == SiteRole::Counsel);
}

// Two persons opened it: one administrator, acting for the site's own organisation, in a session.
bool broke_the_glass(const Viewer& viewer, const Standing& standing) { return viewer.kind == Viewer::Kind::Person && viewer.is_instance_admin && standing.is_behind_glass; }

}  // namespace

bool Standing::has(CaseRole role) const { return contains(roles, role); }

bool Standing::knows_case() const { return is_owner || is_admitted_coordinator || admission != Place::None || !own_reports.empty(); }

bool knows_case(const Viewer& viewer, const Standing& standing) {
  return viewer.kind == Viewer::Kind::System || (works_on_cases(viewer) && standing.knows_case()) || broke_the_glass(viewer, standing);
}

bool may_read(const Viewer& viewer, const Standing& standing, const Compartment& compartment) {
  using enum Compartment::Kind;
  if (viewer.kind == Viewer::Kind::System) return true;
  if (broke_the_glass(viewer, standing)) return true;
  if (!works_on_cases(viewer)) return false;

  // A report code opens one mailbox, and the person behind it may be anybody: nothing else.
  if (viewer.kind == Viewer::Kind::Reporter) return compartment.kind == Report && viewer.report && compartment.report == viewer.report && contains(standing.own_reports, *compartment.report);

  const bool confirmed = standing.admission == Place::Confirmed && standing.may_read_content;
  if (viewer.role == SiteRole::Counsel) return compartment.kind == Organisation && compartment.organisation == viewer.organisation && (standing.is_owner || confirmed);

  if (standing.is_owner || (standing.is_admitted_coordinator && confirmed)) return true;
  switch (compartment.kind) {
    case Coordination: return false;
    case Shared: return confirmed;
    case Organisation: return confirmed && compartment.organisation == viewer.organisation;
    case Report: return contains(standing.own_reports, compartment.report.value());
    case Group: return confirmed && contains(standing.groups, compartment.group.value());
  }
  return false;
}

bool knows_whole_case(const Viewer& viewer, const Standing& standing) { return !broke_the_glass(viewer, standing) && may_read(viewer, standing, Compartment::coordination()); }

std::vector<Compartment> readable_compartments(const Viewer& viewer, const Standing& standing, std::span<const Compartment> of_the_case) {
  std::vector<Compartment> out;
  std::copy_if(of_the_case.begin(), of_the_case.end(), std::back_inserter(out), [&](const Compartment& c) { return may_read(viewer, standing, c); });
  std::sort(out.begin(), out.end());
  out.erase(std::unique(out.begin(), out.end()), out.end());
  return out;
}

}  // namespace sluice::access
