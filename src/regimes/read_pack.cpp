// A pack's YAML, read field by field, in the order of docs/formats/regime-pack.md. One idea: each form of the page has its function here, and what none of them takes is a finding.
#include <algorithm>

#include "regimes/pack.h"
#include "regimes/read_node.h"

namespace sluice::regimes {

namespace {

constexpr std::string_view kPackFields[] = {"id", "edition", "title", "jurisdiction", "force", "time_zone", "dates", "status", "successor", "owner", "sources",
                                            "holidays", "events", "scope", "readings", "editions", "beside", "rules", "notes"};
constexpr std::size_t kMostInReading = 64;
constexpr std::string_view kRuleFields[] = {"id", "cite", "on", "says", "notes", "mark", "verified", "modality", "dates", "binds", "when", "act", "until", "during", "permits_if",
                                            "limits", "first", "wait", "due", "numbers", "ladder", "stage", "stage_if", "stage_also", "met_by", "published", "excepted_by", "in_reading", "norm", "against", "received_by", "hits"};
constexpr std::string_view kActFields[] = {"type", "to", "content", "if", "place", "wait", "met_by"};
constexpr std::string_view kBesideFields[] = {"title", "says", "from", "mark", "verified"};
constexpr std::string_view kDueFields[] = {"within", "after", "promptly", "at", "with", "later_of", "earlier_of", "standing", "if"};

struct ModalityWord { std::string_view word; Modality modality; };
constexpr ModalityWord kModalities[] = {{"must", Modality::Must}, {"must-not", Modality::MustNot}, {"precondition", Modality::Precondition}, {"should", Modality::Should},
                                        {"should-not", Modality::ShouldNot}, {"standard", Modality::Standard}, {"may", Modality::May}, {"definition", Modality::Definition},
                                        {"sanction", Modality::Sanction}};
struct ForceWord { std::string_view word; Force force; };
constexpr ForceWord kForces[] = {{"law", Force::Law}, {"draft", Force::Draft}, {"policy", Force::Policy}, {"advice", Force::Advice}};

class PackReader {
 public:
  PackReader(std::string_view file, const Vocabulary& vocabulary, const Amendment& amendment = {}) : file_(file), words_(vocabulary), amendment_(amendment) {}

  PackRead read(std::string_view yaml) {
    const auto root = parse_yaml(yaml, file_);
    if (!root) return out_.findings.push_back({Severity::Error, "yaml", root.error().where, root.error().message}), std::move(out_);
    read_root(*root);
    out_.pack.text = yaml;
    return std::move(out_);
  }
  PackRead read(const YAML::Node& root) { return read_root(root), std::move(out_); }

