#include "gate/copy_mark.h"

#include <algorithm>
#include <boost/math/distributions/binomial.hpp>
#include <optional>
#include <unordered_map>

#include "base/utf8.h"

namespace sluice::gate {

namespace {

constexpr std::string_view kApostrophe = "\xE2\x80\x99", kDash = "\xE2\x80\x93", kNoBreak = "\xC2\xA0";
// What parts words though it is not ASCII: quotation marks, dashes, dots, spaces of all kinds and what has no width.
constexpr std::string_view kBetween[] = {kDash, "\xE2\x80\x94", "\xE2\x80\x9C", "\xE2\x80\x9D", "\xE2\x80\x98", "\xE2\x80\xA6", kNoBreak, "\xE2\x80\xAF", "\xE2\x80\x89", "\xE2\x80\x8B", "\xEF\xBB\xBF"};

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || static_cast<unsigned char>(c) >= 0x80; }
bool is_digit(char c) { return c >= '0' && c <= '9'; }

struct Word {
  std::size_t begin = 0, end = 0;
  std::uint64_t hash = 0;
  std::vector<std::size_t> apostrophes;             // where each begins
};

// How many bytes stand at `i` that part words; 0: it is of a word.
std::size_t parting(std::string_view text, std::size_t i) {
  const char c = text[i];
  if (is_digit(c) || c == '_') return 0;
  if (!is_letter(c)) return 1;
  if (static_cast<unsigned char>(c) < 0x80) return 0;
  for (const auto between : kBetween)
    if (text.substr(i).starts_with(between)) return between.size();
  return text.substr(i).starts_with(kApostrophe) ? kApostrophe.size() : 0;
}

// An apostrophe inside a word: letters on both sides.
std::size_t apostrophe_at(std::string_view text, std::size_t i) {
  const std::size_t length = text[i] == '\'' ? 1 : text.substr(i).starts_with(kApostrophe) ? kApostrophe.size() : 0;
  if (length == 0 || i == 0 || i + length >= text.size()) return 0;
  return is_letter(text[i - 1]) && is_letter(text[i + length]) && parting(text, i + length) == 0 ? length : 0;
}

std::vector<Word> words_of(std::string_view text) {
  std::vector<Word> out;
  for (std::size_t i = 0; i < text.size();) {
    if (const auto skip = parting(text, i); skip > 0) { i += skip; continue; }
    Word word{i, i, 1469598103934665603ULL, {}};
    const auto add = [&](unsigned char c) { word.hash = (word.hash ^ c) * 1099511628211ULL; };
    while (i < text.size()) {
      if (parting(text, i) == 0) {
        const char c = text[i++];
        add(static_cast<unsigned char>(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c));
      } else if (const auto length = apostrophe_at(text, i); length > 0) {
        word.apostrophes.push_back(i);
        add('\'');
        i += length;
      } else {
        break;
      }
    }
    word.end = i;
    out.push_back(std::move(word));
  }
  return out;
}

// ---- where a choice may be taken

// Code, tables, key=value, and lines with a hash or a key in them are no prose (M3).
bool is_prose(std::string_view line) {
  if (line.starts_with("    ") || line.starts_with('\t')) return false;
  int words = 0, letters = 0;
  std::size_t run = 0, hex = 0;
  bool in_word = false;
  for (const char c : line) {
    if (c == '{' || c == '}' || c == '|' || c == '\\' || c == '$' || c == '=') return false;
    const bool token = is_letter(c) || is_digit(c) || c == '+' || c == '/';
    run = token ? run + 1 : 0;
    hex = is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F') ? hex + 1 : 0;
    if (hex >= 16 || run >= 40) return false;
    letters += is_letter(c) || c == ' ';
    if (is_letter(c) && !in_word) ++words;
    in_word = is_letter(c) || is_digit(c) || c == '\'';
  }
  return words >= 5 && letters * 4 >= static_cast<int>(line.size()) * 3 && !line.ends_with(';') && !line.ends_with(":");
}

enum class Choice { Sentence, Comma, Apostrophe, Dash };
constexpr int kChoices = 4;

struct Place {
  Choice choice = Choice::Sentence;
  std::size_t at = 0;                               // of the byte that stays or is replaced; of a sentence: where another space would stand
  std::size_t word = 0;                             // the word before, or the one that it is in
  std::size_t nth = 0;                              // of the apostrophes in that word
};

// The gap between two words of one line, if it leaves a choice.
std::optional<Place> place_in(std::string_view text, const Word& before, const Word& after, std::size_t word) {
  const auto gap = text.substr(before.end, after.begin - before.end);
  const char last = text[before.end - 1], first = text[after.begin];
  if (!is_letter(last) || !is_letter(first)) return std::nullopt;
  if (gap == ", " || gap == "; ") return before.end - before.begin >= 2 ? std::optional(Place{Choice::Comma, before.end + 1, word, 0}) : std::nullopt;
  if (gap == " - ") return Place{Choice::Dash, before.end + 1, word, 0};
  const bool upper = (first >= 'A' && first <= 'Z') || static_cast<unsigned char>(first) >= 0x80;
  if ((gap == ". " || gap == "? " || gap == "! ") && upper && before.end - before.begin >= 3) return Place{Choice::Sentence, before.end + 1, word, 0};
  return std::nullopt;
}

std::vector<Place> places_of(std::string_view text, const std::vector<Word>& words) {
  std::vector<Place> out;
  if (text.find("-----BEGIN ") != std::string_view::npos) return out;   // something in it is signed or a key
  std::size_t w = 0;
  bool fenced = false;
  for (std::size_t begin = 0; begin < text.size();) {
    const auto end = std::min(text.find('\n', begin), text.size());
    auto line = text.substr(begin, end - begin);
    if (line.ends_with('\r')) line.remove_suffix(1);
    const auto indent = std::min(line.find_first_not_of(' '), line.size());
    const bool fence = indent < 4 && (line.substr(indent).starts_with("```") || line.substr(indent).starts_with("~~~"));
    const bool prose = !fenced && !fence && is_prose(line);
    if (fence) fenced = !fenced;
    bool code = false;                              // between backticks
    std::size_t looked = begin;
    for (; w < words.size() && words[w].begin < end; ++w) {
      const auto& word = words[w];
      for (; looked < word.begin; ++looked) code ^= text[looked] == '`';
      if (!prose || code) continue;
      for (std::size_t n = 0; n < word.apostrophes.size(); ++n)
        if (text[word.apostrophes[n]] == '\'') out.push_back({Choice::Apostrophe, word.apostrophes[n], w, n});
      if (w + 1 < words.size() && words[w + 1].begin < end)
        if (const auto place = place_in(text, word, words[w + 1], w)) out.push_back(*place);
    }
    begin = end + 1;
  }
  return out;
}

bool bit_of(const CopySeed& seed, int place) {
  const std::uint8_t block[] = {static_cast<std::uint8_t>(place >> 24), static_cast<std::uint8_t>(place >> 16), static_cast<std::uint8_t>(place >> 8)};
  thread_local CopySeed cached_seed{};
  thread_local int cached_block = -1;
  thread_local Hash bits{};
  if (cached_block != place >> 8 || cached_seed != seed) bits = sha256({seed, block}), cached_seed = seed, cached_block = place >> 8;
  return (bits[static_cast<std::size_t>(place & 255) / 8] >> (place & 7)) & 1;
}

// ---- reading

// Which word of the text each word of the piece is: from runs of four that stand in the text once, and on from there.
std::vector<std::ptrdiff_t> aligned(const std::vector<Word>& text, const std::vector<Word>& piece) {
  constexpr std::size_t kRun = 4;
  const auto run = [](const std::vector<Word>& words, std::size_t i) {
    std::uint64_t out = 7;
    for (std::size_t k = 0; k < kRun; ++k) out = (out ^ words[i + k].hash) * 0x9E3779B97F4A7C15ULL, out ^= out >> 29;
    return out;
  };
  std::unordered_map<std::uint64_t, std::ptrdiff_t> once;
  for (std::size_t i = 0; i + kRun <= text.size(); ++i)
    if (const auto [at, fresh] = once.emplace(run(text, i), static_cast<std::ptrdiff_t>(i)); !fresh) at->second = -1;
  std::vector<std::ptrdiff_t> out(piece.size(), -1);
  for (std::size_t p = 0; p + kRun <= piece.size(); ++p) {
    const auto found = once.find(run(piece, p));
    if (found == once.end() || found->second < 0) continue;
    for (std::size_t k = 0; k < kRun; ++k) out[p + k] = found->second + static_cast<std::ptrdiff_t>(k);
  }
  const auto same = [&](std::size_t p, std::ptrdiff_t t) { return t >= 0 && t < static_cast<std::ptrdiff_t>(text.size()) && piece[p].hash == text[static_cast<std::size_t>(t)].hash; };
  for (std::size_t p = 1; p < piece.size(); ++p)
    if (out[p] < 0 && out[p - 1] >= 0 && same(p, out[p - 1] + 1)) out[p] = out[p - 1] + 1;
  for (std::size_t p = piece.size(); p-- > 1;)
    if (out[p - 1] < 0 && out[p] >= 0 && same(p - 1, out[p] - 1)) out[p - 1] = out[p] - 1;
  return out;
}

std::optional<bool> seen(Choice choice, std::string_view gap) {
  if (gap.find_first_of("\r\n") != std::string_view::npos) return std::nullopt;  // the line was broken there
  const auto spaces = [&] {
    int out = 0;
    while (!gap.empty())
      if (gap.ends_with(' ')) ++out, gap.remove_suffix(1);
      else if (gap.ends_with(kNoBreak)) ++out, gap.remove_suffix(kNoBreak.size());
      else break;
    return out;
  };
  switch (choice) {
    case Choice::Sentence: {
      const int n = spaces();
      return n == 0 ? std::nullopt : std::optional(n > 1);
    }
    case Choice::Comma: return gap.ends_with(kNoBreak) ? std::optional(true) : gap.ends_with(' ') ? std::optional(false) : std::nullopt;
    case Choice::Dash: return gap.find(kDash) != std::string_view::npos ? std::optional(true) : gap.find('-') != std::string_view::npos ? std::optional(false) : std::nullopt;
    case Choice::Apostrophe: break;
  }
  return std::nullopt;
}

}  // namespace

