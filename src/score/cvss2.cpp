// CVSS 2.0 (FIRST, "A Complete Guide to the Common Vulnerability Scoring System", §3.2), in exact decimals, halves rounded up.
#include <algorithm>
#include <initializer_list>

#include "score/cvss_metrics.h"

namespace sluice::cvss {

namespace {

// digits / 10^scale. The longest product here has 25 digits, so 128 bits hold all.
struct Decimal {
  __int128 digits = 0;
  int scale = 0;

  Decimal at_scale(int wanted) const {
    auto out = *this;
    for (; out.scale < wanted; ++out.scale) out.digits *= 10;
    return out;
  }
  friend Decimal operator*(Decimal a, Decimal b) { return {a.digits * b.digits, a.scale + b.scale}; }
  friend Decimal operator+(Decimal a, Decimal b) {
    const int scale = std::max(a.scale, b.scale);
    return {a.at_scale(scale).digits + b.at_scale(scale).digits, scale};
  }
  friend Decimal operator-(Decimal a, Decimal b) { return a + Decimal{-b.digits, b.scale}; }
  friend bool operator<(Decimal a, Decimal b) { return (a - b).digits < 0; }
};

constexpr Decimal kOne{1, 0}, kTen{10, 0};

Decimal thousandths(int n) { return {n, 3}; }

int round1(Decimal value) {  // to tenths, never below 0
  const auto v = value.at_scale(1);
  __int128 unit = 1;
  for (int i = 1; i < v.scale; ++i) unit *= 10;
  return v.digits <= 0 ? 0 : static_cast<int>((v.digits * 2 + unit) / (unit * 2));
}

Decimal weight(const Vector& v, std::string_view key, std::initializer_list<int> weights_in_thousandths) {
  return thousandths(weights_in_thousandths.begin()[v.at(key)]);
}

int base_tenths(const Vector& v, Decimal impact) {
  const auto exploitability = Decimal{20, 0} * weight(v, "AV", {395, 646, 1000}) * weight(v, "AC", {350, 610, 710}) * weight(v, "Au", {450, 560, 704});
  if (impact.digits == 0) return 0;  // f(impact) = 0
  return round1((Decimal{6, 1} * impact + Decimal{4, 1} * exploitability - Decimal{15, 1}) * Decimal{1176, 3});
}

int temporal_tenths(const Vector& v, int base) {
  return round1(Decimal{base, 1} * weight(v, "E", {1000, 850, 900, 950, 1000}) * weight(v, "RL", {1000, 870, 900, 950, 1000}) * weight(v, "RC", {1000, 900, 950, 1000}));
}

}  // namespace

Tenths score2(const Vector& v) {
  const auto impact = [&](bool adjusted) {
    const auto kept = [&](std::string_view metric, std::string_view requirement) {
      const auto value = weight(v, metric, {0, 275, 660});
      return kOne - (adjusted ? value * weight(v, requirement, {1000, 500, 1000, 1510}) : value);
    };
    return Decimal{1041, 2} * (kOne - kept("C", "CR") * kept("I", "IR") * kept("A", "AR"));
  };
  Tenths out;
  out.base = base_tenths(v, impact(false));
  out.temporal = temporal_tenths(v, out.base);
  const auto adjusted = std::min(kTen, impact(true));
  const Decimal temporal{temporal_tenths(v, base_tenths(v, adjusted)), 1};
  const auto damage = weight(v, "CDP", {0, 0, 100, 300, 400, 500}), distribution = weight(v, "TD", {1000, 0, 250, 750, 1000});
  out.environmental = round1((temporal + (kTen - temporal) * damage) * distribution);
  return out;
}

}  // namespace sluice::cvss
