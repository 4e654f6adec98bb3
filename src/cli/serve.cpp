#include "cli/serve.h"

#include <csignal>
#include <thread>

#include "cli/admin.h"
#include "cli/every.h"
#include "cli/log.h"
#include "service/case_threats.h"
#include "service/erasure.h"
#include "service/legal_clocks.h"
#include "service/packs.h"
#include "service/peer_pulls.h"
#include "service/site_log.h"
#include "service/space.h"
#include "service/search.h"
#include "service/ticker.h"
#include "service/widening.h"
#include "service/vendor_contact.h"
#include "service/webhook_sender.h"
#include "store/ledger_rows.h"
#include "web/hub.h"
#include "web/router.h"
#include "web/taxii/answers.h"
#include "web/taxii/streams.h"

namespace sluice::cli {

using namespace std::chrono_literals;

// In the order they are made; they go in the reverse.
struct Serving::Parts {
  std::unique_ptr<Wired> wired;                   // site, lock, schema, clock, store, bus, writer, doors
  std::optional<ClockWatch> watch;
  std::optional<web::Hub> hub;
  std::optional<web::taxii::Streams> streams;
  std::optional<service::Search> search;
  std::optional<service::LegalClocks> clocks;
  std::optional<service::CaseThreats> case_threats;
  std::optional<service::Outbound> outbound;
  std::optional<service::VendorContacts> contacts;
  std::optional<service::PeerPulls> peers;
  std::optional<service::WebhookSender> webhooks;
  std::optional<web::App> app;
  std::optional<web::Router> router;
  std::unique_ptr<web::http::Server> http;
  std::unique_ptr<AdminSocket> admin;
  std::optional<service::Reserve> reserve;        // SQLite only
  std::mutex passing;
  std::atomic<bool> said_read_only = false, said_full = false, said_held = false;
  std::optional<Every> ticker, timer, checkpoints, storage, reading;

