#include <doctest/doctest.h>

#include "cvd/standing.h"
#include "cvd/test_driven.h"

using namespace sluice;
using namespace sluice::cvd;
using sluice::cvd::testing::Driven;

namespace {

PreparedObject object_of(std::string id, std::string version, std::string name) {
  PreparedObject out{std::move(id), "indicator", std::move(version), json::object{{"type", "indicator"}, {"name", std::move(name)}}, {}};
  out.hash = sha256(bytes_of(canonical(out.object)));
  return out;
}

ClaimSourced source_of(std::string name, const Driven& d) {
  return {ClaimId::random(), ClaimSourceKind::ThreatObject, std::move(name), "2026-01-01T00:00:00Z", "a collection", Touch::Identifier, 80, "A sighting was shared.", d.now};
}

Ask machine(const Driven& d) { return {{d.owner, {}, false, {}, true}, d.now, d.now, system_random(), {}}; }

Result<Changes> by_machine(Driven& d, const Command& command) {
  const auto ask = machine(d);
  TRY(const auto changes, decide(d.state, command, ask));
  d.write(changes, ask.actor);
  return changes;
}

Driven with_vulnerability() {
  auto d = Driven::with_vendor();
  if (d.state.fold.vulnerabilities.empty()) REQUIRE(d.act(d.owner, AddVulnerability{"A flaw", "What it is.", {}}));
  return d;
}

Result<void> prepare(Driven& d, OrganisationId by, std::vector<PreparedObject> objects, std::optional<std::string> audience = {}) {
  Ask ask{{by, d.writer}, d.now, d.now, system_random(), {}};
  ask.known.prepared = std::move(objects);
  TRY(const auto changes, decide(d.state, PrepareThreatObjects{audience, json::array{}}, ask));
  d.write(changes, ask.actor);
  return {};
}

}  // namespace

TEST_CASE("a shared object claims and decides nothing: the embargo runs on until a person has adopted") {
  auto d = with_vulnerability();
  const auto flaw = d.state.fold.vulnerabilities.front().id;
  REQUIRE(by_machine(d, ProposeFact{flaw, Letter::A, source_of("sighting--1", d)}));
  REQUIRE(d.state.fold.claims.size() == 1);
  CHECK(d.state.fold.claims.front().state == Claim::State::Open);
  CHECK_FALSE(d.state.fold.claims.front().by);
  CHECK(d.state.fold.claims.front().sources.size() == 1);
  CHECK(binds(d.state.fold.embargo));
  CHECK(d.state.fold.vulnerabilities.front().facts.empty());
  REQUIRE(d.act(d.owner, AdoptFact{d.state.fold.claims.front().id, true, {}, {}}));
  CHECK(d.state.fold.vulnerabilities.front().facts.contains(Letter::A));
  CHECK_FALSE(binds(d.state.fold.embargo));
}

TEST_CASE("the same version of the same object claims once, whatever became of it") {
  auto d = with_vulnerability();
  const auto flaw = d.state.fold.vulnerabilities.front().id;
  const ProposeFact proposal{flaw, Letter::X, source_of("tool--1", d)};
  REQUIRE(by_machine(d, proposal));
  CHECK(by_machine(d, proposal)->empty());
  REQUIRE(d.act(d.owner, RefuseFact{d.state.fold.claims.front().id, "That tool is for another flaw."}));
  CHECK(by_machine(d, proposal)->empty());
  auto next = proposal;
  next.source.version = "2026-01-02T00:00:00Z";
  REQUIRE(by_machine(d, next)->size() == 2);   // a new version of it is new evidence
  CHECK(d.state.fold.claims.size() == 2);
}

TEST_CASE("many sources make one claim, and a claim has a limit of them") {
  auto d = with_vulnerability();
  const auto flaw = d.state.fold.vulnerabilities.front().id;
  for (int i = 0; i < 40; ++i) REQUIRE(by_machine(d, ProposeFact{flaw, Letter::A, source_of("sighting--" + std::to_string(i), d)}));
  CHECK(d.state.fold.claims.size() == 1);
  CHECK(d.state.fold.claims.front().sources.size() == kMostClaimSources);
}

TEST_CASE("what is on record already is proposed by nothing, and nobody but the machine proposes") {
  auto d = with_vulnerability();
  const auto flaw = d.state.fold.vulnerabilities.front().id;
  const ProposeFact proposal{flaw, Letter::A, source_of("sighting--1", d)};
  CHECK(decide(d.state, proposal, Ask{{d.owner, d.writer}, d.now, d.now, system_random(), {}}).error().kind == ErrorKind::Forbidden);
  REQUIRE(d.act(d.owner, ClaimFact{flaw, Letter::A, "seen", {}}));
  REQUIRE(d.act(d.owner, AdoptFact{d.state.fold.claims.front().id, false, {}, {}}));
  CHECK(by_machine(d, proposal)->empty());
  CHECK(by_machine(d, ProposeFact{VulnerabilityId::random(), Letter::A, source_of("sighting--2", d)})->empty());
}

