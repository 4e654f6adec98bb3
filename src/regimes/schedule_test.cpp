// Best dates, their bounds and reasons, plans from now on, and ways out; of small packs made for it.
#include <doctest/doctest.h>

#include "regimes/built_in.h"
#include "regimes/schedule.h"

using namespace sluice;
using namespace sluice::regimes;

namespace {

std::string plan_pack(std::string_view id, std::string_view rules, std::string_view force = "law") {
  return "id: " + std::string(id) + "\nedition: 2026-01-01\ntitle: T\njurisdiction: CN\nforce: " + std::string(force) + (force == "policy" ? "\nowner: zdi" : "") + "\nstatus: s\nrules:\n" + std::string(rules);
}
std::string plan_rule(std::string_view id, std::string_view fields) { return "  - {id: " + std::string(id) + ", cite: c, says: s, mark: [GEN], " + std::string(fields) + "}\n"; }

struct PlannedCase {
  Library library;
  Scenario scenario;
  Evaluation answer;
  const Planned& planned(const Schedule& plan, std::string_view action) const {
    for (const auto& one : plan.actions)
      if (one.action->id == action) return one;
    FAIL("no such action");
    return plan.actions.front();
  }
};

std::unique_ptr<PlannedCase> planned_case(const std::vector<std::string>& packs, std::string_view regimes, std::string_view actions, std::string_view more = "") {
  auto out = std::make_unique<PlannedCase>();
  out->library = *built_in_library();
  for (const auto& one : packs) out->library.add(one, "made.yaml");
  for (const auto& one : out->library.findings) REQUIRE_MESSAGE(one.severity != Severity::Error, one.message);
  const auto text = R"({"as_of": "2026-06-01T00:00Z", "regimes": )" + std::string(regimes) + R"(, "parties": [{"id": "v", "role": "vendor", "flags": ["zdi"]}, {"id": "w", "role": "finder"}],
    "vulnerability": {"state": "undisclosed"}, "events": {"vuln.aware": "2026-06-01T00:00Z"}, "actions": )" + std::string(actions) + std::string(more) + "}";
  out->scenario = *read_scenario(*parse_json(text), out->library.words);
  auto answer = evaluate(out->scenario, out->library);
  REQUIRE(answer);
  out->answer = *std::move(answer);
  return out;
}

const std::string kReportRule = plan_rule("report", "modality: must, act: {type: [notify-authority], to: cncert}, due: {within: P5D, after: vuln.aware}");
const std::string kAfterRule = plan_rule("after", "modality: precondition, act: {type: [publish-vuln], to: public}, first: {type: [notify-authority], to: cncert, wait: P3D}");
const std::string kPublishRule = plan_rule("publish", "modality: must, act: {type: [publish-vuln], to: public}, due: {within: P10D, after: vuln.aware}");
constexpr std::string_view kTwoActions = R"([{"id": "p", "actor": "v", "type": "publish-vuln", "to": "public", "at": "2026-06-02T00:00Z"}, {"id": "r", "actor": "v", "type": "notify-authority", "to": "cncert", "at": "2026-06-07T00:00Z"}])";

Second second_of(std::string_view text) { return *parse_second(text); }

}  // namespace

TEST_CASE("dates are moved no more than the rules ask, and the bounds name their rules") {
  const auto asked = planned_case({plan_pack("a", kReportRule + kAfterRule + kPublishRule)}, R"(["a"])", kTwoActions);
  const auto plan = best_schedule(asked->answer);
  REQUIRE(plan.exists);
  const auto &publish = asked->planned(plan, "p"), &report = asked->planned(plan, "r");
  // Both wishes break: the report was too late, and publication came before it. Publication is as early as the report and its three days allow.
  CHECK(report.at == second_of("2026-06-01T00:00Z"));
  CHECK(publish.at == second_of("2026-06-04T00:00Z"));
  CHECK(report.latest == second_of("2026-06-06T00:00Z"));
  CHECK(report.latest_by == std::vector<std::string>{"a/report"});
  CHECK(publish.earliest == second_of("2026-06-04T00:00Z"));
  CHECK(publish.earliest_by == std::vector<std::string>{"a/after"});
  CHECK(publish.latest == second_of("2026-06-11T00:00Z"));
  CHECK(publish.latest_by == std::vector<std::string>{"a/publish"});
  CHECK(publish.moved_by == std::vector<std::string>{"a/after"});
}

