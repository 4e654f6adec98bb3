// The search for observations that fit: every way is tried, in order of time, as far as it can still succeed.
#include "threat/pattern/match.h"

#include <algorithm>
#include <charconv>
#include <functional>
#include <limits>

#include "threat/pattern/observe.h"

namespace sluice::threat {

struct Matcher::Ready {
  Pattern pattern;
  pattern::ReadyTests tests;
};

namespace pattern {
namespace {

constexpr std::size_t kMostSteps = 20'000'000;       // of asking objects, and again of searching: some tenths of a second
constexpr std::size_t kMostObservations = 100'000;
constexpr int kDeepest = 1'000;                      // observations chosen one inside the other

// Microseconds, which Instants have. A timestamp's further digits round up, so that 'at or after' and 'before' stay true.
std::int64_t micros_at_or_after(const std::string& text) {
  const auto time = time_of(text);
  if (!time) return std::numeric_limits<std::int64_t>::max();  // no such day: nothing is after it
  const auto digits = (time->fraction + "000000").substr(0, 6);
  std::int64_t micros = 0;
  std::from_chars(digits.data(), digits.data() + digits.size(), micros);
  return time->seconds * 1'000'000 + micros + (time->fraction.size() > 6 ? 1 : 0);
}
std::int64_t micros_of_seconds(const std::string& text) {
  long double seconds = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), seconds, std::chars_format::fixed);
  if (error != std::errc{} || seconds > 1e12L) return std::numeric_limits<std::int64_t>::max();
  return static_cast<std::int64_t>(seconds * 1'000'000);
}
std::uint64_t times_of(const std::string& text) {
  std::uint64_t times = std::numeric_limits<std::uint64_t>::max();
  std::from_chars(text.data(), text.data() + text.size(), times);
  return times;
}

using Places = std::vector<std::uint32_t>;           // of observations in order of time, ascending
using Next = std::function<bool()>;

class Search {
 public:
  Search(const Pattern& sought, const ReadyTests& tests, std::span<const Observation> observations) : observations_(observations) {
    effort_.left = kMostSteps;
    order_.resize(observations.size());
    for (std::size_t i = 0; i < order_.size(); ++i) order_[i] = i;
    std::stable_sort(order_.begin(), order_.end(), [observations](std::size_t a, std::size_t b) { return observations[a].at < observations[b].at; });
    used_.resize(order_.size());
    asked_by_.resize(order_.size());
    each_observation(sought.root, [this, &tests](const ObservationExpression& leaf) {
      auto& places = fitting_[&leaf];
      for (std::uint32_t i = 0; i < order_.size(); ++i)
        if (fits(leaf.comparison, observations_[order_[i]].objects, tests, effort_)) places.push_back(i), ++asked_by_[i];
    });
  }

  Result<std::optional<std::vector<std::size_t>>> run(const ObservationExpression& root) {
    effort_.left = kMostSteps;
    const bool is_found = !effort_.error && can_fit(root) && find(root, root.qualifiers.size(), [] { return true; });
    if (effort_.error) return std::unexpected(*effort_.error);
    if (!is_found) return std::nullopt;
    std::vector<std::size_t> out;
    for (const auto place : chosen_) out.push_back(order_[place]);
    std::sort(out.begin(), out.end());
    return out;
  }

 private:
  // From which times observations may still be taken. Those of an expression that is being searched apply to what is chosen from `from` on.
  struct Bound {
    std::size_t from;
    std::int64_t low = std::numeric_limits<std::int64_t>::min(), high = std::numeric_limits<std::int64_t>::max();
    std::int64_t span = std::numeric_limits<std::int64_t>::max();
  };

  std::int64_t at(std::uint32_t place) const { return observations_[order_[place]].at.micros; }
  std::uint64_t count(std::uint32_t place) const { return std::max<std::uint64_t>(observations_[order_[place]].number_observed, 1); }

