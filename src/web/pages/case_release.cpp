// Advisories on their way out, the plans of their release, and the decisions that people took.
#include "cvd/readiness.h"
#include "web/pages/law_words.h"

namespace sluice::web::pages {

namespace {

using access::Action;
using access::Compartment;

Html draft_reading(const cvd::AdvisoryVersion& version) {
  const auto read = from_json<advisory::Advisory>(version.document);
  if (!read) return el("p", "This draft can't be read: ", read.error().message);
  Facts facts;
  facts.add("Title", read->title).add("Tracking id", el("code", read->id)).add("Summary", paragraphs(read->summary));
  for (const auto& v : read->vulnerabilities) {
    Html what = v.title;
    for (const auto& status : v.statuses) {
      const auto* product = advisory::product_of(*read, status.product);
      what += el("span", {cls("block")}, product != nullptr ? product->name + (product->version ? " " + *product->version : "") : status.product, ": ", said(status.status).words);
    }
    for (const auto& remedy : v.remediations) what += el("span", {cls("quiet block")}, words_of(remedy.category), ": ", prose(remedy.details));
    facts.add(v.cve.value_or("Vulnerability"), what);
  }
  return all(facts.html(), more("The whole draft", verbatim("The whole draft", pretty(version.document))));
}

Html version_card(const Scene& s, AdvisoryId advisory, const cvd::AdvisoryVersion& v) {
  const auto number = std::to_string(v.version);
  const auto ids = all(hidden("advisory", advisory.text()), hidden("version", number));
  Html state = v.released_at ? badge(Tone::Good, "released") : v.approved_at ? badge(Tone::Good, "approved by a second person") : badge(Tone::Waiting, "drafted, to be approved by a second person");
  Html body = all(el("p", state, " drafted ", time(v.drafted_at), v.approved_at ? all(", approved ", time(*v.approved_at)) : Html(), v.released_at ? all(", released ", time(*v.released_at)) : Html()), draft_reading(v), el("p", {cls("quiet")}, "SHA-256 ", el("code", {cls("hash")}, hex(v.hash))));
  if (!v.approved_at)
    body += do_form(s, possible(s, Action::ApproveAdvisory, cvd::ApproveAdvisory{advisory, v.version, v.hash}), "approve_advisory", "Approve version " + number, all(ids, hidden("hash", hex(v.hash)), el("p", "You approve exactly the text above, by its hash.")), Compartment::coordination());
  const auto& versions = s.fold.advisories.at(advisory);
  const bool outdated = std::any_of(versions.begin(), versions.end(), [&v](const cvd::AdvisoryVersion& other) { return other.version > v.version && other.released_at; });
  if (v.approved_at && !v.released_at && !outdated) {
    const auto* running = s.fold.running_terms();
    const auto at = running != nullptr ? local_text(running->until) : std::string();
    auto may = possible(s, Action::PlanRelease);
    body += do_form(s, may, "plan_release", "Plan the release of version " + number,
                    all(ids, field({.name = "instant", .label = "When? (UTC)", .help = running != nullptr ? "Not before the embargo's end. It goes out for all at this moment." : "It goes out for all at this moment.", .kind = Field::Kind::Instant, .required = true, .value = at, .scope = advisory.text() + number})),
                    Compartment::coordination());
  }
  return el("div", {cls("card")}, el("h3", "Version ", number), body);
}

Html release_card(const Scene& s, std::size_t index, const std::vector<std::string>& missing) {
  const auto& r = s.fold.releases[index];
  const auto number = hidden("release", r.id.text());
  Facts facts;
  const auto overtaken = cvd::overtaken(s.fold, r);
  facts.add("When", r.state == cvd::Release::State::Held ? all("was planned for ", time(r.instant)) : all(time(r.instant), ", ", words_until(r.instant, s.now))).add("Documents", r.documents.empty() ? Html() : Html(std::to_string(r.documents.size()) + ", fixed by their hashes"));
  Html makes_public;
  for (const auto id : r.vulnerabilities)
    if (const auto* v = s.fold.vulnerability(id); v != nullptr) makes_public += all(makes_public.empty() ? "" : "; ", v->identifier.value_or(v->title));
  facts.add("Makes public", makes_public);
  if (r.held_because) facts.add("Held because", prose(s.with_names(*r.held_because)));
  if (r.released_at) facts.add("Released", time(*r.released_at));
  if (r.waiver) facts.add("Readiness waived", all(prose(r.waiver->why), el("span", {cls("quiet block")}, "Users' risk: ", prose(r.waiver->users_risk))));
  Html body = all(el("p", overtaken ? badge(Tone::Quiet, "overtaken", *overtaken == cvd::Overtaken::ByAnotherPlan ? "What it would have published went out by another plan." : "What it would have published became public before it.") : badge(said(r.state))), facts.html());
  if (index < s.dry_runs.size()) body += s.dry_runs[index];
  if (r.state == cvd::Release::State::Planned && s.coordinates()) {
    if (!missing.empty() && !r.waiver) {
      Html items;
      for (const auto& one : missing) items += el("li", s.with_names(one));
      body += notice(Tone::Alarm, "Not everybody is ready", all(el("ul", items), el("p", "Unless that changes or is waived, the release is held at its instant.")));
    }
    const auto ready = cvd::readiness(s.fold, r);
    if (missing.empty() && !ready.behind.empty()) {
      Html items;
      for (const auto& one : ready.behind) items += el("li", s.with_names(one.words), one.because ? " (" + *one.because + ")" : "");
      body += notice(Tone::Waiting, "Enough are ready, by the agreed quorum", all(el("p", "Left behind:"), el("ul", items)));
    }
    Html more_of_it;
    if (ready.rule != cvd::SettlementRule::Unanimity)
      for (const auto& quorum : ready.quorums) more_of_it += el("li", s.fold.vulnerability(quorum.vulnerability)->title, ": ", cvd::words_of(quorum, ready.rule));
    for (const auto& one : ready.partial) more_of_it += el("li", one);
    for (const auto& one : ready.unsupported) more_of_it += el("li", s.with_names(one));
    if (!more_of_it.empty()) body += el("ul", more_of_it);
    body += do_form(s, possible(s, Action::WaiveReadiness, cvd::WaiveReadiness{r.id, "why", "risk"}), "waive_readiness", "Release though not all are ready",
                    all(number, field({.name = "why", .label = "Why?", .kind = Field::Kind::Text, .required = true, .most = 20'000, .scope = "waive" + r.id.text()}), field({.name = "users_risk", .label = "What does it mean for users?", .kind = Field::Kind::Text, .required = true, .most = 20'000, .scope = r.id.text()})), Compartment::coordination());
    body += do_form(s, possible(s, Action::FireRelease, cvd::ReleaseEarly{r.id, "why", "risk"}), "release_early", "Publish before the planned instant",
                    all(number, field({.name = "why", .label = "Why can't it wait?", .kind = Field::Kind::Text, .required = true, .most = 20'000, .scope = "early" + r.id.text()}), field({.name = "users_risk", .label = "What does it mean for users?", .kind = Field::Kind::Text, .required = true, .most = 20'000, .scope = "early-risk" + r.id.text()})), Compartment::coordination());
    body += do_form(s, possible(s, Action::HoldRelease, cvd::HoldRelease{r.id, "why"}), "hold_release", "Hold the release", all(number, field({.name = "why", .label = "Why?", .kind = Field::Kind::Text, .required = true, .most = 4'000, .scope = "hold" + r.id.text()})), Compartment::coordination());
  }
  return el("div", {cls("card")}, el("h3", "Release ", time(r.instant)), body);
}

}  // namespace

Html advisories_part(const Scene& s) {
  Html inside;
  for (const auto& [id, versions] : s.fold.advisories)
    for (auto it = versions.rbegin(); it != versions.rend(); ++it) inside += version_card(s, id, *it);
  for (std::size_t i = 0; i < s.fold.releases.size(); ++i) inside += release_card(s, i, s.coordinates() ? cvd::not_ready(s.fold, s.fold.releases[i]) : std::vector<std::string>{});
  if (inside.empty()) inside = empty_state(s.coordinates() ? "No advisory is drafted yet." : "No advisory is out, and drafts are read by the coordination.", "One advisory becomes a page, CSAF, CVE and OSV at the same moment, once a second person has approved it.");
  if (s.coordinates()) {
    std::vector<Option> which{{"", "A new advisory"}};
    for (const auto& [id, versions] : s.fold.advisories) which.push_back({id.text(), "A new version of " + std::string(versions.empty() ? "it" : string_at(versions.back().document, "id"))});
    std::string latest;
    if (!s.fold.advisories.empty() && !s.fold.advisories.begin()->second.empty()) latest = pretty(s.fold.advisories.begin()->second.back().document);
    inside += draft_hints(s);
    inside += do_form(s, possible(s, Action::ComposeAdvisory), "draft_advisory", "Draft an advisory",
                      all(which.size() > 1 ? select({.name = "advisory", .label = "Of which?"}, which) : Html(),
                          field({.name = "document", .label = "The advisory, as JSON", .help = "Sluice's own model; it is checked before it is kept, and every message names the place.", .kind = Field::Kind::Text, .required = true, .value = latest, .most = 1'000'000}), classes_field(s, "advisory-")), Compartment::coordination());
  }
  return section("advisories", "Advisories and releases", inside);
}

Html decisions_part(const Scene& s) {
  Html items;
  for (const auto& d : s.fold.decisions) {
    Facts facts;
    facts.add("Because", paragraphs(d.what.reason)).add("Who is exposed", paragraphs(d.what.who_is_exposed)).add("How badly", paragraphs(d.what.how_badly)).add("What they can do", paragraphs(d.what.what_they_can_do));
    if (!d.rules.empty()) {
      Html rules;
      for (const auto& rule : d.rules) rules += el("li", rule_words(s, rule, s.words.citation_of(rule)));
      facts.add("Rules it sets aside", el("ul", rules));
    }
    items += el("li", {cls("card")}, el("h3", "Decided ", words_of(d.what.kind), d.what.about ? all(": ", s.name(d.what.about)) : Html()), el("p", {cls("quiet")}, time(d.at), d.second ? ", confirmed by a second person" : ""), facts.html(),
                possible(s, Action::ExportEvidence) ? el("p", link(path("/cases") / s.fold.id.text() / "decisions" / d.what.decision.text() / "evidence", "Evidence of this decision")) : Html());
  }
  static const Option kKinds[] = {{"tell", "To tell"}, {"withhold", "To withhold"}, {"wait", "To wait"}, {"waive", "To waive: takes two persons"}, {"override", "To override: takes two persons"}};
  const auto may = possible(s, Action::RecordDecision);
  if (items.empty() && !may.shown) return {};
  Html inside = items.empty() ? empty_state(s.coordinates() ? "No decision is on record." : "No decision is on record that you may read.", "Where rules leave a choice, a person takes it and says why, and what it means for users.") : el("ul", {cls("plain")}, items);
  inside += do_form(s, may, "record_decision", "Record a decision",
                    all(radios({.name = "kind", .label = "Decided", .required = true}, kKinds), field({.name = "reason", .label = "Why?", .kind = Field::Kind::Text, .required = true, .most = 20'000, .scope = "decision"}), field({.name = "who_is_exposed", .label = "Which users are exposed by it?", .kind = Field::Kind::Text, .required = true, .most = 20'000}),
                        field({.name = "how_badly", .label = "How badly?", .kind = Field::Kind::Text, .required = true, .most = 20'000}), field({.name = "what_they_can_do", .label = "What can they do about it?", .kind = Field::Kind::Text, .required = true, .most = 20'000})),
                    Compartment::coordination());
  return section("decisions", "Decisions", inside);
}

}  // namespace sluice::web::pages
