// The printed evaluation, section by section in the order in which counsel asks: what comes out, why, what is owed, what can't be kept together, and what all that rests on.
// One idea: each section is a function from the evaluation to Html, and says in words what the JSON says in fields.
#include "regimes/page.h"

#include <algorithm>
#include <boost/json/serialize.hpp>

#include "base/time_words.h"
#include "regimes/changes.h"
#include "regimes/due_that_holds.h"
#include "regimes/find.h"
#include "regimes/page_markup.h"
#include "regimes/page_time_line.h"
#include "regimes/plain_words.h"
#include "regimes/sanctions.h"
#include "regimes/wrong_body.h"

namespace sluice::regimes {

namespace page {
namespace {

// Words, signs and tones, in the order of the enumerations.
constexpr std::size_t kFewNamed = 4;
constexpr std::size_t kMostWorlds = 36;  // combinations of readings that are listed one by one
constexpr std::size_t kMostAcross = 5;   // columns beside the first that a sheet of A4 holds; a wider table goes on in another

struct Look { std::string_view words, sign, tone; };
constexpr Look kWordLooks[] = {{"demands", "!", "waiting"}, {"forbids", "✕", "alarm"}, {"permits", "✓", "good"}, {"advises", "↗", "plain"}, {"advises against", "↘", "held"}};
constexpr Look kOutcomeLooks[] = {{"conflict", "⚡", "alarm"}, {"deny", "✕", "alarm"}, {"allow with duties", "✓", "good"}, {"allow", "✓", "good"}};
constexpr std::string_view kOutcomeSays[] = {"The law demands this and forbids it, and no other time or content satisfies both.",
                                             "As planned, this is forbidden.",
                                             "This may be done; what had to come first has been done, or is planned to be.",
                                             "Nothing that binds stands in the way."};
constexpr Look kStateLooks[] = {{"doesn't arise", "–", "plain"}, {"waiting", "…", "plain"}, {"open", "○", "waiting"}, {"met", "✓", "good"}, {"late", "✕", "alarm"}, {"missed", "✕", "alarm"}};
constexpr std::string_view kOwnPolicy = ", whose own policy this is";   // how a ground ends that rule.cpp gives
constexpr std::string_view kForceSays[] = {"law", "draft, binds nobody", "own policy", "advice"};

Html badge(const Look& look, std::string_view more = {}, bool is_light = false) {
  return el("span", {{"class", "badge " + std::string(look.tone) + (is_light ? " light" : "")}}, el("span", {{"aria-hidden", "true"}}, look.sign), " ", look.words, more);
}
Html here(const std::string& id, const Html& words) { return el("a", {{"href", "#" + id}}, words); }
Html doubt() { return el("span", {{"class", "doubt"}}, "unverified"); }

class Writer {
 public:
  // `part`: before the names of places on the page, where it holds several evaluations.
  Writer(const Evaluation& all, const std::vector<Dependence>& dependences, const PageParts& parts, std::string part = {})
      : all_(all), dependences_(dependences), parts_(parts), words_(all.world->words), part_(std::move(part)), ways_(regimes::ways_out(all)) {
    for (const auto& one : all.verdicts.spoken) of_action_[one.action].push_back(&one);
    find_wrong_bodies();
    find_first_steps();
  }

  std::string page() const {
    const auto& scenario = *all_.scenario;
    const auto title = scenario.title.empty() ? scenario.id.empty() ? std::string("Evaluation") : scenario.id : scenario.title;
    Html contents, sections;
    write(contents, sections);
    return document(title, el("header", el("h1", title), subtitle(), in_short()) + el("nav", {{"aria-label", "On this page"}}, el("ul", contents)) + el("main", sections));
  }

  // One of several.
  Html part(const std::string& about) const {
    Html contents, sections;
    write(contents, sections);
    return el("article", {{"id", part_ + "part"}}, el("header", about.empty() ? Html() : el("h1", about), subtitle(), in_short()), el("nav", {{"aria-label", about.empty() ? "On this page" : "On this page: " + about}}, el("ul", contents)), sections);
  }

  static std::string document(const std::string& title, const Html& body) {
    const Html head = el("meta", {{"charset", "utf-8"}}) + el("meta", {{"name", "viewport"}, {"content", "width=device-width, initial-scale=1"}}) +
                      el("meta", {{"http-equiv", "Content-Security-Policy"}, {"content", "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"}}) +
                      el("title", title + ": what the rules say") + sheet(style_of_page());
    return "<!DOCTYPE html>\n" + el("html", {{"lang", "en"}}, el("head", head), el("body", el("a", {{"class", "skip"}, {"href", "#matrix"}}, "To the answer"), body)).markup() + "\n";
  }

 private:
  Html subtitle() const {
    const auto& scenario = *all_.scenario;
    return el("p", {{"class", "quiet"}}, scenario.id.empty() ? Html() : el("code", scenario.id) + " · ", "as of ", time_of(scenario.as_of), " · ", counted(all_.packs.size(), "regime"), " · a reading of the rules listed here, not legal advice");
  }
  void write(Html& contents, Html& sections) const {
    const auto add = [&](const char* id, const char* words, const Html& inside, const char* shape = "") {
      if (inside.empty()) return;
      contents += el("li", here(part_ + id, words));
      sections += el("section", {{"class", shape}, {"aria-labelledby", part_ + id}}, el("h2", {{"id", part_ + id}}, words), inside);
    };
    add("matrix", "What each regime says of each action", matrix(), "wide");
    add("actions", "Why: action by action", actions());
    add("duties", "Duties", duties(), "wide");
    add("plan", "Best dates", plan(), "wide");
    add("line", "Time line", time_line(all_));
    add("conflicts", "Conflicts and order", conflicts());
    add("divergences", "Where the rules depart from the standards", divergences());
    add("readings", "What depends on a reading", readings());
    add("worlds", "The answer under every reading", worlds());
    add("questions", "Open questions", questions());
    add("case", "The case as it was given", facts());
    add("regimes", "Regimes and editions", regimes());
    add("repealed", "What is no longer in force", repealed());
    add("unverified", "What is unverified", unverified());
  }
  static std::string counted(std::size_t count, std::string_view noun) { return std::to_string(count) + " " + std::string(noun) + (count == 1 ? "" : "s"); }
  static std::string listed(const std::vector<std::string>& words, std::string_view last = " and ", std::string_view joint = ", ") {
    std::string out;
    for (std::size_t i = 0; i < words.size(); ++i) out += (i == 0 ? std::string_view() : i + 1 == words.size() ? last : joint), out += words[i];
    return out;
  }
  std::string id_of(const Verdict& one) const { return part_ + "v-" + std::to_string(&one - all_.verdicts.spoken.data()); }
  std::string id_of(const Action& one) const { return part_ + "a-" + std::to_string(&one - all_.scenario->actions.data()); }
  std::string id_of(const Pack& one) const { return part_ + "p-" + std::to_string(std::find(all_.packs.begin(), all_.packs.end(), &one) - all_.packs.begin()); }
  std::string id_of(const Duty& one) const { return part_ + "d-" + std::to_string(&one - all_.duties.data()); }

