#include "threat/quality.h"

#include <algorithm>
#include <map>
#include <set>

namespace sluice::threat {

namespace {

constexpr std::int64_t kMicrosOfHour = 3'600'000'000;

std::string count_text(std::size_t n, std::string_view one, std::string_view many) { return std::to_string(n) + " " + std::string(n == 1 ? one : many); }

// Points for a delay, in hours begun, and the words for it.
MilliPoints points_for(const std::vector<DelayStep>& steps, Duration delay, std::string& words) {
  const auto micros = std::max<std::int64_t>(delay.count(), 0);
  for (const auto& step : steps)
    if (micros <= step.hours * kMicrosOfHour) {
      words = "within " + std::to_string(step.hours) + " h";
      return step.points;
    }
  words = steps.empty() ? "at any time" : "after more than " + std::to_string(steps.back().hours) + " h";
  return 0;
}

MilliPoints points_for(const std::vector<MilliPoints>& steps, std::size_t n) { return n == 0 || steps.empty() ? 0 : steps[std::min(n, steps.size()) - 1]; }

std::vector<Witness> until(const std::vector<Witness>& all, Instant at) {
  std::vector<Witness> out;
  std::copy_if(all.begin(), all.end(), std::back_inserter(out), [&](const Witness& witness) { return witness.at <= at; });
  return out;
}

std::int64_t left_after(const std::vector<DecayStep>& steps, std::int64_t hours) {
  for (std::size_t i = 1; i < steps.size(); ++i) {
    if (hours >= steps[i].hours) continue;
    const auto& a = steps[i - 1];
    const auto& b = steps[i];
    return a.left - (a.left - b.left) * (hours - a.hours) / (b.hours - a.hours);
  }
  return steps.empty() ? 1000 : steps.back().left;
}

const Decay* decay_named(const QualityTable& table, std::string_view name) {
  const auto at = std::find_if(table.decays.begin(), table.decays.end(), [&](const Decay& decay) { return decay.of == name; });
  return at == table.decays.end() ? nullptr : &*at;
}

// What lives longest of an object's values says how long the object is of use; without values, its type does.
std::pair<std::int64_t, std::string> decay_of(const QualityFacts& facts, std::int64_t hours, const QualityTable& table) {
  std::set<std::string> names;
  for (const auto& value : facts.values) names.insert(value.kind.starts_with("hash:") ? "hash" : value.kind);
  std::int64_t left = -1;
  std::string by;
  for (const auto& name : names)
    if (const auto* decay = decay_named(table, name))
      if (const auto each = left_after(decay->steps, hours); each > left) left = each, by = name;
  if (left < 0)
    if (const auto* decay = decay_named(table, facts.type); decay && !facts.type.empty()) left = left_after(decay->steps, hours), by = facts.type;
  if (left < 0)
    if (const auto* decay = decay_named(table, "")) left = left_after(decay->steps, hours), by = "other";
  return {left < 0 ? 1000 : left, by};
}

bool is_one_of(std::string_view type, std::initializer_list<std::string_view> all) { return std::find(all.begin(), all.end(), type) != all.end(); }

}  // namespace

ContextFacts context_of(const json::object& object, std::span<const Related> related) {
  ContextFacts out;
  const auto filled = [&](std::string_view list) { const auto* at = object.if_contains(list); return at && at->is_array() && !at->get_array().empty(); };
  const auto type = string_at(object, "type");
  out.kill_chain = filled("kill_chain_phases");
  out.description = !string_at(object, "description").empty();
  out.last_seen = !string_at(object, "last_seen").empty() || !string_at(object, "last_observed").empty() || !string_at(object, "valid_until").empty();
  for (const auto property : {"first_seen", "first_observed", "valid_from"})  // an indicator's valid_from is the nearest it has
    if (const auto text = string_at(object, property); !text.empty() && !out.first_seen)
      if (const auto at = parse_instant(text)) out.first_seen = *at;
  if (const auto* references = object.if_contains("external_references"); references && references->is_array())
    for (const auto& reference : references->get_array())
      if (const auto* fields = reference.if_object()) {
        const auto source = string_at(*fields, "source_name");
        out.technique = out.technique || source.starts_with("mitre-") || source == "capec";
      }
  out.actor = is_one_of(type, {"threat-actor", "intrusion-set", "campaign"});
  out.malware = is_one_of(type, {"malware", "tool"});
  for (const auto& other : related) {
    out.technique = out.technique || other.type == "attack-pattern";
    out.actor = out.actor || is_one_of(other.type, {"threat-actor", "intrusion-set", "campaign"});
    out.malware = out.malware || is_one_of(other.type, {"malware", "tool"});
    out.target = out.target || (other.relationship == "targets" && is_one_of(other.type, {"identity", "location", "vulnerability", "infrastructure"}));
  }
  return out;
}

std::size_t independent(std::span<const Witness> witnesses, std::string_view submitter, std::string_view lineage, std::size_t enough) {
  // A largest matching of members to lineages (augmenting paths), so that neither one member with many sources nor one source with many members counts twice.
  std::map<std::string_view, std::set<std::string_view>> by_member;
  for (const auto& witness : witnesses)
    if (witness.member != submitter && witness.lineage != lineage) by_member[witness.member].insert(witness.lineage);
  std::map<std::string_view, std::string_view> taken;  // lineage -> member
  std::size_t found = 0;
  for (const auto& [member, lineages] : by_member) {
    if (found == enough) break;
    std::set<std::string_view> tried;
    const auto place = [&](const auto& self, std::string_view who) -> bool {
      for (const auto each : by_member.at(who)) {
        if (tried.size() > 200 || !tried.insert(each).second) continue;
        const auto at = taken.find(each);
        if (at == taken.end() || self(self, at->second)) {
          taken[each] = who;
          return true;
        }
      }
      return false;
    };
    found += place(place, member);
  }
  return found;
}

Quality quality_of(const QualityFacts& facts, Instant at, const QualityTable& table) {
  Quality out;
  const auto add = [&](std::string_view part, MilliPoints points, std::string reason) { out.parts.push_back({std::string(part), points, std::move(reason)}); };

  if (facts.errors > 0) {
    add("validity", 0, count_text(static_cast<std::size_t>(facts.errors), "error", "errors") + ": it counts for nothing until they are mended");
    out.left = 0;
    out.decay_reason = "invalid";
    return out;
  }
  const auto warnings = std::clamp<std::int64_t>(facts.warnings, 0, 1000);
  add("validity", std::max<MilliPoints>(0, table.valid + table.warning * warnings), warnings ? "no error, " + count_text(static_cast<std::size_t>(warnings), "warning", "warnings") : "no error, no warning");
  if (!facts.benign.empty()) {
    auto why = facts.benign;
    std::sort(why.begin(), why.end());
    add("validity", table.benign, "known as harmless: " + why.front());
  }

  const struct { bool has; MilliPoints points; const char* what; } context[] = {{facts.context.kill_chain, table.kill_chain, "kill chain phase"}, {facts.context.technique, table.technique, "technique"},
      {facts.context.actor, table.actor, "actor"}, {facts.context.malware, table.malware, "malware or tool"}, {facts.context.target, table.target, "target"},
      {facts.context.first_seen.has_value(), table.first_seen, "first seen"}, {facts.context.last_seen, table.last_seen, "last seen"}, {facts.context.description, table.description, "description"}};
  for (const auto& item : context)
    if (item.has) add("context", item.points, std::string("has ") + item.what);

  if (facts.context.first_seen) {
    std::string words;
    const auto points = points_for(table.seen_to_submitted, facts.submitted - *facts.context.first_seen, words);
    add("timeliness", points, "submitted " + words + " of first seen");
  } else {
    add("timeliness", 0, "when it was first seen isn't said");
  }
  if (facts.first_read && *facts.first_read <= at) {
    std::string words;
    const auto points = points_for(table.submitted_to_read, *facts.first_read - facts.submitted, words);
    add("timeliness", points, "first read " + words + " of submission");
  } else {
    add("timeliness", 0, "no other organisation has read it yet");
  }

  if (facts.values.empty()) {
    add("novelty", table.novel_without_values, "it has no value to compare");
  } else {
    const auto all = static_cast<std::int64_t>(facts.values.size());
    const auto fresh = std::clamp<std::int64_t>(facts.new_values, 0, all);
    add("novelty", table.novel * fresh / all, std::to_string(fresh) + " of " + count_text(facts.values.size(), "value", "values") + " not held before");
  }

  const auto corroborations = until(facts.corroborations, at);
  const auto sightings = until(facts.sightings, at);
  const auto others = independent(corroborations, facts.submitter, facts.lineage, table.corroborated.size());
  add("corroboration", points_for(table.corroborated, others), count_text(others, "independent member has", "independent members have") + " the same");
  std::set<std::string> seen_by;
  for (const auto& sighting : sightings)
    if (sighting.member != facts.submitter) seen_by.insert(sighting.member);
  add("sightings", points_for(table.sighted, seen_by.size()), "seen by " + count_text(seen_by.size(), "other member", "other members"));

  std::set<std::string> doubted_by;
  bool is_proven = false;
  for (const auto& report : facts.false_positives) {
    if (report.at > at || (report.refuted && *report.refuted <= at)) continue;
    is_proven = is_proven || (report.proven && *report.proven <= at);
    doubted_by.insert(report.member);
  }
  if (!doubted_by.empty()) {
    add("false positives", table.false_positive * static_cast<MilliPoints>(std::min<std::size_t>(doubted_by.size(), 100)), "reported by " + count_text(doubted_by.size(), "member", "members"));
    if (is_proven) add("false positives", table.false_positive_proven, "proven");
  }

  for (const auto& part : out.parts) out.fresh += part.points;
  out.fresh = std::clamp<MilliPoints>(out.fresh, 0, 100'000);

  auto confirmed = facts.submitted;
  for (const auto* witnesses : {&corroborations, &sightings})
    for (const auto& witness : *witnesses)
      if (witness.member != facts.submitter) confirmed = std::max(confirmed, witness.at);  // nobody keeps its own fresh
  if (facts.revoked && *facts.revoked <= at) {
    out.left = 0;
    out.decay_reason = "revoked";
  } else if (facts.valid_until && *facts.valid_until <= at) {
    out.left = 0;
    out.decay_reason = "its valid_until has passed";
  } else {
    const auto hours = std::max<std::int64_t>(0, (at - confirmed).count() / kMicrosOfHour);
    const auto [left, by] = decay_of(facts, hours, table);
    out.left = left;
    out.decay_reason = std::to_string(hours) + " h since it was last confirmed; decay of '" + by + "'";
  }
  out.points = out.fresh * out.left / 1000;
  return out;
}

}  // namespace sluice::threat
