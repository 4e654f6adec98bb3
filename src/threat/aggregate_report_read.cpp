// What a report may be asked for, reading a report back, and the hash over what one was counted from.
#include <algorithm>
#include <set>

#include "base/bytes.h"
#include "threat/aggregate_count.h"
#include "threat/regions.h"
#include "threat/stix_tables.h"

namespace sluice::threat {

namespace {

constexpr std::int64_t kLongestPeriod = 5 * 366 * std::int64_t{86'400'000'000};
constexpr std::int64_t kMostCounted = std::int64_t{1} << 50;
constexpr std::size_t kMostSummary = 10'000, kMostLabels = 10'000, kLongestTitle = 300, kMostCells = 4'000, kMostRules = 1'000;

std::unexpected<Error> bad_report(std::string message, std::string where) { return fail(ErrorKind::Invalid, std::move(message), std::move(where)); }

Result<void> check_report_period(const ReportPeriod& period, const std::string& where) {
  if (period.until <= period.from) return bad_report("A period ends after it begins.", where + "/until");
  if ((period.until - period.from).count() > kLongestPeriod) return bad_report("A period is at most five years.", where + "/until");
  return {};
}

Result<void> check_report_words(const std::vector<std::string>& words, stix::Vocabulary vocabulary, bool is_wide, const std::string& where) {
  std::set<std::string_view> seen;
  for (std::size_t i = 0; i < words.size(); ++i) {
    const auto here = where + "/" + std::to_string(i);
    if (!stix::has_word(vocabulary, words[i])) return bad_report("This is no word of " + std::string(stix::words_of(vocabulary).name) + ".", here);
    if (is_wide && !wider_region(words[i]).empty()) return bad_report("Regions are counted under the widest around them, so name one of those.", here);
    if (!seen.insert(words[i]).second) return bad_report("This word stands here twice.", here);
  }
  return {};
}

// Integers alone, as make_report made them from counts that it would tell.
Result<void> check_report_figure(const ReportFigure& figure, std::optional<std::int64_t> all, std::int64_t least, const std::string& where) {
  if (!figure.now && !figure.before) return bad_report("A figure has a count.", where);
  for (const auto& [count, name] : {std::pair{figure.now, "/now"}, std::pair{figure.before, "/before"}})
    if (count && (*count < least || *count > kMostCounted)) return bad_report("This count is below what this report tells.", where + name);
  if (figure.now && all && *figure.now > *all) return bad_report("No line has more objects than there are.", where + "/now");
  const auto share = figure.now && all ? std::optional(*figure.now * 1000 / *all) : std::nullopt;
  if (figure.share != share) return bad_report("The share doesn't follow from the counts.", where + "/share");
  const auto change = figure.now && figure.before ? std::optional(*figure.now - *figure.before) : std::nullopt;
  if (figure.change != change) return bad_report("The change doesn't follow from the counts.", where + "/change");
  if (figure.change_share != (change ? std::optional(*change * 1000 / *figure.before) : std::nullopt)) return bad_report("The change doesn't follow from the counts.", where + "/change_share");
  return {};
}

Result<void> check_report_coverage(const AggregateReport& report) {
  const auto& c = report.coverage;
  const auto share_of = [](std::int64_t missing, std::int64_t shown) { return missing * 1000 / (missing + shown); };
  if (c.missing && (*c.missing < report.least_objects || *c.missing > kMostCounted)) return bad_report("This count is below what this report tells.", "/coverage/missing");
  if (c.share != (c.missing && report.objects.now ? std::optional(share_of(*c.missing, *report.objects.now)) : std::nullopt)) return bad_report("The share doesn't follow from the counts.", "/coverage/share");
  if (c.rules.size() > kMostRules) return bad_report("There are too many rules here.", "/coverage/rules");
  for (std::size_t i = 0; i < c.rules.size(); ++i) {
    const auto at = "/coverage/rules/" + std::to_string(i);
    const auto& rule = c.rules[i];
    if (rule.rule.empty()) return bad_report("A rule has a name.", at + "/rule");
    if (i > 0 && c.rules[i - 1].rule >= rule.rule) return bad_report("Rules stand in order, each once.", at + "/rule");
    if (rule.lines.empty() || rule.lines[0].sector != "any" || rule.lines[0].region != "any") return bad_report("A rule begins with the whole.", at + "/lines");
    if (rule.lines.size() > kMostCells) return bad_report("There are too many lines here.", at + "/lines");
    for (std::size_t j = 0; j < rule.lines.size(); ++j) {
      const auto& line = rule.lines[j];
      const auto here = at + "/lines/" + std::to_string(j);
      if (line.missing < report.least_objects || !c.missing || line.missing > *c.missing) return bad_report("This count is none that this report would tell.", here + "/missing");
      if (line.shown && (*line.shown < report.least_objects || *line.shown > report.objects.now.value_or(0))) return bad_report("This is no figure of the report.", here + "/shown");
      if (line.share != (line.shown ? std::optional(share_of(line.missing, *line.shown)) : std::nullopt)) return bad_report("The share doesn't follow from the counts.", here + "/share");
    }
  }
  return {};
}

template <class T>
std::vector<std::string> sorted_texts(std::span<const T> all) {
  std::vector<std::string> out;
  out.reserve(all.size());
  for (const auto& one : all) out.push_back(canonical(to_json(one)));
  std::sort(out.begin(), out.end());
  return out;
}

}  // namespace

Result<void> check(const ReportWanted& wanted) {
  if (wanted.title.empty() || wanted.title.size() > kLongestTitle) return bad_report("A report has a title of at most 300 bytes.", "/title");
  if (wanted.author.size() > kLongestTitle) return bad_report("The author's name has at most 300 bytes.", "/author");
  if (wanted.summary.size() > kMostSummary) return bad_report("This text has at most 10,000 bytes.", "/summary");
  TRY(check_report_period(wanted.period, "/period"));
  if (wanted.before) {
    TRY(check_report_period(*wanted.before, "/before"));
    if (wanted.before->until > wanted.period.from) return bad_report("The period before ends at the latest when the period begins: what is in both would be compared with itself.", "/before/until");
  }
  TRY(check_report_words(wanted.sectors, stix::Vocabulary::IndustrySector, false, "/sectors"));
  TRY(check_report_words(wanted.regions, stix::Vocabulary::Region, wanted.wide_regions, "/regions"));
  if (wanted.by.empty()) return bad_report("Say what is to be counted by: " + words_of<Breakdown>() + ".", "/by");
  for (std::size_t i = 0; i < wanted.by.size(); ++i)
    if (std::find(wanted.by.begin(), wanted.by.begin() + static_cast<std::ptrdiff_t>(i), wanted.by[i]) != wanted.by.begin() + static_cast<std::ptrdiff_t>(i)) return bad_report("This stands here twice.", "/by/" + std::to_string(i));
  if (wanted.least_objects < 3 || wanted.least_objects > 1'000) return bad_report("The smallest figure that is told is 3 to 1,000 objects.", "/least_objects");
  if (wanted.least_senders < 2 || wanted.least_senders > 1'000) return bad_report("A figure stands for at least 2 to 1,000 organisations.", "/least_senders");
  if (wanted.labels.size() > kMostLabels) return bad_report("There are at most 10,000 labels.", "/labels");
  for (const auto& [code, label] : wanted.labels)
    if (label.name.size() > kLongestTitle || label.object.size() > kLongestTitle) return bad_report("A label has at most 300 bytes.", "/labels/" + pointer_token(code));
  return {};
}

bool can_be_subtracted(const ReportWanted& one, const ReportWanted& other, CountedFrom from) {
  const auto are_same = [](auto mine, auto theirs) {
    std::sort(mine.begin(), mine.end()), std::sort(theirs.begin(), theirs.end());
    return mine == theirs;
  };
  const bool is_same_question = from == CountedFrom::Same && are_same(one.sectors, other.sectors) && are_same(one.regions, other.regions) && are_same(one.by, other.by) && one.wide_regions == other.wide_regions &&
                                one.least_objects == other.least_objects && one.least_senders == other.least_senders;
  for (const auto& mine : {one.period, period_before(one)})
    for (const auto& theirs : {other.period, period_before(other)})
      if (mine.from < theirs.until && theirs.from < mine.until && (mine != theirs || !is_same_question)) return true;
  return false;
}

Result<AggregateReport> report_from_json(const json::value& value) {
  TRY(const auto report, from_json<AggregateReport>(value));
  if (report.v != 1) return bad_report("This is a report of another version than 1.", "/v");
  if (report.title.empty() || report.title.size() > kLongestTitle) return bad_report("A report has a title of at most 300 bytes.", "/title");
  TRY(check_report_period(report.period, "/period"));
  TRY(check_report_period(report.before, "/before"));
  if (report.before.until > report.period.from) return bad_report("The period before ends at the latest when the period begins.", "/before/until");
  TRY(check_report_words(report.sectors, stix::Vocabulary::IndustrySector, false, "/sectors"));
  TRY(check_report_words(report.regions, stix::Vocabulary::Region, report.wide_regions, "/regions"));
  const auto least = report.least_objects;
  if (least < 3 || least > 1'000) return bad_report("The smallest figure that is told is 3 to 1,000 objects.", "/least_objects");
  if (report.least_senders < 2 || report.least_senders > 1'000) return bad_report("A figure stands for at least 2 to 1,000 organisations.", "/least_senders");
  if (report.is_withheld) {
    if (report.objects != ReportFigure{} || report.senders || !report.tables.empty() || report.grid || report.coverage != Coverage{}) return bad_report("A report that is withheld has no figures.", "/is_withheld");
    return report;
  }
  if (!report.objects.now) return bad_report("A report says how many objects it is made of.", "/objects/now");
  TRY(check_report_figure(report.objects, report.objects.now, least, "/objects"));
  if (report.senders && *report.senders < least) return bad_report("This count is below what this report tells.", "/senders");
  for (std::size_t i = 0; i < report.tables.size(); ++i) {
    const auto& table = report.tables[i];
    const auto at = "/tables/" + std::to_string(i);
    if (i > 0 && report.tables[i - 1].by >= table.by) return bad_report("Tables stand in order, each once.", at + "/by");
    if (table.may_overlap != (table.by != Breakdown::Kind)) return bad_report("Objects stand in several lines of all tables but that of kinds.", at + "/may_overlap");
    if (table.lines.size() > kMostReportLines) return bad_report("A table has at most 1,000 lines.", at + "/lines");
    std::set<std::string_view> seen;
    for (std::size_t j = 0; j < table.lines.size(); ++j) {
      const auto& line = table.lines[j];
      const auto here = at + "/lines/" + std::to_string(j);
      if (line.label.empty()) return bad_report("A line has a label.", here + "/label");
      if (!seen.insert(line.code).second) return bad_report("This line stands here twice.", here + "/code");
      TRY(check_report_figure(line.figure, report.objects.now, least, here + "/figure"));
      if (j == 0) continue;
      const auto& last = table.lines[j - 1];
      const auto rank = [](const ReportLine& one) { return std::pair{one.code.empty() ? 1 : 0, -one.figure.now.value_or(0)}; };
      if (rank(line) < rank(last) || (rank(line) == rank(last) && line.code < last.code)) return bad_report("Lines stand in order: the largest first, then by code.", here);
    }
  }
  if (report.grid) {
    if (report.grid->cells.size() > kMostCells) return bad_report("There are too many fields here.", "/grid/cells");
    for (std::size_t i = 0; i < report.grid->cells.size(); ++i) {
      const auto& cell = report.grid->cells[i];
      const auto at = "/grid/cells/" + std::to_string(i);
      TRY(check_report_figure(cell.figure, report.objects.now, least, at + "/figure"));
      if (i > 0 && std::pair(report.grid->cells[i - 1].sector, report.grid->cells[i - 1].region) >= std::pair(cell.sector, cell.region)) return bad_report("Fields stand in order, each once.", at);
    }
  }
  TRY(check_report_coverage(report));
  return report;
}

Hash basis_of(const ReportWanted& wanted, std::span<const ReportRow> now, std::span<const ReportRow> before, std::span<const LeftOut> left_out) {
  std::string text = "sluice aggregate report 1\n" + canonical(to_json(wanted)) + "\n";
  for (const auto& some : {sorted_texts(now), sorted_texts(before), sorted_texts(left_out)}) {
    text += std::to_string(some.size()) + "\n";
    for (const auto& one : some) text += one + "\n";
  }
  return sha256(bytes_of(text));
}

}  // namespace sluice::threat
