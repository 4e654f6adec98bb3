// Reports: their arrival, triage by each participant for itself (Vultron: RM), the mailbox, attempts to reach a vendor.
#include "cvd/content.h"
#include "cvd/decide.h"
#include "cvd/ordering.h"

namespace sluice::cvd {

Result<void> check(const ReportContent& content) {
  TRY(rules::text_fits(content.title, 300, "/title"));
  TRY(rules::text_fits(content.description, 200'000, "/description"));
  TRY(rules::text_fits(content.product, 2'000, "/product"));
  const std::pair<const std::optional<std::string>*, const char*> rest[] = {
      {&content.versions, "/versions"},           {&content.vendor, "/vendor"},
      {&content.contact_when, "/contact_when"},   {&content.contact_how, "/contact_how"},
      {&content.contact_answer, "/contact_answer"}, {&content.contact_why_not, "/contact_why_not"},
      {&content.public_where, "/public_where"},   {&content.exploited_how, "/exploited_how"},
      {&content.disclosure_plans, "/disclosure_plans"}, {&content.safety_impact, "/safety_impact"},
      {&content.impact, "/impact"},               {&content.how_found, "/how_found"},
      {&content.several_vendors, "/several_vendors"}, {&content.contact, "/contact"},
      {&content.credit, "/credit"},               {&content.own_tracking_id, "/own_tracking_id"},
  };
  for (const auto& [value, where] : rest)
    if (*value && (*value)->size() > 20'000) return fail(ErrorKind::Invalid, "This is longer than the 20000 bytes that fit here.", where);
  return {};
}

Result<Changes> open_case(CaseId id, const std::string& title, bool owner_is_vendor, const Ask& ask) {
  TRY(rules::text_fits(title, 300, "/title"));
  const CaseOpened opened{id, title, ask.actor.organisation, owner_is_vendor};
  return Changes{{rules::coordination(), opened}, {rules::shared(), opened}};
}

Result<Changes> open_for_report(const NewReport& report, const Ask& ask) {
  TRY(check(report.content));
  const CaseOpened opened{report.case_id, report.content.title, report.to, report.to_is_vendor};
  Changes out{
      {rules::coordination(), opened},
      {rules::shared(), opened, Attribution::Unattributed},
      {rules::of_report(report.report), ReportReceived{report.report, report.to, report.content, report.reporter}},
      {rules::coordination(), ReportLinked{report.report, !report.reporter, report.reporter}},
  };
  TRY(rules::add_classes(out, rules::of_report(report.report), "report:" + report.report.text(), report.classes));
  // The reporter's words stay in the report; what others read of the vulnerability, the owner writes (vulnerability.describe).
  const auto vulnerability = VulnerabilityId::random(ask.random);
  out.push_back({rules::shared(), VulnerabilityAdded{vulnerability, report.content.title, "", {}}, Attribution::Unattributed});

  // Claims of the reporter wait for a person: an unverified "it is public" must not end an embargo for all.
  if (report.content.public_ == YesNo::Yes)
    out.push_back({rules::coordination(), FactClaimed{ClaimId::random(ask.random), vulnerability, Letter::P, report.content.public_where.value_or("The reporter says it is publicly known."), ask.occurred}});
  if (report.content.exploited == YesNo::Yes)
    out.push_back({rules::coordination(), FactClaimed{ClaimId::random(ask.random), vulnerability, Letter::A, report.content.exploited_how.value_or("The reporter says it is exploited."), ask.occurred}});
  if (report.content.public_ == YesNo::Yes || report.content.exploited == YesNo::Yes) return out;  // no embargo begins on what may be known already

  // Vultron, default embargoes: the receiver's published default counts as proposed and, by sending without objection, as accepted; the shorter wins.
  const auto& proposed = report.content.proposed_embargo_until;
  if (proposed && *proposed <= ask.now) return fail(ErrorKind::Invalid, "The embargo you propose must end after now.", "/proposed_embargo_until");
  const auto agreed = default_embargo(proposed, ask.known.receiver_policy, ask.now);
  const auto answer_by = answer_due(ask.now, std::nullopt);
  int version = 0;
  const auto reporter_agrees = [&](const char* note) {
    if (!report.reporter) return;
    for (const auto& to : {rules::own(*report.reporter), rules::coordination()}) out.push_back({to, TermsAnswered{version, *report.reporter, true, note}});
  };
  if (agreed.active_end) {
    const bool is_reporters = agreed.active_end == proposed;
    out.push_back({rules::shared(), TermsProposed{++version, *agreed.active_end, "UTC", answer_by, is_reporters ? "Proposed with the report." : "The receiver's published default."}, Attribution::Unattributed});
    out.push_back({rules::shared(), TermsAccepted{version}, Attribution::Unattributed});
    reporter_agrees("By sending the report.");
  }
  if (agreed.open_end) {
    out.push_back({rules::shared(),
                   TermsProposed{++version, *agreed.open_end, "UTC", answer_by, version > 1 ? "The longer of the two wishes stays open as a proposal." : "Proposed with the report."},
                   Attribution::Unattributed});
    if (agreed.open_end == proposed) reporter_agrees("Proposed with the report.");  // nobody is asked for an answer to its own proposal
  }
  return out;
}

namespace rules {

Result<Changes> decide_one(const CaseFold& fold, const DescribeCase& c, const Ask&) {
  (void)fold;
  TRY(text_fits(c.title, 300, "/title"));
  if (c.summary) TRY(text_fits(*c.summary, 20'000, "/summary"));
  return Changes{{shared(), CaseDescribed{c.title, c.summary}}};
}

Result<Changes> decide_one(const CaseFold& fold, const StepReport& c, const Ask& ask) {
  const auto* participant = fold.participant(ask.actor.organisation);
  if (participant == nullptr) return fail(ErrorKind::NotFound, "There is no such case.");
  TRY(step(participant->report, c.action));
  const bool says_why = c.why && !c.why->empty();
  if ((c.action == ReportAction::Invalidate || c.action == ReportAction::Defer) && !says_why)
    return fail(ErrorKind::Invalid, "Say why: the reporter and the other parties will ask.", "/why");
  // Vultron RM: closing while the embargo is active should not happen; who does says whether the terms are still honoured.
  if (c.action == ReportAction::Close && binds(fold.embargo) && !c.still_honours_terms)
    return fail(ErrorKind::Conflict, "The embargo still runs. Say whether you keep honouring its terms after closing.", "/still_honours_terms", "Vultron: closing under an embargo");
  return to_both(ask.actor.organisation, ReportStepped{ask.actor.organisation, c.action, c.why, c.still_honours_terms});
}

Result<Changes> decide_one(const CaseFold& fold, const PostToMailbox& c, const Ask& ask) {
  if (fold.report(c.report) == nullptr) return fail(ErrorKind::NotFound, "There is no such report.");
  TRY(text_fits(c.text, 100'000, "/text"));
  const auto message = MessageId::random(ask.random);
  Changes out{{of_report(c.report), MailboxMessage{c.report, message, c.text, ask.actor.reporter || fold.report(c.report)->reporter == ask.actor.organisation}}};
  TRY(add_classes(out, of_report(c.report), "message:" + message.text(), c.classes));
  return out;
}

Result<Changes> decide_one(const CaseFold& fold, const RecordContactAttempt& c, const Ask&) {
  if (fold.report(c.report) == nullptr) return fail(ErrorKind::NotFound, "There is no such report.");
  TRY(text_fits(c.whom, 500, "/whom"));
  TRY(text_fits(c.how, 2'000, "/how"));
  return Changes{{coordination(), ContactAttempted{c.report, c.whom, c.how, c.answer}}};
}

}  // namespace rules
}  // namespace sluice::cvd
