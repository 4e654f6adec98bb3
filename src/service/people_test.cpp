#include <doctest/doctest.h>

#include "service/passwords.h"
#include "service/testing.h"
#include "store/db_test.h"

using namespace sluice;
using namespace sluice::service;
using access::OrganisationKind;
using access::SiteRole;
using store::AffiliationState;

namespace {

ErrorKind refused(SiteForTests& site, Work work) {
  const auto result = site.writer->run(std::move(work));
  REQUIRE_FALSE(result);
  return result.error().kind;
}

std::int64_t site_entries(SiteForTests& site) {
  constexpr store::Sql kCount{"count_site_entries", "SELECT COUNT(*) FROM entry WHERE stream = $1"};
  auto db = site.store->lease().value();
  return db->number(kCount, site.store->cells().tag("stream", "site")).value().value_or(0);
}

}  // namespace

TEST_CASE("organisations are added, read and changed, one entry each, and a stale change is refused") {
  store::on_each_engine([](const store::DatabaseUrl& url) {
    SiteForTests site({.database = url.engine() == store::Engine::Sqlite ? "sqlite::memory:" : url.target()});
    const auto id = site.organisation("Acme", OrganisationKind::Vendor);
    auto db = site.store->lease().value();
    auto row = store::organisation(*db, site.store->cells(), id).value();
    REQUIRE(row);
    CHECK(row->kind == OrganisationKind::Vendor);
    CHECK(store::organisations(*db, site.store->cells()).value().size() == 2);  // and the site's own
    CHECK(site_entries(site) == 1);

    auto profile = row->profile;
    profile.country = "DE";
    const auto changed = site.writer->run(change_organisation(site.services, SiteForTests::system(), id, profile, 1));
    REQUIRE(changed);
    CHECK(changed->etag == "2");
    CHECK(changed->acknowledgement);
    CHECK(refused(site, change_organisation(site.services, SiteForTests::system(), id, profile, 1)) == ErrorKind::Stale);
    CHECK(site_entries(site) == 2);
  });
}

TEST_CASE("the directory knows what was committed, at once, and keeps nothing that was read beside a change") {
  SiteForTests site;
  auto& directory = *site.services.directory;
  const Duration now{};  // of a clock that stands: nothing kept grows old
  const auto name_of = [&](OrganisationId id) { const auto rows = directory.rows(*site.store, now).value(); const auto found = rows->find(id); return found == rows->end() ? std::string() : found->second.profile.name; };
  const auto acme = site.organisation("Acme", OrganisationKind::Vendor);
  CHECK(name_of(acme) == "Acme");
  REQUIRE(site.writer->run([](Unit&) -> Result<Committed> { return Committed{}; }));  // the Work before this one, and with it its doubt, is gone
  CHECK(directory.rows(*site.store, now).value() == directory.rows(*site.store, now).value());
  const auto late = site.organisation("Late", OrganisationKind::Vendor);
  CHECK(name_of(late) == "Late");
  cvd::OrganisationProfile profile;
  profile.name = "Acme Holding";
  {
    auto work = change_organisation(site.services, SiteForTests::system(), acme, profile, 1);
    CHECK(name_of(acme) == "Acme");  // read while a change is under way: right now, and not kept
    REQUIRE(site.writer->run(std::move(work)));
  }
  CHECK(name_of(acme) == "Acme Holding");
}

