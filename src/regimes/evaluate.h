// The whole answer of the regimes to a case: verdicts, outcomes, duties, conflicts, divergences. Where to start reading.
//
//   library (packs as text) + case (JSON) -> Evaluation -> JSON
//
// Pure and repeatable: the same packs and the same case give the same bytes.
//
// Always holds
//   E1  An answer names the packs and editions it rests on, and of each verdict the readings it assumes.
//   E2  A permission clash is no conflict: not acting satisfies both.
#pragma once

#include "regimes/authorities.h"
#include "regimes/conflict.h"
#include "regimes/judge.h"

namespace sluice::regimes {

// Packs by id; a later one takes the place of an earlier of the same id.
struct Library {
  Vocabulary words;
  std::map<std::string, Pack> packs;
  Directory authorities;
  Findings findings;

  // A pack, or the directory of authorities where the file is called so.
  void add(std::string_view yaml, std::string_view file);
  // The words that a pack looks for are words that a case may use.
  void learn(const Pack& pack);
};

enum class Outcome { Conflict, Deny, AllowWithDuties, Allow };
std::string_view to_text(Outcome outcome);

struct Divergence {
  std::string rule, standard, why;
};

struct Evaluation {
  const Scenario* scenario = nullptr;
  std::vector<const Pack*> packs;
  const Directory* authorities = nullptr;                  // of the library
  std::map<std::string, Outcome> outcomes;
  Verdicts verdicts;
  std::vector<Duty> duties;
  Conflicts conflicts;
  std::vector<Divergence> divergences;
  std::vector<std::pair<std::string, std::string>> order;  // of actions: the first before the second
  std::unique_ptr<World> world;
};

// Invalid where the case names a regime, a draft that it assumes, a reading or a choice that isn't there.
Result<Evaluation> evaluate(const Scenario& scenario, const Library& library, const std::map<std::string, std::string>& other_readings = {});

// The duties and the verdicts that explain them, for whoever follows the clocks of many cases: without conflicts, outcomes, divergences and order, which take most of the time and are left empty.
// `of_whom`: of these parties alone, each of whose duties stands as it does when all are asked about.
Result<Evaluation> evaluate_duties(const Scenario& scenario, const Library& library, const OfWhom& of_whom = {});
// The duties by themselves: all that a network of the case needs (case_network.h).
Result<Evaluation> evaluate_duties_alone(const Scenario& scenario, const Library& library);

json::object to_json(const Evaluation& evaluation);
json::object to_json(const Evaluation& evaluation, const Duty& duty);

// What would be otherwise under another choice of one reading that a rule of this case asks for.
struct Dependence {
  std::string reading, choice, otherwise;   // "regime.reading"
  std::vector<std::string> changes;         // "outcome of a1: allow, then conflict"
  bool binding = false;                     // a rule that binds here asks for it
};
std::vector<Dependence> dependences(const Evaluation& evaluation, const Library& library);
json::array to_json(const std::vector<Dependence>& dependences);

// All choices of the readings that touch a binding rule, crossed: at most ten readings, else one at a time, and `crossed` is false.
json::object every_reading(const Evaluation& evaluation, const Library& library);

// The edition of a standard that speaks at an instant, and the rule's clause in it.
struct EditionRead {
  std::string name, clause;
  bool withdrawn = false, clause_known = true;
  std::string successor;          // the edition that took its place by then; "" where none did
  bool is_early = false;          // no edition was out yet at the instant: the first one speaks
};
std::optional<EditionRead> edition_of(const Pack& pack, const Rule& rule, Second as_of);

}  // namespace sluice::regimes
