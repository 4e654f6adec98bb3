#include "service/collections.h"
#include "service/threat_intake.h"
#include "web/taxii/answers.h"
#include "web/taxii/handlers.h"

namespace sluice::web::taxii {

namespace {

// TAXII 2.1 §5.5: 422 for what is no envelope, whatever is wrong with it; 413 is for a body that is longer than the API root says, and for nothing else.
Error as_unprocessable(Error error) {
  if (error.kind == ErrorKind::Malformed || error.kind == ErrorKind::TooLarge) error.kind = ErrorKind::Invalid;
  return error;
}

// Answered by the last slice: how many there are shows only once the envelope was read, and between them other commands have their turn.
Result<void> start_adding(App& app, const Request& request, Give give) {
  TRY(accepts(request));
  TRY(sends_taxii(request));
  auto intake = service::prepare_intake(app.services, request.asker(), path_word(request, "collection"), request.http.body);
  if (!intake) return std::unexpected(as_unprocessable(std::move(intake).error()));
  service::put_intake(app.services, *std::move(intake), [give = std::move(give)](Result<std::string> status) mutable {
    if (!status) return give(std::unexpected(status.error()));
    give(answer(*std::move(status), 202));
  });
  return {};
}

Result<service::Work> start_deleting(App& app, const Request& request) {
  TRY(accepts(request));
  TRY(const auto query, read_query(request.http.query, kDeleteFilters));
  const store::VersionsWanted wanted{.all = query.all_versions, .first = query.first_version, .last = query.last_version, .exact = query.exact_versions, .specs = query.spec_versions};
  return service::delete_object(app.services, request.asker(), path_word(request, "collection"), path_word(request, "object"), wanted);
}

}  // namespace

constinit const Later add_objects = start_adding;
constinit const Command delete_object = start_deleting;

Response object_deleted(App&, const Request&, const service::Committed&) { return answer({}); }

}  // namespace sluice::web::taxii
