#include "regimes/scope.h"

#include <algorithm>

namespace sluice::regimes {

namespace {

std::optional<Words> words_in(const json::object& object, std::string_view key) {
  const auto* found = object.if_contains(key);
  if (found == nullptr || found->is_null() || found->is_object()) return std::nullopt;
  if (found->is_string()) return Words{std::string(found->get_string())};
  if (found->is_bool()) return Words{found->get_bool() ? "yes" : "no"};
  if (found->is_int64()) return Words{std::to_string(found->get_int64())};
  Words out;
  if (found->is_array())
    for (const auto& one : found->get_array())
      if (one.is_string()) out.emplace_back(one.get_string());
  return out;
}

// What a scope may ask, of one party: facts as they are given, and no act. A list that isn't given is empty, but the places of a product's markets, which decide
// whether whole laws speak: those are asked.
class ScopeFacts final : public Facts {
 public:
  ScopeFacts(const Scenario& scenario, const Vocabulary& words, const Pack& pack, const Party& party) : scenario_(scenario), words_(words), pack_(pack), party_(party) {}

  std::optional<Words> fact(std::string_view name) const override {
    const auto dot = name.find('.');
    const auto subject = name.substr(0, dot), key = dot == name.npos ? std::string_view() : name.substr(dot + 1);
    if (subject == "party") {
      if (key == "provides") return Words{scenario_.provides(party_) ? "yes" : "no"};
      if (key == "provides_component") return Words{scenario_.provides_component(party_) ? "yes" : "no"};
      return list_or(party_.facts, key);
    }
    if (subject == "product") {
      auto found = scenario_.product ? words_in(*scenario_.product, key) : std::nullopt;
      if (!found && key == "support") return Words{"supported"};
      if (!found && key == "kind") return Words{"product"};
      return found;
    }
    if (subject == "vulnerability") return scenario_.vulnerability ? words_in(*scenario_.vulnerability, key) : std::nullopt;
    if (subject == "incident") return scenario_.incident ? words_in(*scenario_.incident, key) : std::nullopt;
    std::optional<Words> out;
    for (const auto& party : scenario_.parties)
      if (party.role == subject)
        if (const auto found = list_or(party.facts, key)) {
          if (!out) out.emplace();
          out->insert(out->end(), found->begin(), found->end());
        }
    return out;
  }
  bool given(std::string_view name) const override {
    if (name == "incident") return scenario_.incident.has_value();
    if (name == "vulnerability") return scenario_.vulnerability.has_value();
    if (name == "product") return scenario_.product.has_value();
    if (name == "embargo") return scenario_.embargo.has_value();
    return fact(name).has_value();
  }
  Span event(std::string_view name) const override {
    if (name == "as_of" || name == "action") return {scenario_.as_of, scenario_.as_of};
    for (const auto& key : {std::string(name) + "@" + party_.id, std::string(name)})
      if (const auto found = scenario_.events.find(key); found != scenario_.events.end()) return found->second ? Span{*found->second, *found->second} : kNotAtAll;
    if (const auto own = pack_.events.find(name); own != pack_.events.end()) return {own->second, own->second};
    return kNotAtAll;
  }
  Second start_of(std::chrono::sys_days day) const override { return pack_.calendar.zone.start_of(day); }
  When instant() const override { return scenario_.as_of; }
  std::string reading(std::string_view name) const override {
    const auto chosen = scenario_.readings.find(pack_.id + "." + std::string(name));
    if (chosen != scenario_.readings.end()) return chosen->second;
    const auto* known = pack_.reading(name);
    return known == nullptr || known->choices.empty() ? std::string() : known->choices.front().first;
  }
  bool same_or_part(std::string_view whole, std::string_view part) const override { return words_.same_or_part(whole, part); }
  const Calendar& calendar() const override { return pack_.calendar; }

