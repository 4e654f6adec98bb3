#include "threat/redact.h"

#include <doctest/doctest.h>
#include <rapidcheck.h>

#include "threat/object_for_tests.h"

using namespace sluice;
using namespace sluice::threat;
using testing::object_of;

namespace {

const Bytes kSiteKey(32, 7);
constexpr std::string_view kGreenMarking = "marking-definition--bab4a63c-aed9-4cf5-a766-dfca5abac2bb";
constexpr std::string_view kStrictMarking = "marking-definition--939a9414-2ddd-4d32-a0cd-375ea402b003";
constexpr std::string_view kRedMarking = "marking-definition--e828b379-4e03-4974-9ac4-e53a884c97c1";

json::object with_parts(json::object object, std::initializer_list<std::pair<std::string_view, std::string_view>> parts) {
  json::array granular;
  for (const auto& [selector, marking] : parts) granular.push_back(json::object{{"selectors", json::array{json::value(selector)}}, {"marking_ref", marking}});
  object["object_marking_refs"] = json::array{json::value(kGreenMarking)};
  if (!granular.empty()) object["granular_markings"] = std::move(granular);
  return object;
}

json::object malware() {
  return object_of(R"({"type":"malware","spec_version":"2.1","id":"malware--73ab09ce-f601-427e-b043-175492d9eb7d","created_by_ref":"identity--1","created":"2021-12-10T00:00:00.000Z","modified":"2021-12-11T00:00:00.000Z",
    "name":"Plainname","is_family":true,"description":"Told in confidence","aliases":["one-alias","two-alias","three-alias"],
    "kill_chain_phases":[{"kill_chain_name":"k","phase_name":"p"}],
    "external_references":[{"source_name":"s0","url":"https://zero.example/","hashes":{"MD5":"d41d8cd98f00b204e9800998ecf8427e"}},{"source_name":"s1","external_id":"X-1","url":"https://one.example/"}]})");
}

RedactionPolicy copies() { return {.offers_copies = true, .made_by = "identity--5d1a4b1e-2f0f-4d0e-8a57-0a8f6f3f2b11"}; }

Redaction redact(const json::object& object, Tlp ceiling, const RedactionPolicy& policy = copies()) {
  return redacted_for(ceiling, object, markings_of(object, {}, policy.marking), kSiteKey, *parse_instant("2022-01-01T00:00:00Z"), {}, policy);
}

}  // namespace

TEST_CASE("who may read all has the object, who may not read the whole has nothing") {
  const auto object = with_parts(malware(), {{"description", kRedMarking}});
  CHECK(redact(object, Tlp::Red).outcome == ReadOutcome::Whole);
  CHECK(redact(object, Tlp::Clear).outcome == ReadOutcome::Withheld);
  CHECK(redact(object, Tlp::Green).outcome == ReadOutcome::Copy);
  CHECK(redact(object, Tlp::Green, {}).outcome == ReadOutcome::Withheld);  // copies only where the collection's rules say so
}

TEST_CASE("a copy is a new object of the site's, derived from the original") {
  const auto made = redact(with_parts(malware(), {{"description", kRedMarking}}), Tlp::Green);
  REQUIRE(made.outcome == ReadOutcome::Copy);
  const std::string id(string_at(made.copy, "id"));
  CHECK(id.starts_with("malware--"));
  CHECK(id.size() == 45);
  CHECK(id[23] == '4');
  CHECK(string_at(made.copy, "created_by_ref") == copies().made_by);
  CHECK(string_at(made.copy, "modified") == "2021-12-11T00:00:00.000Z");
  CHECK_FALSE(made.copy.contains("description"));
  CHECK_FALSE(made.copy.contains("granular_markings"));
  CHECK(string_at(made.relationship, "relationship_type") == "derived-from");
  CHECK(string_at(made.relationship, "source_ref") == id);
  CHECK(string_at(made.relationship, "target_ref") == "malware--73ab09ce-f601-427e-b043-175492d9eb7d");
  CHECK(made.relationship.at("object_marking_refs") == made.copy.at("object_marking_refs"));
  CHECK(redact(with_parts(malware(), {{"description", kRedMarking}}), Tlp::Green, {.offers_copies = true, .names_original = false}).relationship.empty());
}

TEST_CASE("a copy's id holds from version to version, and differs by ceiling and by site") {
  const auto object = with_parts(malware(), {{"description", kRedMarking}, {"aliases", kStrictMarking}});
  auto later = object;
  later["modified"] = "2021-12-12T00:00:00.000Z";
  later["aliases"].as_array().push_back("four-alias");
  const auto id = [](const Redaction& made) { return std::string(string_at(made.copy, "id")); };
  CHECK(id(redact(object, Tlp::Green)) == id(redact(later, Tlp::Green)));
  CHECK(id(redact(object, Tlp::Green)) != id(redact(object, Tlp::AmberStrict)));
  const Bytes other(32, 8);
  CHECK(id(redact(object, Tlp::Green)) != id(redacted_for(Tlp::Green, object, markings_of(object, {}), other, {}, {}, copies())));
}

