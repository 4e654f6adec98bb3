// Law and standards in a case: which count and why, what each act may expect, what is owed by when. All of it from what the viewer may read.
#include <algorithm>
#include <set>

#include "web/pages/case_scene.h"

namespace sluice::web::pages {

namespace {

using access::Action;

std::string words_in(const json::value& value, std::string_view key) { return std::string(string_at(value, key)); }

const json::array& list_of(const json::object& object, std::string_view key) {
  static const json::array kNone;
  const auto* found = object.if_contains(key);
  return found != nullptr && found->is_array() ? found->get_array() : kNone;
}
const json::array& list_of(const json::value& value, std::string_view key) {
  static const json::object kNothing;
  return list_of(value.is_object() ? value.get_object() : kNothing, key);
}

bool says_no(const json::value& value, std::string_view key) {
  const auto* found = value.is_object() ? value.get_object().if_contains(key) : nullptr;
  return found != nullptr && found->is_bool() && !found->get_bool();
}

std::string party_words(const Scene& s, std::string_view id) {
  for (const auto& one : list_of(s.law, "parties"))
    if (string_at(one, "id") == id) return words_in(one, "name");
  return std::string(id);
}

Html unverified(const json::value& of) { return says_no(of, "verified") ? all(" ", badge(Tone::Waiting, "not verified", "Nobody has checked this rule against its text yet.")) : Html(); }

std::string cited_words(const json::value& of) { return words_in(of, "rule") + ", " + words_in(of, "citation"); }

std::string scope_state(std::string_view state) {
  if (state == "confirmed") return "confirmed";
  if (state == "left-out") return "left out";
  if (state == "proposed") return "proposed, and counts";
  if (state == "asked") return "not known yet";
  return "out";
}

Html scope_table(const Scene& s, const json::array& regimes) {
  Table table("Which laws and standards count", {"Regime", "State", "Because", "Decide"});
  const auto may = possible(s, Action::ConfirmScope);
  for (const auto& one : regimes) {
    const auto state = words_in(one, "state"), force = words_in(one, "force"), id = words_in(one, "regime");
    if (state == "out" || force == "advice") continue;
    Html because;
    for (const auto& reason : list_of(one, "because")) {
      std::string facts;
      for (const auto& fact : list_of(reason, "facts"))
        if (fact.is_string()) facts += (facts.empty() ? "" : ", ") + std::string(fact.get_string());
      because += el("span", {cls("block")}, party_words(s, string_at(reason, "party")), ": ", facts);
    }
    for (const auto& question : list_of(one, "questions"))
      if (question.is_string()) because += el("span", {cls("block quiet")}, "Not known: ", std::string(question.get_string()));
    if (const auto why = words_in(one, "why"); !why.empty()) because += el("span", {cls("block")}, prose(why));
    Html forms;
    for (const auto* in : {"yes", "no"}) {
      if ((state == "confirmed" && std::string_view(in) == "yes") || (state == "left-out" && std::string_view(in) == "no")) continue;
      const auto words = std::string(in) == "yes" ? "Confirm " + id : "Take " + id + " out";
      forms += do_form(s, may, "confirm_scope", words, all(hidden("regime", id), hidden("in", in), field({.name = "why", .label = "Why?", .kind = Field::Kind::Text, .required = true, .most = 4'000, .scope = "scope-" + id + in})), std::nullopt);
    }
    table.row({all(words_in(one, "title"), el("span", {cls("block quiet")}, id, ", ", force, ", ", words_in(one, "jurisdiction"))), all(badge(state == "proposed" || state == "asked" ? Tone::Waiting : Tone::Quiet, force == "draft" && state == "proposed" ? "proposed" : scope_state(state)), force == "draft" ? el("span", {cls("quiet block")}, "A draft: it binds nobody and is only shown.") : Html()), because, forms});
  }
  return table.empty() ? empty_state("No law or policy is in scope.", "Standards always are. Scope follows from where organisations are established and operate, where products are sold, and where an incident was: those stand in organisations' profiles and with products.") : table.html();
}

// What hangs on a word that nobody has said of a party.
Html not_said_list(const Scene& s) {
  Html items;
  for (const auto& one : list_of(s.law, "not_said")) {
    std::string regimes;
    for (const auto& regime : list_of(one, "regimes"))
      if (regime.is_string()) regimes += (regimes.empty() ? "" : ", ") + std::string(regime.get_string());
    const bool mine = string_at(one, "party") == s.own().text();
    items += el("li", words_in(one, "says"), mine && s.frame.administers ? all(" ", link(path("/administration").fragment("law"), "Say so")) : Html(), el("span", {cls("quiet block")}, "It matters to ", regimes));
  }
  return items.empty() ? Html() : more("What nobody has said of the parties", el("ul", items));
}

Html duties_table(const Scene& s) {
  Table table("What is owed", {"State", "Due", "By whom", "To", "What", "Rule"});
  for (const auto& duty : list_of(s.law, "duties")) {
    const auto state = words_in(duty, "state"), due = words_in(duty, "due"), force = words_in(duty, "force");
    if (force != "law" && force != "policy") continue;
    const auto tone = state == "missed" || state == "late" ? Tone::Alarm : state == "open" ? Tone::Waiting : Tone::Quiet;
    const auto at = evaluated_instant(words_in(duty, "due_at"));
    const bool is_day = due.size() == 10;
    table.row({badge(tone, state), !at ? all("no date in the text") : is_day ? all(time(*at), el("span", {cls("quiet block")}, due, ", at the end of that day where the rule is from")) : time(*at), party_words(s, string_at(duty, "on")), words_in(duty, "to"), all(words_in(duty, "says")), all(cited_words(duty), unverified(duty))});
  }
  return table.empty() ? empty_state("Nothing is owed by a law in scope.", "Duties come up by themselves when something is recorded here, such as an attack.") : table.html();
}

// An act in words: a release, a report, somebody told.
std::string act_words(const Scene& s, const json::value& evaluation, std::string_view id) {
  const auto* facts = evaluation.is_object() ? evaluation.get_object().if_contains("facts") : nullptr;
  if (facts == nullptr) return std::string(id);
  for (const auto& act : list_of(*facts, "actions"))
    if (string_at(act, "id") == id) {
      auto out = words_in(act, "type") + " by " + party_words(s, string_at(act, "actor"));
      if (const auto to = words_in(act, "to"); !to.empty()) out += " to " + party_words(s, to);
      if (const auto at = words_in(act, "at"); !at.empty()) out += ", " + at;
      return out;
    }
  return std::string(id);
}

// A case of several makers is asked about once for each, and the same act may be judged in several: what is said in the same words is said once, and else whose product it is about.
Html outcomes_of(const Scene& s) {
  Html out;
  std::set<std::string> shown;
  const bool several = list_of(s.law, "evaluations").size() > 1;
  for (const auto& evaluation : list_of(s.law, "evaluations")) {
    const auto* outcomes = evaluation.is_object() ? evaluation.get_object().if_contains("outcomes") : nullptr;
    if (outcomes == nullptr || !outcomes->is_object()) continue;
    for (const auto& one : outcomes->get_object()) {
      const auto outcome = std::string(one.value().is_string() ? std::string_view(one.value().get_string()) : std::string_view());
      Html verdicts;
      for (const auto& verdict : list_of(evaluation, "verdicts"))
        if (string_at(verdict, "action") == std::string_view(one.key()))
          verdicts += el("li", words_in(verdict, "verdict"), " (", words_in(verdict, "force"), "): ", words_in(verdict, "why"), " ", el("span", {cls("quiet")}, cited_words(verdict)), unverified(verdict));
      if (verdicts.empty()) continue;
      const auto act = act_words(s, evaluation, one.key());
      if (!shown.insert(act + "\n" + outcome + "\n" + verdicts.markup()).second) continue;
      const auto provider = words_in(evaluation, "provider");
      out += more(all(act, several && !provider.empty() ? ", as to " + party_words(s, provider) + "'s product" : std::string(), " ", badge(outcome == "deny" || outcome == "conflict" ? Tone::Alarm : Tone::Quiet, outcome)), el("ul", verdicts), outcome == "deny" || outcome == "conflict");
    }
    Html conflicts;
    for (const auto& conflict : list_of(evaluation, "conflicts")) {
      std::string rules;
      for (const auto& rule : list_of(conflict, "rules"))
        if (rule.is_string()) rules += (rules.empty() ? "" : " + ") + std::string(rule.get_string());
      conflicts += el("li", words_in(conflict, "kind"), ": ", rules, ". ", words_in(conflict, "why"));
    }
    if (!conflicts.empty()) out += all(el("h3", "What can't all be kept"), el("ul", conflicts));
  }
  return out;
}

Html correct_form(const Scene& s) {
  const std::vector<Option> kinds{{"no", "One word, number or instant"}, {"yes", "A list, with commas"}};
  Html mine;
  for (const auto& one : s.fold.corrections)
    mine += el("li", one.fact, ": ", canonical(one.value), ". ", prose(one.why), " ",
               do_form(s, possible(s, Action::CorrectFact), "end_correction", "End the correction of " + one.fact, all(hidden("fact", one.fact), field({.name = "why", .label = "Why?", .required = true, .most = 4'000, .scope = "end" + one.fact})), std::nullopt));
  return all(mine.empty() ? Html() : all(el("h3", "Corrected facts"), el("ul", mine)),
             do_form(s, possible(s, Action::CorrectFact), "correct_fact", "Correct a fact",
                     all(field({.name = "fact", .label = "Which fact?", .help = "As the facts of this case name it, such as /product/market or /vulnerability/exposed.", .required = true, .most = 200, .scope = "correct"}),
                         field({.name = "value", .label = "What is true?", .help = "Or: unknown.", .required = true, .most = 4'000, .scope = "correct"}), select({.name = "is_list", .label = "Which form has it?", .scope = "correct"}, kinds),
                         field({.name = "why", .label = "Why?", .kind = Field::Kind::Text, .required = true, .most = 4'000, .scope = "correct"})),
                     std::nullopt));
}

}  // namespace

Html law_part(const Scene& s) {
  if (s.stub()) return {};
  if (s.law.empty()) {
    return section("law", "Law and standards", el("form", {attr("method", "get"), action((path("/cases") / s.fold.id.text()).fragment("law"))}, hidden("law", "shown"), submit("Work it out", "button second")));
  }
  const auto* scope = s.law.if_contains("scope");
  Html troubles;
  for (const auto& one : list_of(s.law, "findings")) troubles += notice(Tone::Alarm, "A part of the case could not be asked about", all(words_in(one, "message"), " ", words_in(one, "where")));
  auto acts = outcomes_of(s);
  if (!acts.empty()) acts = all(el("h3", "What each act may expect"), acts);
  return section("law", "Law and standards",
                 all(troubles, el("h3", "Duties"), duties_table(s), acts, el("h3", "Scope"), scope == nullptr ? Html() : scope_table(s, list_of(*scope, "regimes")), not_said_list(s), correct_form(s), el("p", {cls("quiet")}, std::string(string_at(s.law, "note")))));
}

void add_law_waits(const Scene& s, std::vector<Waiting>& out) {
  for (const auto& duty : list_of(s.law, "duties")) {
    const auto state = words_in(duty, "state"), force = words_in(duty, "force");
    if (string_at(duty, "on") != s.own().text() || (force != "law" && force != "policy") || (state != "open" && state != "missed" && state != "late")) continue;
    const auto read = evaluated_instant(string_at(duty, "due_at"));
    if (!read) continue;  // without a number a duty is always due: it stands in its table
    out.push_back({"A duty of a law in scope is " + state, "law", *read});
  }
}

}  // namespace sluice::web::pages
