#include "regimes/cost.h"

#include <algorithm>

#include "regimes/overlay.h"
#include "regimes/outline.h"
#include "regimes/reach.h"

namespace sluice::regimes {

namespace {

constexpr std::size_t kMostSteps = 16;
constexpr std::size_t kMostInstants = 200'000;
constexpr std::size_t kMostLooks = 50'000'000;   // of a rule at an act or a party, over all instants, and as much for events: some seconds

// A plan in which one publication is moved.
class Mover {
 public:
  Mover(Scenario scenario, const Library& library, std::string action, Second from, std::size_t& looks) : plan_(std::move(scenario)), library_(library), action_(std::move(action)), from_(from), looks_(looks) {
    for (const auto& id : plan_.regimes)
      if (const auto* pack = &library_.packs.at(id); std::find(packs_.begin(), packs_.end(), pack) == packs_.end()) packs_.push_back(pack), rules_ += pack->rules.size();
  }

  // With the first steps that closed rules ask for; `by_exceptions`: also those that their exceptions ask for.
  Earliest find(bool by_exceptions) {
    Earliest out;
    for (std::size_t i = 0; i < kMostSteps && add_steps(by_exceptions, out); ++i) {}
    const auto all = instants();
    for (const auto at : all) {
      out.is_cut = looks_ == 0 || all.size() > kMostInstants;
      if (out.is_cut) return out;
      auto closed = closed_by(at);
      if (closed.empty()) return out.at = at, out;
      out.held_by = std::move(closed);
    }
    return out;
  }

 private:
  struct Judged {
    std::unique_ptr<World> world;
    Verdicts verdicts;
  };
  Judged judged(Second at) {
    looks_ -= std::min(looks_, rules_ * (plan_.actions.size() + plan_.parties.size()) + 4 * plan_.events.size());
    for (auto& one : plan_.actions)
      if (one.id == action_) one.at = at;
    Judged out{std::make_unique<World>(plan_, library_.words), {}};
    const auto owed = duties(*out.world, packs_);
    out.verdicts = verdicts(*out.world, packs_, owed);
    return out;
  }

  static std::vector<std::string> closing(const Judged& all, const std::string& action) {
    bool demanded = false;
    std::vector<std::string> law, policy;
    for (const auto& one : all.verdicts.spoken) {
      if (one.action->id != action) continue;
      demanded = demanded || (one.is_law() && one.word == Word::Demands);
      if (one.word == Word::Forbids && one.is_law()) law.push_back(one.rule.rule->id);
      if (one.word == Word::Forbids && one.force == Force::Policy) policy.push_back(one.rule.rule->id);
    }
    if (!demanded) law.insert(law.end(), policy.begin(), policy.end());
    return law;
  }
  std::vector<std::string> closed_by(Second at) { return closing(judged(at), action_); }

  // The body of a step, at its place and level; nothing: nobody said where.
  static std::optional<Recipients> told_by(const Applied& rule, const Act& act, const Party& party, const Action& later) {
    if (act.to.empty()) return Recipients{};
    const auto where = places(rule, act, party, &later);
    auto out = act.to.front();
    if (!where) return std::nullopt;
    for (auto& one : out)
      if (one.place.empty() && !where->empty()) one.place = where->front();
    return out;
  }

  bool add_steps(bool by_exceptions, Earliest& to) {
    const auto all = judged(from_);
    for (const auto& one : all.verdicts.spoken) {
      if (one.action->id != action_ || one.word != Word::Forbids || one.force == Force::Draft) continue;
      std::vector<Applied> asking;
      if (one.rule.body->first) asking.push_back(one.rule);
      if (by_exceptions)
        for (const auto& id : one.rule.body->excepted_by)
          if (const auto* other = one.rule.pack->rule(id)) asking.push_back(applied(*all.world, *one.rule.pack, *other));
      for (const auto& rule : asking) {
        const auto& party = *plan_.party(one.action->actor);
        if (!rule.body->first || first_step(rule, party, one.action)) continue;
        const auto& act = rule.body->first->act;
        const auto told = told_by(rule, act, party, *one.action);
        const auto id = "step:" + rule.rule->id;
        if (!told || act.types.empty() || plan_.action(id) != nullptr) continue;
        Action step;
        step.id = id, step.actor = one.action->actor, step.type = *act.types.begin(), step.to = *told, step.at = from_;
        step.content = act.content.empty() ? std::set<std::string>{"summary"} : act.content;
        step.facts = json::object{{"id", id}, {"type", step.type}};
        std::string to_whom;
        for (const auto& body : step.to) to_whom += (to_whom.empty() ? "" : "+") + to_text(body);
        auto without = plan_.actions;
        plan_.actions.push_back(step);
        if (!closing(judged(from_), id).empty()) {
          plan_.actions = std::move(without);
          continue;
        }
        to.steps.push_back(step.type + (to_whom.empty() ? "" : " to " + to_whom) + ", for " + rule.rule->id);
        return true;
      }
    }
    return false;
  }

