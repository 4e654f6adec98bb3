#include "formats/aggregate_report/page.h"

#include <algorithm>
#include <set>

#include "base/markup.h"
#include "base/time_words.h"

namespace sluice::formats::aggregate_report {

namespace {

using markup::el;
using markup::Html;
using threat::Breakdown;
using threat::ReportFigure;

constexpr std::size_t kMostBars = 15;          // lines that are drawn; the table has all
constexpr std::size_t kMostRegions = 8;        // columns of the table of both that a sheet of paper holds
constexpr std::size_t kLongestLabel = 36;      // in a drawing, in characters

struct TableWords {
  std::string_view id, title, column;
};
constexpr TableWords kTableWords[] = {{"kind", "By kind of object", "Kind"},          {"sector", "By sector", "Sector"},   {"region", "By region", "Region"},
                                      {"technique", "By ATT&CK technique", "Technique"}, {"malware", "By malware", "Malware"}, {"collection", "By collection", "Collection"}};
const TableWords& words_of(Breakdown by) { return kTableWords[static_cast<std::size_t>(by)]; }

// 1,234 · -1,234
std::string grouped(std::int64_t count) {
  auto out = std::to_string(count);
  const std::size_t first = count < 0 ? 1 : 0;
  for (std::size_t at = out.size(); at > first + 3;) out.insert(at -= 3, ",");
  return out;
}
std::string signed_text(std::int64_t count) { return (count > 0 ? "+" : "") + grouped(count); }
// 432 thousandths: "43.2 %"
std::string percent(std::int64_t thousandths) {
  const auto size = thousandths < 0 ? -thousandths : thousandths;
  return (thousandths < 0 ? "-" : "") + grouped(size / 10) + "." + std::to_string(size % 10) + " %";
}
std::string width_of(std::int64_t part, std::int64_t whole) {
  const auto thousandths = whole == 0 ? 0 : part * 1000 / whole;
  return std::to_string(thousandths / 10) + "." + std::to_string(thousandths % 10) + "%";
}

Html count_cell(const std::optional<std::int64_t>& count) {
  if (count) return el("td", {{"class", "n"}}, grouped(*count));
  return el("td", {{"class", "n"}}, el("span", {{"class", "quiet"}, {"title", "none, or left out"}}, "–"));
}

Html change_cell(const ReportFigure& figure) {
  if (!figure.change) return el("td", {{"class", "n"}}, el("span", {{"class", "quiet"}, {"title", "none, or left out"}}, "–"));
  const auto* sign = *figure.change > 0 ? "▲ " : *figure.change < 0 ? "▼ " : "= ";
  return el("td", {{"class", "n"}}, el("span", {{"aria-hidden", "true"}}, sign), signed_text(*figure.change), figure.change_share ? " (" + percent(*figure.change_share) + ")" : std::string());
}

// The first characters of a label, whole ones.
std::string cut(std::string_view text) {
  std::size_t characters = 0, at = 0;
  while (at < text.size()) {
    if ((static_cast<unsigned char>(text[at]) & 0xC0) != 0x80 && ++characters > kLongestLabel) return std::string(text.substr(0, at)) + "…";
    ++at;
  }
  return std::string(text);
}

// ---- drawings: all lengths in percent of the width, so that one drawing fits a phone and a sheet ---------------------------------------------------

Html bar_line(std::size_t nth, const std::string& label, const ReportFigure& figure, std::int64_t largest) {
  const auto top = static_cast<std::int64_t>(nth) * 46;
  const auto y = [top](std::int64_t below) { return std::to_string(top + below); };
  Html out = el("text", {{"x", "0"}, {"y", y(14)}}, cut(label));
  out += el("text", {{"x", "100%"}, {"y", y(14)}, {"class", "end"}}, figure.now ? grouped(*figure.now) : std::string("–"));
  out += el("rect", {{"class", "ground"}, {"x", "0"}, {"y", y(20)}, {"width", "100%"}, {"height", "12"}}, "");
  if (figure.now) out += el("rect", {{"class", "now"}, {"x", "0"}, {"y", y(20)}, {"width", width_of(*figure.now, largest)}, {"height", "12"}}, "");
  if (figure.before) out += el("rect", {{"class", "before"}, {"x", "0"}, {"y", y(34)}, {"width", width_of(*figure.before, largest)}, {"height", "4"}}, "");
  return out;
}

Html bars(const threat::ReportTable& table) {
  const auto count = std::min(table.lines.size(), kMostBars);
  if (count == 0) return {};
  std::int64_t largest = 1;
  bool has_before = false;
  for (std::size_t i = 0; i < count; ++i) {
    const auto& figure = table.lines[i].figure;
    largest = std::max({largest, figure.now.value_or(0), figure.before.value_or(0)});
    has_before = has_before || figure.before;
  }
  const auto& words = words_of(table.by);
  Html inside = el("title", {{"id", std::string(words.id) + "-drawn"}}, std::string(words.title) + ": bars of the " + (count == table.lines.size() ? std::string("lines") : "first " + std::to_string(count) + " of " + std::to_string(table.lines.size()) + " lines") + " of the table that follows");
  for (std::size_t i = 0; i < count; ++i) inside += bar_line(i, table.lines[i].label, table.lines[i].figure, largest);
  return el("figure", el("svg", {{"role", "img"}, {"aria-labelledby", std::string(words.id) + "-drawn"}, {"width", "100%"}, {"height", std::to_string(count * 46)}}, inside),
            el("figcaption", {{"class", "quiet"}}, std::string("Thick: this period.") + (has_before ? " Thin, below it: the period before." : "") + (count < table.lines.size() ? " The " + std::to_string(count) + " largest lines; the table has all." : std::string())));
}

std::int64_t square_root(std::int64_t value) {
  std::int64_t out = 0;
  while ((out + 1) * (out + 1) <= value) ++out;
  return out;
}

// A square whose area is to the largest as the count is.
Html square(std::int64_t count, std::int64_t largest) {
  const auto side = std::max<std::int64_t>(2, square_root(count * 400 / std::max<std::int64_t>(largest, 1)));
  const auto from = std::to_string((20 - side) / 2);
  return el("svg", {{"class", "square"}, {"width", "20"}, {"height", "20"}, {"aria-hidden", "true"}}, el("rect", {{"x", from}, {"y", from}, {"width", std::to_string(side)}, {"height", std::to_string(side)}}, ""));
}

// ---- sections --------------------------------------------------------------------------------------------------------------------------------

Html section(std::string_view id, std::string_view title, const Html& inside, std::string_view shape = {}) {
  return el("section", {{"aria-labelledby", std::string(id)}, {"class", std::string(shape)}}, el("h2", {{"id", std::string(id)}}, title), inside);
}
Html scrolled(std::string_view label, const Html& table) { return el("div", {{"class", "scroll"}, {"role", "region"}, {"tabindex", "0"}, {"aria-label", std::string(label)}}, table); }

Html table_section(const threat::ReportTable& table) {
  const auto& words = words_of(table.by);
  if (table.lines.empty()) return section(words.id, words.title, el("p", table.is_complete ? "There is nothing to count here." : "Nothing is told here: every line is too small, or would give a small one away."));
  const bool has_codes = table.by == Breakdown::Technique;
  Html head = el("th", {{"scope", "col"}}, words.column);
  if (has_codes) head += el("th", {{"scope", "col"}}, "Id");
  for (const auto* column : {"Objects", "Share", "Before", "Change"}) head += el("th", {{"scope", "col"}, {"class", "n"}}, column);
  Html rows;
  for (const auto& line : table.lines) {
    Html row = el("th", {{"scope", "row"}}, line.label);
    if (has_codes) row += el("td", el("code", line.code));
    row += count_cell(line.figure.now);
    row += line.figure.share ? el("td", {{"class", "n"}}, percent(*line.figure.share)) : count_cell({});
    row += count_cell(line.figure.before) + change_cell(line.figure);
    rows += el("tr", row);
  }
  std::string caption = "Share: of all objects of the period.";
  if (table.may_overlap) caption += " An object can stand in several lines.";
  caption += table.is_complete ? " No line was left out." : " Lines were left out.";
  return section(words.id, words.title, bars(table) + scrolled(std::string(words.title) + ": table", el("table", el("caption", caption), el("thead", el("tr", head)), el("tbody", rows))));
}

std::string label_in(const threat::AggregateReport& report, Breakdown by, const std::string& code) {
  for (const auto& table : report.tables)
    if (table.by == by)
      for (const auto& line : table.lines)
        if (line.code == code) return line.label;
  return code.empty() ? "Not stated" : code;
}

Html grid_section(const threat::AggregateReport& report) {
  const auto& grid = *report.grid;
  std::vector<std::string> sectors, regions;
  std::map<std::pair<std::string, std::string>, const ReportFigure*> at;
  std::int64_t largest = 1;
  for (const auto& cell : grid.cells) {
    at[{cell.sector, cell.region}] = &cell.figure;
    largest = std::max(largest, cell.figure.now.value_or(0));
  }
  // In the order of the two tables, what they don't tell last.
  const auto ordered = [&](Breakdown by, const auto& of_cell) {
    std::vector<std::string> out;
    std::set<std::string> some;
    for (const auto& cell : grid.cells) some.insert(of_cell(cell));
    for (const auto& table : report.tables)
      if (table.by == by)
        for (const auto& line : table.lines)
          if (some.erase(line.code) > 0) out.push_back(line.code);
    out.insert(out.end(), some.begin(), some.end());
    return out;
  };
  sectors = ordered(Breakdown::Sector, [](const threat::ReportCell& cell) { return cell.sector; });
  regions = ordered(Breakdown::Region, [](const threat::ReportCell& cell) { return cell.region; });
  Html inside;
  if (grid.cells.empty()) inside += el("p", grid.is_complete ? "There is nothing to count here." : "Nothing is told here: every field is too small, or would give a small one away.");
  for (std::size_t from = 0; from < regions.size(); from += kMostRegions) {
    const auto to = std::min(from + kMostRegions, regions.size());
    Html head = el("th", {{"scope", "col"}}, "Sector"), rows;
    for (auto i = from; i < to; ++i) head += el("th", {{"scope", "col"}, {"class", "n"}}, label_in(report, Breakdown::Region, regions[i]));
    for (const auto& sector : sectors) {
      Html row = el("th", {{"scope", "row"}}, label_in(report, Breakdown::Sector, sector));
      for (auto i = from; i < to; ++i) {
        const auto cell = at.find({sector, regions[i]});
        const auto* figure = cell == at.end() ? nullptr : cell->second;
        if (!figure || !figure->now) {
          row += count_cell({});
          continue;
        }
        row += el("td", {{"class", "n"}}, square(*figure->now, largest), " ", grouped(*figure->now), figure->change ? el("span", {{"class", "quiet"}}, " (" + signed_text(*figure->change) + ")") : Html());
      }
      rows += el("tr", row);
    }
    const auto caption = std::string("Objects that name both; in brackets, the change against the period before. A square's area shows the count. ") + (grid.is_complete ? "No field was left out." : "Fields were left out.");
    inside += scrolled("By sector and region: table", el("table", el("caption", caption), el("thead", el("tr", head)), el("tbody", rows)));
  }
  return section("grid", "By sector and region", inside, "wide");
}

std::string place_words(const threat::AggregateReport& report, const threat::CoverageLine& line) {
  const bool any_sector = line.sector == "any", any_region = line.region == "any";
  if (any_sector && any_region) return "All objects";
  if (any_region) return label_in(report, Breakdown::Sector, line.sector);
  if (any_sector) return label_in(report, Breakdown::Region, line.region);
  return label_in(report, Breakdown::Sector, line.sector) + ", " + label_in(report, Breakdown::Region, line.region);
}

Html coverage_section(const threat::AggregateReport& report) {
  const auto& coverage = report.coverage;
  Html inside, notes;
  if (coverage.missing) inside += el("p", el("strong", grouped(*coverage.missing)), " objects were kept out of this report by rules and markings: " + percent(coverage.share.value_or(0)) + " of all that could have been counted.");
  if (!coverage.rules.empty()) {
    Html drawing = el("title", {{"id", "coverage-drawn"}}, "What is missing: for each rule, the share of all objects that it kept out, as in the table that follows"), rows;
    std::size_t nth = 0;
    for (const auto& rule : coverage.rules) {
      const auto top = static_cast<std::int64_t>(nth++) * 40;
      const auto y = [top](std::int64_t below) { return std::to_string(top + below); };
      const auto share = rule.lines[0].share.value_or(0);
      drawing += el("text", {{"x", "0"}, {"y", y(14)}}, cut(rule.rule)) + el("text", {{"x", "100%"}, {"y", y(14)}, {"class", "end"}}, percent(share));
      drawing += el("rect", {{"class", "ground"}, {"x", "0"}, {"y", y(20)}, {"width", "100%"}, {"height", "12"}}, "") + el("rect", {{"class", "missing"}, {"x", "0"}, {"y", y(20)}, {"width", width_of(share, 1000)}, {"height", "12"}}, "");
      for (std::size_t i = 0; i < rule.lines.size(); ++i) {
        const auto& line = rule.lines[i];
        Html row;
        if (i == 0) row += el("th", {{"scope", "rowgroup"}, {"rowspan", std::to_string(rule.lines.size())}}, rule.rule, el("p", {{"class", "quiet"}}, rule.why));
        row += el("td", place_words(report, line)) + count_cell(line.missing) + count_cell(line.shown) + (line.share ? el("td", {{"class", "n"}}, percent(*line.share)) : count_cell({}));
        rows += el("tr", row);
      }
    }
    Html head = el("th", {{"scope", "col"}}, "Rule or marking") + el("th", {{"scope", "col"}}, "Sector, region");
    for (const auto* column : {"Kept out", "Shown", "Missing"}) head += el("th", {{"scope", "col"}, {"class", "n"}}, column);
    inside += el("figure", el("svg", {{"role", "img"}, {"aria-labelledby", "coverage-drawn"}, {"width", "100%"}, {"height", std::to_string(coverage.rules.size() * 40)}}, drawing), el("figcaption", {{"class", "quiet"}}, "How much of all objects each rule kept out."));
    inside += scrolled("What is missing: table", el("table", el("caption", "Missing: what was kept out, of that and what is shown together."), el("thead", el("tr", head)), el("tbody", rows)));
  }
  for (const auto& one : coverage.notes) notes += el("li", one);
  if (!notes.empty()) inside += el("ul", notes);
  return inside.empty() ? Html() : section("coverage", "What is missing, and why", inside);
}

Html head_of(const threat::AggregateReport& report, const Issue& issue) {
  Html facts;
  const auto fact = [&facts](const char* name, const Html& value) { facts += el("dt", name) + el("dd", value); };
  const auto time = [](Instant at) { return el("time", {{"datetime", to_text(at)}}, words_of_time(at)); };
  fact("Period", time(report.period.from) + " until before " + time(report.period.until));
  if (!report.author.empty()) fact("By", report.author);
  if (!issue.endorsers.empty()) {
    Html names;
    for (const auto& one : issue.endorsers) names += el("li", one);
    fact("Endorsed by", el("ul", {{"class", "names"}}, names));
  }
  fact("Version", issue.version + ", " + words_of_time(issue.modified));
  fact("Published", issue.published ? time(*issue.published) : Html("not yet: this is a draft"));
  Html in_short;
  if (report.objects.now) {
    in_short += el("p", grouped(*report.objects.now) + " objects" + (report.senders ? " of " + grouped(*report.senders) + " organisations" : std::string()));
    if (report.objects.before) {
      const auto change = *report.objects.change;
      in_short += el("p", el("span", {{"aria-hidden", "true"}}, change > 0 ? "▲ " : change < 0 ? "▼ " : "= "), signed_text(change) + (report.objects.change_share ? " (" + percent(*report.objects.change_share) + ")" : std::string()) + " against " + grouped(*report.objects.before) + " in the period before");
    }
  } else {
    in_short += el("p", "No figures are given.") + el("p", report.notes.empty() ? std::string() : report.notes.front());
  }
  return el("header", el("p", {{"class", "tlp"}}, to_text(issue.tlp.tlp)), el("h1", report.title), el("dl", {{"class", "facts"}}, facts), el("div", {{"class", "short"}}, in_short), report.summary.empty() ? Html() : el("p", {{"class", "summary"}}, report.summary));
}

}  // namespace

std::string to_html(const threat::AggregateReport& report, const Issue& issue) {
  Html sections, contents, notes, duties;
  const auto add = [&](std::string_view id, std::string_view title, const Html& inside) {
    if (inside.empty()) return;
    contents += el("li", el("a", {{"href", "#" + std::string(id)}}, title));
    sections += inside;
  };
  for (const auto& table : report.tables) {
    add(words_of(table.by).id, words_of(table.by).title, table_section(table));
    if (table.by == Breakdown::Region && report.grid) add("grid", "By sector and region", grid_section(report));
  }
  add("coverage", "What is missing, and why", coverage_section(report));
  for (const auto& one : issue.duties) duties += el("li", one);
  if (!duties.empty()) add("duties", "With this report", section("duties", "With this report", el("ul", duties)));
  for (const auto& one : report.notes) notes += el("li", one);
  if (!notes.empty()) add("counted", "How it was counted", section("counted", "How it was counted", el("ul", notes)));
  const Html head = el("meta", {{"charset", "utf-8"}}) + el("meta", {{"name", "viewport"}, {"content", "width=device-width, initial-scale=1"}}) +
                    el("meta", {{"http-equiv", "Content-Security-Policy"}, {"content", "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"}}) + el("title", report.title) + markup::sheet(style_of_report());
  const Html body = el("a", {{"class", "skip"}, {"href", "#main"}}, "To the figures") + head_of(report, issue) + el("nav", {{"aria-label", "On this page"}}, el("ul", contents)) + el("main", {{"id", "main"}}, sections) +
                    el("footer", {{"class", "quiet"}}, el("p", to_text(issue.tlp.tlp) + " · report ", el("code", issue.id), " · version " + issue.version));
  return "<!DOCTYPE html>\n" + el("html", {{"lang", "en"}}, el("head", head), el("body", body)).markup() + "\n";
}

}  // namespace sluice::formats::aggregate_report
