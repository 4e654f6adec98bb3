// Conflicts of small packs made for it: what no built-in pack happens to show.
#include <doctest/doctest.h>

#include "regimes/built_in.h"

using namespace sluice;
using namespace sluice::regimes;

namespace {

std::string pack(std::string_view id, std::string_view force, std::string_view rules) {
  return "id: " + std::string(id) + "\nedition: 2026-01-01\ntitle: T\njurisdiction: CN\nforce: " + std::string(force) + (force == "policy" ? "\nowner: zdi" : "") +
         "\nstatus: s\nrules:\n" + std::string(rules);
}
std::string rule(std::string_view id, std::string_view fields) { return "  - {id: " + std::string(id) + ", cite: c, says: s, mark: [GEN], " + std::string(fields) + "}\n"; }

struct Asked {
  Library library;
  Scenario scenario;
  Evaluation answer;
  std::vector<std::string> sets() const {
    std::vector<std::string> out;
    for (const auto& one : answer.conflicts.all) {
      out.push_back(one.kind + ":");
      for (const auto& member : one.members) out.back() += " " + member;
    }
    return out;
  }
};

constexpr std::string_view kCase = R"({"as_of": "2026-06-01T00:00Z", "regimes": REGIMES, "parties": [{"id": "v", "role": "vendor", "flags": ["zdi"]}],
  "vulnerability": {"state": "undisclosed"}, "events": {"vuln.aware": "2026-06-01T00:00Z"}, "actions": ACTIONS})";

std::unique_ptr<Asked> ask(const std::vector<std::string>& packs, std::string_view regimes, std::string_view actions = "[]") {
  auto out = std::make_unique<Asked>();
  out->library = *built_in_library();
  for (const auto& one : packs) out->library.add(one, "made.yaml");
  for (const auto& one : out->library.findings) REQUIRE_MESSAGE(one.severity != Severity::Error, one.message);
  std::string text(kCase);
  text.replace(text.find("REGIMES"), 7, regimes);
  text.replace(text.find("ACTIONS"), 7, actions);
  out->scenario = *read_scenario(*parse_json(text), out->library.words);
  auto answer = evaluate(out->scenario, out->library);
  REQUIRE(answer);
  out->answer = *std::move(answer);
  return out;
}

const std::string kPublish = "modality: must, act: {type: [publish-vuln], to: public}, due: {within: P10D, after: vuln.aware}";

}  // namespace

TEST_CASE("a waiting time that is longer than the deadline is a matter of timing") {
  const auto wait = [](std::string_view days) { return rule("wait", "modality: precondition, act: {type: [publish-vuln], to: public}, first: {type: [notify-authority], to: cncert, wait: " + std::string(days) + "}"); };
  CHECK(ask({pack("a", "law", rule("must", kPublish)), pack("b", "law", wait("P11D"))}, R"(["a","b"])")->sets() == std::vector<std::string>{"timing: a/must b/wait"});
  CHECK(ask({pack("a", "law", rule("must", kPublish)), pack("b", "law", wait("P10D"))}, R"(["a","b"])")->sets().empty());  // it has run at its last instant
}

TEST_CASE("the first step may be what is forbidden") {
  const auto first = rule("first", "modality: precondition, act: {type: [publish-vuln], to: public}, first: {type: [notify-authority], to: cisa}");
  const auto ban = rule("ban", "modality: must-not, act: {type: [notify-authority], to: foreign}, until: vuln.public");
  const auto asked = ask({pack("a", "law", rule("must", kPublish)), pack("b", "law", first), pack("c", "law", ban)}, R"(["a","b","c"])");
  CHECK(asked->sets() == std::vector<std::string>{"law-law: a/must b/first c/ban"});
  CHECK_FALSE(asked->answer.conflicts.feasible);
  for (const auto* two : {R"(["a","b"])", R"(["a","c"])", R"(["b","c"])"})
    CHECK(ask({pack("a", "law", rule("must", kPublish)), pack("b", "law", first), pack("c", "law", ban)}, two)->sets().empty());  // C1: any two can be kept
}

TEST_CASE("law goes before an own policy, both ways, and the conflict is shown") {
  const auto ban = rule("ban", "modality: must-not, act: {type: [publish-vuln], to: public}");
  constexpr std::string_view kPlan = R"([{"id": "a1", "actor": "v", "type": "publish-vuln", "to": "public", "at": "2026-06-05T00:00Z"}])";
  const auto demanded = ask({pack("a", "law", rule("must", kPublish)), pack("b", "policy", ban)}, R"(["a","b"])", kPlan);
  CHECK(demanded->answer.outcomes.at("a1") == Outcome::Allow);
  CHECK(demanded->sets() == std::vector<std::string>{"law-policy: a/must b/ban"});
  const auto forbidden = ask({pack("a", "policy", rule("must", kPublish)), pack("b", "law", ban)}, R"(["a","b"])", kPlan);
  CHECK(forbidden->answer.outcomes.at("a1") == Outcome::Deny);
  CHECK(forbidden->sets() == std::vector<std::string>{"law-policy: a/must b/ban"});
  CHECK(ask({pack("a", "law", rule("must", kPublish)), pack("b", "law", ban)}, R"(["a","b"])", kPlan)->answer.outcomes.at("a1") == Outcome::Conflict);
  CHECK(ask({pack("b", "policy", ban)}, R"(["b"])", kPlan)->answer.outcomes.at("a1") == Outcome::Deny);
}

