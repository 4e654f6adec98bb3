// What gives way where not all can be kept: the lightest sets of rules without which a schedule exists.
#include <algorithm>

#include "regimes/lightest.h"
#include "regimes/schedule.h"

namespace sluice::regimes {

namespace {

using Member = Network::Member;

constexpr std::size_t kMostWays = 16;

json::array names_of(const std::vector<std::string>& words) { return json::array(words.begin(), words.end()); }

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
  std::vector<std::size_t> weights;               // once: the search asks at every step
  for (const auto& member : members) weights.push_back(broken_by(all, member).what);
  Lightest lightest(sets, [&](Member one) { return weights[std::size_t(one)]; }, kBreaks, kMostWays);
  auto out = lightest.find(false);
  is_exact = !lightest.gave_up();
  return out;
}

// Of what binds, and can be kept by itself: what can't is late whatever is done, and in no way out.
std::vector<Member> that_may_give_way(const Evaluation& all, const CaseNetwork& network, const std::vector<std::string>& members) {
  std::vector<Member> out;
  for (std::size_t i = 0; i < members.size(); ++i) {
    const auto own = broken_by(all, members[i]);
    if (own.rule == nullptr || all.world->force_of(*own.pack) != Force::Draft) out.push_back(Member(i));
  }
  std::erase_if(out, [&](Member one) { return network.network.solve({one}).verdict == Network::Verdict::Infeasible; });
  return out;
}

// Where there are more conflicts than were listed: ways are proposed from those that are known, and each is tried on the network. One that doesn't do shows one more conflict.
std::vector<std::vector<Member>> tried_ways(const Evaluation& all, const CaseNetwork& network, const std::vector<std::string>& members, const std::vector<Member>& binding) {
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

// Where so many can't be kept together that the lightest way isn't found: the heaviest are kept first, one after the other, and what can't be kept beside them is a way out; each of it is needed. Once
// in their order and once against it, since where two stand against each other either may give way.
std::vector<std::vector<Member>> ways_by_keeping(const Evaluation& all, const CaseNetwork& network, const std::vector<std::string>& members, const std::vector<Member>& binding) {
  std::vector<Breaks> weights;
  for (const auto& member : members) weights.push_back(broken_by(all, member).what);
  const auto weight = [&](Member one) { return weights[std::size_t(one)]; };
  const auto left_out = [&](std::vector<Member> order) {
    std::stable_sort(order.begin(), order.end(), [&](Member a, Member b) { return weight(a) < weight(b); });
    std::vector<Member> kept, out;
    for (const auto one : order) {
      kept.push_back(one);
      if (!network.network.solve(kept).is_feasible()) kept.pop_back(), out.push_back(one);
    }
    return std::sort(out.begin(), out.end()), out;
  };
  std::vector<std::vector<Member>> out{left_out(binding)};
  if (auto other = left_out({binding.rbegin(), binding.rend()}); other != out.front()) out.push_back(std::move(other));
  const auto cost = [&](const std::vector<Member>& way) {
    Lightest::Cost of(kBreaks, 0);
    for (const auto one : way) ++of[weight(one)];
    return of;
  };
  std::stable_sort(out.begin(), out.end(), [&](const auto& a, const auto& b) { return cost(a) < cost(b); });
  std::erase_if(out, [](const auto& way) { return way.empty(); });
  return out;
}

}  // namespace

std::vector<WayOut> ways_out(const Evaluation& all) {
  std::vector<WayOut> out;
  if (all.conflicts.feasible || all.conflicts.cut) return out;
  bool is_lightest = true;
  std::vector<std::string> members;
  std::vector<std::vector<Member>> sets;
  if (!all.conflicts.more) {
    const auto known = breakable(all);
    members = known.members;
    sets = lightest_of(all, members, known.sets, is_lightest);
  }
  if (all.conflicts.more || !is_lightest) {        // more than are known, or more than can be gone through
    const CaseNetwork network(*all.world, all.packs, all.duties, {});
    members = network.members();
    const auto binding = that_may_give_way(all, network, members);
    sets.clear();
    if (all.conflicts.more) sets = tried_ways(all, network, members, binding);
    if (sets.empty()) sets = ways_by_keeping(all, network, members, binding), is_lightest = false;
  }
  for (const auto& set : sets) {
    if (set.empty()) continue;                     // nothing is known that would have to give way
    WayOut way;
    way.is_lightest = is_lightest;
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
  if (all.conflicts.cut) return "the case is too large to be looked at as a whole";
  const bool any = std::any_of(all.conflicts.all.begin(), all.conflicts.all.end(), [](const Conflict& one) { return one.kind != "draft-law" && one.kind != "permission-clash"; });
  return any ? "so many rules can't be kept together that no way out was found in the time there is" : "the search came to its limit before it found a conflict, so it isn't known whether all can be kept";
}

json::array to_json(const std::vector<WayOut>& ways) {
  json::array out;
  for (const auto& one : ways) out.push_back(json::object{{"without", names_of(one.without)}, {"says", one.says}});
  return out;
}

void add_ways_out(json::object& answer, const Evaluation& evaluation, const std::vector<WayOut>& ways) {
  const auto none = ways.empty() ? why_no_ways(evaluation) : std::string();
  if (ways.empty() && none.empty()) return;
  answer["ways_out"] = to_json(ways);
  if (!none.empty()) answer["no_ways_out"] = none;
  if (!std::all_of(ways.begin(), ways.end(), [](const WayOut& one) { return one.is_lightest; })) answer["ways_out_note"] = kMayBeLighter;
}

}  // namespace sluice::regimes
