#include "threat/contribution.h"

#include <doctest/doctest.h>
#include <rapidcheck.h>

#include <algorithm>

using namespace sluice;
using namespace sluice::threat;

namespace {

const Instant kJoined = *parse_instant("2022-01-01T09:00:00Z");
Instant on_day(int day, int hour = 12) { return *parse_instant("2022-01-01T00:00:00Z") + std::chrono::hours(24 * day + hour); }

StandingRules three_steps() {
  return {.steps = {{.name = "observer", .may_read = Tlp::Green, .delay = std::chrono::hours(24), .objects_a_day = 1000, .collections = {"open"}},
                    {.name = "contributor", .daily_mean = 1'000, .may_read = Tlp::AmberStrict, .collections = {"open", "members"}},
                    {.name = "pillar", .daily_mean = 5'000, .may_read = Tlp::Red}},
          .grace_days = 30,
          .grace_step = "contributor",
          .is_by_vote = true};
}

}  // namespace

TEST_CASE("each point has a line and a reason") {
  const std::vector<ContributionEvent> events = {
      {on_day(0), ContributionKind::Package, "p1", 60'000, 1}, {on_day(1), ContributionKind::Package, "p2", 60'000, 11}, {on_day(1), ContributionKind::Validated, "o1"},
      {on_day(2), ContributionKind::AddedContext, "o2"},       {on_day(3), ContributionKind::ProvenNoise, "o3"},         {on_day(3), ContributionKind::Package, "p3", 90'000, 0},
      {on_day(4), ContributionKind::Package, "p1", 60'000, 1},  // again: no new gift
      {on_day(20), ContributionKind::Validated, "o4"},          // after the instant asked for
  };
  const auto contribution = contribution_of(events, kJoined, on_day(9), {});
  std::string lines;
  for (const auto& line : contribution.lines) lines += line.id + " " + std::to_string(line.points) + " " + line.reason + "\n";
  CHECK(lines == "p1 6000 a package of 1 object, quality 60.000\n"
                 "o1 3000 validated another member's find\n"
                 "p2 9000 a package of 11 objects, quality 60.000\n"
                 "o2 2000 added context to another member's object\n"
                 "o3 -10000 proven to be noise\n"
                 "p3 0 a package in which nothing was new\n");
  CHECK(contribution.total == 10'000);
  CHECK(contribution.days == 10);
  CHECK(contribution.daily_mean == 1'000);
  CHECK(contribution.packages == 3);
  CHECK(contribution.per_package == 5'000);
}

TEST_CASE("a flood of one day is cut, and says so") {
  std::vector<ContributionEvent> events;
  for (int i = 0; i < 12; ++i) events.push_back({on_day(0, i), ContributionKind::Package, "p" + std::to_string(i), 100'000, 1});
  const auto contribution = contribution_of(events, kJoined, on_day(0, 23), {});
  CHECK(contribution.total == 100'000);
  CHECK(contribution.lines.back().points == 0);
  CHECK(contribution.lines.back().reason == "a package of 1 object, quality 100.000; cut from 10.000 by the most of one day, 100.000");
  CHECK(contribution.days == 7);  // never over fewer, or one good day would be a high standing
}

TEST_CASE("what left the window is gone, and does not come back by being sent again") {
  const std::vector<ContributionEvent> events = {{on_day(0), ContributionKind::Package, "p1", 60'000, 1}, {on_day(95), ContributionKind::Package, "p1", 60'000, 1}};
  CHECK(contribution_of(events, kJoined, on_day(89), {}).total == 6'000);
  CHECK(contribution_of(events, kJoined, on_day(90), {}).total == 0);
  CHECK(contribution_of(events, kJoined, on_day(96), {}).total == 0);
}

TEST_CASE("C1: the order of events never matters, and the lines are the total") {
  CHECK(rc::check([] {
    std::vector<ContributionEvent> events;
    for (int i = *rc::gen::inRange(0, 30); i > 0; --i)
      events.push_back({on_day(*rc::gen::inRange(0, 100), *rc::gen::inRange(0, 24)), static_cast<ContributionKind>(*rc::gen::inRange(0, 4)), "o" + std::to_string(*rc::gen::inRange(0, 9)), *rc::gen::inRange<MilliPoints>(-5, 200'000),
                        *rc::gen::inRange<std::int64_t>(-1, 5000)});
    const auto at = on_day(*rc::gen::inRange(0, 120));
    const auto contribution = contribution_of(events, kJoined, at, {});
    MilliPoints sum = 0;
    for (const auto& line : contribution.lines) sum += line.points;
    RC_ASSERT(sum == contribution.total);
    std::reverse(events.begin(), events.end());
    RC_ASSERT(canonical(to_json(contribution_of(events, kJoined, at, {}))) == canonical(to_json(contribution)));
  }));
}

TEST_CASE("standing is the highest step reached, with grace for who is new") {
  const auto rules = three_steps();
  REQUIRE(check(rules).has_value());
  const auto standing = [&](MilliPoints mean, int day) { return standing_of({.days = 90, .daily_mean = mean}, kJoined, on_day(day), rules); };
  CHECK(standing(0, 60).name == "observer");
  CHECK(standing(0, 60).to_next == 1'000);
  CHECK(standing(999, 60).name == "observer");
  CHECK(standing(1'000, 60).name == "contributor");
  CHECK(standing(9'000, 60).name == "pillar");
  CHECK_FALSE(standing(9'000, 60).to_next.has_value());
  CHECK(standing(0, 10).name == "contributor");
  CHECK(standing(0, 10).is_grace);
  CHECK(standing(5'000, 10).name == "pillar");
  CHECK_FALSE(standing(5'000, 10).is_grace);
  CHECK(standing(1'234, 60).why == "A daily mean of 1.234 over 90 days reaches the 1.000 that it asks for.");
  CHECK(standing_of({}, kJoined, on_day(1), {}).name == "");
}

TEST_CASE("C3: standing narrows, and never keeps a recall back") {
  const auto rules = three_steps();
  const Standing observer{.name = "observer"}, pillar{.name = "pillar"};
  const auto reading = reading_of(observer, rules, "open", Tlp::AmberStrict, Delivery::Ordinary);
  CHECK(reading.ceiling == Tlp::Green);
  CHECK(reading.why == "Standing 'observer': up to TLP:GREEN, P1D after it came, 1000 objects a day. The alliance voted for this.");
  CHECK_FALSE(reading_of(observer, rules, "members", Tlp::AmberStrict, Delivery::Ordinary).is_given);
  CHECK(reading_of(observer, rules, "members", Tlp::AmberStrict, Delivery::Recall).is_given);
  CHECK(reading_of(observer, rules, "members", Tlp::AmberStrict, Delivery::Recall).ceiling == Tlp::AmberStrict);
  CHECK(reading_of(pillar, rules, "any", Tlp::Red, Delivery::Ordinary).why == "");
  CHECK(reading_of({.name = "no step"}, rules, "open", Tlp::Red, Delivery::Ordinary).ceiling == Tlp::Green);  // the lowest, not the highest
  for (int i = 0; i < 5; ++i)
    for (const auto& step : rules.steps) CHECK(reading_of({.name = step.name}, rules, "open", static_cast<Tlp>(i), Delivery::Ordinary).ceiling <= static_cast<Tlp>(i));
}

TEST_CASE("C3: what a page gives: no more than standing allows, and never less of what is one's own, was given or is taken back") {
  const auto rules = three_steps();
  const Instant now{1'800'000'000'000'000};
  const auto old = now - std::chrono::hours(25), fresh = now - std::chrono::hours(23);
  auto observer = allowance_of({.name = "observer"}, rules, "open", Tlp::AmberStrict, now, 998);
  REQUIRE(observer.narrows());
  CHECK(observer.left_today == 2);
  CHECK(offer_of({.tlp = Tlp::Amber, .posted = old}, observer) == Offer::Leave);
  CHECK(offer_of({.tlp = Tlp::Green, .posted = fresh}, observer) == Offer::Stop);
  CHECK(offer_of({.tlp = Tlp::Amber, .posted = fresh}, observer) == Offer::Leave);   // it will never be given, so nothing waits for it
  CHECK(offer_of({.tlp = Tlp::Green, .posted = old}, observer) == Offer::Give);
  CHECK(offer_of({.tlp = Tlp::Green, .posted = old}, observer) == Offer::Give);
  CHECK(offer_of({.tlp = Tlp::Green, .posted = old}, observer) == Offer::Stop);      // the day's number is reached
  for (const auto& mine : {OfferedObject{.tlp = Tlp::Red, .posted = now, .is_own = true}, OfferedObject{.tlp = Tlp::Red, .posted = now, .was_given = true}, OfferedObject{.tlp = Tlp::Red, .posted = now, .takes_back = true}})
    CHECK(offer_of(mine, observer) == Offer::Give);
  CHECK(observer.left_today == 0);
  auto closed = allowance_of({.name = "observer"}, rules, "members", Tlp::AmberStrict, now, 0);
  CHECK(offer_of({.tlp = Tlp::Clear, .posted = old}, closed) == Offer::Leave);
  CHECK(offer_of({.tlp = Tlp::Clear, .posted = old, .takes_back = true}, closed) == Offer::Give);
  CHECK(allowance_of({.name = "observer"}, rules, "open", Tlp::AmberStrict, now, 5'000).left_today == 0);
  CHECK_FALSE(allowance_of({.name = "pillar"}, rules, "any", Tlp::Red, now, 0).narrows());
  CHECK_FALSE(allowance_of({}, {}, "any", Tlp::Red, now, 0).narrows());
}

TEST_CASE("rules under which giving more would give less are refused with their place") {
  const auto refused = [](auto change) {
    auto rules = three_steps();
    change(rules);
    const auto checked = check(rules);
    return checked ? std::string("-") : checked.error().where;
  };
  CHECK(refused([](auto&) {}) == "-");
  CHECK(refused([](auto& r) { r.steps[0].daily_mean = 1; }) == "/steps/0/daily_mean");
  CHECK(refused([](auto& r) { r.steps[2].daily_mean = 1'000; }) == "/steps/2/daily_mean");
  CHECK(refused([](auto& r) { r.steps[2].may_read = Tlp::Amber; }) == "/steps/2/may_read");
  CHECK(refused([](auto& r) { r.steps[1].delay = std::chrono::hours(25); }) == "/steps/1/delay");
  CHECK(refused([](auto& r) { r.steps[1].objects_a_day = 999; }) == "/steps/1/objects_a_day");
  CHECK(refused([](auto& r) { r.steps[1].collections = {"members"}; }) == "/steps/1/collections");
  CHECK(refused([](auto& r) { r.steps[1].name = "observer"; }) == "/steps/1/name");
  CHECK(refused([](auto& r) { r.grace_step = "nobody"; }) == "/grace_step");
  CHECK(check(ContributionRules{}).has_value());
  CHECK(check(ContributionRules{.noise = 1}).error().where == "/noise");
  CHECK(check(ContributionRules{.window_days = 3}).error().where == "/least_days");
  const auto read = from_json<StandingRules>(to_json(three_steps()));
  REQUIRE(read.has_value());
  CHECK(canonical(to_json(*read)) == canonical(to_json(three_steps())));
}

