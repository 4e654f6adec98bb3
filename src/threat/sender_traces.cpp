#include "threat/sender_traces.h"

#include <algorithm>

#include "threat/object.h"

namespace sluice::threat {

namespace {

constexpr std::size_t kLeastWord = 3;             // shorter names stand in too many texts by chance

std::string folded(std::string_view text) {
  std::string out(text);
  for (auto& c : out)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return out;
}

bool is_ascii_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); }
bool is_beyond_ascii(char c) { return static_cast<unsigned char>(c) >= 0x80; }

// Signs beyond ASCII that part words: of Latin-1 (C2 80 to C2 BF), general punctuation (U+2000 to U+206F), and that of China, Japan and Korea (U+3000 to U+303F, and most of U+FF00 on).
bool is_sign(std::string_view text, std::size_t at) {
  const auto byte = [&](std::size_t i) { return i < text.size() ? static_cast<unsigned char>(text[i]) : 0u; };
  return byte(at) == 0xc2 || (byte(at) == 0xe2 && (byte(at + 1) == 0x80 || byte(at + 1) == 0x81)) || (byte(at) == 0xe3 && byte(at + 1) == 0x80) || (byte(at) == 0xef && byte(at + 1) == 0xbc);
}

// Does a word that has `edge` at its end go on with the character at `at`? Scripts without spaces write words one after the other, so that between two of their letters a name may end anywhere.
bool goes_on_with(std::string_view text, std::size_t at, char edge) {
  if (at >= text.size()) return false;
  if (is_ascii_letter(text[at])) return true;
  return is_beyond_ascii(text[at]) && !is_beyond_ascii(edge) && !is_sign(text, at);
}

bool holds_word(std::string_view text, std::string_view word) {
  if (word.size() < kLeastWord) return false;
  for (auto at = text.find(word); at != text.npos; at = text.find(word, at + 1)) {
    auto before = at;                             // where the character before it begins
    while (before > 0 && (static_cast<unsigned char>(text[--before]) & 0xc0) == 0x80) {}
    const bool begins = at == 0 || !goes_on_with(text, before, word.front());
    if (begins && !goes_on_with(text, at + word.size(), word.back())) return true;
  }
  return false;
}

// "acme.example" in "soc@acme.example" and "www.acme.example", and in neither "notacme.example" nor "acme.example.org".
bool holds_domain(std::string_view text, std::string_view domain) {
  const auto goes_on = [](char c) { return is_ascii_letter(c) || c == '-'; };
  for (auto at = text.find(domain); at != text.npos; at = text.find(domain, at + 1)) {
    const auto end = at + domain.size();
    const bool begins = at == 0 || !goes_on(text[at - 1]);
    const bool ends = end == text.size() || (!goes_on(text[end]) && !(text[end] == '.' && end + 1 < text.size() && goes_on(text[end + 1])));
    if (begins && ends) return true;
  }
  return false;
}

std::string escaped_for_pointer(std::string_view key) {
  std::string out;
  for (const char c : key) out += c == '~' ? "~0" : c == '/' ? "~1" : std::string(1, c);
  return out;
}

// RFC 9562 §5.1, §5.6: versions 1, 2 and 6 carry the machine's address and its clock.
bool is_of_machine(std::string_view id) {
  const auto known = identifier_of(id);
  return known && (known->version() == '1' || known->version() == '2' || known->version() == '6');
}

class TraceHunt {
 public:
  explicit TraceHunt(const SenderNames& names) {
    for (const auto& one : names.words)
      if (one.size() >= kLeastWord) words_.push_back(folded(one));
    for (const auto& one : names.domains)
      if (one.size() >= kLeastWord) domains_.push_back(folded(one));
  }

  std::optional<SenderTrace> in(const json::value& value, const std::string& where) const {
    if (value.is_string()) return in_text(value.get_string(), where);
    if (value.is_array()) {
      for (std::size_t i = 0; i < value.get_array().size(); ++i)
        if (auto found = in(value.get_array()[i], where + "/" + std::to_string(i))) return found;
    } else if (value.is_object()) {
      for (const auto& [key, inner] : value.get_object()) {
        const auto place = where + "/" + escaped_for_pointer(key);
        if (auto found = in_text(key, place)) return found;
        if (auto found = in(inner, place)) return found;
      }
    }
    return std::nullopt;
  }

 private:
  std::optional<SenderTrace> in_text(std::string_view said, const std::string& where) const {
    if (is_of_machine(said)) return SenderTrace{where, "This id was made from a machine's address and clock, which tell who made it: use one of version 4."};
    const auto text = folded(said);
    for (const auto& one : words_)
      if (holds_word(text, one)) return SenderTrace{where, "This names your organisation or one of its people."};
    for (const auto& one : domains_)
      if (holds_domain(text, one)) return SenderTrace{where, "This has a domain of your organisation."};
    return std::nullopt;
  }
  std::vector<std::string> words_, domains_;
};

}  // namespace

std::optional<SenderTrace> trace_of_sender(const json::object& object, const SenderNames& names, std::string_view source) {
  // STIX 2.1 §3.2: created_by_ref is who made it. Another's may stay, so that what comes from one source isn't taken for two; but one that nobody else here names could be the sender, or say where it has things from.
  if (const auto* creator = object.if_contains("created_by_ref")) {
    const bool may = creator->is_string() && (creator->get_string() == names.own_identity || (!source.empty() && std::string_view(creator->get_string()) == source));
    if (!may) return SenderTrace{"/created_by_ref", "created_by_ref says who made this: leave it out, or name the pseudonym's own identity, " + names.own_identity + "."};
  }
  return TraceHunt(names).in(json::value(object), "");
}

}  // namespace sluice::threat
