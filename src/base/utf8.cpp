#include "base/utf8.h"

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

}  // namespace

bool is_utf8(std::string_view text) {
  for (std::size_t at = 0; at < text.size();) {
    const auto [length, low, high] = lead_of(static_cast<unsigned char>(text[at]));
    if (length == 0 || length > text.size() - at) return false;
    for (std::size_t i = 1; i < length; ++i) {
      const auto byte = static_cast<unsigned char>(text[at + i]);
      if (byte < (i == 1 ? low : 0x80) || byte > (i == 1 ? high : 0xbf)) return false;
    }
    at += length;
  }
  return true;
}

}  // namespace sluice
