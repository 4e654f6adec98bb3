#include "regimes/world.h"

#include <algorithm>

namespace sluice::regimes {

namespace {

std::optional<Words> words_of(const json::value& value) {
  Words out;
  if (value.is_string()) out.emplace_back(value.get_string());
  else if (value.is_bool()) out.emplace_back(value.get_bool() ? "yes" : "no");
  else if (value.is_int64()) out.push_back(std::to_string(value.get_int64()));
  else if (value.is_double()) out.push_back(canonical(value));
  else if (value.is_array()) {
    for (const auto& one : value.get_array())
      if (auto inner = words_of(one); inner && one.is_string()) out.push_back(inner->front());
  } else {
    return std::nullopt;  // null, or an object, of which nothing is asked as a whole
  }
  return out;
}

std::optional<Words> field(const json::object& object, std::string_view key) {
  const auto* found = object.if_contains(key);
  return found == nullptr ? std::nullopt : words_of(*found);
}

Words yes_or_no(bool yes) { return {yes ? "yes" : "no"}; }

bool is_list(std::string_view key) {
  static constexpr std::string_view kLists[] = {"flags", "operates_in", "sectors", "market", "published", "content"};
  return std::find(std::begin(kLists), std::end(kLists), key) != std::end(kLists);
}

std::optional<Words> with_empty_lists(const json::object& object, std::string_view key) {
  auto found = field(object, key);
  if (!found && is_list(key)) return Words{};
  return found;
}

// A place may be a sector too, and a pack may have no land.
bool is_land(std::string_view place) { return !place.empty() && place[0] >= 'A' && place[0] <= 'Z'; }

std::size_t count_components(const json::object& object) {
  const auto* components = object.if_contains("components");
  if (components == nullptr || !components->is_array()) return 0;
  std::size_t out = 0;
  for (const auto& one : components->get_array())
    if (one.is_object()) out += 1 + count_components(one.get_object());
  return out;
}

}  // namespace

// ---- events ----------------------------------------------------------------------------------------------------------------------------------

std::optional<Span> World::given(std::string_view name) const {
  const auto found = scenario.events.find(std::string(name));
  if (found == scenario.events.end()) return std::nullopt;
  return found->second ? Span{*found->second, *found->second} : kNotAtAll;
}

std::optional<When> World::caused(std::string_view name) const {
  static const Pack kNoPack;
  std::optional<When> out;
  for (const auto& cause : words.causes) {
    if (cause.event != name) continue;
    for (const auto& action : scenario.actions) {
      if (!action.at || !cause.types.contains(action.type)) continue;
      const bool told = cause.to.empty() || std::any_of(action.to.begin(), action.to.end(), [&](const Recipient& one) { return tells(one, {cause.to, {}, {}}, kNoPack, "") == Truth::True; });
      if (!told) continue;
      if (const auto at = done_at(action)) out = out ? std::min(*out, *at) : *at;
    }
  }
  return out;
}

bool World::is_given(std::string_view name, const Party* party) const {
  const auto is = [&](const std::string& key) { const auto span = given(key); return span && happens(*span); };
  return (party != nullptr && is(std::string(name) + "@" + party->id)) || is(std::string(name));
}

Span World::event(std::string_view name, const Party* party, By by) const {
  const auto known = words.events.find(name);
  const auto whose = known == words.events.end() ? Whose::Case : known->second;
  if (party != nullptr) {
    const auto own = std::string(name) + "@" + party->id;
    if (const auto span = given(own); span && happens(*span)) return *span;
    const auto made = made_.find(own);
    if (const auto all = given(name); made != made_.end() && !(all && happens(*all))) return {made->second, made->second};
    if (given(own)) return kNotAtAll;
    // Somebody else's, unless it says whose: the provider's, where the provider takes part.
    if (whose == Whose::Provider && !scenario.provides(*party) && std::any_of(scenario.parties.begin(), scenario.parties.end(), [&](const Party& one) { return scenario.provides(one); })) return kNotAtAll;
  }
  const auto plain = given(name);
  if (plain && happens(*plain)) return *plain;
  if (!plain && whose == Whose::Case) {
    // Named for others only: the provider's, else the only one there is.
    const std::string* only = nullptr;
    for (const auto& [key, at] : scenario.events) {
      if (!at || !key.starts_with(std::string(name) + "@")) continue;
      const auto* owner = scenario.party(std::string_view(key).substr(name.size() + 1));
      if (owner != nullptr && scenario.provides(*owner)) return {*at, *at};
      only = only == nullptr ? &key : nullptr;
    }
    if (only != nullptr) return {*scenario.events.at(*only), *scenario.events.at(*only)};
  }
  if (const auto at = by == By::Anything ? caused(name) : std::nullopt) {
    // What had happened by as_of, at whatever time, isn't brought about by what comes later.
    const auto stated = event(name, party, By::Statement);
    return happens(stated) && When(scenario.as_of) < *at ? stated : Span{*at, *at};
  }
  if (plain) return kNotAtAll;
  if (name == "release.done") {
    const auto fix = event("fix.available", nullptr), known_to_all = event("vuln.public", nullptr);
    return {std::max(fix.from, known_to_all.from), std::max(fix.to, known_to_all.to)};
  }
  if (name == "embargo.end") return scenario.embargo && scenario.embargo->until ? Span{*scenario.embargo->until, *scenario.embargo->until} : kNotAtAll;
  const auto state = [&](std::string_view key) { return scenario.vulnerability ? string_at(*scenario.vulnerability, key) : std::string_view(); };
  if (name == "vuln.public" && state("state") == "public") return {kEver, scenario.as_of};
  if (name == "fix.available" && (state("fix") == "available" || state("fix") == "mitigation")) return {kEver, scenario.as_of};
  // What users can have was made before, by whoever makes it; who has to deploy it has done nothing yet.
  const bool made_it = party == nullptr || scenario.provides(*party) || scenario.provides_component(*party) || (party->role == "operator" && state("in") == "operator-network");
  if (name == "measures.taken" && made_it)
    if (const auto fix = event("fix.available", nullptr, by); happens(fix)) return {kEver, fix.to};
  return kNotAtAll;
}

// ---- who is told -----------------------------------------------------------------------------------------------------------------------------

std::vector<World::Body> World::bodies(const Recipient& told) const {
  std::vector<Body> out;
  const auto add = [&](const auto& self, const std::string& kind, const std::string& place, const std::string& level) -> void {
    if (std::any_of(out.begin(), out.end(), [&](const Body& one) { return one.kind == kind; })) return;
    out.push_back({kind, place, level});
    const auto found = words.recipients.find(kind);
    if (found == words.recipients.end()) return;
    for (const auto& inner : found->second.holds) self(self, inner, place, "");
    for (const auto& same : found->second.as) self(self, same.kind, same.place, same.level);
  };
  if (const auto* party = scenario.party(told.kind); party != nullptr) {
    const auto place = std::string(string_at(party->facts, "established"));
    out.push_back({party->id, place, told.level});
    // One of the affected vendors doesn't stand for the others, so that kind isn't opened here.
    const auto is = [&](std::string kind) { out.push_back({std::move(kind), place, told.level}); };
    const bool provides = scenario.provides(*party), component = scenario.provides_component(*party);
    if (const auto role = words.roles.find(party->role); role != words.roles.end()) {
      for (const auto& kind : role->second) {
        if (kind == "affected-vendors") is(kind);
        else if (kind != "vendor") add(add, kind, place, told.level);
      }
    }
    if (provides) is("vendor"), is("affected-vendors");
    if (component) is("upstream-vendor"), is("affected-vendors");
    else if (party->role == "vendor" && !provides) is("downstream-vendor");
    return out;
  }
  add(add, told.kind, told.place, told.level);
  return out;
}

Truth World::is_foreign(const Recipient& told, const Pack& pack) const {
  return is_foreign_to(told, [&](std::string_view place) { return truth(!words.same_or_part(pack.jurisdiction, place)); });
}

template <typename Abroad>
Truth World::is_foreign_to(const Recipient& told, const Abroad& abroad) const {
  if (const auto* party = scenario.party(told.kind); party != nullptr) {
    if (scenario.provides(*party)) return Truth::False;
    const auto place = string_at(party->facts, "established");
    return place.empty() ? Truth::Unknown : abroad(place);
  }
  if (told.kind == "foreign") return Truth::True;
  if (told.kind == "vendor") return Truth::False;
  const auto kind = words.recipients.find(told.kind);
  if (is_land(told.place) && (kind == words.recipients.end() || kind->second.body)) return abroad(told.place);  // a sector is no land
  if (kind == words.recipients.end()) return Truth::Unknown;
  if (!kind->second.body) return Truth::False;
  if (!kind->second.home.empty()) return abroad(kind->second.home);
  Truth out = Truth::Unknown;  // a role: whoever of the case has it
  for (const auto& party : scenario.parties) {
    const auto role = words.roles.find(party.role);
    if (role == words.roles.end() || std::find(role->second.begin(), role->second.end(), told.kind) == role->second.end() || scenario.provides(party)) continue;
    if (is_foreign_to({party.id, {}, {}}, abroad) == Truth::True) return Truth::True;
    out = Truth::False;
  }
  return out;
}

Truth World::is_needed(const Recipient& told) const {
  Truth out = Truth::False;
  bool any = false;
  for (const auto& body : bodies(told)) {
    const auto kind = words.recipients.find(body.kind);
    if (kind == words.recipients.end()) continue;
    if (kind->second.needed == Truth::True) return Truth::True;
    if (!any || kind->second.needed == Truth::Unknown) out = kind->second.needed;
    any = true;
  }
  // The wider circle decides: the public holds users, and is more than they are.
  const auto kind = words.recipients.find(told.kind);
  if (kind != words.recipients.end()) return kind->second.needed;
  return any ? out : Truth::Unknown;
}

// A state's body of another land than the rule's: whoever the rule speaks to and wherever that sits, the rule can't mean this one.
bool World::is_beyond(const Body& body, const Pack& pack) const {
  const auto kind = words.recipients.find(body.kind);
  const auto& land = pack.jurisdiction;
  return kind != words.recipients.end() && kind->second.authority && is_land(land) && is_land(body.place) && !words.same_or_part(land, body.place) && !words.same_or_part(body.place, land);
}

Truth World::tells(const Recipient& told, const Recipient& asked, const Pack& pack, const std::optional<std::string>& place) const {
  if (asked.kind == "any") return Truth::True;
  if (asked.kind == "foreign") return is_foreign(told, pack);
  if (asked.kind == "need-to-know") return is_needed(told);
  if (asked.kind == "not-essential") return !is_needed(told);
  const auto all = bodies(told);
  if (asked.kind == "authority")
    return truth(std::any_of(all.begin(), all.end(), [&](const Body& one) {
      const auto kind = words.recipients.find(one.kind);
      return one.kind == "authority" || (kind != words.recipients.end() && kind->second.authority);
    }));
  if (asked.kind == "participants" && told.kind != "participants") {  // of the embargo, else of the case
    std::set<std::string> inside;
    for (const auto& party : scenario.parties) inside.insert(party.id);
    if (scenario.embargo) inside = scenario.embargo->parties;
    return truth(inside.contains(told.kind) || has_only(told, inside));
  }
  const auto& where = asked.place.empty() ? place : std::optional(asked.place);
  Truth out = Truth::False;
  for (const auto& one : all) {
    if (one.kind != asked.kind) continue;
    if (!asked.level.empty() && !one.level.empty() && words.level(one.level) < words.level(asked.level)) continue;
    if (one.place.empty()) return Truth::True;
    if (scenario.party(told.kind) != nullptr) return Truth::True;  // a party is the body that it is
    if (asked.place.empty() && is_beyond(one, pack)) continue;
    if (where && where->empty()) return Truth::True;
    if (!where) out = Truth::Unknown;
    else if (words.same_or_part(one.place, *where)) return Truth::True;
  }
  return out;
}

// Whether a body surely stands somewhere else: by its own place, or by its home.
bool World::is_elsewhere(const Recipient& told, std::string_view place) const {
  std::string_view at = told.place;
  if (const auto* party = scenario.party(told.kind); party != nullptr) at = string_at(party->facts, "established");
  else if (const auto kind = words.recipients.find(told.kind); kind != words.recipients.end() && !is_land(at)) at = kind->second.home;
  return is_land(at) && is_land(place) && !words.same_or_part(at, place) && !words.same_or_part(place, at);
}

bool World::embargoed(const Recipient& told) const {
  if (!scenario.embargo) return false;
  static const Pack kNoPack;
  // An agreement has no jurisdiction: abroad is what lies outside every land in which one of those who agreed is established.
  const auto abroad = [&](std::string_view place) {
    return truth(std::none_of(scenario.embargo->parties.begin(), scenario.embargo->parties.end(), [&](const std::string& id) {
      const auto home = string_at(scenario.party(id)->facts, "established");
      return words.same_or_part(home, place) || words.same_or_part(place, home);
    }));
  };
  if (scenario.embargo->covers)
    return std::any_of(scenario.embargo->covers->begin(), scenario.embargo->covers->end(), [&](const Recipient& covered) {
      if (!covered.place.empty() && is_elsewhere(told, covered.place)) return false;
      if (covered.kind == "foreign") return is_foreign_to(told, abroad) == Truth::True;
      return told.kind == covered.kind || tells(told, covered, kNoPack, covered.place) == Truth::True;
    });
  static constexpr std::string_view kInside[] = {"participants", "internal", "own-network", "own-service"};
  if (std::find(std::begin(kInside), std::end(kInside), told.kind) != std::end(kInside)) return false;
  if (scenario.party(told.kind) != nullptr) return !scenario.embargo->parties.contains(told.kind);
  return !has_only(told, scenario.embargo->parties);
}

bool World::has_only(const Recipient& told, const std::set<std::string>& inside) const {
  bool any = false;
  for (const auto& party : scenario.parties) {
    const auto all = bodies({party.id, {}, {}});
    if (std::none_of(all.begin(), all.end(), [&](const Body& one) { return one.kind == told.kind; })) continue;
    if (!inside.contains(party.id)) return false;
    any = true;
  }
  return any;
}

std::string World::choice(const Pack& pack, const Rule* rule, std::string_view reading) const {
  const auto chosen_by = [&](const std::map<std::string, std::string>& readings, const std::string& owner) -> const std::string* {
    if (readings.empty()) return nullptr;  // as for most cases: no name is put together
    const auto found = readings.find(owner + "." + std::string(reading));
    return found == readings.end() ? nullptr : &found->second;
  };
  if (const auto* other = chosen_by(other_readings, pack.id)) return *other;
  if (const auto* found = rule == nullptr ? nullptr : chosen_by(scenario.readings, rule->id)) return *found;
  if (const auto* found = chosen_by(scenario.readings, pack.id)) return *found;
  const auto* known = pack.reading(reading);
  return known == nullptr || known->choices.empty() ? std::string() : known->choices.front().first;
}

// ---- facts -----------------------------------------------------------------------------------------------------------------------------------

Span RuleFacts::event(std::string_view name) const {
  if (name == "action") return {at_, at_};
  if (name == "as_of") return {world_.scenario.as_of, world_.scenario.as_of};
  const auto span = world_.event(name, party_);
  if (!happens(span))
    if (const auto own = pack_.events.find(name); own != pack_.events.end()) return {own->second, own->second};
  return span;
}

bool RuleFacts::given(std::string_view name) const {
  const auto& scenario = world_.scenario;
  if (name == "incident") return scenario.incident.has_value();
  if (name == "vulnerability") return scenario.vulnerability.has_value();
  if (name == "product") return scenario.product.has_value();
  if (name == "embargo") return scenario.embargo.has_value();
  if (name.find('.') != name.npos && world_.words.events.contains(name)) return world_.is_given(name, party_);
  return fact(name).has_value();
}

// In a duty: what the party's actions of the rule's act say, each of them. One yes is enough.
std::optional<Words> RuleFacts::of_own_actions(std::string_view key) const {
  std::optional<Words> out;
  if (rule_ == nullptr || party_ == nullptr || is_list(key)) return out;
  for (const auto& action : world_.scenario.actions) {  // of a rule that names no act: all
    if (action.actor != party_->id || (rule_->plain.act && !rule_->plain.act->types.empty() && !rule_->plain.act->types.contains(action.type))) continue;
    const auto found = field(action.facts, key);
    if (!found) continue;
    if (*found == Words{"yes"}) return found;
    if (!out) out.emplace();
    out->insert(out->end(), found->begin(), found->end());
  }
  return out;
}

namespace {

// Where the parts that this party made were themselves put on the market, as far as the case says so of each.
bool add_markets(const json::array& components, std::string_view provider, Words& to, bool& is_known, int depth = 0) {
  if (depth > 20) return is_known = false;
  bool any = false;
  for (const auto& one : components) {
    if (!one.is_object()) continue;
    const auto& own = one.get_object();
    if (string_at(own, "provider") == provider) {
      any = true;
      const auto markets = with_empty_lists(own, "market");
      is_known = is_known && own.contains("market") && !own.at("market").is_null();
      if (markets) to.insert(to.end(), markets->begin(), markets->end());
    }
    if (const auto* inner = own.if_contains("components"); inner != nullptr && inner->is_array()) any = add_markets(inner->get_array(), provider, to, is_known, depth + 1) || any;
  }
  return any;
}
std::optional<Words> component_market(const Scenario& scenario, std::string_view provider) {
  const auto* components = scenario.product ? scenario.product->if_contains("components") : nullptr;
  Words out;
  bool is_known = true;
  if (components == nullptr || !components->is_array() || !add_markets(components->get_array(), provider, out, is_known) || !is_known) return std::nullopt;
  return out;
}

}  // namespace

std::optional<Words> RuleFacts::fact(std::string_view name) const {
  const auto& scenario = world_.scenario;
  const auto dot = name.find('.');
  const auto subject = name.substr(0, dot), key = dot == name.npos ? std::string_view() : name.substr(dot + 1);
  if (subject == "party") {
    if (party_ == nullptr) return std::nullopt;
    if (key == "provides") return yes_or_no(scenario.provides(*party_));
    if (key == "provides_component") return yes_or_no(scenario.provides_component(*party_));
    if (key == "component_market") return component_market(scenario, party_->id);
    if (key == "embargoed") return yes_or_no(scenario.embargo && scenario.embargo->parties.contains(party_->id));
    return with_empty_lists(party_->facts, key);
  }
  if (subject == "product") {
    if (key == "components") return Words{std::to_string(scenario.product ? count_components(*scenario.product) : 0)};
    auto found = scenario.product ? with_empty_lists(*scenario.product, key) : std::nullopt;
    if (!found && key == "support") return Words{"supported"};
    if (!found && key == "kind") return Words{"product"};
    return found;
  }
  if (subject == "vulnerability") return scenario.vulnerability ? field(*scenario.vulnerability, key) : std::nullopt;
  if (subject == "incident") return scenario.incident ? field(*scenario.incident, key) : std::nullopt;
  if (subject == "embargo") {
    if (key == "parties" && scenario.embargo) return Words(scenario.embargo->parties.begin(), scenario.embargo->parties.end());
    return std::nullopt;
  }
  if (subject == "action") {
    if (action_ == nullptr) return of_own_actions(key);
    if (key == "to") {
      Words out;
      for (const auto& one : action_->to) out.push_back(one.kind);
      return out;
    }
    return with_empty_lists(action_->facts, key);
  }
  if (subject == "plan") {
    Words out;
    for (const auto& action : scenario.actions) {
      if (key == "types") out.push_back(action.type);
      else if (const auto at = done_at(action); key == "told" && at && *at <= at_)
        for (const auto& one : action.to) out.push_back(one.kind);
    }
    return out;
  }
  // Of whoever has the role, together.
  std::optional<Words> out;
  for (const auto& party : scenario.parties)
    if (party.role == subject)
      if (const auto found = with_empty_lists(party.facts, key)) {
        if (!out) out.emplace();
        out->insert(out->end(), found->begin(), found->end());
      }
  return out;
}

}  // namespace sluice::regimes
