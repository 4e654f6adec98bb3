// Amendments, applied to the nodes of a pack, which is then read as if it stood in a file: so every check of packs holds for what was proposed as well.
#include "regimes/overlay.h"

#include <algorithm>
#include <cctype>

#include "regimes/built_in.h"
#include "regimes/read_node.h"

namespace sluice::regimes {

namespace {

constexpr std::string_view kOverlayFields[] = {"id", "edition", "title", "source", "proposed", "says", "notes", "changes"};
constexpr std::string_view kChangeFields[] = {"pack", "why", "dates", "scope", "readings", "settle", "drop", "change", "add"};
constexpr std::string_view kScopeFields[] = {"says", "binds"};
constexpr std::string_view kDateFields[] = {"published", "from", "until"};

// "reading(x) is y" decided in every condition of the node, since the text would say so.
class Settler {
 public:
  Settler(std::string name, std::string choice) : name_(std::move(name)), choice_(std::move(choice)) {}

  void settle(YAML::Node node) const {
    if (node.IsMap()) {
      for (auto entry : node) settle(entry.second);
    } else if (node.IsSequence()) {
      for (auto item : node) settle(item);
    } else if (node.IsScalar() && node.Scalar().find(kAsked) != std::string::npos) {
      node = decided(node.Scalar());
    }
  }

 private:
  static constexpr std::string_view kAsked = "reading";
  static bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }
  static bool is_word(char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || std::string_view("_.:@/-").find(c) != std::string_view::npos; }

  // By hand, for a text of any length: std::regex takes a frame of the stack for each letter.
  std::string decided(std::string_view text) const {
    std::string out;
    for (std::size_t from = 0;;) {
      const auto found = text.find(kAsked, from);
      if (found == text.npos) return out.append(text.substr(from));
      auto end = found + kAsked.size();
      if (const auto answer = answer_at(text, end)) {
        out.append(text.substr(from, found - from)).append(*answer ? "always" : "never");
      } else {
        end = found + kAsked.size();
        out.append(text.substr(from, end - from));
      }
      from = end;
    }
  }
  // What "(x) is y", "(x) is not y" or "(x) is (y, z)" says at `at`, which then stands behind it. Nothing: it is of another reading, or no question.
  std::optional<bool> answer_at(std::string_view text, std::size_t& at) const {
    const auto blanks = [&] {
      const auto from = at;
      while (at < text.size() && is_blank(text[at])) ++at;
      return at > from;
    };
    const auto take = [&](std::string_view sign) { return text.substr(at).starts_with(sign) && (at += sign.size(), true); };
    blanks();
    if (!take("(")) return std::nullopt;
    blanks();
    if (!take(name_)) return std::nullopt;
    blanks();
    if (!take(")") || !blanks() || !take("is") || !blanks()) return std::nullopt;
    const bool is_denied = text.substr(at).starts_with("not") && at + 3 < text.size() && is_blank(text[at + 3]);
    if (is_denied) at += 3, blanks();
    const auto from = at;
    if (at < text.size() && text[at] == '(') {
      const auto close = text.find(')', at);
      if (close == text.npos) return std::nullopt;
      at = close + 1;
    } else {
      while (at < text.size() && is_word(text[at])) ++at;
    }
    if (at == from) return std::nullopt;
    return has(text.substr(from, at - from)) != is_denied;
  }
  bool has(std::string_view list) const {
    for (std::size_t at = 0; at < list.size();) {
      const auto from = at;
      while (at < list.size() && is_word(list[at])) ++at;
      if (list.substr(from, at - from) == choice_ && at > from) return true;
      at = std::max(at, from + 1);
    }
    return false;
  }
  std::string name_, choice_;
};

class Amender {
 public:
  Amender(Library& library, const OverlayText& text) : library_(library), file_(text.file) { out_.file = text.file; }

  std::optional<Overlay> apply(const std::string& yaml, Findings& findings) {
    const auto root = parse_yaml(yaml, file_);
    if (!root) return findings.push_back({Severity::Error, "yaml", root.error().where, root.error().message}), std::nullopt;
    const auto packs = library_.packs;
    try {
      read(*root);
    } catch (const YAML::Exception& error) {
      findings_.push_back({Severity::Error, "form", file_ + ":" + std::to_string(error.mark.line + 1), "A field here has another form than the page of amendments says: " + error.msg});
    }
    const bool valid = is_valid(findings_);
    findings.insert(findings.end(), findings_.begin(), findings_.end());
    if (!valid) return library_.packs = packs, std::nullopt;
    return std::move(out_);
  }

