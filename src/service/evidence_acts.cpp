// What an entry of the ledger tells of, in the words of evidence.h. Asked where a pack is made and where it is checked (P2), so a row for what packs hold already isn't changed: it would deny them.
#include <algorithm>

#include "service/evidence.h"

namespace sluice::service {

namespace {

// What kind of measure an event is. Of a remedy the step decides; what stands in no row is "other".
struct KindOf { std::string_view type, kind; };
constexpr KindOf kKinds[] = {
    {"ReportStepped", "triage"},       {"SeverityAssessed", "triage"},     {"StatusSet", "triage"},           {"DuplicateLinked", "triage"},      {"ReportLinked", "triage"},
    {"RemedyAssessed", "develop"},     {"RemedyReopened", "develop"},      {"RemedyWaitsFor", "develop"},     {"RemedyWaitEnded", "develop"},     {"RemedyBlocked", "develop"},
    {"RemedyUnblocked", "develop"},    {"TargetAgreed", "develop"},        {"TargetMoved", "develop"},        {"TargetDropped", "develop"},       {"ReadinessAgreed", "develop"},
    {"SupportStated", "develop"},      {"DeliveryMoved", "deliver"},       {"Released", "deliver"},           {"ReleasePlanned", "deliver"},      {"ReleaseDated", "deliver"},
    {"AdvisoryApproved", "deliver"},   {"StatementApproved", "deliver"},   {"ParticipantInvited", "tell"},    {"ParticipantConfirmed", "tell"},   {"ParticipantSuggested", "tell"},
    {"ContactAttempted", "tell"},      {"ReportForwarded", "tell"},        {"StatusAsked", "tell"},           {"Escalated", "tell"},              {"FactClaimed", "tell"},
    {"LeakClaimed", "tell"},           {"Decided", "decide"},              {"ReadinessWaived", "decide"},     {"ReleaseHeld", "decide"},          {"ProceededWithout", "decide"},
    {"SecondPersonAsked", "decide"},   {"SecondPersonConfirmed", "decide"}, {"SecondPersonRefused", "decide"}, {"SecondPersonSpared", "decide"},  {"FactAdopted", "fact"},
    {"FactRefused", "fact"},           {"TermsProposed", "terms"},         {"TermsAnswered", "terms"},        {"TermsAccepted", "terms"},         {"TermsRefused", "terms"},
    {"ScopeConfirmed", "regimes"},     {"FactCorrected", "regimes"},        {"FactCorrectionEnded", "regimes"}, {"ContentClassed", "regimes"},       {"RulesOverridden", "decide"},      {"NoticeFiled", "tell"},
    {"ClaimSourced", "tell"},          {"ThreatObjectHeld", "decide"},     {"ReleaseCollectionsChosen", "deliver"},
    {"MitigationNoted", "develop"},    {"MitigationProposed", "deliver"},     {"MitigationProposalEnded", "decide"}, {"MitigationCollectionsChosen", "deliver"}, {"MitigationShared", "tell"}, {"MitigationTold", "tell"},
    {"EmbargoEnded", "terms"},         {"InvitationAnswered", "terms"},    {"ConsentAsked", "terms"},         {"SettlementAgreed", "terms"},
};

std::string_view kind_of(const json::value& event) {
  const auto type = string_at(event, "type");
  if (type == "RemedyStepped") {
    const auto step = string_at(event, "step");
    return step == "distributed" ? "deliver" : step == "deployed" ? "adopt" : "develop";
  }
  const auto* found = std::find_if(std::begin(kKinds), std::end(kKinds), [&](const auto& row) { return row.type == type; });
  return found == std::end(kKinds) ? "other" : found->kind;
}

// P1: what a pack names and doesn't open. A receipt shows its entry whole.
struct Words { std::string_view type, what; };
constexpr Words kWords[] = {
    {"ReportReceived", "a report"},   {"MailboxMessage", "a mailbox message"}, {"ReportCarried", "a report"},        {"ThreadOpened", "a thread"},       {"MessagePosted", "a message"},
    {"MessageAmended", "a message"},  {"MessageRetracted", "a message"},       {"FileAdded", "a file"},              {"StatementDrafted", "a draft"},    {"AdvisoryDrafted", "a draft"},
    {"NoticeDrafted", "a draft"},     {"AreaReportDrafted", "a draft"},       {"ThreatObjectsPrepared", "threat objects"},
    {"MitigationNoted", "a mitigation"}, {"MitigationProposed", "a mitigation"}, {"MitigationShared", "a mitigation"}, {"MitigationTold", "a mitigation"},
};

json::value or_null(const std::string& text) { return text.empty() ? json::value(nullptr) : json::value(text); }

}  // namespace

std::string_view words_in(const ledger::LedgerEntry& entry) {
  for (const auto& change : entry.changes)
    for (const auto& [type, what] : kWords)
      if (string_at(change, "type") == type) return what;
  return "";
}

json::array acts_of(const ledger::LedgerEntry& entry) {
  json::array out;
  if (!words_in(entry).empty()) return out;
  for (const auto& event : entry.changes) {
    json::object act{{"at", to_text(entry.recorded)}, {"entry", entry.id.text()}, {"event", event}, {"kind", kind_of(event)}, {"stream", entry.stream}};
    act["occurred"] = entry.occurred ? json::value(to_text(*entry.occurred)) : json::value(nullptr);
    act["organisation"] = or_null(entry.org ? entry.org->text() : std::string());
    act["person"] = or_null(entry.actor ? entry.actor->text() : std::string());
    act["reason"] = or_null(entry.reason.value_or(""));
    out.push_back(std::move(act));
  }
  return out;
}

}  // namespace sluice::service
