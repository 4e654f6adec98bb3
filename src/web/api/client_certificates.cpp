// Client certificates through the API. They are tokens whose secret is a key, so they are listed and revoked as tokens are (directory.cpp).
#include "service/client_certificates.h"
#include "web/api/handlers.h"
#include "web/body.h"

namespace sluice::web::api {

namespace {
struct NewCertificate {
  std::string scopes;
  std::optional<OrganisationId> organisation;
  std::optional<Instant> expires;
};
BOOST_DESCRIBE_STRUCT(NewCertificate, (), (scopes, organisation, expires))

// I3: what this connection shows, and nothing that a body holds.
Result<service::ClientCertificate> shown_by(const Request& request) {
  if (request.http.certificate) return service::read_certificate(bytes_of(*request.http.certificate));
  return fail(ErrorKind::Conflict,
              "This connection shows no client certificate. Send the request with the certificate and its key (curl --cert FILE --key FILE), directly to a site that takes them: that proves that the key is yours.",
              {}, {}, "certificate-not-shown");
}
}  // namespace

namespace takes {
Result<service::Work> register_certificate(App& app, const Request& request, NewCertificate wanted) {
  TRY(const auto scopes, service::token_scopes(wanted.scopes));
  if (!request.viewer.person) return fail(ErrorKind::Forbidden, "A person issues tokens.");
  return service::register_certificate(app.services, request.asker(),
                                       {*request.viewer.person, wanted.organisation ? wanted.organisation : request.viewer.organisation, scopes, wanted.expires}, shown_by(request));
}
}  // namespace takes

constinit const Command register_certificate = taking<takes::register_certificate>();

}  // namespace sluice::web::api
