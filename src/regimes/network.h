// Points in time and what must hold between them: differences of at most so many seconds, with alternatives for either-or, each on somebody's account. It says
// whether all can be kept, at which times, and if not, which smallest sets of accounts can't. It knows nothing of rules.
//
// Always holds
//   N1  It is exact: "feasible" comes with times that keep every constraint (they are checked), "infeasible" with a proof. What took too long is Undecided.
//   N2  Every set of conflicts() can't be kept, and without any one of its members it can (on the facts: the constraints of nobody); where it gave up, as far as was found.
//   N3  conflicts() gives all smallest sets of at least `least` members: smaller ones first, then by the numbers of their members; beyond `most`, or where it gave up, `more` is set.
//   N4  The same network, made in the same order, gives the same answer.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

namespace sluice::regimes {

class Network {
 public:
  using Time = std::int64_t;                       // whole seconds
  using Point = std::int32_t;
  using Member = std::int32_t;
  static constexpr Point kOrigin = 0;              // its time is 0
  static constexpr Member kNobody = -1;            // a fact: always holds, stands in no set
  static constexpr Time kMost = Time{1} << 41;     // of any difference

  // time(a) - time(b) <= by. Strictly less is one second less: at_most(a, b, by - 1).
  struct AtMost {
    Point a = kOrigin, b = kOrigin;
    Time by = 0;
    bool operator==(const AtMost&) const = default;
  };
  using Together = std::vector<AtMost>;            // all of them
  static AtMost no_later(Point a, Time at) { return {a, kOrigin, at}; }
  static AtMost no_earlier(Point a, Time at) { return {kOrigin, a, -at}; }

  Network();
  ~Network();
  Network(Network&&) noexcept;
  Network& operator=(Network&&) noexcept;

  // `start`: where the search begins, and where a point stays that nothing asks to be elsewhere.
  Point add_point(Time start = 0);
  // Members are numbered from 0; their numbers are their order. Together they must hold one of the alternatives, wholly. None: it can't be kept at all.
  void require(Member who, std::vector<Together> one_of);
  void require(Member who, const AtMost& one) { require(who, std::vector<Together>{{one}}); }

  // What was added between two marks once more, with new points behind all others in place of those that it added, in their order.
  struct Mark {
    std::size_t points = 0, constraints = 0;
  };
  Mark mark() const;
  void repeat(const Mark& from, const Mark& until);

  std::size_t points() const;
  std::size_t members() const;                     // the highest number used, and one

  enum class Verdict { Feasible, Infeasible, Undecided };
  struct Answer {
    Verdict verdict = Verdict::Undecided;
    std::vector<Time> times;                       // of each point, where feasible
    std::vector<Member> blame;                     // where infeasible: these alone can't be kept; not smallest
    bool is_feasible() const { return verdict == Verdict::Feasible; }
  };
  // All members, or these.
  Answer solve() const;
  Answer solve(const std::vector<Member>& who) const;

  // Times that keep all of `who`, the first point as early as it may be, then the second, ...
  Answer earliest(const std::vector<Member>& who, const std::vector<Point>& points) const;

  struct Sets {
    std::vector<std::vector<Member>> sets;         // members ascending; the empty set: the facts alone can't be kept
    bool more = false;                             // there are more, or the search gave up: then there may be
    bool feasible = true;                          // proven
  };
  Sets conflicts(std::size_t most = 64, std::size_t least = 1) const;
  // Among some, while others are facts; whoever is neither doesn't count.
  Sets conflicts(std::size_t most, const std::vector<Member>& among, const std::vector<Member>& facts, std::size_t least = 1) const;

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

}  // namespace sluice::regimes
