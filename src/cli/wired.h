// Everything below the web, opened on a data directory and wired by hand: what `serve`, the demo and commands without a server work with.
//
// Members stand in the order they are made and go in the reverse: the Writer finishes before its store closes.
//
// Always holds
//   D1  Whoever has a Wired holds DIR/lock: nobody else writes to this site from this machine. (On PostgreSQL it is the same file for now, so two
//       machines on one database are kept apart by the Writer's lock on ledger_head alone.)
//   D2  A site made without --demo runs on the machine's clock. A demo site's clock is scripted; where it stands is kept in DIR/demo_clock.
#pragma once

#include <filesystem>
#include <memory>
#include <optional>

#include "service/doors.h"
#include "service/services.h"

namespace sluice::cli {

// The scripted clock of a demo site, kept in a file so that it goes on where it stopped. keep() is called about once a second and writes when the
// clock was moved, else each ten seconds; so after a crash it may be ten seconds behind.
class DemoClock {
 public:
  explicit DemoClock(std::filesystem::path data);
  service::ScriptedClock& clock() { return clock_; }
  void keep(bool now = false);

 private:
  std::filesystem::path file_;
  service::ScriptedClock clock_;
  Instant kept_{};
  Duration kept_at_{};
};

class Wired {
 public:
  struct Options {
    std::filesystem::path data;
    std::optional<std::filesystem::path> root_key;
    int readers = 1;
    service::Settings settings = {};
  };
  // Conflict, code "locked", while another process has it.
  static Result<std::unique_ptr<Wired>> open(const Options& options);
  ~Wired();

  service::SiteLock lock;
  service::OpenSite site;
  int migrated = 0;                               // migrations that were applied
  std::unique_ptr<DemoClock> demo_clock;          // demo sites only
  SystemClock system_clock;
  std::unique_ptr<store::Store> store;
  service::Bus bus;
  std::unique_ptr<service::Writer> writer;
  std::optional<service::Services> services;
  std::optional<service::Doors> doors;

 private:
  Wired(service::SiteLock held, service::OpenSite opened) : lock(std::move(held)), site(std::move(opened)) {}
};

}  // namespace sluice::cli
