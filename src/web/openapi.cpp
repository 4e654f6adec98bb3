#include "web/openapi.h"

#include <algorithm>

#include "cvd/incident_events.h"
#include "web/api/answers.h"
#include "web/api/handlers.h"

namespace sluice::web {

namespace {

using schema::id_of;

struct PathParameter {
  std::string_view name;
  Schema schema;
};
json::object of_pattern(std::string_view pattern) { return {{"type", "string"}, {"pattern", pattern}}; }
json::object uuid() { return of_pattern("^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$"); }
json::object stix_id() { return of_pattern("^[a-z][a-z0-9-]{0,250}--[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$"); }
json::object collection() { return of_pattern("^[A-Za-z0-9._-]{1,64}$"); }  // its id or its alias
json::object pseudonym() { return of_pattern("^member-[0-9a-f]{16}$"); }
json::object regime() { return of_pattern("^[a-z0-9][a-z0-9.-]{0,63}$"); }
json::object version() { return {{"type", "integer"}, {"minimum", 1}}; }

constexpr PathParameter kPathParameters[] = {
    {"case", id_of<CaseId>},       {"organisation", id_of<OrganisationId>}, {"report", id_of<ReportId>},     {"thread", id_of<ThreadId>},   {"vulnerability", id_of<VulnerabilityId>}, {"claim", id_of<ClaimId>},
    {"file", id_of<FileId>},       {"advisory", id_of<AdvisoryId>},         {"release", id_of<ReleaseId>},   {"entry", id_of<EntryId>},     {"token", id_of<TokenId>},                 {"session", id_of<SessionId>},
    {"request", id_of<TwoPersonRequestId>}, {"group", id_of<GroupId>}, {"message", id_of<MessageId>}, {"person", id_of<PersonId>}, {"glass", id_of<TwoPersonRequestId>},
    {"leak", id_of<LeakId>},       {"target", id_of<TargetId>},             {"product", id_of<ProductId>},   {"version", version},
    {"decision", id_of<DecisionId>}, {"regime", regime},
    {"notice", id_of<cvd::NoticeId>}, {"area", id_of<cvd::AreaReportId>}, {"widening", id_of<ReleaseId>}, {"mitigation", id_of<cvd::MitigationId>},
    {"collection", collection}, {"object", stix_id}, {"recall", uuid}, {"proposal", uuid}, {"pseudonym", pseudonym}, {"reveal", id_of<TwoPersonRequestId>},
    {"threat_report", uuid}, {"peer", uuid}, {"webhook", uuid},
};

json::object parameter(std::string_view name, std::string_view in, bool required, json::object schema, std::string_view what = {}) {
  json::object out{{"name", name}, {"in", in}, {"required", required}, {"schema", std::move(schema)}};
  if (!what.empty()) out["description"] = what;
  return out;
}

bool is_write(const Route& route) { return std::holds_alternative<Write>(route.handler); }
bool needs_version(const Route& route) { return route.verb == http::Verb::Put || route.verb == http::Verb::Patch || route.verb == http::Verb::Delete; }
bool takes_json(const Route& route) { return route.body == Body::Json || route.body == Body::LargeJson; }

api::Answer answer_of(const Route& route) {
  if (const auto* write = std::get_if<Write>(&route.handler)) return api::answer_of(write->command);
  if (const auto* later = std::get_if<Later>(&route.handler)) return api::answer_of(*later);
  const auto* known = api::answer_of(std::get<Read>(route.handler));
  return known == nullptr ? api::Answer{} : *known;
}

json::array parameters(const Route& route, const api::Answer& answer) {
  json::array out;
  for (std::size_t at = route.path.find('{'); at != std::string_view::npos; at = route.path.find('{', at + 1)) {
    const auto name = route.path.substr(at + 1, route.path.find('}', at) - at - 1);
    const auto* known = std::find_if(std::begin(kPathParameters), std::end(kPathParameters), [&](const PathParameter& one) { return one.name == name; });
    out.push_back(parameter(name, "path", true, known == std::end(kPathParameters) ? schema::text() : known->schema()));
  }
  for (const auto& one : answer.query) out.push_back(parameter(one.name, "query", is_write(route), one.schema(), one.what));
  if (is_write(route) && route.verb == http::Verb::Post && route.caller != access::Caller::Anyone)
    out.push_back(parameter("Idempotency-Key", "header", false, schema::text(), "The same key with the same body has one effect and one answer, for 24 hours"));
  if (needs_version(route)) out.push_back(parameter("If-Match", "header", true, schema::text(), "The ETag of what was seen"));
  if (answer.has_version) out.push_back(parameter("If-None-Match", "header", false, schema::text(), "The ETag of what is there already: 304 if nothing has changed"));
  return out;
}

json::object request_body(const Route& route) {
  const auto most = "At most " + std::to_string(most_bytes(route.body)) + " bytes.";
  if (route.body == Body::Upload) return {{"required", true}, {"description", most}, {"content", json::object{{"application/octet-stream", json::object{}}}}};
  const auto made = std::visit([](const auto& handler) {
    if constexpr (std::is_same_v<std::decay_t<decltype(handler)>, Write>) return handler.command.body;
    else return handler.body;
  }, route.handler);
  auto schema = made == nullptr ? schema::anything() : made();
  const bool required = schema.contains("required");
  return {{"required", required}, {"description", most}, {"content", json::object{{"application/json", json::object{{"schema", std::move(schema)}}}}}};
}

json::object success(const Route& route, const api::Answer& answer) {
  json::object out{{"description", is_write(route) ? "Durable" : "What was asked for"}};
  json::object content;
  if (answer.schema != nullptr) content["schema"] = answer.schema();
  out["content"] = json::object{{answer.media, std::move(content)}};
  if (answer.has_version) out["headers"] = json::object{{"ETag", json::object{{"required", true}, {"schema", schema::text()}}}};
  return out;
}

json::object responses(const Route& route, const api::Answer& answer) {
  const auto* write = std::get_if<Write>(&route.handler);
  json::object out{{write != nullptr && write->reply == api::thing_made ? "201" : "200", success(route, answer)}};
  const bool may_take_two = route.path.find("{case}") != std::string_view::npos || route.path.ends_with("/factor/reset") || route.path.ends_with("/break-glass") || route.path.ends_with("/widenings") || route.path.ends_with("/reveals") || route.path.ends_with("/reveals/{reveal}/agree");
  if (write != nullptr && may_take_two) {
    out["202"] = success(route, answer);
    out["202"].as_object()["description"] = "Asked for, and durable: it takes effect once a second person confirms the request";
  }
  if (answer.has_version) out["304"] = json::object{{"description", "Nothing has changed since"}};
  std::vector<std::string_view> problems{"400", "401", "403", "404", "422", "429", "503"};  // 401 also where anybody may ask: a token or code that is sent has to be a good one
  if (write != nullptr) problems.insert(problems.end(), {"409", "507"});
  if (write == nullptr && answer.may_conflict) problems.push_back("409");
  if (route.body != Body::None) problems.push_back("413");
  if (takes_json(route)) problems.push_back("415");
  if (needs_version(route)) problems.insert(problems.end(), {"412", "428"});
  std::sort(problems.begin(), problems.end());
  for (const auto status : problems) out[status] = json::object{{"$ref", "#/components/responses/problem"}};
  return out;
}

json::object operation(const Route& route) {
  json::object out{{"summary", route.summary}};
  const auto answer = answer_of(route);
  if (auto all = parameters(route, answer); !all.empty()) out["parameters"] = std::move(all);
  if (takes_json(route) || route.body == Body::Upload) out["requestBody"] = request_body(route);
  out["responses"] = responses(route, answer);
  if (route.caller == access::Caller::Anyone) out["security"] = json::array{};
  else if (route.path.starts_with("/api/v1/reports/")) out["security"] = json::array{json::object{{"token", json::array{}}}, json::object{{"session", json::array{}}}, json::object{{"report_code", json::array{}}}};
  out["x-caller"] = to_word(route.caller);
  if (route.scope) out["x-scope"] = to_word(*route.scope);
  return out;
}

json::object components() {
  json::object schemas;
  for (const auto& shape : api::shapes()) schemas[shape.name] = shape.schema();
  const json::object problem{{"description", "What was wrong, where, and what to do (RFC 9457)"}, {"content", json::object{{"application/problem+json", json::object{{"schema", schema::ref("problem")}}}}}};
  return {{"schemas", std::move(schemas)},
          {"responses", json::object{{"problem", problem}}},
          {"securitySchemes", json::object{{"token", json::object{{"type", "http"}, {"scheme", "bearer"}}},
                                           {"session", json::object{{"type", "apiKey"}, {"in", "cookie"}, {"name", "__Host-session"}}},
                                           {"report_code", json::object{{"type", "apiKey"}, {"in", "header"}, {"name", "Sluice-Report-Code"}}}}}};
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
  const json::object file{
      {"openapi", "3.1.0"},
      {"info", json::object{{"title", "Sluice"}, {"version", "1"}, {"license", json::object{{"name", "Apache-2.0"}, {"identifier", "Apache-2.0"}}}}},
      {"security", json::array{json::object{{"token", json::array{}}}, json::object{{"session", json::array{}}}}},
      {"paths", std::move(paths)},
      {"components", components()}};
  return pretty(file);
}

}  // namespace sluice::web