 private:
  using What = Overlay::What;

  void wrong(const YAML::Node& node, std::string message, std::string rule = "form") { findings_.push_back({Severity::Error, std::move(rule), place_of(file_, node), std::move(message)}); }
  template <std::size_t N>
  void only(const YAML::Node& map, const std::string_view (&fields)[N]) {
    only_fields(map, fields, [this](const YAML::Node& name, const YAML::Node&, std::string message, std::string rule) { wrong(name, std::move(message), std::move(rule)); });
  }
  std::string required(const YAML::Node& map, const char* key) {
    return required_word(map, key, [this](const YAML::Node& node, std::string message, std::string rule) { wrong(node, std::move(message), std::move(rule)); });
  }

  void read(const YAML::Node& root) {
    only(root, kOverlayFields);
    out_.id = required(root, "id");
    out_.edition = required(root, "edition");
    out_.title = required(root, "title");
    out_.source = required(root, "source");
    if (const auto day = word_of(root["proposed"]); !day.empty()) {
      if (const auto read = parse_day(day)) out_.proposed = read->time_since_epoch().count() * 86'400;
      else wrong(root["proposed"], "This is no day: 2019-12-18.", "date");
    }
    out_.says = required(root, "says");
    out_.notes = word_of(root["notes"]);
    const auto changes = root["changes"];
    if (!changes.IsDefined() || !changes.IsSequence() || changes.size() == 0) return wrong(root, "An amendment has `changes`, one a pack.", "missing");
    std::set<std::string> packs;
    for (const auto& one : changes)
      if (one.IsMap() && !packs.insert(word_of(one["pack"])).second) return wrong(one, "\"" + word_of(one["pack"]) + "\" is amended twice here: what changes of a pack stands together.", "twice");
    for (const auto& one : changes) change(one);
  }

  void change(const YAML::Node& node) {
    only(node, kChangeFields);
    const auto id = required(node, "pack");
    if (id.empty()) return;
    const auto found = library_.packs.find(id);
    if (found == library_.packs.end()) return wrong(node["pack"], "There is no pack \"" + id + "\".", "unknown-pack");
    pack_ = &found->second;
    const auto before = findings_.size(), changes = out_.changes.size();
    // What an earlier amendment left may be too long to be read again, or look like what packs may not have.
    const auto text = parse_yaml(pack_->text, pack_->file);
    if (!text) return wrong(node["pack"], "After the amendments before, this pack can't be amended again: " + text.error().message);
    auto root = YAML::Clone(*text);   // without places: whatever has one is of this file
    readings(root, node["readings"]);
    settle(root, node["settle"]);
    if (fields(root, node, "dates", kDateFields)) note(What::Dates, "");
    if (fields(root, node, "scope", kScopeFields)) note(What::Scope, "");
    drop(root, node["drop"]);
    rules(root, node["change"]);
    add(root, node["add"]);
    if (findings_.size() > before) return;
    if (out_.changes.size() == changes) return wrong(node, "This changes nothing.", "nothing");
    root["edition"] = pack_->edition + " + " + out_.id + " " + out_.edition;
    auto amended = read_pack(root, pack_->file, library_.words, {file_, node.Mark().line + 1});
    for (auto& one : amended.findings)
      if (one.severity == Severity::Error) findings_.push_back(std::move(one));
    if (!is_valid(findings_)) return;
    amended.pack.text = YAML::Dump(root);
    found->second = std::move(amended.pack);
    library_.learn(found->second);
  }

  void note(What what, std::string name, std::string detail = {}) { out_.changes.push_back({what, pack_->id, std::move(name), std::move(detail)}); }

  void readings(YAML::Node root, const YAML::Node& node) {
    if (!node.IsDefined()) return;
    if (!node.IsMap()) return wrong(node, "`readings` names each reading with what it says and its choices.");
    for (const auto& entry : node) root["readings"][entry.first.Scalar()] = entry.second, note(What::Reading, entry.first.Scalar());
  }

