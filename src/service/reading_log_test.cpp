#include "service/reading_log.h"

#include <doctest/doctest.h>

#include "service/testing.h"

using namespace sluice;
using namespace sluice::service;
using namespace std::chrono_literals;
using access::OrganisationKind;
using access::SiteRole;

namespace {

struct ReadingWorld {
  SteppedClock clock;
  SiteForTests site{{.clock = &clock}};
  Services& s = site.services;
  ReadingLog log{s};
  OrganisationId of_site = site.open.file.organisation, cert = site.organisation("CERT", OrganisationKind::Coordinator), acme = site.organisation("Acme", OrganisationKind::Vendor);
  PersonId root = site.person(of_site, "Root", "root@site.example", SiteRole::Admin), auditor = site.person(of_site, "Auditor", "auditor@site.example", SiteRole::Auditor);
  PersonId cory = site.person(cert, "Cory", "cory@cert.example"), head = site.person(cert, "Head", "head@cert.example", SiteRole::Admin);
  PersonId chief = site.person(acme, "Chief", "chief@acme.example", SiteRole::Admin), ana = site.person(acme, "Ana", "ana@acme.example");

  void read(PersonId person, OrganisationId organisation, int object) { log.note(site.viewer(person, organisation), "c_" + std::to_string(object)); }
  void settle() {
    log.flush();
    (void)site.writer->run([](Unit&) -> Result<Committed> { return Committed{}; });
  }
  AccessLog seen_by(PersonId person, OrganisationId organisation) { return for_tests::must(access_log(s, site.viewer(person, organisation))); }
};

}  // namespace

TEST_CASE("ACC-12: reads of coordinators and administrators are counted by the hour, and of nobody else") {
  ReadingWorld a;
  for (int i = 0; i < 3; ++i) a.read(a.cory, a.cert, i), a.read(a.cory, a.cert, i);
  a.read(a.chief, a.acme, 1);
  a.read(a.ana, a.acme, 1);
  a.log.note(access::Viewer::nobody(), "c_1");
  a.settle();
  a.clock.go_on(2h);
  a.read(a.cory, a.cert, 1);
  a.settle();
  const auto log = a.seen_by(a.root, a.of_site);
  REQUIRE(log.items.size() == 3);
  CHECK(log.items[0].person == a.cory);
  CHECK(log.items[0].cases == 1);
  const auto before = std::find_if(log.items.begin() + 1, log.items.end(), [&](const auto& row) { return row.person == a.cory; });
  REQUIRE(before != log.items.end());
  CHECK(before->cases == 3);
  CHECK(before->reads == 6);
  CHECK(std::none_of(log.items.begin(), log.items.end(), [&](const auto& row) { return row.person == a.ana; }));
  CHECK(log.alarms.empty());
}

TEST_CASE("more different cases in an hour than the set number raise one alarm; the same case again and again doesn't") {
  ReadingWorld a;
  a.s.settings.reading_alarm = 5;
  for (int i = 0; i < 100; ++i) a.read(a.cory, a.cert, i % 5);
  a.settle();
  CHECK(a.seen_by(a.root, a.of_site).alarms.empty());
  a.clock.go_on(59min);  // into the next hour of the clock: the window isn't the clock's
  a.read(a.cory, a.cert, 5);
  a.settle();
  const auto alarms = a.seen_by(a.root, a.of_site).alarms;
  REQUIRE(alarms.size() == 1);
  CHECK(alarms[0].person == a.cory);
  CHECK(alarms[0].cases == 6);
  CHECK(a.log.alarms() == 1);
  for (int i = 6; i < 20; ++i) a.read(a.cory, a.cert, i), a.settle();
  CHECK(a.seen_by(a.root, a.of_site).alarms.size() == 1);  // L2
  a.clock.go_on(61min);
  for (int i = 0; i < 5; ++i) a.read(a.cory, a.cert, i);
  a.settle();
  CHECK(a.seen_by(a.root, a.of_site).alarms.size() == 1);
  a.read(a.cory, a.cert, 6);
  a.settle();
  CHECK(a.seen_by(a.root, a.of_site).alarms.size() == 2);
}

TEST_CASE("the log is the site's for its administrators and auditors, an organisation's for its own, to others their own reading; never with what was read") {
  ReadingWorld a;
  a.s.settings.reading_alarm = 1;
  for (int i = 0; i < 2; ++i) a.read(a.cory, a.cert, i), a.read(a.chief, a.acme, i), a.read(a.head, a.cert, i);
  a.settle();
  CHECK(a.seen_by(a.root, a.of_site).items.size() == 3);
  CHECK(a.seen_by(a.auditor, a.of_site).alarms.size() == 3);
  CHECK(a.seen_by(a.head, a.cert).items.size() == 2);
  CHECK(a.seen_by(a.head, a.cert).alarms.size() == 2);
  CHECK(a.seen_by(a.chief, a.acme).items.size() == 1);
  const auto own = a.seen_by(a.cory, a.cert);
  REQUIRE(own.items.size() == 1);
  CHECK(own.items[0].person == a.cory);
  CHECK(a.seen_by(a.ana, a.acme).items.empty());
  CHECK(canonical(to_json(own)).find("c_") == std::string::npos);
  CHECK(access_log(a.s, access::Viewer::nobody()).error().kind == ErrorKind::Unauthenticated);
}
