// Organisations, people, tokens and sessions through the API.
#include "service/people.h"
#include "service/tokens.h"
#include "web/api/handlers.h"
#include "web/api/names.h"
#include "web/body.h"
#include "web/router.h"

namespace sluice::web::api {

namespace {

json::object organisation_json(const store::OrganisationRow& row) {
  auto out = to_json(row.profile).as_object();
  out["id"] = row.id.text();
  out["kind"] = to_word(row.kind);
  return out;
}

template <class List>
Response as_list(const List& list) {
  json::array items;
  for (const auto& item : list) items.push_back(to_json(item));
  return ok(json::object{{"items", std::move(items)}});
}

struct NewOrganisation {
  access::OrganisationKind kind = access::OrganisationKind::Member;
  cvd::OrganisationProfile profile;
};
BOOST_DESCRIBE_STRUCT(NewOrganisation, (), (kind, profile))

struct NewToken {
  std::optional<OrganisationId> organisation;
  std::string scopes;
  std::optional<Instant> expires;
};
BOOST_DESCRIBE_STRUCT(NewToken, (), (organisation, scopes, expires))

}  // namespace

Result<Response> whoami(App& app, const Request& request) {
  const auto& viewer = request.viewer;
  json::object out{{"kind", viewer.kind == access::Viewer::Kind::Machine ? "token" : "person"}};
  if (viewer.person) out["person"] = viewer.person->text();
  if (viewer.organisation) out["organisation"] = viewer.organisation->text();
  out["role"] = to_word(viewer.role);
  out["instance_admin"] = viewer.is_instance_admin;
  if (request.by_cookie) {  // a page's script: what its writes carry, and the site's time, which on a demo site isn't the machine's
    out["csrf"] = csrf_token(app, request);
    out["now"] = to_text(app.services.clock.now());
  }
  return ok(out);
}

Result<Response> list_organisations(App& app, const Request&) {
  TRY(const auto names, Names::load(app));
  json::array items;
  for (const auto& [id, row] : names.all()) items.push_back(organisation_json(row));
  return ok(json::object{{"items", std::move(items)}});
}

Result<Response> show_organisation(App& app, const Request& request) {
  TRY(const auto id, path_id<Organisation>(request, "organisation"));
  TRY(auto db, app.services.store.lease());
  TRY(const auto row, store::organisation(*db, app.services.cells(), id));
  if (!row) return fail(ErrorKind::NotFound, "There is no such organisation.");
  return ok(organisation_json(*row), std::to_string(row->version));
}

namespace takes {
Result<service::Work> add_organisation(App& app, const Request& request, NewOrganisation made) { return service::add_organisation(app.services, request.asker(), made.kind, std::move(made.profile)); }

Result<service::Work> change_organisation(App& app, const Request& request, cvd::OrganisationProfile profile) {
  TRY(const auto id, path_id<Organisation>(request, "organisation"));
  const auto wanted = request.http.header("if-match");
  if (wanted.size() < 3 || wanted.front() != '"') return fail(ErrorKind::PreconditionRequired, "Send If-Match with the ETag of the organisation you saw.");
  return service::change_organisation(app.services, request.asker(), id, std::move(profile), std::atoll(std::string(wanted.substr(1, wanted.size() - 2)).c_str()));
}
}  // namespace takes

constinit const Command add_organisation = taking<takes::add_organisation>();
constinit const Command change_organisation = taking<takes::change_organisation>();

Result<Response> list_people(App& app, const Request& request) {
  TRY(const auto id, path_id<Organisation>(request, "organisation"));
  TRY(const auto people, service::people_of(app.services, request.viewer, id));
  return as_list(people);
}

namespace takes {
Result<service::Work> add_person(App& app, const Request& request, service::NewPerson person) {
  TRY(const auto id, path_id<Organisation>(request, "organisation"));
  return service::add_person(app.services, request.asker(), id, std::move(person));
}
}  // namespace takes

constinit const Command add_person = taking<takes::add_person>();

Result<Response> list_tokens(App& app, const Request& request) {
  if (!request.viewer.person) return fail(ErrorKind::NotFound, "There are no tokens here.");
  TRY(const auto tokens, service::tokens_of(app.services, request.viewer, *request.viewer.person));
  return as_list(tokens);
}

namespace takes {
Result<service::Work> issue_token(App& app, const Request& request, NewToken wanted) {
  TRY(const auto scopes, service::token_scopes(wanted.scopes));
  if (!request.viewer.person) return fail(ErrorKind::Forbidden, "A person issues tokens.");
  return service::issue_token(app.services, request.asker(), {*request.viewer.person, wanted.organisation ? wanted.organisation : request.viewer.organisation, scopes, wanted.expires});
}

Result<service::Work> revoke_token(App& app, const Request& request, NoFields) {
  TRY(const auto id, path_id<TokenKind>(request, "token"));
  return service::revoke_token(app.services, app.doors.viewers, request.asker(), id);
}
}  // namespace takes

constinit const Command issue_token = taking<takes::issue_token>();
constinit const Command revoke_token = taking<takes::revoke_token>();

Result<Response> list_sessions(App& app, const Request& request) {
  TRY(const auto sessions, service::sessions_of(app.services, request.viewer));
  return as_list(sessions);
}

namespace takes {
Result<service::Work> end_session(App& app, const Request& request, NoFields) {
  TRY(const auto id, path_id<SessionKind>(request, "session"));
  return service::end_session(app.services, app.doors.viewers, request.asker(), id);
}
}  // namespace takes

constinit const Command end_session = taking<takes::end_session>();

}  // namespace sluice::web::api
