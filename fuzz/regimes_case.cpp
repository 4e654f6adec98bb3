// A case that the bytes draw, under any of the built-in packs: whatever is drawn is judged without a crash, each conflict is one, and the dates of a plan, given back as the case's own,
// break no rule and no agreed embargo.
#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <cstdlib>

#include <boost/json/serialize.hpp>

#include "regimes/built_in.h"
#include "regimes/schedule.h"

namespace {

using namespace sluice;
using namespace sluice::regimes;

// The bytes as choices; when they end, always the first.
class Choices {
 public:
  Choices(const std::uint8_t* data, std::size_t size) : data_(data), size_(size) {}
  std::size_t any(std::size_t of) { return at_ < size_ && of > 0 ? data_[at_++] % of : 0; }
  bool one_in(std::size_t of) { return any(of) == of - 1; }
  template <class All>
  std::string of(const All& all) {
    auto found = all.begin();
    std::advance(found, any(all.size()));
    if constexpr (requires { found->first; }) return std::string(found->first);
    else return std::string(*found);
  }
  std::string instant() {                          // half-days of two months, sometimes a second more
    const auto half = any(120);
    char text[32];
    std::snprintf(text, sizeof text, "2026-%02d-%02dT%s:00:%sZ", int(half / 60) + 10, int(half % 60) / 2 + 1, half % 2 == 0 ? "00" : "12", one_in(5) ? "01" : "00");
    return text;
  }

 private:
  const std::uint8_t* data_;
  std::size_t size_, at_ = 0;
};

json::value drawn(Choices& from, const Library& library) {
  static const std::vector<std::string> kCountries{"CN", "DE", "US", "GB", "IN", "JP"}, kStates{"undisclosed", "public"}, kExploited{"no", "yes", "itw-suspected"}, kFix{"none", "available"};
  static const std::vector<std::string> kFlags{"certcc", "project-zero", "zdi", "listed", "fceb", "critical-infrastructure", "controller", "service-provider", "essential", "third-party-organisation"};
  static const std::vector<std::string> kTold{"public", "affected-users", "vendor", "miit-platform", "csirt-coordinator+enisa", "nis2-csirt", "supervisory-authority", "cisa", "cert-in", "public-security-organ:CN-SH@prefecture", "customers", "p1", "p2"};
  const auto& words = library.words;
  json::array regimes, assumed, parties, actions;
  for (const auto& [id, pack] : library.packs) {
    if (from.one_in(2)) regimes.emplace_back(id);
    if (pack.force == Force::Draft && from.one_in(2)) assumed.emplace_back(id);
  }
  for (std::size_t i = 0, count = 1 + from.any(4); i < count; ++i) {
    json::array flags;
    for (const auto& flag : kFlags)
      if (from.one_in(5)) flags.emplace_back(flag);
    parties.push_back(json::object{{"id", "p" + std::to_string(i)}, {"role", from.of(words.roles)}, {"established", from.of(kCountries)}, {"flags", std::move(flags)}});
  }
  json::object events;
  for (const auto& [name, whose] : words.events) {
    if (from.one_in(2)) events[name] = from.instant();
    else if (from.one_in(6)) events[name] = nullptr;
  }
  for (std::size_t i = 0, count = from.any(10); i < count; ++i) {
    json::array content;
    for (const auto& one : words.contents)
      if (from.one_in(6)) content.emplace_back(one);
    actions.push_back(json::object{{"id", "a" + std::to_string(i)}, {"actor", "p" + std::to_string(from.any(parties.size()))}, {"type", from.of(words.actions)}, {"to", from.of(kTold)},
                                   {"content", std::move(content)}, {"at", from.one_in(6) ? json::value() : json::value(from.instant())}});
  }
  json::object out{{"id", "drawn"}, {"as_of", from.instant()}, {"regimes", std::move(regimes)}, {"assume_in_force", std::move(assumed)}, {"events", std::move(events)}, {"actions", std::move(actions)},
                   {"product", json::object{{"id", "product"}, {"provider", "p0"}, {"market", json::array{from.of(kCountries), "EU"}}, {"support", from.one_in(4) ? "ended" : "supported"}}},
                   {"vulnerability", json::object{{"state", from.of(kStates)}, {"exploited", from.of(kExploited)}, {"fix", from.of(kFix)}, {"in", "product"}}}};
  if (from.one_in(2)) out["incident"] = json::object{{"kind", "intrusion"}, {"personal_data", from.one_in(2)}, {"significant", from.one_in(2)}, {"material", from.one_in(2)}, {"region", from.one_in(2) ? "CN-SH" : "DE"}};
  if (from.one_in(3)) out["embargo"] = json::object{{"parties", json::array{"p0", "p1"}}, {"until", from.instant()}};
  out["parties"] = std::move(parties);
  return out;
}

[[noreturn]] void wrong(const json::value& given, const std::string& what) {
  std::fprintf(stderr, "%s\n%s\n", what.c_str(), json::serialize(given).c_str());
  std::abort();
}

// The plan's dates as the case's own.
void check_plan(const json::value& given, const Schedule& plan, const Library& library) {
  auto again = given;
  for (const auto& one : plan.actions)
    for (auto& action : again.at("actions").as_array())
      if (action.at("id").as_string() == one.action->id) action.as_object()["at"] = one.at ? json::value(to_text(*one.at)) : json::value();
  const auto scenario = read_scenario(again, library.words);
  if (!scenario) return;                           // an action now stands at as_of, against what the case says of the world then
  const auto answer = evaluate(*scenario, library);
  if (!answer) wrong(again, "the plan isn't judged: " + answer.error().message);
  for (const auto& one : plan.actions)
    if (const auto outcome = answer->outcomes.at(one.action->id); one.at && (outcome == Outcome::Deny || outcome == Outcome::Conflict)) wrong(again, "the plan has " + one.action->id + " at a time that is denied");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const auto kLibrary = *built_in_library();
  Choices from(data, size);
  const auto given = drawn(from, kLibrary);
  const auto scenario = read_scenario(given, kLibrary.words);
  if (!scenario) return 0;
  const auto answer = evaluate(*scenario, kLibrary);
  if (!answer) wrong(given, "the case isn't judged: " + answer.error().message);
  if (answer->outcomes.size() != scenario->actions.size()) wrong(given, "an action has no outcome");
  const auto& sets = answer->conflicts.all;
  for (std::size_t i = 0; i < sets.size(); ++i) {
    if (sets[i].members.size() < 2) wrong(given, "a conflict of less than two");
    if (i > 0 && sets[i].members.size() < sets[i - 1].members.size()) wrong(given, "conflicts out of order");
    for (std::size_t k = 0; k < sets.size(); ++k)
      if (k != i && sets[k].kind != "permission-clash" && sets[i].kind != "permission-clash" && std::includes(sets[k].members.begin(), sets[k].members.end(), sets[i].members.begin(), sets[i].members.end()) && sets[k].members.back() != "embargo")
        wrong(given, "a conflict that holds another");
  }
  const auto plan = best_schedule(*answer);
  if (plan.exists && plan.lost.empty() && std::all_of(plan.beside.begin(), plan.beside.end(), [](const Unplanned& one) { return one.due.has_value(); })) check_plan(given, plan, kLibrary);
  return 0;
}