  // Cheap, and often the end of it: what every way needs has nothing that fits.
  bool can_fit(const ObservationExpression& expression) const {
    using enum ObservationExpression::Kind;
    const auto part_can = [this](const ObservationExpression& part) { return can_fit(part); };
    if (expression.kind == Observation) return !fitting_.at(&expression).empty();
    if (expression.kind == Or) return std::any_of(expression.parts.begin(), expression.parts.end(), part_can);
    return std::all_of(expression.parts.begin(), expression.parts.end(), part_can);
  }

  // The places that fit, of an expression each of whose ways is one observation.
  std::optional<Places> singles(const ObservationExpression& expression, std::size_t qualifiers) const {
    using enum ObservationExpression::Kind;
    Places out;
    if (expression.kind == Observation) {
      out = fitting_.at(&expression);
    } else if (expression.kind == Or) {
      for (const auto& part : expression.parts) {
        const auto of_part = singles(part, part.qualifiers.size());
        if (!of_part) return std::nullopt;
        Places both;
        std::set_union(out.begin(), out.end(), of_part->begin(), of_part->end(), std::back_inserter(both));
        out = std::move(both);
      }
    } else {
      return std::nullopt;
    }
    for (std::size_t i = 0; i < qualifiers; ++i) {
      const auto& one = expression.qualifiers[i];
      if (one.kind == Qualifier::Kind::Repeats && times_of(one.first) > 1) return std::nullopt;
      if (one.kind != Qualifier::Kind::StartStop) continue;
      const auto low = micros_at_or_after(one.first), high = micros_at_or_after(one.second);
      std::erase_if(out, [this, low, high](std::uint32_t place) { return at(place) < low || at(place) >= high; });
    }
    return out;
  }
  std::size_t leaves_with(const ObservationExpression& expression, std::uint32_t place) const {
    std::size_t out = 0;
    each_observation(expression, [this, place, &out](const ObservationExpression& leaf) {
      const auto& places = fitting_.at(&leaf);
      out += std::binary_search(places.begin(), places.end(), place);
    });
    return out;
  }

  // Tries each way in which the expression with its first qualifiers fits: puts it onto chosen_ and asks `next`, until that is content.
  bool find(const ObservationExpression& expression, std::size_t qualifiers, const Next& next) {
    return deeper([this, &expression, qualifiers, &next] { return find_qualified(expression, qualifiers, next); });
  }
  template <class Inside>
  bool deeper(const Inside& inside) {
    if (++depth_ > kDeepest && !effort_.error) effort_.error = Error{ErrorKind::TooLarge, "It takes too many observations at once to tell whether this pattern fits."};
    const bool is_content = effort_.error || inside();
    --depth_;
    return is_content;
  }

  bool find_qualified(const ObservationExpression& expression, std::size_t qualifiers, const Next& next) {
    using enum ObservationExpression::Kind;
    if (qualifiers > 0) {
      const auto& one = expression.qualifiers[qualifiers - 1];
      Bound bound{chosen_.size()};
      switch (one.kind) {
        case Qualifier::Kind::Repeats: return find_repeated(expression, qualifiers - 1, times_of(one.first), next);
        // STIX 2.1 §9.5.1: from START on, and before STOP.
        case Qualifier::Kind::StartStop: bound.low = micros_at_or_after(one.first), bound.high = micros_at_or_after(one.second); break;
        case Qualifier::Kind::Within: bound.span = micros_of_seconds(one.first); break;
      }
      return bounded(bound, next, [this, &expression, qualifiers](const Next& inside) { return find(expression, qualifiers - 1, inside); });
    }
    switch (expression.kind) {
      case Observation: return any_place(fitting_.at(&expression), next);
      case Or: return std::any_of(expression.parts.begin(), expression.parts.end(), [this, &next](const ObservationExpression& part) { return find(part, part.qualifiers.size(), next); });
      case And: return all_parts(expression, 0, next);
      case FollowedBy: return parts_in_order(expression, 0, std::numeric_limits<std::int64_t>::min(), next);
    }
    return false;
  }

