// The network and its parts. Points that only the origin connects don't touch one another: each such part is asked by itself (network_search.h), and has its own smallest sets that
// can't be kept (network_sets.h); the smallest of all parts are put together here.
#include "regimes/network.h"

#include <algorithm>
#include <deque>
#include <limits>
#include <numeric>

#include "regimes/network_sets.h"
#include "regimes/network_simple.h"

namespace sluice::regimes {

using namespace temporal;

struct Network::Parts {
  Constraints constraints;
  std::vector<Time> start{0};
  std::size_t members = 0;

  struct Part {
    Constraints constraints;
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
    const auto any_of = [&](std::size_t i) {
      for (std::size_t k = 0; k < constraints.ways(i); ++k)
        for (const auto& each : constraints.way(i, k))
          for (const auto point : {each.a, each.b})
            if (point != kOrigin) return point;
      return kOrigin;
    };
    for (std::size_t i = 0; i < constraints.size(); ++i) {
      const auto first = any_of(i);
      for (std::size_t k = 0; k < constraints.ways(i); ++k)
        for (const auto& each : constraints.way(i, k))
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
    for (std::size_t i = 0; i < constraints.size(); ++i)
      out[std::size_t(number(any_of(i)))].constraints.add(constraints.who(i), constraints, i, [&](Point point) { return local[std::size_t(point)]; });
    return parts = std::move(out);
  }

