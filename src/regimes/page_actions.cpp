// Action by action: what comes out, by which verdicts, and what each rests on.
#include "regimes/page_writer.h"

#include <algorithm>

#include "base/time_words.h"
#include "regimes/plain_words.h"
#include "regimes/wrong_body.h"

namespace sluice::regimes::page {

Html Writer::actions() const {
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
Html Writer::wrong_at(const Action& action) const {
  Html out;
  if (const auto found = wrong_at_.find(&action); found != wrong_at_.end())
    for (const auto& [rule, bodies] : found->second) out += wrong(bodies, rule);
  return out;
}

// Where no rule speaks of an act itself: the later acts that it is the first step of.
Html Writer::opened_by(const Action& action) const {
  const auto found = opened_by_.find(action.id);
  if (found == opened_by_.end()) return {};
  Html list;
  for (const auto& [rule, later] : found->second) list += el("li", "for ", here(id_of(*later), later->id), ": ", rule.rule->says, " (", source(rule), ")");
  return el("p", "No rule asks for it or forbids it, but it is a step that something else in the plan needs first:") + el("ul", list);
}

// Both once for all acts: each look goes through all duties and verdicts.
void Writer::find_wrong_bodies() {
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

void Writer::find_first_steps() {
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
Html Writer::other_way(const Verdict& one) const {
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

// The verdicts that made the outcome.
Html Writer::decided_by(const Action& action) const {
  const auto outcome = all_.outcomes.at(action.id);
  Html out;
  for (const auto* one : verdicts_on(action)) {
    if (rank(*one) > 1) continue;
    const bool decides = outcome == Outcome::Deny || outcome == Outcome::Conflict ? one->word == Word::Forbids || (outcome == Outcome::Conflict && one->word == Word::Demands) : outcome == Outcome::AllowWithDuties && one->met_precondition;
    if (decides) out += (out.empty() ? Html(" Decided by ") : Html(", ")) + here(id_of(*one), one->rule.pack->id + " " + one->rule.rule->cite);
  }
  return out.empty() ? out : out + ".";
}

Html Writer::reason(const Verdict& one) const {
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

}  // namespace sluice::regimes::page
