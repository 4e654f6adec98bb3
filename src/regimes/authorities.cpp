#include "regimes/authorities.h"

#include <algorithm>

#include "regimes/yaml.h"

namespace sluice::regimes {

namespace {

constexpr std::string_view kDirectoryFields[] = {"edition", "topics", "authorities"};
constexpr std::string_view kAuthorityFields[] = {"id", "name", "kind", "place", "levels", "each", "reach", "reach_verified", "notes", "competent"};
constexpr std::string_view kRemitFields[] = {"rules", "topics", "does", "basis", "unclear", "mark", "verified"};

class DirectoryReader {
 public:
  DirectoryReader(std::string_view file, const Vocabulary& words, Directory& out) : file_(file), words_(words), out_(out) {}

  Findings read(std::string_view yaml) {
    const auto root = parse_yaml(yaml, file_);
    if (!root) return {{Severity::Error, "yaml", root.error().where, root.error().message}};
    try {
      directory(*root);
    } catch (const YAML::Exception& error) {
      found_.push_back({Severity::Error, "form", std::string(file_) + ":" + std::to_string(error.mark.line + 1), "A field here has another form than the page of the directory says: " + error.msg});
    }
    return std::move(found_);
  }

 private:
  void wrong(const YAML::Node& node, std::string message, std::string rule) { found_.push_back({Severity::Error, std::move(rule), place_of(file_, node), std::move(message)}); }
  template <std::size_t N>
  bool only(const YAML::Node& map, const std::string_view (&fields)[N]) {
    return only_fields(map, fields, [this](const YAML::Node& name, const YAML::Node&, std::string message, std::string rule) { wrong(name, std::move(message), std::move(rule)); });
  }
  std::string required(const YAML::Node& map, const char* key) {
    return required_word(map, key, [this](const YAML::Node& node, std::string message, std::string rule) { wrong(node, std::move(message), std::move(rule)); });
  }

  void directory(const YAML::Node& root) {
    if (!only(root, kDirectoryFields)) return;
    out_.edition = required(root, "edition");
    for (const auto& entry : child(root, "topics")) out_.topics[entry.first.Scalar()] = word_of(entry.second);
    std::set<std::string> seen;
    for (const auto& node : child(root, "authorities")) {
      if (!only(node, kAuthorityFields)) continue;
      auto one = authority(node);
      if (!seen.insert(one.id).second) wrong(node, "There is another body \"" + one.id + "\".", "twice");
      out_.bodies[one.id] = std::move(one);
    }
  }

  Authority authority(const YAML::Node& node) {
    Authority out{required(node, "id"), required(node, "name"), required(node, "kind"), required(node, "place"), words_of(node["levels"]), word_of(node["each"]),
                  word_of(node["reach"]), word_of(node["notes"]), word_of(node["reach_verified"]) != "false", {}};
    if (!out.kind.empty() && !words_.recipients.contains(out.kind)) wrong(node["kind"], "\"" + out.kind + "\" is no kind of recipient of the vocabulary.", "unknown-recipient");
    for (const auto& level : out.levels)
      if (words_.level(level) < 0) wrong(node["levels"], "\"" + level + "\" is no level.", "unknown-level");
    std::sort(out.levels.begin(), out.levels.end(), [&](const std::string& a, const std::string& b) { return words_.level(a) < words_.level(b); });
    for (const auto& one : child(node, "competent"))
      if (only(one, kRemitFields)) out.remits.push_back(remit(one));
    if (out.remits.empty()) wrong(node, "For what is this body competent? `competent` is missing.", "missing");
    return out;
  }

  Remit remit(const YAML::Node& node) {
    Remit out{words_of(node["rules"]), words_of(node["topics"]), required(node, "does"), required(node, "basis"), word_of(node["unclear"]), words_of(node["mark"]),
              word_of(node["verified"]) != "false", place_of(file_, node)};
    if (out.mark.empty()) wrong(node, "How far is this verified? `mark` is missing.", "missing");
    if (out.rules.empty() && out.topics.empty()) wrong(node, "A remit names rules or topics.", "missing");
    for (const auto& topic : out.topics)
      if (!out_.topics.contains(topic)) wrong(node["topics"], "\"" + topic + "\" is no topic of this directory.", "unknown-topic");
    for (const auto& rule : out.rules)
      if (rule.find('/') == rule.npos || rule.size() > 120) wrong(node["rules"], "\"" + rule + "\" is no rule. Write regime/rule.", "unknown-rule");
    return out;
  }

