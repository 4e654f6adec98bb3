// Law and standards in a case: scope, facts with their origins, duties, the whole evaluation; and what a text looks as if it contained.
#include "gate/content_signs.h"
#include "service/regimes.h"
#include "web/api/files.h"
#include "web/api/handlers.h"
#include "web/body.h"

namespace sluice::web::api {

namespace {

struct TextToLookAt { std::string text; };
BOOST_DESCRIBE_STRUCT(TextToLookAt, (), (text))

constexpr std::size_t kMostText = 1 << 20;

// Shown from the viewer's own view, which is thereby delivered as any other part of the case is.
Result<Response> law(App& app, const Request& request, Result<json::object> (*made)(service::Services&, const access::Viewer&, const store::CaseSeen&, std::optional<Instant>)) {
  TRY(const auto id, path_id<Case>(request, "case"));
  std::optional<Instant> as_of;
  if (const auto text = request.http.query_value("as_of")) {
    const auto read = parse_instant(*text);
    if (!read) return fail(ErrorKind::Invalid, read.error().message, "as_of");
    as_of = *read;
  }
  TRY(auto seen, app.services.store.as(request.viewer).case_view(id));
  TRY(auto out, made(app.services, request.viewer, seen, as_of));
  auto response = ok(out);
  deliver(response, request, seen);
  return response;
}

}  // namespace

Result<Response> show_regimes(App& app, const Request& request) { return law(app, request, service::case_regimes); }
Result<Response> show_duties(App& app, const Request& request) { return law(app, request, service::case_duties); }
Result<Response> show_law_facts(App& app, const Request& request) { return law(app, request, service::case_facts_of_law); }
Result<Response> show_scope(App& app, const Request& request) { return law(app, request, service::case_scope); }

namespace takes {
Result<Response> look_at_content(App&, const Request&, TextToLookAt wanted) {
  if (wanted.text.size() > kMostText) return fail(ErrorKind::Invalid, "A text has a mebibyte at most.", "/text");
  return ok(json::object{{"items", to_json(gate::signs_in(wanted.text))}});
}
}  // namespace takes
constinit const Read look_at_content = taking<takes::look_at_content>();

}  // namespace sluice::web::api
