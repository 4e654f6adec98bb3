// What the two letters of 2019 say comes out of the packs, and what they ask for is an amendment that works. The lines stand in tests/regimes/letters/, each with its questions.
#include <doctest/doctest.h>

#include <algorithm>
#include <boost/json/serialize.hpp>
#include <fstream>
#include <sstream>

#include "regimes/built_in.h"
#include "regimes/compare.h"
#include "regimes/cost.h"
#include "regimes/departure.h"
#include "regimes/overlay.h"
#include "regimes/reach.h"
#include "regimes/what_if.h"

using namespace sluice;
using namespace sluice::regimes;

namespace letters {

json::value read(const std::string& file) {
  std::ifstream in(SLUICE_SOURCE_DIR "/" + file, std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  auto value = parse_json(text.str());
  REQUIRE_MESSAGE(value, file);
  return *std::move(value);
}

const Library& packs() {
  static const auto kLibrary = built_in_library();
  REQUIRE(kLibrary);
  return *kLibrary;
}

std::vector<std::string> words(const json::object& proof, std::string_view key) {
  std::vector<std::string> out;
  if (const auto* list = proof.if_contains(key); list != nullptr && list->is_array())
    for (const auto& one : list->get_array()) out.emplace_back(one.get_string());
  return out;
}
std::string word(const json::object& proof, std::string_view key) { return std::string(string_at(proof, key)); }

// The proof's case, with what it changes of it.
json::object case_of(const json::object& proof) {
  auto scenario = read("docs/replay/scenarios/" + word(proof, "case") + ".json").as_object();
  Otherwise other;
  if (const auto* readings = proof.if_contains("readings"))
    for (const auto& [name, choice] : readings->as_object()) other.readings[name] = choice.as_string();
  if (const auto* facts = proof.if_contains("facts"))
    for (const auto& [pointer, value] : facts->as_object()) other.facts.emplace_back(pointer, value);
  if (const auto* events = proof.if_contains("events"))
    for (const auto& [name, at] : events->as_object()) other.events.emplace_back(name, at);
  other.assume = words(proof, "assume");
  if (const auto* action = proof.if_contains("add_action")) scenario["actions"].as_array().push_back(*action);
  if (proof.contains("not_assumed")) scenario.erase("assume_in_force");
  auto out = otherwise(std::move(scenario), other);
  REQUIRE(out);
  return *std::move(out);
}

// A case that was read, with its answer, which points into it.
struct Answered {
  Scenario scenario;
  std::optional<Evaluation> evaluation;
  Answered(const json::object& value, const Library& library) {
    auto read = read_scenario(value, library.words);
    REQUIRE_MESSAGE(read, (read ? "" : read.error().message + " " + read.error().where));
    scenario = *std::move(read);
    auto answer = evaluate(scenario, library);
    REQUIRE_MESSAGE(answer, (answer ? "" : answer.error().message));
    evaluation = std::move(*answer);
  }
  const Evaluation& operator*() const { return *evaluation; }
  const Evaluation* operator->() const { return &*evaluation; }
};

std::vector<Departure> all_departures(const Shelf& shelf, const std::vector<std::string>& ids, const Yardsticks& yardsticks) {
  const auto named = packs_named(shelf.library(), ids);
  REQUIRE(named);
  return departures(shelf, *named, yardsticks);
}

const Rule& rule(const Library& library, const std::string& id) {
  const auto pack = library.packs.find(id.substr(0, id.find('/')));
  REQUIRE(pack != library.packs.end());
  const auto* found = pack->second.rule(id);
  REQUIRE_MESSAGE(found != nullptr, id);
  return *found;
}

bool conflicts_with(const Evaluation& all, const std::vector<std::string>& members, bool exactly, const std::string& kind) {
  return std::any_of(all.conflicts.all.begin(), all.conflicts.all.end(), [&](const Conflict& one) {
    const bool holds = std::all_of(members.begin(), members.end(), [&](const std::string& member) { return std::find(one.members.begin(), one.members.end(), member) != one.members.end(); });
    return holds && (!exactly || one.members.size() == members.size()) && (kind.empty() || one.kind == kind);
  });
}

void prove_by_packs(const json::object& proof) {
  const auto& library = packs();
  if (proof.contains("sum")) {
    const Shelf shelf(library, {});
    CHECK(all_departures(shelf, words(proof, "sum"), words(proof, "against")).size() >= std::size_t(proof.at("at_least").as_int64()));
  } else if (proof.contains("departs")) {
    const auto asked = word(proof, "departs");
    const Shelf shelf(library, {});
    const auto found = all_departures(shelf, {asked.substr(0, asked.find('/'))}, {word(proof, "standard")});
    CHECK(std::any_of(found.begin(), found.end(), [&](const Departure& one) { return one.rule->id == asked && one.norm->id == word(proof, "standard") && one.under == word(proof, "under"); }));
  } else if (proof.contains("rule")) {
    CHECK_FALSE(rule(library, word(proof, "rule")).says.empty());
  } else if (proof.contains("reading")) {
    const auto name = word(proof, "reading");
    const auto* reading = library.packs.at(name.substr(0, name.find('.'))).reading(name.substr(name.find('.') + 1));
    REQUIRE(reading != nullptr);
    CHECK(std::any_of(reading->choices.begin(), reading->choices.end(), [&](const auto& one) { return one.first == word(proof, "choice"); }));
  } else if (proof.contains("no_exception")) {
    const auto& body = rule(library, word(proof, "no_exception")).plain;
    CHECK(body.excepted_by.empty());
    CHECK(body.permits_if.is_empty());
    CHECK(body.until != "release.done");
  } else if (proof.contains("no_number")) {
    const auto& due = rule(library, word(proof, "no_number")).plain.due;
    CHECK((due.form == Due::Form::None || due.form == Due::Form::Promptly));
  } else if (proof.contains("modality")) {
    CHECK(to_text(rule(library, word(proof, "modality")).plain.modality) == word(proof, "is"));
  } else if (proof.contains("alike")) {
    const auto pair = words(proof, "alike");
    const Shelf shelf(library, {});
    const auto compared = compare(shelf, library.packs.at(pair[0].substr(0, pair[0].find('/'))), library.packs.at(pair[1].substr(0, pair[1].find('/'))));
    CHECK(std::any_of(compared.pairs.begin(), compared.pairs.end(), [&](const Pair& one) { return one.a.rule.rule->id == pair[0] && one.b.rule.rule->id == pair[1]; }));
  } else {
    FAIL_CHECK("no such proof");
  }
}

// The same rule in every place of the case, as a precedent would have it: a step a place.
void prove_everywhere(const json::object& proof) {
  auto scenario = case_of(proof);
  const auto places = words(proof, "places");
  std::size_t steps = 0;
  for (const auto& place : places) {
    const auto asked = word(proof, "everywhere");
    auto text = OverlayText{"everywhere.yaml", "{id: everywhere, edition: '1', title: t, source: s, says: s, changes: [{pack: " + asked.substr(0, asked.find('/')) + ", change: [{rule: " + asked.substr(asked.find('/') + 1) +
                                                   ", when: always, first: {type: [notify-authority], to: 'public-security-organ:" + place + "@prefecture'}}]}]}"};
    const auto changed = amended(packs(), {text});
    for (const auto& one : changed.findings) CAPTURE(one.where + " " + one.message);
    REQUIRE(is_valid(changed.findings));
    Otherwise no_report;
    no_report.facts.emplace_back("/actions/police/at", json::value());
    const auto bare = otherwise(scenario, no_report);
    REQUIRE(bare);
    const auto read = read_scenario(*bare, packs().words);
    REQUIRE(read);
    const auto found = cost(*read, changed.library, asked);
    REQUIRE(found);
    steps += found->with.steps.size();
    CHECK((found->delay && *found->delay >= 1));
  }
  CHECK(steps == places.size());
}

void prove_by_case(const json::object& proof) {
  const auto& library = packs();
  if (proof.contains("everywhere")) return prove_everywhere(proof);
  const auto value = case_of(proof);
  const Answered all(value, library);
  if (proof.contains("conflict")) {
    CHECK(conflicts_with(*all, words(proof, "conflict"), true, word(proof, "kind")));
  } else if (proof.contains("conflict_has")) {
    CHECK(conflicts_with(*all, words(proof, "conflict_has"), false, word(proof, "kind")));
  } else if (proof.contains("verdict")) {
    CHECK(std::any_of(all->verdicts.spoken.begin(), all->verdicts.spoken.end(), [&](const Verdict& one) { return one.rule.rule->id == word(proof, "of") && one.action->id == word(proof, "action") && to_text(one.word) == word(proof, "verdict"); }));
  } else if (proof.contains("silent")) {
    CHECK(std::none_of(all->verdicts.spoken.begin(), all->verdicts.spoken.end(), [&](const Verdict& one) { return one.rule.rule->id == word(proof, "silent"); }));
  } else if (proof.contains("departs")) {
    CHECK(std::any_of(all->divergences.begin(), all->divergences.end(), [&](const Divergence& one) { return one.rule == word(proof, "departs") && one.standard == word(proof, "standard"); }));
  } else if (proof.contains("duty")) {
    const auto found = std::find_if(all->duties.begin(), all->duties.end(), [&](const Duty& one) { return one.rule.rule->id == word(proof, "duty") && one.on->id == word(proof, "on"); });
    REQUIRE(found != all->duties.end());
    CHECK((found->due && found->due->text == word(proof, "due")));
    CHECK(to_text(found->state) == word(proof, "state"));
  } else if (proof.contains("cost")) {
    const auto found = cost(all.scenario, library, word(proof, "cost"));
    REQUIRE(found);
    CAPTURE(to_text(*found));
    CHECK((found->delay_as_planned && *found->delay_as_planned == proof.at("delay_s").as_int64()));  // by the dates of the case's plan
  } else if (proof.contains("reached")) {
    const auto found = reach(*all);
    REQUIRE(found.open);
    CHECK(std::any_of(found.all.begin(), found.all.end(), [&](const Reached& one) { return one.kind == word(proof, "reached") && one.by_rule == word(proof, "by") && !one.is_needed && *found.open - one.at == proof.at("before_s").as_int64(); }));
  } else if (proof.contains("unchanged")) {
    auto plain = proof;
    plain.erase("facts");
    const Answered before(case_of(plain), library);
    for (const auto& one : changes(*before, *all))
      CHECK_MESSAGE((one.kind != "duty" || one.of != word(proof, "unchanged") || one.on != word(proof, "on")), to_text(one));
  } else {
    FAIL_CHECK("no such proof");
  }
}

OverlayText overlay_text(const std::string& id) {
  for (const auto& [file, yaml] : built_in_overlays())
    if (file == id + ".yaml") return {std::string(file), std::string(yaml)};
  FAIL("no amendment " << id);
  return {};
}

void prove_amendment(const std::string& id, const json::object& proof) {
  const auto amended_now = amended(packs(), {overlay_text(id)});
  for (const auto& one : amended_now.findings) CHECK_MESSAGE(one.severity != Severity::Error, one.where << " " << one.message);
  const auto& library = amended_now.library;
  if (proof.contains("no_departures")) {
    const Shelf before(packs(), {}), shelf(library, {});
    CHECK_FALSE(all_departures(before, words(proof, "no_departures"), words(proof, "against")).empty());
    for (const auto& one : all_departures(shelf, words(proof, "no_departures"), words(proof, "against"))) FAIL_CHECK(one.rule->id << " still departs from " << one.norm->id);
    // No more than those is dropped.
    const auto of = all_departures(before, words(proof, "no_departures"), words(proof, "against"));
    for (const auto& change : amended_now.overlays.front().changes) {
      CHECK_MESSAGE(std::any_of(of.begin(), of.end(), [&](const Departure& one) { return one.rule->id == change.name; }), change.name << " departs from none of them");
    }
    return;
  }
  if (proof.contains("gone_rule")) {
    const auto gone = word(proof, "gone_rule");
    CHECK(library.packs.at(gone.substr(0, gone.find('/'))).rule(gone) == nullptr);
    return;
  }
  if (proof.contains("departs_no_more")) {
    const auto which = word(proof, "departs_no_more");
    const Shelf shelf(library, {});
    for (const auto& one : all_departures(shelf, {which.substr(0, which.find('/'))}, {})) CHECK(one.rule->id != which);
    return;
  }
  const auto value = case_of(proof);
  const auto answer = what_if(value, packs(), value, library);
  REQUIRE_MESSAGE(answer, (answer ? "" : answer.error().message + " " + answer.error().where));
  std::string all;
  for (const auto& one : answer->changes) all += to_text(one) + "\n";
  CAPTURE(all);
  const auto is_it = [&](const Change& one, std::string_view kind) { return one.kind == word(proof, kind) && one.of == word(proof, "of") && (!proof.contains("on") || one.on == word(proof, "on")); };
  if (proof.contains("gone")) {
    CHECK(std::any_of(answer->changes.begin(), answer->changes.end(), [&](const Change& one) { return is_it(one, "gone") && !one.before.empty() && one.then.empty(); }));
  } else if (proof.contains("gone_all")) {
    const auto has = word(proof, "has");
    CHECK(std::any_of(answer->changes.begin(), answer->changes.end(), [&](const Change& one) { return one.kind == word(proof, "gone_all") && one.of.find(has) != one.of.npos && one.then.empty(); }));
    const Answered then(value, library);
    CHECK_FALSE(conflicts_with(*then, {has}, false, ""));
  } else {
    CHECK(std::any_of(answer->changes.begin(), answer->changes.end(), [&](const Change& one) { return is_it(one, "change") && one.before == word(proof, "before") && one.then == word(proof, "then"); }));
  }
}

}  // namespace letters

TEST_CASE("what the two letters say comes out of the packs, line by line") {
  std::set<std::string> lines;
  const auto all = letters::read("tests/regimes/letters/lines.json");
  for (const auto& one : all.at("lines").as_array()) {
    const auto& line = one.as_object();
    CAPTURE(letters::word(line, "line"));
    lines.insert(letters::word(line, "line"));
    REQUIRE_FALSE(line.at("proof").as_array().empty());
    for (const auto& proof : line.at("proof").as_array()) {
      CAPTURE(json::serialize(proof));
      if (proof.as_object().contains("case")) letters::prove_by_case(proof.as_object());
      else letters::prove_by_packs(proof.as_object());
    }
  }
  // Words only: L1-5, L1-10, L1-13.
  for (int i = 1; i <= 16; ++i) CHECK((lines.contains("L1-" + std::to_string(i)) || i == 5 || i == 10 || i == 13));
  for (int i = 1; i <= 21; ++i) CHECK(lines.contains("L2-" + std::to_string(i)));
}

TEST_CASE("each ask and each suggested approach is an amendment that does what it says") {
  std::set<std::string> built_in;
  for (const auto& [file, yaml] : built_in_overlays()) built_in.insert(std::string(file.substr(0, file.rfind('.'))));
  const auto all = letters::read("tests/regimes/letters/asks.json");
  for (const auto& one : all.at("asks").as_array()) {
    const auto id = letters::word(one.as_object(), "overlay");
    CAPTURE(id);
    built_in.erase(id);
    REQUIRE_FALSE(one.as_object().at("proof").as_array().empty());
    for (const auto& proof : one.as_object().at("proof").as_array()) {
      CAPTURE(json::serialize(proof));
      letters::prove_amendment(id, proof.as_object());
    }
  }
  for (const auto& id : built_in) FAIL_CHECK("no proof of " << id);
}
