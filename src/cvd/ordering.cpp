#include "cvd/ordering.h"

namespace sluice::cvd {
namespace {

// Vultron, EM and RM together. A proposal or an acceptance of first terms, and what moves an open revision, asked of each report state.
struct OrderingRow {
  ReportState report;
  MayStart start, accept, revise;
  std::string_view reason;
};

constexpr auto kByReport = [] {
  using enum ReportState;
  using enum MayStart;
  return std::to_array<OrderingRow>({
      {Start,    Yes,       Yes,       ShouldNot, "Terms may be agreed before the report is sent; to revise running terms one has to know the report."},
      {Received, Yes,       Yes,       Caution,   "The report has not been judged: agree first, then ask for other terms when you know more."},
      {Invalid,  ShouldNot, ShouldNot, ShouldNot, "The report has been found invalid: there is nothing to hold back. Find it valid first."},
      {Valid,    Yes,       Yes,       Yes,       "The report is valid."},
      {Accepted, Yes,       Yes,       Yes,       "The report has been accepted."},
      {Deferred, ShouldNot, Yes,       Yes,       "Who has deferred a report should not begin an embargo on it; who still takes part in one may go on."},
      {Closed,   ShouldNot, ShouldNot, ShouldNot, "Who has closed the report takes no part in its embargo."},
  });
}();
static_assert([] {
  for (std::size_t i = 0; i < kByReport.size(); ++i)
    if (kByReport[i].report != ReportState(i)) return false;
  return true;
}());

}  // namespace

Result<Letters> step_fix_path(Letters state, Letter letter, ReportState report, Hats hats) {
  if (letter == Letter::F && !hats.vendor) return fail(ErrorKind::Conflict, "Only a vendor can say that a fix is ready.");
  if (letter == Letter::D && !hats.deployer) return fail(ErrorKind::Conflict, "Only who deploys can say that the fix is deployed.");
  if (letter == Letter::V && report == ReportState::Start && !state.p) return fail(ErrorKind::Conflict, "The vendor has not received the report, so it is not aware.");
  if ((letter == Letter::F || letter == Letter::D) && report != ReportState::Accepted)
    return fail(ErrorKind::Conflict, letter == Letter::F ? "Accept the report before you say that a fix is ready." : "Accept the report before you say that the fix is deployed.");
  return step(state, letter);
}

Result<void> may_bring_in_others(ReportState report) {
  if (report != ReportState::Accepted) return fail(ErrorKind::Conflict, "Only who has accepted the report brings in others. Accept it first.");
  return {};
}

Result<ReportState> close_report(ReportState report, EmbargoState embargo, std::optional<bool> still_honours_terms) {
  TRY(const auto closed, step(report, ReportAction::Close));
  if (binds(embargo) && !still_honours_terms)
    return fail(ErrorKind::Conflict, "The embargo still runs. Say whether you go on keeping its terms after you close the report.", "/still_honours_terms");
  return closed;
}

StartAdvice embargo_advice(EmbargoState embargo, EmbargoAction action, ReportState report) {
  const auto& row = kByReport[static_cast<std::size_t>(report)];
  if (!next(embargo, action)) return {MayStart::No, "The embargo is not in a state for this step."};
  if (action == EmbargoAction::Terminate) return {MayStart::Yes, "An embargo may end at any time."};
  if (binds(embargo)) return {row.revise, row.reason};
  if (action == EmbargoAction::Reject) return {MayStart::Yes, "A proposal may be declined at any time."};
  // Vultron: negotiation that is open already may go on where none should begin.
  const bool goes_on = embargo == EmbargoState::Proposed && row.start == MayStart::ShouldNot && report != ReportState::Closed;
  if (action == EmbargoAction::Propose) return {goes_on ? MayStart::Caution : row.start, row.reason};
  return {row.accept, row.reason};
}

}  // namespace sluice::cvd
