#include "regimes/schedule.h"

#include <algorithm>

namespace sluice::regimes {

namespace {

using Member = Network::Member;
using Wish = CaseNetwork::Wish;
using Cost = std::vector<std::size_t>;             // broken of each weight, heaviest first

constexpr std::size_t kMostWays = 16;
constexpr std::size_t kMostEqual = 16;             // sets of wishes that cost the same, of which the dates are compared
constexpr std::size_t kMostTried = 50'000;

// The lightest sets that have a member of each set.
class Lightest {
 public:
  Lightest(const std::vector<std::vector<Member>>& sets, std::function<std::size_t(Member)> weight, std::size_t weights, std::size_t most) : sets_(sets), weight_(std::move(weight)), most_(most), cost_(weights, 0) {}

  // The lightest alone, or all that are smallest.
  std::vector<std::vector<Member>> find(bool only_lightest) {
    only_lightest_ = only_lightest;
    choose();
    std::sort(out_.begin(), out_.end());
    std::vector<std::vector<Member>> out;
    for (auto& [cost, set] : out_)
      if (out.size() < most_ && std::find(out.begin(), out.end(), set) == out.end()) out.push_back(std::move(set));
    return out;
  }
  bool gave_up() const { return nodes_ > kMostTried; }

 private:
  void choose() {
    if (++nodes_ > kMostTried || (only_lightest_ && best_ && *best_ < cost_)) return;
    const auto has = [](const std::vector<Member>& all, Member one) { return std::find(all.begin(), all.end(), one) != all.end(); };
    const auto open = std::find_if(sets_.begin(), sets_.end(), [&](const auto& set) { return std::none_of(set.begin(), set.end(), [&](Member one) { return has(chosen_, one); }); });
    if (open == sets_.end()) {
      auto set = chosen_;
      std::sort(set.begin(), set.end());
      const auto is_needed = [&](Member one) {
        return std::any_of(sets_.begin(), sets_.end(), [&](const auto& each) { return std::count_if(each.begin(), each.end(), [&](Member own) { return std::binary_search(set.begin(), set.end(), own); }) == 1 && std::find(each.begin(), each.end(), one) != each.end(); });
      };
      if (!std::all_of(set.begin(), set.end(), is_needed)) return;
      if (only_lightest_ && (!best_ || cost_ < *best_)) best_ = cost_, out_.clear();
      return out_.emplace_back(cost_, std::move(set)), void();
    }
    // Each choice is made with all before it left out: no set is looked at twice.
    const auto left_out = left_out_.size();
    for (const auto one : *open) {
      if (has(left_out_, one)) continue;
      chosen_.push_back(one), ++cost_[weight_(one)];
      choose();
      chosen_.pop_back(), --cost_[weight_(one)];
      left_out_.push_back(one);
    }
    left_out_.resize(left_out);
  }

