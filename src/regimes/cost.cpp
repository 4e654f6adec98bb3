#include "regimes/cost.h"

#include <algorithm>
#include <memory>

#include "regimes/case_network.h"
#include "regimes/outline.h"
#include "regimes/overlay.h"
#include "regimes/reach.h"

namespace sluice::regimes {

namespace {

// The case as a plan, of which one act is asked how early it may be.
class EarlyAct {
 public:
  enum class Keeps { All, Bans };
  struct Answer {
    Earliest earliest;
    bool is_feasible = false;                      // `earliest` has an instant
    bool is_cut = false;                           // nothing is known: there was too much to try
  };

  // Invalid: what an evaluation refuses.
  static Result<std::unique_ptr<EarlyAct>> of(const Scenario& scenario, const Library& library, const std::string& action, Second from) {
    auto out = std::unique_ptr<EarlyAct>(new EarlyAct(scenario, library));
    // What was done before then stays; the act that is asked about isn't done yet, whatever its date.
    for (auto& one : out->scenario_.actions)
      if (one.id == action && one.at && *one.at < When(from)) one.at.reset();
    TRY(out->evaluation_, evaluate_duties_alone(out->scenario_, out->library_));
    out->case_ = std::make_unique<CaseNetwork>(*out->evaluation_.world, out->evaluation_.packs, out->evaluation_.duties, CaseNetwork::Options{.with_drafts = false, .is_plan = true, .from = from});
    while (out->scenario_.actions[out->action_].id != action) ++out->action_;
    out->from_ = std::max(from, out->case_->begins());
    return out;
  }

  Answer find(Keeps keeps) {
    Answer out;
    if (case_->is_cut()) return out.is_cut = true, out;
    auto& network = case_->network;
    const auto point = case_->point_of(action_);
    auto rules = binding(keeps);
    const auto wish = [&](Wish::Kind kind) { return std::find_if(case_->wishes().begin(), case_->wishes().end(), [&](const Wish& one) { return one.kind == kind && one.action == action_; })->member; };
    const std::vector<Member> done{wish(Wish::Kind::Done)};
    if (!can_be_kept(joined(rules, done))) {
      without_lost(rules);
      if (!can_be_kept(joined(rules, done))) {
        const auto blame = network.conflicts(1, rules, done);
        out.is_cut = is_cut_ || (blame.sets.empty() && blame.more);
        if (!blame.sets.empty()) out.earliest.held_by = names(blame.sets.front());
        return out;
      }
    }
    // As the plan has it: a first step that is in it isn't done beside it. A duty may be: what fulfils none is no less lawful.
    std::vector<Member> by_plan;
    for (const auto& one : case_->wishes())
      if (one.kind == Wish::Kind::ByPlan && counts(*one.rule, Keeps::Bans)) by_plan.push_back(one.member);
    const auto given_up = most(joined(rules, done), by_plan);
    for (const auto one : given_up) std::erase(by_plan, one);
    const auto blamed = joined(rules, by_plan);
    const auto kept = joined(blamed, done);
    const auto earliest = network.earliest(kept, {point});
    if (is_cut_ || !earliest.is_feasible()) return out.is_cut = true, out;
    const auto at = earliest.times[std::size_t(point)];
    out.is_feasible = true, out.earliest.at = at;

    std::vector<Member> dates;
    for (const auto& one : case_->wishes())
      if (one.kind == Wish::Kind::At && one.action != action_) dates.push_back(one.member);
    const auto moved = most(kept, dates);
    for (const auto one : moved) std::erase(dates, one);
    const auto as_planned = network.earliest(joined(kept, dates), {point});
    if (is_cut_ || !as_planned.is_feasible()) return out.is_cut = true, out;
    out.earliest.as_planned = as_planned.times[std::size_t(point)];

    // From here on the network grows by what is asked of it.
    // Of bans alone: a duty's own act may need a step too, which is none of this act's.
    add_steps(joined(binding(Keeps::Bans), by_plan), joined(done, {case_->ask(Network::no_later(point, at))}), out.earliest.steps);
    if (at > from_) {
      const auto blame = network.conflicts(1, blamed, joined(done, {case_->ask(Network::no_later(point, at - 1))}));
      if (!blame.sets.empty()) out.earliest.held_by = names(blame.sets.front());
    }
    out.is_cut = is_cut_;
    return out;
  }

 private:
  using Member = Network::Member;
  using Wish = CaseNetwork::Wish;
  using Members = std::vector<Member>;

  EarlyAct(const Scenario& scenario, const Library& library) : scenario_(scenario), library_(library) {}

  static Members joined(Members all, const Members& more) { return all.insert(all.end(), more.begin(), more.end()), all; }

  const Pack* pack_of(std::string_view rule) const {
    const auto found = std::find_if(evaluation_.packs.begin(), evaluation_.packs.end(), [&](const Pack* pack) { return pack->rule(rule) != nullptr; });
    return found == evaluation_.packs.end() ? nullptr : *found;
  }
  bool counts(const Rule& rule, Keeps keeps) const { return keeps == Keeps::All || applied(*evaluation_.world, *pack_of(rule.id), rule).body->modality != Modality::Must; }

