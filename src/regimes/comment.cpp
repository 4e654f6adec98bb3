#include "regimes/comment.h"

#include <algorithm>

#include "regimes/find.h"
#include "regimes/reach.h"

namespace sluice::regimes {

namespace {

std::string marked(const Rule& rule) { return rule.verified ? "" : " *(not checked against the text)*"; }

// What a pack says of its text's fate is as of the pack's own day; of an earlier one only dates are told.
std::string status_as_of(const Pack& pack, const std::optional<Second>& as_of) {
  const auto written = parse_day(pack.edition);
  if (!as_of || (written && *as_of >= written->time_since_epoch().count() * 86'400)) return pack.status;
  if (pack.force != Force::Draft && pack.until && *pack.until > *as_of) {
    auto open = pack;
    open.until.reset();
    return "Dates: " + dates_words(open, {}) + ".";
  }
  return (pack.force == Force::Draft ? "A " : "Dates: ") + dates_words(pack, {}) + ".";
}

std::string when_said(const Departure& one) {
  std::string out;
  if (!one.under.empty()) out += "under the reading " + one.under;
  if (!one.only_if.empty()) out += (out.empty() ? "" : "; ") + std::string("where ") + one.only_if;
  return out;
}

bool rests_on(const Rule& rule, const Pack& pack, const std::string& reading) {
  if (rule.readings.contains(reading)) return true;
  std::vector<const Condition*> conditions{&pack.scope, &rule.plain.binds, &rule.plain.when};
  if (rule.plain.act) conditions.push_back(&rule.plain.act->condition);
  for (const auto& topic : rule.plain.against) conditions.push_back(&topic.condition);
  for (const auto* condition : conditions)
    for (const auto& test : condition->tests())
      if (test.kind == Test::Kind::Reading && test.name == reading) return true;
  return false;
}

bool touches(const Overlay& overlay, const Pack& pack, const Rule& rule) {
  return std::any_of(overlay.changes.begin(), overlay.changes.end(), [&](const Overlay::Change& change) {
    if (change.pack != pack.id) return false;
    if (change.what == Overlay::What::Settled || change.what == Overlay::What::Reading) return rests_on(rule, pack, change.name);
    return change.name == rule.id;
  });
}

// What rules do in cases. A case is judged once for all rules of a pack.
class Costs {
 public:
  explicit Costs(const Shelf& shelf) : shelf_(shelf) {}

  // As lines; none where the rule does nothing that can be counted.
  std::vector<std::string> of(const Scenario& scenario, const Pack& pack, const Rule& rule);

 private:
  struct Bound {
    Scenario scenario;
    std::optional<Evaluation> answer;
  };
  // The case with the pack in force.
  const std::optional<Evaluation>& answer(const Scenario& scenario, const Pack& pack) {
    auto& bound = bound_[{&scenario, &pack}];
    if (bound) return bound->answer;
    bound = std::make_unique<Bound>(Bound{scenario, {}});
    if (pack.force == Force::Draft) bound->scenario.assumed.insert(pack.id);
    if (auto answer = evaluate(bound->scenario, shelf_.library())) bound->answer = *std::move(answer);
    return bound->answer;
  }

  const Shelf& shelf_;
  std::map<std::pair<const Scenario*, const Pack*>, std::unique_ptr<Bound>> bound_;
};

std::vector<std::string> Costs::of(const Scenario& scenario, const Pack& pack, const Rule& rule) {
  std::vector<std::string> out;
  if (std::find(scenario.regimes.begin(), scenario.regimes.end(), pack.id) == scenario.regimes.end()) return out;
  if (const auto delay = cost(scenario, shelf_.library(), rule.id); delay && (!delay->delay || *delay->delay != 0) && delay->with.at != delay->without.at) out.push_back("publication " + to_text(*delay));
  const auto& answer = this->answer(scenario, pack);
  if (!answer) return out;
  for (const auto& one : answer->duties)
    if (one.rule.rule == &rule && one.is_triggered()) out.push_back("duty of " + one.on->id + ": " + std::string(to_text(one.state)) + (one.due ? ", due " + one.due->text : ", no date"));
  for (const auto& one : answer->conflicts.all) {
    if (std::find(one.members.begin(), one.members.end(), rule.id) == one.members.end()) continue;
    std::string members;
    for (const auto& member : one.members)
      if (member != rule.id) members += (members.empty() ? "" : " + ") + member;
    out.push_back(one.kind + " with " + members);
  }
  const auto told = reach(*answer);
  std::set<std::string> early;
  for (const auto& one : told.all) {
    const bool by_it = std::any_of(answer->verdicts.spoken.begin(), answer->verdicts.spoken.end(), [&](const Verdict& verdict) { return verdict.rule.rule == &rule && verdict.word == Word::Demands && verdict.action->id == one.action; });
    if (by_it && !one.is_needed && told.open && one.at < *told.open) early.insert(one.kind + (one.where.empty() ? "" : " in " + one.where) + ", " + in_words(*told.open - one.at) + " before everybody" + (one.by_rule.empty() ? "" : " (expected by " + one.by_rule + ")"));
  }
  for (const auto& one : early) out.push_back("told early, not needed for the remedy: " + one);
  return out;
}

}  // namespace

std::string comment(const Measured& on, const std::vector<Overlay>& all) {
  const auto& shelf = *on.shelf;
  const auto as_of = shelf.standpoint().as_of;
  std::vector<Overlay> suggested;
  for (const auto& one : all)
    if (!as_of || !one.proposed || *one.proposed <= *as_of) suggested.push_back(one);
  Costs costs(shelf);
  std::vector<const Pack*> packs, norms;
  for (const auto& one : on.found) {
    if (std::find(packs.begin(), packs.end(), one.pack) == packs.end()) packs.push_back(one.pack);
    if (std::find(norms.begin(), norms.end(), one.norm_pack) == norms.end()) norms.push_back(one.norm_pack);
  }
  std::string out = "# Comment on where rules depart from standards\n\n";
  for (const auto* pack : packs) out += "- On: " + pack->title + ". " + status_as_of(*pack, shelf.standpoint().as_of) + "\n";
  std::string measured;
  for (const auto* norm : norms) measured += (measured.empty() ? "" : "; ") + shelf.document(*norm);
  out += "- Measured by: " + (measured.empty() ? "nothing that departs was found" : measured) + "\n";
  if (shelf.standpoint().as_of) out += "- As of " + to_text(*shelf.standpoint().as_of) + "\n";
  for (const auto& one : on.cases) out += "- Case: " + one.id + (one.title.empty() ? "" : ", " + one.title) + "\n";
  const Rule* last = nullptr;
  for (std::size_t i = 0; i < on.found.size(); ++i) {
    const auto& one = on.found[i];
    const auto is_last_of_rule = i + 1 == on.found.size() || on.found[i + 1].rule != one.rule;
    if (one.rule != last) {
      out += "\n## " + one.rule->cite + ": " + (one.rule->on.empty() ? one.pack->id : one.rule->on) + "\n\n**What it asks.** " + one.rule->says + " (`" + one.rule->id + "`)" + marked(*one.rule) + "\n";
      if (shelf.applied(*one.pack, *one.rule).body->modality == Modality::Sanction) out += "It is a sanction: it judges no act, but follows where another rule is broken.\n";
      out += "\n**What the standards say.**\n\n";
      last = one.rule;
    }
    const auto when = when_said(one);
    out += "- " + shelf.clause(*one.norm_pack, *one.norm) + " (`" + one.norm->id + "`): " + one.norm->says + marked(*one.norm) + " *Departure:* " + one.why + (when.empty() ? "" : " (" + when + ")") + "\n";
    if (!is_last_of_rule) continue;
    std::string spent;
    for (const auto& scenario : on.cases)
      for (const auto& line : costs.of(scenario, *one.pack, *one.rule)) spent += "- " + scenario.id + ": " + line + "\n";
    if (!spent.empty()) out += "\n**What it costs.**\n\n" + spent;
    std::string asked;
    for (const auto& overlay : suggested)
      if (touches(overlay, *one.pack, *one.rule)) asked += "- " + overlay.says + " (`" + overlay.id + "`; " + overlay.source + ")\n";
    if (!asked.empty()) out += "\n**What is suggested.**\n\n" + asked;
  }
  // What has no article of its own.
  std::string other;
  for (const auto& overlay : suggested) {
    const bool stands = std::any_of(on.found.begin(), on.found.end(), [&](const Departure& one) { return touches(overlay, *one.pack, *one.rule); });
    const bool of_these = std::any_of(overlay.changes.begin(), overlay.changes.end(), [&](const Overlay::Change& change) { return std::any_of(packs.begin(), packs.end(), [&](const Pack* pack) { return pack->id == change.pack; }); });
    if (!stands && of_these) other += "- " + overlay.says + " (`" + overlay.id + "`; " + overlay.source + ")\n";
  }
  if (!other.empty()) out += "\n## Suggested besides\n\n" + other;
  return out + "\n---\n\n*A reading of the rules listed, not legal advice.*\n";
}

std::vector<Overlay> suggestions(const Library& library) {
  std::vector<Overlay> out;
  for (auto& one : overlays_against(library))
    if (one.overlay) out.push_back(*std::move(one.overlay));
  return out;
}

}  // namespace sluice::regimes
