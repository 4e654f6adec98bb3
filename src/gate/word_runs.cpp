#include "gate/word_runs.h"

#include <algorithm>
#include <iterator>
#include <span>

#include <utf8proc.h>

#include "base/utf8.h"

namespace sluice::gate {

namespace {

struct Signs { char32_t from, to; };
template <std::size_t N>
bool lies_in(const Signs (&ranges)[N], char32_t sign) {
  return std::any_of(std::begin(ranges), std::end(ranges), [&](const Signs& one) { return one.from <= sign && sign <= one.to; });
}

// Scripts without spaces between words: Thai to Burmese, Khmer, kana, Han with its extensions.
constexpr Signs kWithoutSpaces[] = {{0x0e00, 0x0eff}, {0x1000, 0x109f}, {0x1780, 0x17ff}, {0x3005, 0x3007}, {0x3040, 0x30ff}, {0x31f0, 0x31ff}, {0x3400, 0x4dbf}, {0x4e00, 0x9fff}, {0xf900, 0xfaff}, {0x20000, 0x3ffff}};

// What a character is without case, accents, width and other forms of it, as Unicode has it: nothing for what isn't seen, some for a ligature.
template <typename Take>
void folded(char32_t sign, Take take) {
  if (sign < 0x80) return take(sign >= 'A' && sign <= 'Z' ? sign + 32 : sign);
  constexpr auto kFold = static_cast<utf8proc_option_t>(UTF8PROC_DECOMPOSE | UTF8PROC_COMPAT | UTF8PROC_CASEFOLD | UTF8PROC_STRIPMARK | UTF8PROC_IGNORE);
  utf8proc_int32_t parts[32];
  int last_class = 0;
  const auto count = utf8proc_decompose_char(static_cast<utf8proc_int32_t>(sign), parts, std::ssize(parts), kFold, &last_class);
  if (count < 0 || count > std::ssize(parts)) return take(sign);
  for (const auto part : std::span(parts).first(static_cast<std::size_t>(count))) take(static_cast<char32_t>(part));
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
    folded(next_character(text, at), [&](char32_t sign) {
      const bool ascii = sign < 0x80;
      if (ascii ? !((sign >= 'a' && sign <= 'z') || (sign >= '0' && sign <= '9')) : !is_letter_or_digit(sign)) return end_word();  // an apostrophe or a dash parts words however it is written
      const bool alone = !ascii && lies_in(kWithoutSpaces, sign);
      if (alone) end_word();
      in_word = true;
      word = (word ^ sign) * 1099511628211ULL;
      if (alone) end_word();
    });
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
