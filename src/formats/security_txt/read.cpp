// From bytes to lines, from lines to fields (RFC 9116 §2 and §4). What the fields mean is checks.cpp's.
#include "formats/security_txt/read.h"

#include <algorithm>
#include <array>

#include "formats/security_txt/checks.h"

namespace sluice::formats::security_txt {

namespace {

// The registry of §6.2 as it stands: the RFC's own and CSAF (OASIS CSAF 2.0 §7.1.8).
constexpr std::array<std::string_view, 9> kNames = {"Acknowledgments", "Canonical", "Contact", "Encryption", "Expires", "Hiring", "Policy", "Preferred-Languages", "CSAF"};

constexpr std::string_view kBegin = "-----BEGIN PGP SIGNED MESSAGE-----";
constexpr std::string_view kSignature = "-----BEGIN PGP SIGNATURE-----";
constexpr std::string_view kEnd = "-----END PGP SIGNATURE-----";

struct Line {
  std::string_view text;
  int number = 0;
};

bool same_name(std::string_view a, std::string_view b) {
  const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; };
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [&](char x, char y) { return lower(x) == lower(y); });
}

std::string_view trimmed_right(std::string_view text) {
  while (text.ends_with(' ') || text.ends_with('\t')) text.remove_suffix(1);
  return text;
}

// §4: a byte order mark is no part of the grammar, but editors write one.
std::vector<Line> lines_of(std::string_view bytes, const Limits& limits, Found& found) {
  std::vector<Line> out;
  if (bytes.starts_with("\xEF\xBB\xBF")) {
    found.add(Severity::Warning, "§4", 1, "The file begins with a byte order mark, which the grammar has no place for.");
    bytes.remove_prefix(3);
  }
  while (!bytes.empty()) {
    const int number = static_cast<int>(out.size()) + 1;
    if (out.size() == limits.lines) {
      found.add(Severity::Error, "§5.4", number, "There are more than " + std::to_string(limits.lines) + " lines; what follows was not read.");
      return out;
    }
    const auto end = bytes.find('\n');
    if (end == bytes.npos) found.add(Severity::Warning, "§2.2", number, "The last line doesn't end with a line feed.");
    auto text = bytes.substr(0, end);
    bytes.remove_prefix(end == bytes.npos ? bytes.size() : end + 1);
    if (text.ends_with('\r')) text.remove_suffix(1);
    out.push_back({text, number});
  }
  return out;
}

// RFC 4880 §7: armour header, "Hash:" lines up to an empty one, dash-escaped text, signature. T4.
std::vector<Line> signed_part(const std::vector<Line>& lines, File& file, Found& found) {
  const auto is = [](std::string_view marker) { return [marker](const Line& line) { return trimmed_right(line.text) == marker; }; };
  const auto begin = std::find_if(lines.begin(), lines.end(), is(kBegin));
  if (begin == lines.end()) return lines;
  file.is_signed = true;
  for (auto line = lines.begin(); line != begin; ++line)
    if (!trimmed_right(line->text).empty()) {
      found.add(Severity::Warning, "§2.3", line->number, "What stands before the signed text isn't covered by the signature and was left out.");
      break;
    }
  auto first = std::find_if(begin, lines.end(), [](const Line& line) { return trimmed_right(line.text).empty(); });
  if (first != lines.end()) ++first;
  const auto signature = std::find_if(first, lines.end(), is(kSignature));
  const auto end = std::find_if(signature, lines.end(), is(kEnd));
  if (end == lines.end()) found.add(Severity::Error, "§2.3", begin->number, "The OpenPGP signature is cut off: a line of its envelope is missing.");
  else if (std::any_of(end + 1, lines.end(), [](const Line& line) { return !trimmed_right(line.text).empty(); }))
    found.add(Severity::Warning, "§2.3", (end + 1)->number, "What stands behind the signature isn't covered by it and was left out.");
  std::vector<Line> out(first, signature);
  for (auto& line : out)
    if (line.text.starts_with("- ")) line.text.remove_prefix(2);
  return out;
}

