// A mitigation told to all of a role, against a real store: rulings, one instant, and what nobody else learns.
#include <doctest/doctest.h>

#include <algorithm>

#include "cvd/mitigation.h"
#include "service/cases.h"
#include "service/collections.h"
#include "service/knowers.h"
#include "service/mitigation.h"
#include "service/testing.h"

using namespace sluice;
using namespace sluice::service;
using for_tests::must;

namespace {

struct Mitigating {
  SiteForTests site{};
  OrganisationId owner = site.organisation("Owner", access::OrganisationKind::Vendor), plant = site.organisation("Plant", access::OrganisationKind::Operator), late = site.organisation("Late", access::OrganisationKind::Operator);
  OrganisationId stranger = site.organisation("Stranger", access::OrganisationKind::Member);
  PersonId olga = site.person(owner, "Olga", "olga@owner.example", access::SiteRole::Admin), otto = site.person(owner, "Otto", "otto@owner.example", access::SiteRole::Admin);
  PersonId paula = site.person(plant, "Paula", "paula@plant.example", access::SiteRole::Admin), lena = site.person(late, "Lena", "lena@late.example", access::SiteRole::Admin), sam = site.person(stranger, "Sam", "sam@stranger.example");
  CaseId id = site.made<CaseId>(open_case(site.services, site.asker(olga, owner), {"Valves"}));

  Result<Committed> try_to(PersonId who, OrganisationId of, cvd::Command command) { return site.writer->run(case_command(site.services, site.asker(who, of), id, std::move(command))); }
  Committed act(cvd::Command command) { return must(try_to(olga, owner, std::move(command))); }
  void join(PersonId who, OrganisationId of, cvd::Role role) {
    act(cvd::InviteParticipant{of, {role}, "runs it", {}});
    must(try_to(who, of, cvd::AnswerInvitation{true, {}, {}}));
    act(cvd::ConfirmParticipant{of, "by telephone"});
  }
  cvd::CaseFold seen_by(PersonId who, OrganisationId of) { return must(site.store->as(site.viewer(who, of)).case_view(id)).view.fold; }
  json::object shown_to(PersonId who, OrganisationId of) { return must(mitigations_of(site.services, site.viewer(who, of), must(site.store->as(site.viewer(who, of)).case_view(id)))); }

  Mitigating() {
    for (const auto action : {cvd::ReportAction::Validate, cvd::ReportAction::Accept}) act(cvd::StepReport{action, {}, {}});
    act(cvd::AddVulnerability{"Overflow", "A buffer overflows.", {}});
    act(cvd::AddProduct{"Valve", "7", {}, {}, {}});
    join(paula, plant, cvd::Role::Deployer);
    act(cvd::InviteParticipant{late, {cvd::Role::Deployer}, "runs it", {}});
    const auto fold = seen_by(olga, owner);
    act(cvd::NoteMitigation{fold.vulnerabilities.front().id, fold.products.front().id, cvd::MitigationPart::Workaround, "Switch the valve off.", {}});
  }
  cvd::ShareMitigation share(std::optional<std::string> despite) {
    return {seen_by(olga, owner).mitigations.back().id, cvd::MitigationRole::Deployer, {}, {}, "they are attacked", "towns", "no water", "nothing", std::move(despite)};
  }
  std::vector<std::string> outcomes() {
    std::vector<std::string> out;
    for (const auto& one : must(rulings_of(site.services, site.viewer(olga, owner), id)))
      if (const auto* object = find_at(one, "/disclosure/content/object"); object != nullptr && std::string_view(object->get_string()).starts_with("mitigation:")) out.emplace_back(find_at(one, "/ruling/outcome")->get_string());
    std::sort(out.begin(), out.end());
    return out;
  }
};

}  // namespace

TEST_CASE("I1: what the gate denied stays on record though the command fails; what it allows is recorded with the telling") {
  Mitigating m;
  const auto refused = m.try_to(m.olga, m.owner, m.share({}));
  REQUIRE_FALSE(refused);
  CHECK(refused.error().code == "unequal-access");
  CHECK(m.outcomes() == std::vector<std::string>{"deny"});
  const auto asked = must(m.try_to(m.olga, m.owner, m.share("it has not answered")));
  CHECK(asked.waits_for_second_person);
  CHECK(m.outcomes() == std::vector<std::string>{"deny"});
  CHECK(m.seen_by(m.paula, m.plant).mitigations_told.empty());
  const auto request = m.seen_by(m.olga, m.owner).requests.back().id;
  CHECK_FALSE(m.try_to(m.olga, m.owner, cvd::ConfirmRequest{request}));
  must(m.try_to(m.otto, m.owner, cvd::ConfirmRequest{request}));
  CHECK(m.outcomes() == std::vector<std::string>{"allow", "deny", "deny"});
  const auto told = m.seen_by(m.paula, m.plant).mitigations_told;
  REQUIRE(told.size() == 1);
  CHECK(told.front().what.text == "Switch the valve off.");
  CHECK(told.front().at == m.seen_by(m.olga, m.owner).mitigations.back().shared.front().at);
}

TEST_CASE("I3: another coordinator chooses no collection of the owner's that it doesn't read itself, and can't tell it from one that isn't there") {
  Mitigating m;
  const auto centre = m.site.organisation("Centre", access::OrganisationKind::Coordinator);
  const auto cora = m.site.person(centre, "Cora", "cora@centre.example", access::SiteRole::Admin);
  m.join(cora, centre, cvd::Role::Coordinator);
  const auto add = [&](std::string alias, std::vector<OrganisationId> readers) {
    const auto committed = must(m.site.writer->run(add_collection(m.site.services, SiteForTests::system(), {.title = alias, .alias = alias, .readers = std::move(readers), .writers = {m.owner}})));
    return std::string(string_at(committed.answer, "id"));
  };
  const auto closed = add("closed", {m.owner, m.plant});
  add("open", {m.owner, m.plant, centre});
  const auto choose = [&](PersonId who, OrganisationId of, std::vector<std::string> names) { return m.try_to(who, of, cvd::ChooseMitigationCollections{cvd::MitigationRole::Deployer, std::move(names)}); };
  for (const auto& name : std::vector<std::string>{"closed", closed}) {
    const auto hidden = choose(cora, centre, {name}), absent = choose(cora, centre, {"no-such"});
    REQUIRE_FALSE(hidden);
    REQUIRE_FALSE(absent);
    CHECK(hidden.error().kind == ErrorKind::Invalid);
    CHECK(hidden.error().message == absent.error().message);
    CHECK(hidden.error().where == absent.error().where);
  }
  CHECK(choose(cora, centre, {"open"}));
  CHECK(choose(m.olga, m.owner, {"closed"}));
  CHECK(choose(cora, centre, {closed, "open"}));   // the owner named it: it stands in the case now
}

TEST_CASE("I4: nobody but the coordination has proposals in its view") {
  Mitigating m;
  CHECK(m.seen_by(m.paula, m.plant).mitigations.empty());
  CHECK(m.shown_to(m.paula, m.plant).at("proposals").as_array().empty());
  CHECK(m.shown_to(m.olga, m.owner).at("proposals").as_array().size() == 1);
  CHECK_FALSE(m.site.store->as(m.site.viewer(m.sam, m.stranger)).case_view(m.id));
  CHECK(m.try_to(m.sam, m.stranger, m.share({})).error().kind == ErrorKind::NotFound);
  CHECK(m.try_to(m.paula, m.plant, m.share({})).error().kind == ErrorKind::Forbidden);
}
