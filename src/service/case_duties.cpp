#include "service/case_duties.h"

#include <algorithm>

namespace sluice::service {

namespace {

constexpr std::string_view kStates[] = {"missed", "late", "open", "waiting", "met", "not-triggered"};
constexpr std::string_view kDutyOrder[] = {"missed", "open", "waiting", "late", "met", "not-triggered"};  // what was done, late or in time, stands behind what isn't
std::size_t place(std::string_view state) { return static_cast<std::size_t>(std::find(std::begin(kDutyOrder), std::end(kDutyOrder), state) - std::begin(kDutyOrder)); }
std::size_t urgency(std::string_view state) { return static_cast<std::size_t>(std::find(std::begin(kStates), std::end(kStates), state) - std::begin(kStates)); }

constexpr auto kMostUrgentFirst = [](const json::value& a, const json::value& b) {
  const auto key = [](const json::value& v) { return std::tuple(place(string_at(v, "state")), string_at(v, "due").empty(), string_at(v, "due"), string_at(v, "rule")); };
  return key(a) < key(b);
};

}  // namespace

json::array duties_of(const CaseLaw& law) {
  json::array out;
  std::set<std::string> providers;
  for (const auto& one : law.all)
    if (one.given.provider) providers.insert(one.given.provider->text());
  for (std::size_t i = 0; i < law.all.size(); ++i)
    for (const auto& duty : law.all[i].evaluation.duties) {
      if (!duty.is_triggered() || is_asked_elsewhere(law.all[i].given, providers, duty.on->id)) continue;
      auto one = regimes::to_json(law.all[i].evaluation, duty);
      const auto& rule = *duty.rule.rule;
      one["says"] = rule.says;
      one["mark"] = json::array(rule.mark.begin(), rule.mark.end());
      one["verified"] = rule.verified;
      if (duty.state == regimes::DutyState::Waiting)
        if (const auto event = regimes::read_due(duty.rule, duty.rule.body->due, *duty.on).after; !event.empty()) {
          one["waits_for"] = event;
          const auto& events = law.all[i].evaluation.scenario->events;
          one["not_stated"] = !events.contains(event) && !events.contains(event + "@" + duty.on->id);
        }
      if (!rule.plain.stage.empty()) one["stage"] = rule.plain.stage;
      if (law.all[i].given.provider) one["provider"] = law.all[i].given.provider->text();
      if (!law.all[i].given.vulnerabilities.empty()) {
        json::array about;
        for (const auto& v : law.all[i].given.vulnerabilities) about.push_back(json::value(v.text()));
        one["vulnerabilities"] = std::move(about);
      }
      auto same = std::find_if(out.begin(), out.end(), [&](const json::value& o) { return string_at(o, "rule") == string_at(one, "rule") && string_at(o, "on") == string_at(one, "on"); });
      if (same == out.end()) out.push_back(std::move(one));
      else if (std::pair(urgency(string_at(one, "state")), string_at(one, "due")) < std::pair(urgency(string_at(*same, "state")), string_at(*same, "due"))) *same = std::move(one);
    }
  std::stable_sort(out.begin(), out.end(), kMostUrgentFirst);
  return out;
}

namespace {

bool is_same_duty(const json::value& a, const json::value& b) { return string_at(a, "rule") == string_at(b, "rule") && string_at(a, "on") == string_at(b, "on"); }
json::object state_and_due(const json::value& of) { return json::object{{"state", of.at("state")}, {"due", of.at("due")}}; }
// Where a duty stands in a list that has only what is triggered.
json::object stands_in(const json::array& duties, const json::value& duty) {
  const auto found = std::find_if(duties.begin(), duties.end(), [&](const json::value& one) { return is_same_duty(one, duty); });
  return found == duties.end() ? json::object{{"state", "not-triggered"}, {"due", nullptr}} : state_and_due(*found);
}

// The same for people and clocks: with the second, where there is one.
json::object would_stand(const json::array& duties, const json::value& duty) {
  auto out = stands_in(duties, duty);
  const auto found = std::find_if(duties.begin(), duties.end(), [&](const json::value& one) { return is_same_duty(one, duty); });
  if (found != duties.end())
    if (const auto at = string_at(*found, "due_at"); !at.empty()) out["due_at"] = at;
  return out;
}

json::object word_json(const cvd::Correction& one) {
  json::object out{{"fact", one.fact}, {"value", one.value}, {"why", one.why}, {"at", to_text(one.at)}};
  if (one.by) out["by"] = one.by->text();
  return out;
}

// The same case with some of its corrections left out, asked a bounded number of times.
class Otherwise {
 public:
  Otherwise(const Packs& packs, const cvd::CaseFold& fold, const OrganisationRows& rows, const Considered& considered, const std::function<void(const CaseLaw&)>& looked)
      : packs_(packs), all_(fold.corrections), rows_(rows), considered_(considered), looked_(looked), tried_(fold) {}

  bool may_look(std::size_t times = 1) const { return looks_ + static_cast<int>(times) <= kMostLooks; }
  // Nothing: it can't be asked then.
  std::optional<json::array> without(const std::vector<std::size_t>& left_out) {
    ++looks_;
    tried_.corrections.clear();
    for (std::size_t i = 0; i < all_.size(); ++i)
      if (std::find(left_out.begin(), left_out.end(), i) == left_out.end()) tried_.corrections.push_back(all_[i]);
    const auto law = evaluate_case(packs_, tried_, rows_, considered_, Asked::DutiesShown);
    if (!law) return std::nullopt;
    if (looked_) looked_(*law);
    return duties_of(*law);
  }

