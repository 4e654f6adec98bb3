#include "service/threat_report_files.h"

#include <boost/json/serialize.hpp>

#include "base/bytes.h"
#include "formats/aggregate_report/csv.h"
#include "formats/aggregate_report/page.h"
#include "formats/aggregate_report/stix.h"

namespace sluice::service {

namespace {

using formats::aggregate_report::Issue;

Result<threat::AggregateReport> figures_of(const TextShown& shown) {
  if (shown.withdrawn) return fail(ErrorKind::Conflict, "Its author has withdrawn this version, so it can't be had as a file any more.", {}, {}, "withdrawn");
  if (!shown.version.figures.is_object()) return fail(ErrorKind::Conflict, "Only a report has figures.", {}, {}, "no-figures");
  TRY(auto report, threat::report_from_json(shown.version.figures));
  if (shown.is_group) report.notes.push_back(std::string(kGroupSpeaks));
  return report;
}

Issue issue_of(const TextShown& shown) {
  return {.id = shown.id, .version = std::to_string(shown.version.version), .created = shown.created, .modified = shown.version.at, .published = shown.published, .tlp = TlpLabel{shown.tlp}, .endorsers = shown.endorsers, .duties = shown.duties};
}

// Its own style by its hash, and nothing else (CSP 3 §2.3.1).
std::string policy_of_report() {
  return "default-src 'none'; style-src 'sha256-" + base64(sha256(bytes_of(formats::aggregate_report::style_of_report()))) + "'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
}

}  // namespace

Result<TextFile> report_as_page(const TextShown& shown) {
  TRY(const auto report, figures_of(shown));
  return TextFile{formats::aggregate_report::to_html(report, issue_of(shown)), "text/html; charset=utf-8", {}, policy_of_report()};
}

Result<TextFile> report_as_csv(const TextShown& shown) {
  TRY(const auto report, figures_of(shown));
  return TextFile{formats::aggregate_report::to_csv(report, issue_of(shown)), "text/csv; charset=utf-8", "report.csv", {}};
}

Result<TextFile> report_as_stix(const TextShown& shown) {
  TRY(const auto report, figures_of(shown));
  return TextFile{json::serialize(json::value(formats::aggregate_report::to_stix(report, issue_of(shown)))), "application/stix+json;version=2.1", "report.stix.json", {}};
}

}  // namespace sluice::service
