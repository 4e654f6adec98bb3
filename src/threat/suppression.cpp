#include "threat/suppression.h"

#include <algorithm>
#include <limits>
#include <queue>
#include <utility>

namespace sluice::threat {

namespace {

constexpr std::int64_t kNoPath = std::numeric_limits<std::int64_t>::max();
constexpr std::int64_t kCostOfTooLittle = 1'000'000'000;  // a figure that can't give all that is wanted is taken last

// What may still move, and how far: the figures as one tries to make them, beside the true ones.
class Flows {
 public:
  Flows(std::size_t nodes, std::span<const SumFigure> figures, std::vector<bool> left_out) : figures_(figures), left_out_(std::move(left_out)), at_(nodes), parts_(figures.size()) {
    for (std::size_t i = 0; i < figures.size(); ++i) {
      at_[figures[i].from].push_back(i);
      at_[figures[i].to].push_back(i);
      for (const auto line : figures[i].lines) parts_[line].push_back(i);
    }
  }

  const std::vector<bool>& left_out() const { return left_out_; }

  // Raises and lowers `one` as far as it goes, up to `enough` values in all.
  std::int64_t room(std::size_t one, std::int64_t enough) {
    const auto up = moved(one, enough, Way::Up);
    return up >= enough ? up : up + moved(one, enough - up, Way::Down);
  }

  // Leaves out the cheapest further figures that let `one` move more than it can. False where there are none.
  bool widen(std::size_t one, std::int64_t wanted) {
    for (const auto way : {Way::Up, Way::Down}) {
      const auto done = moved(one, wanted, way);
      if (done >= wanted || span(one, way) <= done) continue;  // it's the other way that lacks something
      const auto path = cheapest(one, way, wanted - done);
      if (path.empty()) continue;
      bool is_new = false;
      for (const auto i : path)
        if (!left_out_[i]) left_out_[i] = true, newly_.push_back(i), is_new = true;
      if (is_new) return true;
    }
    return false;
  }

  std::vector<std::size_t> take_new() {
    std::sort(newly_.begin(), newly_.end());
    return std::exchange(newly_, {});
  }

 private:
  enum class Way { Up, Down };

  std::int64_t least_of(std::size_t i) const {
    auto least = figures_[i].least;
    for (const auto part : parts_[i])
      if (!left_out_[part]) least = std::max(least, figures_[part].value);
    return least;
  }
  std::int64_t most_of(std::size_t i) const {
    auto most = figures_[i].most;
    for (const auto line : figures_[i].lines)
      if (!left_out_[line]) most = std::min(most, figures_[line].value);
    return most;
  }
  std::int64_t span(std::size_t i, Way way) const { return way == Way::Up ? most_of(i) - figures_[i].value : figures_[i].value - least_of(i); }

  struct Step { std::size_t figure = 0; bool is_raised = false; };

  // From node to node over what may move; `cost` says what a figure costs, or kNoPath.
  template <class Cost>
  std::vector<Step> path(std::size_t one, Way way, const Cost& cost) const {
    const auto start = way == Way::Up ? figures_[one].to : figures_[one].from;
    const auto goal = way == Way::Up ? figures_[one].from : figures_[one].to;
    if (start == goal) return {};
    std::vector<std::int64_t> best(at_.size(), kNoPath);
    std::vector<Step> by(at_.size());
    std::priority_queue<std::pair<std::int64_t, std::size_t>, std::vector<std::pair<std::int64_t, std::size_t>>, std::greater<>> next;
    best[start] = 0;
    next.emplace(0, start);
    while (!next.empty()) {
      const auto [so_far, node] = next.top();
      next.pop();
      if (so_far > best[node]) continue;
      if (node == goal) break;
      for (const auto i : at_[node]) {
        if (i == one) continue;
        const bool is_raised = figures_[i].from == node;
        const auto costs = cost(i, is_raised);
        if (costs == kNoPath) continue;
        const auto other = is_raised ? figures_[i].to : figures_[i].from;
        if (so_far + costs >= best[other]) continue;
        best[other] = so_far + costs;
        by[other] = {i, is_raised};
        next.emplace(best[other], other);
      }
    }
    if (best[goal] == kNoPath) return {};
    std::vector<Step> out;
    for (auto node = goal; node != start;) {
      const auto& step = by[node];
      out.push_back(step);
      node = step.is_raised ? figures_[step.figure].from : figures_[step.figure].to;
    }
    return out;
  }

  std::int64_t left_of(std::size_t i, bool is_raised) const { return is_raised ? most_of(i) - tried_[i] : tried_[i] - least_of(i); }

  // By how much it moves one way, all others following; leaves in tried_ what they then are.
  std::int64_t moved(std::size_t one, std::int64_t enough, Way way) {
    tried_.resize(figures_.size());
    for (std::size_t i = 0; i < figures_.size(); ++i) tried_[i] = figures_[i].value;
    const auto wanted = std::min(enough, span(one, way));
    std::int64_t done = 0;
    while (done < wanted) {
      const auto steps = path(one, way, [this](std::size_t i, bool is_raised) { return left_out_[i] && left_of(i, is_raised) > 0 ? std::int64_t{1} : kNoPath; });
      if (steps.empty()) break;
      auto by = wanted - done;
      for (const auto& step : steps) by = std::min(by, left_of(step.figure, step.is_raised));
      for (const auto& step : steps) tried_[step.figure] += step.is_raised ? by : -by;
      done += by;
    }
    return done;
  }

  // Goes on from what moved() left.
  std::vector<std::size_t> cheapest(std::size_t one, Way way, std::int64_t wanted) const {
    const auto steps = path(one, way, [&](std::size_t i, bool is_raised) -> std::int64_t {
      const auto left = left_of(i, is_raised);
      if (figures_[i].is_fixed || left <= 0) return kNoPath;
      if (left_out_[i]) return 0;
      return 1 + std::min(figures_[i].value, kCostOfTooLittle / 1000) + (left < wanted ? kCostOfTooLittle : 0);
    });
    std::vector<std::size_t> out;
    for (const auto& step : steps) out.push_back(step.figure);
    return out;
  }

  std::span<const SumFigure> figures_;
  std::vector<bool> left_out_;
  std::vector<std::vector<std::size_t>> at_;      // figures of each sum
  std::vector<std::vector<std::size_t>> parts_;   // figures that are parts of each
  std::vector<std::int64_t> tried_;
  std::vector<std::size_t> newly_;
};

}  // namespace

std::optional<std::vector<bool>> left_out_of(std::size_t nodes, std::span<const SumFigure> figures) {
  std::vector<bool> small(figures.size());
  std::vector<std::size_t> waiting;
  for (std::size_t i = 0; i < figures.size(); ++i)
    if (figures[i].is_small) small[i] = true, waiting.push_back(i);
  Flows flows(nodes, figures, small);
  // What is left out later only gives more room to what was left out before, so each is looked at once.
  for (std::size_t next = 0; next < waiting.size(); ++next) {
    const auto one = waiting[next];
    while (flows.room(one, figures[one].room) < figures[one].room)
      if (!flows.widen(one, figures[one].room)) return std::nullopt;
    const auto more = flows.take_new();
    waiting.insert(waiting.end(), more.begin(), more.end());
  }
  return flows.left_out();
}

std::int64_t room_of(std::size_t nodes, std::span<const SumFigure> figures, const std::vector<bool>& left_out, std::size_t one, std::int64_t enough) {
  return Flows(nodes, figures, left_out).room(one, enough);
}

}  // namespace sluice::threat
