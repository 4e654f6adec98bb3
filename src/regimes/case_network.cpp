// A case becomes a network. One idea: each act is a point, each rule is asked about it until all its answers are known, and every step from the one to the other stands here.
#include "regimes/case_network.h"

#include <algorithm>

#include "regimes/judge.h"

namespace sluice::regimes {

namespace {

constexpr Second kHorizon = 800 * 86'400;          // beyond the last instant that matters
constexpr Second kDayByDay = 200 * 86'400;         // beyond it, as long as days are told apart: longer than any term between two acts
constexpr Second kBefore = 400 * 86'400;           // where nothing known begins the case
constexpr std::size_t kMostPoints = 20'000;
constexpr std::size_t kMostAnswers = 4'000;        // of one rule on one act
constexpr std::size_t kMostProducts = 4'000;

// The network's own numbers are smaller.
Network::Time squeezed(Second by) {
  constexpr Second kHalf = kNever / 2;
  return by > kHalf ? by - kNever + CaseNetwork::kFar : by < -kHalf ? by + kNever - CaseNetwork::kFar : by;
}

// The least times that keep the steps; nothing: there are none.
std::optional<std::vector<Second>> least(std::size_t points, Second earliest, const std::vector<Trail::Step>& steps) {
  std::vector<Second> out(points, earliest);
  out[0] = 0;
  for (std::size_t round = 0; round <= points + 1; ++round) {
    bool moved = false;
    for (const auto& one : steps) {
      const auto least = out[std::size_t(one.a)] - one.by;
      auto& then = out[std::size_t(one.b)];
      if (then >= least) continue;
      if (one.b == 0) return std::nullopt;
      then = least, moved = true;
    }
    if (!moved) break;
    if (round == points + 1) return std::nullopt;
  }
  if (std::any_of(out.begin(), out.end(), [](Second at) { return at > kNever; })) return std::nullopt;
  return out;
}

// Without steps that follow from others of them.
std::vector<Trail::Step> tightest(const std::vector<Trail::Step>& steps) {
  std::vector<Trail::Step> out;
  for (std::size_t i = 0; i < steps.size(); ++i) {
    const auto follows = [&, i](const Trail::Step& one) { return one.a == steps[i].a && one.b == steps[i].b && (one.by < steps[i].by || (one.by == steps[i].by && &one < &steps[i])); };
    if (std::none_of(steps.begin(), steps.end(), follows)) out.push_back(steps[i]);
  }
  return out;
}

struct Judged {
  bool forbids = false;
  std::uint32_t openings = 0;                      // 1: its own first step; else of the exceptions, from 2 on
  bool operator==(const Judged&) const = default;
};

// Two answers alike, but for one comparison that went the other way, are one.
template <class One>
void merge(std::vector<std::pair<std::vector<Trail::Step>, One>>& all) {
  for (bool again = true; again;) {
    again = false;
    for (std::size_t i = 0; i < all.size() && !again; ++i)
      for (std::size_t k = i + 1; k < all.size() && !again; ++k) {
        auto& [a, first] = all[i];
        const auto& [b, second] = all[k];
        if (a.size() != b.size() || a.empty() || !(first == second) || !(a.back() == b.back().negated()) || !std::equal(a.begin(), a.end() - 1, b.begin())) continue;
        a.pop_back();
        all.erase(all.begin() + std::ptrdiff_t(k));
        again = true;
      }
  }
}

std::set<std::string> least_content(const Act& act) {
  if (act.how == Act::Content::All) return act.content;
  return act.how == Act::Content::Any && !act.content.empty() ? std::set<std::string>{*act.content.begin()} : std::set<std::string>{};
}
// The same action with no more content than the rule asks for.
std::set<std::string> changed(const std::set<std::string>& have, const Act& act) {
  if (act.how == Act::Content::Any && !act.content.empty())
    for (const auto& one : have)
      if (act.content.contains(one)) return {one};
  return least_content(act);
}

// How an act is done if it is done: not acting satisfies it.
bool is_of_manner(const RuleBody& body) {
  const auto& tests = body.when.tests();
  return std::any_of(tests.begin(), tests.end(), [](const Test& test) { return test.name == "action.type"; });
}

Scenario assumed(const World& world, const std::vector<const Pack*>& packs, bool with_drafts) {
  auto out = world.scenario;
  if (with_drafts)
    for (const auto* pack : packs)
      if (pack->force == Force::Draft) out.assumed.insert(pack->id);
  return out;
}

}  // namespace

CaseNetwork::CaseNetwork(const World& world, const std::vector<const Pack*>& packs, const std::vector<Duty>& duties, const Options& options)
    : options_(options), case_(world), packs_(packs), plan_(assumed(world, packs, options.with_drafts)), world_(plan_, world.words) {
  world_.other_readings = world.other_readings;
  std::vector<const Rule*> rules;
  for (const auto* pack : packs_)
    if (counts(*pack))
      for (const auto& rule : pack->rules)
        if (rule.plain.modality == Modality::Must || rule.plain.modality == Modality::MustNot || rule.plain.modality == Modality::Precondition || !rule.in_reading.empty()) rules.push_back(&rule);
  std::sort(rules.begin(), rules.end(), [](const Rule* a, const Rule* b) { return a->id < b->id; });
  for (const auto* rule : rules) numbers_[rule] = Member(names_.size()), names_.push_back(rule->id);
  names_.emplace_back(kEmbargo);
  next_ = Member(names_.size());

  set_bounds();
  find_groups(duties);
  for (auto& group : groups_) {
    group.point = network.add_point(kFar);
    network.require(Network::kNobody, Network::no_earlier(group.point, earliest_));
    network.require(Network::kNobody, {{Network::no_later(group.point, last_)}, {Network::no_earlier(group.point, kFar)}});
    network.require(Network::kNobody, Network::no_later(group.point, kFar));
  }
  own_points_.assign(plan_.actions.size(), Network::kOrigin);
  const auto own = [&](std::size_t action) { return Way{shape_of(plan_.actions[action]), action, true}; };
  for (const auto& group : groups_) {
    if (group.actions.size() == 1) {
      own_points_[group.actions.front()] = group.point;
      continue;
    }
    std::vector<Together> first{{Network::no_earlier(group.point, kFar)}};
    for (const auto action : group.actions) {
      const auto point = own_points_[action] = make_act(own(action));
      network.require(Network::kNobody, AtMost{group.point, point, 0});
      first.push_back({{point, group.point, 0}});
    }
    network.require(Network::kNobody, std::move(first));
  }
  if (options_.is_plan)
    for (std::size_t action = 0; action < plan_.actions.size(); ++action) {
      auto& point = own_points_[action];
      if (point == Network::kOrigin) point = make_act(own(action));
      const auto& at = case_.scenario.actions[action].at;
      wish(Wish::Kind::Done, action, {{Network::no_later(point, kFar - 1)}});
      if (at) wish(Wish::Kind::At, action, {{Network::no_later(point, at->at), Network::no_earlier(point, at->at)}});
      wish(Wish::Kind::Left, action, {{Network::no_earlier(point, kFar)}});
      if (!options_.from) continue;
      std::vector<Together> when;
      if (at && *at < When(*options_.from)) when.push_back({Network::no_later(point, at->at), Network::no_earlier(point, at->at)});
      // What lies between the day that is asked about and `from` is done by then as it was planned, or it is still to come.
      if (!is_done(action)) when.push_back({Network::no_earlier(point, *options_.from)});
      network.require(Network::kNobody, std::move(when));
    }
  // All of them are there before any is restricted: one may be another's first step.
  for (std::size_t action = 0; action < plan_.actions.size(); ++action)
    if (own_points_[action] != Network::kOrigin) firsts_.clear(), restrict(own_points_[action], own(action).shape, {});
  for (const auto& duty : duties)
    if (duty.is_bound && counts(*duty.rule.pack)) need(duty);
}

CaseNetwork::~CaseNetwork() = default;

std::optional<Network::Member> CaseNetwork::member(std::string_view id) const {
  if (id == kEmbargo) return Member(names_.size() - 1);
  const auto found = std::lower_bound(names_.begin(), names_.end() - 1, id);
  return found != names_.end() - 1 && *found == id ? std::optional(Member(found - names_.begin())) : std::nullopt;
}

bool CaseNetwork::is_done(std::size_t action) const {
  const auto& at = case_.scenario.actions[action].at;
  return options_.from && at && *at <= When(case_.scenario.as_of) && *at < When(*options_.from);
}

void CaseNetwork::wish(Wish::Kind kind, std::size_t action, std::vector<Together> one_of) {
  wishes_.push_back({kind, action, nullptr, nullptr, next_, true});
  network.require(next_++, std::move(one_of));
}

Network::Member CaseNetwork::ask(const Network::AtMost& one) { return network.require(next_, one), next_++; }

std::vector<Network::Point> CaseNetwork::points_of(std::string_view event) const {
  std::vector<Point> out;
  for (const auto& group : groups_)
    if (group.events.contains(std::string(event))) out.push_back(group.point);
  return out;
}

Network::Member CaseNetwork::number(const Rule& rule) const { return numbers_.at(&rule); }
bool CaseNetwork::counts(const Pack& pack) const { return pack.force != Force::Advice && (options_.with_drafts || world_.force_of(pack) != Force::Draft); }

// The first that is known of the case, before which nobody acts, and well after the last.
void CaseNetwork::set_bounds() {
  Second first = kNever, least = plan_.as_of, most = plan_.as_of;
  const auto know = [&](Second at) { least = std::min(least, at), most = std::max(most, at); };
  for (const auto& [name, at] : plan_.events) {
    if (!at) continue;
    know(*at);
    if (!world_.words.before_the_case.contains(std::string_view(name).substr(0, name.find('@')))) first = std::min(first, *at);
  }
  for (const auto& action : case_.scenario.actions)
    if (action.at) first = std::min(first, action.at->at), know(action.at->at);
  if (plan_.embargo && plan_.embargo->until) know(*plan_.embargo->until);
  earliest_ = first < kNever ? first : least - kBefore;
  if (options_.from) earliest_ = std::min(earliest_, *options_.from);  // a date in the plan doesn't say that nobody can act sooner
  last_ = most + kHorizon;
}

// ---- events that the plan brings about ---------------------------------------------------------------------------------------------------------

// Whether a rule that binds somebody here could depend on it.
bool CaseNetwork::is_asked(const std::string& event) const {
  const bool is_release = event == "vuln.public" || event == "fix.available";
  const auto names = [&](const Rule& rule) {
    return std::binary_search(rule.events.begin(), rule.events.end(), event) || (is_release && std::binary_search(rule.events.begin(), rule.events.end(), "release.done")) ||
           (event == "fix.available" && std::binary_search(rule.events.begin(), rule.events.end(), "measures.taken"));
  };
  for (const auto* pack : packs_) {
    if (!counts(*pack)) continue;
    for (const auto& one : pack->rules) {
      if (!names(one)) continue;
      const auto rule = applied(world_, *pack, one);
      auto unused = Grounds::unasked();
      if (std::any_of(plan_.parties.begin(), plan_.parties.end(), [&](const Party& party) { return binds(rule, party, plan_.as_of, unused) != Truth::False; })) return true;
    }
  }
  return false;
}

// Where the case gives the event no time.
bool CaseNetwork::brings_about(const Cause& cause, const std::string& type, const Recipients& to) const {
  static const Pack kNoPack;
  const auto given = plan_.events.find(cause.event);
  if (!cause.types.contains(type) || (given != plan_.events.end() && given->second)) return false;
  return cause.to.empty() || std::any_of(to.begin(), to.end(), [&](const Recipient& one) { return world_.tells(one, {cause.to, {}, {}}, kNoPack, "") == Truth::True; });
}

void CaseNetwork::find_groups(const std::vector<Duty>&) {
  std::map<std::string, bool> asked;
  std::map<std::set<std::string>, Group> groups;
  for (std::size_t i = 0; i < plan_.actions.size(); ++i) {
    const auto& action = plan_.actions[i];
    std::set<std::string> events;
    for (const auto& cause : world_.words.causes) {
      if (!brings_about(cause, action.type, action.to)) continue;
      const auto [is, is_new] = asked.try_emplace(cause.event, false);
      if (is_new) is->second = is_asked(cause.event);
      if (!is->second) continue;
      // What has happened at a time nobody knows stays a fact.
      if (!happens(world_.event(cause.event, nullptr, World::By::Statement))) events.insert(cause.event);
    }
    if (events.empty()) continue;
    groups[events].events = events;
    groups[events].actions.push_back(i);
  }
  group_of_.assign(plan_.actions.size(), -1);
  for (auto& [events, group] : groups) {
    for (const auto action : group.actions) group_of_[action] = int(groups_.size());
    groups_.push_back(std::move(group));
  }
}

void CaseNetwork::set_times(const std::vector<When>& times) {
  for (auto& action : plan_.actions) action.at.reset();
  for (std::size_t g = 0; g < groups_.size(); ++g) plan_.actions[groups_[g].actions.front()].at = times[g + 1];
}

// ---- asking the rules --------------------------------------------------------------------------------------------------------------------------

// Every way to compare the points that changes the answer, each with its answer: asked for some times, the comparisons made are noted; then each is turned round in its turn.
template <class Answer>
std::vector<std::pair<std::vector<Trail::Step>, Answer>> CaseNetwork::every(std::size_t points, const std::function<Answer(const std::vector<When>&)>& ask, bool with_groups) {
  std::vector<std::pair<std::vector<Step>, Answer>> out;
  std::vector<std::vector<Step>> open{{}};
  while (!open.empty()) {
    const auto given = std::move(open.back());
    open.pop_back();
    const auto times = least(points, earliest_, given);
    if (!times) continue;
    if (out.size() >= kMostAnswers) {
      is_cut_ = true;
      break;
    }
    Trail trail;
    trail.times = *times;
    trail.last = last_ - kHorizon + kDayByDay;
    std::vector<When> whens;
    for (std::size_t i = 0; i < points; ++i) whens.emplace_back((*times)[i], int(i));
    if (with_groups) set_times(whens);
    Trail::open() = &trail;
    auto answer = ask(whens);
    Trail::open() = nullptr;
    // As a rule what was given is compared again, in its order. Where a bound moves with the point that lies in it, the day of an event, other comparisons take its place; then all of them
    // are turned round, within what was given.
    const bool is_replayed = trail.steps.size() >= given.size() && std::equal(given.begin(), given.end(), trail.steps.begin());
    for (std::size_t i = is_replayed ? given.size() : 0; i < trail.steps.size(); ++i) {
      std::vector<Step> other = is_replayed ? std::vector<Step>() : given;
      other.insert(other.end(), trail.steps.begin(), trail.steps.begin() + std::ptrdiff_t(i));
      other.push_back(trail.steps[i].negated());
      open.push_back(is_replayed ? std::move(other) : tightest(other));
    }
    out.emplace_back(std::move(trail.steps), std::move(answer));
  }
  return out;
}

std::size_t CaseNetwork::shape_of(Action act) {
  std::string key = act.actor + " " + act.type + " " + act.id + " ";
  for (const auto& one : act.to) key += to_text(one) + "+";
  for (const auto& one : act.content) key += "," + one;
  const auto [found, is_new] = shape_keys_.try_emplace(std::move(key), shapes_.size());
  if (is_new) shapes_.push_back({std::move(act), false, {}});
  return found->second;
}

const std::vector<CaseNetwork::Restriction>& CaseNetwork::restrictions(std::size_t shape) {
  if (shapes_[shape].is_asked) return shapes_[shape].restrictions;
  shapes_[shape].is_asked = true;
  auto act = shapes_[shape].act;
  const auto* party = plan_.party(act.actor);
  std::vector<Restriction> out;
  if (plan_.embargo && plan_.embargo->parties.contains(act.actor) && std::any_of(act.to.begin(), act.to.end(), [&](const Recipient& one) { return world_.embargoed(one); })) {
    Restriction embargo{Member(names_.size() - 1), nullptr, {}};
    if (plan_.embargo->until) embargo.allowed.push_back({{{0, int(local_act()), -*plan_.embargo->until}}, {}});
    out.push_back(std::move(embargo));
  }
  auto [own, is_new] = restrictors_.try_emplace(party);
  if (is_new)
    for (const auto* pack : packs_) {
      if (!counts(*pack)) continue;
      for (const auto& one : pack->rules) {
        const auto rule = applied(world_, *pack, one);
        const auto modality = rule.body->modality;
        auto unused = Grounds::unasked();
        if ((modality == Modality::MustNot || modality == Modality::Precondition) && rule.body->act && not_in_force(rule).empty() && binds(rule, *party, plan_.as_of, unused) != Truth::False) own->second.push_back({pack, &one});
      }
    }
  for (const auto& [pack, one] : own->second) {
    const auto rule = applied(world_, *pack, *one);
    if (!could_match(rule, *rule.body->act, act)) continue;
    auto judged = every<Judged>(local_act() + 1, [&](const std::vector<When>& times) {
      act.at = times.back();
      Judged out;
      std::string why;
      auto grounds = Grounds::unasked();
      const auto verdict = judge(rule, act, {}, why, grounds);
      out.forbids = verdict && verdict->word == Word::Forbids;
      if (!out.forbids) return out;
      if (rule.body->modality == Modality::Precondition) out.openings |= 1;
      for (std::size_t i = 0; i < rule.body->excepted_by.size() && i < 30; ++i) {
        const auto* other = pack->rule(rule.body->excepted_by[i]);
        if (other == nullptr) continue;
        const auto exception = applied(world_, *pack, *other);
        auto unused = Grounds::unasked();
        if (exception.body->first && both(binds(exception, *party, *act.at, unused), triggered(exception, party, &act, *act.at, unused)) == Truth::True) out.openings |= std::uint32_t{2} << i;
      }
      return out;
    });
    merge(judged);
    if (std::none_of(judged.begin(), judged.end(), [](const auto& answer) { return answer.second.forbids; })) continue;
    Restriction restriction{number(*one), one, {}};
    for (const auto& [steps, answer] : judged) {
      if (!answer.forbids) restriction.allowed.push_back({steps, {}});
      if ((answer.openings & 1) != 0) restriction.allowed.push_back({steps, Opening{one, pack}});
      for (std::size_t i = 0; i < rule.body->excepted_by.size() && i < 30; ++i)
        if ((answer.openings >> (i + 1) & 1) != 0) restriction.allowed.push_back({steps, Opening{pack->rule(rule.body->excepted_by[i]), pack}});
    }
    out.push_back(std::move(restriction));
  }
  return shapes_[shape].restrictions = std::move(out);
}

// ---- acts --------------------------------------------------------------------------------------------------------------------------------------

Network::Together CaseNetwork::map(const std::vector<Step>& steps, const std::vector<Point>& points) const {
  Together out;
  for (const auto& one : steps) out.push_back({points[std::size_t(one.a)], points[std::size_t(one.b)], squeezed(one.by)});
  return out;
}
std::vector<Network::Point> CaseNetwork::with(Point act) const {
  std::vector<Point> out{Network::kOrigin};
  for (const auto& group : groups_) out.push_back(group.point);
  out.push_back(act);
  return out;
}

// The ways to do it: by the plan's own actions that would do, by the same with less in them, or by an act as the rule asks for. That one is told to just whom the rule names. Where it would
// bring about an event, or the rule names nobody, the plan's actions are the only ways if there are any, since only of them it is known what they bring about.
std::vector<CaseNetwork::Way> CaseNetwork::ways(const Applied& rule, const Act& act, const Party& party, const Action* later, const std::optional<Recipient>& to, bool with_plan) {
  std::vector<Way> out;
  for (std::size_t i = 0; i < plan_.actions.size() && with_plan; ++i) {
    const auto& action = plan_.actions[i];
    if (action.actor != party.id || (later != nullptr && action.id == later->id) || (!act.types.empty() && !act.types.contains(action.type))) continue;
    if (to && tells_one(rule, action, *to, to->place) != Truth::True) continue;
    out.push_back({shape_of(action), i, true});
    if (auto content = changed(action.content, act); content != action.content) {
      auto other = action;
      other.content = std::move(content);
      json::array words;
      for (const auto& one : other.content) words.emplace_back(one);
      other.facts["content"] = std::move(words);
      out.push_back({shape_of(std::move(other)), i, false});
    }
  }
  const auto types = act.types.empty() ? std::set<std::string>{"notify-authority"} : act.types;
  const bool is_planned = !out.empty();
  for (const auto& type : types) {
    if (is_planned && (!to || std::any_of(world_.words.causes.begin(), world_.words.causes.end(), [&](const Cause& cause) { return brings_about(cause, type, {*to}); }))) continue;
    Action made{"?", party.id, type, {}, {}, least_content(act), {}, {}};
    if (to) made.to.push_back(*to);
    made.facts = {{"type", type}, {"actor", party.id}};
    out.push_back({shape_of(std::move(made)), {}, false});
  }
  return out;
}

// Of each circle, for each that has to be told, the ways.
CaseNetwork::Circles CaseNetwork::circles(const Applied& rule, const Act& act, const Party& party, const Action* later, bool with_plan) {
  if (act.to.empty()) return {{ways(rule, act, party, later, std::nullopt, with_plan)}};
  const auto where = places(rule, act, party, later);
  Circles out;
  for (const auto& circle : act.to) {
    out.emplace_back();
    for (const auto& asked : circle)
      for (const auto& place : where.value_or(std::vector<std::string>{""})) {
        auto one = asked;
        if (one.place.empty()) one.place = place;
        out.back().push_back(ways(rule, act, party, later, one, with_plan));
      }
  }
  return out;
}

// What could be done beside the plan, as if it had none of these actions.
void CaseNetwork::add_beside(Circles& all, const Circles& beside) {
  for (std::size_t i = 0; i < all.size(); ++i)
    for (std::size_t k = 0; k < all[i].size(); ++k)
      for (const auto& way : beside[i][k])
        if (std::none_of(all[i][k].begin(), all[i][k].end(), [&](const Way& have) { return have.shape == way.shape; })) all[i][k].push_back(way);
}

void CaseNetwork::restrict(Point point, std::size_t shape, const Path& path) {
  // What is done is done; no plan can make it lawful.
  if (options_.from)
    for (std::size_t action = 0; action < plan_.actions.size(); ++action)
      if (is_done(action) && shapes_[shape].act.id == plan_.actions[action].id) return;
  const auto points = with(point);
  for (const auto& one : restrictions(shape)) {
    std::vector<Together> one_of, beside;          // those that need a step beside the plan, though the plan has one
    one_of.reserve(one.allowed.size() + 1);
    bool is_never_in = false;                      // an alternative that not acting keeps too
    for (const auto& allowed : one.allowed) {
      auto when = map(allowed.steps, points);
      if (!allowed.opening) {
        is_never_in = is_never_in || (when.size() == 1 && when[0].a == Network::kOrigin && when[0].b == point);
        one_of.push_back(std::move(when));
      } else if (std::find(path.begin(), path.end(), allowed.opening->rule) == path.end()) {  // else its step would need itself, ever earlier
        for (auto& way : opened(*allowed.opening, shape, point, when, path)) (way.is_by_plan ? one_of : beside).push_back(std::move(way.how));
      }
    }
    if (!is_never_in) one_of.insert(one_of.begin(), {Network::no_earlier(point, kFar)});
    if (options_.is_plan && !beside.empty()) {
      wishes_.push_back({Wish::Kind::ByPlan, 0, one.rule, case_.scenario.party(shapes_[shape].act.actor), next_, true});
      network.require(next_++, one_of);
    }
    one_of.insert(one_of.end(), std::make_move_iterator(beside.begin()), std::make_move_iterator(beside.end()));
    network.require(one.who, std::move(one_of));
  }
}

Network::Point CaseNetwork::make_act(const Way& way) {
  const auto point = network.add_point(kFar);
  network.require(Network::kNobody, Network::no_earlier(point, options_.from && !way.action ? std::max(*options_.from, earliest_) : earliest_));
  if (way.action && group_of_[*way.action] >= 0 && !(way.is_own && groups_[std::size_t(group_of_[*way.action])].actions.size() > 1 && own_points_[*way.action] == Network::kOrigin)) {
    // It brings the events about: then, if no other can; at the earliest then, if others can.
    const auto& group = groups_[std::size_t(group_of_[*way.action])];
    Together then{AtMost{group.point, point, 0}, Network::no_later(group.point, kFar - 1)};
    if (group.actions.size() == 1) then.push_back({point, group.point, 0});
    network.require(Network::kNobody, {{Network::no_earlier(point, kFar)}, std::move(then)});
  }
  return point;
}

Network::Point CaseNetwork::do_act(const Way& way, const Path& path) {
  const auto point = make_act(way);
  restrict(point, way.shape, path);
  return point;
}

// The act for a duty that runs from there.
Network::Point CaseNetwork::do_for(const Way& way, const Step& from) {
  if (way.action && way.is_own && own_points_[*way.action] != Network::kOrigin && (options_.is_plan || groups_[std::size_t(group_of_[*way.action])].actions.size() == 1)) return own_points_[*way.action];
  const auto key = std::to_string(way.shape) + " " + std::to_string(from.a) + " " + std::to_string(from.b) + " " + std::to_string(from.by);
  const auto [found, is_new] = done_.try_emplace(key, Network::kOrigin);
  if (!is_new) return found->second;
  // Duties that want the same act at other times want the same done for it, which is made once, and then repeated. A plan's steps are wishes too, each of them one of its own.
  const auto act = std::to_string(way.shape) + (way.is_own ? " own " : " ") + (way.action ? std::to_string(*way.action) : "");
  const auto made = options_.is_plan ? made_.end() : made_.find(act);
  const auto begins = network.mark();
  if (made != made_.end() && begins.points + (made->second.until.points - made->second.from.points) <= kMostPoints) {
    network.repeat(made->second.from, made->second.until);
    return found->second = Point(begins.points);
  }
  firsts_.clear();
  const auto point = found->second = do_act(way, {});
  if (made == made_.end()) made_.emplace(act, Made{begins, network.mark()});
  return point;
}

// How long before, whatever else happens in the case.
const std::vector<std::vector<CaseNetwork::Step>>& CaseNetwork::early_enough(const Opening& opening) {
  const auto [found, is_new] = early_.try_emplace(opening.rule);
  if (!is_new) return found->second;
  const auto rule = applied(world_, *opening.pack, *opening.rule);
  for (auto& [steps, is] : every<bool>(3, [&](const std::vector<When>& times) { return enough_from(rule, {times[1], {}}) <= times[2]; }, false))
    if (is) found->second.push_back(std::move(steps));
  return found->second;
}

const CaseNetwork::Circles& CaseNetwork::first_steps(const Opening& opening, std::size_t shape) {
  const auto [found, is_new] = first_steps_.try_emplace({shape, opening.rule});
  if (!is_new) return found->second;
  for (auto& action : plan_.actions) action.at.reset();
  const auto rule = applied(world_, *opening.pack, *opening.rule);
  const auto act = shapes_[shape].act;
  found->second = circles(rule, rule.body->first->act, *plan_.party(act.actor), &act);
  if (options_.is_plan) {                          // its actions are what they are
    for (auto& circle : found->second)
      for (auto& each : circle) std::erase_if(each, [](const Way& way) { return way.action && !way.is_own; });
    add_beside(found->second, circles(rule, rule.body->first->act, *plan_.party(act.actor), &act, false));
  }
  return found->second;
}

// Rules whose first steps an act of this shape can come to need, by one step or several.
const std::set<const Rule*>& CaseNetwork::reach(std::size_t shape) {
  const auto [found, is_new] = reach_.try_emplace(shape);
  if (!is_new) return found->second;
  std::set<const Rule*> rules;
  std::set<std::size_t> seen{shape};
  std::vector<std::size_t> open{shape};
  while (!open.empty()) {
    const auto one = open.back();
    open.pop_back();
    for (const auto& restriction : restrictions(one))
      for (const auto& allowed : restriction.allowed) {
        if (!allowed.opening) continue;
        rules.insert(allowed.opening->rule);
        for (const auto& circle : first_steps(*allowed.opening, one))
          for (const auto& ways : circle)
            for (const auto& way : ways)
              if (seen.insert(way.shape).second) open.push_back(way.shape);
      }
  }
  return reach_[shape] = std::move(rules);
}

// A first step is only ever asked to be early enough. So of one duty, or one action of the plan, all that need the same step share it: the earliest does for all. It is another where
// what it needs itself may not be the same, since rules that led here lead nowhere again.
Network::Point CaseNetwork::do_first(const Way& way, const Path& path) {
  if (options_.is_plan && way.action && way.is_own && own_points_[*way.action] != Network::kOrigin) return own_points_[*way.action];
  First own{way.action, way.is_own, options_.is_plan && !way.action ? path.back() : nullptr, {}, Network::kOrigin};
  const auto& reached = reach(way.shape);
  std::copy_if(path.begin(), path.end(), std::back_inserter(own.barred), [&](const Rule* rule) { return reached.contains(rule); });
  std::sort(own.barred.begin(), own.barred.end());
  for (const auto& one : firsts_[way.shape])
    if (one.action == own.action && one.is_own == own.is_own && one.asked_by == own.asked_by && one.barred == own.barred) return one.point;
  own.point = do_act(way, path);
  firsts_[way.shape].push_back(own);
  if (options_.is_plan && !way.action) beside_.push_back({path.back(), case_.scenario.party(shapes_[way.shape].act.actor), own.point, &shapes_[way.shape].act});
  return own.point;
}

// Its first step, early enough, under these circumstances.
std::vector<CaseNetwork::Opened> CaseNetwork::opened(const Opening& opening, std::size_t shape, Point later, const Together& when, Path path) {
  if (network.points() > kMostPoints) return is_cut_ = true, std::vector<Opened>{};
  path.push_back(opening.rule);
  std::vector<Opened> out;
  const auto has_planned = [](const auto& circle) {
    return std::any_of(circle.begin(), circle.end(), [](const auto& ways) { return std::any_of(ways.begin(), ways.end(), [](const Way& way) { return way.action.has_value(); }); });
  };
  const auto& steps_of_it = first_steps(opening, shape);
  const bool any_planned = std::any_of(steps_of_it.begin(), steps_of_it.end(), has_planned);
  for (const auto& circle : steps_of_it) {
    std::vector<Opened> all{{when, !any_planned || has_planned(circle)}};
    for (const auto& ways : circle) {
      const bool is_planned = std::any_of(ways.begin(), ways.end(), [](const Way& way) { return way.action.has_value(); });
      std::vector<Opened> next;
      for (const auto& way : ways) {
        const auto step = do_first(way, path);
        for (const auto& steps : early_enough(opening))
          for (auto one : all) {
            const auto early = map(steps, {Network::kOrigin, step, later});
            one.how.insert(one.how.end(), early.begin(), early.end());
            one.is_by_plan = one.is_by_plan && (way.action || !is_planned);
            next.push_back(std::move(one));
            if (next.size() > kMostProducts) return is_cut_ = true, out;
          }
      }
      all = std::move(next);
    }
    out.insert(out.end(), all.begin(), all.end());
  }
  return out;
}

// ---- duties ------------------------------------------------------------------------------------------------------------------------------------

void CaseNetwork::need(const Duty& duty) {
  const auto rule = applied(world_, *duty.rule.pack, *duty.rule.rule);
  const auto& body = *rule.body;
  if (body.modality != Modality::Must || !body.act || !not_in_force(rule).empty() || is_of_manner(body)) return;
  const auto& party = *plan_.party(duty.on->id);
  struct Window {
    bool is_needed = false;
    Step from, until;
    bool has_until = false;
    bool operator==(const Window&) const = default;
  };
  const auto act_point = int(local_act());
  auto windows = every<Window>(local_act(), [&](const std::vector<When>& times) {
    Window out;
    const auto asked = needed(rule, party);
    if (!asked) return out;
    out.is_needed = true;
    const auto own = [&](When at) { return at.at - (at.point == 0 ? 0 : times[std::size_t(at.point)].at); };
    const When from = asked->anchor.from <= kEver ? When(earliest_) : asked->anchor.to;
    out.from = {from.point, act_point, -own(from)};
    if (asked->due) out.has_until = true, out.until = {act_point, asked->due->at.point, own(asked->due->at)};
    return out;
  });
  merge(windows);
  if (std::none_of(windows.begin(), windows.end(), [](const auto& one) { return one.second.is_needed; })) return;
  for (auto& action : plan_.actions) action.at.reset();
  const Step* from = nullptr;
  bool is_shared = true;                           // from the same time on, whatever else happens
  for (const auto& [steps, window] : windows) {
    if (!window.is_needed) continue;
    is_shared = is_shared && (from == nullptr || *from == window.from);
    from = &window.from;
  }
  // In a plan from now on a deadline that has passed can't be kept, unless what was done keeps it.
  const bool is_over = options_.from && std::any_of(windows.begin(), windows.end(), [&](const auto& one) { return one.second.has_until && one.second.until.b == 0 && one.second.until.by < *options_.from; });
  if (is_over && !(duty.done && duty.due && *duty.done <= duty.due->at && *duty.done < When(*options_.from))) {
    too_late_.push_back(&duty);
    for (auto& [steps, window] : windows) window.has_until = false;
  }
  const auto in_time = [&](const Window& window, Point point) {
    const auto points = with(point);
    auto out = map({window.from}, points);
    out.push_back(window.has_until ? map({window.until}, points).front() : Network::no_later(point, kFar - 1));
    return out;
  };
  auto all = circles(rule, *body.act, party, nullptr);
  // What may be done in several ways is done for this duty alone (K2): else each way would tie together all duties that it would do for, and their conflicts had to be looked for together.
  const bool is_either_or = all.size() > 1 || std::any_of(all.front().begin(), all.front().end(), [](const auto& ways) { return ways.size() > 1; });
  const auto key = is_shared && !is_either_or ? *from : Step{-1, number(*duty.rule.rule), Second(duty.on - case_.scenario.parties.data())};
  // Of a plan: by its own actions, of a ladder by those of the stage; else, which is no wish kept, by acts beside it.
  std::optional<Member> by_plan;
  if (options_.is_plan) {
    bool any = false;
    for (auto& circle : all)
      for (auto& ways : circle) {
        std::erase_if(ways, [&](const Way& way) {
          return way.action && ((!body.ladder.empty() && std::find(duty.actions.begin(), duty.actions.end(), plan_.actions[*way.action].id) == duty.actions.end()) || !way.is_own);
        });
        any = any || std::any_of(ways.begin(), ways.end(), [](const Way& way) { return way.action.has_value(); });
      }
    add_beside(all, circles(rule, *body.act, party, nullptr, false));
    if (any) {
      by_plan = next_++;
      wishes_.push_back({Wish::Kind::ByPlan, 0, duty.rule.rule, duty.on, *by_plan, true});
    }
  }
  std::vector<Together> idle;                      // where nothing is asked
  for (const auto& [steps, window] : windows)
    if (!window.is_needed) idle.push_back(map(steps, with(Network::kOrigin)));
  // What no action of the plan tells is done beside it in any case: then the plan doesn't fulfil the whole of it.
  const auto wish = wishes_.size() - 1;
  const auto by_plan_only = [&](std::vector<Together> by_own) {
    if (by_own.size() > idle.size()) network.require(*by_plan, std::move(by_own));
    else wishes_[wish].is_whole = false;
  };
  // One circle: each of it by itself. Several: all of one of them.
  if (all.size() == 1) {
    for (const auto& ways : all.front()) {
      auto one_of = idle;
      auto by_own = idle;
      for (const auto& way : ways) {
        const auto point = do_for(way, key);
        const auto before = one_of.size();
        for (const auto& [steps, window] : windows) {
          if (!window.is_needed) continue;
          auto one = map(steps, with(point));
          for (const auto& each : in_time(window, point)) one.push_back(each);
          one_of.push_back(std::move(one));
        }
        if (way.action) by_own.insert(by_own.end(), one_of.begin() + std::ptrdiff_t(before), one_of.end());
      }
      if (by_plan) by_plan_only(std::move(by_own));
      network.require(number(*duty.rule.rule), std::move(one_of));
    }
    return;
  }
  auto one_of = idle;
  auto by_own = idle;
  for (const auto& circle : all)
    for (const auto& [steps, window] : windows) {
      if (!window.is_needed) continue;
      std::vector<Opened> ready{{map(steps, with(Network::kOrigin)), true}};
      for (const auto& ways : circle) {
        std::vector<Opened> next;
        for (const auto& way : ways) {
          const auto added = in_time(window, do_for(way, key));
          for (auto one : ready) {
            one.how.insert(one.how.end(), added.begin(), added.end());
            one.is_by_plan = one.is_by_plan && way.action;
            next.push_back(std::move(one));
            if (next.size() > kMostProducts) return void(is_cut_ = true);
          }
        }
        ready = std::move(next);
      }
      for (auto& one : ready) {
        if (one.is_by_plan) by_own.push_back(one.how);
        one_of.push_back(std::move(one.how));
      }
    }
  if (by_plan) by_plan_only(std::move(by_own));
  network.require(number(*duty.rule.rule), std::move(one_of));
}

}  // namespace sluice::regimes