  static std::vector<int> which_of(const Part& part, const std::vector<char>* who) {
    std::vector<int> out;
    for (std::size_t i = 0; i < part.constraints.size(); ++i) {
      const auto own = part.constraints.who(i);
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
        if (part.constraints.who(std::size_t(i)) != kNobody) out.blame.push_back(part.constraints.who(std::size_t(i)));
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
  simplify(one_of);
  parts_->parts.clear();
  parts_->constraints.add(who, one_of);
}

Network::Mark Network::mark() const { return {parts_->start.size(), parts_->constraints.size()}; }

void Network::repeat(const Mark& from, const Mark& until) {
  parts_->parts.clear();
  const auto behind = Point(parts_->start.size() - from.points);
  const auto is_own = [&](Point point) { return std::size_t(point) >= from.points && std::size_t(point) < until.points; };
  for (auto point = from.points; point < until.points; ++point) parts_->start.push_back(parts_->start[point]);
  parts_->constraints.repeat(from.constraints, until.constraints, [&](Point point) { return is_own(point) ? point + behind : point; });
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
    Search search(part.constraints, part.start);
    auto which = Parts::which_of(part, &flags);
    const auto record = [&] {
      for (std::size_t point = 1; point < part.points.size(); ++point) best.times[std::size_t(part.points[point])] = search.at(Point(point));
    };
    for (const auto point : own) {
      // What is chosen now allows this; can anything else be earlier still?
      const auto bound = int(part.constraints.size());
      part.constraints.add(kNobody, {{no_later(point, best.times[std::size_t(part.points[std::size_t(point)])])}});
      search.grew();
      which.push_back(bound);
      if (search.find(which) != Enumerated::Yes) return best.verdict = Verdict::Undecided, best;
      for (;;) {
        const auto least = search.least(point, part.start.size());
        if (!least) break;                           // nothing bounds it
        part.constraints.set(std::size_t(bound), no_later(point, *least));
        if (search.find(which) != Enumerated::Yes) return best.verdict = Verdict::Undecided, best;
        record();
        part.constraints.set(std::size_t(bound), no_later(point, *least - 1));
        const auto found = search.find(which);
        if (found == Enumerated::GaveUp) return best.verdict = Verdict::Undecided, best;
        if (found == Enumerated::Yes) continue;
        part.constraints.set(std::size_t(bound), no_later(point, *least));
        break;
      }
      if (search.find(which) != Enumerated::Yes) return best.verdict = Verdict::Undecided, best;
      record();
    }
  }
  return best;
}

namespace {

struct Gathered {
  Network::Sets sets;
  bool is_enough = false;                            // more can't change it
};

// The first sets of all parts, while all of less than `size` members are known, and all of so many whose first is at most `first`; where nothing is left to look for, all.
Gathered put_together(const std::deque<SetFinder>& finders, std::size_t members, std::size_t size, Member first, std::size_t most, std::size_t least) {
  const bool gave_up = std::any_of(finders.begin(), finders.end(), [](const SetFinder& one) { return one.gave_up(); });
  const bool is_whole = std::all_of(finders.begin(), finders.end(), [](const SetFinder& one) { return one.is_complete() || one.gave_up(); });
  const auto largest = is_whole ? std::numeric_limits<std::size_t>::max() : size;
  std::vector<std::vector<Member>> all;
  for (const auto& one : finders)
    for (auto& set : one.sets(largest))
      if (set.size() < size || is_whole || set.front() <= first) all.push_back(std::move(set));
  std::sort(all.begin(), all.end(), [](const auto& a, const auto& b) { return a.size() != b.size() ? a.size() < b.size() : a < b; });
  Gathered out;
  out.sets.feasible = all.empty() && !gave_up;
  // A set of one part may hold one of another, since members may stand in several.
  std::vector<std::vector<Member>> smaller;
  std::vector<char> is_alone(members, 0);
  for (auto& set : all) {
    if (out.sets.sets.size() > most) break;
    const auto holds = [&](const auto& less) { return std::includes(set.begin(), set.end(), less.begin(), less.end()); };
    if (std::any_of(set.begin(), set.end(), [&](Member one) { return is_alone[std::size_t(one)] != 0; }) || std::any_of(smaller.begin(), smaller.end(), holds) ||
        std::any_of(out.sets.sets.begin(), out.sets.sets.end(), holds))
      continue;
    if (set.size() == 1) is_alone[std::size_t(set.front())] = 1;
    if (set.size() >= least || (set.empty() && least < 2)) out.sets.sets.push_back(std::move(set));
    else if (set.size() != 1) smaller.push_back(std::move(set));
  }
  out.is_enough = is_whole || out.sets.sets.size() > most;
  out.sets.more = gave_up || out.sets.sets.size() > most;
  if (out.sets.sets.size() > most) out.sets.sets.resize(most);
  return out;
}

// Where one part gave up, what another knows may hold a smaller set of that one. So each is asked of all parts without each of its members; what can't be told is left out.
Network::Sets confirmed(Network::Sets all, std::deque<SetFinder>& finders, std::size_t least) {
  if (std::none_of(finders.begin(), finders.end(), [](const SetFinder& one) { return one.gave_up(); })) return all;
  const auto can_be_kept = [&](const std::vector<Member>& set) -> std::optional<bool> {
    bool is_known = true;
    for (auto& one : finders) {
      const auto own = one.can_be_kept(set);
      if (own == false) return false;
      is_known = is_known && own;
    }
    return is_known ? std::optional(true) : std::nullopt;
  };
  std::vector<std::vector<Member>> sets;
  for (auto& set : all.sets) {
    bool is_known = true;
    for (std::size_t i = 0; i < set.size() && is_known;) {
      auto less = set;
      less.erase(less.begin() + std::ptrdiff_t(i));
      const auto kept = can_be_kept(less);
      if (!kept) is_known = false;
      else if (*kept) ++i;
      else set = std::move(less);
    }
    if (is_known && (set.size() >= least || (set.empty() && least < 2))) sets.push_back(std::move(set));
  }
  std::sort(sets.begin(), sets.end(), [](const auto& a, const auto& b) { return a.size() != b.size() ? a.size() < b.size() : a < b; });
  sets.erase(std::unique(sets.begin(), sets.end()), sets.end());
  all.sets = std::move(sets);
  return all;
}

// In words looked at: a second or two.
constexpr std::uint64_t kMostWork = 500'000'000;
constexpr std::uint64_t kMostWorkForOne = kMostWork / 8;

}  // namespace

Network::Sets Network::conflicts(std::size_t most, std::size_t least) const {
  std::vector<Member> everyone(members());
  std::iota(everyone.begin(), everyone.end(), 0);
  return conflicts(most, everyone, {}, least);
}

Network::Sets Network::conflicts(std::size_t most, const std::vector<Member>& among, const std::vector<Member>& facts, std::size_t least) const {
  std::vector<Counts> counts(members(), Counts::Out);
  const auto set = [&](const std::vector<Member>& who, Counts as) {
    for (const auto one : who)
      if (one >= 0 && std::size_t(one) < counts.size()) counts[std::size_t(one)] = as;
  };
  set(among, Counts::In), set(facts, Counts::Fact);
  std::deque<SetFinder> finders;
  Work work(most == 1 ? kMostWorkForOne : kMostWork);
  for (const auto& part : parts_->split()) finders.emplace_back(part.constraints, part.start, counts, work);
  std::vector<std::vector<SetFinder*>> having(members());
  for (auto& one : finders)
    if (!one.is_complete())
      for (const auto member : one.members()) having[std::size_t(member)].push_back(&one);
  // In order, as far as is needed: by size, then by the first member. Where a size isn't the end, all of each part, if that is no long search; else the next size.
  std::size_t questions = 16;
  for (std::size_t size = 1;; ++size) {
    std::size_t found = 0, enough = most + 1;
    if (size == 1)                                   // those of a part one after the other, while it is at hand
      for (auto& one : finders)
        for (std::size_t i = 0; !one.is_complete() && i < one.members().size(); ++i) one.of_size(1, one.members()[i]);
    for (std::size_t first = 0; size > 1 && first < members(); ++first) {
      for (auto* one : having[first]) found += one->of_size(size, Member(first));
      if (found < enough) continue;
      if (auto out = put_together(finders, members(), size, Member(first), most, least); out.is_enough) return confirmed(std::move(out.sets), finders, least);
      enough = found * 2;                            // many were alike, or hold smaller ones
    }
    if (size > 1)
      for (auto& one : finders) one.all(questions);
    if (auto out = put_together(finders, members(), size, Member(members()), most, least); out.is_enough) return confirmed(std::move(out.sets), finders, least);
    if (size > 1) questions *= 4;
  }
}

}  // namespace sluice::regimes