  void settle(YAML::Node root, const YAML::Node& node) {
    if (!node.IsDefined()) return;
    if (!node.IsMap()) return wrong(node, "`settle` names each reading with the choice that holds.");
    for (const auto& entry : node) {
      const auto name = entry.first.Scalar(), choice = word_of(entry.second);
      const auto* reading = pack_->reading(name);
      if (reading == nullptr) {
        wrong(entry.first, "The pack \"" + pack_->id + "\" has no reading \"" + name + "\".", "unknown-reading");
        continue;
      }
      if (std::none_of(reading->choices.begin(), reading->choices.end(), [&](const auto& one) { return one.first == choice; })) {
        wrong(entry.second, "The reading \"" + name + "\" has no choice \"" + choice + "\".", "unknown-reading");
        continue;
      }
      for (auto rule : root["rules"]) {
        auto in_reading = rule["in_reading"];
        if (!in_reading.IsDefined() || !in_reading.IsMap() || !in_reading[name].IsDefined()) continue;
        const auto fields = YAML::Clone(in_reading[name][choice]);
        in_reading.remove(name);
        if (in_reading.size() == 0) rule.remove("in_reading");
        if (fields.IsMap())
          for (const auto& field : fields) set(rule, field.first.Scalar(), field.second);
      }
      root["readings"].remove(name);
      if (root["readings"].size() == 0) root.remove("readings");
      Settler(name, choice).settle(root);
      note(What::Settled, name, choice);
    }
  }

  // Of the pack itself, field by field.
  template <std::size_t N>
  bool fields(YAML::Node root, const YAML::Node& change, const char* name, const std::string_view (&known)[N]) {
    const auto node = change[name];
    if (!node.IsDefined()) return false;
    only(node, known);
    if (!node.IsMap()) return false;
    for (const auto& entry : node) set(root[name], entry.first.Scalar(), entry.second);
    return node.size() > 0;
  }

  void drop(YAML::Node root, const YAML::Node& node) {
    if (!node.IsDefined()) return;
    std::set<std::string> gone;
    if (!node.IsSequence()) return wrong(node, "`drop` is a list of rules.");
    for (const auto& item : node) {
      const auto id = word_of(item);
      if (pack_->rule(pack_->id + "/" + id) == nullptr) wrong(item, "The pack \"" + pack_->id + "\" has no rule \"" + id + "\".", "unknown-rule");
      else if (!gone.insert(id).second) wrong(item, "The rule \"" + id + "\" is dropped twice.", "twice");
      else note(What::Dropped, pack_->id + "/" + id);
    }
    YAML::Node left(YAML::NodeType::Sequence);
    for (auto rule : root["rules"]) {
      if (gone.contains(word_of(rule["id"]))) continue;
      without_names(rule, gone, node);
      left.push_back(rule);
    }
    root["rules"] = left;
  }
  // An exception that is gone excepts nothing, and a sanction punishes no breach of what is gone.
  void without_names(YAML::Node fields, const std::set<std::string>& gone, const YAML::Node& drop) {
    for (const auto* name : {"excepted_by", "hits"}) {
      if (!fields[name].IsDefined()) continue;
      YAML::Node left(YAML::NodeType::Sequence);
      for (const auto& id : words_of(fields[name]))
        if (!gone.contains(id.substr(id.find('/') + 1))) left.push_back(id);
      // A sanction without a name would follow any breach.
      if (left.size() == 0 && name == std::string_view("hits")) wrong(drop, "\"" + word_of(fields["id"]) + "\" would be left without a rule whose breach it follows; drop it too.", "nothing");
      if (left.size() == 0) fields.remove(name);
      else fields[name] = left;
    }
    if (fields["in_reading"].IsDefined() && fields["in_reading"].IsMap())
      for (auto reading : fields["in_reading"])
        for (auto choice : reading.second)
          if (choice.second.IsMap()) without_names(choice.second, gone, drop);
  }

  static void set(YAML::Node rule, const std::string& field, const YAML::Node& value) {
    if (value.IsNull()) rule.remove(field);
    else rule[field] = value;
  }