 private:
  void read_root(const YAML::Node& root) {
    out_.pack.file = file_;
    try {
      pack(root);
    } catch (const YAML::Exception& error) {
      const auto& name = amendment_.file.empty() ? file_ : amendment_.file;
      const int line = amendment_.file.empty() || error.mark.line > 0 ? error.mark.line + 1 : amendment_.line;
      out_.findings.push_back({Severity::Error, "form", std::string(name) + ":" + std::to_string(line), "A field here has another form than the page of packs says: " + error.msg});
    }
  }
  // Of an amended pack only the amendment's nodes have a place; what is wrong elsewhere is its change's doing.
  std::string place(const YAML::Node& node) const {
    if (amendment_.file.empty()) return place_of(file_, node);
    return node.Mark().line > 0 ? place_of(amendment_.file, node) : std::string(amendment_.file) + ":" + std::to_string(amendment_.line);
  }
  void wrong(const YAML::Node& node, std::string message, std::string rule = "form", Severity severity = Severity::Error) {
    // Under a choice of a reading the fields are copies, without a place; the choice has one. What was wrong before is not told again.
    Finding finding{severity, std::move(rule), place(choice_ ? *choice_ : node), std::move(message)};
    if (choice_ && std::any_of(out_.findings.begin(), out_.findings.end(), [&](const Finding& one) { return one.message == finding.message; })) return;
    out_.findings.push_back(std::move(finding));
  }
  template <std::size_t N>
  void only(const YAML::Node& map, const std::string_view (&fields)[N]) {
    // A field's name that an amendment brought into a rule has no place; its value has.
    only_fields(map, fields, [this](const YAML::Node& name, const YAML::Node& value, std::string message, std::string rule) {
      wrong(amendment_.file.empty() || name.Mark().line > 0 ? name : value, std::move(message), std::move(rule));
    });
  }
  std::string required(const YAML::Node& map, const char* key) {
    return required_word(map, key, [this](const YAML::Node& node, std::string message, std::string rule) { wrong(node, std::move(message), std::move(rule)); });
  }
  Condition condition(const YAML::Node& node) {
    if (!node.IsDefined() || node.IsNull()) return {};
    auto read = parse_condition(word_of(node));
    if (!read) return wrong(node, read.error().message + " (" + read.error().where + " of \"" + word_of(node) + "\")", "condition"), Condition();
    for (const auto& test : read->tests()) asks(node, test);
    return *std::move(read);
  }
  void asks(const YAML::Node& node, const Test& test) {
    if (test.kind == Test::Kind::Past) event(node, test.name);
    if (test.kind == Test::Kind::Compare)
      for (const auto* time : {&test.left, &test.right})
        if (!time->day && time->event != "action" && time->event != "as_of") event(node, time->event);
    if (test.kind == Test::Kind::Reading) asked_.push_back({test.name, test.values, node});
    const bool of_fact = test.kind == Test::Kind::Is || test.kind == Test::Kind::In || test.kind == Test::Kind::Has || test.kind == Test::Kind::Below || test.kind == Test::Kind::AtLeast;
    if (!of_fact) return;
    if (auto& words = out_.pack.asks[test.name]; test.values.empty()) words.insert("");
    else words.insert(test.values.begin(), test.values.end());
    const auto subject = test.name.substr(0, test.name.find('.'));
    static constexpr std::string_view kSubjects[] = {"party", "product", "vulnerability", "incident", "action", "plan", "embargo"};
    if (test.name.find('.') == test.name.npos || (std::find(std::begin(kSubjects), std::end(kSubjects), subject) == std::end(kSubjects) && !words_.roles.contains(subject)))
      wrong(node, "\"" + test.name + "\" is no fact: facts are of party, product, vulnerability, incident, action, plan, embargo, or of a role.", "unknown-fact");
  }
  void event(const YAML::Node& node, const std::string& name) {
    if (!words_.events.contains(name)) wrong(node, "\"" + name + "\" is no event of the vocabulary.", "unknown-event");
  }
  std::vector<std::string> events(const YAML::Node& node) {
    auto out = words_of(node);
    for (const auto& name : out) event(node, name);
    return out;
  }
  std::optional<Second> day(const YAML::Node& node) {
    const auto text = word_of(node);
    if (text.empty()) return std::nullopt;
    const auto read = parse_day(text);
    if (!read) return wrong(node, read.error().message, "day"), std::nullopt;
    return out_.pack.calendar.zone.start_of(*read);
  }
  std::optional<Term> term(const YAML::Node& node) {
    const auto read = parse_term(word_of(node));
    if (!read) return wrong(node, read.error().message, "term"), std::nullopt;
    return *read;
  }

