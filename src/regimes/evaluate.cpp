#include "regimes/evaluate.h"

#include <algorithm>

namespace sluice::regimes {

std::string_view to_text(Outcome outcome) {
  static constexpr std::string_view kWords[] = {"conflict", "deny", "allow-with-duties", "allow"};
  return kWords[std::size_t(outcome)];
}

void Library::add(std::string_view yaml, std::string_view file) {
  if (file == kAuthoritiesFile) {
    const auto found = authorities.add(yaml, file, words);
    findings.insert(findings.end(), found.begin(), found.end());
    return;
  }
  auto read = read_pack(yaml, file, words);
  findings.insert(findings.end(), read.findings.begin(), read.findings.end());
  if (!is_valid(read.findings)) return;
  learn(read.pack);
  packs[read.pack.id] = std::move(read.pack);
}

void Library::learn(const Pack& pack) {
  static constexpr std::string_view kSubjects[] = {"party", "product", "vulnerability", "incident", "action", "plan", "embargo"};
  for (const auto& [name, looked_for] : pack.asks) {
    const auto dot = name.find('.');
    const bool of_role = std::find(std::begin(kSubjects), std::end(kSubjects), std::string_view(name).substr(0, dot)) == std::end(kSubjects);
    const auto fact = of_role ? "party" + name.substr(dot) : name;
    const bool is_new = words.asked.insert(fact).second;
    const auto is_yes_or_no = [](const std::string& word) { return word == "yes" || word == "no"; };
    const bool yes_or_no = std::all_of(looked_for.begin(), looked_for.end(), is_yes_or_no);
    const auto known = words.facts.find(fact);
    if (known == words.facts.end()) {
      if (is_new && yes_or_no) words.facts[fact] = {"yes", "no"};
      continue;
    }
    // Of what seemed to be yes or no to another pack, this one asks more: it may be anything then.
    if (!yes_or_no && known->second == Vocabulary::Some{"yes", "no"}) words.facts.erase(known);
    else known->second.insert(looked_for.begin(), looked_for.end());
  }
  if (!pack.owner.empty()) words.facts["party.flags"].insert(pack.owner);
  const auto stages = words.facts.find("action.stage");
  if (stages == words.facts.end()) return;
  for (const auto& rule : pack.rules) {
    stages->second.insert(rule.plain.stage);
    stages->second.insert(rule.plain.stage_also.begin(), rule.plain.stage_also.end());
    for (const auto& [condition, stage] : rule.plain.stage_if) stages->second.insert(stage);
  }
}

std::optional<EditionRead> edition_of(const Pack& pack, const Rule& rule, Second as_of) {
  if (pack.editions.empty()) return std::nullopt;
  const Edition* chosen = nullptr;
  for (const auto& one : pack.editions)
    if (one.obtained && (!one.from || *one.from <= as_of)) chosen = &one;
  if (chosen == nullptr) chosen = &pack.editions.front();
  EditionRead out{chosen->name, rule.cite, chosen->until && as_of >= *chosen->until, true, {}, chosen->from && as_of < *chosen->from};
  for (const auto& one : pack.editions)
    if (&one > chosen && one.from && *one.from <= as_of) out.successor = one.name;
  const auto id = rule.id.substr(rule.id.find('/') + 1);
  const auto clause = chosen->clauses.find(id);
  const bool is_last = std::none_of(pack.editions.begin(), pack.editions.end(), [&](const Edition& one) { return &one > chosen && one.obtained; });
  if (clause != chosen->clauses.end()) out.clause = clause->second;
  else out.clause_known = is_last;
  return out;
}

namespace {

// Which of the case's readings exist.
Result<void> check_readings(const Scenario& scenario, const Library& library) {
  for (const auto& [name, choice] : scenario.readings) {
    const auto where = "/readings/" + pointer_token(name);
    const auto dot = name.rfind('.');
    if (dot == name.npos) return fail(ErrorKind::Invalid, "A reading is named regime.reading.", where);
    const auto owner = name.substr(0, dot);
    const auto pack = library.packs.find(owner.substr(0, owner.find('/')));
    if (pack == library.packs.end()) continue;  // of a regime that isn't asked
    const auto* reading = pack->second.reading(name.substr(dot + 1));
    if (reading == nullptr) return fail(ErrorKind::Invalid, "The regime \"" + pack->first + "\" has no reading \"" + name.substr(dot + 1) + "\".", where);
    if (std::none_of(reading->choices.begin(), reading->choices.end(), [&](const auto& one) { return one.first == choice; }))
      return fail(ErrorKind::Invalid, "The reading \"" + name + "\" has no choice \"" + choice + "\".", where);
  }
  return {};
}

Outcome outcome_of(const Action& action, const Verdicts& verdicts, const Conflicts& conflicts) {
  bool demanded = false, forbidden = false, forbidden_by_policy = false, met = false;
  for (const auto& one : verdicts.spoken) {
    if (one.action != &action) continue;
    demanded = demanded || (one.is_law() && one.word == Word::Demands);
    forbidden = forbidden || (one.is_law() && one.word == Word::Forbids);
    forbidden_by_policy = forbidden_by_policy || (one.force == Force::Policy && one.word == Word::Forbids);
    met = met || ((one.is_law() || one.force == Force::Policy) && one.word == Word::Permits && one.met_precondition);
  }
  if (conflicts.hopeless.contains(action.id)) return Outcome::Conflict;
  if (forbidden || (forbidden_by_policy && !demanded)) return Outcome::Deny;
  return met ? Outcome::AllowWithDuties : Outcome::Allow;
}

class DivergenceFinder {
 public:
  explicit DivergenceFinder(const Evaluation& all) : all_(all) {}