bool can_be_marked(std::string_view name, std::string_view bytes) {
  std::string lower(name);
  for (auto& c : lower) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  const bool for_people = lower.ends_with(".txt") || lower.ends_with(".text") || lower.ends_with(".md") || lower.ends_with(".markdown");
  return for_people && bytes.size() <= (4 << 20) && bytes.find('\0') == std::string_view::npos && is_utf8(bytes);
}

bool vouches_for(std::string_view beside, std::string_view file_name) {
  static constexpr std::string_view kEndings[] = {".asc", ".sig", ".sign", ".minisig", ".p7s", ".sha256", ".sha512"};
  if (!beside.starts_with(file_name)) return false;
  return std::find(std::begin(kEndings), std::end(kEndings), beside.substr(file_name.size())) != std::end(kEndings);
}

std::string marked(std::string_view text, const CopySeed& seed) {
  const auto places = places_of(text, words_of(text));
  std::string out;
  out.reserve(text.size() + places.size() * 2);
  std::size_t from = 0;
  for (std::size_t i = 0; i < places.size(); ++i) {
    if (!bit_of(seed, static_cast<int>(i))) continue;
    const auto& place = places[i];
    out += text.substr(from, place.at - from);
    from = place.at + 1;
    switch (place.choice) {
      case Choice::Sentence: out += "  "; break;
      case Choice::Comma: out += kNoBreak; break;
      case Choice::Apostrophe: out += kApostrophe; break;
      case Choice::Dash: out += kDash; break;
    }
  }
  return out += text.substr(from);
}

