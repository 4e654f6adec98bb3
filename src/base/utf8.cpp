#include "base/utf8.h"

#include <algorithm>
#include <iterator>

namespace sluice {

namespace {

// How long the character at the front is and from where to where its second byte may go (Unicode, table 3-7); 0: none begins so.
struct Lead { std::size_t length; unsigned char low = 0x80, high = 0xbf; };
Lead lead_of(unsigned char first) {
  if (first < 0x80) return {1};
  if (first < 0xc2) return {0};
  if (first < 0xe0) return {2};
  if (first < 0xf0) return {3, static_cast<unsigned char>(first == 0xe0 ? 0xa0 : 0x80), static_cast<unsigned char>(first == 0xed ? 0x9f : 0xbf)};
  if (first < 0xf5) return {4, static_cast<unsigned char>(first == 0xf0 ? 0x90 : 0x80), static_cast<unsigned char>(first == 0xf4 ? 0x8f : 0xbf)};
  return {0};
}

struct Range { char32_t from, to; };
template <std::size_t N>
bool is_in(const Range (&ranges)[N], char32_t sign) {
  return std::any_of(std::begin(ranges), std::end(ranges), [&](const Range& one) { return one.from <= sign && sign <= one.to; });
}

// White space, controls, format characters, selectors, and letters that are drawn as nothing.
constexpr Range kUnseen[] = {{0x00, 0x20},     {0x7f, 0xa0},     {0xad, 0xad},     {0x34f, 0x34f},   {0x61c, 0x61c},   {0x115f, 0x1160}, {0x1680, 0x1680}, {0x17b4, 0x17b5}, {0x180b, 0x180f}, {0x2000, 0x200f},
                             {0x2028, 0x202f}, {0x205f, 0x206f}, {0x2800, 0x2800}, {0x3000, 0x3000}, {0x3164, 0x3164}, {0xfe00, 0xfe0f}, {0xfeff, 0xfeff}, {0xffa0, 0xffa0}, {0xfff0, 0xfffb}, {0x1bca0, 0x1bca3},
                             {0x1d173, 0x1d17a}, {0xe0000, 0xe0fff}};
// Punctuation, symbols, pictures, private use; a mark that sits on a letter is none itself.
constexpr Range kSigns[] = {{0x00, 0x2f},     {0x3a, 0x40},     {0x5b, 0x60},     {0x7b, 0xa9},     {0xab, 0xb1},     {0xb4, 0xb4},     {0xb6, 0xb8},     {0xbb, 0xbb},       {0xbf, 0xbf},       {0xd7, 0xd7},
                            {0xf7, 0xf7},     {0x2c2, 0x2c5},   {0x300, 0x36f},   {0x60c, 0x60d},   {0x61b, 0x61b},   {0x61e, 0x61f},   {0x2000, 0x206f}, {0x20a0, 0x20ff},   {0x2190, 0x245f},   {0x2500, 0x2bff},
                            {0x2e00, 0x2e7f}, {0x3000, 0x3004}, {0x3008, 0x3020}, {0x3030, 0x3030}, {0x30fb, 0x30fb}, {0xe000, 0xf8ff}, {0xfe10, 0xfe6f}, {0xff00, 0xff0f},   {0xff1a, 0xff20},   {0xff3b, 0xff40},
                            {0xff5b, 0xff65}, {0xffe0, 0xffff}, {0x1f000, 0x1faff}, {0xf0000, 0x10ffff}};

template <class Is>
bool any_character(std::string_view text, const Is& is) {
  for (std::size_t at = 0; at < text.size();)
    if (is(next_character(text, at))) return true;
  return false;
}

// How many bytes the character at `at` has; 0: none begins there.
std::size_t length_at(std::string_view text, std::size_t at) {
  const auto [length, low, high] = lead_of(static_cast<unsigned char>(text[at]));
  if (length == 0 || length > text.size() - at) return 0;
  for (std::size_t i = 1; i < length; ++i) {
    const auto byte = static_cast<unsigned char>(text[at + i]);
    if (byte < (i == 1 ? low : 0x80) || byte > (i == 1 ? high : 0xbf)) return 0;
  }
  return length;
}

}  // namespace

bool is_utf8(std::string_view text) {
  for (std::size_t at = 0; at < text.size();) {
    const auto length = length_at(text, at);
    if (length == 0) return false;
    at += length;
  }
  return true;
}

char32_t next_character(std::string_view text, std::size_t& at) {
  const auto first = static_cast<unsigned char>(text[at]);
  const auto length = length_at(text, at);
  if (length <= 1) return ++at, first;
  char32_t out = first & (0xffu >> (length + 1));
  for (std::size_t i = 1; i < length; ++i) out = out << 6 | (static_cast<unsigned char>(text[at + i]) & 0x3f);
  at += length;
  return out;
}

bool is_letter_or_digit(char32_t character) { return !is_in(kUnseen, character) && !is_in(kSigns, character); }

bool has_visible(std::string_view text) {
  return any_character(text, [](char32_t sign) { return !is_in(kUnseen, sign); });
}

bool has_letter_or_digit(std::string_view text) {
  return any_character(text, is_letter_or_digit);
}

}  // namespace sluice
