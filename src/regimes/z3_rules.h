// Sets of rules drawn by lot, and the same question to Z3: an oracle that shares nothing with the network but the set itself. For tests and benchmarks only.
//
// A rule is written as a lawyer would ("A by three days after E", "B only once C was two days ago"), as atoms over acts and known instants; what the network makes of it and what Z3
// makes of it are two translations, side by side below.
#pragma once

#include <z3++.h>

#include <algorithm>
#include <random>
#include <string>
#include <vector>

#include "regimes/network.h"

namespace sluice::regimes::oracle {

constexpr std::int64_t kHour = 3'600, kDay = 24 * kHour;

// `what` is at least `by` seconds after `from`. An act by its number; a known instant is kInstant and stands in the number of seconds.
constexpr int kInstant = -1;
struct Tick {
  int act = kInstant;
  std::int64_t at = 0;
};
struct Atom {
  Tick what, from;
  std::int64_t by = 0;
};
using Way = std::vector<Atom>;
constexpr int kFact = -1;
struct Rule {
  std::vector<Way> ways;  // one of them, wholly
  std::string says;
  int who = kFact;        // on whose account; one account may have several
};
struct Rules {
  int acts = 0, members = 0;
  std::vector<Rule> rules;
};

inline Tick act(int number) { return {number, 0}; }
inline Tick instant(std::int64_t at) { return {kInstant, at}; }

// The forms that rules on disclosure have (duty.h, judge.h): deadline, very instant, ban until, ban during, precondition with a waiting time, a ban with ways around it, an embargo.
class Draw {
 public:
  explicit Draw(std::uint32_t seed) : random_(seed) {}

  int any(int least, int most) { return std::uniform_int_distribution<int>(least, most)(random_); }
  bool one_in(int many) { return any(1, many) == 1; }
  // Whole hours, now and then a second beside, where "before" and "by" part.
  std::int64_t length(int most_hours) { return any(0, most_hours) * kHour + (one_in(4) ? any(-1, 1) : 0); }
  Tick known() { return instant(length(120)); }
  Tick event(int acts, int but) {
    if (acts < 2 || one_in(2)) return known();
    int which = any(0, acts - 2);
    return act(which >= but ? which + 1 : which);
  }

  Rule deadline(int acts, int who) {
    const auto after = event(acts, who);
    const auto within = length(96);
    return {{{{act(who), after, 0}, {after, act(who), -within}}}, "A" + std::to_string(who) + " within " + std::to_string(within)};
  }
  Rule very_instant(int acts, int who) {
    const auto on = event(acts, who);
    return {{{{act(who), on, 0}, {on, act(who), 0}}}, "A" + std::to_string(who) + " at the very instant"};
  }
  Way until(int acts, int who) { return {{act(who), event(acts, who), 0}}; }
  Way first(int acts, int who) {
    const auto wait = one_in(2) ? 0 : length(72);
    return {{act(who), event(acts, who), std::max<std::int64_t>(1, wait)}};  // strictly after, or when the wait has run
  }
  Rule ban_until(int acts, int who) { return {{until(acts, who)}, "not A" + std::to_string(who) + " until"}; }
  Rule ban_during(int who) {
    const auto from = known(), to = instant(from.at + length(60));
    return {{{{from, act(who), 1}}, {{act(who), to, 0}}}, "not A" + std::to_string(who) + " during"};
  }
  Rule precondition(int acts, int who) { return {{first(acts, who)}, "A" + std::to_string(who) + " only after"}; }
  Rule ban_with_ways(int acts, int who) {
    Rule out{{}, "not A" + std::to_string(who) + " but"};
    if (!one_in(3)) out.ways.push_back(until(acts, who));
    for (int i = any(out.ways.empty() ? 1 : 0, 2); i > 0; --i) {
      auto way = first(acts, who);
      if (one_in(3)) {  // several steps
        const auto more = first(acts, who);
        way.insert(way.end(), more.begin(), more.end());
      }
      out.ways.push_back(std::move(way));
    }
    if (one_in(12)) out.ways.clear();  // for ever
    return out;
  }
  Rule embargo(int who) { return {{{{act(who), known(), 0}}}, "embargo on A" + std::to_string(who)}; }