std::string unmarked(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size();) {
    const auto rest = text.substr(i);
    const char last = out.empty() ? '\n' : out.back();
    if (rest.starts_with(kNoBreak) && (last == ',' || last == ';')) out += ' ', i += kNoBreak.size();
    else if (const auto length = apostrophe_at(text, i); length > 1) out += '\'', i += length;
    else if (rest.starts_with(kDash) && last == ' ') out += '-', i += kDash.size();
    else if (rest.starts_with("  ") && (last == '.' || last == '!' || last == '?')) i += 1;
    else out += text[i++];
  }
  return out;
}

int places_in(std::string_view text) { return static_cast<int>(places_of(text, words_of(text)).size()); }

MarksRead read_marks(std::string_view text, std::string_view piece) {
  MarksRead out;
  const auto text_words = words_of(text), piece_words = words_of(piece);
  const auto where = aligned(text_words, piece_words);
  out.words = static_cast<int>(piece_words.size());
  std::vector<std::ptrdiff_t> in_piece(text_words.size(), -1);
  for (std::size_t p = 0; p < where.size(); ++p)
    if (where[p] >= 0) {
      ++out.known_words;
      if (auto& at = in_piece[static_cast<std::size_t>(where[p])]; at < 0) at = static_cast<std::ptrdiff_t>(p);
    }
  const auto places = places_of(text, text_words);
  std::vector<MarksRead::Bit> met[kChoices];
  for (std::size_t i = 0; i < places.size(); ++i) {
    const auto& place = places[i];
    const auto p = in_piece[place.word];
    if (p < 0) continue;
    const auto& word = piece_words[static_cast<std::size_t>(p)];
    std::optional<bool> bit;
    if (place.choice == Choice::Apostrophe) {
      if (place.nth < word.apostrophes.size()) bit = piece[word.apostrophes[place.nth]] != '\'';
    } else if (place.word + 1 < text_words.size() && in_piece[place.word + 1] == p + 1) {
      const auto& next = piece_words[static_cast<std::size_t>(p) + 1];
      bit = seen(place.choice, piece.substr(word.end, next.begin - word.end));
    }
    if (bit) met[static_cast<int>(place.choice)].push_back({static_cast<int>(i), *bit});
  }
  // A program that evens out one kind of choice leaves the others. Which kinds count is decided by the piece alone, before anybody's bits are looked at (M4).
  for (const auto& kind : met) {
    const bool alike = kind.size() >= 2 && std::all_of(kind.begin(), kind.end(), [&](const auto& bit) { return bit.set == kind.front().set; });
    if (alike) out.evened_out += static_cast<int>(kind.size());
    else out.bits.insert(out.bits.end(), kind.begin(), kind.end());
  }
  std::sort(out.bits.begin(), out.bits.end(), [](const auto& a, const auto& b) { return a.place < b.place; });
  return out;
}

Fit fit(const MarksRead& read, const CopySeed& seed) {
  Fit out{0, static_cast<int>(read.bits.size()), 1};
  for (const auto& bit : read.bits) out.matched += bit_of(seed, bit.place) == bit.set;
  if (out.matched > 0) {
    const boost::math::binomial_distribution<double> chance(out.of, 0.5);
    out.odds_by_chance = boost::math::cdf(boost::math::complement(chance, static_cast<double>(out.matched - 1)));
  }
  return out;
}

}  // namespace sluice::gate
