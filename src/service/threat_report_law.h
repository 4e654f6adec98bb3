// What laws and policies say of letting an aggregate report out: the same question that a report on a region or sector of a case asks (cvd::area_action), without a case.
//
// Always holds
//   Z1  The parties are the authors alone: the organisation, or each that has joined the group. The strictest answer holds for all.
//   Z2  Where the places a report is about can't be told, none are given, so that a law which asks for them isn't passed by in silence.
//   Z3  What an author says it told an authority stands in the plan as done, at its instant; whether it meets what a law asks is the law's to say.
#pragma once

#include "gate/facts.h"
#include "service/services.h"
#include "store/threat_reports.h"
#include "threat/aggregate_report.h"

namespace sluice::service {

// Regions and sectors of a report, as laws name them: countries (ISO 3166-1 alpha-2), sectors of the packs and of STIX.
struct ReportAreas {
  std::vector<std::string> countries, sectors;
};
// By what it was asked for; else by the lines that it shows. A region stands for all of its countries.
ReportAreas areas_of(const threat::AggregateReport& report);

// Takes up to a second for a report on many places and sectors: called on a pool thread. Nothing: no law or policy is in scope of any author, or it isn't a report. A report alone is asked about: of statements and comments no rule speaks.
std::optional<gate::RegimesVerdict> law_of_release(Services& services, const std::vector<OrganisationId>& authors, const store::ThreatTextBody& text, const store::ThreatTextVersion& version, const ReportAreas& areas, store::ThreatAudience to, Instant at);

// Invalid, with the field, for words that the packs don't have: classes of content, and a body that was told.
Result<void> check_report_classes(Services& services, const std::vector<std::string>& classes);
Result<void> check_assumed(Services& services, const std::vector<std::string>& assumed);   // drafts that are to be asked as if they were in force
Result<void> check_told(Services& services, const std::string& to);

}  // namespace sluice::service