  // Searches under a further bound, which ends where `next` goes on with what lies outside.
  template <class Inside>
  bool bounded(const Bound& bound, const Next& next, const Inside& inside) {
    bounds_.push_back(bound);
    const bool is_content = inside([this, &bound, &next] {
      if (!keeps(bound)) return false;
      bounds_.pop_back();
      const bool rest = next();
      bounds_.push_back(bound);
      return rest;
    });
    bounds_.pop_back();
    return is_content;
  }
  bool keeps(const Bound& bound) const {
    const auto [first, last] = std::minmax_element(chosen_.begin() + static_cast<std::ptrdiff_t>(bound.from), chosen_.end());
    return first == chosen_.end() || (at(*first) >= bound.low && at(*last) < bound.high && at(*last) - at(*first) <= bound.span);
  }
  // What all bounds leave: from the first to behind the last of these places.
  std::pair<Places::const_iterator, Places::const_iterator> allowed(const Places& places) const {
    std::int64_t low = std::numeric_limits<std::int64_t>::min(), high = std::numeric_limits<std::int64_t>::max();
    for (const auto& bound : bounds_) {
      low = std::max(low, bound.low);
      high = std::min(high, bound.high);
      if (bound.from >= chosen_.size() || bound.span == std::numeric_limits<std::int64_t>::max()) continue;
      const auto [first, last] = std::minmax_element(chosen_.begin() + static_cast<std::ptrdiff_t>(bound.from), chosen_.end());
      low = std::max(low, at(*last) - bound.span);
      high = std::min(high, at(*first) + bound.span + 1);
    }
    const auto begin = std::partition_point(places.begin(), places.end(), [this, low](std::uint32_t place) { return at(place) < low; });
    return {begin, std::partition_point(begin, places.end(), [this, high](std::uint32_t place) { return at(place) < high; })};
  }

  bool any_place(const Places& places, const Next& next) {
    const auto [begin, end] = allowed(places);
    for (auto place = begin; place != end; ++place) {
      if (used_[*place]) continue;
      if (!effort_.spend(1 + chosen_.size())) return true;  // what is chosen is looked through for its first and last
      take(*place);
      if (next()) return true;
      give_back(1);
    }
    return false;
  }
  void take(std::uint32_t place) {
    used_[place] = true;
    chosen_.push_back(place);
  }
  void give_back(std::size_t how_many) {
    for (; how_many > 0; --how_many) {
      used_[chosen_.back()] = false;
      chosen_.pop_back();
    }
  }

  bool all_parts(const ObservationExpression& expression, std::size_t i, const Next& next) {
    if (i == expression.parts.size()) return next();
    const auto& part = expression.parts[i];
    return find(part, part.qualifiers.size(), [this, &expression, i, &next] { return all_parts(expression, i + 1, next); });
  }

  // STIX 2.1 §9.5.2: none of a part lies before the last of the part before it; the same instant is in order.
  bool parts_in_order(const ObservationExpression& expression, std::size_t i, std::int64_t low, const Next& next) {
    if (i == expression.parts.size()) return next();
    const auto& part = expression.parts[i];
    const auto from = chosen_.size();
    return bounded(
        Bound{.from = from, .low = low},
        [this, &expression, i, low, from, &next] {
          auto last = low;
          for (auto k = from; k < chosen_.size(); ++k) last = std::max(last, at(chosen_[k]));
          return parts_in_order(expression, i + 1, last, next);
        },
        [this, &part](const Next& inside) { return find(part, part.qualifiers.size(), inside); });
  }

  bool find_repeated(const ObservationExpression& expression, std::size_t qualifiers, std::uint64_t times, const Next& next) {
    if (times == 0) times = 1;  // not allowed (check.h), and no reason to find less
    const auto places = singles(expression, qualifiers);
    const auto is_wanted_elsewhere = [this, &expression](std::uint32_t place) { return asked_by_[place] > leaves_with(expression, place); };
    if (places && std::none_of(places->begin(), places->end(), is_wanted_elsewhere)) return any_run(*places, times, next);
    if (places) return any_set(*places, 0, times, next);
    return repeated(expression, qualifiers, times, 0, next);
  }

