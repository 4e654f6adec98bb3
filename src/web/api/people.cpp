// People of an organisation, second factors, break-glass and the access log through the API.
#include "service/people.h"
#include "service/break_glass.h"
#include "web/api/handlers.h"
#include "web/body.h"

namespace sluice::web::api {

namespace {

struct NewRole { access::SiteRole role = access::SiteRole::Staff; };
BOOST_DESCRIBE_STRUCT(NewRole, (), (role))
struct FirstCode { std::string ticket, code; };
BOOST_DESCRIBE_STRUCT(FirstCode, (), (ticket, code))

template <class List>
Response listed(const List& list) {
  json::array items;
  for (const auto& item : list) items.push_back(to_json(item));
  return ok(json::object{{"items", std::move(items)}});
}

struct InOrganisation { OrganisationId organisation; PersonId person; };
Result<InOrganisation> in_path(const Request& request) {
  InOrganisation out;
  TRY(out.organisation, path_id<Organisation>(request, "organisation"));
  TRY(out.person, path_id<Person>(request, "person"));
  return out;
}

Result<service::Work> change_affiliation(App& app, const Request& request, store::AffiliationState state) {
  TRY(const auto who, in_path(request));
  return service::change_affiliation(app.services, app.doors.viewers, request.asker(), who.person, who.organisation, state);
}

}  // namespace

namespace takes {
Result<service::Work> suspend_person(App& app, const Request& request, NoFields) { return change_affiliation(app, request, store::AffiliationState::Suspended); }
Result<service::Work> restore_person(App& app, const Request& request, NoFields) { return change_affiliation(app, request, store::AffiliationState::Active); }
Result<service::Work> end_person(App& app, const Request& request, NoFields) { return change_affiliation(app, request, store::AffiliationState::Ended); }
Result<service::Work> change_role(App& app, const Request& request, NewRole wanted) {
  TRY(const auto who, in_path(request));
  return service::change_role(app.services, app.doors.viewers, request.asker(), who.person, who.organisation, wanted.role);
}
Result<service::Work> disable_person(App& app, const Request& request, NoFields) {
  TRY(const auto id, path_id<Person>(request, "person"));
  return service::disable_person(app.services, app.doors.viewers, request.asker(), id);
}
Result<service::Work> enable_person(App& app, const Request& request, NoFields) {
  TRY(const auto id, path_id<Person>(request, "person"));
  return service::enable_person(app.services, app.doors.viewers, request.asker(), id);
}
Result<service::Work> ask_factor_reset(App& app, const Request& request, NoFields) {
  TRY(const auto id, path_id<Person>(request, "person"));
  return service::ask_factor_reset(app.services, app.doors.viewers, request.asker(), id);
}
Result<service::Work> confirm_factor_reset(App& app, const Request& request, NoFields) {
  TRY(const auto id, path_id<Person>(request, "person"));
  return service::confirm_factor_reset(app.services, app.doors.viewers, request.asker(), id);
}
Result<service::Work> refuse_factor_reset(App& app, const Request& request, NoFields) {
  TRY(const auto id, path_id<Person>(request, "person"));
  return service::refuse_factor_reset(app.services, request.asker(), id);
}

Result<Response> begin_factor(App& app, const Request& request, NoFields) {
  TRY(const auto begun, service::begin_factor(app.services, request.viewer));
  return ok(to_json(begun));
}
Result<service::Work> set_factor(App& app, const Request& request, FirstCode given) { return service::finish_factor(app.services, request.asker(), given.ticket, given.code); }
Result<service::Work> renew_recovery_codes(App& app, const Request& request, NoFields) { return service::renew_recovery_codes(app.services, request.asker()); }
Result<service::Work> drop_factor(App& app, const Request& request, NoFields) { return service::drop_own_factor(app.services, request.asker()); }

Result<service::Work> ask_to_break_glass(App& app, const Request& request, service::BreakGlass wanted) { return service::ask_to_break_glass(app.services, app.doors.viewers, request.asker(), std::move(wanted)); }
Result<service::Work> confirm_glass(App& app, const Request& request, NoFields) {
  TRY(const auto id, path_id<TwoPersonRequestKind>(request, "glass"));
  return service::confirm_glass(app.services, app.doors.viewers, request.asker(), id);
}
Result<service::Work> close_glass(App& app, const Request& request, NoFields) {
  TRY(const auto id, path_id<TwoPersonRequestKind>(request, "glass"));
  return service::close_glass(app.services, app.doors.viewers, request.asker(), id);
}
}  // namespace takes

constinit const Command suspend_person = taking<takes::suspend_person>();
constinit const Command restore_person = taking<takes::restore_person>();
constinit const Command end_person = taking<takes::end_person>();
constinit const Command change_role = taking<takes::change_role>();
constinit const Command disable_person = taking<takes::disable_person>();
constinit const Command enable_person = taking<takes::enable_person>();
constinit const Command ask_factor_reset = taking<takes::ask_factor_reset>();
constinit const Command confirm_factor_reset = taking<takes::confirm_factor_reset>();
constinit const Command refuse_factor_reset = taking<takes::refuse_factor_reset>();
constinit const Read begin_factor = taking<takes::begin_factor>();
constinit const Command set_factor = taking<takes::set_factor>();
constinit const Command renew_recovery_codes = taking<takes::renew_recovery_codes>();
constinit const Command drop_factor = taking<takes::drop_factor>();
constinit const Command ask_to_break_glass = taking<takes::ask_to_break_glass>();
constinit const Command confirm_glass = taking<takes::confirm_glass>();
constinit const Command close_glass = taking<takes::close_glass>();

Result<Response> show_factor(App& app, const Request& request) {
  TRY(const auto shown, service::factor_shown(app.services, request.viewer));
  return ok(to_json(shown));
}

Result<Response> list_glasses(App& app, const Request& request) {
  TRY(const auto all, service::glasses(app.services, request.viewer));
  return listed(all);
}

Result<Response> show_access_log(App& app, const Request& request) {
  TRY(const auto log, service::access_log(app.services, request.viewer));
  json::array items, alarms;
  for (const auto& row : log.items) items.push_back(to_json(row));
  for (const auto& row : log.alarms) alarms.push_back(to_json(row));
  return ok(json::object{{"items", std::move(items)}, {"alarms", std::move(alarms)}});
}

}  // namespace sluice::web::api
