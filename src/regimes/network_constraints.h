// Constraints in few pieces of memory, since there are many and they are looked at all the time: atoms one behind the other, where each alternative's begin, where each
// constraint's alternatives begin. Whether they can be kept: network_search.h.
//
// Always holds
//   C1  What was added stays where it is: constraints have numbers, in the order in which they came. Of many alternatives it is also known how they are told apart (network_narrowing.h).
#pragma once

#include <algorithm>
#include <optional>
#include <span>

#include "regimes/network_narrowing.h"

namespace sluice::regimes::temporal {

using Time = Network::Time;
using Point = Network::Point;
using Member = Network::Member;
using AtMost = Network::AtMost;
using Together = Network::Together;

class Constraints {
 public:
  std::size_t size() const { return who_.size(); }
  Member who(std::size_t i) const { return who_[i]; }
  std::size_t ways(std::size_t i) const { return first_[i + 1] - first_[i]; }
  std::span<const AtMost> way(std::size_t i, std::size_t k) const {
    const auto at = first_[i] + k;
    return {atoms_.data() + ways_[at], ways_[at + 1] - ways_[at]};
  }
  // Its first alternative of which all holds.
  template <class Holds>
  std::optional<std::size_t> first(std::size_t i, const Holds& holds) const {
    for (auto at = first_[i]; at < first_[i + 1]; ++at) {
      auto atom = ways_[at];
      while (atom < ways_[at + 1] && holds(atoms_[atom])) ++atom;
      if (atom == ways_[at + 1]) return at - first_[i];
    }
    return std::nullopt;
  }
  void add(Member who, const std::vector<Together>& one_of) {
    for (const auto& together : one_of) add_way(together);
    end(who);
    std::vector<Point> points;
    if (auto own = Narrowing::of(one_of, points)) narrow(std::move(own), std::move(points));
  }
  // Another's, with other points, on the account of `who`.
  template <class Renamed>
  void add(Member who, const Constraints& other, std::size_t i, const Renamed& renamed) {
    for (std::size_t k = 0; k < other.ways(i); ++k) {
      for (const auto& one : other.way(i, k)) atoms_.push_back({renamed(one.a), renamed(one.b), one.by});
      ways_.push_back(std::uint32_t(atoms_.size()));
    }
    end(who);
    if (const auto* own = other.narrowed(i)) {
      auto points = own->points;
      for (auto& point : points) point = renamed(point);
      narrow(own->how, std::move(points));
    }
  }
  // Those from `first` on and before `last` once more, with other points.
  template <class Renamed>
  void repeat(std::size_t first, std::size_t last, const Renamed& renamed) {
    for (auto i = first; i < last; ++i) {
      for (auto at = first_[i]; at < first_[i + 1]; ++at) {
        for (auto atom = ways_[at]; atom < ways_[at + 1]; ++atom) {
          const auto one = atoms_[atom];
          atoms_.push_back({renamed(one.a), renamed(one.b), one.by});
        }
        ways_.push_back(std::uint32_t(atoms_.size()));
      }
      end(Member(who_[i]));
      if (narrowed_at_[i] < 0) continue;
      auto [how, points] = narrowed_[std::size_t(narrowed_at_[i])];
      for (auto& point : points) point = renamed(point);
      narrow(std::move(how), std::move(points));
    }
  }
  // Whether another's is the same, and a number that is the same then.
  bool is_same(std::size_t i, const Constraints& other, std::size_t k) const {
    if (ways(i) != other.ways(k)) return false;
    for (std::size_t way_of = 0; way_of < ways(i); ++way_of) {
      const auto own = way(i, way_of), their = other.way(k, way_of);
      if (!std::equal(own.begin(), own.end(), their.begin(), their.end())) return false;
    }
    return true;
  }
  std::size_t hash(std::size_t i) const {
    std::uint64_t out = ways(i);
    const auto mix = [&](std::uint64_t word) { out = (out ^ word) * 0x9E3779B97F4A7C15, out ^= out >> 29; };
    for (std::size_t k = 0; k < ways(i); ++k) {
      const auto own = way(i, k);
      mix(own.size());
      for (const auto& one : own) mix(std::uint64_t(std::uint32_t(one.a)) << 32 | std::uint32_t(one.b)), mix(std::uint64_t(one.by));
    }
    return std::size_t(out);
  }
  // Where it has very many alternatives: how they are told apart, and the points that they speak of.
  struct Narrowed {
    std::shared_ptr<const Narrowing> how;
    std::vector<Point> points;
  };
  const Narrowed* narrowed(std::size_t i) const { return narrowed_.empty() || narrowed_at_[i] < 0 ? nullptr : &narrowed_[std::size_t(narrowed_at_[i])]; }
  // Of a constraint that is one difference.
  void set(std::size_t i, const AtMost& one) { atoms_[ways_[first_[i]]] = one; }

 private:
  void add_way(std::span<const AtMost> together) {
    atoms_.insert(atoms_.end(), together.begin(), together.end());
    ways_.push_back(std::uint32_t(atoms_.size()));
  }
  void end(Member who) { who_.push_back(who), first_.push_back(std::uint32_t(ways_.size() - 1)), narrowed_at_.push_back(-1); }
  void narrow(std::shared_ptr<const Narrowing> how, std::vector<Point> points) {
    narrowed_at_.back() = std::int32_t(narrowed_.size());
    narrowed_.push_back({std::move(how), std::move(points)});
  }

  std::vector<AtMost> atoms_;
  std::vector<std::uint32_t> ways_{0}, first_{0};
  std::vector<Member> who_;
  std::vector<std::int32_t> narrowed_at_;          // -1: few alternatives
  std::vector<Narrowed> narrowed_;
};

}  // namespace sluice::regimes::temporal
