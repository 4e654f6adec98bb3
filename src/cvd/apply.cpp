// What each event does to a fold: one function an event. Longer than other files because that is one idea, and every event has its place here.
#include <algorithm>

#include "cvd/folds.h"
#include "cvd/standing.h"

namespace sluice::cvd {

namespace {

using folds::find_by_id;
using folds::participant_in;
using folds::step_consent;

Answer& answer_in(CaseFold& fold, VulnerabilityId vulnerability, ProductId product) { return fold.answers[{vulnerability, product}]; }

void end_embargo(CaseFold& fold, Instant at, const std::string& reason) {
  const auto ended = next(fold.embargo, EmbargoAction::Terminate);
  if (!ended) return;
  fold.embargo = *ended;
  fold.embargo_ended_at = at;
  fold.embargo_end_reason = reason;
  for (auto& terms : fold.terms)
    if (terms.state == Terms::State::Running || terms.state == Terms::State::Open) terms.state = terms.state == Terms::State::Running ? Terms::State::Ended : Terms::State::Refused;
  for (auto& [id, participant] : fold.participants) {
    participant.consent_at_end = participant.consent;
    for (auto& [version, consent] : participant.consent) consent = ConsentState::NoEmbargo;  // RESET
  }
}

struct Apply {
  CaseFold& fold;
  const Context& context;

  TwoPersonRequest* answer(TwoPersonRequestId id, TwoPersonRequest::State state) {
    auto* request = find_by_id(fold.requests, id);
    if (request == nullptr || request->state != TwoPersonRequest::State::Open) return nullptr;
    request->state = state;
    request->answered_by = context.actor;
    request->answered_at = context.recorded;
    request->answered_in = context.request;
    return request;
  }
  // The request whose confirmation this event is a part of.
  const TwoPersonRequest* confirmed_here() const {
    if (!context.request) return nullptr;
    const auto found = std::find_if(fold.requests.begin(), fold.requests.end(), [&](const auto& r) { return r.state == TwoPersonRequest::State::Confirmed && r.answered_in == context.request; });
    return found == fold.requests.end() ? nullptr : &*found;
  }

