#include <doctest/doctest.h>

#include "service/case_keys.h"

using namespace sluice;
using namespace sluice::service;

namespace {

const VulnerabilityId kFirstFlaw = VulnerabilityId::random(), kSecondFlaw = VulnerabilityId::random();

KeysOfCases one_case() {
  auto key = std::make_shared<CaseKey>();
  key->id = CaseId::random();
  key->is_open = key->coordinates = true;
  key->vulnerabilities = {{kFirstFlaw, "CVE-2026-0001"}, {kSecondFlaw, "CVE-2026-0002"}};
  key->products = {"cpe:example:parser"};
  key->prepared = {{"indicator--6f1f2a4e-3b1a-4f0e-9d57-0d3f5f5c7a01", {"CVE-2026-0002"}}};
  key->values = {{"domain-name", "staging.example"}};
  return {key};
}

std::vector<Touched> touches(std::string_view text) {
  const auto value = parse_json(text);
  REQUIRE(value);
  const auto said = threat::said_of_world(value->get_object());
  REQUIRE(said);
  return touched_by(one_case(), *said, value->get_object());
}

}  // namespace

TEST_CASE("by what an object touches which vulnerability of a case") {
  struct Row { std::string_view name, text; std::optional<VulnerabilityId> of; cvd::Touch touch; };
  using enum cvd::Touch;
  for (const auto& [name, text, of, touch] : std::initializer_list<Row>{
           {"its identifier", R"({"type":"vulnerability","id":"vulnerability--1","name":"CVE-2026-0002"})", kSecondFlaw, Identifier},
           {"another identifier", R"({"type":"vulnerability","id":"vulnerability--1","name":"CVE-2026-0003"})", {}, Identifier},
           {"a sighting of an object of the case", R"({"type":"sighting","id":"sighting--1","sighting_of_ref":"indicator--6f1f2a4e-3b1a-4f0e-9d57-0d3f5f5c7a01"})", kSecondFlaw, CaseObject},
           {"a value of a pattern of the case", R"({"type":"domain-name","id":"domain-name--1","value":"STAGING.example"})", kFirstFlaw, Pattern},
           {"another value", R"({"type":"domain-name","id":"domain-name--1","value":"www.example"})", {}, Pattern},
           {"a product", R"({"type":"software","id":"software--1","name":"Parser","cpe":"cpe:2.3:a:example:parser:1.0:*:*:*:*:*:*:*"})", kFirstFlaw, Product},
       }) {
    INFO(name);
    const auto found = touches(text);
    REQUIRE(found.size() == (of ? 1u : 0u));
    if (!of) continue;
    CHECK(found.front().vulnerability == *of);
    CHECK(found.front().touch == touch);
  }
}

TEST_CASE("an object that names two vulnerabilities touches both, each once") {
  const auto found = touches(R"({"type":"indicator","id":"indicator--6f1f2a4e-3b1a-4f0e-9d57-0d3f5f5c7a01","external_references":[{"source_name":"cve","external_id":"CVE-2026-0001"},{"source_name":"cve","external_id":"CVE-2026-0002"}]})");
  REQUIRE(found.size() == 2);
  CHECK(found[0].vulnerability == kFirstFlaw);
  CHECK(found[1].vulnerability == kSecondFlaw);
  CHECK(found[1].touch == cvd::Touch::Identifier);   // the stronger of the two
}
