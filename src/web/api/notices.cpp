// Incidents' records, notices and texts on an area, as the viewer may know them; and the text of a notice that the gate let go. Their commands: case_commands.cpp.
#include "service/notices.h"

#include "web/api/files.h"
#include "web/api/handlers.h"

namespace sluice::web::api {

namespace {

template <class Show>
Result<Response> seen_and_shown(App& app, const Request& request, Show&& show) {
  TRY(const auto id, path_id<Case>(request, "case"));
  TRY(auto seen, app.services.store.as(request.viewer).case_view(id));
  TRY(auto body, show(seen.view));
  Response response = ok(std::move(body), seen.view.etag);
  deliver(response, request, seen);
  return response;
}

}  // namespace

Result<Response> show_incidents(App& app, const Request& request) {
  return seen_and_shown(app, request, [&](const cvd::CaseView& view) { return service::incidents_json(app.services, request.viewer, view); });
}

// Without an ETag: states of duties move with the clock as well as with the case.
Result<Response> show_notices(App& app, const Request& request) {
  TRY(auto response, seen_and_shown(app, request, [&](const cvd::CaseView& view) { return service::notices_json(app.services, request.viewer, view, app.services.clock.now()); }));
  response.etag.clear();
  return response;
}

Result<Response> notice_text(App& app, const Request& request) {
  TRY(const auto id, path_id<Case>(request, "case"));
  TRY(auto seen, app.services.store.as(request.viewer).case_view(id));
  TRY(access::require(request.viewer, access::Action::FileNotice, seen.view.standing));
  TRY(const auto notice, path_id<cvd::NoticeKind>(request, "notice"));
  TRY(auto text, service::notice_text(request.viewer, seen.view, notice));
  Response out;
  out.headers = {{"Content-Type", "text/plain; charset=utf-8"}, {"Content-Disposition", "attachment; filename=\"" + text.name + "\""}, {"Content-Security-Policy", "sandbox; default-src 'none'"}, {"Cache-Control", "no-store"}};
  out.body = std::move(text.text);
  deliver(out, request, seen);
  return out;
}

}  // namespace sluice::web::api
