// What the rules' own words say to a person: kinds of body, acts, events, facts. The words stand in vocabulary.yaml (`says`, `place_names`), none of them here.
//
// Always holds
//   L1  A word that the vocabulary doesn't say, such as one of a site's own packs, stands as it is: nothing is guessed and nothing left out.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "regimes/vocabulary.h"

namespace sluice::regimes {

std::string plain_place(const Vocabulary& words, std::string_view place);               // "DE" -> "Germany", "CN-ZJ" -> "CN-ZJ (China)"

// A rule asks for a level or a higher one; who was told is of one level.
enum class Level { Exactly, OrAbove };
std::string plain_body(const Vocabulary& words, std::string_view kind, const std::vector<std::string>& places, std::string_view level, Level how);
std::string plain_recipients(const Vocabulary& words, const Recipients& all, Level how, std::string_view joint = " and ");
std::string plain_recipients(const Vocabulary& words, const Circles& all);              // of a rule: "A and B, prefecture or above; or C"
// As an answer writes them, `a|b+c:XX@level`. What can't be read stands as it is.
std::string plain_recipients(const Vocabulary& words, std::string_view text, Level how);

// A sentence that the engine made, or a fact such as "party.established is CN": words with a dot or dash in them are said plainly, instants and days too.
std::string plain_text(const Vocabulary& words, std::string_view text);
// The same with instants as they are written: for lines that are read by people and searched by programs.
std::string plain_names(const Vocabulary& words, std::string_view text);
// A reason as an answer has it, the rule's sentence and what follows in brackets: two sentences.
std::string plain_reason(const Vocabulary& words, std::string_view text);
// A fact of a case by its place: "/product/support", "/parties/<id>/flags", "/events/vuln.aware@<id>".
std::string plain_fact(const Vocabulary& words, std::string_view pointer);
// The place that a word of the vocabulary has in a case: "product.support" -> "/product/support". "": it has none that is the same in every case.
std::string pointer_of_fact(const Vocabulary& words, std::string_view word);

}  // namespace sluice::regimes
