// The packs of law and standards, to look things up in: rules, bodies, comparisons, and a case given as JSON. Nothing here is about cases of the site.
#include "service/law_library.h"
#include "service/law_questions.h"
#include "web/api/handlers.h"
#include "web/body.h"

namespace sluice::web::api {

namespace {

std::string asked(const Request& request, std::string_view name) { return request.http.query_value(name).value_or(""); }

// "a,b": several words of one kind.
std::vector<std::string> asked_list(const Request& request, std::string_view name) {
  std::vector<std::string> out;
  const auto text = asked(request, name);
  for (std::size_t at = 0; at < text.size();) {
    const auto end = std::min(text.find(',', at), text.size());
    if (end > at) out.push_back(text.substr(at, end - at));
    at = end + 1;
  }
  return out;
}

}  // namespace

Result<Response> list_regimes(App& app, const Request&) {
  TRY(const auto out, service::all_regimes(app.services));
  return ok(out);
}

Result<Response> show_regime(App& app, const Request& request) {
  const auto found = request.path.find("regime");
  TRY(const auto out, service::one_regime(app.services, found == request.path.end() ? std::string_view() : std::string_view(found->second)));
  return ok(out);
}

Result<Response> find_rules(App& app, const Request& request) {
  service::RuleQuestion question{asked_list(request, "action"), asked_list(request, "timing"), asked_list(request, "modality"), asked_list(request, "force"), asked(request, "trigger"), asked(request, "recipient"),
                                 asked(request, "precondition"), asked(request, "jurisdiction"), asked(request, "mark"), asked(request, "text"), asked(request, "in_force"), asked(request, "unverified") == "true"};
  TRY(const auto out, service::find_rules(app.services, question));
  return ok(out);
}

Result<Response> find_authorities(App& app, const Request& request) {
  TRY(const auto out, service::competent_bodies(app.services, {asked(request, "for"), asked(request, "topic"), asked(request, "kind"), asked(request, "place"), asked(request, "level")}));
  return ok(out);
}

Result<Response> compare_regimes(App& app, const Request& request) {
  TRY(const auto out, service::compare_regimes(app.services, asked(request, "a"), asked(request, "b")));
  return ok(out);
}

Result<Response> find_overlaps(App& app, const Request& request) {
  TRY(const auto out, service::overlaps_of(app.services, asked_list(request, "regime"), asked(request, "act"), asked(request, "how")));
  return ok(out);
}

Result<Response> list_overlays(App& app, const Request&) {
  TRY(const auto out, service::all_overlays(app.services));
  return ok(out);
}

Result<Response> find_departures(App& app, const Request& request) {
  TRY(const auto out, service::departures_of(app.services, asked_list(request, "regime"), asked_list(request, "against")));
  return ok(out);
}

namespace {

struct GivenCase { json::value case_; };   // docs/formats/regime-case.md
BOOST_DESCRIBE_STRUCT(GivenCase, (), (case_))

// Of a case that somebody gave: nowhere kept.
Response not_stored(const json::object& answer) {
  auto out = ok(answer);
  out.headers.emplace_back("Cache-Control", "no-store");
  return out;
}

}  // namespace

namespace takes {

Result<Response> evaluate_given(App& app, const Request&, GivenCase given) {
  TRY(const auto out, service::evaluate_given(app.services, given.case_));
  return not_stored(out);
}

// One page with its style inside, allowed by its hash and by nothing else.
Result<Response> evaluate_page(App& app, const Request&, GivenCase given) {
  Response out;
  TRY(out.body, service::page_of_given(app.services, given.case_));
  out.headers = {{"Content-Type", "text/html; charset=utf-8"}, {"Content-Security-Policy", service::policy_of_page()}, {"Cache-Control", "no-store"}};
  return out;
}

Result<Response> what_if(App& app, const Request&, service::CaseAsked given) {
  TRY(const auto out, service::what_if(app.services, given));
  return not_stored(out);
}

Result<Response> what_it_costs(App& app, const Request&, service::CostAsked given) {
  TRY(const auto out, service::cost(app.services, given));
  return not_stored(out);
}

Result<Response> whom_it_reaches(App& app, const Request&, service::CaseAsked given) {
  TRY(const auto out, service::reach(app.services, given));
  return not_stored(out);
}

Result<Response> departures_in(App& app, const Request&, service::DivergencesAsked given) {
  TRY(const auto out, service::divergences(app.services, given));
  return not_stored(out);
}

Result<Response> comment_on(App& app, const Request&, service::DivergencesAsked given) {
  Response out;
  TRY(out.body, service::comment(app.services, given));
  out.headers = {{"Content-Type", "text/markdown; charset=utf-8"}, {"Content-Disposition", "attachment; filename=\"comment.md\""}, {"Content-Security-Policy", "sandbox; default-src 'none'"}, {"Cache-Control", "no-store"}};
  return out;
}

}  // namespace takes

constinit const Read what_if = taking<takes::what_if>();
constinit const Read what_it_costs = taking<takes::what_it_costs>();
constinit const Read whom_it_reaches = taking<takes::whom_it_reaches>();
constinit const Read departures_in = taking<takes::departures_in>();
constinit const Read comment_on = taking<takes::comment_on>();
constinit const Read evaluate_given = taking<takes::evaluate_given>();
constinit const Read evaluate_page = taking<takes::evaluate_page>();

}  // namespace sluice::web::api
