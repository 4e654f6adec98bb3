#include "threat/marking.h"

#include <doctest/doctest.h>
#include <rapidcheck.h>

#include "threat/object_for_tests.h"

using namespace sluice;
using namespace sluice::threat;

namespace {

using testing::HeldMarkings;
using testing::object_of;

constexpr std::string_view kGreenId = "marking-definition--bab4a63c-aed9-4cf5-a766-dfca5abac2bb";
constexpr std::string_view kRedId = "marking-definition--e828b379-4e03-4974-9ac4-e53a884c97c1";

json::object marked_indicator(std::string_view object_marking, std::string_view granular) {
  std::string text = R"({"type":"indicator","id":"indicator--1","name":"n","aliases":["a","b"],"external_references":[{"source_name":"s","url":"u"}])";
  if (!object_marking.empty()) text += R"(,"object_marking_refs":[")" + std::string(object_marking) + "\"]";
  if (!granular.empty()) text += ",\"granular_markings\":" + std::string(granular);
  return object_of(text + "}");
}

std::string granular_of(std::string_view ref, std::string_view selector) { return R"([{"marking_ref":")" + std::string(ref) + R"(","selectors":[")" + std::string(selector) + "\"]}]"; }

}  // namespace

TEST_CASE("a selector reads to steps and back, or is refused where it breaks") {
  for (const std::string text : {"name", "external_references.[0].url", "extensions.extension-definition--60a3c5c5-0d10-413e-aab3-9e08dde9e88d.a", "hashes.SHA-256", "matrix.[0].[12]"}) {
    const auto selector = parse_selector(text);
    REQUIRE_MESSAGE(selector.has_value(), text);
    CHECK(selector_text(*selector) == text);
  }
  const struct { const char* text; const char* where; } rows[] = {
      {"", "position 1"}, {".", "position 1"}, {"a.", "position 3"}, {"a..b", "position 3"}, {"[0]", "position 1"}, {"a.[x]", "position 3"}, {"a.[01]", "position 3"},
      {"a.[-1]", "position 3"}, {"a.[]", "position 3"}, {"a.[0", "position 3"}, {"a.[1234567890]", "position 3"}, {"a b", "position 2"}, {"a.*", "position 3"}, {"a.b[0]", "position 4"},
  };
  for (const auto& row : rows) {
    const auto selector = parse_selector(row.text);
    REQUIRE_MESSAGE(!selector.has_value(), row.text);
    CHECK_MESSAGE(selector.error().where == row.where, row.text);
  }
  CHECK_FALSE(parse_selector(std::string(4001, 'a')));
  std::string deep = "a";
  for (int i = 0; i < 64; ++i) deep += ".a";
  CHECK_FALSE(parse_selector(deep));
}

TEST_CASE("a selector finds what is there, and an index is no key") {
  const auto object = marked_indicator("", "");
  const auto found = [&](const char* text) { const auto* value = selected_in(object, *parse_selector(text)); return value ? canonical(*value) : "-"; };
  CHECK(found("name") == "\"n\"");
  CHECK(found("aliases.[1]") == "\"b\"");
  CHECK(found("aliases.[2]") == "-");
  CHECK(found("external_references.[0].url") == "\"u\"");
  CHECK(found("external_references.url") == "-");
  CHECK(found("name.[0]") == "-");
  CHECK(found("nothing") == "-");
}

