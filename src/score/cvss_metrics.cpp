#include "score/cvss_metrics.h"

#include <algorithm>
#include <cassert>
#include <string>

namespace sluice::cvss {

namespace {
using enum Group;

constexpr std::string_view kRequirement2 = "ND=NOT_DEFINED L=LOW M=MEDIUM H=HIGH";
constexpr Metric kMetrics2[] = {
    {"AV", "accessVector", Base, "L=LOCAL A=ADJACENT_NETWORK N=NETWORK"},
    {"AC", "accessComplexity", Base, "H=HIGH M=MEDIUM L=LOW"},
    {"Au", "authentication", Base, "M=MULTIPLE S=SINGLE N=NONE"},
    {"C", "confidentialityImpact", Base, "N=NONE P=PARTIAL C=COMPLETE"},
    {"I", "integrityImpact", Base, "N=NONE P=PARTIAL C=COMPLETE"},
    {"A", "availabilityImpact", Base, "N=NONE P=PARTIAL C=COMPLETE"},
    {"E", "exploitability", Temporal, "ND=NOT_DEFINED U=UNPROVEN POC=PROOF_OF_CONCEPT F=FUNCTIONAL H=HIGH"},
    {"RL", "remediationLevel", Temporal, "ND=NOT_DEFINED OF=OFFICIAL_FIX TF=TEMPORARY_FIX W=WORKAROUND U=UNAVAILABLE"},
    {"RC", "reportConfidence", Temporal, "ND=NOT_DEFINED UC=UNCONFIRMED UR=UNCORROBORATED C=CONFIRMED"},
    {"CDP", "collateralDamagePotential", Environmental, "ND=NOT_DEFINED N=NONE L=LOW LM=LOW_MEDIUM MH=MEDIUM_HIGH H=HIGH"},
    {"TD", "targetDistribution", Environmental, "ND=NOT_DEFINED N=NONE L=LOW M=MEDIUM H=HIGH"},
    {"CR", "confidentialityRequirement", Environmental, kRequirement2},
    {"IR", "integrityRequirement", Environmental, kRequirement2},
    {"AR", "availabilityRequirement", Environmental, kRequirement2},
};

constexpr std::string_view kImpact = "N=NONE L=LOW H=HIGH";
constexpr std::string_view kModifiedImpact = "X=NOT_DEFINED N=NONE L=LOW H=HIGH";
constexpr std::string_view kRequirement = "X=NOT_DEFINED L=LOW M=MEDIUM H=HIGH";
constexpr Metric kMetrics3[] = {
    {"AV", "attackVector", Base, "N=NETWORK A=ADJACENT_NETWORK L=LOCAL P=PHYSICAL"},
    {"AC", "attackComplexity", Base, "L=LOW H=HIGH"},
    {"PR", "privilegesRequired", Base, "N=NONE L=LOW H=HIGH"},
    {"UI", "userInteraction", Base, "N=NONE R=REQUIRED"},
    {"S", "scope", Base, "U=UNCHANGED C=CHANGED"},
    {"C", "confidentialityImpact", Base, kImpact},
    {"I", "integrityImpact", Base, kImpact},
    {"A", "availabilityImpact", Base, kImpact},
    {"E", "exploitCodeMaturity", Temporal, "X=NOT_DEFINED U=UNPROVEN P=PROOF_OF_CONCEPT F=FUNCTIONAL H=HIGH"},
    {"RL", "remediationLevel", Temporal, "X=NOT_DEFINED O=OFFICIAL_FIX T=TEMPORARY_FIX W=WORKAROUND U=UNAVAILABLE"},
    {"RC", "reportConfidence", Temporal, "X=NOT_DEFINED U=UNKNOWN R=REASONABLE C=CONFIRMED"},
    {"CR", "confidentialityRequirement", Environmental, kRequirement},
    {"IR", "integrityRequirement", Environmental, kRequirement},
    {"AR", "availabilityRequirement", Environmental, kRequirement},
    {"MAV", "modifiedAttackVector", Environmental, "X=NOT_DEFINED N=NETWORK A=ADJACENT_NETWORK L=LOCAL P=PHYSICAL"},
    {"MAC", "modifiedAttackComplexity", Environmental, "X=NOT_DEFINED L=LOW H=HIGH"},
    {"MPR", "modifiedPrivilegesRequired", Environmental, "X=NOT_DEFINED N=NONE L=LOW H=HIGH"},
    {"MUI", "modifiedUserInteraction", Environmental, "X=NOT_DEFINED N=NONE R=REQUIRED"},
    {"MS", "modifiedScope", Environmental, "X=NOT_DEFINED U=UNCHANGED C=CHANGED"},
    {"MC", "modifiedConfidentialityImpact", Environmental, kModifiedImpact},
    {"MI", "modifiedIntegrityImpact", Environmental, kModifiedImpact},
    {"MA", "modifiedAvailabilityImpact", Environmental, kModifiedImpact},
};

// In the order that 4.0 demands. Values from the worst on, so that their distance is a count of steps (§8.2 of the specification).
constexpr std::string_view kImpact4 = "H=HIGH L=LOW N=NONE";
constexpr std::string_view kModifiedImpact4 = "X=NOT_DEFINED H=HIGH L=LOW N=NONE";
constexpr std::string_view kRequirement4 = "X=NOT_DEFINED H=HIGH M=MEDIUM L=LOW";
constexpr Metric kMetrics4[] = {
    {"AV", "attackVector", Base, "N=NETWORK A=ADJACENT L=LOCAL P=PHYSICAL"},
    {"AC", "attackComplexity", Base, "L=LOW H=HIGH"},
    {"AT", "attackRequirements", Base, "N=NONE P=PRESENT"},
    {"PR", "privilegesRequired", Base, "N=NONE L=LOW H=HIGH"},
    {"UI", "userInteraction", Base, "N=NONE P=PASSIVE A=ACTIVE"},
    {"VC", "vulnConfidentialityImpact", Base, kImpact4},
    {"VI", "vulnIntegrityImpact", Base, kImpact4},
    {"VA", "vulnAvailabilityImpact", Base, kImpact4},
    {"SC", "subConfidentialityImpact", Base, kImpact4},
    {"SI", "subIntegrityImpact", Base, kImpact4},
    {"SA", "subAvailabilityImpact", Base, kImpact4},
    {"E", "exploitMaturity", Temporal, "X=NOT_DEFINED A=ATTACKED P=PROOF_OF_CONCEPT U=UNREPORTED"},
    {"CR", "confidentialityRequirement", Environmental, kRequirement4},
    {"IR", "integrityRequirement", Environmental, kRequirement4},
    {"AR", "availabilityRequirement", Environmental, kRequirement4},
    {"MAV", "modifiedAttackVector", Environmental, "X=NOT_DEFINED N=NETWORK A=ADJACENT L=LOCAL P=PHYSICAL"},
    {"MAC", "modifiedAttackComplexity", Environmental, "X=NOT_DEFINED L=LOW H=HIGH"},
    {"MAT", "modifiedAttackRequirements", Environmental, "X=NOT_DEFINED N=NONE P=PRESENT"},
    {"MPR", "modifiedPrivilegesRequired", Environmental, "X=NOT_DEFINED N=NONE L=LOW H=HIGH"},
    {"MUI", "modifiedUserInteraction", Environmental, "X=NOT_DEFINED N=NONE P=PASSIVE A=ACTIVE"},
    {"MVC", "modifiedVulnConfidentialityImpact", Environmental, kModifiedImpact4},
    {"MVI", "modifiedVulnIntegrityImpact", Environmental, kModifiedImpact4},
    {"MVA", "modifiedVulnAvailabilityImpact", Environmental, kModifiedImpact4},
    {"MSC", "modifiedSubConfidentialityImpact", Environmental, "X=NOT_DEFINED H=HIGH L=LOW N=NEGLIGIBLE"},
    {"MSI", "modifiedSubIntegrityImpact", Environmental, "X=NOT_DEFINED H=HIGH L=LOW N=NEGLIGIBLE S=SAFETY"},
    {"MSA", "modifiedSubAvailabilityImpact", Environmental, "X=NOT_DEFINED H=HIGH L=LOW N=NEGLIGIBLE S=SAFETY"},
    {"S", "Safety", Supplemental, "X=NOT_DEFINED N=NEGLIGIBLE P=PRESENT"},
    {"AU", "Automatable", Supplemental, "X=NOT_DEFINED N=NO Y=YES"},
    {"R", "Recovery", Supplemental, "X=NOT_DEFINED A=AUTOMATIC U=USER I=IRRECOVERABLE"},
    {"V", "valueDensity", Supplemental, "X=NOT_DEFINED D=DIFFUSE C=CONCENTRATED"},
    {"RE", "vulnerabilityResponseEffort", Supplemental, "X=NOT_DEFINED L=LOW M=MODERATE H=HIGH"},
    {"U", "providerUrgency", Supplemental, "X=NOT_DEFINED Clear=CLEAR Green=GREEN Amber=AMBER Red=RED"},
};
static_assert(std::size(kMetrics4) == kMostMetrics);

// Walks "N=NETWORK A=ADJACENT" with f(code, word) until f answers true; the index it stopped at, or -1.
template <class F>
int find_value(std::string_view values, F&& f) {
  for (int i = 0; !values.empty(); ++i) {
    const auto pair = values.substr(0, values.find(' '));
    const auto equals = pair.find('=');
    if (f(pair.substr(0, equals), pair.substr(equals + 1))) return i;
    values.remove_prefix(std::min(values.size(), pair.size() + 1));
  }
  return -1;
}

std::string codes_of(const Metric& metric) {
  std::string out;
  find_value(metric.values, [&](auto code, auto) {
    out += (out.empty() ? "" : ", ") + std::string(code);
    return false;
  });
  return out;
}

std::string quoted(std::string_view text) { return '"' + std::string(text.substr(0, 40)) + '"'; }

std::string_view prefix_of(Version version) {
  switch (version) {
    case Version::V2_0: return "";
    case Version::V3_0: return "CVSS:3.0/";
    case Version::V3_1: return "CVSS:3.1/";
    case Version::V4_0: return "CVSS:4.0/";
  }
  return "";
}

}  // namespace

std::span<const Metric> metrics_of(Version version) {
  switch (version) {
    case Version::V2_0: return kMetrics2;
    case Version::V3_0:
    case Version::V3_1: return kMetrics3;
    case Version::V4_0: return kMetrics4;
  }
  return {};
}

int Vector::at(std::string_view key) const {
  const auto table = metrics_of(version);
  const auto row = std::find_if(table.begin(), table.end(), [&](const Metric& m) { return m.key == key; });
  assert(row != table.end());
  return std::max<int>(0, values[static_cast<std::size_t>(row - table.begin())]);
}

std::string_view Vector::word(std::size_t row) const {
  std::string_view out;
  int left = values[row];
  find_value(metrics_of(version)[row].values, [&](auto, auto word) {
    out = word;
    return left-- == 0;
  });
  return out;
}

bool Vector::uses(Group group) const {
  const auto table = metrics_of(version);
  for (std::size_t row = 0; row < table.size(); ++row)
    if (table[row].group == group && values[row] > (group == Base ? -1 : 0)) return true;
  return false;
}

Version version_of(std::string_view vector) {
  for (const auto version : {Version::V4_0, Version::V3_1, Version::V3_0})
    if (vector.starts_with(prefix_of(version))) return version;
  return Version::V2_0;
}

Result<Vector> read_vector(std::string_view text) {
  Vector out{.version = version_of(text)};
  out.values.fill(-1);
  const auto table = metrics_of(out.version);
  const auto rule = "CVSS " + std::string(to_text(out.version));
  const auto wrong = [&](std::string message, std::size_t at) { return fail(ErrorKind::Invalid, std::move(message), "character " + std::to_string(at + 1), rule); };
  if (text.starts_with("CVSS:") && out.version == Version::V2_0) return wrong("A vector begins with CVSS:4.0/, CVSS:3.1/ or CVSS:3.0/, or, in version 2.0, with its first metric.", 0);

  std::size_t at = prefix_of(out.version).size();
  int last_row = -1;
  while (true) {
    const auto part = text.substr(at, text.find('/', at) - at);
    const auto colon = part.find(':');
    const auto key = part.substr(0, colon);
    const auto row = static_cast<int>(std::find_if(table.begin(), table.end(), [&](const Metric& m) { return m.key == key; }) - table.begin());
    if (colon == std::string_view::npos || row == static_cast<int>(table.size())) return wrong(quoted(part) + " is no metric of " + rule + ".", at);
    const auto& metric = table[static_cast<std::size_t>(row)];
    auto& value = out.values[static_cast<std::size_t>(row)];
    if (value >= 0) return wrong("The metric " + std::string(key) + " is given twice.", at);
    if (out.version == Version::V4_0 && row < last_row) return wrong("The metric " + std::string(key) + " must stand before " + std::string(table[static_cast<std::size_t>(last_row)].key) + ".", at);
    value = static_cast<signed char>(find_value(metric.values, [&](auto code, auto) { return code == part.substr(colon + 1); }));
    if (value < 0) return wrong(quoted(part) + " must have one of these values: " + codes_of(metric) + ".", at);
    last_row = row;
    if (at + part.size() == text.size()) break;
    at += part.size() + 1;
  }
  for (std::size_t row = 0; row < table.size(); ++row)
    if (table[row].group == Base && out.values[row] < 0) return wrong("The base metric " + std::string(table[row].key) + " is missing.", text.size());
  return out;
}

}  // namespace sluice::cvss