  // Whom an act tells, a level being that level; and whom a rule asks for.
  std::string recipients(const Recipients& all, std::string_view joint = " and ") const { return plain_recipients(words_, all, Level::Exactly, joint); }
  std::string recipients(const Circles& all) const { return plain_recipients(words_, all); }
  std::string asked(const Recipients& all) const { return plain_recipients(words_, all, Level::OrAbove); }
  std::string action_words(const Action& one) const {
    const auto content = content_words(one.content);
    const auto stage = std::string(words_.plain(one.stage));
    const bool is_said = std::find(content.begin(), content.end(), stage) != content.end();
    return std::string(words_.plain(one.type)) + (one.to.empty() ? "" : ", to " + recipients(one.to)) + (content.empty() ? "" : ", with " + listed(content)) + (stage.empty() || is_said ? "" : " (" + stage + ")");
  }
  std::vector<std::string> content_words(const std::set<std::string>& content) const {
    std::vector<std::string> out;
    for (const auto& word : content) {
      const auto said = std::string(words_.plain(word));
      out.push_back(said.starts_with("that ") ? "the fact " + said : said);
    }
    return out;
  }
  std::string who(const std::string& id) const {
    const auto* party = all_.scenario->party(id);
    return party == nullptr || party->role.empty() ? id : id + " (" + std::string(words_.plain(party->role)) + ")";
  }
  std::string when_words(const Action& one) const { return one.at ? instant_words(one.at->at) : "no date: judged as of " + instant_words(all_.scenario->as_of); }
  std::string until_words(const std::string& until) const { return words_.says.contains(until) ? std::string(words_.plain(until)) : plain_text(words_, until); }

  // The edition of a standard that speaks of as_of, where it isn't the newest: title and status of the pack are of that.
  std::optional<EditionRead> earlier_edition(const Pack& pack) const {
    if (pack.editions.empty() || pack.rules.empty()) return {};
    auto read = edition_of(pack, pack.rules.front(), all_.scenario->as_of);
    const auto own = std::find_if(pack.editions.begin(), pack.editions.end(), [&](const Edition& one) { return one.name == read->name; });
    return std::any_of(own, pack.editions.end(), [&](const Edition& one) { return &one != &*own && one.obtained; }) ? read : std::nullopt;
  }
  std::string title_of(const Pack& pack) const {
    const auto edition = earlier_edition(pack);
    if (!edition) return pack.title;
    const std::string then = edition->is_early ? ", not published yet then" : ", the edition that spoke then";
    const bool is_number = edition->name.find_first_not_of("0123456789.") == edition->name.npos;
    return (is_number ? pack.title + ", edition " + edition->name : edition->name) + then;
  }
  // A rule where a sentence needs its name: its place in the text, and which text.
  Html named_rule(const std::string& name) const {
    const auto* pack = pack_of(name);
    const auto* rule = pack == nullptr ? nullptr : pack->rule(name);
    if (rule == nullptr) return name == kEmbargo ? Html("the agreed embargo") : Html(name);
    return Html(rule->cite) + " of " + here(id_of(*pack), title_of(*pack)) + (rule->verified ? Html() : Html(" ") + doubt());
  }
  Html named_rules(const std::vector<std::string>& names) const {
    Html out;
    for (std::size_t i = 0; i < names.size(); ++i) out += (i == 0 ? Html() : Html(i + 1 == names.size() ? ", and " : "; ")) + named_rule(names[i]);
    return out;
  }
  bool is_barred(const std::string& action) const {
    const auto outcome = all_.outcomes.find(action);
    return outcome != all_.outcomes.end() && (outcome->second == Outcome::Deny || outcome->second == Outcome::Conflict);
  }

  // Regime, place in it, and of a standard the edition and its clause.
  Html source(const Applied& rule, bool is_long = false) const {
    Html out = here(id_of(*rule.pack), is_long ? title_of(*rule.pack) : rule.pack->id) + ", " + rule.rule->cite;
    if (const auto edition = edition_of(*rule.pack, *rule.rule, all_.scenario->as_of)) {
      const bool says_more = edition->clause != rule.rule->cite || !edition->clause_known;
      out += Html(" [" + edition->name + (says_more ? ", clause " + edition->clause : "")) + (edition->clause_known ? Html() : Html(" by its later number ") + doubt()) + Html((edition->is_early ? ", not published yet then" : std::string()) +
                  (edition->withdrawn ? ", withdrawn" + (edition->successor.empty() ? "" : "; successor: " + edition->successor) : "") + "]");
    }
    if (!rule.rule->verified) out += Html(" ") + doubt();
    return out;
  }
  Html marks(const Rule& rule) const { return el("span", {{"class", "quiet"}}, "mark: " + listed(rule.mark, ", ")); }