  std::string_view file_;
  const Vocabulary& words_;
  Directory& out_;
  Findings found_;
};

// What a body is asked as: its own kind, what that is by another name, and what holds it.
bool is_of_kind(const Authority& body, std::string_view asked, const Vocabulary& words) {
  if (asked.empty() || body.kind == asked) return true;
  const auto kind = words.recipients.find(body.kind);
  if (kind == words.recipients.end()) return false;
  if (asked == "authority") return kind->second.authority;
  if (std::any_of(kind->second.as.begin(), kind->second.as.end(), [&](const Recipient& one) { return one.kind == asked; })) return true;
  return std::find(kind->second.holds.begin(), kind->second.holds.end(), asked) != kind->second.holds.end();
}

bool names(const Remit& remit, std::string_view rule) {
  if (rule.empty()) return true;
  const bool whole = rule.find('/') == rule.npos;
  return std::any_of(remit.rules.begin(), remit.rules.end(), [&](const std::string& one) { return one == rule || (whole && one.starts_with(rule) && one[rule.size()] == '/'); });
}

}  // namespace

Findings Directory::add(std::string_view yaml, std::string_view file, const Vocabulary& words) {
  Directory with = *this;
  auto found = DirectoryReader(file, words, with).read(yaml);
  if (is_valid(found)) *this = std::move(with);
  return found;
}

std::vector<Competent> who_is_competent(const Directory& directory, const Vocabulary& words, const Question& question) {
  std::vector<Competent> out;
  const auto& asked = question.asked;
  for (const auto& [id, body] : directory.bodies) {
    if (!is_of_kind(body, asked.kind, words)) continue;
    // A sector is a name, no place: the department of the sector is the one of that name.
    const bool by_sector = body.each == "sector";
    if (!asked.place.empty() && !by_sector && !words.same_or_part(body.place, asked.place) && !words.same_or_part(asked.place, body.place)) continue;
    std::string level;
    if (!asked.level.empty()) {
      const auto found = std::find_if(body.levels.begin(), body.levels.end(), [&](const std::string& one) { return words.level(one) >= words.level(asked.level); });
      if (found == body.levels.end()) continue;
      level = *found;
    }
    const bool narrower = !body.each.empty() && !asked.place.empty() && (by_sector || words.same_or_part(body.place, asked.place));
    for (const auto& remit : body.remits) {
      if (!names(remit, question.rule)) continue;
      if (!question.topic.empty() && std::find(remit.topics.begin(), remit.topics.end(), question.topic) == remit.topics.end()) continue;
      out.push_back({&body, &remit, narrower ? asked.place : body.place, level});
    }
  }
  return out;
}

json::object to_json(const Competent& one) {
  const auto words = [](const std::vector<std::string>& all) { return json::array(all.begin(), all.end()); };
  json::object out{{"body", one.body->id}, {"name", one.body->name}, {"who", to_text(one)}, {"kind", one.body->kind}, {"place", one.place}, {"does", one.remit->does}, {"basis", one.remit->basis},
                   {"mark", words(one.remit->mark)}, {"verified", one.remit->verified}};
  if (!one.level.empty()) out["level"] = one.level;
  if (!one.remit->unclear.empty()) out["unclear"] = one.remit->unclear;
  if (!one.body->reach.empty()) out["reach"] = one.body->reach, out["reach_verified"] = one.body->reach_verified;
  out["rules"] = words(one.remit->rules), out["topics"] = words(one.remit->topics);
  return out;
}

std::string to_text(const Competent& competent) {
  auto out = competent.body->name;
  if (!competent.body->each.empty() && !competent.level.empty()) out += ", " + competent.level + (competent.level == competent.body->levels.back() ? "" : " or above");
  if (!competent.body->each.empty()) out += ", " + (competent.place == competent.body->place ? "of the " + competent.body->each + " concerned in " + competent.place : competent.place);
  return out;
}

Findings unfitting(const Directory& directory, const std::map<std::string, std::vector<std::string>>& rules) {
  Findings out;
  for (const auto& [id, body] : directory.bodies)
    for (const auto& remit : body.remits)
      for (const auto& rule : remit.rules) {
        const auto pack = rules.find(rule.substr(0, rule.find('/')));
        if (pack == rules.end()) continue;  // of a pack that isn't loaded here
        if (std::find(pack->second.begin(), pack->second.end(), rule) == pack->second.end())
          out.push_back({Severity::Error, "unknown-rule", remit.where, "\"" + id + "\" is named competent for \"" + rule + "\", and the pack has no such rule."});
      }
  return out;
}

}  // namespace sluice::regimes