// The length of the UTF-8 sequence at the front of `text`, 0 if there is none that is well formed (RFC 3629).
std::size_t sequence(std::string_view text) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const auto first = byte(0);
  const std::size_t length = first < 0x80 ? 1 : first >= 0xC2 && first < 0xE0 ? 2 : (first & 0xF0) == 0xE0 ? 3 : first >= 0xF0 && first < 0xF5 ? 4 : 0;
  if (length == 0 || text.size() < length) return 0;
  for (std::size_t i = 1; i < length; ++i)
    if ((byte(i) & 0xC0) != 0x80) return 0;
  if ((first == 0xE0 && byte(1) < 0xA0) || (first == 0xED && byte(1) >= 0xA0) || (first == 0xF0 && byte(1) < 0x90) || (first == 0xF4 && byte(1) >= 0x90)) return 0;
  return length;
}

// Controls of ASCII and of Latin 1 (U+0080 to U+009F) would steer whatever shows the line.
bool is_plain(std::string_view text) {
  while (!text.empty()) {
    const auto length = sequence(text);
    const auto first = static_cast<unsigned char>(text[0]);
    if (length == 0 || (first < 0x20 && first != '\t') || first == 0x7F) return false;
    if (first == 0xC2 && static_cast<unsigned char>(text[1]) < 0xA0) return false;
    text.remove_prefix(length);
  }
  return true;
}

bool is_name_character(char c) { return c > ' ' && c < 0x7F && c != ':'; }  // RFC 5322 §3.6.8, which §4 takes over

void read_line(const Line& line, const Limits& limits, File& file, Found& found) {
  if (line.text.size() > limits.line) return found.add(Severity::Error, "§5.4", line.number, "The line is longer than " + std::to_string(limits.line) + " bytes and was not read.");
  if (!is_plain(line.text)) return found.add(Severity::Error, "§4", line.number, "The line isn't plain UTF-8 text: it has control characters or broken sequences, and was not read.");
  const auto text = trimmed_right(line.text);
  if (text.empty() || text.starts_with('#')) return;
  const auto colon = text.find(':');
  const auto name = text.substr(0, colon);
  if (colon == text.npos || name.empty() || !std::all_of(name.begin(), name.end(), is_name_character))
    return found.add(Severity::Error, "§4", line.number, "This is neither a comment nor a field: a field is a name, a colon, a space and a value.");
  auto value = text.substr(colon + 1);
  if (!value.starts_with(' ')) found.add(Severity::Warning, "§4", line.number, "One space belongs between the colon and the value.");
  while (value.starts_with(' ') || value.starts_with('\t')) value.remove_prefix(1);
  if (value.empty()) return found.add(Severity::Error, "§4", line.number, "The field " + std::string(name) + " has no value.");
  const auto known = std::find_if(kNames.begin(), kNames.end(), [&](std::string_view one) { return same_name(one, name); });
  if (known == kNames.end()) found.add(Severity::Information, "§2.4", line.number, "The field " + std::string(name) + " isn't in the registry; readers ignore it.");
  file.fields.push_back({std::string(known == kNames.end() ? name : *known), std::string(value), line.number});
}

}  // namespace

Read read(std::string_view bytes, const Limits& limits) {
  Read out;
  Found found(out.findings, limits.findings);
  if (bytes.size() > limits.bytes) {
    found.add(Severity::Error, "§5.4", 0, "The file is larger than " + std::to_string(limits.bytes) + " bytes and was not read.");
    return out;
  }
  for (const auto& line : signed_part(lines_of(bytes, limits, found), out.file, found)) read_line(line, limits, out.file, found);
  check_fields(out.file, found);
  return out;
}

std::vector<std::string> File::all(std::string_view name) const {
  std::vector<std::string> out;
  for (const auto& field : fields)
    if (field.name == name) out.push_back(field.value);
  return out;
}

std::vector<std::string> File::languages() const {
  const auto fields = all("Preferred-Languages");
  return fields.empty() ? std::vector<std::string>{} : words_of_list(fields.front());
}

std::optional<Instant> File::expires() const {
  const auto fields = all("Expires");
  if (fields.size() != 1) return std::nullopt;
  const auto instant = parse_instant(fields.front());
  return instant ? std::optional(*instant) : std::nullopt;
}

}  // namespace sluice::formats::security_txt