TEST_CASE("of two wishes that clash the heavier is kept") {
  const auto plan_with = [&](std::string_view weights) {
    const std::string first = weights == "p" ? R"(, "weight": 5)" : "", second = weights == "r" ? R"(, "weight": 5)" : "";
    const auto asked = planned_case({plan_pack("a", kAfterRule)}, R"(["a"])", R"([{"id": "p", "actor": "v", "type": "publish-vuln", "to": "public", "at": "2026-06-05T00:00Z")" + first + R"(}, {"id": "r", "actor": "v", "type": "notify-authority", "to": "cncert", "at": "2026-06-04T00:00Z")" + second + "}]");
    const auto plan = best_schedule(asked->answer);
    REQUIRE(plan.exists);
    return std::pair{to_text(*asked->planned(plan, "p").at), to_text(*asked->planned(plan, "r").at)};
  };
  CHECK(plan_with("p") == std::pair<std::string, std::string>{"2026-06-05T00:00Z", "2026-06-01T00:00Z"});
  CHECK(plan_with("r") == std::pair<std::string, std::string>{"2026-06-07T00:00Z", "2026-06-04T00:00Z"});
  CHECK(plan_with("") == std::pair<std::string, std::string>{"2026-06-05T00:00Z", "2026-06-01T00:00Z"});  // alike: the earlier publication
}

TEST_CASE("what no time allows is not done at all, and why") {
  const auto ban = plan_rule("ban", "modality: must-not, act: {type: [publish-vuln], to: public}");
  const auto asked = planned_case({plan_pack("a", ban)}, R"(["a"])", kTwoActions);
  const auto plan = best_schedule(asked->answer);
  REQUIRE(plan.exists);
  CHECK_FALSE(asked->planned(plan, "p").at.has_value());
  CHECK(asked->planned(plan, "p").moved_by == std::vector<std::string>{"a/ban"});
  CHECK(asked->planned(plan, "r").at == second_of("2026-06-07T00:00Z"));
}

TEST_CASE("a plan from now on leaves what is done, and says what is late") {
  const auto asked = planned_case({plan_pack("a", kReportRule + kPublishRule)}, R"(["a"])", R"([{"id": "p", "actor": "v", "type": "publish-vuln", "to": "public", "at": null}])");
  const auto now = best_schedule(asked->answer, second_of("2026-06-08T00:00Z"));
  REQUIRE(now.exists);
  CHECK(asked->planned(now, "p").at == second_of("2026-06-08T00:00Z"));
  REQUIRE(now.late.size() == 1);
  CHECK(now.late[0]->rule.rule->id == "a/report");
  CHECK(best_schedule(asked->answer).late.empty());
  const auto after_all = best_schedule(asked->answer, second_of("2026-06-20T00:00Z"));
  REQUIRE(after_all.exists);
  CHECK(after_all.late.size() == 2);
}

TEST_CASE("S2: ways out are given lightest first, and each would do") {
  const auto ban = plan_rule("ban", "modality: must-not, act: {type: [publish-vuln], to: public}");
  const auto asked = planned_case({plan_pack("a", kPublishRule), plan_pack("b", ban, "policy")}, R"(["a","b"])", kTwoActions, R"(, "embargo": {"parties": ["v", "w"], "until": "2026-07-01T00:00Z"})");
  REQUIRE_FALSE(asked->answer.conflicts.feasible);
  CHECK_FALSE(best_schedule(asked->answer).exists);
  const auto ways = ways_out(asked->answer);
  REQUIRE(ways.size() == 2);
  CHECK(ways[0].without == std::vector<std::string>{"b/ban", "embargo"});  // an agreement and an own policy, before a law
  CHECK(ways[1].without == std::vector<std::string>{"a/publish"});
  CHECK(ways[1].says.find("a/publish") != std::string::npos);
}

