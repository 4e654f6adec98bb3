// Every rule of every pack is there for something: taken out of its pack, at least one worked case is answered otherwise than reasoned.
//
// A rule that judges an act, or is owed, or is compared on a topic, must be missed in a verdict, duty, conflict, order or divergence. What gives none of these (a definition, a
// sanction, advice on how to organise oneself) must be missed where the answer accounts for the rules that are silent.
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

std::string text_of_file(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  std::ostringstream out;
  out << in.rdbuf();
  return out.str();
}

std::vector<json::value> worked_cases() {
  std::vector<json::value> out;
  for (const auto& entry : std::filesystem::directory_iterator(SLUICE_SOURCE_DIR "/tests/regimes")) {
    if (entry.path().extension() != ".json") continue;
    auto read = parse_json(text_of_file(entry.path()));
    REQUIRE_MESSAGE(read, entry.path().string());
    for (auto& one : read->as_object().at("scenarios").as_array()) out.push_back(std::move(one));
  }
  return out;
}

bool asks(const json::value& given, std::string_view pack) {
  const auto& regimes = list_at(given, "regimes");
  return std::any_of(regimes.begin(), regimes.end(), [&](const json::value& one) { return one.as_string() == std::string_view(pack); });
}

bool names(const json::value& given, std::string_view rule) { return json::serialize(given.at("expected")).find("\"" + std::string(rule) + "\"") != std::string::npos; }

// It gives no verdict and no duty and stands in no divergence.
bool can_only_be_silent(const Rule& rule) {
  const auto one = [](const RuleBody& body) {
    const bool is_owed = body.modality == Modality::Must;
    const bool judges = body.act && body.modality != Modality::Definition && body.modality != Modality::Sanction;
    const bool measured = !body.against.empty() && (judges || is_owed || body.modality != Modality::May);  // what permits no act departs from a norm without a case alone (letters_test)
    return !is_owed && !judges && body.norm.empty() && !measured;
  };
  return one(rule.plain) && std::all_of(rule.in_reading.begin(), rule.in_reading.end(), [&](const auto& other) { return one(std::get<2>(other)); });
}

bool is_an_exception(const Pack& pack, const Rule& rule) {
  return std::any_of(pack.rules.begin(), pack.rules.end(), [&](const Rule& other) {
    const auto& by = other.plain.excepted_by;
    return std::find(by.begin(), by.end(), rule.id) != by.end();
  });
}

// The rule is out of the pack as long as this lives.
class Without {
 public:
  Without(Pack& pack, std::size_t rule) : pack_(pack), place_(rule), rule_(std::move(pack.rules[rule])) { pack_.rules.erase(pack_.rules.begin() + std::ptrdiff_t(rule)); }
  ~Without() { pack_.rules.insert(pack_.rules.begin() + std::ptrdiff_t(place_), std::move(rule_)); }
  Without(const Without&) = delete;
  Without& operator=(const Without&) = delete;

 private:
  Pack& pack_;
  std::size_t place_;
  Rule rule_;
};

bool is_missed(const json::value& given, const Library& library, bool in_silence) {
  const auto all = differences(given, library);
  return std::any_of(all.begin(), all.end(), [&](const Difference& one) { return in_silence || !one.of_silence; });
}

}  // namespace

TEST_CASE("whichever rule is taken out of its pack, a worked case is answered otherwise") {
  auto library = built_in_library();
  REQUIRE(library);
  const auto cases = worked_cases();
  std::size_t rules = 0, answered = 0;
  for (auto& [name, pack] : library->packs) {
    for (std::size_t i = 0; i < pack.rules.size(); ++i, ++rules) {
      const std::string id = pack.rules[i].id;
      const bool in_silence = can_only_be_silent(pack.rules[i]) && !is_an_exception(pack, pack.rules[i]);
      const Without without(pack, i);
      // Only cases that name the rule, since who reasons about a rule names it.
      const bool missed = std::any_of(cases.begin(), cases.end(), [&](const json::value& given) { return asks(given, name) && names(given, id) && (++answered, is_missed(given, *library, in_silence)); });
      CHECK_MESSAGE(missed, id << (in_silence ? ", which can only be accounted for as silent," : "") << " could be left out and no worked case would tell");
    }
  }
  MESSAGE(rules << " rules taken out one by one, " << answered << " cases answered for it");
}

TEST_CASE("every rule of the reference data is in a pack") {
  const auto* folder = std::getenv("SLUICE_REFERENCE_DATA");
  if (folder == nullptr) {
    std::cout << "skipped: SLUICE_REFERENCE_DATA is not set, so the packs were not held against the reference data's list of rules\n";
    return;
  }
  const auto library = built_in_library();
  REQUIRE(library);
  const auto given = parse_json(text_of_file(std::filesystem::path(folder) / "regimes" / "rules.json"));
  REQUIRE(given);
  std::size_t rules = 0;
  for (const auto& regime : list_at(*given, "regimes")) {
    const std::string id(string_at(regime, "id"));
    const auto pack = library->packs.find(id);
    CHECK_MESSAGE(pack != library->packs.end(), "there is no pack " << id);
    if (pack == library->packs.end()) continue;
    for (const auto& rule : list_at(regime, "rules")) {
      ++rules;
      const auto& words = rule.as_object();
      const std::string name(string_at(rule, words.contains("id") ? "id" : "rule"));
      CHECK_MESSAGE(pack->second.rule(name.find('/') == name.npos ? id + "/" + name : name) != nullptr, id << " lacks " << name);
    }
  }
  CHECK(rules > 0);
}
