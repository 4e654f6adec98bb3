// Which words of one text stand in another in the same order: as runs of four, whatever was done to the spaces and signs between them. Called by service/copies.h to
// find the texts that a leaked piece came from.
//
// Words of every script count. Where a script is written without spaces (Chinese, Japanese, Thai and its neighbours), each character stands for a word.
//
// Always holds
//   R1  Spaces, signs, line breaks, what isn't seen, and the case and the accents of Latin, Greek and Cyrillic letters change nothing, rare letters apart. In
//       other scripts, and in polytonic Greek, a letter that has its mark with it is another than one that has it apart.
//   R2  Full-width letters and digits are those that they stand for. Bytes that aren't UTF-8 count as Latin-1.
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
