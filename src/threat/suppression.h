// Which figures of tables that add up must be left out, so that none that is too small can be got back by subtraction.
//
// Small figures are left out (primary suppression); with them as many others as it takes (complementary suppression), the cheapest first. Tables are a graph: a sum is a node, a figure an edge
// between the two sums it is part of, so what somebody can work out of what is left is exactly what a flow over the figures left out allows: whole numbers, no approximation.
//
// Always holds
//   P1  For each figure left out, flows give at least `room` + 1 values, each with a whole set of other values of the figures left out in which all sums are the true ones, no figure is
//       below its `least` or above its `most`, or above a published line that it is part of, or below a published part of it. That a part can't be above its line where both are left out is not looked at.
//   P2  A figure that is fixed is never left out. The same graph gives the same answer.
// Method: cell suppression by network flows, as statistical offices have it (Cox 1980; Hundepool et al., Statistical Disclosure Control, 2012, ch. 4). It finds a small set, not the smallest.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace sluice::threat {

struct SumFigure {
  std::size_t from = 0, to = 0;      // the sums it is part of: nodes. Whatever is added at one is taken away by others
  std::int64_t value = 0;
  std::int64_t least = 0, most = 0;  // what is known of it anyway: least <= value <= most
  std::int64_t room = 0;             // how many further values must be possible when it is left out
  bool is_small = false;             // must be left out
  bool is_fixed = false;             // known to all whatever is left out, as an empty line is
  std::vector<std::size_t> lines;    // figures that it is a part of, so that it can't be above them
};

// Which are left out. Nothing where P1 can't be had: then the whole table must be.
std::optional<std::vector<bool>> left_out_of(std::size_t nodes, std::span<const SumFigure> figures);

// How many further values of `one` are possible, up to `enough`, when those are left out.
std::int64_t room_of(std::size_t nodes, std::span<const SumFigure> figures, const std::vector<bool>& left_out, std::size_t one, std::int64_t enough);

}  // namespace sluice::threat