  void operator()(const CaseOpened& e) {
    if (!fold.owner.is_nil()) return;
    fold.id = e.case_id;
    fold.title = e.title;
    fold.owner = e.owner;
    fold.owner_is_vendor = e.owner_is_vendor;
    fold.opened = context.recorded;
    fold.led.push_back({e.owner, context.recorded});
    auto& owner = participant_in(fold, e.owner);
    owner.admission = Admission::Confirmed;
    owner.report = ReportState::Received;
    owner.roles.insert(e.owner_is_vendor ? Role::Vendor : Role::Coordinator);
    owner.confirmed_at = context.recorded;
  }
  void operator()(const ReportReceived& e) {
    auto* card = find_by_id(fold.reports, e.report);
    if (card == nullptr) card = &fold.reports.emplace_back();
    card->id = e.report;
    card->content = e.content;
    card->received = context.recorded;
    card->to = e.to;
    card->reporter = e.reporter;
    card->anonymous = !e.reporter;
    takes_part(e.reporter);  // the reporter reads this one and not the link, and is a participant in its own eyes too
  }
  void takes_part(const std::optional<OrganisationId>& who) const {
    if (!who) return;
    auto& reporter = participant_in(fold, *who);
    if (reporter.admission != Admission::None) return;
    reporter.admission = Admission::Confirmed;
    reporter.report = ReportState::Accepted;  // a finder becomes a reporter by reaching Accepted (Vultron: RM)
    reporter.roles = {Role::Finder, Role::Reporter};
    reporter.confirmed_at = context.recorded;
  }
  void operator()(const ReportLinked& e) {
    auto* card = find_by_id(fold.reports, e.report);
    if (card == nullptr) {
      card = &fold.reports.emplace_back();
      card->received = context.recorded;
    }
    card->id = e.report;
    card->anonymous = e.anonymous;
    card->reporter = e.reporter;
    takes_part(e.reporter);
  }
  void operator()(const MailboxMessage& e) {
    auto* card = find_by_id(fold.reports, e.report);
    if (card == nullptr || find_by_id(card->mailbox, e.message) != nullptr) return;
    card->mailbox.push_back({e.message, context.recorded, e.from_reporter ? std::nullopt : context.organisation, e.from_reporter, e.text});
  }
  void operator()(const ContactAttempted& e) {
    if (auto* card = find_by_id(fold.reports, e.report)) card->attempts.push_back({context.occurred, context.organisation, e.whom, e.how, e.answer});
  }
  void operator()(const ReportForwarded& e) {
    auto* card = find_by_id(fold.reports, e.report);
    if (card == nullptr || (!card->routes.empty() && card->routes.back().at == context.recorded && card->routes.back().to == e.to)) return;
    card->routes.push_back({context.recorded, e.to, e.reason, e.why, e.by_reporter, {}});
  }
  void operator()(const ReportTakenUp& e) {
    if (auto* card = find_by_id(fold.reports, e.report)) take_up(*card, e.organisation);
  }
  void take_up(ReportCard& card, OrganisationId by) {
    for (auto& route : card.routes)
      if (route.to == by && !route.taken_up) route.taken_up = context.recorded;
  }
  void operator()(const OwnershipOffered& e) { fold.offer = Offer{e.organisation, context.recorded, e.why}; }
  void operator()(const OwnershipTaken& e) {
    if (fold.led.empty() || fold.led.back().owner != e.organisation) fold.led.push_back({e.organisation, context.recorded});
    fold.owner = e.organisation;
    fold.owner_is_vendor = e.is_vendor;
    fold.offer.reset();
    // Who led it stays as a participant, for a reason like everybody's.
    if (auto& before = participant_in(fold, e.from); before.essential_because.empty()) before.essential_because = "It received the report and led the case before.";
    for (auto& card : fold.reports) take_up(card, e.organisation);
  }
  static bool only_reports(const Participant& participant) {
    return participant.roles.contains(Role::Reporter) && std::all_of(participant.roles.begin(), participant.roles.end(), [](Role role) { return role == Role::Reporter || role == Role::Finder; });
  }
  void operator()(const ReportStepped& e) {
    auto& participant = participant_in(fold, e.organisation);
    auto moved = next(participant.report, e.action);
    // What it said itself counts more than what its reporting is taken for, which older entries knew nothing of.
    if (!moved && participant.report == ReportState::Accepted && only_reports(participant)) moved = next(ReportState::Received, e.action);
    if (moved) participant.report = *moved;
    if (e.action == ReportAction::Validate && !participant.validated_at) participant.validated_at = context.recorded;
    if (e.still_honours_terms) participant.honours_after_leaving = e.still_honours_terms;
  }
  void operator()(const CaseDescribed& e) {
    fold.title = e.title;
    fold.summary = e.summary;
  }

  void operator()(const ParticipantSuggested&) {}
  void operator()(const ParticipantInvited& e) {
    auto& participant = participant_in(fold, e.organisation);
    if (participant.invited_at && *participant.invited_at == context.recorded) return;
    participant.invited_by = context.organisation;
    participant.admission = Admission::Invited;
    participant.left = false;
    participant.roles = {e.roles.begin(), e.roles.end()};  // an invitation says in which roles, whatever was before
    participant.essential_because = e.essential_because;
    participant.invited_at = context.recorded;
    participant.respond_by = e.respond_by;
    participant.answered_at.reset();
    if (e.terms) step_consent(participant, *e.terms, ConsentAction::Invite);
  }
  void operator()(const InvitationAnswered& e) {
    auto& participant = participant_in(fold, e.organisation);
    if (participant.admission != Admission::Invited) return;
    participant.answered_at = context.recorded;
    if (e.accepted) participant.admission = Admission::Accepted;
    if (e.terms) step_consent(participant, *e.terms, e.accepted ? ConsentAction::Accept : ConsentAction::Decline);
  }
  void operator()(const ParticipantConfirmed& e) {
    auto& participant = participant_in(fold, e.organisation);
    if (participant.admission != Admission::Accepted) return;
    participant.admission = Admission::Confirmed;
    participant.confirmed_at = context.recorded;
    if (const auto moved = next(participant.report, ReportAction::Receive)) participant.report = *moved;
    // Who reported it judged it by that (Vultron: RM), also where it comes in by a merge or a split.
    if (only_reports(participant) && participant.report == ReportState::Received) participant.report = ReportState::Accepted;
  }
  void operator()(const ParticipantSuspended& e) { participant_in(fold, e.organisation).admission = Admission::Suspended; }
  void operator()(const ParticipantRestored& e) { participant_in(fold, e.organisation).admission = Admission::Confirmed; }
  void operator()(const ParticipantRemoved& e) {
    participant_in(fold, e.organisation).admission = Admission::Removed;
    leave_groups(e.organisation);
  }
  // Whoever comes back is put in a group anew, by somebody who means it.
  void leave_groups(OrganisationId id) {
    for (auto& [key, group] : fold.groups) group.members.erase(id);
  }
  void operator()(const ParticipantLeft& e) {
    auto& participant = participant_in(fold, e.organisation);
    participant.admission = Admission::Removed;
    leave_groups(e.organisation);
    participant.left = true;
    participant.honours_after_leaving = e.still_honours_terms;
    if (const auto moved = next(participant.report, ReportAction::Close)) participant.report = *moved;
  }

