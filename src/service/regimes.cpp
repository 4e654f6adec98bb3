// Longer than other files because it is one idea: what is in scope and what the gate hears of an act are worked out by the same few steps, from the same scenarios.
#include "service/regimes.h"

#include <algorithm>

#include "cvd/standing.h"
#include "gate/content_signs.h"
#include "service/gate_facts.h"

namespace sluice::service {

// The view of the case that scope and corrections are looked up in: the coordination's, or one organisation's own.
const cvd::ConfirmedScope* confirmed_scope(const cvd::CaseFold& fold, std::optional<OrganisationId> own) {
  if (own)
    if (const auto found = fold.own_scopes.find(*own); found != fold.own_scopes.end()) return &found->second;
  return fold.scope ? &*fold.scope : nullptr;
}

std::optional<OrganisationId> own_view(const cvd::CaseFold& fold, const access::Standing& standing, const access::Viewer& viewer) {
  if (access::knows_whole_case(viewer, standing) || standing.is_behind_glass) return std::nullopt;
  return viewer.organisation ? viewer.organisation : std::optional(fold.owner);
}

Result<std::shared_ptr<const store::Directory::Rows>> organisations_of(Services& services) { return services.directory->rows(services.store, services.clock.monotonic()); }

namespace {

using regimes::Force;

void take_scope(json::object& given, const Packs& packs, const std::vector<InScope>& scope, const cvd::ConfirmedScope* confirmed, bool with_advice) {
  json::array ids, assumed;
  for (const auto& one : scope)
    if (one.in && (with_advice || one.proposed.pack->force != Force::Advice)) ids.push_back(json::value(one.proposed.pack->id));
  json::object readings;
  if (confirmed != nullptr) {
    for (const auto& draft : confirmed->assumed)
      if (const auto* pack = packs.pack(draft); pack != nullptr && pack->force == Force::Draft) assumed.push_back(json::value(draft));
    for (const auto& [name, choice] : confirmed->readings) {
      const auto* pack = packs.pack(name.substr(0, name.find('.')));
      const auto dot = name.find('.');
      const auto* reading = pack == nullptr || dot == std::string::npos ? nullptr : pack->reading(std::string_view(name).substr(dot + 1));
      const bool in = pack != nullptr && std::any_of(ids.begin(), ids.end(), [&](const json::value& id) { return id == json::value(pack->id); });
      if (in && reading != nullptr && std::any_of(reading->choices.begin(), reading->choices.end(), [&](const auto& c) { return c.first == choice; })) readings[name] = choice;
    }
  }
  given["regimes"] = std::move(ids);
  given["assume_in_force"] = std::move(assumed);
  given["readings"] = std::move(readings);
}

// A pack that decides outcomes here: a law, a policy, a draft that is assumed in force.
bool decides(const regimes::Pack& pack, const cvd::ConfirmedScope* confirmed) {
  if (pack.force == Force::Draft) return confirmed != nullptr && confirmed->assumed.contains(pack.id);
  return pack.force == Force::Law || pack.force == Force::Policy;
}

Result<Evaluated> evaluate_one(const Packs& packs, CaseScenario scenario) {
  auto read = regimes::read_scenario(scenario.given, packs.library().words);
  if (!read) return std::unexpected(read.error());
  Evaluated out;
  out.scenario = std::make_unique<regimes::Scenario>(*std::move(read));
  TRY(out.evaluation, regimes::evaluate(*out.scenario, packs.library()));
  out.given = std::move(scenario);
  return out;
}

std::string cited(const Packs& packs, std::string_view rule_id) {
  const auto* rule = packs.rule(rule_id);
  return rule == nullptr ? std::string(rule_id) : std::string(rule_id) + ", " + rule->cite;
}

std::string because_of(const Packs& packs, const json::value& verdict) {
  const auto* rule = packs.rule(string_at(verdict, "rule"));
  std::string out = std::string(string_at(verdict, "verdict")) + " (" + std::string(string_at(verdict, "force")) + "): " + std::string(string_at(verdict, "why"));
  if (const auto until = string_at(verdict, "until"); !until.empty()) out += " Until " + std::string(until) + ".";
  if (rule != nullptr && !rule->verified) out += " Nobody has checked this rule against its text yet.";
  return out;
}

std::optional<Instant> due_of(const json::value& duty) {
  const auto read = regimes::parse_second(string_at(duty, "due_at"));
  return read ? std::optional(Instant{*read * 1'000'000}) : std::nullopt;
}

bool is_due(std::string_view state) { return state == "open" || state == "missed" || state == "late"; }

int strictness(std::string_view outcome) { return outcome == "conflict" ? 3 : outcome == "deny" ? 2 : outcome == "allow-with-duties" ? 1 : 0; }

// What one evaluation says of one act, added to what others said of it.
void add_verdict(gate::RegimesVerdict& out, const Packs& packs, const json::object& answer, std::string_view action, std::string_view actor, int& worst) {
  const auto outcome = string_at(answer.at("outcomes"), action);
  const int strict = strictness(outcome);
  bool law_forbids = false;
  const auto has = [](const auto& list, const auto& one) { return std::find(list.begin(), list.end(), one) != list.end(); };
  for (const auto& verdict : answer.at("verdicts").as_array()) {
    if (string_at(verdict, "action") != action) continue;
    const auto rule = std::string(string_at(verdict, "rule"));
    const auto word = string_at(verdict, "verdict"), force = string_at(verdict, "force");
    if (force == "law" && word == "demands" && !has(out.demanded_by_law, rule)) out.demanded_by_law.push_back(rule);
    if ((force == "law" || force == "policy") && word == "forbids") {
      law_forbids = law_forbids || force == "law";
      if (!has(out.forbidden_by, rule)) out.forbidden_by.push_back(rule);
    }
    gate::Reason reason{cited(packs, rule), because_of(packs, verdict)};
    if ((force == "law" || force == "policy") && !has(out.because, reason)) out.because.push_back(std::move(reason));
  }
  if (strict >= 2) {
    // Two laws that clash, or a policy: a person weighs it. A plain ban by law is set aside only by a decision that names it.
    const bool may = strict == 3 || !law_forbids;
    out.person_may_decide = (worst >= 2 ? out.person_may_decide : true) && may;
  }
  worst = std::max(worst, strict);
  for (const auto& duty : answer.at("duties").as_array()) {
    if (string_at(duty, "on") != actor || !is_due(string_at(duty, "state"))) continue;
    if (const auto force = string_at(duty, "force"); force != "law" && force != "policy") continue;
    const auto to = string_at(duty, "to");
    gate::Duty made{cited(packs, string_at(duty, "rule")), std::string(string_at(duty, "state")) + ": " + std::string(string_at(duty, "why")), due_of(duty), to.empty() ? std::optional<std::string>{} : std::optional(std::string(to))};
    if (std::none_of(out.duties.begin(), out.duties.end(), [&](const gate::Duty& d) { return d.cite == made.cite && d.due == made.due; })) out.duties.push_back(std::move(made));
  }
  for (const auto& conflict : answer.at("conflicts").as_array()) {
    const auto kind = std::string(string_at(conflict, "kind"));
    if (kind == "draft-law" || kind == "permission-clash") continue;
    gate::Conflict made{kind, {}, std::string(string_at(conflict, "why"))};
    for (const auto& rule : conflict.at("rules").as_array()) made.rules.emplace_back(rule.as_string());
    if (!has(out.conflicts, made)) out.conflicts.push_back(std::move(made));
  }
}

// What the gate calls a disclosure, in the words of acts.
std::vector<std::string> types_of(const gate::Disclosure& disclosure, std::string_view role, std::string_view actor_role) {
  std::vector<std::string> out;
  if (disclosure.audience.kind == gate::AudienceKind::Public) {
    out.push_back(actor_role == "vendor" || actor_role == "component-vendor" || actor_role == "coordinator" || actor_role == "steward" ? "publish-advisory" : "publish-vuln");
    for (const auto* word : {"poc", "exploit-tool", "malware-source"})
      if (gate::has_class(disclosure.content, word) && out.size() == 1) out.push_back("publish-exploit");
    return out;
  }
  if (role == "vendor" || role == "component-vendor" || role == "steward" || disclosure.basis.kind == gate::BasisKind::Report) return {"report-vuln"};
  if (role == "coordinator" || role == "operator" || role == "controller" || role == "finder" || role == "authority" || role == "agency") return {"inform-partner"};
  return {"pass-on"};
}

// The gate's own words for content, as regimes have them.
std::vector<std::string> contents_of(const gate::Disclosure& disclosure, const regimes::Vocabulary& words) {
  std::vector<std::string> out;
  for (const auto& one : disclosure.content.classes)
    if (words.contents.contains(one)) out.push_back(one);
  const auto add = [&](const char* word) { if (std::find(out.begin(), out.end(), word) == out.end()) out.emplace_back(word); };
  if (out.empty() && gate::has_class(disclosure.content, "vulnerability.technical")) add("technical-detail");
  if (gate::has_class(disclosure.content, gate::classes::kStub)) add("existence");
  return out;
}

}  // namespace

namespace {

bool names_maker(const json::object& of, std::string_view maker) {
  const auto* components = of.if_contains("components");
  return components != nullptr && components->is_array() && std::any_of(components->get_array().begin(), components->get_array().end(), [&](const json::value& one) {
    return string_at(one, "provider") == maker || (one.is_object() && names_maker(one.get_object(), maker));
  });
}

}  // namespace

bool is_asked_elsewhere(const CaseScenario& here, const std::set<std::string>& providers, std::string_view party) {
  if (!here.provider || here.provider->text() == party || !providers.contains(std::string(party))) return false;
  const auto* product = here.given.if_contains("product");
  return product == nullptr || !product->is_object() || !names_maker(product->get_object(), party);
}

std::vector<InScope> scope_of_case(const Packs& packs, const cvd::CaseFold& fold, const std::vector<CaseScenario>& scenarios, std::optional<OrganisationId> own) {
  const auto* confirmed = confirmed_scope(fold, own);
  std::set<std::string> providers;
  for (const auto& one : scenarios)
    if (one.provider) providers.insert(one.provider->text());
  std::vector<InScope> out;
  for (const auto& scenario : scenarios) {
    auto given = scenario.given;
    if (confirmed != nullptr) {
      json::object readings;
      for (const auto& [name, choice] : confirmed->readings) readings[name] = choice;
      given["readings"] = std::move(readings);
    }
    const auto read = regimes::read_scenario(given, packs.library().words);
    if (!read) continue;  // the evaluation says why
    auto proposed = regimes::propose_scope(*read, packs.library());
    if (out.empty()) {
      for (auto& one : proposed) std::erase_if(one.because, [&](const auto& reason) { return is_asked_elsewhere(scenario, providers, reason.party); });
      for (auto& one : proposed) out.push_back({std::move(one), false, {}});
      continue;
    }
    for (auto& one : proposed) std::erase_if(one.because, [&](const auto& reason) { return is_asked_elsewhere(scenario, providers, reason.party); });
    for (std::size_t i = 0; i < out.size() && i < proposed.size(); ++i) {
      auto& mine = out[i].proposed;
      mine.in = regimes::either(mine.in, proposed[i].in);
      for (auto& reason : proposed[i].because)
        if (std::none_of(mine.because.begin(), mine.because.end(), [&](const auto& r) { return r.party == reason.party && r.facts == reason.facts; })) mine.because.push_back(std::move(reason));
      for (auto& question : proposed[i].questions)
        if (std::find(mine.questions.begin(), mine.questions.end(), question) == mine.questions.end()) mine.questions.push_back(std::move(question));
    }
  }
  if (out.empty())
    for (const auto& [id, pack] : packs.library().packs) out.push_back({{&pack, regimes::truth(pack.force == Force::Advice), {}, {}}, false, {}});
  for (auto& one : out) {
    one.in = one.proposed.in == regimes::Truth::True;
    if (confirmed == nullptr) continue;
    if (const auto word = confirmed->regimes.find(one.proposed.pack->id); word != confirmed->regimes.end()) one.confirmed = word->second, one.in = word->second.in;
    if (confirmed->assumed.contains(one.proposed.pack->id)) one.in = true;
  }
  return out;
}

std::vector<NotSaid> not_said(const Packs& packs, const std::vector<InScope>& scope, const std::vector<CaseScenario>& scenarios, const OrganisationRows& organisations, std::optional<OrganisationId> own) {
  constexpr std::size_t kMostParties = 12;  // of a larger case the own organisation alone is asked about
  std::vector<NotSaid> out;
  if (scenarios.empty()) return out;
  const auto left_out = [&](std::string_view regime) { return std::any_of(scope.begin(), scope.end(), [&](const InScope& one) { return one.proposed.pack->id == regime && one.confirmed && !one.confirmed->in; }); };
  const auto says = [](const std::vector<std::string>& list, const std::string& word) { return std::find(list.begin(), list.end(), word) != list.end(); };
  const auto whole = regimes::read_scenario(scenarios.front().given, packs.library().words);
  if (!whole) return out;  // the evaluation says why
  for (const auto& party : whole->parties) {
    const auto id = OrganisationId::parse(party.id);
    const auto row = id ? organisations.find(*id) : organisations.end();
    if (row == organisations.end() || (whole->parties.size() > kMostParties && id != own)) continue;
    // As the provider of its own product, where it is one.
    const auto mine = std::find_if(scenarios.begin(), scenarios.end(), [&](const CaseScenario& one) { return one.provider == id; });
    const auto read = mine == scenarios.end() || mine == scenarios.begin() ? whole : regimes::read_scenario(mine->given, packs.library().words);
    const auto* here = read ? read->party(party.id) : nullptr;
    if (here == nullptr) continue;
    const auto before = regimes::spoken_to(*read, packs.library(), *here);
    for (const auto& [flag, words] : packs.library().words.flags) {
      if (says(row->second.profile.flags, flag) || says(row->second.profile.not_flags, flag)) continue;
      auto as_if = *here;
      auto& flags = as_if.facts["flags"];
      if (!flags.is_array()) flags = json::array{};
      if (std::find(flags.get_array().begin(), flags.get_array().end(), json::value(flag)) != flags.get_array().end()) continue;  // corrected in this case
      flags.get_array().push_back(json::value(flag));
      if (is_role_by_flag(flag) && as_if.role != "vendor") as_if.role = flag, as_if.facts["role"] = flag;
      NotSaid one{*id, flag, words, {}};
      for (const auto& rule : regimes::spoken_to(*read, packs.library(), as_if)) {
        const auto regime = rule.substr(0, rule.find('/'));
        if (!before.contains(rule) && !left_out(regime) && !says(one.regimes, regime)) one.regimes.push_back(regime);
      }
      if (!one.regimes.empty()) out.push_back(std::move(one));
    }
  }
  return out;
}

bool binds_somebody(const std::vector<InScope>& scope, const cvd::CaseFold& fold, std::optional<OrganisationId> own) {
  const auto* confirmed = confirmed_scope(fold, own);
  return std::any_of(scope.begin(), scope.end(), [&](const InScope& one) { return one.in && decides(*one.proposed.pack, confirmed); });
}

Result<CaseLaw> evaluate_case(const Packs& packs, const cvd::CaseFold& fold, const OrganisationRows& organisations, const Considered& considered, Asked asked) {
  CaseLaw out;
  auto scenarios = scenarios_of(fold, organisations, considered);
  out.scope = scope_of_case(packs, fold, scenarios, considered.own);
  const auto* confirmed = confirmed_scope(fold, considered.own);
  std::optional<Error> trouble;
  const auto cannot_be_asked = [&](const Error& error) { out.findings.push_back({Severity::Error, error.rule, error.where, error.message}), trouble = error; };
  std::set<std::string> providers;
  for (auto& scenario : scenarios) {
    take_scope(scenario.given, packs, out.scope, confirmed, true);
    auto read = regimes::read_scenario(scenario.given, packs.library().words);
    if (!read) {
      cannot_be_asked(read.error());
      continue;
    }
    if (scenario.provider) providers.insert(scenario.provider->text());
    out.all.push_back({std::make_unique<regimes::Scenario>(*std::move(read)), {}, std::move(scenario)});
  }
  // A case of seventy makers is asked about seventy times; what each owes is asked once, with its own product.
  for (auto& one : out.all) {
    const auto of_whom = [&](const regimes::Party& party) { return !is_asked_elsewhere(one.given, providers, party.id); };
    auto answer = asked == Asked::Everything ? regimes::evaluate(*one.scenario, packs.library())
                                             : regimes::evaluate_duties(*one.scenario, packs.library(), asked == Asked::DutiesShown ? regimes::OfWhom(of_whom) : regimes::OfWhom());
    // What a maker owes stands with another's product then, if its own can't be asked about.
    if (!answer && asked == Asked::DutiesShown) return evaluate_case(packs, fold, organisations, considered, Asked::Duties);
    if (answer) one.evaluation = *std::move(answer);
    else cannot_be_asked(answer.error()), one.scenario.reset();
  }
  std::erase_if(out.all, [](const Evaluated& one) { return one.scenario == nullptr; });
  if (out.all.empty() && trouble) return std::unexpected(*trouble);
  return out;
}

Result<CaseLaw> evaluate_case(Services& services, const cvd::CaseFold& fold, const Considered& considered, Asked asked) {
  if (!services.packs) return fail(ErrorKind::Unavailable, "This server has no packs of law and standards.");
  TRY(const auto rows, organisations_of(services));
  return evaluate_case(*services.packs, fold, *rows, considered, asked);
}

namespace {

// Nobody who is concerned has said anything that a law asks about: then none is in scope, and the Writer looks no further.
bool nothing_to_ask(const Packs& packs, const cvd::CaseFold& fold, const OrganisationRows& rows, const Considered& considered) {
  if (packs.binds_anybody() || fold.scope || !fold.own_scopes.empty() || !fold.corrections.empty() || !fold.incidents.empty()) return false;
  const auto says = [&](OrganisationId id) {
    const auto found = rows.find(id);
    if (found == rows.end()) return false;
    const auto& profile = found->second.profile;
    return profile.country || !profile.jurisdictions.empty() || !profile.flags.empty() || profile.products;
  };
  if (says(fold.owner) || std::any_of(considered.parties.begin(), considered.parties.end(), says)) return false;
  if (considered.parties.empty())
    for (const auto& [id, participant] : fold.participants)
      if (says(id)) return false;
  for (const auto& product : fold.products)
    if (product.placed || says(product.vendor)) return false;
  return std::none_of(fold.reports.begin(), fold.reports.end(), [&](const auto& report) { return report.reporter && says(*report.reporter); });
}

// Makers of whom the law would ask the same are asked about once.
std::vector<CaseScenario> without_alike(std::vector<CaseScenario> all) {
  std::vector<CaseScenario> out;
  std::set<std::string> seen;
  for (auto& one : all) {
    json::object key;
    for (const auto* part : {"product", "vulnerability", "incident", "embargo"})
      if (const auto* found = one.given.if_contains(part)) key[part] = *found;
    if (auto* product = key.if_contains("product"); product != nullptr) product->as_object().erase("id"), product->as_object().erase("provider"), product->as_object().erase("components");
    if (one.provider)
      for (const auto& party : one.given.at("parties").as_array())
        if (string_at(party, "id") == one.provider->text()) key["provider"] = party, key["provider"].as_object().erase("id");
    if (const auto* events = one.given.if_contains("events"); events != nullptr && events->is_object())
      for (const auto& event : events->get_object())
        if (event.key().find('@') == std::string_view::npos) key["event " + std::string(event.key())] = event.value();
    if (seen.insert(canonical(key)).second) out.push_back(std::move(one));
  }
  return out;
}

}  // namespace

Result<std::optional<CaseLaw>> law_on_acts(const Packs& packs, const cvd::CaseFold& fold, const OrganisationRows& rows, const Considered& considered, const std::vector<json::object>& acts) {
  if (nothing_to_ask(packs, fold, rows, considered)) return std::optional<CaseLaw>();
  auto scenarios = without_alike(scenarios_of(fold, rows, considered));
  CaseLaw out;
  out.scope = scope_of_case(packs, fold, scenarios, considered.own);
  if (!binds_somebody(out.scope, fold, considered.own)) return std::optional<CaseLaw>();  // R3
  const auto* confirmed = confirmed_scope(fold, considered.own);
  for (auto& scenario : scenarios) {
    take_scope(scenario.given, packs, out.scope, confirmed, false);
    auto& list = scenario.given["actions"];
    if (!list.is_array()) list = json::array{};
    // A plan for the very act that is judged gives way to it.
    json::array kept;
    for (auto& one : list.as_array())
      if (std::none_of(acts.begin(), acts.end(), [&](const json::object& act) { return string_at(act, "id") == string_at(one, "id"); })) kept.push_back(std::move(one));
    for (const auto& act : acts) kept.push_back(act);
    list = std::move(kept);
    TRY(auto evaluated, evaluate_one(packs, std::move(scenario)));
    out.all.push_back(std::move(evaluated));
  }
  return std::optional(std::move(out));
}

namespace {

// What all of these acts are answered together, or each alone; they stand in one plan either way, as what is done at once is. None: no law or policy is in scope (R3).
enum class Judged { Together, Each };
Result<std::vector<gate::RegimesVerdict>> verdicts(const Packs& packs, const cvd::CaseFold& fold, const OrganisationRows& rows, const Considered& considered, const std::vector<json::object>& acts, Judged how) {
  std::vector<gate::RegimesVerdict> all;
  TRY(const auto law, law_on_acts(packs, fold, rows, considered, acts));
  if (!law) return all;
  const auto* confirmed = confirmed_scope(fold, considered.own);
  all.resize(how == Judged::Each ? acts.size() : 1);
  std::vector<int> worst(all.size());
  for (const auto& evaluated : law->all) {
    const auto answer = regimes::to_json(evaluated.evaluation);
    for (std::size_t i = 0; i < acts.size(); ++i) {
      const auto of = how == Judged::Each ? i : 0;
      add_verdict(all[of], packs, answer, string_at(acts[i], "id"), string_at(acts[i], "actor"), worst[of]);
    }
  }
  for (std::size_t i = 0; i < all.size(); ++i) {
    auto& out = all[i];
    for (const auto& one : law->scope) {
      if (!one.in || !decides(*one.proposed.pack, confirmed)) continue;
      out.packs.push_back(packs.hash_of(one.proposed.pack->id));
      const bool spoke = std::any_of(out.because.begin(), out.because.end(), [&](const gate::Reason& r) { return r.cite.starts_with(one.proposed.pack->id + "/"); });
      if (spoke && !one.confirmed) out.because.push_back({"scope: " + one.proposed.pack->id, "proposed from the facts of the case and not yet confirmed by a person; until then it counts"});
    }
    out.outcome = worst[i] >= 2 ? gate::Outcome::Deny : worst[i] == 1 ? gate::Outcome::AllowWithDuties : gate::Outcome::Allow;
    if (worst[i] == 3) out.because.insert(out.because.begin(), {"regimes", "one law demands what another forbids; a person decides"});
  }
  return all;
}

}  // namespace

Result<std::optional<gate::RegimesVerdict>> regimes_verdict(const Packs& packs, const cvd::CaseFold& fold, const OrganisationRows& rows, const Considered& considered, const std::vector<json::object>& acts) {
  TRY(auto all, verdicts(packs, fold, rows, considered, acts, Judged::Together));
  return all.empty() ? std::optional<gate::RegimesVerdict>() : std::optional(std::move(all.front()));
}

namespace {
// What can't be asked must not be let through in silence: where law is in scope and the facts contradict each other, the answer is no, and a person decides.
gate::RegimesVerdict unanswered(const Error& error) {
  gate::RegimesVerdict out;
  out.outcome = gate::Outcome::Deny;
  out.person_may_decide = true;
  out.because.push_back({"facts of the case", error.message + (error.where.empty() ? "" : " (" + error.where + ")")});
  return out;
}
}  // namespace

bool law_may_bind(Services& services, const cvd::CaseFold& fold) {
  if (!services.packs) return false;
  const auto rows = organisations_of(services);
  return !rows || !nothing_to_ask(*services.packs, fold, **rows, {});
}

std::optional<gate::RegimesVerdict> regimes_verdict(Services& services, const cvd::CaseFold& fold, Considered considered, json::object action) {
  if (!services.packs) return std::nullopt;
  const auto rows = organisations_of(services);
  if (!rows) return unanswered(rows.error());
  auto out = regimes_verdict(*services.packs, fold, **rows, considered, {std::move(action)});
  return out ? *std::move(out) : std::optional(unanswered(out.error()));
}

std::vector<std::optional<gate::RegimesVerdict>> regimes_verdicts(Services& services, const cvd::CaseFold& fold, const Considered& considered, const std::vector<json::object>& acts) {
  std::vector<std::optional<gate::RegimesVerdict>> out(acts.size());
  if (!services.packs) return out;
  const auto rows = organisations_of(services);
  auto all = rows ? verdicts(*services.packs, fold, **rows, considered, acts, Judged::Each) : Result<std::vector<gate::RegimesVerdict>>(std::unexpected(rows.error()));
  for (std::size_t i = 0; i < out.size(); ++i) {
    if (!all) out[i] = unanswered(all.error());
    else if (!all->empty()) out[i] = std::move((*all)[i]);
  }
  return out;
}

std::optional<ActsOf> acts_for_law(const Packs& packs, const cvd::CaseFold& fold, const OrganisationRows& rows, const gate::Disclosure& disclosure, OrganisationId actor, Considered considered) {
  if (gate::is_neutral(disclosure.content) || disclosure.audience.kind == gate::AudienceKind::Reporter) return std::nullopt;
  const auto to = disclosure.audience.id ? OrganisationId::parse(*disclosure.audience.id) : std::nullopt;
  if (to == actor || (disclosure.audience.kind != gate::AudienceKind::Public && !to)) return std::nullopt;  // nothing leaves its own house
  if (!disclosure.content.vulnerabilities.empty() && disclosure.audience.kind == gate::AudienceKind::Public)
    for (const auto& name : disclosure.content.vulnerabilities)
      for (const auto& v : fold.vulnerabilities)
        if (v.id.text() == name || v.identifier == name) considered.only.push_back(v.id);
  // To a maker of the product: as its maker. Whose product it is decides what may be told to whom.
  const bool makes = to && std::any_of(fold.products.begin(), fold.products.end(), [&](const auto& p) { return p.vendor == *to; });
  if (makes) considered.only_provider = to;
  considered.parties = {actor};
  if (to) considered.parties.push_back(*to);
  if (nothing_to_ask(packs, fold, rows, considered)) return std::nullopt;

  const auto role_of = [&](OrganisationId id) { return role_for_law(fold, rows, id); };
  // Whoever is asked about and has no part yet is a party of what is considered.
  const auto* asked = to ? fold.participant(*to) : nullptr;
  std::optional<cvd::CaseFold> with_guest;
  if (to && (asked == nullptr || asked->admission == cvd::Admission::None)) {
    with_guest = fold;
    auto& guest = with_guest->participants[*to];
    guest.organisation = *to;
    guest.admission = cvd::Admission::Invited;
  }
  const auto contents = contents_of(disclosure, packs.library().words);
  json::array content;
  for (const auto& one : contents) content.push_back(json::value(one));
  std::vector<json::object> acts;
  const auto types = types_of(disclosure, to ? role_of(*to) : "", role_of(actor));
  const auto id = disclosure.basis.release ? disclosure.basis.release->text() : to ? "told-" + to->text() : std::string("considered");
  const auto micros = std::max(disclosure.at, Instant{0}).micros;
  for (const auto& type : types)
    acts.push_back({{"id", types.size() == 1 || &type == &types.front() ? id : id + "-" + type}, {"actor", actor.text()}, {"type", type}, {"to", to ? to->text() : "public"}, {"content", content}, {"at", regimes::to_text(micros / 1'000'000)}});
  return ActsOf{std::move(with_guest), std::move(considered), std::move(acts)};
}

std::optional<gate::RegimesVerdict> regimes_verdict(Services& services, const cvd::CaseFold& fold, const gate::Disclosure& disclosure, OrganisationId actor, Considered considered) {
  if (!services.packs) return std::nullopt;
  const auto rows = organisations_of(services);
  if (!rows) return unanswered(rows.error());
  const auto asked = acts_for_law(*services.packs, fold, **rows, disclosure, actor, std::move(considered));
  if (!asked) return std::nullopt;
  auto out = regimes_verdict(*services.packs, asked->with_guest ? *asked->with_guest : fold, **rows, asked->considered, asked->acts);
  return out ? *std::move(out) : std::optional(unanswered(out.error()));
}

}  // namespace sluice::service
