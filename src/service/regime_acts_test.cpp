// Events, acts and incidents as laws are told of them: by tables, a row a rule.
#include "service/regime_facts_testing.h"

namespace sluice::service::facts_test {

namespace {

using cvd::Letter;
using cvd::RemedyStep;

void filed(FactsOfCase& c, OrganisationId by, cvd::NoticeId id) {
  cvd::Notice notice;
  notice.id = id;
  notice.organisation = by;
  cvd::NoticeDrafted draft;
  draft.act = "notify-authority";
  notice.versions.push_back({draft, instant("2026-10-04T00:00:00Z"), {}});
  cvd::NoticeFiled what;
  what.version = 1;
  what.to = "cisa";
  what.at = instant("2026-10-04T00:00:00Z");
  notice.filed = cvd::Notice::Filed{what, instant("2026-10-04T00:00:00Z"), {}};
  c.fold.notices.push_back(std::move(notice));
}

void stated(FactsOfCase& c, OrganisationId of, const std::string& name, json::value value) {
  auto& incident = c.fold.incidents[of];
  incident.organisation = of;
  incident.facts[name].push_back({instant("2026-10-03T08:00:00Z"), std::move(value), "the logs", {}, {}, {}});
}

}  // namespace

// ---- events ------------------------------------------------------------------------------------------------------------------------------------

TEST_CASE("an organisation knows of the flaw from the first of: a report to it, one passed on to it, its own, being let in, its own claim") {
  FactsOfCase c;
  c.fold.participants.at(c.maker).confirmed_at = instant("2026-10-09T00:00:00Z");
  const auto aware = [&](OrganisationId id) { return c.event("vuln.aware@" + id.text()); };
  CHECK(aware(c.lead) == "2026-10-01T08:00Z");       // nobody reported it: since it opened the case
  CHECK(aware(c.maker) == "2026-10-09T00:00Z");
  c.claim(c.maker, Letter::X, "2026-10-08T00:00:00Z");
  CHECK(aware(c.maker) == "2026-10-08T00:00Z");
  c.report(c.guest, c.other, "2026-10-01T12:00:00Z").routes.push_back({instant("2026-10-06T00:00:00Z"), c.maker, cvd::RouteReason::ReporterAsked, "", false, instant("2026-10-07T00:00:00Z")});
  CHECK(aware(c.maker) == "2026-10-07T00:00Z");
  CHECK(aware(c.other) == "2026-10-01T12:00Z");
  CHECK(aware(c.guest) == "2026-10-01T12:00Z");
  CHECK(aware(c.lead) == "-");                        // it led a case that others told it of, and none of them did
  c.report({}, c.maker, "2026-10-05T00:00:00Z");
  CHECK(aware(c.maker) == "2026-10-05T00:00Z");
  CHECK(c.origin("/events/vuln.aware@" + c.maker.text()) == "entry " + c.maker.text());
}

TEST_CASE("events are told up to the instant that is asked about, with their seconds, and never at no time") {
  FactsOfCase c;
  auto& fact = c.fold.vulnerabilities.front().facts[Letter::P];
  for (const auto& [when, told] : {std::pair{instant("2026-10-10T00:00:00Z"), "2026-10-10T00:00Z"}, {instant("2026-10-10T00:00:01Z"), "-"}, {instant("2026-10-09T12:30:45Z"), "2026-10-09T12:30:45Z"}, {Instant{-500'000}, "1969-12-31T23:59:59Z"}, {Instant{}, "-"}}) {
    fact = {when, when};
    CHECK(c.event("vuln.public") == told);
  }
  auto& maker = c.fold.participants.at(c.maker);
  CHECK(c.event("vuln.validated@" + c.maker.text()) == "-");
  maker.validated_at = instant("2026-10-04T00:00:00Z");
  CHECK(c.event("vuln.validated@" + c.maker.text()) == "2026-10-04T00:00Z");
  maker.validated_at = instant("2026-10-10T00:00:01Z");
  CHECK(c.event("vuln.validated@" + c.maker.text()) == "-");
  CHECK(c.event("vendor.response") == "-");
  maker.answered_at = instant("2026-10-03T00:00:00Z");
  CHECK(c.event("vendor.response") == "2026-10-03T00:00Z");
  const auto anonymous = c.report({}, c.lead, "2026-10-01T09:00:00Z").id;
  c.report(c.guest, c.lead, "2026-10-01T10:00:00Z");
  CHECK(c.event("vuln.discovered@" + anonymous.text()) == "2026-10-01T09:00Z");
  CHECK(c.event("vuln.discovered@" + c.guest.text()) == "2026-10-01T10:00Z");
}

TEST_CASE("an attack is known to who knows of the flaw once it is recorded, and to who observed it from its claim on") {
  FactsOfCase c;
  const auto known = [&](OrganisationId id) { return c.event("vuln.aware_exploited@" + id.text()); };
  using enum cvd::Claim::State;
  for (const auto& [by, fact, state, of, told] : {std::tuple{c.maker, Letter::A, Open, c.flaw, "2026-10-03T00:00Z"}, {c.maker, Letter::A, Adopted, c.flaw, "2026-10-03T00:00Z"}, {c.maker, Letter::A, Refused, c.flaw, "-"}, {c.maker, Letter::X, Open, c.flaw, "-"}, {c.other, Letter::A, Open, c.flaw, "-"}, {c.maker, Letter::A, Open, VulnerabilityId::random(), "-"}}) {
    c.fold.claims.clear();
    c.claim(by, fact, "2026-10-03T00:00:00Z", state, of);
    CHECK(known(c.maker) == told);
  }
  c.fold.claims.clear();
  c.fold.vulnerabilities.front().facts[Letter::A] = {instant("2026-10-04T00:00:00Z"), instant("2026-10-05T00:00:00Z")};
  CHECK(known(c.maker) == "2026-10-05T00:00Z");
  c.claim(c.maker, Letter::A, "2026-10-06T00:00:00Z");   // later than what was recorded
  CHECK(known(c.maker) == "2026-10-05T00:00Z");
  c.fold.claims.clear();
  c.fold.participants.at(c.maker).confirmed_at = instant("2026-10-07T00:00:00Z");
  CHECK(known(c.maker) == "2026-10-07T00:00Z");
  c.fold.participants.at(c.maker).confirmed_at.reset();
  CHECK(known(c.maker) == "-");
}

TEST_CASE("the provider was reported to by the first report to it, also one passed on, or when it was let in; who leads the case is let in by nobody") {
  FactsOfCase c;
  const auto reported = [&] { return c.event("vuln.reported"); };
  CHECK(reported() == "2026-10-02T08:00Z");
  c.report({}, c.lead, "2026-10-01T09:00:00Z").routes.push_back({instant("2026-10-01T09:00:00Z"), c.maker, cvd::RouteReason::ReporterAsked, "", false, instant("2026-10-02T07:00:00Z")});
  CHECK(reported() == "2026-10-02T07:00Z");
  c.report({}, c.maker, "2026-10-02T06:00:00Z");
  CHECK(reported() == "2026-10-02T06:00Z");
  c.report({}, c.maker, "2026-10-02T06:30:00Z");
  CHECK(reported() == "2026-10-02T06:00Z");
  c.fold.reports.clear();
  c.fold.owner = c.maker;
  CHECK(reported() == "-");
}

TEST_CASE("a fix is there once all of the provider's products have it: since the last of them; measures were taken with the first that was developed") {
  const auto second = ProductId::random();
  struct Step { bool of_second; const char* at; RemedyStep step; bool reopened = false; };
  struct Row { std::vector<Step> steps; const char* fix; const char* since; const char* measures; };
  for (const auto& row : std::initializer_list<Row>{
           {{}, "none", "-", "-"},
           {{{false, "2026-10-04T00:00:00Z", RemedyStep::Identified}}, "none", "-", "-"},
           {{{false, "2026-10-04T00:00:00Z", RemedyStep::Developed}}, "none", "-", "2026-10-04T00:00Z"},
           {{{false, "2026-10-04T00:00:00Z", RemedyStep::Developed, true}}, "none", "-", "-"},
           {{{false, "2026-10-11T00:00:00Z", RemedyStep::Developed}}, "none", "-", "-"},
           {{{false, "2026-10-04T00:00:00Z", RemedyStep::Distributed}}, "none", "-", "2026-10-04T00:00Z"},
           {{{false, "2026-10-05T00:00:00Z", RemedyStep::Distributed}, {true, "2026-10-04T00:00:00Z", RemedyStep::Distributed}}, "available", "2026-10-05T00:00Z", "2026-10-04T00:00Z"},
           {{{false, "2026-10-04T00:00:00Z", RemedyStep::Distributed}, {true, "2026-10-05T00:00:00Z", RemedyStep::Distributed}}, "available", "2026-10-05T00:00Z", "2026-10-04T00:00Z"},
           {{{false, "2026-10-04T00:00:00Z", RemedyStep::Distributed}, {true, "2026-10-11T00:00:00Z", RemedyStep::Distributed}}, "none", "-", "2026-10-04T00:00Z"},
       }) {
    FactsOfCase c;
    c.fold.products.push_back({.id = second, .vendor = c.maker, .name = "Box"});
    for (const auto& one : row.steps) {
      auto& answer = c.fold.answers[{c.flaw, one.of_second ? second : c.board}];
      answer.status = cvd::Status::Fixed, answer.step = one.step;
      answer.history.push_back({instant(one.at), one.step, one.reopened, {}});
    }
    // Answers of others are no matter of this provider.
    auto& other = c.fold.answers[{c.flaw, c.lamp}];
    other.status = cvd::Status::Fixed, other.step = RemedyStep::Distributed;
    other.history.push_back({instant("2026-10-03T00:00:00Z"), RemedyStep::Distributed, false, {}});
    CHECK(c.fact("/vulnerability/fix") == row.fix);
    CHECK(c.event("fix.available") == row.since);
    CHECK(c.event("measures.taken@" + c.maker.text()) == row.measures);
  }
}

TEST_CASE("release is agreed for the first plan, else for the end of the running terms; users are informed by what was released") {
  FactsOfCase c;
  using enum cvd::Release::State;
  CHECK(c.event("release.agreed") == "-");
  c.terms("2026-12-01T00:00:00Z", {});
  CHECK(c.event("release.agreed") == "2026-12-01T00:00Z");
  c.release(Released, "2026-10-05T00:00:00Z");
  CHECK(c.event("release.agreed") == "2026-12-01T00:00Z");
  CHECK(c.event("users.informed") == "2026-10-05T00:00Z");
  c.fold.releases.clear();
  c.release(Planned, "2026-11-20T00:00:00Z").released_at = instant("2026-10-05T00:00:00Z");
  CHECK(c.event("users.informed") == "-");
  CHECK(c.event("release.agreed") == "2026-11-20T00:00Z");
  c.release(Planned, "2026-11-10T00:00:00Z");
  c.release(Planned, "2026-11-15T00:00:00Z");
  CHECK(c.event("release.agreed") == "2026-11-10T00:00Z");
}

TEST_CASE("an embargo that binds has its signatories inside, until the end of its terms") {
  FactsOfCase c;
  CHECK(c.fact("/embargo") == "-");
  c.terms("2026-12-01T00:00:00Z", {c.lead, c.other});
  CHECK(c.fact("/embargo/parties") == json::serialize(json::array{c.lead.text(), c.other.text()}));
  CHECK(c.fact("/embargo/until") == "2026-12-01T00:00Z");
  CHECK(c.origin("/embargo") == "entry terms v1");
  c.fold.embargo = cvd::EmbargoState::Exited;
  CHECK(c.fact("/embargo") == "-");
}

// ---- acts --------------------------------------------------------------------------------------------------------------------------------------

TEST_CASE("a release is an act of who led the case then, at its own time, in the cases of the flaws that it makes public") {
  FactsOfCase c;
  using enum cvd::Release::State;
  c.fold.led = {{c.maker, c.fold.opened}, {c.lead, instant("2026-10-05T00:00:00Z")}};
  auto& release = c.release(Released, "2026-10-06T00:00:00Z", {c.flaw});
  release.released_at = instant("2026-10-04T00:00:00Z");     // before its plan
  const auto id = release.id.text();
  const auto act = [&] { return c.action(c.of(c.maker), id); };
  REQUIRE(act());
  CHECK(c.at(*act(), "/actor") == c.maker.text());
  CHECK(c.at(*act(), "/at") == "2026-10-04T00:00Z");
  CHECK(c.at(*act(), "/type") == "publish-advisory");
  CHECK(c.at(*act(), "/to") == "public");
  c.fold.led.front().owner = c.guest;                        // it has left since: who leads stands for it
  CHECK(c.at(*act(), "/actor") == c.lead.text());
  auto& planned = c.fold.releases.front();
  planned.state = Planned, planned.released_at.reset();
  REQUIRE(act());
  CHECK(c.at(*act(), "/actor") == c.lead.text());
  CHECK(c.at(*act(), "/at") == "2026-10-06T00:00Z");
  planned.vulnerabilities = {VulnerabilityId::random()};
  CHECK_FALSE(act());
  planned.vulnerabilities.clear();                           // it doesn't say of which: of all
  CHECK(act());
  planned.state = Held;
  CHECK_FALSE(act());
  planned.state = Planned, planned.instant = Instant{};
  CHECK_FALSE(act());
}

TEST_CASE("a report is an act of its reporter to whoever it went to, with what it contains") {
  FactsOfCase c;
  const auto act = [&](OrganisationId provider) { return c.action(c.of(provider), c.fold.reports.front().id.text()); };
  c.report({}, c.lead, "2026-10-01T09:00:00Z");
  for (const auto& provider : {c.maker, c.other}) {          // the lead makes nothing: it was told as a coordinator
    REQUIRE(act(provider));
    CHECK(c.at(*act(provider), "/actor") == c.fold.reports.front().id.text());
    CHECK(c.at(*act(provider), "/to") == c.lead.text());
    CHECK(c.at(*act(provider), "/at") == "2026-10-01T09:00Z");
    CHECK(act(provider)->at("content") == json::value(json::array{"technical-detail"}));
  }
  c.fold.content_classes["report:" + c.fold.reports.front().id.text()] = {{"summary", "poc"}, {}, {}, {}};
  CHECK(act(c.maker)->at("content") == json::value(json::array{"summary", "poc"}));
  auto& report = c.fold.reports.front();
  report.reporter = c.guest;
  CHECK(c.at(*act(c.maker), "/actor") == c.guest.text());
  report.received = instant("2026-10-11T00:00:00Z");
  CHECK_FALSE(act(c.maker));
  report.received = instant("2026-10-01T09:00:00Z");
  report.reporter = c.lead;                                  // to itself
  CHECK_FALSE(act(c.maker));
  report.reporter.reset();
  report.to = c.other;                                       // as the maker of its own product: asked of there
  CHECK_FALSE(act(c.maker));
  CHECK(act(c.other));
  report.to = OrganisationId::random();                      // no party of this case
  CHECK_FALSE(act(c.maker));
}

TEST_CASE("who was let in was told then, by who invited it, as what it is in the case; once, and not where a report told it") {
  FactsOfCase c;
  c.add(c.guest, access::OrganisationKind::Operator, "FR");
  c.join(c.guest, {cvd::Role::Deployer});
  const auto told = [&](OrganisationId id, OrganisationId provider) { return c.action(c.of(provider), "told-" + id.text()); };
  const auto type = [&](OrganisationId id) { return c.at(told(id, c.maker).value(), "/type"); };
  REQUIRE(told(c.maker, c.maker));
  CHECK(type(c.maker) == "report-vuln");
  CHECK(type(c.guest) == "inform-partner");
  CHECK(c.at(*told(c.guest, c.maker), "/actor") == c.lead.text());
  CHECK(c.at(*told(c.guest, c.maker), "/at") == "2026-10-02T08:00Z");
  CHECK_FALSE(told(c.other, c.maker));                       // as the maker of its own product: asked of there
  CHECK(told(c.other, c.other));
  CHECK_FALSE(told(c.lead, c.maker));
  c.rows.at(c.guest).profile.flags = {"steward"};
  CHECK(type(c.guest) == "report-vuln");
  auto& guest = c.fold.participants.at(c.guest);
  guest.confirmed_at = instant("2026-10-11T00:00:00Z");
  CHECK_FALSE(told(c.guest, c.maker));
  guest.confirmed_at = instant("2026-10-03T00:00:00Z");
  guest.invited_by = c.guest;                                // nobody tells itself
  CHECK_FALSE(told(c.guest, c.maker));
  guest.invited_by = c.other;
  CHECK(c.at(told(c.guest, c.maker).value(), "/actor") == c.other.text());
  c.considered.parties = {c.lead};                           // nobody asks about it
  CHECK_FALSE(told(c.guest, c.maker));
  c.considered.parties.clear();
  c.report({}, c.guest, "2026-10-01T09:00:00Z");
  CHECK_FALSE(told(c.guest, c.maker));
  c.fold.reports.clear();
  c.report(c.guest, c.lead, "2026-10-01T09:00:00Z");
  CHECK_FALSE(told(c.guest, c.maker));
  c.fold.reports.clear();
  // Whoever led the case first told the others: nobody told it, though one who leads now asked it in again.
  c.fold.led = {{c.guest, c.fold.opened}, {c.lead, instant("2026-10-02T00:00:00Z")}};
  CHECK_FALSE(told(c.guest, c.maker));
}

TEST_CASE("in a very large case only the provider's being told is an act") {
  FactsOfCase c;
  for (std::uint8_t n = 4; n <= 30; ++n) c.add(c.party(n), access::OrganisationKind::Operator, "FR"), c.join(c.party(n), {cvd::Role::Deployer});
  const auto told = [&](OrganisationId id) { return c.action(c.of(c.maker), "told-" + id.text()).has_value(); };
  REQUIRE(c.fold.participants.size() == 30);
  CHECK(told(c.guest));
  c.add(c.party(31), access::OrganisationKind::Operator, "FR"), c.join(c.party(31), {cvd::Role::Deployer});
  CHECK_FALSE(told(c.guest));
  CHECK(told(c.maker));
}

TEST_CASE("notices that a party filed, and what is only considered, are among the acts") {
  FactsOfCase c;
  const auto id = cvd::NoticeId::random();
  filed(c, c.other, id);
  c.considered.more_actions.push_back(json::object{{"id", "now"}, {"actor", c.lead.text()}});
  const auto scenario = c.of(c.maker);
  REQUIRE(c.action(scenario, id.text()));
  CHECK(c.at(*c.action(scenario, id.text()), "/actor") == c.other.text());
  CHECK(c.action(scenario, "now"));
}

// ---- incidents ---------------------------------------------------------------------------------------------------------------------------------

TEST_CASE("an incident is its viewer's own, else the provider's, else the first; a view that isn't the coordination's has nobody else's") {
  FactsOfCase c;
  const auto kind = [&](OrganisationId provider) { return c.at(c.of(provider).given, "/incident/kind"); };
  c.fold.incidents[c.lead].organisation = c.lead;
  CHECK(kind(c.maker) == "-");
  CHECK_FALSE(c.of(c.maker).given.contains("incident"));     // a record with nothing in it
  stated(c, c.lead, "kind", "of the lead");
  stated(c, c.lead, "breach.aware", "2026-10-03T07:00Z");
  CHECK(kind(c.maker) == "of the lead");
  CHECK(c.event("breach.aware@" + c.lead.text()) == "2026-10-03T07:00Z");
  CHECK(c.origin("/incident/kind") == "entry the logs");
  stated(c, c.other, "kind", "of the other");
  CHECK(kind(c.other) == "of the other");
  CHECK(kind(c.maker) == "of the lead");
  c.considered.own = c.maker;
  CHECK(kind(c.maker) == "-");
  CHECK(kind(c.other) == "of the other");                    // the provider's own, where the view has it
  c.considered.own = c.lead;
  CHECK(kind(c.other) == "of the lead");
}

TEST_CASE("where several have an incident, each is asked about once: with its own product, else by itself, with its notices and corrections") {
  FactsOfCase c;
  c.add(c.guest, access::OrganisationKind::Operator, "FR");
  c.join(c.guest, {cvd::Role::Deployer});
  stated(c, c.guest, "kind", "of the guest");
  CHECK(c.all().size() == 2);                                 // it is the first, and asked about with the products
  const auto notice = cvd::NoticeId::random();
  filed(c, c.guest, notice);
  stated(c, c.maker, "kind", "of the maker");
  stated(c, c.other, "kind", "of the other");
  c.correct("/parties/" + c.guest.text() + "/established", "LI");
  const auto all = c.all();
  REQUIRE(all.size() == 3);
  CHECK(c.at(all[0].given, "/incident/kind") == "of the maker");
  CHECK(c.at(all[1].given, "/incident/kind") == "of the other");
  CHECK(c.at(all[2].given, "/incident/kind") == "of the guest");
  CHECK_FALSE(all[2].provider);
  CHECK(c.action(all[2], notice.text()));
  CHECK(c.of_party(all[2], c.guest.text(), "/established") == "LI");
  // Of two, neither of them a maker, the first is asked about with the products.
  c.fold.incidents.erase(c.maker), c.fold.incidents.erase(c.other);
  stated(c, c.lead, "kind", "of the lead");
  const auto others = c.all();
  REQUIRE(others.size() == 3);
  CHECK(c.at(others[0].given, "/incident/kind") == "of the lead");
  CHECK(c.at(others[2].given, "/incident/kind") == "of the guest");
  c.considered.own = c.guest;
  CHECK(c.all().size() == 2);
}

}  // namespace sluice::service::facts_test
