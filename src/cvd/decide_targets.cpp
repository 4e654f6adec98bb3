// Time targets that parties agree on, silence, escalation, and the recorded road to disclosure without a vendor; duplicates and credit.
//
// A target is no term of an embargo (DESIGN: deadlines are negotiated, not invented): nothing here touches terms, releases or the embargo's machine.
#include <algorithm>

#include "cvd/decide.h"
#include "cvd/own_product.h"
#include "cvd/reason.h"
#include "cvd/targets.h"

namespace sluice::cvd::rules {

namespace {

constexpr Duration kFarthest = std::chrono::hours(24 * 366 * 5);  // a slip of the pen, not a plan

bool is_empty(const Weighing& w) { return !w.severity && !w.exploitation && !w.complexity && !w.tests && !w.parties && !w.layers; }

Result<void> weighing_fits(const Weighing& w) {
  const std::pair<const std::optional<std::string>*, const char*> texts[] = {{&w.severity, "/weighed/severity"}, {&w.exploitation, "/weighed/exploitation"}, {&w.complexity, "/weighed/complexity"}, {&w.tests, "/weighed/tests"}};
  for (const auto& [value, where] : texts)
    if (*value) TRY(text_fits(**value, 2'000, where));
  const std::pair<const std::optional<int>*, const char*> numbers[] = {{&w.parties, "/weighed/parties"}, {&w.layers, "/weighed/layers"}};
  for (const auto& [value, where] : numbers)
    if (*value && (**value < 0 || **value > 1'000'000)) return fail(ErrorKind::Invalid, "This must be a number from 0 to 1000000.", where);
  return {};
}

Result<void> may_be_by(Instant by, const Ask& ask) {
  if (by <= ask.now) return fail(ErrorKind::Invalid, "A target lies ahead: choose a time after now.", "/by");
  if (by - ask.now > kFarthest) return fail(ErrorKind::Invalid, "A target lies within five years. Is the year right?", "/by");
  return {};
}

// Whole case, one vulnerability: all who take part read it, and not who agreed it. A product, an organisation: its vendor and the coordination.
Changes to_audience(const CaseFold& fold, const Ask& ask, const access::Compartment& audience, const Event& event) {
  if (audience.kind == access::Compartment::Kind::Organisation) return to_both(*audience.organisation, event);
  return to_all(fold, ask, event);
}

// The organisation whose part the target is about, as far as the actor may say so; nobody: all.
Result<std::optional<OrganisationId>> part_of(const CaseFold& fold, const AgreeTarget& c, const Ask& ask) {
  std::optional<OrganisationId> out = c.organisation;
  const bool all_parts = coordinates(fold, ask.actor.organisation);
  if (c.product) {
    const auto* product = fold.product(*c.product);
    // Another vendor's product is to a vendor as one that isn't there.
    if (product == nullptr || (!all_parts && product->vendor != ask.actor.organisation)) return fail(ErrorKind::NotFound, "There is no such product in this case.", "/product");
    if (c.organisation && *c.organisation != product->vendor) return fail(ErrorKind::Invalid, "This organisation doesn't make that product.", "/organisation");
    out = product->vendor;
  }
  if (c.organisation && !all_parts && *c.organisation != ask.actor.organisation) return fail(ErrorKind::Invalid, "You agree on targets for your own organisation's part, or for the whole case.", "/organisation");
  if (out) {
    const auto* participant = fold.participant(*out);
    if (participant == nullptr || participant->admission == Admission::Removed || participant->admission == Admission::None || participant->admission == Admission::Suspended)
      return fail(ErrorKind::Invalid, "A target is agreed with who takes part. Invite this organisation first.", c.product ? "/product" : "/organisation");
  }
  return out;
}

// By its scope: which of its two copies was folded first says nothing.
access::Compartment audience_of(const CaseFold& fold, const Target& target) {
  if (target.first.organisation) return own(*target.first.organisation);
  if (const auto* product = target.first.product ? fold.product(*target.first.product) : nullptr) return own(product->vendor);
  return shared();
}

// What the actor can't see isn't there.
Result<const Target*> known_target(const CaseFold& fold, TargetId id, const Ask& ask) {
  const auto found = std::find_if(fold.targets.begin(), fold.targets.end(), [&](const Target& t) { return t.id == id; });
  const bool seen = found != fold.targets.end() && (coordinates(fold, ask.actor.organisation) || audience_of(fold, *found) == shared() || audience_of(fold, *found) == own(ask.actor.organisation));
  if (!seen) return fail(ErrorKind::NotFound, "There is no such target in this case.", "/target");
  if (found->dropped_at) return fail(ErrorKind::Conflict, "This target was dropped. Agree on a new one.", "/target");
  return &*found;
}

}  // namespace

Result<Changes> decide_one(const CaseFold& fold, const AgreeTarget& c, const Ask& ask) {
  TRY(may_be_by(c.by, ask));
  TRY(reason_fits(c.why, 4'000, "/why"));
  TRY(weighing_fits(c.weighed));
  if (is_empty(c.weighed)) return fail(ErrorKind::Invalid, "Say what the target was weighed from: severity, exploitation, complexity, tests, how many parties or layers.", "/weighed");
  if (c.vulnerability && fold.vulnerability(*c.vulnerability) == nullptr) return fail(ErrorKind::NotFound, "There is no such vulnerability in this case.", "/vulnerability");
  TRY(const auto organisation, part_of(fold, c, ask));
  for (const auto& other : fold.targets) {
    const bool same = !other.dropped_at && other.first.step == c.step && other.first.vulnerability == c.vulnerability && other.first.product == c.product && other.first.organisation == c.organisation;
    if (same) return fail(ErrorKind::Conflict, "There is a target for this step already. Move it, and say what has changed.", "/step");
  }
  const TargetAgreed agreed{TargetId::random(ask.random), c.step, c.by, c.vulnerability, c.product, c.organisation, c.weighed, c.why};
  return to_audience(fold, ask, organisation ? own(*organisation) : shared(), agreed);
}

Result<Changes> decide_one(const CaseFold& fold, const MoveTarget& c, const Ask& ask) {
  TRY(const auto* target, known_target(fold, c.target, ask));
  TRY(may_be_by(c.by, ask));
  TRY(text_fits(c.what_changed, 4'000, "/what_changed"));
  TRY(weighing_fits(c.weighed));
  if (c.by == target->by) return fail(ErrorKind::Invalid, "This is the date that it has.", "/by");
  return to_audience(fold, ask, audience_of(fold, *target), TargetMoved{c.target, c.by, is_empty(c.weighed) ? target->weighed : c.weighed, c.what_changed});
}

Result<Changes> decide_one(const CaseFold& fold, const DropTarget& c, const Ask& ask) {
  TRY(const auto* target, known_target(fold, c.target, ask));
  TRY(reason_fits(c.why, 4'000, "/why"));
  return to_audience(fold, ask, audience_of(fold, *target), TargetDropped{c.target, c.why});
}

// To whom besides the contact that is silent: another contact of the vendor, another coordinator, a higher level. The vendor isn't told by it.
Result<Changes> decide_one(const CaseFold& fold, const Escalate& c, const Ask&) {
  TRY(text_fits(c.to, 500, "/to"));
  TRY(reason_fits(c.why, 4'000, "/why"));
  const bool makes = c.organisation && std::any_of(fold.products.begin(), fold.products.end(), [&](const Product& p) { return p.vendor == *c.organisation; });
  if (c.organisation && !makes && fold.participant(*c.organisation) == nullptr) return fail(ErrorKind::Invalid, "This organisation has no part in the case.", "/organisation");
  return Changes{{coordination(), Escalated{c.organisation, c.to, c.why}}};
}

// Going on without a vendor that doesn't answer, or that said no. Only the owner decides it; what has to be on record before is road_without()'s.
Result<Changes> decide_one(const CaseFold& fold, const ProceedWithout& c, const Ask& ask) {
  if (ask.actor.organisation != fold.owner) return fail(ErrorKind::Forbidden, "Only the case owner decides to go on without a vendor.");
  TRY(text_fits(c.vendor, 300, "/vendor"));
  TRY(reason_fits(c.why, 20'000, "/why"));
  TRY(reason_fits(c.who_is_exposed, 20'000, "/who_is_exposed"));
  TRY(reason_fits(c.how_badly, 20'000, "/how_badly"));
  TRY(reason_fits(c.what_they_can_do, 20'000, "/what_they_can_do"));
  if (c.organisation) {
    const auto* participant = fold.participant(*c.organisation);
    const bool makes = std::any_of(fold.products.begin(), fold.products.end(), [&](const Product& p) { return p.vendor == *c.organisation; });
    if (*c.organisation == fold.owner) return fail(ErrorKind::Invalid, "That is your own organisation.", "/organisation");
    if (participant == nullptr && !makes) return fail(ErrorKind::Invalid, "This organisation has no part in the case.", "/organisation");
    if (goes_without(fold, *c.organisation)) return fail(ErrorKind::Conflict, "This is decided already.", "/organisation");
    // Whoever is at work and only late is waived at the release, by name and for that release (release.waive).
    const bool asked_and_silent = std::any_of(fold.asked.begin(), fold.asked.end(), [&](const auto& one) {
      return one.first.second == *c.organisation && std::none_of(fold.answers.begin(), fold.answers.end(), [&](const auto& answer) {
               const auto* product = fold.product(answer.first.second);
               return answer.first.first == one.first.first && product != nullptr && product->vendor == *c.organisation && answer.second.status;
             });
    });
    const bool works = participant != nullptr && participant->admission == Admission::Confirmed && (participant->report == ReportState::Valid || participant->report == ReportState::Accepted) && !asked_and_silent;
    if (works) return fail(ErrorKind::Conflict, "This vendor is at work on the report and leaves no question open. Where it isn't ready in time, that is waived for the release.", "/organisation");
  } else if (std::any_of(fold.proceeded_without.begin(), fold.proceeded_without.end(), [&](const ProceededWithout& p) { return !p.organisation && p.vendor == c.vendor; })) {
    return fail(ErrorKind::Conflict, "This is decided already.", "/vendor");
  }
  const auto road = road_without(fold, c.organisation, c.vendor, ask.known.vendor_answers_within, ask.now);
  if (!road.missing.empty()) {
    std::string all;
    for (const auto& one : road.missing) all += (all.empty() ? "" : " ") + one;
    return fail(ErrorKind::Conflict, all, c.organisation ? "/organisation" : "/vendor", "ISO/IEC 29147 5.6.3", road.attempts == 0 ? "no-contact-attempt" : "not-yet-reasonable");
  }
  const auto decision = DecisionId::random(ask.random);
  return Changes{{coordination(), Decided{decision, DecisionSort::Waive, c.why, c.who_is_exposed, c.how_badly, c.what_they_can_do, c.organisation}},
                 {coordination(), ProceededWithout{decision, c.organisation, c.vendor, road.waited_since.value_or(ask.now), road.attempts, c.why}}};
}

// Of two reports in one case the later belongs to the earlier. Neither is invalid for that (Vultron RM: a duplicate goes through Valid), so nobody's state
// moves. Its sender keeps mailbox, receipt and credit, and learns nothing of the other report, not even that there is one (EXI-7).
Result<Changes> decide_one(const CaseFold& fold, const LinkDuplicate& c, const Ask& ask) {
  const auto* report = fold.report(c.report);
  const auto* original = fold.report(c.of);
  if (report == nullptr) return fail(ErrorKind::NotFound, "There is no such report in this case.", "/report");
  if (original == nullptr) return fail(ErrorKind::NotFound, "There is no such report in this case.", "/of");
  if (c.report == c.of) return fail(ErrorKind::Invalid, "A report is no duplicate of itself.", "/of");
  TRY(reason_fits(c.why, 4'000, "/why"));
  if (original->duplicate_of) return fail(ErrorKind::Conflict, "That report is itself linked as a duplicate. Link to the one it belongs to.", "/of");
  if (report->duplicate_of == c.of) return fail(ErrorKind::Conflict, "This is linked already.", "/report");
  if (std::any_of(fold.reports.begin(), fold.reports.end(), [&](const ReportCard& other) { return other.duplicate_of == c.report; })) return fail(ErrorKind::Conflict, "Other reports are linked to this one. Link those first.", "/report");
  Changes out{{coordination(), DuplicateLinked{c.report, c.of, c.why}}};
  // Of a merged case the mailbox is kept where its report came in; what is written here nobody would read.
  if (!report->duplicate_of && !report->kept_in)
    out.push_back({of_report(c.report), MailboxMessage{c.report, MessageId::random(ask.random), "Your report is taken up in the work that is under way. It stays yours: this mailbox, the proof of receipt and your credit are kept, and news will stand here.", false}});
  return out;
}

// FIRST, CERT Guide: credit as the reporter wants it, or none. Nobody says it for somebody else.
Result<Changes> decide_one(const CaseFold& fold, const StateCredit& c, const Ask& ask) {
  const auto* report = fold.report(c.report);
  if (report == nullptr) return fail(ErrorKind::NotFound, "There is no such report.");
  const bool is_its_reporter = ask.actor.reporter ? ask.actor.report == c.report : report->reporter == ask.actor.organisation;
  if (!is_its_reporter) return fail(ErrorKind::Forbidden, "Only who sent the report says whether and how to be credited.");
  if (c.wanted && !c.name) return fail(ErrorKind::Invalid, "Say under which name you want to be credited.", "/name");
  if (c.wanted) TRY(text_fits(*c.name, 300, "/name"));
  // In the report alone, so that it goes with it when that is erased.
  return Changes{{of_report(c.report), CreditStated{c.report, c.wanted, c.wanted ? c.name : std::nullopt}}};
}

// G2: of those that a long stop left behind the newest is written alone; the older would say nothing more.
Changes due_reminders(const CaseFold& fold, Instant now) {
  Changes out;
  for (const auto& subject : reminder_subjects(fold, now)) {
    std::size_t past = 0;
    while (past < subject.schedule.size() && subject.schedule[past].first <= now) ++past;
    if (past > subject.next) {
      const ReminderDue reminder{subject.key + "/" + subject.schedule[past - 1].second, subject.organisation};
      if (subject.organisation)
        for (auto& change : to_both(*subject.organisation, reminder)) out.push_back(std::move(change));
      else out.push_back({coordination(), reminder});
    }
    const bool noted = std::any_of(fold.silences.begin(), fold.silences.end(), [&](const Silence& s) { return s.about == subject.key && s.organisation == subject.organisation; });
    if (subject.is_question && subject.organisation && subject.due <= now && !noted) out.push_back({coordination(), SilenceNoted{*subject.organisation, subject.key, subject.since}});
  }
  return out;
}

}  // namespace sluice::cvd::rules
