// Time targets, silence and the road without a vendor as the API shows them, and what an advisory's draft may say of vendors and reporters.
#include "cvd/targets.h"
#include "web/api/case_json.h"

namespace sluice::web::api {

namespace {

void put_if(json::object& out, std::string_view key, const std::optional<Instant>& value) {
  if (value) out[key] = to_text(*value);
}

bool coordinates(const Shown& shown) { return shown.view.standing.is_owner || shown.view.standing.is_admitted_coordinator; }

std::optional<Duration> answers_within(const Shown& shown) {
  const auto owner = shown.names.all().find(shown.view.fold.owner);
  return owner != shown.names.all().end() && owner->second.profile.policy ? owner->second.profile.policy->vendor_answers_within : std::nullopt;
}

json::object target_json(const Shown& shown, const cvd::Target& target, Instant now) {
  const auto standing = cvd::state_of(shown.view.fold, target, now, coordinates(shown) ? std::nullopt : shown.viewer.organisation);
  json::object out{{"id", target.id.text()}, {"step", to_word(target.first.step)}, {"by", to_text(target.by)}, {"state", to_word(standing.state)}, {"haste", standing.haste}, {"weighed", to_json(target.weighed)},
                   {"why", target.first.why}, {"agreed_at", to_text(target.agreed_at)}};
  if (target.first.vulnerability) out["vulnerability"] = target.first.vulnerability->text();
  if (target.first.product) out["product"] = target.first.product->text();
  if (target.first.organisation) out["organisation"] = shown.who(target.first.organisation);
  put_if(out, "met_at", standing.met_at);
  json::array moved;
  for (const auto& one : target.moved)
    moved.push_back(json::object{{"at", to_text(one.at)}, {"from", to_text(one.from)}, {"to", to_text(one.to)}, {"weighed", to_json(one.weighed)}, {"what_changed", one.what_changed}});
  out["moved"] = std::move(moved);
  put_if(out, "dropped_at", target.dropped_at);
  if (target.dropped_why) out["dropped_why"] = *target.dropped_why;
  return out;
}

json::object road_json(const Shown& shown, OrganisationId id, Instant now) {
  const auto road = cvd::road_without(shown.view.fold, id, shown.names.of(id), answers_within(shown), now);
  json::object out{{"organisation", shown.who(id)}, {"attempts", road.attempts}, {"reminders", road.reminders}, {"escalations", road.escalations}, {"unsupported", road.unsupported}};
  put_if(out, "waited_since", road.waited_since);
  put_if(out, "last_attempt", road.last_attempt);
  json::array missing;
  for (const auto& one : road.missing) missing.push_back(json::value(one));
  out["missing"] = std::move(missing);
  return out;
}

}  // namespace

json::object targets_json(const Shown& shown, Instant now) {
  const auto& fold = shown.view.fold;
  json::array items, reminders, silences, escalations, without, silent, suggested;
  for (const auto& target : fold.targets) items.push_back(target_json(shown, target, now));
  for (const auto& reminder : fold.reminders) {
    const auto about = cvd::about_of(reminder);
    json::object one{{"at", to_text(reminder.at)}, {"which", about.when}};
    if (about.target) one["target"] = about.target->text();
    if (about.vulnerability) one["vulnerability"] = about.vulnerability->text();
    if (reminder.organisation) one["organisation"] = shown.who(reminder.organisation);
    reminders.push_back(std::move(one));
  }
  for (const auto& silence : fold.silences) silences.push_back(json::object{{"organisation", shown.who(silence.organisation)}, {"since", to_text(silence.since)}, {"noted", to_text(silence.noted)}});
  for (const auto& escalation : fold.escalations) {
    json::object one{{"at", to_text(escalation.at)}, {"to", escalation.to}, {"why", escalation.why}};
    if (escalation.organisation) one["organisation"] = shown.who(escalation.organisation);
    escalations.push_back(std::move(one));
  }
  for (const auto& one : fold.proceeded_without) {
    json::object made{{"decision", one.decision.text()}, {"vendor", one.vendor}, {"waited_since", to_text(one.waited_since)}, {"attempts", one.attempts}, {"why", one.why}};
    if (one.organisation) made["organisation"] = shown.who(one.organisation), made["answered_since"] = !cvd::goes_without(fold, *one.organisation);
    without.push_back(std::move(made));
  }
  if (coordinates(shown))
    for (const auto id : cvd::silent_vendors(fold, now)) silent.push_back(road_json(shown, id, now));
  for (const auto& [id, participant] : fold.participants) {
    const auto row = shown.names.all().find(id);
    if (!shown.may_know(id) || row == shown.names.all().end() || !row->second.profile.policy) continue;
    for (const auto& one : cvd::suggestions(fold, id, *row->second.profile.policy))
      suggested.push_back(json::object{{"organisation", shown.who(id)}, {"step", to_word(one.step)}, {"by", to_text(one.by)}});
  }
  return {{"items", std::move(items)}, {"reminders", std::move(reminders)}, {"silences", std::move(silences)}, {"silent", std::move(silent)}, {"escalations", std::move(escalations)}, {"without", std::move(without)}, {"suggested", std::move(suggested)}};
}

json::object draft_hints_json(const Shown& shown) {
  json::array credits, products;
  for (const auto& credit : cvd::credits_of(shown.view.fold)) credits.push_back(json::object{{"report", credit.report.text()}, {"name", credit.name}});
  for (const auto id : cvd::without_answer(shown.view.fold)) {
    const auto* product = shown.view.fold.product(id);
    products.push_back(json::object{{"product", id.text()}, {"name", product->name}, {"vendor", shown.who(product->vendor)}});
  }
  return {{"credits", std::move(credits)}, {"without_vendor_answer", std::move(products)}};
}

}  // namespace sluice::web::api
