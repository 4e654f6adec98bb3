// Law and standards of a case as the API and the CLI show them, from what the viewer may read; and what a command may name.
// One idea: every answer here asks the same evaluation of the viewer's own view, and says it as JSON or on paper.
#include "service/regimes.h"

#include <algorithm>

#include "cvd/standing.h"
#include "gate/content_signs.h"
#include "regimes/page.h"
#include "regimes/reach.h"
#include "regimes/schedule.h"
#include "service/case_duties.h"
#include "service/law_library.h"

namespace sluice::service {

namespace {
using regimes::Force;
constexpr std::string_view kProfilesAreOfNow = " Organisations' profiles have no history: what comes from them is as they say now.";
}  // namespace

namespace {

struct AskedBy {
  const store::CaseSeen& seen;
  std::optional<cvd::CaseFold> then;          // as it was known at an instant that is past
  Considered considered;
  Instant known;
  std::shared_ptr<const store::Directory::Rows> rows;
  const cvd::CaseFold& fold() const { return then ? *then : seen.view.fold; }
};

Result<AskedBy> seen_by(Services& services, const access::Viewer& viewer, const store::CaseSeen& seen, std::optional<Instant> as_of) {
  if (!services.packs) return fail(ErrorKind::Unavailable, "This server has no packs of law and standards.");
  TRY(access::require(viewer, access::Action::AskGate, [&] {
    auto standing = seen.view.standing;
    standing.is_own_object = true;  // what follows is worked out from what the viewer may read
    return standing;
  }()));
  TRY(auto rows, organisations_of(services));
  TRY(auto then, known_then(services, viewer, seen.view.fold, as_of));
  const auto now = services.clock.now();
  Considered considered;
  considered.as_of = as_of.value_or(now);
  considered.own = own_view(seen.view.fold, seen.view.standing, viewer);
  const auto known = then ? *as_of : now;
  return AskedBy{seen, std::move(then), std::move(considered), known, std::move(rows)};
}

json::object head(const AskedBy& asked) {
  auto note = std::string(kNotAdvice);
  if (asked.then) note += kProfilesAreOfNow;
  return {{"case", asked.seen.view.fold.id.text()}, {"as_of", to_text(asked.considered.as_of)}, {"known_as_of", to_text(asked.known)}, {"note", std::move(note)}, {"complete", !asked.considered.own}};
}

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

json::array not_said_json(const std::vector<NotSaid>& all, const store::Directory::Rows& rows) {
  json::array out;
  for (const auto& one : all) {
    const auto row = rows.find(one.party);
    const auto name = row == rows.end() ? one.party.text() : row->second.profile.name;
    out.push_back(json::object{{"party", one.party.text()}, {"flag", one.flag}, {"regimes", json::array(one.regimes.begin(), one.regimes.end())}, {"says", "It isn't known whether " + name + " " + one.says + ". Its profile can say so."}});
  }
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

Result<std::optional<cvd::CaseFold>> known_then(Services& services, const access::Viewer& viewer, const cvd::CaseFold& seen, std::optional<Instant> as_of) {
  if (!as_of || *as_of >= services.clock.now()) return std::optional<cvd::CaseFold>();
  if (std::none_of(seen.timeline.begin(), seen.timeline.end(), [&](const auto& line) { return line.recorded > *as_of; })) return std::optional(seen);
  TRY(auto fold, services.store.as(viewer).fold_as_of(seen.id, *as_of));
  return std::optional(std::move(fold));
}

Result<json::object> case_scope(Services& services, const access::Viewer& viewer, const store::CaseSeen& of, std::optional<Instant> as_of) {
  TRY(const auto asked, seen_by(services, viewer, of, as_of));
  const auto& fold = asked.fold();
  const auto scenarios = scenarios_of(fold, *asked.rows, asked.considered);
  auto out = head(asked);
  const auto scope = scope_of_case(*services.packs, fold, scenarios, asked.considered.own);
  for (auto& [key, value] : scope_part(scope, confirmed_scope(fold, asked.considered.own), *services.packs, asked.considered.as_of)) out[key] = value;
  out["not_said"] = not_said_json(not_said(*services.packs, scope, scenarios, *asked.rows, asked.considered.own), *asked.rows);
  out["parties"] = names_of(*asked.rows, scenarios);
  return out;
}

Result<json::object> case_facts_of_law(Services& services, const access::Viewer& viewer, const store::CaseSeen& of, std::optional<Instant> as_of) {
  TRY(const auto asked, seen_by(services, viewer, of, as_of));
  const auto scenarios = scenarios_of(asked.fold(), *asked.rows, asked.considered);
  auto out = head(asked);
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
  out["parties"] = names_of(*asked.rows, scenarios);
  return out;
}

Result<json::object> case_duties(Services& services, const access::Viewer& viewer, const store::CaseSeen& of, std::optional<Instant> as_of) {
  TRY(const auto asked, seen_by(services, viewer, of, as_of));
  TRY(const auto law, evaluate_case(*services.packs, asked.fold(), *asked.rows, asked.considered, Asked::DutiesShown));
  auto out = head(asked);
  out["items"] = with_own_words(duties_of(law), *services.packs, asked.fold(), *asked.rows, asked.considered);
  out["parties"] = names_of(*asked.rows, scenarios_of(asked.fold(), *asked.rows, asked.considered));
  out["findings"] = findings_json(law);
  return out;
}

namespace {

// Organisations that are named in facts, and the first instant after `as_of` at which something begins, ends or is done.
void look_through(const json::value& value, Instant as_of, DutiesOfView& out) {
  if (value.is_array()) {
    for (const auto& one : value.get_array()) look_through(one, as_of, out);
  } else if (value.is_object()) {
    for (const auto& one : value.get_object())
      if (one.key() != "as_of") look_through(one.value(), as_of, out);
  } else if (value.is_string()) {
    const std::string_view text = value.get_string();
    if (const auto id = OrganisationId::parse(text)) out.organisations.insert(*id);
    if (!text.ends_with('Z')) return;
    if (const auto at = regimes::parse_second(text); at && Instant{*at * 1'000'000} > as_of) out.until = std::min(out.until, Instant{*at * 1'000'000});
  }
}

}  // namespace

Result<DutiesOfView> duties_of_view(Services& services, const access::Viewer& viewer, const store::CaseSeen& of, Instant as_of, Duration at_most) {
  TRY(auto seen, seen_by(services, viewer, of, std::nullopt));
  seen.considered.as_of = as_of;
  const auto& fold = of.view.fold;
  DutiesOfView out;
  out.until = as_of + at_most;
  out.organisations.insert(fold.owner);
  for (const auto& [id, participant] : fold.participants) out.organisations.insert(id);
  for (const auto& product : fold.products) out.organisations.insert(product.vendor);
  for (const auto& report : fold.reports)
    if (report.reporter) out.organisations.insert(*report.reporter);
  if (!law_may_bind(services, fold)) return out;
  const auto law = evaluate_case(*services.packs, fold, *seen.rows, seen.considered, Asked::DutiesShown);
  if (!law) return out.is_whole = false, out;
  out.is_whole = law->findings.empty();
  const auto holds_until = [&](const CaseLaw& looked) {
    for (const auto& one : looked.all) {
      look_through(one.given.given, as_of, out);
      for (const auto& duty : one.evaluation.duties)
        // What is due at a second is missed in the next one.
        if (const auto missed = duty.due ? std::optional(Instant{(duty.due->at.at + 1) * 1'000'000}) : std::nullopt; missed && *missed > as_of) out.until = std::min(out.until, *missed);
    }
  };
  holds_until(*law);
  out.items = with_own_words(duties_of(*law), *services.packs, fold, *seen.rows, seen.considered, holds_until);
  return out;
}

namespace {

// What was done although a rule forbids it, under a recorded override that the viewer may read: by act, {"decision", "at", "by", "second", "rules"}. As the gate has it: a ban by law is set
// aside by a decision that names each rule, a clash or a policy by any.
json::object set_aside_in(const cvd::CaseFold& fold, const json::object& answer, const json::object& facts) {
  json::object out;
  const auto* actions = facts.if_contains("actions");
  if (actions == nullptr || !actions->is_array()) return out;
  for (const auto& action : actions->get_array()) {
    const auto id = string_at(action, "id"), outcome = string_at(answer.at("outcomes"), id);
    const auto at = regimes::parse_second(string_at(action, "at"));
    if ((outcome != "deny" && outcome != "conflict") || !at) continue;
    json::array rules;
    std::vector<std::string> bans;
    for (const auto& verdict : answer.at("verdicts").as_array()) {
      if (string_at(verdict, "action") != id || string_at(verdict, "verdict") != "forbids") continue;
      const auto force = string_at(verdict, "force");
      if (force != "law" && force != "policy") continue;
      const auto rule = std::string(string_at(verdict, "rule"));
      rules.push_back(json::value(rule));
      if (force == "law" && outcome != "conflict") bans.push_back(rule);
    }
    const auto to = OrganisationId::parse(string_at(action, "to"));
    const auto notice = std::find_if(fold.notices.begin(), fold.notices.end(), [&](const cvd::Notice& one) { return one.id.text() == id; });
    const auto is_release = std::any_of(fold.releases.begin(), fold.releases.end(), [&](const cvd::Release& one) { return one.id.text() == id; });
    const cvd::DecisionRecord* found = nullptr;
    for (const auto& one : fold.decisions) {
      if (one.what.kind != cvd::DecisionSort::Override || one.at.micros / 1'000'000 > *at) continue;
      const bool about = notice != fold.notices.end() ? !notice->cleared.empty() && notice->cleared.back().what.decision == one.what.decision
                         : to                         ? one.what.about == to
                                                      : is_release && (!one.what.about || one.what.about == fold.owner);
      const bool names = std::all_of(bans.begin(), bans.end(), [&](const std::string& rule) { return std::find(one.rules.begin(), one.rules.end(), rule) != one.rules.end(); });
      if (about && names) found = &one;
    }
    if (found == nullptr) continue;
    json::object one{{"at", to_text(found->at)}, {"decision", found->what.decision.text()}, {"rules", std::move(rules)}};
    if (found->by) one["by"] = found->by->text();
    if (found->second) one["second"] = found->second->text();
    out[id] = std::move(one);
  }
  return out;
}

// Of a case of very many makers the first ones' plans: each costs as much as a question to the library does.
constexpr std::size_t kMostPlanned = 12;

std::string name_of(const store::Directory::Rows& rows, std::string_view party) {
  const auto id = OrganisationId::parse(party);
  const auto row = id ? rows.find(*id) : rows.end();
  return row == rows.end() ? std::string("an anonymous reporter") : row->second.profile.name;
}

// Ways out name rules, and the plan names acts and parties by id as the rest of the answer does.
void add_plan(json::object& to, const regimes::Evaluation& evaluation, const regimes::Library& library) {
  to["plan"] = regimes::to_json(evaluation, regimes::best_schedule(evaluation));
  to["depends_on"] = regimes::to_json(regimes::dependences(evaluation, library));
}

// What stands on paper for the ids of a case: names of parties and products, and acts by number in the order in which they are first met.
std::map<std::string, std::string, std::less<>> names_on_paper(const CaseLaw& law, const cvd::CaseFold& fold, const store::Directory::Rows& rows) {
  std::map<std::string, std::string, std::less<>> out;
  for (const auto& one : fold.products) out[one.id.text()] = one.name;
  for (const auto& one : fold.vulnerabilities) out[one.id.text()] = one.identifier.value_or(one.title);
  std::size_t acts = 0;
  for (const auto& one : law.all) {
    for (const auto& party : one.scenario->parties) out[party.id] = name_of(rows, party.id);
    for (const auto& act : one.scenario->actions)
      if (!out.contains(act.id)) out[act.id] = "Act " + std::to_string(++acts);
  }
  return out;
}

}  // namespace

Result<json::object> case_regimes(Services& services, const access::Viewer& viewer, const store::CaseSeen& of, std::optional<Instant> as_of, Besides besides) {
  TRY(const auto asked, seen_by(services, viewer, of, as_of));
  std::optional<Turn> turn;
  if (besides == Besides::Plan) {
    TRY(auto mine, Turn::take());
    turn.emplace(std::move(mine));
  }
  const auto& fold = asked.fold();
  TRY(const auto law, evaluate_case(*services.packs, fold, *asked.rows, asked.considered));
  const auto answers = answers_of(law);
  auto out = head(asked);
  out["scope"] = scope_part(law.scope, confirmed_scope(fold, asked.considered.own), *services.packs, asked.considered.as_of);
  out["duties"] = with_own_words(duties_of(law), *services.packs, asked.fold(), *asked.rows, asked.considered);
  json::array list;
  auto findings = findings_json(law);
  for (std::size_t i = 0; i < law.all.size(); ++i) {
    auto one = answers[i];
    one["facts"] = law.all[i].given.given;
    if (auto set_aside = set_aside_in(fold, one, law.all[i].given.given); !set_aside.empty()) one["set_aside"] = std::move(set_aside);
    if (law.all[i].given.provider) one["provider"] = law.all[i].given.provider->text();
    regimes::add_ways_out(one, law.all[i].evaluation, regimes::ways_out(law.all[i].evaluation));
    if (besides == Besides::Plan && i < kMostPlanned) {
      if (fits(law.all[i].given.given)) add_plan(one, law.all[i].evaluation, services.packs->library());
      else findings.push_back(json::object{{"where", "/plan"}, {"message", "This case says too much for a plan of it."}});
    }
    list.push_back(std::move(one));
  }
  if (besides == Besides::Plan && law.all.size() > kMostPlanned) findings.push_back(json::object{{"where", "/plan"}, {"message", "A plan was made for the first " + std::to_string(kMostPlanned) + " evaluations only."}});
  out["evaluations"] = std::move(list);
  const auto scenarios = scenarios_of(fold, *asked.rows, asked.considered);
  out["not_said"] = not_said_json(not_said(*services.packs, law.scope, scenarios, *asked.rows, asked.considered.own), *asked.rows);
  out["parties"] = names_of(*asked.rows, scenarios);
  out["findings"] = std::move(findings);
  return out;
}

Result<std::string> page_of_case(Services& services, const access::Viewer& viewer, const store::CaseSeen& of, std::optional<Instant> as_of) {
  TRY(const auto asked, seen_by(services, viewer, of, as_of));
  TRY(const auto turn, Turn::take());
  const auto& fold = asked.fold();
  TRY(const auto law, evaluate_case(*services.packs, fold, *asked.rows, asked.considered));
  std::vector<regimes::Printed> all;
  for (const auto& one : law.all) {
    if (all.size() == kMostPlanned) break;
    std::string about;
    if (law.all.size() > 1) about = one.given.provider ? "As to the product of " + name_of(*asked.rows, one.given.provider->text()) : std::string("As to the case");
    for (const auto& v : fold.vulnerabilities)
      if (std::find(one.given.vulnerabilities.begin(), one.given.vulnerabilities.end(), v.id) != one.given.vulnerabilities.end() && !about.empty() && about.size() < 300) about += ", " + v.identifier.value_or(v.title);
    regimes::Printed printed{one.evaluation, {}, std::move(about)};
    if (fits(one.given.given)) printed.dependences = regimes::dependences(one.evaluation, services.packs->library()), printed.parts.plan = regimes::best_schedule(one.evaluation);
    all.push_back(std::move(printed));
  }
  regimes::Labels labels{fold.title.empty() ? "Case " + fold.id.text() : fold.title, {}, names_on_paper(law, fold, *asked.rows)};
  if (asked.considered.own) {
    const auto whose = name_of(*asked.rows, asked.considered.own->text());
    labels.notes.push_back(viewer.role == access::SiteRole::Counsel ? "From what " + whose + " keeps of this case to itself, which is all that its counsel reads: what the rules say of the rest isn't here. Somebody of its staff can print what it sees."
                                                                    : "From what " + whose + " can see of this case.");
  }
  if (asked.then) labels.notes.push_back("As the case was known at " + to_text(asked.known) + "." + std::string(kProfilesAreOfNow));
  if (law.all.size() > all.size()) labels.notes.push_back("The first " + std::to_string(all.size()) + " of " + std::to_string(law.all.size()) + " evaluations.");
  for (const auto& one : law.findings) labels.notes.push_back("A part of the case could not be asked about: " + one.message + (one.where.empty() ? "" : " (" + one.where + ")"));
  return regimes::to_html(all, labels);
}

json::array reached_by_law(const CaseLaw& law, std::string_view party) {
  json::array out;
  for (const auto& one : law.all)
    for (const auto& next : regimes::onward(one.evaluation, party)) {
      json::object made{{"to", next.to}, {"via", next.via}, {"step", next.step}, {"rule", next.rule->id}, {"citation", next.rule->cite}};
      if (next.duty != nullptr) made["state"] = regimes::to_text(next.duty->state), made["due"] = next.duty->due ? json::value(next.duty->due->text) : json::value();
      made["verified"] = next.rule->verified;
      // A party that has told by now is not expected to: its own word for it is on record. What those whom it told do, nobody here sees.
      const bool is_done = next.duty != nullptr && (next.duty->state == regimes::DutyState::Met || next.duty->state == regimes::DutyState::Late) && !(next.duty->done && next.duty->done->at > one.scenario->as_of);
      made["expected"] = !is_done;
      if (is_done && next.duty->done && next.duty->done->at > regimes::kEver) made["told_at"] = regimes::to_text(next.duty->done->at);
      const auto is_same = [&](const json::value& v) { return string_at(v, "rule") == next.rule->id && string_at(v, "to") == next.to && string_at(v, "via") == next.via; };
      if (std::none_of(out.begin(), out.end(), is_same)) out.push_back(std::move(made));
    }
  std::stable_sort(out.begin(), out.end(), [](const json::value& a, const json::value& b) { return a.at("step").as_int64() < b.at("step").as_int64(); });
  return out;
}

json::array reached_if_told(const Packs& packs, const cvd::CaseFold& fold, const OrganisationRows& rows, OrganisationId organisation, const std::vector<std::string>& roles, Instant at, std::optional<OrganisationId> own) {
  auto told = fold;
  auto& guest = told.participants[organisation];
  guest.organisation = organisation;
  guest.admission = cvd::Admission::Confirmed;
  if (!guest.confirmed_at) guest.confirmed_at = at;
  if (guest.roles.empty())
    for (const auto& word : roles)
      if (const auto role = from_word<cvd::Role>(word)) guest.roles.insert(*role);
  Considered considered;
  considered.as_of = at;
  considered.own = own;
  considered.parties = {organisation};
  considered.told = organisation;
  const auto law = evaluate_case(packs, told, rows, considered, Asked::Duties);
  return law ? reached_by_law(*law, organisation.text()) : json::array();
}

json::array reached_if_told(Services& services, const cvd::CaseFold& fold, OrganisationId organisation, const std::vector<std::string>& roles, Instant at, std::optional<OrganisationId> own) {
  if (!services.packs) return {};
  const auto rows = organisations_of(services);
  return rows ? reached_if_told(*services.packs, fold, **rows, organisation, roles, at, own) : json::array();
}

json::array signs_of(std::string_view text) { return to_json(gate::signs_in(text)).as_array(); }

// ---- what a command may name

Result<void> check_classes(Services& services, const std::vector<std::string>& classes) {
  constexpr std::size_t kMost = 30;
  if (classes.size() > kMost) return fail(ErrorKind::Invalid, "At most 30 classes.", "/classes");
  if (!services.packs) return fail(ErrorKind::Unavailable, "This server has no packs of law and standards.");
  for (std::size_t i = 0; i < classes.size(); ++i)
    if (!services.packs->library().words.contents.contains(classes[i])) return fail(ErrorKind::Invalid, "There is no such class of content.", "/classes/" + std::to_string(i));
  return {};
}

namespace {

// A fact has the form that a case for the rules has; and what an organisation came to know, or did, isn't still to come.
Result<void> value_fits(const cvd::CorrectFact& correct, Instant now) {
  const std::string_view fact = correct.fact;
  if (!fact.starts_with('/')) return {};  // no fact at all: said below
  const auto section = fact.substr(1, fact.find('/', 1) - 1), key = fact.substr(fact.rfind('/') + 1);
  if (auto why = regimes::why_unfit(section, key, correct.value); !why.empty()) return fail(ErrorKind::Invalid, std::move(why), "/value");
  if (section != "events" || key.find('@') == std::string_view::npos || !correct.value.is_string()) return {};
  constexpr regimes::Second kClocksDiffer = 60;
  const auto at = regimes::parse_second(correct.value.get_string());
  if (at && *at > now.micros / 1'000'000 + kClocksDiffer) return fail(ErrorKind::Invalid, "This instant is still to come. Correct what has happened; null says that it hasn't.", "/value");
  return {};
}

// Where a fact stands in a scenario, whose parties are a list: "/parties/o_…/flags" is "/parties/2/flags".
std::string place_in(const json::object& given, std::string_view fact) {
  constexpr std::string_view kParties = "/parties/";
  if (!fact.starts_with(kParties)) return std::string(fact);
  const auto id = fact.substr(kParties.size(), fact.find('/', kParties.size()) - kParties.size());
  const auto& parties = given.at("parties").as_array();
  for (std::size_t i = 0; i < parties.size(); ++i)
    if (string_at(parties[i], "id") == id) return std::string(kParties) + std::to_string(i) + std::string(fact.substr(kParties.size() + id.size()));
  return std::string(fact);
}

}  // namespace

Result<void> check_law_command(Services& services, const cvd::Command& command, const access::Viewer& viewer, CaseId id) {
  const auto* scope = get_if<cvd::ConfirmScope>(&command);
  const auto* correct = get_if<cvd::CorrectFact>(&command);
  const std::vector<std::string>* classes = nullptr;
  if (const auto* one = get_if<cvd::ClassContent>(&command)) classes = &one->classes;
  if (const auto* one = get_if<cvd::AddFile>(&command); one != nullptr && one->classes) classes = &*one->classes;
  if (const auto* one = get_if<cvd::PostMessage>(&command); one != nullptr && one->classes) classes = &*one->classes;
  if (const auto* one = get_if<cvd::OpenThread>(&command); one != nullptr && one->classes) classes = &*one->classes;
  if (const auto* one = get_if<cvd::PostToMailbox>(&command); one != nullptr && one->classes) classes = &*one->classes;
  if (const auto* one = get_if<cvd::DraftAdvisory>(&command); one != nullptr && one->classes) classes = &*one->classes;
  if (classes != nullptr) return check_classes(services, *classes);
  if (scope == nullptr && correct == nullptr) return {};
  if (!services.packs) return fail(ErrorKind::Unavailable, "This server has no packs of law and standards.");
  const auto& packs = *services.packs;
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
    TRY(value_fits(*correct, now));
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
      const auto place_there = place_in(scenario.given, correct->fact);
      for (const auto& place : read->unknown_words)
        if (place == place_there || place.starts_with(place_there + "/")) return fail(ErrorKind::Invalid, "The packs have no such word.", place.starts_with("/events/") ? "/fact" : "/value");
      used = used || std::any_of(scenario.origins.begin(), scenario.origins.end(), [&](const Origin& o) { return o.kind == "person" && o.fact == correct->fact; });
    }
    if (!used) return fail(ErrorKind::Invalid, "This case has no such fact, or it isn't yours to correct.", "/fact");
    if (correct->fact.starts_with("/events/") && !packs.library().words.events.contains(std::string_view(correct->fact).substr(8, correct->fact.find('@') == std::string::npos ? std::string::npos : correct->fact.find('@') - 8)))
      return fail(ErrorKind::Invalid, "There is no such event.", "/fact");
  }
  return {};
}

}  // namespace sluice::service
