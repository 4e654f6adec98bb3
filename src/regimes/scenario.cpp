#include "regimes/scenario.h"

#include <algorithm>

#include "regimes/unknown_words.h"

namespace sluice::regimes {

namespace {

using Where = std::string;

constexpr std::size_t kMostActions = 500, kMostParties = 1'000, kMostRecipients = 200, kMostEvents = 10'000;
constexpr std::int64_t kMostWeight = 1'000'000;

std::unexpected<Error> refused(std::string message, Where where) { return fail(ErrorKind::Invalid, std::move(message), std::move(where)); }

Result<std::string> text_at(const json::object& object, std::string_view key, const Where& where) {
  const auto* found = object.if_contains(key);
  if (found == nullptr || !found->is_string()) return refused("Here should be a text.", where + "/" + pointer_token(key));
  return std::string(found->get_string());
}

Result<std::vector<std::string>> texts_at(const json::object& object, std::string_view key, const Where& where) {
  std::vector<std::string> out;
  const auto* found = object.if_contains(key);
  if (found == nullptr || found->is_null()) return out;
  if (!found->is_array()) return refused("Here should be a list of texts.", where + "/" + pointer_token(key));
  for (const auto& one : found->get_array()) {
    if (!one.is_string()) return refused("Here should be a list of texts.", where + "/" + pointer_token(key));
    out.emplace_back(one.get_string());
  }
  return out;
}

// Nothing: null or absent.
Result<std::optional<Second>> second_at(const json::object& object, std::string_view key, const Where& where) {
  const auto* found = object.if_contains(key);
  if (found == nullptr || found->is_null()) return std::optional<Second>();
  const auto place = where + "/" + pointer_token(key);
  if (!found->is_string()) return refused("Here should be an instant, or null.", place);
  const auto read = parse_second(found->get_string());
  if (!read) return refused(read.error().message, place);
  return std::optional(*read);
}

Result<std::optional<json::object>> object_at(const json::object& root, std::string_view key) {
  const auto* found = root.if_contains(key);
  if (found == nullptr || found->is_null()) return std::optional<json::object>();
  if (!found->is_object()) return refused("Here should be an object.", "/" + std::string(key));
  return std::optional(found->get_object());
}

Result<std::vector<json::object>> objects_at(const json::object& root, std::string_view key) {
  std::vector<json::object> out;
  const auto* found = root.if_contains(key);
  if (found == nullptr || found->is_null()) return out;
  if (!found->is_array()) return refused("Here should be a list.", "/" + std::string(key));
  for (const auto& one : found->get_array()) {
    if (!one.is_object()) return refused("Here should be an object.", "/" + std::string(key) + "/" + std::to_string(out.size()));
    out.push_back(one.get_object());
  }
  return out;
}

Result<void> facts_fit(std::string_view section, const json::object& facts, const Where& where);

Result<Action> read_action(const json::object& object, const Where& where, const Scenario& scenario) {
  Action out;
  TRY(out.id, text_at(object, "id", where));
  TRY(out.actor, text_at(object, "actor", where));
  if (scenario.party(out.actor) == nullptr) return refused("\"" + out.actor + "\" is no party of this case.", where + "/actor");
  if (scenario.action(out.id) != nullptr) return refused("There are two actions \"" + out.id + "\".", where + "/id");
  TRY(out.type, text_at(object, "type", where));
  if (const auto* to = object.if_contains("to"); to != nullptr && !to->is_null()) {
    TRY(const auto text, text_at(object, "to", where));
    auto read = parse_recipients(text);
    if (!read) return refused(read.error().message, where + "/to");
    if (read->size() > kMostRecipients) return refused("No more than 200 recipients for one action.", where + "/to");
    out.to = *std::move(read);
  }
  TRY(const auto content, texts_at(object, "content", where));
  out.content = {content.begin(), content.end()};
  TRY(const auto at, second_at(object, "at", where));
  if (at) out.at = *at;
  out.stage = string_at(object, "stage");
  if (const auto* weight = object.if_contains("weight"); weight != nullptr && !weight->is_null())
    if (!weight->is_int64() || weight->get_int64() < 1 || weight->get_int64() > kMostWeight) return refused("A weight is a whole number from 1 to 1,000,000.", where + "/weight");
  TRY(facts_fit("actions", object, where));
  out.facts = object;
  return out;
}

Result<Embargo> read_embargo(const json::object& object, const Scenario& scenario) {
  Embargo out;
  TRY(const auto parties, texts_at(object, "parties", "/embargo"));
  for (std::size_t i = 0; i < parties.size(); ++i)
    if (scenario.party(parties[i]) == nullptr) return refused("\"" + parties[i] + "\" is no party of this case.", "/embargo/parties/" + std::to_string(i));
  out.parties = {parties.begin(), parties.end()};
  TRY(out.until, second_at(object, "until", "/embargo"));
  if (const auto* covers = object.if_contains("covers"); covers != nullptr && !covers->is_null()) {
    TRY(const auto texts, texts_at(object, "covers", "/embargo"));
    if (texts.size() > kMostRecipients) return refused("No more than 200 recipients that an embargo covers.", "/embargo/covers");
    out.covers.emplace();
    for (std::size_t i = 0; i < texts.size(); ++i) {
      const auto read = parse_recipients(texts[i]);
      if (!read) return refused(read.error().message, "/embargo/covers/" + std::to_string(i));
      out.covers->insert(out.covers->end(), read->begin(), read->end());
    }
  }
  return out;
}

Result<void> agree(const Scenario& scenario, std::string_view event, std::string_view fact, std::initializer_list<std::string_view> happened) {
  const auto found = scenario.events.find(std::string(event));
  if (found == scenario.events.end() || !scenario.vulnerability) return {};
  const auto* state = scenario.vulnerability->if_contains(fact);
  if (state == nullptr || !state->is_string()) return {};
  const bool says = std::find(happened.begin(), happened.end(), std::string_view(state->get_string())) != happened.end();
  const bool is = found->second && *found->second <= scenario.as_of;
  if (says == is) return {};
  return refused("The vulnerability's " + std::string(fact) + " is \"" + std::string(state->get_string()) + "\", and " + std::string(event) + (is ? " lies before as_of." : " doesn't lie before as_of."),
                 "/events/" + pointer_token(event));
}

bool names_provider(const json::array& components, std::string_view id, int depth) {
  if (depth > 20) return false;
  for (const auto& one : components) {
    if (!one.is_object()) continue;
    if (string_at(one, "provider") == id) return true;
    if (const auto* inner = one.get_object().if_contains("components"); inner != nullptr && inner->is_array() && names_provider(inner->get_array(), id, depth + 1)) return true;
  }
  return false;
}

// ---- of what kind a fact is: one of another kind would be unknown to every rule, or match by accident. Which words it may have: unknown_words.h

enum class Form { YesNo, Number, Text, Texts, TextOrTexts, LengthOfTime };
struct FactForm { std::string_view section, key; Form form; };
constexpr FactForm kFacts[] = {
    {"parties", "established", Form::Text},
    {"parties", "operates_in", Form::Texts},
    {"parties", "sectors", Form::Texts},
    {"parties", "flags", Form::Texts},
    {"product", "market", Form::Texts},
    {"product", "support", Form::Text},
    {"product", "kind", Form::Text},
    {"product", "consumer", Form::YesNo},
    {"product", "commercial", Form::YesNo},
    {"product", "published", Form::Texts},
    {"product", "provider", Form::Text},
    {"vulnerability", "in", Form::Text},
    {"vulnerability", "state", Form::Text},
    {"vulnerability", "exploited", Form::YesNo},
    {"vulnerability", "fix", Form::Text},
    {"vulnerability", "affects_others", Form::YesNo},
    {"vulnerability", "cve_year", Form::Number},
    {"incident", "region", Form::TextOrTexts},
    {"actions", "term", Form::LengthOfTime},  // of a request to keep silent: a wait that ends is another thing than one that doesn't
};

bool is_digits(std::string_view text) { return !text.empty() && text.size() <= 9 && std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; }); }
bool is_length_of_time(const json::value& value) { return value.is_string() && (value.get_string() == "unlimited" || parse_term(value.get_string())); }
bool is_list_of_texts(const json::value& value) { return value.is_array() && std::all_of(value.get_array().begin(), value.get_array().end(), [](const json::value& one) { return one.is_string(); }); }

