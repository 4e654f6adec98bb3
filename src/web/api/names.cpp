#include "web/api/names.h"

#include <mutex>

namespace sluice::web::api {

Result<Names> Names::load(App& app) {
  // Shared by requests of the same second; a new organisation or name shows within it.
  static std::mutex mutex;
  static std::shared_ptr<const std::map<OrganisationId, store::OrganisationRow>> known;
  static Duration known_at{};
  static const store::Store* known_of = nullptr;
  const auto now = app.services.clock.monotonic();
  Names out;
  {
    std::scoped_lock lock(mutex);
    if (known && known_of == &app.services.store && now - known_at < std::chrono::seconds(1)) {
      out.rows_ = known;
      return out;
    }
  }
  auto rows = std::make_shared<std::map<OrganisationId, store::OrganisationRow>>();
  TRY(auto db, app.services.store.lease());
  TRY(auto list, store::organisations(*db, app.services.cells()));
  for (auto& row : list) rows->emplace(row.id, std::move(row));
  out.rows_ = rows;
  std::scoped_lock lock(mutex);
  known = rows;
  known_at = now;
  known_of = &app.services.store;
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