TEST_CASE("S2: ways out are found, too, where more conflicts are known than are listed") {
  std::string rules;
  for (int i = 0; i < 9; ++i) {
    rules += plan_rule("m" + std::to_string(i), "modality: must, act: {type: [publish-vuln], to: public}, due: {within: P10D, after: vuln.aware}");
    rules += plan_rule("b" + std::to_string(i), "modality: must-not, act: {type: [publish-vuln], to: public}");
  }
  const auto asked = planned_case({plan_pack("a", rules)}, R"(["a"])", kTwoActions);  // 81 pairs
  REQUIRE(asked->answer.conflicts.more);
  const auto ways = ways_out(asked->answer);
  REQUIRE(ways.size() == 2);
  for (const auto& [way, letter] : {std::pair{&ways[0], 'b'}, {&ways[1], 'm'}}) {
    CHECK(way->without.size() == 9);
    for (const auto& rule : way->without) CHECK(rule[2] == letter);
  }
}

TEST_CASE("S2: where very many conflicts stand against one another, the heaviest rules are kept first, and the answer says so") {
  std::string rules;
  for (int i = 100; i < 130; ++i) {
    rules += plan_rule("m" + std::to_string(i), "modality: must, act: {type: [publish-vuln], to: public}, due: {within: P10D, after: vuln.aware}, verified: " + std::string(i % 3 == 0 ? "true" : "false"));
    rules += plan_rule("b" + std::to_string(i), "modality: must-not, act: {type: [publish-vuln], to: public}, verified: false");
  }
  const auto asked = planned_case({plan_pack("a", rules)}, R"(["a"])", kTwoActions);  // 900 pairs
  REQUIRE(asked->answer.conflicts.more);
  const auto ways = ways_out(asked->answer);
  REQUIRE(ways.size() >= 1);
  // Verified law weighs most: it stays, and what forbids it gives way. Each way has one whole side of the pairs, or a pair of the other would be left.
  CHECK(ways[0].without.size() == 30);
  for (const auto& rule : ways[0].without) CHECK(rule[2] == 'b');
  json::object out;
  add_ways_out(out, asked->answer, ways);
  CHECK(out.contains("ways_out_note") == !ways[0].is_lightest);
  CHECK_FALSE(out.contains("no_ways_out"));
  CHECK(what_is_left_out(asked->answer.conflicts) == "There are more conflicts than the 64 shown.");
}

TEST_CASE("S2: twenty laws against an own policy: it is the policy that gives way, also where not all ways can be gone through") {
  const char* bodies[] = {"miit", "mps", "cac", "cac-office", "telecom-office", "public-security-organ", "sector-department", "protection-department", "notification-centre", "cncert",
                          "cnitsec", "cisa", "cert-in", "ipa", "csirt-coordinator", "enisa", "csirt", "nis2-csirt", "nis2-authority", "supervisory-authority"};
  std::string laws, bans;
  for (int i = 0; i < 20; ++i) {
    const auto act = "act: {type: [notify-authority], to: " + std::string(bodies[i]) + "}";
    laws += plan_rule("m" + std::to_string(10 + i), "modality: must, " + act + ", due: {within: P2D, after: vuln.aware}");
    bans += plan_rule("b" + std::to_string(10 + i), "modality: must-not, " + act);
  }
  const auto asked = planned_case({plan_pack("a", laws), plan_pack("b", bans, "policy")}, R"(["a","b"])", "[]");
  REQUIRE_FALSE(asked->answer.conflicts.all.empty());
  const auto ways = ways_out(asked->answer);
  REQUIRE_FALSE(ways.empty());
  for (const auto& rule : ways[0].without) CHECK_MESSAGE(rule.starts_with("b/"), rule);
}

TEST_CASE("an answer says its ways out, or why it has none; of what can be kept it says neither") {
  std::string rules;
  for (int i = 0; i < 9; ++i) {
    rules += plan_rule("m" + std::to_string(i), "modality: must, act: {type: [publish-vuln], to: public}, due: {within: P10D, after: vuln.aware}");
    rules += plan_rule("b" + std::to_string(i), "modality: must-not, act: {type: [publish-vuln], to: public}");
  }
  const auto asked = planned_case({plan_pack("a", rules)}, R"(["a"])", kTwoActions);
  json::object with, without, kept;
  add_ways_out(with, asked->answer, ways_out(asked->answer));
  CHECK(with.at("ways_out").as_array().size() == 2);
  CHECK_FALSE(with.contains("no_ways_out"));
  add_ways_out(without, asked->answer, {});   // as where the search came to its limit
  CHECK(without.at("ways_out").as_array().empty());
  CHECK(string_at(without, "no_ways_out") == why_no_ways(asked->answer));
  const auto feasible = planned_case({plan_pack("a", kPublishRule)}, R"(["a"])", kTwoActions);
  REQUIRE(feasible->answer.conflicts.feasible);
  add_ways_out(kept, feasible->answer, ways_out(feasible->answer));
  CHECK(kept.empty());
}