 private:
  const Packs& packs_;
  const std::vector<cvd::Correction>& all_;
  const OrganisationRows& rows_;
  const Considered& considered_;
  const std::function<void(const CaseLaw&)>& looked_;
  cvd::CaseFold tried_;
  int looks_ = 0;
};

using OwnPlaces = std::vector<std::size_t>;       // places among the fold's corrections

// Which of a debtor's corrections count for each of these duties; of one that is in no row, all do. O2
std::vector<std::set<std::size_t>> that_count(Otherwise& otherwise, const OwnPlaces& words, const std::vector<json::value>& changed, const json::array& now, const json::array& then) {
  std::vector<std::set<std::size_t>> out(changed.size());
  if (words.size() == 1 || !otherwise.may_look(words.size())) return out;
  for (const auto word : words)
    if (const auto duties = otherwise.without({word}))
      for (std::size_t i = 0; i < changed.size(); ++i)
        if (stands_in(*duties, changed[i]) != stands_in(now, changed[i])) out[i].insert(word);
  // Two that each say enough: without either one it stands as it does, by the other's word. Each by itself shows.
  const bool is_open = std::any_of(out.begin(), out.end(), [](const auto& one) { return one.empty(); });
  if (!is_open || !otherwise.may_look(words.size())) return out;
  std::vector<std::set<std::size_t>> alone(changed.size());
  for (const auto word : words) {
    auto others = words;
    std::erase(others, word);
    if (const auto duties = otherwise.without(others))
      for (std::size_t i = 0; i < changed.size(); ++i)
        if (stands_in(*duties, changed[i]) != stands_in(then, changed[i])) alone[i].insert(word);
  }
  for (std::size_t i = 0; i < changed.size(); ++i)
    if (out[i].empty()) out[i] = std::move(alone[i]);
  return out;
}

}  // namespace

json::array with_own_words(json::array duties, const Packs& packs, const cvd::CaseFold& fold, const OrganisationRows& rows, const Considered& considered, const std::function<void(const CaseLaw&)>& looked) {
  if (considered.own) return duties;  // O1
  std::map<std::string, OwnPlaces> by_debtor;
  for (std::size_t i = 0; i < fold.corrections.size(); ++i)
    if (const auto& one = fold.corrections[i]; one.organisation && one.at <= considered.as_of) by_debtor[one.organisation->text()].push_back(i);
  if (by_debtor.empty()) return duties;
  Otherwise otherwise(packs, fold, rows, considered, looked);
  const json::array now = duties;
  // Each debtor's own are left out alone, so that no other's word is taken for its own; of very many debtors the last ones' together.
  struct Debtor { const std::string* id; const OwnPlaces* words; std::shared_ptr<const json::array> then; bool alone; };
  std::vector<Debtor> debtors;
  std::shared_ptr<const json::array> of_the_rest;
  const auto share = [](std::optional<json::array> list) { return list ? std::make_shared<const json::array>(*std::move(list)) : nullptr; };
  for (auto at = by_debtor.begin(); at != by_debtor.end(); ++at) {
    if (debtors.size() < kMostLooks / 2) {
      debtors.push_back({&at->first, &at->second, share(otherwise.without(at->second)), true});
      continue;
    }
    if (debtors.back().alone) {
      OwnPlaces rest;
      for (auto other = at; other != by_debtor.end(); ++other) rest.insert(rest.end(), other->second.begin(), other->second.end());
      of_the_rest = share(otherwise.without(rest));
    }
    debtors.push_back({&at->first, &at->second, of_the_rest, false});
  }
  for (const auto& [id, its_words, then, alone] : debtors) {
    if (!then) continue;
    const auto& debtor = *id;
    const auto& words = *its_words;
    std::vector<json::value> changed;
    for (const auto* list : {&now, &*then})
      for (const auto& duty : *list)
        if (string_at(duty, "on") == debtor && stands_in(now, duty) != stands_in(*then, duty) && std::none_of(changed.begin(), changed.end(), [&](const json::value& one) { return is_same_duty(one, duty); })) changed.push_back(duty);
    if (changed.empty()) continue;
    const auto counting = alone ? that_count(otherwise, words, changed, now, *then) : std::vector<std::set<std::size_t>>(changed.size());
    for (std::size_t i = 0; i < changed.size(); ++i) {
      json::array rests_on;
      for (const auto word : words)
        if (counting[i].empty() || counting[i].contains(word)) rests_on.push_back(word_json(fold.corrections[word]));
      auto found = std::find_if(duties.begin(), duties.end(), [&](const json::value& one) { return is_same_duty(one, changed[i]); });
      if (found == duties.end()) {
        // What it would owe, and doesn't by its own word alone.
        duties.push_back(changed[i]);
        found = std::prev(duties.end());
        auto& gone = found->as_object();
        gone["state"] = "not-triggered", gone["due"] = nullptr, gone["why"] = "It is owed by the facts of the case, and not by the debtor's own correction of them.";
        for (const auto* key : {"due_at", "zone", "by", "note", "waits_for", "not_stated"}) gone.erase(key);
      }
      found->as_object()["rests_on"] = std::move(rests_on);
      found->as_object()["without"] = would_stand(*then, changed[i]);
    }
  }
  std::stable_sort(duties.begin(), duties.end(), kMostUrgentFirst);
  return duties;
}

}  // namespace sluice::service