  void operator()(const TermsProposed& e) {
    if (auto* known = fold.terms_of(e.version)) {
      if (!known->proposed_by) known->proposed_by = context.organisation;
      return;
    }
    if (const auto moved = next(fold.embargo, EmbargoAction::Propose)) fold.embargo = *moved;
    fold.terms.push_back({.version = e.version, .until = e.until, .zone = e.zone, .proposed_at = context.recorded, .respond_by = e.respond_by, .proposed_by = context.organisation, .note = e.note});
    for (auto& [id, participant] : fold.participants)
      if (participant.admission == Admission::Confirmed || participant.admission == Admission::Invited || participant.admission == Admission::Accepted)
        step_consent(participant, e.version, ConsentAction::Invite);
    if (context.organisation) step_consent(participant_in(fold, *context.organisation), e.version, ConsentAction::Accept);
  }
  void operator()(const TermsAnswered& e) { step_consent(participant_in(fold, e.organisation), e.version, e.accepted ? ConsentAction::Accept : ConsentAction::Decline); }
  void operator()(const TermsAccepted& e) {
    auto* terms = fold.terms_of(e.version);
    if (terms == nullptr || terms->state != Terms::State::Open) return;
    if (const auto moved = next(fold.embargo, EmbargoAction::Accept)) fold.embargo = *moved;
    for (auto& other : fold.terms) {
      if (other.state == Terms::State::Running) other.state = Terms::State::Superseded;
      if (other.state == Terms::State::Superseded)
        for (auto& [id, participant] : fold.participants) step_consent(participant, other.version, ConsentAction::Revise);
    }
    terms->state = Terms::State::Running;
    terms->settled_at = context.recorded;
    step_consent(participant_in(fold, fold.owner), e.version, ConsentAction::Accept);
    // Other proposals stay open: the machine knows that as Revise.
    if (std::any_of(fold.terms.begin(), fold.terms.end(), [](const Terms& t) { return t.state == Terms::State::Open; }))
      if (const auto moved = next(fold.embargo, EmbargoAction::Propose)) fold.embargo = *moved;
  }
  void operator()(const TermsRefused& e) {
    auto* terms = fold.terms_of(e.version);
    if (terms == nullptr || terms->state != Terms::State::Open) return;
    terms->state = Terms::State::Refused;
    terms->settled_at = context.recorded;
    if (std::none_of(fold.terms.begin(), fold.terms.end(), [](const Terms& t) { return t.state == Terms::State::Open; }))
      if (const auto moved = next(fold.embargo, EmbargoAction::Reject)) fold.embargo = *moved;
  }
  void operator()(const EmbargoEnded& e) { end_embargo(fold, context.recorded, e.reason); }

  void operator()(const ThreadOpened& e) {
    if (find_by_id(fold.threads, e.thread) == nullptr) fold.threads.push_back({e.thread, context.compartment, e.topic, context.recorded, {}});
  }
  void operator()(const MessagePosted& e) {
    auto* thread = find_by_id(fold.threads, e.thread);
    if (thread != nullptr && find_by_id(thread->messages, e.message) == nullptr) thread->messages.push_back({e.message, context.recorded, context.organisation, false, e.text});
  }
  void operator()(const FileAdded& e) {
    if (find_by_id(fold.files, e.file) == nullptr) fold.files.push_back({e.file, context.compartment, e.name, e.size, e.hash, e.media_type, context.recorded, context.organisation});
  }

