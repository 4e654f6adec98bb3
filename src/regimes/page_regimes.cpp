// The regimes that were asked, with their editions and dates; what is no longer in force, and what nobody checked against its text.
#include "regimes/page_writer.h"

#include <algorithm>

#include "base/time_words.h"
#include "regimes/find.h"
#include "regimes/plain_words.h"

namespace sluice::regimes::page {

// Laws and rules whose time is over at as_of: what they said, without effect.
Html Writer::repealed() const {
  std::map<const Pack*, std::pair<Html, Html>> of_pack;   // whole packs, in words; their rules
  std::vector<const Pack*> order;
  for (const auto& one : all_.verdicts.silent) {
    const auto& pack = *one.rule.pack;
    const bool is_over = pack.force == Force::Law && pack.until && all_.scenario->as_of >= *pack.until;
    if (!is_over && !(pack.force != Force::Draft && one.rule.body->until_date && all_.scenario->as_of >= *one.rule.body->until_date)) continue;
    if (!of_pack.contains(&pack)) order.push_back(&pack);
    auto& [when, rules] = of_pack[&pack];
    if (when.empty()) when = is_over ? Html("Repealed ") + time_of(*pack.until) + (pack.successor.empty() ? "" : ", replaced by " + pack.successor) + "." : Html("In force, but for these rules.");
    rules += el("li", source(one.rule), ": ", one.rule.rule->says, is_over ? Html() : Html(" (ended ") + time_of(*one.rule.body->until_date) + ")");
  }
  Html out;
  for (const auto* pack : order) out += el("h3", title_of(*pack)) + el("p", of_pack[pack].first) + el("ul", of_pack[pack].second);
  return out.empty() ? out : el("p", "What these said, for whoever looks it up. It has no effect on any answer here.") + out;
}

// What the marks of this page mean, as far as the vocabulary says it, and the sources that they name: those with the same words together.
Html Writer::legend() const {
  std::set<std::string> used, cited;
  for (const auto* pack : all_.packs)
    for (const auto& rule : pack->rules)
      for (const auto& mark : rule.mark) {
        used.insert(mark.substr(0, mark.find_first_of(" ,")));
        for (std::size_t at = 0, end = 0; at < mark.size(); at = end + 1) {
          end = std::min(mark.find_first_of(" ,;()", at), mark.size());
          if (words_.sources.contains(mark.substr(at, end - at))) cited.insert(mark.substr(at, end - at));
        }
      }
  std::vector<std::string> words;
  for (const auto& one : used)
    if (words_.says.contains(one)) words.push_back(one + ": " + std::string(words_.plain(one)));
  std::map<std::string, std::vector<std::string>> read;
  for (const auto& one : cited) read[words_.sources.find(one)->second].push_back(one);
  std::vector<std::string> sources;
  for (const auto& [what, names] : read) sources.push_back(listed(names, ", ") + ": " + what);
  std::sort(sources.begin(), sources.end());
  Html out = words.empty() ? Html() : el("p", {{"class", "quiet"}}, "Marks say how far a rule was checked against its text. " + listed(words, "; ", "; ") + ".");
  if (!sources.empty()) out += el("p", {{"class", "quiet"}}, "Sources: " + listed(sources, "; ", "; ") + ".");
  return out;
}

// What a pack says of its own standing is of the day of its edition; of an earlier day it is no answer.
std::string Writer::status_words(const Pack& pack) const {
  if (pack.status.empty() || pack.edition.size() != 10 || to_text(all_.scenario->as_of).substr(0, 10) >= pack.edition) return pack.status;
  return "As of " + with_dates_in_words(pack.edition) + ", not of the day asked about: " + pack.status;
}

Html Writer::regimes() const {
  Html rows;
  for (const auto* pack : all_.packs) {
    Html editions;
    if (!pack->editions.empty() && !pack->rules.empty()) {
      const auto edition = edition_of(*pack, pack->rules.front(), all_.scenario->as_of);
      editions = Html("speaks: " + edition->name + (edition->is_early ? " (not published yet then)" : edition->withdrawn ? " (withdrawn; successor: " + (edition->successor.empty() ? "none known" : edition->successor) + ")" : ""));
    }
    Html beside;
    for (const auto& one : pack->beside)
      if (!one.from || *one.from <= all_.scenario->as_of) beside += el("p", {{"class", "quiet"}}, "Beside it: ", one.title, ". ", one.says, " ", one.verified ? Html() : doubt());
    rows += el("tr", {{"id", id_of(*pack)}}, el("th", {{"scope", "row"}, {"data-column", "Regime"}}, pack->id), el("td", {{"data-column", "What it is"}}, el("p", title_of(*pack)), el("p", {{"class", "quiet"}}, status_words(*pack)), beside),
               el("td", {{"data-column", "Force"}}, force_words(*pack)), el("td", {{"data-column", "In force"}}, in_force_words(*pack)),
               el("td", {{"data-column", "Edition"}}, el("p", "pack ", pack->edition), editions.empty() ? Html() : el("p", editions), pack->successor.empty() ? Html() : el("p", "successor: ", pack->successor)));
  }
  if (rows.empty()) return el("p", "The case names no regime.");
  Html head;
  for (const auto* words : {"Regime", "What it is", "Force here", "In force", "Editions"}) head += el("th", {{"scope", "col"}}, words);
  Html directory = all_.authorities != nullptr && !all_.authorities->bodies.empty() ? el("p", {{"class", "quiet"}}, "Competent bodies by the directory of authorities, edition ", all_.authorities->edition, ".") : Html();
  return el("div", {{"class", "scroll"}, {"tabindex", "0"}, {"role", "region"}, {"aria-label", "Table of regimes and editions"}}, el("table", {{"class", "stack"}}, el("thead", el("tr", head)), el("tbody", rows))) + directory + legend();
}

Html Writer::unverified() const {
  std::set<std::string> rules;
  for (const auto& one : all_.verdicts.spoken)
    if (!one.rule.rule->verified) rules.insert(one.rule.rule->id);
  for (const auto& one : all_.duties)
    if (!one.rule.rule->verified && (one.is_triggered() || one.would_bind)) rules.insert(one.rule.rule->id);
  for (const auto& one : all_.divergences)
    for (const auto& name : {one.rule, one.standard})
      if (const auto* pack = pack_of(name); pack != nullptr && pack->rule(name) != nullptr && !pack->rule(name)->verified) rules.insert(name);
  if (rules.empty()) return {};
  Html list;
  for (const auto& name : rules) {
    const auto* pack = pack_of(name);
    list += el("li", el("code", name), ", ", pack->rule(name)->cite, ": ", pack->rule(name)->says);
  }
  return el("p", "These rules rest on general knowledge: nobody here has seen the text. Check them before relying on them.") + el("ul", list);
}

}  // namespace sluice::regimes::page
