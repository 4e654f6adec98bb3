// What an answer stands on, said once with every answer: the editions of its packs, which of its rules nobody checked against the text, and that it is no advice.
#pragma once

#include "regimes/evaluate.h"

namespace sluice::regimes {

inline constexpr std::string_view kNotAdvice = "This is a reading of the rules listed, not legal advice.";

// `packs`: ids of those that were asked, beside those whose rules the answer names. Standards speak as of then; without an instant, as they are now.
// Adds `editions` ({pack: {edition; of a standard also speaks, withdrawn, successor}}), `unverified` (ids of rules, sorted) and `note`, where it has none.
json::object with_footing(json::object answer, const Library& library, const std::vector<std::string>& packs, std::optional<Second> as_of);

// The same for a reader, in one line: editions, the note, and of an answer whose lines don't mark them the rules that nobody checked.
std::string footing(const Library& library, const std::vector<std::string>& packs, std::optional<Second> as_of, const json::value& unmarked = {});

// "ISO/IEC 29147:2014, withdrawn, now ISO/IEC 29147:2018"; "" where the pack isn't a standard with editions.
std::string edition_words(const Pack& pack, const Rule& rule, Second as_of);

}  // namespace sluice::regimes
