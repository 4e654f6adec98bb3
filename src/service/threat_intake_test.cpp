#include "service/threat_intake.h"

#include <doctest/doctest.h>

#include "service/sharing_testing.h"

using namespace sluice;
using namespace sluice::service;

namespace {

using Sharing = SharingForTests;

std::string tool_json(int id, int version, bool is_old_spec, Tlp tlp) { return thing_json(id, version, tlp, is_old_spec); }
std::string envelope_of_one(const std::string& object) { return "{\"objects\":[" + object + "]}"; }

}  // namespace

TEST_CASE("H4_only_what_is_marked_for_anyone_lies_open") {
  Sharing sharing;
  sharing.put(sharing.askers[0], "{\"objects\":[" + tool_json(0, 0, false, Tlp::Clear) + "," + tool_json(2, 0, false, Tlp::Green) + "]}");
  auto db = for_tests::must(sharing.site.store->lease());
  constexpr store::Sql kBodies{"bodies_for_test", "SELECT sealed, body FROM object_version ORDER BY n"};
  auto rows = for_tests::must(db->query(kBodies));
  for (const bool is_sealed : {false, true}) {
    REQUIRE(for_tests::must(rows.next()));
    CHECK(rows.flag(0) == is_sealed);
    CHECK((text_of(rows.bytes(1)).find("Thing") == std::string_view::npos) == is_sealed);
  }
}

TEST_CASE("what reached an organisation is known from its first time on, and of that organisation alone") {
  Sharing sharing;
  sharing.put(sharing.askers[0], envelope_of_one(tool_json(0, 0, false, Tlp::Green)));
  const auto& reader = sharing.askers[1];
  const auto before = sharing.page(reader, {});
  REQUIRE(before.objects.size() == 1);
  CHECK(!before.objects.front().is_delivered);
  for (int i = 0; i < 2; ++i) for_tests::must(sharing.site.writer->run(record_object_deliveries(sharing.site.services, reader.viewer, {before.objects.front().object})));
  CHECK(sharing.page(reader, {}).objects.front().is_delivered);
  CHECK(!sharing.page(sharing.askers[2], {}).objects.front().is_delivered);
}

TEST_CASE("E1_one_bad_object_fails_by_itself_and_E4_what_is_hidden_shows_in_no_answer") {
  Sharing sharing;
  const auto red = tool_json(0, 0, false, Tlp::Red);
  CHECK(sharing.put(sharing.askers[0], "{\"objects\":[" + red + ",{\"type\":\"tool\"},7," + tool_json(2, 0, false, Tlp::Green) + "]}").at("failure_count").to_number<int>() == 2);
  auto otherwise = red;
  otherwise.replace(otherwise.find("Thing"), 5, "Other");
  const auto status = sharing.put(sharing.askers[1], envelope_of_one(otherwise));
  CHECK(status.at("success_count").to_number<int>() == 1);
  CHECK(!status.at("successes").as_array().front().as_object().contains("message"));
  CHECK(sharing.put(sharing.askers[0], envelope_of_one(otherwise)).at("failure_count").to_number<int>() == 1);
}

TEST_CASE("E11_what_is_noted_with_an_object_is_in_its_transaction") {
  Sharing sharing;
  const auto& sender = sharing.askers[0];
  const auto put = [&](NoteAdded note) { return sharing.finish(for_tests::must(prepare_intake(sharing.site.services, sender, sharing.collection, envelope_of_one(tool_json(0, 0, false, Tlp::Green)), {}, FromPeer{std::move(note)}))); };
  CHECK_FALSE(put([](Unit&, std::span<const AddedObject>) -> Result<void> { return fail(ErrorKind::Conflict, "not now"); }));
  CHECK(sharing.page(sender, {}).objects.empty());
  std::size_t noted = 0;
  const auto counts = [&noted](Unit&, std::span<const AddedObject> added) -> Result<void> {
    noted += added.size();
    return {};
  };
  for (int i = 0; i < 2; ++i) CHECK(put(counts));
  CHECK(sharing.page(sender, {}).objects.size() == 1);
  CHECK(noted == 1);                              // what was there already is not noted again
}

TEST_CASE("a collection may refuse objects that say nothing of how far they go") {
  Sharing sharing;
  sharing.collection = sharing.add({.title = "Marked alone", .anyone_reads = true, .anyone_writes = true, .unmarked = "refused"});
  const std::string unmarked = R"({"type":"tool","spec_version":"2.1","id":"tool--00000000-0000-4000-8000-000000000001","created":"2020-01-01T00:00:00.000Z","modified":"2020-01-01T00:00:00.000Z","name":"Thing"})";
  CHECK(sharing.put(sharing.askers[0], envelope_of_one(unmarked)).at("failure_count").to_number<int>() == 1);
  CHECK(sharing.put(sharing.askers[0], envelope_of_one(tool_json(0, 0, false, Tlp::Green))).at("failure_count").to_number<int>() == 0);
}

