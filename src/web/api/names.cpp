#include "web/api/names.h"

namespace sluice::web::api {

Result<Names> Names::load(App& app) {
  Names out;
  TRY(out.rows_, app.services.directory->rows(app.services.store, app.services.clock.monotonic()));
  return out;
}

std::string Names::of(OrganisationId id) const {
  const auto found = rows_->find(id);
  return found == rows_->end() ? std::string("an organisation") : found->second.profile.name;
}

std::optional<std::string> Names::country(OrganisationId id) const {
  const auto found = rows_->find(id);
  return found == rows_->end() ? std::nullopt : found->second.profile.country;
}

json::object Names::card(OrganisationId id) const { return {{"id", id.text()}, {"name", of(id)}}; }

}  // namespace sluice::web::api
