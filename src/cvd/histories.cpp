#include "cvd/histories.h"

#include <algorithm>
#include <boost/math/distributions/beta.hpp>
#include <cmath>

namespace sluice::cvd {
namespace {

void extend(std::vector<History>& out, History history, std::size_t length, Letters state) {
  if (length == history.events.size()) {
    for (const auto& d : kDesiderata) history.satisfied += precedes(history.events, d.first, d.then);
    out.push_back(history);
    return;
  }
  const auto choices = legal_next(state);
  for (const auto letter : choices) {
    auto longer = history;
    longer.events[length] = letter;
    longer.frequency = history.frequency * Rational{1, static_cast<std::int64_t>(choices.size())};
    extend(out, longer, length + 1, state.with(letter));
  }
}

bool precedes_so_far(std::span<const Letter> events, Letter first, Letter then) {
  const auto found = std::ranges::find_if(events, [&](Letter e) { return e == first || e == then; });
  return found != events.end() && *found == first;
}

}  // namespace

std::string Rational::text() const { return denominator == 1 ? std::to_string(numerator) : std::to_string(numerator) + "/" + std::to_string(denominator); }

std::string History::text() const {
  std::string out;
  for (const auto event : events) out += character(event);
  return out;
}

const std::vector<History>& histories() {
  static const auto all = [] {
    std::vector<History> out;
    extend(out, {.events = {}, .frequency = {1, 1}, .satisfied = 0}, 0, {});
    return out;
  }();
  return all;
}

Precedence precedence(Letter first, Letter then) {
  Precedence out;
  for (const auto& history : histories())
    if (precedes(history.events, first, then)) {
      out.frequency = out.frequency + history.frequency;
      ++out.histories;
    }
  return out;
}

Rational visited(Letters state) {
  Rational out;
  for (const auto& history : histories()) {
    Letters at;
    bool met = at == state;
    for (const auto event : history.events) met |= (at = at.with(event)) == state;
    if (met) out = out + history.frequency;
  }
  return out;
}

std::string name(const Desideratum& desideratum) { return {character(desideratum.first), '<', character(desideratum.then)}; }

std::array<int, 13> satisfied_distribution() {
  std::array<int, 13> out{};
  for (const auto& history : histories()) ++out[static_cast<std::size_t>(history.satisfied)];
  return out;
}

Fulfilment fulfilment(const Desideratum& desideratum, std::span<const Letter> so_far) {
  if (precedes_so_far(so_far, desideratum.first, desideratum.then)) return Fulfilment::Satisfied;
  if (precedes_so_far(so_far, desideratum.then, desideratum.first)) return Fulfilment::Violated;
  return Fulfilment::Unknown;
}

std::vector<ZeroDay> zero_day_classes(std::span<const Letter> history) {
  struct Row { ZeroDay kind; Letter early, late; };
  using enum Letter;
  constexpr Row kRows[] = {
      {ZeroDay::Vulnerability2, P, V}, {ZeroDay::Vulnerability3, P, F},
      {ZeroDay::Exploit1, X, V},       {ZeroDay::Exploit2, X, F},       {ZeroDay::Exploit3, X, P},
      {ZeroDay::Attack1, A, V},        {ZeroDay::Attack2, A, F},        {ZeroDay::Attack3, A, P},
  };
  std::vector<ZeroDay> out;
  for (const auto& row : kRows)
    if (precedes_so_far(history, row.early, row.late)) out.push_back(row.kind);
  return out;
}

// observed = alpha * 1 + (1 - alpha) * baseline: a share alpha of cases by skill, the rest by luck.
double skill_of_rate(double observed, Rational baseline) { return (observed - baseline.value()) / (1 - baseline.value()); }

std::optional<Skill> skill(int successes, int observed, Rational baseline) {
  if (observed <= 0 || successes < 0 || successes > observed || baseline.value() >= 1) return std::nullopt;
  const double s = successes, t = observed;
  double low = 0, high = 1;
  if (successes > 0 && successes < observed) {
    const boost::math::beta_distribution<double> rate(s, t - s);
    low = boost::math::quantile(rate, 0.025);
    high = boost::math::quantile(rate, 0.975);
  } else {
    // Beta(S, T - S) doesn't exist here; the exact binomial bounds take its place.
    const double bound = std::pow(0.025, 1 / t);
    if (successes == 0) high = 1 - bound;
    else low = bound;
  }
  return Skill{skill_of_rate(s / t, baseline), skill_of_rate(low, baseline), skill_of_rate(high, baseline)};
}

std::optional<double> median(std::vector<double> values) {
  if (values.empty()) return std::nullopt;
  std::ranges::sort(values);
  const auto middle = values.size() / 2;
  return values.size() % 2 ? values[middle] : (values[middle - 1] + values[middle]) / 2;
}

}  // namespace sluice::cvd
