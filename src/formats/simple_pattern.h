// Patterns that say nothing but which values to look for: a choice of equalities that hold together. Most indicators are of this kind,
// and other formats have a place for no other. The whole language is read in threat/pattern.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sluice::formats {

struct Equality {
  std::string type;    // "file"
  std::string path;    // "hashes.'SHA-256'": steps that hold more than letters, digits and '_' are quoted
  std::string value;   // a string without its quotes and escapes; other literals as they stand, but for the prefix and quotes of t'…', h'…', b'…'
  bool is_text = true; // a string, rather than a number, a boolean, a time or bytes
};
using Together = std::vector<Equality>;

// One entry for each choice; no more than `most`. Nothing where the pattern has another operator, a negation, a qualifier or a sequence, or is no pattern.
std::optional<std::vector<Together>> choices_of(std::string_view pattern, std::size_t most = 1000);

// 'text' as a literal of the pattern language (STIX 2.1 §9.2), and a step of a path, quoted where it must be.
std::string pattern_text(std::string_view text);
std::string pattern_step(std::string_view step);

}  // namespace sluice::formats