  std::vector<Divergence> find() {
    by_verdict();
    for (const auto* pack : all_.packs)
      if (is_public(*pack))
        for (const auto& rule : pack->rules) by_topic(applied(*all_.world, *pack, rule));
    return std::move(out_);
  }

 private:
  static bool is_public(const Pack& pack) { return pack.force == Force::Law || pack.force == Force::Draft; }

  void add(const Rule& rule, const Rule& standard, std::string why) {
    for (const auto& one : out_)
      if (one.rule == rule.id && one.standard == standard.id) return;
    out_.push_back({rule.id, standard.id, std::move(why)});
  }

  // The law demands what advice advises against, or forbids what it advises or permits.
  void by_verdict() {
    for (const auto& law : all_.verdicts.spoken) {
      if (!is_public(*law.rule.pack)) continue;
      for (const auto& advice : all_.verdicts.spoken) {
        if (advice.action != law.action || advice.rule.pack->force != Force::Advice) continue;
        if (law.word == Word::Demands && advice.word == Word::AdvisesAgainst) add(*law.rule.rule, *advice.rule.rule, "demanded by the one and advised against by the other: " + law.action->id);
        else if (law.word == Word::Forbids && (advice.word == Word::Advises || advice.word == Word::Permits)) add(*law.rule.rule, *advice.rule.rule, "forbidden by the one, " + std::string(to_text(advice.word)) + " by the other: " + law.action->id);
      }
    }
  }

  void by_topic(const Applied& rule) {
    if (rule.body->against.empty() || !not_in_force(rule).empty()) return;
    for (const auto& topic : rule.body->against)
      if (speaks(rule, topic.condition))
        for (const auto* pack : all_.packs)
          for (const auto& other : pack->rules) {
            const auto norm = applied(*all_.world, *pack, other);
            if (pack == rule.pack || !not_in_force(norm).empty()) continue;
            if (std::find(norm.body->norm.begin(), norm.body->norm.end(), topic.topic) != norm.body->norm.end()) add(*rule.rule, other, topic.why.empty() ? topic.topic : topic.why);
          }
  }

  // On an action, by a duty, or by a sanction that could follow; and the topic's own condition.
  bool speaks(const Applied& rule, const Condition& condition) const {
    const auto as_of = all_.scenario->as_of;
    const auto fits = [&](const Party* party, const Action* action, When at) {
      auto unused = Grounds::unasked();
      return condition.holds(rule.facts(party, action, at), unused) == Truth::True;
    };
    for (const auto& one : all_.verdicts.spoken)
      if (one.rule.rule == rule.rule && fits(all_.scenario->party(one.action->actor), one.action, one.action->at.value_or(as_of))) return true;
    for (const auto& one : all_.duties)
      if (one.rule.rule == rule.rule && one.would_bind && fits(one.on, nullptr, one.done.value_or(one.due ? one.due->at : When(as_of)))) return true;
    if (rule.body->modality == Modality::Sanction)
      for (const auto& party : all_.scenario->parties) {
        auto unused = Grounds::unasked();
        if (binds(rule, party, as_of, unused) == Truth::True && triggered(rule, &party, nullptr, as_of, unused) == Truth::True && fits(&party, nullptr, as_of)) return true;
      }
    return false;
  }

