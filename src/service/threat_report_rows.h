// What an aggregate report counts: the objects that its maker meets in collections, each with its sectors, regions, techniques and malware, and what may not be passed on to the report's audience.
//
// Called on a pool thread, before anything is written: a report over many objects takes a while, so two at once may gather (law_library.h: Turn).
//
// What counts is what tells of activity: campaigns, incidents, indicators, infrastructure, intrusion sets, malware and its analyses, observed data, reports, sightings, threat actors, tools, vulnerabilities.
// An object counts once, when it was first shared, by what its newest version says; a revoked one doesn't. What it is about is told from itself, from identities and locations that it refers to, and
// from relationships with it; of an indicator also from what it indicates, of a sighting from what was seen.
//
// Always holds
//   Y1  Nothing is looked at but what the maker reads now, by the same pages as TAXII's, narrowed by its standing alike; what it doesn't meet is neither counted nor said to be missing.
//   Y2  What is marked beyond the report's audience, or goes to fewer readers than its marking lets it (shared early), is in no figure, and what it says of others counts for nothing; it is in `left_out`, by its label.
//   Y3  What the maker agreed to hold back under an embargo is in neither: a count of it would tell the audience that something is held. Only the maker is told how many.
//   Y4  A collection that the audience may not know of has no name in any row.
//   Y5  A member counts as a sender once, whatever names it sends under; and nothing here follows from whose a pseudonym is, since whoever drafts could try out who it is by what is told and what isn't. So
//       what came under pseudonyms is counted as objects and adds no sender (threat::kSomeSender).
#pragma once

#include "service/services.h"
#include "store/threat_reports.h"
#include "threat/aggregate_report.h"

namespace sluice::service {

struct GatheredRows {
  std::vector<threat::ReportRow> rows;                    // of both periods
  std::vector<threat::LeftOut> left_out;
  std::map<std::string, threat::ReportLabel> labels;
  std::int64_t held_back = 0;                             // Y3
  bool is_narrowed = false;                               // the maker's standing may have kept something from it
};

inline constexpr std::int64_t kMostGathered = 200'000;    // objects that one report looks at; more is Invalid
inline constexpr std::size_t kMostSources = 20;           // collections of one report

// `home`: whose members or readers are the audience. `sources`: seen as the maker; each must be readable.
Result<GatheredRows> gather_rows(Services& services, const access::Viewer& maker, const store::Collection& home, std::span<const store::CollectionSeen> sources, const threat::ReportWanted& wanted, store::ThreatAudience audience);

// The strictest label that may be passed on to this audience of `home`, of what is shared in `source`.
Tlp ceiling_of_report(const store::Collection& home, const store::Collection& source, store::ThreatAudience audience);

}  // namespace sluice::service
