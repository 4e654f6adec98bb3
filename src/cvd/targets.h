// Time targets and silence as the facts of a case tell them: how a target stands, which reminders are due, and what is on record about a vendor that
// doesn't answer. Pure; `now` comes in as an argument.
//
// A target is a date that the parties weighed and agreed for a step. It is no term of an embargo: reaching or missing one ends and extends nothing.
// No date is made up here. What "a reasonable time" is comes from an agreed target or from the owner's own policy, never from this code.
//
// Always holds
//   G1  Whether a target is met follows from what the case holds now, so a reopened remedy opens its target again.
//   G2  A reminder of one due instant is written once; of several that were missed, the newest alone.
//   G3  After a target's due instant at most kMostAfter reminders follow.
#pragma once

#include "cvd/case.h"
#include "cvd/organisation.h"

namespace sluice::cvd {

// Overtaken: it became public otherwise, so nothing is left to publish first; nobody's act, and neither met nor missed. Unseen: the viewer's part of the case doesn't tell.
enum class TargetState { Open, Due, Overdue, Met, MetLate, Overtaken, Dropped, Unseen };
BOOST_DESCRIBE_ENUM(TargetState, Open, Due, Overdue, Met, MetLate, Overtaken, Dropped, Unseen)

inline constexpr Duration kRemindBefore = std::chrono::hours(72);
inline constexpr Duration kRemindEvery = std::chrono::hours(24 * 7);
inline constexpr int kMostAfter = 8;

struct TargetStanding {
  TargetState state = TargetState::Open;
  std::optional<Instant> met_at;                 // where the facts have an instant
  bool haste = false;                            // due soon or past, and a remedy in its scope isn't validated: keeping the date would ship an untested fix
};

// `only`: the one organisation whose part the viewer can tell; nobody: who reads the coordination.
TargetStanding state_of(const CaseFold& fold, const Target& target, Instant now, std::optional<OrganisationId> only = {});
bool is_closed(TargetState state);               // nothing is waited for any more

// Whom a target waits for: the organisation it names, the vendor of its product, or each vendor that takes part.
std::vector<OrganisationId> concerned(const CaseFold& fold, const Target& target);

// ---- reminders
struct DueReminder {
  std::string about;                             // "target:j_…@2026-01-01T00:00:00Z/before": what, its due instant, which reminder
  std::optional<OrganisationId> organisation;
};
struct ReminderSubject {
  std::string key;                               // "target:j_…@…", "status:v_…@…"
  std::optional<OrganisationId> organisation;
  Instant since, due;
  bool is_question = false;                      // no answer to it is silence
  std::vector<std::pair<Instant, std::string>> schedule;  // "before", "due", "week-1" …, in order of time
  std::size_t next = 0;                          // the first that neither was written nor is older than one that was
};
std::vector<ReminderSubject> reminder_subjects(const CaseFold& fold, Instant now);
std::optional<Instant> next_reminder(const CaseFold& fold);
// What a reminder is about, for people.
struct ReminderAbout { std::optional<TargetId> target; std::optional<VulnerabilityId> vulnerability; std::string when; };
ReminderAbout about_of(const Reminder& reminder);

// ---- the road without a vendor (ISO/IEC 29147 5.6.3, 8; CERT Guide, vendor goes silent; FIRST multi-party 2.5)
struct Road {
  std::string vendor;
  std::optional<OrganisationId> organisation;
  int attempts = 0, reminders = 0, escalations = 0;
  std::optional<Instant> waited_since, last_attempt;
  bool declined = false;                         // it was reached and said no: nothing is left to wait for
  bool unsupported = false;                      // a product of it whose support has ended; its developer is asked first all the same
  std::vector<std::string> missing;              // what is not on record yet, in words; empty: the road is open
};
// `answers_within`: the owner's own policy, where it has one.
Road road_without(const CaseFold& fold, std::optional<OrganisationId> organisation, const std::string& vendor, std::optional<Duration> answers_within, Instant now);

// Decided to go on without it, and it hasn't answered since.
bool goes_without(const CaseFold& fold, OrganisationId vendor);
// Asked about a vulnerability, or late with its first answer by an agreed target, and silent.
std::vector<OrganisationId> silent_vendors(const CaseFold& fold, Instant now);

// ---- what an advisory's draft may say
struct CreditOffer { ReportId report; std::string name; };
std::vector<CreditOffer> credits_of(const CaseFold& fold);               // those who want it, each name once
std::vector<ProductId> without_answer(const CaseFold& fold);             // products of vendors that the case goes on without

// A vendor's own policy as dates: only where it says something, and never agreed by being shown.
struct TargetSuggestion { OrganisationId organisation; TargetStep step = TargetStep::Acknowledge; Instant by; };
std::vector<TargetSuggestion> suggestions(const CaseFold& fold, OrganisationId organisation, const DisclosurePolicy& policy);

}  // namespace sluice::cvd
