#include "regimes/schedule.h"

#include <algorithm>

#include "regimes/lightest.h"

namespace sluice::regimes {

namespace {

using Member = Network::Member;
using Wish = CaseNetwork::Wish;

constexpr std::size_t kMostEqual = 16;             // sets of wishes that cost the same, of which the dates are compared

class Planner {
 public:
  Planner(const Evaluation& all, std::optional<Second> from) : all_(all), from_(from), case_(*all.world, all.packs, all.duties, {.with_drafts = false, .is_plan = true, .from = from}) {}

  Schedule plan() {
    Schedule out;
    out.from = from_;
    out.late = case_.too_late();
    if (!all_.conflicts.feasible) return out;
    for (std::size_t i = 0; i < case_.members().size(); ++i) rules_.push_back(Member(i));
    if (!case_.network.solve(rules_).is_feasible()) {  // what can't be kept by itself is late whatever is planned, and no reason to plan nothing
      const auto alone = case_.network.conflicts(1'000, rules_, {});
      for (const auto& set : alone.sets)
        if (set.size() == 1) std::erase(rules_, set.front()), out.lost.push_back(case_.members()[std::size_t(set.front())]);
      if (!case_.network.solve(rules_).is_feasible()) return out;
    }
    out.exists = true;
    blamed_ = rules_;
    for (const auto& one : case_.wishes())
      if (one.kind == Wish::Kind::ByPlan) blamed_.push_back(one.member);
    std::vector<Member> wishes;
    for (const auto& one : case_.wishes())
      if (one.kind != Wish::Kind::Left) wishes.push_back(one.member);
    const auto clashes = case_.network.conflicts(200, wishes, rules_);
    // Done before fulfilled by the plan, fulfilled by the plan before the date; and a date's own weight, if it has one.
    std::vector<std::int64_t> weights;
    for (const auto& one : case_.wishes()) weights.push_back(weight_of(one));
    std::sort(weights.begin(), weights.end(), std::greater<>());
    weights.erase(std::unique(weights.begin(), weights.end()), weights.end());
    Lightest lightest(clashes.sets, [&](Member member) { return std::size_t(std::find(weights.begin(), weights.end(), weight_of(wish_of(member))) - weights.begin()); }, weights.size(), kMostEqual);
    auto broken = lightest.find(true);
    out.is_best = !clashes.more && !lightest.gave_up();
    if (!out.is_best) broken = {greedily(wishes)};

    std::optional<std::vector<Network::Time>> best;
    std::vector<Member> best_broken;
    const auto order = order_of_points();
    for (const auto& set : broken) {
      auto kept = rules_;
      for (const auto wish : wishes)
        if (std::find(set.begin(), set.end(), wish) == set.end()) kept.push_back(wish);
      for (const auto& one : case_.wishes())
        if (one.kind == Wish::Kind::Left && std::find(set.begin(), set.end(), done_of(one.action)) != set.end()) kept.push_back(one.member);
      const auto found = case_.network.earliest(kept, order);
      if (!found.is_feasible()) continue;
      std::vector<Network::Time> dates;
      for (const auto point : order) dates.push_back(found.times[std::size_t(point)]);
      if (best && *best <= dates) continue;
      best = dates, times_ = found.times, best_broken = set;
    }
    if (!best) return out.exists = false, out;
    for (std::size_t i = 0; i < all_.scenario->actions.size(); ++i) out.actions.push_back(planned(i, best_broken));
    for (const auto& duty : all_.duties) {
      if (!duty.is_triggered() || duty.state == DutyState::Waiting || !duty.rule.body->act || !case_.member(duty.rule.rule->id)) continue;
      const auto wish = std::find_if(case_.wishes().begin(), case_.wishes().end(), [&](const Wish& one) { return one.kind == Wish::Kind::ByPlan && one.rule == duty.rule.rule && one.on == duty.on; });
      const bool is_planned = wish != case_.wishes().end() ? wish->is_whole && std::find(best_broken.begin(), best_broken.end(), wish->member) == best_broken.end() : duty.done.has_value();
      if (!is_planned) out.beside.push_back({duty.rule.rule, duty.on, duty.due});
    }
    add_first_steps(best_broken, out);
    return out;
  }

 private:
  // First steps beside the plan that these dates can't do without.
  void add_first_steps(const std::vector<Member>& broken, Schedule& out) {
    if (case_.beside().empty()) return;
    auto kept = rules_;
    for (const auto& one : case_.wishes()) {
      if (one.kind == Wish::Kind::ByPlan && std::find(broken.begin(), broken.end(), one.member) == broken.end()) kept.push_back(one.member);
      if (one.kind != Wish::Kind::Done) continue;
      const auto point = case_.point_of(one.action);
      for (const auto& fixed : {Network::no_later(point, times_[std::size_t(point)]), Network::no_earlier(point, times_[std::size_t(point)])}) kept.push_back(case_.ask(fixed));
    }
    for (const auto& one : case_.beside()) {
      kept.push_back(case_.ask(Network::no_earlier(one.point, CaseNetwork::kFar)));
      if (case_.network.solve(kept).is_feasible()) continue;
      kept.pop_back();
      if (std::none_of(out.beside.begin(), out.beside.end(), [&](const Unplanned& known) { return known.rule == one.rule && known.on == one.on; })) out.beside.push_back({one.rule, one.on, {}});
    }
  }
  const Wish& wish_of(Member member) const { return *std::find_if(case_.wishes().begin(), case_.wishes().end(), [&](const Wish& one) { return one.member == member; }); }
  Member done_of(std::size_t action) const { return std::find_if(case_.wishes().begin(), case_.wishes().end(), [&](const Wish& one) { return one.kind == Wish::Kind::Done && one.action == action; })->member; }
  std::int64_t weight_of(const Wish& one) const {
    constexpr std::int64_t kHeavy = std::int64_t{1} << 40;
    if (one.kind == Wish::Kind::Done) return 2 * kHeavy;
    if (one.kind == Wish::Kind::ByPlan) return kHeavy;
    const auto* own = all_.scenario->actions[one.action].facts.if_contains("weight");
    return own != nullptr && own->is_int64() ? std::clamp<std::int64_t>(own->get_int64(), 0, 1'000'000) : 1;
  }
  std::vector<Member> greedily(std::vector<Member> wishes) const {
    std::stable_sort(wishes.begin(), wishes.end(), [&](Member a, Member b) { return weight_of(wish_of(a)) > weight_of(wish_of(b)); });
    auto kept = rules_;
    std::vector<Member> out;
    for (const auto wish : wishes) {
      kept.push_back(wish);
      if (!case_.network.solve(kept).is_feasible()) kept.pop_back(), out.push_back(wish);
    }
    return std::sort(out.begin(), out.end()), out;
  }

  // Publication first, then each action in the order of their ids.
  std::vector<Network::Point> order_of_points() {
    auto out = case_.points_of("vuln.public");
    if (out.empty()) {
      std::vector<Network::Together> any;
      const auto first = case_.network.add_point(CaseNetwork::kFar);
      for (std::size_t i = 0; i < all_.scenario->actions.size(); ++i)
        if (all_.world->words.publications.contains(all_.scenario->actions[i].type)) any.push_back({{case_.point_of(i), first, 0}});
      if (!any.empty()) case_.network.require(Network::kNobody, std::move(any)), out.push_back(first);
    }
    std::vector<std::size_t> actions(all_.scenario->actions.size());
    for (std::size_t i = 0; i < actions.size(); ++i) actions[i] = i;
    std::sort(actions.begin(), actions.end(), [&](std::size_t a, std::size_t b) { return all_.scenario->actions[a].id < all_.scenario->actions[b].id; });
    for (const auto action : actions) out.push_back(case_.point_of(action));
    return out;
  }

  std::vector<std::string> names(const std::vector<Member>& set) const {
    std::vector<std::string> out;
    for (const auto one : set) out.push_back(std::size_t(one) < case_.members().size() ? case_.members()[std::size_t(one)] : wish_of(one).rule->id);
    std::sort(out.begin(), out.end());
    out.erase(std::unique(out.begin(), out.end()), out.end());
    return out;
  }
  // A smallest set of rules that can't be kept beside these; a duty, that the plan's actions fulfil it, which they do.
  std::vector<std::string> why_not(const std::vector<Member>& facts, const std::vector<Member>& broken) const {
    auto among = blamed_;
    for (const auto one : broken) std::erase(among, one);
    const auto blame = case_.network.conflicts(1, among, facts);
    return blame.sets.empty() ? std::vector<std::string>{} : names(blame.sets.front());
  }

  Planned planned(std::size_t i, const std::vector<Member>& broken) {
    const auto& action = all_.scenario->actions[i];
    const auto point = case_.point_of(i);
    Planned out{&action, {}, {}, {}, {}, {}, {}, false};
    const auto done = done_of(i);
    if (const auto at = times_[std::size_t(point)]; at < CaseNetwork::kFar - 1) out.at = at;
    const auto is_broken = [&](Member one) { return std::find(broken.begin(), broken.end(), one) != broken.end(); };
    if (from_ && action.at && *action.at <= When(all_.scenario->as_of) && *action.at < When(*from_)) return out.is_done = true, out;
    auto kept = blamed_;
    for (const auto one : broken) std::erase(kept, one);
    kept.push_back(done);
    const auto earliest = case_.network.earliest(kept, {point});
    if (!earliest.is_feasible()) return out.moved_by = why_not({done}, broken), out;
    out.earliest = earliest.times[std::size_t(point)];
    out.earliest_by = why_not({done, case_.ask(Network::no_later(point, *out.earliest - 1))}, broken);
    // As late as may be: each answer is as late as what it chose allows.
    auto late = *out.earliest;
    for (int tries = 0; tries < 200; ++tries) {
      kept.push_back(case_.ask(Network::no_earlier(point, late + 1)));
      const auto later = case_.network.solve(kept);
      kept.pop_back();
      if (!later.is_feasible()) {
        out.latest = late;
        break;
      }
      late = later.times[std::size_t(point)];
      if (late >= case_.ends()) break;
    }
    if (out.latest) out.latest_by = why_not({done, case_.ask(Network::no_earlier(point, *out.latest + 1))}, broken);
    for (const auto& wish : case_.wishes())
      if (wish.kind == Wish::Kind::At && wish.action == i && is_broken(wish.member)) {
        out.moved_by = why_not({wish.member}, broken);
        if (!out.moved_by.empty()) break;
        std::vector<Member> facts{wish.member};    // not by itself: beside what else was wished
        for (const auto& other : case_.wishes())
          if ((other.kind == Wish::Kind::Done || other.kind == Wish::Kind::At) && !is_broken(other.member)) facts.push_back(other.member);
        out.moved_by = why_not(facts, broken);
      }
    return out;
  }

  const Evaluation& all_;
  std::optional<Second> from_;
  CaseNetwork case_;
  std::vector<Member> rules_, blamed_;
  std::vector<Network::Time> times_;
};

json::array texts(const std::vector<std::string>& words) {
  json::array out;
  for (const auto& word : words) out.emplace_back(word);
  return out;
}
json::value instant_or_null(const std::optional<Second>& at) { return at ? json::value(to_text(*at)) : json::value(); }

const Rule* rule_named(const Evaluation& all, std::string_view id) {
  for (const auto* pack : all.packs)
    if (const auto* rule = pack->rule(id)) return rule;
  return nullptr;                                  // the agreed embargo
}

// What happens at this instant in the case, as far as it is given.
std::string events_at(const Scenario& scenario, Second at) {
  std::string out;
  for (const auto& [name, when] : scenario.events)
    if (when == at) out += (out.empty() ? "" : ", ") + name;
  return out;
}

}  // namespace

Schedule best_schedule(const Evaluation& evaluation, std::optional<Second> from) { return Planner(evaluation, from).plan(); }

json::object to_json(const Evaluation& evaluation, const Schedule& all) {
  json::object out{{"exists", all.exists}};
  if (all.from) out["from"] = to_text(*all.from);
  if (!all.is_best) out["is_best"] = false;
  json::array actions, beside, late;
  for (const auto& one : all.actions) {
    json::object row{{"action", one.action->id}, {"at", instant_or_null(one.at)}, {"wished", one.action->at ? json::value(to_text(*one.action->at)) : json::value()},
                     {"earliest", instant_or_null(one.earliest)}, {"latest", instant_or_null(one.latest)}};
    json::array because;
    const auto cited = [&](const std::vector<std::string>& by) {
      std::string why;
      for (const auto& id : by) {
        const auto* rule = rule_named(evaluation, id);
        why += (why.empty() ? "" : "; ") + (rule == nullptr ? "the agreed embargo" : rule->cite + ": " + rule->says);
      }
      return why;
    };
    const auto add = [&](std::string_view bound, const std::optional<Second>& at, const std::vector<std::string>& by) {
      if (!at) return;
      const auto events = events_at(*evaluation.scenario, *at);
      const auto why = !by.empty() ? cited(by) : all.from == at ? "the plan is made from then on" : !events.empty() ? events : "the case begins there";
      because.push_back(json::object{{"bound", bound}, {"rules", texts(by)}, {"why", why}});
    };
    if (one.is_done) row["done"] = true;
    add("earliest", one.earliest, one.earliest_by);
    add("latest", one.latest, one.latest_by);
    if (!one.moved_by.empty()) because.push_back(json::object{{"bound", one.at ? "moved" : "never"}, {"rules", texts(one.moved_by)}, {"why", cited(one.moved_by)}});
    row["because"] = std::move(because);
    actions.push_back(std::move(row));
  }
  for (const auto& one : all.beside) beside.push_back(json::object{{"rule", one.rule->id}, {"on", one.on->id}, {"due", one.due ? json::value(one.due->text) : json::value()}});
  for (const auto* one : all.late) late.push_back(json::object{{"rule", one->rule.rule->id}, {"on", one->on->id}, {"due", one->due ? json::value(one->due->text) : json::value()}});
  out["actions"] = std::move(actions);
  out["beside"] = std::move(beside);
  if (!all.lost.empty()) out["lost"] = texts(all.lost);
  if (all.from) out["late"] = std::move(late);
  return out;
}

}  // namespace sluice::regimes
