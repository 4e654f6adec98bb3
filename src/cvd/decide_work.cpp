// The work itself: vulnerabilities, products, the vendors' answers, and what is known in the world (P, X, A). Remedies: decide_remedy.cpp.
#include <algorithm>

#include "cvd/decide.h"
#include "cvd/happened.h"
#include "cvd/own_product.h"
#include "cvd/parties.h"
#include "cvd/reason.h"

namespace sluice::cvd::rules {

namespace {
std::unexpected<Error> no_such_vulnerability() { return fail(ErrorKind::NotFound, "There is no such vulnerability in this case.", "/vulnerability"); }

void valid_if_received(const CaseFold& fold, OrganisationId organisation, Changes& out, std::string why) {
  // Vultron RM: a vendor that confirms its product is hit holds the report for valid, however poor it was.
  const auto* participant = fold.participant(organisation);
  if (participant != nullptr && (participant->report == ReportState::Received || participant->report == ReportState::Invalid))
    for (auto& change : to_both(organisation, ReportStepped{organisation, ReportAction::Validate, std::move(why), {}})) out.push_back(std::move(change));
}
}  // namespace

Result<const Product*> own_product(const CaseFold& fold, ProductId id, const Ask& ask) {
  const auto* product = fold.product(id);
  const auto* vendor = product != nullptr ? fold.participant(product->vendor) : nullptr;
  const bool for_an_absent_one = ask.actor.organisation == fold.owner && (vendor == nullptr || !vendor->confirmed_at);  // who once took part speaks for itself, also while it is suspended
  if (product == nullptr || (product->vendor != ask.actor.organisation && !for_an_absent_one)) return fail(ErrorKind::NotFound, "There is no such product in this case.", "/product");
  return product;
}

bool coordinates(const CaseFold& fold, OrganisationId organisation) {
  const auto* participant = fold.participant(organisation);
  return organisation == fold.owner || (participant != nullptr && participant->roles.contains(Role::Coordinator) && participant->admission == Admission::Confirmed);
}

Result<Changes> decide_one(const CaseFold&, const AddVulnerability& c, const Ask& ask) {
  TRY(text_fits(c.title, 300, "/title"));
  TRY(text_fits(c.description, 200'000, "/description"));
  return Changes{{shared(), VulnerabilityAdded{VulnerabilityId::random(ask.random), c.title, c.description, c.cwe}}};
}

Result<Changes> decide_one(const CaseFold& fold, const DescribeVulnerability& c, const Ask&) {
  if (fold.vulnerability(c.vulnerability) == nullptr) return no_such_vulnerability();
  TRY(text_fits(c.title, 300, "/title"));
  TRY(text_fits(c.description, 200'000, "/description"));
  return Changes{{shared(), VulnerabilityDescribed{c.vulnerability, c.title, c.description, c.cwe}}};
}

Result<Changes> decide_one(const CaseFold& fold, const SetIdentifier& c, const Ask&) {
  if (fold.vulnerability(c.vulnerability) == nullptr) return no_such_vulnerability();
  TRY(text_fits(c.identifier, 100, "/identifier"));
  for (const auto& other : fold.vulnerabilities)
    if (other.id != c.vulnerability && other.identifier == c.identifier) return fail(ErrorKind::Conflict, "Another vulnerability of this case has this identifier.", "/identifier");
  return Changes{{shared(), IdentifierSet{c.vulnerability, c.identifier, c.assigned_by}}};
}

Result<Changes> decide_one(const CaseFold& fold, const AssessSeverity& c, const Ask& ask) {
  if (fold.vulnerability(c.vulnerability) == nullptr) return no_such_vulnerability();
  if (!ask.known.score) return fail(ErrorKind::Invalid, "This is not a CVSS vector that can be scored.", "/cvss");
  return Changes{{shared(), SeverityAssessed{c.vulnerability, c.cvss, *ask.known.score, c.note}}};
}

Result<Changes> decide_one(const CaseFold& fold, const AddProduct& c, const Ask& ask) {
  TRY(text_fits(c.name, 300, "/name"));
  const auto vendor = c.vendor.value_or(ask.actor.organisation);
  if (vendor != ask.actor.organisation && ask.actor.organisation != fold.owner) return fail(ErrorKind::Invalid, "You can add products of your own organisation only.", "/vendor");
  return to_both(vendor, ProductAdded{ProductId::random(ask.random), vendor, c.name, c.version, c.purl, c.cpe});
}

Result<Changes> decide_one(const CaseFold& fold, const AskStatus& c, const Ask& ask) {
  if (fold.vulnerability(c.vulnerability) == nullptr) return no_such_vulnerability();
  if (c.organisations.empty()) return fail(ErrorKind::Invalid, "Say whom you ask.", "/organisations");
  const auto answer_by = c.answer_by.value_or(ask.now + std::chrono::hours(24 * 7));
  if (answer_by <= ask.now) return fail(ErrorKind::Invalid, "The time to answer must lie ahead.", "/answer_by");
  Changes out;
  for (std::size_t i = 0; i < c.organisations.size(); ++i) {
    const auto* participant = fold.participant(c.organisations[i]);
    if (participant == nullptr || participant->admission != Admission::Confirmed)
      return fail(ErrorKind::Invalid, "Only confirmed participants can be asked.", "/organisations/" + std::to_string(i));
    for (auto& change : to_both(c.organisations[i], StatusAsked{c.organisations[i], c.vulnerability, answer_by})) out.push_back(std::move(change));
  }
  return out;
}

Result<Changes> decide_one(const CaseFold& fold, const SetStatus& c, const Ask& ask) {
  if (fold.vulnerability(c.vulnerability) == nullptr) return no_such_vulnerability();
  TRY(const auto* product, own_product(fold, c.product, ask));
  if (c.status == Status::Asked) return fail(ErrorKind::Invalid, "\"asked\" is the state of a question without an answer; an answer is one of the others.", "/status");
  if (c.status == Status::NotAffected && !c.justification) return fail(ErrorKind::Invalid, "Say why the product is not affected.", "/justification");
  if (c.status == Status::Fixed && !fold.letters(c.vulnerability, c.product).f)
    return fail(ErrorKind::Conflict, "A product is fixed once its remedy was validated. Record that step first.", "/status", "Vultron CS: F before fixed");
  Changes out;
  if (c.status == Status::Affected) valid_if_received(fold, product->vendor, out, "The vendor's product is affected.");
  for (auto& change : to_both(product->vendor, StatusSet{c.vulnerability, c.product, c.status, c.justification, c.note})) out.push_back(std::move(change));
  return out;
}

Result<Changes> decide_one(const CaseFold& fold, const ClaimFact& c, const Ask& ask) {
  // A reporter by code, or who is only invited, may be the first to see it in the world. It reads no vulnerability, and what it is told here depends on none (EXI-1).
  const bool reads = !ask.actor.reporter && (ask.actor.organisation == fold.owner || fold.may_read_content(ask.actor.organisation));
  if (reads && !c.vulnerability && fold.vulnerabilities.size() > 1) return fail(ErrorKind::Invalid, "Say which vulnerability this is about.", "/vulnerability");
  if (!reads && c.vulnerability) return fail(ErrorKind::Invalid, "Leave the vulnerability out: your claim is about what the case was opened for.", "/vulnerability");
  if (c.fact != Letter::P && c.fact != Letter::X && c.fact != Letter::A) return fail(ErrorKind::Invalid, "What can be claimed of the world is P (public), X (exploit public) or A (attacks).", "/fact");
  TRY(text_fits(c.evidence, 20'000, "/evidence"));
  const auto occurred = c.occurred.value_or(ask.occurred);
  if (occurred > ask.now) return fail(ErrorKind::Invalid, "It can't have happened after now.", "/occurred");
  TRY(is_meant(occurred, "/occurred"));
  const auto* vulnerability = c.vulnerability ? fold.vulnerability(*c.vulnerability) : fold.vulnerabilities.empty() ? nullptr : &fold.vulnerabilities.front();
  if (vulnerability == nullptr && c.vulnerability) return no_such_vulnerability();
  if (vulnerability == nullptr) return fail(ErrorKind::Conflict, "No vulnerability is on record in this case yet. Write to its owner.");
  if (reads && vulnerability->facts.contains(c.fact)) return fail(ErrorKind::Conflict, "This is on record already.", "/fact");
  const FactClaimed claimed{ClaimId::random(ask.random), vulnerability->id, c.fact, c.evidence, occurred};
  if (!ask.actor.reporter || !ask.actor.report) return to_both(ask.actor.organisation, claimed);
  // By code: no organisation's word. The reporter's mailbox keeps what it said.
  return Changes{{of_report(*ask.actor.report), MailboxMessage{*ask.actor.report, MessageId::random(ask.random), c.evidence, true}}, {coordination(), claimed, Attribution::Unattributed}};
}

Result<Changes> decide_one(const CaseFold& fold, const AdoptFact& c, const Ask& ask) {
  const auto claim = std::find_if(fold.claims.begin(), fold.claims.end(), [&](const Claim& x) { return x.id == c.claim; });
  if (claim == fold.claims.end()) return fail(ErrorKind::NotFound, "There is no such claim.", "/claim");
  if (claim->state != Claim::State::Open) return fail(ErrorKind::Conflict, "This claim was decided already.", "/claim");
  const auto* vulnerability = fold.vulnerability(claim->vulnerability);
  if (vulnerability == nullptr) return no_such_vulnerability();
  if (c.why) TRY(reason_fits(*c.why, 4'000, "/why"));
  if (claim->fact == Letter::A && binds(fold.embargo) && !c.end_embargo)
    return fail(ErrorKind::Invalid, "Attacks should end an embargo; whether they do here is yours to say.", "/end_embargo", "Vultron EM: attacks SHOULD end it");
  if (claim->fact == Letter::A && c.inseparable) return fail(ErrorKind::Invalid, "Attacks split nothing off.", "/inseparable");
  std::vector<VulnerabilityId> going{vulnerability->id};
  for (std::size_t i = 0; c.inseparable && i < c.inseparable->size(); ++i) {
    const auto id = (*c.inseparable)[i];
    if (fold.vulnerability(id) == nullptr) return fail(ErrorKind::NotFound, "There is no such vulnerability in this case.", "/inseparable/" + std::to_string(i));
    if (std::find(going.begin(), going.end(), id) == going.end()) going.push_back(id);
  }
  Changes out;
  // The world first, then the embargo (Vultron: reporting order). A public exploit makes public: X, then P, in the same instant.
  if (!vulnerability->facts.contains(claim->fact)) out.push_back({shared(), FactAdopted{c.claim, claim->vulnerability, claim->fact, claim->occurred}});
  if (claim->fact == Letter::X && !vulnerability->facts.contains(Letter::P)) out.push_back({shared(), FactAdopted{std::nullopt, claim->vulnerability, Letter::P, claim->occurred}});

  // What is public is held back no longer; what isn't goes on being (ISO/IEC TR 5895: one embargo, several vulnerabilities).
  const bool something_stays = std::any_of(fold.vulnerabilities.begin(), fold.vulnerabilities.end(), [&](const Vulnerability& v) {
    return std::find(going.begin(), going.end(), v.id) == going.end() && !v.facts.contains(Letter::P) && !v.facts.contains(Letter::X);
  });
  const bool holds_back = binds(fold.embargo) || fold.embargo == EmbargoState::Proposed;
  if (claim->fact != Letter::A && holds_back && something_stays) {
    if (!c.end_embargo.value_or(false)) {
      const auto why = c.why.value_or(claim->fact == Letter::X ? "An exploit for it is public." : "It has become public.");
      TRY(auto split, split_off(fold, going, why, c.claim, ask));
      for (auto& change : split) out.push_back(std::move(change));
      return out;
    }
    if (!c.why) return fail(ErrorKind::Invalid, "Other vulnerabilities of this case aren't public. Say why its embargo ends for all of them: that they are inseparable, for one.", "/why");
  }
  const bool ends = claim->fact != Letter::A || c.end_embargo.value_or(true);
  if (ends) {
    std::string reason = claim->fact == Letter::P ? "The vulnerability is public." : claim->fact == Letter::X ? "An exploit is public." : "Attacks were observed.";
    if (c.why) reason += " " + *c.why;
    for (auto& change : end_of_embargo(fold, reason, Plans::Hold)) out.push_back(std::move(change));
  }
  return out;
}

Result<Changes> decide_one(const CaseFold& fold, const RefuseFact& c, const Ask&) {
  const auto claim = std::find_if(fold.claims.begin(), fold.claims.end(), [&](const Claim& x) { return x.id == c.claim; });
  if (claim == fold.claims.end()) return fail(ErrorKind::NotFound, "There is no such claim.", "/claim");
  if (claim->state != Claim::State::Open) return fail(ErrorKind::Conflict, "This claim was decided already.", "/claim");
  TRY(reason_fits(c.why, 4'000, "/why"));
  if (claim->by) return to_both(*claim->by, FactRefused{c.claim, c.why});
  return Changes{{coordination(), FactRefused{c.claim, c.why}}};
}

Result<Changes> decide_one(const CaseFold&, const DraftStatement& c, const Ask& ask) {
  TRY(text_fits(c.text, 20'000, "/text"));
  return Changes{{own(ask.actor.organisation), StatementDrafted{ask.actor.organisation, c.text}}};
}

Result<Changes> decide_one(const CaseFold& fold, const ApproveStatement& c, const Ask& ask) {
  const auto* participant = fold.participant(ask.actor.organisation);
  if (participant == nullptr || !participant->statement_draft) return fail(ErrorKind::Conflict, "There is no draft of your statement yet.");
  if (*participant->statement_draft != c.text) return fail(ErrorKind::Conflict, "The draft has changed since you read it. Read it again.", "/text");
  return Changes{{shared(), StatementApproved{ask.actor.organisation, c.text}}};
}

}  // namespace sluice::cvd::rules
