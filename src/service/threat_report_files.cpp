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
  if (!shown.version.figures.is_object()) return fail(ErrorKind::Conflict, "Only a report has figures.", {}, {}, "no-figures");
  return threat::report_from_json(shown.version.figures);
}

Issue issue_of(const TextShown& shown) {
  return {.id = shown.id, .version = std::to_string(shown.version.version), .created = shown.created, .modified = shown.version.at, .published = shown.published, .tlp = TlpLabel{shown.tlp}, .endorsers = shown.endorsers, .duties = shown.duties};
}

// CSP 3 §2.3.1: a hash source for each style element that stands in the page.
std::string policy_for(std::string_view page) {
  std::string styles;
  constexpr std::string_view kBegin = "<style>", kEnd = "</style>";
  for (std::size_t at = page.find(kBegin); at != page.npos; at = page.find(kBegin, at)) {
    at += kBegin.size();
    const auto end = page.find(kEnd, at);
    if (end == page.npos) break;
    styles += " 'sha256-" + base64(sha256(bytes_of(page.substr(at, end - at)))) + "'";
  }
  return "default-src 'none'; style-src" + (styles.empty() ? std::string(" 'none'") : styles) + "; frame-ancestors 'none'; base-uri 'none'";
}

}  // namespace

Result<TextFile> report_as_page(const TextShown& shown) {
  TRY(const auto report, figures_of(shown));
  auto page = formats::aggregate_report::to_html(report, issue_of(shown));
  auto policy = policy_for(page);
  return TextFile{std::move(page), "text/html; charset=utf-8", {}, std::move(policy)};
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