  Rule any_rule(int acts) {
    const int who = any(0, acts - 1);
    switch (any(0, 9)) {
      case 0: case 1: case 2: return deadline(acts, who);
      case 3: return very_instant(acts, who);
      case 4: return ban_until(acts, who);
      case 5: return ban_during(who);
      case 6: return precondition(acts, who);
      case 7: case 8: return ban_with_ways(acts, who);
      default: return embargo(who);
    }
  }
  Rules rules(int acts, int count) {
    Rules out;
    out.acts = acts, out.members = count;
    for (int i = 0; i < acts; ++i) out.rules.push_back({{{{act(i), instant(0), 0}}}, "A" + std::to_string(i) + " not before the case began"});
    if (one_in(4)) out.rules.push_back(any_rule(acts));
    for (int i = 0; i < count; ++i)
      for (int k = one_in(5) ? 2 : 1; k > 0; --k) out.rules.push_back(any_rule(acts)), out.rules.back().who = i;
    return out;
  }

 private:
  std::mt19937 random_;
};

// ---- to the network ----

inline Network to_network(const Rules& all) {
  Network out;
  std::vector<Network::Point> points;
  for (int i = 0; i < all.acts; ++i) points.push_back(out.add_point());
  const auto at_most = [&](const Atom& atom) {
    // what >= from + by, as from - what <= -by.
    const auto point = [&](const Tick& one) { return one.act == kInstant ? Network::kOrigin : points[std::size_t(one.act)]; };
    const auto offset = [](const Tick& one) { return one.act == kInstant ? one.at : 0; };
    return Network::AtMost{point(atom.from), point(atom.what), offset(atom.what) - offset(atom.from) - atom.by};
  };
  for (const auto& rule : all.rules) {
    std::vector<Network::Together> one_of;
    for (const auto& way : rule.ways) {
      Network::Together together;
      for (const auto& atom : way) together.push_back(at_most(atom));
      one_of.push_back(std::move(together));
    }
    out.require(rule.who == kFact ? Network::kNobody : Network::Member(rule.who), std::move(one_of));
  }
  return out;
}

// ---- to Z3 ----

using Members = std::vector<Network::Member>;

// Each rule hangs on a literal of its own; what is asked is which literals can hold together.
class Z3 {
 public:
  explicit Z3(const Rules& all, const char* logic = "QF_IDL") : solver_(context_, logic), literals_(context_), acts_(context_) {
    for (int i = 0; i < all.acts; ++i) acts_.push_back(context_.int_const(("a" + std::to_string(i)).c_str()));
    for (int i = 0; i < all.members; ++i) literals_.push_back(context_.bool_const(("r" + std::to_string(i)).c_str()));
    for (const auto& rule : all.rules) solver_.add(rule.who == kFact ? holds(rule) : z3::implies(literals_[unsigned(rule.who)], holds(rule)));
  }

  bool can_all_be_kept(const Members& who) {
    z3::expr_vector asked(context_);
    for (const auto one : who) asked.push_back(literals_[unsigned(one)]);
    return check(asked);
  }
  // Whether all of them can be kept with this act no later than that, and those before at exactly these times.
  bool could_be_earlier(const Members& who, const std::vector<std::pair<int, std::int64_t>>& exactly, int which, std::int64_t no_later) {
    solver_.push();
    for (const auto& [number, at] : exactly) solver_.add(acts_[unsigned(number)] == context_.int_val(at));
    solver_.add(acts_[unsigned(which)] <= context_.int_val(no_later));
    const bool out = can_all_be_kept(who);
    solver_.pop();
    return out;
  }
  int asked() const { return asked_; }

  // Up to so many smallest sets, in the order in which they are met: a second solver proposes what no set and no possible choice known so far decides; what can be kept is grown until
  // nothing more can, what can't is shrunk, by its core first (Liffiton and others, "Fast, flexible MUS enumeration", 2016). Nothing asked for longer than `enough` says.
  template <class Enough>
  std::vector<Members> sets_by_proposal(int count, std::size_t most, Enough enough) {
    std::vector<Members> out;
    z3::solver map(context_);
    z3::expr_vector in(context_);
    for (int i = 0; i < count; ++i) in.push_back(context_.bool_const(("m" + std::to_string(i)).c_str()));
    while (out.size() < most && !enough()) {
      if (map.check() != z3::sat) return out;
      const auto model = map.get_model();
      std::vector<char> has(std::size_t(count), 0);
      for (int i = 0; i < count; ++i) has[std::size_t(i)] = !model.eval(in[unsigned(i)]).is_false();  // what is not decided is taken in
      const auto chosen = [&] {
        Members who;
        for (int i = 0; i < count; ++i)
          if (has[std::size_t(i)]) who.push_back(i);
        return who;
      };
      if (can_all_be_kept(chosen())) {
        for (int i = 0; i < count && !enough(); ++i) {
          if (has[std::size_t(i)]) continue;
          has[std::size_t(i)] = 1;
          if (!can_all_be_kept(chosen())) has[std::size_t(i)] = 0;
        }
        z3::expr_vector others(context_);
        for (int i = 0; i < count; ++i)
          if (!has[std::size_t(i)]) others.push_back(in[unsigned(i)]);
        map.add(z3::mk_or(others));
        continue;
      }
      auto set = core(count);
      for (std::size_t i = 0; i < set.size() && !enough();) {
        auto less = set;
        less.erase(less.begin() + std::ptrdiff_t(i));
        if (can_all_be_kept(less)) ++i;
        else set = std::move(less);
      }
      z3::expr_vector not_all(context_);
      for (const auto one : set) not_all.push_back(!in[unsigned(one)]);
      map.add(z3::mk_or(not_all));
      out.push_back(std::move(set));
    }
    return out;
  }

