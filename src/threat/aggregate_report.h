// What was shared over a period, counted by sector, region, kind, technique and malware, so that it can be told to people who may not have the objects themselves.
//
// Pure: rows come in with their times, whole numbers go out. Who may be told which objects is asked before (the gate); what it kept out comes in as LeftOut, and the coverage note
// says how that skews the picture. Small figures are left out, and so many others with them that no subtraction brings them back (docs/aggregate-reports.md).
//
// Always holds
//   A1  The order of the rows never matters, nor how many rows one object has: an object counts once a figure. The same input gives the same bytes.
//   A2  No figure stands for fewer than `least_objects` objects or `least_senders` senders.
//   A3  Whoever knows every published figure, how many objects stand in several lines of a table, which lines are empty, and all that one member sent, still finds at least
//       `least_objects` values possible for each figure that was left out (suppression.h has the exact words). This holds within one report: two reports over periods
//       that overlap, or with other filters, can be subtracted from each other, so whoever issues them decides which there are.
//   A4  A line that was left out looks like one that is empty: that something small exists is not told either.
//   A5  Every share and every change stands beside the counts that it was made from, and is cut towards zero.
#pragma once

#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/bind.h"

namespace sluice::threat {

// Half open: from <= at < until. UTC.
struct ReportPeriod {
  Instant from, until;
  bool operator==(const ReportPeriod&) const = default;
};
BOOST_DESCRIBE_STRUCT(ReportPeriod, (), (from, until))

enum class Breakdown { Kind, Sector, Region, Technique, Malware, Collection };
BOOST_DESCRIBE_ENUM(Breakdown, Kind, Sector, Region, Technique, Malware, Collection)

// ---- what goes in ----------------------------------------------------------------------------------------------------------------------------

// Of a row whose sender may be the same as that of any other row, and isn't told: one under a pseudonym. It adds nobody to the senders of a figure, so that no organisation counts twice, and
// it may be part of all that any one of them sent (A3). Figures are then the same whoever it was, so that nobody learns by trying out reports that two names are one.
inline constexpr std::int64_t kSomeSender = -1;

// One object, as far as it is counted. Several rows of one id (versions, collections, senders) are joined: what any of them says, the object says.
struct ReportRow {
  std::string id;                                            // "indicator--…": by it a figure is traced to what it counts (behind())
  Instant at;                                                // when it was shared
  std::string kind;                                          // its STIX type
  std::string collection;                                    // alias or id; "" is not counted by collection
  std::vector<std::string> sectors, regions;                 // industry-sector-ov, region-ov; none: "not stated"
  std::vector<std::string> techniques, malware;              // "T1059.001"; names, for which capitals make no difference
  std::int64_t sender = 0;                                   // any number from 0 on that is the same for one organisation and no other, or kSomeSender; it doesn't come out again
};
BOOST_DESCRIBE_STRUCT(ReportRow, (), (id, at, kind, collection, sectors, regions, techniques, malware, sender))

// One object that would have counted, and what kept it out. Kept out by two rules: twice here, once under each.
struct LeftOut {
  std::string rule;                                          // short and stable, as it is printed: "TLP:RED", "embargo", the id of a rule of law
  std::string why;                                           // a sentence for a reader; the same for every row of the rule, and naming no case
  ReportRow row;
};
BOOST_DESCRIBE_STRUCT(LeftOut, (), (rule, why, row))

// How a code is printed, and the STIX object that is known for it.
struct ReportLabel {
  std::string name;                                          // "Command and Scripting Interpreter"
  std::string object;                                        // "attack-pattern--…"; "" where none is known
};
BOOST_DESCRIBE_STRUCT(ReportLabel, (), (name, object))

struct ReportWanted {
  std::string title, author;                                 // author: an organisation or a group, as its name is printed
  std::string summary;                                       // the authors' own words, "" where there are none
  ReportPeriod period;
  std::optional<ReportPeriod> before;                        // what the trend compares with; absent: as long, ending where `period` begins
  std::vector<std::string> sectors, regions;                 // count what names one of these alone, and these lines alone; empty: all
  std::vector<Breakdown> by;                                 // each once; Sector and Region together also give the table of both
  bool wide_regions = false;                                 // count a region under the widest around it: western-europe under europe
  std::int64_t least_objects = 5;                            // k: 3 to 1,000
  std::int64_t least_senders = 3;                            // 2 to 1,000
  std::map<std::string, ReportLabel> labels;                 // of techniques, malware (in small letters) and collections
};
BOOST_DESCRIBE_STRUCT(ReportWanted, (), (title, author, summary, period, before, sectors, regions, by, wide_regions, least_objects, least_senders, labels))

// Invalid with a JSON Pointer: no title, a period that ends before it begins, is longer than five years or overlaps the one before, words that no vocabulary has (with wide_regions: that
// aren't the widest), limits out of range, nothing to count by, texts over 10,000 bytes, more than 10,000 labels.
Result<void> check(const ReportWanted& wanted);
ReportPeriod period_before(const ReportWanted& wanted);      // as wanted, else as long and ending where the period begins

// ---- what comes out --------------------------------------------------------------------------------------------------------------------------

// Absent: none, or left out; nobody can tell which (A4).
struct ReportFigure {
  std::optional<std::int64_t> now;
  std::optional<std::int64_t> share;                         // thousandths of all objects of the period
  std::optional<std::int64_t> before;
  std::optional<std::int64_t> change;                        // now - before; where both are there
  std::optional<std::int64_t> change_share;                  // thousandths of `before`
  bool operator==(const ReportFigure&) const = default;
};
BOOST_DESCRIBE_STRUCT(ReportFigure, (), (now, share, before, change, change_share))

struct ReportLine {
  std::string code;                                          // "energy", "T1059", "indicator"; "" = the object doesn't say
  std::string label;                                         // for people; never empty
  std::string object;                                        // the STIX object known for it, or ""
  ReportFigure figure;                                       // now or before is there
  bool operator==(const ReportLine&) const = default;
};
BOOST_DESCRIBE_STRUCT(ReportLine, (), (code, label, object, figure))

struct ReportTable {
  Breakdown by = Breakdown::Kind;
  bool may_overlap = false;                                  // an object can stand in several lines, so that they add up to more than there are objects
  bool is_complete = true;                                   // nothing was left out of the period's lines: what isn't there is none
  std::vector<ReportLine> lines;                             // largest first, then by code; "" last; at most 1,000
  bool operator==(const ReportTable&) const = default;
};
BOOST_DESCRIBE_STRUCT(ReportTable, (), (by, may_overlap, is_complete, lines))

struct ReportCell {
  std::string sector, region;                                // "" = the object doesn't say
  ReportFigure figure;
  bool operator==(const ReportCell&) const = default;
};
BOOST_DESCRIBE_STRUCT(ReportCell, (), (sector, region, figure))

// Sector by region. Its lines and columns are those of the two tables.
struct ReportGrid {
  bool is_complete = true;
  std::vector<ReportCell> cells;                             // by sector, then region
  bool operator==(const ReportGrid&) const = default;
};
BOOST_DESCRIBE_STRUCT(ReportGrid, (), (is_complete, cells))

// How much of one figure a rule kept out. Sector and region "any": of the whole.
struct CoverageLine {
  std::string sector, region;                                // a word, "" = not stated, "any"
  std::int64_t missing = 0;                                  // objects that the rule kept out
  std::optional<std::int64_t> shown;                         // the figure of the report that lacks them; absent where the report doesn't show it
  std::optional<std::int64_t> share;                         // thousandths: missing of missing and shown
  bool operator==(const CoverageLine&) const = default;
};
BOOST_DESCRIBE_STRUCT(CoverageLine, (), (sector, region, missing, shown, share))

struct CoverageRule {
  std::string rule, why;
  std::vector<CoverageLine> lines;                           // the whole first
  bool operator==(const CoverageRule&) const = default;
};
BOOST_DESCRIBE_STRUCT(CoverageRule, (), (rule, why, lines))

struct Coverage {
  std::optional<std::int64_t> missing;                       // objects that any rule kept out
  std::optional<std::int64_t> share;                         // thousandths of those and the report's
  std::vector<CoverageRule> rules;                           // by rule; those alone whose figure may be told
  std::vector<std::string> notes;                            // sentences: how to read it, and what isn't said
  bool operator==(const Coverage&) const = default;
};
BOOST_DESCRIBE_STRUCT(Coverage, (), (missing, share, rules, notes))

struct AggregateReport {
  std::int64_t v = 1;
  std::string title, author, summary;
  ReportPeriod period, before;
  std::vector<std::string> sectors, regions;                 // as wanted
  bool wide_regions = false;
  std::int64_t least_objects = 0, least_senders = 0;
  bool is_withheld = false;                                  // too little was shared for any figure: there are none, and notes say so
  ReportFigure objects;                                      // all
  std::optional<std::int64_t> senders;                       // so many organisations at least sent them: those under pseudonyms aren't counted; where least_objects or more
  std::vector<ReportTable> tables;                           // in the order of Breakdown
  std::optional<ReportGrid> grid;
  Coverage coverage;
  std::vector<std::string> notes;                            // sentences: what was left out and why, how it was counted
  bool operator==(const AggregateReport&) const = default;
};
BOOST_DESCRIBE_STRUCT(AggregateReport, (),
                      (v, title, author, summary, period, before, sectors, regions, wide_regions, least_objects, least_senders, is_withheld, objects, senders, tables, grid, coverage, notes))

// `wanted` passed check(). `now` and `before` may be one list: rows and left-out ones count by their instant, those of neither period not at all.
AggregateReport make_report(const ReportWanted& wanted, std::span<const ReportRow> now, std::span<const ReportRow> before, std::span<const LeftOut> left_out);

// Whether two reports are counted from the same collections, and were gathered for the same audience.
enum class CountedFrom { Same, Other };
// Whether figures of one may be subtracted from those of the other: they count periods that overlap and aren't the same, or the same period by another question (other filters, tables, limits or
// wider regions, since what is left out differs then), or from other objects. In which order words and tables were asked for doesn't matter.
bool can_be_subtracted(const ReportWanted& one, const ReportWanted& other, CountedFrom from);

// The report as JSON is to_json() of base/bind.h, its bytes canonical() of that. Reading back refuses what make_report can't have made: A2 broken, shares and changes that don't follow
// from the counts, lines out of order. Errors carry a JSON Pointer.
Result<AggregateReport> report_from_json(const json::value& value);

// The ids behind one figure of the period, sorted: for who may read the objects, never for the report's audience. `line` is the code of a line.
std::vector<std::string> behind(const ReportWanted& wanted, std::span<const ReportRow> rows, Breakdown by, std::string_view line);
std::vector<std::string> behind(const ReportWanted& wanted, std::span<const ReportRow> rows, std::string_view sector, std::string_view region);

// Over all that make_report looks at, whatever the order: to be kept with the report by who made it, so that it can be shown later that it was counted from these rows. Not for
// readers, who could try out what they guess.
Hash basis_of(const ReportWanted& wanted, std::span<const ReportRow> now, std::span<const ReportRow> before, std::span<const LeftOut> left_out);

}  // namespace sluice::threat
