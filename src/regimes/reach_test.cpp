// Who is told because who was told has to pass it on: small packs, since no built-in law goes further than one step.
#include "regimes/reach.h"

#include <doctest/doctest.h>

#include <algorithm>

#include "regimes/built_in.h"

using namespace sluice;
using namespace sluice::regimes;

namespace reach_test {

// A vendor tells MIIT's platform; that tells CNCERT; that tells the police of the place and MIIT's platform, which had it first; the police tell the police above them.
constexpr std::string_view kChain = R"(id: xx-chain
edition: "1"
title: An invented act
jurisdiction: CN
force: law
status: invented
dates: {from: 2020-01-01}
rules:
  - {id: report, cite: Art. 1, says: The vendor reports., mark: [GEN], modality: must, binds: party.role is vendor, act: {type: [notify-authority], to: miit-platform}, due: {within: P2D, after: vuln.aware}}
  - {id: on, cite: Art. 2, says: The platform passes it on., mark: [GEN], modality: must, binds: party.role is authority, act: {type: [pass-on], to: cncert}, due: {promptly: true, after: report.received}, received_by: [miit-platform]}
  - {id: further, cite: Art. 3, says: CNCERT passes it on., mark: [GEN], modality: must, binds: party.role is authority, act: {type: [pass-on], to: "public-security-organ:CN-SH+miit-platform"}, due: {promptly: true, after: report.received}, received_by: [cncert]}
  - {id: up, cite: Art. 4, says: The police tell those above., mark: [GEN], modality: must, binds: party.role is authority, act: {type: [pass-on], to: public-security-organ}, due: {promptly: true, after: report.received}, received_by: [public-security-organ]}
)";

struct Asked {
  Library library;
  Scenario scenario;
  Evaluation answer;
};

std::unique_ptr<Asked> ask(std::string_view more, std::string_view actions) {
  auto out = std::make_unique<Asked>();
  auto built_in = built_in_library();
  REQUIRE(built_in);
  out->library.words = built_in->words;
  out->library.add(kChain, "chain.yaml");
  if (!more.empty()) out->library.add(more, "more.yaml");
  for (const auto& one : out->library.findings) REQUIRE_MESSAGE(one.severity != Severity::Error, one.where << " " << one.message);
  std::string text = R"({"as_of": "2026-06-02T00:00Z", "regimes": ["xx-chain"], "parties": [{"id": "v", "role": "vendor", "established": "CN"}, {"id": "f", "role": "finder"}],
    "vulnerability": {"state": "undisclosed"}, "events": {"vuln.aware@v": "2026-06-01T00:00Z"}, "actions": ACTIONS})";
  text.replace(text.find("ACTIONS"), 7, actions);
  auto read = read_scenario(*parse_json(text), out->library.words);
  REQUIRE(read);
  out->scenario = *std::move(read);
  auto answer = evaluate(out->scenario, out->library);
  REQUIRE(answer);
  out->answer = *std::move(answer);
  return out;
}

std::vector<std::string> lines(const std::vector<Onward>& all) {
  std::vector<std::string> out;
  for (const auto& one : all) out.push_back(std::to_string(one.step) + " " + one.via + " to " + one.to + " by " + one.rule->id + (one.duty == nullptr ? "" : " " + std::string(to_text(one.duty->state))));
  return out;
}

}  // namespace reach_test
using namespace reach_test;

TEST_CASE("whom a party tells by law tells others in their turn, each with through whom and by which rule, and a circle ends") {
  const auto asked = ask("", "[]");
  const std::vector<std::string> expected{"1 v to miit-platform by xx-chain/report open", "2 miit-platform to cncert by xx-chain/on", "3 cncert to public-security-organ:CN-SH by xx-chain/further",
                                          "3 cncert to miit-platform by xx-chain/further", "4 public-security-organ:CN-SH to public-security-organ:CN-SH by xx-chain/up"};
  CHECK(lines(onward(asked->answer, "v")) == expected);
  CHECK(onward(asked->answer, "f").empty());
  CHECK(onward(asked->answer, "nobody").empty());
}

TEST_CASE("what is told by an action goes on the same way, as expected and not observed") {
  const auto asked = ask("", R"([{"id": "told", "actor": "v", "type": "notify-authority", "to": "miit-platform", "content": ["summary"], "at": "2026-06-02T00:00Z"}])");
  const auto found = reach(asked->answer);
  std::vector<std::string> all;
  for (const auto& one : found.all) all.push_back(std::to_string(one.step) + " " + one.kind + " " + one.where + (one.by_rule.empty() ? "" : " by " + one.by_rule + " through " + one.via));
  const std::vector<std::string> expected{"1 miit-platform CN", "2 cncert CN by xx-chain/on through miit-platform", "3 public-security-organ CN-SH by xx-chain/further through cncert",
                                          "4 public-security-organ CN-SH (higher level) by xx-chain/up through public-security-organ"};
  CHECK(all == expected);   // the platform had it first
  CHECK(to_markdown(found).find("expected by xx-chain/further, through cncert, after told") != std::string::npos);
  CHECK(to_markdown(found).find("expected by xx-chain/on, after told") != std::string::npos);
}

TEST_CASE("a draft makes nobody expected to tell, and nobody is above the highest") {
  auto more = std::string(kChain);
  more.replace(more.find("force: law"), 10, "force: draft");
  const auto draft = ask(more, "[]");
  CHECK(onward(draft->answer, "v").empty());
  auto top = std::string(kChain);
  top.replace(top.find("public-security-organ:CN-SH+miit-platform"), 41, "mps");
  const auto asked = ask(top, "[]");
  CHECK(lines(onward(asked->answer, "v")).back() == "3 cncert to mps by xx-chain/further");
}
