// Time targets, vendors that are silent and what to do about them; duplicates and credit of reports.
#include <algorithm>

#include "cvd/targets.h"
#include "web/pages/case_scene.h"

namespace sluice::web::pages {

namespace {

using access::Action;
using access::Compartment;

std::optional<OrganisationId> seen_by(const Scene& s) { return s.coordinates() ? std::nullopt : s.viewer.organisation; }

std::string scope_words(const Scene& s, const cvd::TargetAgreed& t) {
  std::string out;
  if (const auto* product = t.product ? s.fold.product(*t.product) : nullptr) out = product->name;
  else if (t.organisation) out = t.organisation == s.viewer.organisation ? std::string("Your organisation") : s.name(t.organisation);
  else out = "The whole case";
  if (const auto* v = t.vulnerability ? s.fold.vulnerability(*t.vulnerability) : nullptr) out += ", " + v->identifier.value_or(v->title);
  return out;
}

Html weighing_words(const cvd::Weighing& w) {
  Html out;
  const auto line = [&](std::string_view what, const std::string& value) { out += el("span", {cls("block")}, what, ": ", prose(value)); };
  if (w.severity) line("Severity", *w.severity);
  if (w.exploitation) line("Exploitation", *w.exploitation);
  if (w.complexity) line("Complexity", *w.complexity);
  if (w.tests) line("Tests needed", *w.tests);
  if (w.parties) line("Parties", std::to_string(*w.parties));
  if (w.layers) line("Layers", std::to_string(*w.layers));
  return out;
}

// Where the embargo's terms name a zone, the parties speak in it.
std::string agreed_zone(const Scene& s) {
  const auto* running = s.fold.running_terms();
  return running != nullptr ? running->zone : s.fold.terms.empty() ? std::string("UTC") : s.fold.terms.back().zone;
}

Html weighing_fields(const std::string& scope) {
  return all(field({.name = "weighed.severity", .label = "Severity", .most = 2'000, .scope = scope}), field({.name = "weighed.exploitation", .label = "Exploitation", .most = 2'000, .scope = scope}),
             field({.name = "weighed.complexity", .label = "Complexity of the remedy", .most = 2'000, .scope = scope}), field({.name = "weighed.tests", .label = "Tests it needs", .most = 2'000, .scope = scope}),
             field({.name = "weighed.parties", .label = "How many parties", .most = 7, .scope = scope}), field({.name = "weighed.layers", .label = "How many layers of suppliers", .most = 7, .scope = scope}));
}

Html target_row_end(const Scene& s, const cvd::Target& t, const cvd::TargetStanding& standing) {
  Html out = badge(said(standing.state));
  if (standing.met_at) out += el("span", {cls("quiet block")}, time(*standing.met_at));
  if (t.dropped_why) out += el("span", {cls("quiet block")}, prose(*t.dropped_why));
  if (standing.haste) out += el("span", {cls("block")}, badge(Tone::Alarm, "risk of haste"), " The remedy isn't validated. Rather move the target and say what has changed than ship what may not hold.");
  (void)s;
  return out;
}

Html change_forms(const Scene& s, const cvd::Target& t) {
  const auto number = hidden("target", t.id.text());
  const auto words = words_of(t.first.step) + ": " + scope_words(s, t.first);
  auto may_move = possible(s, Action::AgreeTarget), may_drop = may_move;
  const auto sees = t.audience.kind == Compartment::Kind::Coordination && !t.first.organisation && !t.first.product ? Compartment::shared() : t.audience;
  return all(do_form(s, may_move, "move_target", "Move \"" + words + "\"",
                     all(number, field({.name = "by", .label = "To (UTC)", .kind = Field::Kind::Instant, .required = true, .scope = "move" + t.id.text()}),
                         field({.name = "what_changed", .label = "What has changed?", .kind = Field::Kind::Text, .required = true, .most = 4'000, .scope = t.id.text()}), el("p", {cls("quiet")}, "Weighed anew from (leave empty what is as before):"), weighing_fields(t.id.text())),
                     sees),
             do_form(s, may_drop, "drop_target", "Drop \"" + words + "\"", all(number, field({.name = "why", .label = "Why?", .kind = Field::Kind::Text, .required = true, .most = 4'000, .scope = "drop" + t.id.text()})), sees));
}

Html agree_form(const Scene& s) {
  std::vector<Option> steps{{"", "Please choose"}}, vulnerabilities{{"", "All of them"}}, products{{"", "No one product"}}, organisations{{"", "The whole case"}};
  boost::mp11::mp_for_each<boost::describe::describe_enumerators<cvd::TargetStep>>([&](auto d) { steps.push_back({to_word(d.value), words_of(d.value)}); });
  for (const auto& v : s.fold.vulnerabilities) vulnerabilities.push_back({v.id.text(), v.identifier.value_or(v.title)});
  for (const auto& p : s.fold.products)
    if (s.coordinates() || p.vendor == s.own()) products.push_back({p.id.text(), p.name + (p.version ? " " + *p.version : "")});
  for (const auto& [id, p] : s.fold.participants)
    if (p.admission != cvd::Admission::None && p.admission != cvd::Admission::Removed && p.admission != cvd::Admission::Suspended && (s.coordinates() || id == s.own())) organisations.push_back({id.text(), id == s.own() ? std::string("Your organisation") : s.name(id)});
  return big_form(s, possible(s, Action::AgreeTarget), "agree_target", "Agree on a target", {}, organisations.size() + products.size() > kManyChoices, [&] {
    return all(el("p", "A date that the parties weigh and agree on. It ends and extends no embargo. For the whole case all who take part read it; for an organisation or a product only that one and the coordination."),
                     select({.name = "step", .label = "For which step?", .required = true, .scope = "target"}, steps), field({.name = "by", .label = "By (UTC)", .kind = Field::Kind::Instant, .required = true, .scope = "target"}),
                     select({.name = "organisation", .label = "Whose part?", .scope = "target"}, organisations), products.size() > 1 ? select({.name = "product", .label = "Of which product?", .scope = "target"}, products) : Html(),
                     vulnerabilities.size() > 2 ? select({.name = "vulnerability", .label = "Of which vulnerability?", .scope = "target"}, vulnerabilities) : Html(), el("p", {cls("quiet")}, "Weighed from (at least one):"), weighing_fields("new-target"),
                     field({.name = "why", .label = "Why this date?", .kind = Field::Kind::Text, .required = true, .most = 4'000, .scope = "target"}));
  }, std::nullopt);
}

Html targets_table(const Scene& s) {
  Table table("Time targets", {"Step", "For", "By", "Stands", "Weighed from", "Moved"});
  const auto zone = agreed_zone(s);
  for (const auto& t : s.fold.targets) {
    const auto standing = cvd::state_of(s.fold, t, s.now, seen_by(s));
    Html by = all(time(t.by), zone == "UTC" ? Html() : all(" (the embargo's terms were agreed in ", zone, ")"), t.dropped_at ? Html() : el("span", {cls("quiet block")}, words_until(t.by, s.now)));
    Html moved;
    for (const auto& one : t.moved) moved += el("span", {cls("block")}, time(one.at), ": from ", time(one.from), " to ", time(one.to), ", because: ", prose(one.what_changed));
    table.row({words_of(t.first.step), all(scope_words(s, t.first), el("span", {cls("quiet block")}, prose(t.first.why))), by, target_row_end(s, t, standing), weighing_words(t.weighed), moved});
  }
  return table.empty() ? empty_state("No target is agreed yet.", "The standards set no fixed time: the parties weigh severity, exploitation, their number and the tests, and agree on a date for a step.") : table.html();
}

Html suggested(const Scene& s) {
  Html items;
  for (const auto& one : s.suggestions) items += el("li", s.name(one.organisation), ", ", words_of(one.step), ": ", time(one.by));
  return items.empty() ? Html() : more("What the parties' own policies suggest", all(el("p", "Counted from the invitation. None of it is agreed by standing here."), el("ul", items)));
}

Html without_form(const Scene& s, std::optional<OrganisationId> id, const std::string& vendor) {
  if (!s.standing.is_owner) return {};
  auto may = possible(s, Action::Override);
  if (id && may.shown) {
    const auto road = cvd::road_without(s.fold, id, vendor, s.vendor_answers_within, s.now);
    for (const auto& one : road.missing) may.reason += (may.reason.empty() ? "" : " ") + one;
  }
  const auto scope = "without" + (id ? id->text() : std::string());
  const auto fields = [&] {
    return all(id ? all(hidden("organisation", id->text()), hidden("vendor", vendor)) : field({.name = "vendor", .label = "Which vendor?", .help = "By the name that the attempts on record have.", .required = true, .most = 300, .scope = scope}),
                     el("p", "A release then waits for it no longer, and the advisory names its products as without its answer. If it answers after all, it counts again."),
                     field({.name = "why", .label = "Why?", .kind = Field::Kind::Text, .required = true, .most = 20'000, .scope = scope}), field({.name = "who_is_exposed", .label = "Which users are exposed?", .kind = Field::Kind::Text, .required = true, .most = 20'000, .scope = scope}),
                     field({.name = "how_badly", .label = "How badly?", .kind = Field::Kind::Text, .required = true, .most = 20'000, .scope = scope}), field({.name = "what_they_can_do", .label = "What can they do about it?", .kind = Field::Kind::Text, .required = true, .most = 20'000, .scope = scope}));
  };
  return id ? big_form(s, may, "proceed_without", "Go on without " + vendor, {{"party", id->text()}}, s.is_large(), fields, Compartment::coordination())
            : do_form(s, may, "proceed_without", "Go on without a vendor that isn't on this site", fields(), Compartment::coordination());
}

Html silent_card(const Scene& s, OrganisationId id) {
  const auto name = s.name(id);
  const auto road = cvd::road_without(s.fold, id, name, s.vendor_answers_within, s.now);
  Facts facts;
  if (road.waited_since) facts.add("Asked, no answer since", all(time(*road.waited_since), " (", words_of_length(s.now - *road.waited_since), ")"));
  facts.add("Attempts on record", std::to_string(road.attempts)).add("Reminders", std::to_string(road.reminders)).add("Escalations", std::to_string(road.escalations));
  if (road.unsupported) facts.add("Support", "Has ended for a product of it. Its developer is asked first all the same.");
  Html missing;
  for (const auto& one : road.missing) missing += el("li", one);
  if (!missing.empty()) facts.add("Before you can go on without it", el("ul", missing));
  return el("div", {cls("card")}, el("h3", badge(Tone::Waiting, "silent"), " ", name), facts.html(), without_form(s, id, name));
}

Html escalate_form(const Scene& s) {
  std::vector<Option> whom{{"", "Nobody of this case"}};
  for (const auto& [id, p] : s.fold.participants)
    if (id != s.fold.owner) whom.push_back({id.text(), s.name(id)});
  return big_form(s, possible(s, Action::Escalate), "escalate", "Record that you escalated", {}, whom.size() > kManyChoices, [&] {
    return all(el("p", "To another contact of the vendor, another coordinator, a higher level. The vendor isn't told by this record."), select({.name = "organisation", .label = "Because of whom?", .scope = "escalate"}, whom),
                     field({.name = "to", .label = "To whom?", .required = true, .most = 500, .scope = "escalate"}), field({.name = "why", .label = "Why?", .kind = Field::Kind::Text, .required = true, .most = 4'000, .scope = "escalate"}));
  }, Compartment::coordination());
}

Html silence(const Scene& s) {
  Html cards;
  const auto silent = cvd::silent_vendors(s.fold, s.now);
  const auto shown = window(s, "silent", silent.size(), 20);
  for (std::size_t i = 0; i < silent.size(); ++i)
    if (s.form ? s.party == silent[i].text() : i >= shown.from && i < shown.to) cards += silent_card(s, silent[i]);
  cards += window_links(s, "silent", "targets", shown);
  if (!cards.empty())
    cards += more("What Sluice advises when a vendor is silent",
                  el("ol", el("li", "Try another way than before, and record each attempt with its report: whom, how, what came back."), el("li", "Say by when you expect an answer: a target for this vendor, so that both know it."),
                     el("li", "Escalate: another contact of the vendor, then a coordinator that knows it."), el("li", "Keep in mind that silence is no refusal, and that users stay exposed while you wait."),
                     el("li", "When the agreed time has passed, decide with a second person whether to go on without it, and write down what that means for users.")));
  Html record;
  for (const auto& e : s.fold.escalations) record += el("li", time(e.at), ": escalated to ", prose(e.to), e.organisation ? all(" because of ", s.name(e.organisation)) : Html(), ". ", prose(e.why));
  for (const auto& one : s.fold.proceeded_without) {
    const bool answered = one.organisation && !cvd::goes_without(s.fold, *one.organisation);
    record += el("li", "Decided to go on without ", one.vendor, " after ", std::to_string(one.attempts), one.attempts == 1 ? " attempt" : " attempts", " since ", time(one.waited_since), ". ", prose(one.why), answered ? Html(" It has answered since, and counts again.") : Html());
  }
  return all(cards, record.empty() ? Html() : el("ul", record), escalate_form(s), without_form(s, {}, ""));
}

}  // namespace

Html targets_part(const Scene& s) {
  Html inside = all(targets_table(s), suggested(s), agree_form(s));
  Html changes;
  const auto may = possible(s, Action::AgreeTarget);
  if (may.shown)
    for (const auto& t : s.fold.targets)
      if (!t.dropped_at) changes += change_forms(s, t);
  if (!changes.empty()) inside += more("Move or drop a target", changes);
  if (s.coordinates()) inside += silence(s);
  return section("targets", "Time targets and silence", inside);
}

void add_target_waits(const Scene& s, std::vector<Waiting>& out) {
  if (s.stub()) return;
  for (const auto& t : s.fold.targets) {
    // Of a vendor only what its own part owes; the coordination sees all, but is told before the time of whole-case targets alone.
    const auto whom = cvd::concerned(s.fold, t);
    const bool own = std::find(whom.begin(), whom.end(), s.own()) != whom.end() && t.first.step != cvd::TargetStep::Publish;
    if (!own && !s.coordinates()) continue;
    const auto state = cvd::state_of(s.fold, t, s.now, seen_by(s)).state;
    if (state == cvd::TargetState::Due && (own || (!t.first.organisation && !t.first.product))) out.push_back({"A target is due: " + words_of(t.first.step), "targets", t.by});
    if (state == cvd::TargetState::Overdue) out.push_back({"A target is overdue: " + words_of(t.first.step), "targets", t.by});
  }
  if (!s.coordinates()) return;
  const auto silent = cvd::silent_vendors(s.fold, s.now).size();
  if (silent > 0) out.push_back({silent == 1 ? "Decide what to do about a vendor that is silent" : "Decide what to do about " + std::to_string(silent) + " vendors that are silent", "targets", {}});
}

// For the coordination: which report it belongs to, and how its sender wants to be credited; for its sender with an account: to say so.
Html duplicate_and_credit(const Scene& s, const cvd::ReportCard& report) {
  Html out;
  const auto titled = [](const cvd::ReportCard& one) { return one.content ? one.content->title : to_text(one.received); };
  if (const auto* of = report.duplicate_of ? s.fold.report(*report.duplicate_of) : nullptr) out += el("p", badge(Tone::Quiet, "duplicate"), " Belongs to the report ", el("strong", titled(*of)), ".");
  if (report.credit) out += el("p", report.credit->wanted ? all("Its reporter wants to be credited as ", el("strong", report.credit->name.value_or("")), ".") : Html("Its reporter wants no credit."));
  if (s.coordinates() && s.fold.reports.size() > 1) {
    std::vector<Option> others{{"", "Please choose"}};
    for (const auto& other : s.fold.reports)
      if (other.id != report.id && !other.duplicate_of) others.push_back({other.id.text(), titled(other)});
    out += do_form(s, possible(s, Action::LinkDuplicate), "link_duplicate", "Link it as a duplicate",
                   all(hidden("report", report.id.text()), el("p", "Its sender learns nothing of the other report, and keeps its mailbox, its proof of receipt and its credit."), select({.name = "of", .label = "Of which report?", .required = true, .scope = "duplicate" + report.id.text()}, others),
                       field({.name = "why", .label = "Why?", .kind = Field::Kind::Text, .required = true, .most = 4'000, .scope = "duplicate" + report.id.text()})), Compartment::coordination());
  }
  if (report.reporter && report.reporter == s.viewer.organisation) {
    static const Option kWanted[] = {{"yes", "Yes, under this name"}, {"no", "No, don't name me"}};
    out += do_form(s, possible(s, Action::UseMailbox), "state_credit", "Say how you want to be credited",
                   all(hidden("report", report.id.text()), radios({.name = "wanted", .label = "Do you want to be credited?", .required = true, .scope = report.id.text()}, kWanted), field({.name = "name", .label = "Name", .most = 300, .scope = "credit" + report.id.text()})), Compartment::of(report.id));
  }
  return out;
}

// Beside the draft of an advisory: who wants to be named, and whose answer is missing for good.
Html draft_hints(const Scene& s) {
  Html items;
  for (const auto& credit : cvd::credits_of(s.fold)) items += el("li", "Credit, as the reporter wants it: ", el("strong", credit.name));
  for (const auto id : cvd::without_answer(s.fold)) {
    const auto* product = s.fold.product(id);
    items += el("li", "Without an answer of its vendor: ", el("strong", product->name), product->version ? " " + *product->version : "", " (", s.name(product->vendor), ")");
  }
  return items.empty() ? Html() : notice(Tone::Quiet, "For the draft", el("ul", items));
}

}  // namespace sluice::web::pages
