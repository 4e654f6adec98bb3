// Measures of skill: of a case, of the viewer's cases, and as sums that may leave.
#include "service/measures.h"

#include <charconv>

#include "web/api/handlers.h"

namespace sluice::web::api {

namespace {

Result<service::MeasuredSet> set_of(const Request& request) {
  service::MeasuredSet out;
  if (const auto text = request.http.query_value("year")) {
    int year = 0;
    const auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), year);
    if (error != std::errc{} || end != text->data() + text->size() || year < 1970 || year > 9999) return fail(ErrorKind::Invalid, "A year has four digits.", "year");
    out.year = year;
  }
  if (const auto text = request.http.query_value("closed")) {
    if (*text != "true" && *text != "false") return fail(ErrorKind::Invalid, "Say true or false.", "closed");
    out.closed = *text == "true";
  }
  return out;
}

Response fresh(Response response) {
  response.headers.emplace_back("Cache-Control", "no-store");
  return response;
}

}  // namespace

Result<Response> case_measures(App& app, const Request& request) {
  TRY(const auto id, path_id<Case>(request, "case"));
  TRY(const auto out, service::case_measures(app.services, request.viewer, id));
  TRY(auto seen, app.services.store.as(request.viewer).case_view(id));
  Response response = fresh(ok(out));
  deliver(response, request, seen);  // products and dates are content (ACC-13)
  return response;
}

Result<Response> show_measures(App& app, const Request& request) {
  TRY(const auto set, set_of(request));
  TRY(const auto out, service::measures(app.services, request.viewer, set));
  return fresh(ok(out));
}

Result<Response> export_measures(App& app, const Request& request) {
  TRY(const auto set, set_of(request));
  TRY(const auto out, service::export_measures(app.services, request.viewer, set));
  return fresh(ok(out));
}

Result<Response> export_measures_csv(App& app, const Request& request) {
  TRY(const auto set, set_of(request));
  TRY(const auto out, service::export_measures(app.services, request.viewer, set));
  Response csv;
  csv.headers = {{"Content-Type", "text/csv; charset=utf-8"}, {"Content-Disposition", "attachment; filename=\"measures.csv\""}};
  csv.body = service::to_csv(out);
  return fresh(std::move(csv));
}

}  // namespace sluice::web::api
