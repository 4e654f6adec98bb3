// Participants: suggested, invited because they are essential to a remedy, answering, confirmed by a person who checked, leaving or removed.
#include <algorithm>
#include <iterator>

#include "cvd/decide.h"
#include "cvd/reason.h"

namespace sluice::cvd::rules {

namespace {
const Participant* known(const CaseFold& fold, OrganisationId id) {
  const auto* participant = fold.participant(id);
  return participant != nullptr && participant->admission != Admission::None ? participant : nullptr;
}
void add(Changes& to, Changes more) { std::move(more.begin(), more.end(), std::back_inserter(to)); }

Changes confirmed(const CaseFold& fold, OrganisationId organisation, const std::string& checked_how) {
  auto out = to_both(organisation, ParticipantConfirmed{organisation, checked_how});
  add(out, taken_up(fold, organisation));
  return out;
}

// A report is its reporter's to give, so that a silent owner can't keep a coordinator out whom the reporter asked. Words of others aren't the
// reporter's to give: where a third party has been in the case, or the owner is at work on it, the owner confirms.
bool reporters_choice_suffices(const CaseFold& fold, OrganisationId organisation) {
  const auto asked = [&](const ReportCard& r) { return std::any_of(r.routes.begin(), r.routes.end(), [&](const auto& route) { return route.to == organisation && route.by_reporter; }); };
  const auto is_third = [&](const auto& one) {
    const auto& [id, participant] = one;
    return id != fold.owner && id != organisation && participant.confirmed_at && std::none_of(fold.reports.begin(), fold.reports.end(), [&](const auto& r) { return r.reporter == id; });
  };
  const auto* owner = fold.participant(fold.owner);
  const auto* chosen = fold.participant(organisation);
  const bool was_in = chosen != nullptr && chosen->confirmed_at.has_value();  // and lost its place by the owner's word
  const auto is_owners_work = [&](const CaseFold::Line& line) {
    return line.by == fold.owner && line.compartment.kind != access::Compartment::Kind::Report && line.request != fold.timeline.front().request;  // what opened the case is nobody's work yet
  };
  const bool untouched = owner != nullptr && owner->report == ReportState::Received && std::none_of(fold.timeline.begin(), fold.timeline.end(), is_owners_work);
  return untouched && !was_in && !fold.reports.empty() && std::all_of(fold.reports.begin(), fold.reports.end(), asked) && std::none_of(fold.participants.begin(), fold.participants.end(), is_third);
}
std::unexpected<Error> no_such_participant() { return fail(ErrorKind::NotFound, "There is no such participant in this case.", "/organisation"); }
}  // namespace

Result<void> may_be_invited(const CaseFold& fold, OrganisationId organisation, std::string where) {
  const auto* participant = known(fold, organisation);
  switch (participant != nullptr ? participant->admission : Admission::None) {
    case Admission::Confirmed: return fail(ErrorKind::Conflict, "This organisation takes part already.", std::move(where));
    case Admission::Suspended: return fail(ErrorKind::Conflict, "This organisation is suspended. Restore it instead of inviting it again.", std::move(where));
    case Admission::Accepted: return fail(ErrorKind::Conflict, "This organisation has accepted. Check who answered, and confirm it.", std::move(where));
    case Admission::None:
    case Admission::Invited:
    case Admission::Removed: break;
  }
  return {};
}

Result<Changes> decide_one(const CaseFold&, const SuggestParticipant& c, const Ask&) {
  TRY(text_fits(c.whom, 500, "/whom"));
  TRY(reason_fits(c.essential_because, 4'000, "/essential_because"));
  return Changes{{coordination(), ParticipantSuggested{c.whom, c.essential_because}}};
}

Result<Changes> decide_one(const CaseFold& fold, const InviteParticipant& c, const Ask& ask) {
  // ISO/IEC 29147 5.8, DESIGN: only parties essential to a remedy are told, and the reason is on record.
  TRY(reason_fits(c.essential_because, 4'000, "/essential_because"));
  if (c.roles.empty()) return fail(ErrorKind::Invalid, "Say in which role this organisation takes part.", "/roles");
  // ACC-3: coordinators are admitted by the case owner.
  if (std::find(c.roles.begin(), c.roles.end(), Role::Coordinator) != c.roles.end() && ask.actor.organisation != fold.owner)
    return fail(ErrorKind::Forbidden, "Only the case owner brings in another coordinator.", "/roles");
  TRY(may_be_invited(fold, c.organisation, "/organisation"));
  const auto* owner = fold.participant(ask.actor.organisation);
  // Vultron RM: only a participant in Accepted may bring in others.
  if (owner != nullptr) TRY(may_bring_in_others(owner->report));
  const auto answer_by = answer_due(ask.now, c.respond_by);
  const auto* running = fold.running_terms();
  auto out = to_both(c.organisation, ParticipantInvited{c.organisation, c.roles, c.essential_because, running != nullptr ? std::optional(running->version) : std::nullopt, answer_by});
  if (std::any_of(fold.planned_invitations.begin(), fold.planned_invitations.end(), [&](const auto& plan) { return plan.organisation == c.organisation; })) out.push_back({coordination(), InvitationPlanDropped{c.organisation, "Invited."}});
  return out;
}

Result<Changes> decide_one(const CaseFold& fold, const AnswerInvitation& c, const Ask& ask) {
  const auto* participant = known(fold, ask.actor.organisation);
  if (participant == nullptr || participant->admission != Admission::Invited) return fail(ErrorKind::Conflict, "There is no open invitation to answer.");
  const auto* running = fold.running_terms();
  if (c.accepted && running != nullptr && c.terms != running->version)
    return fail(ErrorKind::Conflict, "To take part, accept the terms that run now (version " + std::to_string(running->version) + ").", "/terms", "Vultron EM: terms before content");
  if (c.terms && fold.terms_of(*c.terms) == nullptr) return fail(ErrorKind::Invalid, "There are no terms of this version.", "/terms");
  // A late yes is honoured while the terms are current (Vultron: pocket veto); consent knows no way from declined to signatory, so it is asked once more, by its own wish.
  Changes out;
  if (c.accepted && running != nullptr && fold.consent(ask.actor.organisation, running->version) == ConsentState::Declined)
    out = to_both(ask.actor.organisation, ConsentAsked{running->version, ask.actor.organisation, answer_due(ask.now, std::nullopt)});
  for (auto& change : to_both(ask.actor.organisation, InvitationAnswered{ask.actor.organisation, c.accepted, running != nullptr ? std::optional(running->version) : std::nullopt, c.note})) out.push_back(std::move(change));
  if (c.accepted && reporters_choice_suffices(fold, ask.actor.organisation)) add(out, confirmed(fold, ask.actor.organisation, "The reporter chose and confirmed this receiver."));
  return out;
}

Result<Changes> decide_one(const CaseFold& fold, const ConfirmParticipant& c, const Ask&) {
  const auto* participant = known(fold, c.organisation);
  if (participant == nullptr) return no_such_participant();
  if (participant->admission != Admission::Accepted) return fail(ErrorKind::Conflict, "Only an organisation that has accepted its invitation can be confirmed.", "/organisation");
  TRY(text_fits(c.checked_how, 2'000, "/checked_how"));
  return confirmed(fold, c.organisation, c.checked_how);
}

Result<Changes> decide_one(const CaseFold& fold, const SuspendParticipant& c, const Ask&) {
  const auto* participant = known(fold, c.organisation);
  if (participant == nullptr) return no_such_participant();
  if (c.organisation == fold.owner) return fail(ErrorKind::Conflict, "The case owner can't be suspended. Hand the case over first.", "/organisation");
  if (participant->admission != Admission::Confirmed) return fail(ErrorKind::Conflict, "Only a confirmed participant can be suspended.", "/organisation");
  TRY(reason_fits(c.why, 4'000, "/why"));
  return to_both(c.organisation, ParticipantSuspended{c.organisation, c.why});
}

Result<Changes> decide_one(const CaseFold& fold, const RestoreParticipant& c, const Ask&) {
  const auto* participant = known(fold, c.organisation);
  if (participant == nullptr) return no_such_participant();
  if (participant->admission != Admission::Suspended) return fail(ErrorKind::Conflict, "This participant is not suspended.", "/organisation");
  TRY(reason_fits(c.why, 4'000, "/why"));
  return to_both(c.organisation, ParticipantRestored{c.organisation, c.why});
}

Result<Changes> decide_one(const CaseFold& fold, const RemoveParticipant& c, const Ask&) {
  const auto* participant = known(fold, c.organisation);
  if (participant == nullptr || participant->admission == Admission::Removed) return no_such_participant();
  if (c.organisation == fold.owner) return fail(ErrorKind::Conflict, "The case owner can't be removed. Hand the case over first.", "/organisation");
  TRY(reason_fits(c.why, 4'000, "/why"));
  return to_both(c.organisation, ParticipantRemoved{c.organisation, c.why});
}

Result<Changes> decide_one(const CaseFold& fold, const LeaveCase& c, const Ask& ask) {
  const auto* participant = known(fold, ask.actor.organisation);
  if (participant == nullptr || participant->admission == Admission::Removed) return fail(ErrorKind::NotFound, "There is no such case.");
  if (ask.actor.organisation == fold.owner) return fail(ErrorKind::Conflict, "The case owner can't leave. Hand the case over first.");
  return to_both(ask.actor.organisation, ParticipantLeft{ask.actor.organisation, c.still_honours_terms});
}

}  // namespace sluice::cvd::rules
