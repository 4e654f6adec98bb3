// YAML, as far as packs need it: text in, nodes out, places as file:line. Seen by the readers of packs and of the vocabulary alone.
#pragma once

#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <iterator>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace sluice::regimes {

// Malformed, with file:line in `where`. Nothing larger than a megabyte, no aliases (a few lines of them can stand for gigabytes).
Result<YAML::Node> parse_yaml(std::string_view text, std::string_view file);

inline std::string place_of(std::string_view file, const YAML::Node& node) { return std::string(file) + ":" + std::to_string(node.Mark().line + 1); }

// The scalar, or "" where there is none or it is null.
inline std::string word_of(const YAML::Node& node) {
  if (!node.IsDefined() || !node.IsScalar()) return {};
  const auto& text = node.Scalar();
  return node.Tag() != "!" && (text == "null" || text == "~") ? std::string() : text;
}

// A list's scalars; a single scalar is a list of one.
inline std::vector<std::string> words_of(const YAML::Node& node) {
  std::vector<std::string> out;
  if (!node.IsDefined()) return out;
  if (node.IsScalar()) {
    if (auto one = word_of(node); !one.empty()) out.push_back(std::move(one));
  } else if (node.IsSequence()) {
    for (const auto& item : node) out.push_back(word_of(item));
  }
  return out;
}

// The child, or an empty list where there is none; so that it can be walked.
inline YAML::Node child(const YAML::Node& node, const char* key) {
  const YAML::Node found = node[key];
  return found.IsDefined() ? found : YAML::Node(YAML::NodeType::Sequence);
}

// Fields that nobody knows or that stand twice are told: wrong(name's node, value's node, message, rule). False: here are no fields at all.
template <std::size_t N, class Wrong>
bool only_fields(const YAML::Node& map, const std::string_view (&fields)[N], const Wrong& wrong) {
  if (!map.IsMap()) return wrong(map, map, "Here should be fields with values.", "form"), false;
  std::set<std::string> seen;
  for (const auto& entry : map) {
    const auto& key = entry.first.Scalar();
    if (std::find(std::begin(fields), std::end(fields), key) == std::end(fields)) wrong(entry.first, entry.second, "There is no field \"" + key + "\" here.", "unknown-field");
    if (!seen.insert(key).second) wrong(entry.first, entry.first, "The field \"" + key + "\" stands here twice.", "twice");
  }
  return true;
}

// The field's word; that there is none is told: wrong(node, message, rule).
template <class Wrong>
std::string required_word(const YAML::Node& map, const char* key, const Wrong& wrong) {
  auto out = word_of(map[key]);
  if (out.empty()) wrong(map, std::string("The field \"") + key + "\" is missing.", "missing");
  return out;
}

}  // namespace sluice::regimes