TEST_CASE("TLP is read from both generations of fixed ids, and from definitions that say it") {
  const struct { const char* id; Tlp tlp; } rows[] = {
      {"marking-definition--613f2e26-407d-48c7-9eca-b8e91df99dc9", Tlp::Clear}, {"marking-definition--34098fce-860f-48ae-8e50-ebd3cc5e41da", Tlp::Green},
      {"marking-definition--f88d31f6-486f-44da-b317-01333bde0b82", Tlp::Amber}, {"marking-definition--5e57c739-391a-4eb3-b6be-7d15ca92d5ed", Tlp::Red},
      {"marking-definition--94868c89-83c2-464b-929b-a1a8aa3c8487", Tlp::Clear}, {"marking-definition--bab4a63c-aed9-4cf5-a766-dfca5abac2bb", Tlp::Green},
      {"marking-definition--55d920b0-5e8b-4f79-9ee9-91f868d9b421", Tlp::Amber}, {"marking-definition--939a9414-2ddd-4d32-a0cd-375ea402b003", Tlp::AmberStrict},
      {"marking-definition--e828b379-4e03-4974-9ac4-e53a884c97c1", Tlp::Red},
  };
  for (const auto& row : rows) CHECK_MESSAGE(markings_of(marked_indicator(row.id, ""), {}).tlp == row.tlp, row.id);
  for (const auto tlp : {Tlp::Clear, Tlp::Green, Tlp::Amber, Tlp::AmberStrict, Tlp::Red}) CHECK(well_known_marking(marking_id_of(tlp)) == tlp);

  HeldMarkings held;
  held.add(R"({"type":"marking-definition","id":"marking-definition--1","definition_type":"tlp","definition":{"tlp":"amber"}})");
  held.add(R"({"type":"marking-definition","id":"marking-definition--2","extensions":{"extension-definition--60a3c5c5-0d10-413e-aab3-9e08dde9e88d":{"extension_type":"property-extension","tlp_2_0":"amber+strict"}}})");
  held.add(R"({"type":"marking-definition","id":"marking-definition--3","definition_type":"statement","definition":{"statement":"Copyright of Example"}})");
  CHECK(markings_of(marked_indicator("marking-definition--1", ""), held.lookup()).tlp == Tlp::Amber);
  CHECK(markings_of(marked_indicator("marking-definition--2", ""), held.lookup()).tlp == Tlp::AmberStrict);
  const auto statement = markings_of(marked_indicator("marking-definition--3", ""), held.lookup(), {.unmarked = Tlp::Green});
  CHECK(statement.tlp == Tlp::Green);  // a statement says nothing of who may read
  CHECK_FALSE(statement.has_unknown);
  CHECK(statement.statements == std::vector<std::string>{"Copyright of Example"});
}

TEST_CASE("several markings of one object come to the strictest") {
  auto object = marked_indicator(kGreenId, "");
  object["object_marking_refs"].as_array().push_back("marking-definition--f88d31f6-486f-44da-b317-01333bde0b82");
  CHECK(markings_of(object, {}).tlp == Tlp::Amber);
}

TEST_CASE("M2: what can't be read or placed counts as stricter") {
  const MarkingPolicy policy{.unmarked = Tlp::Green, .unknown = Tlp::Red};
  CHECK(markings_of(marked_indicator("", ""), {}, policy).tlp == Tlp::Green);
  CHECK(markings_of(marked_indicator("marking-definition--nobody", ""), {}, policy).tlp == Tlp::Red);
  CHECK(markings_of(marked_indicator("marking-definition--nobody", ""), {}, {.unmarked = Tlp::Green, .unknown = Tlp::Clear}).tlp == Tlp::Green);
  CHECK(markings_of(marked_indicator(kGreenId, granular_of(kRedId, "nothing.[0]")), {}, policy).tlp == Tlp::Red);
  CHECK(markings_of(marked_indicator(kGreenId, granular_of(kRedId, "a b")), {}, policy).tlp == Tlp::Red);
  CHECK(markings_of(marked_indicator(kGreenId, R"([{"marking_ref":")" + std::string(kRedId) + "\"}]"), {}, policy).tlp == Tlp::Red);
  CHECK(markings_of(marked_indicator(kGreenId, R"(["no object"])"), {}, policy).tlp == Tlp::Red);
  CHECK(markings_of(marked_indicator(kGreenId, R"("no list")"), {}, policy).tlp == Tlp::Red);
  CHECK(markings_of(object_of(R"({"type":"x","id":"x--1","object_marking_refs":"no list"})"), {}, policy).tlp == Tlp::Red);
  HeldMarkings held;  // a definition under another's id, and one with a foreign extension
  held.held["marking-definition--9"] = object_of(R"({"type":"marking-definition","id":"marking-definition--8","definition_type":"statement","definition":{"statement":"s"}})");
  held.add(R"({"type":"marking-definition","id":"marking-definition--7","extensions":{"extension-definition--762e2e97-ee51-43e5-a9ea-165fbb862c4a":{"extension_type":"property-extension"}}})");
  CHECK(markings_of(marked_indicator("marking-definition--9", ""), held.lookup(), policy).has_unknown);
  CHECK(markings_of(marked_indicator("marking-definition--7", ""), held.lookup(), policy).tlp == Tlp::Red);
}