TEST_CASE("R3: lists close up, and selectors count what is there") {
  const auto made = redact(with_parts(malware(), {{"aliases.[0]", kRedMarking}, {"aliases.[2]", kGreenMarking}, {"external_references.[0]", kRedMarking}, {"external_references.[1].url", kGreenMarking}}), Tlp::Green);
  REQUIRE_MESSAGE(made.outcome == ReadOutcome::Copy, made.why);
  CHECK(canonical(made.copy.at("aliases")) == R"(["two-alias","three-alias"])");
  CHECK(canonical(made.copy.at("granular_markings")) == R"([{"marking_ref":"marking-definition--bab4a63c-aed9-4cf5-a766-dfca5abac2bb","selectors":["aliases.[1]"]},{"marking_ref":"marking-definition--bab4a63c-aed9-4cf5-a766-dfca5abac2bb","selectors":["external_references.[0].url"]}])");
}

TEST_CASE("R3: a list that is left empty goes, and so does the hash of an address that went") {
  const auto made = redact(with_parts(malware(), {{"aliases.[0]", kRedMarking}, {"aliases.[1]", kRedMarking}, {"aliases.[2]", kRedMarking}, {"external_references.[0].url", kRedMarking}, {"external_references.[1].url", kRedMarking}}), Tlp::Green);
  REQUIRE_MESSAGE(made.outcome == ReadOutcome::Copy, made.why);
  CHECK_FALSE(made.copy.contains("aliases"));
  CHECK(canonical(made.copy.at("external_references")) == R"([{"external_id":"X-1","source_name":"s1"}])");  // the first one said nothing without its address
}

TEST_CASE("R3: an id that is computed from what went isn't given") {
  const auto file = object_of(R"({"type":"file","spec_version":"2.1","id":"file--aaefb561-ba11-5006-98bf-7d36475ff5f4","hashes":{"MD5":"a97abce0eb57ddf36c33dd81ed71d49d"},"name":"given-away.dll"})");
  const auto made = redact(with_parts(file, {{"name", kRedMarking}}), Tlp::Green);
  REQUIRE(made.outcome == ReadOutcome::Copy);
  CHECK(made.relationship.empty());
  CHECK(canonical(made.copy).find("aaefb561") == std::string::npos);
  CHECK_FALSE(made.copy.contains("created_by_ref"));
}

TEST_CASE("R4: what would be no whole object is withheld, and the reason says what it would lack") {
  const struct { const char* object; const char* part; const char* why; } rows[] = {
      {R"({"type":"indicator","spec_version":"2.1","id":"indicator--1","created":"c","modified":"m","pattern":"[a:b = 'c']","pattern_type":"stix","valid_from":"v"})", "pattern", "'pattern'"},
      {R"({"type":"malware","spec_version":"2.1","id":"malware--1","created":"c","modified":"m","name":"n","is_family":true})", "name", "'name'"},
      {R"({"type":"location","spec_version":"2.1","id":"location--1","created":"c","modified":"m","latitude":1,"longitude":2})", "latitude", "'region country latitude+longitude'"},
      {R"({"type":"file","id":"file--1","name":"n"})", "name", "'hashes name'"},
      {R"({"type":"artifact","id":"artifact--1","payload_bin":"aaaa","hashes":{"MD5":"x"},"url":"u"})", "payload_bin", "'payload_bin url+hashes'"},
      {R"({"type":"process","id":"process--1","pid":7})", "pid", "'anything of its own'"},
      {R"({"type":"report","spec_version":"2.1","id":"report--1","created":"c","modified":"m","name":"n","published":"p","object_refs":["malware--1"]})", "object_refs.[0]", "'object_refs'"},
      {R"({"type":"x-own","spec_version":"2.1","id":"x-own--1","created":"c","modified":"m","a":"n","b":1})", "a", "never cut"},
      {R"({"type":"tool","spec_version":"2.1","id":"tool--1","created":"c","modified":"m","name":"n"})", "modified", "'modified'"},
      {R"({"type":"tool","spec_version":"2.1","created":"c","modified":"m","name":"n","description":"d"})", "description", "no id"},
      {R"({"type":"tool","id":"tool--1","created":"c","modified":"m","name":"n","description":"d"})", "description", "'spec_version'"},
  };
  for (const auto& row : rows) {
    const auto made = redact(with_parts(object_of(row.object), {{row.part, kRedMarking}}), Tlp::Green);
    CHECK_MESSAGE(made.outcome == ReadOutcome::Withheld, row.object);
    CHECK_MESSAGE(made.why.find(row.why) != std::string::npos, made.why);
  }
}

