// What is due by law and policy over all of a viewer's cases.
#include "web/api/duties.h"

#include "web/api/handlers.h"
#include "web/cursor.h"

namespace sluice::web::api {

Result<service::DutiesAsked> duties_asked(const Request& request) {
  service::DutiesAsked out;
  if (const auto of = request.http.query_value("of"); of && !of->empty()) {
    if (*of != "own" && *of != "all") return fail(ErrorKind::Invalid, "Say own or all.", "of");
    out.of_all = *of == "all";
  }
  if (const auto states = request.http.query_value("state"); states && !states->empty()) {
    for (std::size_t at = 0; at <= states->size();) {
      const auto end = std::min(states->find(',', at), states->size());
      const auto word = states->substr(at, end - at);
      if (word != "open" && word != "missed" && word != "waiting" && word != "not-triggered") return fail(ErrorKind::Invalid, "Say open, missed, waiting or not-triggered, with commas between.", "state");
      out.states.emplace(word);
      at = end + 1;
    }
  }
  return out;
}

Result<Response> list_duties(App& app, const Request& request) {
  if (app.clocks == nullptr) return fail(ErrorKind::Unavailable, "The legal clocks are not running.");
  TRY(auto asked, duties_asked(request));
  TRY(asked.after, duties_after(app, request, "cursor"));
  TRY(const int limit, page_limit(request));
  asked.most = static_cast<std::size_t>(limit);
  TRY(auto found, app.clocks->duties(request.viewer, asked));
  json::array items, not_asked;
  for (const auto& one : found.items) {
    json::object item{{"case", one.id.text()}, {"title", one.title}, {"rule", one.rule}, {"citation", one.citation}, {"says", one.says}, {"force", one.force}, {"state", one.state}, {"on", one.on}, {"on_name", one.on_name}};
    if (!one.to.empty()) item["to"] = one.to;
    item["due"] = one.due.empty() ? json::value() : json::value(one.due);
    if (one.due_at) item["due_at"] = to_text(*one.due_at);
    item["verified"] = one.verified;
    item["why"] = one.why;
    if (one.own_word) item["rests_on"] = one.own_word->rests_on, item["without"] = one.own_word->without;
    items.push_back(std::move(item));
  }
  for (const auto& id : found.not_asked) not_asked.push_back(json::value(id.text()));
  json::object out{{"as_of", to_text(found.as_of)}, {"note", service::kNotAdvice}, {"items", std::move(items)}, {"clocked", found.clocked}, {"of", found.of}, {"complete", found.complete}, {"not_asked", std::move(not_asked)}};
  if (found.next) out["next"] = duties_from(app, request, *found.next);
  auto response = ok(out);
  deliver(response, app, request, std::move(found.deliveries));
  response.shows = std::move(found.shown);
  return response;
}

}  // namespace sluice::web::api
