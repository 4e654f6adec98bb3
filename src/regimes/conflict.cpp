// Conflicts, exactly. Time is cut at the instants on which anything changes (events, deadlines, ends of embargoes and of waiting times), since a schedule that
// exists, exists with every action at one of them. For each way in which the plan's own actions may bring about events, each demanded act is tried at each of
// them; what forbids it there is a set of rules. A set of rules is in conflict if it leaves no act possible in any of these ways; the smallest follow by
// combining, so none is missed and none is too large. One idea, and so one file.
#include "regimes/conflict.h"

#include <algorithm>

#include "regimes/members.h"

namespace sluice::regimes {

namespace {

constexpr std::size_t kMostGiven = 64;
constexpr std::size_t kMostKept = 4'000;    // while combining; beyond it the answer says `more`
constexpr std::size_t kMostWays = 600;
constexpr Second kHorizon = 400 * 86'400;   // beyond the first and the last instant that matter
constexpr int kDeepest = 2;                 // first steps of first steps

// Actions of the plan that bring about the same events, which the case gives no time of.
struct Causers {
  std::set<std::string> events;
  std::vector<const Action*> actions;
};

class Finder {
 public:
  Finder(const World& world, const std::vector<const Pack*>& packs) : plan_(world.scenario), words_(world.words), packs_(packs), readings_(world.other_readings) {
    for (const auto* pack : packs_)
      for (const auto& rule : pack->rules) index_[rule.id] = 0;
    index_[std::string(kEmbargo)] = 0;
    for (auto& [id, at] : index_) at = names_.size(), names_.push_back(id);
    for (auto* pack : packs_) (pack->force == Force::Draft ? all_drafts_ : others_).insert(pack->id);
  }

  struct Found {
    std::vector<Members> sets;
    bool more = false;
    bool cut = false;
  };

  bool is_too_large() const { return names_.size() > kMostMembers; }

  // Of all that binds, drafts too.
  Found find() {
    Found out;
    for (auto& way : ways()) {
      Family failing;
      for (const auto& [owner, family] : way) {
        Members own;
        if (owner < kMostMembers) own.set(owner);
        for (const auto& hits : hitting(family)) failing.push_back(hits | own);
      }
      failing = smallest(std::move(failing));
      if (failing.empty()) return sets_of_ways_.clear(), Found{};  // nothing can go wrong this way
      sets_of_ways_.push_back(std::move(failing));
    }
    std::sort(sets_of_ways_.begin(), sets_of_ways_.end(), [](const Family& a, const Family& b) { return a.size() < b.size(); });
    Family all{Members{}};
    for (const auto& failing : sets_of_ways_) {
      const bool adds_nothing = std::all_of(all.begin(), all.end(), [&](const Members& have) { return std::any_of(failing.begin(), failing.end(), [&](const Members& one) { return holds_all(have, one); }); });
      if (adds_nothing) continue;
      all = joined(all, failing);
      if (all.size() > kMostKept) out.more = true, all.resize(kMostKept);
    }
    out.sets = std::move(all);
    out.cut = is_cut_;
    return out;
  }

  // No way, whatever the time and the content, to do what the rules ask in spite of the others.
  bool hopeless(const Members& set) const {
    return !sets_of_ways_.empty() && std::all_of(sets_of_ways_.begin(), sets_of_ways_.end(), [&](const Family& failing) { return std::any_of(failing.begin(), failing.end(), [&](const Members& one) { return holds_all(set, one); }); });
  }

  std::size_t index(const std::string& id) const { return index_.at(id); }
  const std::string& name(std::size_t at) const { return names_[at]; }

 private:
  struct Requirement { std::size_t owner; Family family; };
  using Way = std::vector<Requirement>;

  // ---- instants ------------------------------------------------------------------------------------------------------------------------------