namespace {

const std::string kTimes = R"("spec_version":"2.1","created":"2020-01-01T00:00:00.000Z","modified":"2020-01-01T00:00:00.000Z")";
std::string marked_with(std::string_view id) { return R"(,"object_marking_refs":[")" + std::string(id) + "\"]"; }
std::string definition_with(std::string_view id, std::string_view tlp) {
  return R"({"type":"marking-definition","spec_version":"2.1","id":")" + std::string(id) + R"(","created":"2022-10-01T00:00:00.000Z","extensions":{"extension-definition--60a3c5c5-0d10-413e-aab3-9e08dde9e88d":{"extension_type":"property-extension","tlp_2_0":")" + std::string(tlp) +
         "\"}}" + marked_with(threat::marking_id_of(Tlp::Clear)) + "}";
}

}  // namespace

TEST_CASE("what is no object of a collection fails by itself, with a reason") {
  Sharing sharing;
  const auto good = tool_json(0, 0, false, Tlp::Green);
  auto ahead = good, bare = good;
  ahead.replace(ahead.find("\"modified\":\"2020"), 16, "\"modified\":\"2200");
  bare.erase(bare.find("\"spec_version\":\"2.1\","), 21);
  const std::string long_key = "{\"" + std::string(70'000, 'k') + "\":1}";
  for (const auto& bad : {std::string(R"({"type":"bundle","id":"bundle--00000000-0000-4000-8000-000000000001","objects":[)") + tool_json(2, 0, false, Tlp::Red) + "]}", ahead, bare, long_key, std::string(R"({"a":"\ud800"})"),
                          definition_with(threat::marking_id_of(Tlp::Red), "clear"), std::string(R"({"type":"tool","id":"tool--00000000-0000-4000-8000-000000000001","name":"N"})")}) {
    const auto status = sharing.put(sharing.askers[0], "{\"objects\":[" + bad + "," + good + "]}");
    CHECK_MESSAGE(status.at("failure_count").to_number<int>() == 1, bad.substr(0, 200));
    CHECK(status.at("success_count").to_number<int>() == 1);
  }
}

TEST_CASE("E5_nobody_loosens_the_markings_of_others") {
  Sharing sharing;
  const std::string own = "marking-definition--00000000-0000-4000-8000-00000000000a";
  const auto object = [&own](int n) { return "{\"type\":\"campaign\"," + kTimes + ",\"id\":\"campaign--00000000-0000-4000-8000-00000000000" + std::to_string(n) + "\",\"name\":\"N\"" + marked_with(own) + "}"; };
  const auto meets = [&](const std::string& id) { return sharing.page(sharing.askers[2], {.ids = {id}}).objects.size(); };
  sharing.put(sharing.askers[1], envelope_of_one(definition_with(own, "clear")));
  sharing.put(sharing.askers[0], envelope_of_one(object(1)));
  CHECK(meets("campaign--00000000-0000-4000-8000-000000000001") == 0);
  sharing.put(sharing.askers[0], "{\"objects\":[" + definition_with(own, "red") + "," + definition_with(own, "clear") + "," + object(2) + "]}");
  CHECK(meets("campaign--00000000-0000-4000-8000-000000000002") == 0);
  sharing.put(sharing.askers[0], "{\"objects\":[" + object(3) + "," + definition_with(own, "clear") + "]}");
  CHECK(meets("campaign--00000000-0000-4000-8000-000000000003") == 1);
}

TEST_CASE("E5_a_definition_that_its_sender_sent_before_counts_for_what_it_sends_later") {
  const std::string own = "marking-definition--00000000-0000-4000-8000-00000000000a";
  const std::string statement = "{\"type\":\"marking-definition\",\"spec_version\":\"2.1\",\"id\":\"" + own + R"(","created":"2020-01-01T00:00:00.000Z","definition_type":"statement","definition":{"statement":"Copyright"}})";
  const auto marked = [&own](int n) { return "{\"type\":\"campaign\"," + kTimes + ",\"id\":\"campaign--00000000-0000-4000-8000-00000000000" + std::to_string(n) + "\",\"name\":\"N\"" + marked_with(own) + "}"; };
  const auto meets = [&](Sharing& sharing, const char* n) { return sharing.page(sharing.askers[2], {.ids = {std::string("campaign--00000000-0000-4000-8000-00000000000") + n}}).objects.size(); };
  for (const auto& [definition, met] : {std::pair(statement, 1U), std::pair(definition_with(own, "clear"), 1U), std::pair(definition_with(own, "red"), 0U)}) {
    Sharing sharing;
    CHECK(sharing.is_taken(sharing.askers[0], definition));
    CHECK(sharing.is_taken(sharing.askers[0], marked(1)));
    CHECK_MESSAGE(meets(sharing, "1") == met, definition);
    // Once it is deleted, nobody holds it.
    sharing.remove(sharing.askers[0], own);
    const auto status = sharing.put(sharing.askers[0], envelope_of_one(marked(2)));
    CHECK(status.at("success_count").to_number<int>() == 1);
    CHECK(string_at(status.at("successes").at(0), "message").find("counts as TLP:RED") != std::string_view::npos);
    CHECK(meets(sharing, "2") == 0);
  }
  // Two of its own, as `created` differs: the stricter counts.
  Sharing sharing;
  auto later = definition_with(own, "red");
  later.replace(later.find("2022-10"), 7, "2022-11");
  sharing.put(sharing.askers[0], envelope_of_one(later));
  sharing.put(sharing.askers[0], envelope_of_one(definition_with(own, "clear")));
  CHECK(sharing.is_taken(sharing.askers[0], marked(3)));
  CHECK(meets(sharing, "3") == 0);
}

