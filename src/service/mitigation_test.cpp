// A mitigation told to all of a role, against a real store: rulings, one instant, and what nobody else learns.
#include <doctest/doctest.h>

#include <algorithm>

#include "cvd/mitigation.h"
#include "service/cases.h"
#include "service/collections.h"
#include "service/knowers.h"
#include "service/mitigation.h"
#include "service/testing.h"
#include "threat/marking.h"

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
  // Asked by the one, confirmed by the other.
  void tell(cvd::ShareMitigation what) {
    REQUIRE(act(std::move(what)).waits_for_second_person);
    must(try_to(otto, owner, cvd::ConfirmRequest{seen_by(olga, owner).requests.back().id}));
  }
  // The owner reads and writes it; its id.
  std::string collection(std::string alias, std::vector<OrganisationId> readers) {
    readers.push_back(owner);
    const auto committed = must(site.writer->run(add_collection(site.services, SiteForTests::system(), {.title = alias, .alias = alias, .readers = std::move(readers), .writers = {owner}})));
    return std::string(string_at(committed.answer, "id"));
  }
  void choose(cvd::MitigationRole role, std::vector<std::string> names) { act(cvd::ChooseMitigationCollections{role, std::move(names)}); }
  std::vector<json::object> posted(PersonId who, OrganisationId of, std::string_view name) {
    const auto seen = must(site.store->as(site.viewer(who, of)).collection(name));
    auto db = must(site.store->lease());
    std::vector<json::object> out;
    for (const auto& one : must(store::page_of(*site.store, *db, seen, {}, store::Parts::Whole)).objects) out.push_back(must(parse_json(one.bytes)).as_object());
    return out;
  }
  // What the gate was asked about, of those whom it lets have it: each content once.
  std::set<std::string> contents_let_out() {
    std::set<std::string> out;
    for (const auto& one : must(rulings_of(site.services, site.viewer(olga, owner), id)))
      if (find_at(one, "/disclosure/content/object")->get_string().starts_with("mitigation:") && *find_at(one, "/ruling/outcome") != json::value("deny")) out.emplace(find_at(one, "/disclosure/content/hash")->get_string());
    return out;
  }
  std::vector<std::string> outcomes() {
    std::vector<std::string> out;
    for (const auto& one : must(rulings_of(site.services, site.viewer(olga, owner), id)))
      if (const auto* object = find_at(one, "/disclosure/content/object"); object != nullptr && std::string_view(object->get_string()).starts_with("mitigation:")) out.emplace_back(find_at(one, "/ruling/outcome")->get_string());
    std::sort(out.begin(), out.end());
    return out;
  }
};

json::object valve_indicator(char n) {
  return {{"type", "indicator"}, {"spec_version", "2.1"}, {"id", std::string("indicator--00000000-0000-4000-8000-00000000000") + n}, {"created", "2026-01-01T00:00:00.000Z"}, {"modified", "2026-01-01T00:00:00.000Z"}, {"indicator_types", json::array{"malicious-activity"}},
          {"pattern", std::string("[ipv4-addr:value = '198.51.100.") + n + "']"}, {"pattern_type", "stix"}, {"valid_from", "2026-01-01T00:00:00Z"}, {"object_marking_refs", json::array{json::value(threat::marking_id_of(Tlp::Green))}}};
}

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
  const auto chosen = m.seen_by(m.olga, m.owner).mitigation_collections.at(cvd::MitigationRole::Deployer);
  CHECK(chosen.size() == 2);
  // In whatever order and how often they are named, they are the same; and of several the one that can't be had is told.
  CHECK(choose(m.olga, m.owner, {"open"}));
  CHECK(choose(m.olga, m.owner, {"open", "closed", "open", closed}));
  CHECK(m.seen_by(m.olga, m.owner).mitigation_collections.at(cvd::MitigationRole::Deployer) == chosen);
  CHECK(std::is_sorted(chosen.begin(), chosen.end()));
  const auto absent = choose(m.olga, m.owner, {"open", "no-such"});
  REQUIRE_FALSE(absent);
  CHECK(absent.error().where == "/collections/1");
  // Who may only write to it learns as little.
  must(m.site.writer->run(add_collection(m.site.services, SiteForTests::system(), {.title = "drop", .alias = "drop", .readers = {m.owner}, .writers = {m.owner, centre}})));
  CHECK_FALSE(choose(cora, centre, {"drop"}));
}

