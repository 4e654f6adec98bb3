#include "web/cursor.h"

#include <charconv>

#include "service/sealed_value.h"

namespace sluice::web {

namespace {

constexpr std::string_view kPurpose = "list cursor";
constexpr auto kLasts = std::chrono::hours(1);

// Who asks, and what for: the path and the query, but for the place in it and the size of a page.
std::string asked_by(const Request& request) {
  const auto& viewer = request.viewer;
  json::array query;
  for (const auto& [name, value] : request.http.query)
    if (name != "cursor" && name != "after" && name != "limit") query.push_back(json::array{name, value});
  const json::array all{viewer.person ? viewer.person->text() : "", viewer.organisation ? viewer.organisation->text() : "", viewer.report ? viewer.report->text() : "", request.http.path, std::move(query)};
  return hex(sha256(bytes_of(canonical(all))));
}

}  // namespace

std::string seal_cursor(App& app, const Request& request, json::object place) {
  return service::seal_value(app.services.cells(), kPurpose, std::move(place), app.services.clock.now() + kLasts, app.services.random, asked_by(request));
}

Result<std::optional<json::object>> open_cursor(App& app, const Request& request, std::string_view name) {
  const auto text = request.http.query_value(name);
  if (!text) return std::nullopt;
  auto place = service::open_value(app.services.cells(), kPurpose, *text, app.services.clock.now(), asked_by(request));
  if (!place) return fail(ErrorKind::Malformed, "This cursor is not one of yours for this list, or it is older than an hour. Begin again without it.", std::string(name), {}, "cursor");
  return place;
}

std::string cases_from(App& app, const Request& request, const store::CaseCard& last) { return seal_cursor(app, request, {{"rank", last.rank}, {"id", last.id.text()}}); }

Result<std::optional<std::pair<std::int64_t, CaseId>>> cases_after(App& app, const Request& request, std::string_view name) {
  TRY(const auto place, open_cursor(app, request, name));
  if (!place) return std::nullopt;
  return std::pair{place->at("rank").to_number<std::int64_t>(), CaseId::parse(string_at(*place, "id")).value_or(CaseId{})};
}

std::string duties_from(App& app, const Request& request, const service::DutyPlace& last) {
  const auto& [due, id, rule, on] = last;
  return seal_cursor(app, request, {{"due", due}, {"id", id.text()}, {"rule", rule}, {"on", on}});
}

Result<std::optional<service::DutyPlace>> duties_after(App& app, const Request& request, std::string_view name) {
  TRY(const auto place, open_cursor(app, request, name));
  if (!place) return std::nullopt;
  return service::DutyPlace{place->at("due").to_number<std::int64_t>(), CaseId::parse(string_at(*place, "id")).value_or(CaseId{}), std::string(string_at(*place, "rule")), std::string(string_at(*place, "on"))};
}

Result<int> page_limit(const Request& request) {
  const auto text = request.http.query_value("limit");
  if (!text) return 50;
  int limit = 0;
  const auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), limit);
  if (error != std::errc{} || end != text->data() + text->size() || limit < 1 || limit > 200) return fail(ErrorKind::Invalid, "A page holds 1 to 200.", "limit");
  return limit;
}

}  // namespace sluice::web