TEST_CASE("the worked plans keep the wishes that can be kept") {
  const auto plain = planned_case({plan_pack("a", kReportRule)}, R"(["a"])", R"([{"id": "r", "actor": "v", "type": "notify-authority", "to": "cncert", "at": "2026-06-03T12:00Z"}])");
  const auto plan = best_schedule(plain->answer);
  REQUIRE(plan.exists);
  CHECK(plain->planned(plan, "r").at == second_of("2026-06-03T12:00Z"));
  CHECK(plan.beside.empty());
  const auto none = planned_case({plan_pack("a", kReportRule)}, R"(["a"])", "[]");
  const auto beside = best_schedule(none->answer).beside;
  REQUIRE(beside.size() == 1);
  CHECK(beside[0].rule->id == "a/report");
}

TEST_CASE("a first step that the plan has is that action itself, not a copy with less in it") {
  const auto asked = planned_case({plan_pack("a", kAfterRule)}, R"(["a"])",
                                  R"([{"id": "r", "actor": "v", "type": "notify-authority", "to": "cncert", "content": ["summary"], "at": "2026-06-05T00:00Z"}, {"id": "p", "actor": "v", "type": "publish-vuln", "to": "public", "at": "2026-06-05T00:00Z"}])");
  const auto plan = best_schedule(asked->answer);
  REQUIRE(plan.exists);
  CHECK(asked->planned(plan, "p").at == second_of("2026-06-05T00:00Z"));
  CHECK(asked->planned(plan, "r").at == second_of("2026-06-01T00:00Z"));
  CHECK(asked->planned(plan, "r").moved_by == std::vector<std::string>{"a/after"});
  CHECK(plan.beside.empty());
}

TEST_CASE("a first step that the plan hasn't is given beside it") {
  const auto asked = planned_case({plan_pack("a", kAfterRule)}, R"(["a"])", R"([{"id": "p", "actor": "v", "type": "publish-vuln", "to": "public", "at": "2026-06-05T00:00Z"}])");
  const auto plan = best_schedule(asked->answer);
  REQUIRE(plan.exists);
  REQUIRE(plan.beside.size() == 1);
  CHECK(plan.beside[0].rule->id == "a/after");
  CHECK_FALSE(plan.beside[0].due.has_value());
}

TEST_CASE("an action that is late is moved into time, whoever of several it tells") {
  const auto rule = plan_rule("either", "modality: must, act: {type: [notify-authority], to: cncert|cnitsec}, due: {within: P5D, after: vuln.aware}");
  const auto asked = planned_case({plan_pack("a", rule)}, R"(["a"])", R"([{"id": "r", "actor": "v", "type": "notify-authority", "to": "cncert", "at": "2026-06-09T00:00Z"}])");
  const auto plan = best_schedule(asked->answer);
  REQUIRE(plan.exists);
  CHECK(asked->planned(plan, "r").at == second_of("2026-06-01T00:00Z"));
  CHECK(asked->planned(plan, "r").latest == second_of("2026-06-06T00:00Z"));
  CHECK(plan.beside.empty());
}

namespace {

std::vector<std::string> beside_of(const Schedule& plan) {
  std::vector<std::string> out;
  for (const auto& one : plan.beside) out.push_back(one.rule->id);
  return out;
}

}  // namespace

TEST_CASE("a duty that the plan fulfils in part stands beside it") {
  for (const auto* to : {"cncert+cnitsec", "cncert+cnitsec|mps"}) {
    CAPTURE(to);
    const auto rule = plan_rule("both", "modality: must, act: {type: [notify-authority], to: " + std::string(to) + "}, due: {within: P5D, after: vuln.aware}");
    const auto asked = planned_case({plan_pack("a", rule)}, R"(["a"])", R"([{"id": "r", "actor": "v", "type": "notify-authority", "to": "cncert", "at": "2026-06-02T00:00Z"}])");
    CHECK(beside_of(best_schedule(asked->answer)) == std::vector<std::string>{"a/both"});
  }
}