TEST_CASE("M1: a granular marking tightens a part and never loosens it") {
  const auto tighter = markings_of(marked_indicator(kGreenId, granular_of(kRedId, "external_references.[0].url")), {});
  CHECK(tighter.tlp == Tlp::Green);
  CHECK(tighter.strictest_part == Tlp::Red);
  CHECK(tighter.has_granular);
  REQUIRE(tighter.parts.size() == 1);
  CHECK(selector_text(tighter.parts[0].selector) == "external_references.[0].url");
  const auto looser = markings_of(marked_indicator(kRedId, granular_of(kGreenId, "name")), {});
  CHECK(looser.tlp == Tlp::Red);
  CHECK(looser.strictest_part == Tlp::Red);
  CHECK(looser.parts.empty());
}

TEST_CASE("a language alone marks nothing, and the innermost one holds for a part") {
  auto object = marked_indicator(kGreenId, R"([{"lang":"de","selectors":["external_references"]},{"lang":"fr","selectors":["external_references.[0].url"]}])");
  CHECK_FALSE(markings_of(object, {}).has_granular);
  CHECK(language_of(object, *parse_selector("external_references.[0].url")) == "fr");
  CHECK(language_of(object, *parse_selector("external_references.[0].source_name")) == "de");
  CHECK(language_of(object, *parse_selector("name")) == "en");
  object["lang"] = "ja";
  CHECK(language_of(object, *parse_selector("name")) == "ja");
}

TEST_CASE("a translation is marked at least as what it translates") {
  const auto original = marked_indicator(kGreenId, granular_of(kRedId, "name"));
  auto content = object_of(R"({"type":"language-content","id":"language-content--1","object_ref":"indicator--1","contents":{"de":{"name":"N"},"fr":{"description":"D"}}})");
  content["object_marking_refs"] = json::array{json::value("marking-definition--94868c89-83c2-464b-929b-a1a8aa3c8487")};
  CHECK(markings_of(content, {}).strictest_part == Tlp::Clear);
  const auto translated = markings_of_translation(content, original, {});
  CHECK(translated.tlp == Tlp::Green);
  CHECK(translated.strictest_part == Tlp::Red);
  REQUIRE(translated.parts.size() == 1);
  CHECK(selector_text(translated.parts[0].selector) == "contents.de.name");
}

TEST_CASE("M5_a_marking_deep_within_holds_for_the_whole") {
  const std::string red = "marking-definition--e828b379-4e03-4974-9ac4-e53a884c97c1";
  for (const auto& inner : {R"("objects":{"0":{"type":"file","object_marking_refs":["RED"]}})", R"("x_list":[[{"granular_markings":[{"marking_ref":"RED","selectors":["a"]}]}]])", R"("extensions":{"x":{"object_marking_refs":"RED"}})",
                            R"("x_a":{"object_marking_refs":["marking-definition--never"]})"}) {
    std::string text = std::string(R"({"type":"observed-data","id":"observed-data--1","object_marking_refs":["marking-definition--94868c89-83c2-464b-929b-a1a8aa3c8487"],)") + inner + "}";
    if (const auto at = text.find("\"RED\""); at != text.npos) text.replace(at + 1, 3, red);
    CHECK_MESSAGE(markings_of(object_of(text), {}).tlp == Tlp::Red, text);
  }
  CHECK(markings_of(object_of(R"({"type":"a","object_marking_refs":["marking-definition--94868c89-83c2-464b-929b-a1a8aa3c8487"],"x":{"granular_markings":[{"lang":"de","selectors":["a"]}]}})"), {}).tlp == Tlp::Clear);
}

TEST_CASE("a translation that says nothing follows what it translates") {
  const auto content = object_of(R"({"type":"language-content","id":"language-content--1","object_ref":"indicator--1","contents":{"de":{"name":"N"}}})");
  CHECK(markings_of_translation(content, marked_indicator(kGreenId, {}), {}).tlp == Tlp::Green);
  CHECK(markings_of_translation(content, marked_indicator(kRedId, {}), {}).tlp == Tlp::Red);
}

TEST_CASE("a definition in the mirror of everybody is everybody's") {
  CHECK(markings_of(object_of(R"({"type":"marking-definition","id":"marking-definition--e828b379-4e03-4974-9ac4-e53a884c97c1"})"), {}).tlp == Tlp::Clear);
  CHECK(markings_of(object_of(R"({"type":"marking-definition","id":"marking-definition--1"})"), {}).tlp == Tlp::AmberStrict);
}