  // The first thing known in the case, before which nobody acts, and a day after the last.
  void set_bounds(const std::vector<Duty>& duties) {
    for (const auto& [name, at] : plan_.events) {
      if (!at) continue;
      given_.insert(*at);
      const auto event = words_.events.find(std::string_view(name).substr(0, name.find('@')));
      if (event != words_.events.end() && (event->second != Whose::Case || name.starts_with("vuln."))) first_known_ = std::min(first_known_, *at);
    }
    if (plan_.embargo && plan_.embargo->until) given_.insert(*plan_.embargo->until);
    auto known = given_;
    known.insert(plan_.as_of);
    for (const auto& duty : duties)
      if (duty.due) known.insert(duty.due->at);
    earliest_ = first_known_ < kNever ? first_known_ : *known.begin() - kHorizon;
    last_ = *known.rbegin() + kHorizon;
  }

  // The instants in it on which what forbids the act may change.
  std::vector<Second> instants(const Action& act, Second from, Second until) {
    std::set<Second> out{from, until};
    const auto add = [&](Second at) {
      if (at > from && at < until) out.insert(at);
    };
    const auto add_event = [&](const Facts& facts, const std::string& name) {
      if (name.empty() || name == "action" || name == "as_of") return;
      const auto span = facts.event(name);
      if (span.to > kEver && span.to < kNever) add(span.to);
    };
    if (plan_.embargo && plan_.embargo->until) add(*plan_.embargo->until);
    for (const auto& [pack, one] : restrictors(act)) {
      const auto rule = applied(*world_, *pack, *one);
      const auto facts = rule.facts(plan_.party(act.actor), &act, plan_.as_of);
      const auto of_condition = [&](const Condition& condition) {
        for (const auto& test : condition.tests()) {
          if (test.kind == Test::Kind::Past) add_event(facts, test.name);
          if (test.kind != Test::Kind::Compare) continue;
          const auto& term = test.left.sign != 0 ? test.left : test.right;
          for (const auto* side : {&test.left, &test.right}) {
            if (side->event == "action") continue;
            const auto at = side->day ? facts.start_of(*side->day) : facts.event(side->event).to;
            if (at <= kEver || at >= kNever) continue;
            add(at), add(at + 1);
            if (term.sign != 0) {
              const auto later = after(at, term.term, pack->calendar).at;
              add(later), add(later + 1), add(at - (later - at));
            }
          }
        }
      };
      const auto of_steps = [&](const RuleBody& body) {
        if (body.wait) {
          const auto span = facts.event(body.wait->after);
          if (happens(span) && span.to > kEver) add(after(span.to, body.wait->term, pack->calendar).at);
        }
        if (!body.first) return;
        auto starts = given_;
        starts.insert(earliest_);
        for (const auto at : starts) add(at + 1), add(body.first->wait ? after(at, *body.first->wait, pack->calendar).at : at + 1);
      };
      add_event(facts, rule.body->until), add_event(facts, rule.body->during_from), add_event(facts, rule.body->during_to);
      of_condition(rule.body->when), of_condition(rule.body->permits_if), of_condition(rule.body->act->condition), of_steps(*rule.body);
      for (const auto& id : rule.body->excepted_by)
        if (const auto* other = pack->rule(id)) of_condition(applied(*world_, *pack, *other).body->when), of_steps(*applied(*world_, *pack, *other).body);
    }
    return {out.begin(), out.end()};
  }

  // Bans and preconditions that could speak of the act, whatever its time.
  using Named = std::pair<const Pack*, const Rule*>;
  const std::vector<Named>& restrictors(const Action& act) {
    std::string key = act.actor + " " + act.type;
    for (const auto& one : act.to) key += " " + to_text(one);
    for (const auto& one : act.content) key += "," + one;
    const auto [found, is_new] = restrictors_.try_emplace(key);
    if (!is_new) return found->second;
    for (const auto* pack : packs_) {
      if (pack->force == Force::Advice) continue;
      for (const auto& one : pack->rules) {
        const auto rule = applied(*world_, *pack, one);
        const auto modality = rule.body->modality;
        if ((modality != Modality::MustNot && modality != Modality::Precondition) || !rule.body->act || !not_in_force(rule).empty()) continue;
        auto plain = *rule.body->act;
        plain.condition = {};
        Grounds unused;
        if (matches(rule, plain, act, &act, unused) == Truth::False) continue;
        if (binds(rule, *plan_.party(act.actor), plan_.as_of, unused) != Truth::False) found->second.emplace_back(pack, &one);
      }
    }
    return found->second;
  }