TEST_CASE("no participant but the coordination reads a claim that a shared object makes") {
  auto d = with_vulnerability();
  REQUIRE(by_machine(d, ProposeFact{d.state.fold.vulnerabilities.front().id, Letter::A, source_of("sighting--1", d)}));
  for (const auto& written : d.log)
    if (const auto type = type_of(written.change.event); type == FactClaimed::kType || type == ClaimSourced::kType) CHECK(written.change.compartment == access::Compartment::coordination());
}

TEST_CASE("prepared objects: a new version takes the place of the old one, the same version with another content is refused") {
  auto d = with_vulnerability();
  REQUIRE(prepare(d, d.owner, {object_of("indicator--1", "2026-01-01T00:00:00Z", "first")}));
  CHECK(prepare(d, d.owner, {object_of("indicator--1", "2026-01-01T00:00:00Z", "second")}).error().kind == ErrorKind::Conflict);
  REQUIRE(prepare(d, d.owner, {object_of("indicator--1", "2026-01-02T00:00:00Z", "second"), object_of("note--1", "2026-01-02T00:00:00Z", "a note")}, "shared"));
  REQUIRE(d.state.fold.prepared.size() == 2);
  CHECK(d.state.fold.prepared.front().what.version == "2026-01-02T00:00:00Z");
  CHECK(d.state.fold.prepared.front().audience == access::Compartment::shared());
  CHECK(prepare(d, d.owner, {object_of("x--1", "", "a"), object_of("x--1", "", "a")}).error().where == "/objects/1/id");
  CHECK(prepare(d, d.owner, {}).error().kind == ErrorKind::Invalid);
  CHECK(prepare(d, d.owner, {object_of("x--1", "", "a")}, "org:" + d.vendor.text()).error().where == "/audience");
  CHECK(d.act(d.owner, DropThreatObject{"indicator--2", "not ours"}).error().kind == ErrorKind::NotFound);
  CHECK(d.act(d.owner, DropThreatObject{"indicator--1", " "}).error().where == "/why");
  REQUIRE(d.act(d.owner, DropThreatObject{"indicator--1", "It hits others."}));
  CHECK(d.state.fold.prepared.size() == 1);
}

TEST_CASE("a case has a limit of prepared objects, in number and in bytes") {
  auto d = with_vulnerability();
  std::vector<PreparedObject> many;
  for (std::size_t i = 0; i <= kMostPreparedObjects; ++i) many.push_back(object_of("indicator--" + std::to_string(i), "", "n"));
  CHECK(prepare(d, d.owner, many).error().kind == ErrorKind::TooLarge);
  many.pop_back();
  CHECK(prepare(d, d.owner, many));
  CHECK(prepare(d, d.owner, {object_of("indicator--0", "2", std::string(kMostPreparedBytes, 'n'))}).error().kind == ErrorKind::TooLarge);
}

TEST_CASE("an object that was held is noted once, for its organisation and the coordination alone") {
  auto d = with_vulnerability();
  const NoteHeldObject held{d.vendor, "sighting--1", "2026-01-01T00:00:00Z", "the identifier CVE-2026-0001"};
  CHECK(by_machine(d, held)->size() == 2);
  CHECK(by_machine(d, held)->empty());
  for (const auto& written : d.log)
    if (type_of(written.change.event) == ThreatObjectHeld::kType) CHECK((written.change.compartment == access::Compartment::coordination() || written.change.compartment == access::Compartment::of(d.vendor)));
  CHECK(d.state.fold.held_objects.size() == 1);
}

TEST_CASE("events on threat objects are read as they were first written") {
  // One a type and version, as it stands in ledgers: it must be readable for ever, so these texts are never changed.
  for (const std::string_view text : {
           R"({"type":"ClaimSourced","v":1,"claim":"w_00000000000000000000000001","kind":"threat_object","name":"sighting--6f1f2a4e-3b1a-4f0e-9d57-0d3f5f5c7a01","version":"2021-12-01T05:00:00.000Z","collection":"91a7b528-80eb-42ed-a74d-c6fbd5a26116","touch":"identifier","confidence":80,"evidence":"A sighting.","occurred":"2021-12-01T04:36:50Z"})",
           R"({"type":"ThreatObjectsPrepared","v":1,"objects":[{"id":"note--6f1f2a4e-3b1a-4f0e-9d57-0d3f5f5c7a02","type":"note","version":"2021-12-09T00:00:00.000Z","object":{"type":"note"},"hash":"0000000000000000000000000000000000000000000000000000000000000001"}]})",
           R"({"type":"ThreatObjectDropped","v":1,"object":"note--6f1f2a4e-3b1a-4f0e-9d57-0d3f5f5c7a02","why":"It says too much."})",
           R"({"type":"ReleaseCollectionsChosen","v":1,"collections":["91a7b528-80eb-42ed-a74d-c6fbd5a26116"]})",
           R"({"type":"ThreatObjectHeld","v":1,"organisation":"o_00000000000000000000000001","object":"sighting--6f1f2a4e-3b1a-4f0e-9d57-0d3f5f5c7a01","version":"2021-12-01T05:00:00.000Z","touches":"the identifier CVE-2021-44228"})",
       }) {
    const auto value = parse_json(text);
    REQUIRE(value);
    const auto event = event_from_json(*value);
    INFO(text << (event ? "" : event.error().message + event.error().where));
    REQUIRE(event);
    CHECK(canonical(event_to_json(*event)) == canonical(*value));
  }
}
