#include "regimes/network_simple.h"

#include <algorithm>
#include <limits>

namespace sluice::regimes::temporal {

namespace {

using Time = Network::Time;
using Point = Network::Point;
using AtMost = Network::AtMost;
using Together = Network::Together;

constexpr Time kAnyTime = std::numeric_limits<Time>::max() / 2;   // no bound
constexpr std::size_t kMostCompared = 12;          // alternatives, each with each

// An alternative: from when to when the point may be, and what else it asks.
struct Alternative {
  Time from = -kAnyTime, until = kAnyTime;
  Together else_;
  bool is_left_out = false;
  bool is_span() const { return else_.empty() && !is_left_out; }
};

bool is_of_one(const AtMost& one, Point point) { return (one.a == point && one.b == Network::kOrigin) || (one.b == point && one.a == Network::kOrigin); }

// The first point that an alternative bounds by the clock, and nothing else.
Point spanned(const std::vector<Together>& one_of) {
  for (const auto& way : one_of) {
    if (way.empty()) continue;
    const auto point = std::max(way.front().a, way.front().b);
    if (point != Network::kOrigin && std::all_of(way.begin(), way.end(), [&](const AtMost& one) { return is_of_one(one, point); })) return point;
  }
  return Network::kOrigin;
}

Alternative read(const Together& way, Point point) {
  Alternative out;
  for (const auto& one : way) {
    if (one.a == one.b) {
      out.is_left_out = out.is_left_out || one.by < 0;
    } else if (point != Network::kOrigin && is_of_one(one, point)) {
      if (one.a == point) out.until = std::min(out.until, one.by);
      else out.from = std::max(out.from, -one.by);
    } else {
      const auto same = std::find_if(out.else_.begin(), out.else_.end(), [&](const AtMost& have) { return have.a == one.a && have.b == one.b; });
      if (same == out.else_.end()) out.else_.push_back(one);
      else same->by = std::min(same->by, one.by);
    }
  }
  out.is_left_out = out.is_left_out || out.from > out.until;
  return out;
}

// Spans that touch or overlap become one, the first of them.
void join_spans(std::vector<Alternative>& all) {
  for (auto& one : all)
    for (bool again = one.is_span(); again;) {
      again = false;
      for (auto& other : all) {
        if (&other == &one || !other.is_span() || other.from > one.until + 1 || one.from > other.until + 1) continue;
        one.from = std::min(one.from, other.from), one.until = std::max(one.until, other.until);
        other.is_left_out = again = true;
      }
    }
}

// Where a span is another alternative by itself, it is no harm to reach into it: what asks for more up to 9, beside what asks for nothing from 10 on, may as well ask for it at any time.
void widen(std::vector<Alternative>& all) {
  for (const auto& span : all) {
    if (!span.is_span()) continue;
    for (auto& one : all) {
      if (one.is_left_out || one.is_span()) continue;
      if (one.from >= span.from && one.until <= span.until) {
        one.is_left_out = true;
        continue;
      }
      if (one.until + 1 >= span.from && one.until <= span.until) one.until = span.until;
      if (one.from - 1 <= span.until && one.from >= span.from) one.from = span.from;
    }
  }
}

// Whatever keeps `more` keeps `less`.
bool follows(const Alternative& less, const Alternative& more) {
  return less.from <= more.from && less.until >= more.until && std::all_of(less.else_.begin(), less.else_.end(), [&](const AtMost& one) {
           return std::any_of(more.else_.begin(), more.else_.end(), [&](const AtMost& own) { return own.a == one.a && own.b == one.b && own.by <= one.by; });
         });
}

}  // namespace

void simplify(std::vector<Together>& one_of) {
  if (one_of.size() == 1 && one_of.front().size() == 1 && one_of.front().front().a != one_of.front().front().b) return;
  const auto point = spanned(one_of);
  std::vector<Alternative> all;
  all.reserve(one_of.size());
  for (const auto& way : one_of) all.push_back(read(way, point));
  join_spans(all), widen(all);
  if (all.size() <= kMostCompared)
    for (auto& one : all)
      for (const auto& other : all)                // of two that say the same the first stays
        if (&one != &other && !one.is_left_out && !other.is_left_out && follows(other, one) && (&other < &one || !follows(one, other))) one.is_left_out = true;
  std::size_t kept = 0;
  for (auto& one : all) {
    if (one.is_left_out) continue;
    auto& way = one_of[kept++];
    way.clear();
    if (one.until < kAnyTime) way.push_back(Network::no_later(point, one.until));
    if (one.from > -kAnyTime) way.push_back(Network::no_earlier(point, one.from));
    way.insert(way.end(), one.else_.begin(), one.else_.end());
    if (!way.empty()) continue;
    one_of.assign(1, Together{});
    return;
  }
  one_of.resize(kept);
}

}  // namespace sluice::regimes::temporal
