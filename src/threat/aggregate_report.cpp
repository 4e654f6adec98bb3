#include "threat/aggregate_report.h"

#include <algorithm>

#include "base/time_words.h"
#include "threat/aggregate_count.h"

namespace sluice::threat {

namespace {

constexpr std::string_view kAnyPlace = "any";

bool counts_by(const ReportWanted& wanted, Breakdown by) { return std::find(wanted.by.begin(), wanted.by.end(), by) != wanted.by.end(); }

std::int64_t thousandths(std::int64_t part, std::int64_t whole) { return whole == 0 ? 0 : part * 1000 / whole; }

ReportFigure figure_from(std::optional<std::int64_t> now, std::optional<std::int64_t> before, std::int64_t all) {
  ReportFigure out;
  out.now = now, out.before = before;
  if (now) out.share = thousandths(*now, all);
  if (now && before) {
    out.change = *now - *before;
    if (*before != 0) out.change_share = thousandths(*out.change, *before);
  }
  return out;
}

template <class Map, class Key>
std::optional<std::int64_t> count_at(const Map& map, const Key& key) {
  const auto found = map.find(key);
  return found == map.end() ? std::nullopt : std::optional(found->second);
}

// "financial-services" as a person reads it; regions are names, so each of their words has a capital.
std::string word_for_people(std::string_view code, bool is_name) {
  std::string out(code);
  bool is_first = true;
  for (char& c : out) {
    if (c == '-') c = ' ';
    if (is_first && c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
    is_first = is_name && c == ' ';
  }
  return out;
}

// What can be told of one period.
struct ToldPeriod {
  Tally all;
  bool is_told = false;                        // else nothing else is there
  std::map<Breakdown, ToldLines> tables;
  std::optional<ToldGrid> grid;
};

ToldPeriod told_of(const ReportWanted& wanted, const CountedObjects& objects) {
  const CountLimits limits{wanted.least_objects, wanted.least_senders};
  ToldPeriod out;
  out.all = tally_of(objects);
  out.is_told = out.all.objects > 0 && !is_small(out.all, limits);
  if (!out.is_told) return out;
  const bool has_grid = counts_by(wanted, Breakdown::Sector) && counts_by(wanted, Breakdown::Region);
  if (has_grid) {
    out.grid = told(tallies_of(objects, Breakdown::Sector), tallies_of(objects, Breakdown::Region), grid_of(objects), out.all.objects, limits);
    out.tables[Breakdown::Sector] = out.grid->sectors;
    out.tables[Breakdown::Region] = out.grid->regions;
  }
  for (const auto by : wanted.by)
    if (!out.tables.contains(by)) out.tables[by] = told(tallies_of(objects, by), out.all.objects, limits);
  return out;
}

// A name as most would write it: the label that was given, else the first spelling by bytes.
std::string label_of(const ReportWanted& wanted, const std::map<std::string, std::string>& spellings, Breakdown by, const std::string& code) {
  if (code.empty()) return "Not stated";
  if (const auto known = wanted.labels.find(code); known != wanted.labels.end() && !known->second.name.empty()) return known->second.name;
  switch (by) {
    case Breakdown::Kind: return word_for_people(code, false);
    case Breakdown::Sector: return code == kOtherWords ? "In other words" : word_for_people(code, false);
    case Breakdown::Region: return code == kOtherWords ? "In other words" : word_for_people(code, true);
    case Breakdown::Malware:
      if (const auto spelling = spellings.find(code); spelling != spellings.end()) return spelling->second;
      return code;
    case Breakdown::Technique:
    case Breakdown::Collection: break;
  }
  return code;
}

ReportTable table_of(const ReportWanted& wanted, Breakdown by, const ToldPeriod& now, const ToldPeriod& before, const std::map<std::string, std::string>& spellings) {
  ReportTable out;
  out.by = by;
  out.may_overlap = may_overlap(by);
  static const ToldLines kNone;
  const auto& lines = now.tables.at(by);
  const auto& earlier = before.is_told ? before.tables.at(by) : kNone;
  out.is_complete = lines.is_complete;
  std::set<std::string> codes;
  for (const auto& [code, count] : lines.lines) codes.insert(code);
  for (const auto& [code, count] : earlier.lines) codes.insert(code);
  for (const auto& code : codes) {
    ReportLine line{code, label_of(wanted, spellings, by, code), {}, figure_from(count_at(lines.lines, code), count_at(earlier.lines, code), now.all.objects)};
    if (const auto known = wanted.labels.find(code); known != wanted.labels.end()) line.object = known->second.object;
    out.lines.push_back(std::move(line));
  }
  std::stable_sort(out.lines.begin(), out.lines.end(), [](const ReportLine& a, const ReportLine& b) {
    if (a.code.empty() != b.code.empty()) return b.code.empty();
    return a.figure.now.value_or(0) > b.figure.now.value_or(0);
  });
  if (out.lines.size() > kMostReportLines) {
    out.lines.resize(kMostReportLines);
    out.is_complete = false;
  }
  return out;
}

ReportGrid grid_from(const ToldPeriod& now, const ToldPeriod& before) {
  ReportGrid out;
  out.is_complete = now.grid->is_complete;
  static const std::map<std::pair<std::string, std::string>, std::int64_t> kNone;
  const auto& earlier = before.is_told ? before.grid->cells : kNone;
  std::set<std::pair<std::string, std::string>> keys;
  for (const auto& [key, count] : now.grid->cells) keys.insert(key);
  for (const auto& [key, count] : earlier) keys.insert(key);
  for (const auto& key : keys) out.cells.push_back({key.first, key.second, figure_from(count_at(now.grid->cells, key), count_at(earlier, key), now.all.objects)});
  return out;
}

// ---- coverage --------------------------------------------------------------------------------------------------------------------------------

CoverageLine coverage_line(std::string sector, std::string region, std::int64_t missing, std::optional<std::int64_t> shown) {
  CoverageLine out{std::move(sector), std::move(region), missing, shown, {}};
  if (shown) out.share = thousandths(missing, missing + *shown);
  return out;
}

// Where the rule bites: by what the report itself is broken down by.
void add_places(const ReportWanted& wanted, const CountedObjects& objects, const ToldPeriod& now, CoverageRule& rule) {
  auto by_place = wanted;
  std::erase_if(by_place.by, [](Breakdown by) { return by != Breakdown::Sector && by != Breakdown::Region; });
  const auto kept = told_of(by_place, objects);
  const auto shown = [&](Breakdown by, const std::string& line) { return count_at(now.tables.at(by).lines, line); };
  if (const auto sectors = kept.tables.find(Breakdown::Sector); sectors != kept.tables.end())
    for (const auto& [line, missing] : sectors->second.lines) rule.lines.push_back(coverage_line(line, std::string(kAnyPlace), missing, shown(Breakdown::Sector, line)));
  if (const auto regions = kept.tables.find(Breakdown::Region); regions != kept.tables.end())
    for (const auto& [line, missing] : regions->second.lines) rule.lines.push_back(coverage_line(std::string(kAnyPlace), line, missing, shown(Breakdown::Region, line)));
  if (kept.grid)
    for (const auto& [key, missing] : kept.grid->cells) rule.lines.push_back(coverage_line(key.first, key.second, missing, count_at(now.grid->cells, key)));
}

Coverage coverage_of(const ReportWanted& wanted, const CountedObjects& counted, const ToldPeriod& now, std::span<const LeftOut> left_out) {
  std::map<std::string, std::vector<ReportRow>> rows;
  std::map<std::string, std::string> reasons;
  for (const auto& one : left_out) {
    if (one.rule.empty() || counted.contains(one.row.id)) continue;  // it came in by another way
    rows[one.rule].push_back(one.row);
    auto& why = reasons[one.rule];
    if (why.empty() || one.why < why) why = one.why;
  }
  std::map<std::string, CountedObjects> objects;
  Tallies by_rule;
  std::vector<ReportRow> all_rows;
  for (auto& [rule, some] : rows) {
    objects[rule] = objects_of(wanted, some, wanted.period);
    if (objects[rule].empty()) continue;
    by_rule[rule] = tally_of(objects[rule]);
    all_rows.insert(all_rows.end(), some.begin(), some.end());
  }
  const CountLimits limits{wanted.least_objects, wanted.least_senders};
  const auto all = tally_of(objects_of(wanted, all_rows, wanted.period));

  Coverage out;
  if (all.objects > 0 && !is_small(all, limits)) {
    out.missing = all.objects;
    out.share = thousandths(all.objects, all.objects + now.all.objects);
    for (const auto& [rule, missing] : told(by_rule, all.objects, limits).lines) {
      CoverageRule one{rule, reasons.at(rule), {coverage_line(std::string(kAnyPlace), std::string(kAnyPlace), missing, now.all.objects)}};
      add_places(wanted, objects.at(rule), now, one);
      out.rules.push_back(std::move(one));
    }
  }
  // The same sentences whether something small was kept out or nothing (A4).
  const auto least = "at least " + std::to_string(limits.objects) + " objects of at least " + std::to_string(limits.senders) + " organisations";
  if (out.rules.empty()) out.notes.push_back("No rule kept out so much that it can be named.");
  out.notes.push_back("A rule, and a sector or region under it, is named where it kept out " + least + " and where that gives nothing smaller away. What else was kept out is not told, nor whether anything was.");
  if (!out.rules.empty()) out.notes.push_back("A share says how much of a figure is missing: what the rule kept out, of that and what is shown together. Where several rules kept out the same object, each counts it.");
  return out;
}

// ---- what is said ------------------------------------------------------------------------------------------------------------------------------

void add_notes(const ReportWanted& wanted, const ToldPeriod& now, const ToldPeriod& before, AggregateReport& report) {
  auto& notes = report.notes;
  const auto objects = std::to_string(wanted.least_objects), senders = std::to_string(wanted.least_senders);
  if (report.is_withheld) {
    notes.push_back("Fewer than " + objects + " objects, or objects of fewer than " + senders + " organisations, can be counted for this period, so no figure is given.");
    return;
  }
  notes.push_back("Counted are objects that were shared from " + words_of_time(wanted.period.from) + " until before " + words_of_time(wanted.period.until) + ", each once in every line that it names. Lines of a table can add up to more than there are objects.");
  notes.push_back("A line without a figure is empty, or stands for fewer than " + objects + " objects or for objects of fewer than " + senders + " organisations, or would let such a figure be worked out. Which of these it is, isn't told.");
  for (const auto by : wanted.by)
    if (const auto& table = now.tables.at(by); table.lines.empty() && !table.is_complete)
      notes.push_back("Nothing is told by " + to_word(by) + ": every line is too small, or would give a small one away.");
  if (now.grid && now.grid->cells.empty() && !now.grid->is_complete) notes.push_back("Nothing is told by sector and region together: every field is too small, or would give a small one away.");
  if (wanted.wide_regions) notes.push_back("Regions are counted under the widest region around them.");
  if (!wanted.sectors.empty() || !wanted.regions.empty()) notes.push_back("Counted is only what names a sector or region that this report is about.");
  if (before.is_told) notes.push_back("The trend compares with the period from " + words_of_time(report.before.from) + " until before " + words_of_time(report.before.until) + ", by what can be counted of it now.");
  else notes.push_back("There is no trend: too little can be counted for the period before.");
  notes.push_back("Shares and changes are in thousandths, cut towards zero.");
}

template <class Match>
std::vector<std::string> ids_behind(const ReportWanted& wanted, std::span<const ReportRow> rows, const Match& match) {
  std::vector<std::string> out;
  for (const auto& [id, object] : objects_of(wanted, rows, wanted.period))
    if (match(object)) out.push_back(id);
  return out;
}

}  // namespace

ReportPeriod period_before(const ReportWanted& wanted) {
  return wanted.before.value_or(ReportPeriod{wanted.period.from - (wanted.period.until - wanted.period.from), wanted.period.from});
}

AggregateReport make_report(const ReportWanted& wanted, std::span<const ReportRow> now_rows, std::span<const ReportRow> before_rows, std::span<const LeftOut> left_out) {
  AggregateReport out;
  out.title = wanted.title, out.author = wanted.author, out.summary = wanted.summary;
  out.period = wanted.period, out.before = period_before(wanted);
  out.sectors = wanted.sectors, out.regions = wanted.regions, out.wide_regions = wanted.wide_regions;
  out.least_objects = wanted.least_objects, out.least_senders = wanted.least_senders;

  const auto objects = objects_of(wanted, now_rows, wanted.period), earlier = objects_of(wanted, before_rows, out.before);
  const auto now = told_of(wanted, objects), before = told_of(wanted, earlier);
  out.is_withheld = !now.is_told;
  if (now.is_told) {
    out.objects = figure_from(now.all.objects, before.is_told ? std::optional(before.all.objects) : std::nullopt, now.all.objects);
    if (const auto senders = static_cast<std::int64_t>(now.all.by_sender.size()); senders >= wanted.least_objects) out.senders = senders;
    std::map<std::string, std::string> spellings;
    for (const auto* some : {&objects, &earlier})
      for (const auto& [id, object] : *some)
        for (const auto& [key, spelling] : object.spellings)
          if (auto& kept = spellings[key]; kept.empty() || spelling < kept) kept = spelling;
    auto order = wanted.by;
    std::sort(order.begin(), order.end());
    for (const auto by : order) out.tables.push_back(table_of(wanted, by, now, before, spellings));
    if (now.grid) out.grid = grid_from(now, before);
    out.coverage = coverage_of(wanted, objects, now, left_out);
  }
  add_notes(wanted, now, before, out);
  return out;
}

std::vector<std::string> behind(const ReportWanted& wanted, std::span<const ReportRow> rows, Breakdown by, std::string_view line) {
  return ids_behind(wanted, rows, [&](const CountedObject& object) { return lines_of(object, by).contains(std::string(line)); });
}

std::vector<std::string> behind(const ReportWanted& wanted, std::span<const ReportRow> rows, std::string_view sector, std::string_view region) {
  return ids_behind(wanted, rows, [&](const CountedObject& object) { return lines_of(object, Breakdown::Sector).contains(std::string(sector)) && lines_of(object, Breakdown::Region).contains(std::string(region)); });
}

}  // namespace sluice::threat