std::string misfit(const FactForm& fact, const json::value& value) {
  switch (fact.form) {
    case Form::YesNo: return value.is_bool() || value.is_string() ? "" : "Here should be yes or no.";
    case Form::Number: return value.is_int64() || (value.is_string() && is_digits(value.get_string())) ? "" : "Here should be a whole number.";
    case Form::Text: return value.is_string() ? "" : "Here should be a text.";
    case Form::Texts: return is_list_of_texts(value) ? "" : "Here should be a list of texts.";
    case Form::LengthOfTime: return is_length_of_time(value) ? "" : "Here should be a length of time, such as P90D, or unlimited.";
    case Form::TextOrTexts: return value.is_string() || is_list_of_texts(value) ? "" : "Here should be a text or a list of texts.";
  }
  return "";
}

Result<void> facts_fit(std::string_view section, const json::object& facts, const Where& where) {
  for (const auto& fact : kFacts) {
    if (fact.section != section) continue;
    const auto* value = facts.if_contains(fact.key);
    if (value == nullptr || value->is_null()) continue;
    if (auto why = misfit(fact, *value); !why.empty()) return refused(std::move(why), where + "/" + std::string(fact.key));
  }
  return {};
}

}  // namespace

std::string why_unfit(std::string_view section, std::string_view key, const json::value& value) {
  const auto* found = std::find_if(std::begin(kFacts), std::end(kFacts), [&](const FactForm& one) { return one.section == section && one.key == key; });
  return value.is_null() || found == std::end(kFacts) ? std::string() : misfit(*found, value);
}