TEST_CASE("what is wrong with markings is said with its place") {
  HeldMarkings held;
  held.add(R"({"type":"marking-definition","id":"marking-definition--a","object_marking_refs":["marking-definition--b"],"definition_type":"statement","definition":{"statement":"s"}})");
  held.add(R"({"type":"marking-definition","id":"marking-definition--b","granular_markings":[{"selectors":["definition"],"marking_ref":"marking-definition--a"}],"definition_type":"statement","definition":{"statement":"s"}})");
  held.add(R"({"type":"marking-definition","id":"marking-definition--c","object_marking_refs":["marking-definition--a"],"definition_type":"statement","definition":{"statement":"s"}})");
  held.add(R"({"type":"marking-definition","id":"marking-definition--d","object_marking_refs":["marking-definition--d"],"definition_type":"statement","definition":{"statement":"s"}})");
  const auto places = [&](const json::object& object) {
    std::string out;
    for (const auto& finding : check_markings(object, held.lookup())) out += (finding.severity == Severity::Error ? "E" : "W") + finding.where + " ";
    return out;
  };
  CHECK(places(held.held.at("marking-definition--a")) == "E/object_marking_refs/0 ");
  CHECK(places(held.held.at("marking-definition--b")) == "E/granular_markings/0/marking_ref ");
  CHECK(places(held.held.at("marking-definition--c")) == "");  // it leads to a circle, and stands in none
  CHECK(places(held.held.at("marking-definition--d")) == "E/object_marking_refs/0 ");
  CHECK(places(marked_indicator("marking-definition--a", "")) == "");
  CHECK(places(marked_indicator("marking-definition--z", "")) == "W/object_marking_refs/0 ");
  CHECK(places(marked_indicator("identity--z", "")) == "E/object_marking_refs/0 ");
  CHECK(places(marked_indicator("", R"([{"selectors":["name","nothing"],"lang":"de"}])")) == "E/granular_markings/0/selectors/1 ");
  CHECK(places(marked_indicator("", R"([{"selectors":["name"],"lang":"de","marking_ref":"marking-definition--a"}])")) == "E/granular_markings/0 ");
  CHECK(places(marked_indicator("", R"([{"selectors":["name"]},{"lang":"de"},7])")) == "E/granular_markings/0 E/granular_markings/1/selectors E/granular_markings/2 ");
  CHECK(places(marked_indicator("", "[]")) == "E/granular_markings ");
  // A circle of definitions has no effect on what they mean (M4).
  CHECK(markings_of(marked_indicator("marking-definition--a", ""), held.lookup(), {.unmarked = Tlp::Clear}).tlp == Tlp::Clear);
}

TEST_CASE("who may read which label") {
  const struct { const char* who; ReaderRelation reader; const char* may; } rows[] = {
      {"nobody signed in", {.is_anonymous = true}, "y----"},
      {"nobody signed in, whatever else is said", {.is_anonymous = true, .is_community = true, .is_client = true, .is_member = true, .is_named = true, .is_submitter = true}, "y----"},
      {"a stranger", {}, "y----"},
      {"community", {.is_community = true}, "yy---"},
      {"client of a member", {.is_client = true}, "yyy--"},
      {"member", {.is_community = true, .is_member = true}, "yyyy-"},
      {"named recipient", {.is_named = true}, "yyyyy"},
      {"submitter", {.is_submitter = true}, "yyyyy"},
  };
  for (const auto& row : rows)
    for (int i = 0; i < 5; ++i) {
      const auto tlp = static_cast<Tlp>(i);
      CHECK_MESSAGE(may_read(tlp, row.reader) == (row.may[i] == 'y'), row.who << " and " << to_text(tlp));
      CHECK_MESSAGE(why_not(tlp, row.reader).empty() == (row.may[i] == 'y'), row.who << " and " << to_text(tlp));
    }
}

TEST_CASE("M3: for every relation, who may read a label may read every looser one") {
  CHECK(rc::check([] {
    const ReaderRelation reader{*rc::gen::arbitrary<bool>(), *rc::gen::arbitrary<bool>(), *rc::gen::arbitrary<bool>(), *rc::gen::arbitrary<bool>(), *rc::gen::arbitrary<bool>(), *rc::gen::arbitrary<bool>()};
    for (int i = 1; i < 5; ++i)
      if (may_read(static_cast<Tlp>(i), reader)) RC_ASSERT(may_read(static_cast<Tlp>(i - 1), reader));
    RC_ASSERT(may_read(Tlp::Clear, reader));
  }));
}
