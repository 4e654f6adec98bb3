// The duties of the printed evaluation: who owes what to whom by when, where it stands, and what would meet it.
#include "regimes/page_writer.h"

#include <algorithm>

#include "base/time_words.h"
#include "regimes/due_that_holds.h"
#include "regimes/page_time_line.h"
#include "regimes/plain_words.h"
#include "regimes/sanctions.h"
#include "regimes/wrong_body.h"

namespace sluice::regimes::page {

Html Writer::duties() const {
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

Html Writer::duty_row(const Duty& one) const {
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

std::string Writer::would_meet(const Duty& one) const {
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

}  // namespace sluice::regimes::page