TEST_CASE("I2: one member whom the gate denies keeps it from all of its collection; those of another have it") {
  Mitigating m;
  const auto neighbour = m.site.organisation("Neighbour", access::OrganisationKind::Operator);
  const auto nora = m.site.person(neighbour, "Nora", "nora@neighbour.example");
  const auto mixed = m.collection("mixed", {m.stranger, m.late}), free = m.collection("free", {neighbour});
  m.choose(cvd::MitigationRole::Deployer, {"mixed", "free"});
  m.tell(m.share("it has not answered"));
  CHECK(m.posted(m.sam, m.stranger, "mixed").empty());
  CHECK(m.posted(m.lena, m.late, "mixed").empty());
  CHECK(m.posted(nora, neighbour, "free").size() == 1);
  const auto batch = m.seen_by(m.olga, m.owner).mitigations.back().shared.front().what;
  REQUIRE(batch.receivers.size() == 2);
  CHECK(std::any_of(batch.receivers.begin(), batch.receivers.end(), [&](const auto& one) { return one.organisation == m.plant && !one.collection; }));
  CHECK(std::any_of(batch.receivers.begin(), batch.receivers.end(), [&](const auto& one) { return one.organisation == neighbour && one.collection == free; }));
  REQUIRE(batch.left_out.size() == 2);
  const auto kept = std::find_if(batch.left_out.begin(), batch.left_out.end(), [&](const auto& one) { return one.organisation == m.stranger; });
  REQUIRE(kept != batch.left_out.end());
  CHECK(kept->collection == mixed);
  CHECK(kept->why.find("another member") != std::string::npos);
  CHECK(m.outcomes() == std::vector<std::string>{"allow", "allow", "allow", "deny", "deny"});   // late, by its place in the case and by the collection
}

TEST_CASE("I2: each of several collections is let in by the Passes of its own members, and all of them read the same") {
  Mitigating m;
  const auto neighbour = m.site.organisation("Neighbour", access::OrganisationKind::Operator);
  const auto nora = m.site.person(neighbour, "Nora", "nora@neighbour.example");
  const auto third = m.site.organisation("Third", access::OrganisationKind::Operator);
  m.collection("one", {m.stranger, third}), m.collection("two", {neighbour, m.stranger});
  m.choose(cvd::MitigationRole::Deployer, {"one", "two"});
  m.tell(m.share("it has not answered"));
  const auto first = m.posted(m.sam, m.stranger, "one");
  REQUIRE(first.size() == 1);
  CHECK(first == m.posted(m.sam, m.stranger, "two"));
  CHECK(first == m.posted(nora, neighbour, "two"));
  CHECK(string_at(first.front(), "type") == "course-of-action");
  CHECK(string_at(first.front(), "name") == "What to install or change");
  CHECK(string_at(first.front(), "description") == "Switch the valve off.");
  CHECK(first.front().at("object_marking_refs") == json::value(json::array{json::value(threat::marking_id_of(Tlp::AmberStrict))}));
}

TEST_CASE("I2: a batch that names a collection's members without a Pass for each posts nothing") {
  Mitigating m;
  const auto mixed = m.collection("mixed", {m.stranger, m.late});
  m.choose(cvd::MitigationRole::Deployer, {"mixed"});
  const auto share = m.share("it has not answered");
  const auto asker = m.site.asker(m.olga, m.owner);
  const auto carried_out = m.site.writer->run([&](Unit& unit) -> Result<Committed> {
    TRY(const auto state, unit.case_state(m.id));
    cvd::Ask ask{{m.owner, m.olga, false, {}, false}, unit.now(), unit.now(), m.site.services.random, {}};
    TRY(auto telling, Telling::prepare(unit, m.site.services, asker, state->fold, share, ask));
    cvd::MitigationShared batch{share.mitigation, ask.known.mitigation->decision, share.role, "Switch the valve off.", {"existence"}, {}, {}, {}, {}};
    for (const auto id : {m.stranger, m.late}) batch.receivers.push_back({id, RulingId::random(m.site.services.random), mixed});   // as if nobody had looked at what the gate said
    TRY(telling.carry_out(unit, m.site.services, state->fold, {{access::Compartment::coordination(), batch}}));
    return Committed{};
  });
  REQUIRE_FALSE(carried_out);
  CHECK(carried_out.error().code == "gate-denies");
  CHECK(m.posted(m.sam, m.stranger, "mixed").empty());
}

