// A text and, after a NUL, a piece of something: copies hold the same words (M1) and are found again by them (word_runs.h R1), and whatever the piece is, what is read
// of it stays within the text.
#include "gate/copy_mark.h"
#include "gate/word_runs.h"

#include <cstdlib>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace sluice;
  if (size > 16 << 10) return 0;
  const std::string_view all(reinterpret_cast<const char*>(data), size);
  const auto end = all.find('\0');
  const auto text = all.substr(0, end), piece = end == all.npos ? std::string_view{} : all.substr(end + 1);
  if (!gate::can_be_marked("a.txt", text)) return 0;
  gate::CopySeed seed{};
  for (std::size_t i = 0; i < seed.size(); ++i) seed[i] = static_cast<std::uint8_t>(i < size ? data[size - 1 - i] : i);
  const auto copy = gate::marked(text, seed);
  if (gate::unmarked(copy) != gate::unmarked(text) || gate::marked(text, seed) != copy) std::abort();
  const auto runs = gate::runs_of(text, 7);
  if (gate::runs_of(copy, 7) != runs) std::abort();
  if (const auto part = gate::shared_part(gate::runs_of(piece, 7), runs); !(part >= 0 && part <= 1)) std::abort();
  for (const auto& one : {std::string_view(copy), piece}) {
    const auto read = gate::read_marks(text, one);
    if (read.known_words > read.words || read.bits.size() > static_cast<std::size_t>(gate::places_in(text))) std::abort();
    for (const auto& bit : read.bits)
      if (bit.place < 0 || bit.place >= gate::places_in(text)) std::abort();
    const auto fits = gate::fit(read, seed);
    if (fits.matched < 0 || fits.matched > fits.of || fits.of > static_cast<int>(read.bits.size()) || !(fits.odds_by_chance >= 0 && fits.odds_by_chance <= 1)) std::abort();
  }
  return 0;
}
