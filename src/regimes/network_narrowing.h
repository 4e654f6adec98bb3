// Many alternatives, such as one for each day on which a term may begin: what all of them ask together, then what each half of them asks, and so on down to the single one. What all ask is asked
// first, so that days are told apart only where that is not enough: a term of two working days is at most so many hours, whatever the day.
//
// Always holds
//   H1  Whatever keeps an alternative keeps every node above it.
//   H2  Alternatives that nothing keeps are left out; each other one is the leaf of one node.
#pragma once

#include <memory>
#include <span>
#include <vector>

#include "regimes/network.h"

namespace sluice::regimes::temporal {

class Narrowing {
 public:
  using Time = Network::Time;
  using Point = Network::Point;
  static constexpr std::size_t kMany = 12;         // alternatives; fewer are asked one after the other
  static constexpr std::size_t kMostPoints = 12;   // that they speak of

  // A difference, of points by their place in the list of those that the constraint speaks of.
  struct Bound {
    std::uint8_t a = 0, b = 0;
    Time by = 0;
  };

  // Nothing: too few alternatives, or too many points. `points` becomes the list.
  static std::shared_ptr<const Narrowing> of(const std::vector<Network::Together>& one_of, std::vector<Point>& points);

  static constexpr std::int32_t kRoot = 0;
  bool is_leaf(std::int32_t node) const { return nodes_[std::size_t(node)].left < 0; }
  std::size_t way(std::int32_t leaf) const { return nodes_[std::size_t(leaf)].way; }
  std::int32_t left(std::int32_t node) const { return nodes_[std::size_t(node)].left; }
  std::int32_t right(std::int32_t node) const { return nodes_[std::size_t(node)].right; }
  // What all below ask, but for what is asked above. Of a leaf: nothing, its alternative says it.
  std::span<const Bound> bounds(std::int32_t node) const {
    const auto& own = nodes_[std::size_t(node)];
    return {bounds_.data() + own.first, bounds_.data() + own.last};
  }

 private:
  struct Node {
    std::int32_t left = -1, right = -1;
    std::uint32_t way = 0, first = 0, last = 0;
  };
  using Closed = std::vector<Time>;                // of every two points, how far apart at most

  std::int32_t grow(const std::vector<std::size_t>& order, const std::vector<Closed>& ways, std::size_t from, std::size_t until);
  void say(std::int32_t node, std::int32_t above, std::size_t points);

  std::vector<Node> nodes_;
  std::vector<Bound> bounds_;
  std::vector<Closed> closed_;                     // of each node, while they are made
};

}  // namespace sluice::regimes::temporal
