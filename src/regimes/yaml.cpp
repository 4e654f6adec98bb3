#include "regimes/yaml.h"

#include <algorithm>

namespace sluice::regimes {

namespace {
constexpr std::size_t kLargest = 1 << 20;

// An anchor or alias stands at the beginning of a value. In plain text after a word both signs are harmless.
bool has_alias(std::string_view text) {
  for (std::size_t at = 1; at + 1 < text.size(); ++at) {
    if (text[at] != '&' && text[at] != '*') continue;
    const auto before = text.find_last_not_of(" \t", at - 1);
    const bool begins = before == text.npos || text[before] == ':' || text[before] == '-' || text[before] == '[' || text[before] == ',' || text[before] == '{' || text[before] == '\n';
    if (begins && text[at + 1] != ' ') return true;
  }
  return false;
}
}  // namespace

Result<YAML::Node> parse_yaml(std::string_view text, std::string_view file) {
  if (text.size() > kLargest) return fail(ErrorKind::TooLarge, "A pack may have a megabyte at most.", std::string(file));
  if (has_alias(text)) return fail(ErrorKind::Malformed, "Packs have no anchors and aliases: each rule is to be read by itself.", std::string(file));
  try {
    auto root = YAML::Load(std::string(text));
    if (!root.IsMap()) return fail(ErrorKind::Malformed, "This is not a list of fields.", std::string(file) + ":1");
    return root;
  } catch (const YAML::Exception& error) {
    return fail(ErrorKind::Malformed, "This is not YAML: " + error.msg, std::string(file) + ":" + std::to_string(error.mark.line + 1));
  }
}

}  // namespace sluice::regimes
