// Whole cases with the answer that is expected of the built-in packs: ours under tests/regimes/, and those that come with the reference data.
#include <doctest/doctest.h>

#include <cstdlib>
#include <filesystem>
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
  for (const auto& entry : std::filesystem::directory_iterator(SLUICE_SOURCE_DIR "/tests/regimes")) {
    if (entry.path().extension() != ".json") continue;
    const auto value = parse_json(contents_of(entry.path()));
    REQUIRE(value);
    for (const auto& one : list_at(*value, "scenarios")) {
      CAPTURE(std::string(string_at(one, "id")));
      const auto scenario = read_scenario(one, library().words);
      if (!scenario) continue;
      const auto whole = evaluate(*scenario, library()), alone = evaluate_duties(*scenario, library());
      REQUIRE(whole.has_value() == alone.has_value());
      if (!whole) continue;
      json::array shown;
      for (const auto& duty : alone->duties) shown.push_back(to_json(*alone, duty)), ++duties;
      CHECK(json::serialize(shown) == json::serialize(to_json(*whole).at("duties")));
    }
  }
  CHECK(duties > 1'000);
}
