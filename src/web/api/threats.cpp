// What is shared about a value, and one object with what belongs to it. Values are asked for in a body: what somebody looks up can be a secret, and addresses are kept in logs.
#include "web/api/threats.h"

#include <algorithm>
#include <charconv>

#include "service/threat_lookup.h"
#include "web/api/handlers.h"
#include "web/body.h"

namespace sluice::web::api {

namespace {

struct ValuesAsked {
  std::vector<std::string> values;
  std::optional<std::string> kind, collection;
  std::optional<bool> wider;
  std::optional<int> most;
};
BOOST_DESCRIBE_STRUCT(ValuesAsked, (), (values, kind, collection, wider, most))

// What reaches the organisation for the first time is written down before the answer leaves.
void note_shown(App& app, const Request& request, Response& response, std::vector<std::int64_t> fresh) {
  if (request.http.verb == http::Verb::Head || fresh.empty()) return;   // of a HEAD nothing reaches anybody
  response.first = service::record_shown_objects(app.services, request.viewer, std::move(fresh));
}

Result<int> asked_depth(const Request& request) {
  const auto text = request.http.query_value("depth").value_or("1");
  int depth = -1;
  const auto end = std::from_chars(text.data(), text.data() + text.size(), depth);
  if (end.ec != std::errc() || end.ptr != text.data() + text.size() || depth < 0 || depth > service::kDeepestGraph) return fail(ErrorKind::Invalid, "This must be a number from 0 to 3.", "?depth");
  return depth;
}

using schema::flag;
using schema::list;
using schema::number;
using schema::object;
using schema::text;
using schema::text_of_form;
using schema::with;

json::object value_shape() { return object({{"kind", text()}, {"value", text()}}); }
json::object benign_shape() { return object({{"value", text()}, {"why", text()}, {"source", text()}, {"warning", text()}}); }

json::object card_shape() {
  return object({{"id", text()}, {"type", text()}, {"collection", text()}, {"version", text()}, {"first_shared", text()}, {"versions", number()}, {"own", flag()}, {"name?", text()}, {"tlp?", text()},
                 {"labels?", list(text())}, {"created_by_ref?", text()}, {"pseudonym?", text()}, {"superseded?", flag()}, {"revoked?", flag()}});
}
json::object found_shape() { return with(card_shape(), {{"how", text_of_form("value|network|host|parent|inside")}, {"through", value_shape()}}); }

constexpr Parameter kObjectQuery[] = {{"depth", [] { return json::object{{"type", "integer"}, {"minimum", 0}, {"maximum", service::kDeepestGraph}}; }, "How many steps the graph goes, 1 if nothing is said; 0: no graph"}};

}  // namespace

json::object looked_up_answer() {
  const auto sighting = with(card_shape(), {{"of", text()}, {"count?", number()}, {"first_seen?", text()}, {"last_seen?", text()}});
  return object({{"items", list(object({{"asked", text()}, {"values", list(value_shape())}, {"known_benign", list(benign_shape())}, {"objects", list(found_shape())}, {"sightings", list(sighting)}, {"more", flag()}, {"too_wide?", flag()}}))}});
}

json::object threat_object_answer() {
  const auto part = object({{"selector", text()}, {"marking", text()}, {"tlp?", text()}});
  const auto node = object({{"id", text()}, {"type", text()}, {"depth", number()}, {"met", flag()}, {"name?", text()}, {"tlp?", text()}, {"version?", text()}, {"revoked?", flag()}});
  const auto edge = object({{"source", text()}, {"target", text()}, {"label", text()}, {"relationship?", text()}, {"revoked?", flag()}});
  return with(card_shape(), {{"collection_title", text()}, {"object", object({})}, {"held", list(object({{"version", text()}, {"spec_version", text()}, {"first_shared", text()}, {"own", flag()}}))},
                             {"markings", object({{"explicit", flag()}, {"unknown", flag()}, {"tlp?", text()}, {"strictest_part?", text()}, {"parts?", list(part)}, {"statements?", list(text())}})},
                             {"values", list(value_shape())}, {"known_benign", list(benign_shape())}, {"same_value", list(found_shape())}, {"more_same_value", flag()},
                             {"graph?", object({{"nodes", list(node)}, {"edges", list(edge)}, {"more", flag()}})}});
}

std::span<const Parameter> threat_object_query() { return kObjectQuery; }

Result<Response> show_threat_object(App& app, const Request& request) {
  TRY(const int depth, asked_depth(request));
  TRY(auto seen, service::show_object(app.services, request.viewer, path_word(request, "collection"), path_word(request, "object"), {.depth = depth}));
  TRY(auto value, service::object_json(seen));
  auto response = ok(std::move(value));
  note_shown(app, request, response, std::move(seen.fresh));
  return response;
}

namespace takes {

Result<Response> look_up_values(App& app, const Request& request, ValuesAsked asked) {
  service::LookupWanted wanted{.kind = asked.kind.value_or(""), .collection = asked.collection.value_or(""), .wider = asked.wider.value_or(true)};
  if (asked.most) {
    if (*asked.most < 1 || *asked.most > static_cast<int>(service::kMostFound)) return fail(ErrorKind::Invalid, "This must be from 1 to " + std::to_string(service::kMostFound) + ".", "/most");
    wanted.most = static_cast<std::size_t>(*asked.most);
  }
  TRY(auto all, service::look_up_all(app.services, request.viewer, asked.values, wanted));
  json::array items;
  std::vector<std::int64_t> fresh;
  for (auto& one : all) {
    items.push_back(service::lookup_json(one));
    fresh.insert(fresh.end(), one.fresh.begin(), one.fresh.end());
  }
  std::sort(fresh.begin(), fresh.end());
  fresh.erase(std::unique(fresh.begin(), fresh.end()), fresh.end());
  auto response = ok(json::object{{"items", std::move(items)}});
  note_shown(app, request, response, std::move(fresh));
  return response;
}

}  // namespace takes

constinit const Read look_up_values = taking<takes::look_up_values>();

}  // namespace sluice::web::api