TEST_CASE("what goes with a part goes with it") {
  const auto location = object_of(R"({"type":"location","spec_version":"2.1","id":"location--1","created":"c","modified":"m","region":"europe","latitude":1,"longitude":2,"precision":3})");
  const auto made = redact(with_parts(location, {{"longitude", kRedMarking}}), Tlp::Green);
  REQUIRE(made.outcome == ReadOutcome::Copy);
  CHECK_FALSE(made.copy.contains("latitude"));
  CHECK_FALSE(made.copy.contains("precision"));
}

TEST_CASE("R1: what stands elsewhere as well, in whatever spelling, isn't cut out of one place") {
  auto object = malware();
  object["description"] = "It speaks to hxxp://C2[.]badness/";
  object["x_address"] = "http://c2.badness/";
  CHECK(redact(with_parts(object, {{"x_address", kRedMarking}}), Tlp::Green).outcome == ReadOutcome::Withheld);
  CHECK(redact(with_parts(object, {{"x_address", kRedMarking}, {"description", kRedMarking}}), Tlp::Green).outcome == ReadOutcome::Copy);
}

TEST_CASE("R2: what the policy gave an unmarked object, its copy says itself") {
  auto object = with_parts(malware(), {{"description", kRedMarking}});
  object.erase("object_marking_refs");
  auto policy = copies();
  policy.marking.unmarked = Tlp::Amber;
  const auto made = redact(object, Tlp::Amber, policy);
  REQUIRE(made.outcome == ReadOutcome::Copy);
  CHECK(markings_of(made.copy, {}, {.unmarked = Tlp::Clear}).tlp == Tlp::Amber);
}

TEST_CASE("R1 to R3 hold for any markings of any parts") {
  const std::vector<std::string> selectors = {"description", "aliases", "aliases.[0]", "aliases.[1]", "aliases.[2]", "external_references", "external_references.[0]", "external_references.[0].url", "external_references.[0].hashes.MD5", "external_references.[0].source_name",
                                              "external_references.[1]", "external_references.[1].url", "external_references.[1].external_id", "kill_chain_phases.[0].phase_name", "created_by_ref", "is_family", "name"};
  std::size_t copies_seen = 0;
  CHECK(rc::check([&] {
    const auto tlp_of_whole = *rc::gen::elementOf(std::vector<Tlp>{Tlp::Clear, Tlp::Green, Tlp::Amber});
    auto object = malware();
    object["object_marking_refs"] = json::array{json::value(marking_id_of(tlp_of_whole))};
    json::array granular;
    std::vector<std::pair<Selector, Tlp>> marked;
    const auto count = *rc::gen::inRange(1, 6);
    for (int i = 0; i < count; ++i) {
      const auto selector = *rc::gen::elementOf(selectors);
      const auto tlp = static_cast<Tlp>(*rc::gen::inRange(0, 5));
      marked.emplace_back(*parse_selector(selector), tlp);
      granular.push_back(json::object{{"selectors", json::array{json::value(selector)}}, {"marking_ref", marking_id_of(tlp)}});
    }
    object["granular_markings"] = granular;
    const auto ceiling = static_cast<Tlp>(*rc::gen::inRange(0, 5));
    const auto made = redact(object, ceiling);
    const auto before = markings_of(object, {});
    RC_ASSERT((made.outcome == ReadOutcome::Whole) == (before.strictest_part <= ceiling));
    if (made.outcome != ReadOutcome::Copy) return;
    ++copies_seen;
    const auto text = canonical(made.copy);
    for (const auto& [selector, tlp] : marked) {
      if (tlp <= ceiling || tlp <= before.tlp) continue;
      const auto* value = selected_in(object, selector);
      if (selector.front().key == "kill_chain_phases") RC_ASSERT(!made.copy.contains("kill_chain_phases"));
      else if (value->is_string()) RC_ASSERT(text.find(canonical(*value)) == std::string::npos);
    }
    const auto after = markings_of(made.copy, {}, {.unmarked = Tlp::Clear});
    RC_ASSERT(after.strictest_part <= ceiling);
    RC_ASSERT(after.tlp >= before.tlp);
    RC_ASSERT(check_markings(made.copy, {}).empty());  // every selector left hits something
    RC_ASSERT(canonical(redact(object, ceiling).copy) == text);
    // Redacting the copy for the same reader changes nothing; for a lower one it never gives more.
    RC_ASSERT(redact(made.copy, ceiling).outcome == ReadOutcome::Whole);
  }));
  CHECK(copies_seen > 5);
}
