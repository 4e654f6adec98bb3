#include "regimes/departure.h"

#include <algorithm>
#include <tuple>

namespace sluice::regimes {

namespace {

bool measures(const Yardsticks& yardsticks, const Pack& pack, const Rule& rule) {
  return yardsticks.empty() || std::any_of(yardsticks.begin(), yardsticks.end(), [&](const std::string& one) { return one == pack.id || one == rule.id; });
}

bool is_law_or_draft(const Pack& pack) { return pack.force == Force::Law || pack.force == Force::Draft; }

using Key = std::tuple<const Rule*, const Rule*>;

// Under the readings of the shelf alone.
void collect(const Shelf& shelf, const Pack& pack, const Yardsticks& yardsticks, const std::string& under, std::map<Key, Departure>& to) {
  for (const auto& one : pack.rules) {
    if (!shelf.is_in_force(pack, one)) continue;
    const auto rule = shelf.applied(pack, one);
    for (const auto& topic : rule.body->against) {
      Grounds unused;
      const auto holds = shelf.holds(pack, one, topic.condition, unused);
      if (holds == Truth::False) continue;
      for (const auto& [id, other] : shelf.library().packs) {
        if (&other == &pack) continue;
        for (const auto& norm : other.rules) {
          if (norm.plain.norm.empty() && norm.in_reading.empty()) continue;
          const auto& norms = shelf.applied(other, norm).body->norm;
          if (std::find(norms.begin(), norms.end(), topic.topic) == norms.end() || !measures(yardsticks, other, norm) || !shelf.is_in_force(other, norm)) continue;
          to.try_emplace({&one, &norm}, Departure{&pack, &one, &other, &norm, topic.why.empty() ? topic.topic : topic.why, holds == Truth::Unknown ? topic.condition.text() : "", under});
        }
      }
    }
  }
}

std::vector<Departure> in_order(const std::vector<const Pack*>& packs, const std::map<Key, Departure>& all) {
  std::vector<Departure> out;
  for (const auto* pack : packs)
    for (const auto& rule : pack->rules) {
      std::vector<Departure> of_rule;
      for (const auto& [key, one] : all)
        if (one.rule == &rule) of_rule.push_back(one);
      std::sort(of_rule.begin(), of_rule.end(), [](const Departure& a, const Departure& b) { return a.norm->id < b.norm->id; });
      out.insert(out.end(), of_rule.begin(), of_rule.end());
    }
  return out;
}

}  // namespace

Result<void> check(const Yardsticks& yardsticks, const Library& library) {
  for (const auto& one : yardsticks) {
    const auto pack = library.packs.find(one.substr(0, one.find('/')));
    if (pack == library.packs.end() || (one.find('/') != one.npos && pack->second.rule(one) == nullptr)) return fail(ErrorKind::NotFound, "There is no pack or rule \"" + one + "\" to measure by.");
  }
  return {};
}

std::vector<Departure> departures(const Shelf& shelf, const std::vector<const Pack*>& packs, const Yardsticks& yardsticks) {
  std::map<Key, Departure> all;
  for (const auto* pack : packs) {
    if (!is_law_or_draft(*pack)) continue;
    collect(shelf, *pack, yardsticks, "", all);
    // What another choice adds, one reading at a time.
    for (const auto& reading : pack->readings)
      for (const auto& [choice, says] : reading.choices) {
        auto standpoint = shelf.standpoint();
        const auto name = pack->id + "." + reading.name;
        if (const auto chosen = standpoint.readings.find(name); chosen != standpoint.readings.end()) continue;   // somebody settled it
        standpoint.readings[name] = choice;
        collect(Shelf(shelf.library(), std::move(standpoint)), *pack, yardsticks, name + "=" + choice, all);
      }
  }
  return in_order(packs, all);
}

std::vector<Departure> departures(const Evaluation& evaluation, const std::vector<const Pack*>& packs, const Yardsticks& yardsticks) {
  std::map<Key, Departure> all;
  for (const auto& one : evaluation.divergences) {
    Departure found;
    for (const auto* pack : evaluation.packs) {
      if (const auto* rule = pack->rule(one.rule)) found.pack = pack, found.rule = rule;
      if (const auto* norm = pack->rule(one.standard)) found.norm_pack = pack, found.norm = norm;
    }
    if (found.rule == nullptr || found.norm == nullptr || !measures(yardsticks, *found.norm_pack, *found.norm)) continue;
    found.why = one.why;
    all.try_emplace({found.rule, found.norm}, found);
  }
  return in_order(packs.empty() ? evaluation.packs : packs, all);
}

json::array to_json(const std::vector<Departure>& departures, const Shelf& shelf) {
  json::array out;
  for (const auto& one : departures) {
    json::object row{{"rule", one.rule->id}, {"citation", one.rule->cite}, {"says", one.rule->says}, {"force", to_text(one.pack->force)}, {"modality", to_text(shelf.applied(*one.pack, *one.rule).body->modality)}};
    row["standard"] = one.norm->id, row["standard_citation"] = shelf.clause(*one.norm_pack, *one.norm), row["standard_says"] = one.norm->says, row["why"] = one.why;
    if (!one.only_if.empty()) row["only_if"] = one.only_if;
    if (!one.under.empty()) row["under"] = one.under;
    if (!one.rule->verified) row["verified"] = false;
    if (!one.norm->verified) row["standard_verified"] = false;
    out.push_back(std::move(row));
  }
  return out;
}

Result<Measured> measured(const Library& library, std::vector<Scenario> cases, const std::vector<std::string>& regimes, const Yardsticks& yardsticks, Standpoint standpoint) {
  TRY(check(yardsticks, library));
  TRY(const auto packs, packs_named(library, regimes));
  Measured out;
  out.cases = std::move(cases);
  for (auto& one : out.cases) {
    const auto ask = [&](const std::string& id) {
      if (std::find(one.regimes.begin(), one.regimes.end(), id) == one.regimes.end()) one.regimes.push_back(id);
    };
    for (const auto& [reading, choice] : standpoint.readings) one.readings[reading] = choice;
    for (const auto& id : regimes) ask(id);
    for (const auto& [id, pack] : library.packs) {
      const bool is_norm = std::any_of(pack.rules.begin(), pack.rules.end(), [](const Rule& rule) { return !rule.plain.norm.empty(); });
      const bool is_named = std::any_of(yardsticks.begin(), yardsticks.end(), [&](const std::string& yardstick) { return yardstick.substr(0, yardstick.find('/')) == id; });
      if (yardsticks.empty() ? pack.force == Force::Advice || is_norm : is_named) ask(id);
    }
    if (!standpoint.as_of) standpoint.as_of = one.as_of;
  }
  out.shelf = std::make_unique<Shelf>(library, std::move(standpoint));
  if (out.cases.empty()) out.found = departures(*out.shelf, packs, yardsticks);
  for (const auto& one : out.cases) {
    TRY(auto answer, evaluate(one, library));
    for (auto& departure : departures(answer, regimes.empty() ? std::vector<const Pack*>() : packs, yardsticks))
      if (std::none_of(out.found.begin(), out.found.end(), [&](const Departure& have) { return have.rule == departure.rule && have.norm == departure.norm; })) out.found.push_back(std::move(departure));
    out.answers.push_back(std::move(answer));
  }
  std::stable_sort(out.found.begin(), out.found.end(), [](const Departure& x, const Departure& y) { return x.pack != y.pack ? x.pack->id < y.pack->id : x.rule->line < y.rule->line; });
  return out;
}

json::object to_json(const Measured& measured) { return {{"divergences", to_json(measured.found, *measured.shelf)}, {"note", "A reading of the rules listed, not legal advice."}}; }

}  // namespace sluice::regimes
