// An aggregate report as STIX 2.1: a bundle of one report object, its author, and what its lines are about (sectors as identities, regions as locations, techniques as attack patterns, malware).
//
// STIX has no place for counts. They stand in words in the description, and as data in an extension of the report object, which is this report's JSON; the bundle brings its definition. A report
// that is withheld has none.
//
// Always holds
//   S1  Ids follow from the issue's id and from the lines, so that a second version of a report makes new versions of the same objects.
//   S2  Each object but the extension's definition and its author bears the issue's marking. Each ref is to an object of the bundle, or to one that the report names for a line.
#pragma once

#include "base/json.h"
#include "formats/aggregate_report/issue.h"
#include "threat/aggregate_report.h"

namespace sluice::formats::aggregate_report {

inline constexpr std::string_view kFiguresExtension = "extension-definition--44dfff2f-6113-4ec0-8942-9b448f0f3403";

json::object to_stix(const threat::AggregateReport& report, const Issue& issue);

}  // namespace sluice::formats::aggregate_report
