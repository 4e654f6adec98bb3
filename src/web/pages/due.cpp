// What is due: the duties by law and policy over all of a viewer's open cases, by the instant they are due.
#include "service/legal_clocks.h"
#include "service/plain_words.h"
#include "web/api/duties.h"
#include "web/cursor.h"
#include "web/pages/layout.h"

namespace sluice::web::pages {

namespace {

Html when(const service::LegalDuty& duty, Instant now) {
  const bool missed = duty.state == "missed";
  const auto state = badge(missed ? Tone::Alarm : Tone::Waiting, duty.state);
  if (!duty.due_at && (duty.state == "waiting" || duty.state == "not-triggered")) return all(state, el("span", {cls("block quiet")}, duty.state == "waiting" ? "not running yet" : "not owed"));
  if (!duty.due_at) return all(state, el("span", {cls("block")}, "now"), el("span", {cls("block quiet")}, "the text names no number of hours or days"));
  return all(state, el("span", {cls("block")}, time(*duty.due_at)), el("span", {cls("block quiet")}, words_until(*duty.due_at, now), duty.due.size() == 10 ? ": " + duty.due + " ends then, where the rule is from" : std::string()));
}

// The debtor itself said so, and without its word the duty would stand otherwise.
Html by_own_word(const service::LegalDuty& duty) {
  if (duty.own_word == nullptr) return {};
  const auto state = string_at(duty.own_word->without, "state"), due = string_at(duty.own_word->without, "due");
  return all(el("span", {cls("block")}, badge(Tone::Waiting, "by its own word", "Without the corrections that the debtor itself made it would stand otherwise.")),
             el("span", {cls("block quiet")}, "Without that: ", state == "not-triggered" ? std::string("not owed") : std::string(state) + (due.empty() ? std::string() : ", due " + std::string(due)), "."));
}

Html what(const service::LegalDuty& duty, const service::PlainWords& words) {
  const auto cited = words.title_of(duty.rule) + ", " + duty.citation;
  return all(el("span", {cls("block")}, duty.says.empty() ? duty.why : duty.says),
             el("span", {cls("block quiet")}, link((path("/cases") / duty.id.text()).query("law", "shown").fragment("law"), cited), duty.force == "policy" ? " (a policy)" : "",
                duty.verified ? Html() : all(" ", badge(Tone::Waiting, "not verified", "Nobody has checked this rule against its text yet."))));
}

Html choice(const service::DutiesAsked& asked) {
  const Option whose[] = {{"own", "Your own organisation"}, {"all", "All parties that you see"}};
  const Option states[] = {{"", "What is owed, or may be"}, {"missed", "Missed"}, {"open", "Open"}, {"not-triggered", "Not owed, by the debtor's own word"}};
  return el("form", {attr("method", "get"), action(path("/due")), cls("form inline")}, select({.name = "of", .label = "Whose duties?", .value = asked.of_all ? "all" : "own"}, whose),
            select({.name = "state", .label = "Which?", .value = asked.states.size() == 1 ? std::string_view(*asked.states.begin()) : std::string_view()}, states), el("p", {cls("actions")}, submit("Show", "button second")));
}

}  // namespace

Result<Response> due(App& app, const Request& request) {
  if (app.clocks == nullptr) return fail(ErrorKind::Unavailable, "The legal clocks are not running.");
  TRY(auto asked, api::duties_asked(request));
  asked.after = duties_after(app, request, "after").value_or(std::nullopt);  // a place that is none: from the beginning
  TRY(auto found, app.clocks->duties(request.viewer, asked));
  const bool everybody = asked.of_all;
  std::vector<std::string> columns{"When", "What", "To whom", "Case"};
  if (everybody) columns.insert(columns.begin() + 2, "By whom");
  const service::PlainWords words(app.services.packs);
  Table table("What is due, the earliest first", std::move(columns));
  for (const auto& duty : found.items) {
    std::vector<Html> row{all(when(duty, found.as_of), by_own_word(duty)), what(duty, words), words.asked(duty.to), link(path("/cases") / duty.id.text(), duty.title.empty() ? std::string("A case") : duty.title)};
    if (everybody) row.insert(row.begin() + 2, duty.on_name);
    table.row(std::move(row));
  }
  Html inside = choice(asked);
  if (!found.complete) inside += notice(Tone::Waiting, "Not all of your cases are worked out yet", el("p", "Of ", std::to_string(found.of), " cases ", std::to_string(found.clocked), " are, and what is due in them is below. Open this page again in a moment."));
  if (!found.not_asked.empty()) {
    Html items;
    for (const auto& id : found.not_asked) items += el("li", link((path("/cases") / id.text()).query("law", "shown").fragment("law"), id.text()));
    inside += notice(Tone::Alarm, "A part of these cases could not be asked about", el("ul", items));
  }
  if (table.empty()) {
    inside += empty_state(asked.after ? "Nothing more is due." : "Nothing is due.",
                          "Duties come up by themselves when something is recorded in a case, such as an attack, and a law counts there. Which laws count follows from where organisations are and sell: that stands in your organisation's profile, and each case's page says it under Law.");
  } else {
    inside += table.html();
    inside += el("p", {cls("quiet")}, service::kNotAdvice);
  }
  if (found.next) {
    Html again;  // the place counts for what was asked, word for word
    for (const auto& [name, value] : request.http.query)
      if (name == "of" || name == "state") again += hidden(name, value);
    inside += el("form", {attr("method", "get"), action(path("/due"))}, again, hidden("after", duties_from(app, request, *found.next)), submit("Later ones", "button second"));
  }
  auto out = html(page(frame_of(app, request), "What is due", inside, {.at = At::Due, .width = "wide"}));
  out.headers.emplace_back("Cache-Control", "no-store");
  deliver(out, app, request, std::move(found.deliveries));
  out.shows = std::move(found.shown);
  return out;
}

}  // namespace sluice::web::pages