  // All smallest sets that can't be kept, smaller ones first: by size, leaving out what is known either way.
  std::vector<Members> smallest_sets(int count) {
    std::vector<std::uint32_t> broken, kept;
    std::vector<std::uint32_t> order(std::size_t{1} << count);
    for (std::size_t i = 0; i < order.size(); ++i) order[i] = std::uint32_t(i);
    std::stable_sort(order.begin(), order.end(), [](auto a, auto b) { return __builtin_popcount(a) < __builtin_popcount(b); });
    for (const auto set : order) {
      if (std::any_of(broken.begin(), broken.end(), [&](auto one) { return (one & set) == one; })) continue;
      if (std::any_of(kept.begin(), kept.end(), [&](auto one) { return (one & set) == set; })) continue;
      if (!can_all_be_kept(members(set))) {
        broken.push_back(set);
        continue;
      }
      auto grown = set;
      for (int i = 0; i < count; ++i)
        if ((grown >> i & 1) == 0 && can_all_be_kept(members(grown | std::uint32_t{1} << i))) grown |= std::uint32_t{1} << i;
      kept.push_back(grown);
    }
    std::vector<Members> out;
    for (const auto set : broken) out.push_back(members(set));
    std::sort(out.begin(), out.end(), [](const Members& a, const Members& b) { return a.size() != b.size() ? a.size() < b.size() : a < b; });
    return out;
  }

 private:
  static Members members(std::uint32_t set) {
    Members out;
    for (int i = 0; i < 32; ++i)
      if ((set >> i & 1) != 0) out.push_back(i);
    return out;
  }
  // Of the last question that was answered with no.
  Members core(int count) {
    std::vector<char> has(std::size_t(count), 0);
    const auto given = solver_.unsat_core();
    for (unsigned i = 0; i < given.size(); ++i) has[std::size_t(std::stoi(given[i].decl().name().str().substr(1)))] = 1;
    Members out;
    for (int i = 0; i < count; ++i)
      if (has[std::size_t(i)]) out.push_back(i);
    return out;
  }
  z3::expr time(const Tick& one) { return one.act == kInstant ? context_.int_val(one.at) : acts_[unsigned(one.act)]; }
  z3::expr holds(const Rule& rule) {
    z3::expr_vector ways(context_);
    for (const auto& way : rule.ways) {
      z3::expr_vector all(context_);
      for (const auto& atom : way) all.push_back(time(atom.what) - time(atom.from) >= context_.int_val(atom.by));
      ways.push_back(z3::mk_and(all));
    }
    return z3::mk_or(ways);
  }
  bool check(const z3::expr_vector& asked) {
    ++asked_;
    const auto answer = solver_.check(asked);
    if (answer == z3::unknown) throw std::runtime_error("Z3 does not know");
    return answer == z3::sat;
  }

  z3::context context_;
  z3::solver solver_;
  z3::expr_vector literals_, acts_;
  int asked_ = 0;
};

// Whether these times keep the rule: the third translation, for answers with times.
inline bool keeps(const Rule& rule, const std::vector<std::int64_t>& times) {
  const auto time = [&](const Tick& one) { return one.act == kInstant ? one.at : times[std::size_t(one.act)]; };
  return std::any_of(rule.ways.begin(), rule.ways.end(), [&](const Way& way) { return std::all_of(way.begin(), way.end(), [&](const Atom& atom) { return time(atom.what) - time(atom.from) >= atom.by; }); });
}

}  // namespace sluice::regimes::oracle
