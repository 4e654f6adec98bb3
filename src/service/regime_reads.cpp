// Law and standards of a case as the API and the CLI show them, from what the viewer may read; and what a command may name.
#include "service/regimes.h"

#include <algorithm>

#include "cvd/standing.h"
#include "gate/content_signs.h"

namespace sluice::service {

namespace {
using regimes::Force;
constexpr std::string_view kNote = "This is a reading of the rules listed, not legal advice.";
}  // namespace

namespace {

struct AskedBy {
  const store::CaseSeen& seen;
  Considered considered;
  std::shared_ptr<const store::Directory::Rows> rows;
};

Result<AskedBy> seen_by(Services& services, const access::Viewer& viewer, const store::CaseSeen& seen, Instant as_of) {
  if (!services.packs) return fail(ErrorKind::Unavailable, "This server has no packs of law and standards.");
  TRY(access::require(viewer, access::Action::AskGate, [&] {
    auto standing = seen.view.standing;
    standing.is_own_object = true;  // what follows is worked out from what the viewer may read
    return standing;
  }()));
  TRY(auto rows, organisations_of(services));
  Considered considered;
  considered.as_of = as_of;
  considered.own = own_view(seen.view.fold, seen.view.standing, viewer);
  return AskedBy{seen, std::move(considered), std::move(rows)};
}

json::object head(CaseId id, Instant as_of) { return {{"case", id.text()}, {"as_of", to_text(as_of)}, {"note", kNote}}; }

json::array names_of(const store::Directory::Rows& rows, const std::vector<CaseScenario>& scenarios) {
  json::array out;
  if (scenarios.empty()) return out;
  for (const auto& party : scenarios.front().given.at("parties").as_array()) {
    const auto text = string_at(party, "id");
    json::object one{{"id", text}, {"role", string_at(party, "role")}};
    const auto id = OrganisationId::parse(text);
    const auto row = id ? rows.find(*id) : rows.end();
    one["name"] = row == rows.end() ? std::string("an anonymous reporter") : row->second.profile.name;
    out.push_back(std::move(one));
  }
  return out;
}

json::object scope_json(const InScope& one, const cvd::ConfirmedScope* confirmed, const Packs& packs, Instant as_of) {
  const auto& pack = *one.proposed.pack;
  json::object out{{"regime", pack.id}, {"title", pack.title}, {"jurisdiction", pack.jurisdiction}, {"force", regimes::to_text(pack.force)}, {"edition", pack.edition}, {"pack", packs.hash_of(pack.id)}};
  out["in"] = one.in;
  out["state"] = one.confirmed ? (one.confirmed->in ? "confirmed" : "left-out") : one.proposed.in == regimes::Truth::True ? "proposed" : one.proposed.in == regimes::Truth::Unknown ? "asked" : "out";
  if (const auto second = as_of.micros / 1'000'000; regimes::is_not_law_yet(pack, second)) out["not_law_yet"] = true;
  else if (regimes::is_law_no_more(pack, second)) out["law_no_more"] = true;
  if (pack.force == Force::Draft) out["assumed_in_force"] = confirmed != nullptr && confirmed->assumed.contains(pack.id);
  json::array because;
  for (const auto& reason : one.proposed.because) {
    json::array facts;
    for (const auto& fact : reason.facts) facts.push_back(json::value(fact));
    because.push_back(json::object{{"party", reason.party}, {"facts", std::move(facts)}});
  }
  out["because"] = std::move(because);
  if (!one.proposed.questions.empty()) out["questions"] = json::array(one.proposed.questions.begin(), one.proposed.questions.end());
  if (one.confirmed && one.confirmed->why) out["why"] = *one.confirmed->why;
  json::array readings;
  for (const auto& reading : pack.readings) {
    const auto name = pack.id + "." + reading.name;
    const auto chosen = confirmed != nullptr && confirmed->readings.contains(name) ? confirmed->readings.at(name) : reading.choices.front().first;
    json::array choices;
    for (const auto& [choice, says] : reading.choices) choices.push_back(json::object{{"choice", choice}, {"says", says}});
    readings.push_back(json::object{{"reading", name}, {"says", reading.says}, {"chosen", chosen}, {"choices", std::move(choices)}});
  }
  if (one.in && !readings.empty()) out["readings"] = std::move(readings);
  return out;
}

json::object scope_part(const std::vector<InScope>& scope, const cvd::ConfirmedScope* confirmed, const Packs& packs, Instant as_of) {
  json::array list;
  for (const auto& one : scope) list.push_back(scope_json(one, confirmed, packs, as_of));
  json::object out{{"regimes", std::move(list)}};
  if (confirmed != nullptr) {
    out["confirmed_at"] = to_text(confirmed->at);
    if (confirmed->by) out["confirmed_by"] = confirmed->by->text();
    out["why"] = confirmed->why;
  }
  return out;
}

constexpr std::string_view kStates[] = {"missed", "late", "open", "waiting", "met", "not-triggered"};
std::size_t urgency(std::string_view state) { return static_cast<std::size_t>(std::find(std::begin(kStates), std::end(kStates), state) - std::begin(kStates)); }

// One duty a rule and party, the most urgent where products or vulnerabilities differ.
json::array duties_of(const Packs& packs, const CaseLaw& law, const std::vector<json::object>& answers) {
  json::array out;
  std::set<std::string> providers;
  for (const auto& one : law.all)
    if (one.given.provider) providers.insert(one.given.provider->text());
  for (std::size_t i = 0; i < law.all.size(); ++i)
    for (const auto& duty : answers[i].at("duties").as_array()) {
      if (string_at(duty, "state") == "not-triggered" || is_asked_elsewhere(law.all[i].given, providers, string_at(duty, "on"))) continue;
      auto one = duty.as_object();
      if (const auto* rule = packs.rule(string_at(duty, "rule"))) {
        one["says"] = rule->says;
        one["mark"] = json::array(rule->mark.begin(), rule->mark.end());
        one["verified"] = rule->verified;
        if (!rule->plain.stage.empty()) one["stage"] = rule->plain.stage;
      }
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
  std::stable_sort(out.begin(), out.end(), [](const json::value& a, const json::value& b) {
    const auto key = [](const json::value& v) { return std::tuple(urgency(string_at(v, "state")), string_at(v, "due").empty(), string_at(v, "due"), string_at(v, "rule")); };
    return key(a) < key(b);
  });
  return out;
}

std::vector<json::object> answers_of(const CaseLaw& law) {
  std::vector<json::object> out;
  for (const auto& one : law.all) out.push_back(regimes::to_json(one.evaluation));
  return out;
}

json::array findings_json(const CaseLaw& law) {
  json::array out;
  for (const auto& one : law.findings) out.push_back(json::object{{"where", one.where}, {"message", one.message}});
  return out;
}

}  // namespace

Result<json::object> case_scope(Services& services, const access::Viewer& viewer, const store::CaseSeen& of, Instant as_of) {
  TRY(const auto seen, seen_by(services, viewer, of, as_of));
  const auto id = of.view.fold.id;
  const auto& fold = seen.seen.view.fold;
  const auto scenarios = scenarios_of(fold, *seen.rows, seen.considered);
  auto out = head(id, as_of);
  const auto scope = scope_of_case(*services.packs, fold, scenarios, seen.considered.own);
  for (auto& [key, value] : scope_part(scope, confirmed_scope(fold, seen.considered.own), *services.packs, as_of)) out[key] = value;
  out["parties"] = names_of(*seen.rows, scenarios);
  return out;
}

Result<json::object> case_facts_of_law(Services& services, const access::Viewer& viewer, const store::CaseSeen& of, Instant as_of) {
  TRY(const auto seen, seen_by(services, viewer, of, as_of));
  const auto id = of.view.fold.id;
  const auto scenarios = scenarios_of(seen.seen.view.fold, *seen.rows, seen.considered);
  auto out = head(id, as_of);
  json::array list;
  for (const auto& scenario : scenarios) {
    json::array origins;
    for (const auto& one : scenario.origins) {
      json::object origin{{"fact", one.fact}, {"kind", one.kind}, {"of", one.of}};
      if (one.at) origin["at"] = to_text(*one.at);
      if (one.by) origin["by"] = one.by->text();
      if (one.why) origin["why"] = *one.why;
      if (one.instead_of) origin["instead_of"] = *one.instead_of;
      origins.push_back(std::move(origin));
    }
    json::object one{{"facts", scenario.given}, {"origins", std::move(origins)}};
    if (scenario.provider) one["provider"] = scenario.provider->text();
    list.push_back(std::move(one));
  }
  out["items"] = std::move(list);
  out["parties"] = names_of(*seen.rows, scenarios);
  return out;
}

Result<json::object> case_duties(Services& services, const access::Viewer& viewer, const store::CaseSeen& of, Instant as_of) {
  TRY(const auto seen, seen_by(services, viewer, of, as_of));
  const auto id = of.view.fold.id;
  TRY(const auto law, evaluate_case(*services.packs, seen.seen.view.fold, *seen.rows, seen.considered));
  auto out = head(id, as_of);
  out["items"] = duties_of(*services.packs, law, answers_of(law));
  out["parties"] = names_of(*seen.rows, scenarios_of(seen.seen.view.fold, *seen.rows, seen.considered));
  out["findings"] = findings_json(law);
  return out;
}

Result<json::object> case_regimes(Services& services, const access::Viewer& viewer, const store::CaseSeen& of, Instant as_of) {
  TRY(const auto seen, seen_by(services, viewer, of, as_of));
  const auto id = of.view.fold.id;
  const auto& fold = seen.seen.view.fold;
  TRY(const auto law, evaluate_case(*services.packs, fold, *seen.rows, seen.considered));
  const auto answers = answers_of(law);
  auto out = head(id, as_of);
  out["scope"] = scope_part(law.scope, confirmed_scope(fold, seen.considered.own), *services.packs, as_of);
  out["duties"] = duties_of(*services.packs, law, answers);
  json::array list;
  for (std::size_t i = 0; i < law.all.size(); ++i) {
    auto one = answers[i];
    one["facts"] = law.all[i].given.given;
    if (law.all[i].given.provider) one["provider"] = law.all[i].given.provider->text();
    list.push_back(std::move(one));
  }
  out["evaluations"] = std::move(list);
  out["parties"] = names_of(*seen.rows, scenarios_of(fold, *seen.rows, seen.considered));
  out["findings"] = findings_json(law);
  return out;
}

json::array reached_by_law(const Packs& packs, const CaseLaw& law, std::string_view party) {
  json::array out;
  for (const auto& one : law.all) {
    const auto answer = regimes::to_json(one.evaluation);
    for (const auto& duty : answer.at("duties").as_array()) {
      if (string_at(duty, "on") != party || string_at(duty, "force") != "law" || string_at(duty, "state") == "not-triggered") continue;
      const auto to = string_at(duty, "to");
      const auto read = regimes::parse_circles(to);
      if (to.empty() || !read) continue;
      // A body of a state, by the packs' own vocabulary.
      const bool body = std::any_of(read->begin(), read->end(), [&](const regimes::Recipients& circle) {
        return std::any_of(circle.begin(), circle.end(), [&](const regimes::Recipient& r) {
          const auto kind = packs.library().words.recipients.find(r.kind);
          return kind != packs.library().words.recipients.end() && kind->second.authority;
        });
      });
      if (!body) continue;
      json::object made{{"to", to}, {"rule", string_at(duty, "rule")}, {"citation", string_at(duty, "citation")}, {"state", string_at(duty, "state")}, {"due", duty.at("due")}, {"expected", true}};
      const auto* rule = packs.rule(string_at(duty, "rule"));
      made["verified"] = rule == nullptr || rule->verified;
      if (std::none_of(out.begin(), out.end(), [&](const json::value& v) { return string_at(v, "rule") == string_at(made, "rule") && string_at(v, "to") == string_at(made, "to"); })) out.push_back(std::move(made));
    }
  }
  return out;
}

json::array reached_if_told(Services& services, const cvd::CaseFold& fold, OrganisationId organisation, Instant at, std::optional<OrganisationId> own) {
  if (!services.packs) return {};
  auto told = fold;
  auto& guest = told.participants[organisation];
  guest.organisation = organisation;
  guest.admission = cvd::Admission::Confirmed;
  if (!guest.confirmed_at) guest.confirmed_at = at;
  Considered considered;
  considered.as_of = at;
  considered.own = own;
  considered.parties = {organisation};
  const auto law = evaluate_case(services, told, considered);
  return law ? reached_by_law(*services.packs, *law, organisation.text()) : json::array();
}

json::array signs_of(std::string_view text) { return to_json(gate::signs_in(text)).as_array(); }

// ---- what a command may name

Result<void> check_law_command(Services& services, const cvd::Command& command, const access::Viewer& viewer, CaseId id) {
  const auto* scope = get_if<cvd::ConfirmScope>(&command);
  const auto* correct = get_if<cvd::CorrectFact>(&command);
  const std::vector<std::string>* classes = nullptr;
  if (const auto* one = get_if<cvd::ClassContent>(&command)) classes = &one->classes;
  if (const auto* one = get_if<cvd::AddFile>(&command); one != nullptr && one->classes) classes = &*one->classes;
  if (const auto* one = get_if<cvd::PostMessage>(&command); one != nullptr && one->classes) classes = &*one->classes;
  if (const auto* one = get_if<cvd::DraftAdvisory>(&command); one != nullptr && one->classes) classes = &*one->classes;
  if (scope == nullptr && correct == nullptr && classes == nullptr) return {};
  if (!services.packs) return fail(ErrorKind::Unavailable, "This server has no packs of law and standards.");
  const auto& packs = *services.packs;
  if (classes != nullptr)
    for (std::size_t i = 0; i < classes->size(); ++i)
      if (!packs.library().words.contents.contains((*classes)[i])) return fail(ErrorKind::Invalid, "There is no such class of content.", "/classes/" + std::to_string(i));
  if (scope != nullptr) {
    for (std::size_t i = 0; i < scope->regimes.size(); ++i)
      if (packs.pack(scope->regimes[i].regime) == nullptr) return fail(ErrorKind::Invalid, "This site has no pack of this name.", "/regimes/" + std::to_string(i) + "/regime");
    if (scope->assumed)
      for (std::size_t i = 0; i < scope->assumed->size(); ++i) {
        const auto* pack = packs.pack((*scope->assumed)[i]);
        if (pack == nullptr || pack->force != Force::Draft) return fail(ErrorKind::Invalid, "Only a draft is assumed to be in force.", "/assumed/" + std::to_string(i));
      }
    if (scope->readings)
      for (std::size_t i = 0; i < scope->readings->size(); ++i) {
        const auto& [name, choice] = (*scope->readings)[i];
        const auto dot = name.find('.');
        const auto* pack = packs.pack(std::string_view(name).substr(0, dot));
        const auto* reading = pack == nullptr || dot == std::string::npos ? nullptr : pack->reading(std::string_view(name).substr(dot + 1));
        const auto where = "/readings/" + std::to_string(i);
        if (reading == nullptr) return fail(ErrorKind::Invalid, "There is no such reading; it is named like cn-example.days.", where + "/reading");
        if (std::none_of(reading->choices.begin(), reading->choices.end(), [&](const auto& c) { return c.first == choice; })) return fail(ErrorKind::Invalid, "This reading has no such choice.", where + "/choice");
      }
  }
  if (correct != nullptr) {
    // Tried on the case: what doesn't read as a case with it is refused, with the place.
    TRY(const auto rows, organisations_of(services));
    const auto seen = services.store.as(viewer).case_view(id);
    if (!seen) return {};
    const auto now = services.clock.now();
    auto tried = seen->view.fold;
    const auto whose = own_view(tried, seen->view.standing, viewer);
    std::erase_if(tried.corrections, [&](const auto& c) { return c.organisation == whose && c.fact == correct->fact; });
    tried.corrections.push_back({whose, correct->fact, correct->value, correct->why, now, viewer.person, {}});
    Considered considered;
    considered.as_of = now;
    considered.own = whose;
    bool used = false;
    for (const auto& scenario : scenarios_of(tried, *rows, considered)) {
      const auto read = regimes::read_scenario(scenario.given, packs.library().words);
      if (!read) return fail(ErrorKind::Invalid, read.error().message, "/value", read.error().where);
      for (const auto& place : read->unknown_words)
        if (place == correct->fact) return fail(ErrorKind::Invalid, "The packs have no such word.", "/fact");
      used = used || std::any_of(scenario.origins.begin(), scenario.origins.end(), [&](const Origin& o) { return o.kind == "person" && o.fact == correct->fact; });
    }
    if (!used) return fail(ErrorKind::Invalid, "This case has no such fact, or it isn't yours to correct.", "/fact");
    if (correct->fact.starts_with("/events/") && !packs.library().words.events.contains(std::string_view(correct->fact).substr(8, correct->fact.find('@') == std::string::npos ? std::string::npos : correct->fact.find('@') - 8)))
      return fail(ErrorKind::Invalid, "There is no such event.", "/fact");
  }
  return {};
}

}  // namespace sluice::service
