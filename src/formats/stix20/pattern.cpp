// Patterns: a walk over tokens, so that nothing inside a string or a comment is touched.
#include "base/time.h"
#include "formats/stix20/tables.h"
#include "formats/stix20/upgrade.h"

namespace sluice::formats::stix20 {

namespace {

bool begins_word(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }
bool goes_on(char c) { return begins_word(c) || (c >= '0' && c <= '9') || c == '-'; }

struct Walk {
  std::string_view text;
  std::size_t at = 0;
  UpgradedPattern out;

  void copy(std::size_t n) {
    out.text += text.substr(at, n);
    at += n;
  }
  std::size_t word_length() const {
    std::size_t n = 0;
    if (at < text.size() && begins_word(text[at]))
      while (at + n < text.size() && goes_on(text[at + n])) ++n;
    return n;
  }
  // With its quotes; up to the end where it isn't closed.
  std::size_t string_length() const {
    std::size_t n = 1;
    while (at + n < text.size() && text[at + n] != '\'') n += text[at + n] == '\\' ? 2 : 1;
    return std::min(n + 1, text.size() - at);
  }
  std::size_t comment_length() const {
    const auto rest = text.substr(at);
    if (rest.starts_with("//")) return std::min(rest.find('\n'), rest.size());
    if (rest.starts_with("/*")) return rest.find("*/", 2) == rest.npos ? rest.size() : rest.find("*/", 2) + 2;
    return 0;
  }
  // One step of a path, a bare word or a quoted one, with its plain text.
  std::string_view step(std::size_t& length) const {
    if (at < text.size() && text[at] == '\'') {
      length = string_length();
      return length < 2 ? std::string_view{} : text.substr(at + 1, length - 2);
    }
    length = word_length();
    return text.substr(at, length);
  }

  // After "type:", up to the end of the path. An "extensions.'x-ext'.name" has names of its own.
  void path(std::string_view type) {
    std::string_view extension, before;
    for (std::size_t depth = 0;; ++depth) {
      std::size_t length = 0;
      const auto word = step(length);
      if (length == 0) return;
      std::string_view other;
      if (depth == 0) other = new_name(type, "", word);
      if (depth == 2 && !extension.empty()) other = new_name(type, extension, word);
      if (word == "ssdeep" && before == "hashes") other = "SSDEEP";
      if (depth == 1 && before == "extensions") extension = word;
      if (other.empty()) {
        copy(length);
      } else {
        out.text += other;
        out.has_changed = true;
        if (other.starts_with("x_stix20_")) out.lost = "STIX 2.1 has no \"" + std::string(word) + "\" of " + std::string(type) + "; the pattern asks for " + std::string(other) + ", which only upgraded observables have.";
        at += length;
      }
      before = word;
      while (at < text.size() && text[at] == '[') copy(std::min(text.find(']', at), text.size() - 1) - at + 1);
      if (at >= text.size() || text[at] != '.') return;
      copy(1);
    }
  }

  // STIX 2.0 part 5 §4.1.1 let START and STOP have strings; STIX 2.1 §9.6 wants timestamps.
  void instant() {
    for (std::size_t n = 1; at < text.size() && n != 0;) {
      n = comment_length();
      if (n == 0 && (text[at] == ' ' || text[at] == '\t' || text[at] == '\r' || text[at] == '\n')) n = 1;
      copy(n);
    }
    if (at >= text.size() || text[at] != '\'') return;
    const auto length = string_length();
    if (!parse_instant(text.substr(at + 1, length < 2 ? 0 : length - 2))) out.lost = "After START or STOP stands no time; it was left as it is.";
    else out.text += 't', out.has_changed = true;
    copy(length);
  }

  void run() {
    while (at < text.size()) {
      if (const auto n = comment_length()) {
        copy(n);
        continue;
      }
      if (text[at] == '\'') {
        copy(string_length());
        continue;
      }
      const auto n = word_length();
      if (n == 0) {
        copy(1);
        continue;
      }
      const auto word = text.substr(at, n);
      copy(n);
      if (word == "START" || word == "STOP") instant();
      else if (at < text.size() && text[at] == ':') copy(1), path(word);
    }
  }
};

}  // namespace

UpgradedPattern upgrade_pattern(std::string_view pattern) {
  Walk walk{pattern};
  walk.run();
  return std::move(walk.out);
}

}  // namespace sluice::formats::stix20
