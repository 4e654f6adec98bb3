// The vendors' answers and their remedies as the API shows them: how far, how good, what each waits for, and who is ready for a release.
#include "cvd/answered.h"
#include "cvd/availability.h"
#include "cvd/readiness.h"
#include "web/api/case_json.h"

namespace sluice::web::api {

namespace {

void put_given(json::object& out, std::string_view key, const std::optional<std::string>& value) {
  if (value) out[key] = *value;
}
void put_given(json::object& out, std::string_view key, const std::optional<Instant>& value) {
  if (value) out[key] = to_text(*value);
}

json::object assessment_json(const Shown& shown, const cvd::Answer::Assessment& assessment) {
  const auto& what = assessment.what;
  json::object out{{"at", to_text(assessment.at)}, {"by", shown.who(assessment.by)}, {"passed", what.passed}, {"partial", what.partial}, {"tested_by", what.tested_by}, {"where", what.where},
                   {"of_this_fix", assessment.step.has_value()}};
  put_given(out, "reproduction", what.reproduction);
  put_given(out, "side_effects", what.side_effects);
  put_given(out, "note", what.note);
  return out;
}

json::object wait_json(const cvd::Delivery& delivery, const cvd::Wait& wait) {
  json::object out{{"on", wait.on.text()}, {"label", wait.label}, {"at_step", to_word(wait.at_step)}, {"why", wait.why}, {"since", to_text(wait.since)}};
  const auto found = delivery.reached.find(wait.on);
  const auto reached = wait.ended ? wait.delivered : found == delivery.reached.end() ? std::nullopt : found->second;
  if (reached) out["reached"] = to_word(*reached);
  out["met"] = !wait.ended && delivery.met(wait);
  put_given(out, "ended", wait.ended);
  put_given(out, "end_why", wait.end_why);
  return out;
}

// Targets of time that press a fix which nobody has validated: what is hurried out may break more than it mends.
json::array pressing_json(const cvd::CaseFold& fold, VulnerabilityId vulnerability, ProductId product) {
  json::array out;
  for (const auto* target : cvd::targets_on_a_fix(fold, vulnerability, product)) out.push_back(json::object{{"target", target->id.text()}, {"step", to_word(target->first.step)}, {"by", to_text(target->by)}});
  return out;
}

}  // namespace

json::object readiness_json(const Shown& shown) {
  const auto& agreed = shown.view.fold.readiness;
  json::object out{{"rule", to_word(agreed.rule)}};
  if (agreed.share) out["share"] = *agreed.share;
  json::array weights;
  for (const auto& weight : agreed.weights)
    if (shown.may_know(weight.organisation)) weights.push_back(json::object{{"organisation", shown.names.card(weight.organisation)}, {"weight", weight.weight}});
  if (!weights.empty()) out["weights"] = std::move(weights);
  return out;
}

json::array statuses_json(const Shown& shown) {
  const auto& fold = shown.view.fold;
  json::array out;
  std::set<std::pair<VulnerabilityId, ProductId>> keys;
  for (const auto& [key, answer] : fold.answers) keys.insert(key);
  for (const auto& wait : fold.waits) keys.insert({wait.vulnerability, wait.product});
  std::map<VulnerabilityId, cvd::Delivery> deliveries;
  for (const auto& key : keys) {
    if (!deliveries.contains(key.first)) deliveries[key.first] = cvd::delivery_of(cvd::chain_of(fold, key.first));
    const auto& delivery = deliveries[key.first];
    const auto found = fold.answers.find(key);
    const cvd::Answer answer = found == fold.answers.end() ? cvd::Answer{} : found->second;
    json::object one{{"vulnerability", key.first.text()}, {"product", key.second.text()}};
    if (answer.status) one["status"] = to_word(*answer.status);
    put_given(one, "since", answer.status_at);
    put_given(one, "justification", answer.justification);
    put_given(one, "note", answer.note);
    if (answer.step) one["step"] = to_word(*answer.step);
    put_given(one, "fixed_in", answer.fixed_in);
    one["fix_ready"] = answer.fix_ready;
    one["fix_deployed"] = answer.fix_deployed;
    one["validated"] = cvd::is_validated(answer);
    if (answer.blocked_because) one["blocked"] = json::object{{"because", *answer.blocked_because}, {"since", to_text(*answer.blocked_since)}};
    json::array assessments;
    for (const auto& assessment : answer.assessments) assessments.push_back(assessment_json(shown, assessment));
    one["assessments"] = std::move(assessments);
    json::array waits;
    for (const auto& wait : fold.waits)
      if (wait.vulnerability == key.first && wait.product == key.second) waits.push_back(wait_json(delivery, wait));
    one["waits"] = std::move(waits);
    if (const auto reach = delivery.availability.find(key.second); reach != delivery.availability.end()) {
      json::object available{{"reach", to_word(reach->second.reach)}};
      put_given(available, "since", reach->second.since);
      json::array last;
      for (const auto& product : reach->second.last) last.push_back(json::value(product.text()));
      available["last"] = std::move(last);
      one["availability"] = std::move(available);
    }
    if (auto pressing = pressing_json(fold, key.first, key.second); !pressing.empty()) one["pressed_by"] = std::move(pressing);
    json::array history;
    for (const auto& moved : answer.history) {
      json::object step{{"at", to_text(moved.at)}, {"reopened", moved.reopened}};
      if (moved.step) step["step"] = to_word(*moved.step);
      put_given(step, "note", moved.note);
      history.push_back(std::move(step));
    }
    one["history"] = std::move(history);
    out.push_back(std::move(one));
  }
  // Asked and silent is a state of its own, with its date.
  const auto answered = cvd::answered_by(shown.view.fold);
  for (const auto& [key, asked] : shown.view.fold.asked) {
    if (!answered.contains(key) && shown.may_know(key.second))
      out.push_back(json::object{{"vulnerability", key.first.text()}, {"organisation", shown.names.card(key.second)}, {"status", "asked"}, {"since", to_text(asked.at)}, {"answer_by", to_text(asked.answer_by)}});
  }
  return out;
}

json::object readiness_of_json(const Shown& shown, const cvd::Release& release) {
  const auto ready = cvd::readiness(shown.view.fold, release);
  json::array behind, quorums, unsupported, partial;
  for (const auto& one : ready.behind) {
    json::object row{{"vulnerability", one.vulnerability.text()}, {"vendor", shown.who(one.vendor)}, {"words", one.words}};
    if (one.product) row["product"] = one.product->text();
    put_given(row, "because", one.because);
    behind.push_back(std::move(row));
  }
  for (const auto& one : ready.quorums) quorums.push_back(json::object{{"vulnerability", one.vulnerability.text()}, {"ready", one.ready}, {"of", one.all}, {"needed", one.needed}, {"reached", one.reached()}});
  for (const auto& text : ready.unsupported) unsupported.push_back(json::value(text));
  for (const auto& text : ready.partial) partial.push_back(json::value(text));
  return {{"rule", to_word(ready.rule)}, {"behind", std::move(behind)}, {"quorums", std::move(quorums)}, {"unsupported", std::move(unsupported)}, {"partial", std::move(partial)}};
}

}  // namespace sluice::web::api