  // Where nothing else wants these observations, those that follow each other are as good as any: they take the least time.
  bool any_run(const Places& places, std::uint64_t times, const Next& next) {
    const auto [begin, end] = allowed(places);
    for (auto first = begin; first != end; ++first) {
      if (used_[*first]) continue;
      std::uint64_t so_far = 0;
      std::size_t taken = 0;
      for (auto place = first; place != end && so_far < times; ++place) {
        if (!effort_.spend()) return true;
        if (used_[*place]) continue;
        take(*place);
        ++taken;
        so_far += std::min(count(*place), times - so_far);
      }
      if (so_far >= times && next()) return true;
      give_back(taken);
      if (so_far < times) return false;
    }
    return false;
  }

  // So many of these places, from the given one on.
  bool any_set(const Places& places, std::uint32_t from_place, std::uint64_t times, const Next& next) {
    const auto [begin, end] = allowed(places);
    for (auto place = std::lower_bound(begin, end, from_place); place != end; ++place) {
      if (used_[*place]) continue;
      if (!effort_.spend(1 + chosen_.size())) return true;
      take(*place);
      const auto seen_by = count(*place);
      if (seen_by >= times ? next() : deeper([this, &places, place, times, seen_by, &next] { return any_set(places, *place + 1, times - seen_by, next); })) return true;
      give_back(1);
    }
    return false;
  }

  // Each time later than the one before by its first observation, so that no set is tried twice.
  bool repeated(const ObservationExpression& expression, std::size_t qualifiers, std::uint64_t times, std::uint32_t from_place, const Next& next) {
    const auto from = chosen_.size();
    return find(expression, qualifiers, [this, &expression, qualifiers, times, from_place, from, &next] {
      const auto first = *std::min_element(chosen_.begin() + static_cast<std::ptrdiff_t>(from), chosen_.end());
      if (first < from_place) return false;
      // STIX 2.1 §9.5.1: number_observed says how often the same was seen.
      const std::uint64_t seen = chosen_.size() - from == 1 ? count(first) : 1;
      return seen >= times ? next() : repeated(expression, qualifiers, times - seen, first + 1, next);
    });
  }

  std::span<const Observation> observations_;
  std::vector<std::size_t> order_;                   // place in time -> place in the span
  std::unordered_map<const ObservationExpression*, Places> fitting_;
  std::vector<std::size_t> asked_by_;                // how many parts of the pattern a place fits
  std::vector<bool> used_;
  Places chosen_;
  std::vector<Bound> bounds_;
  Effort effort_;
  int depth_ = 0;
};

}  // namespace
}  // namespace pattern

Matcher::Matcher(std::unique_ptr<const Ready> ready) : ready_(std::move(ready)) {}
Matcher::Matcher(Matcher&&) noexcept = default;
Matcher& Matcher::operator=(Matcher&&) noexcept = default;
Matcher::~Matcher() = default;

Result<Matcher> Matcher::of(Pattern pattern) {
  auto made = std::make_unique<Ready>();
  made->pattern = std::move(pattern);
  std::optional<Error> error;
  each_observation(made->pattern.root, [&made, &error](const ObservationExpression& observation) {
    each_test(observation.comparison, [&made, &error](const PropertyTest& test) {
      auto ready = pattern::ready(test);
      if (ready) made->tests.emplace(&test, *std::move(ready));
      else if (!error) error = std::move(ready).error();
    });
  });
  if (error) return std::unexpected(*std::move(error));
  return Matcher(std::move(made));
}

Result<std::optional<std::vector<std::size_t>>> Matcher::match(std::span<const Observation> observations) const {
  if (observations.size() > pattern::kMostObservations) return fail(ErrorKind::TooLarge, "A pattern is put to " + std::to_string(pattern::kMostObservations) + " observations at most.");
  return pattern::Search(ready_->pattern, ready_->tests, observations).run(ready_->pattern.root);
}

Result<bool> Matcher::matches(std::span<const Observation> observations) const {
  TRY(const auto found, match(observations));
  return found.has_value();
}

Result<bool> matches(const Pattern& pattern, std::span<const Observation> observations) {
  TRY(const auto matcher, Matcher::of(pattern));
  return matcher.matches(observations);
}

}  // namespace sluice::threat
