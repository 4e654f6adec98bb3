// A simple temporal network with alternatives. Three parts, each on the one before:
//
//   Potentials  differences alone: times that keep all asserted ones, moved by shortest paths when one is added, or the cycle that forbids it.
//   Search      alternatives: what the times break is decided next; a dead end is explained, and the search goes back to the deepest decision in the explanation.
//   Sets        smallest sets that can't be kept: a set is proposed that breaks every reason known so far why it could be kept; either it can be kept after all, which is
//               one more such reason, or it can't, and is shrunk until every member is needed.
//
// Points that only the origin connects don't touch one another: each such part is asked by itself. One idea: each part is of use to the next alone.
#include "regimes/network.h"

#include <algorithm>
#include <numeric>
#include <queue>

namespace sluice::regimes {

namespace {

using Time = Network::Time;
using Point = Network::Point;
using Member = Network::Member;
using AtMost = Network::AtMost;
using Together = Network::Together;

struct Constraint {
  Member who = Network::kNobody;
  std::vector<Together> one_of;
};

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

  bool add(const AtMost& one, int tag) {
    moved_.clear();
    if (holds(one)) return push(one, tag), true;
    cycle_.clear();
    if (one.a == one.b) return false;
    const Edge own{one.a, one.by, tag};
    lower(one.a, at_[std::size_t(one.b)] + one.by, {one.b, own});
    bool is_cycle = false;
    while (!heap_.empty()) {
      const auto [less, point] = heap_.top();
      heap_.pop();
      auto& state = state_[std::size_t(point)];
      if (state == 2 || less != next_[std::size_t(point)] - at_[std::size_t(point)]) continue;
      if (point == one.b) {
        is_cycle = true;
        for (auto at = point; at != one.a; at = parent_[std::size_t(at)].first) cycle_.push_back(parent_[std::size_t(at)].second.tag);
        break;
      }
      state = 2;
      for (const auto& edge : out_[std::size_t(point)]) {
        const auto then = next_[std::size_t(point)] + edge.by;
        const auto to = std::size_t(edge.to);
        if (state_[to] != 2 && then < (state_[to] == 1 ? next_[to] : at_[to])) lower(edge.to, then, {point, edge});
      }
    }
    heap_ = {};
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
    heap_.push({to - at_[at], point});
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
  std::priority_queue<std::pair<Time, Point>, std::vector<std::pair<Time, Point>>, std::greater<>> heap_;
};

// ---- alternatives ------------------------------------------------------------------------------------------------------------------------------

constexpr std::size_t kMostSteps = 200'000;        // of one search: assertions

enum class Enumerated { Yes, No, GaveUp };

class Search {
 public:
  Search(const std::vector<Constraint>& all, const std::vector<Time>& start) : all_(all), times_(start), asked_(start.size()), in_queue_(all.size(), 0), is_on_(all.size(), 0), is_asserted_(all.size(), 0) {
    for (std::size_t i = 0; i < all.size(); ++i) {
      if (all[i].one_of.size() < 2) continue;
      for (const auto& together : all[i].one_of)
        for (const auto& one : together)
          for (const auto point : {one.a, one.b})
            if (asked_[std::size_t(point)].empty() || asked_[std::size_t(point)].back() != int(i)) asked_[std::size_t(point)].push_back(int(i));
    }
  }

