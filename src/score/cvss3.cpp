// CVSS 3.0 and 3.1 (FIRST specification documents, §7 and appendix A).
#include <algorithm>
#include <cmath>
#include <initializer_list>

#include "score/cvss_metrics.h"

namespace sluice::cvss {

namespace {

// 3.1 appendix A rounds up in hundred-thousandths, so that what binary fractions add doesn't count. 3.0 says 'round up' without saying how;
// the same guard makes it come out as in decimal arithmetic.
int round_up(double value) {
  const auto whole = std::llround(value * 100'000);
  return static_cast<int>(whole % 10'000 == 0 ? whole / 10'000 : whole / 10'000 + 1);
}

double weight(int index, std::initializer_list<double> weights) { return weights.begin()[index]; }

// What the formulas take: the base metrics, or the modified ones where they are given.
struct Metrics3 {
  int av, ac, pr, ui, c, i, a;
  bool changed;
};

Metrics3 base_metrics(const Vector& v) {
  return {v.at("AV"), v.at("AC"), v.at("PR"), v.at("UI"), v.at("C"), v.at("I"), v.at("A"), v.at("S") == 1};
}

Metrics3 modified_metrics(const Vector& v) {
  const auto pick = [&](std::string_view modified, std::string_view base) { return v.at(modified) != 0 ? v.at(modified) - 1 : v.at(base); };
  return {pick("MAV", "AV"), pick("MAC", "AC"), pick("MPR", "PR"), pick("MUI", "UI"), pick("MC", "C"), pick("MI", "I"), pick("MA", "A"), pick("MS", "S") == 1};
}

double exploitability(const Metrics3& m) {
  const double privileges = m.changed ? weight(m.pr, {0.85, 0.68, 0.5}) : weight(m.pr, {0.85, 0.62, 0.27});
  return 8.22 * weight(m.av, {0.85, 0.62, 0.55, 0.2}) * weight(m.ac, {0.77, 0.44}) * privileges * weight(m.ui, {0.85, 0.62});
}

double impact_weight(int value) { return weight(value, {0, 0.22, 0.56}); }

int combined(const Metrics3& m, double impact) {
  if (impact <= 0) return 0;
  return round_up(std::min((m.changed ? 1.08 : 1.0) * (impact + exploitability(m)), 10.0));
}

}  // namespace

Tenths score3(const Vector& v) {
  const double temporal_factor = weight(v.at("E"), {1, 0.91, 0.94, 0.97, 1}) * weight(v.at("RL"), {1, 0.95, 0.96, 0.97, 1}) * weight(v.at("RC"), {1, 0.92, 0.96, 1});
  Tenths out;
  {
    const auto m = base_metrics(v);
    const double iss = 1 - (1 - impact_weight(m.c)) * (1 - impact_weight(m.i)) * (1 - impact_weight(m.a));
    out.base = combined(m, m.changed ? 7.52 * (iss - 0.029) - 3.25 * std::pow(iss - 0.02, 15) : 6.42 * iss);
    out.temporal = round_up(out.base / 10.0 * temporal_factor);
  }
  {
    const auto m = modified_metrics(v);
    const auto kept = [&](std::string_view requirement, int value) { return 1 - weight(v.at(requirement), {1, 0.5, 1, 1.5}) * impact_weight(value); };
    const double miss = std::min(1 - kept("CR", m.c) * kept("IR", m.i) * kept("AR", m.a), 0.915);
    const double power = v.version == Version::V3_0 ? std::pow(miss - 0.02, 15) : std::pow(miss * 0.9731 - 0.02, 13);
    out.environmental = round_up(combined(m, m.changed ? 7.52 * (miss - 0.029) - 3.25 * power : 6.42 * miss) / 10.0 * temporal_factor);
  }
  return out;
}

}  // namespace sluice::cvss
