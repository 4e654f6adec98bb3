#include "cvd/report_machine.h"

#include <boost/describe/enumerators.hpp>
#include <boost/mp11/list.hpp>

namespace sluice::cvd {
namespace {

constexpr auto kReportRefusals = [] {
  using enum ReportState;
  using enum ReportAction;
  return std::to_array<Refusal<ReportState, ReportAction>>({
      {Start,    Validate,   "A report is received before anyone can say whether it is valid."},
      {Start,    Invalidate, "A report is received before it can be found invalid."},
      {Start,    Accept,     "A report is received and found valid before it is accepted."},
      {Start,    Defer,      "A report is received and found valid before it is deferred."},
      {Start,    Close,      "This report has not been received, so there is nothing to close."},
      {Received, Receive,    "This report has been received already. What comes later is added to it."},
      {Received, Accept,     "A received report is found valid before it is accepted."},
      {Received, Defer,      "A received report is found valid before it is deferred: whether it is right and when it is worked on are two decisions."},
      {Received, Close,      "A received report is found valid or invalid before it is closed."},
      {Invalid,  Receive,    "This report has been received and found invalid. Add the new evidence to it and judge it again."},
      {Invalid,  Invalidate, "This report has been found invalid already."},
      {Invalid,  Accept,     "An invalid report is found valid, for instance on new evidence, before it is accepted."},
      {Invalid,  Defer,      "An invalid report waits for new evidence already. Close it, or find it valid before you defer it."},
      {Valid,    Receive,    "This report has been received and found valid. What comes later is added to it."},
      {Valid,    Validate,   "This report has been found valid already. Accept or defer it next."},
      {Valid,    Invalidate, "A valid report does not become invalid. Defer it and say what you found."},
      {Valid,    Close,      "A valid report is accepted or deferred before it is closed."},
      {Accepted, Receive,    "This report is being worked on already. What comes later is added to it."},
      {Accepted, Validate,   "An accepted report has been found valid already."},
      {Accepted, Invalidate, "An accepted report does not become invalid. Defer or close it and say what you found."},
      {Accepted, Accept,     "This report has been accepted already."},
      {Deferred, Receive,    "This report was received and deferred. Accept it to take it up again."},
      {Deferred, Validate,   "A deferred report has been found valid already. Accept it to take it up again."},
      {Deferred, Invalidate, "A deferred report does not become invalid. Close it and say what you found."},
      {Deferred, Defer,      "This report has been deferred already."},
      {Closed,   Receive,    "This report is closed. Send what is new as a new report."},
      {Closed,   Validate,   "This report is closed, so it can no longer be found valid."},
      {Closed,   Invalidate, "This report is closed, so it can no longer be found invalid."},
      {Closed,   Accept,     "This report is closed, so it can no longer be accepted. Open a new report for what is new."},
      {Closed,   Defer,      "This report is closed, so it can no longer be deferred."},
      {Closed,   Close,      "This report has been closed already."},
  });
}();

constexpr std::size_t kReportStates = boost::mp11::mp_size<boost::describe::describe_enumerators<ReportState>>::value;
constexpr std::size_t kReportActions = boost::mp11::mp_size<boost::describe::describe_enumerators<ReportAction>>::value;
static_assert(is_complete(kReportSteps, kReportRefusals, kReportStates, kReportActions));  // M1

}  // namespace

Result<ReportState> step(ReportState from, ReportAction action) { return step_in(kReportSteps, kReportRefusals, from, action); }

}  // namespace sluice::cvd
