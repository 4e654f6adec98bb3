#include <doctest/doctest.h>
#include <rapidcheck.h>

#include <algorithm>
#include <utility>

#include "formats/aggregate_report/csv.h"
#include "formats/aggregate_report/page.h"
#include "formats/aggregate_report/stix.h"
#include "formats/stix/check.h"

using namespace sluice;
using namespace sluice::formats::aggregate_report;
using threat::Breakdown;

namespace {

threat::AggregateReport a_report(const std::string& title = "Shared in March") {
  const auto march = *parse_instant("2022-03-01T00:00:00Z"), april = *parse_instant("2022-04-01T00:00:00Z");
  threat::ReportWanted wanted;
  wanted.title = title;
  wanted.author = "Working group <energy & water>";
  wanted.summary = "More than in February.\nMost of it names energy.";
  wanted.period = {march, april};
  wanted.by = {Breakdown::Kind, Breakdown::Sector, Breakdown::Region, Breakdown::Technique, Breakdown::Malware};
  wanted.labels["T1190"] = {"Exploit Public-Facing Application", "attack-pattern--3f886f2a-874f-4333-b794-aa6075009b1c"};
  wanted.labels["T1059"] = {"Command and Scripting Interpreter", ""};
  const struct { const char *sector, *region, *technique, *malware, *kind; int now, before, senders; } kLines[] = {
      {"energy", "western-europe", "T1190", "QakBot", "indicator", 60, 40, 7},   {"energy", "northern-europe", "T1059", "", "indicator", 33, 30, 6}, {"water", "western-europe", "T1190", "", "malware", 21, 30, 5},
      {"healthcare", "eastern-asia", "T1566.001", "Emotet", "indicator", 18, 0, 4}, {"healthcare", "western-europe", "T1059", "", "report", 12, 25, 5}, {"nuclear", "western-europe", "", "", "indicator", 3, 0, 2},
      {"", "africa", "", "=cmd", "report", 9, 9, 4}};
  std::vector<threat::ReportRow> rows;
  std::vector<threat::LeftOut> left;
  int nth = 0;
  for (const auto& line : kLines) {
    const auto row = [&](int i, Instant at) {
      const auto some = [](const char* text) { return *text ? std::vector<std::string>{text} : std::vector<std::string>{}; };
      return threat::ReportRow{.id = std::string(line.kind) + "--" + std::to_string(nth++), .at = at + std::chrono::hours(i), .kind = line.kind, .collection = "all", .sectors = some(line.sector), .regions = some(line.region), .techniques = some(line.technique), .malware = some(line.malware), .sender = i % line.senders};
    };
    for (int i = 0; i < line.now; ++i) rows.push_back(row(i, march));
    for (int i = 0; i < line.before; ++i) rows.push_back(row(i, march - std::chrono::hours(24 * 25)));
    if (line.now > 15)
      for (int i = 0; i < line.now / 2; ++i) left.push_back({i % 3 == 0 ? "TLP:RED" : "embargo", i % 3 == 0 ? "Marked for named readers alone." : "Held until a date that its participants agreed on.", row(i, march)});
  }
  return threat::make_report(wanted, rows, rows, left);
}

Issue an_issue() {
  const auto at = *parse_instant("2022-04-04T09:30:00Z");
  return {.id = "rep_1", .version = "2", .created = at, .modified = at + std::chrono::hours(2), .published = at + std::chrono::hours(3), .tlp = Tlp::Green, .endorsers = {"CERT Alpha", "CERT <Beta>"}, .duties = {"Say where it is from when you pass it on."}};
}

std::size_t count_in(const std::string& text, std::string_view part) {
  std::size_t out = 0;
  for (auto at = text.find(part); at != text.npos; at = text.find(part, at + part.size())) ++out;
  return out;
}

// RFC 4180, read back.
std::vector<std::vector<std::string>> records_of(const std::string& text) {
  std::vector<std::vector<std::string>> out;
  std::vector<std::string> record;
  std::string cell;
  bool is_quoted = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (is_quoted) {
      if (c != '"') cell += c;
      else if (i + 1 < text.size() && text[i + 1] == '"') cell += c, ++i;
      else is_quoted = false;
    } else if (c == '"') is_quoted = true;
    else if (c == ',') record.push_back(std::exchange(cell, {}));
    else if (c == '\r' && i + 1 < text.size() && text[i + 1] == '\n') {
      record.push_back(std::exchange(cell, {}));
      out.push_back(std::exchange(record, {}));
      ++i;
    } else cell += c;
  }
  return out;
}

}  // namespace

