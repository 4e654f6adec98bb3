// Peers: collections of other TAXII servers that this site reads on a schedule; and the origins of objects that came through them.
#include "web/api/peers.h"

#include "service/peers.h"
#include "web/api/handlers.h"
#include "web/body.h"

namespace sluice::web::api {

namespace {

// It says how long ago things were.
Response of_this_moment(const json::value& value) {
  auto out = ok(value);
  out.headers.emplace_back("Cache-Control", "no-store");
  return out;
}

}  // namespace

json::object object_origins_answer() {
  using namespace schema;
  return object({{"items", list(object({{"version", text()}, {"at", instant()}, {"added_from?", text()}, {"added_until?", text()}, {"sites", number()}, {"peer?", text()}}))}});
}

Result<Response> list_peers(App& app, const Request& request) {
  TRY(const auto all, service::list_peers(app.services, request.viewer));
  return of_this_moment(json::object{{"items", to_json(all)}});
}

Result<Response> show_peer(App& app, const Request& request) {
  TRY(const auto one, service::show_peer(app.services, request.viewer, path_word(request, "peer")));
  return of_this_moment(to_json(one));
}

Result<Response> show_object_origins(App& app, const Request& request) {
  TRY(const auto found, service::object_origins(app.services, request.viewer, path_word(request, "collection"), path_word(request, "object")));
  return ok(found);
}

namespace takes {

Result<service::Work> add_peer(App& app, const Request& request, service::AddPeer wanted) { return service::add_peer(app.services, request.asker(), std::move(wanted)); }

template <auto command>
Result<service::Work> on_peer(App& app, const Request& request, NoFields) {
  return command(app.services, request.asker(), path_word(request, "peer"));
}

}  // namespace takes

constinit const Command add_peer = taking<takes::add_peer>();
constinit const Command pause_peer = taking<takes::on_peer<service::pause_peer>>();
constinit const Command resume_peer = taking<takes::on_peer<service::resume_peer>>();
constinit const Command pull_peer = taking<takes::on_peer<service::pull_peer>>();
constinit const Command remove_peer = taking<takes::on_peer<service::remove_peer>>();

}  // namespace sluice::web::api
