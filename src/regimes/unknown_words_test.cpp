#include "regimes/unknown_words.h"

#include <doctest/doctest.h>

#include "regimes/built_in.h"
#include "regimes/what_if.h"

using namespace sluice;
using namespace sluice::regimes;

namespace {

const Library& packs() {
  static const auto kAll = *built_in_library();
  return kAll;
}

json::object given_case() {
  return parse_json(R"({"id": "x", "as_of": "2026-12-01T00:00Z", "regimes": ["cn-rmsv-2021", "cn-cac-2019d", "us-sec-8k105"], "assume_in_force": ["cn-cac-2019d"], "readings": {},
    "parties": [{"id": "v", "role": "vendor", "established": "DE", "operates_in": ["CN", "EU"], "flags": ["listed"]}, {"id": "f", "role": "finder"}],
    "product": {"provider": "v", "support": "supported", "market": ["CN"], "consumer": true, "components": [{"provider": "v"}]}, "vulnerability": {"exploited": "no", "state": "undisclosed"},
    "incident": {"grade": "major", "kind": "theft"}, "embargo": {"parties": ["v"], "covers": ["public", "broker:US"]}, "events": {"vuln.aware@v": "2026-11-01T00:00Z"},
    "actions": [{"id": "a", "actor": "v", "type": "publish-vuln", "to": "public+csirt:DE+cac-office:CN-SH@province", "content": ["poc"], "stage": "final", "at": null, "sector": "fishery"}]})")->as_object();
}

std::vector<std::string> unknown_in(const json::object& given) {
  const auto read = read_scenario(given, packs().words);
  REQUIRE(read);
  return read->unknown_words;
}

}  // namespace

TEST_CASE("every word that no rule can speak of is named by its place") {  // a word that is misspelt changes the answer and says nothing
  CHECK(unknown_in(given_case()).empty());
  struct Row { const char* pointer; json::value value; const char* place; };
  for (const auto& [pointer, value, place] : {Row{"/actions/a/type", "shout", "/actions/0/type"},
                                              {"/actions/a/to", "martians", "/actions/0/to"},
                                              {"/actions/a/to", "cac-office:CN@galaxy", "/actions/0/to"},
                                              {"/actions/a/to", "csirt:Mars", "/actions/0/to"},
                                              {"/actions/a/content", json::array{"poc", "zzz"}, "/actions/0/content/1"},
                                              {"/actions/a/stage", "finale", "/actions/0/stage"},
                                              {"/vulnerability/exploited", "yess", "/vulnerability/exploited"},
                                              {"/product/support", "maybe", "/product/support"},
                                              {"/product/consumer", "perhaps", "/product/consumer"},
                                              {"/product/provider", "zz", "/product/provider"},
                                              {"/product/components", json::array{json::object{{"provider", "zz"}}}, "/product/components/0/provider"},
                                              {"/incident/grade", "huge", "/incident/grade"},
                                              {"/parties/v/flags", json::array{"king"}, "/parties/0/flags/0"},
                                              {"/parties/v/role", "king", "/parties/0/role"},
                                              {"/parties/v/established", "Atlantis", "/parties/0/established"},
                                              {"/embargo/covers", json::array{"martians"}, "/embargo/covers/0"},
                                              {"/events/vuln.awaree", "2026-11-01T00:00Z", "/events/vuln.awaree"},
                                              {"/regime", "x", "/regime"},
                                              {"/assume_in_force", json::array{"cn-cac-2019d", "cn-miit-2019d"}, "/assume_in_force/1"}}) {
    CAPTURE(pointer);
    Otherwise other;
    other.facts.emplace_back(pointer, value);
    const auto changed = otherwise(given_case(), other);
    REQUIRE(changed);
    CHECK(unknown_in(*changed) == std::vector<std::string>{place});
  }
}

TEST_CASE("only a draft is assumed to be in force, and a weight is a positive number") {
  for (const auto* id : {"cn-cac-2019", "us-sec-8k105"}) {
    auto given = given_case();
    given["assume_in_force"] = json::array{"cn-cac-2019d", id};
    const auto read = read_scenario(given, packs().words);
    REQUIRE(read);
    const auto answer = evaluate(*read, packs());
    REQUIRE_FALSE(answer);
    CHECK(answer.error().where == "/assume_in_force/1");
  }
  for (const auto& weight : {json::value("x"), json::value(-5), json::value(0), json::value(1.5)}) {
    auto given = given_case();
    given["actions"].as_array()[0].as_object()["weight"] = weight;
    const auto read = read_scenario(given, packs().words);
    REQUIRE_FALSE(read);
    CHECK(read.error().where == "/actions/0/weight");
  }
}

TEST_CASE("what is otherwise by a word that nobody knows is refused, not told as no change") {
  Otherwise event, fact, word;
  event.events.emplace_back("vuln.awaree", json::value());
  fact.facts.emplace_back("/vulnerability/exploitd", json::value("yes"));
  word.facts.emplace_back("/vulnerability/exploited", json::value("yess"));
  REQUIRE_FALSE(check(event, packs()));
  CHECK(check(event, packs()).error().where == "/events/vuln.awaree");
  REQUIRE_FALSE(check(fact, packs()));
  CHECK(check(fact, packs()).error().where == "/facts/~1vulnerability~1exploitd");
  REQUIRE(check(word, packs()));
  const auto answer = what_if(given_case(), packs(), *otherwise(given_case(), word), packs());
  REQUIRE_FALSE(answer);
  CHECK(answer.error().where == "/vulnerability/exploited");
  for (const auto* known : {"/product/support", "/actions/a/at", "/parties/v/flags", "/vulnerability/severity", "/embargo/until", "/as_of", "/readings/x", "/incident/material"}) {
    CAPTURE(known);
    CHECK(is_known_fact(known, packs().words));
  }
}

TEST_CASE("a party is added to a case") {
  Otherwise other;
  other.add_parties.push_back({{"id", "d"}, {"role", "vendor"}, {"established", "DE"}});
  const auto read = read_scenario(*otherwise(given_case(), other), packs().words);
  REQUIRE(read);
  CHECK(read->party("d") != nullptr);
}