  Html grounds(const Applied& rule, const Grounds& given) const {
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

  Html exposure(const std::optional<Exposure>& exposed) const {
    if (!exposed) return {};
    Html out;
    for (const auto& one : exposed->sanctions) {
      out += el("p", el("strong", "Sanction: "), one.rule->says, " (", one.rule->cite, ")", one.is_sure ? "" : " Whether it applies turns on facts that nobody gave.", one.rule->notes.empty() ? "" : " " + one.rule->notes, " ",
                one.rule->verified ? Html() : doubt());
    }
    if (!exposed->none.empty()) out += el("p", {{"class", "quiet"}}, "Sanction: " + exposed->none);
    return out;
  }

  // In a row of the table; what each says stands once below it.
  static Html exposure_in_short(const std::optional<Exposure>& exposed, const char* words) {
    if (!exposed) return {};
    std::vector<std::string> cites;
    for (const auto& one : exposed->sanctions) cites.push_back(one.rule->cite + (one.is_sure ? "" : ", if it applies"));
    return el("p", {{"class", "quiet"}}, words, cites.empty() ? exposed->none : listed(cites) + ", see below");
  }
  Html sanctions() const {
    std::set<std::string> seen;
    Html list;
    for (const auto& duty : all_.duties)
      if (const auto exposed = exposure_of(all_, duty))
        for (const auto& one : exposed->sanctions)
          if (seen.insert(one.rule->id).second) list += el("li", source(applied(*all_.world, *duty.rule.pack, *one.rule)), ": ", one.rule->says, one.rule->notes.empty() ? "" : " " + one.rule->notes);
    return list.empty() ? list : el("h3", "Sanctions that a duty not kept would meet") + el("ul", list);
  }

  // `rule`: whose question it is, where it doesn't stand beside it.
  Html wrong(const std::vector<WrongBody>& all, const Applied* rule = nullptr) const {
    Html out;
    for (const auto& one : all) {
      Html right;
      for (const auto& body : one.right) right += (right.empty() ? Html() : Html("; ")) + to_text(body) + " (" + body.remit->basis + ")" + (body.remit->verified ? Html() : Html(" ") + doubt()) + (body.remit->unclear.empty() ? "" : " – not settled: " + body.remit->unclear);
      out += el("p", el("strong", one.action->id), " went to ", recipients(one.action->to), rule == nullptr ? Html(", which fulfils nothing here. Asked is: ") : Html(", which fulfils nothing of ") + source(*rule) + ". Asked there is: ", asked(one.asked), ".", right.empty() ? Html() : Html(" The right body: ") + right + ".");
    }
    return out;
  }

  Html in_short() const {
    const auto& c = all_.conflicts;
    Html items;
    const auto item = [&](const Html& inside) { items += el("li", inside); };
    for (const auto& action : all_.scenario->actions) {
      const auto outcome = all_.outcomes.at(action.id);
      item(here(id_of(action), action.id) + " (" + action.actor + ", " + action_words(action) + "): " + badge(kOutcomeLooks[std::size_t(outcome)]) + " " + kOutcomeSays[std::size_t(outcome)]);
    }
    std::vector<const Duty*> late, open;
    std::size_t met = 0, by_barred = 0;
    std::set<std::string> barring;
    for (const auto& duty : all_.duties) {
      if (duty.state == DutyState::Missed || duty.state == DutyState::Late) late.push_back(&duty);
      if (duty.state == DutyState::Open) open.push_back(&duty);
      met += duty.state == DutyState::Met;
      if (duty.state == DutyState::Met && is_barred(duty.by)) ++by_barred, barring.insert(duty.by);
    }
    const auto duties_words = [](std::size_t count) { return counted(count, count == 1 ? "duty" : "dutie"); };
    const auto next = std::min_element(open.begin(), open.end(), [](const Duty* a, const Duty* b) { return (a->due ? a->due->at : kNever) < (b->due ? b->due->at : kNever); });
    if (!late.empty()) item(here(part_ + "duties", counted(late.size(), late.size() == 1 ? "duty" : "dutie")) + " not kept in time: " + named(late) + ".");
    if (!open.empty()) item(here(part_ + "duties", counted(open.size(), open.size() == 1 ? "duty" : "dutie")) + " open: " + named(open) + "." + ((*next)->due ? Html() : Html(" Their texts give no number of days: each is due now.")));
    if (late.empty() && open.empty()) item(met > by_barred ? "No duty is open or late; " + duties_words(met - by_barred) + " met." : std::string("No duty is open or late."));
    if (by_barred > 0) item(here(part_ + "duties", duties_words(by_barred)) + " met only by what is itself forbidden as planned: " + listed({barring.begin(), barring.end()}) + ".");
    for (const auto& one : c.all) item(here(part_ + "conflicts", std::string(kind_title(one.kind))) + ": " + named_rules(one.members) + ".");
    if (parts_.plan && parts_.plan->exists && !plan().empty()) item("When each act can be done with every binding rule kept, and what bounds it: see " + here(part_ + "plan", "best dates") + ".");
    if (!questions().empty()) item("Facts are missing that could change this: see " + here(part_ + "questions", "open questions") + ".");
    if (!dependences_.empty()) item("Some answers depend on how a text is read: see " + here(part_ + "readings", "what depends on a reading") + ".");
    const bool is_broken = !late.empty() || std::any_of(all_.outcomes.begin(), all_.outcomes.end(), [](const auto& one) { return one.second == Outcome::Deny || one.second == Outcome::Conflict; });
    const bool is_past = std::any_of(late.begin(), late.end(), [&](const Duty* one) { return one->due && one->due->at <= When(all_.scenario->as_of); });
    const auto* headline = !c.feasible ? "No schedule keeps every rule that binds: something has to give." : is_past ? "Rules that bind were broken, or are by this plan. A schedule could have kept them all; a day that is past can't be kept any more." : is_broken ? "As it stands this plan breaks rules that bind, though a schedule exists that keeps them all." : "This plan breaks no rule that binds.";
    return el("div", {{"class", "short"}}, el("p", headline), el("ul", items));
  }

  // The first few, by who owes them and where they stand.
  std::string named(std::vector<const Duty*> some) const {
    std::stable_sort(some.begin(), some.end(), [](const Duty* a, const Duty* b) { return (a->due ? a->due->at : kNever) < (b->due ? b->due->at : kNever); });
    std::vector<std::string> out;
    for (const auto* one : some)
      if (out.size() < kFewNamed) out.push_back(one->on->id + ", " + one->rule.pack->id + " " + one->rule.rule->cite + (one->due ? ", due by " + due_in_words(*one) : ""));
    return listed(out, "; ", "; ") + (some.size() > kFewNamed ? "; and " + std::to_string(some.size() - kFewNamed) + " more" : "");
  }

  // The longer of the two sides goes down the page.
  Html matrix() const {
    if (all_.scenario->actions.empty()) return el("p", "The case has no actions.");
    std::vector<const Pack*> speaking;
    std::vector<std::string> silent;
    for (const auto* pack : all_.packs) {
      const bool speaks = std::any_of(all_.verdicts.spoken.begin(), all_.verdicts.spoken.end(), [&](const Verdict& one) { return one.rule.pack == pack; });
      if (speaks) speaking.push_back(pack);
      else silent.push_back(title_of(*pack));
    }
    Html out;
    if (!speaking.empty()) {
      const bool actions_down = all_.scenario->actions.size() >= speaking.size();
      const auto across = actions_down ? speaking.size() : all_.scenario->actions.size();
      const auto tables = (across + kMostAcross - 1) / kMostAcross;
      for (std::size_t i = 0; i < tables; ++i) {
        const auto from = i * kMostAcross, to = std::min(across, from + kMostAcross);
        const auto nth = tables == 1 ? std::string() : " (" + std::to_string(i + 1) + " of " + std::to_string(tables) + ")";
        out += el("div", {{"class", "scroll"}, {"tabindex", "0"}, {"role", "region"}, {"aria-label", "Verdicts by action and regime" + nth}},
                  el("table", {{"class", "matrix stack"}}, el("caption", "Each word leads to its reason. A dashed border: a draft or advice, which decides nothing." + nth), actions_down ? actions_down_of(speaking, from, to) : regimes_down_of(speaking, from, to)));
      }
    }
    if (!silent.empty()) out += el("p", speaking.empty() ? "No regime of this case says anything of these actions: " : "Silent on every action: ", listed(silent, "; ", "; "), ".");
    return out;
  }
  Html action_head(const Action& one) const { return here(id_of(one), one.id) + " " + el("span", {{"class", "quiet"}}, words_.plain(one.type)); }
  Html pack_head(const Pack& one) const { return here(id_of(one), title_of(one)) + " " + el("span", {{"class", "quiet"}}, one.id + ", " + force_words(one)); }
  Html actions_down_of(const std::vector<const Pack*>& speaking, std::size_t from, std::size_t to) const {
    Html first = el("th", {{"scope", "col"}}, "Action"), rows;
    for (auto i = from; i < to; ++i) first += el("th", {{"scope", "col"}}, pack_head(*speaking[i]));
    first += el("th", {{"scope", "col"}}, "Outcome");
    for (const auto& action : all_.scenario->actions) {
      Html row = el("th", {{"scope", "row"}}, action_head(action));
      for (auto i = from; i < to; ++i) row += el("td", {{"data-column", speaking[i]->id}}, cell(action, *speaking[i]));
      rows += el("tr", row + el("td", {{"data-column", "Outcome"}}, outcome_badge(action)));
    }
    return el("thead", el("tr", first)) + el("tbody", rows);
  }
  Html regimes_down_of(const std::vector<const Pack*>& speaking, std::size_t from, std::size_t to) const {
    const auto& actions = all_.scenario->actions;
    Html first = el("th", {{"scope", "col"}}, "Regime"), rows, last = el("th", {{"scope", "row"}}, "Outcome");
    for (auto i = from; i < to; ++i) first += el("th", {{"scope", "col"}}, action_head(actions[i]));
    for (const auto* pack : speaking) {
      Html row = el("th", {{"scope", "row"}}, pack_head(*pack));
      for (auto i = from; i < to; ++i) row += el("td", {{"data-column", actions[i].id}}, cell(actions[i], *pack));
      rows += el("tr", row);
    }
    for (auto i = from; i < to; ++i) last += el("td", {{"data-column", actions[i].id}}, outcome_badge(actions[i]));
    return el("thead", el("tr", first)) + el("tbody", rows + el("tr", last));
  }
  Html outcome_badge(const Action& action) const { return here(id_of(action), badge(kOutcomeLooks[std::size_t(all_.outcomes.at(action.id))])); }
  Html cell(const Action& action, const Pack& pack) const {
    Html out;
    for (std::size_t word = 0; word < std::size(kWordLooks); ++word) {
      const Verdict* first = nullptr;
      std::size_t count = 0;
      for (const auto* one : verdicts_on(action))
        if (one->rule.pack == &pack && std::size_t(one->word) == word) first = first == nullptr ? one : first, ++count;
      if (first != nullptr) out += here(id_of(*first), badge(kWordLooks[word], count > 1 ? " ×" + std::to_string(count) : "", first->force == Force::Draft || first->force == Force::Advice));
    }
    return out.empty() ? el("span", {{"class", "quiet"}}, "silent") : out;
  }
  std::string force_words(const Pack& pack) const {
    if (pack.force == Force::Draft && all_.world->is_assumed(pack)) return "draft, assumed in force";
    if (pack.force == Force::Law && pack.until && all_.scenario->as_of >= *pack.until) return "repealed law";
    return std::string(kForceSays[std::size_t(pack.force)]);
  }

  Html actions() const {
    Html out;
    for (const auto& action : all_.scenario->actions) {
      const auto outcome = all_.outcomes.at(action.id);
      out += el("h3", {{"id", id_of(action)}}, action.id, ": ", action_words(action));
      out += el("p", "By ", who(action.actor), ", ", (action.at ? time_of(action.at->at) : Html(when_words(action))), ". ", badge(kOutcomeLooks[std::size_t(outcome)]), " ", kOutcomeSays[std::size_t(outcome)], decided_by(action));
      auto mine = verdicts_on(action);
      std::stable_sort(mine.begin(), mine.end(), [](const Verdict* a, const Verdict* b) { return std::pair(rank(*a), a->word != Word::Forbids) < std::pair(rank(*b), b->word != Word::Forbids); });
      for (const auto* one : mine) out += reason(*one);
      const auto elsewhere = wrong_at(action), opened = mine.empty() ? opened_by(action) : Html();
      out += elsewhere + opened;
      if (mine.empty() && elsewhere.empty() && opened.empty()) out += el("p", {{"class", "quiet"}}, "No rule of the regimes listed says anything of it.");
    }
    return out;
  }
  // An act that went to a body which isn't asked, said where the act is.
  Html wrong_at(const Action& action) const {
    Html out;
    if (const auto found = wrong_at_.find(&action); found != wrong_at_.end())
      for (const auto& [rule, bodies] : found->second) out += wrong(bodies, rule);
    return out;
  }
  // Where no rule speaks of an act itself: the later acts that it is the first step of.
  Html opened_by(const Action& action) const {
    const auto found = opened_by_.find(action.id);
    if (found == opened_by_.end()) return {};
    Html list;
    for (const auto& [rule, later] : found->second) list += el("li", "for ", here(id_of(*later), later->id), ": ", rule.rule->says, " (", source(rule), ")");
    return el("p", "No rule asks for it or forbids it, but it is a step that something else in the plan needs first:") + el("ul", list);
  }
  // Both once for all acts: each look goes through all duties and verdicts.
  void find_wrong_bodies() {
    const auto look = [&](const Applied& rule, const std::vector<WrongBody>& all) {
      for (const auto& one : all) {
        auto& there = wrong_at_[one.action];
        const auto same = std::find_if(there.begin(), there.end(), [&](const auto& known) { return known.first->rule == rule.rule; });
        if (same == there.end()) there.emplace_back(&rule, std::vector{one});
      }
    };
    for (const auto& one : all_.duties) look(one.rule, wrong_bodies(all_, one));
    for (const auto& one : all_.verdicts.spoken) look(one.rule, wrong_bodies(all_, one));
  }
  void find_first_steps() {
    std::set<std::tuple<const Rule*, const Action*, std::string>> seen;
    for (const auto& one : all_.verdicts.spoken) {
      std::vector<const Rule*> rules{one.rule.rule};
      for (const auto& id : one.rule.body->excepted_by)
        if (const auto* other = one.rule.pack->rule(id)) rules.push_back(other);
      for (const auto* rule : rules) {
        const auto way = applied(*all_.world, *one.rule.pack, *rule);
        const auto step = first_step(way, *all_.scenario->party(one.action->actor), one.action);
        if (step && step->by != one.action->id && seen.insert({rule, one.action, step->by}).second) opened_by_[step->by].emplace_back(way, one.action);
      }
    }
  }
  // A ban that ends without the step that it asks for: on that day another way of the same text is open.
  Html other_way(const Verdict& one) const {
    if (one.word != Word::Forbids || one.rule.body->modality != Modality::Precondition || !one.until) return {};
    const auto& party = *all_.scenario->party(one.action->actor);
    const auto at = done_at(*one.action).value_or(When(all_.scenario->as_of));
    for (const auto& id : one.rule.body->excepted_by) {
      const auto* other = one.rule.pack->rule(id);
      if (other == nullptr) continue;
      const auto rule = applied(*all_.world, *one.rule.pack, *other);
      auto unused = Grounds::unasked();
      std::optional<When> from;
      permission_stands(rule, party, one.action, at, unused, &from);
      if (!from || *from <= at || to_text(*from) != *one.until) continue;
      const auto step = first_step(rule, party, one.action);
      return el("p", "Its end comes from another way that the same text opens", step ? Html(", by " + plain_text(words_, step->by) + " of " + instant_words(step->at.at)) : Html(), ": ", other->says, " (", source(rule), ")");
    }
    return {};
  }
  static int rank(const Verdict& one) { return one.force == Force::Law ? 0 : one.force == Force::Policy ? 1 : one.force == Force::Draft ? 2 : 3; }
  // The verdicts that made the outcome.
  Html decided_by(const Action& action) const {
    const auto outcome = all_.outcomes.at(action.id);
    Html out;
    for (const auto* one : verdicts_on(action)) {
      if (rank(*one) > 1) continue;
      const bool decides = outcome == Outcome::Deny || outcome == Outcome::Conflict ? one->word == Word::Forbids || (outcome == Outcome::Conflict && one->word == Word::Demands) : outcome == Outcome::AllowWithDuties && one->met_precondition;
      if (decides) out += (out.empty() ? Html(" Decided by ") : Html(", ")) + here(id_of(*one), one->rule.pack->id + " " + one->rule.rule->cite);
    }
    return out.empty() ? out : out + ".";
  }
  Html reason(const Verdict& one) const {
    const auto& look = kWordLooks[std::size_t(one.word)];
    const bool is_light = rank(one) > 1;
    Html until;
    if (one.until && (one.word == Word::Forbids || one.word == Word::AdvisesAgainst)) until = Html(" until " + until_words(*one.until));
    Html out = el("p", badge(look, {}, is_light), until, " ", el("span", {{"class", "quiet"}}, force_words(*one.rule.pack)), " · ", source(one.rule, true));
    out += el("p", {{"class", "says"}}, one.rule.rule->says);
    // What `until` says already isn't said twice.
    if (!one.why.empty() && !(one.until && one.why == "until " + *one.until)) out += el("p", upper(plain_text(words_, one.why)) + ".");
    out += other_way(one) + wrong(wrong_bodies(all_, one)) + grounds(one.rule, one.grounds);
    if (!one.rule.rule->notes.empty()) out += el("p", {{"class", "quiet"}}, "Note: " + one.rule.rule->notes);
    out += exposure(exposure_of(all_, one));
    return el("div", {{"class", is_light ? "reason" : "reason binds"}, {"id", id_of(one)}}, out + el("p", marks(*one.rule.rule)));
  }
  static std::string upper(std::string text) {
    if (!text.empty() && text[0] >= 'a' && text[0] <= 'z' && text.find(' ') != text.npos) text[0] = char(text[0] - 'a' + 'A');
    return text;
  }

  Html duties() const {
    std::vector<const Duty*> owed, rest;
    for (const auto& one : all_.duties) {
      if (one.is_triggered()) owed.push_back(&one);
      else if (one.would_bind) rest.push_back(&one);
    }
    const auto order = [](const Duty& one) {
      static constexpr int kOrder[] = {5, 4, 2, 3, 1, 0};   // missed and late first
      return kOrder[std::size_t(one.state)];
    };
    std::stable_sort(owed.begin(), owed.end(), [&](const Duty* a, const Duty* b) { return std::pair(order(*a), a->due ? a->due->at : kNever) < std::pair(order(*b), b->due ? b->due->at : kNever); });
    Html out, rows;
    for (const auto* one : owed) rows += duty_row(*one);
    if (!owed.empty()) {
      Html head;
      for (const auto* words : {"Who owes", "What, to whom", "By when", "State", "Source"}) head += el("th", {{"scope", "col"}}, words);
      out += el("div", {{"class", "scroll"}, {"tabindex", "0"}, {"role", "region"}, {"aria-label", "Table of duties"}},
                el("table", {{"class", "stack"}}, el("caption", "Planned actions count as if done at their time. A duty without a number in its text is due now, and has no date."), el("thead", el("tr", head)), el("tbody", rows)));
    } else {
      out += el("p", "No duty arises for the parties of this case.");
    }
    out += sanctions();
    if (!rest.empty()) {
      Html list;
      for (const auto* one : rest) list += el("li", one->on->id, ": ", one->rule.rule->says, " (", source(one->rule), ") ", wrong(wrong_bodies(all_, *one)));
      out += el("h3", "What a draft would ask, if it bound") + el("ul", list);
    }
    return out;
  }
  Html duty_row(const Duty& one) const {
    const auto& look = kStateLooks[std::size_t(one.state)];
    const auto column = [](const char* name, const Html& inside) { return el("td", {{"data-column", name}}, inside); };
    Html what = el("p", one.rule.rule->says);
    if (const auto& act = one.rule.body->act; act && !act->to.empty()) {
      what += el("p", "To: ", recipients(act->to), ".");
      const auto where = places(one.rule, *act, *one.on, nullptr);
      std::vector<std::string> bodies;
      std::set<std::string> unclear;
      if (all_.authorities != nullptr)
        for (const auto& body : right_bodies(*all_.authorities, words_, *one.rule.rule, *one.rule.body, where && !where->empty() ? where->front() : "")) {
          if (const auto text = to_text(body); std::find(bodies.begin(), bodies.end(), text) == bodies.end()) bodies.push_back(text);
          if (!body.remit->unclear.empty()) unclear.insert(body.remit->unclear);
        }
      if (!bodies.empty()) what += el("p", {{"class", "quiet"}}, "Competent: " + listed(bodies, "; ") + ".");
      for (const auto& text : unclear) what += el("p", {{"class", "quiet"}}, "Not settled: " + text);
    }
    what += wrong(wrong_bodies(all_, one)) + grounds(one.rule, one.grounds);
    Html when;
    if (one.due) {
      when = time_of(one);
      if (one.due->is_weekends_only) when += el("p", {{"class", "quiet"}}, weekends_only_note(one.rule.pack->calendar));
    } else {
      when = Html(one.state == DutyState::Waiting ? "not running yet" : "no number in the text");
    }
    // Of several times that the text gives, the one that holds here.
    auto body = *one.rule.body;
    if (const auto* due = due_that_holds(one.rule, one.rule.body->due, *one.on)) body.due = *due;
    if (const auto words = timing_words(body); !words.empty()) when += el("p", {{"class", "quiet"}}, plain_text(words_, words));
    Html state = badge(look);
    if (!one.by.empty()) state += el("p", "by ", one.done && one.done->at > kEver ? plain_text(words_, one.by) + ", " + instant_words(one.done->at) : plain_text(words_, one.by));
    else if (one.state == DutyState::Waiting) state += el("p", plain_text(words_, one.why));
    else if (one.state == DutyState::Met) state += el("p", plain_text(words_, one.why));
    if (one.state == DutyState::Met && is_barred(one.by)) state += el("p", "That act is itself forbidden as planned.");
    if (one.state == DutyState::Open || one.state == DutyState::Missed) state += el("p", {{"class", "quiet"}}, "Would be met by: " + would_meet(one));
    state += exposure_in_short(exposure_of(all_, one), one.state == DutyState::Open ? "Sanction if it isn't kept: " : "Sanction: ");
    return el("tr", {{"id", id_of(one)}}, el("th", {{"scope", "row"}, {"data-column", "Who owes"}}, one.on->id, el("p", {{"class", "quiet"}}, words_.plain(one.on->role))), column("What, to whom", what), column("By when", when),
              column("State", state), column("Source", el("p", source(one.rule)) + el("p", {{"class", "quiet"}}, kForceSays[std::size_t(one.rule.force())]) + el("p", marks(*one.rule.rule))));
  }
  std::string would_meet(const Duty& one) const {
    std::vector<std::string> ways;
    const auto& body = *one.rule.body;
    if (body.act) {
      std::vector<std::string> types;
      const auto content = content_words(body.act->content);
      for (const auto& type : body.act->types)
        if (const auto said = std::string(words_.plain(type)); std::find(types.begin(), types.end(), said) == types.end()) types.push_back(said);
      ways.push_back(one.on->id + " to " + (types.empty() ? std::string("act") : listed(types, " or ")) + (body.act->to.empty() ? "" : ", to " + recipients(body.act->to)) + (content.empty() ? "" : ", with " + listed(content)) +
                     (body.stage.empty() ? "" : ", as " + std::string(words_.plain(body.stage))));
    }
    for (const auto& event : body.met_by) ways.push_back("a record that this happened, without an act of the plan: " + std::string(words_.plain(event)));
    if (!body.published.empty()) ways.push_back("having published: " + listed(body.published));
    return ways.empty() ? "conduct that no action of a plan shows; to be confirmed by a person" : listed(ways, "; or ");
  }

  static std::string_view kind_title(std::string_view kind) {
    static constexpr std::pair<std::string_view, std::string_view> kTitles[] = {{"law-law", "Two laws that can't both be kept"}, {"law-policy", "A law and a party's own policy"}, {"law-embargo", "A law and the agreed embargo"},
        {"policy-embargo", "A policy and the agreed embargo"}, {"draft-law", "A conflict that would arise if the draft were law"}, {"timing", "Times that can't both be kept"}, {"permission-clash", "One permits what another forbids"}};
    for (const auto& [word, title] : kTitles)
      if (word == kind) return title;
    return kind;
  }
  const Pack* pack_of(const std::string& rule) const {
    const auto found = std::find_if(all_.packs.begin(), all_.packs.end(), [&](const Pack* pack) { return rule.starts_with(pack->id + "/"); });
    return found == all_.packs.end() ? nullptr : *found;
  }
  Html member(const std::string& name) const {
    const auto* pack = pack_of(name);
    const auto* rule = pack == nullptr ? nullptr : pack->rule(name);
    if (rule == nullptr) return el("strong", name == kEmbargo ? "The agreed embargo" : name) + (all_.scenario->embargo && all_.scenario->embargo->until ? Html(", until " + instant_words(*all_.scenario->embargo->until)) : Html());
    return Html(rule->says) + " (" + source(applied(*all_.world, *pack, *rule)) + ", " + force_words(*pack) + ")";
  }
  Html ways_out(const Conflict& one) const {
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
  static bool dissolves(const Dependence& dependence, const Conflict& conflict) {
    bool is_gone = false;
    for (const auto& text : dependence.changes) {
      const auto change = read_change(text);
      if (!change || change->kind != "conflict") continue;
      if (change->before.empty()) return false;
      is_gone = is_gone || (change->of == listed_plus(conflict.members) && change->then.empty());
    }
    return is_gone;
  }
  const Reading* reading_of(const Dependence& one) const {
    const auto dot = one.reading.find('.');
    const auto pack = std::find_if(all_.packs.begin(), all_.packs.end(), [&](const Pack* each) { return each->id == one.reading.substr(0, dot); });
    return pack == all_.packs.end() ? nullptr : (*pack)->reading(one.reading.substr(dot + 1));
  }
  Html read_otherwise(const Dependence& one) const {
    const auto* reading = reading_of(one);
    if (reading == nullptr) return Html("if ") + el("code", one.reading) + " is read as " + el("code", one.otherwise);
    return Html("if this is read otherwise: ") + reading->says + " Then read: " + choice_words(*reading, one.otherwise) + " (" + el("code", one.reading + " = " + one.otherwise) + ")";
  }
  static std::string listed_plus(const std::vector<std::string>& members) {
    std::string out;
    for (const auto& one : members) out += (out.empty() ? "" : " + ") + one;
    return out;
  }
  // How heavy it is to break: as the ways out of all are ranked (schedule.h).
  static constexpr std::size_t kDraftWeight = 0, kLawWeight = 4;
  std::size_t weight_of(const std::string& name) const {
    if (name == kEmbargo) return 1;
    const auto* pack = pack_of(name);
    if (pack == nullptr) return kLawWeight;
    const auto force = all_.world->force_of(*pack);
    const auto* rule = pack->rule(name);
    return force == Force::Draft ? kDraftWeight : force == Force::Policy ? 2 : rule != nullptr && !rule->verified ? 3 : kLawWeight;
  }
  // Of those that no schedule keeps: without drafts and clashes of a permission.
  std::size_t binding_conflicts() const {
    return std::size_t(std::count_if(all_.conflicts.all.begin(), all_.conflicts.all.end(), [](const Conflict& one) { return one.kind != "draft-law" && one.kind != "permission-clash"; }));
  }
  static Html upper_first(const std::pair<std::string, Html>& words) { return upper(words.first) + words.second; }
  // Its beginning, and the rule that it is about.
  std::pair<std::string, Html> way_words(const std::string& name) const {
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
  Html ways_out_of_all() const {
    if (ways_.empty()) return all_.conflicts.feasible ? Html() : el("p", "The ways out of all that can't be kept together weren't found.");
    Html list;
    for (const auto& way : ways_) {
      Html sentence;
      for (const auto& name : way.without) sentence += sentence.empty() ? upper_first(way_words(name)) : Html("; and ") + way_words(name).first + way_words(name).second;
      list += el("li", sentence + ".");
    }
    return el("h3", binding_conflicts() > 1 ? "Ways out of all of them" : "Ways out") + el("p", ways_.size() > 1 ? "Each of these is enough by itself, the lightest first; which one is taken, a person decides." : "This is enough; whether it is taken, a person decides.") + el("ol", list);
  }
  Html conflicts() const {
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
    if (c.more) out += el("p", {{"class", "doubt"}}, "There are more conflicts than the 64 shown.");
    if (c.cut) out += el("p", {{"class", "doubt"}}, "The plan can bring events about in too many ways: only some instants were tried, and a finer look might dissolve a conflict.");
    if (!all_.order.empty()) {
      Html list;
      for (const auto& [first, then] : all_.order) list += el("li", first, " before ", then);
      out += el("h3", "What has to come first") + el("ul", list);
    }
    return out;
  }

  Html divergences() const {
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

  static std::string choice_words(const Reading& reading, const std::string& choice) {
    for (const auto& [word, says] : reading.choices)
      if (word == choice) return says;
    return {};
  }
  std::string outcome_words(std::string_view word) const {
    for (std::size_t i = 0; i < std::size(kOutcomeLooks); ++i)
      if (to_text(Outcome(i)) == word) return std::string(kOutcomeLooks[i].words);
    return std::string(word);
  }
  // One thing that comes out otherwise, which the engine writes in its own words.
  Html change_words(const std::string& text) const {
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
  Html worlds() const {
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

  // ---- the best dates
  Html plan() const {
    if (!parts_.plan) return {};
    const auto& plan = *parts_.plan;
    if (all_.scenario->actions.empty() && plan.beside.empty() && plan.late.empty() && plan.lost.empty()) return {};
    Html out;
    if (plan.from) out += el("p", "Made from ", time_of(*plan.from), " on: what was done by then stays, and what isn't done yet, or is late, gets its best date from then on.");
    if (!plan.exists) out += el("p", "No schedule keeps every rule that binds, so there are no best dates: see ", here(part_ + "conflicts", "conflicts and order"), " for what has to give.");
    std::vector<std::string> cited;
    const auto because = [&](const std::vector<std::string>& by) {
      Html words;
      for (const auto& name : by) {
        const auto* pack = pack_of(name);
        const auto* rule = pack == nullptr ? nullptr : pack->rule(name);
        if (rule != nullptr && std::find(cited.begin(), cited.end(), name) == cited.end()) cited.push_back(name);
        words += (words.empty() ? Html() : Html("; ")) + (rule == nullptr ? Html("the agreed embargo") : source(applied(*all_.world, *pack, *rule)));
      }
      return words;
    };
    const auto bound = [&](const std::optional<Second>& at, const std::vector<std::string>& by, const char* unbound) {
      if (!at) return Html(unbound);
      Html why = because(by);
      if (why.empty()) why = known_at(*at, plan);
      return time_of(*at) + el("p", {{"class", "quiet"}}, "because of ", why);
    };
    const auto column = [](const char* name, const Html& inside) { return el("td", {{"data-column", name}}, inside); };
    Html rows;
    for (const auto& one : plan.actions) {
      const auto& action = *one.action;
      const auto given = action.at ? time_of(action.at->at) : Html("no date given");
      Html best = one.is_done ? Html("done") : !one.at ? Html("not at all") : action.at && action.at->at == *one.at ? Html("as planned") : time_of(*one.at);
      if (!one.moved_by.empty()) best += el("p", {{"class", "quiet"}}, one.at ? "moved because of " : "it can't be done beside ", because(one.moved_by));
      const bool has_bounds = !one.is_done && one.at;
      rows += el("tr", el("th", {{"scope", "row"}, {"data-column", "Action"}}, action_head(action)), column("Planned for", given), column("Best date", best), column("Earliest", has_bounds ? bound(one.earliest, one.earliest_by, "nothing bounds it") : Html("–")),
                 column("Latest", has_bounds ? bound(one.latest, one.latest_by, "nothing bounds it") : Html("–")));
    }
    if (!rows.empty()) {
      Html head;
      for (const auto* words : {"Action", "Planned for", "Best date", "Earliest", "Latest"}) head += el("th", {{"scope", "col"}}, words);
      out += el("div", {{"class", "scroll"}, {"tabindex", "0"}, {"role", "region"}, {"aria-label", "Table of best dates"}},
                el("table", {{"class", "stack"}}, el("caption", "Every binding rule and embargo kept, published as early as they allow. Earliest and latest: how far the act can be moved, other acts moving with it."), el("thead", el("tr", head)), el("tbody", rows)));
    }
    if (plan.exists && !plan.is_best) out += el("p", {{"class", "doubt"}}, "The plan is too large to tell whether these dates are the best: they keep the rules, but may break more wishes than they need to.");
    Html said;
    for (const auto& name : cited) said += el("li", named_rule(name), ": ", pack_of(name)->rule(name)->says);
    if (!said.empty()) out += el("h3", "What the rules say that bound them") + el("ul", said);
    Html more;
    for (const auto& one : plan.beside) more += el("li", one.on->id, ": ", one.rule->says, " (", named_rule(one.rule->id), one.due ? ", due by " + with_dates_in_words(one.due->text) : std::string(), ")");
    if (!more.empty()) out += el("h3", "What the rules need, and the plan has no act for") + el("ul", more);
    Html late;
    for (const auto* one : plan.late) late += el("li", one->on->id, ": ", one->rule.rule->says, " (", named_rule(one->rule.rule->id), one->due ? ", was due by " + due_in_words(*one) : std::string(), ")");
    for (const auto& name : plan.lost) late += el("li", named_rule(name), ": its day was over before the case began.");
    if (!late.empty()) out += el("h3", "What can't be kept in time any more") + el("ul", late);
    return out;
  }
  // What a bound rests on where no rule gives it.
  std::string known_at(Second at, const Schedule& plan) const {
    if (plan.from == at) return "the instant from which the plan is made";
    std::vector<std::string> out;
    for (const auto& [name, when] : all_.scenario->events)
      if (when == at) out.push_back(plain_fact(words_, "/events/" + name));
    return out.empty() ? "the beginning of the case" : listed(out);
  }

  // Laws and rules whose time is over at as_of: what they said, without effect.
  Html repealed() const {
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

  Html readings() const {
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

  Html questions() const {
    std::set<std::string> asked = all_.verdicts.questions;
    for (const auto& one : all_.verdicts.spoken) asked.insert(one.grounds.questions.begin(), one.grounds.questions.end());
    for (const auto& one : all_.duties) asked.insert(one.grounds.questions.begin(), one.grounds.questions.end());
    Html list;
    for (const auto& one : asked) {
      const auto said = plain_text(words_, one);
      list += said == one ? el("li", el("code", one)) : el("li", said, " (", el("code", one), ")");
    }
    for (const auto& one : all_.scenario->unknown_words) list += el("li", "No rule can speak of the word at ", el("code", one), ".");
    return list.empty() ? list : el("p", "Nobody gave these facts. What isn't known triggers nothing and lifts no ban; an answer may change once they are given.") + el("ul", list);
  }

  std::string value_words(const json::value& value) const {
    if (value.is_string()) return with_dates_in_words(plain_place(words_, value.get_string()));
    if (value.is_array()) {
      std::vector<std::string> out;
      for (const auto& one : value.get_array()) out.push_back(value_words(one));
      return listed(out, ", ");
    }
    if (value.is_object()) {
      std::vector<std::string> out;
      for (const auto& [key, one] : value.get_object()) out.push_back(std::string(key) + " " + value_words(one));
      return "(" + listed(out, ", ") + ")";
    }
    return value.is_null() ? "none" : value.is_bool() ? value.get_bool() ? "yes" : "no" : json::serialize(value);
  }
  // `subject`: of what they are facts, in the rules' words: "party", "product".
  std::string facts_words(std::string_view subject, const json::object& facts, std::initializer_list<std::string_view> without) const {
    std::vector<std::string> out;
    for (const auto& [key, value] : facts) {
      const auto name = std::string(subject) + "." + std::string(key);
      if (std::find(without.begin(), without.end(), std::string_view(key)) == without.end()) out.push_back((words_.says.contains(name) ? std::string(words_.plain(name)) : std::string(key)) + ": " + value_words(value));
    }
    return listed(out, "; ", "; ");
  }
  std::string more_facts(std::string_view subject, const json::object& facts, std::initializer_list<std::string_view> without) const {
    const auto words = facts_words(subject, facts, without);
    return words.empty() ? words : "; " + words;
  }
  Html facts() const {
    const auto& s = *all_.scenario;
    Html list;
    const auto add = [&](const Html& name, const Html& what) { list += el("dt", name) + el("dd", what); };
    for (const auto& one : s.parties) add("Party " + one.id, std::string(words_.plain(one.role)) + more_facts("party", one.facts, {"id", "role"}));
    if (s.product) add("Product", facts_words("product", *s.product, {}));
    if (s.vulnerability) add("Vulnerability", facts_words("vulnerability", *s.vulnerability, {}));
    if (s.incident) add("Incident", facts_words("incident", *s.incident, {}));
    if (s.embargo) {
      std::string what = "agreed by " + listed({s.embargo->parties.begin(), s.embargo->parties.end()}) + (s.embargo->until ? ", until " + instant_words(*s.embargo->until) : ", without an end");
      what += s.embargo->covers ? "; may not be told: " + recipients(*s.embargo->covers, ", ") : "; nobody outside may be told";
      add("Embargo", what);
    }
    for (const auto& [name, at] : s.events) {
      const auto whose = name.find('@');
      add(upper(std::string(words_.plain(name.substr(0, whose)))) + (whose == name.npos ? "" : " (" + name.substr(whose + 1) + ")"), at ? time_of(*at) : Html("hasn't happened"));
    }
    for (const auto& one : s.actions) add(one.id + ", by " + one.actor, action_words(one) + "; " + when_words(one) + more_facts("action", one.facts, {"id", "actor", "type", "to", "content", "at", "stage"}));
    std::vector<std::string> assumed(s.assumed.begin(), s.assumed.end());
    if (!assumed.empty()) add("Assumed in force", listed(assumed));
    for (const auto& [name, choice] : s.readings) add("Reading chosen", el("code", name + " = " + choice));
    return el("dl", {{"class", "facts"}}, list);
  }

  static std::string in_force_words(const Pack& pack) { return pack.from || pack.until || pack.published ? with_dates_in_words(dates_words(pack, RuleBody())) : "no dates given"; }
  // What the marks of this page mean, as far as the vocabulary says it, and the sources that they name: those with the same words together.
  Html legend() const {
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
  std::string status_words(const Pack& pack) const {
    if (pack.status.empty() || pack.edition.size() != 10 || to_text(all_.scenario->as_of).substr(0, 10) >= pack.edition) return pack.status;
    return "As of " + with_dates_in_words(pack.edition) + ", not of the day asked about: " + pack.status;
  }
  Html regimes() const {
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

  Html unverified() const {
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

  const std::vector<const Verdict*>& verdicts_on(const Action& action) const {
    static const std::vector<const Verdict*> kNone;
    const auto found = of_action_.find(&action);
    return found == of_action_.end() ? kNone : found->second;
  }

  const Evaluation& all_;
  const std::vector<Dependence>& dependences_;
  const PageParts& parts_;
  const Vocabulary& words_;
  const std::string part_;
  const std::vector<WayOut> ways_;   // of all that can't be kept together
  std::map<const Action*, std::vector<const Verdict*>> of_action_;
  std::map<const Action*, std::vector<std::pair<const Applied*, std::vector<WrongBody>>>> wrong_at_;
  std::map<std::string, std::vector<std::pair<Applied, const Action*>>> opened_by_;
};

// An id is one word of letters, digits, "_" and "-", as no tag and no attribute of ours is; what stands for it is escaped as every text is.
std::string with_names(std::string_view markup, const Labels& labels) {
  constexpr std::string_view kOfId = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-";
  std::string out;
  while (!markup.empty()) {
    const auto length = std::min(markup.find_first_not_of(kOfId), markup.size());
    if (length == 0) {
      const auto next = std::min(markup.find_first_of(kOfId), markup.size());
      out += markup.substr(0, next);
      markup.remove_prefix(next);
      continue;
    }
    std::string word(markup.substr(0, length));
    if (word[0] >= 'A' && word[0] <= 'Z') word[0] = char(word[0] - 'A' + 'a');  // at the beginning of a sentence
    const auto name = labels.names.find(word);
    out += name == labels.names.end() ? std::string(markup.substr(0, length)) : escaped(name->second);
    markup.remove_prefix(length);
  }
  return out;
}

}  // namespace
}  // namespace page

std::string to_html(const Evaluation& evaluation, const std::vector<Dependence>& dependences, const PageParts& parts) { return page::Writer(evaluation, dependences, parts).page(); }

std::string to_html(const std::vector<Printed>& all, const Labels& labels) {
  page::Html parts, list, top = page::el("h1", labels.title);
  for (const auto& note : labels.notes) top += page::el("p", note);
  for (std::size_t i = 0; i < all.size(); ++i) {
    const auto before = i == 0 ? std::string() : "part-" + std::to_string(i + 1) + "-";
    parts += page::Writer(all[i].evaluation, all[i].dependences, all[i].parts, before).part(all[i].about);
    list += page::el("li", page::el("a", {{"href", "#" + before + "part"}}, all[i].about));
  }
  if (all.empty()) parts = page::el("p", {{"id", "matrix"}}, "There is nothing that rules could be asked about.");
  if (all.size() > 1) top += page::el("nav", {{"aria-label", "Parts"}}, page::el("ul", list));
  return page::with_names(page::Writer::document(labels.title, page::el("header", top) + page::el("main", parts)), labels);
}

}  // namespace sluice::regimes
