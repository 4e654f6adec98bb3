// Many parties and several cases: how terms are settled, who is asked again, splits and merges.
#include "cvd/folds.h"

namespace sluice::cvd::folds {

namespace {
// The same event in coordination names the sibling that the copy in shared leaves out.
void note_sibling(CaseFold& fold, Sibling sibling) {
  for (auto& known : fold.siblings)
    if (known.kind == sibling.kind && known.at == sibling.at && known.vulnerabilities == sibling.vulnerabilities && (!known.id || !sibling.id || known.id == sibling.id)) {
      if (!known.id) known.id = sibling.id;
      if (known.why.empty()) known.why = sibling.why;
      if (known.titles.empty()) known.titles = std::move(sibling.titles);
      return;
    }
  fold.siblings.push_back(std::move(sibling));
}

std::vector<std::string> titles_of(const CaseFold& fold, const std::vector<VulnerabilityId>& ids) {
  std::vector<std::string> out;
  for (const auto& vulnerability : fold.vulnerabilities)
    if (std::find(ids.begin(), ids.end(), vulnerability.id) != ids.end()) out.push_back(vulnerability.title);
  return out;
}
}  // namespace

void fold_one(CaseFold& fold, const SettlementAgreed& e, const Context&) {
  fold.settlement.rule = e.rule;
  fold.settlement.share = e.share;
  if (!e.weights.empty() || e.rule != SettlementRule::Quorum) fold.settlement.weights = e.weights;
}
void fold_one(CaseFold& fold, const ConsentAsked& e, const Context&) {
  auto& participant = participant_in(fold, e.organisation);
  step_consent(participant, e.version, ConsentAction::Invite);
  participant.asked_again[e.version] = e.respond_by;
}
void fold_one(CaseFold& fold, const InvitationPlanned& e, const Context& context) {
  std::erase_if(fold.planned_invitations, [&](const auto& p) { return p.organisation == e.organisation; });
  fold.planned_invitations.push_back({e.organisation, e.when, e.roles, e.essential_because, context.recorded});
}
void fold_one(CaseFold& fold, const InvitationPlanDropped& e, const Context&) {
  std::erase_if(fold.planned_invitations, [&](const auto& p) { return p.organisation == e.organisation; });
}
void fold_one(CaseFold& fold, const RolesChanged& e, const Context&) { participant_in(fold, e.organisation).roles = {e.roles.begin(), e.roles.end()}; }
// What was split off is no part of this case any more: its letters, answers and questions are the sibling's.
void fold_one(CaseFold& fold, const CaseSplit& e, const Context& context) {
  note_sibling(fold, {Sibling::Kind::SplitOff, e.sibling, e.vulnerabilities, context.recorded, e.why, titles_of(fold, e.vulnerabilities), {}});
  const auto gone = [&](VulnerabilityId id) { return std::find(e.vulnerabilities.begin(), e.vulnerabilities.end(), id) != e.vulnerabilities.end(); };
  std::erase_if(fold.vulnerabilities, [&](const Vulnerability& v) { return gone(v.id); });
  std::erase_if(fold.answers, [&](const auto& answer) { return gone(answer.first.first); });
  std::erase_if(fold.asked, [&](const auto& asked) { return gone(asked.first.first); });
  std::erase_if(fold.waits, [&](const Wait& wait) { return gone(wait.vulnerability); });
}
void fold_one(CaseFold& fold, const SplitFrom& e, const Context& context) { note_sibling(fold, {Sibling::Kind::SplitFrom, e.sibling, e.vulnerabilities, context.recorded, e.why, titles_of(fold, e.vulnerabilities), {}}); }
void fold_one(CaseFold& fold, const ParticipantCarried& e, const Context& context) {
  auto& participant = participant_in(fold, e.organisation);
  participant.roles = {e.roles.begin(), e.roles.end()};
  participant.essential_because = e.essential_because;
  participant.admission = e.admission;
  participant.report = e.report;
  if (e.admission == Admission::Confirmed && !participant.confirmed_at) participant.confirmed_at = context.recorded;
  for (const int version : e.signed_terms) step_consent(participant, version, ConsentAction::Accept);
}
void fold_one(CaseFold& fold, const CasesMerged& e, const Context& context) { note_sibling(fold, {e.is_survivor ? Sibling::Kind::MergedIn : Sibling::Kind::MergedInto, e.other, {}, context.recorded, e.why, {}, {}}); }
void fold_one(CaseFold& fold, const ReportCarried& e, const Context& context) {
  if (find_by_id(fold.reports, e.report) != nullptr) return;
  auto& card = fold.reports.emplace_back();
  card.id = e.report;
  card.anonymous = e.anonymous;
  card.reporter = e.reporter;
  card.received = e.received.value_or(context.recorded);
  card.kept_in = e.kept_in;
}
void fold_one(CaseFold& fold, const SiblingTermsChanged& e, const Context& context) {
  for (auto& sibling : fold.siblings)
    if (sibling.id == e.sibling) sibling.terms.push_back({context.recorded, e.until, e.what});
}

}  // namespace sluice::cvd::folds