TEST_CASE("people, passwords, sessions and tokens live through their round on each engine") {
  store::on_each_engine([](const store::DatabaseUrl& url) {
    SiteForTests site({.database = url.engine() == store::Engine::Sqlite ? "sqlite::memory:" : url.target()});
    auto& s = site.services;
    auto& v = site.doors.viewers;
    const auto system = SiteForTests::system();
    const auto acme = site.organisation("Acme", OrganisationKind::Vendor);
    const auto ana = site.person(acme, "Ana", "ana@acme.example");
    REQUIRE(site.writer->run(set_password(s, v, system, ana, "a horse that plays chess").value()));
    REQUIRE(site.doors.sign_in.with_password("ana@acme.example", "a horse that plays chess", "192.0.2.1"));
    const auto opened = site.writer->run(open_session(s, {.person = ana}, acme));
    REQUIRE(opened);
    const std::string cookie(string_at(opened->answer, "cookie"));
    const auto viewer = v.of_session(cookie);
    REQUIRE(viewer);
    REQUIRE(site.writer->run(step_up(s, v, {.viewer = *viewer}, {})));
    CHECK(sessions_of(s, *viewer)->size() == 1);
    const auto issued = site.writer->run(issue_token(s, {.viewer = *viewer}, {ana, {}, access::Scopes::all()}));
    REQUIRE(issued);
    const std::string token(string_at(issued->answer, "token"));
    REQUIRE(v.of_token(token));
    REQUIRE(site.writer->run([](Unit&) -> Result<Committed> { return Committed{}; }));
    const auto shown = tokens_of(s, *viewer, ana);
    REQUIRE(shown);
    CHECK(shown->at(0).last_used);
    REQUIRE(site.writer->run(change_affiliation(s, v, system, ana, acme, AffiliationState::Ended)));
    CHECK_FALSE(v.of_session(cookie));
    CHECK_FALSE(v.of_token(token));
    CHECK_FALSE(site.doors.sign_in.with_password("ana@acme.example", "a horse that plays chess", "192.0.2.1"));
    CHECK(site.person(acme, "Ana", "ana@acme.example") == ana);
    CHECK_FALSE(v.of_session(cookie));
    CHECK(site_entries(site) == 8);
  });
}

TEST_CASE("O1: the same address is the same person, affiliated again") {
  SiteForTests site;
  const auto acme = site.organisation("Acme", OrganisationKind::Vendor), other = site.organisation("Other", OrganisationKind::Vendor);
  const auto ana = site.person(acme, "Ana", "Ana@Example.ORG");
  CHECK(site.person(other, "Somebody", " ana@example.org ") == ana);
  CHECK(refused(site, add_person(site.services, SiteForTests::system(), acme, {"Ana", "ANA@example.org", SiteRole::Admin})) == ErrorKind::Conflict);
  const auto people = people_of(site.services, access::Viewer::system(), acme).value();
  REQUIRE(people.size() == 1);
  CHECK(people[0].mail == "Ana@example.org");
}

TEST_CASE("EXI-8: who adds a person by a known address sees the name that it gave, and nothing of what is set up elsewhere") {
  SiteForTests site;
  const auto acme = site.organisation("Acme", OrganisationKind::Vendor), other = site.organisation("Other", OrganisationKind::Vendor);
  const auto ana = site.person(acme, "Ana Alvarez", "ana@acme.example");
  REQUIRE(site.writer->run(set_password(site.services, site.doors.viewers, site.system(), ana, "walking slowly uphill twice").value()));
  const auto admin = site.asker(site.person(other, "Olaf", "olaf@other.example", SiteRole::Admin), other);
  const auto added = site.writer->run(add_person(site.services, admin, other, {"A. A.", "ANA@acme.example", SiteRole::Staff}));
  REQUIRE(added);
  const auto shown = [&](const access::Viewer& viewer, OrganisationId organisation, PersonId person) {
    const auto people = people_of(site.services, viewer, organisation).value();
    return *std::find_if(people.begin(), people.end(), [person](const auto& one) { return one.id == person; });
  };
  const auto by_other = shown(admin.viewer, other, ana);
  CHECK(by_other.name == "A. A.");
  CHECK(by_other.mail == "ANA@acme.example");
  CHECK_FALSE(by_other.has_password);
  CHECK_FALSE(by_other.has_factor);
  CHECK_FALSE(by_other.disabled);
  const auto by_system = shown(site.system().viewer, acme, ana);
  CHECK(by_system.name == "Ana Alvarez");
  CHECK(by_system.has_password == true);
  CHECK(shown(admin.viewer, other, *admin.viewer.person).has_password == false);
}

TEST_CASE("what is no mail address is refused") {
  for (const auto* text : {"", "ana", "@example.org", "ana@", "a na@example.org", "ana@b@example.org", "ana@.org", "ana@example..org", "ana\r\nBcc: x@example.org", "<ana@example.org>"})
    CHECK_MESSAGE(!normalised_mail(text), text);
  CHECK(normalised_mail("\tAna+x@EXAMPLE.org\n").value() == "Ana+x@example.org");
}

