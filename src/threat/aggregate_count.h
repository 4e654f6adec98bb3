// Counting for aggregate_report.cpp: rows joined to objects, objects counted by line, and of the counts those that may be told.
#pragma once

#include <map>
#include <set>

#include "threat/aggregate_report.h"

namespace sluice::threat {

inline constexpr std::string_view kOtherWords = "other";      // sectors and regions in words that the vocabularies don't have (they are open)
inline constexpr std::size_t kMostCountedLines = 5'000;       // of a table; one that has more isn't told, since what each small line needs around it is looked for among all
inline constexpr std::size_t kMostReportLines = 1'000;        // of a table; further ones are left out, the smallest first

// An object as it is counted: within the period, its sectors and regions cut to those that were wanted.
struct CountedObject {
  std::set<std::string> kinds, collections, sectors, regions, techniques, malware;
  std::set<std::int64_t> senders;
  std::map<std::string, std::string> spellings;               // of malware: the first by bytes
};
using CountedObjects = std::map<std::string, CountedObject>;  // by id
CountedObjects objects_of(const ReportWanted& wanted, std::span<const ReportRow> rows, const ReportPeriod& period);

// What an object counts under; {""} where it doesn't say and that is a line of its own.
std::set<std::string> lines_of(const CountedObject& object, Breakdown by);
bool may_overlap(Breakdown by);

struct Tally {
  std::int64_t objects = 0;
  std::map<std::int64_t, std::int64_t> by_sender;             // without kSomeSender: as many organisations at least
  std::int64_t of_some = 0;                                   // objects of kSomeSender
  void add(const CountedObject& object);
};
using Tallies = std::map<std::string, Tally>;
using GridTallies = std::map<std::pair<std::string, std::string>, Tally>;
Tally tally_of(const CountedObjects& objects);
Tallies tallies_of(const CountedObjects& objects, Breakdown by);
GridTallies grid_of(const CountedObjects& objects);

struct ToldLines {
  std::map<std::string, std::int64_t> lines;
  bool is_complete = true;
};
struct ToldGrid {
  ToldLines sectors, regions;
  std::map<std::pair<std::string, std::string>, std::int64_t> cells;
  bool is_complete = true;
};
struct CountLimits {
  std::int64_t objects = 5, senders = 3;
};
bool is_small(const Tally& tally, const CountLimits& limits);

// `all`: how many objects there are; no figure can be above it. Where nothing protects what must be left out, no line is told.
ToldLines told(const Tallies& tallies, std::int64_t all, const CountLimits& limits);
// Sector, region and both at once: they add up to each other. Where the cells can't be protected, the two tables are told without them.
ToldGrid told(const Tallies& sectors, const Tallies& regions, const GridTallies& cells, std::int64_t all, const CountLimits& limits);

}  // namespace sluice::threat