  const Evaluation& all_;
  std::vector<Divergence> out_;
};

// The one action of the plan that brings the event about, where the case gives no time and no other does.
const Action* only_causer(const Evaluation& all, const std::string& event) {
  const auto given = all.scenario->events.find(event);
  if (given != all.scenario->events.end() && given->second) return nullptr;
  static const Pack kNoPack;
  const Action* out = nullptr;
  for (const auto& cause : all.world->words.causes)
    for (const auto& action : all.scenario->actions) {
      if (cause.event != event || !cause.types.contains(action.type)) continue;
      const bool told = cause.to.empty() || std::any_of(action.to.begin(), action.to.end(), [&](const Recipient& one) { return all.world->tells(one, {cause.to, {}, {}}, kNoPack, "") == Truth::True; });
      if (told && out != nullptr) return nullptr;
      if (told) out = &action;
    }
  return out;
}

// What has to come before what: by preconditions, by permissions that ask for a first step, and by bans that an action of the plan ends.
std::vector<std::pair<std::string, std::string>> order_of(const Evaluation& all) {
  std::set<std::pair<std::string, std::string>> pairs;
  for (const auto& one : all.verdicts.spoken) {
    const auto& rule = one.rule;
    if (one.word == Word::Forbids && one.force != Force::Draft && !rule.body->until.empty())
      if (const auto* ends = only_causer(all, rule.body->until); ends != nullptr && ends != one.action) pairs.emplace(ends->id, one.action->id);
    const bool is_later = rule.body->first && one.word != Word::Demands && one.force != Force::Draft;
    if (!is_later) continue;
    for (const auto& first : all.scenario->actions) {
      auto unused = Grounds::unasked();
      if (&first != one.action && first.actor == one.action->actor && matches(rule, rule.body->first->act, first, one.action, unused) == Truth::True) pairs.emplace(first.id, one.action->id);
    }
  }
  return {pairs.begin(), pairs.end()};
}

Result<Evaluation> with_duties(const Scenario& scenario, const Library& library, const std::map<std::string, std::string>& other_readings, const OfWhom& of_whom = {}) {
  Evaluation out;
  out.scenario = &scenario;
  out.authorities = &library.authorities;
  for (std::size_t i = 0; i < scenario.regimes.size(); ++i) {
    const auto found = library.packs.find(scenario.regimes[i]);
    if (found == library.packs.end()) return fail(ErrorKind::Invalid, "There is no pack \"" + scenario.regimes[i] + "\".", "/regimes/" + std::to_string(i));
    if (std::find(out.packs.begin(), out.packs.end(), &found->second) == out.packs.end()) out.packs.push_back(&found->second);
  }
  for (std::size_t i = 0; i < scenario.assumed_as_given.size(); ++i) {
    const auto& id = scenario.assumed_as_given[i];
    const auto found = library.packs.find(id);
    if (found == library.packs.end() || found->second.force != Force::Draft) return fail(ErrorKind::Invalid, "Only a draft is assumed to be in force, and \"" + id + "\" is none.", "/assume_in_force/" + std::to_string(i));
  }
  TRY(check_readings(scenario, library));
  out.world = std::make_unique<World>(scenario, library.words);
  out.world->other_readings = other_readings;
  out.duties = duties(*out.world, out.packs, of_whom);
  return out;
}

Result<Evaluation> with_verdicts(const Scenario& scenario, const Library& library, const std::map<std::string, std::string>& other_readings, const OfWhom& of_whom = {}) {
  TRY(auto out, with_duties(scenario, library, other_readings, of_whom));
  out.verdicts = verdicts(*out.world, out.packs, out.duties, of_whom);
  return out;
}

}  // namespace

Result<Evaluation> evaluate_duties_alone(const Scenario& scenario, const Library& library) { return with_duties(scenario, library, {}); }

Result<Evaluation> evaluate_duties(const Scenario& scenario, const Library& library, const OfWhom& of_whom) { return with_verdicts(scenario, library, {}, of_whom); }

Result<Evaluation> evaluate(const Scenario& scenario, const Library& library, const std::map<std::string, std::string>& other_readings) {
  TRY(auto out, with_verdicts(scenario, library, other_readings));
  out.conflicts = conflicts(*out.world, out.packs, out.duties, out.verdicts);
  for (const auto& action : scenario.actions) out.outcomes[action.id] = outcome_of(action, out.verdicts, out.conflicts);
  out.divergences = DivergenceFinder(out).find();
  out.order = order_of(out);
  return out;
}

}  // namespace sluice::regimes
