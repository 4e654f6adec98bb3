#include "web/file_name.h"

#include "base/utf8.h"

namespace sluice::web {

namespace {

constexpr std::size_t kLongest = 200;

// Characters of two and three bytes that turn the direction of a line or can't be seen: a name that reads "exe.fdp" backwards fools a reader.
bool is_invisible(std::string_view character) {
  if (character.size() == 2) return (character[0] == '\xc2' && (character[1] == '\xad' || static_cast<unsigned char>(character[1]) < 0xa0)) || character == "\u061c";  // soft hyphen, C1, a mark of direction
  if (character.size() != 3) return false;
  const auto point = (character[0] & 0x0f) << 12 | (character[1] & 0x3f) << 6 | (character[2] & 0x3f);
  return (point >= 0x200b && point <= 0x200f) || (point >= 0x2028 && point <= 0x202e) || (point >= 0x2060 && point <= 0x206f) || point == 0xfeff || point == 0x180e;
}

std::size_t length_of(unsigned char first) { return first < 0x80 ? 1 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4; }

}  // namespace

std::string clean_file_name(std::string_view name) {
  if (!is_utf8(name)) return "file";
  if (const auto slash = name.find_last_of("/\\"); slash != name.npos) name.remove_prefix(slash + 1);  // some send the whole path
  std::string out;
  while (!name.empty()) {
    const auto character = name.substr(0, length_of(static_cast<unsigned char>(name.front())));
    name.remove_prefix(character.size());
    const auto first = static_cast<unsigned char>(character.front());
    if (first < 0x20 || first == 0x7f || is_invisible(character)) continue;
    if (out.size() + character.size() > kLongest) break;
    out += character;
  }
  const auto blank = [](char c) { return c == ' ' || c == '.'; };
  while (!out.empty() && blank(out.back())) out.pop_back();
  out.erase(0, out.find_first_not_of(' '));
  return out.empty() ? "file" : out;
}

}  // namespace sluice::web