TEST_CASE("an own text is what the gate is asked about and what all of the role are told, those who come later too") {
  Mitigating m;
  m.collection("ring", {m.stranger});
  m.choose(cvd::MitigationRole::Deployer, {"ring"});
  auto share = m.share("it has not answered");
  share.text = "Close the valve by hand.";
  m.tell(share);
  CHECK(m.seen_by(m.paula, m.plant).mitigations_told.front().what.text == "Close the valve by hand.");
  CHECK(string_at(m.posted(m.sam, m.stranger, "ring").front(), "description") == "Close the valve by hand.");
  const auto of = [](std::string_view text) {
    const json::object told{{"role", "deployer"}, {"text", text}, {"classes", json::array{"existence", "mitigation", "product-identity"}}, {"objects", json::array{}}};
    return std::string(to_json(gate::hash_of_content(bytes_of(canonical(told)))).get_string());
  };
  CHECK(m.contents_let_out() == std::set<std::string>{of("Close the valve by hand.")});
  must(m.try_to(m.lena, m.late, cvd::AnswerInvitation{true, {}, {}}));
  m.act(cvd::ConfirmParticipant{m.late, "by telephone"});
  m.tell(m.share({}));
  CHECK(m.seen_by(m.lena, m.late).mitigations_told.front().what.text == "Close the valve by hand.");
  CHECK(m.contents_let_out() == std::set<std::string>{of("Close the valve by hand.")});
}

TEST_CASE("own objects are those of the prepared ones that were named, and no role but the defenders' has any") {
  Mitigating m;
  const auto watch = m.site.organisation("Watch", access::OrganisationKind::Member);
  const auto wim = m.site.person(watch, "Wim", "wim@watch.example", access::SiteRole::Admin);
  m.join(wim, watch, cvd::Role::Observer);
  m.collection("ring", {m.stranger});
  m.choose(cvd::MitigationRole::Defender, {"ring"});
  m.act(cvd::PrepareThreatObjects{{}, json::array{valve_indicator('1'), valve_indicator('2')}});
  const auto fold = m.seen_by(m.olga, m.owner);
  m.act(cvd::NoteMitigation{fold.vulnerabilities.front().id, fold.products.front().id, cvd::MitigationPart::Detection, "Valves that open at night.", {}});
  const auto named = [&](cvd::MitigationRole role, std::vector<std::string> objects) {
    auto share = m.share("it has not answered");
    share.role = role;
    share.objects = std::move(objects);
    return share;
  };
  const std::string first = "indicator--00000000-0000-4000-8000-000000000001", second = "indicator--00000000-0000-4000-8000-000000000002";
  for (const auto& [role, objects] : {std::pair{cvd::MitigationRole::Defender, std::vector<std::string>{first, "indicator--00000000-0000-4000-8000-000000000009"}}, {cvd::MitigationRole::Deployer, std::vector<std::string>{}}, {cvd::MitigationRole::Deployer, std::vector{first}}}) {
    const auto refused = m.try_to(m.olga, m.owner, named(role, objects));
    REQUIRE_FALSE(refused);
    CHECK(refused.error().kind == ErrorKind::Invalid);
    CHECK(refused.error().where == "/objects");
  }
  m.tell(named(cvd::MitigationRole::Defender, {second}));
  const auto told = m.seen_by(wim, watch).mitigations_told;
  REQUIRE(told.size() == 1);
  REQUIRE(told.front().what.objects.size() == 1);
  const auto& object = told.front().what.objects.front().object;
  CHECK(string_at(object, "pattern") == "[ipv4-addr:value = '198.51.100.2']");
  CHECK(string_at(object, "id") != second);          // what the release brings says more, under the id that was prepared
  const auto posted = m.posted(m.sam, m.stranger, "ring");
  REQUIRE(posted.size() == 2);
  CHECK(std::any_of(posted.begin(), posted.end(), [&](const json::object& one) { return one == object; }));
  CHECK(std::any_of(posted.begin(), posted.end(), [](const json::object& one) { return string_at(one, "name") == "What to look for" && string_at(one, "description") == "Valves that open at night."; }));
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
