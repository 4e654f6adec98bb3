// Answers under other readings: what one choice changes, and all choices crossed.
#include <algorithm>

#include "regimes/changes.h"

namespace sluice::regimes {

namespace {

constexpr std::size_t kMostCrossed = 10;

// The readings that verdicts and duties of this case rest on, and whether a binding one is among them; in the order of the regimes' ids and of their names, so that an answer's is the same everywhere.
struct Asked { const Pack* pack = nullptr; bool binding = false; };
std::map<std::pair<std::string_view, std::string>, Asked> asked(const Evaluation& all) {
  std::map<std::pair<std::string_view, std::string>, Asked> out;
  const auto add = [&](const Applied& rule, const Grounds& grounds) {
    const bool binding = rule.force() == Force::Law || rule.force() == Force::Policy;
    for (const auto& name : grounds.readings) {
      auto& one = out[{rule.pack->id, name}];
      one.pack = rule.pack;
      one.binding = one.binding || binding;
    }
  };
  for (const auto& one : all.verdicts.spoken) add(one.rule, one.grounds);
  for (const auto& one : all.duties) add(one.rule, one.grounds);
  // A rule that is silent under this choice may speak under another.
  for (const auto& one : all.verdicts.silent) {
    Grounds grounds;
    grounds.readings = one.rule.rule->readings;
    for (const auto* condition : {&one.rule.pack->scope, &one.rule.body->binds, &one.rule.body->when})
      for (const auto& test : condition->tests())
        if (test.kind == Test::Kind::Reading) grounds.readings.insert(test.name);
    if (one.rule.body->act)
      for (const auto& test : one.rule.body->act->condition.tests())
        if (test.kind == Test::Kind::Reading) grounds.readings.insert(test.name);
    add(one.rule, grounds);
  }
  return out;
}

}  // namespace

std::vector<Dependence> dependences(const Evaluation& evaluation, const Library& library) {
  std::vector<Dependence> out;
  for (const auto& [reading, rests] : asked(evaluation)) {
    const auto& [pack, binding] = rests;
    const auto& name = reading.second;
    const auto* known = pack->reading(name);
    if (known == nullptr) continue;
    const auto choice = evaluation.world->choice(*pack, nullptr, name);
    for (const auto& [other, says] : known->choices) {
      if (other == choice) continue;
      auto readings = evaluation.world->other_readings;
      readings[pack->id + "." + name] = other;
      const auto then = evaluate(*evaluation.scenario, library, readings);
      if (!then) continue;
      std::vector<std::string> differs;
      for (const auto& change : changes(evaluation, *then)) differs.push_back(to_text(change));
      if (!differs.empty()) out.push_back({pack->id + "." + name, choice, other, std::move(differs), binding});
    }
  }
  return out;
}

json::array to_json(const std::vector<Dependence>& dependences) {
  json::array out;
  for (const auto& one : dependences) {
    json::array changes;
    for (const auto& change : one.changes) changes.emplace_back(change);
    out.push_back(json::object{{"reading", one.reading}, {"choice", one.choice}, {"otherwise", one.otherwise}, {"changes", std::move(changes)}});
  }
  return out;
}

json::object every_reading(const Evaluation& evaluation, const Library& library) {
  std::vector<std::pair<const Pack*, const Reading*>> crossed;
  for (const auto& [reading, rests] : asked(evaluation))
    if (const auto* known = rests.pack->reading(reading.second); rests.binding && known != nullptr) crossed.emplace_back(rests.pack, known);
  const bool all = crossed.size() <= kMostCrossed;
  std::vector<std::map<std::string, std::string>> worlds{{}};
  for (const auto& [pack, reading] : crossed) {
    std::vector<std::map<std::string, std::string>> next;
    if (all) {
      for (const auto& world : worlds)
        for (const auto& [choice, says] : reading->choices) {
          next.push_back(world);
          next.back()[pack->id + "." + reading->name] = choice;
        }
      worlds = std::move(next);
    } else {
      for (const auto& [choice, says] : reading->choices) worlds.push_back({{pack->id + "." + reading->name, choice}});
    }
  }
  json::array answers;
  for (const auto& world : worlds) {
    const auto answer = evaluate(*evaluation.scenario, library, world);
    if (!answer) continue;
    const auto full = to_json(*answer);
    json::object readings;
    for (const auto& [name, choice] : world) readings[name] = choice;
    answers.push_back(json::object{{"readings", std::move(readings)}, {"outcomes", full.at("outcomes")}, {"conflicts", full.at("conflicts")}, {"schedule", full.at("schedule")}});
  }
  return {{"crossed", all}, {"worlds", std::move(answers)}};
}

}  // namespace sluice::regimes