  // ---- ways in which events come about -------------------------------------------------------------------------------------------------------

  // Whether a rule that binds somebody here runs from the event, or ends with it.
  bool is_asked(const std::string& event, const std::vector<Duty>& duties) const {
    const auto asks = [&](const Condition& condition) { return condition.text().find(event) != std::string::npos; };
    const auto runs_from = [&](const auto& self, const Due& due) -> bool { return due.after == event || std::any_of(due.of.begin(), due.of.end(), [&](const Due& one) { return self(self, one); }); };
    for (const auto& duty : duties)
      if (duty.is_bound && duty.rule.body->act && (runs_from(runs_from, duty.rule.body->due) || asks(duty.rule.body->when))) return true;
    const bool is_release = event == "vuln.public" || event == "fix.available";
    for (const auto* pack : packs_)
      for (const auto& one : pack->rules) {
        const auto rule = applied(*world_, *pack, one);
        const auto& body = *rule.body;
        if (pack->force == Force::Advice || (body.modality != Modality::MustNot && body.modality != Modality::Precondition && body.modality != Modality::May)) continue;
        const bool speaks = body.until == event || body.during_from == event || body.during_to == event || (is_release && body.until == "release.done") || asks(body.when) || asks(body.permits_if) || (body.act && asks(body.act->condition));
        Grounds unused;
        if (speaks && std::any_of(plan_.parties.begin(), plan_.parties.end(), [&](const Party& party) { return binds(rule, party, plan_.as_of, unused) != Truth::False; })) return true;
      }
    return false;
  }

  std::vector<Causers> causers(const World& world, const std::vector<Duty>& duties) const {
    std::map<std::set<std::string>, Causers> groups;
    static const Pack kNoPack;
    for (const auto& action : plan_.actions) {
      std::set<std::string> events;
      for (const auto& cause : words_.causes) {
        const auto given = plan_.events.find(cause.event);
        if (!cause.types.contains(action.type) || (given != plan_.events.end() && given->second) || !is_asked(cause.event, duties)) continue;
        const bool told = cause.to.empty() || std::any_of(action.to.begin(), action.to.end(), [&](const Recipient& one) { return world.tells(one, {cause.to, {}, {}}, kNoPack, "") == Truth::True; });
        // What has happened at a time nobody knows stays a fact.
        const auto stated = world.event(cause.event, nullptr, World::By::Statement);
        if (told && !happens(stated)) events.insert(cause.event);
      }
      if (events.empty()) continue;
      groups[events].events = events;
      groups[events].actions.push_back(&action);
    }
    std::vector<Causers> out;
    for (auto& [events, group] : groups) out.push_back(std::move(group));
    return out;
  }

  // The instants at which it is worth to bring the events about: as early as may be, as late as may be, or so that what runs from them can still be kept.
  std::vector<Second> times_of(const Causers& group, const std::vector<Duty>& duties) {
    std::set<Second> out{earliest_};
    for (const auto* action : group.actions) {
      const auto own = instants(*action, earliest_, last_);
      out.insert(own.begin(), own.end());
    }
    for (const auto& duty : duties) {
      if (!duty.is_bound || !duty.rule.body->act) continue;
      const bool is_act = std::any_of(group.actions.begin(), group.actions.end(), [&](const Action* one) { return one->actor == duty.on->id && (duty.rule.body->act->types.empty() || duty.rule.body->act->types.contains(one->type)); });
      if (is_act && duty.due) out.insert(duty.due->at);
      if (is_act && duty.anchor.to > kEver && duty.anchor.to < kNever) out.insert(duty.anchor.to);
      const auto& due = duty.rule.body->due;
      if (group.events.contains(due.after) && due.form == Due::Form::Within)
        for (const auto at : given_) {
          const auto length = after(at, due.term, duty.rule.pack->calendar).at - at;
          out.insert(at - length);
        }
    }
    std::erase_if(out, [&](Second at) { return at < earliest_; });
    return {out.begin(), out.end()};
  }

