#include "regimes/judge.h"

#include <algorithm>

namespace sluice::regimes {

std::string_view to_text(Word word) {
  static constexpr std::string_view kWords[] = {"demands", "forbids", "permits", "advises", "advises-against"};
  return kWords[std::size_t(word)];
}

namespace {

When instant_of(const Action& action, const World& world) { return done_at(action).value_or(world.scenario.as_of); }

Verdict spoken(const Applied& rule, const Action& action, Word word, std::string why, Grounds grounds) {
  grounds.readings.insert(rule.rule->readings.begin(), rule.rule->readings.end());
  return {rule, &action, word, rule.force(), {}, false, std::move(why), std::move(grounds)};
}

using Answer = std::optional<Verdict>;

// What is only considered has no time by which its stage could be told: it is the one that it is named for, else the first that nothing in the plan is and that it would do for.
bool is_next_stage(const Duty& own, const Action& action, const std::vector<Duty>& duties) {
  if (action.stage == kNoStage) return false;
  const auto is_of_ladder = [&](const Duty& duty) { return duty.on == own.on && duty.rule.pack == own.rule.pack && duty.rule.body->ladder == own.rule.body->ladder; };
  const auto is_named = [&](const Duty& duty) { return is_of_ladder(duty) && may_be_stage(duty, action.stage); };
  if (!action.stage.empty() && std::any_of(duties.begin(), duties.end(), is_named)) return stage_of(own) == action.stage;
  const auto first = std::find_if(duties.begin(), duties.end(), [&](const Duty& duty) {
    auto unused = Grounds::unasked();
    return is_of_ladder(duty) && (duty.state == DutyState::Open || duty.state == DutyState::Missed) && duty.rule.body->act && matches(duty.rule, *duty.rule.body->act, action, nullptr, unused) == Truth::True;
  });
  return first != duties.end() && &*first == &own;
}

// An act that a must asks for: of a ladder its stage, else after the event that the term runs from.
Answer demanded(const Applied& rule, const Action& action, const std::vector<Duty>& duties, std::string& why, Grounds grounds) {
  const auto& body = *rule.body;
  const auto& party = *rule.world->scenario.party(action.actor);
  bool is_also = false;  // a further stage may come before the event that the term runs from
  if (!body.ladder.empty() && rule.pack->force != Force::Advice) {
    const auto own = std::find_if(duties.begin(), duties.end(), [&](const Duty& duty) { return duty.rule.rule == rule.rule && duty.on == &party; });
    const bool also = std::find(body.stage_also.begin(), body.stage_also.end(), action.stage) != body.stage_also.end();
    const bool is_draft = own != duties.end() && rule.force() == Force::Draft;
    const bool is_stage = own != duties.end() && (std::find(own->actions.begin(), own->actions.end(), action.id) != own->actions.end() || (!action.at && is_next_stage(*own, action, duties)));
    is_also = also && !is_stage;
    if (!is_stage && !also && !(is_draft && (action.stage.empty() || action.stage == body.stage))) return why = "another stage", std::nullopt;
  }
  const auto at = instant_of(action, *rule.world);
  const auto read = read_due(rule, body.due, party);
  if (!is_also && read.waiting) return why = (read.after.empty() ? "its event" : read.after) + " has not happened", std::nullopt;
  if (!is_also && read.anchor.from > at) return why = "before " + read.after, std::nullopt;
  if (const auto* other = excepted(rule, party, &action, at, grounds)) return why = "set aside by " + other->id, std::nullopt;
  return spoken(rule, action, Word::Demands, read.due ? "due " + read.due->text : "", std::move(grounds));
}

// Where a ban ends, as far as anybody can name it.
std::optional<std::string> end_of_ban(const Applied& rule, const Party& party) {
  const auto& body = *rule.body;
  const auto& name = body.until.empty() ? body.during_to : body.until;
  if (name.empty()) return std::nullopt;
  if (body.until_if_given && !rule.world->is_given(name, &party)) return std::nullopt;
  return name;
}

// When a permission that could lift the ban begins, where its waiting time is running.
std::optional<When> permission_from(const Applied& rule, const Party& party, const Action& action, When at) {
  std::optional<When> out;
  for (const auto& id : rule.body->excepted_by) {
    const auto* other = rule.pack->rule(id);
    if (other == nullptr) continue;
    auto unused = Grounds::unasked();
    std::optional<When> from;
    permission_stands(applied(*rule.world, *rule.pack, *other), party, &action, at, unused, &from);
    if (from && *from > at) out = out ? std::min(*out, *from) : *from;
  }
  return out;
}

Answer banned(const Applied& rule, const Action& action, std::string& why, Grounds grounds) {
  const auto& body = *rule.body;
  const auto& party = *rule.world->scenario.party(action.actor);
  const auto at = instant_of(action, *rule.world);
  const auto facts = rule.facts(&party, &action, at);
  if (!body.until.empty() && body.during_from.empty() && facts.event(body.until).to <= at) return why = "ended with " + body.until, std::nullopt;
  if (!body.during_from.empty()) {
    const auto begin = facts.event(body.during_from), end = facts.event(body.during_to);
    if (begin.to > at || end.to <= at) return why = "outside " + body.during_from + " to " + body.during_to, std::nullopt;
  }
  if (const auto* other = excepted(rule, party, &action, at, grounds)) return why = "set aside by " + other->id, std::nullopt;
  if (!body.permits_if.is_empty()) {
    const auto lifted = body.permits_if.holds(facts, grounds);
    if (lifted == Truth::True) {
      auto out = spoken(rule, action, Word::Permits, body.permits_by_consent ? "consent was given" : "within the limit that the rule sets", std::move(grounds));
      out.met_precondition = body.permits_by_consent;
      return out;
    }
  }
  auto out = spoken(rule, action, Word::Forbids, "", std::move(grounds));
  out.until = end_of_ban(rule, party);
  if (!out.until)
    if (const auto from = permission_from(rule, party, action, at)) out.until = to_text(*from);
  out.why = out.until ? "until " + *out.until : "no end that anybody can name";
  return out;
}

// The first step of a precondition, if the later act is in the plan.
bool is_first_step(const Applied& rule, const Action& action, Grounds& grounds) {
  const auto& world = *rule.world;
  auto unused = Grounds::unasked();
  if (matches_but_for_recipients(rule, rule.body->first->act, action, unused) != Truth::True) return false;  // of none, then
  for (const auto& later : world.scenario.actions) {
    if (&later == &action || later.actor != action.actor) continue;
    Grounds own;
    const auto& party = *world.scenario.party(later.actor);
    const auto at = instant_of(later, world);
    if (matches(rule, *rule.body->act, later, nullptr, own) != Truth::True || triggered(rule, &party, &later, at, own) != Truth::True) continue;
    if (excepted(rule, party, &later, at, own) != nullptr) continue;
    if (matches(rule, rule.body->first->act, action, &later, own) != Truth::True) continue;
    own.facts.insert(later.id + " is planned");
    return grounds.add(own), true;
  }
  return false;
}

Answer preceded(const Applied& rule, const Action& action, std::string& why, Grounds grounds) {
  const auto& party = *rule.world->scenario.party(action.actor);
  const auto at = instant_of(action, *rule.world);
  if (const auto* other = excepted(rule, party, &action, at, grounds)) return why = "set aside by " + other->id, std::nullopt;
  const auto step = first_step(rule, party, &action);
  if (step && at >= enough_from(rule, *step)) {
    auto out = spoken(rule, action, Word::Permits, step->by + " came first, at " + to_text(step->at), std::move(grounds));
    out.met_precondition = true;
    return out;
  }
  auto out = spoken(rule, action, Word::Forbids, step ? step->by + " at " + to_text(step->at) + " isn't early enough" : "what has to come first isn't in the plan", std::move(grounds));
  const auto other = permission_from(rule, party, action, at);
  if (step) {
    const auto own = rule.body->first->wait ? enough_from(rule, *step) : step->at;
    out.until = to_text(other ? std::min(*other, own) : own);
  } else if (other) {
    out.until = to_text(*other);
  }
  return out;
}

Answer permitted(const Applied& rule, const Action& action, std::string& why, Grounds grounds) {
  const auto& party = *rule.world->scenario.party(action.actor);
  const auto at = instant_of(action, *rule.world);
  if (permission_stands(rule, party, &action, at, grounds) != Truth::True) return why = "what it asks first isn't done, or its time hasn't come", std::nullopt;
  auto out = spoken(rule, action, Word::Permits, "", std::move(grounds));
  // A report or a waiting time that opens what else were closed.
  const bool opens = std::any_of(rule.pack->rules.begin(), rule.pack->rules.end(), [&](const Rule& other) {
    const auto modality = other.plain.modality;
    return (modality == Modality::MustNot || modality == Modality::Precondition) && std::find(other.plain.excepted_by.begin(), other.plain.excepted_by.end(), rule.rule->id) != other.plain.excepted_by.end();
  });
  out.met_precondition = opens && (rule.body->first || rule.body->wait);
  return out;
}

// Advice that keeps a circle: inside it advises, outside it advises against, until its end.
Answer limited(const Applied& rule, const Action& action, std::string& why, Grounds grounds) {
  const auto& body = *rule.body;
  const auto& party = *rule.world->scenario.party(action.actor);
  const auto at = instant_of(action, *rule.world);
  const auto facts = rule.facts(&party, &action, at);
  if (matches_but_for_recipients(rule, *body.act, action, grounds) != Truth::True) return why = "another act", std::nullopt;
  if (!body.until.empty() && facts.event(body.until).to <= at) return why = "ended with " + body.until, std::nullopt;
  if (action.to.empty()) return why = "nobody is told", std::nullopt;
  Truth inside = Truth::True;
  for (const auto& told : action.to) {
    Truth one = Truth::False;
    for (const auto& circle : body.act->to)
      for (const auto& asked : circle) one = either(one, rule.world->tells(told, asked, *rule.pack, asked.place));
    inside = both(inside, one);
  }
  if (inside == Truth::Unknown) return why = "whether the recipient is of the circle isn't known", std::nullopt;
  if (const auto* other = excepted(rule, party, &action, at, grounds)) return why = "set aside by " + other->id, std::nullopt;
  auto out = spoken(rule, action, inside == Truth::True ? Word::Advises : Word::AdvisesAgainst, inside == Truth::True ? "inside the circle" : "outside the circle", std::move(grounds));
  if (inside == Truth::False) out.until = end_of_ban(rule, party);
  return out;
}

Answer advised(const Applied& rule, const Action& action, const std::vector<Duty>& duties, std::string& why, Grounds grounds) {
  auto out = rule.body->modality == Modality::ShouldNot ? banned(rule, action, why, grounds) : demanded(rule, action, duties, why, grounds);
  if (out) out->word = out->word == Word::Forbids ? Word::AdvisesAgainst : out->word == Word::Permits ? Word::Permits : Word::Advises;
  return out;
}

}  // namespace

std::optional<Verdict> judge(const Applied& rule, const Action& action, const std::vector<Duty>& duties, std::string& why, Grounds& grounds) {
  const auto& body = *rule.body;
  const auto& world = *rule.world;
  const auto& party = *world.scenario.party(action.actor);
  const auto at = instant_of(action, world);
  if (body.modality == Modality::Definition || body.modality == Modality::Sanction) return why = "it judges no act", std::nullopt;
  if (why = not_in_force(rule); !why.empty()) return std::nullopt;
  if (!body.act) return why = "it speaks of no act of a plan", std::nullopt;
  // Most rules don't bind most actors: no words are put together for that.
  if (grounds.is_kept)
    if (auto unused = Grounds::unasked(); binds(rule, party, at, unused) == Truth::False) return why = "out of scope", std::nullopt;
  switch (binds(rule, party, at, grounds)) {
    case Truth::False: return why = "out of scope", std::nullopt;
    case Truth::Unknown: return why = "whether it is in scope isn't known", std::nullopt;
    case Truth::True: break;
  }
  if (body.modality == Modality::Precondition && is_first_step(rule, action, grounds)) return spoken(rule, action, Word::Demands, "it has to come before", grounds);
  if (body.limits) {
    if (triggered(rule, &party, &action, at, grounds) != Truth::True) return why = "not triggered", std::nullopt;
    return limited(rule, action, why, grounds);
  }
  Grounds of_act;
  const auto does = matches(rule, *body.act, action, body.act->place.empty() ? nullptr : &action, of_act);
  if (does == Truth::False) return why = "no act that it speaks of", std::nullopt;
  grounds.add(of_act);
  // A duty is triggered as it stands when it is due; its act at its own time, which for what is done earlier is a guess either way.
  const auto trigger = triggered(rule, &party, &action, at, grounds);
  if (both(does, trigger) != Truth::True) return why = trigger == Truth::False ? "not triggered" : "whether it is triggered isn't known", std::nullopt;
  switch (body.modality) {
    case Modality::Must: return demanded(rule, action, duties, why, grounds);
    case Modality::MustNot: return banned(rule, action, why, grounds);
    case Modality::Precondition: return preceded(rule, action, why, grounds);
    case Modality::May: return permitted(rule, action, why, grounds);
    case Modality::Should:
    case Modality::ShouldNot:
    case Modality::Standard: return advised(rule, action, duties, why, grounds);
    case Modality::Definition:
    case Modality::Sanction: break;
  }
  return std::nullopt;
}

Verdicts verdicts(const World& world, const std::vector<const Pack*>& packs, const std::vector<Duty>& duties, const OfWhom& of_whom) {
  Verdicts out;
  std::vector<const Action*> actions;
  for (const auto& action : world.scenario.actions)
    if (!of_whom || of_whom(*world.scenario.party(action.actor))) actions.push_back(&action);
  for (const auto* pack : packs)
    for (const auto& one : pack->rules) {
      const auto rule = applied(world, *pack, one);
      std::string why;
      bool spoke = false;
      for (const auto* action : actions) {
        std::string silence;
        Grounds grounds;
        auto verdict = judge(rule, *action, duties, silence, grounds);
        if (verdict) spoke = true, out.spoken.push_back(*std::move(verdict));
        else if (silence.find("known") != silence.npos) out.questions.insert(grounds.questions.begin(), grounds.questions.end());
        if (why.empty() || why == "no act that it speaks of" || why == "out of scope") why = silence;
      }
      if (!spoke) out.silent.push_back({rule, why.empty() ? "no action" : why});
    }
  return out;
}

}  // namespace sluice::regimes
