// The printed evaluation as a whole: its head, its sections in their order, what comes out in short, and several evaluations on one page. The sections: page_writer.h.
#include "regimes/page.h"

#include "regimes/due_that_holds.h"
#include "regimes/page_writer.h"

namespace sluice::regimes {

namespace page {

std::string Writer::page() const {
  const auto& scenario = *all_.scenario;
  const auto title = scenario.title.empty() ? scenario.id.empty() ? std::string("Evaluation") : scenario.id : scenario.title;
  Html contents, sections;
  write(contents, sections);
  return document(title, el("header", el("h1", title), subtitle(), in_short()) + el("nav", {{"aria-label", "On this page"}}, el("ul", contents)) + el("main", sections));
}

// One of several.
Html Writer::part(const std::string& about) const {
  Html contents, sections;
  write(contents, sections);
  return el("article", {{"id", part_ + "part"}}, el("header", about.empty() ? Html() : el("h1", about), subtitle(), in_short()), el("nav", {{"aria-label", about.empty() ? "On this page" : "On this page: " + about}}, el("ul", contents)), sections);
}

std::string Writer::document(const std::string& title, const Html& body) {
  const Html head = el("meta", {{"charset", "utf-8"}}) + el("meta", {{"name", "viewport"}, {"content", "width=device-width, initial-scale=1"}}) +
                    el("meta", {{"http-equiv", "Content-Security-Policy"}, {"content", "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"}}) +
                    el("title", title + ": what the rules say") + sheet(style_of_page());
  return "<!DOCTYPE html>\n" + el("html", {{"lang", "en"}}, el("head", head), el("body", el("a", {{"class", "skip"}, {"href", "#matrix"}}, "To the answer"), body)).markup() + "\n";
}

Html Writer::subtitle() const {
  const auto& scenario = *all_.scenario;
  return el("p", {{"class", "quiet"}}, scenario.id.empty() ? Html() : el("code", scenario.id) + " · ", "as of ", time_of(scenario.as_of), " · ", counted(all_.packs.size(), "regime"), " · a reading of the rules listed here, not legal advice");
}

void Writer::write(Html& contents, Html& sections) const {
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

Html Writer::in_short() const {
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
  const auto* headline = !c.feasible ? "No schedule keeps every rule that binds: something has to give." : is_past ? "Rules that bind were broken, or are by this plan. A schedule could have kept them all; a day that is past can't be kept any more." : is_broken ? "As it stands this plan breaks rules that bind, though a schedule exists that keeps them all." : all_.scenario->actions.empty() ? "No act is planned or done, so none breaks a rule that binds." : "This plan breaks no rule that binds.";
  return el("div", {{"class", "short"}}, el("p", headline), el("ul", items));
}

// The first few, by who owes them and where they stand.
std::string Writer::named(std::vector<const Duty*> some) const {
  std::stable_sort(some.begin(), some.end(), [](const Duty* a, const Duty* b) { return (a->due ? a->due->at : kNever) < (b->due ? b->due->at : kNever); });
  std::vector<std::string> out;
  for (const auto* one : some)
    if (out.size() < kFewNamed) out.push_back(one->on->id + ", " + one->rule.pack->id + " " + one->rule.rule->cite + (one->due ? ", due by " + due_in_words(*one) : ""));
  return listed(out, "; ", "; ") + (some.size() > kFewNamed ? "; and " + std::to_string(some.size() - kFewNamed) + " more" : "");
}

namespace {

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
