// Conflicts: the sets that the case's network can't keep, in words. How it is made of the case: case_network.h; how it is solved: network.h.
#include "regimes/conflict.h"

#include <algorithm>
#include <iterator>

#include "regimes/case_network.h"

namespace sluice::regimes {

namespace {

constexpr std::size_t kMostGiven = 64;

const Pack* pack_of(const std::vector<const Pack*>& packs, std::string_view rule) {
  const auto id = rule.substr(0, rule.find('/'));
  const auto found = std::find_if(packs.begin(), packs.end(), [&](const Pack* pack) { return pack->id == id; });
  return found == packs.end() ? nullptr : *found;
}

bool comes_first(const std::string& a, const std::string& b) { return (a == kEmbargo) != (b == kEmbargo) ? b == kEmbargo : a < b; }

// The kind is the first that fits the members. A set with a draft that isn't assumed would arise only if the draft bound.
Conflict described(const World& world, const std::vector<const Pack*>& packs, std::vector<std::string> members) {
  std::sort(members.begin(), members.end(), comes_first);
  bool embargo = false, law = false, policy = false, draft = false, ban = false;
  for (const auto& member : members) {
    if (member == kEmbargo) {
      embargo = true;
      continue;
    }
    const auto* pack = pack_of(packs, member);
    const auto force = world.force_of(*pack);
    law = law || force == Force::Law, policy = policy || force == Force::Policy, draft = draft || force == Force::Draft;
    ban = ban || applied(world, *pack, *pack->rule(member)).body->modality == Modality::MustNot;
  }
  Conflict out{std::move(members), {}, {}, {}};
  if (draft) out.kind = "draft-law", out.why = "would arise if the draft bound";
  else if (embargo && law) out.kind = "law-embargo", out.why = "the law demands by its deadline what the embargo holds back longer; a person decides";
  else if (embargo) out.kind = "policy-embargo", out.why = "the policy demands by its deadline what the embargo holds back longer";
  else if (law && policy) out.kind = "law-policy", out.why = "law and a party's own policy can't both be kept; the law goes before";
  else if (ban) out.kind = "law-law", out.why = "one forbids what another demands, at every time that would do";
  else out.kind = "timing", out.why = "nothing is forbidden as such: lead or waiting time and deadline can't both be kept";
  return out;
}

bool joined_by_exception(const Rule& a, const Rule& b) {
  const auto names = [](const Rule& rule, const std::string& id) { return std::find(rule.plain.excepted_by.begin(), rule.plain.excepted_by.end(), id) != rule.plain.excepted_by.end(); };
  return names(a, b.id) || names(b, a.id);
}

// One public rule expressly permits what another forbids.
void add_clashes(const Verdicts& verdicts, std::vector<Conflict>& to) {
  std::set<std::vector<std::string>> seen;
  const auto is_public = [](const Verdict& one) { return one.force == Force::Law || one.force == Force::Draft; };
  for (const auto& permits : verdicts.spoken)
    for (const auto& forbids : verdicts.spoken) {
      if (permits.action != forbids.action || permits.word != Word::Permits || forbids.word != Word::Forbids || !is_public(permits) || !is_public(forbids)) continue;
      // What a precondition forbids is an order, and no clash.
      if (permits.rule.body->modality != Modality::May || forbids.rule.body->modality != Modality::MustNot || joined_by_exception(*permits.rule.rule, *forbids.rule.rule)) continue;
      std::vector<std::string> members{permits.rule.rule->id, forbids.rule.rule->id};
      std::sort(members.begin(), members.end());
      if (!seen.insert(members).second) continue;
      const bool draft = permits.force == Force::Draft || forbids.force == Force::Draft;
      to.push_back({members, "permission-clash", "one permits " + permits.action->id + " and the other forbids it; not acting satisfies both", draft ? std::optional(true) : std::nullopt});
    }
}

}  // namespace

std::string what_is_left_out(const Conflicts& conflicts) {
  std::string out;
  if (conflicts.cut) out = "The plan can bring events about in too many ways: only some instants were tried, and a finer look might dissolve a conflict.";
  if (!conflicts.more) return out;
  if (!out.empty()) out += ' ';
  if (conflicts.all.size() >= kMostGiven) return out + "There are more conflicts than the " + std::to_string(kMostGiven) + " shown.";
  return out + "There may be more conflicts than are shown: the search for them came to its limit.";
}

Conflicts conflicts(const World& world, const std::vector<const Pack*>& packs, const std::vector<Duty>& duties, const Verdicts& verdicts) {
  Conflicts out;
  const CaseNetwork all(world, packs, duties, {});
  // What can't be kept by itself is late or missed, and no conflict; nor does it take the place of one.
  const auto sets = all.network.conflicts(kMostGiven, 2);
  out.more = sets.more;
  out.cut = all.is_cut();
  for (const auto& set : sets.sets) {
    std::vector<std::string> members;
    for (const auto member : set) members.push_back(all.members()[std::size_t(member)]);
    out.all.push_back(described(world, packs, std::move(members)));
    out.feasible = out.feasible && out.all.back().kind == "draft-law";
  }
  if (sets.more || out.cut) out.feasible = false;
  add_clashes(verdicts, out.all);
  std::sort(out.all.begin(), out.all.end(), [](const Conflict& a, const Conflict& b) {
    if (a.members.size() != b.members.size()) return a.members.size() < b.members.size();
    return a.members == b.members ? a.kind < b.kind : std::lexicographical_compare(a.members.begin(), a.members.end(), b.members.begin(), b.members.end(), comes_first);
  });
  if (out.all.size() > kMostGiven) out.more = true, out.all.resize(kMostGiven);

  const auto is_infeasible = [&](const std::set<Network::Member>& who) { return all.network.solve({who.begin(), who.end()}).verdict == Network::Verdict::Infeasible; };
  std::set<Network::Member> bans_of_law;
  for (const auto* pack : packs)
    for (const auto& rule : pack->rules)
      if (const auto member = all.member(rule.id); member && world.force_of(*pack) == Force::Law && applied(world, *pack, rule).body->modality == Modality::MustNot) bans_of_law.insert(*member);
  // An action that the law demands and forbids, where nothing else would do.
  for (const auto& action : world.scenario.actions) {
    std::set<Network::Member> bans, demands;
    for (const auto& one : verdicts.spoken) {
      if (one.action != &action || !one.is_law() || (one.word != Word::Forbids && one.word != Word::Demands)) continue;
      if (const auto member = all.member(one.rule.rule->id)) (one.word == Word::Forbids ? bans : demands).insert(*member);
    }
    if (bans.empty()) continue;
    for (const auto demand : demands) {
      std::set<Network::Member> both = bans, others;
      both.insert({demand, *all.member(kEmbargo)});
      if (is_infeasible(both)) {
        out.hopeless.insert(action.id);
        continue;
      }
      // Of an either-or each way may have a ban of its own: all of them leave none, and without those on this way it would do.
      std::set_difference(bans_of_law.begin(), bans_of_law.end(), bans.begin(), bans.end(), std::inserter(others, others.end()));
      others.insert({demand, *all.member(kEmbargo)});
      both.insert(others.begin(), others.end());
      if (is_infeasible(both) && all.network.solve({others.begin(), others.end()}).is_feasible()) out.hopeless.insert(action.id);
    }
  }
  return out;
}

}  // namespace sluice::regimes
