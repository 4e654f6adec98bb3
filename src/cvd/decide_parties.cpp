// Many parties: how terms are settled, who is asked again, who is told later, roles; and splits, as one of the two cases sees them. Merging is in decide_merge.cpp.
#include <algorithm>

#include "cvd/parties.h"
#include "cvd/reason.h"

namespace sluice::cvd {

namespace {
constexpr int kMostWeight = 1'000;

int weight_of(const Settlement& settlement, OrganisationId id) {
  if (settlement.rule != SettlementRule::Quorum) return 1;
  for (const auto& one : settlement.weights)
    if (one.organisation == id) return one.weight;
  return 1;
}

bool is_confirmed(const CaseFold& fold, OrganisationId id) {
  const auto* participant = fold.participant(id);
  return participant != nullptr && participant->admission == Admission::Confirmed;
}
bool is_among(const auto& list, const auto& one) { return std::find(list.begin(), list.end(), one) != list.end(); }
}  // namespace

SettledAs tally_of(const CaseFold& fold, const Terms& terms, const Settlement& settlement, const ConsentChanges& changed) {
  std::int64_t yes = 0, no = 0, open = 0;
  for (const auto& [id, participant] : fold.participants) {
    if (participant.admission != Admission::Confirmed) continue;
    const auto said = changed.find({terms.version, id});
    switch (said != changed.end() ? said->second : fold.consent(id, terms.version)) {
      case ConsentState::Signatory: yes += weight_of(settlement, id); break;
      case ConsentState::Declined: no += weight_of(settlement, id); break;
      case ConsentState::Invited: open += weight_of(settlement, id); break;
      case ConsentState::NoEmbargo:
      case ConsentState::Lapsed: break;  // wasn't asked about these terms: whoever joined since counts once it is
    }
  }
  const auto all = yes + no + open;
  const auto reaches = [&](std::int64_t votes) {
    switch (settlement.rule) {
      case SettlementRule::OwnerDecides: return false;
      case SettlementRule::Unanimity: return votes == all;
      case SettlementRule::Majority: return votes * 2 > all;
      case SettlementRule::Quorum: return votes * 100 >= all * settlement.share.value_or(100);
    }
    return false;
  };
  if (yes > 0 && reaches(yes)) return SettledAs::Accepted;
  return all > 0 && !reaches(yes + open) ? SettledAs::Refused : SettledAs::Undecided;
}

Result<void> check(const Settlement& settlement, const CaseFold& fold) {
  if (settlement.rule != SettlementRule::Quorum) {
    if (settlement.share) return fail(ErrorKind::Invalid, "A share belongs to a quorum alone.", "/share");
    if (!settlement.weights.empty()) return fail(ErrorKind::Invalid, "Weights belong to a quorum alone.", "/weights");
    return {};
  }
  if (!settlement.share || *settlement.share < 1 || *settlement.share > 100) return fail(ErrorKind::Invalid, "Say which share of the weights it takes, in percent: 1 to 100.", "/share");
  std::set<OrganisationId> seen;
  for (std::size_t i = 0; i < settlement.weights.size(); ++i) {
    const auto& one = settlement.weights[i];
    const auto where = "/weights/" + std::to_string(i);
    if (!is_confirmed(fold, one.organisation)) return fail(ErrorKind::Invalid, "Only confirmed participants have a weight.", where + "/organisation");
    if (!seen.insert(one.organisation).second) return fail(ErrorKind::Invalid, "This organisation has a weight already.", where + "/organisation");
    if (one.weight < 1 || one.weight > kMostWeight) return fail(ErrorKind::Invalid, "A weight is a number from 1 to " + std::to_string(kMostWeight) + ".", where + "/weight");
  }
  return {};
}

std::vector<Way> ways_to_invite(const CaseFold& fold, const InviteComparison& compared, OrganisationId invitee, OrganisationId by, Instant now) {
  std::string asking, terms;
  if (const auto may = rules::may_be_invited(fold, invitee, {}); !may) asking = may.error().message;
  else if (const auto* self = fold.participant(by); self != nullptr && !may_bring_in_others(self->report)) asking = may_bring_in_others(self->report).error().message;
  if (const auto may = rules::may_be_negotiated(fold); !may) terms = may.error().message;
  std::vector<Way> out;
  for (const auto& choice : compared.choices) {
    Way way{choice.option, choice.when, {}, {}};
    switch (choice.option) {
      case InviteOption::Shorten:
        way.how = "Propose terms that end then; invite once they run.";
        way.reason = !asking.empty() ? asking : terms;
        break;
      case InviteOption::Lengthen:
        way.how = "Propose terms that end then; invite once they run. An embargo may not delay for ever.";
        way.reason = !asking.empty() ? asking : terms;
        break;
      case InviteOption::ProposeRunning:
        way.how = "Invite to the terms that run. The case opens to it once it has accepted them and was confirmed.";
        way.reason = asking;
        break;
      case InviteOption::NotifyLater:
        way.how = "Plan the invitation for then, when its own policy and the embargo end together. You are reminded; nothing is sent by itself.";
        way.reason = !asking.empty() ? asking : choice.when && *choice.when <= now ? "That time has passed." : "";
        break;
      case InviteOption::LeaveOut: way.how = "It learns with everybody else."; break;
    }
    out.push_back(std::move(way));
  }
  return out;
}

EmbargoAdvice advice_for(const CaseFold& fold, OrganisationId organisation) {
  EmbargoAdvice out;
  const auto* self = fold.participant(organisation);
  out.start = embargo_advice(fold.embargo, EmbargoAction::Propose, self == nullptr ? ReportState::Received : self->report);
  for (const auto& vulnerability : fold.vulnerabilities) {
    std::optional<Letters> least;
    for (const auto& product : fold.products) {
      const auto answer = fold.answers.find({vulnerability.id, product.id});
      if (answer != fold.answers.end() && answer->second.status == Status::NotAffected) continue;
      const auto letters = fold.letters(vulnerability.id, product.id);
      const auto reached = [](const Letters& l) { return (l.v ? 1 : 0) + (l.f ? 1 : 0) + (l.d ? 1 : 0); };
      if (!least || reached(letters) < reached(*least)) least = letters;
    }
    if (!least) least = Letters{.v = true, .p = vulnerability.facts.contains(Letter::P), .x = vulnerability.facts.contains(Letter::X), .a = vulnerability.facts.contains(Letter::A)};
    if (fold.embargo != EmbargoState::Exited) out.start = stricter(out.start, start_advice(*least));
    if (fold.embargo == EmbargoState::Proposed) out.pending = std::max(out.pending.value_or(PendingAdvice::Negotiate), pending_advice(*least));
    if (binds(fold.embargo) && (!out.existing || existing_advice(*least) > *out.existing)) out.existing = existing_advice(*least), out.existing_because = existing_reason(*least);
  }
  return out;
}

const CaseSplit* split_in(const Changes& changes) {
  for (const auto& change : changes)
    if (const auto* split = get_if<CaseSplit>(&change.event); split != nullptr && split->sibling) return split;
  return nullptr;
}

std::optional<SiblingTermsChanged> news_for_siblings(const CaseFold& after, const Changes& changes) {
  std::optional<SiblingTermsChanged> out;
  for (const auto& change : changes) {
    if (const auto* accepted = get_if<TermsAccepted>(&change.event)) {
      const auto* terms = after.terms_of(accepted->version);
      out = SiblingTermsChanged{after.id, terms != nullptr ? std::optional(terms->until) : std::nullopt, "Other terms are in force there."};
    } else if (const auto* ended = get_if<EmbargoEnded>(&change.event)) {
      out = SiblingTermsChanged{after.id, std::nullopt, "The embargo there has ended: " + ended->reason};
    }
  }
  return out;
}

namespace rules {

std::optional<Instant> consent_due(const CaseFold& fold, OrganisationId organisation, const Terms& terms) {
  if (organisation == fold.owner || !is_confirmed(fold, organisation) || fold.consent(organisation, terms.version) != ConsentState::Invited) return std::nullopt;
  if (terms.state != Terms::State::Open && terms.state != Terms::State::Running) return std::nullopt;
  const auto& asked_again = fold.participant(organisation)->asked_again;
  const auto again = asked_again.find(terms.version);
  return again != asked_again.end() ? again->second : terms.respond_by;
}

std::optional<Instant> plan_due(const CaseFold& fold, const PlannedInvitation& plan) {
  const bool reminded = std::any_of(fold.reminders.begin(), fold.reminders.end(), [&](const Reminder& r) { return r.about == kInvitationPlanned && r.organisation == plan.organisation && r.at >= plan.when; });
  return reminded ? std::nullopt : std::optional(plan.when);
}

namespace {
// The report whose own compartment the command writes in.
std::optional<ReportId> written_report(const Command& command) {
  if (const auto* message = get_if<PostToMailbox>(&command)) return message->report;
  if (const auto* route = get_if<RouteReport>(&command)) return route->report;
  if (const auto* credit = get_if<StateCredit>(&command)) return credit->report;
  const auto* file = get_if<AddFile>(&command);
  const auto* erase = get_if<EraseCompartment>(&command);
  if (file == nullptr && erase == nullptr) return std::nullopt;
  const auto compartment = access::Compartment::parse(file != nullptr ? file->audience : erase->compartment);
  return compartment ? compartment->report : std::nullopt;
}
}  // namespace

Result<void> takes_work(const CaseFold& fold, const Command& command) {
  if (const auto id = written_report(command))
    if (const auto* report = fold.report(*id); report != nullptr && report->kept_in)
      return fail(ErrorKind::Conflict, "This report and its mailbox are kept in the case that it came in by. Answer it there.", {}, {}, "report-elsewhere");
  if (!fold.is_merged_away()) return {};
  const auto is_of_a_report = [](const std::string& audience) { return audience.starts_with("report:"); };
  const auto* file = get_if<AddFile>(&command);
  const auto* step = get_if<StepReport>(&command);
  const bool goes_on = (file != nullptr && is_of_a_report(file->audience)) || (step != nullptr && step->action == ReportAction::Close) || holds_alternative<PostToMailbox>(command) ||
                       holds_alternative<StateCredit>(command) || holds_alternative<EraseCompartment>(command) || holds_alternative<ConfirmRequest>(command) ||
                       holds_alternative<RefuseRequest>(command) || holds_alternative<WithdrawRequest>(command) || holds_alternative<LeaveCase>(command) ||
                       holds_alternative<RemoveParticipant>(command) || holds_alternative<EndEmbargo>(command) || holds_alternative<PassTime>(command);
  if (!goes_on) return fail(ErrorKind::Conflict, "This case was merged into another and takes no new work. What is here can still be read.", {}, {}, "case-merged");
  return {};
}

Result<Changes> decide_one(const CaseFold& fold, const ChooseSettlement& c, const Ask& ask) {
  Settlement chosen{c.rule, c.share, c.weights.value_or(std::vector<Weight>{})};
  TRY(check(chosen, fold));
  // Each weight is written down, so that none is left over from an earlier choice.
  if (chosen.rule == SettlementRule::Quorum)
    for (const auto& [id, participant] : fold.participants)
      if (participant.admission == Admission::Confirmed && std::none_of(chosen.weights.begin(), chosen.weights.end(), [&, &who = id](const Weight& w) { return w.organisation == who; })) chosen.weights.push_back({id, 1});
  // All know the rule; who counts how much names who takes part (EXI-10).
  Changes out{{shared(), SettlementAgreed{chosen.rule, chosen.share, {}}}, {coordination(), SettlementAgreed{chosen.rule, chosen.share, chosen.weights}}};
  for (auto& change : settle_by_answers(fold, chosen, {}, ask)) out.push_back(std::move(change));
  return out;
}

Result<Changes> decide_one(const CaseFold& fold, const AskConsent& c, const Ask& ask) {
  const auto* terms = fold.terms_of(c.version);
  if (terms == nullptr) return fail(ErrorKind::Invalid, "There are no terms of this version.", "/version");
  if (terms->state != Terms::State::Open && terms->state != Terms::State::Running) return fail(ErrorKind::Conflict, "These terms neither run nor are open: nobody can agree to them any more.", "/version");
  if (has_lapsed(*terms, ask.now)) return fail(ErrorKind::Conflict, "The end of these terms has passed: nobody can agree to them any more.", "/version");
  const auto* participant = fold.participant(c.organisation);
  if (participant == nullptr || !may_see_terms(participant->admission)) return fail(ErrorKind::NotFound, "There is no such participant in this case.", "/organisation");
  if (c.organisation == fold.owner) return fail(ErrorKind::Conflict, "The case owner agrees by settling the terms.", "/organisation");
  if (auto may = step(fold.consent(c.organisation, c.version), ConsentAction::Invite); !may) return fail(may.error().kind, may.error().message, "/organisation");
  return to_both(c.organisation, ConsentAsked{c.version, c.organisation, answer_due(ask.now, c.respond_by)});
}

Result<Changes> decide_one(const CaseFold& fold, const PlanInvitation& c, const Ask& ask) {
  TRY(reason_fits(c.essential_because, 4'000, "/essential_because"));
  if (c.roles.empty()) return fail(ErrorKind::Invalid, "Say in which role this organisation takes part.", "/roles");
  if (is_among(c.roles, Role::Coordinator) && ask.actor.organisation != fold.owner) return fail(ErrorKind::Forbidden, "Only the case owner brings in another coordinator.", "/roles");
  if (c.when <= ask.now) return fail(ErrorKind::Invalid, "The time to invite must lie ahead.", "/when");
  TRY(may_be_invited(fold, c.organisation, "/organisation"));
  return Changes{{coordination(), InvitationPlanned{c.organisation, c.when, c.roles, c.essential_because}}};
}

Result<Changes> decide_one(const CaseFold& fold, const DropInvitationPlan& c, const Ask&) {
  const bool planned = std::any_of(fold.planned_invitations.begin(), fold.planned_invitations.end(), [&](const auto& p) { return p.organisation == c.organisation; });
  if (!planned) return fail(ErrorKind::NotFound, "There is no planned invitation of this organisation.", "/organisation");
  TRY(reason_fits(c.why, 4'000, "/why"));
  return Changes{{coordination(), InvitationPlanDropped{c.organisation, c.why}}};
}

Result<Changes> decide_one(const CaseFold& fold, const SetRoles& c, const Ask& ask) {
  const auto* participant = fold.participant(c.organisation);
  if (participant == nullptr || participant->admission == Admission::None || participant->admission == Admission::Removed) return fail(ErrorKind::NotFound, "There is no such participant in this case.", "/organisation");
  TRY(reason_fits(c.why, 4'000, "/why"));
  if (c.roles.empty()) return fail(ErrorKind::Invalid, "Say in which role this organisation takes part.", "/roles");
  const std::set<Role> roles(c.roles.begin(), c.roles.end());
  // Vultron: roles are given, never taken.
  if (c.organisation == ask.actor.organisation) return fail(ErrorKind::Forbidden, "Nobody gives itself a role.", "/organisation", "Vultron: roles are never self-assigned");
  if (roles == participant->roles) return fail(ErrorKind::Conflict, "It has these roles already.", "/roles");
  // Who reported is a fact, not a part that is given.
  if (roles.contains(Role::Reporter) != participant->roles.contains(Role::Reporter)) return fail(ErrorKind::Invalid, "Who sent a report is its reporter, and nobody else is.", "/roles");
  // ACC-11: the last coordinator's place isn't taken from it by one person, by whatever name.
  const auto coordinates = [&](const auto& one) { return one.first != c.organisation && one.second.admission == Admission::Confirmed && one.second.roles.contains(Role::Coordinator); };
  if (participant->roles.contains(Role::Coordinator) && !roles.contains(Role::Coordinator) && std::none_of(fold.participants.begin(), fold.participants.end(), coordinates))
    return fail(ErrorKind::Conflict, "It is the only coordinator. Bring in another first, or remove it, which takes two persons.", "/roles");
  return to_both(c.organisation, RolesChanged{c.organisation, {roles.begin(), roles.end()}, c.why});
}

Result<Changes> split_off(const CaseFold& fold, const std::vector<VulnerabilityId>& vulnerabilities, const std::string& why, std::optional<ClaimId> adopted, const Ask& ask) {
  const auto sibling = CaseId::random(ask.random);
  Changes out{{shared(), CaseSplit{vulnerabilities, std::nullopt, why}}, {coordination(), CaseSplit{vulnerabilities, sibling, why}}};
  for (const auto& release : fold.releases) {
    const bool names_one = std::any_of(release.vulnerabilities.begin(), release.vulnerabilities.end(), [&](VulnerabilityId id) { return is_among(vulnerabilities, id); });
    if (names_one && release.state == Release::State::Planned && release.version > 0)
      for (auto& change : held(release.id, "What it names has gone to a case of its own: decide what to publish from where.")) out.push_back(std::move(change));
  }
  // Open claims go along; here nobody could decide them.
  for (const auto& claim : fold.claims)
    if (claim.state == Claim::State::Open && claim.id != adopted && is_among(vulnerabilities, claim.vulnerability)) {
      const FactRefused gone{claim.id, "It is about a vulnerability that has a case of its own now, and is looked at there."};
      for (auto& change : claim.by ? to_both(*claim.by, gone) : Changes{{coordination(), gone}}) out.push_back(std::move(change));
    }
  return out;
}

Result<Changes> decide_one(const CaseFold& fold, const SplitCase& c, const Ask& ask) {
  TRY(reason_fits(c.why, 4'000, "/why"));
  if (c.vulnerabilities.empty()) return fail(ErrorKind::Invalid, "Say which vulnerabilities go to a case of their own.", "/vulnerabilities");
  for (std::size_t i = 0; i < c.vulnerabilities.size(); ++i) {
    const auto where = "/vulnerabilities/" + std::to_string(i);
    if (fold.vulnerability(c.vulnerabilities[i]) == nullptr) return fail(ErrorKind::NotFound, "There is no such vulnerability in this case.", where);
    if (std::find(c.vulnerabilities.begin(), c.vulnerabilities.begin() + static_cast<std::ptrdiff_t>(i), c.vulnerabilities[i]) != c.vulnerabilities.begin() + static_cast<std::ptrdiff_t>(i))
      return fail(ErrorKind::Invalid, "This vulnerability is named twice.", where);
  }
  if (c.vulnerabilities.size() == fold.vulnerabilities.size()) return fail(ErrorKind::Conflict, "One vulnerability has to stay, or nothing is split.", "/vulnerabilities");
  return split_off(fold, c.vulnerabilities, c.why, {}, ask);
}

}  // namespace rules

}  // namespace sluice::cvd
