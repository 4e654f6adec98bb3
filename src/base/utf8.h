// Is this text UTF-8? For what comes in by other ways than JSON, where the reader sees to it. And does a person see anything in it?
#pragma once

#include <string_view>

namespace sluice {

bool is_utf8(std::string_view text);

// Of text that is UTF-8. Spaces of all kinds, marks of direction, joiners and fillers are nothing to see.
bool has_visible(std::string_view text);
// A letter or a digit of any script: signs alone say nothing. By Unicode's blocks, not by each character's class: a rare sign within a script's block counts as a letter of it.
bool has_letter_or_digit(std::string_view text);

}  // namespace sluice
