// Whole cases with the answer that is expected of the built-in packs: ours under tests/regimes/, and those that come with the reference data.
#include <doctest/doctest.h>

#include <cstdlib>
#include <filesystem>
#include <functional>
#include <fstream>
#include <iostream>
#include <sstream>

#include "regimes/built_in.h"
#include "regimes/worked_case.h"

using namespace sluice;
using namespace sluice::regimes;

namespace {

std::string contents_of(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  std::ostringstream out;
  out << in.rdbuf();
  return out.str();
}

const Library& library() {
  static const auto kLibrary = built_in_library();
  REQUIRE(kLibrary);
  return *kLibrary;
}

void expect(const json::value& given) {
  CAPTURE(std::string(string_at(given, "id")));
  for (const auto& one : differences(given, library())) FAIL_CHECK(one.text);
}

void expect_file(const std::filesystem::path& file) {
  CAPTURE(file.string());
  const auto value = parse_json(contents_of(file));
  REQUIRE(value);
  REQUIRE_FALSE(list_at(*value, "scenarios").empty());
  for (const auto& one : list_at(*value, "scenarios")) expect(one);
}

// Each worked case of ours that can be read.
void each_case(const std::function<void(const Scenario&)>& look) {
  for (const auto& entry : std::filesystem::directory_iterator(SLUICE_SOURCE_DIR "/tests/regimes")) {
    if (entry.path().extension() != ".json") continue;
    const auto value = parse_json(contents_of(entry.path()));
    REQUIRE(value);
    for (const auto& one : list_at(*value, "scenarios")) {
      CAPTURE(std::string(string_at(one, "id")));
      if (const auto scenario = read_scenario(one, library().words)) look(*scenario);
    }
  }
}

}  // namespace

TEST_CASE("the built-in packs can be read, without a finding") {
  for (const auto& one : library().findings) CHECK_MESSAGE(one.severity != Severity::Error, one.where << " " << one.message);
  CHECK(library().packs.size() == built_in_packs().size() - 2);  // all but the vocabulary and the directory of authorities
}

TEST_CASE("our own cases are answered as reasoned") {
  for (const auto& entry : std::filesystem::directory_iterator(SLUICE_SOURCE_DIR "/tests/regimes"))
    if (entry.path().extension() == ".json") expect_file(entry.path());
}

TEST_CASE("the worked cases of the reference data are answered as worked out there") {
  const auto* folder = std::getenv("SLUICE_REFERENCE_DATA");
  if (folder == nullptr) {
    std::cout << "skipped: SLUICE_REFERENCE_DATA is not set, so the worked cases of the regimes were not answered\n";
    return;
  }
  expect_file(std::filesystem::path(folder) / "regimes" / "scenarios-example.json");
}

TEST_CASE("an answer is the same twice") {
  const auto value = parse_json(contents_of(std::filesystem::path(SLUICE_SOURCE_DIR "/tests/regimes/conflicts.json")));
  REQUIRE(value);
  for (const auto& one : list_at(*value, "scenarios")) {
    const auto scenario = read_scenario(one, library().words);
    REQUIRE(scenario);
    CHECK(json::serialize(to_json(*evaluate(*scenario, library()))) == json::serialize(to_json(*evaluate(*scenario, library()))));
  }
}

TEST_CASE("duties that are asked for alone are those of the whole answer") {
  int duties = 0;
  each_case([&](const Scenario& scenario) {
    const auto whole = evaluate(scenario, library()), alone = evaluate_duties(scenario, library());
    REQUIRE(whole.has_value() == alone.has_value());
    if (!whole) return;
    json::array shown;
    for (const auto& duty : alone->duties) shown.push_back(to_json(*alone, duty)), ++duties;
    CHECK(json::serialize(shown) == json::serialize(to_json(*whole).at("duties")));
  });
  CHECK(duties > 1'000);
}

TEST_CASE("what a party owes is the same when nobody else is asked about") {
  int duties = 0, left_out = 0;
  each_case([&](const Scenario& scenario) {
    const auto all = evaluate_duties(scenario, library());
    if (!all) return;
    for (const auto& party : scenario.parties) {
      const auto alone = evaluate_duties(scenario, library(), [&](const Party& asked) { return asked.id == party.id; });
      REQUIRE(alone);
      json::array shown, expected;
      for (const auto& duty : alone->duties) shown.push_back(to_json(*alone, duty)), ++duties;
      for (const auto& duty : all->duties)
        if (duty.on->id == party.id) expected.push_back(to_json(*all, duty));
        else ++left_out;
      CHECK(json::serialize(shown) == json::serialize(expected));
    }
  });
  CHECK(duties > 1'000);
  CHECK(left_out > 100);
}

TEST_CASE("a party that is out of a regime's scope is bound by none of its rules") {
  int outside = 0;
  each_case([&](const Scenario& scenario) {
    const World world(scenario, library().words);
    for (const auto& [id, pack] : library().packs)
      for (const auto& party : scenario.parties) {
        if (!is_out_of_scope(world, pack, party, scenario.as_of)) continue;
        ++outside;
        for (const auto& rule : pack.rules) {
          Grounds grounds;
          CHECK_MESSAGE(binds(applied(world, pack, rule), party, scenario.as_of, grounds) == Truth::False, rule.id, " ", party.id);
        }
      }
  });
  CHECK(outside > 1'000);
}

TEST_CASE("where a scope asks what may differ from rule to rule, no party is out of it at once") {
  constexpr std::string_view kText = R"(id: xx-scope
edition: "1"
title: An invented act
jurisdiction: CN
force: law
time_zone: Asia/Shanghai
status: invented
dates: {from: 2020-01-01}
readings:
  reach: {says: Whom the act reaches., choices: {home: those at home, all: all}}
scope: {says: by reading, binds: "reading(reach) is all or party.established is CN"}
rules:
  - {id: one, cite: Art. 1, says: One., modality: must, act: {type: [notify-authority], to: miit-platform}, due: {within: P2D, after: vuln.aware}, mark: [GEN]}
  - {id: two, cite: Art. 2, says: Two., modality: must, act: {type: [notify-authority], to: miit-platform}, due: {within: P2D, after: vuln.aware}, mark: [GEN]}
)";
  auto own = library();
  own.add(kText, "xx-scope.yaml");
  REQUIRE(own.packs.contains("xx-scope"));
  auto value = parse_json(R"({"id": "x", "title": "", "as_of": "2026-01-01T00:00Z", "regimes": ["xx-scope"], "parties": [{"id": "v", "role": "vendor", "established": "DE"}], "events": {"vuln.aware": "2025-12-31T00:00Z"}, "actions": []})");
  REQUIRE(value);
  const auto owed = [&](const char* reading) {
    if (reading != nullptr) value->as_object()["readings"] = json::object{{reading, "all"}};
    const auto scenario = read_scenario(*value, own.words);
    REQUIRE(scenario);
    const auto answer = evaluate(*scenario, own);
    REQUIRE(answer);
    std::string out;
    for (const auto& duty : answer->duties) out += duty.rule.rule->id + " ";
    return out;
  };
  CHECK(owed(nullptr) == "");
  CHECK(owed("xx-scope/two.reach") == "xx-scope/two ");
  CHECK(owed("xx-scope.reach") == "xx-scope/one xx-scope/two ");
}