  Circles circles(const YAML::Node& node) {
    const auto text = word_of(node);
    if (text.empty()) return {};
    auto read = parse_circles(text);
    if (!read) return wrong(node, read.error().message, "recipient"), Circles();
    static constexpr std::string_view kClasses[] = {"any", "authority", "foreign", "need-to-know", "not-essential"};
    for (const auto& circle : *read)
      for (const auto& one : circle) {
        if (!words_.recipients.contains(one.kind) && std::find(std::begin(kClasses), std::end(kClasses), one.kind) == std::end(kClasses))
          wrong(node, "\"" + one.kind + "\" is no kind of recipient of the vocabulary.", "unknown-recipient");
        if (!one.level.empty() && words_.level(one.level) < 0) wrong(node, "\"" + one.level + "\" is no level.", "unknown-level");
      }
    return *std::move(read);
  }
  Act act(const YAML::Node& node) {
    Act out;
    only(node, kActFields);
    for (const auto& type : words_of(node["type"])) {
      if (type == "any") continue;
      if (!words_.actions.contains(type)) wrong(node["type"], "\"" + type + "\" is no type of action of the vocabulary.", "unknown-action");
      out.types.insert(type);
    }
    if (!node["type"].IsDefined()) wrong(node, "An act has a type (`type: any` for all).", "missing");
    out.to = circles(node["to"]);
    auto content = node["content"];
    if (content.IsDefined() && content.IsMap()) {
      out.how = content["all"].IsDefined() ? Act::Content::All : content["only"].IsDefined() ? Act::Content::Only : Act::Content::Any;
      content.reset(content["all"].IsDefined() ? content["all"] : content["only"].IsDefined() ? content["only"] : content["any"]);
    }
    for (const auto& one : words_of(content)) {
      if (!words_.contents.contains(one)) wrong(content, "\"" + one + "\" is no content class of the vocabulary.", "unknown-content");
      out.content.insert(one);
    }
    out.condition = condition(node["if"]);
    out.place = word_of(node["place"]);
    if (static constexpr std::string_view kPlaces[] = {"", "incident", "region", "sector", "established"}; std::find(std::begin(kPlaces), std::end(kPlaces), out.place) == std::end(kPlaces))
      wrong(node["place"], "A place is incident, region, sector or established.", "unknown-place");
    return out;
  }
  Due due(const YAML::Node& node) {
    Due out;
    if (!node.IsDefined() || node.IsNull()) return out;
    if (node.IsSequence()) {
      out.form = Due::Form::Choice;
      for (const auto& one : node) out.of.push_back(due(one));
      return out;
    }
    only(node, kDueFields);
    out.condition = condition(node["if"]);
    out.after = word_of(node["after"]);
    if (node["within"].IsDefined()) {
      out.form = Due::Form::Within;
      if (const auto read = term(node["within"])) out.term = *read;
    } else if (node["promptly"].IsDefined()) {
      out.form = Due::Form::Promptly;
    } else if (node["at"].IsDefined()) {
      out.form = Due::Form::At, out.after = word_of(node["at"]);
    } else if (node["with"].IsDefined()) {
      out.form = Due::Form::WithPublication;
    } else if (node["later_of"].IsDefined() || node["earlier_of"].IsDefined()) {
      const bool later = node["later_of"].IsDefined();
      out.form = later ? Due::Form::Later : Due::Form::Earlier;
      for (const auto& one : node[later ? "later_of" : "earlier_of"]) out.of.push_back(due(one));
    } else if (!node["standing"].IsDefined()) {
      wrong(node, "A due says within and after, promptly, at, with, later_of, earlier_of or standing.", "due");
    }
    if (!out.after.empty()) event(node, out.after);
    else if (out.form == Due::Form::Within) wrong(node, "From which event does this run? `after` is missing.", "missing");
    return out;
  }

