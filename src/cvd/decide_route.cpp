// Passing on: a report to another organisation that takes reports here, and the case itself to another owner (ISO/IEC 29147 5.6.3).
//
// A vendor owns the case of a report sent to it. A coordinator comes in when the reporter or the vendor asks, when several vendors need one, or when
// contact failed. Nobody reads anything by being asked: the receiver accepts the terms first, and leads the case only once it has said so.
#include <algorithm>

#include "cvd/decide.h"
#include "cvd/own_product.h"
#include "cvd/reason.h"

namespace sluice::cvd::rules {

namespace {

bool is_confirmed(const Participant* participant) { return participant != nullptr && participant->admission == Admission::Confirmed; }

bool speaks_as_reporter(const CaseFold& fold, const ReportCard& report, const Actor& actor) {
  return actor.reporter || (report.reporter && report.reporter == actor.organisation && !coordinates(fold, actor.organisation));
}

// Who may give this reason, for whom, and what has to be on record for it.
Result<void> reason_holds(const CaseFold& fold, const ReportCard& report, const RouteReport& c, const Ask& ask) {
  const bool to_vendor = *ask.known.receiver_kind == access::OrganisationKind::Vendor;
  if (speaks_as_reporter(fold, report, ask.actor) && c.reason != RouteReason::ReporterAsked)
    return fail(ErrorKind::Invalid, "As the reporter you ask for yourself: the reason is reporter_asked.", "/reason");
  if (to_vendor != (c.reason == RouteReason::VendorFound))
    return fail(ErrorKind::Invalid, to_vendor ? "To a vendor a report is passed on because it makes the product: the reason is vendor_found." : "Only a vendor is found; to a coordinator a report goes for one of the other reasons.", "/reason");
  // ACC-3: coordinators are admitted by the case owner; the reporter may ask for one.
  if (!to_vendor && ask.actor.organisation != fold.owner && !speaks_as_reporter(fold, report, ask.actor)) return fail(ErrorKind::Forbidden, "Only the case owner brings in another coordinator.", "/to");
  // ISO/IEC 29147 5.6.3: contact has failed where it was tried.
  if (c.reason == RouteReason::ContactFailed && report.attempts.empty())
    return fail(ErrorKind::Conflict, "No attempt to reach anybody is on record. Record each attempt first: whom, how, and what came back.", "/reason", "ISO/IEC 29147 5.6.3", "no-contact-attempt");
  return {};
}

constexpr Duration kSilence = std::chrono::hours(24 * 7);

// An owner that has done nothing in the case and hasn't even judged the report, though another's attempt to reach it went unanswered and has been on record for a week. When it was
// recorded counts, not when it is said to have been.
bool owner_is_silent(const CaseFold& fold, Instant now) {
  const auto* owner = fold.participant(fold.owner);
  if (owner == nullptr || owner->report != ReportState::Received || fold.offer) return false;
  const auto is_long_on_record = [&](const ReportCard::Attempt& attempt) {
    return std::any_of(fold.timeline.begin(), fold.timeline.end(), [&](const CaseFold::Line& line) {
      return line.type == ContactAttempted::kType && line.by == attempt.by && line.occurred == attempt.at && line.recorded + kSilence <= now;
    });
  };
  const auto tries = [&](const ReportCard::Attempt& attempt) { return attempt.by != fold.owner && !attempt.answer && is_long_on_record(attempt); };
  return std::any_of(fold.reports.begin(), fold.reports.end(), [&](const ReportCard& report) { return std::any_of(report.attempts.begin(), report.attempts.end(), tries); });
}

}  // namespace

Changes taken_up(const CaseFold& fold, OrganisationId organisation) {
  Changes out;
  const auto* participant = fold.participant(organisation);
  if (participant == nullptr || !participant->roles.contains(Role::Coordinator)) return out;  // a vendor doesn't read the report before it leads the case
  for (const auto& report : fold.reports)
    if (std::any_of(report.routes.begin(), report.routes.end(), [&](const auto& route) { return route.to == organisation && !route.taken_up; }))
      out.push_back({of_report(report.id), ReportTakenUp{report.id, organisation}, Attribution::Unattributed});
  return out;
}

Result<Changes> decide_one(const CaseFold& fold, const RouteReport& c, const Ask& ask) {
  const auto* report = fold.report(c.report);
  if (report == nullptr) return fail(ErrorKind::NotFound, "There is no such report.");
  TRY(reason_fits(c.why, 4'000, "/why"));
  if (!ask.known.receiver_kind) return fail(ErrorKind::Invalid, "This organisation takes no reports here.", "/to");
  if (c.to == fold.owner) return fail(ErrorKind::Conflict, "This organisation has the report already.", "/to");
  if (report->reporter == c.to) return fail(ErrorKind::Conflict, "This organisation sent the report; it can't be its receiver as well.", "/to");
  TRY(reason_holds(fold, *report, c, ask));
  const bool by_reporter = speaks_as_reporter(fold, *report, ask.actor);
  const auto* known = fold.participant(c.to);
  const auto free = may_be_invited(fold, c.to, "/to");
  // A reporter changes no invitation of the owner's and undoes no removal, and is told nothing of how far others are let in (EXI-1).
  if (by_reporter && (!free || (known != nullptr && known->admission != Admission::None)))
    return fail(ErrorKind::Conflict, "This organisation can't be asked now: it takes part, or has been asked already.", "/to");
  if (!free) return std::unexpected(free.error());
  const ReportForwarded forwarded{c.report, c.to, c.reason, c.why, by_reporter};
  Changes out{{of_report(c.report), forwarded}, {coordination(), forwarded}};
  const auto role = *ask.known.receiver_kind == access::OrganisationKind::Vendor ? Role::Vendor : Role::Coordinator;
  const auto* running = fold.running_terms();
  for (auto& change : to_both(c.to, ParticipantInvited{c.to, {role}, c.why, running != nullptr ? std::optional(running->version) : std::nullopt, answer_due(ask.now, c.respond_by)})) out.push_back(std::move(change));
  return out;
}

Result<Changes> decide_one(const CaseFold& fold, const OfferOwnership& c, const Ask&) {
  TRY(reason_fits(c.why, 4'000, "/why"));
  if (c.organisation == fold.owner) return fail(ErrorKind::Conflict, "This organisation leads the case already.", "/organisation");
  const auto* participant = fold.participant(c.organisation);
  const bool asked = participant != nullptr && (participant->admission == Admission::Invited || participant->admission == Admission::Accepted || is_confirmed(participant));
  if (!asked) return fail(ErrorKind::Conflict, "Invite this organisation first, or pass the report on to it.", "/organisation");
  if (!participant->roles.contains(Role::Vendor) && !participant->roles.contains(Role::Coordinator)) return fail(ErrorKind::Conflict, "Only a vendor or a coordinator leads a case.", "/organisation");
  return to_both(c.organisation, OwnershipOffered{c.organisation, c.why});
}

Result<Changes> decide_one(const CaseFold& fold, const TakeOwnership& c, const Ask& ask) {
  const auto self = ask.actor.organisation;
  if (c.why) TRY(reason_fits(*c.why, 4'000, "/why"));
  if (self == fold.owner) return fail(ErrorKind::Conflict, "Your organisation leads the case already.");
  const bool offered = fold.offer && fold.offer->to == self;
  if (!offered && !(coordinates(fold, self) && owner_is_silent(fold, ask.now)))
    return fail(ErrorKind::Conflict, "The case owner hasn't offered you the case. A coordinator takes it without an offer only from an owner that is silent, a week after an attempt to reach it that went unanswered was put on record.", {}, "ISO/IEC 29147 5.6.3");
  if (!offered && !c.why) return fail(ErrorKind::Invalid, "Say why: the case owner and the reporter will ask.", "/why");
  const auto* participant = fold.participant(self);
  const OwnershipTaken taken{self, fold.owner, participant != nullptr && participant->roles.contains(Role::Vendor), c.why};
  Changes out{{shared(), taken}};
  for (const auto& report : fold.reports) out.push_back({of_report(report.id), taken});
  return out;
}

}  // namespace sluice::cvd::rules
