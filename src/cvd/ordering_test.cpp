#include "cvd/ordering.h"

#include <doctest/doctest.h>
#include <rapidcheck.h>

#include <set>

using namespace sluice;
using namespace sluice::cvd;

namespace {
constexpr auto kReports = std::to_array({ReportState::Start, ReportState::Received, ReportState::Invalid, ReportState::Valid, ReportState::Accepted, ReportState::Deferred, ReportState::Closed});
constexpr auto kEmbargoes = std::to_array({EmbargoState::None, EmbargoState::Proposed, EmbargoState::Active, EmbargoState::Revise, EmbargoState::Exited});
constexpr auto kAdmissions = std::to_array({Admission::None, Admission::Invited, Admission::Accepted, Admission::Confirmed, Admission::Suspended, Admission::Removed});
}  // namespace

TEST_CASE("O4_content is read exactly where the table says so") {
  int readable = 0, asked = 0;
  for (const auto admission : kAdmissions)
    for (const auto report : kReports)
      for (const auto embargo : kEmbargoes)
        for (const bool is_signed : {false, true})
          for (const bool held : {false, true}) {
            bool expected = false;
            if (admission == Admission::Confirmed && report != ReportState::Start) {
              if (embargo == EmbargoState::None || embargo == EmbargoState::Exited) expected = true;
              if (embargo == EmbargoState::Proposed) expected = held;
              if (embargo == EmbargoState::Active || embargo == EmbargoState::Revise) expected = is_signed;
            }
            CHECK(may_read_content(admission, report, embargo, is_signed, held) == expected);
            ++asked;
            readable += expected;
          }
  CHECK(asked == 6 * 7 * 5 * 4);
  CHECK(readable == 6 * (2 * 4 + 2 + 2 * 2));  // six report states after Start; None and Exited; Proposed; Active and Revise
}

TEST_CASE("a proposed revision takes content from nobody who signed the running terms") {  // or any participant could cut off all others
  CHECK(may_read_content(Admission::Confirmed, ReportState::Valid, EmbargoState::Revise, true, false));
  CHECK_FALSE(may_read_content(Admission::Confirmed, ReportState::Valid, EmbargoState::Revise, false, true));
}

TEST_CASE("terms are seen by those who are asked to sign them") {
  std::string seen;
  for (const auto admission : kAdmissions) seen += may_see_terms(admission) ? 'y' : 'n';
  CHECK(seen == "nyyynn");
}

TEST_CASE("O1_a_fix_is_claimed_by_a_vendor_that_accepted_the_report") {
  const auto aware = *Letters::parse("Vfdpxa");
  for (const auto report : kReports) {
    CAPTURE(letter(report));
    CHECK(step_fix_path(aware, Letter::F, report, {.vendor = true}).has_value() == (report == ReportState::Accepted));
    CHECK(step_fix_path(aware.with(Letter::F), Letter::D, report, {.deployer = true}).has_value() == (report == ReportState::Accepted));
  }
  CHECK_FALSE(step_fix_path(aware, Letter::F, ReportState::Accepted, {.deployer = true}));
  CHECK_FALSE(step_fix_path(aware.with(Letter::F), Letter::D, ReportState::Accepted, {.vendor = true}));
  CHECK_FALSE(step_fix_path(aware, Letter::D, ReportState::Accepted, {.vendor = true, .deployer = true}));  // F before D
}

TEST_CASE("a vendor is aware when the report has reached it, or when the public is") {
  CHECK(step_fix_path({}, Letter::V, ReportState::Received, {.vendor = true}));
  CHECK_FALSE(step_fix_path({}, Letter::V, ReportState::Start, {.vendor = true}));
  CHECK(step_fix_path({.p = true}, Letter::V, ReportState::Start, {.vendor = true}));
}

TEST_CASE("O2_only_who_accepted_the_report_brings_in_others") {
  for (const auto report : kReports) CHECK(may_bring_in_others(report).has_value() == (report == ReportState::Accepted));
}

TEST_CASE("O3_closing_under_an_embargo_needs_a_word_on_whether_it_is_kept") {
  for (const auto embargo : kEmbargoes) {
    CHECK(close_report(ReportState::Accepted, embargo, std::nullopt).has_value() == !binds(embargo));
    CHECK(close_report(ReportState::Accepted, embargo, true) == ReportState::Closed);
    CHECK(close_report(ReportState::Deferred, embargo, false) == ReportState::Closed);  // said is enough: leaving is not ending
    CHECK_FALSE(close_report(ReportState::Valid, embargo, true));
  }
  CHECK(close_report(ReportState::Invalid, EmbargoState::Active, std::nullopt).error().where == "/still_honours_terms");
}

TEST_CASE("where the report stands says who should begin, accept and revise terms") {
  const auto row = [](EmbargoState embargo, EmbargoAction action) {
    std::string out;
    for (const auto report : kReports) out += "ycsn"[static_cast<int>(embargo_advice(embargo, action, report).may)];
    return out;
  };
  // in the order S R I V A D C; y yes, c caution, s should not, n no
  CHECK(row(EmbargoState::None, EmbargoAction::Propose) == "yysyyss");
  CHECK(row(EmbargoState::Proposed, EmbargoAction::Propose) == "yycyycs");
  CHECK(row(EmbargoState::Proposed, EmbargoAction::Accept) == "yysyyys");
  CHECK(row(EmbargoState::Proposed, EmbargoAction::Reject) == "yyyyyyy");
  CHECK(row(EmbargoState::Active, EmbargoAction::Propose) == "scsyyys");
  CHECK(row(EmbargoState::Revise, EmbargoAction::Accept) == "scsyyys");
  CHECK(row(EmbargoState::Active, EmbargoAction::Terminate) == "yyyyyyy");
  CHECK(row(EmbargoState::Exited, EmbargoAction::Propose) == "nnnnnnn");
}

// Vultron counts what one participant can be in: report, embargo and letters together. The rules here give the same numbers.
TEST_CASE("a participant can be in as many states as the protocol says") {
  const auto count = [](Hats hats) {
    std::set<std::tuple<ReportState, EmbargoState, std::string>> seen;
    const bool on_fix_path = hats.vendor || hats.deployer;
    for (const auto report : kReports)
      for (const auto embargo : kEmbargoes)
        for (const auto& state : kCaseStates) {
          if (state.x && !state.p) continue;  // only for a moment
          const auto open = is_open(report);
          if (!open) {                        // start and closed: the rest doesn't matter
            seen.insert({report, EmbargoState::None, ""});
            continue;
          }
          if (state.v != on_fix_path) continue;
          const bool claims = report == ReportState::Accepted || report == ReportState::Deferred;
          if (hats.vendor && state.f && !claims) continue;
          if (state.d && !(hats.deployer && claims)) continue;
          if (!hats.vendor && state.f != state.d) continue;  // who only deploys has the letter d alone
          auto key = state.text();
          seen.insert({report, state.p ? EmbargoState::None : embargo, key});  // once public, the embargo doesn't matter
        }
    return seen.size();
  };
  CHECK(count({.vendor = true, .deployer = true}) == 128);
  CHECK(count({.vendor = true}) == 100);
  CHECK(count({.deployer = true}) == 100);
  CHECK(count({}) == 72);
}
