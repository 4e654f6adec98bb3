// What a regime or a rule costs: beside the plan of the evaluation, which it may not contradict, and in cases whose answer can be told by hand.
#include "regimes/cost.h"

#include <doctest/doctest.h>
#include <rapidcheck.h>

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "regimes/built_in.h"
#include "regimes/overlay.h"
#include "regimes/schedule.h"
#include "regimes/worked_case.h"

using namespace sluice;
using namespace sluice::regimes;

namespace cost_test {

constexpr std::string_view kActPack = R"(id: xx-act
edition: "1"
title: An invented act
jurisdiction: CN
force: law
status: invented
dates: {from: 2020-01-01}
scope: {says: everybody}
rules:
  - id: ban
    cite: Art. 2
    says: Nobody publishes.
    modality: must-not
    act: {type: [publish-vuln], to: public}
    excepted_by: [notice, other]
    mark: [GEN]
  - id: notice
    cite: Art. 3
    says: After thirty days one may.
    modality: may
    act: {type: [publish-vuln], to: public}
    first: {type: [notify-authority], to: cac-office, wait: P30D}
    mark: [GEN]
  - id: other
    cite: Art. 4
    says: With consent one may.
    modality: may
    when: "action.consent is yes"
    act: {type: [publish-vuln], to: public}
    mark: [GEN]
)";
constexpr std::string_view kHasty = R"(id: yy-act
edition: "1"
title: Another
jurisdiction: EU
force: law
status: invented
dates: {from: 2020-01-01}
scope: {says: everybody}
rules:
  - id: soon
    cite: Art. 1
    says: What is known is published within a day.
    modality: must
    act: {type: [publish-vuln], to: public}
    due: {within: P1D, after: vuln.aware}
    mark: [GEN]
  - id: late
    cite: Art. 2
    says: Nobody publishes before there is a remedy.
    modality: must-not
    act: {type: [publish-vuln], to: public}
    until: fix.available
    mark: [GEN]
)";

const Library& built_in() {
  static const auto kLibrary = built_in_library();
  REQUIRE(kLibrary);
  return *kLibrary;
}

Library library() {
  Library out;
  out.words = built_in().words;
  out.add(kActPack, "xx-act.yaml");
  out.add(kHasty, "yy-act.yaml");
  for (const auto& one : out.findings) CAPTURE(one.where + " " + one.message);
  REQUIRE(out.packs.contains("xx-act"));
  REQUIRE(out.packs.contains("yy-act"));
  return out;
}

json::object a_case(std::string_view more_actions = "") {
  return parse_json(R"({"id":"c","as_of":"2026-01-10T00:00Z","regimes":["xx-act"],"parties":[{"id":"f","role":"finder","established":"CN"},{"id":"v","role":"vendor","established":"CN"}],
    "vulnerability":{"state":"undisclosed"},"events":{"vuln.aware":"2026-01-10T00:00Z"},
    "actions":[{"id":"p","actor":"f","type":"publish-vuln","to":"public","content":["summary"],"at":"2026-01-20T00:00Z"})" + std::string(more_actions) + "]}")->as_object();
}

Cost cost_in(const json::object& given, const Library& packs, const std::string& what, const std::string& action = {}, std::optional<Second> from = {}) {
  const auto read = read_scenario(given, packs.words);
  REQUIRE_MESSAGE(read, (read ? "" : read.error().message + " " + read.error().where));
  const auto found = cost(*read, packs, what, action, from);
  REQUIRE_MESSAGE(found, (found ? "" : found.error().message + " " + found.error().where));
  return *found;
}
std::string text(const std::optional<Second>& at) { return at ? to_text(*at) : "never"; }

}  // namespace cost_test
using namespace cost_test;

