#include "regimes/vocabulary.h"

#include <algorithm>

#include "base/countries.h"
#include "regimes/yaml.h"

namespace sluice::regimes {

bool Vocabulary::same_or_part(std::string_view whole, std::string_view part) const {
  if (whole == part) return true;
  if (part.size() > whole.size() && part.starts_with(whole) && part[whole.size()] == '-' && whole.size() == 2) return true;
  const auto group = places.find(whole);
  if (group == places.end()) return false;
  return std::any_of(group->second.begin(), group->second.end(), [&](const std::string& place) { return same_or_part(place, part); });
}

std::string_view Vocabulary::plain(std::string_view word) const {
  const auto found = says.find(word);
  return found == says.end() ? word : std::string_view(found->second);
}

int Vocabulary::level(std::string_view name) const {
  const auto found = std::find(levels.begin(), levels.end(), name);
  return found == levels.end() ? -1 : int(found - levels.begin());
}

bool Vocabulary::takes(std::string_view fact, std::string_view word) const {
  const auto found = facts.find(fact);
  return found == facts.end() || found->second.contains(word);
}

bool Vocabulary::knows_place(std::string_view place) const {
  return places.contains(place) || (is_country(place.substr(0, 2)) && (place.size() == 2 || place[2] == '-'));
}

namespace {

Kind kind_of(const YAML::Node& node) {
  Kind out;
  out.holds = words_of(node["holds"]);
  out.home = word_of(node["home"]);
  out.authority = word_of(node["authority"]) == "yes";
  out.body = word_of(node["body"]) != "no";
  const auto needed = word_of(node["needed"]);
  out.needed = needed == "yes" ? Truth::True : needed == "no" ? Truth::False : Truth::Unknown;
  return out;
}

template <class Set>
Set set_of(const YAML::Node& node) {
  const auto words = words_of(node);
  return Set(words.begin(), words.end());
}

Result<Vocabulary> vocabulary_of(const YAML::Node& root, std::string_view file) {
  Vocabulary out;
  for (const auto& entry : child(root, "places")) out.places[entry.first.Scalar()] = set_of<std::set<std::string>>(entry.second);
  out.levels = words_of(root["levels"]);
  for (const auto& [name, whose] : {std::pair{"case", Whose::Case}, {"provider", Whose::Provider}, {"party", Whose::Party}})
    for (const auto& event : words_of(child(root, "events")[name])) out.events[event] = whose;
  for (const auto& cause : child(root, "causes")) out.causes.push_back({set_of<std::set<std::string>>(cause["type"]), word_of(cause["to"]), word_of(cause["event"])});
  using Sorted = std::set<std::string, std::less<>>;
  out.before_the_case = set_of<Sorted>(root["before_the_case"]);
  out.actions = set_of<Sorted>(root["actions"]);
  out.publications = set_of<Sorted>(root["publications"]);
  out.contents = set_of<Sorted>(root["contents"]);
  out.reports = set_of<Sorted>(root["reports"]);
  out.flaw_publications = set_of<Sorted>(root["flaw_publications"]);
  out.remedy = set_of<Sorted>(root["remedy"]);
  for (const auto& entry : child(root, "flags")) out.flags[entry.first.Scalar()] = word_of(entry.second);
  for (const auto& entry : child(root, "says")) out.says[entry.first.Scalar()] = word_of(entry.second);
  for (const auto& entry : child(root, "place_names")) out.says[entry.first.Scalar()] = word_of(entry.second);
  for (const auto& entry : child(root, "facts")) out.facts[entry.first.Scalar()] = set_of<Sorted>(entry.second);
  if (!out.actions.empty()) out.facts["action.type"] = out.actions;
  if (!out.contents.empty()) out.facts["action.content"] = out.contents;
  out.owners = set_of<Sorted>(root["owners"]);
  for (const auto& [flag, says] : out.flags) out.facts["party.flags"].insert(flag);
  for (const auto& entry : child(root, "sources")) out.sources[entry.first.Scalar()] = word_of(entry.second);
  for (const auto& role : child(root, "roles")) out.roles[role.first.Scalar()] = words_of(role.second);
  for (const auto& entry : child(root, "recipients")) {
    auto kind = kind_of(entry.second);
    if (const auto as = word_of(entry.second["as"]); !as.empty()) {
      auto read = parse_recipients(as);
      if (!read) return fail(ErrorKind::Invalid, read.error().message, place_of(file, entry.second));
      kind.as = *read;
    }
    out.recipients[entry.first.Scalar()] = std::move(kind);
  }
  return out;
}

}  // namespace

Result<Vocabulary> read_vocabulary(std::string_view yaml, std::string_view file) {
  TRY(const auto root, parse_yaml(yaml, file));
  try {
    return vocabulary_of(root, file);
  } catch (const YAML::Exception& error) {
    return fail(ErrorKind::Invalid, "This is not the form of a vocabulary: " + error.msg, std::string(file) + ":" + std::to_string(error.mark.line + 1));
  }
}

}  // namespace sluice::regimes
