// Parties and flaws as laws are told of them: by tables, a row a rule.
#include "service/regime_facts_testing.h"

namespace sluice::service::facts_test {

namespace {

using Kind = access::OrganisationKind;
using cvd::Letter;

std::vector<std::string> ids(const CaseScenario& scenario) {
  std::vector<std::string> out;
  for (const auto& one : scenario.given.at("parties").as_array()) out.emplace_back(string_at(one, "id"));
  return out;
}
bool has_party(const FactsOfCase& c, OrganisationId id) { return c.of_party(id, "/role") != "no party"; }

}  // namespace

TEST_CASE("a role follows from the kind of an organisation, from its part in the case, from a flag, from what it makes: in that order") {
  FactsOfCase c;
  const auto role = [&] { return role_for_law(c.fold, c.rows, c.guest); };
  CHECK(role() == "member");   // of whom nothing is known
  for (const auto& [kind, word] : {std::pair{Kind::Vendor, "vendor"}, {Kind::Coordinator, "coordinator"}, {Kind::Finder, "finder"}, {Kind::Authority, "authority"}, {Kind::Operator, "operator"}, {Kind::Member, "member"}}) {
    c.add(c.guest, kind, "FR");
    CHECK(role() == word);
  }
  for (const auto& [part, word] : {std::pair{cvd::Role::Vendor, "vendor"}, {cvd::Role::Coordinator, "coordinator"}, {cvd::Role::Deployer, "operator"}, {cvd::Role::Finder, "finder"}, {cvd::Role::Reporter, "finder"}, {cvd::Role::Cna, "coordinator"}, {cvd::Role::Observer, "member"}}) {
    c.join(c.guest, {part});
    CHECK(role() == word);
  }
  // An authority stays one, whatever it does in the case, unless it coordinates.
  c.add(c.guest, Kind::Authority, "FR");
  for (const auto& [part, word] : {std::pair{cvd::Role::Finder, "authority"}, {cvd::Role::Deployer, "authority"}, {cvd::Role::Coordinator, "coordinator"}}) {
    c.join(c.guest, {part});
    CHECK(role() == word);
  }
  for (const auto* flag : {"steward", "collector", "agency", "registrant", "controller"}) {
    CHECK(is_role_by_flag(flag));
    c.rows.at(c.guest).profile.flags = {"essential", flag};
    CHECK(role() == flag);
  }
  CHECK_FALSE(is_role_by_flag("vendor"));
  // Who makes a product is its vendor, but for a steward of free software.
  c.fold.products.front().vendor = c.guest;
  for (const auto* flag : {"collector", "agency", "registrant", "controller"}) {
    c.rows.at(c.guest).profile.flags = {flag};
    CHECK(role() == "vendor");
  }
  c.rows.at(c.guest).profile.flags = {"steward"};
  CHECK(role() == "steward");
  CHECK(role_for_law(c.fold, c.rows, c.lead) == "coordinator");
  c.fold.owner_is_vendor = true;
  CHECK(role_for_law(c.fold, c.rows, c.lead) == "vendor");
}

TEST_CASE("parties are who takes part, who makes the products and who reported; who left, or was only asked, is none") {
  FactsOfCase c;
  CHECK(ids(c.all().front()) == std::vector<std::string>{c.lead.text(), c.maker.text(), c.other.text()});
  c.add(c.guest, Kind::Operator, "FR");
  c.join(c.guest, {cvd::Role::Deployer});
  CHECK(has_party(c, c.guest));
  auto& guest = c.fold.participants.at(c.guest);
  guest.admission = cvd::Admission::None;
  CHECK_FALSE(has_party(c, c.guest));
  guest.admission = cvd::Admission::Invited;
  guest.confirmed_at.reset();
  CHECK_FALSE(has_party(c, c.guest));
  c.terms("2026-12-01T00:00:00Z", {c.lead});
  CHECK_FALSE(has_party(c, c.guest));
  // But who signed the terms, or learned of the flaw before, has a part in it.
  c.terms("2026-12-01T00:00:00Z", {c.lead, c.guest});
  CHECK(has_party(c, c.guest));
  c.fold.terms.clear();
  c.claim(c.guest, Letter::X, "2026-10-03T08:00:00Z");
  CHECK(has_party(c, c.guest));
  c.fold.claims.clear();
  // Where parties are named, who is only asked is one if it is named.
  c.considered.parties = {c.guest};
  CHECK(has_party(c, c.guest));
  // A product whose maker this view doesn't know makes nobody a party.
  c.considered.parties.clear();
  c.fold.products.push_back({.id = ProductId::random(), .vendor = {}, .name = "Unknown"});
  CHECK(ids(c.all().front()) == std::vector<std::string>{c.lead.text(), c.maker.text(), c.other.text()});
}

TEST_CASE("where parties are named, they are the only ones beside the lead, makers and reporters; of one provider, beside that one") {
  FactsOfCase c;
  c.add(c.guest, Kind::Operator, "FR");
  c.join(c.guest, {cvd::Role::Deployer});
  c.considered.parties = {c.maker};
  CHECK(ids(c.all().front()) == std::vector<std::string>{c.lead.text(), c.maker.text(), c.other.text()});
  c.considered.only_provider = c.maker;
  CHECK(ids(c.all().front()) == std::vector<std::string>{c.lead.text(), c.maker.text()});
  c.considered.own = c.guest;
  CHECK(has_party(c, c.guest));
  c.considered.own.reset();
  c.considered.parties.clear();
  CHECK(has_party(c, c.other));
  c.fold.participants.erase(c.other);   // a maker that is no participant
  CHECK(has_party(c, c.other));
}

TEST_CASE("whoever reports is a finder, unless its part in the case says otherwise; an anonymous reporter is a party by its report") {
  FactsOfCase c;
  c.add(c.guest, Kind::Member, "FR");
  c.report(c.guest, c.lead, "2026-10-01T09:00:00Z");
  CHECK(c.of_party(c.guest, "/role") == "finder");
  c.add(c.guest, Kind::Vendor, "FR");
  CHECK(c.of_party(c.guest, "/role") == "finder");
  c.join(c.guest, {cvd::Role::Deployer});
  c.considered.parties = {c.lead};             // so that it comes in as the reporter
  CHECK(c.of_party(c.guest, "/role") == "operator");
  c.fold.reports.front().reporter.reset();
  const auto id = c.fold.reports.front().id.text();
  const auto all = c.all();
  CHECK(c.of_party(all.front(), id, "/role") == "finder");
  CHECK(c.origin(all.front(), "/parties/" + id + "/role") == "case an anonymous reporter");
}

TEST_CASE("what a profile says of a party stands with it: its seat is the first of its places, and there once") {
  FactsOfCase c;
  auto& profile = c.rows.at(c.maker).profile;
  CHECK(c.of_party(c.maker, "/established") == "DE");
  CHECK(c.of_party(c.maker, "/operates_in") == R"(["DE"])");
  profile.jurisdictions = {"FR", "US"};
  CHECK(c.of_party(c.maker, "/operates_in") == R"(["DE","FR","US"])");
  profile.jurisdictions = {"FR", "DE"};
  CHECK(c.of_party(c.maker, "/operates_in") == R"(["FR","DE"])");
  CHECK(c.of_party(c.maker, "/sectors") == "-");
  profile.sectors = {"energy"};
  CHECK(c.of_party(c.maker, "/sectors") == R"(["energy"])");
  const auto pointer = [&](const char* key) { return "/parties/" + c.maker.text() + "/" + key; };
  for (const auto* key : {"established", "operates_in", "sectors"}) CHECK(c.origin(pointer(key)) == "profile " + c.maker.text());
  CHECK(c.origin(pointer("role")) == "entry " + c.maker.text());
  CHECK(c.origin("/parties/" + c.lead.text() + "/role") == "profile " + c.lead.text());   // it has no role in the case beside its kind
  profile.country.reset();
  CHECK(c.of_party(c.maker, "/established") == "-");
  CHECK(c.of_party(c.maker, "/operates_in") == R"(["FR","DE"])");
}

TEST_CASE("whoever the case went on without doesn't answer, and is said not to once") {
  FactsOfCase c;
  const auto flags = [&](OrganisationId id) { return c.of_party(id, "/flags"); };
  const auto pointer = "/parties/" + c.maker.text() + "/flags";
  CHECK(flags(c.maker) == "-");
  c.rows.at(c.maker).profile.flags = {"essential"};
  CHECK(c.origin(pointer) == "profile " + c.maker.text());
  c.fold.proceeded_without.push_back({.organisation = c.maker});
  CHECK(flags(c.maker) == R"(["essential","unresponsive"])");
  CHECK(flags(c.other) == "-");
  CHECK(c.origin(pointer) == "entry " + c.maker.text());
  c.rows.at(c.maker).profile.flags = {"unresponsive"};
  CHECK(flags(c.maker) == R"(["unresponsive"])");
}

// ---- flaws -------------------------------------------------------------------------------------------------------------------------------------

TEST_CASE("a flaw is public once it, or an exploit, was: from the earlier of both, and not before the instant that is asked about") {
  for (const auto letter : {Letter::P, Letter::X}) {
    FactsOfCase c;
    CHECK(c.fact("/vulnerability/state") == "undisclosed");
    c.fold.vulnerabilities.front().facts[letter] = {instant("2026-10-05T00:00:00Z"), instant("2026-10-06T00:00:00Z")};
    CHECK(c.fact("/vulnerability/state") == "public");
    CHECK(c.event("vuln.public") == "2026-10-05T00:00Z");
    CHECK(c.origin("/vulnerability/state") == "entry " + c.flaw.text());
    c.fold.vulnerabilities.front().facts[letter] = {instant("2026-10-11T00:00:00Z"), instant("2026-10-06T00:00:00Z")};
    CHECK(c.fact("/vulnerability/state") == "undisclosed");
    CHECK(c.event("vuln.public") == "-");
  }
  for (const auto& [published, exploit] : {std::pair{"2026-10-05T00:00:00Z", "2026-10-07T00:00:00Z"}, {"2026-10-07T00:00:00Z", "2026-10-05T00:00:00Z"}}) {
    FactsOfCase c;
    c.fold.vulnerabilities.front().facts = {{Letter::P, {instant(published), instant(published)}}, {Letter::X, {instant(exploit), instant(exploit)}}};
    CHECK(c.event("vuln.public") == "2026-10-05T00:00Z");
  }
}

TEST_CASE("a flaw is attacked when that is recorded; suspected while an open claim on it, or a report, says so") {
  FactsOfCase c;
  const auto exploited = [&] { return c.fact("/vulnerability/exploited"); };
  CHECK(exploited() == "no");
  const auto suspected_by = [&](Letter fact, cvd::Claim::State state, std::string_view when, std::optional<VulnerabilityId> of = {}) {
    c.fold.claims.clear();
    c.claim(c.lead, fact, when, state, of);
    return exploited() == "itw-suspected";
  };
  using enum cvd::Claim::State;
  CHECK(suspected_by(Letter::A, Open, "2026-10-05T00:00:00Z"));
  CHECK_FALSE(suspected_by(Letter::A, Open, "2026-10-11T00:00:00Z"));
  CHECK_FALSE(suspected_by(Letter::X, Open, "2026-10-05T00:00:00Z"));
  CHECK_FALSE(suspected_by(Letter::A, Refused, "2026-10-05T00:00:00Z"));
  CHECK_FALSE(suspected_by(Letter::A, Open, "2026-10-05T00:00:00Z", VulnerabilityId::random()));
  c.fold.claims.clear();
  c.report({}, c.lead, "2026-10-01T09:00:00Z").content.emplace();
  for (const auto& [word, said] : {std::pair{cvd::YesNo::Yes, "itw-suspected"}, {cvd::YesNo::No, "no"}, {cvd::YesNo::Unknown, "no"}}) {
    c.fold.reports.front().content->exploited = word;
    CHECK(exploited() == said);
  }
  c.fold.vulnerabilities.front().facts[Letter::A] = {instant("2026-10-05T00:00:00Z"), instant("2026-10-11T00:00:00Z")};   // observed before, recorded after
  CHECK(exploited() == "no");
  c.fold.vulnerabilities.front().facts[Letter::A].recorded = instant("2026-10-09T00:00:00Z");
  CHECK(exploited() == "yes");
}

TEST_CASE("flaws that no law can tell apart are asked of together, and any difference sets them apart") {
  FactsOfCase c;
  c.fold.products.pop_back();
  const auto second = VulnerabilityId::random();
  c.fold.vulnerabilities.push_back({.id = second, .title = "Another", .description = "Another."});
  const auto apart = [&] { return c.all().size() == 2; };
  CHECK_FALSE(apart());
  auto& other = c.fold.vulnerabilities.back();
  const auto keep = other;
  other.facts[Letter::P] = {instant("2026-10-05T00:00:00Z"), instant("2026-10-05T00:00:00Z")};
  CHECK(apart());
  other = keep, other.identifier = "CVE-2025-10000", c.fold.vulnerabilities.front().identifier = "CVE-2026-10001";
  CHECK(apart());
  other.identifier = "CVE-2026-10000";
  CHECK_FALSE(apart());
  other = keep, c.fold.vulnerabilities.front().identifier.reset();
  // Both attacked, but recorded at two times: the clocks differ.
  other.facts[Letter::A] = {instant("2026-10-05T00:00:00Z"), instant("2026-10-05T00:00:00Z")};
  c.fold.vulnerabilities.front().facts[Letter::A] = {instant("2026-10-05T00:00:00Z"), instant("2026-10-06T00:00:00Z")};
  CHECK(apart());
  other = keep, c.fold.vulnerabilities.front().facts.clear();
  c.fold.answers[{second, c.board}].status = cvd::Status::Affected;
  CHECK(apart());
  c.fold.answers.clear();
  for (const auto& id : {c.flaw, second}) {
    c.correct("/vulnerability/" + id.text() + "/impact", "high");
    CHECK(apart());
    c.fold.corrections.clear();
  }
  CHECK_FALSE(apart());
  other.facts[Letter::P] = {instant("2026-10-05T00:00:00Z"), instant("2026-10-05T00:00:00Z")};
  c.considered.only = {second};
  REQUIRE(c.all().size() == 1);
  CHECK(c.all().front().vulnerabilities == std::vector<VulnerabilityId>{second});
}

TEST_CASE("the year of a CVE id is that of the flaw, and no other identifier has one") {
  FactsOfCase c;
  auto& identifier = c.fold.vulnerabilities.front().identifier;
  for (const auto& [id, year] : {std::pair{"CVE-2019-12345", "2019"}, {"CVE-2019", "-"}, {"GHSA-2019-1234", "-"}}) {
    identifier = id;
    CHECK(c.fact("/vulnerability/cve_year") == year);
  }
  CHECK(c.fact("/vulnerability/affects_others") == "yes");
  c.fold.products.back().vendor = c.maker;
  CHECK(c.fact("/vulnerability/affects_others") == "-");
}

TEST_CASE("a record of an incident alone, or a text on an area, has no flaw; anything of one beside it makes one") {
  const auto flaw = [](auto add, bool of_area) {
    FactsOfCase c;
    c.fold.vulnerabilities.clear();
    c.fold.products.clear();
    if (of_area) c.fold.area_reports.emplace_back();
    else c.fold.incidents[c.lead];
    add(c);
    return c.at(c.all().front().given, "/vulnerability/in") != "-";   // a correction alone makes a section of its own
  };
  for (const bool of_area : {false, true}) {
    CHECK_FALSE(flaw([](FactsOfCase&) {}, of_area));
    CHECK(flaw([](FactsOfCase& c) { c.fold.vulnerabilities.push_back({.id = c.flaw}); }, of_area));
    CHECK(flaw([](FactsOfCase& c) { c.fold.products.push_back({.id = c.board, .vendor = c.maker}); }, of_area));
    CHECK(flaw([](FactsOfCase& c) { c.report({}, c.lead, "2026-10-01T09:00:00Z"); }, of_area));
    CHECK(flaw([](FactsOfCase& c) { c.claim(c.lead, Letter::A, "2026-10-05T00:00:00Z"); }, of_area));
    for (const auto* fact : {"/vulnerability/impact", "/events/vuln.public", "/events/fix.available"}) CHECK(flaw([&](FactsOfCase& c) { c.correct(fact, json::value()); }, of_area));
    CHECK_FALSE(flaw([&](FactsOfCase& c) { c.correct("/events/incident.closed", json::value()); }, of_area));
    CHECK(flaw([](FactsOfCase& c) { c.fold.opened = {}; }, of_area));   // a part of the case can't tell
  }
}

TEST_CASE("what a flaw's state is drawn from has to be in the view: its opening, a report or a flaw is enough, a stub isn't") {
  const auto tells = [](auto change) {
    FactsOfCase c;
    c.fold.opened = {};
    c.fold.vulnerabilities.clear();
    change(c);
    const auto given = c.of(c.maker).given;
    const bool state = FactsOfCase::at(given, "/vulnerability/state") != "-";
    CHECK(state == (FactsOfCase::at(given, "/vulnerability/exploited") != "-"));
    CHECK(state == (FactsOfCase::at(given, "/vulnerability/fix") != "-"));
    CHECK(state == (FactsOfCase::at(given, "/product/support") != "-"));
    return state;
  };
  CHECK_FALSE(tells([](FactsOfCase&) {}));
  CHECK(tells([](FactsOfCase& c) { c.fold.opened = instant("2026-10-01T08:00:00Z"); }));
  CHECK(tells([](FactsOfCase& c) { c.report({}, c.lead, "2026-10-01T09:00:00Z"); }));
  CHECK(tells([](FactsOfCase& c) { c.fold.vulnerabilities.push_back({.id = c.flaw}); }));
}

}  // namespace sluice::service::facts_test
