// Report management: how far one participant is with a report.
//
// Each participant has its own; nobody but the participant moves it. A value and a table: no clock, no store.
// States and words: Vultron, report management (RM).
//
// Invariants
//   R1  Closed is final.
//   R2  Closed is reached from Invalid, Accepted or Deferred only: nobody closes what they have not judged.
//   R3  A valid report never becomes invalid; who doesn't want to work on it defers it.
#pragma once

#include <boost/describe/enum.hpp>

#include "cvd/machine.h"

namespace sluice::cvd {

enum class ReportState { Start, Received, Invalid, Valid, Accepted, Deferred, Closed };
BOOST_DESCRIBE_ENUM(ReportState, Start, Received, Invalid, Valid, Accepted, Deferred, Closed)

enum class ReportAction { Receive, Validate, Invalidate, Accept, Defer, Close };
BOOST_DESCRIBE_ENUM(ReportAction, Receive, Validate, Invalidate, Accept, Defer, Close)

using ReportStep = Step<ReportState, ReportAction>;

constexpr auto kReportSteps = [] {
  using enum ReportState;
  using enum ReportAction;
  return std::to_array<ReportStep>({
      {Start,    Receive,    Received},
      {Received, Validate,   Valid},
      {Received, Invalidate, Invalid},
      {Invalid,  Validate,   Valid},      // on new evidence
      {Invalid,  Close,      Closed},
      {Valid,    Accept,     Accepted},
      {Valid,    Defer,      Deferred},
      {Accepted, Defer,      Deferred},
      {Accepted, Close,      Closed},
      {Deferred, Accept,     Accepted},
      {Deferred, Close,      Closed},
  });
}();

constexpr std::optional<ReportState> next(ReportState from, ReportAction action) { return next_in(kReportSteps, from, action); }
Result<ReportState> step(ReportState from, ReportAction action);  // Conflict, with a reason for each illegal pair

constexpr char letter(ReportState state) { return "SRIVADC"[static_cast<int>(state)]; }
constexpr char letter(ReportAction action) { return "rviadc"[static_cast<int>(action)]; }

// Named sets of states (Vultron).
constexpr bool is_open(ReportState state) { return state != ReportState::Start && state != ReportState::Closed; }
constexpr bool is_active(ReportState state) { return state == ReportState::Received || state == ReportState::Valid || state == ReportState::Accepted; }
constexpr bool is_inactive(ReportState state) { return state == ReportState::Invalid || state == ReportState::Deferred || state == ReportState::Closed; }
constexpr bool is_valid_and_open(ReportState state) { return state == ReportState::Valid || state == ReportState::Deferred || state == ReportState::Accepted; }
constexpr bool may_be_valid_and_open(ReportState state) { return state == ReportState::Received || is_valid_and_open(state); }

static_assert(!next(ReportState::Valid, ReportAction::Close));
static_assert(!next(ReportState::Received, ReportAction::Close));
static_assert(!next(ReportState::Closed, ReportAction::Receive));

}  // namespace sluice::cvd
