#include "threat/aggregate_count.h"

#include <algorithm>

#include "threat/regions.h"
#include "threat/stix_tables.h"
#include "threat/suppression.h"

namespace sluice::threat {

namespace {

constexpr std::size_t kLongestCode = 200;

std::string in_small_letters(std::string_view text) {
  std::string out(text);
  for (char& c : out)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return out;
}

bool is_code(std::string_view text) { return !text.empty() && text.size() <= kLongestCode; }

// False where the object has words and none of them was wanted, or words were wanted and it has none.
bool add_words(const std::vector<std::string>& words, const std::vector<std::string>& wanted, stix::Vocabulary vocabulary, bool is_wide, std::set<std::string>& out) {
  for (const auto& word : words) {
    if (word.empty()) continue;
    std::string_view known = stix::has_word(vocabulary, word) ? std::string_view(word) : kOtherWords;
    if (is_wide)
      for (auto around = wider_region(known); !around.empty(); around = wider_region(around)) known = around;
    if (wanted.empty() || std::find(wanted.begin(), wanted.end(), known) != wanted.end()) out.emplace(known);
  }
  return wanted.empty() || !out.empty();
}

// Somebody who gave most of a figure knows that it isn't below that.
std::int64_t largest_share(const Tally& tally) {
  std::int64_t out = 0;
  for (const auto& [sender, count] : tally.by_sender) out = std::max(out, count);
  return std::min(out + tally.of_some, tally.objects);
}

SumFigure figure_of(const Tally& tally, std::size_t from, std::size_t to, std::int64_t all, const CountLimits& limits) {
  SumFigure out;
  out.from = from, out.to = to;
  out.value = tally.objects;
  out.least = std::max<std::int64_t>(1, largest_share(tally)), out.most = all;
  out.is_small = is_small(tally, limits);
  // A large figure of few senders isn't hidden by a handful of values around it: a fifth of it must be open.
  out.room = std::max(limits.objects - 1, out.is_small ? (tally.objects + 4) / 5 : 0);
  return out;
}

}  // namespace

CountedObjects objects_of(const ReportWanted& wanted, std::span<const ReportRow> rows, const ReportPeriod& period) {
  CountedObjects out;
  for (const auto& row : rows) {
    if (row.at < period.from || row.at >= period.until || row.id.empty()) continue;
    std::set<std::string> sectors, regions;
    if (!add_words(row.sectors, wanted.sectors, stix::Vocabulary::IndustrySector, false, sectors)) continue;
    if (!add_words(row.regions, wanted.regions, stix::Vocabulary::Region, wanted.wide_regions, regions)) continue;
    auto& object = out[row.id];
    object.sectors.merge(sectors);
    object.regions.merge(regions);
    if (is_code(row.kind)) object.kinds.insert(row.kind);
    if (is_code(row.collection)) object.collections.insert(row.collection);
    for (const auto& one : row.techniques)
      if (is_code(one)) object.techniques.insert(one);
    for (const auto& one : row.malware) {
      if (!is_code(one)) continue;
      const auto key = in_small_letters(one);
      object.malware.insert(key);
      auto& spelling = object.spellings[key];
      if (spelling.empty() || one < spelling) spelling = one;
    }
    object.senders.insert(row.sender);
  }
  return out;
}

std::set<std::string> lines_of(const CountedObject& object, Breakdown by) {
  const auto& words = by == Breakdown::Kind         ? object.kinds
                      : by == Breakdown::Sector     ? object.sectors
                      : by == Breakdown::Region     ? object.regions
                      : by == Breakdown::Technique  ? object.techniques
                      : by == Breakdown::Malware    ? object.malware
                                                    : object.collections;
  if (by == Breakdown::Kind && words.size() > 1) return {*words.begin()};  // an id has one type
  return words.empty() ? std::set<std::string>{""} : words;
}

bool may_overlap(Breakdown by) { return by != Breakdown::Kind; }

void Tally::add(const CountedObject& object) {
  ++objects;
  for (const auto sender : object.senders) ++(sender == kSomeSender ? of_some : by_sender[sender]);
}

Tally tally_of(const CountedObjects& objects) {
  Tally out;
  for (const auto& [id, object] : objects) out.add(object);
  return out;
}

Tallies tallies_of(const CountedObjects& objects, Breakdown by) {
  Tallies out;
  for (const auto& [id, object] : objects)
    for (const auto& line : lines_of(object, by)) out[line].add(object);
  return out;
}

GridTallies grid_of(const CountedObjects& objects) {
  GridTallies out;
  for (const auto& [id, object] : objects)
    for (const auto& sector : lines_of(object, Breakdown::Sector))
      for (const auto& region : lines_of(object, Breakdown::Region)) out[{sector, region}].add(object);
  return out;
}

bool is_small(const Tally& tally, const CountLimits& limits) {
  return tally.objects > 0 && (tally.objects < limits.objects || static_cast<std::int64_t>(tally.by_sender.size()) < limits.senders);
}

ToldLines told(const Tallies& tallies, std::int64_t all, const CountLimits& limits) {
  ToldLines out;
  if (tallies.size() > kMostCountedLines) {
    out.is_complete = false;
    return out;
  }
  std::vector<SumFigure> figures;
  for (const auto& [line, tally] : tallies) figures.push_back(figure_of(tally, 0, 1, all, limits));
  const auto left_out = left_out_of(2, figures);
  if (!left_out) {
    out.is_complete = false;
    return out;
  }
  std::size_t i = 0;
  for (const auto& [line, tally] : tallies) {
    if ((*left_out)[i++]) out.is_complete = false;
    else out.lines[line] = tally.objects;
  }
  return out;
}

ToldGrid told(const Tallies& sectors, const Tallies& regions, const GridTallies& cells, std::int64_t all, const CountLimits& limits) {
  // Nodes: all by sector, all by region, then each sector, each region. What an object adds by standing in several lines is taken as known.
  std::map<std::string, std::size_t> sector_node, region_node, sector_figure, region_figure;
  std::size_t nodes = 2;
  std::vector<SumFigure> figures;
  for (const auto& [line, tally] : sectors) {
    sector_figure[line] = figures.size();
    figures.push_back(figure_of(tally, 0, sector_node[line] = nodes, all, limits));
    ++nodes;
  }
  for (const auto& [line, tally] : regions) {
    region_figure[line] = figures.size();
    figures.push_back(figure_of(tally, region_node[line] = nodes, 1, all, limits));
    ++nodes;
  }
  for (const auto& [key, tally] : cells) {
    figures.push_back(figure_of(tally, sector_node.at(key.first), region_node.at(key.second), all, limits));
    figures.back().lines = {sector_figure.at(key.first), region_figure.at(key.second)};
  }
  const auto left_out = left_out_of(nodes, figures);
  ToldGrid out;
  if (!left_out) {
    out.sectors = told(sectors, all, limits);
    out.regions = told(regions, all, limits);
    out.is_complete = false;
    return out;
  }
  std::size_t i = 0;
  const auto take = [&](const auto& key, const Tally& tally, auto& lines, bool& is_complete) {
    if ((*left_out)[i++]) is_complete = false;
    else lines[key] = tally.objects;
  };
  for (const auto& [line, tally] : sectors) take(line, tally, out.sectors.lines, out.sectors.is_complete);
  for (const auto& [line, tally] : regions) take(line, tally, out.regions.lines, out.regions.is_complete);
  for (const auto& [key, tally] : cells) take(key, tally, out.cells, out.is_complete);
  return out;
}

}  // namespace sluice::threat
