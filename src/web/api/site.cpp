// The site itself: health, its ledger's key and head, the OpenAPI file, and on demo sites the clock.
#include "service/ticker.h"
#include "store/ledger_rows.h"
#include "web/api/handlers.h"
#include "web/body.h"
#include "web/openapi.h"

namespace sluice::web::api {

namespace {
Response text(std::string body) {
  Response out;
  out.headers = {{"Content-Type", "text/plain; charset=utf-8"}};
  out.body = std::move(body);
  return out;
}
}  // namespace

Result<Response> health(App&, const Request&) { return text("ok\n"); }

Result<Response> ready(App& app, const Request&) {
  if (app.services.writer.is_read_only()) return fail(ErrorKind::Unavailable, "This site takes no writes at the moment.", {}, {}, "read-only");
  TRY(auto db, app.services.store.lease());
  TRY(store::last_tick(*db));
  return text("ready\n");
}

Result<Response> openapi(App&, const Request&) {
  Response out;
  out.headers = {{"Content-Type", "application/json"}, {"Cache-Control", "no-cache"}};
  static const auto file = std::make_shared<const std::string>(openapi_file());   // the table doesn't change while the process runs
  out.shared_body = file;
  return out;
}

Result<Response> ledger_key(App& app, const Request&) { return text(app.services.site.keys->vkey() + "\n"); }

Result<Response> checkpoint(App& app, const Request&) {
  TRY(auto db, app.services.store.lease());
  TRY(const auto note, store::newest_checkpoint(*db));
  if (!note) return fail(ErrorKind::NotFound, "The first tick has not closed yet.");
  return text(*note);
}

namespace {
struct SetDemoClock { Instant to; };
BOOST_DESCRIBE_STRUCT(SetDemoClock, (), (to))
}  // namespace

namespace takes {
Result<service::Work> set_demo_clock(App& app, const Request& request, SetDemoClock wanted) {
  if (app.services.script == nullptr || !request.viewer.is_instance_admin) return fail(ErrorKind::NotFound, "Only a demo site has a clock that can be set.");
  const auto to = wanted.to;
  if (to < app.services.clock.now()) return fail(ErrorKind::Conflict, "Time goes forward only, here too.", "/to");
  app.services.script->set(to);
  return service::Work([to](service::Unit&) -> Result<service::Committed> {
    service::Committed out;
    out.answer["now"] = to_text(to);
    return out;
  });
}

Result<service::Work> demo_tick(App& app, const Request& request, NoFields) {
  if (app.services.script == nullptr || !request.viewer.is_instance_admin) return fail(ErrorKind::NotFound, "Only a demo site ticks on demand.");
  return service::close_tick(app.services);
}
}  // namespace takes

constinit const Command set_demo_clock = taking<takes::set_demo_clock>();
constinit const Command demo_tick = taking<takes::demo_tick>();

}  // namespace sluice::web::api