TEST_CASE("E5_a_looser_definition_in_the_envelope_doesn't_outdo_the_stricter_one_before_it") {
  const std::string own = "marking-definition--00000000-0000-4000-8000-00000000000a";
  const auto marked = "{\"type\":\"campaign\"," + kTimes + ",\"id\":\"campaign--00000000-0000-4000-8000-000000000001\",\"name\":\"N\"" + marked_with(own) + "}";
  for (const auto& [before, met] : {std::pair("red", 0U), std::pair("clear", 1U)}) {
    Sharing sharing;
    CHECK(sharing.is_taken(sharing.askers[0], definition_with(own, before)));
    sharing.put(sharing.askers[0], "{\"objects\":[" + definition_with(own, "clear") + "," + marked + "]}");
    CHECK(sharing.page(sharing.askers[2], {.ids = {"campaign--00000000-0000-4000-8000-000000000001"}}).objects.size() == met);
  }
  // Of a peer the envelope alone counts, whatever its organisation sent otherwise.
  Sharing sharing;
  CHECK(sharing.is_taken(sharing.askers[0], definition_with(own, "clear")));
  const auto quiet = [](Unit&, std::span<const AddedObject>) -> Result<void> { return {}; };
  CHECK(sharing.finish(for_tests::must(prepare_intake(sharing.site.services, sharing.askers[0], sharing.collection, envelope_of_one(marked), {}, FromPeer{quiet}))));
  CHECK(sharing.page(sharing.askers[2], {.ids = {"campaign--00000000-0000-4000-8000-000000000001"}}).objects.empty());
}

TEST_CASE("a definition of TLP is nobody's: spelt as it is fixed, and there again for who sends it after it was deleted") {
  Sharing sharing;
  const std::string id(threat::marking_id_of(Tlp::Green));
  const auto definition = [&id](const char* spec) {
    return "{\"type\":\"marking-definition\",\"spec_version\":\"" + std::string(spec) + "\",\"id\":\"" + id +
           R"(","created":"2022-10-01T00:00:00.000Z","name":"TLP:GREEN","extensions":{"extension-definition--60a3c5c5-0d10-413e-aab3-9e08dde9e88d":{"extension_type":"property-extension","tlp_2_0":"green"}}})";
  };
  for (const auto* spec : {"9.9", "2.0"}) CHECK_MESSAGE(!sharing.is_taken(sharing.askers[0], definition(spec)), spec);
  const auto is_met = [&] { return sharing.page(sharing.askers[2], {.ids = {id}}).objects.size() == 1; };
  CHECK(!is_met());
  CHECK(sharing.is_taken(sharing.askers[0], definition("2.1")));
  CHECK(is_met());
  CHECK(sharing.is_taken(sharing.askers[1], definition("2.1")));
  sharing.remove(sharing.askers[0], id);
  CHECK(!is_met());
  CHECK(sharing.is_taken(sharing.askers[1], definition("2.1")));
  CHECK(is_met());
}

