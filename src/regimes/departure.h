// Where a law or draft departs from a yardstick: what it asks though the standards advise against it, or fixes though they leave it open. With or without a case.
//
// The yardstick is data: rules that name a topic as their `norm` (standards, and whatever a pack names as the norm for a topic).
//
// Always holds
//   D1  Both sides are rules of packs, with their citations. Nothing is compared that no pack says.
//   D2  Without a case, what rests on a reading or on facts says so; nothing that a reading rules out is shown as plain.
#pragma once

#include "regimes/outline.h"

namespace sluice::regimes {

struct Departure {
  const Pack* pack = nullptr;
  const Rule* rule = nullptr;
  const Pack* norm_pack = nullptr;
  const Rule* norm = nullptr;
  std::string why;
  std::string only_if;     // without a case: the condition that a case has to fulfil
  std::string under;       // "regime.reading=choice", where it is so under that choice alone
};

// Regimes and rules that measure: ids of packs, or of rules ("eu-gdpr-2016/art33-1"). Empty: all.
using Yardsticks = std::vector<std::string>;
Result<void> check(const Yardsticks& yardsticks, const Library& library);

// Of the laws and drafts among the packs, in the order of their texts.
std::vector<Departure> departures(const Shelf& shelf, const std::vector<const Pack*>& packs, const Yardsticks& yardsticks);
// Those of a case, by its verdicts too. `packs`: whose; empty: all of the case.
std::vector<Departure> departures(const Evaluation& evaluation, const std::vector<const Pack*>& packs, const Yardsticks& yardsticks);

// Departures in cases, or without any, and all that they point into.
struct Measured {
  std::vector<Scenario> cases;
  std::unique_ptr<Shelf> shelf;
  std::vector<Evaluation> answers;
  std::vector<Departure> found;
};
// Of the regimes named, else of all. What is asked and what it is measured by become part of each case; without an instant the first case's holds.
Result<Measured> measured(const Library& library, std::vector<Scenario> cases, const std::vector<std::string>& regimes, const Yardsticks& yardsticks, Standpoint standpoint);

json::array to_json(const std::vector<Departure>& departures, const Shelf& shelf);
json::object to_json(const Measured& measured);

}  // namespace sluice::regimes
