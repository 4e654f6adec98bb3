// Webhooks through the API: who follows a collection by being told.
#include "web/api/webhooks.h"

#include "service/webhooks.h"
#include "web/api/handlers.h"
#include "web/body.h"

namespace sluice::web::api {

namespace {

std::string webhook_in_path(const Request& request) {
  const auto found = request.path.find("webhook");
  return found == request.path.end() ? std::string() : found->second;
}

// What it says of attempts changes by itself.
Response of_this_moment(const json::value& value) {
  auto out = ok(value);
  out.headers.emplace_back("Cache-Control", "no-store");
  return out;
}

}  // namespace

json::object webhook_answer() { return schema_of<service::WebhookShown, OtherFields::ToCome>(); }
json::object webhooks_answer() { return schema::object({{"items", schema::list(webhook_answer())}}); }
json::object webhook_made_answer() { return schema::object({{"id", schema::text()}, {"secret", schema::text()}, {"entry?", schema::id_of<EntryId>()}, {"acknowledgement?", schema::ref("acknowledgement")}}); }
json::object webhook_secret_answer() { return schema::with(webhook_made_answer(), {{"old_until", schema::instant()}}); }

Result<Response> list_webhooks(App& app, const Request& request) {
  TRY(const auto all, service::webhooks(app.services, request.viewer));
  json::array items;
  for (const auto& one : all) items.push_back(to_json(one));
  return of_this_moment(json::object{{"items", std::move(items)}});
}

Result<Response> show_webhook(App& app, const Request& request) {
  TRY(const auto one, service::webhook(app.services, request.viewer, webhook_in_path(request)));
  return of_this_moment(to_json(one));
}

namespace takes {

Result<service::Work> add_webhook(App& app, const Request& request, service::NewWebhook wanted) { return service::add_webhook(app.services, request.asker(), std::move(wanted)); }

template <auto command>
Result<service::Work> on_webhook(App& app, const Request& request, NoFields) { return command(app.services, request.asker(), webhook_in_path(request)); }

}  // namespace takes

constinit const Command add_webhook = taking<takes::add_webhook>();
constinit const Command pause_webhook = taking<takes::on_webhook<service::pause_webhook>>();
constinit const Command resume_webhook = taking<takes::on_webhook<service::resume_webhook>>();
constinit const Command renew_webhook_secret = taking<takes::on_webhook<service::renew_webhook_secret>>();
constinit const Command test_webhook = taking<takes::on_webhook<service::test_webhook>>();
constinit const Command remove_webhook = taking<takes::on_webhook<service::remove_webhook>>();

}  // namespace sluice::web::api
