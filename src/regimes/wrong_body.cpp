#include "regimes/wrong_body.h"

#include <algorithm>

namespace sluice::regimes {

namespace {

const Kind* known_kind(const Vocabulary& words, const std::string& kind) {
  const auto found = words.recipients.find(kind);
  return found == words.recipients.end() ? nullptr : &found->second;
}

bool is_authority(const Vocabulary& words, const std::string& kind) {
  const auto* known = known_kind(words, kind);
  return known != nullptr && known->authority;
}

// An authority of the same state, or of the same kind elsewhere: it was meant for this, or may have been.
bool may_be_meant(const Vocabulary& words, const Action& action, const Recipients& circle) {
  return std::any_of(action.to.begin(), action.to.end(), [&](const Recipient& told) {
    if (!is_authority(words, told.kind)) return false;
    return std::any_of(circle.begin(), circle.end(), [&](const Recipient& asked) {
      return told.kind == asked.kind || (is_authority(words, asked.kind) && known_kind(words, told.kind)->home == known_kind(words, asked.kind)->home);
    });
  });
}

// What it does for another rule is no mistake.
bool is_used(const Evaluation& all, const Action& action) {
  return std::any_of(all.duties.begin(), all.duties.end(), [&](const Duty& duty) { return duty.by == action.id; }) ||
         std::any_of(all.verdicts.spoken.begin(), all.verdicts.spoken.end(), [&](const Verdict& one) { return one.action == &action && (one.word == Word::Demands || one.word == Word::Permits); });
}

std::vector<WrongBody> search(const Evaluation& all, const Applied& rule, const Act& act, const Party& party, const Action* later, const Span& from) {
  std::vector<WrongBody> out;
  if (all.authorities == nullptr || act.to.empty()) return out;
  const auto& words = all.world->words;
  const auto where = places(rule, act, party, later);
  for (const auto& action : all.scenario->actions) {
    Grounds unused;
    const bool in_time = !action.at || *action.at >= from.to || from.from <= kEver;
    if (action.actor != party.id || &action == later || !in_time || matches_but_for_recipients(rule, act, action, unused) != Truth::True) continue;
    for (const auto& circle : act.to) {
      if (!may_be_meant(words, action, circle) || is_used(all, action)) continue;
      WrongBody wrong{&action, {}, {}};
      for (const auto& asked : circle) {
        if (tells_some(rule, action, {asked}, where) == Truth::True) continue;
        const auto places_asked = where ? *where : std::vector<std::string>{""};
        for (const auto& place : places_asked) {
          auto one = asked;
          if (!place.empty()) one.place = place;
          for (auto& right : who_is_competent(*all.authorities, words, {rule.rule->id, {}, one})) wrong.right.push_back(std::move(right));
          wrong.asked.push_back(std::move(one));
        }
      }
      if (!wrong.asked.empty()) out.push_back(std::move(wrong));
      break;
    }
  }
  return out;
}

}  // namespace

std::vector<WrongBody> wrong_bodies(const Evaluation& evaluation, const Duty& duty) {
  const bool is_unmet = duty.state == DutyState::Open || duty.state == DutyState::Missed || duty.state == DutyState::Late || (duty.state == DutyState::NotTriggered && duty.would_bind);
  if (!is_unmet || !duty.rule.body->act) return {};
  auto out = search(evaluation, duty.rule, *duty.rule.body->act, *duty.on, nullptr, duty.anchor);
  if (duty.done) std::erase_if(out, [&](const WrongBody& one) { return !one.action->at || *one.action->at >= *duty.done; });   // what came after the right one was for something else
  return out;
}

std::vector<WrongBody> wrong_bodies(const Evaluation& evaluation, const Verdict& verdict) {
  const auto& body = *verdict.rule.body;
  if (verdict.word != Word::Forbids || body.modality != Modality::Precondition || !body.first) return {};
  const auto& party = *evaluation.scenario->party(verdict.action->actor);
  if (first_step(verdict.rule, party, verdict.action)) return {};  // it was done, only not early enough
  return search(evaluation, verdict.rule, body.first->act, party, verdict.action, {kEver, kEver});
}

std::string to_text(const WrongBody& wrong) {
  std::string out = wrong.action->id + " went to ";
  for (std::size_t i = 0; i < wrong.action->to.size(); ++i) out += (i == 0 ? "" : "+") + to_text(wrong.action->to[i]);
  out += ", which fulfils nothing here; asked is ";
  for (std::size_t i = 0; i < wrong.asked.size(); ++i) out += (i == 0 ? "" : " + ") + to_text(wrong.asked[i]);
  for (std::size_t i = 0; i < wrong.right.size(); ++i) out += (i == 0 ? ", that is: " : "; ") + to_text(wrong.right[i]) + " (" + wrong.right[i].remit->basis + (wrong.right[i].remit->verified ? "" : ", unverified") + ")";
  return out;
}

std::vector<Competent> right_bodies(const Directory& directory, const Vocabulary& words, const Rule& rule, const RuleBody& body, const std::string& place) {
  std::vector<Competent> out;
  const auto* act = body.first ? &body.first->act : body.act ? &*body.act : nullptr;
  if (act == nullptr) return out;
  for (const auto& circle : act->to)
    for (auto one : circle) {
      if (one.place.empty()) one.place = place;
      for (auto& right : who_is_competent(directory, words, {rule.id, {}, one}))
        if (std::none_of(out.begin(), out.end(), [&](const Competent& have) { return have.body == right.body && have.remit == right.remit; })) out.push_back(std::move(right));
    }
  return out;
}

}  // namespace sluice::regimes