TEST_CASE("the cost of a rule is the time that it holds a publication back, with the first step it lacks put at the beginning") {
  const auto packs = library();
  const auto found = cost_in(a_case(), packs, "xx-act");
  CHECK(found.action == "p");
  CHECK(text(found.without.at) == "2026-01-10T00:00Z");
  CHECK(text(found.with.at) == "2026-02-09T00:00Z");
  CHECK(*found.delay == 30 * 86'400);
  REQUIRE(found.with.steps.size() == 1);
  CHECK(found.with.steps.front() == "notify-authority to cac-office, for xx-act/notice");
  CHECK(found.with.held_by == std::vector<std::string>{"xx-act/ban"});
  CHECK(found.without.held_by.empty());
  CHECK(to_text(found) == "p: lawful from 2026-02-09T00:00Z; without it from 2026-01-10T00:00Z: 30 days later");
  const auto of_exception = cost_in(a_case(), packs, "xx-act/notice");
  CHECK_FALSE(of_exception.without.at);
  CHECK(of_exception.without.held_by == std::vector<std::string>{"xx-act/ban"});
  const auto read = read_scenario(a_case(), packs.words);
  REQUIRE(read);
  CHECK_FALSE(cost(*read, packs, "xx-act/none"));
  CHECK_FALSE(cost(*read, packs, "xx-none"));
  CHECK_FALSE(cost(*read, packs, "xx-act", "none"));
}

TEST_CASE("other acts move as in the plan; where they stay stands beside it, and what is done stays") {
  const auto packs = library();
  constexpr std::string_view kNotice = R"(,{"id":"n","actor":"f","type":"notify-authority","to":"cac-office","content":["summary"],"at":"2026-01-15T00:00Z"})";
  const auto found = cost_in(a_case(kNotice), packs, "xx-act");
  CHECK(text(found.with.at) == "2026-02-09T00:00Z");
  CHECK(text(found.with.as_planned) == "2026-02-14T00:00Z");
  CHECK(found.with.steps.empty());
  CHECK(*found.delay == 30 * 86'400);
  CHECK(*found.delay_as_planned == 35 * 86'400);
  CHECK(to_text(found).ends_with("30 days later; with the other acts where the plan has them, 35 days later"));
  // Without a date it is only considered: then it has to be put into the plan.
  auto considered = a_case(kNotice);
  considered["actions"].as_array()[1].as_object()["at"] = nullptr;
  const auto put = cost_in(considered, packs, "xx-act");
  CHECK(text(put.with.at) == "2026-02-09T00:00Z");
  CHECK(put.with.steps == std::vector<std::string>{"notify-authority to cac-office, for xx-act/ban"});
  CHECK(put.without.steps.empty());
  // From the 20th on the notice of the 15th is done.
  auto later = a_case(kNotice);
  later["as_of"] = "2026-01-18T00:00Z";
  const auto done = cost_in(later, packs, "xx-act", "p", *parse_second("2026-01-20T00:00Z"));
  CHECK(text(done.with.at) == "2026-02-14T00:00Z");
  CHECK(text(done.without.at) == "2026-01-20T00:00Z");
}

TEST_CASE("C3: an act that is planned before the instant asked from stays there where that is earlier, and nothing is later than the law has it") {
  const auto packs = library();
  constexpr Second kDay = 86'400;
  const auto begin = *parse_second("2026-01-10T00:00Z");
  const auto from_day = [&](int notice, int from) {
    auto given = a_case(R"(,{"id":"n","actor":"f","type":"notify-authority","to":"cac-office","content":["summary"],"at":null})");
    given["actions"].as_array()[1].as_object()["at"] = to_text(begin + notice * kDay);
    return cost_in(given, packs, "xx-act", "p", begin + from * kDay);
  };
  // The notice of the 15th, asked from the 20th on: thirty days after the 15th, and not after the 20th.
  CHECK(text(from_day(5, 10).with.at) == "2026-02-14T00:00Z");
  CHECK(text(from_day(5, 10).with.as_planned) == "2026-02-14T00:00Z");
  CHECK(from_day(5, 10).with.steps.empty());
  CHECK(text(from_day(5, 60).with.at) == "2026-03-11T00:00Z");   // the notice is old enough by then
  const bool held = rc::check("C3", [&] {
    const int notice = *rc::gen::inRange(0, 90), from = *rc::gen::inRange(0, 90);
    const auto found = from_day(notice, from);
    const auto lawful = begin + (notice < from ? std::max(from, notice + 30) : from + 30) * kDay;
    RC_ASSERT(found.with.at == lawful);
    RC_ASSERT(found.without.at == begin + from * kDay);
    RC_ASSERT(found.with.as_planned == begin + std::max(from, notice + 30) * kDay);
  });
  CHECK(held);
}

TEST_CASE("an embargo holds both back; a publication that was planned for the past is asked about from then on") {
  const auto packs = library();
  auto given = a_case();
  given["embargo"] = json::object{{"parties", json::array{"f", "v"}}, {"until", "2026-05-01T00:00Z"}};
  const auto held = cost_in(given, packs, "xx-act");  // the first step tells somebody outside as well
  CHECK(text(held.with.at) == "2026-05-31T00:00Z");
  CHECK(text(held.without.at) == "2026-05-01T00:00Z");
  CHECK(held.without.held_by == std::vector<std::string>{std::string("embargo")});
  given["embargo"].as_object()["covers"] = json::array{"public"};
  CHECK(*cost_in(given, packs, "xx-act").delay == 0);
  auto late = a_case();
  late["as_of"] = "2026-03-01T00:00Z";
  late["events"].as_object()["vuln.public"] = nullptr;
  const auto again = cost_in(late, packs, "xx-act");
  CHECK(text(again.without.at) == "2026-03-01T00:00Z");
}

TEST_CASE("where rules can't be kept together, what is demanded by a date is left out, of both, and said") {
  const auto packs = library();
  auto given = a_case();
  given["regimes"] = json::array{"xx-act", "yy-act"};
  given["events"].as_object()["fix.available"] = "2026-02-01T00:00Z";
  given["actions"].as_array()[0].as_object()["actor"] = "v";
  const auto found = cost_in(given, packs, "yy-act/late");
  CHECK(found.bans_alone);
  CHECK(text(found.with.at) == "2026-02-09T00:00Z");
  given["regimes"] = json::array{"yy-act"};
  const auto alone = cost_in(given, packs, "yy-act/late");
  CHECK(alone.bans_alone);
  CHECK(text(alone.with.at) == "2026-02-01T00:00Z");
  CHECK(text(alone.without.at) == "2026-01-10T00:00Z");
  CHECK(alone.with.held_by == std::vector<std::string>{"yy-act/late"});
  CHECK(json::serialize(to_json(alone)).find("\"bans_alone\":true") != std::string::npos);
  given["events"].as_object().erase("fix.available");
  const auto never = cost_in(given, packs, "yy-act/late");
  CHECK_FALSE(never.with.at);
  CHECK(never.with.held_by == std::vector<std::string>{"yy-act/late"});
  CHECK(text(never.without.at) == "2026-01-10T00:00Z");
  CHECK_FALSE(never.bans_alone);
}

TEST_CASE("C1, C2: in the worked cases the cost is never later than the plan has it, and no rule that forbids or demands makes it earlier") {
  std::size_t asked = 0, alike = 0, held = 0;
  for (const auto& entry : std::filesystem::directory_iterator(SLUICE_SOURCE_DIR "/tests/regimes")) {
    if (entry.path().extension() != ".json") continue;
    std::ifstream in(entry.path(), std::ios::binary);
    std::ostringstream all;
    all << in.rdbuf();
    const auto value = parse_json(all.str());
    REQUIRE(value);
    for (const auto& one : list_at(*value, "scenarios")) {
      const auto scenario = read_scenario(one, built_in().words);
      if (!scenario) continue;
      CAPTURE(scenario->id);
      const auto answer = evaluate(*scenario, built_in());
      if (!answer || !answer->conflicts.feasible) continue;
      const auto plan = best_schedule(*answer, scenario->as_of);
      if (!plan.exists || !plan.lost.empty()) continue;
      for (const auto& planned : plan.actions) {
        const auto& action = *planned.action;
        if (planned.is_done || !planned.earliest || std::none_of(action.to.begin(), action.to.end(), [](const Recipient& told) { return told.kind == "public"; })) continue;
        for (const auto* pack : answer->packs) {
          if (pack->force == Force::Draft || pack->force == Force::Advice) continue;
          CAPTURE(action.id + " " + pack->id);
          const auto found = cost(*scenario, built_in(), pack->id, action.id);
          REQUIRE(found);
          REQUIRE(found->with.at);
          CHECK(*found->with.at <= *planned.earliest);
          ++asked;
          if (*found->with.at == *planned.earliest) ++alike;
          if (!found->with.held_by.empty()) ++held;
          for (const auto& rule : found->with.held_by) {
            if (rule == "embargo") continue;
            const auto of_rule = cost(*scenario, built_in(), rule, action.id);
            REQUIRE(of_rule);
            if (of_rule->delay) CHECK(*of_rule->delay >= 0);
          }
          break;  // one regime a publication: the same network is asked of each
        }
      }
    }
  }
  CHECK(asked > 40);
  CHECK(held > 5);
  CHECK(alike * 10 >= asked * 9);  // but where the act fulfils a duty that has yet to arise
}

TEST_CASE("a plan with very many acts or instants is answered as a small one is") {
  const auto packs = library();
  auto given = a_case();
  auto& actions = given["actions"].as_array();
  for (int i = 1; i < 500; ++i) {
    auto one = actions[0].as_object();
    one["id"] = "p" + std::to_string(i);
    actions.push_back(std::move(one));
  }
  const auto found = cost_in(given, packs, "xx-act", "p");
  CHECK(text(found.with.at) == "2026-02-09T00:00Z");
  CHECK(*found.delay == 30 * 86'400);
  CHECK(found.with.steps.size() == 1);

  auto eventful = a_case();
  auto& events = eventful["events"].as_object();
  for (int i = 0; i < 9'000; ++i) {
    const int day = 1 + i % 28, month = 1 + i / 28 % 12, year = 2'000 + i / 336 % 20, hour = i / 6'720;
    char at[32];
    std::snprintf(at, sizeof at, "%04d-%02d-%02dT%02d:00Z", year, month, day, hour);
    events["x" + std::to_string(i)] = at;
  }
  CHECK(text(cost_in(eventful, packs, "xx-act").with.at) == "2026-02-09T00:00Z");
  for (int i = 0; i < 2'000; ++i) events["y" + std::to_string(i)] = nullptr;
  const auto refused = read_scenario(eventful, packs.words);
  REQUIRE_FALSE(refused);
  CHECK(refused.error().where == "/events");
}