  std::vector<Way> ways() {
    Scenario assumed = plan_;
    for (const auto& id : all_drafts_) assumed.assumed.insert(id);
    World world(assumed, words_);
    world.other_readings = readings_;
    world_ = &world;
    const auto all = duties(world, packs_);
    set_bounds(all);
    const auto groups = causers(world, all);
    std::vector<std::vector<Second>> times;
    std::size_t count = 1;
    for (const auto& group : groups) times.push_back(times_of(group, all)), count *= times.back().size() + 1;
    is_cut_ = count > kMostWays;
    while (count > kMostWays) {
      auto& longest = *std::max_element(times.begin(), times.end(), [](const auto& a, const auto& b) { return a.size() < b.size(); });
      count = count / (longest.size() + 1) * longest.size();
      longest.erase(longest.begin() + std::ptrdiff_t(longest.size() / 2));
    }
    std::vector<Way> out;
    std::vector<std::optional<Second>> chosen(groups.size());
    const auto choose = [&](const auto& self, std::size_t at) -> void {
      if (at == groups.size()) return out.push_back(way(assumed, groups, chosen, all));
      for (const auto time : times[at]) chosen[at] = time, self(self, at + 1);
      chosen[at].reset();
      self(self, at + 1);
    };
    choose(choose, 0);
    world_ = nullptr;
    return out;
  }

  Way way(const Scenario& assumed, const std::vector<Causers>& groups, const std::vector<std::optional<Second>>& chosen, const std::vector<Duty>& all) {
    Scenario scenario = assumed;
    // First steps and duties are tried at every instant; so the plan's own times mustn't count, but for what brings about events.
    for (auto& action : scenario.actions) action.at.reset();
    fixed_.clear();
    for (std::size_t i = 0; i < groups.size(); ++i)
      for (const auto* action : groups[i].actions) {
        auto& own = scenario.actions[std::size_t(action - plan_.actions.data())];
        if (groups[i].actions.size() == 1 || action == groups[i].actions.front()) own.at = chosen[i];
        fixed_[action->id] = {chosen[i], groups[i].actions.size() == 1};
      }
    World world(scenario, words_);
    world.other_readings = readings_;
    world_ = &world;
    Way out;
    for (std::size_t i = 0; i < groups.size(); ++i) {
      if (!chosen[i]) continue;
      Family any;
      for (const auto* action : groups[i].actions) add_all(any, of_plan(*action, *chosen[i], action->content));
      out.push_back({kMostMembers, smallest(std::move(any))});
    }
    for (const auto& duty : again(world, all))
      if (duty.is_triggered() && duty.state != DutyState::Waiting && !is_stated(duty) && !is_of_manner(*duty.rule.body)) out.push_back({index_.at(duty.rule.rule->id), demanded(duty)});
    world_ = nullptr;  // it ends here
    return out;
  }

  // How an act is done if it is done: not acting satisfies it.
  static bool is_of_manner(const RuleBody& body) {
    const auto tests = body.when.tests();
    return std::any_of(tests.begin(), tests.end(), [](const Test& test) { return test.name == "action.type"; });
  }
  static bool is_stated(const Duty& duty) { return duty.done && duty.actions.empty() && (duty.by.empty() || duty.rule.world->scenario.action(duty.by) == nullptr); }

  // ---- acts ----------------------------------------------------------------------------------------------------------------------------------

  static void add_all(Family& to, const Family& from) { to.insert(to.end(), from.begin(), from.end()); }

  Family demanded(const Duty& duty) {
    const auto& act = *duty.rule.body->act;
    Family out;
    if (act.to.empty()) return smallest(tried(duty.rule, act, *duty.on, nullptr, std::nullopt, window(duty)));
    const auto where = places(duty.rule, act, *duty.on, nullptr);
    for (const auto& circle : act.to) {
      Family all{Members{}};
      for (const auto& asked : circle)
        for (const auto& place : where.value_or(std::vector<std::string>{""})) {
          auto one = asked;
          if (one.place.empty()) one.place = place;
          all = joined(all, smallest(tried(duty.rule, act, *duty.on, nullptr, one, window(duty))));
        }
      add_all(out, all);
    }
    return smallest(std::move(out));
  }

  struct Window { Second from, until; };
  Window window(const Duty& duty) const { return {duty.anchor.from <= kEver ? earliest_ : duty.anchor.to, duty.due ? duty.due->at : std::max(last_, duty.anchor.to)}; }

