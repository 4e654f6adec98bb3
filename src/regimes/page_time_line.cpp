#include "regimes/page_time_line.h"

#include <algorithm>
#include <cmath>

#include "base/time_words.h"

namespace sluice::regimes::page {

namespace {

constexpr std::size_t kMostDrawn = 120;

enum class Sort { Event, AsOf, Action, Due, EmbargoEnd };

struct Point {
  Second at = 0;
  Sort sort = Sort::Event;
  std::string text;                       // what it is
  std::optional<DutyState> state;         // of a due
  std::optional<Outcome> outcome;         // of an action
  std::optional<Second> from;             // of a due: when its clock began
  std::string when;                       // as it is written
};

std::vector<Point> points_of(const Evaluation& all) {
  const auto& scenario = *all.scenario;
  const auto& words = all.world->words;
  std::vector<Point> out;
  for (const auto& [name, at] : scenario.events) {
    if (!at) continue;
    const auto whose = name.find('@');
    out.push_back({*at, Sort::Event, std::string(words.plain(name.substr(0, whose))) + (whose == name.npos ? "" : " (" + name.substr(whose + 1) + ")"), {}, {}, {}, instant_words(*at)});
  }
  for (const auto& one : scenario.actions)
    if (one.at) out.push_back({one.at->at, Sort::Action, one.id + ": " + one.actor + ", " + std::string(words.plain(one.type)), {}, all.outcomes.at(one.id), {}, instant_words(one.at->at)});
  for (const auto& one : all.duties)
    if (one.is_triggered() && one.due) {
      const auto text = "due for " + one.on->id + ": " + one.rule.pack->id + ", " + one.rule.rule->cite;
      const auto same = std::find_if(out.begin(), out.end(), [&](const Point& point) { return point.sort == Sort::Due && point.at == one.due->at.at && point.text == text && point.state == one.state; });
      if (same == out.end()) out.push_back({one.due->at.at, Sort::Due, text, one.state, {}, one.anchor.known() && one.anchor.to.at < one.due->at.at ? std::optional(one.anchor.to.at) : std::nullopt, due_in_words(one)});
    }
  if (scenario.embargo && scenario.embargo->until) out.push_back({*scenario.embargo->until, Sort::EmbargoEnd, "the agreed embargo ends", {}, {}, {}, instant_words(*scenario.embargo->until)});
  out.push_back({scenario.as_of, Sort::AsOf, "the question is asked", {}, {}, {}, instant_words(scenario.as_of)});
  std::stable_sort(out.begin(), out.end(), [](const Point& a, const Point& b) { return std::tie(a.at, a.sort) < std::tie(b.at, b.sort); });
  return out;
}

// Distances are shortened, so that hours are seen beside years: the root of the time between, and room for a mark.
std::map<Second, double> places_of(const std::vector<Point>& points, double width) {
  std::vector<Second> instants;
  for (const auto& one : points) {
    instants.push_back(one.at);
    if (one.from) instants.push_back(*one.from);
  }
  std::sort(instants.begin(), instants.end());
  instants.erase(std::unique(instants.begin(), instants.end()), instants.end());
  std::map<Second, double> out;
  if (instants.size() == 1) return {{instants[0], width / 2}};
  const auto gaps = double(instants.size() - 1);
  double total = 0;
  for (std::size_t i = 1; i < instants.size(); ++i) total += std::sqrt(double(instants[i] - instants[i - 1]));
  const double least = std::min(30.0, width / gaps), spare = width - least * gaps;
  double x = 0;
  out[instants[0]] = 0;
  for (std::size_t i = 1; i < instants.size(); ++i) out[instants[i]] = x += least + spare * std::sqrt(double(instants[i] - instants[i - 1])) / total;
  return out;
}

std::string number(double value) { return std::to_string(long(std::lround(value))); }

std::string_view lane_words(Sort sort) {
  static constexpr std::string_view kWords[] = {"Happened", "As of", "Planned or done", "Due", "Embargo"};
  return kWords[std::size_t(sort)];
}

std::string_view tone_of(const Point& point) {
  if (point.state) return *point.state == DutyState::Missed || *point.state == DutyState::Late ? "alarm" : *point.state == DutyState::Met ? "good" : "waiting";
  if (point.outcome) return *point.outcome == Outcome::Deny || *point.outcome == Outcome::Conflict ? "alarm" : "good";
  return point.sort == Sort::EmbargoEnd ? "held" : "plain";
}

// A shape for each sort, so that it isn't told by colour alone.
Html mark(const Point& point, double x, double y, std::size_t nth) {
  const auto tone = "mark " + std::string(tone_of(point));
  Html shape;
  switch (point.sort) {
    case Sort::Event: shape = el("circle", {{"cx", number(x)}, {"cy", number(y)}, {"r", "11"}}); break;
    case Sort::AsOf: shape = el("path", {{"d", "M" + number(x) + " " + number(y - 12) + "l12 12l-12 12l-12 -12z"}}); break;
    case Sort::Action: shape = el("rect", {{"x", number(x - 11)}, {"y", number(y - 11)}, {"width", "22"}, {"height", "22"}}); break;
    case Sort::Due: shape = el("path", {{"d", "M" + number(x - 13) + " " + number(y - 11) + "h26l-13 24z"}}); break;
    case Sort::EmbargoEnd: shape = el("rect", {{"x", number(x - 11)}, {"y", number(y - 11)}, {"width", "22"}, {"height", "22"}, {"rx", "6"}}); break;
  }
  const bool is_low = point.sort == Sort::Due;
  return el("g", {{"class", tone}}, shape, el("text", {{"x", number(x)}, {"y", number(y + (is_low ? 2 : 5))}, {"text-anchor", "middle"}}, std::to_string(nth)));
}

}  // namespace

std::string instant_words(Second at) { return words_of_second(Instant{at * 1'000'000}); }

std::string due_in_words(const Duty& duty) {
  const auto& due = *duty.due;
  return due.text.size() == 10 ? words_of_last_day(due.text, Instant{due.at.at * 1'000'000}, duty.rule.pack->calendar.zone.name()) : instant_words(due.at.at);
}

Html time_of(Second at) { return el("time", {{"datetime", to_text(at)}}, instant_words(at)); }
Html time_of(const Duty& duty) { return el("time", {{"datetime", to_text(duty.due->at)}}, due_in_words(duty)); }

Html time_line(const Evaluation& all) {
  const auto points = points_of(all);
  constexpr double kLeft = 120, kTop = 24, kLane = 40;
  const double width = std::max(700.0, 40.0 * double(points.size()));
  const auto places = places_of(points, width);
  // Only lanes with something in them; dues that are close share none.
  std::vector<Sort> lanes;
  for (const auto sort : {Sort::Event, Sort::Action, Sort::Due, Sort::EmbargoEnd})
    if (std::any_of(points.begin(), points.end(), [&](const Point& one) { return one.sort == sort; })) lanes.push_back(sort);
  // Several at the same instant in one lane stand below each other.
  std::map<Sort, std::size_t> rows;
  std::vector<std::size_t> row_of(points.size(), 0);
  std::map<std::pair<Sort, long>, std::size_t> used;
  for (std::size_t i = 0; i < points.size(); ++i) {
    if (points[i].sort == Sort::AsOf) continue;
    auto& count = used[{points[i].sort, std::lround(places.at(points[i].at))}];
    row_of[i] = count++;
    rows[points[i].sort] = std::max(rows[points[i].sort], count);
  }
  std::map<Sort, double> top;
  double y = kTop + 30;
  Html drawn;
  for (const auto lane : lanes) {
    top[lane] = y + 16;
    drawn += el("text", {{"class", "lane"}, {"x", "0"}, {"y", number(y + 21)}}, lane_words(lane));
    y += kLane * double(std::max<std::size_t>(rows[lane], 1));
    drawn += el("path", {{"class", "rule"}, {"d", "M0 " + number(y - 2) + "h" + number(kLeft + width + 30)}});
  }
  const auto x_of = [&](Second at) { return kLeft + 10 + places.at(at); };
  const double now = x_of(all.scenario->as_of);
  Html bars, marks, rows_of_list;
  drawn += el("path", {{"class", "now"}, {"d", "M" + number(now) + " " + number(kTop) + "V" + number(y)}});
  for (std::size_t i = 0; i < points.size(); ++i) {
    const auto& one = points[i];
    const double row = one.sort == Sort::AsOf ? kTop : top[one.sort] + kLane * double(row_of[i]);
    if (one.from) bars += el("path", {{"class", "bar " + std::string(tone_of(one))}, {"d", "M" + number(x_of(*one.from)) + " " + number(row) + "H" + number(x_of(one.at))}});
    if (one.sort == Sort::EmbargoEnd) bars += el("path", {{"class", "bar held"}, {"d", "M" + number(kLeft + 10) + " " + number(row) + "H" + number(x_of(one.at))}});
    marks += mark(one, x_of(one.at), row, i + 1);
    const auto state = one.state ? std::string(to_text(*one.state)) : one.outcome ? std::string(to_text(*one.outcome)) : std::string();
    rows_of_list += el("li", el("time", {{"datetime", to_text(one.at)}}, one.when), " ", one.text, state.empty() ? Html() : el("span", {{"class", "quiet"}}, " (" + state + ")"));
  }
  const auto list = el("ol", {{"class", "points"}}, rows_of_list);
  if (points.size() > kMostDrawn) return el("p", {{"class", "quiet"}}, "Too many to be drawn; here they are in their order.") + list;
  const auto view = "0 0 " + number(kLeft + width + 40) + " " + number(y + 6);
  return el("div", {{"class", "scroll"}, {"tabindex", "0"}, {"role", "region"}, {"aria-label", "Time line, drawn; the list below says the same"}},
            el("svg", {{"viewBox", view}, {"role", "img"}, {"aria-label", "Numbered marks on a line; their words are in the list below"}}, drawn, bars, marks)) +
         el("p", {{"class", "quiet"}}, "Distances are shortened. ◆ as of, ● happened, ■ planned or done, ▼ due; a bar is a clock that runs, or the embargo.") + list;
}

}  // namespace sluice::regimes::page
