// Mitigations before a case is public: what is proposed for each role, and what one was told.
#include "service/mitigation.h"

#include "web/api/files.h"
#include "web/api/handlers.h"
#include "web/body.h"

namespace sluice::web::api {

Result<Response> show_mitigations(App& app, const Request& request) {
  TRY(const auto id, path_id<Case>(request, "case"));
  TRY(auto seen, app.services.store.as(request.viewer).case_view(id));
  TRY(auto shown, service::mitigations_of(app.services, request.viewer, seen));
  Response response = ok(std::move(shown));       // no ETag: it follows from more than the case, the time among it
  deliver(response, request, seen);
  return response;
}

}  // namespace sluice::web::api
