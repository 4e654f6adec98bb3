#include "service/readers.h"

#include <algorithm>

#include "cvd/standing.h"

namespace sluice::service {

std::int64_t rank_of(const cvd::CaseFold& fold) {
  double worst = -1;
  bool attacked = false, open = false;
  for (const auto& vulnerability : fold.vulnerabilities) {
    attacked = attacked || vulnerability.facts.contains(cvd::Letter::A);
    open = open || vulnerability.facts.contains(cvd::Letter::P) || vulnerability.facts.contains(cvd::Letter::X);
    if (vulnerability.score) worst = std::max(worst, std::stod(*vulnerability.score));
  }
  const auto by_score = worst < 0 ? 35 : static_cast<int>(100 - worst * 10);
  return (attacked ? 0 : 1'000) + (open ? 0 : 500) + by_score;
}

store::ReaderRows readers_of(store::Store& store, const cvd::CaseFold& fold, std::int64_t rank) {
  store::ReaderRows out;
  const auto all = cvd::compartments_of(fold);
  const auto row = [&](store::Tag reader, const access::Standing& standing, const access::Viewer& as) {
    store::ParticipantRow made{reader, 0, rank, {standing, {}}};
    const auto readable = access::readable_compartments(as, standing, all);
    for (const auto& compartment : readable) made.standing.compartments.push_back(compartment.text());
    made.reads = !readable.empty() ? 2 : standing.may_see_terms ? 1 : 0;
    // From what this reader may read alone (EXI-4): a stub's place tells nothing, and only the own closing moves a case down.
    if (made.reads < 2) made.rank = 0;
    else if (const auto* own = as.organisation ? fold.participant(*as.organisation) : nullptr; own != nullptr && own->report == cvd::ReportState::Closed) made.rank += 10'000;
    out.emplace(reader, std::move(made));
  };
  for (const auto& [id, participant] : fold.participants) {
    access::Viewer as{.kind = access::Viewer::Kind::Person, .organisation = id};
    row(store.tag_of(id), cvd::standing_of(fold, id), as);
  }
  for (const auto& report : fold.reports)
    if (report.anonymous && !report.kept_in) row(store.tag_of(report.id), cvd::standing_of_reporter(report.id), access::Viewer::reporter(report.id));
  return out;
}

}  // namespace sluice::service
