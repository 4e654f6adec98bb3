// "What would have to be different?": each fact changed alone, and judged again.
#include <algorithm>

#include "gate/judge.h"

namespace sluice::gate {

namespace {

struct Question {
  std::string fact, to;
  Disclosure disclosure;
  Facts facts;
};

std::vector<Question> questions(const Disclosure& disclosure, const Facts& facts) {
  std::vector<Question> out;
  const auto ask = [&](std::string fact, std::string to, auto change) {
    Question question{std::move(fact), std::move(to), disclosure, facts};
    change(question.disclosure, question.facts);
    out.push_back(std::move(question));
  };

  std::vector<Instant> instants;  // when something changes by itself
  if (facts.case_ && facts.case_->running) instants.push_back(facts.case_->running->until);
  if (facts.release) instants.push_back(facts.release->due);
  std::sort(instants.begin(), instants.end());
  instants.erase(std::unique(instants.begin(), instants.end()), instants.end());
  for (const auto instant : instants)
    if (instant > disclosure.at) ask("/at", to_text(instant), [&](Disclosure& d, Facts&) { d.at = instant; });

  if (disclosure.basis.kind == BasisKind::Participant && !disclosure.basis.essential && !facts.audience.essential_because)
    ask("/basis/essential", "why this organisation is essential to a remedy", [](Disclosure& d, Facts&) { d.basis.essential = "essential"; });

  const bool is_one_party = disclosure.audience.kind == AudienceKind::Organisation || disclosure.audience.kind == AudienceKind::Person;
  if (is_one_party && facts.audience.admission != cvd::Admission::Confirmed)
    ask("/facts/audience/admission", "confirmed", [](Disclosure&, Facts& f) {
      f.audience.admission = cvd::Admission::Confirmed;
      if (f.audience.report == cvd::ReportState::Start) f.audience.report = cvd::ReportState::Received;  // confirming does both
    });
  if (is_one_party && facts.case_ && facts.case_->running && !facts.audience.signed_running_terms)
    ask("/facts/audience/signed_running_terms", "true", [](Disclosure&, Facts& f) { f.audience.signed_running_terms = true; });
  if (facts.case_ && !facts.case_->is_public)
    ask("/facts/case/is_public", "true", [](Disclosure& d, Facts& f) {
      f.case_->is_public = true;
      f.case_->public_vulnerabilities = d.content.vulnerabilities;
    });
  if (facts.release && !facts.release->approved) ask("/facts/release/approved", "true", [](Disclosure&, Facts& f) { f.release->approved = true; });
  if (facts.release && !facts.release->everyone_ready && !facts.release->readiness_waived)
    ask("/facts/release/readiness_waived", "true", [](Disclosure&, Facts& f) { f.release->readiness_waived = true; });
  if (!facts.marking.source_permits) ask("/facts/marking/source_permits", "true", [](Disclosure&, Facts& f) { f.marking.source_permits = true; });
  if (!facts.override_ || !why_no_override(facts).empty())
    ask("/facts/override", "a recorded decision: an accountable person, a second one, a reason, the users' risk", [](Disclosure&, Facts& f) {
      Overridden decision{.reason = "decided", .users_risk = "stated"};
      decision.by.bytes.fill(1);
      decision.second.emplace().bytes.fill(2);
      f.override_ = decision;
    });
  return out;
}

}  // namespace

std::vector<Change> what_would_change(const Disclosure& disclosure, const Facts& facts) {
  const auto now = consider(disclosure, facts).outcome;
  std::vector<Change> out;
  for (const auto& question : questions(disclosure, facts)) {
    const auto then = consider(question.disclosure, question.facts).outcome;
    if (then != now) out.push_back({question.fact, question.to, then});
  }
  return out;
}

std::vector<std::string> facts_missing(const Disclosure& disclosure, const Facts& facts) {
  std::vector<std::string> out;
  const bool is_one_party = disclosure.audience.kind == AudienceKind::Organisation || disclosure.audience.kind == AudienceKind::Person;
  if (is_one_party && !disclosure.audience.country) out.push_back("/audience/country");  // a regime's reach depends on it
  if (is_one_party && disclosure.audience.roles.empty()) out.push_back("/audience/roles");
  if (disclosure.basis.kind == BasisKind::Participant && !disclosure.basis.essential && !facts.audience.essential_because && !facts.audience.is_owner) out.push_back("/basis/essential");
  if (!disclosure.case_ && disclosure.basis.kind != BasisKind::Grant) out.push_back("/case");
  return out;
}

}  // namespace sluice::gate