  // All on which what the law says of the publication may change; more than kMostInstants aren't written down.
  std::set<Second> instants() const {
    std::set<Second> bases{from_, plan_.as_of};
    for (const auto& [name, at] : plan_.events)
      if (at) bases.insert(*at);
    for (const auto& one : plan_.actions)
      if (one.at && one.id != action_) bases.insert(one.at->at);
    if (plan_.embargo && plan_.embargo->until) bases.insert(*plan_.embargo->until);
    for (const auto* pack : packs_)
      for (const auto& [name, at] : pack->events) bases.insert(at);
    std::set<Second> out;
    const auto add = [&](Second at) {
      if (out.size() <= kMostInstants) out.insert({at, at + 1});
    };
    for (const auto at : bases) add(at);
    const auto add_term = [&](const Pack& pack, const Term& term) {
      const auto looked = term.unit == Term::Unit::BusinessDays || term.unit == Term::Unit::CalendarDays ? std::size_t(term.count) + 1 : 1;   // such days are counted one by one
      for (const auto at : bases) {
        if (out.size() > kMostInstants || looks_ == 0) return;
        looks_ -= std::min(looks_, looked);
        const auto later = after(at, term, pack.calendar).at.at;
        add(later), add(at - (later - at));
      }
    };
    for (const auto* pack : packs_)
      for (const auto& one : pack->rules) {
        std::vector<const RuleBody*> bodies{&one.plain};
        for (const auto& [reading, choice, body] : one.in_reading) bodies.push_back(&body);
        for (const auto* body : bodies) {
          if (body->first && body->first->wait) add_term(*pack, *body->first->wait);
          if (body->wait) add_term(*pack, body->wait->term);
          std::vector<const Condition*> conditions{&body->when, &body->binds, &body->permits_if, &pack->scope};
          if (body->act) conditions.push_back(&body->act->condition);
          for (const auto* condition : conditions)
            for (const auto& test : condition->tests()) {
              if (test.kind != Test::Kind::Compare) continue;
              for (const auto* side : {&test.left, &test.right}) {
                if (side->day) add(pack->calendar.zone.start_of(*side->day));
                if (side->sign != 0) add_term(*pack, side->term);
              }
            }
        }
      }
    if (out.size() <= kMostInstants) std::erase_if(out, [&](Second at) { return at < from_; });
    return out;
  }

  Scenario plan_;
  const Library& library_;
  std::string action_;
  Second from_;
  std::size_t& looks_;         // that are left
  std::size_t rules_ = 0;
  std::vector<const Pack*> packs_;
};

Earliest earliest_lawful(const Scenario& scenario, const Library& library, const std::string& action, Second from, std::size_t& looks) {
  auto plain = Mover(scenario, library, action, from, looks).find(false);
  auto other = Mover(scenario, library, action, from, looks).find(true);
  if (plain.is_cut || other.is_cut) return plain.is_cut ? plain : other;
  const bool better = other.at && (!plain.at || *other.at < *plain.at);
  return better ? other : plain;
}

std::string said(const Earliest& one) { return one.at ? "from " + to_text(*one.at) : "never as planned"; }

json::object to_json(const Earliest& one) {
  const auto texts = [](const std::vector<std::string>& all) { return json::array(all.begin(), all.end()); };
  json::object out{{"earliest", one.at ? json::value(to_text(*one.at)) : json::value()}};
  if (!one.held_by.empty()) out["held_by"] = texts(one.held_by);
  if (!one.steps.empty()) out["steps"] = texts(one.steps);
  return out;
}

}  // namespace

Result<Cost> cost(const Scenario& scenario, const Library& library, const std::string& what, const std::string& action, std::optional<Second> from) {
  for (std::size_t i = 0; i < scenario.regimes.size(); ++i)
    if (!library.packs.contains(scenario.regimes[i])) return fail(ErrorKind::Invalid, "There is no pack \"" + scenario.regimes[i] + "\".", "/regimes/" + std::to_string(i));
  TRY(evaluate_duties(scenario, library));  // what can't be asked is refused as an evaluation refuses it
  const auto pack = library.packs.find(what.substr(0, what.find('/')));
  if (pack == library.packs.end()) return fail(ErrorKind::NotFound, "There is no pack \"" + what + "\".", "/regime");
  const bool is_rule = what.find('/') != what.npos;
  Cost out;
  out.action = action;
  std::optional<Second> first;
  for (const auto& one : scenario.actions) {
    if (!action.empty() || std::none_of(one.to.begin(), one.to.end(), [](const Recipient& told) { return told.kind == "public"; })) continue;
    const auto at = one.at ? one.at->at : scenario.as_of;
    if (!first || at < *first) first = at, out.action = one.id;
  }
  if (scenario.action(out.action) == nullptr) return fail(ErrorKind::NotFound, action.empty() ? "This plan publishes nothing; name an action." : "The case has no action \"" + action + "\".", "/action");
  auto with = scenario, without = scenario;
  if (std::find(with.regimes.begin(), with.regimes.end(), pack->first) == with.regimes.end()) with.regimes.push_back(pack->first);
  if (pack->second.force == Force::Draft) with.assumed.insert(pack->first);
  auto library_without = library;
  if (is_rule) {
    auto left = without_rule(library, what);
    if (!left) return fail(left.error().kind, left.error().message, "/regime");
    library_without = *std::move(left);
    without = with;
  } else {
    std::erase(without.regimes, pack->first);
  }
  const auto start = from.value_or(scenario.as_of);
  auto looks = kMostLooks;
  out.with = earliest_lawful(with, library, out.action, start, looks);
  out.without = earliest_lawful(without, library_without, out.action, start, looks);
  if (out.with.is_cut || out.without.is_cut) return fail(ErrorKind::Invalid, "This plan has more acts, rules and instants than are tried; ask with fewer regimes, actions or events.", "/actions");
  if (out.with.at && out.without.at) out.delay = *out.with.at - *out.without.at;
  return out;
}

json::object to_json(const Cost& cost) {
  return {{"action", cost.action}, {"with", to_json(cost.with)}, {"without", to_json(cost.without)}, {"delay_s", cost.delay ? json::value(*cost.delay) : json::value()}};
}

std::string to_text(const Cost& cost) {
  auto out = cost.action + ": lawful " + said(cost.with) + "; without it " + said(cost.without);
  if (cost.delay) out += *cost.delay == 0 ? ": no later" : ": " + in_words(*cost.delay) + " later";
  return out;
}

}  // namespace sluice::regimes
