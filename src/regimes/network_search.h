// Whether some constraints with alternatives can be kept together, and who is to blame if not. Two parts, the second on the first:
//
//   Potentials  differences alone: times that keep all asserted ones, moved by shortest paths when one is added, or the cycle that forbids it.
//   Search      alternatives: what the times break is decided next; a dead end is explained, and the search goes back to the deepest decision in the explanation.
//
// Of a constraint with very many alternatives (network_narrowing.h) one half after the other is decided, and only when nothing else is broken.
//
// Always holds
//   S1  Yes comes with times that keep what was asked for; No with a blame that can't be kept by itself. What took too long is GaveUp.
//   S2  The same questions in the same order have the same answers. What is too long is counted, never timed.
#pragma once

#include <algorithm>
#include <functional>
#include <optional>
#include <span>

#include "regimes/network_constraints.h"

namespace sluice::regimes::temporal {

// ---- differences -------------------------------------------------------------------------------------------------------------------------------

// Cotton and Maler, "Fast and flexible difference constraint propagation for DPLL(T)" (2006): one edge is added, and what it lowers is found in the order of Dijkstra.
class Potentials {
 public:
  struct Edge { Point to; Time by; int tag; };     // time(to) <= time(from) + by

  explicit Potentials(const std::vector<Time>& start) : start_(start), at_(start), out_(start.size()), next_(start.size()), parent_(start.size()), state_(start.size(), 0) {}

  void clear() {
    while (!trail_.empty()) pop();
    at_ = start_, is_noting_ = false;
  }
  std::size_t mark() const { return trail_.size(); }
  void back_to(std::size_t mark) {
    while (trail_.size() > mark) pop();
  }
  bool holds(const AtMost& one) const { return at_[std::size_t(one.a)] - at_[std::size_t(one.b)] <= one.by; }
  Time at(Point point) const { return at_[std::size_t(point)] - at_[0]; }
  const std::vector<Point>& moved() const { return moved_; }          // by the last that was added
  // From here on what moves is noted, so that it can be put back.
  void note() { is_noting_ = true, before_.clear(); }
  void put_back() {
    for (auto one = before_.rbegin(); one != before_.rend(); ++one) at_[std::size_t(one->first)] = one->second;
    is_noting_ = false;
  }
  void keep() { is_noting_ = false; }
  const std::vector<int>& cycle() const { return cycle_; }            // tags of what forbids it, but for its own
  std::uint64_t looked_at() const { return looked_at_; }              // edges, ever

  bool add(const AtMost& one, int tag) {
    moved_.clear();
    if (holds(one)) return push(one, tag), true;
    cycle_.clear();
    if (one.a == one.b) return false;
    const Edge own{one.a, one.by, tag};
    lower(one.a, at_[std::size_t(one.b)] + one.by, {one.b, own});
    bool is_cycle = false;
    while (!heap_.empty()) {
      const auto [less, point] = heap_.front();
      std::pop_heap(heap_.begin(), heap_.end(), std::greater<>()), heap_.pop_back();
      auto& state = state_[std::size_t(point)];
      if (state == 2 || less != next_[std::size_t(point)] - at_[std::size_t(point)]) continue;
      if (point == one.b) {
        is_cycle = true;
        for (auto at = point; at != one.a; at = parent_[std::size_t(at)].first) cycle_.push_back(parent_[std::size_t(at)].second.tag);
        break;
      }
      state = 2;
      looked_at_ += out_[std::size_t(point)].size() + 1;
      for (const auto& edge : out_[std::size_t(point)]) {
        const auto then = next_[std::size_t(point)] + edge.by;
        const auto to = std::size_t(edge.to);
        if (state_[to] != 2 && then < (state_[to] == 1 ? next_[to] : at_[to])) lower(edge.to, then, {point, edge});
      }
    }
    heap_.clear();
    for (const auto point : touched_) {
      if (!is_cycle && state_[std::size_t(point)] == 2) {
        if (is_noting_) before_.emplace_back(point, at_[std::size_t(point)]);
        at_[std::size_t(point)] = next_[std::size_t(point)], moved_.push_back(point);
      }
      state_[std::size_t(point)] = 0;
    }
    touched_.clear();
    if (is_cycle) return false;
    return push(one, tag), true;
  }

 private:
  void push(const AtMost& one, int tag) {
    out_[std::size_t(one.b)].push_back({one.a, one.by, tag});
    trail_.push_back(one.b);
  }
  void pop() {
    out_[std::size_t(trail_.back())].pop_back();
    trail_.pop_back();
  }
  void lower(Point point, Time to, std::pair<Point, Edge> by) {
    const auto at = std::size_t(point);
    if (state_[at] == 0) touched_.push_back(point);
    state_[at] = 1, next_[at] = to, parent_[at] = by;
    heap_.emplace_back(to - at_[at], point), std::push_heap(heap_.begin(), heap_.end(), std::greater<>());
  }

