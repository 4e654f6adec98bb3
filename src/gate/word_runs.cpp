#include "gate/word_runs.h"

#include <algorithm>
#include <iterator>

#include "base/utf8.h"

namespace sluice::gate {

namespace {

struct Signs { char32_t from, to; };
template <std::size_t N>
bool lies_in(const Signs (&ranges)[N], char32_t sign) {
  return std::any_of(std::begin(ranges), std::end(ranges), [&](const Signs& one) { return one.from <= sign && sign <= one.to; });
}

// What has no width, and accents that are written apart from their letter: a word goes on over them.
constexpr Signs kNothing[] = {{0xad, 0xad}, {0x300, 0x36f}, {0x180b, 0x180f}, {0x200b, 0x200f}, {0x202a, 0x202e}, {0x2060, 0x206f}, {0xfe00, 0xfe0f}, {0xfeff, 0xfeff}};
// Scripts without spaces between words: Thai to Burmese, Khmer, kana, Han with its extensions.
constexpr Signs kWithoutSpaces[] = {{0x0e00, 0x0eff}, {0x1000, 0x109f}, {0x1780, 0x17ff}, {0x3005, 0x3007}, {0x3040, 0x30ff}, {0x31f0, 0x31ff}, {0x3400, 0x4dbf}, {0x4e00, 0x9fff}, {0xf900, 0xfaff}, {0xff66, 0xff9f}, {0x20000, 0x3ffff}};

// The letters under the accents of Latin-1 from U+00C0 and of Latin Extended-A from U+0100; a dot: it is a letter by itself.
constexpr std::string_view kLatin1 = "aaaaaa.ceeeeiiii.nooooo..uuuuy..aaaaaa.ceeeeiiii.nooooo..uuuuy.y";
constexpr std::string_view kLatinA = "aaaaaaccccccccdd..eeeeeeeeeegggggggghh..iiiiiiiii...jjkk.llllll....nnnnnn...oooooo..rrrrrrsssssssstttt..uuuuuuuuuuuuwwyyyzzzzzz.";
// And those of Extended-B from U+0180 (Romanian, pinyin, the horned letters) and of Extended Additional from U+1E00 (Vietnamese).
constexpr std::string_view kLatinB = "................................oo.............uu............................aaiioouuuuuuuuuu.aaaa....ggkkoooo..j...gg..nnaa....aaaaeeeeiiiioooorrrruuuusstt..hh......aaeeooooooooyy............................";
constexpr std::string_view kLatinMore = "aabbbbbbccddddddddddeeeeeeeeeeffgghhhhhhhhhhiiiikkkkkkllllllllmmmmmmnnnnnnnnoooooooopppprrrrrrrrssssssssssttttttttuuuuuuuuuuvvvvwwwwwwwwwwxxxxyyzzzzzzhtwy......aaaaaaaaaaaaaaaaaaaaaaaaeeeeeeeeeeeeeeeeiiiioooooooooooooooooooooooouuuuuuuuuuuuuuyyyyyyyy......";
static_assert(kLatin1.size() == 0x40 && kLatinA.size() == 0x80 && kLatinB.size() == 0xd0 && kLatinMore.size() == 0x100);

// Greek and Cyrillic letters with an accent, both cases, and the letter under it: where the accent is written apart, it is nothing.
struct Accented { char32_t sign, under; };
constexpr Accented kAccented[] = {{0x386, 0x3b1}, {0x388, 0x3b5}, {0x389, 0x3b7}, {0x38a, 0x3b9}, {0x38c, 0x3bf}, {0x38e, 0x3c5}, {0x38f, 0x3c9}, {0x390, 0x3b9}, {0x3aa, 0x3b9}, {0x3ab, 0x3c5}, {0x3ac, 0x3b1}, {0x3ad, 0x3b5},
                                  {0x3ae, 0x3b7}, {0x3af, 0x3b9}, {0x3b0, 0x3c5}, {0x3ca, 0x3b9}, {0x3cb, 0x3c5}, {0x3cc, 0x3bf}, {0x3cd, 0x3c5}, {0x3ce, 0x3c9}, {0x400, 0x435}, {0x401, 0x435}, {0x403, 0x433}, {0x407, 0x456},
                                  {0x40c, 0x43a}, {0x40d, 0x438}, {0x40e, 0x443}, {0x419, 0x438}, {0x439, 0x438}, {0x450, 0x435}, {0x451, 0x435}, {0x453, 0x433}, {0x457, 0x456}, {0x45c, 0x43a}, {0x45d, 0x438}, {0x45e, 0x443}};

char32_t folded(char32_t sign) {
  if (sign >= 0xff01 && sign <= 0xff5e) sign -= 0xfee0;               // full width
  if (sign >= 'A' && sign <= 'Z') return sign + 32;
  if (sign < 0xc0) return sign;
  if (sign < 0x180) {
    const char under = sign < 0x100 ? kLatin1[sign - 0xc0] : kLatinA[sign - 0x100];
    if (under != '.') return static_cast<char32_t>(under);
    switch (sign) {
      case 0xc6: case 0xd0: case 0xd8: case 0xde: return sign + 32;     // Æ Ð Ø Þ
      case 0x110: case 0x126: case 0x132: case 0x13f: case 0x141: case 0x14a: case 0x152: case 0x166: return sign + 1;
      default: return sign;
    }
  }
  if (sign == 0x18f) return 0x259;                                     // Azerbaijani
  if (sign < 0x250) {
    const char under = kLatinB[sign - 0x180];
    return under == '.' ? sign : static_cast<char32_t>(under);
  }
  if (sign >= 0x1e00 && sign < 0x1f00) {
    const char under = kLatinMore[sign - 0x1e00];
    return under == '.' ? sign : static_cast<char32_t>(under);
  }
  if (sign < 0x386 || sign > 0x52f) return sign;
  if (sign < 0x460)
    for (const auto& one : kAccented)
      if (one.sign == sign) return one.under;
  if (sign >= 0x391 && sign <= 0x3a9) return sign + 32;
  if (sign == 0x3c2) return 0x3c3;                                     // the sigma that ends a word
  if (sign >= 0x410 && sign <= 0x42f) return sign + 32;
  if (sign >= 0x400 && sign <= 0x40f) return sign + 80;
  if ((sign >= 0x460 && sign <= 0x481) || (sign >= 0x48a && sign <= 0x4bf) || sign >= 0x4d0) return sign | 1;  // small ones follow their capitals
  return sign;
}

}  // namespace

WordRuns runs_of(std::string_view text, std::uint64_t key) {
  WordRuns out;
  std::uint64_t last[4] = {}, word = key;
  std::size_t words = 0;
  bool in_word = false;
  const auto end_word = [&] {
    if (!in_word) return;
    in_word = false;
    std::rotate(std::begin(last), std::begin(last) + 1, std::end(last));
    last[3] = word;
    word = key;
    if (++words < 4) return;
    std::uint64_t run = key;
    for (const auto one : last) run = (run ^ one) * 0x9E3779B97F4A7C15ULL, run ^= run >> 31;
    out.insert(run);
  };
  for (std::size_t at = 0; at < text.size();) {
    const auto seen = next_character(text, at);
    if (lies_in(kNothing, seen)) continue;
    const auto sign = folded(seen);
    const bool ascii = sign < 0x80;
    if (ascii ? !((sign >= 'a' && sign <= 'z') || (sign >= '0' && sign <= '9')) : !is_letter_or_digit(sign)) { end_word(); continue; }  // an apostrophe or a dash parts words however it is written
    const bool alone = !ascii && lies_in(kWithoutSpaces, sign);
    if (alone) end_word();
    in_word = true;
    word = (word ^ sign) * 1099511628211ULL;
    if (alone) end_word();
  }
  end_word();
  return out;
}

double shared_part(const WordRuns& piece, const WordRuns& text) {
  if (piece.empty()) return 0;
  std::size_t both = 0;
  for (const auto run : piece) both += text.contains(run);
  return static_cast<double>(both) / static_cast<double>(piece.size());
}

}  // namespace sluice::gate