  void operator()(const VulnerabilityAdded& e) {
    if (find_by_id(fold.vulnerabilities, e.vulnerability) == nullptr) fold.vulnerabilities.push_back({.id = e.vulnerability, .title = e.title, .description = e.description, .cwe = e.cwe, .added = context.recorded});
  }
  void operator()(const IdentifierSet& e) {
    if (auto* vulnerability = find_by_id(fold.vulnerabilities, e.vulnerability)) vulnerability->identifier = e.identifier;
  }
  void operator()(const SeverityAssessed& e) {
    if (auto* vulnerability = find_by_id(fold.vulnerabilities, e.vulnerability)) {
      vulnerability->cvss = e.cvss;
      vulnerability->score = e.score;
    }
  }
  void operator()(const ProductAdded& e) {
    if (find_by_id(fold.products, e.product) == nullptr) fold.products.push_back({e.product, e.vendor, e.name, e.version, e.purl, e.cpe});
  }
  void operator()(const StatusAsked& e) { fold.asked[{e.vulnerability, e.organisation}] = {context.recorded, e.answer_by}; }
  void operator()(const StatusSet& e) {
    auto& answer = answer_in(fold, e.vulnerability, e.product);
    if (answer.status != e.status) answer.status_at = context.recorded;  // a remark on it is no change
    answer.status = e.status;
    answer.said_at = context.recorded;
    answer.justification = e.justification;
    answer.note = e.note;
  }
  void operator()(const RemedyStepped& e) {
    auto& answer = answer_in(fold, e.vulnerability, e.product);
    if (!answer.history.empty() && answer.history.back().at == context.recorded && answer.step == e.step) return;
    answer.step = e.step;
    if (e.version) answer.fixed_in = e.version;
    answer.fix_ready = answer.fix_ready || e.step >= RemedyStep::Validated;
    answer.fix_deployed = answer.fix_deployed || e.step == RemedyStep::Deployed;
    answer.history.push_back({context.recorded, e.step, false, e.note});
  }
  void operator()(const RemedyReopened& e) {
    auto& answer = answer_in(fold, e.vulnerability, e.product);
    if (!answer.history.empty() && answer.history.back().at == context.recorded && answer.history.back().reopened) return;
    answer.step = e.back_to;
    for (auto& assessment : answer.assessments) assessment.step.reset();  // they spoke of the fix that was found incomplete
    answer.history.push_back({context.recorded, e.back_to, true, e.found_how});
  }
  void operator()(const FactClaimed& e) {
    if (find_by_id(fold.claims, e.claim) == nullptr) fold.claims.push_back({e.claim, e.vulnerability, e.fact, e.evidence, e.occurred, context.recorded, context.organisation});
  }
  void operator()(const FactAdopted& e) {
    if (e.claim)
      if (auto* claim = find_by_id(fold.claims, *e.claim)) claim->state = Claim::State::Adopted;
    if (auto* vulnerability = find_by_id(fold.vulnerabilities, e.vulnerability)) vulnerability->facts.emplace(e.fact, WorldFact{e.occurred, context.recorded});
    // EM N stays N and P becomes N by the refusals and the end that decide() writes beside this event: the record says each.
  }
  void operator()(const FactRefused& e) {
    if (auto* claim = find_by_id(fold.claims, e.claim)) {
      claim->state = Claim::State::Refused;
      claim->why = e.why;
    }
  }
  void operator()(const StatementDrafted& e) { participant_in(fold, e.organisation).statement_draft = e.text; }
  void operator()(const StatementApproved& e) { participant_in(fold, e.organisation).statement = e.text; }

