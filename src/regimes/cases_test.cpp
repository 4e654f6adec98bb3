// Whole cases with the answer that is expected of the built-in packs: ours under tests/regimes/, and those that come with the reference data.
#include <doctest/doctest.h>

#include <algorithm>
#include <boost/json/serialize.hpp>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <sstream>

#include "regimes/built_in.h"

using namespace sluice;
using namespace sluice::regimes;

namespace {

std::string contents(const std::filesystem::path& file) {
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

const json::array& list(const json::value& value, std::string_view key) {
  static const json::array kNone;
  const auto* found = value.as_object().if_contains(key);
  return found != nullptr && found->is_array() ? found->get_array() : kNone;
}

bool is_same(const json::value& a, const json::value& b, std::string_view key) {
  const auto* left = a.as_object().if_contains(key);
  const auto* right = b.as_object().if_contains(key);
  return left == nullptr || (right != nullptr && *left == *right);  // what isn't expected may be anything
}

// Every expected row is answered, by a row with the same keys, and says the same.
void expect_rows(const json::value& expected, const json::value& answer, std::string_view name, std::initializer_list<std::string_view> keys, std::initializer_list<std::string_view> fields) {
  for (const auto& row : list(expected, name)) {
    const auto& rows = list(answer, name);
    const auto found = std::find_if(rows.begin(), rows.end(), [&](const json::value& one) { return std::all_of(keys.begin(), keys.end(), [&](auto key) { return is_same(row, one, key); }); });
    CHECK_MESSAGE(found != rows.end(), name << " lacks " << json::serialize(row));
    if (found == rows.end()) continue;
    for (const auto field : fields) CHECK_MESSAGE(is_same(row, *found, field), field << " of " << json::serialize(row) << " is in " << json::serialize(*found));
  }
}

std::vector<std::string> sets(const json::value& value) {
  std::vector<std::string> out;
  for (const auto& one : list(value, "conflicts")) {
    const auto* draft = one.as_object().if_contains("draft");
    out.push_back(json::serialize(one.at("rules")) + " " + std::string(string_at(one, "kind")) + (draft != nullptr && *draft == json::value(true) ? " draft" : ""));
  }
  std::sort(out.begin(), out.end());
  return out;
}

void expect(const json::value& given) {
  CAPTURE(std::string(string_at(given, "id")));
  const auto& expected = given.at("expected");
  const auto scenario = read_scenario(given, library().words);
  if (const auto* where = expected.as_object().if_contains("refused")) {
    REQUIRE_FALSE(scenario);
    CHECK(scenario.error().where == std::string_view(where->as_string()));
    return;
  }
  REQUIRE_MESSAGE(scenario, (scenario ? "" : scenario.error().message + " " + scenario.error().where));
  const auto evaluated = evaluate(*scenario, library());
  REQUIRE_MESSAGE(evaluated, (evaluated ? "" : evaluated.error().message));
  const json::value answer = to_json(*evaluated);
  CHECK(json::serialize(answer.at("outcomes")) == json::serialize(expected.at("outcomes")));
  expect_rows(expected, answer, "verdicts", {"action", "rule"}, {"verdict", "force", "until"});
  expect_rows(expected, answer, "duties", {"rule", "on"}, {"due", "state", "by"});
  expect_rows(expected, answer, "divergences", {"rule", "standard"}, {});
  CHECK(sets(answer) == sets(expected));
  CHECK(is_same(expected, answer, "schedule"));
  for (const auto& silent : list(expected, "silent")) {
    const auto rule = string_at(silent, "rule");
    for (const auto& one : list(answer, "verdicts")) CHECK_MESSAGE(string_at(one, "rule") != rule, rule << " speaks");
    for (const auto& one : list(answer, "duties")) CHECK_MESSAGE((string_at(one, "rule") != rule || string_at(one, "state") == "not-triggered"), rule << " is owed");
  }
  for (const auto& pair : list(expected, "order")) CHECK_MESSAGE(std::count(list(answer, "order").begin(), list(answer, "order").end(), pair) == 1, json::serialize(pair));
}

void expect_file(const std::filesystem::path& file) {
  CAPTURE(file.string());
  const auto value = parse_json(contents(file));
  REQUIRE(value);
  REQUIRE_FALSE(list(*value, "scenarios").empty());
  for (const auto& one : list(*value, "scenarios")) expect(one);
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
  const auto value = parse_json(contents(std::filesystem::path(SLUICE_SOURCE_DIR "/tests/regimes/conflicts.json")));
  REQUIRE(value);
  for (const auto& one : list(*value, "scenarios")) {
    const auto scenario = read_scenario(one, library().words);
    REQUIRE(scenario);
    CHECK(json::serialize(to_json(*evaluate(*scenario, library()))) == json::serialize(to_json(*evaluate(*scenario, library()))));
  }
}
