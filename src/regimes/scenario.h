// A case as it is given: who, what, when, and what is planned or done. JSON in, values out; nothing is decided here.
//
// Always holds
//   S1  Every actor and every party of an embargo is a party of the case; every instant is whole seconds in UTC.
//   S2  A fact that rules know by its kind (a text, a list of texts, yes or no, a number) is of that kind, or null: unknown.
//   S3  What events say and what the vulnerability's state says agree at as_of; else the case is refused, with the place.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/json.h"
#include "regimes/term.h"
#include "regimes/vocabulary.h"

namespace sluice::regimes {

struct Party {
  std::string id, role;
  json::object facts;
};

struct Action {
  std::string id, actor, type, stage;
  Recipients to;
  std::set<std::string> content;
  std::optional<When> at;        // nothing: considered, no date
  json::object facts;
};

// When it is or was done: not what is considered, nor what a schedule leaves out.
inline std::optional<When> done_at(const Action& action) { return action.at && (action.at->is_fixed() || *action.at < kNever) ? action.at : std::nullopt; }

struct Embargo {
  std::set<std::string> parties;
  std::optional<Second> until;
  std::optional<Recipients> covers;
};

struct Scenario {
  std::string id, title;
  Second as_of = 0;
  std::vector<std::string> regimes;
  std::set<std::string> assumed;                            // drafts taken to be in force
  std::vector<std::string> assumed_as_given;                // the same in the case's order
  std::map<std::string, std::string> readings;              // "regime.reading" or "regime/rule.reading": choice
  std::vector<Party> parties;
  std::optional<json::object> product, vulnerability, incident;
  std::optional<Embargo> embargo;
  std::map<std::string, std::optional<Second>> events;      // "name" or "name@party"; nothing: hasn't happened
  std::vector<Action> actions;
  std::vector<std::string> unknown_words;                   // places of words that neither vocabulary nor packs have (unknown_words.h): shown, since no rule can speak of them

  const Party* party(std::string_view id) const;
  const Action* action(std::string_view id) const;
  bool provides(const Party& party) const;                  // the product; a vendor where no product names its provider
  bool provides_component(const Party& party) const;        // at any depth
};

// Why a fact of a section may not be this; empty: it may, or no form is known for it. What read_scenario() refuses, with its place.
std::string why_unfit(std::string_view section, std::string_view key, const json::value& value);

// Invalid, with a JSON Pointer in `where`.
Result<Scenario> read_scenario(const json::value& value, const Vocabulary& vocabulary);

}  // namespace sluice::regimes
