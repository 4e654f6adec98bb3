// Law and standards in a case: which count and why, what each act may expect, what is owed by when. All of it from what the viewer may read.
#include <algorithm>
#include <set>

#include "web/pages/law_words.h"

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

Html unverified(const json::value& of) { return says_no(of, "verified") ? all(" ", badge(Tone::Waiting, "not verified", "Nobody has checked this rule against its text yet.")) : Html(); }

Html cited_words(const Scene& s, const json::value& of) { return rule_words(s, string_at(of, "rule"), string_at(of, "citation")); }

bool says_yes(const json::value& value, std::string_view key) {
  const auto* found = value.is_object() ? value.get_object().if_contains(key) : nullptr;
  return found != nullptr && found->is_bool() && found->get_bool();
}

std::string scope_state(std::string_view state) {
  if (state == "confirmed") return "confirmed";
  if (state == "left-out") return "left out";
  if (state == "proposed") return "proposed, and counts";
  if (state == "asked") return "not known yet";
  return "out";
}

// A draft, a law of a later time and a repealed one may be in scope by the facts, and nothing follows from them.
Html scope_badge(const json::value& one) {
  const auto state = words_in(one, "state"), force = words_in(one, "force");
  const auto counts_not = says_yes(one, "not_law_yet") || says_yes(one, "law_no_more");
  Html out = badge(!counts_not && (state == "proposed" || state == "asked") ? Tone::Waiting : Tone::Quiet, state == "proposed" && (force == "draft" || counts_not) ? "proposed" : scope_state(state));
  if (says_yes(one, "not_law_yet")) out += el("span", {cls("quiet block")}, "Not law yet at that time; nothing follows from it.");
  if (says_yes(one, "law_no_more")) out += el("span", {cls("quiet block")}, "No longer law at that time; nothing follows from it.");
  if (force == "draft") out += el("span", {cls("quiet block")}, "A draft: it binds nobody and is only shown.");
  return out;
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
        if (fact.is_string()) facts += (facts.empty() ? "" : "; ") + law_text(s, fact.get_string());
      because += el("span", {cls("block")}, party_words(s, string_at(reason, "party")), ": ", facts);
    }
    for (const auto& question : list_of(one, "questions"))
      if (question.is_string()) because += el("span", {cls("block quiet")}, "Not known: ", law_text(s, question.get_string()));
    if (const auto why = words_in(one, "why"); !why.empty()) because += el("span", {cls("block")}, prose(why));
    Html forms;
    for (const auto* in : {"yes", "no"}) {
      if ((state == "confirmed" && std::string_view(in) == "yes") || (state == "left-out" && std::string_view(in) == "no")) continue;
      const auto words = std::string(in) == "yes" ? "Confirm that it counts" : "Take it out";
      forms += do_form(s, may, "confirm_scope", words, all(hidden("regime", id), hidden("in", in), field({.name = "why", .label = "Why?", .kind = Field::Kind::Text, .required = true, .most = 4'000, .scope = "scope-" + id + in})), std::nullopt);
    }
    table.row({all(words_in(one, "title"), el("span", {cls("block quiet")}, words_of_force(force), ", ", s.words.place(words_in(one, "jurisdiction")), ", ", el("code", id))), scope_badge(one), because, forms});
  }
  return table.empty() ? empty_state("No law or policy is in scope.", "Standards always are. Scope follows from where organisations are established and operate, where products are sold, and where an incident was: those stand in organisations' profiles and with products.") : table.html();
}

// What hangs on a word that nobody has said of a party.
Html not_said_list(const Scene& s) {
  Html items;
  for (const auto& one : list_of(s.law, "not_said")) {
    std::string regimes;
    for (const auto& regime : list_of(one, "regimes"))
      if (regime.is_string()) regimes += (regimes.empty() ? "" : ", ") + s.words.title_of(regime.get_string());
    const bool mine = string_at(one, "party") == s.own().text();
    items += el("li", words_in(one, "says"), mine && s.frame.administers ? all(" ", link(path("/administration").fragment("law"), "Say so")) : Html(), el("span", {cls("quiet block")}, "It matters to ", regimes));
  }
  return items.empty() ? Html() : more("What nobody has said of the parties", el("ul", items));
}

// The debtor itself said so, and without its word the duty would stand otherwise.
Html own_word(const Scene& s, const json::value& duty) {
  const auto& words = list_of(duty, "rests_on");
  if (words.empty()) return {};
  Html out = el("span", {cls("block")}, badge(Tone::Waiting, "by its own word", "Without the corrections that the debtor itself made it would stand otherwise."));
  for (const auto& one : words) out += el("span", {cls("quiet block")}, with_names(s, s.words.fact(words_in(one, "fact"))), ": ", prose(words_in(one, "why")));
  const auto& without = duty.at("without");
  const auto state = words_in(without, "state"), due = words_in(without, "due");
  out += el("span", {cls("quiet block")}, "Without that: ", state == "not-triggered" ? std::string("not owed") : state + (due.empty() ? "" : ", due " + due), ".");
  return out;
}

// What waits on a clock comes first: the answer has them so.
Html duties_table(const Scene& s) {
  Table table("What is owed", {"State", "Due", "By whom", "To", "What", "Rule"});
  for (const auto& duty : list_of(s.law, "duties")) {
    const auto state = words_in(duty, "state"), force = words_in(duty, "force"), to = words_in(duty, "to");
    if (force != "law" && force != "policy") continue;
    auto due = due_words(s, duty, state == "open" || state == "missed");
    if (due.empty()) due = all(state == "waiting" ? "not running yet" : state == "not-triggered" ? "not owed" : "no date in the text");
    auto kept = badge(said_of_duty(state));
    if (state == "waiting")
      if (const auto why = s.words.reason(words_in(duty, "why")), says = words_in(duty, "says"); why.starts_with(says)) kept += el("span", {cls("quiet block")}, with_names(s, why.substr(says.size())));
    if (says_yes(duty, "not_stated")) kept += el("span", {cls("quiet block")}, "Nobody has stated when that was. Once it has happened, state it as ", el("code", words_in(duty, "waits_for")), ".");
    kept += own_word(s, duty);
    table.row({kept, due, party_words(s, string_at(duty, "on")), s.words.asked(to), all(words_in(duty, "says")), all(cited_words(s, duty), unverified(duty))});
  }
  return table.empty() ? empty_state("Nothing is owed by a law in scope.", "Duties come up by themselves when something is recorded here, such as an attack.") : table.html();
}

// Whom an act tells: somebody of the case, or what the packs' words name.
std::string told_words(const Scene& s, const std::string& to) { return OrganisationId::parse(to) ? party_words(s, to) : s.words.told(to); }

// An act in words: a release, a report, somebody told.
Html act_words(const Scene& s, const json::value& evaluation, std::string_view id) {
  const auto* facts = evaluation.is_object() ? evaluation.get_object().if_contains("facts") : nullptr;
  if (facts == nullptr) return Html(with_names(s, id));
  for (const auto& act : list_of(*facts, "actions"))
    if (string_at(act, "id") == id) {
      auto does = s.words.word(words_in(act, "type"));
      if (!does.empty() && does[0] >= 'a' && does[0] <= 'z') does[0] = static_cast<char>(does[0] - 'a' + 'A');
      Html out = all(does, ", by ", party_words(s, string_at(act, "actor")));
      if (const auto to = words_in(act, "to"); !to.empty()) out += all(", to ", told_words(s, to));
      std::string content;
      for (const auto& one : list_of(act, "content"))
        if (one.is_string()) content += (content.empty() ? "" : "; ") + s.words.word(one.get_string());
      if (!content.empty()) out += all(", with ", content);
      if (const auto at = evaluated_instant(string_at(act, "at"))) out += all(", ", time(*at));
      return out;
    }
  return Html(with_names(s, id));
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
          verdicts += el("li", el("strong", words_of_verdict(string_at(verdict, "verdict"))), " (", words_of_force(string_at(verdict, "force")), "): ", with_names(s, s.words.reason(words_in(verdict, "why"))), " ", el("span", {cls("quiet")}, cited_words(s, verdict)), unverified(verdict));
      if (verdicts.empty()) continue;
      const auto act = act_words(s, evaluation, one.key());
      if (!shown.insert(act.markup() + "\n" + outcome + "\n" + verdicts.markup()).second) continue;
      const auto provider = words_in(evaluation, "provider");
      auto said = said_of_outcome(outcome);
      auto explained = Html(said.explained);
      if (const auto* set_aside = find_at(evaluation, "/set_aside/" + pointer_token(one.key())); set_aside != nullptr) {
        const auto at = evaluated_instant(string_at(*set_aside, "at"));
        said = {"set aside by a decision", Tone::Held};
        explained = all(outcome == "conflict" ? "The law demands this and forbids it" : "This is forbidden", ", and it was set aside by ", "a decision", at ? all(" of ", time(*at)) : Html(), ".");
      }
      out += more(all(act, several && !provider.empty() ? ", as to " + party_words(s, provider) + "'s product" : std::string(), " ", badge(said)), all(el("p", explained), el("ul", verdicts)), outcome == "deny" || outcome == "conflict");
    }
    Html conflicts;
    for (const auto& conflict : list_of(evaluation, "conflicts")) {
      Html rules;
      for (const auto& rule : list_of(conflict, "rules"))
        if (rule.is_string()) rules += el("li", rule_words(s, rule.get_string(), {}));
      conflicts += el("li", words_of_conflict(string_at(conflict, "kind")), ": ", law_text(s, words_in(conflict, "why")), ".", el("ul", rules));
    }
    const auto* more_conflicts = evaluation.as_object().if_contains("more");
    if (!conflicts.empty()) out += all(el("h3", "What can't all be kept"), el("ul", conflicts));
    if (more_conflicts != nullptr && *more_conflicts == json::value(true)) out += el("p", "There are more conflicts than these, or may be.");
    // Of all conflicts of this part together: one way takes a member out of each.
    Html ways;
    for (const auto& way : list_of(evaluation, "ways_out")) ways += el("li", law_text(s, words_in(way, "says")));
    if (const auto none = words_in(evaluation, "no_ways_out"); !none.empty()) out += all(el("h3", "Ways out"), el("p", "None was found: ", law_text(s, none), "."));
    const auto note = words_in(evaluation, "ways_out_note");
    if (!ways.empty())
      out += all(el("h3", "Ways out"), note.empty() ? el("p", "The lightest first; any one of them is enough. Which one is taken is a person's decision, and stays on record.")
                                                    : el("p", "Any one of them is enough; ", law_text(s, note), ". Which one is taken is a person's decision, and stays on record."), el("ol", ways));
  }
  return out;
}

