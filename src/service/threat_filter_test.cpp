#include "service/threat_filter.h"

#include <doctest/doctest.h>

namespace sluice::service {

namespace {

json::object filtered_object(std::string_view text) { return parse_json(text).value().as_object(); }

bool passes(const ContentFilter& filter, std::string_view object, const PartyLookup& party = [](std::string_view) -> const json::object* { return nullptr; }) {
  return lets_through(filter, filtered_object(object), Tlp::Green, party);
}

}  // namespace

TEST_CASE("a filter that asks for nothing lets everything through, and has no text") {
  CHECK(passes({}, R"({})"));
  CHECK(ContentFilter{}.is_empty());
  CHECK(ContentFilter{}.canonical().empty());
}

TEST_CASE("a label is that of the strictest part, and the collection's where none stands") {
  constexpr auto kAmber = R"({"id":"tool--2dda25c8-933c-4944-9185-ba707ff863c0","type":"tool","name":"x","object_marking_refs":["marking-definition--55d920b0-5e8b-4f79-9ee9-91f868d9b421"]})";
  constexpr auto kPartly = R"({"id":"tool--2dda25c8-933c-4944-9185-ba707ff863c0","type":"tool","name":"x","granular_markings":[{"marking_ref":"marking-definition--55d920b0-5e8b-4f79-9ee9-91f868d9b421","selectors":["name"]}]})";
  constexpr auto kUnmarked = R"({"id":"tool--2dda25c8-933c-4944-9185-ba707ff863c0","type":"tool","name":"x"})";
  CHECK(passes({.labels = {Tlp::Amber}}, kAmber));
  CHECK(passes({.labels = {Tlp::Amber}}, kPartly));
  CHECK(!passes({.labels = {Tlp::Amber}}, kUnmarked));
  CHECK(passes({.labels = {Tlp::Green}}, kUnmarked));
  CHECK(!passes({.labels = {Tlp::Clear, Tlp::Red}}, kAmber));
}

TEST_CASE("the least confidence must be said") {
  CHECK(passes({.confidence = 50}, R"({"confidence":50})"));
  CHECK(!passes({.confidence = 51}, R"({"confidence":50})"));
  CHECK(!passes({.confidence = 0}, R"({})"));
  CHECK(!passes({.confidence = 0}, R"({"confidence":"high"})"));
}

TEST_CASE("a value is found in every spelling, by its kind where one is named") {
  const ContentFilter plain{.values = value_readings("198.51.100[.]7")};
  CHECK(passes(plain, R"({"type":"ipv4-addr","value":"198.51.100.7"})"));
  CHECK(passes(plain, R"({"type":"indicator","pattern_type":"stix","pattern":"[ipv4-addr:value = '198.51.100.7']"})"));
  CHECK(!passes(plain, R"({"type":"ipv4-addr","value":"198.51.100.8"})"));
  CHECK(value_readings("ipv4-addr:198.51.100.7").size() == 1);
  CHECK(value_readings("ipv4-addr:nonsense").empty());
  CHECK(value_readings("").empty());
}

TEST_CASE("a sector and a region stand on the object or on what it refers to, never on who made it") {
  const auto grid = filtered_object(R"({"type":"identity","sectors":["energy"]})"), place = filtered_object(R"({"type":"location","region":"eastern-europe","country":"PL"})");
  const PartyLookup known = [&](std::string_view id) -> const json::object* { return id == "identity--a" ? &grid : id == "location--a" ? &place : nullptr; };
  const ContentFilter energy{.sectors = {"energy"}}, poland{.regions = {"pl"}};
  CHECK(passes(energy, R"({"type":"identity","sectors":["Energy","mining"]})"));
  CHECK(passes(energy, R"({"type":"relationship","target_ref":"identity--a"})", known));
  CHECK(passes(energy, R"({"type":"sighting","where_sighted_refs":["identity--a"]})", known));
  CHECK(!passes(energy, R"({"type":"report","created_by_ref":"identity--a"})", known));
  CHECK(!passes(energy, R"({"type":"relationship","target_ref":"identity--b"})", known));
  CHECK(passes(poland, R"({"type":"relationship","target_ref":"location--a"})", known));
  CHECK(!passes({.sectors = {"energy"}, .regions = {"pl"}}, R"({"type":"relationship","target_ref":"location--a"})", known));
  CHECK(passes({.sectors = {"energy"}, .regions = {"pl"}}, R"({"type":"relationship","source_ref":"identity--a","target_ref":"location--a"})", known));
}

TEST_CASE("F3_each_part_of_a_filter_shows_in_its_text") {
  const std::vector<ContentFilter> all{{}, {.labels = {Tlp::Red}}, {.sectors = {"energy"}}, {.regions = {"energy"}}, {.confidence = 0}, {.confidence = 1}, {.values = {{"mutex", "a"}}}, {.values = {{"mutex", "a&value=mutex/1:b"}}},
                                       {.values = {{"mutex", "a"}, {"mutex", "b"}}}};
  for (std::size_t i = 0; i < all.size(); ++i)
    for (std::size_t j = 0; j < i; ++j) CHECK(all[i].canonical() != all[j].canonical());
}

}  // namespace sluice::service
