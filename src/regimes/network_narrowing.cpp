#include "regimes/network_narrowing.h"

#include <algorithm>
#include <optional>

namespace sluice::regimes::temporal {

namespace {

constexpr Network::Time kUnbound = Network::Time{1} << 60;

// The tightest bound of every two points, by Floyd and Warshall; nothing: no times keep it.
std::optional<std::vector<Network::Time>> closed(const Network::Together& way, const std::vector<Network::Point>& points) {
  const auto count = points.size();
  std::vector<Network::Time> out(count * count, kUnbound);
  const auto place = [&](Network::Point point) { return std::size_t(std::lower_bound(points.begin(), points.end(), point) - points.begin()); };
  for (std::size_t i = 0; i < count; ++i) out[i * count + i] = 0;
  for (const auto& one : way) {
    auto& own = out[place(one.a) * count + place(one.b)];
    own = std::min(own, one.by);
  }
  for (std::size_t over = 0; over < count; ++over)
    for (std::size_t a = 0; a < count; ++a)
      for (std::size_t b = 0; b < count; ++b)
        if (out[a * count + over] < kUnbound && out[over * count + b] < kUnbound) out[a * count + b] = std::min(out[a * count + b], out[a * count + over] + out[over * count + b]);
  for (std::size_t i = 0; i < count; ++i)
    if (out[i * count + i] < 0) return std::nullopt;
  return out;
}

bool bounds_the_same(const std::vector<Network::Time>& a, const std::vector<Network::Time>& b) {
  return std::equal(a.begin(), a.end(), b.begin(), [](auto one, auto other) { return (one < kUnbound) == (other < kUnbound); });
}

}  // namespace

std::shared_ptr<const Narrowing> Narrowing::of(const std::vector<Network::Together>& one_of, std::vector<Point>& points) {
  if (one_of.size() < kMany) return nullptr;
  points = {Network::kOrigin};
  for (const auto& way : one_of)
    for (const auto& one : way)
      for (const auto point : {one.a, one.b})
        if (const auto at = std::lower_bound(points.begin(), points.end(), point); at == points.end() || *at != point) {
          if (points.size() == kMostPoints) return nullptr;
          points.insert(at, point);
        }
  std::vector<Closed> ways(one_of.size());
  std::vector<std::size_t> order;
  for (std::size_t i = 0; i < one_of.size(); ++i)
    if (auto own = closed(one_of[i], points)) ways[i] = *std::move(own), order.push_back(i);
  if (order.size() < kMany) return nullptr;
  // Those that bound the same points beside one another, then by their times: neighbours have much in common.
  std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    for (std::size_t i = 0; i < ways[a].size(); ++i)
      if ((ways[a][i] < kUnbound) != (ways[b][i] < kUnbound)) return ways[a][i] < kUnbound;
    return ways[a] != ways[b] ? ways[a] < ways[b] : a < b;
  });
  const auto out = std::make_shared<Narrowing>();
  out->grow(order, ways, 0, order.size());
  out->say(kRoot, -1, points.size());
  out->closed_ = {};
  return out;
}

std::int32_t Narrowing::grow(const std::vector<std::size_t>& order, const std::vector<Closed>& ways, std::size_t from, std::size_t until) {
  const auto own = nodes_.size();
  nodes_.emplace_back(), closed_.emplace_back();
  if (until - from == 1) {
    nodes_[own].way = std::uint32_t(order[from]), closed_[own] = ways[order[from]];
    return std::int32_t(own);
  }
  // In the middle, or where other points are bound, as near to it as may be.
  const auto half = from + (until - from) / 2;
  auto middle = half;
  for (std::size_t off = 0; off < until - from; ++off) {
    const auto parts = [&](std::size_t at) { return at > from && at < until && !bounds_the_same(ways[order[at - 1]], ways[order[at]]); };
    if (half + off < until && parts(half + off)) {
      middle = half + off;
      break;
    }
    if (half >= from + off && parts(half - off)) {
      middle = half - off;
      break;
    }
  }
  const auto left = grow(order, ways, from, middle), right = grow(order, ways, middle, until);
  nodes_[own].left = left, nodes_[own].right = right;
  closed_[own] = closed_[std::size_t(left)];
  for (std::size_t i = 0; i < closed_[own].size(); ++i) closed_[own][i] = std::max(closed_[own][i], closed_[std::size_t(right)][i]);
  return std::int32_t(own);
}

void Narrowing::say(std::int32_t node, std::int32_t above, std::size_t points) {
  auto& own = nodes_[std::size_t(node)];
  own.first = own.last = std::uint32_t(bounds_.size());
  if (own.left < 0) return;
  const auto& bound = closed_[std::size_t(node)];
  auto kept = bound;
  for (std::size_t a = 0; a < points; ++a)
    for (std::size_t b = 0; b < points; ++b) {
      if (a == b || kept[a * points + b] >= kUnbound) continue;
      for (std::size_t over = 0; over < points; ++over) {  // it follows from two that are said
        if (over == a || over == b || kept[a * points + over] >= kUnbound || kept[over * points + b] >= kUnbound || kept[a * points + over] + kept[over * points + b] > bound[a * points + b]) continue;
        kept[a * points + b] = kUnbound;
        break;
      }
    }
  for (std::size_t a = 0; a < points; ++a)
    for (std::size_t b = 0; b < points; ++b) {
      const auto at = a * points + b;
      if (a != b && kept[at] < kUnbound && (above < 0 || closed_[std::size_t(above)][at] != bound[at])) bounds_.push_back({std::uint8_t(a), std::uint8_t(b), bound[at]});
    }
  own.last = std::uint32_t(bounds_.size());
  const auto left = own.left, right = own.right;
  say(left, node, points), say(right, node, points);
}

}  // namespace sluice::regimes::temporal
