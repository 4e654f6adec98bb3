// Whom to write to at a vendor. The domain comes in the body: a URL would stand in the logs of proxies, and a domain may hint at a case.
#include "service/vendor_contact.h"
#include "web/api/handlers.h"

namespace sluice::web::api {

namespace takes {
Result<void> find_contact(App& app, const Request& request, Give give) {
  TRY(const auto wanted, from_json<service::FindContact>(request.body));
  if (app.contacts == nullptr) return fail(ErrorKind::Unavailable, "This server looks nothing up outside.");
  return app.contacts->find(request.viewer, wanted, [give = std::move(give)](Result<json::object> found) mutable {
    if (!found) return give(std::unexpected(std::move(found).error()));
    give(ok(*std::move(found)));
  });
}
}  // namespace takes

constinit const Later find_contact{takes::find_contact, schema_of<service::FindContact>};

}  // namespace sluice::web::api
