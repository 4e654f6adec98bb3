// Commands on a case: the body is the command (cvd/commands.h), ids that stand in the path come from there.
#include "cvd/happened.h"
#include "web/api/files.h"
#include "web/api/handlers.h"
#include "web/body.h"

namespace sluice::web::api {

namespace {

struct Field {
  char name[20];
  constexpr Field(const char* text) : name{} {
    for (int i = 0; text[i] != 0; ++i) name[i] = text[i];
  }
};

// What the path says already isn't in the body.
template <class C, Field... fields>
json::object schema_on_case() {
  auto out = schema_of<C>();
  (out["properties"].as_object().erase(fields.name), ...);
  json::array required;
  if (const auto* all = out.if_contains("required"))
    for (const auto& name : all->as_array())
      if (((name.as_string() != fields.name) && ...)) required.push_back(name);
  out.erase("required");
  if (!required.empty()) out["required"] = std::move(required);
  return out;
}

// Of the path into the command; a body that names them too is refused (ACC-6).
template <class C, Field... fields>
Result<service::Work> on_case(App& app, const Request& request) {
  TRY(const auto id, path_id<Case>(request, "case"));
  if (!request.body.is_object()) return fail(ErrorKind::Invalid, "Send a JSON object.", "");
  auto body = request.body.get_object();
  Result<void> fits;
  [[maybe_unused]] const auto take = [&](std::string_view name) {
    if (body.contains(name)) fits = fail(ErrorKind::Invalid, "This stands in the path already.", "/" + std::string(name));
    const auto& text = request.path.find(name)->second;
    if (name == "version") {
      int number = 0;
      for (const char c : text) number = c >= '0' && c <= '9' && number < 100'000'000 ? number * 10 + (c - '0') : -1;
      if (number < 1) fits = fail(ErrorKind::NotFound, "There is no such version.");
      body[name] = number;
    } else {
      body[name] = text;
    }
  };
  (take(fields.name), ...);
  TRY(std::move(fits));
  auto command = from_json<C>(body);
  if (!command) {
    // An ill-formed id in the path is one that doesn't exist.
    for (const auto& name : {fields.name..., ""})
      if (*name != 0 && command.error().where == "/" + std::string(name)) return fail(ErrorKind::NotFound, "There is no such thing here, or you have no access to it.");
    return std::unexpected(std::move(command).error());
  }
  auto asker = request.asker();
  if (const auto claimed = request.http.header("sluice-occurred"); !claimed.empty()) {
    TRY(asker.occurred, parse_instant(claimed));
    if (*asker.occurred > app.services.clock.now()) return fail(ErrorKind::Invalid, "It can't have happened after now.", "Sluice-Occurred");
    TRY(cvd::is_meant(*asker.occurred, "Sluice-Occurred"));
  }
  return service::case_command(app.services, std::move(asker), id, *std::move(command));
}

}  // namespace

namespace {
// `through`: the newest entry that was seen; none: all there is now.
struct ReadUpTo { std::optional<EntryId> through; };
BOOST_DESCRIBE_STRUCT(ReadUpTo, (), (through))
}  // namespace

Response command_done(App&, const Request&, const service::Committed& committed) { return accepted(committed); }
Response thing_made(App&, const Request&, const service::Committed& committed) { return created(committed); }

namespace takes {
Result<service::Work> open_case(App& app, const Request& request, service::OpenCase command) { return service::open_case(app.services, request.asker(), std::move(command)); }

// API-3: the version that was seen is asked for in the transaction that changes it, so that of two who saw the same version one comes first. The answer has the new one.
service::Work if_unchanged(const Request& request, CaseId id, service::Work work) {
  return [viewer = request.viewer, id, wanted = std::string(request.http.header("if-match")), work = std::move(work)](service::Unit& unit) mutable -> Result<service::Committed> {
    const auto sight = unit.store().as(viewer);
    TRY(const auto etag, sight.case_etag(unit.writing().tx(), id));
    if (wanted != "\"" + etag + "\"") return fail(ErrorKind::Stale, "The case has changed since you read it. Read it again.");
    TRY(auto committed, work(unit));
    TRY(committed.etag, sight.case_etag(unit.writing().tx(), id));
    return committed;
  };
}

Result<service::Work> describe_case(App& app, const Request& request) {
  TRY(const auto id, path_id<Case>(request, "case"));
  TRY(const auto seen, app.services.store.as(request.viewer).case_view(id));
  TRY(access::require(request.viewer, access::Action::DescribeCase, seen.view.standing));
  if (request.http.header("if-match").empty()) return fail(ErrorKind::PreconditionRequired, "Send If-Match with the ETag of the case you saw.");
  TRY(auto work, on_case<cvd::DescribeCase>(app, request));
  return if_unchanged(request, id, std::move(work));
}

// Of a person's own mark: asked of the case as the viewer may know it, then moved by the Writer.
Result<service::Work> mark_read(App& app, const Request& request, ReadUpTo upto) {
  TRY(const auto id, path_id<Case>(request, "case"));
  TRY(auto positions, app.services.store.as(request.viewer).positions(id, upto.through));
  return service::mark_read(app.services, {request.viewer.person.value(), id, std::move(positions)});
}

// The document is an advisory; the command leaves that to the service.
json::object draft_advisory() { return schema::with(schema_on_case<cvd::DraftAdvisory>(), {{"document", schema::ref("advisory")}}); }
}  // namespace takes

constinit const Command open_case = taking<takes::open_case>();
constinit const Command mark_read = taking<takes::mark_read>();
constinit const Command describe_case{takes::describe_case, schema_on_case<cvd::DescribeCase>};
constinit const Command draft_advisory{on_case<cvd::DraftAdvisory>, takes::draft_advisory};

#define SLUICE_ON_CASE(handler, ...) constinit const Command handler{on_case<__VA_ARGS__>, schema_on_case<__VA_ARGS__>};

SLUICE_ON_CASE(step_report, cvd::StepReport)
SLUICE_ON_CASE(suggest_participant, cvd::SuggestParticipant)
SLUICE_ON_CASE(invite_participant, cvd::InviteParticipant)
SLUICE_ON_CASE(confirm_participant, cvd::ConfirmParticipant, "organisation")
SLUICE_ON_CASE(suspend_participant, cvd::SuspendParticipant, "organisation")
SLUICE_ON_CASE(restore_participant, cvd::RestoreParticipant, "organisation")
SLUICE_ON_CASE(remove_participant, cvd::RemoveParticipant, "organisation")
SLUICE_ON_CASE(answer_invitation, cvd::AnswerInvitation)
SLUICE_ON_CASE(leave_case, cvd::LeaveCase)
SLUICE_ON_CASE(offer_ownership, cvd::OfferOwnership)
SLUICE_ON_CASE(take_ownership, cvd::TakeOwnership)
SLUICE_ON_CASE(propose_terms, cvd::ProposeTerms)
SLUICE_ON_CASE(answer_terms, cvd::AnswerTerms, "version")
SLUICE_ON_CASE(settle_terms, cvd::SettleTerms, "version")
SLUICE_ON_CASE(refuse_terms, cvd::RefuseTerms, "version")
SLUICE_ON_CASE(settle_by_answers, cvd::SettleTerms)
SLUICE_ON_CASE(choose_settlement, cvd::ChooseSettlement)
SLUICE_ON_CASE(ask_consent, cvd::AskConsent, "version")
SLUICE_ON_CASE(plan_invitation, cvd::PlanInvitation)
SLUICE_ON_CASE(drop_invitation_plan, cvd::DropInvitationPlan, "organisation")
SLUICE_ON_CASE(set_roles, cvd::SetRoles, "organisation")
SLUICE_ON_CASE(split_case, cvd::SplitCase)
SLUICE_ON_CASE(merge_cases, cvd::MergeCases)
SLUICE_ON_CASE(end_embargo, cvd::EndEmbargo)
SLUICE_ON_CASE(open_thread, cvd::OpenThread)
SLUICE_ON_CASE(post_message, cvd::PostMessage, "thread")
SLUICE_ON_CASE(add_vulnerability, cvd::AddVulnerability)
SLUICE_ON_CASE(describe_vulnerability, cvd::DescribeVulnerability, "vulnerability")
SLUICE_ON_CASE(set_identifier, cvd::SetIdentifier, "vulnerability")
SLUICE_ON_CASE(assess_severity, cvd::AssessSeverity, "vulnerability")
SLUICE_ON_CASE(add_product, cvd::AddProduct)
SLUICE_ON_CASE(ask_status, cvd::AskStatus)
SLUICE_ON_CASE(set_status, cvd::SetStatus)
SLUICE_ON_CASE(step_remedy, cvd::StepRemedy)
SLUICE_ON_CASE(reopen_remedy, cvd::ReopenRemedy)
SLUICE_ON_CASE(claim_fact, cvd::ClaimFact)
SLUICE_ON_CASE(adopt_fact, cvd::AdoptFact, "claim")
SLUICE_ON_CASE(refuse_fact, cvd::RefuseFact, "claim")
SLUICE_ON_CASE(draft_statement, cvd::DraftStatement)
SLUICE_ON_CASE(approve_statement, cvd::ApproveStatement)
SLUICE_ON_CASE(record_decision, cvd::RecordDecision)
SLUICE_ON_CASE(approve_advisory, cvd::ApproveAdvisory, "advisory", "version")
SLUICE_ON_CASE(plan_release, cvd::PlanRelease)
SLUICE_ON_CASE(waive_readiness, cvd::WaiveReadiness, "release")
SLUICE_ON_CASE(hold_release, cvd::HoldRelease, "release")
SLUICE_ON_CASE(record_contact_attempt, cvd::RecordContactAttempt)
SLUICE_ON_CASE(confirm_request, cvd::ConfirmRequest, "request")
SLUICE_ON_CASE(refuse_request, cvd::RefuseRequest, "request")
SLUICE_ON_CASE(withdraw_request, cvd::WithdrawRequest, "request")
SLUICE_ON_CASE(erase_compartment, cvd::EraseCompartment)
SLUICE_ON_CASE(claim_leak, cvd::ClaimLeak)
SLUICE_ON_CASE(note_leak, cvd::NoteLeak, "leak")
SLUICE_ON_CASE(close_leak, cvd::CloseLeak, "leak")
SLUICE_ON_CASE(record_incident, cvd::RecordIncident)
SLUICE_ON_CASE(move_incident, cvd::MoveIncident)
SLUICE_ON_CASE(state_incident, cvd::StateIncident)
SLUICE_ON_CASE(draft_notice, cvd::DraftNotice)
SLUICE_ON_CASE(drop_notice, cvd::DropNotice, "notice")
SLUICE_ON_CASE(clear_notice, cvd::ClearNotice, "notice")
SLUICE_ON_CASE(file_notice, cvd::FileNotice, "notice")
SLUICE_ON_CASE(add_notice_receipt, cvd::AddNoticeReceipt, "notice")
SLUICE_ON_CASE(draft_area_report, cvd::DraftAreaReport)
SLUICE_ON_CASE(publish_area_report, cvd::PublishAreaReport, "area")
SLUICE_ON_CASE(prepare_threat_objects, cvd::PrepareThreatObjects)
SLUICE_ON_CASE(drop_threat_object, cvd::DropThreatObject, "object")
SLUICE_ON_CASE(choose_release_collections, cvd::ChooseReleaseCollections)
SLUICE_ON_CASE(note_mitigation, cvd::NoteMitigation)
SLUICE_ON_CASE(choose_mitigation_collections, cvd::ChooseMitigationCollections)
SLUICE_ON_CASE(share_mitigation, cvd::ShareMitigation, "mitigation")
SLUICE_ON_CASE(decline_mitigation, cvd::DeclineMitigation, "mitigation")
SLUICE_ON_CASE(form_group, cvd::FormGroup)
SLUICE_ON_CASE(change_group, cvd::ChangeGroup, "group")
SLUICE_ON_CASE(invite_many, cvd::InviteMany)
SLUICE_ON_CASE(amend_message, cvd::AmendMessage, "thread", "message")
SLUICE_ON_CASE(retract_message, cvd::RetractMessage, "thread", "message")
SLUICE_ON_CASE(set_tracking_id, cvd::SetTrackingId)
SLUICE_ON_CASE(agree_target, cvd::AgreeTarget)
SLUICE_ON_CASE(move_target, cvd::MoveTarget, "target")
SLUICE_ON_CASE(drop_target, cvd::DropTarget, "target")
SLUICE_ON_CASE(escalate, cvd::Escalate)
SLUICE_ON_CASE(proceed_without, cvd::ProceedWithout)
SLUICE_ON_CASE(link_duplicate, cvd::LinkDuplicate)
SLUICE_ON_CASE(wait_for_remedy, cvd::WaitForRemedy)
SLUICE_ON_CASE(end_wait, cvd::EndWait)
SLUICE_ON_CASE(block_remedy, cvd::BlockRemedy)
SLUICE_ON_CASE(unblock_remedy, cvd::UnblockRemedy)
SLUICE_ON_CASE(assess_remedy, cvd::AssessRemedy)
SLUICE_ON_CASE(agree_readiness, cvd::AgreeReadiness)
SLUICE_ON_CASE(state_support, cvd::StateSupport, "product")
SLUICE_ON_CASE(release_early, cvd::ReleaseEarly, "release")
SLUICE_ON_CASE(confirm_scope, cvd::ConfirmScope)
SLUICE_ON_CASE(correct_fact, cvd::CorrectFact)
SLUICE_ON_CASE(end_correction, cvd::EndCorrection)
SLUICE_ON_CASE(place_product, cvd::PlaceProduct, "product")
SLUICE_ON_CASE(class_content, cvd::ClassContent)

Result<service::Work> add_file(App& app, const Request& request) {
  TRY(const auto id, path_id<Case>(request, "case"));
  const auto audience = request.http.query_value("audience");
  const auto compartment = audience ? access::Compartment::parse(*audience) : std::nullopt;
  if (!compartment) return fail(ErrorKind::Invalid, "Say who will see it as ?audience=shared, coordination, or org:<id>.", "audience");
  return upload(app, request, id, *compartment);
}

}  // namespace sluice::web::api
