// The rules between the machines: what one allows because of where another stands.
//
// Pure and without state. Who may ask is access/; whether the machine itself has the step is in that machine.
//
// Invariants
//   O1  A fix is claimed (F, D) only by who has accepted the report, with the role for it.
//   O2  Only who has accepted a report brings in others.
//   O3  Nobody leaves a binding embargo without saying whether they go on keeping it.
//   O4  Content reaches a confirmed participant only: under a running embargo only a signatory, under an open first proposal only who holds it already.
#pragma once

#include "cvd/consent_machine.h"
#include "cvd/embargo_machine.h"
#include "cvd/report_machine.h"

namespace sluice::cvd {

enum class Admission { None, Invited, Accepted, Confirmed, Suspended, Removed };
BOOST_DESCRIBE_ENUM(Admission, None, Invited, Accepted, Confirmed, Suspended, Removed)

// Content of a compartment that the participant is in; else the thing doesn't exist for it.
constexpr bool may_read_content(Admission admission, ReportState report, EmbargoState embargo, bool signed_running_terms, bool already_held) {
  if (admission != Admission::Confirmed || report == ReportState::Start) return false;
  switch (embargo) {
    case EmbargoState::None:
    case EmbargoState::Exited: return true;
    case EmbargoState::Proposed: return already_held;
    case EmbargoState::Active:
    case EmbargoState::Revise: return signed_running_terms;  // a proposed revision cuts nobody off
  }
  return false;
}

// Terms and their negotiation: one has to see what one is asked to sign.
constexpr bool may_see_terms(Admission admission) { return admission == Admission::Invited || admission == Admission::Accepted || admission == Admission::Confirmed; }

// The roles that the fix path asks for.
struct Hats {
  bool vendor = false;
  bool deployer = false;
};

// A step on the fix path (V, F, D) by a participant; P, X and A are facts about the world and pass to step(). F needs the role Vendor and an
// accepted report, D the role Deployer and an accepted report.
Result<Letters> step_fix_path(Letters state, Letter letter, ReportState report, Hats hats);

Result<void> may_bring_in_others(ReportState report);

// Closing or leaving. `still_honours_terms` has to be said while an embargo binds.
Result<ReportState> close_report(ReportState report, EmbargoState embargo, std::optional<bool> still_honours_terms);

// May a participant whose report is at `report` take this step on the embargo? Together with start_advice(Letters): the stricter of both.
StartAdvice embargo_advice(EmbargoState embargo, EmbargoAction action, ReportState report);

}  // namespace sluice::cvd
