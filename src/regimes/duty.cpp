#include "regimes/duty.h"

#include <algorithm>

namespace sluice::regimes {

std::string_view to_text(DutyState state) {
  static constexpr std::string_view kWords[] = {"not-triggered", "waiting", "open", "met", "late", "missed"};
  return kWords[std::size_t(state)];
}

DueRead read_due(const Applied& rule, const Due& due, const Party& party) {
  DueRead out;
  const auto facts = rule.facts(&party, nullptr, rule.world->scenario.as_of);
  switch (due.form) {
    case Due::Form::None:
    case Due::Form::WithPublication: return out;
    case Due::Form::Choice:
      for (const auto& one : due.of) {
        auto unused = Grounds::unasked();
        if (one.condition.holds(facts, unused) == Truth::True) return read_due(rule, one, party);
      }
      return out;
    case Due::Form::Later:
    case Due::Form::Earlier: {
      const bool later = due.form == Due::Form::Later;
      std::optional<DueRead> chosen;
      for (const auto& one : due.of) {
        const auto read = read_due(rule, one, party);
        if (read.waiting && later) return read;
        if (read.waiting) continue;
        if (!chosen || (read.due && (!chosen->due || (later ? read.due->at > chosen->due->at : read.due->at < chosen->due->at)))) chosen = read;
      }
      if (!chosen) out.waiting = true;
      return chosen ? *chosen : out;
    }
    case Due::Form::Within:
    case Due::Form::Promptly:
    case Due::Form::At: break;
  }
  out.after = due.after;
  if (due.after.empty()) return out;
  out.anchor = facts.event(due.after);
  out.waiting = !happens(out.anchor);
  if (out.waiting || !out.anchor.known()) return out;
  if (due.form == Due::Form::At) out.due = moment(out.anchor.to);
  // A length of nothing is "at once": no number.
  else if (due.form == Due::Form::Within && due.term.count > 0) out.due = after(out.anchor.to, due.term, rule.pack->calendar);
  return out;
}

std::string stage_of(const Duty& duty) {
  const auto facts = duty.rule.facts(duty.on, nullptr, duty.due ? duty.due->at : duty.rule.world->scenario.as_of);
  for (const auto& [condition, stage] : duty.rule.body->stage_if) {
    auto unused = Grounds::unasked();
    if (condition.holds(facts, unused) == Truth::True) return stage;
  }
  return duty.rule.body->stage;
}

bool may_be_stage(const Duty& duty, std::string_view word) {
  const auto& body = *duty.rule.body;
  return body.stage == word || std::any_of(body.stage_if.begin(), body.stage_if.end(), [&](const auto& one) { return one.second == word; });
}

namespace {

std::string due_words(const Duty& duty) { return duty.due ? "due " + duty.due->text : std::string("without a number of days"); }

// Met, late, open, missed: from when it was done.
void settle(Duty& duty, const std::optional<Fulfilled>& done) {
  const auto as_of = duty.rule.world->scenario.as_of;
  if (done) {
    duty.by = done->by, duty.done = done->at;
    duty.state = duty.due && done->at > duty.due->at ? DutyState::Late : DutyState::Met;
    duty.why = (done->by.empty() ? "published" : done->by + " at " + to_text(done->at)) + "; " + due_words(duty);
  } else {
    duty.state = duty.due && as_of > duty.due->at ? DutyState::Missed : DutyState::Open;
    duty.why = (duty.state == DutyState::Missed ? "nothing done in time; " : "nothing done yet; ") + due_words(duty);
  }
}

// An event that states the thing, or what was published.
std::optional<Fulfilled> stated(const Duty& duty) {
  const auto& body = *duty.rule.body;
  const auto& world = *duty.rule.world;
  for (const auto& name : body.met_by) {
    const auto span = world.event(name, duty.on, World::By::Statement);
    if (happens(span)) return Fulfilled{span.known() || !duty.due ? span.to : std::min(span.to, duty.due->at), name};
  }
  if (body.published.empty()) return std::nullopt;
  const auto facts = duty.rule.facts(duty.on, nullptr, world.scenario.as_of).fact("product.published");
  const auto has = [&](const std::string& one) { return facts && std::find(facts->begin(), facts->end(), one) != facts->end(); };
  if (std::all_of(body.published.begin(), body.published.end(), has)) return Fulfilled{kEver, {}};  // whenever that was
  return std::nullopt;
}

// What must come with each publication: looks at the first that comes without it, else at the first.
void settle_with_publication(Duty& duty) {
  const auto& world = *duty.rule.world;
  const auto& act = *duty.rule.body->act;
  std::vector<const Action*> published;
  for (const auto& action : world.scenario.actions) {
    const bool tells_all = std::any_of(action.to.begin(), action.to.end(), [&](const Recipient& one) { return world.tells(one, {"public", {}, {}}, *duty.rule.pack, "") == Truth::True; });
    const bool is_publication = act.types.empty() ? world.words.publications.contains(action.type) : act.types.contains(action.type);
    if (action.actor == duty.on->id && action.at && is_publication && tells_all) published.push_back(&action);
  }
  std::sort(published.begin(), published.end(), [](const Action* a, const Action* b) { return std::tie(*a->at, a->id) < std::tie(*b->at, b->id); });
  if (published.empty()) {
    duty.state = DutyState::Waiting, duty.why = "nothing is published yet";
    return;
  }
  const auto done = fulfilled(duty.rule, act, *duty.on, nullptr, {kEver, kEver});
  const auto* which = published.front();
  if (done)
    for (const auto* one : published)
      if (*one->at < done->at) which = one;
  duty.due = moment(*which->at);
  duty.anchor = {*which->at, *which->at};
  settle(duty, done);
}

Duty begun(const Applied& rule, const Party& party, Truth bound, Grounds grounds) {
  Duty duty{rule, &party, DutyState::NotTriggered, {}, {kEver, kEver}, {}, {}, {}, {}, false, false, std::move(grounds)};
  const auto& world = *rule.world;
  const auto as_of = world.scenario.as_of;
  duty.is_bound = bound == Truth::True;
  if (const auto why = not_in_force(rule); !why.empty()) return duty.why = why, duty;
  const bool is_draft = rule.force() == Force::Draft;
  if (bound != Truth::True) return duty.why = "not known to be bound", duty;
  const auto read = read_due(rule, rule.body->due, party);
  const auto moment_judged = read.due ? read.due->at : as_of;
  const auto does = triggered(rule, &party, nullptr, moment_judged, duty.grounds);
  if (does == Truth::False) return duty.why = "its condition isn't met", duty;
  if (does == Truth::Unknown) return duty.why = "whether its condition is met isn't known", duty;
  if (const auto* other = excepted(rule, party, nullptr, moment_judged, duty.grounds)) return duty.why = "set aside by " + other->id, duty;
  duty.would_bind = true;
  if (is_draft) return duty.why = "a draft: it binds nobody", duty;
  if (read.waiting) return duty.state = DutyState::Waiting, duty.why = (read.after.empty() ? "its event" : read.after) + " has not happened", duty;
  duty.state = DutyState::Open;
  duty.due = read.due;
  duty.anchor = read.anchor;
  if (duty.grounds.is_kept && !read.anchor.known()) duty.grounds.questions.insert("when " + read.after + " was");
  return duty;
}

bool comes_after(const Duty& duty, const Action& action) { return *action.at >= duty.anchor.to || duty.anchor.from <= kEver; }

// Which stage each action is. Actions in the order of their times, stages in that of the pack.
void assign(std::vector<Duty*>& stages) {
  const auto& world = *stages.front()->rule.world;
  std::vector<const Action*> actions;
  for (const auto& action : world.scenario.actions)
    if (action.at && action.actor == stages.front()->on->id) actions.push_back(&action);
  std::sort(actions.begin(), actions.end(), [](const Action* a, const Action* b) { return std::tie(*a->at, a->id) < std::tie(*b->at, b->id); });

  const auto may_be = [](const Duty& duty, const Action& action) {
    if (duty.state != DutyState::Open || !duty.rule.body->act || action.stage == kNoStage || !comes_after(duty, action)) return false;
    auto unused = Grounds::unasked();
    return matches(duty.rule, *duty.rule.body->act, action, nullptr, unused) == Truth::True;
  };
  const auto told = [](const Duty& duty) {
    const std::set<std::string> only(duty.actions.begin(), duty.actions.end());
    return fulfilled(duty.rule, *duty.rule.body->act, *duty.on, nullptr, duty.anchor, &only);
  };
  // One that tells somebody of a stage whom no action before it told.
  const auto adds = [](const Duty& duty, const Action& action) {
    const auto where = places(duty.rule, *duty.rule.body->act, *duty.on, nullptr);
    if (duty.rule.body->act->to.empty()) return true;
    for (const auto& circle : duty.rule.body->act->to)
      for (const auto& asked : circle) {
        const auto is_told = [&](const std::string& id) { return tells_some(duty.rule, *duty.rule.world->scenario.action(id), {asked}, where) == Truth::True; };
        if (tells_some(duty.rule, action, {asked}, where) == Truth::True && std::none_of(duty.actions.begin(), duty.actions.end(), is_told)) return true;
      }
    return false;
  };
  // A word that no stage of this ladder has names a stage of another.
  const auto names_stage = [&](const std::string& word) { return std::any_of(stages.begin(), stages.end(), [&](const Duty* duty) { return may_be_stage(*duty, word); }); };
  for (const auto* action : actions) {
    std::vector<Duty*> taken;
    for (auto* duty : stages) {
      if (!may_be(*duty, *action)) continue;
      if (!action->stage.empty() && names_stage(action->stage)) {
        if (stage_of(*duty) == action->stage) taken.push_back(duty);
      } else if (taken.empty() && !told(*duty) && adds(*duty, *action)) {
        taken.push_back(duty);
      }
    }
    if (taken.empty()) continue;
    const Duty* first = taken.front();
    for (auto* duty : stages) {
      const bool same = duty->due && first->due && duty->due->at == first->due->at && duty->rule.body->act && duty->rule.body->act->to == first->rule.body->act->to;
      // A stage that another action is named for is that one's.
      const auto is_named_for_it = [&](const Action* other) { return other != action && !other->stage.empty() && other->stage == stage_of(*duty) && may_be(*duty, *other); };
      if (same && may_be(*duty, *action) && std::none_of(actions.begin(), actions.end(), is_named_for_it) && std::find(taken.begin(), taken.end(), duty) == taken.end()) taken.push_back(duty);
    }
    for (auto* duty : taken) duty->actions.push_back(action->id);
  }
}

void settle_all(World& world, std::vector<Duty>& all) {
  std::map<std::pair<std::string, std::string>, std::vector<Duty*>> ladders;
  for (auto& duty : all) {
    const auto& body = *duty.rule.body;
    if (!body.ladder.empty()) ladders[{body.ladder, duty.on->id}].push_back(&duty);
    else if (duty.state == DutyState::Open && body.due.form == Due::Form::WithPublication && body.act) settle_with_publication(duty);
    else if (duty.state == DutyState::Open) {
      auto done = body.act ? fulfilled(duty.rule, *body.act, *duty.on, nullptr, duty.anchor) : std::nullopt;
      settle(duty, done ? done : stated(duty));
    }
  }
  for (auto& [key, stages] : ladders) {
    assign(stages);
    for (auto* duty : stages) {
      if (duty->state != DutyState::Open || !duty->rule.body->act) continue;
      const std::set<std::string> only(duty->actions.begin(), duty->actions.end());
      const auto done = fulfilled(duty->rule, *duty->rule.body->act, *duty->on, nullptr, duty->anchor, &only);
      settle(*duty, done ? done : stated(*duty));
      const bool of_incident = duty->rule.body->stage == "notification" && read_due(duty->rule, duty->rule.body->due, *duty->on).after.starts_with("incident.");
      if (of_incident && done) world.made("incident.notification_submitted@" + duty->on->id, done->at);
    }
  }
}

std::vector<Duty> pass(World& world, const std::vector<const Pack*>& packs, const OfWhom& of_whom) {
  std::vector<Duty> out;
  for (const auto* pack : packs) {
    if (pack->force == Force::Advice) continue;
    // Most regimes don't speak to most parties of a large case: that is asked once for each, and no words are put together for it.
    std::vector<const Party*> parties;
    for (const auto& party : world.scenario.parties)
      if ((!of_whom || of_whom(party)) && !is_out_of_scope(world, *pack, party, world.scenario.as_of)) parties.push_back(&party);
    for (const auto& one : pack->rules) {
      const auto rule = applied(world, *pack, one);
      if (rule.body->modality != Modality::Must) continue;
      for (const auto* party : parties) {
        if (auto unused = Grounds::unasked(); binds(rule, *party, world.scenario.as_of, unused) == Truth::False) continue;
        Grounds grounds;
        grounds.readings.insert(one.readings.begin(), one.readings.end());
        const auto bound = binds(rule, *party, world.scenario.as_of, grounds);
        out.push_back(begun(rule, *party, bound, std::move(grounds)));
      }
    }
  }
  settle_all(world, out);
  return out;
}

}  // namespace

std::optional<Duty> needed(const Applied& rule, const Party& party) {
  auto out = begun(rule, party, Truth::True, Grounds::unasked());
  if (out.state != DutyState::Open) return std::nullopt;
  if (rule.body->due.form == Due::Form::WithPublication) {
    settle_with_publication(out);
    if (out.state == DutyState::Waiting) return std::nullopt;
  } else if (stated(out) && !fulfilled(rule, *rule.body->act, party, nullptr, out.anchor)) {
    return std::nullopt;
  }
  return out;
}

std::vector<Duty> duties(World& world, const std::vector<const Pack*>& packs, const OfWhom& of_whom) {
  auto first = pass(world, packs, of_whom);
  // Where it found the notification stage of an incident, other terms run from that.
  return world.has_made() ? pass(world, packs, of_whom) : std::move(first);
}

}  // namespace sluice::regimes