  std::vector<Time> start_, at_;                   // fewer edges are kept by the same times: going back leaves them as they are
  std::vector<std::vector<Edge>> out_;
  std::vector<Time> next_;
  std::vector<std::pair<Point, Edge>> parent_;
  std::vector<char> state_;                        // 0 untouched, 1 lowered, 2 settled
  std::vector<Point> touched_, moved_, trail_;
  std::vector<int> cycle_;
  std::vector<std::pair<Point, Time>> before_;
  bool is_noting_ = false;
  std::uint64_t looked_at_ = 0;
  std::vector<std::pair<Time, Point>> heap_;       // the least first; it keeps its memory
};

// ---- alternatives ------------------------------------------------------------------------------------------------------------------------------

inline constexpr std::size_t kMostSteps = 200'000;        // of one search: assertions

enum class Enumerated { Yes, No, GaveUp };

class Search {
 public:
  Search(const Constraints& all, const std::vector<Time>& start) : all_(all), times_(start), asked_(start.size()), in_queue_(all.size(), 0), is_on_(all.size(), 0), is_asserted_(all.size(), 0), node_(all.size(), Narrowing::kRoot) {
    for (std::size_t i = 0; i < all.size(); ++i) {
      if (all.ways(i) < 2) continue;
      for (std::size_t k = 0; k < all.ways(i); ++k)
        for (const auto& one : all.way(i, k))
          for (const auto point : {one.a, one.b})
            if (asked_[std::size_t(point)].empty() || asked_[std::size_t(point)].back() != int(i)) asked_[std::size_t(point)].push_back(int(i));
    }
  }

  // Which constraints count; their numbers.
  Enumerated find(const std::vector<int>& which) {
    for (const auto i : on_) is_on_[std::size_t(i)] = 0, is_asserted_[std::size_t(i)] = 0;
    for (auto* queue : {&queue_, &later_}) {
      for (const auto i : *queue) in_queue_[std::size_t(i)] = 0;
      queue->clear();
    }
    on_ = which, times_.clear(), steps_ = 0;
    for (const auto i : on_) is_on_[std::size_t(i)] = 1, node_[std::size_t(i)] = Narrowing::kRoot;
    for (const auto i : on_) {
      const auto ways = all_.ways(std::size_t(i));
      if (ways == 0) return blame_ = {i}, Enumerated::No;
      if (ways > 1) continue;
      is_asserted_[std::size_t(i)] = 1;
      if (!assert_all(all_.way(std::size_t(i), 0), i)) return blame_ = times_.cycle(), blame_.push_back(i), sort_blame(), Enumerated::No;
    }
    for (const auto i : on_) {
      if (all_.ways(std::size_t(i)) < 2) continue;
      if (all_.narrowed(std::size_t(i)) != nullptr && !assert_node(i, Narrowing::kRoot)) return blame_ = times_.cycle(), blame_.push_back(i), sort_blame(), Enumerated::No;
      ask(i);
    }
    return decide();
  }
  // One more, without undoing what was decided: true if that went well. False says nothing.
  bool extend(int i) {
    if (is_on_[std::size_t(i)]) return true;
    const auto mark = times_.mark();
    times_.note();
    if (all_.narrowed(std::size_t(i)) != nullptr) {
      is_on_[std::size_t(i)] = is_asserted_[std::size_t(i)] = 1;
      if (settle(i, Narrowing::kRoot) && mend()) return times_.keep(), on_.push_back(i), true;
      is_on_[std::size_t(i)] = is_asserted_[std::size_t(i)] = 0;
      times_.back_to(mark);
      return times_.put_back(), false;
    }
    for (std::size_t k = 0; k < all_.ways(std::size_t(i)); ++k) {
      is_on_[std::size_t(i)] = is_asserted_[std::size_t(i)] = 1;
      // What was settled by the times alone may be broken now; it is decided in its turn, if that can be done at once.
      if (assert_all(all_.way(std::size_t(i), k), i) && mend()) return times_.keep(), on_.push_back(i), true;
      is_on_[std::size_t(i)] = is_asserted_[std::size_t(i)] = 0;
      times_.back_to(mark);
    }
    return times_.put_back(), false;
  }

  // Constraints were added behind, without alternatives.
  void grew() { in_queue_.resize(all_.size(), 0), is_on_.resize(all_.size(), 0), is_asserted_.resize(all_.size(), 0), node_.resize(all_.size(), Narrowing::kRoot); }
  std::uint64_t work() const { return work_ + times_.looked_at(); }   // counted, ever: the same for the same questions

