// Is this text UTF-8? For what comes in by other ways than JSON, where the reader sees to it. And does a person see anything in it?
#pragma once

#include <cstddef>
#include <string_view>

namespace sluice {

bool is_utf8(std::string_view text);

// The first bytes of UTF-8 text, `most` or up to three fewer, so that no character is cut in two.
constexpr std::string_view cut_utf8(std::string_view text, std::size_t most) {
  if (text.size() <= most) return text;
  while (most > 0 && (static_cast<unsigned char>(text[most]) & 0xC0) == 0x80) --most;
  return text.substr(0, most);
}

// The character at `at`, which moves on behind it; `at` lies within the text. A byte that begins none counts as the Latin-1 character that it would be.
char32_t next_character(std::string_view text, std::size_t& at);
// A letter or digit by Unicode's blocks; neither seen nor unseen signs, nor marks that sit on a letter.
bool is_letter_or_digit(char32_t character);

// Of text that is UTF-8. Spaces of all kinds, marks of direction, joiners and fillers are nothing to see.
bool has_visible(std::string_view text);
// A letter or a digit of any script: signs alone say nothing. By Unicode's blocks, not by each character's class: a rare sign within a script's block counts as a letter of it.
bool has_letter_or_digit(std::string_view text);

}  // namespace sluice