  void tick();
  void pass_time();
  void watch_storage();
  bool clocks_agree(Instant now);
  void trouble(std::string_view event, const Error& error);
};

namespace {

bool is_loopback(const std::string& host) { return host.starts_with("127.") || host == "::1"; }

void alarm(std::string_view event, const Error& error) { log(Level::Alarm, event, {{"code", error.code}, {"rule", error.rule}}); }  // the text may name what a log must not

// A command that is just ending holds the lock for a moment; a server holds it for good.
Result<std::unique_ptr<Wired>> open_site(const Wired::Options& options) {
  for (int tries = 0;; ++tries) {
    auto wired = Wired::open(options);
    if (wired || wired.error().code != "locked" || tries == 50) return wired;
    std::this_thread::sleep_for(100ms);
  }
}

// What was loosened for requests to the outside, for whoever reads the log later.
void log_outbound(const service::OutboundSettings& outbound) {
  for (const auto& network : outbound.allowed) log(Level::Warning, "outbound_allow", {{"network", to_text(network.base) + "/" + std::to_string(network.prefix)}});
  if (!outbound.ca_file.empty()) log(Level::Warning, "outbound_ca", {{"file", outbound.ca_file}});
  for (const auto& host : outbound.hosts) log(Level::Warning, "outbound_host", {{"name", host.name}, {"address", to_text(host.address)}, {"port", host.port}});
}

// A proxy on this machine that nobody named: all its visitors share one address, and with it one quota. Said once.
std::function<void(std::string_view)> hint_at_proxy() {
  return [said = std::make_shared<std::atomic_flag>()](std::string_view peer) {
    if (is_loopback(std::string(peer)) && !said->test_and_set())
      log(Level::Warning, "proxy_not_trusted", {{"hint", "A proxy on this machine forwards requests, and all its visitors count as one address. If it is yours, start with --trusted-proxy and its address."}});
  };
}

int cores() { return static_cast<int>(std::max(1u, std::thread::hardware_concurrency())); }

}  // namespace

Result<std::unique_ptr<Serving>> Serving::start(const ServeOptions& options) {
  const bool tls = !options.tls_cert.empty();
  if (!tls && !is_loopback(options.host) && !options.insecure_plain_http)
    return usage(
        "Plain HTTP to other machines would show tokens and cases to whoever listens on the way. Give --tls-cert and --tls-key, or listen on 127.0.0.1 behind a proxy "
        "(--insecure-plain-http if that proxy is on another machine).");
  if (!options.settings.intake_limits && !is_loopback(options.host)) return usage("--intake-limits off needs a loopback listener.");
  const int threads = std::max(4, 2 * cores());

  auto parts = std::make_unique<Parts>();
  TRY(parts->wired, open_site({.data = options.data, .root_key = options.root_key, .readers = threads + 4, .settings = options.settings}));
  auto& wired = *parts->wired;
  auto& services = *wired.services;
  auto& doors = *wired.doors;
  TRY(services.packs, service::Packs::load(options.packs));  // before anything runs: a pack with an error refuses the start
  std::optional<ClockWatch::LastTick> last;
  {
    TRY(auto db, services.store.lease());
    TRY(const auto clocks, store::clocks_of_last_tick(*db));
    if (clocks) last = ClockWatch::LastTick{clocks->wall, clocks->boottime, clocks->boot_id};
  }
  if (!options.settings.two_person) TRY(services.writer.run(service::write_second_person_off(services)));
  parts->watch.emplace(services.clock.now(), services.clock.monotonic(), last, service::boot_id());
  service::sweep_unfinished_heads(options.data);
  if (const auto placed = service::put_heads_outside(services); !placed) parts->trouble("checkpoint", placed.error());
  parts->hub.emplace(services);
  parts->streams.emplace(services, doors.viewers);
  parts->search.emplace(services);
  parts->clocks.emplace(services);
  parts->case_threats.emplace(services);
  parts->outbound.emplace(options.outbound);
  parts->contacts.emplace(services, *parts->outbound);
  parts->webhooks.emplace(services, doors.viewers, options.outbound);
  parts->app.emplace(web::App{services, doors, &*parts->hub, &*parts->contacts, &*parts->search, &*parts->clocks, &*parts->streams});
  parts->router.emplace(*parts->app, static_cast<std::size_t>(threads));

  web::http::Options http{.address = options.host, .port = options.port, .tls_cert_file = options.tls_cert, .tls_key_file = options.tls_key, .io_threads = cores() > 2 ? 2 : 1};
  http.client_certificates = options.client_certificates;
  http.trusted_proxies = options.trusted_proxies;
  http.forwarded_unheard = hint_at_proxy();
  http.refused = web::taxii::refused;
  http.own_headers = web::Router::security_headers();
  TRY(parts->http, web::http::Server::start(
                       http, [router = &*parts->router](web::http::Verb verb, std::string_view path) { return router->limits_of(verb, path); },
                       [router = &*parts->router](web::http::Request request, web::http::Respond respond) { router->handle(std::move(request), std::move(respond)); }));
  if (services.settings.public_url.empty()) services.settings.public_url = parts->http->url();
  TRY(parts->admin, AdminSocket::start(options.data, {services, doors, &*parts->watch}));

  if (wired.site.database.engine() == store::Engine::Sqlite) {
    parts->reserve.emplace(std::filesystem::path(wired.site.database.target()).parent_path());
    if (const auto taken = parts->reserve->take(); !taken) alarm("reserve", taken.error());
  }
  parts->storage.emplace(100ms, [p = parts.get()] { p->watch_storage(); });  // often: who reads something for the first time waits for the reserve
  parts->ticker.emplace(options.settings.tick, [p = parts.get()] { p->tick(); });
  parts->timer.emplace(services.script ? 250ms : 1s, [p = parts.get()] { p->pass_time(); });
  parts->reading.emplace(250ms, [&reading = doors.reading, told = std::make_shared<int>(0)] {
    reading.flush();
    if (const int alarms = reading.alarms(); alarms != *told) log(Level::Alarm, "reading_much", {{"alarms", alarms - *told}}), *told = alarms;
  });
  if (wired.site.database.engine() == store::Engine::Sqlite) {
    TRY(auto db, store::Db::open(wired.site.database));
    // Often, so that each has little to write through: what a large one writes holds up the log of whoever commits meanwhile.
    parts->checkpoints.emplace(100ms, [p = parts.get(), db = std::make_shared<store::Db>(std::move(db)), said = std::make_shared<bool>(false)] {
      if (p->wired->writer->is_read_only()) return;  // what could not be written through is not tried again (REL-2)
      const auto done = db->checkpoint();
      if (!done && (!*said || service::is_damage(done.error()))) p->trouble("checkpoint", done.error());   // a full disk is told once
      *said = !done;
    });
  }

  parts->peers.emplace(services, parts->outbound->settings());

  log(Level::Info, "start",
      {{"version", kVersion}, {"url", parts->http->url()}, {"demo", wired.site.file.demo}, {"migrations", wired.migrated}, {"tick", to_text(options.settings.tick)}});
  if (!options.settings.intake_limits) log(Level::Warning, "intake_limits_off");
  if (!options.settings.two_person) log(Level::Warning, "two_person_off");
  if (!tls && !is_loopback(options.host)) log(Level::Warning, "plain_http");
  log_outbound(options.outbound);
  for (const auto& [id, pack] : services.packs->library().packs) log(Level::Info, "pack", {{"regime", id}, {"edition", pack.edition}, {"hash", services.packs->hash_of(id)}});
  TRY(const auto code, doors.first_run.code());
  if (code && !wired.site.file.demo) log(Level::Warning, "first_run", {{"code", *code}, {"open", parts->http->url() + "/first-run"}});
  return std::unique_ptr<Serving>(new Serving(std::move(parts)));
}

void Serving::Parts::tick() {
  auto& services = *wired->services;
  // The clocks are looked at here too: a tick right after a jump must not write the new time down as trusted.
  if (services.script == nullptr) (void)clocks_agree(services.clock.now());
  const auto close = [&] { return wired->writer->run(service::close_tick(services, watch->held_by().value_or(Duration{})), service::Writer::Whose::Ledger); };
  auto closed = close();
  if (!closed && closed.error().code == "full" && reserve && reserve->give()) closed = close();  // this is what it was reserved for
  if (!closed) trouble("tick", closed.error());
  if (const auto placed = service::put_heads_outside(services); !placed) trouble("checkpoint", placed.error());
  if (wired->writer->is_read_only() || wired->writer->is_full()) return;
  if (const auto erased = service::finish_erasures(services); !erased) trouble("erasure", erased.error());
}

void Serving::Parts::trouble(std::string_view event, const Error& error) {
  if (service::is_damage(error)) wired->writer->stop_writing();  // REL-2: whoever meets it
  alarm(event, error);
}

bool Serving::Parts::clocks_agree(Instant now) {
  const bool agree = watch->may_fire(now, wired->services->clock.monotonic());
  if (!said_held.exchange(!agree) && !agree) log(Level::Alarm, "clock_jumped", watch->state());
  return agree;
}

// Says once what happened to the storage, and lets commands in again when a full disk has room (REL-3): looked at all the time.
void Serving::Parts::watch_storage() {
  auto& writer = *wired->writer;
  if (writer.is_read_only() && !said_read_only.exchange(true))
    log(Level::Alarm, "read_only", {{"hint", "The disk, the database or the ledger is damaged: nothing more is written. Run `sluice ledger verify`, look at the disk, then start again."}});
  if (!writer.is_full()) return;
  if (!said_full.exchange(true)) log(Level::Alarm, "disk_full", {{"hint", "Commands are refused until there is space; reading and the ledger's ticks go on."}});
  if (reserve) {
    reserve->give();
    if (!reserve->is_room() || !reserve->take()) return;
  }
  writer.space_again();
  if (said_full.exchange(false)) log(Level::Info, "disk_has_space");
}

// Never early: nothing fires by a clock that jumped (REL-6). A scripted clock is meant to jump.
void Serving::Parts::pass_time() {
  std::scoped_lock lock(passing);
  auto& services = *wired->services;
  const auto now = services.clock.now();
  if (services.script != nullptr) {
    wired->demo_clock->keep();
  } else {
    if (!clocks_agree(now)) return;
  }
  if (wired->writer->is_read_only()) return;
  if (const auto passed = service::pass_time(services, now); !passed) trouble("timer", passed.error());
  if (const auto fired = service::fire_widenings(services, now); !fired) trouble("widening", fired.error());
}

Serving::Serving(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}

Serving::~Serving() {
  if (parts_->peers) parts_->peers->stop();
  if (parts_->webhooks) parts_->webhooks->wind_down();
  parts_->streams->wind_down();  // who waits for a page holds a request open
  if (parts_->http) parts_->http->stop(3s);
  parts_->reading.reset();
  parts_->wired->doors->reading.flush();
  parts_->checkpoints.reset();
  parts_->storage.reset();
  parts_->timer.reset();
  parts_->ticker.reset();
  parts_->admin.reset();
  parts_->router->stop();
  parts_->outbound->stop();  // its answers go through the router
  // Answers of writes that still wait go through the router: it stays until the Writer has given all of them.
  (void)parts_->wired->writer->run([](service::Unit&) -> Result<service::Committed> { return service::Committed{}; });
  parts_->tick();  // what was written since the last one doesn't rest on the head alone
  log(Level::Info, "stop");
}

std::string Serving::url() const { return parts_->http->url(); }
service::Services& Serving::services() { return *parts_->wired->services; }
service::Doors& Serving::doors() { return *parts_->wired->doors; }
Result<void> Serving::look_at_threats() {
  TRY(parts_->case_threats->look());
  return {};
}

void Serving::pass_time() { parts_->pass_time(); }

Result<void> read_listen(const std::string& text, ServeOptions& into) {
  const auto colon = text.rfind(':');
  if (colon == text.npos) return usage("--listen takes an address and a port: 127.0.0.1:8080, [::1]:8080. Port 0 picks a free one.");
  auto host = text.substr(0, colon);
  if (host.starts_with('[') && host.ends_with(']')) host = host.substr(1, host.size() - 2);
  int port = 0;
  const auto digits = text.substr(colon + 1);
  for (const char c : digits) port = c >= '0' && c <= '9' && port <= 65'535 ? port * 10 + (c - '0') : 70'000;
  if (digits.empty() || port > 65'535) return usage("--listen takes a port from 0 to 65535.");
  into.host = host.empty() || host == "localhost" ? "127.0.0.1" : host;
  into.port = static_cast<std::uint16_t>(port);
  return {};
}

namespace {
sigset_t ending() {
  sigset_t set;
  sigemptyset(&set);
  for (const int signal : {SIGTERM, SIGINT, SIGHUP}) sigaddset(&set, signal);
  return set;
}
}  // namespace

void hold_signals() {
  const auto set = ending();
  pthread_sigmask(SIG_BLOCK, &set, nullptr);
}

bool end_is_asked() {
  sigset_t waiting;
  sigemptyset(&waiting);
  sigpending(&waiting);
  return sigismember(&waiting, SIGTERM) == 1 || sigismember(&waiting, SIGINT) == 1 || sigismember(&waiting, SIGHUP) == 1;
}

void wait_for_end() {
  const auto set = ending();
  int signal = 0;
  while (sigwait(&set, &signal) != 0) {}
  // What was answered is on disk, so whatever still runs after this may be cut.
  std::thread([] {
    std::this_thread::sleep_for(4700ms);
    std::_Exit(0);
  }).detach();
}

}  // namespace sluice::cli
