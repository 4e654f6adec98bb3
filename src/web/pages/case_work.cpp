// The work of a case: vulnerabilities with what the world knows, and the vendors' answers and remedies, product by product.
#include "cvd/availability.h"
#include "web/pages/case_scene.h"

namespace sluice::web::pages {

namespace {

using access::Action;
using access::Compartment;

Html facts_of(const cvd::Vulnerability& v) {
  Html items;
  for (const auto fact : {cvd::Letter::P, cvd::Letter::X, cvd::Letter::A}) {
    const auto found = v.facts.find(fact);
    const auto letter = std::string(1, cvd::character(fact));
    if (found == v.facts.end()) items += el("li", badge(Tone::Quiet, words_of_absence(fact), letter));
    else items += el("li", badge(fact == cvd::Letter::P ? Tone::Waiting : Tone::Alarm, words_of(fact), letter), " since ", time(found->second.occurred), found->second.recorded != found->second.occurred ? all(el("span", {cls("quiet")}, ", recorded ", time(found->second.recorded))) : Html());
  }
  return el("ul", {cls("badges")}, items);
}

Html claims_of(const Scene& s, const cvd::Vulnerability& v) {
  Html out;
  for (const auto& claim : s.fold.claims) {
    if (claim.vulnerability != v.id) continue;
    Html body = all(badge(said(claim.state)), " ", el("strong", words_of(claim.fact)), ", said by ", claim.sources.empty() ? s.name(claim.by) : Html("what is shared or listed"), " on ", time(claim.recorded), claim.occurred != claim.recorded ? all(", true since ", time(claim.occurred)) : Html(), paragraphs(claim.evidence));
    for (const auto& source : claim.sources) body += el("p", source.kind == cvd::ClaimSourceKind::ThreatObject ? "Object " : "List ", source.name, source.version.empty() ? "" : ", version " + source.version, ": ", source.evidence);
    if (claim.why) body += el("p", "Refused because: ", prose(*claim.why));
    if (claim.state == cvd::Claim::State::Open && s.coordinates()) {
      const auto number = hidden("claim", claim.id.text());
      Html choice;
      if (cvd::leaves_a_choice(claim.fact, s.fold.embargo)) {
        static const Option kEnd[] = {{"yes", "Yes, users need to defend themselves now"}, {"no", "No, it goes on"}};
        choice = radios({.name = "end_embargo", .label = "Shall the embargo end?", .required = true, .scope = claim.id.text()}, kEnd);
      } else if (claim.fact != cvd::Letter::A && s.fold.vulnerabilities.size() > 1 && (cvd::binds(s.fold.embargo) || s.fold.embargo == cvd::EmbargoState::Proposed)) {
        static const Option kWhole[] = {{"no", "No: what is public goes to a case of its own, the embargo stands for the rest"}, {"yes", "Yes: they are inseparable, or another reason below"}};
        std::vector<Option> others;
        for (const auto& other : s.fold.vulnerabilities)
          if (other.id != claim.vulnerability) others.push_back({other.id.text(), other.title});
        choice = all(radios({.name = "end_embargo", .label = "Does the embargo end for the whole case?", .required = true, .scope = claim.id.text()}, kWhole), checks({.name = "inseparable", .label = "Inseparable from it: these go along", .scope = claim.id.text()}, others),
                     field({.name = "why", .label = "Why?", .help = "Needed if it ends for the whole case.", .kind = Field::Kind::Text, .most = 4'000, .scope = "adopt" + claim.id.text()}));
      } else if (cvd::binds(s.fold.embargo)) {
        choice = notice(Tone::Alarm, "This ends the embargo", el("p", "It can't be reopened. Nothing is published by itself."));
      }
      const auto may = possible(s, Action::AdoptFact);
      body += do_form(s, may, "adopt_fact", "Adopt as a fact", all(number, choice), Compartment::shared());
      body += do_form(s, may, "refuse_fact", "Refuse the claim", all(number, field({.name = "why", .label = "Why?", .kind = Field::Kind::Text, .required = true, .most = 4'000, .scope = claim.id.text()})), Compartment::coordination());
    }
    out += el("li", {cls("card")}, body);
  }
  return out.empty() ? Html() : all(el("h4", "Claims"), el("ul", {cls("plain")}, out));
}

Html vulnerability(const Scene& s, const cvd::Vulnerability& v) {
  const auto number = hidden("vulnerability", v.id.text());
  const auto scope = v.id.text();
  Facts facts;
  if (v.identifier) facts.add("Identifier", el("code", *v.identifier));
  if (v.cwe) facts.add("Weakness", *v.cwe);
  if (v.cvss) facts.add("Severity", all(v.score ? el("strong", *v.score) : Html(), " ", el("code", *v.cvss)));
  else facts.add("Severity", "not assessed yet");
  Html out = all(el("h3", {id("v-" + v.id.text())}, v.identifier ? *v.identifier + ": " + v.title : v.title), s.fold.is_merged_away() ? Html() : facts_of(v), facts.html(), v.description.empty() ? Html() : more("Description", paragraphs(v.description)), claims_of(s, v));
  // Of many the forms of the one that was chosen.
  if (s.is_large() && s.chosen != v.id && s.fold.vulnerabilities.size() > 1)
    return el("div", {cls("card")}, out, el("p", {cls("elsewhere")}, link(here(s, {{"vulnerability", v.id.text()}}).fragment("v-" + v.id.text()), "Assess, name or report on " + v.identifier.value_or(v.title))));
  static const Option kFacts[] = {{"p", "It is publicly known (P)"}, {"x", "An exploit is public (X)"}, {"a", "Attacks were seen (A)"}};
  Html forms;
  forms += do_form(s, possible(s, Action::ClaimFact), "claim_fact", "Say that something became known",
                   all(number, radios({.name = "fact", .label = "What?", .required = true, .scope = scope}, kFacts), field({.name = "evidence", .label = "How do you know?", .help = "Addresses, samples, who saw it.", .kind = Field::Kind::Text, .required = true, .most = 20'000, .scope = scope}),
                       field({.name = "occurred", .label = "Since when? (UTC)", .help = "Empty: now.", .kind = Field::Kind::Instant, .scope = scope})),
                   Compartment::of(s.own()));
  forms += do_form(s, possible(s, Action::AssessSeverity), "assess_severity", "Assess severity",
                   all(number, field({.name = "cvss", .label = "CVSS vector", .help = "2.0, 3.0, 3.1 or 4.0; the score is computed from it.", .required = true, .value = v.cvss.value_or(""), .most = 300, .scope = scope}), field({.name = "note", .label = "Remarks", .kind = Field::Kind::Text, .most = 4'000, .scope = scope})),
                   Compartment::shared());
  forms += do_form(s, possible(s, Action::SetIdentifier), "set_identifier", "Give it its identifier", all(number, field({.name = "identifier", .label = "Identifier", .help = "Such as CVE-2021-44228.", .required = true, .value = v.identifier.value_or(""), .most = 100, .scope = scope}), field({.name = "assigned_by", .label = "Assigned by", .most = 200, .scope = scope})),
                   Compartment::shared());
  return el("div", {cls("card")}, out, forms);
}

std::string letters_words(cvd::Letters letters) {
  std::string out;
  for (const auto letter : {cvd::Letter::V, cvd::Letter::F, cvd::Letter::D})
    if (letters.has(letter)) out += (out.empty() ? "" : ", ") + std::string(words_of(letter));
  return out.empty() ? "vendor is not aware yet" : out;
}

Html justifications(const std::string& scope) {
  static const Option kWhy[] = {{"", "Only if it is not affected"},
                                {"component_not_present", "The component is not in it"},
                                {"vulnerable_code_not_present", "The vulnerable code is not in it"},
                                {"vulnerable_code_not_in_execute_path", "The vulnerable code is never run"},
                                {"vulnerable_code_cannot_be_controlled_by_adversary", "An attacker can't reach it with input of their own"},
                                {"inline_mitigations_already_exist", "Protections built in prevent an attack"}};
  return select({.name = "justification", .label = "Why not affected?", .scope = scope}, kWhy);
}

Html answer_forms(const Scene& s, const cvd::Vulnerability& v, const cvd::Product& p) {
  if (p.vendor != s.own() && (!s.standing.is_owner || s.is_large())) return {};  // for many others by the API
  const auto ids = all(hidden("vulnerability", v.id.text()), hidden("product", p.id.text()));
  const auto scope = v.id.text() + p.id.text();
  static const Option kStatus[] = {{"under_investigation", "Under investigation"}, {"affected", "Affected"}, {"not_affected", "Not affected"}, {"fixed", "Fixed"}};
  Html out = do_form(s, possible(s, Action::SetStatus), "set_status", "Give the status",
                     all(ids, radios({.name = "status", .label = "Is it affected?", .required = true, .scope = scope}, kStatus), justifications(scope), field({.name = "note", .label = "Remarks", .kind = Field::Kind::Text, .most = 4'000, .scope = scope})), Compartment::of(p.vendor));
  const auto found = s.fold.answers.find({v.id, p.id});
  const auto step = found == s.fold.answers.end() ? std::nullopt : found->second.step;
  if (!step || *step < cvd::RemedyStep::Deployed) {
    const auto next = step ? static_cast<cvd::RemedyStep>(static_cast<int>(*step) + 1) : cvd::RemedyStep::Identified;
    out += do_form(s, possible(s, Action::SetRemedyStep, cvd::StepRemedy{v.id, p.id, next, {}, {}}), "step_remedy", "Remedy: " + std::string(said(next).words),
                   all(ids, hidden("step", to_word(next)), field({.name = "version", .label = "Fixed in version", .most = 200, .scope = "step-" + scope}), field({.name = "note", .label = "Remarks", .kind = Field::Kind::Text, .most = 4'000, .scope = "step-" + scope})), Compartment::of(p.vendor));
  }
  if (step && *step > cvd::RemedyStep::Identified) {
    std::vector<Option> back;
    for (int i = 0; i < static_cast<int>(*step); ++i) back.push_back({to_word(static_cast<cvd::RemedyStep>(i)), std::string(said(static_cast<cvd::RemedyStep>(i)).words)});
    out += do_form(s, possible(s, Action::SetRemedyStep), "reopen_remedy", "The remedy is incomplete",
                   all(ids, select({.name = "back_to", .label = "Back to", .required = true, .scope = scope}, back), field({.name = "found_how", .label = "How was that found?", .kind = Field::Kind::Text, .required = true, .most = 4'000, .scope = scope})), Compartment::of(p.vendor));
  }
  return out;
}

}  // namespace

namespace {
// Of a large case one vulnerability's answers are shown at a time.
const cvd::Vulnerability* chosen_of(const Scene& s) {
  const auto* chosen = s.chosen ? s.fold.vulnerability(*s.chosen) : nullptr;
  return chosen != nullptr ? chosen : s.fold.vulnerabilities.empty() ? nullptr : &s.fold.vulnerabilities.front();
}
}  // namespace

Html vulnerabilities_part(const Scene& s) {
  Html inside;
  for (const auto& v : s.fold.vulnerabilities) inside += vulnerability(s, v);
  if (inside.empty()) inside = empty_state("No vulnerability is described yet.", "A report brings one with it; further ones found on the way are added here.");
  inside += do_form(s, possible(s, Action::AddVulnerability), "add_vulnerability", "Add a vulnerability",
                    all(field({.name = "title", .label = "In one line", .required = true, .most = 300, .scope = "new"}), field({.name = "description", .label = "Description", .kind = Field::Kind::Text, .required = true, .most = 200'000}), field({.name = "cwe", .label = "Weakness", .help = "Such as CWE-502.", .most = 20})),
                    Compartment::shared());
  return section("vulnerabilities", "Vulnerabilities and what the world knows", inside);
}

Html products_part(const Scene& s) {
  Html inside;
  const auto* chosen = s.is_large() ? chosen_of(s) : nullptr;
  if (chosen != nullptr && s.fold.vulnerabilities.size() > 1) {
    std::vector<Option> all_of_them;
    for (const auto& v : s.fold.vulnerabilities) all_of_them.push_back({v.id.text(), v.identifier ? *v.identifier + ": " + v.title : v.title});
    inside += el("form", {attr("method", "get"), action((path("/cases") / s.fold.id.text()).fragment("products")), cls("form inline")}, select({.name = "vulnerability", .label = "Answers for", .value = chosen->id.text(), .scope = "answers"}, all_of_them), submit("Show these", "button second"));
  }
  for (const auto& v : s.fold.vulnerabilities) {
    if (chosen != nullptr && chosen != &v) continue;
    const auto delivery = cvd::delivery_of(cvd::chain_of(s.fold, v.id));
    Table table("Answers for " + (v.identifier ? *v.identifier : v.title), {"Vendor", "Product", "Status", "Remedy", "What it has reached"});
    std::set<OrganisationId> with_product;
    for (const auto& p : s.fold.products) with_product.insert(p.vendor);
    std::vector<std::pair<OrganisationId, const cvd::Asked*>> without_product;
    for (const auto& [key, asked] : s.fold.asked)
      if (key.first == v.id && !with_product.contains(key.second)) without_product.emplace_back(key.second, &asked);
    const auto shown = window(s, "answers", s.fold.products.size() + without_product.size(), 50);
    Html forms;
    for (std::size_t i = 0; i < s.fold.products.size(); ++i) {
      const auto& p = s.fold.products[i];
      if (const auto own = answer_forms(s, v, p); !own.empty()) forms += el("div", {cls("card")}, el("h3", p.name, p.version ? " " + *p.version : ""), own);
      if (i < shown.from || i >= shown.to) continue;
      const auto found = s.fold.answers.find({v.id, p.id});
      const cvd::Answer answer = found == s.fold.answers.end() ? cvd::Answer{} : found->second;
      Html status = answer.status ? badge(said(*answer.status)) : badge(Tone::Quiet, "not asked");
      const auto asked = s.fold.asked.find({v.id, p.vendor});
      if (!answer.status && asked != s.fold.asked.end())
        status = all(badge(said(cvd::Status::Asked)), el("span", {cls("quiet block")}, "for ", words_of_length(s.now - asked->second.at), ", answer by ", time(asked->second.answer_by)));
      if (answer.status_at) status += el("span", {cls("quiet block")}, "since ", time(*answer.status_at));
      if (answer.justification) status += el("span", {cls("quiet block")}, *answer.justification);
      if (answer.note) status += el("span", {cls("quiet block")}, prose(*answer.note));
      Html remedy = answer.step ? badge(said(*answer.step)) : Html();
      if (answer.fixed_in) remedy += el("span", {cls("quiet block")}, "in ", *answer.fixed_in);
      if (!answer.history.empty() && answer.history.back().reopened) remedy += el("span", {cls("block")}, badge(Tone::Alarm, "reopened"));
      if (answer.blocked_because) remedy += el("span", {cls("block")}, badge(Tone::Alarm, "blocked"));
      for (const auto& wait : s.fold.waits)
        if (wait.vulnerability == v.id && wait.product == p.id && !wait.ended && !delivery.met(wait)) remedy += el("span", {cls("quiet block")}, "waits for ", p.vendor == s.own() || s.fold.product(wait.on) == nullptr ? wait.label : s.fold.product(wait.on)->name);
      Html name = all(p.name, p.version ? " " + *p.version : "");
      if (p.purl) name += el("span", {cls("quiet block")}, el("code", *p.purl));
      const auto letters = s.fold.letters(v.id, p.id);
      table.row({s.name(p.vendor), name, status, remedy, all(letters_words(letters), el("span", {cls("quiet block")}, el("code", letters.text())))});
    }
    for (auto i = std::max(shown.from, s.fold.products.size()); i < shown.to; ++i) {
      const auto& [who, asked] = without_product[i - s.fold.products.size()];
      table.row({s.name(who), el("span", {cls("quiet")}, "none named yet"), all(badge(said(cvd::Status::Asked)), el("span", {cls("quiet block")}, "for ", words_of_length(s.now - asked->at), ", answer by ", time(asked->answer_by))), "", ""});
    }
    if (!table.empty()) inside += all(table.html(), window_links(s, "answers", "products", shown));
    inside += forms;
    if (s.coordinates()) {
      std::vector<Option> whom;
      for (const auto& [id, participant] : s.fold.participants)
        if (participant.admission == cvd::Admission::Confirmed && id != s.fold.owner) whom.push_back({id.text(), s.name(id)});
      if (!whom.empty())
        inside += big_form(s, possible(s, Action::AskStatus), "ask_status", "Ask for the status" + (s.fold.vulnerabilities.size() > 1 ? " of " + v.identifier.value_or(v.title) : std::string()), {{"vulnerability", v.id.text()}}, whom.size() > kManyChoices, [&] {
          return all(hidden("vulnerability", v.id.text()), checks({.name = "organisations", .label = "Whom?", .scope = v.id.text()}, whom), field({.name = "answer_by", .label = "Answer by (UTC)", .help = "Empty: in seven days.", .kind = Field::Kind::Instant, .scope = v.id.text()}));
        }, std::nullopt);
    }
  }
  if (inside.empty()) inside = empty_state(s.coordinates() ? "No product is named yet." : "No product is named that you may read of.", "Vendors add their products here and say for each whether it is affected.");
  std::vector<Option> vendors{{"", "Your own organisation"}};
  if (s.standing.is_owner)
    for (const auto& [id, participant] : s.fold.participants)
      if (id != s.own()) vendors.push_back({id.text(), s.name(id)});
  inside += big_form(s, possible(s, Action::AddProduct), "add_product", "Add a product", {}, vendors.size() > kManyChoices, [&] {
    return all(field({.name = "name", .label = "Name", .required = true, .most = 300}), field({.name = "version", .label = "Version", .most = 200}), field({.name = "purl", .label = "purl", .help = "Such as pkg:maven/org.apache.logging.log4j/log4j-core@2.14.1.", .most = 500}),
                        vendors.size() > 1 ? select({.name = "vendor", .label = "Whose product?"}, vendors) : Html());
  }, vendors.size() > 1 ? std::optional<Compartment>() : std::optional(Compartment::of(s.own())));
  return section("products", "Products, status and remedies", inside);
}

}  // namespace sluice::web::pages
