#include "cvd/report_machine.h"

#include <doctest/doctest.h>
#include <rapidcheck.h>

#include <algorithm>
#include <set>

using namespace sluice;
using namespace sluice::cvd;

namespace {
constexpr int kReportStates = 7, kReportActions = 6;

void complete_strings(ReportState state, const std::string& so_far, std::size_t longest, std::set<std::string>& out) {
  if (state == ReportState::Closed) out.insert(so_far);
  if (so_far.size() == longest) return;
  for (int a = 0; a < kReportActions; ++a)
    if (const auto to = next(state, ReportAction(a))) complete_strings(*to, so_far + letter(ReportAction(a)), longest, out);
}
}  // namespace

TEST_CASE("of the 42 pairs of state and action, 11 are steps and 31 are refused, each with its own sentence") {
  int legal = 0;
  std::set<std::string> reasons;
  for (int s = 0; s < kReportStates; ++s)
    for (int a = 0; a < kReportActions; ++a) {
      const auto result = step(ReportState(s), ReportAction(a));
      CHECK(result.has_value() == next(ReportState(s), ReportAction(a)).has_value());
      if (result) {
        CHECK(*result == *next(ReportState(s), ReportAction(a)));
        ++legal;
      } else {
        CHECK(result.error().kind == ErrorKind::Conflict);
        CHECK(result.error().message.ends_with('.'));
        reasons.insert(result.error().message);
      }
    }
  CHECK(legal == 11);
  CHECK(reasons.size() == 31);
}

TEST_CASE("the complete ways of a report up to seven steps are these fifteen") {
  std::set<std::string> found;
  complete_strings(ReportState::Start, "", 7, found);
  CHECK(found == std::set<std::string>{"ric", "rvac", "rvdc", "rivac", "rivdc", "rvadc", "rvdac", "rivadc", "rivdac", "rvadac", "rvdadc", "rivadac", "rivdadc", "rvadadc", "rvdadac"});
}

TEST_CASE("from length six on there are four complete ways of each length") {
  std::set<std::string> found;
  complete_strings(ReportState::Start, "", 12, found);
  for (std::size_t length = 6; length <= 12; ++length) CHECK(std::ranges::count_if(found, [&](const auto& s) { return s.size() == length; }) == 4);
}

TEST_CASE("a valid report is not closed without being accepted or deferred") {  // or nobody would know what became of it
  CHECK(step(ReportState::Valid, ReportAction::Close).error().message == "A valid report is accepted or deferred before it is closed.");
}

TEST_CASE("R1_closed_is_final") {
  for (int a = 0; a < kReportActions; ++a) CHECK_FALSE(next(ReportState::Closed, ReportAction(a)));
}

TEST_CASE("R2_only_judged_reports_are_closed") {
  for (const auto from : {ReportState::Start, ReportState::Received, ReportState::Valid, ReportState::Closed}) CHECK_FALSE(next(from, ReportAction::Close));
}

TEST_CASE("R3_a_valid_report_never_becomes_invalid, whatever is tried") {
  CHECK(rc::check("R3", [](const std::vector<unsigned>& tries) {
    auto state = ReportState::Start;
    bool was_valid = false;
    for (const auto t : tries) {
      if (const auto to = next(state, ReportAction(t % kReportActions))) state = *to;
      was_valid |= state == ReportState::Valid;
      RC_ASSERT(!(was_valid && state == ReportState::Invalid));
    }
  }));
}

TEST_CASE("the named sets of states are what Vultron calls them") {
  std::string open, active, inactive, valid, maybe;
  for (int s = 0; s < kReportStates; ++s) {
    const auto state = ReportState(s);
    if (is_open(state)) open += letter(state);
    if (is_active(state)) active += letter(state);
    if (is_inactive(state)) inactive += letter(state);
    if (is_valid_and_open(state)) valid += letter(state);
    if (may_be_valid_and_open(state)) maybe += letter(state);
  }
  CHECK(open == "RIVAD");
  CHECK(active == "RVA");
  CHECK(inactive == "IDC");
  CHECK(valid == "VAD");
  CHECK(maybe == "RVAD");
}
