// Reports through the API: sent by anyone or by an account, followed with the report code or the account.
#include "cvd/happened.h"
#include "service/ticker.h"
#include "web/api/case_json.h"
#include "web/api/files.h"
#include "web/api/handlers.h"
#include "web/body.h"

namespace sluice::web::api {

namespace {

constexpr std::string_view kYesOrNo[] = {"contacted_vendor", "public", "exploited", "may_share_identity"};

// What submit_report reads: the receiver, the content, and true and false for yes and no.
json::object report_schema() {
  auto out = schema::with(schema_of<cvd::ReportContent>(), {{"to?", schema::id_of<OrganisationId>()}, {"classes?", schema::list(schema::text())}});
  for (const auto key : kYesOrNo) {
    auto& answer = out["properties"].as_object()[key];
    answer = schema::one_of({answer.as_object(), schema::flag()});
  }
  return out;
}

struct MailboxText { std::string text; std::optional<std::vector<std::string>> classes; };
BOOST_DESCRIBE_STRUCT(MailboxText, (), (text, classes))

struct PassOn { OrganisationId to; cvd::RouteReason reason = cvd::RouteReason::ReporterAsked; std::string why; std::optional<Instant> respond_by; };
BOOST_DESCRIBE_STRUCT(PassOn, (), (to, reason, why, respond_by))

struct Credit { bool wanted = true; std::optional<std::string> name; };
BOOST_DESCRIBE_STRUCT(Credit, (), (wanted, name))
struct ReportClaim { cvd::Letter fact = cvd::Letter::P; std::string evidence; std::optional<Instant> occurred; };
BOOST_DESCRIBE_STRUCT(ReportClaim, (), (fact, evidence, occurred))

}  // namespace

namespace takes {
Result<service::Work> submit_report(App& app, const Request& request) {
  if (!request.body.is_object()) return fail(ErrorKind::Invalid, "Send a JSON object.", "");
  auto body = request.body.get_object();
  service::SubmitReport report;
  if (const auto* to = body.if_contains("to")) {
    if (auto read = read_json(*to, report.to, "/to"); !read) return std::unexpected(read.error());
    body.erase("to");
  }
  if (const auto* classes = body.if_contains("classes")) {
    if (auto read = read_json(*classes, report.classes, "/classes"); !read) return std::unexpected(read.error());
    body.erase("classes");
  }
  // Scripts say true and false where people say yes, no and don't know.
  for (const auto key : kYesOrNo)
    if (auto* value = body.if_contains(key); value != nullptr && value->is_bool()) *value = value->get_bool() ? "yes" : "no";
  TRY(report.content, from_json<cvd::ReportContent>(body));
  TRY(cvd::check(report.content));
  auto asker = request.asker();
  if (const auto claimed = request.http.header("sluice-occurred"); !claimed.empty()) {
    TRY(asker.occurred, parse_instant(claimed));
    if (*asker.occurred > app.services.clock.now()) return fail(ErrorKind::Invalid, "It can't have happened after now.", "Sluice-Occurred");
    TRY(cvd::is_meant(*asker.occurred, "Sluice-Occurred"));
  }
  return service::submit_report(app.services, std::move(asker), std::move(report));
}

Result<service::Work> post_to_mailbox(App& app, const Request& request, MailboxText message) {
  TRY(const auto id, path_id<Report>(request, "report"));
  TRY(const auto seen, app.services.store.as(request.viewer).mailbox(id));
  return service::case_command(app.services, request.asker(), seen.view.fold.id, cvd::PostToMailbox{id, std::move(message.text), std::move(message.classes)});
}

Result<service::Work> route_report(App& app, const Request& request, PassOn wanted) {
  TRY(const auto id, path_id<Report>(request, "report"));
  TRY(const auto seen, app.services.store.as(request.viewer).mailbox(id));
  // Whoever coordinates brings an organisation into the case by it, which takes what an invitation takes (AUT-6); a reporter asks for its own report.
  const auto& standing = seen.view.standing;
  if (standing.is_owner || standing.is_admitted_coordinator)
    TRY(access::admit(request.viewer, access::Caller::Participant, access::Scope::Members, access::StepUp::Needed, app.services.clock.now()));
  return service::case_command(app.services, request.asker(), seen.view.fold.id, cvd::RouteReport{id, wanted.to, wanted.reason, std::move(wanted.why), wanted.respond_by});
}

Result<service::Work> state_credit(App& app, const Request& request, Credit credit) {
  TRY(const auto id, path_id<Report>(request, "report"));
  TRY(const auto seen, app.services.store.as(request.viewer).mailbox(id));
  return service::case_command(app.services, request.asker(), seen.view.fold.id, cvd::StateCredit{id, credit.wanted, std::move(credit.name)});
}

// What the case was opened for: a reporter reads no vulnerability of it.
Result<service::Work> claim_of_report(App& app, const Request& request, ReportClaim claim) {
  TRY(const auto id, path_id<Report>(request, "report"));
  TRY(const auto seen, app.services.store.as(request.viewer).mailbox(id));
  const auto& standing = seen.view.standing;
  if (std::find(standing.own_reports.begin(), standing.own_reports.end(), id) == standing.own_reports.end()) return fail(ErrorKind::Forbidden, "Its reporter claims here. Claim in the case, for a vulnerability of it.");
  return service::case_command(app.services, request.asker(), seen.view.fold.id, cvd::ClaimFact{std::nullopt, claim.fact, std::move(claim.evidence), claim.occurred});
}
}  // namespace takes

constinit const Command submit_report{takes::submit_report, report_schema};
constinit const Command post_to_mailbox = taking<takes::post_to_mailbox>();
constinit const Command route_report = taking<takes::route_report>();
constinit const Command state_credit = taking<takes::state_credit>();
constinit const Command claim_of_report = taking<takes::claim_of_report>();

Result<Response> show_mailbox(App& app, const Request& request) {
  TRY(const auto id, path_id<Report>(request, "report"));
  TRY(auto seen, app.services.store.as(request.viewer).mailbox(id));
  const auto* report = seen.view.fold.report(id);
  if (report == nullptr) return fail(ErrorKind::NotFound, "There is no such report.");
  TRY(const auto names, Names::load(app));
  auto shown = report_json(seen.view.fold, names, *report);
  shown["owner"] = names.card(seen.view.fold.owner.is_nil() ? report->to : seen.view.fold.owner);
  shown["files"] = files_of(seen.view.fold, access::Compartment::of(id));
  if (!seen.view.fold.leaks.empty()) shown["leaks"] = leaks_json({seen.view, request.viewer, names});
  auto response = ok(shown, seen.view.etag);
  response.deliveries = std::move(seen.deliveries);
  response.reader = seen.reader;
  response.reader_name = request.viewer.organisation ? request.viewer.organisation->text() : id.text();
  return response;
}

Result<service::Work> add_report_file(App& app, const Request& request) {
  TRY(const auto id, path_id<Report>(request, "report"));
  TRY(const auto seen, app.services.store.as(request.viewer).mailbox(id));
  return upload(app, request, seen.view.fold.id, access::Compartment::of(id));
}

Result<Response> download_report_file(App& app, const Request& request) {
  TRY(const auto id, path_id<Report>(request, "report"));
  TRY(auto seen, app.services.store.as(request.viewer).mailbox(id));
  return download(app, request, std::move(seen), request.viewer.organisation ? request.viewer.organisation->text() : id.text());
}

Result<Response> give_challenge(App& app, const Request&) {
  if (!app.services.settings.intake_limits) return ok(json::object{{"bits", 0}});
  const auto given = app.doors.proofs.give();
  auto out = ok(json::object{{"challenge", given.text}, {"bits", given.bits}, {"lives", given.lives.count()}});
  out.headers.emplace_back("Cache-Control", "no-store");
  return out;
}

Result<Response> my_report(App&, const Request& request) {
  if (!request.viewer.report) return fail(ErrorKind::NotFound, "There is no such report.");
  return ok(json::object{{"id", request.viewer.report->text()}});
}

Result<Response> mailbox_receipt(App& app, const Request& request) {
  TRY(const auto id, path_id<Report>(request, "report"));
  TRY(const auto seen, app.services.store.as(request.viewer).mailbox(id));
  TRY(auto db, app.services.store.lease());
  TRY(const auto entries, app.services.store.streams().read(*db, seen.view.fold.id, access::Compartment::of(id)));
  if (entries->empty()) return fail(ErrorKind::NotFound, "There is no such report.");
  const auto first = entries->front();
  TRY(const auto entry, app.services.store.as(request.viewer).entry(seen.view.fold.id, first->context.entry));
  Response out;
  out.headers = {{"Content-Type", "application/json"}, {"Content-Disposition", "attachment; filename=\"receipt.json\""}};
  TRY(out.body, service::proof_of(app.services, entry));
  return out;
}

}  // namespace sluice::web::api