  bool is_demanded_by_law() const {
    for (const auto* pack : evaluation_.packs)
      for (const auto& rule : pack->rules) {
        std::string why;
        Grounds grounds;
        const auto verdict = judge(applied(*evaluation_.world, *pack, rule), scenario_.actions[action_], evaluation_.duties, why, grounds);
        if (verdict && verdict->is_law() && verdict->word == Word::Demands) return true;
      }
    return false;
  }
  // The rules that bind and the embargo. Of bans alone: those of a policy give way where law demands the act.
  Members binding(Keeps keeps) const {
    const bool is_demanded = keeps == Keeps::Bans && is_demanded_by_law();
    Members out;
    for (std::size_t i = 0; i < case_->members().size(); ++i) {
      const auto* pack = pack_of(case_->members()[i]);
      if (pack != nullptr && keeps == Keeps::Bans && (!counts(*pack->rule(case_->members()[i]), keeps) || (is_demanded && evaluation_.world->force_of(*pack) == Force::Policy))) continue;
      out.push_back(Member(i));
    }
    return out;
  }

  bool can_be_kept(const Members& all) {
    const auto verdict = case_->network.solve(all).verdict;
    is_cut_ = is_cut_ || verdict == Network::Verdict::Undecided;
    return verdict == Network::Verdict::Feasible;
  }
  // What can't be kept by itself is late whatever is planned, and holds nothing back.
  void without_lost(Members& rules) {
    for (bool is_less = true; is_less;) {
      is_less = false;
      const auto answer = case_->network.solve(rules);
      if (answer.verdict != Network::Verdict::Infeasible) return;
      for (const auto one : answer.blame)
        if (std::find(rules.begin(), rules.end(), one) != rules.end() && case_->network.solve({one}).verdict == Network::Verdict::Infeasible) std::erase(rules, one), is_less = true;
    }
  }
  // In their order, as many of them as can be kept beside `kept`; those that can't are given back. All at once where that goes, so that few questions are asked.
  Members most(Members kept, const Members& more) {
    Members left_out;
    const auto add = [&](auto&& self, std::size_t from, std::size_t to) -> void {
      if (from == to) return;
      auto all = kept;
      all.insert(all.end(), more.begin() + std::ptrdiff_t(from), more.begin() + std::ptrdiff_t(to));
      if (can_be_kept(all)) return kept = std::move(all), void();
      if (to - from == 1) return left_out.push_back(more[from]);
      const auto middle = from + (to - from) / 2;
      self(self, from, middle), self(self, middle, to);
    };
    add(add, 0, more.size());
    return left_out;
  }

  // What has to be put into the plan: acts that it only considers, without a date, and first steps beside it that these can't do without; the last that the network knows are left out first.
  void add_steps(const Members& blamed, const Members& facts, std::vector<std::string>& to) {
    Members undated, asked;
    for (const auto& one : case_->wishes())
      if (one.kind == Wish::Kind::Left && one.action != action_ && !scenario_.actions[one.action].at) undated.push_back(one.member);
    for (const auto one : most(joined(blamed, facts), undated)) {
      const auto& act = scenario_.actions[std::find_if(case_->wishes().begin(), case_->wishes().end(), [&](const Wish& wish) { return wish.member == one; })->action];
      std::string told, by;
      for (const auto& body : act.to) told += (told.empty() ? "" : "+") + to_text(body);
      if (const auto why = case_->network.conflicts(1, blamed, joined(facts, {one})); !why.sets.empty())
        for (const auto& name : names(why.sets.front())) by += (by.empty() ? ", for " : " and ") + name;
      to.push_back(act.type + (told.empty() ? "" : " to " + told) + by);
    }
    for (auto one = case_->beside().rbegin(); one != case_->beside().rend(); ++one) asked.push_back(case_->ask(Network::no_earlier(one->point, CaseNetwork::kFar)));
    const auto needed = most(joined(blamed, facts), asked);
    struct Step { const CaseNetwork::Beside* what; std::string to; };
    std::vector<Step> steps;
    for (std::size_t i = 0; i < asked.size(); ++i) {
      const auto& one = case_->beside()[i];
      if (std::find(needed.begin(), needed.end(), asked[asked.size() - 1 - i]) == needed.end()) continue;
      std::string told;
      for (const auto& body : one.act->to) told += (told.empty() ? "" : "+") + to_text(body);
      const auto same = std::find_if(steps.begin(), steps.end(), [&](const Step& known) { return known.what->rule == one.rule && known.what->on == one.on && known.what->act->type == one.act->type; });
      if (same == steps.end()) steps.push_back({&one, told});
      else if (!told.empty()) same->to += "+" + told;
    }
    for (const auto& [what, told] : steps) to.push_back(what->act->type + (told.empty() ? "" : " to " + told) + ", for " + what->rule->id);
  }

