// `sluice regimes find` and `sluice regimes authorities`: questions about the packs themselves, without a case.
#include <algorithm>

#include "cli/console.h"
#include "cli/regimes_files.h"
#include "regimes/find.h"
#include "regimes/footing.h"
#include "regimes/wrong_body.h"

namespace sluice::cli {

namespace {

// Words as wide as the widest of their column; the last column as it is.
void print_rows(const std::vector<std::vector<std::string>>& rows, const std::vector<std::string>& below) {
  std::vector<std::size_t> width;
  const auto shown = [](const std::string& text) { return std::size_t(std::count_if(text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; })); };
  for (const auto& row : rows) {
    width.resize(std::max(width.size(), row.size()));
    for (std::size_t i = 0; i < row.size(); ++i) width[i] = std::max(width[i], shown(row[i]));
  }
  for (std::size_t r = 0; r < rows.size(); ++r) {
    std::string line;
    for (std::size_t i = 0; i < rows[r].size(); ++i) line += rows[r][i] + (i + 1 < rows[r].size() ? std::string(width[i] - shown(rows[r][i]) + 2, ' ') : "");
    print(line);
    if (!below[r].empty()) print("    " + below[r]);
  }
}

std::string joined_words(const std::vector<std::string>& words) {
  std::string out;
  for (const auto& one : words) out += (out.empty() ? "" : ", ") + one;
  return out;
}

template <class T>
Result<void> add_words(const Arguments& a, std::string_view option, std::optional<T> (*named)(std::string_view), std::set<T>& out) {
  for (const auto& word : a.all(option)) {
    const auto one = named(word);
    if (!one) return usage("\"" + word + "\" is no word for " + std::string(option) + ".");
    out.insert(*one);
  }
  return {};
}

bool is_trigger(const regimes::Library& library, const std::string& word) {
  static constexpr std::string_view kWhole[] = {"product", "vulnerability", "incident", "embargo"};   // whether there is one
  if (std::find(std::begin(kWhole), std::end(kWhole), word) != std::end(kWhole)) return true;
  const auto begins = [&](const std::string& name) { return name == word || (name.starts_with(word) && (name[word.size()] == '.' || name[word.size()] == '_')); };
  for (const auto& [event, whose] : library.words.events)
    if (begins(event)) return true;
  for (const auto& [id, pack] : library.packs)
    for (const auto& [fact, looked_for] : pack.asks)
      if (begins(fact)) return true;
  return false;
}

Result<int> find_rules(const Arguments& a) {
  TRY(const auto library, regimes_packs(a));
  regimes::Query query;
  for (const auto& one : a.all("--action")) query.actions.insert(one);
  query.trigger = a.get("--trigger");
  TRY(add_words(a, "--timing", regimes::timing_named, query.timings));
  TRY(add_words(a, "--modality", regimes::modality_named, query.modalities));
  TRY(add_words(a, "--force", regimes::force_named, query.forces));
  if (const auto text = a.maybe("--recipient")) {
    const auto read = regimes::parse_recipients(text->starts_with(":") || text->starts_with("@") ? "any" + *text : *text);
    if (!read || read->size() != 1) return usage("A recipient is kind, kind:PLACE, kind:PLACE@level, or :PLACE alone.");
    query.recipient = read->front();
    if (query.recipient->kind == "any") query.recipient->kind.clear();
  }
  if (const auto word = a.maybe("--precondition")) {
    query.before = regimes::before_named(*word);
    if (!query.before) return usage("--precondition is any, none, report, ask or wait.");
  }
  query.jurisdiction = a.get("--jurisdiction"), query.mark = a.get("--mark"), query.text = a.get("--text"), query.unverified = a.has("--unverified");
  if (const auto day = a.maybe("--in-force")) {
    const auto read = regimes::parse_day(*day);
    if (!read) return usage("--in-force: " + read.error().message);
    query.in_force_on = *read;
  }
  // A word that no pack has would find nothing, and look like an answer.
  const auto in_some = [&](auto has) { return std::any_of(library.packs.begin(), library.packs.end(), [&](const auto& one) { return has(one.second); }); };
  const auto marked_so = [&](const regimes::Rule& rule) { return std::find(rule.mark.begin(), rule.mark.end(), query.mark) != rule.mark.end(); };
  if (!query.jurisdiction.empty() && !library.words.knows_place(query.jurisdiction) && !in_some([&](const regimes::Pack& pack) { return pack.jurisdiction == query.jurisdiction; })) return usage("--jurisdiction: no place is called \"" + query.jurisdiction + "\".");
  if (!query.mark.empty() && !in_some([&](const regimes::Pack& pack) { return std::any_of(pack.rules.begin(), pack.rules.end(), marked_so); })) return usage("--mark: no rule is marked \"" + query.mark + "\".");
  if (!query.trigger.empty() && !is_trigger(library, query.trigger)) return usage("--trigger: no event or fact is called \"" + query.trigger + "\", or begins so.");
  TRY(const auto found, regimes::find(library, query));
  if (a.json()) {
    json::array out;
    for (const auto& one : found) out.push_back(regimes::to_json(one));
    print_json(regimes::with_footing({{"found", std::move(out)}}, library, {}, {}));
    return 0;
  }
  std::vector<std::vector<std::string>> rows;
  std::vector<std::string> below;
  for (const auto& one : found) {
    const auto to = regimes::recipient_words(*one.body);
    rows.push_back({one.rule->id, one.rule->cite, std::string(regimes::to_text(one.body->modality)), regimes::dates_words(*one.pack, *one.body), regimes::timing_words(*one.body), to.empty() ? "" : "to " + to,
                    joined_words(one.rule->mark) + (one.rule->verified ? "" : " (unverified)")});
    below.push_back(one.rule->says + (one.reading.empty() ? "" : " [only under the reading " + one.reading + "]"));
  }
  print_rows(rows, below);
  tell(std::to_string(found.size()) + (found.size() == 1 ? " rule" : " rules") + " in " + std::to_string(library.packs.size()) + " packs. " + std::string(regimes::kNotAdvice));
  return 0;
}

// A body's place may be a sector: one that the directory or a rule names.
bool is_sector(const regimes::Library& library, const std::string& place) {
  const auto& bodies = library.authorities.bodies;
  if (std::any_of(bodies.begin(), bodies.end(), [&](const auto& one) { return one.second.place == place; })) return true;
  for (const auto& [id, pack] : library.packs)
    for (const auto& [fact, looked_for] : pack.asks)
      if ((fact.ends_with(".sector") || fact.ends_with(".sectors")) && looked_for.contains(place)) return true;
  return false;
}

Result<int> authorities(const Arguments& a) {
  TRY(const auto library, regimes_packs(a));
  const auto& directory = library.authorities;
  regimes::Question question{a.get("--for"), a.get("--topic"), {a.get("--kind"), a.get("--place"), a.get("--level")}};
  if (!question.asked.level.empty() && library.words.level(question.asked.level) < 0) return usage("--level is county, prefecture, province or state.");
  if (!question.asked.kind.empty() && question.asked.kind != "authority" && !library.words.recipients.contains(question.asked.kind)) return usage("\"" + question.asked.kind + "\" is no kind of recipient.");
  if (!question.topic.empty() && !directory.topics.contains(question.topic)) return usage("\"" + question.topic + "\" is no topic of the directory.");
  if (const auto& place = question.asked.place; !place.empty() && !library.words.knows_place(place) && !is_sector(library, place)) return usage("--place: no place or sector is called \"" + place + "\".");
  // What the rule itself asks for: which kinds, and the lowest level that will do.
  std::vector<regimes::Competent> found, right;
  const regimes::Rule* rule = nullptr;
  if (const auto slash = question.rule.find('/'); !question.rule.empty()) {
    const auto pack = library.packs.find(question.rule.substr(0, slash));
    if (pack == library.packs.end()) return fail(ErrorKind::NotFound, "There is no pack \"" + question.rule.substr(0, slash) + "\".", "--for");
    if (slash != std::string::npos) {
      rule = pack->second.rule(question.rule);
      if (rule == nullptr) return fail(ErrorKind::NotFound, "There is no rule \"" + question.rule + "\".", "--for");
    }
  }
  found = regimes::who_is_competent(directory, library.words, question);
  if (rule != nullptr) {
    right = regimes::right_bodies(directory, library.words, *rule, rule->plain, question.asked.place);
    // The rule names no body of its own: who enforces it, if the directory says so.
    if (right.empty()) right = regimes::who_is_competent(directory, library.words, {question.rule, {}, {{}, question.asked.place, {}}});
    std::erase_if(found, [&](const regimes::Competent& one) { return std::none_of(right.begin(), right.end(), [&](const regimes::Competent& fit) { return fit.body == one.body; }); });
    // A level below the one that the rule asks for fulfils nothing, even of a body that exists at it.
    const bool is_too_low = !question.asked.level.empty() && std::any_of(right.begin(), right.end(), [&](const regimes::Competent& one) { return !one.level.empty() && library.words.level(one.level) > library.words.level(question.asked.level); });
    if (is_too_low) found.clear();
    for (auto& one : found)
      for (const auto& fit : right)
        if (fit.body == one.body && fit.remit == one.remit && one.level.empty()) one = fit;
  }
  const bool is_wrong = rule != nullptr && found.empty() && !right.empty();
  const auto& shown_ones = is_wrong ? right : found;
  if (a.json()) {
    json::array out;
    for (const auto& one : shown_ones) out.push_back(regimes::to_json(one));
    json::object all{{"edition", directory.edition}, {"competent", std::move(out)}};
    if (is_wrong) all["fulfils_nothing"] = true;
    print_json(regimes::with_footing(std::move(all), library, {}, {}));
    return 0;
  }
  if (is_wrong) tell("No such body is competent for " + question.rule + ": a report to it fulfils nothing. The right ones:");
  for (const auto& one : shown_ones) {
    print(regimes::to_text(one) + " [" + one.body->id + "]");
    print("    " + one.remit->does);
    print("    basis: " + one.remit->basis + "; " + joined_words(one.remit->mark) + (one.remit->verified ? "" : " (unverified)"));
    if (!one.remit->unclear.empty()) print("    not settled: " + one.remit->unclear);
    if (!one.body->reach.empty()) print("    reach: " + one.body->reach + (one.body->reach_verified ? "" : " (unverified)"));
  }
  if (shown_ones.empty()) tell("The directory knows of no competent body.");
  tell(regimes::kNotAdvice);
  return 0;
}

// clang-format off
const Verb kRegimesPageVerbs[] = {
    {"regimes", "find", "Search the rules of all packs: who demands a report before a fix exists, who fixes days, …", "sluice regimes find --action report --modality must --timing before-fix",
     {{"--action", "TYPE", Takes::Many, "a type of action, such as remediate; report and publish stand for several"},
      {"--trigger", "NAME", Takes::One, "an event or fact that the rule asks of, or how it begins: vuln.aware, incident, vulnerability.exploited"},
      {"--timing", "WORD", Takes::Many, "days (a number of hours, days or months), no-number, before-fix (about a flaw, and not waiting for its remedy), window (until, during, or once a time has run)", "days|no-number|before-fix|window"},
      {"--recipient", "WHO", Takes::One, "kind, kind:PLACE, kind:PLACE@level or :PLACE; authority stands for any body of a state"},
      {"--precondition", "WORD", Takes::One, "what has to come first: any, none, report (to an authority), ask (somebody else), wait", "any|none|report|ask|wait"},
      {"--modality", "WORD", Takes::Many, "must, must-not, precondition, should, should-not, standard, may, definition, sanction"},
      {"--force", "WORD", Takes::Many, "law, draft, policy, advice", "law|draft|policy|advice"},
      {"--jurisdiction", "PLACE", Takes::One, "CN, EU, DE, US, …"},
      {"--in-force", "DAY", Takes::One, "only what is in force on that day, such as 2026-11-01; drafts never are"},
      {"--mark", "MARK", Takes::One, "how far verified: GEN, SRC, S10, LET-1, …"},
      {"--unverified", "", Takes::Switch, "only what rests on general knowledge"},
      {"--text", "WORDS", Takes::One, "words in the sentence, citation, subject, notes or title"},
      kPacksOption, kJson}, find_rules},
    {"regimes", "authorities", "Which body is competent for a rule, a kind or a place, and on what basis.", "sluice regimes authorities --for cn-cac-2019d/art5 --place CN-ZJ",
     {{"--for", "RULE", Takes::One, "a rule or duty, regime/rule, or a whole regime"},
      {"--topic", "WORD", Takes::One, "incident-report, vulnerability-report, breach-notice, coordination, voluntary-report, collection, oversight, passed-on"},
      {"--kind", "KIND", Takes::One, "a kind of recipient, such as public-security-organ; authority for any"},
      {"--place", "PLACE", Takes::One, "where: CN-ZJ, DE, …"},
      {"--level", "LEVEL", Takes::One, "county, prefecture, province, state: the lowest that will do", "county|prefecture|province|state"},
      kPacksOption, kJson}, authorities},
};
// clang-format on

}  // namespace

std::span<const Verb> regimes_page_verbs() { return kRegimesPageVerbs; }

}  // namespace sluice::cli