TEST_CASE("telling one more than was asked makes no conflict of what a narrower act keeps, whatever its type") {
  for (const auto* type : {"notify-authority", "report-vuln"}) {
    CAPTURE(type);
    const auto rules = plan_rule("tell", "modality: must, act: {type: [" + std::string(type) + "], to: cncert}, due: {within: P5D, after: vuln.aware}") + plan_rule("ban", "modality: must-not, act: {type: [" + std::string(type) + "], to: cnitsec}");
    const auto asked = planned_case({plan_pack("a", rules)}, R"(["a"])", R"([{"id": "r", "actor": "v", "type": ")" + std::string(type) + R"(", "to": "cncert+cnitsec", "at": "2026-06-02T00:00Z"}])");
    CHECK(asked->answer.conflicts.all.empty());
    CHECK(asked->answer.outcomes.at("r") == Outcome::Deny);
  }
}

TEST_CASE("a duty whose places are those of the plan's own acts has a plan") {
  const auto rule = plan_rule("where", "modality: must, act: {type: [notify-authority], to: public-security-organ, place: region}, due: {within: P5D, after: vuln.aware}");
  const auto act = [](std::string_view id, std::string_view region) {
    return R"({"id": ")" + std::string(id) + R"(", "actor": "v", "type": "notify-authority", "to": "public-security-organ:)" + std::string(region) + R"(", "region": ")" + std::string(region) + R"(", "at": "2026-06-09T00:00Z"})";
  };
  const auto asked = planned_case({plan_pack("a", rule)}, R"(["a"])", "[" + act("x", "CN-SH") + ", " + act("y", "CN-BJ") + "]");
  const auto plan = best_schedule(asked->answer);
  REQUIRE(plan.exists);
  CHECK(asked->planned(plan, "x").at == second_of("2026-06-01T00:00Z"));
  CHECK(asked->planned(plan, "y").at == second_of("2026-06-01T00:00Z"));
}

TEST_CASE("beside a plan stand the first steps that it needs, and no others") {
  const auto either = [](std::string_view first) {
    return plan_rule("no", "modality: must-not, act: {type: [publish-vuln], to: public}, excepted_by: [e1, e2]") + plan_rule("e1", "modality: may, act: {type: [publish-vuln], to: public}, first: {type: [notify-authority], to: " + std::string(first) + "}") +
           plan_rule("e2", "modality: may, act: {type: [publish-vuln], to: public}, first: {type: [notify-authority], to: mps}") + plan_rule("never", "modality: must-not, act: {type: [notify-authority], to: cnitsec}");
  };
  constexpr std::string_view kPublish = R"([{"id": "p", "actor": "v", "type": "publish-vuln", "to": "public", "at": "2026-06-05T00:00Z"}])";
  for (const auto* first : {"cncert+cnitsec", "cnitsec+cncert"}) {
    CAPTURE(first);
    const auto asked = planned_case({plan_pack("a", either(first))}, R"(["a"])", kPublish);
    CHECK(beside_of(best_schedule(asked->answer)) == std::vector<std::string>{"a/e2"});
  }
  const auto both = plan_rule("r1", "modality: precondition, act: {type: [publish-vuln], to: public}, first: {type: [notify-authority], to: cncert}") + plan_rule("r2", "modality: precondition, act: {type: [publish-vuln], to: public}, first: {type: [notify-authority], to: cncert, wait: P1D}");
  const auto asked = planned_case({plan_pack("a", both)}, R"(["a"])", kPublish);
  CHECK(beside_of(best_schedule(asked->answer)) == std::vector<std::string>{"a/r1", "a/r2"});
}

TEST_CASE("where one of several would do, the plan's own first step is used") {
  const auto rule = plan_rule("after", "modality: precondition, act: {type: [publish-vuln], to: public}, first: {type: [notify-authority], to: cncert|mps, wait: P3D}");
  const auto asked = planned_case({plan_pack("a", rule)}, R"(["a"])", R"([{"id": "p", "actor": "v", "type": "publish-vuln", "to": "public", "at": "2026-06-05T00:00Z"}, {"id": "r", "actor": "v", "type": "notify-authority", "to": "cncert", "at": "2026-06-05T00:00Z"}])");
  const auto plan = best_schedule(asked->answer);
  REQUIRE(plan.exists);
  CHECK(asked->planned(plan, "r").at == second_of("2026-06-01T00:00Z"));
  CHECK(plan.beside.empty());
}
