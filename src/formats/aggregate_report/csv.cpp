#include "formats/aggregate_report/csv.h"

#include "formats/ioc_csv/write.h"

namespace sluice::formats::aggregate_report {

namespace {

// A row of the table; texts are guarded, counts are ours.
struct ReportRecord {
  std::string part, code, label, sector, region, rule;
  threat::ReportFigure figure = {};
  std::optional<std::int64_t> missing = {}, shown = {}, missing_share = {};
  std::string text = {};
};

std::string count_text(const std::optional<std::int64_t>& count) { return count ? std::to_string(*count) : std::string(); }

void add_record(std::string& out, const ReportRecord& one) {
  for (const auto* text : {&one.part, &one.code, &one.label, &one.sector, &one.region, &one.rule}) out += ioc_csv::cell(*text) + ",";
  for (const auto* count : {&one.figure.now, &one.figure.share, &one.figure.before, &one.figure.change, &one.figure.change_share, &one.missing, &one.shown, &one.missing_share}) out += count_text(*count) + ",";
  out += ioc_csv::cell(one.text) + "\r\n";
}

std::string stated(const std::string& code) { return code.empty() ? "not stated" : code; }

}  // namespace

std::string to_csv(const threat::AggregateReport& report, const Issue& issue) {
  std::string out = "part,code,label,sector,region,rule,now,share_in_thousandths,before,change,change_in_thousandths,missing,shown,missing_in_thousandths,text\r\n";
  const auto about = [&out](std::string code, std::string text) { add_record(out, {.part = "report", .code = std::move(code), .text = std::move(text)}); };
  about("id", issue.id);
  about("version", issue.version);
  about("title", report.title);
  about("author", report.author);
  for (const auto& one : issue.endorsers) about("endorser", one);
  about("tlp", to_text(issue.tlp.tlp));
  about("published", issue.published ? to_text(*issue.published) : "draft");
  about("period_from", to_text(report.period.from));
  about("period_until", to_text(report.period.until));
  about("before_from", to_text(report.before.from));
  about("before_until", to_text(report.before.until));
  about("least_objects", std::to_string(report.least_objects));
  about("least_organisations", std::to_string(report.least_senders));
  if (!report.summary.empty()) about("summary", report.summary);
  for (const auto& one : issue.duties) about("duty", one);
  if (!report.is_withheld) {
    add_record(out, {.part = "objects", .label = "All objects", .figure = report.objects});
    if (report.senders) add_record(out, {.part = "organisations", .label = "Organisations that sent them", .figure = {.now = report.senders}});
  }
  for (const auto& table : report.tables)
    for (const auto& line : table.lines) add_record(out, {.part = to_word(table.by), .code = line.code, .label = line.label, .figure = line.figure, .text = line.object});
  if (report.grid)
    for (const auto& cell : report.grid->cells) add_record(out, {.part = "sector_and_region", .sector = stated(cell.sector), .region = stated(cell.region), .figure = cell.figure});
  const auto& coverage = report.coverage;
  if (coverage.missing) add_record(out, {.part = "coverage", .sector = "any", .region = "any", .missing = coverage.missing, .shown = report.objects.now, .missing_share = coverage.share});
  for (const auto& rule : coverage.rules)
    for (const auto& line : rule.lines)
      add_record(out, {.part = "coverage", .sector = stated(line.sector), .region = stated(line.region), .rule = rule.rule, .missing = line.missing, .shown = line.shown, .missing_share = line.share, .text = rule.why});
  for (const auto& one : report.notes) add_record(out, {.part = "note", .text = one});
  for (const auto& one : coverage.notes) add_record(out, {.part = "coverage_note", .text = one});
  return out;
}

}  // namespace sluice::formats::aggregate_report