  RuleBody body(const YAML::Node& node) {
    RuleBody out;
    const auto modality = word_of(node["modality"]);
    const auto* found = std::find_if(std::begin(kModalities), std::end(kModalities), [&](const auto& row) { return row.word == modality; });
    if (found == std::end(kModalities)) wrong(node, "\"" + modality + "\" is no modality.", "modality");
    else out.modality = found->modality;
    const auto dates = node["dates"];
    if (dates.IsDefined() && dates.IsMap()) out.from = day(dates["from"]), out.until_date = day(dates["until"]);
    out.binds = condition(node["binds"]);
    out.when = condition(node["when"]);
    if (node["act"].IsDefined()) out.act = act(node["act"]);
    if (const auto until = node["until"]; until.IsDefined() && until.IsMap()) {
      out.until = word_of(until["event"]), out.until_if_given = word_of(until["if_given"]) == "true";
    } else {
      out.until = word_of(until);
    }
    if (!out.until.empty()) event(node["until"], out.until);
    if (const auto during = words_of(node["during"]); during.size() == 2) {
      out.during_from = during[0], out.during_to = during[1];
      event(node["during"], during[0]), event(node["during"], during[1]);
    } else if (!during.empty()) {
      wrong(node["during"], "`during` is two events.");
    }
    if (const auto permits = node["permits_if"]; permits.IsDefined()) {
      out.permits_if = condition(permits["if"]);
      out.permits_by_consent = word_of(permits["as"]) == "consent";
      if (out.permits_if.is_empty()) wrong(permits, "`permits_if` has a condition: {if: …, as: consent}.", "missing");
    }
    out.limits = word_of(node["limits"]) == "true";
    if (const auto first = node["first"]; first.IsDefined()) {
      FirstStep step{act(first), {}, events(first["met_by"])};
      if (first["wait"].IsDefined()) step.wait = term(first["wait"]);
      out.first = std::move(step);
    }
    if (node["wait"].IsDefined()) out.wait = due(node["wait"]);
    if (out.wait && out.wait->form != Due::Form::Within) wrong(node["wait"], "`wait` is {within: …, after: …}.");
    out.due = due(node["due"]);
    for (const auto& text : words_of(node["numbers"])) {
      const auto read = parse_term(text);
      if (!read) wrong(node["numbers"], read.error().message, "term");
      else out.numbers.push_back(*read);
    }
    out.ladder = word_of(node["ladder"]);
    out.stage = word_of(node["stage"]);
    for (const auto& one : child(node, "stage_if")) out.stage_if.emplace_back(condition(one["if"]), word_of(one["stage"]));
    out.stage_also = words_of(node["stage_also"]);
    out.met_by = events(node["met_by"]);
    out.published = words_of(node["published"]);
    for (const auto& id : words_of(node["excepted_by"])) out.excepted_by.push_back(id.find('/') == id.npos ? out_.pack.id + "/" + id : id);
    out.norm = words_of(node["norm"]);
    for (const auto& one : child(node, "against")) {
      if (one.IsScalar()) out.against.push_back({word_of(one), {}, {}});
      else out.against.push_back({word_of(one["topic"]), condition(one["if"]), word_of(one["why"])});
    }
    if (out.modality == Modality::Precondition && (!out.act || !out.first)) wrong(node, "A precondition has `act`, the later act, and `first`, what is done before.", "missing");
    if (out.modality == Modality::MustNot && !out.act) wrong(node, "A ban says in `act` what it bans.", "missing", Severity::Warning);
    return out;
  }

  // Events that the answer of a rule could depend on.
  static void events_of(const Condition& condition, std::set<std::string>& to) {
    for (const auto& test : condition.tests()) {
      if (test.kind == Test::Kind::Past || test.kind == Test::Kind::Given) to.insert(test.name);
      if (test.kind == Test::Kind::Compare) to.insert(test.left.event), to.insert(test.right.event);
    }
  }
  static void events_of(const Due& due, std::set<std::string>& to) {
    to.insert(due.after);
    events_of(due.condition, to);
    for (const auto& one : due.of) events_of(one, to);
  }
  static void events_of(const RuleBody& body, std::set<std::string>& to) {
    for (const auto* condition : {&body.binds, &body.when, &body.permits_if}) events_of(*condition, to);
    if (body.act) events_of(body.act->condition, to);
    if (body.first) events_of(body.first->act.condition, to), to.insert(body.first->met_by.begin(), body.first->met_by.end());
    if (body.wait) events_of(*body.wait, to);
    events_of(body.due, to);
    to.insert(body.until), to.insert(body.during_from), to.insert(body.during_to);
    to.insert(body.met_by.begin(), body.met_by.end());
  }

