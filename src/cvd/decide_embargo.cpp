// The embargo: proposed, answered, settled, revised, refused, ended. It concerns when, not what; its end removes a constraint and obliges nobody to publish.
#include <algorithm>

#include "cvd/decide.h"

namespace sluice::cvd::rules {

namespace {
constexpr Duration kLongest = std::chrono::hours(24 * 366 * 2);  // Vultron EM: an embargo shall not delay for ever

Result<void> may_be_negotiated(const CaseFold& fold) {
  if (fold.embargo == EmbargoState::Exited) return fail(ErrorKind::Conflict, "This embargo has ended and cannot be reopened.", {}, "EM: nothing leaves X", "embargo-ended");
  for (const auto& vulnerability : fold.vulnerabilities) {
    if (vulnerability.facts.contains(Letter::P)) return fail(ErrorKind::Conflict, "This case is public, so there is nothing left to hold back.", {}, "Vultron EM: no new embargo once public");
    if (vulnerability.facts.contains(Letter::X)) return fail(ErrorKind::Conflict, "An exploit is public, so no new embargo can begin.", {}, "Vultron EM: no new embargo with a public exploit");
    if (vulnerability.facts.contains(Letter::A)) return fail(ErrorKind::Conflict, "Attacks were observed, so no new embargo can begin.", {}, "Vultron EM: no new embargo under attack");
  }
  return {};
}

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
  // A late answer is honoured while the terms are current (Vultron: pocket veto).
  if (terms->state != Terms::State::Open && terms->state != Terms::State::Running) return fail(ErrorKind::Conflict, "These terms are no longer open for an answer.", "/version");
  const auto consent = fold.consent(ask.actor.organisation, c.version);
  const auto action = c.accepted ? ConsentAction::Accept : ConsentAction::Decline;
  TRY(step(consent, action));
  return to_both(ask.actor.organisation, TermsAnswered{c.version, ask.actor.organisation, c.accepted, c.note});
}

Result<Changes> decide_one(const CaseFold& fold, const SettleTerms& c, const Ask& ask) {
  TRY(may_be_negotiated(fold));
  TRY(const auto* terms, open_terms(fold, c.version));
  if (terms->until <= ask.now) return fail(ErrorKind::Conflict, "These terms have run out. Propose new ones.", "/version");
  TRY(step(fold.embargo, EmbargoAction::Accept));
  return Changes{{shared(), TermsAccepted{c.version}}};
}

Result<Changes> decide_one(const CaseFold& fold, const RefuseTerms& c, const Ask& ask) {
  TRY(const auto* terms, open_terms(fold, c.version));
  if (ask.actor.organisation != fold.owner && terms->proposed_by != ask.actor.organisation)
    return fail(ErrorKind::Forbidden, "Only the case owner refuses terms, and whoever proposed them withdraws them.");
  return to_all(fold, ask, TermsRefused{c.version, c.why});
}

Result<Changes> decide_one(const CaseFold& fold, const EndEmbargo& c, const Ask&) {
  TRY(text_fits(c.reason, 4'000, "/reason"));
  TRY(step(fold.embargo, EmbargoAction::Terminate));
  return end_of_embargo(fold, c.reason, Plans::Hold);
}

// What time alone brings about. Nothing here publishes: a release has its own command and its own conditions.
Result<Changes> decide_one(const CaseFold& fold, const PassTime&, const Ask& ask) {
  Changes out;
  if (binds(fold.embargo))
    if (const auto* running = fold.running_terms(); running != nullptr && running->until <= ask.now) out = end_of_embargo(fold, "The agreed end was reached.", Plans::Keep);
  const bool ended = !out.empty();
  for (const auto& [id, participant] : fold.participants) {
    const auto decline = [&](const Event& event) {
      for (auto& change : to_both(id, event)) out.push_back(std::move(change));
    };
    // Silence past the window reads as a refusal (Vultron PEC: DECLINE by timeout).
    if (participant.admission == Admission::Invited && participant.respond_by && *participant.respond_by <= ask.now && !participant.answered_at) {
      const auto* running = fold.running_terms();
      decline(InvitationAnswered{id, false, running != nullptr ? std::optional(running->version) : std::nullopt, "No answer within the window."});
    }
    for (const auto& terms : fold.terms)
      if (!ended && terms.state == Terms::State::Open && id != fold.owner && participant.admission == Admission::Confirmed && fold.consent(id, terms.version) == ConsentState::Invited &&
          terms.respond_by <= ask.now)
        decline(TermsAnswered{terms.version, id, false, "No answer within the window."});
  }
  for (const auto& request : fold.requests)
    if (request.state == TwoPersonRequest::State::Open && request.expires <= ask.now) out.push_back({coordination(), SecondPersonLapsed{request.id}});
  for (auto& change : due_reminders(fold, ask.now)) out.push_back(std::move(change));
  return out;
}

}  // namespace sluice::cvd::rules
