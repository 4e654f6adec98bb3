// What can not be kept together, the ways out, and where rules depart from the standards.
#include "regimes/page_writer.h"

#include <algorithm>

#include "base/time_words.h"
#include "regimes/plain_words.h"

namespace sluice::regimes::page {

std::string_view Writer::kind_title(std::string_view kind) {
  static constexpr std::pair<std::string_view, std::string_view> kTitles[] = {{"law-law", "Two laws that can't both be kept"}, {"law-policy", "A law and a party's own policy"}, {"law-embargo", "A law and the agreed embargo"},
      {"policy-embargo", "A policy and the agreed embargo"}, {"draft-law", "A conflict that would arise if the draft were law"}, {"timing", "Times that can't both be kept"}, {"permission-clash", "One permits what another forbids"}};
  for (const auto& [word, title] : kTitles)
    if (word == kind) return title;
  return kind;
}

Html Writer::member(const std::string& name) const {
  const auto* pack = pack_of(name);
  const auto* rule = pack == nullptr ? nullptr : pack->rule(name);
  if (rule == nullptr) return el("strong", name == kEmbargo ? "The agreed embargo" : name) + (all_.scenario->embargo && all_.scenario->embargo->until ? Html(", until " + instant_words(*all_.scenario->embargo->until)) : Html());
  return Html(rule->says) + " (" + source(applied(*all_.world, *pack, *rule)) + ", " + force_words(*pack) + ")";
}

Html Writer::ways_out(const Conflict& one) const {
  Html out, readings;
  const auto add = [&](const Html& words) { out += el("li", words); };
  if (one.kind == "permission-clash") add("Not acting satisfies both; whoever is permitted need not act.");
  for (const auto& dependence : dependences_)
    if (dissolves(dependence, one)) readings += el("li", read_otherwise(dependence));
  const auto of_rank = [&](std::size_t rank, const auto& words) {
    for (const auto& name : one.members)
      if (weight_of(name) == rank) add(words(name));
  };
  // With one thing alone that can't be kept, its ways out are those of all, and stand below.
  if (one.kind == "draft-law" || (one.kind != "permission-clash" && (binding_conflicts() > 1 || ways_.empty()))) {
    of_rank(kDraftWeight, [&](const std::string& name) { return Html("Nothing has to give as long as the draft isn't law: ") + named_rule(name) + "."; });
    if (one.kind != "draft-law")
      for (std::size_t rank = kDraftWeight + 1; rank <= kLawWeight; ++rank) of_rank(rank, [&](const std::string& name) { return upper_first(way_words(name)) + "."; });
  }
  if (!out.empty()) out = el("p", el("strong", one.kind == "permission-clash" ? "Way out" : "What dissolves this conflict"), one.kind == "permission-clash" ? ":" : binding_conflicts() > 1 && !ways_.empty() ? " alone, lightest first; what it takes for all of them stands below:" : ", lightest first:") + el("ol", out);
  return out + (readings.empty() ? readings : el("p", "It doesn't arise, and no other in its place,") + el("ul", readings));
}

// Gone under this reading, and not only moved elsewhere.
bool Writer::dissolves(const Dependence& dependence, const Conflict& conflict) {
  bool is_gone = false;
  for (const auto& text : dependence.changes) {
    const auto change = read_change(text);
    if (!change || change->kind != "conflict") continue;
    if (change->before.empty()) return false;
    is_gone = is_gone || (change->of == listed_plus(conflict.members) && change->then.empty());
  }
  return is_gone;
}

const Reading* Writer::reading_of(const Dependence& one) const {
  const auto dot = one.reading.find('.');
  const auto pack = std::find_if(all_.packs.begin(), all_.packs.end(), [&](const Pack* each) { return each->id == one.reading.substr(0, dot); });
  return pack == all_.packs.end() ? nullptr : (*pack)->reading(one.reading.substr(dot + 1));
}

Html Writer::read_otherwise(const Dependence& one) const {
  const auto* reading = reading_of(one);
  if (reading == nullptr) return Html("if ") + el("code", one.reading) + " is read as " + el("code", one.otherwise);
  return Html("if this is read otherwise: ") + reading->says + " Then read: " + choice_words(*reading, one.otherwise) + " (" + el("code", one.reading + " = " + one.otherwise) + ")";
}

std::string Writer::listed_plus(const std::vector<std::string>& members) {
  std::string out;
  for (const auto& one : members) out += (out.empty() ? "" : " + ") + one;
  return out;
}

std::size_t Writer::weight_of(const std::string& name) const {
  if (name == kEmbargo) return 1;
  const auto* pack = pack_of(name);
  if (pack == nullptr) return kLawWeight;
  const auto force = all_.world->force_of(*pack);
  const auto* rule = pack->rule(name);
  return force == Force::Draft ? kDraftWeight : force == Force::Policy ? 2 : rule != nullptr && !rule->verified ? 3 : kLawWeight;
}

// Of those that no schedule keeps: without drafts and clashes of a permission.
std::size_t Writer::binding_conflicts() const {
  return std::size_t(std::count_if(all_.conflicts.all.begin(), all_.conflicts.all.end(), [](const Conflict& one) { return one.kind != "draft-law" && one.kind != "permission-clash"; }));
}

// Its beginning, and the rule that it is about.
std::pair<std::string, Html> Writer::way_words(const std::string& name) const {
  const auto* pack = pack_of(name);
  const auto* rule = pack == nullptr ? nullptr : pack->rule(name);
  if (rule == nullptr) {
    const auto until = all_.scenario->embargo ? all_.scenario->embargo->until : std::nullopt;
    return {"the parties of the embargo agree on an earlier end, or that this recipient may be told", until ? Html(" (it holds until " + instant_words(*until) + ")") : Html()};
  }
  const bool is_ban = applied(*all_.world, *pack, *rule).body->modality != Modality::Must;
  const auto where = named_rule(name);
  if (all_.world->force_of(*pack) == Force::Policy) return {is_ban ? "its owner sets the limit aside that it gave itself in " : "its owner leaves out, or does later, what its own policy asks in ", where};
  const auto* rest = pack->force == Force::Draft ? ", a draft that is assumed to be law here, so that it is heavy only if it becomes law" : ", which is law: broken, unless the authority grants a delay or an exemption, or counsel finds that it doesn't reach this act";
  return {is_ban ? "the act is done in spite of " : "what is asked is done late, or not at all, under ", where + rest};
}

Html Writer::ways_out_of_all() const {
  if (ways_.empty()) return all_.conflicts.feasible ? Html() : el("p", "No ways out of all that can't be kept together are given: " + why_no_ways(all_) + ".");
  Html list;
  for (const auto& way : ways_) {
    Html sentence;
    for (const auto& name : way.without) sentence += sentence.empty() ? upper_first(way_words(name)) : Html("; and ") + way_words(name).first + way_words(name).second;
    list += el("li", sentence + ".");
  }
  const bool may_be_lighter = !std::all_of(ways_.begin(), ways_.end(), [](const WayOut& one) { return one.is_lightest; });
  return el("h3", binding_conflicts() > 1 ? "Ways out of all of them" : "Ways out") + (may_be_lighter ? el("p", {{"class", "doubt"}}, upper(std::string(kMayBeLighter)) + ".") : Html()) + el("p", ways_.size() > 1 ? "Each of these is enough by itself, the lightest first; which one is taken, a person decides." : "This is enough; whether it is taken, a person decides.") + el("ol", list);
}

Html Writer::conflicts() const {
  const auto& c = all_.conflicts;
  Html out;
  for (const auto& one : c.all) {
    Html members;
    for (const auto& name : one.members) members += el("li", member(name));
    const std::string draft = one.draft && *one.draft ? " At least one side is only a draft." : "";
    out += el("div", {{"class", "box"}}, el("h3", kind_title(one.kind)), el("p", upper(one.why) + "." + draft), el("ul", members), ways_out(one));
  }
  out += ways_out_of_all();
  if (c.all.empty()) out += el("p", c.feasible ? "No conflict: all that binds can be kept." : "No schedule was found.");
  if (const auto left_out = what_is_left_out(c); !left_out.empty()) out += el("p", {{"class", "doubt"}}, left_out);
  if (!all_.order.empty()) {
    Html list;
    for (const auto& [first, then] : all_.order) list += el("li", first, " before ", then);
    out += el("h3", "What has to come first") + el("ul", list);
  }
  return out;
}

Html Writer::divergences() const {
  Html rows;
  for (const auto& one : all_.divergences) {
    const auto side = [&](const std::string& name, const char* column) { return el("td", {{"data-column", column}}, member(name)); };
    rows += el("tr", side(one.rule, "The rule"), side(one.standard, "departs from"), el("td", {{"data-column", "In what"}}, upper(plain_text(words_, one.why))));
  }
  if (rows.empty()) return {};
  Html head;
  for (const auto* words : {"The rule", "departs from", "In what"}) head += el("th", {{"scope", "col"}}, words);
  return el("p", "No conflict: the law can be obeyed. But it asks for what the standards advise against, or fixes what they leave open.") +
         el("div", {{"class", "scroll"}, {"tabindex", "0"}, {"role", "region"}, {"aria-label", "Table of divergences"}}, el("table", {{"class", "stack"}}, el("thead", el("tr", head)), el("tbody", rows)));
}

}  // namespace sluice::regimes::page
