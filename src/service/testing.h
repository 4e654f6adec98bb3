// A whole site for tests: keys in a folder of its own, a database in memory (or the one named), store, writer, doors. Gone with the fixture.
//
//   service::SiteForTests site;
//   const auto vendor = site.organisation("Acme", access::OrganisationKind::Vendor);
//   const auto ana = site.person(vendor, "Ana", "ana@acme.example");
//   auto viewer = viewer_for(site.services, ana, vendor);
#pragma once

#include <filesystem>
#include <stdexcept>

#include "service/doors.h"

namespace sluice::service {

// Stands still until it is told to go on; the monotonic clock with it.
class SteppedClock final : public Clock {
 public:
  explicit SteppedClock(Instant start = {1'800'000'000'000'000}) : now_(start.micros) {}
  void go_on(Duration by) { now_ += by.count(), monotonic_ += by.count(); }
  Instant now() const override { return {now_.load()}; }
  Duration monotonic() const override { return Duration{monotonic_.load()}; }

 private:
  std::atomic<std::int64_t> now_, monotonic_ = 3'600'000'000;
};

namespace for_tests {

template <class T>
T must(Result<T> result) {
  if (!result) throw std::runtime_error(result.error().message + " " + result.error().where + " " + result.error().code);
  if constexpr (!std::is_void_v<T>) return *std::move(result);
}

struct Folder {
  std::filesystem::path path = std::filesystem::temp_directory_path() / ("sluice-test-" + SiteId::random().text());
  Folder() { std::filesystem::create_directories(path); }
  Folder(const Folder&) = delete;
  ~Folder() { std::error_code ignored; std::filesystem::remove_all(path, ignored); }
};

}  // namespace for_tests

struct SiteOptionsForTests {
  bool demo = false;                                // its ScriptedClock is then services.script
  std::string database = "sqlite::memory:";
  Clock* clock = nullptr;                           // else the scripted one
  Instant start{1'800'000'000'000'000};             // 2027-01-15T08:00:00Z
  std::size_t cases = 2'000;                        // states of cases that the Writer keeps
};

struct SiteForTests {
  explicit SiteForTests(SiteOptionsForTests options = {})
      : script(options.start),
        clock(options.clock ? *options.clock : script),
        open(for_tests::must(init_site({.data = folder.path / "site", .database = options.database, .organisation_name = "Test site", .origin = "test.example/ledger", .demo = options.demo}, clock))),
        store(for_tests::must(store::Store::open(open.database, *open.keys, open.file.id, 4))),
        writer(for_tests::must(Writer::start(*store, clock, bus, {.cases = options.cases}))),
        services{open, clock, system_random(), *store, *writer, bus, {}, options.demo ? &script : nullptr},
        doors(services) {
    bus.listen([events = services.threat_events](const Change& change) {
      if (change.collection) events->posted({.collection = *change.collection});
    });
  }

  static Asker system() { return {.viewer = access::Viewer::system()}; }

  // The id in the answer; throws what the Writer answered otherwise.
  template <class I>
  I made(Work work) {
    const auto committed = for_tests::must(writer->run(std::move(work)));
    return I::parse(string_at(committed.answer, "id")).value();
  }

  OrganisationId organisation(std::string name, access::OrganisationKind kind) {
    cvd::OrganisationProfile profile;
    profile.name = std::move(name);
    return made<OrganisationId>(add_organisation(services, system(), kind, std::move(profile)));
  }
  PersonId person(OrganisationId of, std::string name, std::string mail, access::SiteRole role = access::SiteRole::Staff) {
    return made<PersonId>(add_person(services, system(), of, {std::move(name), std::move(mail), role}));
  }
  access::Viewer viewer(PersonId person, OrganisationId of) { return for_tests::must(viewer_for(services, person, of)); }
  Asker asker(PersonId person, OrganisationId of) { return {.viewer = viewer(person, of)}; }

  for_tests::Folder folder;
  ScriptedClock script;
  Clock& clock;
  OpenSite open;
  Bus bus;
  std::unique_ptr<store::Store> store;
  std::unique_ptr<Writer> writer;
  Services services;
  Doors doors;
};

}  // namespace sluice::service