TEST_CASE("O2: nobody gives a role above the own, nor changes an equal") {
  SiteForTests site;
  const auto acme = site.organisation("Acme", OrganisationKind::Vendor), other = site.organisation("Other", OrganisationKind::Vendor);
  const auto own = site.open.file.organisation;
  const auto chief = site.person(acme, "Chief", "chief@acme.example", SiteRole::Admin), second = site.person(acme, "Second", "second@acme.example", SiteRole::Admin);
  const auto staff = site.person(acme, "Staff", "staff@acme.example"), root = site.person(own, "Root", "root@site.example", SiteRole::Admin);
  const auto as = [&](PersonId person, OrganisationId of) { return site.asker(person, of); };
  auto& s = site.services;
  auto& v = site.doors.viewers;

  CHECK(refused(site, add_organisation(s, as(chief, acme), OrganisationKind::Member, {.name = "New"})) == ErrorKind::Forbidden);
  CHECK(refused(site, add_person(s, as(staff, acme), acme, {"X", "x@acme.example", SiteRole::Staff})) == ErrorKind::Forbidden);
  CHECK(refused(site, add_person(s, as(chief, acme), other, {"X", "x@acme.example", SiteRole::Staff})) == ErrorKind::NotFound);
  CHECK(refused(site, add_person(s, as(chief, acme), acme, {"X", "x@acme.example", SiteRole::Trustee})) == ErrorKind::Forbidden);
  CHECK(site.writer->run(add_person(s, as(chief, acme), acme, {"X", "x@acme.example", SiteRole::Admin})));
  CHECK(refused(site, change_role(s, v, as(chief, acme), second, acme, SiteRole::Staff)) == ErrorKind::Forbidden);
  CHECK(site.writer->run(change_role(s, v, as(chief, acme), staff, acme, SiteRole::Counsel)));
  CHECK(site.writer->run(change_role(s, v, as(root, own), second, acme, SiteRole::Staff)));
  CHECK(refused(site, change_affiliation(s, v, as(second, acme), chief, acme, AffiliationState::Ended)) == ErrorKind::Forbidden);
  CHECK(people_of(s, as(root, own).viewer, acme).value().size() == 4);
  CHECK(people_of(s, as(chief, acme).viewer, other).error().kind == ErrorKind::NotFound);

  // Whoever also belongs elsewhere is not in the hands of one organisation's administrator.
  site.person(other, "Staff", "staff@acme.example");
  CHECK(set_password(s, v, as(chief, acme), staff, "a horse that plays chess").error().kind == ErrorKind::Forbidden);
  CHECK(set_password(s, v, as(root, own), staff, "a horse that plays chess"));
}

TEST_CASE("O4: the last administrator of the site stays") {
  SiteForTests site;
  const auto own = site.open.file.organisation;
  const auto root = site.person(own, "Root", "root@site.example", SiteRole::Admin);
  CHECK(refused(site, change_affiliation(site.services, site.doors.viewers, SiteForTests::system(), root, own, AffiliationState::Ended)) == ErrorKind::Conflict);
  CHECK(refused(site, change_role(site.services, site.doors.viewers, SiteForTests::system(), root, own, SiteRole::Staff)) == ErrorKind::Conflict);
  site.person(own, "Other", "other@site.example", SiteRole::Admin);
  CHECK(site.writer->run(change_affiliation(site.services, site.doors.viewers, SiteForTests::system(), root, own, AffiliationState::Ended)));
}

TEST_CASE("A3: instance administrator is exactly an admin acting for the site's own organisation") {
  SiteForTests site;
  const auto own = site.open.file.organisation, acme = site.organisation("Acme", OrganisationKind::Vendor);
  const auto root = site.person(own, "Root", "root@site.example", SiteRole::Admin);
  site.person(acme, "Root", "root@site.example", SiteRole::Admin);
  const auto staff = site.person(own, "Staff", "staff@site.example");
  CHECK(site.viewer(root, own).is_instance_admin);
  CHECK_FALSE(site.viewer(root, acme).is_instance_admin);
  CHECK_FALSE(site.viewer(root, acme).is_of_site);
  CHECK(site.viewer(staff, own).is_of_site);
  CHECK_FALSE(site.viewer(staff, own).is_instance_admin);
  CHECK_FALSE(viewer_for(site.services, staff, acme));
}