 private:
  static std::optional<Words> list_or(const json::object& object, std::string_view key) {
    auto found = words_in(object, key);
    if (!found && (key == "flags" || key == "operates_in" || key == "sectors")) return Words{};
    return found;
  }
  const Scenario& scenario_;
  const Vocabulary& words_;
  const Pack& pack_;
  const Party& party_;
};

bool has_flag(const Party& party, std::string_view flag) {
  const auto flags = words_in(party.facts, "flags").value_or(Words{});
  return std::find(flags.begin(), flags.end(), flag) != flags.end();
}

bool obliges(const Rule& rule) { return rule.plain.modality != Modality::Definition && rule.plain.modality != Modality::Sanction; }

// Whether the regime speaks to this party by what it is: its scope, and the subject of one of its rules.
Truth speaks_to(const Pack& pack, const Party& party, const ScopeFacts& facts, Grounds& grounds) {
  if (!pack.owner.empty()) {
    if (!has_flag(party, pack.owner)) return Truth::False;
    if (grounds.is_kept) grounds.facts.insert("party.flags is " + pack.owner);
  }
  Grounds own, unknown;
  own.is_kept = unknown.is_kept = grounds.is_kept;
  const auto scope = pack.scope.holds(facts, own);
  if (scope == Truth::False) return Truth::False;
  grounds.add(own);
  Truth out = Truth::False;
  for (const auto& rule : pack.rules) {
    if (!obliges(rule)) continue;
    Grounds subject;
    subject.is_kept = grounds.is_kept;
    const auto binds = rule.plain.binds.holds(facts, subject);
    if (binds == Truth::True) {
      // A law without a word on its scope is brought in by its subjects; a rule for anybody says nothing about who is meant.
      if (pack.scope.is_empty() && rule.plain.binds.is_empty() && pack.owner.empty()) continue;
      if (pack.scope.is_empty()) grounds.add(subject);
      return both(scope, Truth::True);
    }
    if (binds == Truth::Unknown) out = Truth::Unknown, unknown.add(subject);
  }
  if (out == Truth::Unknown) grounds.add(unknown);
  return both(scope, out);
}

bool is_of_incident(std::string_view name) { return name == "incident" || name.starts_with("incident.") || name.starts_with("breach."); }

bool waits_for_incident(const Due& due) { return is_of_incident(due.after) || std::any_of(due.of.begin(), due.of.end(), waits_for_incident); }

// A duty of the pack begins with an incident.
bool speaks_of_incidents(const Pack& pack) {
  return std::any_of(pack.rules.begin(), pack.rules.end(), [](const Rule& rule) {
    const auto& tests = rule.plain.when.tests();
    return rule.plain.modality == Modality::Must && (waits_for_incident(rule.plain.due) || std::any_of(tests.begin(), tests.end(), [](const Test& test) { return is_of_incident(test.name); }));
  });
}

// Whose incident it is, as far as its events say; nobody: it may be anybody's.
std::set<std::string, std::less<>> whose_incident(const Scenario& scenario) {
  std::set<std::string, std::less<>> out;
  for (const auto& [name, at] : scenario.events)
    if (const auto sign = name.find('@'); sign != name.npos && is_of_incident(std::string_view(name).substr(0, sign))) out.insert(name.substr(sign + 1));
  return out;
}

// The incident was where this pack rules, and the pack would speak to the party if it operated there. Where it happened is no proof of that, so it is asked.
void ask_where_it_was(Proposed& one, const Pack& pack, const Scenario& scenario, const Vocabulary& words) {
  const auto where = scenario.incident ? words_in(*scenario.incident, "region").value_or(Words{}) : Words{};
  const auto here = std::find_if(where.begin(), where.end(), [&](const std::string& place) { return words.same_or_part(pack.jurisdiction, place); });
  if (here == where.end() || !speaks_of_incidents(pack)) return;
  const auto whose = whose_incident(scenario);
  for (const auto& party : scenario.parties) {
    if (!whose.empty() && !whose.contains(party.id)) continue;
    auto as_if = party;
    auto& places = as_if.facts["operates_in"];
    if (!places.is_array()) places = json::array{};
    places.get_array().push_back(json::value(here->substr(0, 2)));
    auto unused = Grounds::unasked();
    if (speaks_to(pack, as_if, ScopeFacts(scenario, words, pack, as_if), unused) == Truth::False) continue;
    one.in = Truth::Unknown;
    one.because.push_back({party.id, {"incident.region is " + *here}});
    if (one.questions.empty()) one.questions.push_back("party.operates_in");
  }
}

}  // namespace

std::set<std::string> spoken_to(const Scenario& scenario, const Library& library, const Party& party) {
  std::set<std::string> out;
  for (const auto& [id, pack] : library.packs) {
    const bool is_law = pack.force == Force::Law || (pack.force == Force::Draft && scenario.assumed.contains(id));
    if (!is_law || (pack.until && scenario.as_of >= *pack.until)) continue;
    const ScopeFacts facts(scenario, library.words, pack, party);
    auto unused = Grounds::unasked();
    if (pack.scope.holds(facts, unused) == Truth::False) continue;
    for (const auto& rule : pack.rules)
      if (obliges(rule) && rule.plain.binds.holds(facts, unused) == Truth::True) out.insert(rule.id);
  }
  return out;
}

std::vector<Proposed> propose_scope(const Scenario& scenario, const Library& library) {
  std::vector<Proposed> out;
  for (const auto& [id, pack] : library.packs) {
    Proposed one{&pack, Truth::False, {}, {}};
    if (pack.force == Force::Advice) {
      one.in = Truth::True;
    } else {
      for (const auto& party : scenario.parties) {
        const ScopeFacts facts(scenario, library.words, pack, party);
        if (auto unused = Grounds::unasked(); speaks_to(pack, party, facts, unused) == Truth::False) continue;  // as most: no words are put together for it
        Grounds grounds;
        const auto speaks = speaks_to(pack, party, facts, grounds);
        one.in = either(one.in, speaks);
        if (speaks == Truth::True) one.because.push_back({party.id, {grounds.facts.begin(), grounds.facts.end()}});
        if (speaks == Truth::Unknown)
          for (const auto& question : grounds.questions)
            if (std::find(one.questions.begin(), one.questions.end(), question) == one.questions.end()) one.questions.push_back(question);
      }
      if (one.in == Truth::True) one.questions.clear();
      if (one.in == Truth::False) ask_where_it_was(one, pack, scenario, library.words);
    }
    out.push_back(std::move(one));
  }
  return out;
}

bool is_not_law_yet(const Pack& pack, Second at) {
  if (pack.force != Force::Law) return false;
  const auto begun = [&](const RuleBody& body) {
    const auto from = body.from ? body.from : pack.from;
    return !from || *from <= at;
  };
  const bool has_begun = pack.rules.empty() ? !pack.from || *pack.from <= at : std::any_of(pack.rules.begin(), pack.rules.end(), [&](const Rule& rule) {
    if (rule.plain.modality == Modality::Definition || rule.plain.modality == Modality::Sanction) return false;
    return begun(rule.plain) || std::any_of(rule.in_reading.begin(), rule.in_reading.end(), [&](const auto& one) { return begun(std::get<RuleBody>(one)); });
  });
  return !has_begun;
}

bool is_law_no_more(const Pack& pack, Second at) { return pack.force == Force::Law && pack.until && at >= *pack.until; }

}  // namespace sluice::regimes
