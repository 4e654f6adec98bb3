// CVSS scores from vectors: 2.0, 3.0, 3.1 and 4.0 (FIRST).
//
//   TRY(const cvss::Score score, cvss::score("CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:C/C:H/I:H/A:H"));   // score.base == 10.0, Rating::Critical
//
// Always holds
//   S1  A score is a whole number of tenths from 0.0 to 10.0.
//   S2  The order of metrics changes no score where the version allows any order (2.0, 3.x); 4.0 has one order and refuses others.
//   S3  Supplemental metrics (4.0) change no score.
#pragma once

#include <boost/describe.hpp>
#include <boost/json/object.hpp>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"

namespace sluice::cvss {

enum class Version { V2_0, V3_0, V3_1, V4_0 };
BOOST_DESCRIBE_ENUM(Version, V2_0, V3_0, V3_1, V4_0)

enum class Rating { None, Low, Medium, High, Critical };
BOOST_DESCRIBE_ENUM(Rating, None, Low, Medium, High, Critical)

struct Score {
  Version version = Version::V3_1;
  std::string vector;
  double base = 0;
  std::optional<double> temporal;       // where a metric of that group is given another value than 'not defined'; in 4.0 the threat score
  std::optional<double> environmental;  // likewise; includes the temporal metrics
  double overall = 0;                   // of the whole vector: the last of these three
  Rating rating = Rating::None;         // of `overall`
};
BOOST_DESCRIBE_STRUCT(Score, (), (version, vector, base, temporal, environmental, overall, rating))

// Invalid names the metric, with its place as "character 10".
Result<Score> score(std::string_view vector);

// What the vector's beginning claims, whether or not the rest is right.
Version version_of(std::string_view vector);

// The standard's names; for 2.0, which has none, those of the US National Vulnerability Database: low below 4, medium below 7, else high.
Rating rating(Version version, double score);

std::string_view to_text(Version version);  // "3.1"
std::string_view to_text(Rating rating);    // "CRITICAL", as FIRST's JSON forms have it

// Which groups were used (4.0): "CVSS-B", "CVSS-BT", "CVSS-BE", "CVSS-BTE". Empty for other versions.
std::string nomenclature(std::string_view vector);

// The classes EQ1 to EQ6 of the whole vector (4.0, table 23 of the specification), as "001200"; what the score is looked up by. Empty for other versions.
std::string macrovector(std::string_view vector);

// FIRST's JSON form of a score: version, vector, scores, severities and each metric given. Goes into CSAF (2.0, 3.x) and CVE records (all).
boost::json::object to_first_json(const Score& score);

}  // namespace sluice::cvss
