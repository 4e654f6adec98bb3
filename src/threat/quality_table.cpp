// The built-in decays, and what a table has to keep so that scores mean what quality.h says of them.
#include "base/bytes.h"
#include "threat/quality.h"

namespace sluice::threat {

namespace {

constexpr std::int64_t kDay = 24;
constexpr MilliPoints kMostPoints = 100'000;

std::unexpected<Error> bad_table(std::string message, std::string where) { return fail(ErrorKind::Invalid, std::move(message), std::move(where), "docs/quality.md"); }

// Steps of delay: later never gives more.
Result<void> check_delays(const std::vector<DelayStep>& steps, const std::string& where) {
  for (std::size_t i = 0; i < steps.size(); ++i) {
    if (steps[i].hours <= (i ? steps[i - 1].hours : 0) || steps[i].hours > 1'000'000) return bad_table("Hours must rise from step to step, up to 1,000,000.", where + "/" + std::to_string(i) + "/hours");
    if (steps[i].points < 0 || steps[i].points > (i ? steps[i - 1].points : kMostPoints)) return bad_table("Points must not rise with the delay, nor be below 0.", where + "/" + std::to_string(i) + "/points");
  }
  return {};
}

// Points by how many: more never gives less.
Result<void> check_counts(const std::vector<MilliPoints>& points, const std::string& where) {
  if (points.size() > 20) return bad_table("At most 20 steps.", where);
  for (std::size_t i = 0; i < points.size(); ++i)
    if (points[i] < (i ? points[i - 1] : 0) || points[i] > kMostPoints) return bad_table("Points must not fall as more come, nor be below 0.", where + "/" + std::to_string(i));
  return {};
}

Result<void> check_decay(const std::vector<DecayStep>& steps, const std::string& where) {
  if (steps.empty() || steps.front().hours != 0 || steps.front().left != 1000) return bad_table("A decay begins with 1,000 thousandths at 0 hours.", where);
  if (steps.size() > 100) return bad_table("At most 100 steps.", where);
  for (std::size_t i = 1; i < steps.size(); ++i) {
    if (steps[i].hours <= steps[i - 1].hours || steps[i].hours > 1'000'000) return bad_table("Hours must rise from step to step, up to 1,000,000.", where + "/" + std::to_string(i) + "/hours");
    if (steps[i].left < 0 || steps[i].left > steps[i - 1].left) return bad_table("What is left must not rise, nor be below 0.", where + "/" + std::to_string(i) + "/left");
  }
  return {};
}

}  // namespace

// Addresses change hands within weeks, URLs within days, names within months; a hash is the same file for ever, though files go out of use; how someone
// works changes slowly. Ours, from no one's measurements: an alliance that measures its own sets its own.
std::vector<Decay> QualityTable::builtin_decays() {
  const std::vector<DecayStep> address = {{0, 1000}, {7 * kDay, 800}, {30 * kDay, 300}, {90 * kDay, 50}, {180 * kDay, 0}};
  const std::vector<DecayStep> actor = {{0, 1000}, {365 * kDay, 900}, {1095 * kDay, 600}, {3650 * kDay, 200}};
  const std::vector<DecayStep> tool = {{0, 1000}, {365 * kDay, 800}, {1825 * kDay, 300}};
  return {
      {"ipv4-addr", address},
      {"ipv6-addr", address},
      {"url", {{0, 1000}, {3 * kDay, 700}, {14 * kDay, 300}, {60 * kDay, 50}, {120 * kDay, 0}}},
      {"domain-name", {{0, 1000}, {14 * kDay, 800}, {60 * kDay, 400}, {180 * kDay, 100}, {365 * kDay, 0}}},
      {"email-addr", {{0, 1000}, {30 * kDay, 700}, {180 * kDay, 200}, {365 * kDay, 0}}},
      {"hash", {{0, 1000}, {365 * kDay, 800}, {1825 * kDay, 400}, {3650 * kDay, 100}}},
      {"vulnerability", {{0, 1000}, {365 * kDay, 900}, {1825 * kDay, 500}}},
      {"attack-pattern", actor},
      {"campaign", actor},
      {"intrusion-set", actor},
      {"threat-actor", actor},
      {"malware", tool},
      {"tool", tool},
      {"infrastructure", address},
      {"sighting", {{0, 1000}, {30 * kDay, 500}, {180 * kDay, 0}}},
      {"", {{0, 1000}, {30 * kDay, 900}, {365 * kDay, 300}, {1095 * kDay, 100}}},
  };
}

Result<void> check(const QualityTable& t) {
  const struct { MilliPoints points; const char* where; bool is_gain; } weights[] = {
      {t.valid, "/valid", true},         {t.warning, "/warning", false},     {t.benign, "/benign", false},           {t.kill_chain, "/kill_chain", true}, {t.technique, "/technique", true},
      {t.actor, "/actor", true},         {t.malware, "/malware", true},      {t.target, "/target", true},            {t.first_seen, "/first_seen", true}, {t.last_seen, "/last_seen", true},
      {t.description, "/description", true}, {t.novel, "/novel", true},      {t.novel_without_values, "/novel_without_values", true},
      {t.false_positive, "/false_positive", false}, {t.false_positive_proven, "/false_positive_proven", false}};
  MilliPoints best = 0;
  for (const auto& weight : weights) {
    const bool in_range = weight.is_gain ? weight.points >= 0 && weight.points <= kMostPoints : weight.points <= 0 && weight.points >= -kMostPoints;
    if (!in_range) return bad_table(weight.is_gain ? "This must be 0 to 100,000 milli-points." : "This takes points away: -100,000 to 0 milli-points.", weight.where);
    if (weight.is_gain && weight.where != std::string_view("/novel_without_values")) best += weight.points;
  }
  TRY(check_delays(t.seen_to_submitted, "/seen_to_submitted"));
  TRY(check_delays(t.submitted_to_read, "/submitted_to_read"));
  TRY(check_counts(t.corroborated, "/corroborated"));
  TRY(check_counts(t.sighted, "/sighted"));
  if (t.novel_without_values > t.novel) return bad_table("This must not be above 'novel'.", "/novel_without_values");
  for (const auto* delays : {&t.seen_to_submitted, &t.submitted_to_read}) best += delays->empty() ? 0 : delays->front().points;
  for (const auto* counts : {&t.corroborated, &t.sighted}) best += counts->empty() ? 0 : counts->back();
  if (best > kMostPoints) return bad_table("All parts at their best come to more than 100,000 milli-points.", "");
  bool has_default = false;
  if (t.decays.size() > 200) return bad_table("At most 200 decays.", "/decays");
  for (std::size_t i = 0; i < t.decays.size(); ++i) {
    has_default = has_default || t.decays[i].of.empty();
    for (std::size_t n = 0; n < i; ++n)
      if (t.decays[n].of == t.decays[i].of) return bad_table("There is a decay for this already.", "/decays/" + std::to_string(i) + "/of");
    TRY(check_decay(t.decays[i].steps, "/decays/" + std::to_string(i) + "/steps"));
  }
  if (!has_default) return bad_table("One decay must be for what isn't named: \"of\": \"\".", "/decays");
  return {};
}

std::string name_of(const QualityTable& table) { return "sha256:" + hex(sha256(bytes_of(canonical(to_json(table))))); }

}  // namespace sluice::threat
