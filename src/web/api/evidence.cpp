// Evidence packs: made here, checked offline (`sluice evidence verify`).
#include "service/evidence.h"

#include "web/api/files.h"
#include "web/api/handlers.h"

namespace sluice::web::api {

namespace {

template <class Id>
Result<std::optional<Id>> asked_id(const Request& request, std::string_view name) {
  const auto text = request.http.query_value(name);
  if (!text || text->empty()) return std::optional<Id>{};
  const auto id = Id::parse(*text);
  if (!id) return fail(ErrorKind::Invalid, "This is no such id.", std::string(name));
  return std::optional<Id>(*id);
}

Result<Response> made(App& app, const Request& request, CaseId id, const service::EvidenceAsked& asked) {
  Response out;
  TRY(auto pack, service::evidence_pack(app.services, request.viewer, id, asked));
  out.body = std::move(pack.file);
  out.headers = {{"Content-Type", "application/json"}, {"Content-Disposition", "attachment; filename=\"evidence.json\""}, {"Cache-Control", "no-store"}};
  deliver(out, app, request, std::move(pack.deliveries));  // a pack opens content (ACC-13)
  out.shows = std::move(pack.merged);
  return out;
}

}  // namespace

Result<Response> evidence(App& app, const Request& request) {
  TRY(const auto id, path_id<Case>(request, "case"));
  // The case before what is asked of it (EXI-2).
  TRY(const auto seen, app.services.store.as(request.viewer).case_view(id));
  service::EvidenceAsked asked;
  TRY(asked.decision, asked_id<DecisionId>(request, "decision"));
  TRY(asked.ruling, asked_id<RulingId>(request, "ruling"));
  TRY(asked.conduct, asked_id<OrganisationId>(request, "conduct"));
  if (const auto text = request.http.query_value("as_of"); text && !text->empty()) {
    const auto instant = parse_instant(*text);
    if (!instant) return fail(ErrorKind::Invalid, instant.error().message, "as_of");
    asked.as_of = *instant;
  }
  return made(app, request, id, asked);
}

Result<Response> evidence_of_decision(App& app, const Request& request) {
  TRY(const auto id, path_id<Case>(request, "case"));
  TRY(const auto seen, app.services.store.as(request.viewer).case_view(id));
  TRY(const auto decision, path_id<DecisionKind>(request, "decision"));
  return made(app, request, id, {.decision = decision, .ruling = {}, .conduct = {}, .as_of = {}});
}

}  // namespace sluice::web::api
