// Two regimes rule by rule; and acts of which several rules speak.
//
// Always holds
//   K1  Every rule of both regimes is in the answer, once: in a pair, or by itself.
#pragma once

#include "regimes/outline.h"

namespace sluice::regimes {

// A rule of each, about the same thing.
struct Pair {
  Outline a, b;
  std::vector<std::string> differs;   // of on, trigger, action, recipient, time, precondition, modality
};
struct Comparison {
  std::vector<Pair> pairs;            // in the order of the first regime
  std::vector<Outline> only_a, only_b;
};
Comparison compare(const Shelf& shelf, const Pack& a, const Pack& b);

// Two rules that the same act can come under.
struct Overlap {
  std::string act;                    // the type they share; "any act"
  Outline a, b;
  std::string how;                    // "clash" | "twice" | "order" | "alike": what the two make of it
};
std::string_view how_says(std::string_view how);
// Of rules of different regimes; of the one regime's own, where only one is given. In the order of the packs.
std::vector<Overlap> overlaps(const Shelf& shelf, const std::vector<const Pack*>& packs);
// Those alone that are of a type of act, or so; empty: of any. Invalid for a word that isn't one, with "act" or "how" in `where`.
Result<std::vector<Overlap>> overlaps(const Shelf& shelf, const std::vector<const Pack*>& packs, std::string_view act, std::string_view how);

json::object to_json(const Outline& outline);
json::object to_json(const Comparison& comparison);
json::array to_json(const std::vector<Overlap>& overlaps);

}  // namespace sluice::regimes