  const std::vector<std::vector<Member>>& sets_;
  std::function<std::size_t(Member)> weight_;
  std::size_t most_;
  Cost cost_;
  bool only_lightest_ = false;
  std::optional<Cost> best_;
  std::vector<Member> chosen_, left_out_;
  std::vector<std::pair<Cost, std::vector<Member>>> out_;
  std::size_t nodes_ = 0;
};

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

enum Breaks : std::size_t { Law, UnverifiedLaw, Policy, Agreement, kBreaks };  // heaviest first

struct Broken {
  const Pack* pack = nullptr;
  const Rule* rule = nullptr;
  Breaks what = Agreement;
};

Broken broken_by(const Evaluation& all, std::string_view member) {
  if (member == kEmbargo) return {};
  for (const auto* pack : all.packs)
    if (const auto* rule = pack->rule(member)) return {pack, rule, all.world->force_of(*pack) == Force::Policy ? Policy : rule->verified ? Law : UnverifiedLaw};
  return {};
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
        const auto own = broken_by(evaluation, id);
        why += (why.empty() ? "" : "; ") + (own.rule == nullptr ? "the agreed embargo" : own.rule->cite + ": " + own.rule->says);
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

// ---- ways out ------------------------------------------------------------------------------------------------------------------------------------

namespace {

std::string says(const Evaluation& all, std::string_view member) {
  const auto own = broken_by(all, member);
  if (own.rule == nullptr) {
    const auto& until = all.scenario->embargo ? all.scenario->embargo->until : std::nullopt;
    return "ask those who agreed the embargo to end it sooner, or to let this one be told" + (until ? " (it runs until " + to_text(*until) + ")" : std::string());
  }
  const bool is_ban = applied(*all.world, *own.pack, *own.rule).body->modality != Modality::Must;
  const auto name = own.rule->id + " (" + own.rule->cite + ")";
  if (own.what == Policy) return (is_ban ? "set aside the own policy's limit " : "leave out what the own policy asks in ") + name;
  return std::string(is_ban ? "act in spite of " : "be late with, or leave out, what is asked by ") + name + ", which is law" + (own.rule->verified ? "" : " as far as is known: the text wasn't verified");
}

}  // namespace

namespace {

constexpr std::size_t kMostSets = 400;             // that are looked for, where a case has more conflicts than are shown
constexpr std::size_t kMostFound = 20;             // that are then found one by one, by ways that don't do

// The conflicts that a way out has to break: of members that bind. Those that are shown are all there are, or the network is asked again.
struct Breakable {
  std::vector<std::string> members;
  std::vector<std::vector<Member>> sets;
};

Breakable breakable(const Evaluation& all) {
  Breakable out;
  for (const auto& one : all.conflicts.all)
    if (one.kind != "draft-law" && one.kind != "permission-clash") out.members.insert(out.members.end(), one.members.begin(), one.members.end());
  std::sort(out.members.begin(), out.members.end());
  out.members.erase(std::unique(out.members.begin(), out.members.end()), out.members.end());
  for (const auto& one : all.conflicts.all) {
    if (one.kind == "draft-law" || one.kind == "permission-clash") continue;
    out.sets.emplace_back();
    for (const auto& member : one.members) out.sets.back().push_back(Member(std::lower_bound(out.members.begin(), out.members.end(), member) - out.members.begin()));
  }
  return out;
}

std::vector<std::vector<Member>> lightest_of(const Evaluation& all, const std::vector<std::string>& members, const std::vector<std::vector<Member>>& sets, bool& is_exact) {
  Lightest lightest(sets, [&](Member one) { return std::size_t(broken_by(all, members[std::size_t(one)]).what); }, kBreaks, kMostWays);
  auto out = lightest.find(false);
  is_exact = !lightest.gave_up();
  return out;
}

// Where there are more conflicts than were listed: ways are proposed from those that are known, and each is tried on the network. One that doesn't do shows one more conflict.
std::vector<std::vector<Member>> tried_ways(const Evaluation& all, const CaseNetwork& network, const std::vector<std::string>& members) {
  std::vector<Member> binding;
  for (std::size_t i = 0; i < members.size(); ++i) {
    const auto own = broken_by(all, members[i]);
    if (own.rule == nullptr || all.world->force_of(*own.pack) != Force::Draft) binding.push_back(Member(i));
  }
  // What can't be kept by itself is late whatever is done, and in no way out.
  std::erase_if(binding, [&](Member one) { return network.network.solve({one}).verdict == Network::Verdict::Infeasible; });
  auto known = network.network.conflicts(kMostSets, binding, {}, 2).sets;
  for (std::size_t found = 0; found <= kMostFound;) {
    bool is_exact = true, is_new = false;
    const auto ways = lightest_of(all, members, known, is_exact);
    if (!is_exact) return {};
    for (const auto& way : ways) {
      auto rest = binding;
      for (const auto one : way) std::erase(rest, one);
      if (network.network.solve(rest).is_feasible()) continue;
      const auto more = network.network.conflicts(1, rest, {});
      if (more.sets.empty()) return {};
      if (std::find(known.begin(), known.end(), more.sets.front()) == known.end()) known.push_back(more.sets.front()), is_new = true, ++found;
    }
    if (!is_new) return ways;
  }
  return {};
}

}  // namespace

std::vector<WayOut> ways_out(const Evaluation& all) {
  std::vector<WayOut> out;
  if (all.conflicts.feasible || all.conflicts.cut) return out;
  std::vector<std::string> members;
  std::vector<std::vector<Member>> sets;
  if (all.conflicts.more) {
    const CaseNetwork network(*all.world, all.packs, all.duties, {});
    members = network.members();
    sets = tried_ways(all, network, members);
  } else {
    const auto known = breakable(all);
    bool is_exact = true;
    members = known.members;
    sets = lightest_of(all, members, known.sets, is_exact);
  }
  for (const auto& set : sets) {
    WayOut way;
    for (const auto one : set) {
      way.without.push_back(members[std::size_t(one)]);
      way.says += (way.says.empty() ? "" : "; and ") + says(all, members[std::size_t(one)]);
    }
    std::sort(way.without.begin(), way.without.end());
    out.push_back(std::move(way));
  }
  return out;
}

std::string why_no_ways(const Evaluation& all) {
  if (all.conflicts.feasible) return {};
  return all.conflicts.cut ? "the case is too large to be looked at as a whole" : "so many rules can't be kept together that no way out was found in the time there is";
}

json::array to_json(const std::vector<WayOut>& ways) {
  json::array out;
  for (const auto& one : ways) out.push_back(json::object{{"without", texts(one.without)}, {"says", one.says}});
  return out;
}

void add_ways_out(json::object& answer, const Evaluation& evaluation, const std::vector<WayOut>& ways) {
  const auto none = ways.empty() ? why_no_ways(evaluation) : std::string();
  if (ways.empty() && none.empty()) return;
  answer["ways_out"] = to_json(ways);
  if (!none.empty()) answer["no_ways_out"] = none;
}

}  // namespace sluice::regimes