TEST_CASE("E5_a_translation_goes_as_far_as_what_it_translates") {
  for (const auto& [tlp, met] : {std::pair(Tlp::Green, 1U), std::pair(Tlp::Red, 0U)})
    for (const int how : {0, 1, 2}) {             // in one envelope, after the original, without it
      Sharing sharing;
      const std::string id = "language-content--00000000-0000-4000-8000-000000000001";
      const auto content = "{\"type\":\"language-content\"," + kTimes + ",\"id\":\"" + id + R"(","object_ref":"tool--00000000-0000-4000-8000-000000000000","contents":{"de":{"name":"Ding"}}})";
      const auto original = tool_json(0, 0, false, tlp);
      if (how == 1) sharing.put(sharing.askers[0], envelope_of_one(original));
      const auto status = sharing.put(sharing.askers[0], "{\"objects\":[" + content + (how == 0 ? "," + original : "") + "]}");
      CHECK(status.at("failure_count").to_number<int>() == 0);
      CHECK(sharing.page(sharing.askers[2], {.ids = {id}}).objects.size() == (how == 2 ? 0U : met));
    }
}

TEST_CASE("a status lists so many, counts all, and an envelope has its most") {
  Sharing sharing;
  std::string body = "{\"objects\":[7";
  for (int i = 1; i < 6000; ++i) body += ",7";
  const auto status = sharing.put(sharing.askers[0], body + "]}");
  CHECK(status.at("failure_count").to_number<int>() == 6000);
  CHECK(status.at("failures").as_array().size() == 5000);
  CHECK(string_at(status.at("failures").as_array().back(), "message").find("1000 more") != std::string_view::npos);
  body = "{\"objects\":[7";
  for (std::size_t i = 0; i < kMostEnvelopeObjects; ++i) body += ",7";
  CHECK(prepare_intake(sharing.site.services, sharing.askers[0], sharing.collection, body + "]}").error().kind == ErrorKind::TooLarge);
}

TEST_CASE("the entry of a slice, version 1, is for ever") {
  Hash one, two;
  one.fill(1), two.fill(2);
  const std::vector<Hash> hashes{one, two};
  CHECK(canonical(objects_added_event("5f3b6a52-0000-4000-8000-000000000001", 7, 8, hashes)) ==
        R"({"collection":"5f3b6a52-0000-4000-8000-000000000001","count":2,"first":7,"last":8,"list":"f818afd37a6dc3bc92fb44731011277006db4efa6e9023cd7468c02335d22a4d","type":"ObjectsAdded","v":1})");
}

TEST_CASE("collections are made by whoever runs the site, of organisations that are there, under an alias that is free") {
  Sharing sharing;
  auto& site = sharing.site;
  const auto made = [&](NewCollection collection, Asker asker = SiteForTests::system()) { return site.writer->run(add_collection(site.services, std::move(asker), std::move(collection))); };
  CHECK(made({.title = "A", .alias = "a", .anyone_reads = true}).has_value());
  CHECK(made({.title = "B", .alias = "a", .anyone_reads = true}).error().code == "alias-taken");
  CHECK(made({.title = ""}).error().where == "/title");
  CHECK(made({.title = "C", .alias = "5f3b6a52-0000-4000-8000-000000000001"}).error().where == "/alias");
  CHECK(made({.title = "C", .readers = {OrganisationId{}}}).error().where == "/read");
  CHECK(made({.title = "C", .unmarked = "purple"}).error().where == "/unmarked");
  CHECK(made({.title = "C"}, sharing.askers[0]).error().kind == ErrorKind::Forbidden);
  CHECK(organisations_in_list("*", "--read")->anyone);
  CHECK(organisations_in_list(sharing.first.text() + "," + sharing.second.text(), "--read")->named.size() == 2);
  for (const auto* bad : {"", ",", "o_1", "*,"}) CHECK_MESSAGE(!organisations_in_list(bad, "--read"), bad);
}

TEST_CASE("L1_a_collection_without_a_right_in_it_is_not_there") {
  Sharing sharing;
  auto& site = sharing.site;
  const auto hidden = sharing.add({.title = "Hidden", .alias = "hidden", .readers = {sharing.first}, .writers = {sharing.second}});
  const auto seen_by = [&](std::size_t who) { return site.store->as(sharing.askers[who].viewer).collection("hidden"); };
  CHECK(seen_by(0)->can_read());
  CHECK(!seen_by(0)->can_write());
  CHECK(!seen_by(1)->can_read());
  CHECK(seen_by(1)->can_write());
  CHECK(seen_by(2).error().kind == ErrorKind::NotFound);
  CHECK(seen_by(2).error().message == site.store->as(sharing.askers[2].viewer).collection("never").error().message);
  CHECK(for_tests::must(site.store->as(sharing.askers[2].viewer).collections()).size() == 1);
  CHECK(site.store->as(access::Viewer::nobody()).collection(hidden).error().kind == ErrorKind::NotFound);
}
