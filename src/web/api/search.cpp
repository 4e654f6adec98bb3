// Searching in the cases of a viewer.
#include "service/search.h"
#include "web/api/handlers.h"
#include "web/cursor.h"

namespace sluice::web::api {

Result<Response> search(App& app, const Request& request) {
  if (app.search == nullptr) return fail(ErrorKind::Unavailable, "The search is not running.");
  TRY(const int limit, page_limit(request));
  TRY(auto found, app.search->find(request.viewer, request.http.query_value("q").value_or(""), static_cast<std::size_t>(limit)));
  json::array items;
  for (const auto& one : found.items) {
    json::object item{{"case", one.id.text()}, {"kind", to_word(one.kind)}, {"text", one.text}};
    if (!one.title.empty()) item["title"] = one.title;
    if (!one.thing.empty()) item["id"] = one.thing;
    if (one.thread) item["thread"] = one.thread->text();
    items.push_back(std::move(item));
  }
  auto response = ok(json::object{{"items", std::move(items)}, {"indexed", json::object{{"cases", found.indexed}, {"of", found.of}, {"complete", found.complete}}}});
  response.deliveries = std::move(found.deliveries);
  if (request.viewer.organisation) {
    response.reader = app.services.store.tag_of(*request.viewer.organisation);
    response.reader_name = request.viewer.organisation->text();
  }
  return response;
}

}  // namespace sluice::web::api
