// Scores of objects, doubts about them, a member's own points, and the tables of the alliance.
#include <charconv>

#include "service/contribution.h"
#include "service/threat_quality.h"
#include "web/api/handlers.h"
#include "web/body.h"

namespace sluice::web::api {

namespace {

constexpr std::int64_t kMostScores = 200, kUsualScores = 50;

Result<std::optional<Instant>> instant_in_query(const Request& request, std::string_view name) {
  const auto text = request.http.query_value(name);
  if (!text) return std::optional<Instant>{};
  const auto at = parse_instant(*text);
  if (!at) return fail(ErrorKind::Invalid, at.error().message, std::string(name));
  return std::optional(*at);
}

Result<std::int64_t> page_length(const Request& request) {
  const auto text = request.http.query_value("limit");
  if (!text) return kUsualScores;
  std::int64_t out = 0;
  const auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), out);
  if (error != std::errc{} || end != text->data() + text->size() || out < 1) return fail(ErrorKind::Invalid, "This must be a whole number from 1 on.", "limit");
  return std::min(out, kMostScores);
}

// What it says depends on the hour.
Response of_this_hour(const json::value& value) {
  auto out = ok(value);
  out.headers.emplace_back("Cache-Control", "no-store");
  return out;
}

}  // namespace

Result<Response> show_score(App& app, const Request& request) {
  TRY(const auto at, instant_in_query(request, "at"));
  TRY(const auto out, service::score_of(app.services, request.viewer, path_word(request, "collection"), path_word(request, "object"), at));
  return of_this_hour(out);
}

Result<Response> list_scores(App& app, const Request& request) {
  TRY(const auto at, instant_in_query(request, "at"));
  TRY(const auto after, instant_in_query(request, "added_after"));
  TRY(const auto most, page_length(request));
  TRY(const auto out, service::scores(app.services, request.viewer, path_word(request, "collection"), after, most, at));
  return of_this_hour(out);
}

Result<Response> list_doubts(App& app, const Request& request) {
  TRY(const auto doubts, service::doubts_shown(app.services, request.viewer, path_word(request, "collection")));
  return of_this_hour(json::object{{"items", to_json(doubts)}});
}

Result<Response> show_points(App& app, const Request& request) {
  TRY(auto points, service::points_of(app.services, request.viewer));
  auto out = of_this_hour(to_json(points.shown));
  out.first = std::move(points.keep);
  return out;
}

Result<Response> show_tables(App& app, const Request&) {
  TRY(const auto tables, service::tables_shown(app.services));
  return of_this_hour(to_json(tables));
}

namespace takes {

Result<service::Work> doubt_object(App& app, const Request& request, service::DoubtObject doubt) {
  return service::doubt_object(app.services, request.asker(), path_word(request, "collection"), path_word(request, "object"), std::move(doubt));
}

Result<service::Work> decide_doubts(App& app, const Request& request, service::DecideDoubts decision) {
  return service::decide_doubts(app.services, request.asker(), path_word(request, "collection"), path_word(request, "object"), std::move(decision));
}

Result<service::Work> propose_table(App& app, const Request& request, service::ProposeTable proposal) { return service::propose_table(app.services, request.asker(), std::move(proposal)); }

Result<service::Work> vote_on_table(App& app, const Request& request, service::VoteOnTable vote) {
  return service::vote_on_table(app.services, request.asker(), path_word(request, "proposal"), vote);
}

}  // namespace takes

constinit const Command doubt_object = taking<takes::doubt_object>();
constinit const Command decide_doubts = taking<takes::decide_doubts>();
constinit const Command propose_table = taking<takes::propose_table>();
constinit const Command vote_on_table = taking<takes::vote_on_table>();

}  // namespace sluice::web::api