  void rules(YAML::Node root, const YAML::Node& node) {
    if (!node.IsDefined()) return;
    if (!node.IsSequence()) return wrong(node, "`change` is a list of rules with the fields that are otherwise.");
    for (const auto& one : node) {
      if (!one.IsMap()) {
        wrong(one, "Here should be fields with values.");
        continue;
      }
      const auto id = required(one, "rule");
      bool found = false;
      std::string fields;
      for (auto rule : root["rules"]) {
        if (id.empty() || word_of(rule["id"]) != id) continue;
        found = true;
        for (const auto& field : one) {
          const auto& key = field.first.Scalar();
          if (key == "rule") continue;
          if (key == "id") wrong(field.first, "A rule keeps its id; drop it and add another.");
          set(rule, key, field.second);
          fields += (fields.empty() ? "" : ", ") + key;
        }
      }
      if (!found && !id.empty()) wrong(one["rule"], "The pack \"" + pack_->id + "\" has no rule \"" + id + "\".", "unknown-rule");
      else if (fields.empty() && !id.empty()) wrong(one, "This changes nothing of the rule.", "nothing");
      else if (!id.empty()) note(What::Changed, pack_->id + "/" + id, fields);
    }
  }

  void add(YAML::Node root, const YAML::Node& node) {
    if (!node.IsDefined()) return;
    if (!node.IsSequence()) return wrong(node, "`add` is a list of rules.");
    for (const auto& one : node) {
      root["rules"].push_back(one);
      if (one.IsMap()) note(What::Added, pack_->id + "/" + word_of(one["id"]));
    }
  }

  Library& library_;
  std::string file_;
  Overlay out_;
  Findings findings_;
  const Pack* pack_ = nullptr;
};

}  // namespace

std::string_view to_text(Overlay::What what) {
  static constexpr std::string_view kWords[] = {"dates", "scope", "reading", "settled", "dropped", "changed", "added"};
  return kWords[std::size_t(what)];
}

Amended amended(const Library& library, const std::vector<OverlayText>& overlays) {
  Amended out{library, {}, {}};
  for (const auto& text : overlays) {
    auto applied = Amender(out.library, text).apply(text.yaml, out.findings);
    if (!applied) return out;
    out.overlays.push_back(*std::move(applied));
  }
  return out;
}

std::vector<BuiltInOverlay> overlays_against(const Library& library) {
  std::vector<BuiltInOverlay> out;
  for (const auto& [file, yaml] : built_in_overlays()) {
    auto applied = amended(library, {{std::string(file), std::string(yaml)}});
    BuiltInOverlay one{std::string(file.substr(0, file.rfind('.'))), {}, {}};
    if (!applied.overlays.empty()) one.overlay = std::move(applied.overlays.front());
    for (auto& finding : applied.findings)
      if (!one.overlay && finding.severity == Severity::Error && one.unfit.message.empty()) one.unfit = std::move(finding);
    out.push_back(std::move(one));
  }
  return out;
}

std::optional<OverlayText> built_in_overlay(std::string_view id) {
  for (const auto& [file, yaml] : built_in_overlays())
    if (file == std::string(id) + ".yaml") return OverlayText{std::string(file), std::string(yaml)};
  return std::nullopt;
}

json::object to_json(const Overlay& overlay) {
  json::array changes;
  for (const auto& change : overlay.changes) changes.push_back(json::object{{"what", to_text(change.what)}, {"pack", change.pack}, {"name", change.name}, {"detail", change.detail}});
  json::object out{{"id", overlay.id}, {"edition", overlay.edition}, {"title", overlay.title}, {"source", overlay.source}, {"says", overlay.says}, {"changes", std::move(changes)}};
  if (overlay.proposed) out["proposed"] = to_text(*overlay.proposed).substr(0, 10);
  return out;
}

json::array to_json(const std::vector<BuiltInOverlay>& all) {
  json::array out;
  for (const auto& one : all) out.push_back(one.overlay ? to_json(*one.overlay) : json::object{{"id", one.id}, {"refused", one.unfit.message}, {"where", one.unfit.where}});
  return out;
}

Result<Library> without_rule(const Library& library, std::string_view id) {
  const auto pack = library.packs.find(std::string(id.substr(0, id.find('/'))));
  if (pack == library.packs.end() || pack->second.rule(id) == nullptr) return fail(ErrorKind::NotFound, "There is no rule \"" + std::string(id) + "\".");
  auto out = library;
  auto& changed = out.packs.at(pack->first);
  std::erase_if(changed.rules, [&](const Rule& rule) { return rule.id == id; });
  for (auto& rule : changed.rules) {
    std::erase(rule.plain.excepted_by, id);
    std::erase(rule.hits, id);
    for (auto& [reading, choice, body] : rule.in_reading) std::erase(body.excepted_by, id);
  }
  changed.edition += " without " + std::string(id);
  return out;
}

}  // namespace sluice::regimes
