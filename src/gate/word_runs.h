// Which words of one text stand in another in the same order: as runs of four, whatever was done to the spaces and signs between them. Called by service/copies.h to
// find the texts that a leaked piece came from.
//
// Words of every script count. Where a script is written without spaces (Chinese, Japanese, Thai and its neighbours), each character stands for a word.
//
// Always holds
//   R1  Spaces, signs, line breaks, what isn't seen, and the case, the accents and the width of letters (Unicode's compatibility forms) change nothing.
//   R2  Bytes that aren't UTF-8 count as Latin-1.
#pragma once

#include <cstdint>
#include <string_view>
#include <unordered_set>

namespace sluice::gate {

using WordRuns = std::unordered_set<std::uint64_t>;

// As keyed hashes: of no use without the key.
WordRuns runs_of(std::string_view text, std::uint64_t key);
// How much of the piece stands in the text: 0 to 1.
double shared_part(const WordRuns& piece, const WordRuns& text);

}  // namespace sluice::gate