  void rule(const YAML::Node& node) {
    Rule out;
    only(node, kRuleFields);
    out.line = node.Mark().line + 1;
    const auto id = required(node, "id");
    out.id = out_.pack.id + "/" + id;
    out.cite = required(node, "cite");
    out.says = required(node, "says");
    out.on = word_of(node["on"]);
    out.notes = word_of(node["notes"]);
    out.mark = words_of(node["mark"]);
    out.verified = word_of(node["verified"]) != "false";
    out.received_by = words_of(node["received_by"]);
    for (const auto& kind : out.received_by)
      if (!words_.recipients.contains(kind)) wrong(node["received_by"], "\"" + kind + "\" is no kind of recipient of the vocabulary.", "unknown-recipient");
    if (out.mark.empty()) wrong(node, "How far is this verified? `mark` is missing.", "missing", Severity::Warning);
    for (const auto& other : words_of(node["hits"])) out.hits.push_back(other.find('/') == other.npos ? out_.pack.id + "/" + other : other);
    out.plain = body(node);
    if (!out.hits.empty() && out.plain.modality != Modality::Sanction) wrong(node["hits"], "Only a sanction hits rules.");
    const auto in_reading = node["in_reading"];
    if (in_reading.IsDefined() && in_reading.IsMap()) {
      std::size_t left = kMostInReading;       // each is a copy of the rule
      for (const auto& reading : in_reading)
        for (const auto& choice : reading.second) {
          if (left-- == 0) {
            wrong(in_reading, "A rule has no more than " + std::to_string(kMostInReading) + " choices of readings in which it is otherwise.", "too-many");
            return;
          }
          auto merged = YAML::Clone(node);
          for (const auto& field : choice.second) merged[field.first.Scalar()] = field.second;
          only(choice.second, kRuleFields);
          asked_.push_back({reading.first.Scalar(), {choice.first.Scalar()}, choice.first});
          choice_ = choice.first;
          out.in_reading.emplace_back(reading.first.Scalar(), choice.first.Scalar(), body(merged));
          choice_.reset();
          out.readings.insert(reading.first.Scalar());
        }
    }
    std::set<std::string> named;
    events_of(out.plain, named);
    for (const auto& [reading, choice, other] : out.in_reading) events_of(other, named);
    out.events.assign(named.begin(), named.end());
    for (const auto& other : out_.pack.rules)
      if (other.id == out.id) wrong(node, "There is another rule \"" + id + "\".", "twice");
    out_.pack.rules.push_back(std::move(out));
  }

  void pack(const YAML::Node& root) {
    auto& pack = out_.pack;
    only(root, kPackFields);
    pack.id = required(root, "id");
    pack.edition = required(root, "edition");
    pack.title = required(root, "title");
    pack.jurisdiction = word_of(root["jurisdiction"]);
    pack.status = required(root, "status");
    pack.successor = word_of(root["successor"]);
    pack.owner = word_of(root["owner"]);
    pack.sources = words_of(root["sources"]);
    const auto force = required(root, "force");
    const auto* found = std::find_if(std::begin(kForces), std::end(kForces), [&](const auto& row) { return row.word == force; });
    if (found == std::end(kForces)) wrong(root["force"], "A force is law, draft, policy or advice.", "force");
    else pack.force = found->force;
    if (pack.force == Force::Policy && pack.owner.empty()) wrong(root, "A policy names its owner's flag.", "missing");
    if (const auto zone = word_of(root["time_zone"]); !zone.empty()) {
      const auto read = zone_named(zone);
      if (!read) wrong(root["time_zone"], read.error().message, "zone");
      else pack.calendar.zone = *read;
    }
    for (const auto& text : words_of(root["holidays"])) {
      const auto read = parse_day(text);
      if (!read) wrong(root["holidays"], read.error().message, "day");
      else pack.calendar.holidays.insert(*read);
    }
    if (const auto dates = root["dates"]; dates.IsDefined() && dates.IsMap()) pack.published = day(dates["published"]), pack.from = day(dates["from"]), pack.until = day(dates["until"]);
    for (const auto& entry : child(root, "events")) {
      event(entry.first, entry.first.Scalar());
      if (const auto at = day(entry.second)) pack.events[entry.first.Scalar()] = *at;
    }
    if (const auto scope = root["scope"]; scope.IsDefined() && scope.IsMap()) pack.scope_says = word_of(scope["says"]), pack.scope = condition(scope["binds"]);
    for (const auto& entry : child(root, "readings")) {
      Reading reading{entry.first.Scalar(), word_of(entry.second["says"]), {}};
      for (const auto& choice : child(entry.second, "choices")) reading.choices.emplace_back(choice.first.Scalar(), word_of(choice.second));
      if (reading.choices.size() < 2) wrong(entry.first, "A reading has two choices at least; else the text isn't vague.", "reading");
      pack.readings.push_back(std::move(reading));
    }
    for (const auto& entry : child(root, "editions")) {
      Edition edition{word_of(entry["edition"]), day(entry["from"]), day(entry["until"]), {}, true};
      if (const auto clauses = entry["clauses"]; clauses.IsDefined() && clauses.IsMap())
        for (const auto& clause : clauses) edition.clauses[clause.first.Scalar()] = word_of(clause.second);
      else edition.obtained = word_of(clauses) != "not obtained";
      pack.editions.push_back(std::move(edition));
    }
    for (const auto& entry : child(root, "beside")) {
      only(entry, kBesideFields);
      pack.beside.push_back({required(entry, "title"), word_of(entry["says"]), day(entry["from"]), word_of(entry["verified"]) != "false"});
    }
    const auto rules = root["rules"];
    if (!rules.IsDefined() || !rules.IsSequence()) return wrong(root, "A pack has rules.", "missing");
    for (const auto& node : rules) rule(node);
    agree(root);
  }

