// Leaks: claims, the drill that follows, and what a leaked piece tells; and the case as a document, whose copies differ by reader.
#include "service/copies.h"
#include "service/knowers.h"
#include "web/api/case_json.h"
#include "web/api/files.h"
#include "web/api/handlers.h"
#include "web/body.h"

namespace sluice::web::api {

namespace {

struct TracePiece { std::optional<std::string> piece; std::optional<Hash> hash; std::optional<Instant> seen; };
BOOST_DESCRIBE_STRUCT(TracePiece, (), (piece, hash, seen))
struct ClaimOfReport { std::string what, where_seen, evidence; std::optional<Instant> occurred; };
BOOST_DESCRIBE_STRUCT(ClaimOfReport, (), (what, where_seen, evidence, occurred))

constexpr std::size_t kMostPiece = 256 << 10;

}  // namespace

Result<Response> show_leaks(App& app, const Request& request) {
  TRY(const auto id, path_id<Case>(request, "case"));
  TRY(auto seen, app.services.store.as(request.viewer).case_view(id));
  TRY(const auto names, Names::load(app));
  const Shown shown{seen.view, request.viewer, names};
  auto items = leaks_json(shown);
  std::vector<CaseId> shows;
  if (access::authorize(request.viewer, access::Action::HandleLeak, seen.view.standing).allowed)
    for (std::size_t i = 0; i < items.size(); ++i) {
      // Who could have had it when it was met outside, and which version of what.
      TRY(auto known, service::knowers(app.services, request.viewer, id, seen.view.fold.leaks[i].occurred));
      items[i].as_object()["could_have_had_it"] = std::move(known.answer["knowers"]);
      seen.deliveries = std::move(known.deliveries);
      shows = std::move(known.merged);
      items[i].as_object()["follows"] = leak_follows_json(shown, seen.view.fold.leaks[i]);
    }
  Response response = ok(json::object{{"items", std::move(items)}}, seen.view.etag);
  deliver(response, request, seen);
  response.shows = std::move(shows);
  return response;
}

Result<Response> export_case(App& app, const Request& request) {
  TRY(const auto id, path_id<Case>(request, "case"));
  TRY(auto seen, app.services.store.as(request.viewer).case_view(id));
  if (!seen.view.standing.may_read_content && !seen.view.standing.is_owner) return fail(ErrorKind::Forbidden, "Your organisation must be a confirmed participant that agreed to the terms in force.");
  TRY(auto made, service::export_case(app.services, request.viewer, seen));
  Response out;
  out.headers = {{"Content-Type", "text/markdown; charset=utf-8"}, {"Content-Disposition", "attachment; filename=\"case.md\""}, {"Content-Security-Policy", "sandbox; default-src 'none'"}, {"Cache-Control", "no-store"}, {"Sluice-Copy", "differs-by-recipient"}};
  out.body = std::move(made.markdown);
  out.deliveries = std::move(made.deliveries);
  out.reader = seen.reader;
  if (request.viewer.organisation) out.reader_name = request.viewer.organisation->text();
  return out;
}

namespace takes {
Result<Response> trace_leak(App& app, const Request& request, TracePiece wanted) {
  TRY(const auto id, path_id<Case>(request, "case"));
  if (wanted.piece && wanted.piece->size() > kMostPiece) return fail(ErrorKind::Invalid, "A piece has 256 KiB at most.", "/piece");
  TRY(auto out, service::trace(app.services, request.viewer, {id, std::move(wanted.piece).value_or(std::string()), wanted.hash, wanted.seen}));
  auto response = ok(out);
  response.headers.emplace_back("Cache-Control", "no-store");
  return response;
}

Result<service::Work> claim_leak_of_report(App& app, const Request& request, ClaimOfReport claim) {
  TRY(const auto id, path_id<Report>(request, "report"));
  TRY(const auto seen, app.services.store.as(request.viewer).mailbox(id));
  return service::case_command(app.services, request.asker(), seen.view.fold.id, cvd::ClaimLeak{std::move(claim.what), std::move(claim.where_seen), std::move(claim.evidence), claim.occurred});
}
}  // namespace takes

constinit const Read trace_leak = taking<takes::trace_leak>();
constinit const Command claim_leak_of_report = taking<takes::claim_leak_of_report>();

}  // namespace sluice::web::api
