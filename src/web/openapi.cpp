#include "web/openapi.h"

#include "web/app.h"

namespace sluice::web {

namespace {

json::object reference(std::string_view to) { return {{"$ref", "#/components/responses/" + std::string(to)}}; }

json::object operation(const Route& route) {
  json::object out{{"summary", route.summary}};
  json::array parameters;
  for (std::size_t at = route.path.find('{'); at != std::string_view::npos; at = route.path.find('{', at + 1))
    parameters.push_back(json::object{{"name", route.path.substr(at + 1, route.path.find('}', at) - at - 1)}, {"in", "path"}, {"required", true}, {"schema", json::object{{"type", "string"}}}});
  const bool write = std::holds_alternative<Write>(route.handler);
  if (write && route.verb == http::Verb::Post)
    parameters.push_back(json::object{{"name", "Idempotency-Key"}, {"in", "header"}, {"required", false}, {"schema", json::object{{"type", "string"}}}});
  if (route.verb == http::Verb::Put || route.verb == http::Verb::Patch || route.verb == http::Verb::Delete)
    parameters.push_back(json::object{{"name", "If-Match"}, {"in", "header"}, {"required", true}, {"schema", json::object{{"type", "string"}}}});
  if (!parameters.empty()) out["parameters"] = std::move(parameters);
  if (route.body == Body::Json || route.body == Body::LargeJson)
    out["requestBody"] = json::object{{"content", json::object{{"application/json", json::object{{"schema", json::object{{"type", "object"}}}}}}}};
  if (route.body == Body::Upload) out["requestBody"] = json::object{{"content", json::object{{"application/octet-stream", json::object{}}}}};
  json::object responses{{write ? "201" : "200", json::object{{"description", write ? "Durable; with the signed acknowledgement" : "What was asked for"}}}};
  if (write && route.path.find("{case}") != std::string_view::npos) responses["202"] = json::object{{"description", "Asked for, and durable: it takes effect once a second person confirms the request"}};
  for (const auto* status : {"401", "403", "404", "409", "422", "429", "503"}) responses[status] = reference("problem");
  out["responses"] = std::move(responses);
  if (route.caller == access::Caller::Anyone) out["security"] = json::array{};
  out["x-caller"] = to_word(route.caller);
  if (route.scope) out["x-scope"] = to_word(*route.scope);
  return out;
}

}  // namespace

std::string openapi_file() {
  json::object paths;
  for (const auto& route : routes()) {
    if (!route.path.starts_with("/api/v1/")) continue;
    auto verb = std::string(to_text(route.verb));
    for (auto& c : verb) c = static_cast<char>(std::tolower(c));
    auto& path = paths[route.path];
    if (!path.is_object()) path = json::object{};
    path.get_object()[verb] = operation(route);
  }
  const json::object problem_schema{{"type", "object"},
                                    {"required", json::array{"type", "title", "status", "code", "request_id"}},
                                    {"properties", json::object{{"type", json::object{{"type", "string"}}},
                                                                {"title", json::object{{"type", "string"}}},
                                                                {"status", json::object{{"type", "integer"}}},
                                                                {"code", json::object{{"type", "string"}}},
                                                                {"detail", json::object{{"type", "string"}}},
                                                                {"request_id", json::object{{"type", "string"}}}}}};
  const json::object file{
      {"openapi", "3.1.0"},
      {"info", json::object{{"title", "Sluice"}, {"version", "1"}, {"license", json::object{{"name", "Apache-2.0"}, {"identifier", "Apache-2.0"}}}}},
      {"security", json::array{json::object{{"token", json::array{}}}, json::object{{"session", json::array{}}}}},
      {"paths", std::move(paths)},
      {"components", json::object{{"schemas", json::object{{"problem", problem_schema}}},
                                  {"responses", json::object{{"problem", json::object{{"description", "RFC 9457"},
                                                                                      {"content", json::object{{"application/problem+json", json::object{{"schema", json::object{{"$ref", "#/components/schemas/problem"}}}}}}}}}}},
                                  {"securitySchemes", json::object{{"token", json::object{{"type", "http"}, {"scheme", "bearer"}}},
                                                                   {"session", json::object{{"type", "apiKey"}, {"in", "cookie"}, {"name", "__Host-session"}}}}}}}};
  return pretty(file);
}

}  // namespace sluice::web
