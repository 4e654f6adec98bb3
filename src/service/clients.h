// Whose client an organisation is (store/clients.h), as work for the Writer: said by an administrator of the organisation that serves it. What a client may then read is TLP:AMBER of collections
// that it reads and that the one serving it is a member of; it never makes a reader of somebody who has no right to the collection.
//
// Events in the site's stream: ClientChanged (organisation, client, is_client).
#pragma once

#include "service/services.h"

namespace sluice::service {

struct SetClient {
  OrganisationId client;
  bool is_client = true;
};
BOOST_DESCRIBE_STRUCT(SetClient, (), (client, is_client))

// Forbidden but for an administrator of this organisation, or of the site.
Work set_client(Services& services, Asker asker, OrganisationId organisation, SetClient given);

// By id, with their names: for people of that organisation and administrators of the site.
Result<std::vector<std::pair<OrganisationId, std::string>>> clients_of(Services& services, const access::Viewer& viewer, OrganisationId organisation);

}  // namespace sluice::service
