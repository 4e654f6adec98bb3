// Law and standards in a case: scope, facts with their origins, duties, the whole evaluation; and what a text looks as if it contained.
#include "gate/content_signs.h"
#include "service/law_library.h"
#include "service/regimes.h"
#include "web/api/files.h"
#include "web/api/handlers.h"
#include "web/body.h"

namespace sluice::web::api {

namespace {

struct TextToLookAt { std::string text; };
BOOST_DESCRIBE_STRUCT(TextToLookAt, (), (text))

constexpr std::size_t kMostText = 1 << 20;

Result<std::optional<Instant>> as_of_in(const Request& request) {
  const auto text = request.http.query_value("as_of");
  if (!text) return std::optional<Instant>();
  const auto read = parse_instant(*text);
  if (!read) return fail(ErrorKind::Invalid, read.error().message, "as_of");
  return std::optional(*read);
}

// Shown from the viewer's own view, which is thereby delivered as any other part of the case is.
template <class Made>
Result<Response> law(App& app, const Request& request, const Made& made) {
  TRY(const auto id, path_id<Case>(request, "case"));
  TRY(const auto as_of, as_of_in(request));
  TRY(auto seen, app.services.store.as(request.viewer).case_view(id));
  TRY(auto out, made(app.services, request.viewer, seen, as_of));
  auto response = ok(out);
  deliver(response, request, seen);
  return response;
}

}  // namespace

Result<Response> show_regimes(App& app, const Request& request) {
  const auto plan = request.http.query_value("plan");
  if (plan && *plan != "true" && *plan != "false") return fail(ErrorKind::Invalid, "It is true or false.", "plan");
  const auto besides = plan == "true" ? service::Besides::Plan : service::Besides::WaysOut;
  return law(app, request, [&](service::Services& services, const access::Viewer& viewer, const store::CaseSeen& seen, std::optional<Instant> as_of) { return service::case_regimes(services, viewer, seen, as_of, besides); });
}

// For counsel: one page with its style inside, allowed by its hash and by nothing else.
Result<Response> print_regimes(App& app, const Request& request) {
  TRY(const auto id, path_id<Case>(request, "case"));
  TRY(const auto as_of, as_of_in(request));
  TRY(auto seen, app.services.store.as(request.viewer).case_view(id));
  Response out;
  TRY(out.body, service::page_of_case(app.services, request.viewer, seen, as_of));
  out.headers = {{"Content-Type", "text/html; charset=utf-8"}, {"Content-Security-Policy", service::policy_of_page()}, {"Cache-Control", "no-store"}};
  deliver(out, request, seen);
  return out;
}

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