TEST_CASE("the page has a table beside each drawing, and neither script nor style on an element") {
  const auto page = to_html(a_report(), an_issue());
  CHECK(page.starts_with("<!DOCTYPE html>\n<html lang=\"en\">"));
  CHECK(page.find("<script") == page.npos);
  CHECK(page.find(" style=\"") == page.npos);
  CHECK(page.find("http://") == page.npos);
  CHECK(page.find("https://") == page.npos);
  CHECK(page.find(std::string(style_of_report())) != page.npos);
  CHECK(count_in(page, "<svg role=\"img\"") >= 6);
  CHECK(count_in(page, "<svg role=\"img\"") == count_in(page, "<figure>"));
  CHECK(count_in(page, "<figure>") <= count_in(page, "<table>"));
  for (std::size_t at = page.find("<figure>"); at != page.npos; at = page.find("<figure>", at + 1)) CHECK(page.substr(page.find("</figure>", at), 40).starts_with("</figure><div class=\"scroll\" role=\"regio"));
  CHECK(page.find("TLP:GREEN") != page.npos);
  CHECK(page.find("Working group &lt;energy &amp; water&gt;") != page.npos);
  CHECK(page.find("CERT &lt;Beta&gt;") != page.npos);
  CHECK(page.find("Nuclear") == page.npos);   // three objects of two senders
  CHECK(page.find("Exploit Public-Facing Application") != page.npos);
  CHECK(page == to_html(a_report(), an_issue()));
}

TEST_CASE("a draft says so, and a report that is withheld has a page without figures") {
  auto issue = an_issue();
  issue.published.reset();
  threat::ReportWanted wanted;
  wanted.title = "Nothing";
  wanted.period = {*parse_instant("2022-03-01T00:00:00Z"), *parse_instant("2022-04-01T00:00:00Z")};
  wanted.by = {Breakdown::Sector};
  const auto report = threat::make_report(wanted, {}, {}, {});
  const auto page = to_html(report, issue);
  CHECK(page.find("this is a draft") != page.npos);
  CHECK(page.find("No figures are given.") != page.npos);
  CHECK(page.find("<svg") == page.npos);
  CHECK(to_csv(report, issue).find("published") != std::string::npos);
  CHECK(is_valid(formats::stix::check_document(to_stix(report, issue))));
}

TEST_CASE("every figure has a row of the CSV, texts are guarded and counts are bare") {
  const auto report = a_report("=HYPERLINK(\"x\")");
  const auto records = records_of(to_csv(report, an_issue()));
  for (const auto& record : records) REQUIRE(record.size() == 15);
  const auto has = [&](auto match) { return std::any_of(records.begin(), records.end(), match); };
  CHECK(has([](const auto& r) { return r[1] == "title" && r[14] == "'=HYPERLINK(\"x\")"; }));
  std::size_t lines = 0;
  for (const auto& table : report.tables)
    for (const auto& line : table.lines) {
      ++lines;
      CHECK(has([&](const auto& r) { return r[0] == to_word(table.by) && (r[1] == line.code || r[1] == "'" + line.code) && r[6] == (line.figure.now ? std::to_string(*line.figure.now) : "") && r[9] == (line.figure.change ? std::to_string(*line.figure.change) : ""); }));
    }
  CHECK(lines > 10);
  CHECK(has([](const auto& r) { return r[0] == "malware" && r[1] == "'=cmd"; }));
  CHECK(has([](const auto& r) { return r[0] == "coverage" && r[5] == "TLP:RED" && r[3] == "any" && !r[11].empty(); }));
  for (const auto& record : records)
    for (const auto& cell : record) CHECK((cell.empty() || std::string_view("=+@\t\r").find(cell[0]) == std::string_view::npos));
}

TEST_CASE("the bundle is STIX 2.1, and a second version is a version of the same objects") {
  const auto bundle = to_stix(a_report(), an_issue());
  const auto findings = formats::stix::check_document(bundle);
  for (const auto& one : findings) CHECK_MESSAGE(one.rule == "103 uuid-check", one.rule << " " << one.where << " " << one.message);   // ids follow from names, so that versions are versions
  auto next = an_issue();
  next.modified = next.modified + std::chrono::hours(24);
  const auto later = to_stix(a_report("Corrected"), next);
  const auto ids = [](const json::object& of) {
    std::vector<std::string> out;
    for (const auto& one : of.at("objects").get_array()) out.emplace_back(string_at(one, "id"));
    return out;
  };
  CHECK(ids(bundle) == ids(later));
  const json::value* report = nullptr;
  for (const auto& one : bundle.at("objects").get_array())
    if (string_at(one, "type") == "report") report = &one;
  REQUIRE(report);
  const auto& refs = report->get_object().at("object_refs").get_array();
  CHECK(std::find(refs.begin(), refs.end(), json::value("attack-pattern--3f886f2a-874f-4333-b794-aa6075009b1c")) != refs.end());
  const auto* figures = find_at(*report, "/extensions/" + std::string(kFiguresExtension) + "/report");
  REQUIRE(figures);
  const auto read = threat::report_from_json(*figures);
  REQUIRE(read);
  CHECK(*read == a_report());
}

TEST_CASE("H1_no_text_becomes_markup") {
  CHECK(rc::check("H1", [](const std::string& title, const std::string& other) {
    auto issue = an_issue();
    issue.endorsers = {other};
    auto report = a_report();
    report.title = title + "<script>";
    report.notes.push_back(other);
    report.tables[1].lines[0].label = other + "<b>";
    const auto page = to_html(report, issue);
    RC_ASSERT(page.find("<script") == page.npos);
    RC_ASSERT(page.find("<b>") == page.npos);
    RC_ASSERT(count_in(page, "<style>") == 1);
  }));
}
