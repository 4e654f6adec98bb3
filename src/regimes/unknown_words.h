// Words of a case that no rule can speak of: misspelt, or of a language that the packs don't have. They are shown beside the answer, since a word that nobody knows changes it in silence.
#pragma once

#include "regimes/scenario.h"

namespace sluice::regimes {

// Their places, as JSON Pointers, in the case's order: at most 1,000. Keys are anybody's (a case may say more than rules ask), but those at the top are known.
std::vector<std::string> unknown_words(const json::object& root, const Scenario& scenario, const Vocabulary& words);

// Whether a rule could ask this of a case, or the case's form has it: "/product/support", "/parties/v/flags". What lies deeper than a fact isn't asked after.
bool is_known_fact(std::string_view pointer, const Vocabulary& words);

}  // namespace sluice::regimes
