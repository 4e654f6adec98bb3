#include "score/cvss.h"

#include "score/cvss_metrics.h"

namespace sluice::cvss {

Result<Score> score(std::string_view text) {
  TRY(const auto vector, read_vector(text));
  const auto tenths = vector.version == Version::V2_0 ? score2(vector) : vector.version == Version::V4_0 ? score4(vector) : score3(vector);
  Score out{.version = vector.version, .vector = std::string(text), .base = tenths.base / 10.0};
  out.overall = out.base;
  if (vector.uses(Group::Temporal)) out.temporal = out.overall = tenths.temporal / 10.0;
  if (vector.uses(Group::Environmental)) out.environmental = out.overall = tenths.environmental / 10.0;
  out.rating = rating(out.version, out.overall);
  return out;
}

Rating rating(Version version, double score) {
  if (version == Version::V2_0) return score < 4 ? Rating::Low : score < 7 ? Rating::Medium : Rating::High;
  return score <= 0 ? Rating::None : score < 4 ? Rating::Low : score < 7 ? Rating::Medium : score < 9 ? Rating::High : Rating::Critical;
}

std::string_view to_text(Version version) {
  switch (version) {
    case Version::V2_0: return "2.0";
    case Version::V3_0: return "3.0";
    case Version::V3_1: return "3.1";
    case Version::V4_0: return "4.0";
  }
  return "";
}

std::string_view to_text(Rating rating) {
  switch (rating) {
    case Rating::None: return "NONE";
    case Rating::Low: return "LOW";
    case Rating::Medium: return "MEDIUM";
    case Rating::High: return "HIGH";
    case Rating::Critical: return "CRITICAL";
  }
  return "";
}

std::string nomenclature(std::string_view text) {
  const auto vector = read_vector(text);
  if (!vector || vector->version != Version::V4_0) return {};
  return std::string("CVSS-B") + (vector->uses(Group::Temporal) ? "T" : "") + (vector->uses(Group::Environmental) ? "E" : "");
}

std::string macrovector(std::string_view text) {
  const auto vector = read_vector(text);
  if (!vector || vector->version != Version::V4_0) return {};
  std::string out;
  for (const int level : macrovector4(*vector)) out += static_cast<char>('0' + level);
  return out;
}

boost::json::object to_first_json(const Score& score) {
  boost::json::object out;
  out["version"] = to_text(score.version);
  out["vectorString"] = score.vector;
  // 4.0 has one score for the whole vector, whatever groups it uses; its form calls that the base score.
  const auto base = score.version == Version::V4_0 ? score.overall : score.base;
  out["baseScore"] = base;
  if (score.version != Version::V2_0) out["baseSeverity"] = to_text(rating(score.version, base));
  if (score.version != Version::V4_0) {
    const auto put = [&](const char* score_name, const char* severity_name, const std::optional<double>& value) {
      if (!value) return;
      out[score_name] = *value;
      if (score.version != Version::V2_0) out[severity_name] = to_text(rating(score.version, *value));
    };
    put("temporalScore", "temporalSeverity", score.temporal);
    put("environmentalScore", "environmentalSeverity", score.environmental);
  }
  if (const auto vector = read_vector(score.vector)) {
    const auto table = metrics_of(vector->version);
    for (std::size_t row = 0; row < table.size(); ++row)
      if (vector->values[row] >= 0) out[table[row].property] = vector->word(row);
  }
  return out;
}

}  // namespace sluice::cvss
