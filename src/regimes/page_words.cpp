// How the printed evaluation says names: of acts, bodies, instants, rules and where they stand. What several sections share.
#include "regimes/page_writer.h"

#include <algorithm>

#include "base/time_words.h"
#include "regimes/find.h"
#include "regimes/plain_words.h"

namespace sluice::regimes::page {

std::string Writer::listed(const std::vector<std::string>& words, std::string_view last, std::string_view joint) {
  std::string out;
  for (std::size_t i = 0; i < words.size(); ++i) out += (i == 0 ? std::string_view() : i + 1 == words.size() ? last : joint), out += words[i];
  return out;
}

std::string Writer::action_words(const Action& one) const {
  const auto content = content_words(one.content);
  const auto stage = std::string(words_.plain(one.stage));
  const bool is_said = std::find(content.begin(), content.end(), stage) != content.end();
  return std::string(words_.plain(one.type)) + (one.to.empty() ? "" : ", to " + recipients(one.to)) + (content.empty() ? "" : ", with " + listed(content)) + (stage.empty() || is_said ? "" : " (" + stage + ")");
}

std::vector<std::string> Writer::content_words(const std::set<std::string>& content) const {
  std::vector<std::string> out;
  for (const auto& word : content) {
    const auto said = std::string(words_.plain(word));
    out.push_back(said.starts_with("that ") ? "the fact " + said : said);
  }
  return out;
}

std::string Writer::who(const std::string& id) const {
  const auto* party = all_.scenario->party(id);
  return party == nullptr || party->role.empty() ? id : id + " (" + std::string(words_.plain(party->role)) + ")";
}

// The edition of a standard that speaks of as_of, where it isn't the newest: title and status of the pack are of that.
std::optional<EditionRead> Writer::earlier_edition(const Pack& pack) const {
  if (pack.editions.empty() || pack.rules.empty()) return {};
  auto read = edition_of(pack, pack.rules.front(), all_.scenario->as_of);
  const auto own = std::find_if(pack.editions.begin(), pack.editions.end(), [&](const Edition& one) { return one.name == read->name; });
  return std::any_of(own, pack.editions.end(), [&](const Edition& one) { return &one != &*own && one.obtained; }) ? read : std::nullopt;
}

std::string Writer::title_of(const Pack& pack) const {
  const auto edition = earlier_edition(pack);
  if (!edition) return pack.title;
  const std::string then = edition->is_early ? ", not published yet then" : ", the edition that spoke then";
  const bool is_number = edition->name.find_first_not_of("0123456789.") == edition->name.npos;
  return (is_number ? pack.title + ", edition " + edition->name : edition->name) + then;
}

// A rule where a sentence needs its name: its place in the text, and which text.
Html Writer::named_rule(const std::string& name) const {
  const auto* pack = pack_of(name);
  const auto* rule = pack == nullptr ? nullptr : pack->rule(name);
  if (rule == nullptr) return name == kEmbargo ? Html("the agreed embargo") : Html(name);
  return Html(rule->cite) + " of " + here(id_of(*pack), title_of(*pack)) + (rule->verified ? Html() : Html(" ") + doubt());
}

Html Writer::named_rules(const std::vector<std::string>& names) const {
  Html out;
  for (std::size_t i = 0; i < names.size(); ++i) out += (i == 0 ? Html() : Html(i + 1 == names.size() ? ", and " : "; ")) + named_rule(names[i]);
  return out;
}

bool Writer::is_barred(const std::string& action) const {
  const auto outcome = all_.outcomes.find(action);
  return outcome != all_.outcomes.end() && (outcome->second == Outcome::Deny || outcome->second == Outcome::Conflict);
}

// Regime, place in it, and of a standard the edition and its clause.
Html Writer::source(const Applied& rule, bool is_long) const {
  Html out = here(id_of(*rule.pack), is_long ? title_of(*rule.pack) : rule.pack->id) + ", " + rule.rule->cite;
  if (const auto edition = edition_of(*rule.pack, *rule.rule, all_.scenario->as_of)) {
    const bool says_more = edition->clause != rule.rule->cite || !edition->clause_known;
    out += Html(" [" + edition->name + (says_more ? ", clause " + edition->clause : "")) + (edition->clause_known ? Html() : Html(" by its later number ") + doubt()) + Html((edition->is_early ? ", not published yet then" : std::string()) +
                (edition->withdrawn ? ", withdrawn" + (edition->successor.empty() ? "" : "; successor: " + edition->successor) : "") + "]");
  }
  if (!rule.rule->verified) out += Html(" ") + doubt();
  return out;
}

Html Writer::grounds(const Applied& rule, const Grounds& given) const {
  Html out;
  std::vector<std::string> facts, questions;
  for (const auto& one : given.facts) facts.push_back(one.ends_with(kOwnPolicy) ? "it is the own policy of " + one.substr(0, one.find(" is ")) : plain_text(words_, one));
  for (const auto& one : given.questions)
    if (auto said = plain_text(words_, one); std::find(questions.begin(), questions.end(), said) == questions.end()) questions.push_back(std::move(said));
  if (!facts.empty()) out += el("p", {{"class", "quiet"}}, "Because: " + listed(facts, "; ", "; ") + ".");
  for (const auto& name : given.readings)
    if (const auto* reading = rule.pack->reading(name)) {
      const auto choice = all_.world->choice(*rule.pack, rule.rule, name);
      for (const auto& [word, says] : reading->choices)
        if (word == choice) out += el("p", {{"class", "quiet"}}, "Rests on how the text is read. ", reading->says, " Read here: " + says, " (", el("code", name + " = " + word), ")");
    }
  if (!questions.empty()) out += el("p", {{"class", "quiet"}}, "Not given, and it may matter: " + listed(questions, "; ", "; ") + ".");
  return out;
}

std::string Writer::upper(std::string text) {
  if (!text.empty() && text[0] >= 'a' && text[0] <= 'z' && text.find(' ') != text.npos) text[0] = char(text[0] - 'a' + 'A');
  return text;
}

const Pack* Writer::pack_of(const std::string& rule) const {
  const auto found = std::find_if(all_.packs.begin(), all_.packs.end(), [&](const Pack* pack) { return rule.starts_with(pack->id + "/"); });
  return found == all_.packs.end() ? nullptr : *found;
}

const std::vector<const Verdict*>& Writer::verdicts_on(const Action& action) const {
  static const std::vector<const Verdict*> kNone;
  const auto found = of_action_.find(&action);
  return found == of_action_.end() ? kNone : found->second;
}

}  // namespace sluice::regimes::page
