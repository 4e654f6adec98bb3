// A copy of a text for one recipient: the same words, with choices nobody needs to notice (ACC-14), from which even a part of it tells whose copy it was.
//
// Where prose leaves a choice (one space or two after a sentence, a space or a no-break space after a comma, ' or ’, - or –), a keyed bit takes it. Called by
// service/copies.h for downloads and exports inside a case; what is published or signed never passes here. The words themselves are never touched, so a copy
// whose choices were all evened out tells nothing, and says so.
//
// Always holds
//   M1  unmarked(marked(t)) == unmarked(t): a copy differs from the text in its choices alone.
//   M2  The same seed gives the same copy.
//   M3  Code, tables, lines that carry hashes, and whatever is signed stay byte for byte.
//   M4  Of somebody else's copy each bit fits by chance, one in two, whatever the piece: so odds_by_chance() is the true chance of a false match.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"

namespace sluice::gate {

// Text for people, by its name and its bytes. Everything else, what programs read included, is the same for all.
bool can_be_marked(std::string_view file_name, std::string_view bytes);
// A signature or a hash that stands beside a file, by its name: with one of these the file is the same for all, too, or it would no longer fit.
bool vouches_for(std::string_view beside, std::string_view file_name);

using CopySeed = Hash;                             // of case, object, content and recipient, under a key of the site
std::string marked(std::string_view text, const CopySeed& seed);
std::string unmarked(std::string_view text);       // each choice as it is by default
int places_in(std::string_view text);              // how many choices it leaves

// What a piece of text, from wherever, shows of a text that is known.
struct MarksRead {
  struct Bit { int place = 0; bool set = false; };
  std::vector<Bit> bits;
  int words = 0;                                   // of the piece
  int known_words = 0;                             // of these, that stand in the text in the same order
  int evened_out = 0;                              // choices met that say nothing any more, since all of their kind are alike
};
MarksRead read_marks(std::string_view text, std::string_view piece);

struct Fit {
  int matched = 0, of = 0;
  double odds_by_chance = 1;                       // that the copy of one who has nothing to do with it fits as well
};
Fit fit(const MarksRead& read, const CopySeed& seed);

}  // namespace sluice::gate
