#include "regimes/rule.h"

#include <algorithm>

namespace sluice::regimes {

Applied applied(const World& world, const Pack& pack, const Rule& rule) {
  const RuleBody* body = &rule.plain;
  for (const auto& [reading, choice, other] : rule.in_reading)
    if (world.choice(pack, &rule, reading) == choice) body = &other;
  return {&world, &pack, &rule, body};
}

std::string not_in_force(const Applied& rule) {
  const auto as_of = rule.world->scenario.as_of;
  const auto& pack = *rule.pack;
  if (pack.force == Force::Law) {
    if (pack.until && as_of >= *pack.until) return "repealed " + to_text(*pack.until) + (pack.successor.empty() ? "" : ", replaced by " + pack.successor);
    const auto from = rule.body->from ? rule.body->from : pack.from;
    if (from && as_of < *from) return "in force from " + to_text(*from) + " on";
  } else if (pack.force != Force::Draft && rule.body->from && as_of < *rule.body->from) {
    return "holds from " + to_text(*rule.body->from) + " on";
  }
  if (pack.force != Force::Draft && rule.body->until_date && as_of >= *rule.body->until_date) return "ended " + to_text(*rule.body->until_date);
  return {};
}

Truth binds(const Applied& rule, const Party& party, When at, Grounds& grounds) {
  const auto facts = rule.facts(&party, nullptr, at);
  if (!rule.pack->owner.empty()) {
    const auto flags = facts.fact("party.flags");
    if (!flags || std::find(flags->begin(), flags->end(), rule.pack->owner) == flags->end()) return Truth::False;
    if (grounds.is_kept) grounds.facts.insert(party.id + " is " + rule.pack->owner + ", whose own policy this is");
  }
  Grounds own;
  own.is_kept = grounds.is_kept;
  const auto scope = rule.pack->scope.holds(facts, own);
  if (scope == Truth::False) return scope;
  const auto subject = rule.body->binds.holds(facts, own);
  grounds.add(own);
  return both(scope, subject);
}

bool is_out_of_scope(const World& world, const Pack& pack, const Party& party, When at) {
  const RuleFacts facts(world, pack, nullptr, &party, nullptr, at);
  if (!pack.owner.empty()) {
    const auto flags = facts.fact("party.flags");
    if (!flags || std::find(flags->begin(), flags->end(), pack.owner) == flags->end()) return true;
  }
  // An act is asked about as each rule speaks of it, and a reading may be chosen for one rule alone.
  const auto& tests = pack.scope.tests();
  const bool is_of_acts = std::any_of(tests.begin(), tests.end(), [](const Test& test) { return test.name.starts_with("action."); });
  const auto& readings = world.scenario.readings;
  const bool is_of_rules = std::any_of(readings.begin(), readings.end(), [&](const auto& one) { return one.first.starts_with(pack.id + "/"); });
  if (is_of_acts || is_of_rules) return false;
  auto unused = Grounds::unasked();
  return pack.scope.holds(facts, unused) == Truth::False;
}

Truth triggered(const Applied& rule, const Party* party, const Action* action, When at, Grounds& grounds) {
  return rule.body->when.holds(rule.facts(party, action, at), grounds);
}

std::optional<std::vector<std::string>> places(const Applied& rule, const Act& act, const Party& party, const Action* later) {
  if (act.place.empty()) return std::vector<std::string>{""};
  const auto facts = rule.facts(&party, later, rule.world->scenario.as_of);
  auto found = facts.fact(act.place == "sector" ? "action.sector" : act.place == "established" ? "party.established" : act.place == "incident" ? "incident.region" : "action.region");
  if (!found && act.place == "incident") found = facts.fact("action.region");
  if (!found && act.place == "region") found = facts.fact("incident.region");
  if (!found || found->empty()) return std::nullopt;
  if (act.place == "established" && !facts.same_or_part(rule.pack->jurisdiction, found->front())) return std::vector<std::string>{""};
  return *found;
}

Truth tells_one(const Applied& rule, const Action& action, const Recipient& asked, const std::optional<std::string>& where) {
  Truth out = Truth::False;
  for (const auto& told : action.to) out = either(out, rule.world->tells(told, asked, *rule.pack, where));
  return out;
}

Truth tells_some(const Applied& rule, const Action& action, const Recipients& circle, const std::optional<std::vector<std::string>>& where) {
  Truth out = Truth::False;
  for (const auto& asked : circle) {
    if (!where) out = either(out, tells_one(rule, action, asked, std::nullopt));
    else
      for (const auto& place : *where) out = either(out, tells_one(rule, action, asked, place));
  }
  return out;
}

namespace {

bool fits(const Act& act, const Action& action) {
  if (!act.types.empty() && !act.types.contains(action.type)) return false;
  if (act.content.empty()) return true;
  const auto has = [&](const std::string& one) { return action.content.contains(one); };
  return act.how == Act::Content::Any   ? std::any_of(act.content.begin(), act.content.end(), has)
         : act.how == Act::Content::All ? std::all_of(act.content.begin(), act.content.end(), has)
                                        : std::all_of(action.content.begin(), action.content.end(), [&](const std::string& one) { return act.content.contains(one); });
}

}  // namespace

bool could_match(const Applied& rule, const Act& act, const Action& action) {
  if (!fits(act, action)) return false;
  if (act.to.empty()) return true;
  const auto where = places(rule, act, *rule.world->scenario.party(action.actor), &action);
  return std::any_of(act.to.begin(), act.to.end(), [&](const Recipients& circle) { return tells_some(rule, action, circle, where) != Truth::False; });
}

Truth matches_but_for_recipients(const Applied& rule, const Act& act, const Action& action, Grounds& grounds) {
  if (!fits(act, action)) return Truth::False;
  if (!act.content.empty()) {
    const auto has = [&](const std::string& one) { return action.content.contains(one); };
    for (const auto& one : act.content)
      if (grounds.is_kept && has(one)) grounds.facts.insert("action.content has " + one);
  }
  const auto* party = rule.world->scenario.party(action.actor);
  return act.condition.holds(rule.facts(party, &action, done_at(action).value_or(rule.world->scenario.as_of)), grounds);
}

Truth matches(const Applied& rule, const Act& act, const Action& action, const Action* later, Grounds& grounds) {
  auto out = matches_but_for_recipients(rule, act, action, grounds);
  if (out == Truth::False || act.to.empty()) return out;
  Truth told = Truth::False;
  const auto where = places(rule, act, *rule.world->scenario.party(action.actor), later);
  for (const auto& circle : act.to) told = either(told, tells_some(rule, action, circle, where));
  if (grounds.is_kept && told == Truth::True) grounds.facts.insert("action.type is " + action.type);
  return both(out, told);
}

std::optional<Fulfilled> fulfilled(const Applied& rule, const Act& act, const Party& party, const Action* later, const Span& from, const std::set<std::string>* only) {
  std::vector<const Action*> able;
  for (const auto& action : rule.world->scenario.actions) {
    if (action.actor != party.id || &action == later || !action.at || (only != nullptr && !only->contains(action.id))) continue;
    if (!act.types.empty() && !act.types.contains(action.type)) continue;
    const auto at = done_at(action);
    if (!at || (*at < from.to && !(from.from <= kEver && from.to >= *at))) continue;  // of an event at an unknown time any action may be the answer
    auto unused = Grounds::unasked();
    if (matches_but_for_recipients(rule, act, action, unused) == Truth::True) able.push_back(&action);
  }
  std::sort(able.begin(), able.end(), [](const Action* a, const Action* b) { return std::tie(*a->at, a->id) < std::tie(*b->at, b->id); });
  if (act.to.empty()) return able.empty() ? std::nullopt : std::optional(Fulfilled{*able.front()->at, able.front()->id});
  const auto where = places(rule, act, party, later);
  const auto all_places = where ? std::vector<std::optional<std::string>>(where->begin(), where->end()) : std::vector<std::optional<std::string>>{std::nullopt};
  std::optional<Fulfilled> best;
  for (const auto& circle : act.to) {
    std::optional<Fulfilled> last = Fulfilled{kEver, {}};
    for (const auto& asked : circle)
      for (const auto& place : all_places) {
        const auto found = std::find_if(able.begin(), able.end(), [&](const Action* one) { return tells_one(rule, *one, asked, place) == Truth::True; });
        if (found == able.end()) last.reset();
        else if (last && *(*found)->at >= last->at) last = Fulfilled{*(*found)->at, (*found)->id};
      }
    if (last && !last->by.empty() && (!best || last->at < best->at)) best = last;
  }
  return best;
}

std::optional<Fulfilled> first_step(const Applied& rule, const Party& party, const Action* later) {
  if (!rule.body->first) return std::nullopt;
  if (const auto done = fulfilled(rule, rule.body->first->act, party, later, {kEver, kEver})) return done;
  for (const auto& name : rule.body->first->met_by) {
    const auto span = rule.facts(&party, later, rule.world->scenario.as_of).event(name);
    if (happens(span)) return Fulfilled{span.to, name};
  }
  return std::nullopt;
}

When enough_from(const Applied& rule, const Fulfilled& step) {
  return rule.body->first->wait ? std::max(step.at + 1, end_of(step.at, *rule.body->first->wait, rule.pack->calendar)) : step.at + 1;
}

Truth permission_stands(const Applied& rule, const Party& party, const Action* action, When at, Grounds& grounds, std::optional<When>* from) {
  if (!not_in_force(rule).empty()) return Truth::False;
  auto out = both(binds(rule, party, at, grounds), triggered(rule, &party, action, at, grounds));
  if (out == Truth::False) return out;
  if (rule.body->first) {
    const auto step = first_step(rule, party, action);
    if (!step) return Truth::False;
    if (from != nullptr) *from = enough_from(rule, *step);
    if (at < enough_from(rule, *step)) return Truth::False;
    if (grounds.is_kept) grounds.facts.insert(step->by + " came first, at " + to_text(step->at));
  }
  if (rule.body->wait) {
    const auto span = rule.facts(&party, action, at).event(rule.body->wait->after);
    if (!happens(span)) return Truth::False;
    if (!span.known()) return both(out, Truth::Unknown);
    const auto end = end_of(span.to, rule.body->wait->term, rule.pack->calendar);
    if (from != nullptr) *from = end;
    if (at < end) return Truth::False;
  }
  return out;
}

const Rule* excepted(const Applied& rule, const Party& party, const Action* action, When at, Grounds& grounds) {
  for (const auto& id : rule.body->excepted_by) {
    const auto* other = rule.pack->rule(id);
    if (other == nullptr) continue;
    Grounds own;
    own.is_kept = grounds.is_kept;
    if (permission_stands(applied(*rule.world, *rule.pack, *other), party, action, at, own) == Truth::True) return grounds.add(own), other;
    if (!grounds.is_kept) continue;
    grounds.questions.insert(own.questions.begin(), own.questions.end());
    grounds.readings.insert(own.readings.begin(), own.readings.end());
  }
  return nullptr;
}

std::vector<std::string> anchors(const Applied& rule, const Due& due, const Party& party) {
  std::vector<std::string> out;
  if (!due.after.empty()) out.push_back(due.after);
  for (const auto& one : due.of) {
    auto unused = Grounds::unasked();
    if (due.form == Due::Form::Choice && one.condition.holds(rule.facts(&party, nullptr, rule.world->scenario.as_of), unused) != Truth::True) continue;
    for (auto& name : anchors(rule, one, party)) out.push_back(std::move(name));
    if (due.form == Due::Form::Choice) break;
  }
  return out;
}

}  // namespace sluice::regimes
