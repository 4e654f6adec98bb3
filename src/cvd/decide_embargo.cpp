// The embargo: proposed, answered, settled, revised, refused, ended. It concerns when, not what; its end removes a constraint and obliges nobody to publish.
#include <algorithm>

#include "cvd/parties.h"
#include "cvd/reason.h"

namespace sluice::cvd::rules {

namespace {
constexpr Duration kLongest = std::chrono::hours(24 * 366 * 2);  // Vultron EM: an embargo shall not delay for ever

std::string_view words_of(SettlementRule rule) {
  switch (rule) {
    case SettlementRule::OwnerDecides: return "the case owner's word";
    case SettlementRule::Unanimity: return "unanimity";
    case SettlementRule::Majority: return "majority";
    case SettlementRule::Quorum: return "a share of the weights";
  }
  return {};
}

// The earliest end first (Vultron EM: many open proposals).
std::vector<const Terms*> open_by_end(const CaseFold& fold, Instant now) {
  std::vector<const Terms*> out;
  for (const auto& terms : fold.terms)
    if (terms.state == Terms::State::Open && terms.until > now) out.push_back(&terms);
  std::ranges::sort(out, {}, [](const Terms* t) { return std::pair(t->until, t->version); });
  return out;
}
}  // namespace

Attribution attribution_in_shared(const CaseFold& fold, const Ask& ask) { return ask.actor.organisation == fold.owner || ask.actor.machine ? Attribution::Named : Attribution::Unattributed; }

// One accepted version takes effect; those it overtook, and those refused, are no longer open. The acceptance comes first: the refusal of the last proposal would end the negotiation.
static Changes settled(const CaseFold& fold, std::optional<int> accepted, const std::vector<std::pair<int, std::string>>& refused, const Ask& ask) {
  Changes out;
  const auto attribution = attribution_in_shared(fold, ask);
  if (accepted) out.push_back({shared(), TermsAccepted{*accepted}, attribution});
  for (const auto& [version, why] : refused) out.push_back({shared(), TermsRefused{version, why}, attribution});
  return out;
}

Changes settle_by_answers(const CaseFold& fold, const Settlement& settlement, const ConsentChanges& changed, const Ask& ask) {
  if (settlement.rule == SettlementRule::OwnerDecides || !may_be_negotiated(fold)) return {};
  std::optional<int> candidate;
  std::vector<std::pair<int, std::string>> gone;
  for (const auto* terms : open_by_end(fold, ask.now)) {
    const auto tally = tally_of(fold, *terms, settlement, changed);
    if (tally == SettledAs::Undecided) break;  // a later end waits for the earlier
    if (tally == SettledAs::Refused) {
      gone.emplace_back(terms->version, "The answers can't reach " + std::string(words_of(settlement.rule)) + " any more.");
      if (candidate) break;
      continue;
    }
    if (candidate) gone.emplace_back(*candidate, "A later end was accepted as well.");
    candidate = terms->version;
  }
  return settled(fold, candidate, gone, ask);
}

Result<void> may_be_negotiated(const CaseFold& fold) {
  if (fold.embargo == EmbargoState::Exited) return fail(ErrorKind::Conflict, "This embargo has ended and cannot be reopened.", {}, "EM: nothing leaves X", "embargo-ended");
  for (const auto& vulnerability : fold.vulnerabilities) {
    if (vulnerability.facts.contains(Letter::P)) return fail(ErrorKind::Conflict, "This case is public, so there is nothing left to hold back.", {}, "Vultron EM: no new embargo once public");
    if (vulnerability.facts.contains(Letter::X)) return fail(ErrorKind::Conflict, "An exploit is public, so no new embargo can begin.", {}, "Vultron EM: no new embargo with a public exploit");
    if (vulnerability.facts.contains(Letter::A)) return fail(ErrorKind::Conflict, "Attacks were observed, so no new embargo can begin.", {}, "Vultron EM: no new embargo under attack");
  }
  return {};
}

namespace {
Result<const Terms*> open_terms(const CaseFold& fold, int version) {
  const auto* terms = fold.terms_of(version);
  if (terms == nullptr) return fail(ErrorKind::Invalid, "There are no terms of this version.", "/version");
  if (terms->state != Terms::State::Open) return fail(ErrorKind::Conflict, "These terms are no longer open for an answer.", "/version");
  return terms;
}
}  // namespace

Result<Changes> decide_one(const CaseFold& fold, const ProposeTerms& c, const Ask& ask) {
  TRY(may_be_negotiated(fold));
  if (c.until <= ask.now) return fail(ErrorKind::Invalid, "The embargo must end after now.", "/until");
  if (c.until - ask.now > kLongest) return fail(ErrorKind::Invalid, "The embargo must end within two years: it may not delay for ever.", "/until", "Vultron EM: no indefinite embargo");
  TRY(step(fold.embargo, EmbargoAction::Propose));
  const auto respond_by = answer_due(ask.now, c.respond_by);
  const TermsProposed proposed{fold.newest_terms() + 1, c.until, c.zone.value_or("UTC"), respond_by, c.note};
  auto out = to_all(fold, ask, proposed);
  if (ask.actor.organisation != fold.owner)
    for (auto& change : to_both(ask.actor.organisation, TermsAnswered{proposed.version, ask.actor.organisation, true, std::nullopt})) out.push_back(std::move(change));
  return out;
}

Result<Changes> decide_one(const CaseFold& fold, const AnswerTerms& c, const Ask& ask) {
  const auto* participant = fold.participant(ask.actor.organisation);
  if (participant == nullptr) return fail(ErrorKind::NotFound, "There is no such case.");
  const auto* terms = fold.terms_of(c.version);
  if (terms == nullptr) return fail(ErrorKind::Invalid, "There are no terms of this version.", "/version");
  // A late answer is honoured while the terms are current; to stale ones it takes a new question, and without an embargo it is acknowledged and changes nothing (Vultron: pocket veto).
  const bool is_current = terms->state == Terms::State::Open || terms->state == Terms::State::Running;
  if (!is_current && c.accepted && late_acceptance(fold.embargo, false) == LateAcceptance::WithoutEffect) return Changes{};
  if (!is_current) return fail(ErrorKind::Conflict, "These terms are no longer open for an answer.", "/version");
  if (has_lapsed(*terms, ask.now)) return fail(ErrorKind::Conflict, "The end of these terms has passed, so there is nothing left to agree on.", "/version");
  const auto consent = fold.consent(ask.actor.organisation, c.version);
  Changes out;
  if (c.accepted && consent == ConsentState::Declined) out = to_both(ask.actor.organisation, ConsentAsked{c.version, ask.actor.organisation, answer_due(ask.now, std::nullopt)});  // asked once more, by its own wish
  else TRY(step(consent, c.accepted ? ConsentAction::Accept : ConsentAction::Decline));
  for (auto& change : to_both(ask.actor.organisation, TermsAnswered{c.version, ask.actor.organisation, c.accepted, c.note})) out.push_back(std::move(change));
  const ConsentChanges changed{{{c.version, ask.actor.organisation}, c.accepted ? ConsentState::Signatory : ConsentState::Declined}};
  for (auto& change : settle_by_answers(fold, fold.settlement, changed, ask)) out.push_back(std::move(change));
  return out;
}

// Vultron EM, many open proposals: sorted by their ends; the earliest is the candidate, each accepted one takes its place, the first that isn't accepted ends the search.
static Result<Changes> settle_in_order(const CaseFold& fold, const Ask& ask) {
  const auto open = open_by_end(fold, ask.now);
  if (open.empty()) return fail(ErrorKind::Conflict, "There are no open terms to settle.");
  // Where the owner decides, its settling is its own yes, and of the others that were asked nobody may have refused or be silent still.
  auto settlement = fold.settlement;
  ConsentChanges changed;
  if (settlement.rule == SettlementRule::OwnerDecides) {
    settlement = {SettlementRule::Unanimity, {}, {}};
    for (const auto* terms : open)
      if (fold.consent(fold.owner, terms->version) != ConsentState::Declined) changed[{terms->version, fold.owner}] = ConsentState::Signatory;
  }
  std::vector<OpenProposal> proposals;
  for (const auto* terms : open) proposals.push_back({terms->version, terms->until, tally_of(fold, *terms, settlement, changed) == SettledAs::Accepted});
  const auto winner = shortest_wins(proposals);
  if (!winner) return fail(ErrorKind::Conflict, "The earliest of the open ends isn't accepted, so what holds now stays. See who declined it or has not answered.", {}, "Vultron EM: many open proposals");
  std::vector<std::pair<int, std::string>> gone;
  for (const auto* terms : open) {
    if (terms->version == winner->version) continue;
    const auto tally = tally_of(fold, *terms, settlement, changed);
    if (tally == SettledAs::Accepted && std::pair(terms->until, terms->version) < std::pair(winner->until, winner->version)) gone.emplace_back(terms->version, "A later end was accepted as well.");
    if (tally == SettledAs::Refused) {
      gone.emplace_back(terms->version, "It was declined.");
      break;
    }
    if (tally == SettledAs::Undecided) break;
  }
  return settled(fold, winner->version, gone, ask);
}

Result<Changes> decide_one(const CaseFold& fold, const SettleTerms& c, const Ask& ask) {
  TRY(may_be_negotiated(fold));
  if (!c.version) return settle_in_order(fold, ask);
  TRY(const auto* terms, open_terms(fold, *c.version));
  if (has_lapsed(*terms, ask.now)) return fail(ErrorKind::Conflict, "These terms have run out. Propose new ones.", "/version");
  TRY(step(fold.embargo, EmbargoAction::Accept));
  if (fold.settlement.rule != SettlementRule::OwnerDecides && tally_of(fold, *terms, fold.settlement, {}) != SettledAs::Accepted)
    return fail(ErrorKind::Conflict, "Here terms are settled by " + std::string(words_of(fold.settlement.rule)) + ", and the answers have not reached it.", "/version");
  return Changes{{shared(), TermsAccepted{*c.version}}};
}

Result<Changes> decide_one(const CaseFold& fold, const RefuseTerms& c, const Ask& ask) {
  TRY(const auto* terms, open_terms(fold, c.version));
  if (ask.actor.organisation != fold.owner && terms->proposed_by != ask.actor.organisation)
    return fail(ErrorKind::Forbidden, "Only the case owner refuses terms, and whoever proposed them withdraws them.");
  if (fold.settlement.rule != SettlementRule::OwnerDecides && terms->proposed_by != ask.actor.organisation)
    return fail(ErrorKind::Conflict, "Here terms are settled by " + std::string(words_of(fold.settlement.rule)) + ": answer them for your organisation, or let the case owner decide again.", "/version");
  return to_all(fold, ask, TermsRefused{c.version, c.why});
}

Result<Changes> decide_one(const CaseFold& fold, const EndEmbargo& c, const Ask&) {
  TRY(reason_fits(c.reason, 4'000, "/reason"));
  TRY(step(fold.embargo, EmbargoAction::Terminate));
  return end_of_embargo(fold, c.reason, Plans::Hold);
}

// What time alone brings about. Nothing here publishes: a release has its own command and its own conditions.
Result<Changes> decide_one(const CaseFold& fold, const PassTime&, const Ask& ask) {
  Changes out;
  const bool merged = fold.is_merged_away();  // what holds is said in the other case, and its end is this one's too
  if (binds(fold.embargo) && !merged)
    if (const auto* running = fold.running_terms(); running != nullptr && running->until <= ask.now) out = end_of_embargo(fold, "The agreed end was reached.", Plans::Keep);
  const bool ended = !out.empty();
  ConsentChanges silent;
  for (const auto& [id, participant] : fold.participants) {
    if (merged) break;
    const auto decline = [&](const Event& event) {
      for (auto& change : to_both(id, event)) out.push_back(std::move(change));
    };
    // Silence past the window reads as a refusal (Vultron PEC: DECLINE by timeout).
    if (participant.admission == Admission::Invited && participant.respond_by && *participant.respond_by <= ask.now && !participant.answered_at) {
      const auto* running = fold.running_terms();
      decline(InvitationAnswered{id, false, running != nullptr ? std::optional(running->version) : std::nullopt, "No answer within the window."});
    }
    for (const auto& terms : fold.terms)
      if (const auto due = consent_due(fold, id, terms); !ended && due && *due <= ask.now) {
        decline(TermsAnswered{terms.version, id, false, "No answer within the window."});
        silent[{terms.version, id}] = ConsentState::Declined;
      }
  }
  if (!ended && !silent.empty())
    for (auto& change : settle_by_answers(fold, fold.settlement, silent, ask)) out.push_back(std::move(change));
  // After what the answers settled: the refusal of the last open proposal ends the negotiation.
  if (!ended && !merged)
    for (const auto& terms : fold.terms)
      if (has_lapsed(terms, ask.now)) out.push_back({shared(), TermsRefused{terms.version, "Its end passed before it was agreed on."}});
  // Planned, and never sent by itself: whether the time is right is a person's to say.
  for (const auto& plan : fold.planned_invitations)
    if (const auto due = plan_due(fold, plan); due && *due <= ask.now && !merged) out.push_back({coordination(), ReminderDue{std::string(kInvitationPlanned), plan.organisation}});
  for (const auto& request : fold.requests)
    if (request.state == TwoPersonRequest::State::Open && request.expires <= ask.now) out.push_back({coordination(), SecondPersonLapsed{request.id}});
  if (!merged)
    for (auto& change : due_reminders(fold, ask.now)) out.push_back(std::move(change));
  return out;
}

}  // namespace sluice::cvd::rules
