#include "store/clients.h"

#include "base/bind.h"

namespace sluice::store {

namespace {
constexpr Sql kServing{"serving_of_client", "SELECT body FROM client WHERE client = $1"};
constexpr Sql kPutServing{"put_serving", "INSERT INTO client (client, body) VALUES ($1, $2) ON CONFLICT (client) DO UPDATE SET body = excluded.body"};
}  // namespace

Result<std::vector<OrganisationId>> serving(Queries& db, const Cells& cells, const Tag& client) {
  TRY(auto row, db.one(kServing, client));
  if (!row) return std::vector<OrganisationId>{};
  TRY(const auto body, cells.open_json("client", hex(client), "body", row->bytes(0)));
  return from_json<std::vector<OrganisationId>>(body);
}

Result<void> put_serving(Tx& tx, const Cells& cells, const Tag& client, const std::vector<OrganisationId>& serving) {
  TRY(tx.run(kPutServing, client, cells.seal_json("client", hex(client), "body", to_json(serving))));
  return {};
}

}  // namespace sluice::store
