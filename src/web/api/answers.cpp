// The shapes stand in the order of the functions of case_json.cpp that write them; then one line a handler. Longer than other files because it is one idea, a catalogue.
#include "gate/content_signs.h"
#include "web/api/answers.h"

#include <algorithm>

#include "advisory/advisory.h"
#include "cvd/targets.h"
#include "cvd/actions.h"
#include "cvd/measures.h"
#include "cvd/availability.h"
#include "cvd/ownership.h"
#include "cvd/readiness.h"
#include "gate/judge.h"
#include "service/break_glass.h"
#include "service/contribution.h"
#include "service/peers.h"
#include "service/people.h"
#include "service/search.h"
#include "service/reading_log.h"
#include "service/sign_in.h"
#include "service/threat_quality.h"
#include "service/tokens.h"
#include "web/api/handlers.h"
#include "web/api/threats.h"
#include "web/api/pseudonyms.h"
#include "web/api/peers.h"
#include "web/api/recalls.h"
#include "web/api/threat_reports.h"
#include "web/api/webhooks.h"

namespace sluice::web::api {

namespace {

using namespace schema;

json::object real() { return {{"type", "number"}}; }

template <class T> json::object answered() { return schema_of<T, OtherFields::ToCome>(); }

namespace shape {

json::object acknowledgement() { return object({{"commit", hash()}, {"id", id_of<EntryId>()}, {"recorded", instant()}, {"sig", text()}, {"site", id_of<SiteId>()}, {"v", number()}}); }

json::object receipt() {
  return object({{"checkpoint", text()}, {"entry", object({})}, {"kind", text()}, {"leaf", object({})}, {"log", object({{"index", number()}, {"path", list(hash())}, {"size", number()}})}, {"salt", text()},
                 {"tick", object({{"n", number()}, {"path", list(hash())}, {"slot", number()}, {"t", instant()}})}, {"v", number()}});
}

// What a write made. The ids are those of the first events; the acknowledgement is of the first entry that the caller may read.
json::object committed() {
  return object({{"acknowledgement?", ref("acknowledgement")}, {"entry?", id_of<EntryId>()}, {"id?", text()}, {"thread?", id_of<ThreadId>()}, {"message?", id_of<MessageId>()}, {"file?", id_of<FileId>()},
                 {"vulnerability?", id_of<VulnerabilityId>()}, {"product?", id_of<ProductId>()}, {"claim?", id_of<ClaimId>()}, {"decision?", id_of<DecisionId>()}, {"advisory?", id_of<AdvisoryId>()},
                 {"release?", id_of<ReleaseId>()}, {"report?", id_of<ReportId>()}, {"version?", one_of({number(), text()})},  // of terms and advisories; of a product
                 {"hash?", hash()}, {"instant?", instant()}, {"request?", id_of<TwoPersonRequestId>()}, {"expires?", instant()}, {"leak?", id_of<LeakId>()}, {"group?", id_of<GroupId>()},
                 {"sibling?", id_of<CaseId>()}, {"target?", id_of<TargetId>()}, {"notice?", id_of<cvd::NoticeId>()}, {"area?", id_of<cvd::AreaReportId>()}, {"blanks?", list(text())},
                 {"signs?", list(with(answered<gate::Sign>(), {{"where?", text()}}))}});  // what its author wrote or added looks as if it held
}

json::object problem() {
  return object({{"type", text()}, {"title", text()}, {"status", number()}, {"code", text()}, {"detail", text()}, {"request_id", id_of<RequestId>()}, {"rule?", text()},
                 {"errors?", list(object({{"pointer", text()}, {"message", text()}}))}});
}

json::object organisation_card() { return object({{"id", id_of<OrganisationId>()}, {"name", text()}}); }
// null: somebody whom the caller may not know to take part (EXI-10).
json::object somebody() { return or_null(ref("organisation_card")); }

json::object organisation() { return with(answered<cvd::OrganisationProfile>(), {{"id", id_of<OrganisationId>()}, {"kind", answered<access::OrganisationKind>()}}); }

json::object terms() {
  return object({{"version", number()}, {"state", of_enum<cvd::Terms::State>()}, {"until", instant()}, {"zone", text()}, {"proposed_at", instant()}, {"respond_by", instant()}, {"proposed_by", somebody()}, {"note?", text()},
                 {"settled_at?", instant()}, {"answers", list(object({{"organisation", ref("organisation_card")}, {"consent", of_enum<cvd::ConsentState>()}}))}});
}

json::object message() { return object({{"id", id_of<MessageId>()}, {"at", instant()}, {"text", text()}, {"by?", somebody()}, {"from?", text_of_form("reporter|receiver")}, {"amended_at?", instant()}, {"retracted_because?", text()}, {"earlier?", list(text())}, {"classes?", list(text())}}); }

json::object case_card() {
  return object({{"id", id_of<CaseId>()}, {"embargo", of_enum<cvd::EmbargoState>()}, {"embargo_until?", instant()}, {"opened", instant()}, {"changed", instant()}, {"stub", flag()}, {"title?", text()}, {"unread?", number()}});
}

// How many have to be ready for a release, as agreed; the weights for the coordination alone.
json::object readiness() { return object({{"rule", of_enum<cvd::SettlementRule>()}, {"share?", number()}, {"weights?", list(object({{"organisation", ref("organisation_card")}, {"weight", number()}}))}}); }

json::object case_view() {
  return object({{"id", id_of<CaseId>()},
                 {"owner", ref("organisation_card")},
                 {"embargo", ref("embargo")},
                 {"stub", flag()},
                 {"me?", object({{"admission", of_enum<cvd::Admission>()}, {"report", of_enum<cvd::ReportState>()}, {"roles", list(of_enum<cvd::Role>())}, {"essential_because?", text()}, {"respond_by?", instant()}})},
                 {"title?", text()},
                 {"summary?", text()},
                 {"opened?", instant()},
                 {"owner_because?", list(of_enum<cvd::CoordinatorGround>())},
                 {"opened_in_emergency?", list(object({{"id", id_of<TwoPersonRequestId>()}, {"at", instant()}, {"until", instant()}, {"reason", text()}, {"asked_by", id_of<PersonId>()}, {"confirmed_by", id_of<PersonId>()}, {"closed_at?", instant()}}))},
                 {"offer?", object({{"to", somebody()}, {"at", instant()}, {"why", text()}})},
                 {"readiness?", readiness()},
                 {"vulnerabilities?", list(ref("vulnerability"))},
                 {"products?", list(ref("product"))},
                 {"statuses?", list(ref("status"))},
                 {"participants?", list(ref("participant"))},
                 {"reports?", list(ref("report"))},
                 {"releases?", list(ref("release"))},
                 {"groups?", list(ref("group"))},
                 {"tracking_ids?", list(object({{"organisation", somebody()}, {"tracking_id", text()}, {"set", instant()}, {"url?", text()}}))},
                 {"siblings?", list(object({{"kind", of_enum<cvd::Sibling::Kind>()}, {"case?", id_of<CaseId>()}, {"at", instant()}, {"titles", list(text())}, {"why?", text()},
                                            {"terms", list(object({{"at", instant()}, {"until?", instant()}, {"what", text()}}))}}))},
                 {"planned_invitations?", list(object({{"organisation", ref("organisation_card")}, {"when", instant()}, {"roles", list(of_enum<cvd::Role>())}, {"essential_because", text()}, {"planned", instant()}, {"due", flag()}}))}});
}

// Order, reason and members: for the coordination alone.
json::object group() {
  const auto member = object({{"organisation", ref("organisation_card")}, {"admission?", of_enum<cvd::Admission>()}, {"invited_at?", instant()}, {"confirmed_at?", instant()}});
  return object({{"id", id_of<GroupId>()}, {"audience", text()}, {"name?", text()}, {"order?", number()}, {"why?", text()}, {"formed?", instant()}, {"members?", list(member)}, {"first_told?", instant()}, {"last_told?", instant()}});
}

json::object timeline_line() {
  return object({{"recorded", instant()}, {"occurred?", instant()}, {"type", text()}, {"by", somebody()}, {"compartment", text()}, {"entry", id_of<EntryId>()}});
}

json::object participant() {
  return object({{"organisation", ref("organisation_card")}, {"admission", of_enum<cvd::Admission>()}, {"roles", list(of_enum<cvd::Role>())}, {"report?", of_enum<cvd::ReportState>()}, {"essential_because?", text()},
                 {"invited_at?", instant()}, {"invited_by?", somebody()}, {"respond_by?", instant()}, {"confirmed_at?", instant()}, {"consent?", of_enum<cvd::ConsentState>()}, {"statement?", text()}, {"statement_draft?", text()}, {"still_honours_terms?", flag()}});
}

json::object embargo() {
  return object({{"state", of_enum<cvd::EmbargoState>()}, {"running?", number()}, {"until?", instant()}, {"zone?", text()}, {"ended_at?", instant()}, {"end_reason?", text()}, {"terms", list(ref("terms"))},
                 {"settlement", object({{"rule", of_enum<cvd::SettlementRule>()}, {"share?", number()}, {"weights?", list(object({{"organisation", ref("organisation_card")}, {"weight", number()}}))}})},
                 {"advice?", object({{"start", of_enum<cvd::MayStart>()}, {"start_because", text()}, {"pending?", of_enum<cvd::PendingAdvice>()}, {"existing?", of_enum<cvd::ExistingAdvice>()}, {"existing_because?", text()}})}});
}

json::object thread() { return object({{"id", id_of<ThreadId>()}, {"audience", text()}, {"topic", text()}, {"opened", instant()}, {"messages", list(ref("message"))}}); }

json::object vulnerability() {
  const auto fact = object({{"occurred", instant()}, {"recorded", instant()}});
  return object({{"id", id_of<VulnerabilityId>()}, {"title", text()}, {"description", text()}, {"cwe?", text()}, {"identifier?", text()}, {"cvss?", text()}, {"score?", text()},
                 {"facts", object({{"P?", fact}, {"X?", fact}, {"A?", fact}})}, {"states", list(object({{"product", id_of<ProductId>()}, {"letters", text_of_form("[vV][fF][dD][pP][xX][aA]")}}))}});
}

json::object product() { return object({{"id", id_of<ProductId>()}, {"name", text()}, {"vendor", somebody()}, {"version?", text()}, {"purl?", text()}, {"cpe?", text()},
                                        {"supported?", flag()}, {"supported_until?", instant()}, {"support_note?", text()}, {"placed?", anything()}}); }

json::object assessment() {
  return object({{"at", instant()}, {"by", somebody()}, {"passed", flag()}, {"partial", flag()}, {"tested_by", text()}, {"where", text()}, {"of_this_fix", flag()}, {"reproduction?", text()}, {"side_effects?", text()}, {"note?", text()}});
}
// `reached`: how far the other's fix is as far as it counts for this one; of an ended wait, as far as it was then.
json::object wait() {
  return object({{"on", id_of<ProductId>()}, {"label", text()}, {"at_step", of_enum<cvd::RemedyStep>()}, {"why", text()}, {"since", instant()}, {"reached?", of_enum<cvd::RemedyStep>()}, {"met", flag()}, {"ended?", instant()},
                 {"end_why?", text()}});
}
json::object readiness_of_release() {
  return object({{"rule", of_enum<cvd::SettlementRule>()},
                 {"behind", list(object({{"vulnerability", id_of<VulnerabilityId>()}, {"vendor", somebody()}, {"product?", id_of<ProductId>()}, {"words", text()}, {"because?", text()}}))},
                 {"quorums", list(object({{"vulnerability", id_of<VulnerabilityId>()}, {"ready", number()}, {"of", number()}, {"needed", number()}, {"reached", flag()}}))},
                 {"unsupported", list(text())},
                 {"partial", list(text())}});
}

json::object status_answer() {
  return object({{"vulnerability", id_of<VulnerabilityId>()}, {"product", id_of<ProductId>()}, {"status?", of_enum<cvd::Status>()}, {"since?", instant()}, {"justification?", text()}, {"note?", text()},
                 {"step?", of_enum<cvd::RemedyStep>()}, {"fixed_in?", text()}, {"fix_ready", flag()}, {"fix_deployed", flag()},
                 {"validated", flag()}, {"blocked?", object({{"because", text()}, {"since", instant()}})}, {"assessments", list(assessment())}, {"waits", list(wait())},
                 {"availability?", object({{"reach", of_enum<cvd::Reach>()}, {"since?", instant()}, {"last", list(id_of<ProductId>())}})},
                 {"pressed_by?", list(object({{"target", id_of<TargetId>()}, {"step", of_enum<cvd::TargetStep>()}, {"by", instant()}}))},
                 {"history", list(object({{"at", instant()}, {"reopened", flag()}, {"step?", of_enum<cvd::RemedyStep>()}, {"note?", text()}}))}});
}
// Asked, and silent so far.
json::object status_asked() {
  return object({{"vulnerability", id_of<VulnerabilityId>()}, {"organisation", ref("organisation_card")}, {"status", text_of_form("asked")}, {"since", instant()}, {"answer_by", instant()}});
}
json::object status() { return one_of({status_answer(), status_asked()}); }

json::object claim() {
  return object({{"id", id_of<ClaimId>()}, {"vulnerability", id_of<VulnerabilityId>()}, {"fact", text_of_form("[PXA]")}, {"evidence", text()}, {"occurred", instant()}, {"recorded", instant()}, {"by", somebody()},
                 {"state", text_of_form("open|adopted|refused")}, {"why?", text()},
                 {"sources?", list(object({{"kind", of_enum<cvd::ClaimSourceKind>()}, {"name", text()}, {"version", text()}, {"collection?", text()}, {"touch", of_enum<cvd::Touch>()}, {"confidence?", number()}, {"evidence", text()}, {"occurred", instant()}}))}});
}

json::object decision() { return with(answered<cvd::Decided>(), {{"at", instant()}, {"by?", id_of<PersonId>()}, {"second?", id_of<PersonId>()}, {"rules?", list(text())}}); }

// What waits for a second person: the command that was asked for, as it was sent.
json::object request() {
  return object({{"id", id_of<TwoPersonRequestId>()}, {"command", text()}, {"body", object({})}, {"asked_at", instant()}, {"asked_for", somebody()}, {"asked_by?", id_of<PersonId>()}, {"expires", instant()},
                 {"state", of_enum<cvd::TwoPersonRequest::State>()}, {"answered_by?", id_of<PersonId>()}, {"answered_at?", instant()}, {"why?", text()}});
}

json::object advisory_versions() {
  return object({{"id", id_of<AdvisoryId>()},
                 {"versions", list(object({{"version", number()}, {"hash", hash()}, {"drafted_at", instant()}, {"document", ref("advisory")}, {"classes?", list(text())}, {"approved_at?", instant()}, {"released_at?", instant()},
                                           {"drafted_by?", id_of<PersonId>()}, {"approved_by?", id_of<PersonId>()}}))}});
}

json::object release() {
  return object({{"id", id_of<ReleaseId>()}, {"state", text_of_form("planned|held|released")}, {"instant", instant()}, {"advisory?", id_of<AdvisoryId>()}, {"version?", number()}, {"held_because?", text()}, {"overtaken?", of_enum<cvd::Overtaken>()},
                 {"released_at?", instant()}, {"waiver?", answered<cvd::ReadinessWaived>()}, {"documents", list(hash())}, {"readiness?", readiness_of_release()}});
}

json::object report() {
  return object({{"id", id_of<ReportId>()}, {"received", instant()}, {"anonymous", flag()}, {"content?", answered<cvd::ReportContent>()}, {"classes?", list(text())}, {"kept_in?", id_of<CaseId>()}, {"messages", list(ref("message"))},
                 {"contact_attempts?", list(object({{"at", instant()}, {"whom", text()}, {"how", text()}, {"answer?", text()}, {"by?", id_of<OrganisationId>()}}))},
                 {"passed_on?", list(object({{"at", instant()}, {"to", ref("organisation_card")}, {"reason", of_enum<cvd::RouteReason>()}, {"why", text()}, {"by_reporter", flag()}, {"taken_up?", instant()}}))},
                 {"duplicate_of?", id_of<ReportId>()}, {"credit?", object({{"wanted", flag()}, {"name?", text()}})}});
}

json::object file() { return object({{"id", id_of<FileId>()}, {"audience?", text()}, {"name", text()}, {"size", number()}, {"hash", hash()}, {"added", instant()}, {"classes?", list(text())}}); }

// What can be done and what can't, and why; then what the state of a product suggests.
json::object step() {
  return one_of({object({{"do", text()}, {"possible", flag()}, {"reason?", text()}}),
                 object({{"suggestion", text()}, {"kind", of_enum<cvd::ActionKind>()}, {"vulnerability", id_of<VulnerabilityId>()}, {"product", id_of<ProductId>()}})});
}

json::object leak() {
  const auto note = object({{"at", instant()}, {"text", text()}, {"narrowed_to", list(ref("organisation_card"))}, {"by?", id_of<PersonId>()}});
  return object({{"id", id_of<LeakId>()}, {"what", text()}, {"where_seen", text()}, {"evidence", text()}, {"occurred", instant()}, {"recorded", instant()}, {"by", somebody()}, {"state", text_of_form("open|closed")},
                 {"outcome?", of_enum<cvd::LeakOutcome>()}, {"closed_at?", instant()}, {"why?", text()}, {"notes?", list(note)}, {"could_have_had_it?", list(object({}))},
                 {"follows?", list(object({{"do", text()}, {"because", text()}}))}});
}

json::object statement() { return object({{"value", json::object{}}, {"at", instant()}, {"source", text()}, {"why?", text()}, {"by?", id_of<PersonId>()}}); }
json::object incident() {
  return object({{"organisation", id_of<OrganisationId>()}, {"title", text()}, {"summary?", text()}, {"recorded", instant()}, {"phase", of_enum<cvd::IncidentPhase>()}, {"own", flag()},
                 {"moves", list(object({{"phase", of_enum<cvd::IncidentPhase>()}, {"at", instant()}, {"note?", text()}}))}, {"earlier_titles", list(object({{"title", text()}, {"until", instant()}}))},
                 {"facts", json::object{{"type", "object"}, {"additionalProperties", with(statement(), {{"earlier", list(statement())}})}}}});
}
// A rule as it stands beside what it asks, and the bodies it names: alternatives of which all are needed.
json::object rule_named() { return object({{"rule", text()}, {"cite", text()}, {"says", text()}, {"regime", text()}, {"force", text()}, {"verified", flag()}, {"mark", list(text())}}); }
json::object bodies() { return list(list(object({{"kind", text()}, {"places?", list(text())}, {"place_unknown?", flag()}, {"level?", text()}, {"named?", list(object({{"id", text()}, {"name", text()}, {"basis", text()}, {"verified", flag()}, {"unclear?", text()}, {"reach?", text()}}))}}))); }
json::object notice_task() {
  return with(rule_named(), {{"on", text()}, {"state", text_of_form("waiting|open|met|late|missed")}, {"why", text()}, {"due?", text()}, {"due_at?", text()}, {"due_local?", text()}, {"zone?", text()}, {"runs_from?", text()}, {"since?", text()},
                             {"ladder?", text()}, {"stage?", text()}, {"by?", text()}, {"done?", text()}, {"to", text()}, {"bodies", bodies()}, {"forms", list(object({{"id", text()}, {"title", text()}}))},
                             {"questions", list(text())}, {"readings", list(text())}});
}
json::object notice_offer() {
  return object({{"form", text()}, {"title", text()}, {"to", text()}, {"possible", flag()}, {"reason?", text()}, {"because", text()}, {"asks", list(object({{"id", text()}, {"asks", text()}, {"needed", flag()}}))}});
}
json::object notice() {
  const auto answer = object({{"asks", text()}, {"cite", text()}, {"mark", text()}, {"verified", flag()}, {"needed", flag()}, {"answer?", text()}, {"from?", text()}});
  const auto receipt = object({{"at", instant()}, {"reference?", text()}, {"receipt?", text()}, {"file?", id_of<FileId>()}});
  return object({{"id", id_of<cvd::NoticeId>()}, {"organisation", id_of<OrganisationId>()}, {"form", text()}, {"title", text()}, {"to", text()}, {"stage?", text()}, {"version", number()}, {"hash", hash()},
                 {"state", text_of_form("draft|cleared|filed|dropped")}, {"fields", json::object{{"type", "object"}, {"additionalProperties", answer}}}, {"order", list(text())}, {"blanks", list(text())}, {"text", text()}, {"classes?", list(text())}, {"supplements?", id_of<cvd::NoticeId>()}, {"why?", text()},
                 {"versions", list(object({{"version", number()}, {"at", instant()}, {"to", text()}, {"hash", hash()}, {"blanks", number()}, {"by?", id_of<PersonId>()}, {"ruling?", id_of<RulingId>()}}))},
                 {"filed?", with(receipt, {{"version", number()}, {"to", text()}, {"recorded", instant()}, {"how", text()}, {"hash", hash()}, {"by?", id_of<PersonId>()}, {"unasked?", text()}, {"denied?", id_of<RulingId>()}, {"blanks_left_why?", text()}})}, {"receipts?", list(receipt)},
                 {"fulfils?", list(with(rule_named(), {{"state", text()}}))}, {"right_bodies?", list(with(rule_named(), {{"bodies", bodies()}, {"why", text()}}))}});
}
json::object area_report() {
  return object({{"id", id_of<cvd::AreaReportId>()}, {"organisation", id_of<OrganisationId>()}, {"version", number()}, {"title", text()}, {"text", text()}, {"regions", list(text())}, {"sector?", text()}, {"public_data", flag()},
                 {"classes", list(text())}, {"hash", hash()}, {"state", text_of_form("draft|published")}, {"where?", text()}, {"at?", instant()}, {"ruling?", id_of<RulingId>()}, {"outcome", text()},
                 {"verdicts", list(with(rule_named(), {{"verdict", text()}, {"why", text()}, {"until?", text()}, {"first?", bodies()}}))}});
}

json::object desideratum() {
  return object({{"desideratum", text_of_form("[VFDPXA]<[VFDPXA]")}, {"meaning", text()}, {"baseline", text()}, {"baseline_value", real()}, {"satisfied", or_null(number())}, {"observed", or_null(number())}, {"unknown?", number()},
                 {"rate?", real()}, {"alpha?", real()}, {"low?", real()}, {"high?", real()}, {"median_alpha?", real()}});
}

json::object target() {
  return object({{"id", id_of<TargetId>()}, {"step", of_enum<cvd::TargetStep>()}, {"by", instant()}, {"state", of_enum<cvd::TargetState>()}, {"haste", flag()}, {"weighed", answered<cvd::Weighing>()}, {"why", text()}, {"agreed_at", instant()},
                 {"vulnerability?", id_of<VulnerabilityId>()}, {"product?", id_of<ProductId>()}, {"organisation?", somebody()}, {"met_at?", instant()},
                 {"moved", list(object({{"at", instant()}, {"from", instant()}, {"to", instant()}, {"weighed", answered<cvd::Weighing>()}, {"what_changed", text()}}))}, {"dropped_at?", instant()}, {"dropped_why?", text()}});
}

json::object ruling() {
  return with(answered<gate::Ruling>(), {{"override", or_null(answered<gate::Overridden>())}});
}

}  // namespace shape

constexpr Shape kShapes[] = {
    {"problem", shape::problem}, {"acknowledgement", shape::acknowledgement}, {"committed", shape::committed}, {"receipt", shape::receipt}, {"organisation", shape::organisation},
    {"organisation_card", shape::organisation_card}, {"case_card", shape::case_card}, {"case", shape::case_view}, {"timeline_line", shape::timeline_line}, {"participant", shape::participant},
    {"embargo", shape::embargo}, {"terms", shape::terms}, {"thread", shape::thread}, {"message", shape::message}, {"vulnerability", shape::vulnerability}, {"product", shape::product}, {"status", shape::status},
    {"claim", shape::claim}, {"decision", shape::decision}, {"advisory", schema_of<advisory::Advisory>}, {"advisory_versions", shape::advisory_versions}, {"release", shape::release}, {"report", shape::report},
    {"file", shape::file}, {"step", shape::step}, {"request", shape::request}, {"ruling", shape::ruling},
    {"leak", shape::leak}, {"incident", shape::incident}, {"notice", shape::notice}, {"notice_task", shape::notice_task}, {"area_report", shape::area_report}, {"desideratum", shape::desideratum},
    {"file", shape::file}, {"step", shape::step}, {"request", shape::request}, {"group", shape::group}, {"ruling", shape::ruling},
    {"target", shape::target},
};

namespace answer {

json::object page(json::object item) { return object({{"items", list(std::move(item))}, {"next?", text()}}); }
json::object items(json::object item) { return object({{"items", list(std::move(item))}}); }
json::object whoami() {
  return object({{"kind", text_of_form("token|person")}, {"person?", id_of<PersonId>()}, {"organisation?", id_of<OrganisationId>()}, {"role", of_enum<access::SiteRole>()}, {"instance_admin", flag()}, {"csrf?", text()}, {"now?", instant()}});
}

json::object publication() {
  return object({{"tracking", text()}, {"version", number()}, {"title", text()}, {"summary", text()}, {"first_released", instant()}, {"released", instant()}, {"csaf", text()}, {"page", text()}});
}

json::object incidents() {
  return object({{"items", list(ref("incident"))}, {"may_state", list(object({{"fact", text()}, {"asks", text()}, {"form", text_of_form("yes-no|instant|number|text|place|places|words|choice")}, {"choices?", list(text())}}))}});
}
json::object notices() {
  return object({{"tasks", list(ref("notice_task"))}, {"offers", list(shape::notice_offer())}, {"items", list(ref("notice"))}, {"area_reports", list(ref("area_report"))}, {"reading", text()},
                 {"not_asked", list(object({{"where", text()}, {"message", text()}}))}});
}

// ---- law and standards
json::object law_party() { return object({{"id", text()}, {"role", text()}, {"name", text()}}); }
json::object law_finding() { return object({{"where", text()}, {"message", text()}}); }
json::object law_regime() {
  return object({{"regime", text()}, {"title", text()}, {"jurisdiction", text()}, {"force", text_of_form("law|draft|policy|advice")}, {"edition", text()}, {"pack", text()}, {"in", flag()},
                 {"state", text_of_form("confirmed|left-out|proposed|asked|out")}, {"assumed_in_force?", flag()}, {"not_law_yet?", flag()}, {"law_no_more?", flag()}, {"because", list(object({{"party", text()}, {"facts", list(text())}}))}, {"questions?", list(text())}, {"why?", text()},
                 {"readings?", list(object({{"reading", text()}, {"says", text()}, {"chosen", text()}, {"choices", list(object({{"choice", text()}, {"says", text()}}))}}))}});
}
// What nobody has said of a party, though laws hang on it.
json::object law_not_said() { return object({{"party", id_of<OrganisationId>()}, {"flag", text()}, {"regimes", list(text())}, {"says", text()}}); }
json::object law_scope() {
  return object({{"case", id_of<CaseId>()}, {"as_of", instant()}, {"known_as_of", instant()}, {"note", text()}, {"complete", flag()}, {"regimes", list(law_regime())}, {"confirmed_at?", instant()}, {"confirmed_by?", id_of<PersonId>()}, {"why?", text()}, {"not_said", list(law_not_said())}, {"parties", list(law_party())}});
}
json::object law_facts() {
  const auto origin = object({{"fact", text()}, {"kind", text_of_form("profile|entry|case|person")}, {"of", text()}, {"at?", instant()}, {"by?", id_of<PersonId>()}, {"why?", text()}, {"instead_of?", anything()}});
  return object({{"case", id_of<CaseId>()}, {"as_of", instant()}, {"known_as_of", instant()}, {"note", text()}, {"complete", flag()}, {"items", list(object({{"facts", anything()}, {"origins", list(origin)}, {"provider?", id_of<OrganisationId>()}}))}, {"parties", list(law_party())}});
}
json::object case_duties() {
  return object({{"case", id_of<CaseId>()}, {"as_of", instant()}, {"known_as_of", instant()}, {"note", text()}, {"complete", flag()}, {"items", list(anything())}, {"parties", list(law_party())}, {"findings", list(law_finding())}});
}
json::object case_law() {
  return object({{"case", id_of<CaseId>()}, {"as_of", instant()}, {"known_as_of", instant()}, {"note", text()}, {"complete", flag()}, {"scope", object({{"regimes", list(law_regime())}, {"confirmed_at?", instant()}, {"confirmed_by?", id_of<PersonId>()}, {"why?", text()}})},
                 {"duties", list(anything())}, {"evaluations", list(anything())}, {"not_said", list(law_not_said())}, {"parties", list(law_party())}, {"findings", list(law_finding())}});
}

// A correction of the debtor's own.
json::object own_word() { return object({{"fact", text()}, {"value", anything()}, {"why", text()}, {"at", instant()}, {"by?", id_of<PersonId>()}}); }
json::object duties() {
  const auto duty = object({{"case", id_of<CaseId>()}, {"title", text()}, {"rule", text()}, {"citation", text()}, {"says", text()}, {"force", text_of_form("law|policy")}, {"state", text_of_form("open|missed|waiting|not-triggered")}, {"on", text()}, {"on_name", text()},
                            {"to?", text()}, {"due", or_null(text())}, {"due_at?", instant()}, {"verified", flag()}, {"why", text()}, {"rests_on?", list(own_word())}, {"without?", object({{"state", text()}, {"due", or_null(text())}})}});
  return object({{"as_of", instant()}, {"note", text()}, {"items", list(duty)}, {"clocked", number()}, {"of", number()}, {"complete", flag()}, {"not_asked", list(id_of<CaseId>())}, {"next?", text()}});
}

json::object targets() {
  return object({{"items", list(ref("target"))},
                 {"reminders", list(object({{"at", instant()}, {"which", text()}, {"target?", id_of<TargetId>()}, {"vulnerability?", id_of<VulnerabilityId>()}, {"organisation?", shape::somebody()}}))},
                 {"silences", list(object({{"organisation", shape::somebody()}, {"since", instant()}, {"noted", instant()}}))},
                 {"silent", list(object({{"organisation", shape::somebody()}, {"attempts", number()}, {"reminders", number()}, {"escalations", number()}, {"unsupported", flag()}, {"waited_since?", instant()}, {"last_attempt?", instant()}, {"missing", list(text())}}))},
                 {"escalations", list(object({{"at", instant()}, {"to", text()}, {"why", text()}, {"organisation?", shape::somebody()}}))},
                 {"without", list(object({{"decision", id_of<DecisionId>()}, {"vendor", text()}, {"waited_since", instant()}, {"attempts", number()}, {"why", text()}, {"organisation?", shape::somebody()}, {"answered_since?", flag()}}))},
                 {"suggested", list(object({{"organisation", shape::somebody()}, {"step", of_enum<cvd::TargetStep>()}, {"by", instant()}}))}});
}

json::object draft_hints() {
  return object({{"credits", list(object({{"report", id_of<ReportId>()}, {"name", text()}}))}, {"without_vendor_answer", list(object({{"product", id_of<ProductId>()}, {"name", text()}, {"vendor", shape::somebody()}}))}});
}

// A body that is told by law, by a party or by a body that was told before: expected, not observed.
json::object reached() {
  return object({{"to", text()}, {"via", text()}, {"step", number()}, {"rule", text()}, {"citation", text()}, {"state?", text()}, {"due?", anything()}, {"verified", flag()}, {"expected", flag()}, {"told_at?", text()}});
}
// A body that a notice told: by the word of who filed it.
json::object body_told() {
  return object({{"to", text()}, {"at", instant()}, {"recorded", instant()}, {"by", id_of<OrganisationId>()}, {"by_name?", text()}, {"case", id_of<CaseId>()}, {"notice", id_of<cvd::NoticeId>()}, {"observed", flag()}});
}

json::object knowers() {
  const auto known = object({{"case", id_of<CaseId>()}, {"object", text()}, {"version", number()}, {"at", instant()}, {"channel", text()}, {"way", text()}, {"ruling?", id_of<RulingId>()}});
  const auto who = object({{"id", text()}, {"name?", text()}, {"country?", text()}, {"roles", list(text())}});
  return object({{"case", id_of<CaseId>()},
                 {"as_of", instant()},
                 {"known_as_of", instant()},
                 {"knowers", list(object({{"organisation", who}, {"could_read_since?", instant()}, {"basis?", object({{"kind", text()}, {"essential", text()}})}, {"first", instant()}, {"last", instant()}, {"items", list(known)}, {"reaches?", list(reached())}}))},
                 {"bodies", list(body_told())},
                 {"complete", flag()},
                 {"by_kind?", list(object({{"kind", text()}, {"first", instant()}, {"seconds", number()}}))},
                 {"by_country?", list(object({{"country", text()}, {"first", instant()}, {"seconds", number()}}))},
                 {"spread?", object({{"first", instant()}, {"last", instant()}, {"seconds", number()}})}});
}

json::object score() {
  return object({{"object", text()}, {"version", text()}, {"at", instant()}, {"table", text()}, {"points", number()}, {"fresh", number()}, {"left", number()}, {"decay", text()}, {"parts", list(answered<threat::QualityPart>())}});
}

json::object scores() {
  const auto one = object({{"object", text()}, {"version", text()}, {"date_added", text()}, {"points", number()}, {"fresh", number()}, {"left", number()}});
  return object({{"items", list(one)}, {"at", instant()}, {"table", text()}, {"next?", text()}});
}

json::object fit() {
  return object({{"organisation", id_of<OrganisationId>()}, {"has_policy", flag()}, {"policy?", answered<cvd::DisclosurePolicy>()}, {"running_until?", instant()}, {"fit?", of_enum<cvd::PolicyFit>()},
                 {"choices?", list(object({{"option", of_enum<cvd::InviteOption>()}, {"when?", instant()}, {"open", flag()}, {"reason?", text()}, {"how", text()}}))}, {"onward", list(reached())}});
}

json::object threat_objects() {
  return object({{"items", list(object({{"id", text()}, {"type", text()}, {"version", text()}, {"hash", hash()}, {"audience", text()}, {"at", instant()}, {"by", shape::somebody()}, {"object", anything()}}))}, {"collections", list(text())},
                 {"held", list(object({{"organisation", shape::somebody()}, {"object", text()}, {"version", text()}, {"touches", text()}, {"at", instant()}}))}});
}

json::object mitigations() {
  const auto organisation = object({{"id", id_of<OrganisationId>()}, {"name?", text()}, {"kind?", text()}, {"country?", text()}});
  const auto counted = [](const char* key) { return list(object({{key, or_null(text())}, {"gets", number()}, {"goes_without", number()}})); };
  const auto reason = object({{"judge", text()}, {"outcome", text()}, {"cite", text()}, {"text", text()}});
  const auto objects = list(object({}));
  const auto role = object({{"role", of_enum<cvd::MitigationRole>()}, {"may_have", list(text())}, {"withheld", list(text())}, {"text", text()}, {"objects", objects}, {"closed_collections", list(text())},
                            {"recipients", list(object({{"organisation", organisation}, {"through", text()}, {"gets", flag()}, {"why_not?", text()}, {"because", list(reason)}}))},
                            {"unequal_access", object({{"by_role", counted("role")}, {"by_kind", counted("kind")}, {"by_country", counted("country")}, {"all_know_at?", instant()}, {"head_start_hours?", number()}})}});
  const auto batch = object({{"role", of_enum<cvd::MitigationRole>()}, {"at", instant()}, {"decision", id_of<DecisionId>()}, {"text", text()}, {"objects", objects}, {"despite?", text()},
                             {"receivers", list(object({{"organisation", organisation}, {"through", text()}, {"ruling", id_of<RulingId>()}, {"first_read?", instant()}}))},
                             {"left_out", list(object({{"organisation", organisation}, {"through", text()}, {"why", text()}}))}});
  return object({{"proposals", list(object({{"mitigation", id_of<cvd::MitigationId>()}, {"vulnerability", id_of<VulnerabilityId>()}, {"product", id_of<ProductId>()}, {"parts", list(object({{"part", of_enum<cvd::MitigationPart>()}, {"text", text()}}))},
                                            {"proposed_at", instant()}, {"stands", flag()}, {"roles", list(role)}, {"shared", list(batch)}, {"ended_at?", instant()}, {"ended_why?", text()}}))},
                 {"told", list(object({{"mitigation", id_of<cvd::MitigationId>()}, {"role", of_enum<cvd::MitigationRole>()}, {"vulnerability", id_of<VulnerabilityId>()}, {"text", text()}, {"classes", list(text())}, {"objects", objects}, {"at", instant()}}))},
                 {"notes", list(object({{"vulnerability", id_of<VulnerabilityId>()}, {"product", id_of<ProductId>()}, {"part", of_enum<cvd::MitigationPart>()}, {"text", text()}}))},
                 {"collections", object({{"deployer", list(text())}, {"defender", list(text())}})}});
}

json::object dry_run() {
  return object({{"release", id_of<ReleaseId>()}, {"instant", instant()}, {"at", instant()}, {"documents", list(object({{"hash", hash()}, {"kind?", text()}, {"name?", text()}, {"collection?", text()}, {"objects?", list(object({{"id", text()}, {"type", text()}, {"version", text()}}))}, {"ruling", ref("ruling")}}))}, {"not_ready", list(text())}, {"waived", flag()},
                 {"left_behind", list(text())}, {"quorums", list(text())}, {"unsupported", list(text())}, {"partial", list(text())}});
}

json::object preview() {
  return object({{"valid", flag()}, {"findings", list(object({{"severity", text_of_form("error|warning|information")}, {"rule", text()}, {"where", text()}, {"message", text()}}))},
                 {"documents", list(object({{"kind", text()}, {"name", text()}, {"body", object({})}}))}, {"losses", list(anything())},
                 {"signs", list(object({{"where", text()}, {"kind", text()}, {"proposes", text()}, {"line", number()}, {"offset", number()}, {"length", number()}, {"what", text()}}))}});
}

json::object contact_found() {
  const auto here = object({{"id", id_of<OrganisationId>()}, {"name", text()}, {"takes_reports", flag()}, {"contacts", list(answered<cvd::Contact>())}, {"report?", text()}, {"policy?", text()}, {"languages?", list(text())}});
  const auto file = object({{"source?", text()}, {"asked?", list(text())}, {"read_at", instant()}, {"tried?", list(object({{"address", text()}, {"why", text()}}))}, {"valid?", flag()}, {"signature?", text_of_form("not_verified|none")},
                            {"contacts?", list(text())}, {"languages?", list(text())}, {"policy?", list(text())}, {"encryption?", list(text())}, {"acknowledgments?", list(text())}, {"csaf?", list(text())},
                            {"expires?", instant()}, {"expired?", flag()}, {"findings?", list(answered<Finding>())}});
  return object({{"domain", text()}, {"found", text_of_form("here|security_txt|nothing")}, {"organisations?", list(here)}, {"security_txt?", file}});
}

// Of a denial that was said again within a tick: how often, and when last.
json::object recorded_ruling() { return object({{"disclosure", answered<gate::Disclosure>()}, {"ruling", ref("ruling")}, {"count?", number()}, {"last?", instant()}}); }

// What it changes; or, of one that doesn't fit the packs here, why and where.
json::object overlay() {
  return object({{"id", text()}, {"edition?", text()}, {"title?", text()}, {"source?", text()}, {"proposed?", text()}, {"says?", text()}, {"changes?", list(object({{"what", text()}, {"pack", text()}, {"name", text()}, {"detail", text()}}))},
                 {"refused?", text()}, {"where?", text()}});
}

json::object pack_head(bool whole) {
  if (!whole) return object({{"regime", text()}, {"title", text()}, {"jurisdiction", text()}, {"force", text()}, {"edition", text()}, {"rules", number()}, {"pack", text()}});
  return object({{"regime", text()}, {"title", text()}, {"jurisdiction", text()}, {"force", text()}, {"edition", text()}, {"rules", list(object({}))}, {"readings", list(object({}))}, {"pack", text()}});
}

// docs/formats/evidence-pack.md
json::object evidence_pack() {
  const auto act = object({{"at", instant()}, {"entry", id_of<EntryId>()}, {"event", object({})}, {"kind", text()}, {"stream", text()}, {"occurred", anything()}, {"organisation", anything()}, {"person", anything()}, {"reason", anything()}});
  return object({{"about", object({{"as_of", instant()}, {"case", id_of<CaseId>()}, {"id", anything()}, {"of", text_of_form("case|conduct|decision|ruling")}, {"upto?", id_of<EntryId>()}})},
                 {"acts", list(act)}, {"kind", text()}, {"knew", knowers()}, {"made", object({{"at", instant()}, {"engine", number()}, {"for", anything()}})}, {"proofs", list(anything())}, {"regimes", anything()}, {"rulings", list(recorded_ruling())},
                 {"sig", text()}, {"site", text()}, {"v", number()}, {"weighed?", list(object({{"disclosure", anything()}, {"recorded", flag()}, {"ruling", ref("ruling")}}))},
                 {"withheld", list(object({{"at", instant()}, {"entry", id_of<EntryId>()}, {"why", text()}}))}});
}

json::object asked_gate() {
  return object({{"recorded", flag()}, {"complete", flag()}, {"ruling", ref("ruling")}, {"as_of", instant()}, {"facts_missing", list(text())}, {"what_would_change", list(answered<gate::Change>())}, {"onward", list(reached())}});
}

json::object traced() {
  const auto who = object({{"id", text()}, {"name?", text()}});
  const auto fits = list(object({{"organisation", who}, {"matched", number()}, {"of", number()}, {"odds_by_chance", real()}, {"named", flag()}}));
  const auto match = object({{"case", id_of<CaseId>()}, {"object", text()}, {"compartment", text()}, {"version", number()}, {"since", instant()}, {"shared", real()}, {"same_bytes?", flag()},
                             {"marks", object({{"read", number()}, {"evened_out", number()}, {"fits", fits}})}, {"holders", list(object({{"organisation", who}, {"since", instant()}, {"how", text_of_form("author|read|copy")}}))}});
  return object({{"cases", number()}, {"seen", instant()}, {"by", text_of_form("marks|deliveries|nothing")}, {"narrowed_to", list(who)}, {"matches", list(match)}});
}

json::object lengths() { return object({{"count", number()}, {"median_seconds?", number()}, {"shortest_seconds?", number()}, {"longest_seconds?", number()}, {"tier?", number()}}); }
json::object measured_set() { return object({{"year?", number()}, {"closed?", flag()}}); }
json::object measures_of_case() {
  const auto spread = object({{"recipients", number()}, {"first?", instant()}, {"last?", instant()}, {"seconds?", number()}});
  const auto pair = object({{"vulnerability", id_of<VulnerabilityId>()}, {"product", id_of<ProductId>()}, {"name?", text()}, {"letters", text_of_form("[VFDPXA]*")}, {"history", list(object({{"letter", text_of_form("[VFDPXA]")}, {"at", instant()}}))},
                            {"desiderata", list(object({{"desideratum", text()}, {"fulfilment", of_enum<cvd::Fulfilment>()}}))}, {"zero_days", list(of_enum<cvd::ZeroDay>())}, {"tier?", number()}, {"to_fix_seconds?", number()}, {"to_deploy_seconds?", number()}});
  const auto embargo = object({{"began", instant()}, {"agreed_until", instant()}, {"last_agreed_until", instant()}, {"ended?", instant()}, {"fate", of_enum<cvd::EmbargoFate>()}, {"times_changed", number()}, {"agreed_seconds", number()}, {"kept_seconds?", number()}});
  return object({{"case", id_of<CaseId>()}, {"histories", number()}, {"desiderata", list(ref("desideratum"))}, {"pairs", list(pair)}, {"to_acknowledge_seconds?", number()}, {"to_validate_seconds?", number()}, {"embargo?", embargo},
                 {"access?", object({{"before_publication", spread}, {"at_release", spread}})}});
}
json::object measures() {
  const auto embargoes = object({{"count", number()}, {"kept", number()}, {"ended_early", number()}, {"by_fate", object({})}, {"times_changed", number()}, {"agreed", lengths()}, {"lasted", lengths()}});
  return object({{"set", measured_set()}, {"cases", number()}, {"histories", number()}, {"desiderata", list(ref("desideratum"))}, {"zero_days", object({})}, {"to_acknowledge", lengths()}, {"to_validate", lengths()}, {"to_fix", lengths()}, {"to_deploy", lengths()},
                 {"to_fix_by_tier", list(lengths())}, {"embargoes", embargoes}, {"unequal_access", lengths()}});
}
json::object measures_exported() {
  const auto rounded = object({{"count?", number()}, {"median_days?", number()}});
  return object({{"set", measured_set()}, {"cases", number()}, {"smallest_set", number()}, {"desiderata", list(ref("desideratum"))}, {"zero_days", object({})}, {"to_acknowledge", rounded}, {"to_validate", rounded}, {"to_fix", rounded}, {"to_deploy", rounded},
                 {"embargoes", object({{"count?", number()}, {"kept?", number()}, {"ended_early?", number()}})}});
}

json::object unread() {
  return object({{"count", number()}, {"threads", list(object({{"thread", id_of<ThreadId>()}, {"messages", number()}, {"first", id_of<MessageId>()}}))}, {"through?", id_of<EntryId>()}});
}

json::object found() {
  return object({{"items", list(object({{"case", id_of<CaseId>()}, {"kind", of_enum<service::FoundKind>()}, {"text", text()}, {"title?", text()}, {"id?", text()}, {"thread?", id_of<ThreadId>()}}))},
                 {"indexed", object({{"cases", number()}, {"of", number()}, {"complete", flag()}})}});
}

json::object proof() { return one_of({ref("receipt"), ref("acknowledgement")}); }
json::object mailbox() { return with(shape::report(), {{"files", list(ref("file"))}, {"owner", ref("organisation_card")}, {"leaks?", list(ref("leak"))}}); }
json::object openapi_itself() { return object({{"openapi", text()}, {"info", object({})}, {"security", list(object({}))}, {"paths", object({})}, {"components", object({})}}); }

json::object report_sent() { return with(shape::committed(), {{"id", id_of<ReportId>()}, {"code?", text_of_form("[0-9a-z]{4}(-[0-9a-z]{4}){4}")}, {"case?", id_of<CaseId>()}}); }
json::object certificate_registered() { return object({{"id", id_of<TokenId>()}, {"fingerprint", text()}, {"expires", instant()}, {"high_until?", instant()}, {"acknowledgement?", ref("acknowledgement")}}); }
json::object token_issued() { return object({{"id", id_of<TokenId>()}, {"token", text()}, {"expires", instant()}, {"high_until?", instant()}, {"acknowledgement?", ref("acknowledgement")}}); }
json::object recovery_codes() { return object({{"recovery_codes", list(text_of_form("[0-9a-z]{4}(-[0-9a-z]{4}){4}"))}, {"entry?", id_of<EntryId>()}, {"acknowledgement?", ref("acknowledgement")}}); }
json::object glass() { return object({{"id", id_of<TwoPersonRequestId>()}, {"expires?", instant()}, {"until?", instant()}, {"acknowledgement?", ref("acknowledgement")}}); }
json::object clock_set() { return object({{"now", instant()}}); }
json::object tick_closed() { return object({{"tick", number()}, {"entries", number()}}); }

}  // namespace answer

json::object page_size() { return {{"type", "integer"}, {"minimum", 1}, {"maximum", 200}, {"default", 50}}; }
json::object year_number() { return {{"type", "integer"}, {"minimum", 1970}, {"maximum", 9999}}; }
constexpr Parameter kPaging[] = {{"cursor", text, "From the page before: its \"next\". It lasts an hour."}, {"limit", page_size, "The most that a page holds"}};
constexpr Parameter kDuties[] = {{"of", [] { return text_of_form("own|all"); }, "Of your own organisation, or of all parties that you see; own is the default"}, {"state", text, "open, missed, waiting, not-triggered (by the debtor's own word alone); with commas between. None: all but not-triggered"},
                                 {"cursor", text, "From the page before: its \"next\". It lasts an hour."}, {"limit", page_size, "The most that a page holds"}};
constexpr Parameter kSet[] = {{"year", year_number, "Of opening, in UTC"}, {"closed", flag, "Whether your organisation has closed them"}};
constexpr Parameter kRules[] = {{"action", text, "Types of acts, with commas between; report and publish stand for several"}, {"trigger", text, "An event or fact, or how it begins"},
                                {"timing", text, "days, no-number, before-fix, window; with commas between"}, {"recipient", text, "kind, kind:PLACE, kind:PLACE@level, or :PLACE"}, {"precondition", text, "any, none, report, ask or wait"},
                                {"modality", text, "must, must-not, precondition, should, should-not, standard, may, definition, sanction"}, {"force", text, "law, draft, policy, advice"}, {"jurisdiction", text, "CN, EU, DE, US, \u2026"},
                                {"in_force", text, "Only what is in force on that day"}, {"mark", text, "How far verified"}, {"unverified", flag, "Only what rests on general knowledge"}, {"text", text, "Words in sentence, citation, notes or title"}};
constexpr Parameter kTwoRegimes[] = {{"a", text, "A pack's id"}, {"b", text, "Another one's"}};
constexpr Parameter kDepartures[] = {{"regime", text, "Packs, with commas between; else all laws and drafts"}, {"against", text, "Packs or rules that measure; else all that name a topic as their norm"}};
constexpr Parameter kOverlaps[] = {{"regime", text, "Packs, with commas between; of one alone its own rules; else all"}, {"act", text, "A type of act"}, {"how", text, "clash, order, twice or alike"}};
constexpr Parameter kBodies[] = {{"for", text, "A rule or a whole pack"}, {"topic", text, "A topic of the directory"}, {"kind", text, "A kind of recipient"}, {"place", text, "Where"}, {"level", text, "The lowest that will do"}};
constexpr Parameter kEvidence[] = {{"decision", id_of<DecisionId>, "About this decision"}, {"ruling", id_of<RulingId>, "About this ruling of the gate"}, {"conduct", id_of<OrganisationId>, "About what this organisation did"},
                                   {"as_of", instant, "As it was known then; else when it was decided, else now"}};
constexpr Parameter kAtPassed[] = {{"at", instant, "As of then; else as of now"}};
constexpr Parameter kScores[] = {{"at", instant, "As of then; else as of now"}, {"added_after", instant, "From the page before: its \"next\""}, {"limit", page_size, "The most that a page holds"}};
constexpr Parameter kAsOf[] = {{"as_of", instant, "As it was known then"}};
constexpr Parameter kRegimes[] = {{"as_of", instant, "As it was known then"}, {"plan", flag, "With the best dates and what depends on a reading: takes longer, and a turn (503 while others ask)"}};
constexpr Parameter kWords[] = {{"q", text, "Words, all of which stand in one text"}, {"limit", page_size, "The most that is answered"}};
constexpr Parameter kAt[] = {{"at", instant, "As the gate would judge then"}};
constexpr Parameter kFileName[] = {{"name", text, "The file's name"}, {"classes", text, "What it holds, as its author says: classes of content, with commas between"}};
constexpr Parameter kFileNameAndAudience[] = {{"name", text, "The file's name"}, {"audience", text, "Who will see it: shared, coordination, or org:<id>"}, {"classes", text, "What it holds, as its author says: classes of content, with commas between"}};

struct OfRead {
  decltype(Read::run) handler;
  Answer answer;
};
const OfRead kReads[] = {
    {openapi, {.schema = answer::openapi_itself}},
    {ledger_key, {.media = "text/plain"}},
    {checkpoint, {.media = "text/plain"}},
    {stream, {.media = "text/event-stream"}},
    {whoami, {.schema = answer::whoami}},
    {list_organisations, {.schema = [] { return answer::items(ref("organisation")); }}},
    {show_organisation, {.schema = [] { return ref("organisation"); }, .has_version = true}},
    {list_people, {.schema = [] { return answer::items(answered<service::PersonShown>()); }}},
    {show_factor, {.schema = [] { return answered<service::FactorShown>(); }}},
    {begin_factor.run, {.schema = [] { return answered<service::FactorBegun>(); }}},
    {list_glasses, {.schema = [] { return answer::items(answered<service::GlassShown>()); }}},
    {show_access_log, {.schema = [] { return object({{"items", list(answered<service::ReadHourShown>())}, {"alarms", list(answered<service::ReadingAlarmShown>())}}); }}},
    {show_score, {.schema = answer::score, .query = kAtPassed}},
    {list_scores, {.schema = answer::scores, .query = kScores}},
    {list_doubts, {.schema = [] { return answer::items(answered<service::DoubtShown>()); }}},
    {show_points, {.schema = [] { return answered<service::PointsShown>(); }}},
    {show_tables, {.schema = [] { return answered<service::TablesShown>(); }}},
    {list_tokens, {.schema = [] { return answer::items(answered<service::TokenShown>()); }}},
    {list_sessions, {.schema = [] { return answer::items(answered<service::SessionShown>()); }}},
    {show_mailbox, {.schema = answer::mailbox, .has_version = true}},
    {mailbox_receipt, {.schema = answer::proof}},
    {download_report_file, {.media = "application/octet-stream"}},
    {give_challenge, {.schema = [] { return object({{"challenge?", text()}, {"bits", number()}, {"lives?", number()}}); }}},
    {my_report, {.schema = [] { return object({{"id", id_of<ReportId>()}}); }}},
    {list_cases, {.schema = [] { return answer::page(ref("case_card")); }, .query = kPaging}},
    {show_case, {.schema = [] { return ref("case"); }, .has_version = true}},
    {show_timeline, {.schema = [] { return answer::items(ref("timeline_line")); }, .has_version = true}},
    {show_participants, {.schema = [] { return answer::items(ref("participant")); }, .has_version = true}},
    {show_embargo, {.schema = [] { return ref("embargo"); }, .has_version = true}},
    {show_threads, {.schema = [] { return answer::items(ref("thread")); }, .has_version = true}},
    {show_vulnerabilities, {.schema = [] { return answer::items(ref("vulnerability")); }, .has_version = true}},
    {show_products, {.schema = [] { return answer::items(ref("product")); }, .has_version = true}},
    {show_statuses, {.schema = [] { return answer::items(ref("status")); }, .has_version = true}},
    {show_threat_objects, {.schema = answer::threat_objects, .has_version = true}},
    {show_mitigations, {.schema = answer::mitigations}},
    {show_claims, {.schema = [] { return answer::items(ref("claim")); }, .has_version = true}},
    {show_decisions, {.schema = [] { return answer::items(ref("decision")); }, .has_version = true}},
    {show_advisories, {.schema = [] { return answer::items(ref("advisory_versions")); }, .has_version = true}},
    {show_releases, {.schema = [] { return answer::items(ref("release")); }, .has_version = true}},
    {show_reports, {.schema = [] { return answer::items(ref("report")); }, .has_version = true}},
    {show_files, {.schema = [] { return answer::items(ref("file")); }, .has_version = true}},
    {show_requests, {.schema = [] { return answer::items(ref("request")); }, .has_version = true}},
    {show_groups, {.schema = [] { return answer::items(ref("group")); }, .has_version = true}},
    {show_unread, {.schema = answer::unread}},
    {search, {.schema = answer::found, .query = kWords}},
    {show_targets, {.schema = answer::targets, .has_version = true}},
    {show_draft_hints, {.schema = answer::draft_hints, .has_version = true}},
    {show_steps, {.schema = [] { return answer::items(ref("step")); }, .has_version = true}},
    {download_file, {.media = "application/octet-stream"}},
    {show_knowers, {.schema = answer::knowers, .query = kAsOf}},
    {show_rulings, {.schema = [] { return answer::items(answer::recorded_ruling()); }}},
    {show_receipt, {.schema = answer::proof}},
    {show_fit, {.schema = answer::fit}},
    {show_leaks, {.schema = [] { return answer::items(ref("leak")); }, .has_version = true}},
    {export_case, {.media = "text/markdown"}},
    {list_regimes, {.schema = [] { return answer::items(answer::pack_head(false)); }}},
    {show_regime, {.schema = [] { return answer::pack_head(true); }}},
    {find_rules, {.schema = [] { return object({{"found", list(object({}))}}); }, .query = kRules}},
    {compare_regimes, {.schema = [] { return object({{"pairs", list(object({}))}, {"only_a", list(object({}))}, {"only_b", list(object({}))}}); }, .query = kTwoRegimes}},
    {find_overlaps, {.schema = [] { return answer::items(object({{"act", text()}, {"how", text()}, {"a", object({})}, {"b", object({})}})); }, .query = kOverlaps}},
    {list_overlays, {.schema = [] { return object({{"overlays", list(answer::overlay())}}); }}},
    {what_if.run, {.schema = [] { return object({{"title", text()}, {"changes", list(object({{"kind", text()}, {"of?", text()}, {"on?", text()}, {"before", or_null(text())}, {"then", or_null(text())}}))}, {"settled", list(text())}, {"amendments", list(answer::overlay())}}); }}},
    {what_it_costs.run, {.schema = [] { return object({{"action", text()}, {"with", object({})}, {"without", object({})}, {"delay_s", or_null(number())}, {"delay_as_planned_s", or_null(number())}, {"bans_alone?", flag()}}); }}},
    {whom_it_reaches.run, {.schema = [] { return object({{"open", or_null(text())}, {"reached", list(object({}))}, {"before_all_by_kind", object({})}, {"before_all_by_country", object({})}}); }}},
    {departures_in.run, {.schema = [] { return object({{"divergences", list(object({}))}, {"note", text()}}); }}},
    {comment_on.run, {.media = "text/markdown"}},
    {find_departures, {.schema = [] { return answer::items(object({})); }, .query = kDepartures}},
    {find_authorities, {.schema = [] { return object({{"edition", text()}, {"competent", list(object({}))}}); }, .query = kBodies}},
    {evaluate_given.run, {.schema = [] { return object({}); }}},
    {evaluate_page.run, {.media = "text/html"}},
    {evidence, {.schema = answer::evidence_pack, .query = kEvidence}},
    {show_incidents, {.schema = answer::incidents, .has_version = true}},
    {show_notices, {.schema = answer::notices}},
    {notice_text, {.media = "text/plain", .may_conflict = true}},
    {trace_leak.run, {.schema = answer::traced}},
    {look_up_values.run, {.schema = looked_up_answer}},
    {show_threat_object, {.schema = threat_object_answer, .query = threat_object_query()}},
    {list_recalls, {.schema = recalls_answer, .query = kPaging}},
    {show_object_deliveries, {.schema = deliveries_answer}},
    {list_widenings, {.schema = widenings_answer}},
    {list_clients, {.schema = clients_answer}},
    {list_pseudonyms, {.schema = pseudonyms_answer}},
    {list_reveals, {.schema = reveals_answer}},
    {list_threat_texts, {.schema = threat_texts_answer, .query = threat_texts_query()}},
    {show_threat_text, {.schema = threat_text_answer, .query = version_query()}},
    {threat_text_page, {.media = "text/html", .query = version_query()}},
    {threat_text_csv, {.media = "text/csv", .query = version_query(), .may_conflict = true}},
    {threat_text_stix, {.media = "application/stix+json;version=2.1", .query = version_query(), .may_conflict = true}},
    {ask_text_release, {.schema = release_asked_answer, .query = release_query()}},
    {show_behind_figure, {.schema = behind_answer, .query = behind_query(), .may_conflict = true}},
    {list_threat_groups, {.schema = threat_groups_answer}},
    {list_public_texts, {.schema = threat_texts_answer}},
    {list_peers, {.schema = [] { return answer::items(answered<service::PeerShown>()); }}},
    {show_peer, {.schema = [] { return answered<service::PeerShown>(); }}},
    {show_object_origins, {.schema = object_origins_answer}},
    {list_webhooks, {.schema = webhooks_answer}},
    {show_webhook, {.schema = webhook_answer}},
    {list_duties, {.schema = answer::duties, .query = kDuties}},
    {show_regimes, {.schema = answer::case_law, .query = kRegimes}},
    {print_regimes, {.media = "text/html", .query = kAsOf}},
    {show_duties, {.schema = answer::case_duties, .query = kAsOf}},
    {show_law_facts, {.schema = answer::law_facts, .query = kAsOf}},
    {show_scope, {.schema = answer::law_scope, .query = kAsOf}},
    {look_at_content.run, {.schema = [] { return answer::items(answered<gate::Sign>()); }}},
    {case_measures, {.schema = answer::measures_of_case}},
    {show_measures, {.schema = answer::measures, .query = kSet}},
    {export_measures, {.schema = answer::measures_exported, .query = kSet}},
    {export_measures_csv, {.media = "text/csv", .query = kSet}},
    {release_dry_run, {.schema = answer::dry_run, .query = kAt}},
    {preview_advisory.run, {.schema = answer::preview}},
    {ask_gate.run, {.schema = answer::asked_gate}},
    {list_publications, {.schema = [] { return answer::items(answer::publication()); }}},
};

// Those that answer otherwise than with the ids that were made.
struct OfCommand {
  decltype(Command::run) handler;
  Answer answer;
};
const OfCommand kCommands[] = {
    {submit_report.run, {.schema = answer::report_sent}},
    {issue_token.run, {.schema = answer::token_issued}},
    {register_certificate.run, {.schema = answer::certificate_registered}},
    {add_webhook.run, {.schema = webhook_made_answer}},
    {renew_webhook_secret.run, {.schema = webhook_secret_answer}},
    {set_factor.run, {.schema = answer::recovery_codes}},
    {renew_recovery_codes.run, {.schema = answer::recovery_codes}},
    {ask_to_break_glass.run, {.schema = answer::glass}},
    {confirm_glass.run, {.schema = answer::glass}},
    {set_demo_clock.run, {.schema = answer::clock_set}},
    {demo_tick.run, {.schema = answer::tick_closed}},
    {add_file, {.schema = [] { return ref("committed"); }, .query = kFileNameAndAudience}},
    {add_report_file, {.schema = [] { return ref("committed"); }, .query = kFileName}},
};

}  // namespace

const Answer* answer_of(const Read& read) {
  const auto found = std::find_if(std::begin(kReads), std::end(kReads), [&](const OfRead& one) { return one.handler == read.run; });
  return found == std::end(kReads) ? nullptr : &found->answer;
}

Answer answer_of(const Command& command) {
  const auto found = std::find_if(std::begin(kCommands), std::end(kCommands), [&](const OfCommand& one) { return one.handler == command.run; });
  return found == std::end(kCommands) ? Answer{.schema = [] { return ref("committed"); }} : found->answer;
}

Answer answer_of(const Later& later) {
  if (later.start == share_early.start) return {.schema = shared_early_answer};
  return later.start == find_contact.start ? Answer{.schema = answer::contact_found} : Answer{};
}

std::span<const Shape> shapes() { return kShapes; }

}  // namespace sluice::web::api