  // What forbids the act towards one recipient: by the plan's own actions if there are any that would do, else by an act as the rule asks for.
  Family tried(const Applied& rule, const Act& act, const Party& party, const Action* later, const std::optional<Recipient>& to, const Window& window, int depth = 0) {
    if (window.from > window.until) return {};
    Family out;
    bool in_plan = false;
    const auto least = least_content(act);
    for (const auto& action : plan_.actions) {
      if (action.actor != party.id || &action == later || (!act.types.empty() && !act.types.contains(action.type))) continue;
      if (to && tells_one(rule, action, *to, to->place) != Truth::True) continue;
      in_plan = true;
      auto times = instants(action, window.from, window.until);
      if (const auto fixed = fixed_.find(action.id); fixed != fixed_.end() && fixed->second.first && *fixed->second.first >= window.from && *fixed->second.first <= window.until) times.push_back(*fixed->second.first);
      for (const auto at : times) {
        add_all(out, of_plan(action, at, action.content, depth));
        if (const auto content = changed(action.content, act); content != action.content) add_all(out, of_plan(action, at, content, depth));
        if (is_free(out)) return out;
      }
    }
    if (in_plan) return smallest(std::move(out));
    const auto types = act.types.empty() ? std::set<std::string>{"notify-authority"} : act.types;
    for (const auto& type : types) {
      Action made{"?", party.id, type, {}, {}, least, {}, {}};
      if (to) made.to.push_back(*to);
      made.facts = {{"type", type}, {"actor", party.id}};
      for (const auto at : instants(made, window.from, window.until)) {
        made.at = at;
        add_all(out, forbidding(made, depth));
        if (is_free(out)) return out;
      }
    }
    return smallest(std::move(out));
  }

  static bool is_free(const Family& family) { return std::any_of(family.begin(), family.end(), [](const Members& one) { return one.none(); }); }

  static std::set<std::string> least_content(const Act& act) {
    if (act.how == Act::Content::All) return act.content;
    return act.how == Act::Content::Any && !act.content.empty() ? std::set<std::string>{*act.content.begin()} : std::set<std::string>{};
  }
  // The same action with no more content than the rule asks for.
  static std::set<std::string> changed(const std::set<std::string>& have, const Act& act) {
    auto out = least_content(act);
    if (act.how == Act::Content::Any && !act.content.empty())
      for (const auto& one : have)
        if (act.content.contains(one)) return {one};
    return out;
  }

  Family of_plan(const Action& action, Second at, const std::set<std::string>& content, int depth = 0) {
    if (const auto fixed = fixed_.find(action.id); fixed != fixed_.end()) {
      const auto& [when, is_only] = fixed->second;
      if (!when || (is_only ? at != *when : at < *when)) return {};
    }
    auto moved = action;
    moved.at = at;
    moved.content = content;
    json::array words;
    for (const auto& one : content) words.emplace_back(one);
    moved.facts["content"] = std::move(words);
    return forbidding(moved, depth);
  }

  // Which sets of rules stand against this very act at its time: a family, since a first step may open a way.
  Family forbidding(const Action& act, int depth) {
    Family out{Members{}};
    const auto& embargo = plan_.embargo;
    if (embargo && embargo->parties.contains(act.actor) && *act.at < embargo->until.value_or(kNever) &&
        std::any_of(act.to.begin(), act.to.end(), [&](const Recipient& one) { return world_->embargoed(one); }))
      out = {Members{}.set(index_.at(std::string(kEmbargo)))};
    for (const auto& [pack, one] : restrictors(act)) {
      const auto rule = applied(*world_, *pack, *one);
      std::string why;
      Grounds grounds;
      const auto verdict = judge(rule, act, {}, why, grounds);
      if (!verdict || verdict->word != Word::Forbids) continue;
      Family ways{Members{}.set(index_.at(one->id))};
      const auto& party = *plan_.party(act.actor);
      if (rule.body->modality == Modality::Precondition) add_all(ways, opened(rule, party, act, depth));
      for (const auto& id : rule.body->excepted_by)
        if (const auto* other = pack->rule(id); other != nullptr) {
          const auto exception = applied(*world_, *pack, *other);
          Grounds unused;
          const bool else_stands = exception.body->first && both(binds(exception, party, *act.at, unused), triggered(exception, &party, &act, *act.at, unused)) == Truth::True;
          if (else_stands) add_all(ways, opened(exception, party, act, depth));
        }
      out = joined(out, smallest(std::move(ways)));
    }
    return out;
  }

