// Commands on cases, as work for the Writer: load with the viewer, decide, judge, append.
//
// Always holds
//   V1  What a viewer may not know of is NotFound, whether it is there or not, before anything of its state is looked at.
//   V2  Whatever tells somebody something is judged by the gate in the same transaction, and the Ruling is on record; one that denies too, though the command fails with it (denials.h).
#pragma once

#include "cvd/decide.h"
#include "service/services.h"

namespace sluice::service {

Work case_command(Services& services, Asker asker, CaseId id, cvd::Command command);

struct OpenCase { std::string title; };
BOOST_DESCRIBE_STRUCT(OpenCase, (), (title))
Work open_case(Services& services, Asker asker, OpenCase command);
// For the command line: the owner is named. The asker is the system.
Work open_case_for(Services& services, Asker asker, OrganisationId owner, std::string title);

// A report arrives: at the organisation the reporter confirmed. The answer has {"id", "case"?, "code"?}; the code is shown this once (anonymous reports).
struct SubmitReport {
  std::optional<OrganisationId> to;                // none: the site's own organisation
  cvd::ReportContent content;
  std::optional<std::vector<std::string>> classes = {};  // of what it holds, as the reporter says
};
// On a pool thread: the code's slow hash is worked out here, before the Work.
Result<Work> submit_report(Services& services, Asker asker, SubmitReport report);

// Writes down first deliveries, before the bytes leave.
Work record_deliveries(Services& services, Asker asker, std::vector<store::FirstDelivery> deliveries, store::Tag reader, std::string reader_name, int channel);
// The person has read this far. No entry and no version of the case: it is nobody else's business.
Work mark_read(Services& services, store::ToMark mark);

// What time has brought about in cases whose timer is due: ends of embargoes, closed answer windows, releases. To be called about once a second.
// `now`: the wall clock as it was found to agree with the counting one; what is due only by a clock read later waits for the next call (REL-6: never early).
// The number of cases that were looked at.
Result<int> pass_time(Services& services, Instant now);

// The writing end shared by all commands on cases: appends the entries, applies the events to unit.case_state(id), and writes the clear rows that follow.
struct CaseChange {
  CaseId id;
  std::string action;
  std::optional<std::string> object;
  std::optional<std::string> reason;
  std::optional<CaseId> denials_in = {};           // another case on whose record stands what the gate denies here, where this one would only be opened by the same command (denials.h, D3)
};
Result<Committed> write_changes(Unit& unit, Services& services, const Asker& asker, const CaseChange& change, const cvd::Changes& changes);

}  // namespace sluice::service