TEST_CASE("an act that is one way of two is in conflict if each way has a ban of its own") {
  const auto tell = rule("tell", "modality: must, act: {type: [notify-authority], to: miit|mps}, due: {within: P2D, after: vuln.aware}");
  const auto ban = [](std::string_view id, std::string_view whom) { return rule(id, "modality: must-not, act: {type: [notify-authority], to: " + std::string(whom) + "}, until: fix.available"); };
  constexpr std::string_view kPlan = R"([{"id": "a1", "actor": "v", "type": "notify-authority", "to": "miit", "at": "2026-06-01T12:00Z"}])";
  const auto both = ask({pack("a", "law", tell + ban("nomiit", "miit") + ban("nomps", "mps"))}, R"(["a"])", kPlan);
  CHECK(both->sets() == std::vector<std::string>{"law-law: a/nomiit a/nomps a/tell"});
  CHECK(both->answer.outcomes.at("a1") == Outcome::Conflict);
  // The other way is open, so it is this plan that is wrong.
  const auto one = ask({pack("a", "law", tell + ban("nomiit", "miit"))}, R"(["a"])", kPlan);
  CHECK(one->sets().empty());
  CHECK(one->answer.outcomes.at("a1") == Outcome::Deny);
  // A third ban that has nothing to do with it changes nothing.
  CHECK(ask({pack("a", "law", tell + ban("nomiit", "miit") + ban("nocisa", "cisa"))}, R"(["a"])", kPlan)->answer.outcomes.at("a1") == Outcome::Deny);
}

TEST_CASE("a ban on content is kept by another content") {
  const auto ban = rule("ban", "modality: must-not, act: {type: any, content: [poc]}");
  constexpr std::string_view kPlan = R"([{"id": "a1", "actor": "v", "type": "publish-vuln", "to": "public", "content": ["poc"], "at": "2026-06-05T00:00Z"}])";
  const auto plain = ask({pack("a", "law", rule("must", kPublish)), pack("b", "law", ban)}, R"(["a","b"])", kPlan);
  CHECK(plain->answer.outcomes.at("a1") == Outcome::Deny);
  CHECK(plain->answer.conflicts.feasible);
  const auto with_poc = "modality: must, act: {type: [publish-vuln], to: public, content: [poc]}, due: {within: P10D, after: vuln.aware}";
  CHECK(ask({pack("a", "law", rule("must", with_poc)), pack("b", "law", ban)}, R"(["a","b"])", kPlan)->sets() == std::vector<std::string>{"law-law: a/must b/ban"});
}

TEST_CASE("C2: beyond 64 sets the answer says that there are more, and stays infeasible") {
  std::string duties;
  for (int i = 0; i < 70; ++i) duties += rule("must" + std::to_string(100 + i), kPublish);
  const auto asked = ask({pack("a", "law", duties), pack("b", "law", rule("ban", "modality: must-not, act: {type: [publish-vuln], to: public}"))}, R"(["a","b"])");
  CHECK(asked->answer.conflicts.all.size() == 64);
  CHECK(asked->answer.conflicts.more);
  CHECK_FALSE(asked->answer.conflicts.feasible);
  CHECK(asked->sets().front() == "law-law: a/must100 b/ban");
  CHECK(asked->sets().back() == "law-law: a/must163 b/ban");
}

TEST_CASE("a permission against a ban is a clash, and no conflict") {
  constexpr std::string_view kPlan = R"([{"id": "a1", "actor": "v", "type": "publish-vuln", "to": "public", "at": "2026-06-05T00:00Z"}])";
  const auto asked = ask({pack("a", "law", rule("may", "modality: may, act: {type: [publish-vuln], to: public}")), pack("b", "draft", rule("ban", "modality: must-not, act: {type: [publish-vuln], to: public}"))}, R"(["a","b"])", kPlan);
  CHECK(asked->sets() == std::vector<std::string>{"permission-clash: a/may b/ban"});
  CHECK(asked->answer.conflicts.all[0].draft == true);
  CHECK(asked->answer.conflicts.feasible);
  CHECK(asked->answer.outcomes.at("a1") == Outcome::Allow);
}

TEST_CASE("thirty duties that one of three bodies would do for, against a ban of each body, are answered in full") {  // what they have in common may be done twice, so each is looked at by itself
  constexpr std::string_view kBodies[] = {"service-recipients", "customers", "data-subjects", "members", "journalist", "broker", "partners", "downstream-vendor", "operator", "controller", "csirt-coordinator", "enisa",
                                          "csirt", "nis2-csirt", "nis2-authority", "supervisory-authority", "enforcement-authority", "cac-office", "telecom-office", "public-security-organ", "sector-department",
                                          "protection-department", "notification-centre", "cncert", "cnitsec", "cisa", "cert-in", "ipa", "jpcert", "equities-process"};
  std::string rules;
  std::vector<std::string> expected;
  for (int i = 0; i < 30; ++i) {
    std::string to;
    std::set<std::string> members{"a/d" + std::to_string(10 + i)};
    for (int k = 0; k < 3; ++k) {
      const auto body = (i * 7 + k * 11 + i * k * 3) % 30;
      to += (k == 0 ? "" : "|") + std::string(kBodies[body]);
      members.insert("a/b" + std::to_string(10 + body));
    }
    rules += rule("d" + std::to_string(10 + i), "modality: must, act: {type: [notify-authority], to: " + to + "}, due: {within: PT" + std::to_string(24 + i) + "H, after: vuln.aware}");
    rules += rule("b" + std::to_string(10 + i), "modality: must-not, act: {type: [notify-authority], to: " + std::string(kBodies[i]) + "}");
    expected.emplace_back("law-law:");
    for (const auto& one : members) expected.back() += " " + one;
  }
  const auto asked = ask({pack("a", "law", rules)}, R"(["a"])");
  CHECK_FALSE(asked->answer.conflicts.more);
  auto given = asked->sets();
  std::sort(given.begin(), given.end());
  std::sort(expected.begin(), expected.end());
  CHECK(given == expected);
}
