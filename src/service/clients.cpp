#include "service/clients.h"

#include <algorithm>

#include "service/site_log.h"
#include "store/clients.h"

namespace sluice::service {

Work set_client(Services& services, Asker asker, OrganisationId organisation, SetClient given) {
  return [&services, asker = std::move(asker), organisation, given](Unit& unit) -> Result<Committed> {
    TRY(still_affiliated(unit, asker.viewer));
    const bool is_its_admin = asker.viewer.organisation == organisation && asker.viewer.role == access::SiteRole::Admin;
    if (!is_its_admin && !asker.viewer.is_instance_admin) return fail(ErrorKind::Forbidden, "Only an administrator of the organisation says who its clients are.");
    auto& tx = unit.writing().tx();
    TRY(const auto client, store::organisation(tx, services.cells(), given.client));
    TRY(const auto own, store::organisation(tx, services.cells(), organisation));
    if (!client || given.client == organisation) return fail(ErrorKind::Invalid, "Name another organisation of this site.", "/client");
    if (!own) return fail(ErrorKind::NotFound, "There is no such organisation.");
    const auto tag = services.store.tag_of(given.client);
    TRY(auto all, store::serving(tx, services.cells(), tag));
    const auto known = std::find(all.begin(), all.end(), organisation);
    if (given.is_client && known == all.end()) all.push_back(organisation);
    if (!given.is_client && known != all.end()) all.erase(known);
    if (all.size() > store::kMostServing) return fail(ErrorKind::Conflict, "This organisation is a client of as many as are kept.", "/client");
    std::sort(all.begin(), all.end());
    TRY(store::put_serving(tx, services.cells(), tag, all));
    json::object event{{"type", "ClientChanged"}, {"v", 1}, {"organisation", organisation.text()}, {"client", given.client.text()}, {"is_client", given.is_client}};
    return write_site_entry(unit, asker, {"client.set", organisation.text(), std::move(event)}, {{"id", given.client.text()}});
  };
}

Result<std::vector<std::pair<OrganisationId, std::string>>> clients_of(Services& services, const access::Viewer& viewer, OrganisationId organisation) {
  if (viewer.organisation != organisation && !viewer.is_instance_admin) return fail(ErrorKind::Forbidden, "Only people of the organisation see who its clients are.");
  TRY(const auto rows, services.directory->rows(services.store, services.clock.monotonic()));
  TRY(auto db, services.store.lease());
  std::vector<std::pair<OrganisationId, std::string>> out;
  for (const auto& [id, row] : *rows) {
    TRY(const auto all, store::serving(*db, services.cells(), services.store.tag_of(id)));
    if (std::find(all.begin(), all.end(), organisation) != all.end()) out.emplace_back(id, row.profile.name);
  }
  return out;
}

}  // namespace sluice::service