  // Which constraints count; their numbers.
  Enumerated find(const std::vector<int>& which) {
    for (const auto i : on_) is_on_[std::size_t(i)] = 0, is_asserted_[std::size_t(i)] = 0;
    for (const auto i : queue_) in_queue_[std::size_t(i)] = 0;
    on_ = which, queue_.clear(), times_.clear(), steps_ = 0;
    for (const auto i : on_) is_on_[std::size_t(i)] = 1;
    for (const auto i : on_) {
      const auto& one_of = all_[std::size_t(i)].one_of;
      if (one_of.empty()) return blame_ = {i}, Enumerated::No;
      if (one_of.size() > 1) continue;
      is_asserted_[std::size_t(i)] = 1;
      if (!assert_all(one_of.front(), i)) return blame_ = times_.cycle(), blame_.push_back(i), sort_blame(), Enumerated::No;
    }
    for (const auto i : on_)
      if (all_[std::size_t(i)].one_of.size() > 1) ask(i);
    return decide();
  }
  // One more, without undoing what was decided: true if that went well. False says nothing.
  bool extend(int i) {
    const auto& one_of = all_[std::size_t(i)].one_of;
    if (is_on_[std::size_t(i)]) return true;
    const auto mark = times_.mark();
    times_.note();
    for (const auto& together : one_of) {
      is_on_[std::size_t(i)] = is_asserted_[std::size_t(i)] = 1;
      // What was settled by the times alone may be broken now; it is decided in its turn, if that can be done at once.
      if (assert_all(together, i) && mend()) return times_.keep(), on_.push_back(i), true;
      is_on_[std::size_t(i)] = is_asserted_[std::size_t(i)] = 0;
      times_.back_to(mark);
    }
    return times_.put_back(), false;
  }

  // Constraints were added behind, without alternatives.
  void grew() { in_queue_.resize(all_.size(), 0), is_on_.resize(all_.size(), 0), is_asserted_.resize(all_.size(), 0); }