  void operator()(const Decided& e) {
    if (std::any_of(fold.decisions.begin(), fold.decisions.end(), [&](const auto& d) { return d.what.decision == e.decision; })) return;
    // Its own copy of the decision says who asked, for whoever doesn't read the request.
    if (e.asked_by) fold.decisions.push_back({e, context.recorded, e.asked_by, context.actor, {}});
    else if (const auto* request = confirmed_here()) fold.decisions.push_back({e, context.recorded, request->asked_by, context.actor, {}});
    else fold.decisions.push_back({e, context.recorded, context.actor, {}, {}});
    fold.decisions.back().organisation = context.organisation;
  }
  void operator()(const AdvisoryDrafted& e) {
    auto& versions = fold.advisories[e.advisory];
    if (!versions.empty() && versions.back().version >= e.version) return;
    versions.push_back({.version = e.version, .document = e.document, .hash = e.hash, .drafted_by = context.actor, .drafted_at = context.recorded});
  }
  void operator()(const AdvisoryApproved& e) {
    for (auto& version : fold.advisories[e.advisory])
      if (version.version == e.version) {
        version.approved_by = context.actor;
        version.approved_at = context.recorded;
      }
  }
  void operator()(const ReleasePlanned& e) {
    for (auto& release : fold.releases)
      if (release.state == Release::State::Planned && release.advisory == e.advisory && release.id != e.release) {
        release.state = Release::State::Held;
        release.held_because = "Replaced by a newer plan.";
      }
    if (find_by_id(fold.releases, e.release) == nullptr)
      fold.releases.push_back({.id = e.release, .advisory = e.advisory, .version = e.version, .instant = e.instant, .documents = e.documents, .vulnerabilities = e.vulnerabilities, .planned_at = context.recorded});
  }
  void operator()(const ReleaseDated& e) {
    if (find_by_id(fold.releases, e.release) == nullptr) fold.releases.push_back({.id = e.release, .instant = e.instant, .planned_at = context.recorded});
  }
  void operator()(const ReleaseUndated& e) {
    if (auto* release = find_by_id(fold.releases, e.release)) release->state = Release::State::Held;
  }
  void operator()(const VulnerabilityDescribed& e) {
    if (auto* vulnerability = find_by_id(fold.vulnerabilities, e.vulnerability)) {
      vulnerability->title = e.title;
      vulnerability->description = e.description;
      vulnerability->cwe = e.cwe;
    }
  }
  void operator()(const ReadinessWaived& e) {
    if (auto* release = find_by_id(fold.releases, e.release)) release->waiver = e;
  }
  void operator()(const ReleaseHeld& e) {
    if (auto* release = find_by_id(fold.releases, e.release)) {
      release->state = Release::State::Held;
      release->held_because = e.why;
    }
  }
  void operator()(const Released& e) {
    auto* release = find_by_id(fold.releases, e.release);
    if (release == nullptr) {
      fold.releases.push_back({.id = e.release, .advisory = e.advisory, .version = e.version});
      release = &fold.releases.back();
    }
    release->advisory = e.advisory;
    release->version = e.version;
    release->documents = e.documents;
    if (!e.vulnerabilities.empty()) release->vulnerabilities = e.vulnerabilities;  // the plan itself is read by the coordination alone
    release->state = Release::State::Released;
    release->released_at = context.recorded;
    if (const auto found = fold.advisories.find(e.advisory); found != fold.advisories.end())
      for (auto& version : found->second)
        if (version.version == e.version) version.released_at = context.recorded;
  }
  void operator()(const CompartmentErased& e) {
    fold.erased.insert(e.compartment);
    if (e.organisation) {
      auto& participant = participant_in(fold, *e.organisation);
      if (e.report) participant.report = *e.report;
      participant.statement_draft.reset();  // it stood there alone
    }
    if (e.report_id)
      if (auto* card = find_by_id(fold.reports, *e.report_id)) {
        card->content.reset();
        card->mailbox.clear();
        card->credit.reset();
      }
    std::erase_if(fold.files, [&](const File& file) { return file.audience.text() == e.compartment; });
    std::erase_if(fold.threads, [&](const Thread& thread) { return thread.audience.text() == e.compartment; });
  }

