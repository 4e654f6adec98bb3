#include "base/markup.h"

#include <algorithm>
#include <cstdio>

namespace sluice::markup {

namespace {

constexpr char32_t kNoCharacter = 0xFFFD;
constexpr std::string_view kReplacement = "\xEF\xBF\xBD";

// One code point from `at`, which moves on; kNoCharacter for a byte that belongs to none.
char32_t next(std::string_view text, std::size_t& at) {
  const auto lead = static_cast<unsigned char>(text[at++]);
  if (lead < 0x80) return lead;
  const int more = lead >= 0xF0 && lead < 0xF5 ? 3 : lead >= 0xE0 && lead < 0xF0 ? 2 : lead >= 0xC2 && lead < 0xE0 ? 1 : 0;
  if (more == 0 || at + static_cast<std::size_t>(more) > text.size()) return kNoCharacter;
  char32_t code = lead & (0x3F >> more);
  for (int i = 0; i < more; ++i) {
    const auto c = static_cast<unsigned char>(text[at + static_cast<std::size_t>(i)]);
    if ((c & 0xC0) != 0x80) return kNoCharacter;
    code = code << 6 | (c & 0x3F);
  }
  constexpr char32_t kLeast[] = {0, 0x80, 0x800, 0x10000};
  if (code < kLeast[more] || code > 0x10FFFF || (code >= 0xD800 && code < 0xE000)) return kNoCharacter;
  at += static_cast<std::size_t>(more);
  return code;
}

bool is_unseen(char32_t c) {
  return c == 0x00AD || c == 0x034F || c == 0x061C || c == 0x115F || c == 0x1160 || c == 0x17B4 || c == 0x17B5 || c == 0x180E || (c >= 0x200B && c <= 0x200F) ||
         (c >= 0x2028 && c <= 0x202E) || (c >= 0x2060 && c <= 0x206F) || c == 0x3164 || c == 0xFEFF || c == 0xFFA0 || (c >= 0xFFF9 && c <= 0xFFFB) || (c >= 0xE0000 && c <= 0xE0FFF);
}

}  // namespace

std::string escaped(std::string_view text) {
  std::string out;
  out.reserve(text.size() + text.size() / 16);
  for (std::size_t at = 0; at < text.size();) {
    const auto begin = at;
    const auto c = next(text, at);
    if (c == '&') out += "&amp;";
    else if (c == '<') out += "&lt;";
    else if (c == '>') out += "&gt;";
    else if (c == '"') out += "&quot;";
    else if (c == '\'') out += "&#39;";
    else if (c == kNoCharacter || (c < 0x20 && c != '\n' && c != '\t') || (c >= 0x7F && c < 0xA0)) out += kReplacement;
    else if (is_unseen(c)) {
      char mark[24];
      std::snprintf(mark, sizeof mark, "⟦U+%04X⟧", static_cast<unsigned>(c));
      out += mark;
    } else {
      out += text.substr(begin, at - begin);
    }
  }
  return out;
}

Html element(std::string_view tag, Attributes attributes, const Html& inside) {
  static constexpr std::string_view kEmpty[] = {"meta", "br", "hr"};
  Html out;
  out.markup_ = "<" + std::string(tag);
  for (const auto& [name, value] : attributes)
    if (!value.empty()) out.markup_ += " " + std::string(name) + "=\"" + escaped(value) + "\"";
  out.markup_ += ">";
  if (std::find(std::begin(kEmpty), std::end(kEmpty), tag) != std::end(kEmpty)) return out;
  out.markup_ += inside.markup_;
  out.markup_ += "</" + std::string(tag) + ">";
  return out;
}

Html sheet(std::string_view css) {
  Html out;
  out.markup_ = "<style>" + std::string(css) + "</style>";
  return out;
}

}  // namespace sluice::markup
