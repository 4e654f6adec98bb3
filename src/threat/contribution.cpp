#include "threat/contribution.h"

#include <algorithm>
#include <set>
#include <tuple>

namespace sluice::threat {

namespace {

constexpr std::int64_t kMicrosOfDay = 86'400'000'000;

std::int64_t day_of(Instant at) { return at.micros >= 0 ? at.micros / kMicrosOfDay : -((-at.micros + kMicrosOfDay - 1) / kMicrosOfDay); }

// "12.345"
std::string points_text(MilliPoints points) {
  const auto whole = points < 0 ? -points : points;
  auto rest = std::to_string(whole % 1000);
  rest.insert(0, 3 - rest.size(), '0');
  return (points < 0 ? "-" : "") + std::to_string(whole / 1000) + "." + rest;
}

std::unexpected<Error> bad_rule(std::string message, std::string where) { return fail(ErrorKind::Invalid, std::move(message), std::move(where), "docs/quality.md"); }

ContributionLine line_of(const ContributionEvent& event, const ContributionRules& rules) {
  ContributionLine out{.at = event.at, .id = event.id};
  switch (event.kind) {
    case ContributionKind::Package: {
      const auto quality = std::clamp<MilliPoints>(event.quality, 0, 100'000);
      const auto counted = std::clamp<std::int64_t>(event.objects, 0, rules.objects_counted);
      if (counted == 0) {
        out.reason = "a package in which nothing was new";
        break;
      }
      out.points = quality * rules.package_share / 1000 * (1000 + rules.object_share * (counted - 1)) / 1000;
      out.reason = "a package of " + std::to_string(event.objects) + (event.objects == 1 ? " object" : " objects") + ", quality " + points_text(quality) + (counted < event.objects ? "; " + std::to_string(counted) + " objects count" : "");
      break;
    }
    case ContributionKind::Validated: out.points = rules.validated, out.reason = "validated another member's find"; break;
    case ContributionKind::AddedContext: out.points = rules.added_context, out.reason = "added context to another member's object"; break;
    case ContributionKind::ProvenNoise: out.points = rules.noise, out.reason = "proven to be noise"; break;
  }
  return out;
}

const StandingStep* step_named(const StandingRules& rules, std::string_view name) {
  const auto at = std::find_if(rules.steps.begin(), rules.steps.end(), [&](const StandingStep& step) { return step.name == name; });
  return at == rules.steps.end() ? nullptr : &*at;
}

}  // namespace

Contribution contribution_of(std::span<const ContributionEvent> events, Instant joined, Instant at, const ContributionRules& rules) {
  Contribution out;
  const auto today = day_of(at);
  // The window ends with the day of `at` and holds whole days (UTC).
  const auto since_joined = std::max<std::int64_t>(1, today - day_of(joined) + 1);
  const auto first_day = today - std::min(rules.window_days, since_joined) + 1;
  out.days = std::max(rules.least_days, std::min(rules.window_days, since_joined));

  std::vector<ContributionEvent> counted;
  std::copy_if(events.begin(), events.end(), std::back_inserter(counted), [&](const ContributionEvent& event) { return event.at <= at; });
  const auto key = [](const ContributionEvent& e) { return std::tie(e.at, e.id, e.kind, e.quality, e.objects); };
  std::sort(counted.begin(), counted.end(), [&](const auto& a, const auto& b) { return key(a) < key(b); });

  std::set<std::pair<ContributionKind, std::string>> seen;
  std::map<std::int64_t, std::pair<MilliPoints, MilliPoints>> days;  // gains, penalties
  MilliPoints of_packages = 0;
  for (const auto& event : counted) {
    // The same package again is no new gift, also when the first has left the window.
    if (!seen.emplace(event.kind, event.id).second || day_of(event.at) < first_day) continue;
    auto line = line_of(event, rules);
    if (event.kind == ContributionKind::Package) ++out.packages, of_packages += line.points;
    auto& [gains, penalties] = days[day_of(event.at)];
    if (line.points >= 0) {
      const auto room = rules.most_a_day - gains;
      if (line.points > room) {
        line.reason += "; cut from " + points_text(line.points) + " by the most of one day, " + points_text(rules.most_a_day);
        line.points = room;
      }
      gains += line.points;
    } else {
      penalties += line.points;
    }
    out.total += line.points;
    out.lines.push_back(std::move(line));
  }
  out.daily_mean = out.total / out.days;
  out.per_package = out.packages ? of_packages / out.packages : 0;
  return out;
}

Result<void> check(const ContributionRules& r) {
  const struct { std::int64_t value, least, most; const char* where; } ranges[] = {
      {r.package_share, 0, 1000, "/package_share"}, {r.object_share, 0, 1000, "/object_share"},      {r.objects_counted, 1, 1000, "/objects_counted"},
      {r.validated, 0, 100'000, "/validated"},      {r.added_context, 0, 100'000, "/added_context"}, {r.noise, -1'000'000, 0, "/noise"},
      {r.most_a_day, 1, 100'000'000, "/most_a_day"}, {r.window_days, 1, 3650, "/window_days"},       {r.least_days, 1, 3650, "/least_days"}};
  for (const auto& range : ranges)
    if (range.value < range.least || range.value > range.most) return bad_rule("This must be " + std::to_string(range.least) + " to " + std::to_string(range.most) + ".", range.where);
  if (r.least_days > r.window_days) return bad_rule("This must not be above window_days.", "/least_days");
  return {};
}

Result<void> check(const StandingRules& rules) {
  if (rules.steps.size() > 20) return bad_rule("At most 20 steps.", "/steps");
  for (std::size_t i = 0; i < rules.steps.size(); ++i) {
    const auto& step = rules.steps[i];
    const auto where = "/steps/" + std::to_string(i);
    if (step.name.empty() || step.name.size() > 60) return bad_rule("A step's name has 1 to 60 characters.", where + "/name");
    if (step_named(rules, step.name) != &step) return bad_rule("There is a step of this name already.", where + "/name");
    if (i == 0 && step.daily_mean) return bad_rule("The first step is everybody's, so it asks for nothing.", where + "/daily_mean");
    if (step.delay < Duration::zero() || step.delay > std::chrono::days(365)) return bad_rule("A delay is between nothing and 365 days.", where + "/delay");
    if (step.objects_a_day && *step.objects_a_day < 0) return bad_rule("This must not be below 0.", where + "/objects_a_day");
    if (i == 0) continue;
    const auto& before = rules.steps[i - 1];
    if (!step.daily_mean || *step.daily_mean <= before.daily_mean.value_or(-1)) return bad_rule("Each step asks for more than the one before.", where + "/daily_mean");
    // Who gives more is never given less.
    if (step.may_read < before.may_read) return bad_rule("A higher step may read at least what the one before may.", where + "/may_read");
    if (step.delay > before.delay) return bad_rule("A higher step never waits longer.", where + "/delay");
    if (step.objects_a_day && (!before.objects_a_day || *step.objects_a_day < *before.objects_a_day)) return bad_rule("A higher step is never given fewer objects.", where + "/objects_a_day");
    const bool has_all = step.collections.empty() || (!before.collections.empty() && std::all_of(before.collections.begin(), before.collections.end(), [&](const std::string& each) { return std::find(step.collections.begin(), step.collections.end(), each) != step.collections.end(); }));
    if (!has_all) return bad_rule("A higher step has at least the collections of the one before.", where + "/collections");
  }
  if (rules.grace_days < 0 || rules.grace_days > 3650) return bad_rule("This must be 0 to 3650.", "/grace_days");
  if (!rules.grace_step.empty() && !step_named(rules, rules.grace_step)) return bad_rule("There is no step of this name.", "/grace_step");
  return {};
}

Standing standing_of(const Contribution& contribution, Instant joined, Instant at, const StandingRules& rules) {
  Standing out;
  if (rules.steps.empty()) {
    out.why = "This community ties nothing to standing.";
    return out;
  }
  std::size_t here = 0;
  for (std::size_t i = 1; i < rules.steps.size(); ++i)
    if (contribution.daily_mean >= rules.steps[i].daily_mean.value_or(0)) here = i;
  out.why = "A daily mean of " + points_text(contribution.daily_mean) + " over " + std::to_string(contribution.days) + " days" +
            (here ? " reaches the " + points_text(*rules.steps[here].daily_mean) + " that it asks for." : "; this is where everybody stands.");
  if (const auto* grace = step_named(rules, rules.grace_step); grace && at - joined < std::chrono::days(rules.grace_days)) {
    const auto step = static_cast<std::size_t>(grace - rules.steps.data());
    if (step > here) {
      here = step;
      out.is_grace = true;
      out.why = "A new member stands here for its first " + std::to_string(rules.grace_days) + " days.";
    }
  }
  out.name = rules.steps[here].name;
  if (here + 1 < rules.steps.size()) out.to_next = std::max<MilliPoints>(0, *rules.steps[here + 1].daily_mean - contribution.daily_mean);
  return out;
}

Reading reading_of(const Standing& standing, const StandingRules& rules, std::string_view collection, Tlp ceiling, Delivery delivery) {
  Reading out{.ceiling = ceiling};
  if (delivery == Delivery::Recall) {  // C3: whoever has it must hear that it is wrong
    out.why = "Recalls and revocations go to everyone who was given the object.";
    return out;
  }
  if (rules.steps.empty()) return out;
  const auto* step = step_named(rules, standing.name);
  if (!step) step = &rules.steps.front();
  const std::string by = rules.is_by_vote ? " The alliance voted for this." : "";
  if (!step->collections.empty() && std::find(step->collections.begin(), step->collections.end(), collection) == step->collections.end()) {
    out.is_given = false;
    out.ceiling = Tlp::Clear;
    out.why = "This collection asks for a higher standing than '" + step->name + "'." + by;
    return out;
  }
  out.ceiling = std::min(ceiling, step->may_read.tlp);
  out.delay = step->delay;
  out.objects_a_day = step->objects_a_day;
  if (out.ceiling < ceiling || out.delay > Duration::zero() || out.objects_a_day)
    out.why = "Standing '" + step->name + "': up to " + to_text(out.ceiling) + (out.delay > Duration::zero() ? ", " + sluice::to_text(out.delay) + " after it came" : "") +
              (out.objects_a_day ? ", " + std::to_string(*out.objects_a_day) + " objects a day" : "") + "." + by;
  return out;
}

Allowance allowance_of(const Standing& standing, const StandingRules& rules, std::string_view collection, Tlp ceiling, Instant now, std::int64_t given_today) {
  auto reading = reading_of(standing, rules, collection, ceiling, Delivery::Ordinary);
  Allowance out{.is_given = reading.is_given, .ceiling = reading.ceiling, .upto = std::nullopt, .left_today = std::nullopt, .why = std::move(reading.why)};
  if (reading.delay > Duration::zero()) out.upto = now - reading.delay;
  if (reading.objects_a_day) out.left_today = std::max<std::int64_t>(0, *reading.objects_a_day - given_today);
  return out;
}

Offer offer_of(const OfferedObject& object, Allowance& allowance) {
  if (object.is_own || object.was_given || object.takes_back) return Offer::Give;   // C3
  if (!allowance.is_given || object.tlp > allowance.ceiling) return Offer::Leave;
  if (allowance.upto && object.posted > *allowance.upto) return Offer::Stop;
  if (allowance.left_today && *allowance.left_today <= 0) return Offer::Stop;
  if (allowance.left_today) --*allowance.left_today;
  return Offer::Give;
}

}  // namespace sluice::threat