  bool holds(int i) const { return way_that_holds(i).has_value(); }
  bool is_on(int i) const { return is_on_[std::size_t(i)] != 0; }     // was asked for, or came beside it: after a Yes it holds
  const std::vector<int>& blame() const { return blame_; }
  Time at(Point point) const { return times_.at(point); }
  // The least time of a point by the alternatives that hold now: the longest path to it. Nothing: it is bound by nothing.
  std::optional<Time> least(Point point, std::size_t points) const {
    std::vector<std::vector<std::pair<Point, Time>>> after(points);
    for (const auto i : on_) {
      const auto chosen = way_that_holds(i);
      if (!chosen) continue;
      for (const auto& one : all_.way(std::size_t(i), *chosen)) after[std::size_t(one.a)].emplace_back(one.b, -one.by);
    }
    std::vector<std::optional<Time>> out(points);
    out[0] = 0;
    std::vector<Point> open{Network::kOrigin};
    while (!open.empty()) {                        // it ends: the times keep all of them, so no cycle grows
      const auto at = open.back();
      open.pop_back();
      for (const auto& [to, by] : after[std::size_t(at)]) {
        auto& then = out[std::size_t(to)];
        if (then && *then >= *out[std::size_t(at)] + by) continue;
        then = *out[std::size_t(at)] + by;
        open.push_back(to);
      }
    }
    return out[std::size_t(point)];
  }

