// A case among many: what its state says of an embargo, how terms are settled, who is asked again, roles, plans to invite, and the cases it was split from or merged with.
#include <algorithm>

#include "cvd/parties.h"
#include "web/pages/case_scene.h"

namespace sluice::web::pages {

namespace {

using access::Action;
using access::Compartment;
using pages::words_of;  // theirs beside ours

std::string_view parties_words(cvd::SettlementRule rule) {
  switch (rule) {
    case cvd::SettlementRule::OwnerDecides: return "the case owner decides";
    case cvd::SettlementRule::Unanimity: return "all who were asked agree";
    case cvd::SettlementRule::Majority: return "more than half of those who were asked agree";
    case cvd::SettlementRule::Quorum: return "a share of the weights agrees";
  }
  return {};
}

std::string_view parties_words(cvd::MayStart may) {
  switch (may) {
    case cvd::MayStart::Yes: return "An embargo may be agreed.";
    case cvd::MayStart::Caution: return "An embargo may be agreed, with care and for a short time.";
    case cvd::MayStart::ShouldNot: return "No embargo should begin now.";
    case cvd::MayStart::No: return "No embargo can begin now.";
  }
  return {};
}

std::string_view parties_words(cvd::ExistingAdvice advice) {
  switch (advice) {
    case cvd::ExistingAdvice::Stands: return "The embargo stands.";
    case cvd::ExistingAdvice::MayRunOn: return "The embargo may run on; prepare its end.";
    case cvd::ExistingAdvice::ShouldEnd: return "The embargo should end.";
    case cvd::ExistingAdvice::MustEnd: return "The embargo must end now.";
  }
  return {};
}

std::string_view parties_words(cvd::Sibling::Kind kind) {
  switch (kind) {
    case cvd::Sibling::Kind::SplitOff: return "Split off into a case of its own";
    case cvd::Sibling::Kind::SplitFrom: return "This case was split off from another";
    case cvd::Sibling::Kind::MergedIn: return "Another case was merged into this one";
    case cvd::Sibling::Kind::MergedInto: return "This case was merged into another and takes no new work";
  }
  return {};
}

Html advice(const Scene& s) {
  if (s.fold.is_merged_away()) return {};
  const auto given = cvd::advice_for(s.fold, s.own());
  Html out;
  if (given.existing) out += el("p", el("strong", parties_words(*given.existing)), " ", given.existing_because);
  if (given.pending && *given.pending != cvd::PendingAdvice::Negotiate) out += el("p", el("strong", *given.pending == cvd::PendingAdvice::MustReject ? "Open proposals have to be refused." : "Open proposals should be refused."));
  if (!cvd::binds(s.fold.embargo) && s.fold.embargo != cvd::EmbargoState::Exited) out += el("p", el("strong", parties_words(given.start.may)), " ", given.start.reason);
  return out;
}

Html settlement(const Scene& s) {
  const auto& settlement = s.fold.settlement;
  Html out = el("p", "Terms are settled when ", parties_words(settlement.rule), settlement.share ? ": " + std::to_string(*settlement.share) + " percent." : ".");
  if (!settlement.weights.empty()) {
    Html weights;
    for (const auto& one : settlement.weights) weights += el("li", s.name(one.organisation), ": ", std::to_string(one.weight));
    out += more("Weights", el("ul", weights));
  }
  static const Option kRules[] = {{"owner_decides", "The case owner decides"}, {"unanimity", "All who were asked agree"}, {"majority", "More than half agree"}, {"quorum", "A share of the weights agrees"}};
  out += do_form(s, possible(s, Action::SettleTerms), "choose_settlement", "Say how terms are settled",
                 all(radios({.name = "rule", .label = "When do terms take effect?", .required = true}, kRules), field({.name = "share", .label = "Share, in percent", .help = "Of a quorum alone. Everybody counts the same here; other weights are given by the API."})), Compartment::shared());
  if (std::any_of(s.fold.terms.begin(), s.fold.terms.end(), [&](const cvd::Terms& t) { return t.state == cvd::Terms::State::Open && !cvd::has_lapsed(t, s.now); }))
    out += do_form(s, possible(s, Action::SettleTerms, cvd::SettleTerms{}), "settle_terms", "Settle by the answers", el("p", "The earliest end first; each later one that is accepted takes its place; the first that isn't stops it."), Compartment::shared());
  return out;
}

Html ask_again(const Scene& s) {
  Html out;
  for (const auto& terms : s.fold.terms) {
    if ((terms.state != cvd::Terms::State::Open && terms.state != cvd::Terms::State::Running) || cvd::has_lapsed(terms, s.now)) continue;
    for (const auto& [id, participant] : s.fold.participants) {
      if (s.is_large() && s.party != id.text()) continue;  // of many parties the one that was chosen
      const auto consent = s.fold.consent(id, terms.version);
      if (!cvd::may_see_terms(participant.admission) || id == s.fold.owner || !cvd::next(consent, cvd::ConsentAction::Invite)) continue;
      const auto version = std::to_string(terms.version);
      out += do_form(s, possible(s, Action::InviteParticipant, cvd::AskConsent{terms.version, id, {}}), "ask_consent", "Ask " + s.name(id) + " again about version " + version,
                     all(hidden("version", version), hidden("organisation", id.text()), field({.name = "respond_by", .label = "Answer by (UTC)", .help = "Empty: seven days. Never less than three.", .kind = Field::Kind::Instant, .scope = "again" + version + id.text()})), Compartment::of(id));
    }
  }
  return out;
}

constexpr std::pair<cvd::Role, std::string_view> kGiven[] = {{cvd::Role::Vendor, "Vendor"},     {cvd::Role::Deployer, "Deployer"}, {cvd::Role::Coordinator, "Coordinator"},
                                                             {cvd::Role::Observer, "Observer"}, {cvd::Role::Finder, "Finder"},     {cvd::Role::Cna, "Gives CVE ids"}};
std::vector<Option> role_options() {
  std::vector<Option> out;
  for (const auto& [role, words] : kGiven) out.push_back({std::string(to_word(role)), std::string(words)});
  return out;
}

Html roles(const Scene& s) {
  Html out;
  const auto options = role_options();
  for (const auto& [id, participant] : s.fold.participants) {
    if (id == s.fold.owner || !cvd::may_see_terms(participant.admission) || (s.is_large() && s.party != id.text())) continue;
    Html fields = all(hidden("organisation", id.text()), checks({.name = "roles", .label = "As what? All that hold", .scope = "roles" + id.text()}, options));
    if (participant.roles.contains(cvd::Role::Reporter)) fields += hidden("roles.reporter", "on");
    out += do_form(s, possible(s, Action::SetRoles), "set_roles", "Change the roles of " + s.name(id), all(fields, field({.name = "why", .label = "Why?", .kind = Field::Kind::Text, .required = true, .most = 4'000, .scope = "roles" + id.text()})), Compartment::of(id));
  }
  return out;
}

Html plans(const Scene& s) {
  Html items;
  for (const auto& plan : s.fold.planned_invitations) {
    const bool due = !cvd::rules::plan_due(s.fold, plan);
    items += el("li", {cls("card")}, el("strong", s.name(plan.organisation)), ", planned for ", time(plan.when), due ? all(" ", badge(Tone::Waiting, "Due: invite it, or drop the plan")) : Html(), paragraphs(plan.essential_because),
                do_form(s, possible(s, Action::InviteParticipant), "drop_invitation_plan", "Drop the plan", all(hidden("organisation", plan.organisation.text()), field({.name = "why", .label = "Why?", .kind = Field::Kind::Text, .required = true, .most = 4'000, .scope = "unplan" + plan.organisation.text()})), Compartment::coordination()));
  }
  Html out = items.empty() ? Html() : el("ul", {cls("plain")}, items);
  std::vector<Option> whom{{"", "Please choose"}};
  for (const auto& option : s.organisations) {
    const auto id = OrganisationId::parse(option.value);
    if (id && cvd::rules::may_be_invited(s.fold, *id, {})) whom.push_back(option);
  }
  const auto options = role_options();
  out += big_form(s, possible(s, Action::InviteParticipant), "plan_invitation", "Plan to invite an organisation later", {}, whom.size() > kManyChoices, [&] {
    return all(el("p", "For one whose own policy is shorter than what is left of the embargo: told later, both end together. You are reminded then; nothing is sent by itself."), select({.name = "organisation", .label = "Whom?", .required = true, .scope = "plan"}, whom),
                     field({.name = "when", .label = "When (UTC)", .kind = Field::Kind::Instant, .required = true, .scope = "plan"}), checks({.name = "roles", .label = "As what?", .scope = "plan"}, options),
                     field({.name = "essential_because", .label = "Why is it essential to a remedy?", .kind = Field::Kind::Text, .required = true, .most = 4'000, .scope = "plan"}));
  }, Compartment::coordination());
  return out;
}

Html siblings(const Scene& s) {
  Html items;
  for (const auto& sibling : s.fold.siblings) {
    Html body = all(el("strong", parties_words(sibling.kind)), ", ", time(sibling.at));
    Html titles;
    for (const auto& title : sibling.titles) titles += el("li", title);
    if (!titles.empty()) body += el("ul", titles);
    if (!sibling.why.empty()) body += paragraphs(sibling.why);
    if (sibling.id && s.parts.contains(*sibling.id)) body += el("p", link(path("/cases") / sibling.id->text(), "Open that case"));
    for (const auto& moved : sibling.terms) body += el("p", {cls("quiet")}, time(moved.at), ": ", moved.what, moved.until ? all(" Until ", time(*moved.until), ".") : Html());
    items += el("li", {cls("card")}, body);
  }
  return items.empty() ? Html() : all(el("h3", "Sibling cases"), el("ul", {cls("plain")}, items));
}

Html divide(const Scene& s) {
  Html out;
  if (s.fold.vulnerabilities.size() > 1) {
    std::vector<Option> which;
    for (const auto& v : s.fold.vulnerabilities) which.push_back({v.id.text(), v.title});
    out += do_form(s, possible(s, Action::MergeCases), "split_case", "Split vulnerabilities off",
                   all(el("p", "They go to a case of their own, with the same participants, the same terms and the same consents. This can't be undone."), checks({.name = "vulnerabilities", .label = "Which?", .scope = "split"}, which),
                       field({.name = "why", .label = "Why?", .help = "All participants read it.", .kind = Field::Kind::Text, .required = true, .most = 4'000, .scope = "split"})),
                   Compartment::shared());
  }
  out += do_form(s, possible(s, Action::MergeCases), "merge_cases", "Merge another case into this one",
                 all(el("p", "Of a case that your organisation owns, too. Its vulnerabilities, products and answers come here; its participants are invited; its reports stay with their mailboxes. The earliest end of both embargoes holds. This can't be undone."),
                     field({.name = "with", .label = "Id of the other case", .required = true, .most = 40}), field({.name = "why", .label = "Why?", .help = "For the coordination of both.", .kind = Field::Kind::Text, .required = true, .most = 4'000, .scope = "merge"})),
                 Compartment::coordination());
  return out;
}

}  // namespace

Html parties_part(const Scene& s) {
  Html inside = all(advice(s), settlement(s), siblings(s));
  if (s.coordinates()) {
    Html rest = all(ask_again(s), plans(s));
    if (s.standing.is_owner) rest += all(roles(s), divide(s));
    if (s.is_large() && s.party.empty()) rest += el("p", {cls("quiet")}, "To ask one of the many again for its consent, or to change its roles, choose it under ", link_here("participants", "Participants"), ".");
    inside += rest;
  }
  return section("parties", "Among many parties", inside);
}

}  // namespace sluice::web::pages
