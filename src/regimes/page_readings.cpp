// What comes out otherwise where a text is read otherwise: one reading at a time, and all of them crossed.
#include "regimes/page_writer.h"

#include <algorithm>

#include "base/time_words.h"
#include "regimes/changes.h"
#include "regimes/plain_words.h"

namespace sluice::regimes::page {

std::string Writer::choice_words(const Reading& reading, const std::string& choice) {
  for (const auto& [word, says] : reading.choices)
    if (word == choice) return says;
  return {};
}

std::string Writer::outcome_words(std::string_view word) const {
  for (std::size_t i = 0; i < std::size(kOutcomeLooks); ++i)
    if (to_text(Outcome(i)) == word) return std::string(kOutcomeLooks[i].words);
  return std::string(word);
}

// One thing that comes out otherwise, which the engine writes in its own words.
Html Writer::change_words(const std::string& text) const {
  const auto change = read_change(text);
  if (!change) return plain_text(words_, text);
  const auto then = [&](const Html& title, std::string_view none, const auto& said) {
    const auto one = [&](const std::string& word) { return word.empty() ? std::string(none) : said(word); };
    return title + ": " + one(change->before) + ", then " + one(change->then) + ".";
  };
  const auto plain = [&](const std::string& word) { return plain_text(words_, word); };
  if (change->kind == "outcome") return then(Html("What comes out of " + change->of), "nothing", [&](const std::string& word) { return outcome_words(word); });
  if (change->kind == "verdict") return then(named_rule(change->of) + ", on " + change->on, "silent", plain);
  if (change->kind == "duty") return then(Html("Duty of " + change->on + " by ") + named_rule(change->of), "doesn't arise", plain);
  if (change->kind == "divergence") return then(named_rule(change->of) + " and " + named_rule(change->on), "no divergence", plain);
  if (change->kind == "schedule") return then(Html("A schedule that keeps every rule that binds"), "none", [](const std::string& word) { return std::string(word == "feasible" ? "there is one" : "there is none"); });
  std::vector<std::string> members;
  for (std::string_view rest = change->of; !rest.empty();) {
    const auto end = rest.find(" + ");
    members.emplace_back(rest.substr(0, end));
    rest = end == rest.npos ? std::string_view() : rest.substr(end + 3);
  }
  return then(Html("Conflict of ") + named_rules(members), "none", [](const std::string& word) {
    auto title = std::string(kind_title(word));
    if (title.size() > 1 && title[0] >= 'A' && title[0] <= 'Z') title[0] = char(title[0] - 'A' + 'a');
    return title;
  });
}

// The worlds of all choices: first the answers that come out and where, then the choices one by one.
Html Writer::worlds() const {
  if (parts_.every_reading == nullptr) return {};
  const auto& worlds = parts_.every_reading->at("worlds").as_array();
  if (worlds.empty()) return {};
  const bool is_crossed = parts_.every_reading->at("crossed").as_bool();
  const auto readings_in = [](const json::value& world) { return world.at("readings").as_object(); };
  const auto of_readings = [](const json::object& readings) {
    std::string out;
    for (const auto& [name, choice] : readings) out += (out.empty() ? "" : "; ") + std::string(name) + " = " + std::string(choice.as_string());
    return out;
  };
  const auto comes_out = [&](const json::value& world) {
    std::vector<std::string> out;
    for (const auto& [action, outcome] : world.at("outcomes").as_object()) out.push_back(std::string(action) + ": " + outcome_words(outcome.as_string()));
    return out.empty() ? std::string("no action") : listed(out, ", ");
  };
  const auto schedule = [](const json::value& world) { return std::string(world.at("schedule") == json::value("feasible") ? "all that binds can be kept" : "something has to give"); };

  std::set<std::string> names;
  for (const auto& world : worlds)
    for (const auto& [name, choice] : readings_in(world)) names.insert(std::string(name));
  if (names.empty()) return el("p", "No reading touches a rule that binds here: there is one answer.");
  Html legend;
  for (const auto& name : names) {
    const auto* reading = reading_of(Dependence{name, {}, {}, {}, true});
    Html choices;
    if (reading != nullptr)
      for (const auto& [word, says] : reading->choices) choices += Html(" ") + el("code", word) + ": " + says;
    legend += el("li", el("code", name), ": ", reading == nullptr ? std::string() : reading->says, choices);
  }
  Html out = el("p", is_crossed ? "All choices of the readings that touch a rule that binds, in every combination: " + counted(worlds.size(), "combination") + "."
                                : "More readings touch a rule that binds than can be crossed, so they were not crossed: each choice was taken by itself, and the others as they are read here. " + counted(worlds.size(), "answer") + ".") +
             el("ul", legend);

  // The same answer together; what its choices have in common tells where it comes out.
  std::vector<std::pair<std::string, std::vector<const json::value*>>> groups;
  for (const auto& world : worlds) {
    const auto key = comes_out(world) + "|" + schedule(world);
    auto group = std::find_if(groups.begin(), groups.end(), [&](const auto& one) { return one.first == key; });
    if (group == groups.end()) groups.emplace_back(key, std::vector<const json::value*>{}), group = std::prev(groups.end());
    group->second.push_back(&world);
  }
  const auto cell = [](const char* name, const Html& inside) { return el("td", {{"data-column", name}}, inside); };
  const auto head = [](std::initializer_list<const char*> titles) {
    Html row;
    for (const auto* words : titles) row += el("th", {{"scope", "col"}}, words);
    return el("thead", el("tr", row));
  };
  Html rows;
  for (const auto& [key, group] : groups) {
    std::map<std::string, std::set<std::string>> taken;
    for (const auto* world : group)
      for (const auto& [name, choice] : readings_in(*world)) taken[std::string(name)].insert(std::string(choice.as_string()));
    std::vector<std::string> common;
    std::size_t free = 1;
    for (const auto& [name, choices] : taken) {
      if (choices.size() == 1) common.push_back(name + " = " + *choices.begin());
      else free *= choices.size();
    }
    Html where = groups.size() == 1 ? Html("whatever is chosen") : common.empty() || !is_crossed ? Html("see the list") : Html("with ") + el("code", listed(common, "; ", "; ")) + (free == group.size() ? "" : ", in some of the combinations");
    rows += el("tr", cell("What comes out", comes_out(*group.front())), cell("Schedule", schedule(*group.front())), cell("In how many", std::to_string(group.size()) + " of " + std::to_string(worlds.size())), cell("Where", where));
  }
  out += el("div", {{"class", "scroll"}, {"tabindex", "0"}, {"role", "region"}, {"aria-label", "Answers under every reading"}},
            el("table", {{"class", "stack"}}, head({"What comes out", "Schedule", "In how many", "Where"}), el("tbody", rows)));
  if (groups.size() == 1) return out;
  Html each;
  for (std::size_t i = 0; i < std::min(worlds.size(), kMostWorlds); ++i) each += el("li", el("code", of_readings(readings_in(worlds[i]))), ": ", comes_out(worlds[i]), "; ", schedule(worlds[i]));
  return out + el("details", el("summary", worlds.size() > kMostWorlds ? "The first " + std::to_string(kMostWorlds) + " of " + std::to_string(worlds.size()) + ", one by one; the JSON answer has all" : "All " + std::to_string(worlds.size()) + ", one by one"), el("ol", each));
}

Html Writer::readings() const {
  Html out;
  std::set<std::string> moved;
  for (const auto& one : dependences_) {
    const auto* reading = reading_of(one);
    moved.insert(one.reading);
    Html changes;
    for (const auto& change : one.changes) changes += el("li", change_words(change));
    const auto says = [&](const std::string& choice) { return reading == nullptr ? std::string() : choice_words(*reading, choice); };
    out += el("div", {{"class", "box"}}, el("h3", reading == nullptr ? one.reading : reading->says), el("p", {{"class", "quiet"}}, el("code", one.reading), one.binding ? "" : ", touches nothing that binds"),
              el("p", "The answer taken here: ", says(one.choice), " (", el("code", one.choice), ")"), el("p", "The other answer: ", says(one.otherwise), " (", el("code", one.otherwise), ") Then:"), el("ul", changes));
  }
  Html others;
  std::set<std::string> seen;
  const auto look = [&](const Applied& rule, const Grounds& given) {
    for (const auto& name : given.readings) {
      const auto full = rule.pack->id + "." + name;
      if (moved.contains(full) || !seen.insert(full).second) continue;
      if (const auto* reading = rule.pack->reading(name)) others += el("li", reading->says, " The answer taken here (", el("code", full + " = " + all_.world->choice(*rule.pack, rule.rule, name)), "): ", choice_words(*reading, all_.world->choice(*rule.pack, rule.rule, name)));
    }
  };
  for (const auto& one : all_.verdicts.spoken) look(one.rule, one.grounds);
  for (const auto& one : all_.duties)
    if (one.is_triggered()) look(one.rule, one.grounds);
  if (!others.empty()) out += el("h3", "Readings that were chosen and change nothing here") + el("ul", others);
  return out;
}

}  // namespace sluice::regimes::page