  // What one part of the pack says of another.
  void agree(const YAML::Node& root) {
    for (const auto& asked : asked_) {
      const auto* reading = out_.pack.reading(asked.name);
      if (reading == nullptr) {
        wrong(asked.node, "This pack has no reading \"" + asked.name + "\".", "unknown-reading");
        continue;
      }
      for (const auto& value : asked.choices)
        if (std::none_of(reading->choices.begin(), reading->choices.end(), [&](const auto& choice) { return choice.first == value; }))
          wrong(asked.node, "The reading \"" + asked.name + "\" has no choice \"" + value + "\".", "unknown-reading");
    }
    for (const auto& rule : out_.pack.rules)
      for (const auto& id : rule.plain.excepted_by)
        if (out_.pack.rule(id) == nullptr) out_.findings.push_back({Severity::Error, "unknown-rule", amendment_.file.empty() ? std::string(file_) + ":" + std::to_string(rule.line) : std::string(amendment_.file) + ":" + std::to_string(amendment_.line), "`excepted_by` names \"" + id + "\", and no rule of this pack is called so."});
    for (const auto& rule : out_.pack.rules)
      for (const auto& id : rule.hits)
        if (out_.pack.rule(id) == nullptr) out_.findings.push_back({Severity::Error, "unknown-rule", amendment_.file.empty() ? std::string(file_) + ":" + std::to_string(rule.line) : std::string(amendment_.file) + ":" + std::to_string(amendment_.line), "`hits` names \"" + id + "\", and no rule of this pack is called so."});
    (void)root;
  }

  struct Asked { std::string name; Words choices; YAML::Node node; };
  std::string_view file_;
  const Vocabulary& words_;
  Amendment amendment_;
  PackRead out_;
  std::vector<Asked> asked_;
  std::optional<YAML::Node> choice_;
};

}  // namespace

const Reading* Pack::reading(std::string_view name) const {
  const auto found = std::find_if(readings.begin(), readings.end(), [&](const Reading& one) { return one.name == name; });
  return found == readings.end() ? nullptr : &*found;
}

const Rule* Pack::rule(std::string_view full_id) const {
  const auto found = std::find_if(rules.begin(), rules.end(), [&](const Rule& one) { return one.id == full_id; });
  return found == rules.end() ? nullptr : &*found;
}

std::string_view to_text(Force force) { return kForces[std::size_t(force)].word; }
std::string_view to_text(Modality modality) { return kModalities[std::size_t(modality)].word; }

PackRead read_pack(const YAML::Node& root, std::string_view file, const Vocabulary& vocabulary, const Amendment& amendment) { return PackReader(file, vocabulary, amendment).read(root); }

PackRead read_pack(std::string_view yaml, std::string_view file, const Vocabulary& vocabulary) { return PackReader(file, vocabulary).read(yaml); }

}  // namespace sluice::regimes