TEST_CASE("a command of somebody whose affiliation ended meanwhile does nothing") {
  SiteForTests site;
  const auto acme = site.organisation("Acme", OrganisationKind::Vendor);
  const auto chief = site.person(acme, "Chief", "chief@acme.example", SiteRole::Admin);
  auto late = add_person(site.services, site.asker(chief, acme), acme, {"X", "x@acme.example", SiteRole::Staff});
  REQUIRE(site.writer->run(change_affiliation(site.services, site.doors.viewers, SiteForTests::system(), chief, acme, AffiliationState::Suspended)));
  CHECK(refused(site, std::move(late)) == ErrorKind::Unauthenticated);
  CHECK(people_of(site.services, access::Viewer::system(), acme).value().size() == 1);
}

TEST_CASE("passwords: long enough, not common, not made of the own name or address") {
  struct Row { std::string password; bool good; };
  const Row rows[] = {
      {"short", false}, {"elevenchars", false}, {"passwordpassword", false}, {"Password2024!!", false}, {"qwertyuiop123", false}, {"aaaaaaaaaaaaaaaa", false}, {"ab1ab1ab1ab1ab1", false},
      {"123456789012", false}, {"Letmein!Letmein!", false}, {"ana.berg@acme.example", false}, {"AnaBerg-1234", false}, {"berg berg berg", false}, {std::string(1025, 'x') + "yz", false},
      {"a horse that plays chess", true}, {"Tr0ub4dor&3xyzzy", true}, {"月が綺麗ですね、本当にとても", true}, {"зимний вечер у окна", true}, {"493817264912", true}, {"berg and eleven more words", true}};
  for (const auto& row : rows) CHECK_MESSAGE(check_password(row.password, "Ana Berg", "ana.berg@acme.example").has_value() == row.good, row.password.substr(0, 40));
}

TEST_CASE("the first run's code makes one administrator, once") {
  SiteForTests site;
  auto& first_run = site.doors.first_run;
  const auto code = first_run.code().value();
  REQUIRE(code);
  CHECK(first_run.code().value() == code);
  CHECK(first_run.check("nonsense").error().kind == ErrorKind::NotFound);
  CHECK(first_run.create_administrator("nonsense", "Root", "root@site.example", "a horse that plays chess").error().kind == ErrorKind::NotFound);
  CHECK(first_run.create_administrator(*code, "Root", "root@site.example", "short").error().kind == ErrorKind::Invalid);
  auto one = first_run.create_administrator(*code, "Root", "root@site.example", "a horse that plays chess").value();
  auto two = first_run.create_administrator(*code, "Eve", "eve@site.example", "a horse that plays chess").value();
  const auto id = site.made<PersonId>(std::move(one));
  CHECK(refused(site, std::move(two)) == ErrorKind::NotFound);
  CHECK(site.viewer(id, site.open.file.organisation).is_instance_admin);
  CHECK_FALSE(first_run.code().value());
  CHECK(first_run.check(*code).error().kind == ErrorKind::NotFound);
  CHECK(site.doors.sign_in.with_password("root@site.example", "a horse that plays chess", "192.0.2.1"));
}

TEST_CASE("KEY-4: no name and no address stands clear in the database") {
  SiteForTests site({.database = "sqlite:" + (std::filesystem::temp_directory_path() / ("sluice-clear-" + SiteId::random().text() + ".db")).string()});
  const auto acme = site.organisation("Canarycompany", OrganisationKind::Vendor);
  const auto ana = site.person(acme, "Canaryname", "canarymail@acme.example");
  REQUIRE(site.writer->run(set_password(site.services, site.doors.viewers, SiteForTests::system(), ana, "a horse that plays chess").value()));
  for (const auto* end : {"", "-wal"}) {
    const auto path = site.open.database.target() + end;
    std::string text;
    if (FILE* file = std::fopen(path.c_str(), "rb")) {
      char buffer[65536];
      for (std::size_t n; (n = std::fread(buffer, 1, sizeof buffer, file)) > 0;) text.append(buffer, n);
      std::fclose(file);
    }
    for (const auto* canary : {"Canarycompany", "Canaryname", "canarymail", "argon2id"}) CHECK(text.find(canary) == std::string::npos);
  }
  for (const auto* end : {"", "-wal", "-shm"}) std::filesystem::remove(site.open.database.target() + end);
}
