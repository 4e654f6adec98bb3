// Recalls and their receipts, who has an object, planned releases to a wider audience, early sharing, and whose client an organisation is.
#include "web/api/recalls.h"

#include "service/clients.h"
#include "service/recalls.h"
#include "service/threat_intake.h"
#include "service/widening.h"
#include "web/api/handlers.h"
#include "web/body.h"
#include "web/cursor.h"

namespace sluice::web::api {

namespace {

struct ShareEarly {
  std::vector<json::value> objects;
  Instant at;
  std::string reason;
};
BOOST_DESCRIBE_STRUCT(ShareEarly, (), (objects, at, reason))

using schema::id_of;
using schema::instant;
using schema::list;
using schema::number;
using schema::object;
using schema::text;
using schema::text_of_form;

}  // namespace

json::object recalls_answer() {
  const auto answer = object({{"done", text_of_form("deleted|kept|passed_on")}, {"reason?", text()}, {"passed_on_to", list(text())}, {"by?", id_of<PersonId>()}});
  return object({{"items", list(object({{"id", text()}, {"collection", text()}, {"object", text()}, {"kind", text_of_form("revoked|deleted|recalled|narrowed")}, {"reason", text()}, {"at", instant()}, {"fetched", instant()}, {"answered?", instant()}, {"answer?", answer}}))},
                 {"next?", text()}});
}

json::object deliveries_answer() {
  const auto counts = object({{"told", number()}, {"answered", number()}, {"deleted", number()}, {"kept", number()}, {"passed_on", number()}});
  const auto told = object({{"organisation", id_of<OrganisationId>()}, {"name", text()}, {"told_at", instant()}, {"answered_at?", instant()}, {"done?", text()}, {"reason?", text()}, {"passed_on_to?", list(text())}});
  return object({{"collection", text()}, {"object", text()}, {"fetched", number()}, {"others", number()},
                 {"items", list(object({{"organisation", id_of<OrganisationId>()}, {"name", text()}, {"first", instant()}, {"versions", number()}}))},
                 {"recalls", list(object({{"id", text()}, {"at", instant()}, {"kind", text()}, {"reason", text()}, {"counts", counts}, {"told", list(told)}}))}});
}

json::object widenings_answer() {
  const auto widened = object({{"id", text()}, {"from", text()}, {"to", text()}, {"versions", number()}});
  return object({{"items", list(object({{"id", id_of<ReleaseId>()}, {"state", text_of_form("asked|planned|fired|withdrawn|refused|held")}, {"objects", list(widened)}, {"at", instant()}, {"asked_at", instant()}, {"reason", text()}, {"asked_by", id_of<PersonId>()},
                                        {"answered_by?", id_of<PersonId>()}, {"answered_at?", instant()}, {"ended_at?", instant()}, {"why_ended?", text()}, {"posted", number()}}))}});
}

json::object shared_early_answer() {
  const auto said = list(object({{"id", text()}, {"version", text()}, {"message?", text()}}));
  return object({{"id", text()}, {"status", text()}, {"request_timestamp", text()}, {"total_count", number()}, {"success_count", number()}, {"failure_count", number()}, {"pending_count", number()}, {"successes?", said}, {"failures?", said}, {"x_release?", id_of<ReleaseId>()}});
}
json::object clients_answer() { return object({{"items", list(object({{"organisation", id_of<OrganisationId>()}, {"name", text()}}))}}); }

Result<Response> list_recalls(App& app, const Request& request) {
  TRY(const auto place, open_cursor(app, request, "cursor"));
  TRY(const int limit, page_limit(request));
  std::optional<store::NoticePlace> after;
  if (place) after = store::NoticePlace{place->at("at").to_number<std::int64_t>(), std::string(string_at(*place, "recall"))};
  TRY(const auto found, service::recalls(app.services, request.viewer, after, limit));
  json::array items;
  for (const auto& one : found.items) items.push_back(to_json(one));
  json::object out{{"items", std::move(items)}};
  if (found.next) out["next"] = seal_cursor(app, request, {{"at", found.next->at}, {"recall", found.next->recall}});
  return ok(out);
}

Result<Response> show_object_deliveries(App& app, const Request& request) {
  TRY(const auto found, service::deliveries_of(app.services, request.asker(), path_word(request, "collection"), path_word(request, "object")));
  return ok(found);
}

Result<Response> list_widenings(App& app, const Request& request) {
  TRY(const auto all, service::widenings(app.services, request.viewer, path_word(request, "collection")));
  json::array items;
  for (const auto& one : all) {
    auto item = to_json(one).as_object();
    for (auto& object : item.at("objects").as_array()) object.as_object()["versions"] = object.at("versions").as_array().size();   // rows' numbers are nobody's
    items.push_back(std::move(item));
  }
  return ok(json::object{{"items", std::move(items)}});
}

Result<Response> list_clients(App& app, const Request& request) {
  TRY(const auto id, path_id<Organisation>(request, "organisation"));
  TRY(const auto all, service::clients_of(app.services, request.viewer, id));
  json::array items;
  for (const auto& [client, name] : all) items.push_back(json::object{{"organisation", client.text()}, {"name", name}});
  return ok(json::object{{"items", std::move(items)}});
}

namespace takes {

Result<service::Work> recall_object(App& app, const Request& request, service::CallBack given) {
  return service::recall_object(app.services, request.asker(), path_word(request, "collection"), path_word(request, "object"), std::move(given));
}
Result<service::Work> acknowledge_recall(App& app, const Request& request, service::AnswerRecall answer) { return service::answer_recall(app.services, request.asker(), path_word(request, "recall"), std::move(answer)); }
Result<service::Work> plan_widening(App& app, const Request& request, service::PlanWidening wanted) { return service::plan_widening(app.services, request.asker(), path_word(request, "collection"), std::move(wanted)); }

template <auto command>
Result<service::Work> on_widening(App& app, const Request& request, NoFields) {
  TRY(const auto id, path_id<ReleaseKind>(request, "widening"));
  return command(app.services, request.asker(), path_word(request, "collection"), id);
}

Result<service::Work> set_client(App& app, const Request& request, service::SetClient given) {
  TRY(const auto id, path_id<Organisation>(request, "organisation"));
  return service::set_client(app.services, request.asker(), id, given);
}

// The objects are taken from the body as it came, byte for byte.
Result<void> share_early(App& app, const Request& request, Give give) {
  TRY(auto given, from_json<ShareEarly>(request.body));
  TRY(auto intake, service::prepare_intake(app.services, request.asker(), path_word(request, "collection"), request.http.body, service::EarlyTerms{given.at, std::move(given.reason)}));
  service::put_intake(app.services, std::move(intake), [give = std::move(give)](Result<std::string> status) mutable {
    if (!status) return give(std::unexpected(status.error()));
    auto value = parse_json(*status, {.bytes = 64 << 20, .depth = 16, .keys = 1'000'000, .string = 1 << 20});
    if (!value) return give(std::unexpected(value.error()));
    give(ok(*value));
  });
  return {};
}

}  // namespace takes

constinit const Command recall_object = taking<takes::recall_object>();
constinit const Command acknowledge_recall = taking<takes::acknowledge_recall>();
constinit const Command plan_widening = taking<takes::plan_widening>();
constinit const Command approve_widening = taking<takes::on_widening<service::approve_widening>>();
constinit const Command refuse_widening = taking<takes::on_widening<service::refuse_widening>>();
constinit const Command withdraw_widening = taking<takes::on_widening<service::withdraw_widening>>();
constinit const Command set_client = taking<takes::set_client>();
constinit const Later share_early{takes::share_early, schema_of<ShareEarly>};

}  // namespace sluice::web::api
