// A case with the answer that was reasoned out for it, held against the answer that the packs give. For tests only.
//
// Always holds
//   W1  What isn't expected may be anything, but outcomes and conflicts are exact.
//   W2  A rule that is expected to be silent is accounted for in the answer, where its pack was asked: a rule that isn't there can't be silent.
#pragma once

#include <algorithm>
#include <boost/json/serialize.hpp>

#include "regimes/evaluate.h"

namespace sluice::regimes {

struct Difference {
  bool of_silence = false;  // only that a rule isn't accounted for
  std::string text;
};
using Differences = std::vector<Difference>;

inline const json::array& list_at(const json::value& value, std::string_view key) {
  static const json::array kNone;
  const auto* found = value.as_object().if_contains(key);
  return found != nullptr && found->is_array() ? found->get_array() : kNone;
}

inline bool is_as_expected(const json::value& expected, const json::value& answer, std::string_view key) {
  const auto* left = expected.as_object().if_contains(key);
  const auto* right = answer.as_object().if_contains(key);
  return left == nullptr || (right != nullptr && *left == *right);
}

// Every expected row is answered by a row with the same keys, which says the same.
inline void compare_rows(const json::value& expected, const json::value& answer, std::string_view name, std::initializer_list<std::string_view> keys, std::initializer_list<std::string_view> fields, Differences& out) {
  for (const auto& row : list_at(expected, name)) {
    const auto& rows = list_at(answer, name);
    const auto found = std::find_if(rows.begin(), rows.end(), [&](const json::value& one) { return std::all_of(keys.begin(), keys.end(), [&](auto key) { return is_as_expected(row, one, key); }); });
    if (found == rows.end()) {
      out.push_back({false, std::string(name) + " lacks " + json::serialize(row)});
      continue;
    }
    for (const auto field : fields)
      if (!is_as_expected(row, *found, field)) out.push_back({false, std::string(field) + " of " + json::serialize(row) + " is in " + json::serialize(*found)});
  }
}

inline std::vector<std::string> conflict_sets(const json::value& value) {
  std::vector<std::string> out;
  for (const auto& one : list_at(value, "conflicts")) {
    const auto* draft = one.as_object().if_contains("draft");
    out.push_back(json::serialize(one.at("rules")) + " " + std::string(string_at(one, "kind")) + (draft != nullptr && *draft == json::value(true) ? " draft" : ""));
  }
  std::sort(out.begin(), out.end());
  return out;
}

inline void compare_silence(const json::value& expected, const json::value& answer, const Scenario& scenario, Differences& out) {
  for (const auto& row : list_at(expected, "silent")) {
    const auto rule = string_at(row, "rule");
    const auto is_this = [&](const json::value& one) { return string_at(one, "rule") == rule; };
    const auto &verdicts = list_at(answer, "verdicts"), &duties = list_at(answer, "duties"), &silent = list_at(answer, "silent");
    if (std::any_of(verdicts.begin(), verdicts.end(), is_this)) out.push_back({false, std::string(rule) + " speaks"});
    for (const auto& one : duties)
      if (is_this(one) && string_at(one, "state") != "not-triggered") out.push_back({false, std::string(rule) + " is owed"});
    const bool is_asked = std::find(scenario.regimes.begin(), scenario.regimes.end(), rule.substr(0, rule.find('/'))) != scenario.regimes.end();
    if (is_asked && std::none_of(duties.begin(), duties.end(), is_this) && std::none_of(silent.begin(), silent.end(), is_this)) out.push_back({true, std::string(rule) + " isn't accounted for"});
  }
}

inline void compare(const json::value& expected, const json::value& answer, const Scenario& scenario, Differences& out) {
  if (answer.at("outcomes") != expected.at("outcomes")) out.push_back({false, "outcomes are " + json::serialize(answer.at("outcomes"))});
  compare_rows(expected, answer, "verdicts", {"action", "rule"}, {"verdict", "force", "until"}, out);
  compare_rows(expected, answer, "duties", {"rule", "on"}, {"due", "state", "by"}, out);
  compare_rows(expected, answer, "divergences", {"rule", "standard"}, {"citation", "standard_citation"}, out);
  if (const auto sets = conflict_sets(answer); sets != conflict_sets(expected)) {
    std::string all = "conflicts are";
    for (const auto& one : sets) all += " " + one;
    out.push_back({false, all});
  }
  if (!is_as_expected(expected, answer, "schedule")) out.push_back({false, "the schedule is otherwise"});
  compare_silence(expected, answer, scenario, out);
  for (const auto& pair : list_at(expected, "order")) {
    const auto& order = list_at(answer, "order");
    if (std::count(order.begin(), order.end(), pair) != 1) out.push_back({false, "the order lacks " + json::serialize(pair)});
  }
}

inline Differences differences(const json::value& given, const Library& library) {
  const auto& expected = given.at("expected");
  const auto scenario = read_scenario(given, library.words);
  if (const auto* where = expected.as_object().if_contains("refused")) {
    if (scenario) return {{false, "it isn't refused"}};
    return scenario.error().where == std::string_view(where->as_string()) ? Differences{} : Differences{{false, "it is refused at " + scenario.error().where}};
  }
  if (!scenario) return {{false, scenario.error().message + " " + scenario.error().where}};
  const auto evaluated = evaluate(*scenario, library);
  if (!evaluated) return {{false, evaluated.error().message + " " + evaluated.error().where}};
  Differences out;
  compare(expected, to_json(*evaluated), *scenario, out);
  return out;
}

}  // namespace sluice::regimes
