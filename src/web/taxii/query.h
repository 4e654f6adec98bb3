// What the query part of a TAXII request asks for (TAXII 2.1 §3.4): read whole, or refused with the parameter's name.
//
// Beyond the standard's filters there are ours: tlp, sector, region, confidence and value (service/threat_filter.h). They narrow what is listed, on the poll and the stream alike.
//
// Always holds
//   Q1  A parameter that is malformed, empty or given twice is Malformed (400), and never anything else; one that isn't known is ignored.
//   Q2  Two queries with the same canonical text ask for the same objects.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "service/threat_filter.h"

namespace sluice::web::taxii {

// Which filters an endpoint has. Others are ignored there.
struct Filters {
  bool id = false, type = false, version = false, spec_version = false, paging = false, content = false;
};
inline constexpr Filters kListFilters{true, true, true, true, true, true};  // manifest, objects, stream
inline constexpr Filters kObjectFilters{false, false, true, true, true};    // one object
inline constexpr Filters kDeleteFilters{false, false, true, true, false};
inline constexpr Filters kVersionsFilters{false, false, false, true, true};

struct Query {
  std::optional<std::int64_t> added_after;        // microseconds since 1970, cut off: what was added is later than this
  std::optional<std::int64_t> limit;              // at least 1
  std::optional<std::string> next;
  std::vector<std::string> ids, types;            // any of them; empty: all
  std::vector<int> spec_versions;                 // 2001 for "2.1"; empty: the newest that is held of each object
  bool all_versions = false, first_version = false, last_version = true;
  std::vector<std::int64_t> exact_versions;       // nanoseconds since 1970
  service::ContentFilter content;                 // ours: tlp, sector, region, confidence, value

  // What is asked for, apart from where the page begins and how long it is: in one order, whatever order it was sent in.
  std::string canonical() const;
};

Result<Query> read_query(std::span<const std::pair<std::string, std::string>> query, const Filters& filters);

}  // namespace sluice::web::taxii
