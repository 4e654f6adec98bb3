// An evaluation as JSON: the fields of a case's expected answer, and beside them why, on what facts, under which readings.
#include <algorithm>

#include "regimes/evaluate.h"
#include "regimes/outline.h"
#include "regimes/sanctions.h"
#include "regimes/wrong_body.h"

namespace sluice::regimes {

namespace {

json::array texts(const std::set<std::string>& words) {
  json::array out;
  for (const auto& word : words) out.emplace_back(word);
  return out;
}

json::array assumed(const Applied& rule, const Grounds& grounds) {
  json::array out;
  for (const auto& name : grounds.readings) out.emplace_back(rule.pack->id + "." + name + "=" + rule.world->choice(*rule.pack, rule.rule, name));
  return out;
}

std::string sentence(const Rule& rule, const std::string& why) { return rule.says + (why.empty() ? "" : " [" + why + "]"); }

// What every part of the answer says of its rule.
void cite(json::object& out, const Applied& rule, const Grounds& grounds) {
  out["citation"] = rule.rule->cite;
  if (!rule.rule->verified) out["verified"] = false;
  if (const auto edition = edition_of(*rule.pack, *rule.rule, rule.world->scenario.as_of)) {
    out["edition"] = edition->name;
    out["clause"] = edition->clause;
    if (!edition->clause_known) out["clause_verified"] = false;
    if (edition->withdrawn) out["withdrawn"] = true;
    if (!edition->successor.empty()) out["successor"] = edition->successor;
    if (edition->is_early) out["published_later"] = true;
  }
  if (!grounds.readings.empty()) out["assumes"] = assumed(rule, grounds);
  if (!grounds.facts.empty()) out["because"] = texts(grounds.facts);
  if (!grounds.questions.empty()) out["questions"] = texts(grounds.questions);
}

// What would follow a breach, beside it; it changes nothing.
void add_exposure(json::object& out, const std::optional<Exposure>& exposed) {
  if (!exposed) return;
  json::array sanctions;
  for (const auto& one : exposed->sanctions) {
    json::object sanction{{"rule", one.rule->id}, {"citation", one.rule->cite}, {"says", one.rule->says}, {"verified", one.rule->verified}};
    if (!one.rule->notes.empty()) sanction["notes"] = one.rule->notes;
    if (!one.is_sure) sanction["questions"] = texts(one.grounds.questions);
    sanctions.push_back(std::move(sanction));
  }
  out["sanctions"] = std::move(sanctions);
  if (!exposed->none.empty()) out["no_sanction"] = exposed->none;
}

// A report that went elsewhere, and where it should have gone. The reasons say it in words too.
void add_wrong_bodies(json::object& out, const std::vector<WrongBody>& wrong) {
  if (wrong.empty()) return;
  json::array all;
  for (const auto& one : wrong) {
    json::array asked, right;
    for (const auto& recipient : one.asked) asked.emplace_back(to_text(recipient));
    for (const auto& body : one.right) {
      json::object row{{"body", body.body->id}, {"who", to_text(body)}, {"basis", body.remit->basis}, {"verified", body.remit->verified}};
      if (!body.remit->unclear.empty()) row["unclear"] = body.remit->unclear;
      right.push_back(std::move(row));
    }
    all.push_back(json::object{{"action", one.action->id}, {"asked", std::move(asked)}, {"right", std::move(right)}});
    out["why"] = std::string(out["why"].as_string()) + " [" + to_text(one) + "]";
  }
  out["wrong_body"] = std::move(all);
}

// A waiting time in business days that runs beyond the holidays of its pack.
bool waits_beyond_holidays(const Verdict& one) {
  const auto& wait = one.rule.body->wait;
  if (!wait) return false;
  const auto& world = *one.rule.world;
  const auto from = one.rule.facts(world.scenario.party(one.action->actor), one.action, done_at(*one.action).value_or(world.scenario.as_of)).event(wait->after);
  return happens(from) && from.known() && after(from.to, wait->term, one.rule.pack->calendar).is_weekends_only;
}

json::object to_json(const Evaluation& all, const Verdict& one) {
  json::object out{{"action", one.action->id}, {"rule", one.rule.rule->id}, {"verdict", to_text(one.word)}, {"force", to_text(one.force)}};
  if (one.word == Word::Forbids || one.word == Word::AdvisesAgainst) out["until"] = one.until ? json::value(*one.until) : json::value();
  out["why"] = sentence(*one.rule.rule, one.why);
  add_wrong_bodies(out, wrong_bodies(all, one));
  if (waits_beyond_holidays(one)) out["note"] = weekends_only_note(one.rule.pack->calendar);
  cite(out, one.rule, one.grounds);
  add_exposure(out, exposure_of(all, one));
  return out;
}

json::array packs_of(const Evaluation& all) {
  json::array out;
  for (const auto* pack : all.packs) {
    json::object one{{"id", pack->id}, {"title", pack->title}, {"force", to_text(all.world->force_of(*pack))}, {"edition", pack->edition}, {"status", pack->status}};
    if (pack->force == Force::Draft) one["assumed_in_force"] = all.world->is_assumed(*pack);
    if (pack->until && all.scenario->as_of >= *pack->until) one["repealed"] = true;
    if (!pack->successor.empty()) one["successor"] = pack->successor;
    if (!pack->editions.empty() && !pack->rules.empty()) {
      const auto edition = edition_of(*pack, pack->rules.front(), all.scenario->as_of);
      one["speaks"] = edition->name;
      if (edition->withdrawn) one["withdrawn"] = true;
      if (!edition->successor.empty()) one["successor_edition"] = edition->successor;
      if (edition->is_early) one["published_later"] = true;
    }
    json::array beside;
    for (const auto& other : pack->beside)
      if (!other.from || *other.from <= all.scenario->as_of) beside.push_back(json::object{{"title", other.title}, {"says", other.says}, {"verified", other.verified}});
    if (!beside.empty()) one["beside"] = std::move(beside);
    out.push_back(std::move(one));
  }
  return out;
}

// Always with both citations: what the rule is cited by, and of the standard the edition that speaks and its clause there.
json::object to_json(const Evaluation& all, const Divergence& one) {
  json::object out{{"rule", one.rule}, {"standard", one.standard}, {"why", one.why}};
  for (const auto* pack : all.packs) {
    if (const auto* rule = pack->rule(one.rule)) {
      out["citation"] = rule->cite;
      if (!rule->verified) out["verified"] = false;
    }
    if (const auto* norm = pack->rule(one.standard)) {
      out["standard_citation"] = clause_at(*pack, *norm, all.scenario->as_of);
      if (!norm->verified) out["standard_verified"] = false;
    }
  }
  return out;
}

json::object to_json(const Conflict& one) {
  json::array rules;
  for (const auto& member : one.members) rules.emplace_back(member);
  json::object out{{"rules", std::move(rules)}, {"kind", one.kind}, {"why", one.why}};
  if (one.draft) out["draft"] = *one.draft;
  return out;
}

}  // namespace

json::object to_json(const Evaluation& all, const Duty& one) {
  json::object out{{"rule", one.rule.rule->id}, {"on", one.on->id}, {"due", one.due ? json::value(one.due->text) : json::value()}, {"state", to_text(one.state)}};
  if (one.due) out["due_at"] = to_text(one.due->at);  // to the second, where `due` is a day
  if (one.due && one.due->text.size() == 10) out["zone"] = one.rule.pack->calendar.zone.name();  // where that day ends
  if (!one.by.empty()) out["by"] = one.by;
  out["force"] = to_text(one.rule.force());
  if (const auto& act = one.rule.body->act; act && !act->to.empty()) out["to"] = to_text(act->to);
  out["why"] = sentence(*one.rule.rule, one.why);
  add_wrong_bodies(out, wrong_bodies(all, one));
  if (one.due && one.due->is_weekends_only) out["note"] = weekends_only_note(one.rule.pack->calendar);
  cite(out, one.rule, one.grounds);
  add_exposure(out, exposure_of(all, one));
  return out;
}

json::object to_json(const Evaluation& all) {
  json::object out{{"id", all.scenario->id}, {"as_of", to_text(all.scenario->as_of)}};
  json::object outcomes;
  for (const auto& action : all.scenario->actions) outcomes[action.id] = to_text(all.outcomes.at(action.id));
  out["outcomes"] = std::move(outcomes);
  json::array verdicts, duties, conflicts, divergences, silent, order, questions;
  std::set<std::string> asked = all.verdicts.questions;
  for (const auto& one : all.verdicts.spoken) verdicts.push_back(to_json(all, one)), asked.insert(one.grounds.questions.begin(), one.grounds.questions.end());
  for (const auto& one : all.duties) duties.push_back(to_json(all, one)), asked.insert(one.grounds.questions.begin(), one.grounds.questions.end());
  for (const auto& one : all.conflicts.all) conflicts.push_back(to_json(one));
  for (const auto& one : all.divergences) divergences.push_back(to_json(all, one));
  const auto has_duty = [&](const Rule* rule) { return std::any_of(all.duties.begin(), all.duties.end(), [&](const Duty& duty) { return duty.rule.rule == rule && duty.is_triggered(); }); };
  for (const auto& one : all.verdicts.silent)
    if (!has_duty(one.rule.rule)) silent.push_back(json::object{{"rule", one.rule.rule->id}, {"why", one.why}});
  for (const auto& [first, then] : all.order) order.push_back(json::array{first, then});
  out["verdicts"] = std::move(verdicts);
  out["duties"] = std::move(duties);
  out["conflicts"] = std::move(conflicts);
  if (all.conflicts.more) out["more"] = true;
  if (all.conflicts.cut) out["cut"] = true;
  out["divergences"] = std::move(divergences);
  out["silent"] = std::move(silent);
  out["schedule"] = all.conflicts.feasible ? "feasible" : "infeasible";
  out["order"] = std::move(order);
  out["questions"] = texts(asked);
  out["packs"] = packs_of(all);
  if (!all.scenario->unknown_words.empty()) out["unknown_words"] = texts({all.scenario->unknown_words.begin(), all.scenario->unknown_words.end()});
  return out;
}

}  // namespace sluice::regimes