  void operator()(const SecondPersonAsked& e) {
    if (find_by_id(fold.requests, e.request) == nullptr)
      fold.requests.push_back({.id = e.request, .command = e.command, .body = e.body, .asked_at = context.recorded, .expires = e.expires, .asked_by = context.actor, .asked_for = context.organisation});
  }
  void operator()(const SecondPersonConfirmed& e) { answer(e.request, TwoPersonRequest::State::Confirmed); }
  void operator()(const SecondPersonRefused& e) {
    if (auto* request = answer(e.request, TwoPersonRequest::State::Refused)) request->why = e.why;
  }
  void operator()(const SecondPersonWithdrawn& e) { answer(e.request, TwoPersonRequest::State::Withdrawn); }
  void operator()(const SecondPersonLapsed& e) { answer(e.request, TwoPersonRequest::State::Lapsed); }
  void operator()(const SecondPersonSpared&) {}  // on the time line, and nothing follows from it

  void operator()(const GlassBroken& e) {
    if (find_by_id(fold.glasses, e.glass) == nullptr) fold.glasses.push_back({e.glass, context.recorded, e.until, e.reason, e.asked_by, e.confirmed_by, {}});
  }
  void operator()(const GlassClosed& e) {
    if (auto* glass = find_by_id(fold.glasses, e.glass); glass != nullptr && !glass->closed_at) glass->closed_at = context.recorded;
  }