  bool holds(int i) const {
    const auto& one_of = all_[std::size_t(i)].one_of;
    return std::any_of(one_of.begin(), one_of.end(), [&](const Together& together) { return std::all_of(together.begin(), together.end(), [&](const AtMost& one) { return times_.holds(one); }); });
  }
  const std::vector<int>& blame() const { return blame_; }
  Time at(Point point) const { return times_.at(point); }
  // The least time of a point by the alternatives that hold now: the longest path to it. Nothing: it is bound by nothing.
  std::optional<Time> least(Point point, std::size_t points) const {
    std::vector<std::vector<std::pair<Point, Time>>> after(points);
    for (const auto i : on_) {
      const auto& one_of = all_[std::size_t(i)].one_of;
      const auto chosen = std::find_if(one_of.begin(), one_of.end(), [&](const Together& together) { return std::all_of(together.begin(), together.end(), [&](const AtMost& one) { return times_.holds(one); }); });
      if (chosen == one_of.end()) continue;
      for (const auto& one : *chosen) after[std::size_t(one.a)].emplace_back(one.b, -one.by);
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
  void ask(int i) {
    if (!in_queue_[std::size_t(i)]) in_queue_[std::size_t(i)] = 1, queue_.push_back(i);
  }
  bool assert_all(const Together& together, int tag) {
    for (const auto& one : together) {
      ++steps_;
      if (!times_.add(one, tag)) return false;
      for (const auto point : times_.moved())
        for (const auto i : asked_[std::size_t(point)])
          if (is_on_[std::size_t(i)] && !is_asserted_[std::size_t(i)]) ask(i);
    }
    return true;
  }
  void sort_blame() {
    std::sort(blame_.begin(), blame_.end());
    blame_.erase(std::unique(blame_.begin(), blame_.end()), blame_.end());
  }
  int next_broken() {
    while (!queue_.empty()) {
      const auto i = queue_.back();
      queue_.pop_back();
      in_queue_[std::size_t(i)] = 0;
      if (is_on_[std::size_t(i)] && !is_asserted_[std::size_t(i)] && !holds(i)) return i;
    }
    return -1;
  }
  Enumerated decide() {
    const auto i = next_broken();
    if (i < 0) return Enumerated::Yes;
    std::vector<int> why{i};
    for (const auto& together : all_[std::size_t(i)].one_of) {
      const auto mark = times_.mark();
      is_asserted_[std::size_t(i)] = 1;
      if (!assert_all(together, i)) {
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
  bool mend() {
    std::vector<int> decided;
    const auto undo = [&] {
      for (const auto i : decided) is_asserted_[std::size_t(i)] = 0;
      return false;
    };
    for (int i = next_broken(); i >= 0; i = next_broken()) {
      const auto& one_of = all_[std::size_t(i)].one_of;
      const auto mark = times_.mark();
      const bool done = std::any_of(one_of.begin(), one_of.end(), [&](const Together& together) {
        if (assert_all(together, i)) return true;
        times_.back_to(mark);
        return false;
      });
      if (!done) return ask(i), undo();
      is_asserted_[std::size_t(i)] = 1, decided.push_back(i);
    }
    return true;
  }

  const std::vector<Constraint>& all_;
  Potentials times_;
  std::vector<std::vector<int>> asked_;            // of each point: constraints with alternatives that speak of it
  std::vector<int> on_, queue_, blame_;
  std::vector<char> in_queue_, is_on_, is_asserted_;
  std::size_t steps_ = 0;
};

// ---- smallest sets -----------------------------------------------------------------------------------------------------------------------------

// Members of one part as bits; local numbers, in the order of the members.
class Bits {
 public:
  explicit Bits(std::size_t size = 0) : words_((size + 63) / 64, 0) {}
  void set(std::size_t i) { words_[i / 64] |= std::uint64_t{1} << (i % 64); }
  bool has(std::size_t i) const { return (words_[i / 64] >> (i % 64) & 1) != 0; }

 private:
  std::vector<std::uint64_t> words_;
};

using Set = std::vector<int>;                      // local numbers, ascending

constexpr std::size_t kMostProposals = 60'000;
constexpr std::size_t kMostNodes = 200'000;        // of one proposal
constexpr std::size_t kMostSearched = 400'000;     // of the search in order

// One part of the network, and its smallest sets that can't be kept.
class SetFinder {
 public:
  SetFinder(const std::vector<Constraint>& all, const std::vector<Time>& start) : all_(all), search_(all, start) {
    for (const auto& one : all)
      if (one.who != Network::kNobody) members_.push_back(one.who);
    std::sort(members_.begin(), members_.end());
    members_.erase(std::unique(members_.begin(), members_.end()), members_.end());
    of_.resize(members_.size());
    for (std::size_t i = 0; i < all.size(); ++i) {
      if (all[i].who == Network::kNobody) facts_.push_back(int(i));
      else of_[std::size_t(std::lower_bound(members_.begin(), members_.end(), all[i].who) - members_.begin())].push_back(int(i));
    }
  }

  bool gave_up() const { return gave_up_; }
  const std::vector<Member>& members() const { return members_; }

  // All, up to `most`; else the first `most` in order, and `more`.
  std::vector<Set> find(std::size_t most, bool& more) {
    Set everyone(members_.size());
    std::iota(everyone.begin(), everyone.end(), 0);
    if (const auto first = ask(everyone); first == Enumerated::Yes) return {};
    else if (first == Enumerated::GaveUp) return gave_up_ = true, more = true, std::vector<Set>{};
    if (ask({}) == Enumerated::No) return {Set{}};
    if (!everything(most)) {
      if (gave_up_) return more = true, sorted(std::move(sets_));
      more = true;
      return in_order(most);
    }
    return sorted(std::move(sets_));
  }

 private:
  static std::vector<Set> sorted(std::vector<Set> sets) {
    std::sort(sets.begin(), sets.end(), [](const Set& a, const Set& b) { return a.size() != b.size() ? a.size() < b.size() : a < b; });
    return sets;
  }

  Enumerated ask(const Set& set) {
    auto which = facts_;
    for (const auto member : set) which.insert(which.end(), of_[std::size_t(member)].begin(), of_[std::size_t(member)].end());
    return search_.find(which);
  }
  Set blamed() const {
    Set out;
    for (const auto i : search_.blame())
      if (const auto who = all_[std::size_t(i)].who; who != Network::kNobody) out.push_back(int(std::lower_bound(members_.begin(), members_.end(), who) - members_.begin()));
    std::sort(out.begin(), out.end());
    out.erase(std::unique(out.begin(), out.end()), out.end());
    return out;
  }

  // The set was found to be kept, and the search stands there: what else can be kept beside it? What can't is a set of which every conflict has a member.
  void learn_from_success() {
    order_.resize(members_.size());
    std::iota(order_.begin(), order_.end(), 0);
    for (std::size_t i = order_.size(); i > 1; --i) std::swap(order_[i - 1], order_[random() % i]);
    for (const auto member : order_) {
      const auto& own = of_[std::size_t(member)];
      if (std::all_of(own.begin(), own.end(), [&](int i) { return search_.holds(i); })) continue;
      for (const auto i : own)
        if (!search_.extend(i)) break;
    }
    Set left;
    for (std::size_t member = 0; member < members_.size(); ++member)
      if (!std::all_of(of_[member].begin(), of_[member].end(), [&](int i) { return search_.holds(i); })) left.push_back(int(member));
    Bits bits(members_.size());
    for (const auto member : left) bits.set(std::size_t(member));
    kept_.push_back(std::move(left)), kept_bits_.push_back(std::move(bits));
  }

  // Until every member is needed.
  bool shrink(Set& set) {
    set = blamed();
    for (std::size_t needed = 0; needed < set.size();) {  // the last ones: without one of them the rest can be kept, and so can less
      auto less = set;
      less.erase(less.end() - std::ptrdiff_t(needed) - 1);
      const auto found = ask(less);
      if (found == Enumerated::GaveUp) return gave_up_ = true, false;
      if (found == Enumerated::No) set = blamed();
      else ++needed;
    }
    return true;
  }

  // ---- all of them -----------------------------------------------------------------------------------------------------------------------------

  // Proposes the greatest sets that hold no known conflict, until there is none left: then all are known. False: there are more than asked for, or it gave up.
  bool everything(std::size_t most) {
    for (std::size_t proposals = 0; proposals < kMostProposals; ++proposals) {
      dropped_.assign(members_.size(), 0);
      nodes_ = 0;
      const auto proposed = propose();
      if (proposed == Enumerated::GaveUp) return gave_up_ = sets_.size() <= most, false;
      if (proposed == Enumerated::No) return true;
      Set set;
      for (std::size_t i = 0; i < members_.size(); ++i)
        if (dropped_[i] != 1) set.push_back(int(i));
      const auto found = ask(set);
      if (found == Enumerated::GaveUp) return gave_up_ = true, false;
      if (found == Enumerated::Yes) {
        learn_from_success();
        continue;
      }
      if (!shrink(set)) return false;
      sets_.push_back(std::move(set));
      if (sets_.size() > most) return false;
    }
    return gave_up_ = true, false;
  }

  // Drops a member of each known conflict (1: dropped, 2: stays), but not all of any set that has to be met.
  Enumerated propose() {
    if (++nodes_ > kMostNodes) return Enumerated::GaveUp;
    std::vector<int> forced;
    const auto undo = [&] {
      for (const auto i : forced) dropped_[std::size_t(i)] = 0;
      return Enumerated::No;
    };
    for (const auto& left : kept_) {
      int alive = -1;
      bool is_settled = false;
      for (const auto i : left) {
        if (dropped_[std::size_t(i)] == 1) continue;
        if (dropped_[std::size_t(i)] == 2 || alive >= 0) {
          is_settled = true;
          break;
        }
        alive = i;
      }
      if (is_settled) continue;
      if (alive < 0) return undo();
      dropped_[std::size_t(alive)] = 2, forced.push_back(alive);
    }
    const Set* open = nullptr;
    std::size_t fewest = 0;
    for (const auto& set : sets_) {
      std::size_t may = 0;
      bool is_met = false;
      for (const auto i : set) {
        if (dropped_[std::size_t(i)] == 1) {
          is_met = true;
          break;
        }
        may += dropped_[std::size_t(i)] == 0 ? 1 : 0;
      }
      if (is_met) continue;
      if (may == 0) return undo();
      if (open == nullptr || may < fewest) open = &set, fewest = may;
    }
    if (open == nullptr) return Enumerated::Yes;
    for (const auto i : *open) {
      if (dropped_[std::size_t(i)] != 0) continue;
      dropped_[std::size_t(i)] = 1;
      if (const auto below = propose(); below != Enumerated::No) return below;
      dropped_[std::size_t(i)] = 2, forced.push_back(i);
    }
    return undo();
  }

  // ---- the first of them -----------------------------------------------------------------------------------------------------------------------

  // Size by size, in the order of the members: sets that meet every reason known so far. What is proposed so and can't be kept is smallest, since anything smaller would
  // have come before. And so each member of a proposal meets a reason that no other member meets: without it the rest would have been asked before, and have been kept.
  std::vector<Set> in_order(std::size_t most) {
    std::vector<Set> out;
    const auto known = sorted(std::move(sets_));
    const auto largest = known[std::min(most, known.size() - 1)].size();
    nodes_ = 0;
    for (std::size_t size = 1; size <= largest && out.size() <= most && !gave_up_; ++size) {
      Set chosen;
      of_size(size, 0, chosen, out, most + 1);
    }
    if (gave_up_)
      for (const auto& one : known)
        if (std::find(out.begin(), out.end(), one) == out.end()) out.push_back(one);
    return sorted(std::move(out));
  }

  static bool is_above_known(const Set& set, const std::vector<Set>& known) {
    return std::any_of(known.begin(), known.end(), [&](const Set& one) { return std::includes(set.begin(), set.end(), one.begin(), one.end()); });
  }

  // Of the reasons: which a set doesn't meet; and whether each member meets one alone.
  bool weigh(const Set& chosen, std::vector<std::size_t>& unmet) const {
    unmet.clear();
    std::vector<char> has_own(chosen.size(), 0);
    for (std::size_t k = 0; k < kept_bits_.size(); ++k) {
      std::size_t count = 0, which = 0;
      for (std::size_t i = 0; i < chosen.size() && count < 2; ++i)
        if (kept_bits_[k].has(std::size_t(chosen[i]))) ++count, which = i;
      if (count == 0) unmet.push_back(k);
      if (count == 1) has_own[which] = 1;
    }
    return std::all_of(has_own.begin(), has_own.end(), [](char one) { return one != 0; });
  }
  // At least so many members behind `from` are needed to meet these: as many as there are reasons that share none.
  bool can_meet(const std::vector<std::size_t>& unmet, int from, std::size_t with) const {
    Bits taken(members_.size());
    std::size_t needed = 0;
    for (const auto k : unmet) {
      const auto& left = kept_[k];
      const auto first = std::lower_bound(left.begin(), left.end(), from);
      if (first == left.end()) return false;
      if (std::any_of(first, left.end(), [&](int i) { return taken.has(std::size_t(i)); })) continue;
      if (++needed > with) return false;
      for (auto i = first; i != left.end(); ++i) taken.set(std::size_t(*i));
    }
    return true;
  }

  void of_size(std::size_t more, int from, Set& chosen, std::vector<Set>& out, std::size_t most) {
    if (++nodes_ > kMostSearched) return void(gave_up_ = true);
    std::vector<std::size_t> unmet;
    if (!weigh(chosen, unmet)) return;
    if (more == 0) {
      if (!unmet.empty() || is_above_known(chosen, out)) return;
      const auto found = ask(chosen);
      if (found == Enumerated::GaveUp) return void(gave_up_ = true);
      if (found == Enumerated::No) return out.push_back(chosen);
      return learn_from_success();
    }
    auto known = kept_.size();
    for (int next = from; next < int(members_.size()); ++next) {
      if (out.size() >= most || gave_up_) return;
      if (known != kept_.size()) {
        if (!weigh(chosen, unmet)) return;
        known = kept_.size();
      }
      // The next that meets any; the last must meet all.
      int least = known == 0 ? next : int(members_.size());
      for (const auto k : unmet) {
        const auto at = std::lower_bound(kept_[k].begin(), kept_[k].end(), next);
        if (at == kept_[k].end()) return;
        least = more == 1 ? (least == int(members_.size()) ? *at : std::max(least, *at)) : std::min(least, *at);
      }
      if (least > next) {
        next = least - 1;
        continue;
      }
      if (more > 1 && !can_meet(unmet, next, more)) return;
      chosen.push_back(next);
      if (!is_above_known(chosen, out)) of_size(more - 1, next + 1, chosen, out, most);
      chosen.pop_back();
    }
  }

  std::uint64_t random() {
    seed_ ^= seed_ << 13, seed_ ^= seed_ >> 7, seed_ ^= seed_ << 17;
    return seed_;
  }

  const std::vector<Constraint>& all_;
  Search search_;
  std::vector<Member> members_;
  std::vector<std::vector<int>> of_;
  std::vector<int> facts_;
  std::vector<Set> sets_, kept_;                   // conflicts; what every conflict has a member of
  std::vector<Bits> kept_bits_;
  std::vector<int> order_;
  std::vector<char> dropped_;
  std::size_t nodes_ = 0;
  std::uint64_t seed_ = 0x9E3779B97F4A7C15;        // the same every time (N4)
  bool gave_up_ = false;
};

}  // namespace

// ---- the network -------------------------------------------------------------------------------------------------------------------------------

struct Network::Parts {
  std::vector<Constraint> constraints;
  std::vector<Time> start{0};
  std::size_t members = 0;

  struct Part {
    std::vector<Constraint> constraints;
    std::vector<Time> start{0};
    std::vector<Point> points{kOrigin};            // of the whole network
  };
  mutable std::vector<Part> parts;                 // as far as they were asked for; none: made anew

  // Points joined by a constraint are of one part; the origin joins nobody.
  const std::vector<Part>& split() const {
    if (!parts.empty()) return parts;
    std::vector<Point> root(start.size());
    std::iota(root.begin(), root.end(), 0);
    const auto find = [&](Point at) {
      while (root[std::size_t(at)] != at) at = root[std::size_t(at)] = root[std::size_t(root[std::size_t(at)])];
      return at;
    };
    const auto any_of = [](const Constraint& one) {
      for (const auto& together : one.one_of)
        for (const auto& each : together)
          for (const auto point : {each.a, each.b})
            if (point != kOrigin) return point;
      return kOrigin;
    };
    for (const auto& one : constraints) {
      const auto first = any_of(one);
      for (const auto& together : one.one_of)
        for (const auto& each : together)
          for (const auto point : {each.a, each.b})
            if (point != kOrigin) root[std::size_t(find(point))] = find(first);
    }
    std::vector<Part> out;
    std::vector<int> part(start.size(), -1);
    std::vector<Point> local(start.size(), kOrigin);
    const auto number = [&](Point at) {
      auto& own = part[std::size_t(at == kOrigin ? kOrigin : find(at))];
      if (own < 0) own = int(out.size()), out.emplace_back();
      return own;
    };
    for (std::size_t point = 1; point < start.size(); ++point) {
      auto& own = out[std::size_t(number(Point(point)))];
      local[point] = Point(own.start.size());
      own.start.push_back(start[point]), own.points.push_back(Point(point));
    }
    for (const auto& one : constraints) {
      auto& own = out[std::size_t(number(any_of(one)))];
      own.constraints.push_back(one);
      for (auto& together : own.constraints.back().one_of)
        for (auto& each : together) each.a = local[std::size_t(each.a)], each.b = local[std::size_t(each.b)];
    }
    return parts = std::move(out);
  }

  static std::vector<int> which_of(const Part& part, const std::vector<char>* who) {
    std::vector<int> out;
    for (std::size_t i = 0; i < part.constraints.size(); ++i) {
      const auto own = part.constraints[i].who;
      if (own == kNobody || who == nullptr || (std::size_t(own) < who->size() && (*who)[std::size_t(own)] != 0)) out.push_back(int(i));
    }
    return out;
  }

  Answer solve(const std::vector<char>* who) const {
    Answer out;
    out.times.assign(start.size(), 0);
    out.verdict = Verdict::Feasible;
    for (const auto& part : split()) {
      const auto which = which_of(part, who);
      Search search(part.constraints, part.start);
      const auto found = search.find(which);
      if (found == Enumerated::Yes && std::all_of(which.begin(), which.end(), [&](int i) { return search.holds(i); })) {
        for (std::size_t point = 1; point < part.points.size(); ++point) out.times[std::size_t(part.points[point])] = search.at(Point(point));
        continue;
      }
      out.times.clear();
      if (found != Enumerated::No) return out.verdict = Verdict::Undecided, out;
      out.verdict = Verdict::Infeasible;
      for (const auto i : search.blame())
        if (part.constraints[std::size_t(i)].who != kNobody) out.blame.push_back(part.constraints[std::size_t(i)].who);
      std::sort(out.blame.begin(), out.blame.end());
      out.blame.erase(std::unique(out.blame.begin(), out.blame.end()), out.blame.end());
      return out;
    }
    return out;
  }
};

Network::Network() : parts_(std::make_unique<Parts>()) {}
Network::~Network() = default;
Network::Network(Network&&) noexcept = default;
Network& Network::operator=(Network&&) noexcept = default;

Network::Point Network::add_point(Time start) { return parts_->parts.clear(), parts_->start.push_back(start), Point(parts_->start.size() - 1); }

void Network::require(Member who, std::vector<Together> one_of) {
  if (who != kNobody) parts_->members = std::max(parts_->members, std::size_t(who) + 1);
  if (std::any_of(one_of.begin(), one_of.end(), [](const Together& one) { return one.empty(); })) one_of = {Together{}};
  parts_->parts.clear();
  parts_->constraints.push_back({who, std::move(one_of)});
}

std::size_t Network::points() const { return parts_->start.size(); }
std::size_t Network::members() const { return parts_->members; }

Network::Answer Network::solve() const { return parts_->solve(nullptr); }

Network::Answer Network::solve(const std::vector<Member>& who) const {
  std::vector<char> flags(parts_->members, 0);
  for (const auto one : who)
    if (one >= 0 && std::size_t(one) < flags.size()) flags[std::size_t(one)] = 1;
  return parts_->solve(&flags);
}

Network::Answer Network::earliest(const std::vector<Member>& who, const std::vector<Point>& points) const {
  std::vector<char> flags(parts_->members, 0);
  for (const auto one : who)
    if (one >= 0 && std::size_t(one) < flags.size()) flags[std::size_t(one)] = 1;
  auto best = parts_->solve(&flags);
  if (!best.is_feasible()) return best;
  for (auto part : parts_->split()) {                // a copy, to which bounds are added
    std::vector<Point> own;
    for (const auto point : points)
      if (const auto found = std::find(part.points.begin() + 1, part.points.end(), point); found != part.points.end()) own.push_back(Point(found - part.points.begin()));
    if (own.empty()) continue;
    part.constraints.reserve(part.constraints.size() + own.size());
    Search search(part.constraints, part.start);
    auto which = Parts::which_of(part, &flags);
    const auto record = [&] {
      for (std::size_t point = 1; point < part.points.size(); ++point) best.times[std::size_t(part.points[point])] = search.at(Point(point));
    };
    for (const auto point : own) {
      // What is chosen now allows this; can anything else be earlier still?
      const auto bound = int(part.constraints.size());
      part.constraints.push_back({kNobody, {{no_later(point, best.times[std::size_t(part.points[std::size_t(point)])])}}});
      search.grew();
      which.push_back(bound);
      if (search.find(which) != Enumerated::Yes) return best.verdict = Verdict::Undecided, best;
      for (;;) {
        const auto least = search.least(point, part.start.size());
        if (!least) break;                           // nothing bounds it
        part.constraints[std::size_t(bound)].one_of = {{no_later(point, *least)}};
        if (search.find(which) != Enumerated::Yes) return best.verdict = Verdict::Undecided, best;
        record();
        part.constraints[std::size_t(bound)].one_of = {{no_later(point, *least - 1)}};
        const auto found = search.find(which);
        if (found == Enumerated::GaveUp) return best.verdict = Verdict::Undecided, best;
        if (found == Enumerated::Yes) continue;
        part.constraints[std::size_t(bound)].one_of = {{no_later(point, *least)}};
        break;
      }
      if (search.find(which) != Enumerated::Yes) return best.verdict = Verdict::Undecided, best;
      record();
    }
  }
  return best;
}

Network::Sets Network::conflicts(std::size_t most) const {
  std::vector<Member> everyone(members());
  std::iota(everyone.begin(), everyone.end(), 0);
  return conflicts(most, everyone, {});
}

Network::Sets Network::conflicts(std::size_t most, const std::vector<Member>& among, const std::vector<Member>& facts) const {
  enum : char { Out, In, Fact };
  std::vector<char> role(members(), Out);
  const auto set = [&](const std::vector<Member>& who, char as) {
    for (const auto one : who)
      if (one >= 0 && std::size_t(one) < role.size()) role[std::size_t(one)] = as;
  };
  set(among, In), set(facts, Fact);
  const auto is_first = [](const std::vector<Member>& a, const std::vector<Member>& b) { return a.size() != b.size() ? a.size() < b.size() : a < b; };
  for (auto asked = most;; asked *= 4) {
    Sets out;
    bool gave_up = false;
    std::vector<std::vector<Member>> all;
    std::optional<std::vector<Member>> known_to;     // some part has more, after this one
    for (const auto& part : parts_->split()) {
      std::vector<Constraint> counting;
      for (const auto& one : part.constraints) {
        if (one.who != kNobody && role[std::size_t(one.who)] == Out) continue;
        counting.push_back(one);
        if (one.who != kNobody && role[std::size_t(one.who)] == Fact) counting.back().who = kNobody;
      }
      SetFinder finder(counting, part.start);
      bool more = false;
      std::vector<Member> last;
      for (const auto& set : finder.find(asked, more)) {
        last.clear();
        for (const auto i : set) last.push_back(finder.members()[std::size_t(i)]);
        all.push_back(last);
      }
      gave_up = gave_up || finder.gave_up();
      if (more && (!known_to || is_first(last, *known_to))) known_to = last;
    }
    out.feasible = all.empty() && !gave_up;
    std::sort(all.begin(), all.end(), is_first);
    // A set of one part may hold one of another, since members may stand in several.
    for (auto& set : all)
      if (std::none_of(out.sets.begin(), out.sets.end(), [&](const auto& less) { return std::includes(set.begin(), set.end(), less.begin(), less.end()); })) out.sets.push_back(std::move(set));
    if (known_to && !gave_up && (out.sets.size() <= most || is_first(*known_to, out.sets[most]))) continue;
    out.more = gave_up || out.sets.size() > most;
    if (out.sets.size() > most) out.sets.resize(most);
    return out;
  }
}

}  // namespace sluice::regimes