  // The first step, early enough.
  Family opened(const Applied& rule, const Party& party, const Action& later, int depth) {
    if (depth >= kDeepest) return {};
    const auto& first = *rule.body->first;
    // Before the later act, by the waiting time if there is one.
    auto latest = *later.at - 1;
    if (first.wait) latest = std::min(latest, *later.at - (after(*later.at, *first.wait, rule.pack->calendar).at - *later.at));
    while (latest >= earliest_ && enough_from(rule, {latest, {}}) > *later.at) --latest, latest -= latest % 3'600;
    const Window times{earliest_, latest};
    if (times.from > times.until) return {};
    if (first.act.to.empty()) return tried(rule, first.act, party, &later, std::nullopt, times, depth + 1);
    const auto where = places(rule, first.act, party, &later);
    Family out;
    for (const auto& circle : first.act.to) {
      Family all{Members{}};
      for (const auto& asked : circle)
        for (const auto& place : where.value_or(std::vector<std::string>{""})) {
          auto one = asked;
          if (one.place.empty()) one.place = place;
          all = joined(all, tried(rule, first.act, party, &later, one, times, depth + 1));
        }
      add_all(out, all);
    }
    return out;
  }

  const Scenario& plan_;
  const Vocabulary& words_;
  const std::vector<const Pack*>& packs_;
  std::map<std::string, std::string> readings_;
  std::map<std::string, std::size_t> index_;
  std::vector<std::string> names_;
  std::set<std::string> all_drafts_, others_;
  std::set<Second> given_;
  Second first_known_ = kNever, earliest_ = 0, last_ = 0;
  std::map<std::string, std::vector<Named>> restrictors_;
  bool is_cut_ = false;
  std::map<std::string, std::pair<std::optional<Second>, bool>> fixed_;
  const World* world_ = nullptr;
  std::vector<Family> sets_of_ways_;
};

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

Conflicts conflicts(const World& world, const std::vector<const Pack*>& packs, const std::vector<Duty>& duties, const Verdicts& verdicts) {
  (void)duties;
  Conflicts out;
  Finder finder(world, packs);
  if (finder.is_too_large()) return out.more = true, out.feasible = false, out;
  const auto found = finder.find();
  out.more = found.more;
  out.cut = found.cut;
  for (const auto& set : found.sets) {
    std::vector<std::string> members;
    for (std::size_t i = 0; i < kMostMembers; ++i)
      if (set[i]) members.push_back(finder.name(i));
    if (members.size() < 2) continue;  // late or missed by itself is no conflict
    out.all.push_back(described(world, packs, std::move(members)));
    out.feasible = out.feasible && out.all.back().kind == "draft-law";
  }
  if (found.more) out.feasible = false;
  add_clashes(verdicts, out.all);
  std::sort(out.all.begin(), out.all.end(), [](const Conflict& a, const Conflict& b) {
    if (a.members.size() != b.members.size()) return a.members.size() < b.members.size();
    return a.members == b.members ? a.kind < b.kind : std::lexicographical_compare(a.members.begin(), a.members.end(), b.members.begin(), b.members.end(), comes_first);
  });
  if (out.all.size() > kMostGiven) out.more = true, out.all.resize(kMostGiven);

  for (const auto& action : world.scenario.actions) {
    Members bans;
    bans.set(finder.index(std::string(kEmbargo)));
    bool forbidden = false;
    for (const auto& one : verdicts.spoken)
      if (one.action == &action && one.is_law() && one.word == Word::Forbids) bans.set(finder.index(one.rule.rule->id)), forbidden = true;
    if (!forbidden) continue;
    for (const auto& one : verdicts.spoken)
      if (one.action == &action && one.is_law() && one.word == Word::Demands && finder.hopeless(bans | Members{}.set(finder.index(one.rule.rule->id)))) out.hopeless.insert(action.id);
  }
  return out;
}

}  // namespace sluice::regimes
