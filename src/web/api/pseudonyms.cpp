// Pseudonyms of members in collections, and who is asked whose one is (service/pseudonyms.h, service/reveals.h).
#include "web/api/pseudonyms.h"

#include "service/pseudonyms.h"
#include "service/reveals.h"
#include "web/api/handlers.h"
#include "web/body.h"

namespace sluice::web::api {

namespace {

using schema::flag;
using schema::id_of;
using schema::instant;
using schema::list;
using schema::number;
using schema::object;
using schema::text;
using schema::text_of_form;

Response never_kept(const json::value& value) {
  auto out = ok(value);
  out.headers.emplace_back("Cache-Control", "no-store");
  return out;
}

}  // namespace

json::object pseudonyms_answer() {
  const auto policy = object({{"k", number()}, {"says", text()}, {"apart_minutes", number()}, {"trustee", id_of<OrganisationId>()}});
  const auto revealed = object({{"id", id_of<TwoPersonRequestId>()}, {"at", instant()}, {"reason", text()}, {"asked_for", id_of<OrganisationId>()}});
  return object({{"policy?", policy}, {"items", list(object({{"name", text()}, {"identity", text()}, {"in_use", flag()}, {"made", instant()}, {"sector", text()}, {"region", text()}, {"among", number()}, {"revealed", list(revealed)}}))}});
}

json::object reveals_answer() {
  return object({{"items", list(object({{"id", id_of<TwoPersonRequestId>()}, {"pseudonym", text()}, {"collection", text()}, {"state", text_of_form("asked|agreed|revealed|refused")}, {"reason", text()}, {"asked_at", instant()},
                                        {"asked_by", id_of<PersonId>()}, {"asked_for", id_of<OrganisationId>()}, {"agreed_by?", id_of<PersonId>()}, {"confirmed_by?", id_of<PersonId>()}, {"refused_by?", id_of<PersonId>()},
                                        {"answered_at?", instant()}, {"why_refused?", text()}, {"member?", id_of<OrganisationId>()}}))}});
}

Result<Response> list_pseudonyms(App& app, const Request& request) {
  TRY(const auto shown, service::pseudonyms(app.services, request.viewer, path_word(request, "collection")));
  auto out = to_json(shown).as_object();
  if (!out.contains("items")) out["items"] = json::array{};
  for (auto& one : out.at("items").as_array())
    if (!one.as_object().contains("revealed")) one.as_object()["revealed"] = json::array{};
  return never_kept(out);
}

Result<Response> list_reveals(App& app, const Request& request) {
  TRY(const auto all, service::reveals(app.services, request.viewer));
  json::array items;
  for (const auto& one : all) items.push_back(to_json(one));
  return never_kept(json::object{{"items", std::move(items)}});
}

namespace takes {

Result<service::Work> set_pseudonym_policy(App& app, const Request& request, service::SetPseudonymPolicy policy) {
  return service::set_pseudonym_policy(app.services, request.asker(), path_word(request, "collection"), std::move(policy));
}
Result<service::Work> take_pseudonym(App& app, const Request& request, NoFields) { return service::take_pseudonym(app.services, request.asker(), path_word(request, "collection")); }
Result<service::Work> bind_token(App& app, const Request& request, service::BindToken given) {
  return service::bind_token(app.services, app.doors.viewers, request.asker(), path_word(request, "pseudonym"), given);
}
Result<service::Work> ask_reveal(App& app, const Request& request, service::AskReveal wanted) { return service::ask_reveal(app.services, request.asker(), path_word(request, "pseudonym"), std::move(wanted)); }
Result<service::Work> agree_to_reveal(App& app, const Request& request, NoFields) {
  TRY(const auto id, path_id<TwoPersonRequestKind>(request, "reveal"));
  return service::agree_to_reveal(app.services, request.asker(), id);
}
Result<service::Work> refuse_reveal(App& app, const Request& request, service::RefuseReveal given) {
  TRY(const auto id, path_id<TwoPersonRequestKind>(request, "reveal"));
  return service::refuse_reveal(app.services, request.asker(), id, std::move(given));
}

}  // namespace takes

constinit const Command set_pseudonym_policy = taking<takes::set_pseudonym_policy>();
constinit const Command take_pseudonym = taking<takes::take_pseudonym>();
constinit const Command bind_token = taking<takes::bind_token>();
constinit const Command ask_reveal = taking<takes::ask_reveal>();
constinit const Command agree_to_reveal = taking<takes::agree_to_reveal>();
constinit const Command refuse_reveal = taking<takes::refuse_reveal>();

}  // namespace sluice::web::api
