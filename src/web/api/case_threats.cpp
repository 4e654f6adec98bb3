// A case's threat objects: what its release is to bring to collections, where to, and what a participant was about to share too early.
#include "web/api/case_json.h"
#include "web/api/files.h"
#include "web/api/handlers.h"
#include "web/body.h"

namespace sluice::web::api {

Result<Response> show_threat_objects(App& app, const Request& request) {
  TRY(const auto id, path_id<Case>(request, "case"));
  TRY(auto seen, app.services.store.as(request.viewer).case_view(id));
  TRY(const auto names, Names::load(app));
  const Shown shown{seen.view, request.viewer, names};
  json::array items, held, collections(seen.view.fold.release_collections.begin(), seen.view.fold.release_collections.end());
  for (const auto& one : seen.view.fold.prepared)
    items.push_back(json::object{{"id", one.what.id}, {"type", one.what.type}, {"version", one.what.version}, {"hash", hex(one.what.hash)}, {"audience", one.audience.text()}, {"at", to_text(one.at)}, {"by", shown.who(one.by)}, {"object", one.what.object}});
  for (const auto& one : seen.view.fold.held_objects)
    held.push_back(json::object{{"organisation", shown.who(one.what.organisation)}, {"object", one.what.object}, {"version", one.what.version}, {"touches", one.what.touches}, {"at", to_text(one.at)}});
  Response response = ok(json::object{{"items", std::move(items)}, {"collections", std::move(collections)}, {"held", std::move(held)}}, seen.view.etag);
  deliver(response, request, seen);
  return response;
}

}  // namespace sluice::web::api