const Party* Scenario::party(std::string_view id) const {
  const auto found = std::find_if(parties.begin(), parties.end(), [&](const Party& one) { return one.id == id; });
  return found == parties.end() ? nullptr : &*found;
}

const Action* Scenario::action(std::string_view id) const {
  const auto found = std::find_if(actions.begin(), actions.end(), [&](const Action& one) { return one.id == id; });
  return found == actions.end() ? nullptr : &*found;
}

bool Scenario::provides(const Party& party) const {
  const auto provider = product ? string_at(*product, "provider") : std::string_view();
  return provider.empty() ? party.role == "vendor" : provider == party.id;
}

bool Scenario::provides_component(const Party& party) const {
  if (party.role == "component-vendor") return true;
  if (!product) return false;
  const auto* components = product->if_contains("components");
  return components != nullptr && components->is_array() && names_provider(components->get_array(), party.id, 0);
}

Result<Scenario> read_scenario(const json::value& value, const Vocabulary& vocabulary) {
  if (!value.is_object()) return refused("A case is an object.", "");
  const auto& root = value.get_object();
  Scenario out;
  if (const auto* id = root.if_contains("id"); id != nullptr && !id->is_null() && !id->is_string()) return refused("Here should be a text.", "/id");
  out.id = string_at(root, "id");
  out.title = string_at(root, "title");
  TRY(const auto as_of, second_at(root, "as_of", ""));
  if (!as_of) return refused("As of when? Give an instant.", "/as_of");
  out.as_of = *as_of;
  TRY(out.regimes, texts_at(root, "regimes", ""));
  TRY(const auto assumed, texts_at(root, "assume_in_force", ""));
  out.assumed = {assumed.begin(), assumed.end()};
  out.assumed_as_given = assumed;
  TRY(const auto readings, object_at(root, "readings"));
  if (readings)
    for (const auto& [name, choice] : *readings) {
      if (!choice.is_string()) return refused("A reading has one word.", "/readings/" + pointer_token(name));
      out.readings[name] = choice.get_string();
    }
  TRY(const auto parties, objects_at(root, "parties"));
  if (parties.size() > kMostParties) return refused("No more than 1,000 parties.", "/parties");
  for (std::size_t i = 0; i < parties.size(); ++i) {
    const auto where = "/parties/" + std::to_string(i);
    Party party;
    TRY(party.id, text_at(parties[i], "id", where));
    party.role = string_at(parties[i], "role");
    if (out.party(party.id) != nullptr) return refused("There are two parties \"" + party.id + "\".", where + "/id");
    TRY(facts_fit("parties", parties[i], where));
    party.facts = parties[i];
    out.parties.push_back(std::move(party));
  }
  TRY(out.product, object_at(root, "product"));
  TRY(out.vulnerability, object_at(root, "vulnerability"));
  TRY(out.incident, object_at(root, "incident"));
  for (const auto& [section, facts] : {std::pair{"product", &out.product}, {"vulnerability", &out.vulnerability}, {"incident", &out.incident}})
    if (*facts) TRY(facts_fit(section, **facts, "/" + std::string(section)));
  TRY(const auto embargo, object_at(root, "embargo"));
  if (embargo) {
    TRY(out.embargo, read_embargo(*embargo, out));
  }
  TRY(const auto events, object_at(root, "events"));
  if (events && events->size() > kMostEvents) return refused("No more than 10,000 events.", "/events");
  if (events)
    for (const auto& [name, at] : *events) {
      TRY(const auto when, second_at(*events, name, "/events"));
      const auto plain = std::string_view(name).substr(0, name.find('@'));
      if (plain.size() < name.size() && out.party(std::string_view(name).substr(plain.size() + 1)) == nullptr) return refused("This event is of nobody in this case.", "/events/" + pointer_token(name));
      out.events[name] = when;
      (void)at;
    }
  TRY(const auto actions, objects_at(root, "actions"));
  if (actions.size() > kMostActions) return refused("No more than 500 actions.", "/actions");
  for (std::size_t i = 0; i < actions.size(); ++i) {
    TRY(auto action, read_action(actions[i], "/actions/" + std::to_string(i), out));
    out.actions.push_back(std::move(action));
  }
  TRY(agree(out, "vuln.public", "state", {"public"}));
  TRY(agree(out, "fix.available", "fix", {"available", "mitigation"}));
  out.unknown_words = unknown_words(root, out, vocabulary);
  return out;
}

}  // namespace sluice::regimes