  std::vector<std::string> names(const Members& set) const {
    std::vector<std::string> out;
    for (const auto one : set)
      out.push_back(std::size_t(one) < case_->members().size() ? case_->members()[std::size_t(one)] : std::find_if(case_->wishes().begin(), case_->wishes().end(), [&](const Wish& wish) { return wish.member == one; })->rule->id);
    std::sort(out.begin(), out.end());
    out.erase(std::unique(out.begin(), out.end()), out.end());
    return out;
  }

  Scenario scenario_;
  const Library& library_;
  Evaluation evaluation_;
  std::unique_ptr<CaseNetwork> case_;
  std::size_t action_ = 0;
  Second from_ = 0;                                // nothing can be earlier
  bool is_cut_ = false;
};

std::string said(const Earliest& one) { return one.at ? "from " + to_text(*one.at) : "never"; }

std::string said(Second delay) { return delay == 0 ? "no later" : delay < 0 ? in_words(-delay) + " earlier" : in_words(delay) + " later"; }

json::object to_json(const Earliest& one) {
  const auto texts = [](const std::vector<std::string>& all) { return json::array(all.begin(), all.end()); };
  const auto instant = [](const std::optional<Second>& at) { return at ? json::value(to_text(*at)) : json::value(); };
  json::object out{{"earliest", instant(one.at)}, {"as_planned", instant(one.as_planned)}};
  if (!one.held_by.empty()) out["held_by"] = texts(one.held_by);
  if (!one.steps.empty()) out["steps"] = texts(one.steps);
  return out;
}

std::optional<Second> between(const std::optional<Second>& with, const std::optional<Second>& without) { return with && without ? std::optional(*with - *without) : std::nullopt; }

}  // namespace

Result<Cost> cost(const Scenario& scenario, const Library& library, const std::string& what, const std::string& action, std::optional<Second> from) {
  for (std::size_t i = 0; i < scenario.regimes.size(); ++i)
    if (!library.packs.contains(scenario.regimes[i])) return fail(ErrorKind::Invalid, "There is no pack \"" + scenario.regimes[i] + "\".", "/regimes/" + std::to_string(i));
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
  std::optional<Library> library_without;
  if (is_rule) {
    auto left = without_rule(library, what);
    if (!left) return fail(left.error().kind, left.error().message, "/regime");
    library_without = *std::move(left);
    without = with;
  } else {
    std::erase(without.regimes, pack->first);
  }
  const auto start = from.value_or(scenario.as_of);
  TRY(auto case_with, EarlyAct::of(with, library, out.action, start));
  TRY(auto case_without, EarlyAct::of(without, library_without ? *library_without : library, out.action, start));
  auto with_all = case_with->find(EarlyAct::Keeps::All), without_all = case_without->find(EarlyAct::Keeps::All);
  // Where not all can be kept, what is demanded says nothing of how early the act may be: its bans do, and then of both, so that they can be compared.
  for (auto* one : {&with_all, &without_all})
    if (!one->is_cut && !one->is_feasible) *one = (one == &with_all ? case_with : case_without)->find(EarlyAct::Keeps::Bans), out.bans_alone = out.bans_alone || one->is_feasible;
  if (out.bans_alone)
    for (auto* one : {&with_all, &without_all})
      if (!one->is_cut && one->is_feasible) *one = (one == &with_all ? case_with : case_without)->find(EarlyAct::Keeps::Bans);
  if (with_all.is_cut || without_all.is_cut) return fail(ErrorKind::Invalid, "This plan has more acts, rules and instants than are tried; ask with fewer regimes, actions or events.", "/actions");
  out.with = std::move(with_all.earliest), out.without = std::move(without_all.earliest);
  out.delay = between(out.with.at, out.without.at);
  out.delay_as_planned = between(out.with.as_planned, out.without.as_planned);
  return out;
}

json::object to_json(const Cost& cost) {
  const auto seconds = [](const std::optional<Second>& delay) { return delay ? json::value(*delay) : json::value(); };
  json::object out{{"action", cost.action}, {"with", to_json(cost.with)}, {"without", to_json(cost.without)}, {"delay_s", seconds(cost.delay)}, {"delay_as_planned_s", seconds(cost.delay_as_planned)}};
  if (cost.bans_alone) out["bans_alone"] = true;
  return out;
}

std::string to_text(const Cost& cost) {
  auto out = cost.action + ": lawful " + said(cost.with) + "; without it " + said(cost.without);
  if (cost.delay) out += ": " + said(*cost.delay);
  if (cost.delay_as_planned && cost.delay_as_planned != cost.delay) out += "; with the other acts where the plan has them, " + said(*cost.delay_as_planned);
  if (cost.bans_alone) out += "; what is demanded by a date is left out, since not all of it can be kept";
  return out;
}

}  // namespace sluice::regimes