// A stated value, "yes" or a list among them, in words.
std::string value_words(const Scene& s, const json::value& value) {
  if (value.is_null()) return "not known";
  if (value.is_bool()) return value.get_bool() ? "yes" : "no";
  if (value.is_string()) {
    const auto place = s.words.place(value.get_string());
    return place == value.get_string() ? s.words.word(place) : place;
  }
  if (!value.is_array()) return canonical(value);
  std::string out;
  for (const auto& one : value.get_array()) out += (out.empty() ? "" : ", ") + value_words(s, one);
  return out;
}

Html correct_form(const Scene& s) {
  const std::vector<Option> kinds{{"no", "One word, number or instant"}, {"yes", "A list, with commas"}};
  Html mine;
  for (const auto& one : s.fold.corrections)
    mine += el("li", with_names(s, s.words.fact(one.fact)), ": ", value_words(s, one.value), ". ", prose(one.why), " ",
               do_form(s, possible(s, Action::CorrectFact), "end_correction", "End the correction of " + with_names(s, s.words.fact(one.fact)), all(hidden("fact", one.fact), field({.name = "why", .label = "Why?", .required = true, .most = 4'000, .scope = "end" + one.fact})), std::nullopt));
  std::vector<Option> known;
  for (auto& [pointer, words] : s.words.facts()) known.push_back({pointer, words});
  return all(mine.empty() ? Html() : all(el("h3", "Corrected facts"), el("ul", mine)),
             do_form(s, possible(s, Action::CorrectFact), "correct_fact", "Correct a fact",
                     all(field({.name = "fact", .label = "Which fact?", .help = "Choose one, or write it as the facts of this case name it.", .required = true, .most = 200, .scope = "correct", .offers = known}),
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
  for (const auto& one : list_of(s.law, "findings")) troubles += notice(Tone::Alarm, "A part of the case could not be asked about", all(words_in(one, "message"), " ", with_names(s, s.words.fact(words_in(one, "where")))));
  auto acts = outcomes_of(s);
  if (!acts.empty()) acts = all(el("h3", "What each act may expect"), acts);
  const auto print = el("p", link(path("/cases") / s.fold.id.text() / "law" / "print", "All of it as one page to print, for counsel"));
  return section("law", "Law and standards",
                 all(part_of_case(s), print, troubles, el("h3", "Duties"), duties_table(s), acts, el("h3", "Scope"), scope == nullptr ? Html() : scope_table(s, list_of(*scope, "regimes")), not_said_list(s), correct_form(s), el("p", {cls("quiet")}, std::string(string_at(s.law, "note")))));
}

void add_law_waits(const Scene& s, std::vector<Waiting>& out) {
  for (const auto& duty : list_of(s.law, "duties")) {
    const auto state = words_in(duty, "state"), force = words_in(duty, "force");
    if (string_at(duty, "on") != s.own().text() || (force != "law" && force != "policy") || (state != "open" && state != "missed")) continue;  // late is done
    const auto read = evaluated_instant(string_at(duty, "due_at"));
    if (!read) continue;  // without a number a duty is always due: it stands in its table
    out.push_back({(state == "open" ? "By law: " : "By law, and its time has passed: ") + words_in(duty, "says"), "law", *read});
  }
}

}  // namespace sluice::web::pages
