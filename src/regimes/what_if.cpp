#include "regimes/what_if.h"

#include <algorithm>

#include "regimes/unknown_words.h"

namespace sluice::regimes {

namespace {

json::array& list_in(json::object& object, std::string_view key) {
  auto& value = object[key];
  if (!value.is_array()) value = json::array{};
  return value.get_array();
}
void put_in(json::array& list, const std::string& word) {
  if (std::none_of(list.begin(), list.end(), [&](const json::value& one) { return one == json::value(word); })) list.emplace_back(word);
}
void take_from(json::array& list, std::string_view word) {
  json::array left;
  for (auto& one : list)
    if (!one.is_string() || one.get_string() != word) left.push_back(std::move(one));
  list = std::move(left);
}
void take_objects(json::object& object, std::string_view list, std::string_view key, std::string_view is) {
  auto* value = object.if_contains(list);
  if (value == nullptr || !value->is_array()) return;
  json::array left;
  for (auto& one : value->get_array())
    if (string_at(one, key) != is) left.push_back(std::move(one));
  *value = std::move(left);
}

constexpr std::size_t kDeepestFact = 32;

std::string unescaped(std::string_view token) {
  std::string out;
  for (std::size_t i = 0; i < token.size(); ++i) {
    const bool escape = token[i] == '~' && i + 1 < token.size();
    out += !escape ? token[i] : token[i + 1] == '1' ? '/' : '~';
    i += escape ? 1 : 0;
  }
  return out;
}

Result<void> set_at(json::object& scenario, std::string_view pointer, const json::value& to) {
  const auto refused = [&](std::string why) { return fail(ErrorKind::Invalid, std::move(why), std::string(pointer)); };
  if (pointer.size() < 2 || pointer[0] != '/') return refused("A fact is named by a JSON Pointer, such as /product/support.");
  if (std::size_t(std::count(pointer.begin(), pointer.end(), '/')) > kDeepestFact) return refused("A fact lies at most 32 levels deep.");
  json::object* in = &scenario;
  json::value* place = nullptr;
  for (std::size_t from = 1; from <= pointer.size();) {
    const auto end = std::min(pointer.find('/', from), pointer.size());
    const auto token = unescaped(pointer.substr(from, end - from));
    if (place != nullptr && place->is_array()) {
      auto& list = place->get_array();
      // An entry of a list is named by its number, or by its id.
      auto found = std::find_if(list.begin(), list.end(), [&](const json::value& one) { return one.is_object() && string_at(one, "id") == token; });
      if (found == list.end() && !token.empty() && token.size() < 6 && std::all_of(token.begin(), token.end(), [](char c) { return c >= '0' && c <= '9'; }) && std::size_t(std::stoi(token)) < list.size()) found = list.begin() + std::stoi(token);
      if (found == list.end()) return refused("This list has no entry \"" + token + "\".");
      place = &*found;
    } else {
      if (place != nullptr) {
        if (place->is_null()) *place = json::object{};
        if (!place->is_object()) return refused("What lies before \"" + token + "\" has no fields.");
        in = &place->get_object();
      }
      place = &(*in)[token];
    }
    from = end + 1;
  }
  *place = to;
  return {};
}

void drop_party(json::object& scenario, const std::string& id) {
  take_objects(scenario, "parties", "id", id);
  take_objects(scenario, "actions", "actor", id);
  if (auto* embargo = scenario.if_contains("embargo"); embargo != nullptr && embargo->is_object()) {
    take_from(list_in(embargo->get_object(), "parties"), id);
    if (list_in(embargo->get_object(), "parties").empty()) scenario.erase("embargo");
  }
  if (auto* events = scenario.if_contains("events"); events != nullptr && events->is_object()) {
    std::vector<std::string> gone;
    for (const auto& [name, at] : events->get_object())
      if (std::string_view(name).ends_with("@" + id)) gone.emplace_back(name);
    for (const auto& name : gone) events->get_object().erase(name);
  }
}

}  // namespace

bool has_party(const json::object& scenario, std::string_view id) {
  const auto* parties = scenario.if_contains("parties");
  return parties != nullptr && parties->is_array() && std::any_of(parties->get_array().begin(), parties->get_array().end(), [&](const json::value& one) { return string_at(one, "id") == id; });
}

Result<json::object> otherwise(json::object scenario, const Otherwise& other) {
  for (const auto& party : other.add_parties) list_in(scenario, "parties").push_back(party);
  for (const auto& id : other.add_regimes) put_in(list_in(scenario, "regimes"), id);
  for (const auto& id : other.assume) put_in(list_in(scenario, "regimes"), id);
  for (const auto& id : other.drop_regimes) {
    take_from(list_in(scenario, "regimes"), id);
    if (scenario.contains("assume_in_force")) take_from(list_in(scenario, "assume_in_force"), id);
  }
  for (const auto& id : other.assume) put_in(list_in(scenario, "assume_in_force"), id);
  for (const auto& [reading, choice] : other.readings) {
    auto& readings = scenario["readings"];
    if (!readings.is_object()) readings = json::object{};
    readings.get_object()[reading] = choice;
  }
  for (const auto& id : other.drop_parties) drop_party(scenario, id);
  for (const auto& [name, at] : other.events) {
    auto& events = scenario["events"];
    if (!events.is_object()) events = json::object{};
    events.get_object()[name] = at;
  }
  for (const auto& [pointer, value] : other.facts) {
    TRY(set_at(scenario, pointer, value));
  }
  return scenario;
}

Result<void> check(const Otherwise& other, const Library& then_library) {
  const std::pair<const char*, const std::vector<std::string>&> named[] = {{"/add_regimes/", other.add_regimes}, {"/drop_regimes/", other.drop_regimes}, {"/assume/", other.assume}};
  for (const auto& [where, ids] : named)
    for (std::size_t i = 0; i < ids.size(); ++i)
      if (!then_library.packs.contains(ids[i])) return fail(ErrorKind::NotFound, "There is no pack \"" + ids[i] + "\".", where + std::to_string(i));
  // A word that nobody knows would change nothing, and be told as "no change".
  for (const auto& [name, at] : other.events)
    if (!then_library.words.events.contains(std::string_view(name).substr(0, name.find('@')))) return fail(ErrorKind::Invalid, "There is no event \"" + name + "\".", "/events/" + pointer_token(name));
  for (const auto& [pointer, value] : other.facts)
    if (pointer.starts_with('/') && !is_known_fact(pointer, then_library.words)) return fail(ErrorKind::Invalid, "No rule asks for a fact \"" + pointer.substr(0, 80) + "\".", "/facts/" + pointer_token(pointer));
  return {};
}

Result<Amended> packs_otherwise(const Library& library, const OtherPacks& other) {
  auto out = amended(library, other.overlays);
  for (const auto& one : out.findings)
    if (one.severity == Severity::Error) return fail(ErrorKind::Invalid, one.message, one.where, one.rule);
  for (std::size_t i = 0; i < other.drop_rules.size(); ++i) {
    auto left = without_rule(out.library, other.drop_rules[i]);
    if (!left) return fail(left.error().kind, left.error().message, "/drop_rules/" + std::to_string(i));
    out.library = *std::move(left);
  }
  return out;
}

json::object to_json(const WhatIf& answer) {
  json::array changes;
  for (const auto& change : answer.changes) changes.push_back(to_json(change));
  return {{"title", answer.title}, {"changes", std::move(changes)}, {"settled", json::array(answer.settled.begin(), answer.settled.end())}};
}

namespace {

// The word at this place is a party that was in the case before, or is told together with others.
bool names_gone(const json::object& scenario, const std::string& place, const Scenario& before, const Scenario& then) {
  const json::value whole(scenario);
  const auto* found = find_at(whole, place);
  if (found == nullptr || !found->is_string()) return false;
  const auto gone = [&](std::string_view id) { return before.party(id) != nullptr && then.party(id) == nullptr; };
  if (gone(found->get_string())) return true;
  const auto read = parse_recipients(found->get_string());
  return read && std::any_of(read->begin(), read->end(), [&](const Recipient& one) { return gone(one.kind); });
}

}  // namespace

Result<WhatIf> what_if(const json::object& scenario, const Library& library, const json::object& then_scenario, const Library& then_library) {
  WhatIf out;
  TRY(const auto before, read_scenario(scenario, library.words));
  TRY(auto then, read_scenario(then_scenario, then_library.words));
  out.title = before.title;
  // The same of a fact's word. Whom a change took away may still be named, as a maker or as who was told; what is asked then says so.
  for (const auto& place : then.unknown_words) {
    const bool is_new = std::find(before.unknown_words.begin(), before.unknown_words.end(), place) == before.unknown_words.end();
    if (is_new && !names_gone(then_scenario, place, before, then)) return fail(ErrorKind::Invalid, "No rule can speak of this word.", place);
  }
  // What an amendment settles nobody can choose any more.
  for (auto at = then.readings.begin(); at != then.readings.end();) {
    const auto dot = at->first.rfind('.');
    const auto id = at->first.substr(0, std::min(dot, at->first.find('/')));
    const auto pack = then_library.packs.find(id);
    const bool was = dot != std::string::npos && library.packs.contains(id) && library.packs.at(id).reading(at->first.substr(dot + 1)) != nullptr;
    if (was && pack != then_library.packs.end() && pack->second.reading(at->first.substr(dot + 1)) == nullptr) out.settled.push_back(at->first), at = then.readings.erase(at);
    else ++at;
  }
  TRY(const auto left, evaluate(before, library));
  TRY(const auto right, evaluate(then, then_library));
  out.changes = changes(left, right, Divergences::Compared);
  return out;
}

}  // namespace sluice::regimes