 private:
  bool holds_way(int i, std::size_t k) const {
    const auto together = all_.way(std::size_t(i), k);
    return std::all_of(together.begin(), together.end(), [&](const AtMost& one) { return times_.holds(one); });
  }
  std::optional<std::size_t> way_that_holds(int i) const {
    if (const auto* own = all_.narrowed(std::size_t(i))) return way_that_holds(i, *own, Narrowing::kRoot);
    return all_.first(std::size_t(i), [&](const AtMost& one) { return times_.holds(one); });
  }
  static AtMost difference(const Constraints::Narrowed& own, const Narrowing::Bound& one) { return {own.points[one.a], own.points[one.b], one.by}; }
  bool holds_node(const Constraints::Narrowed& own, std::int32_t node) const {
    const auto bounds = own.how->bounds(node);
    return std::all_of(bounds.begin(), bounds.end(), [&](const Narrowing::Bound& one) { return times_.holds(difference(own, one)); });
  }
  std::optional<std::size_t> way_that_holds(int i, const Constraints::Narrowed& own, std::int32_t node) const {
    if (own.how->is_leaf(node)) return holds_way(i, own.how->way(node)) ? std::optional(own.how->way(node)) : std::nullopt;
    if (!holds_node(own, node)) return std::nullopt;
    const auto left = way_that_holds(i, own, own.how->left(node));
    return left ? left : way_that_holds(i, own, own.how->right(node));
  }
  void ask(int i) {
    if (!in_queue_[std::size_t(i)]) in_queue_[std::size_t(i)] = 1, (all_.narrowed(std::size_t(i)) == nullptr ? queue_ : later_).push_back(i);
  }
  // What all alternatives below ask, or a single one.
  bool assert_node(int i, std::int32_t node) {
    const auto& own = *all_.narrowed(std::size_t(i));
    if (own.how->is_leaf(node)) return assert_all(all_.way(std::size_t(i), own.how->way(node)), i);
    const auto bounds = own.how->bounds(node);
    return std::all_of(bounds.begin(), bounds.end(), [&](const Narrowing::Bound& one) { return assert_one(difference(own, one), i); });
  }
  // The half that the times are in first.
  std::pair<std::int32_t, std::int32_t> halves(int i, std::int32_t node) const {
    const auto& own = *all_.narrowed(std::size_t(i));
    const auto left = own.how->left(node), right = own.how->right(node);
    const auto is_in = [&](std::int32_t half) { return own.how->is_leaf(half) ? holds_way(i, own.how->way(half)) : holds_node(own, half); };
    return is_in(left) || !is_in(right) ? std::pair(left, right) : std::pair(right, left);
  }
  // The first alternative below that goes with all that is asserted. False: none does, and none is.
  bool settle(int i, std::int32_t node) {
    const auto mark = times_.mark();
    ++work_;
    if (assert_node(i, node)) {
      if (all_.narrowed(std::size_t(i))->how->is_leaf(node)) return true;
      const auto [first, second] = halves(i, node);
      if (settle(i, first) || settle(i, second)) return true;
    }
    return times_.back_to(mark), false;
  }
  bool assert_all(std::span<const AtMost> together, int tag) {
    return std::all_of(together.begin(), together.end(), [&](const AtMost& one) { return assert_one(one, tag); });
  }
  bool assert_one(const AtMost& one, int tag) {
    ++steps_, ++work_;
    if (!times_.add(one, tag)) return false;
    for (const auto point : times_.moved())
      for (const auto i : asked_[std::size_t(point)])
        if (is_on_[std::size_t(i)] && !is_asserted_[std::size_t(i)]) ask(i);
    return true;
  }
  void sort_blame() {
    std::sort(blame_.begin(), blame_.end());
    blame_.erase(std::unique(blame_.begin(), blame_.end()), blame_.end());
  }
  int next_broken() {
    while (!queue_.empty() || !later_.empty()) {
      auto& queue = queue_.empty() ? later_ : queue_;
      const auto i = queue.back();
      queue.pop_back();
      in_queue_[std::size_t(i)] = 0, ++work_;
      if (is_on_[std::size_t(i)] && !is_asserted_[std::size_t(i)] && !holds(i)) return i;
    }
    return -1;
  }
  Enumerated decide() {
    const auto i = next_broken();
    if (i < 0) return Enumerated::Yes;
    if (all_.narrowed(std::size_t(i)) != nullptr) return narrow(i);
    std::vector<int> why{i};
    for (std::size_t k = 0; k < all_.ways(std::size_t(i)); ++k) {
      const auto mark = times_.mark();
      is_asserted_[std::size_t(i)] = 1;
      if (!assert_all(all_.way(std::size_t(i), k), i)) {
        why.insert(why.end(), times_.cycle().begin(), times_.cycle().end());
      } else {
        if (const auto below = decide(); below != Enumerated::No) return below;
        if (!std::binary_search(blame_.begin(), blame_.end(), i)) {  // it would fail whatever is chosen here
          times_.back_to(mark);
          is_asserted_[std::size_t(i)] = 0;
          return ask(i), Enumerated::No;
        }
        why.insert(why.end(), blame_.begin(), blame_.end());
      }
      times_.back_to(mark);
      is_asserted_[std::size_t(i)] = 0;
      if (steps_ > kMostSteps) return Enumerated::GaveUp;
    }
    ask(i);
    blame_ = std::move(why);
    sort_blame();
    return Enumerated::No;
  }
  // One half after the other. What explains that neither will do names the constraint, so that the search doesn't go back beyond where it was first halved.
  Enumerated narrow(int i) {
    const auto at = node_[std::size_t(i)];
    const auto [first, second] = halves(i, at);
    std::vector<int> why{i};
    for (const auto half : {first, second}) {
      const auto mark = times_.mark();
      const auto back = [&] { times_.back_to(mark), node_[std::size_t(i)] = at, is_asserted_[std::size_t(i)] = 0; };
      node_[std::size_t(i)] = half, is_asserted_[std::size_t(i)] = all_.narrowed(std::size_t(i))->how->is_leaf(half);
      if (!assert_node(i, half)) {
        why.insert(why.end(), times_.cycle().begin(), times_.cycle().end());
      } else {
        if (!is_asserted_[std::size_t(i)]) ask(i);
        if (const auto below = decide(); below != Enumerated::No) return below;
        if (!std::binary_search(blame_.begin(), blame_.end(), i)) return back(), ask(i), Enumerated::No;
        why.insert(why.end(), blame_.begin(), blame_.end());
      }
      back();
      if (steps_ > kMostSteps) return Enumerated::GaveUp;
    }
    ask(i);
    blame_ = std::move(why);
    sort_blame();
    return Enumerated::No;
  }
  bool mend() {
    std::vector<int> decided;
    const auto undo = [&] {
      for (const auto i : decided) is_asserted_[std::size_t(i)] = 0;
      return false;
    };
    for (int i = next_broken(); i >= 0; i = next_broken()) {
      const auto mark = times_.mark();
      bool done = all_.narrowed(std::size_t(i)) != nullptr && settle(i, Narrowing::kRoot);
      for (std::size_t k = 0; all_.narrowed(std::size_t(i)) == nullptr && k < all_.ways(std::size_t(i)) && !done; ++k) {
        done = assert_all(all_.way(std::size_t(i), k), i);
        if (!done) times_.back_to(mark);
      }
      if (!done) return ask(i), undo();
      is_asserted_[std::size_t(i)] = 1, decided.push_back(i);
    }
    return true;
  }

  const Constraints& all_;
  Potentials times_;
  std::vector<std::vector<int>> asked_;            // of each point: constraints with alternatives that speak of it
  std::vector<int> on_, queue_, later_, blame_;    // later: what has very many alternatives
  std::vector<char> in_queue_, is_on_, is_asserted_;
  std::vector<std::int32_t> node_;                 // of what has very many: what is decided of it
  std::size_t steps_ = 0;
  std::uint64_t work_ = 0;
};

}  // namespace sluice::regimes::temporal