  template <class E>
  void operator()(const E& e) { folds::fold_one(fold, e, context); }
};

// What an event is about, for its line: by the names that events share.
struct Subject {
  CaseFold::Line& line;
  template <class E>
  void operator()(const E& e) const {
    if constexpr (requires { line.vulnerability = e.vulnerability; }) line.vulnerability = e.vulnerability;
    if constexpr (requires { line.product = e.product; }) line.product = e.product;
    if constexpr (requires { line.step = e.step; }) line.step = e.step;
    if constexpr (requires { line.step = e.back_to; }) line.step = e.back_to;
    if constexpr (requires { line.status = e.status; }) line.status = e.status;
  }
};

// The organisation whose reading alone it may change; nothing, where it may change anybody's.
struct OnlyOne {
  template <class E>
  std::optional<OrganisationId> operator()(const E& e) const {
    constexpr auto is_one_of = []<class... Events>() { return (... || std::is_same_v<E, Events>); };
    if constexpr (is_one_of.template operator()<ReportStepped, ParticipantInvited, InvitationAnswered, ParticipantConfirmed, ParticipantSuspended, ParticipantRestored, ParticipantRemoved, ParticipantLeft,
                                                TermsAnswered, ConsentAsked, RolesChanged, ParticipantCarried>())
      return e.organisation;
    else return std::nullopt;
  }
};

// Whoever may read once has held it. Most events of a large case are talk and work, its parties are many, and most of the others are about one of them.
void note_readers(CaseFold& fold, const Event& event) {
  if (!may_change_standing(event)) return;
  if (const auto one = visit(OnlyOne{}, event)) {
    if (auto found = fold.participants.find(*one); found != fold.participants.end() && !found->second.held_content) found->second.held_content = fold.may_read_content(*one);
    return;
  }
  for (auto& [id, participant] : fold.participants)
    if (!participant.held_content && fold.may_read_content(id)) participant.held_content = true;
}

// The same event in a second stream is one line of the time line. Lines of a type in one command are of one entry, since another's are joined to them.
void note_line(CaseFold& fold, const Event& event, const Context& context) {
  const auto type = type_of(event);
  auto& newest = fold.newest_lines;
  if (fold.timeline.empty() || !context.request || fold.timeline.back().request != context.request) newest.clear();
  const auto same = std::find_if(newest.begin(), newest.end(), [&](const auto& one) { return one.type == type; });
  if (same != newest.end() && fold.timeline[same->line].entry != context.entry) {
    if (auto& line = fold.timeline[same->line]; !line.by) line.by = context.organisation;
    return;
  }
  if (same != newest.end()) same->line = fold.timeline.size();
  else newest.push_back({type, fold.timeline.size()});
  fold.timeline.push_back({context.recorded, context.occurred, type, context.organisation, context.compartment, context.entry, context.request});
  visit(Subject{fold.timeline.back()}, event);
}

}  // namespace

void apply(CaseFold& fold, const Event& event, const Context& context) {
  visit(Apply{fold, context}, event);
  note_readers(fold, event);
  note_line(fold, event, context);
}

OrganisationId CaseFold::owner_at(Instant at) const {
  auto out = first_owner();
  for (const auto& lead : led)
    if (lead.since <= at) out = lead.owner;
  return out;
}
OrganisationId CaseFold::first_owner() const { return led.empty() ? owner : led.front().owner; }
OrganisationId CaseFold::told_by(const Participant& participant) const { return participant.invited_by ? *participant.invited_by : owner_at(participant.confirmed_at.value_or(opened)); }
const Terms* CaseFold::running_terms() const {
  for (const auto& t : terms)
    if (t.state == Terms::State::Running) return &t;
  return nullptr;
}
const Terms* CaseFold::terms_of(int version) const {
  for (const auto& t : terms)
    if (t.version == version) return &t;
  return nullptr;
}
Terms* CaseFold::terms_of(int version) { return const_cast<Terms*>(std::as_const(*this).terms_of(version)); }
const Participant* CaseFold::participant(OrganisationId organisation) const {
  const auto found = participants.find(organisation);
  return found == participants.end() ? nullptr : &found->second;
}
const Vulnerability* CaseFold::vulnerability(VulnerabilityId vid) const { return find_by_id(vulnerabilities, vid); }
const Product* CaseFold::product(ProductId pid) const { return find_by_id(products, pid); }
const Thread* CaseFold::thread(ThreadId tid) const { return find_by_id(threads, tid); }
const ReportCard* CaseFold::report(ReportId rid) const { return find_by_id(reports, rid); }
const Release* CaseFold::release(ReleaseId rid) const { return find_by_id(releases, rid); }
const TwoPersonRequest* CaseFold::request(TwoPersonRequestId rid) const { return find_by_id(requests, rid); }

ConsentState CaseFold::last_consent(OrganisationId organisation, int version) const {
  const auto* p = participant(organisation);
  const auto found = p != nullptr ? p->consent_at_end.find(version) : std::map<int, ConsentState>::const_iterator{};
  return p != nullptr && found != p->consent_at_end.end() ? found->second : consent(organisation, version);
}
ConsentState CaseFold::consent(OrganisationId organisation, int version) const {
  const auto* p = participant(organisation);
  if (p == nullptr) return ConsentState::NoEmbargo;
  const auto found = p->consent.find(version);
  return found == p->consent.end() ? ConsentState::NoEmbargo : found->second;
}
bool CaseFold::signed_running(OrganisationId organisation) const {
  const auto* running = running_terms();
  return running != nullptr && consent(organisation, running->version) == ConsentState::Signatory;
}
bool CaseFold::is_public() const {
  return std::any_of(vulnerabilities.begin(), vulnerabilities.end(), [](const Vulnerability& v) { return v.facts.contains(Letter::P) || v.facts.contains(Letter::X); });
}
Letters CaseFold::letters(VulnerabilityId vulnerability_id, ProductId product_id) const {
  Letters out{};
  if (const auto* v = vulnerability(vulnerability_id)) {
    out.p = v->facts.contains(Letter::P);
    out.x = v->facts.contains(Letter::X);
    out.a = v->facts.contains(Letter::A);
  }
  if (const auto found = answers.find({vulnerability_id, product_id}); found != answers.end()) {
    out.f = found->second.fix_ready;
    out.d = found->second.fix_deployed;
  }
  const auto* made = product(product_id);
  const auto* vendor = made != nullptr ? participant(made->vendor) : nullptr;
  out.v = out.f || out.p || (vendor != nullptr && vendor->report != ReportState::Start);  // what the public knows, the vendor knows (cvd: C2)
  return out;
}
bool CaseFold::may_read_content(OrganisationId organisation) const {
  const auto* p = participant(organisation);
  return p != nullptr && cvd::may_read_content(p->admission, p->report, embargo, signed_running(organisation), p->held_content);
}
bool CaseFold::is_merged_away() const {
  return std::any_of(siblings.begin(), siblings.end(), [](const Sibling& s) { return s.kind == Sibling::Kind::MergedInto; });
}
int CaseFold::newest_terms() const { return terms.empty() ? 0 : terms.back().version; }

}  // namespace sluice::cvd
