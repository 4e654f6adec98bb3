#include "cli/wired.h"

#include "cli/console.h"
#include "service/advisory_key.h"
#include "store/migrate.h"

namespace sluice::cli {

DemoClock::DemoClock(std::filesystem::path data) : file_(std::move(data) / "demo_clock"), clock_(SystemClock().now()) {
  const auto text = read_input(file_.string(), 100);
  if (!text) return;
  auto line = *text;
  while (!line.empty() && line.back() == '\n') line.pop_back();
  if (const auto instant = parse_instant(line)) clock_.set(*instant);
}

void DemoClock::keep(bool now) {
  const auto instant = clock_.now();
  const auto at = clock_.monotonic();
  const auto expected = kept_ + (at - kept_at_);
  const bool moved = instant > expected + std::chrono::seconds(1) || instant < expected - std::chrono::seconds(1);
  if (!now && !moved && at - kept_at_ < std::chrono::seconds(10)) return;
  if (!write_output(file_.string(), to_text(instant) + "\n")) return;  // a full disk: the next second tries again
  kept_ = instant;
  kept_at_ = at;
}

Result<std::unique_ptr<Wired>> Wired::open(const Options& options) {
  // The lock before the keys: whoever goes on through a running server's socket needs no root key.
  if (!std::filesystem::exists(options.data / "site.json"))
    return fail(ErrorKind::NotFound, "There is no site in this directory. Make one with `sluice init --data DIR`.", options.data.string());
  TRY(auto lock, service::SiteLock::take(options.data));
  TRY(auto site, service::open_site(options.data, options.root_key));
  std::unique_ptr<Wired> wired(new Wired(std::move(lock), std::move(site)));
  if (wired->site.file.demo) wired->demo_clock = std::make_unique<DemoClock>(options.data);
  service::ScriptedClock* script = wired->demo_clock ? &wired->demo_clock->clock() : nullptr;
  Clock& clock = script ? static_cast<Clock&>(*script) : wired->system_clock;
  // A site has a database from its first moment. One that isn't where the file `database` says is not to be replaced by an empty one.
  if (const auto& database = wired->site.database; database.engine() == store::Engine::Sqlite && !database.is_memory() && !std::filesystem::exists(database.target()))
    return fail(ErrorKind::Unavailable, "The site's database is not there: " + database.target() + ". Restore it from a backup, or correct the file `database` in the data directory.", {}, "REL-10", "no-database");
  {
    TRY(auto db, store::Db::open(wired->site.database));
    TRY(wired->migrated, store::migrate(db, store::all_migrations()));
    TRY(wired->site.advisory_key, service::advisory_key(db, wired->site, clock.now()));
  }

  TRY(wired->store, store::Store::open(wired->site.database, *wired->site.keys, wired->site.file.id, options.readers));
  TRY(wired->writer, service::Writer::start(*wired->store, clock, wired->bus));
  wired->services.emplace(service::Services{wired->site, clock, system_random(), *wired->store, *wired->writer, wired->bus, options.settings, script});
  wired->bus.listen([events = wired->services->threat_events](const service::Change& change) {
    if (change.collection) events->posted({.collection = *change.collection});
  });
  wired->doors.emplace(*wired->services);
  return wired;
}

Wired::~Wired() {
  if (demo_clock) demo_clock->keep(true);
}

}  // namespace sluice::cli
