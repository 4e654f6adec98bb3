#include "service/threat_lookup.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <future>

#include "service/collections.h"
#include "service/testing.h"
#include "service/threat_check.h"
#include "service/threat_intake.h"
#include "service/threat_ties.h"
#include "store/read_work.h"

namespace sluice::service {

namespace {

using for_tests::must;
using How = FoundObject::How;

struct LookingUp {
  SiteForTests site;
  OrganisationId first = site.organisation("First", access::OrganisationKind::Member), second = site.organisation("Second", access::OrganisationKind::Member), guest = site.organisation("Guest", access::OrganisationKind::Vendor);
  Asker ana = site.asker(site.person(first, "Ana", "ana@first.example"), first), ben = site.asker(site.person(second, "Ben", "ben@second.example"), second), gia = site.asker(site.person(guest, "Gia", "gia@guest.example"), guest);
  std::string open = add({.title = "Open", .alias = "open", .anyone_reads = true, .anyone_writes = true});
  std::string closed = add({.title = "Closed", .alias = "closed", .readers = {first}, .writers = {first}});

  std::string add(NewCollection made) {
    const auto committed = must(site.writer->run(add_collection(site.services, SiteForTests::system(), std::move(made))));
    return std::string(string_at(committed.answer, "id"));
  }
  void put(const Asker& asker, const std::string& collection, const std::vector<std::string>& objects) {
    std::string body = "{\"objects\":[";
    for (std::size_t i = 0; i < objects.size(); ++i) body += (i > 0 ? "," : "") + objects[i];
    auto intake = must(prepare_intake(site.services, asker, collection, body + "]}"));
    std::promise<Result<std::string>> done;
    put_intake(site.services, intake, [&done](Result<std::string> status) { done.set_value(std::move(status)); });
    const auto status = must(parse_json(must(done.get_future().get()), {.bytes = 64 << 20, .depth = 64, .keys = 1'000'000, .string = 1 << 20}));
    REQUIRE_MESSAGE(status.at("failure_count").to_number<int>() == 0, canonical(status));
  }
  Lookup ask(const Asker& asker, std::string_view text, LookupWanted wanted = {}) { return must(look_up(site.services, asker.viewer, text, wanted)); }
  ObjectSeen show(const Asker& asker, const std::string& id, int depth = 1) { return must(show_object(site.services, asker.viewer, "open", id, {.depth = depth})); }
};

std::int64_t entries_in_runs(store::Queries& db, store::Part part) {
  const store::Sql sql{"entries_for_test", part == store::Part::Names ? "SELECT SUM(LENGTH(p.body) / 16 - 1) FROM index_page p JOIN index_run r ON r.n = p.run WHERE r.part = 0 AND r.state < 2"
                                                                       : "SELECT SUM(LENGTH(p.body) / 16 - 1) FROM index_page p JOIN index_run r ON r.n = p.run WHERE r.part = 1 AND r.state < 2"};
  return must(db.number(sql)).value_or(0);
}

std::string uuid_of(int n) {
  auto digits = std::to_string(n);
  return "00000000-0000-4000-8000-" + std::string(12 - digits.size(), '0') + digits;
}
std::string id_of_threat(std::string_view type, int n) { return std::string(type) + "--" + uuid_of(n); }
std::string marking_of(Tlp tlp) { return ",\"object_marking_refs\":[\"" + std::string(threat::marking_id_of(tlp)) + "\"]"; }
std::string dates(int second) { return ",\"created\":\"2020-01-01T00:00:00.000Z\",\"modified\":\"2020-01-01T00:00:0" + std::to_string(second) + ".000Z\""; }

std::string address_json(std::string_view value, int n, Tlp tlp = Tlp::Green) { return "{\"type\":\"ipv4-addr\",\"spec_version\":\"2.1\",\"id\":\"" + id_of_threat("ipv4-addr", n) + "\",\"value\":\"" + std::string(value) + "\"" + marking_of(tlp) + "}"; }
std::string indicator_json(std::string_view pattern, int n, Tlp tlp = Tlp::Green, int second = 0, std::string_view more = {}) {
  return "{\"type\":\"indicator\",\"spec_version\":\"2.1\",\"id\":\"" + id_of_threat("indicator", n) + "\"" + dates(second) + ",\"name\":\"Indicator " + std::to_string(n) + "\",\"indicator_types\":[\"malicious-activity\"],\"pattern\":\"" + std::string(pattern) +
         "\",\"pattern_type\":\"stix\",\"valid_from\":\"2020-01-01T00:00:00Z\"" + marking_of(tlp) + std::string(more) + "}";
}
std::string tool_for_graph(int n, std::string_view more = {}) { return "{\"type\":\"tool\",\"spec_version\":\"2.1\",\"id\":\"" + id_of_threat("tool", n) + "\"" + dates(0) + ",\"name\":\"Tool " + std::to_string(n) + "\"" + marking_of(Tlp::Green) + std::string(more) + "}"; }
std::string relationship_json(int n, const std::string& from, std::string_view what, const std::string& to, Tlp tlp = Tlp::Green) {
  return "{\"type\":\"relationship\",\"spec_version\":\"2.1\",\"id\":\"" + id_of_threat("relationship", n) + "\"" + dates(0) + ",\"relationship_type\":\"" + std::string(what) + "\",\"source_ref\":\"" + from + "\",\"target_ref\":\"" + to + "\"" + marking_of(tlp) + "}";
}
std::string sighting_json(int n, const std::string& of, Tlp tlp = Tlp::Green) {
  return "{\"type\":\"sighting\",\"spec_version\":\"2.1\",\"id\":\"" + id_of_threat("sighting", n) + "\"" + dates(0) + ",\"sighting_of_ref\":\"" + of + "\",\"count\":3,\"last_seen\":\"2020-02-01T00:00:00Z\"" + marking_of(tlp) + "}";
}

std::vector<std::string> ids_in(const Lookup& found) {
  std::vector<std::string> out;
  for (const auto& one : found.objects) out.push_back(one.card.id);
  std::sort(out.begin(), out.end());
  return out;
}
std::vector<std::string> nodes_in(const Graph& graph) {
  std::vector<std::string> out;
  for (const auto& node : graph.nodes) out.push_back(node.id);
  std::sort(out.begin(), out.end());
  return out;
}
using Ids = std::vector<std::string>;

store::ReadWork work_of(LookingUp& all, const Asker& asker, std::string_view text) {
  const auto begun = store::read_work();
  must(look_up(all.site.services, asker.viewer, text, {}));
  return store::read_work() - begun;
}

}  // namespace

TEST_CASE("U2_a_value_is_found_however_it_is_written, in observables and in patterns") {
  LookingUp all;
  all.put(all.ana, all.open, {address_json("198.51.100.3", 1), indicator_json("[ipv4-addr:value = '198.51.100.3']", 2), indicator_json("[domain-name:value = 'evil.example'] AND [url:value = 'http://evil.example/A']", 3),
                              indicator_json("[file:hashes.'SHA-256' = 'E3B0C44298FC1C149AFBF4C8996FB92427AE41E4649B934CA495991B7852B855']", 4)});
  for (const auto text : {"198.51.100.3", "198.51.100[.]3", " 198.51.100.3 ", "::ffff:198.51.100.3", "::ffff:c633:6403"}) {
    CAPTURE(std::string(text));
    CHECK(ids_in(all.ask(all.ben, text)) == Ids{id_of_threat("indicator", 2), id_of_threat("ipv4-addr", 1)});
  }
  CHECK(ids_in(all.ask(all.ben, "EVIL[.]Example.")) == Ids{id_of_threat("indicator", 3)});
  CHECK(ids_in(all.ask(all.ben, "hxxp://evil[.]example/A")) == Ids{id_of_threat("indicator", 3)});
  const auto hash = all.ask(all.ben, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  CHECK(ids_in(hash) == Ids{id_of_threat("indicator", 4)});
  CHECK_FALSE(hash.benign.empty());               // of nothing
  CHECK(all.ask(all.ben, "198.51.100.4").objects.empty());
}

TEST_CASE("what a list shows of an object is what its reader may know") {
  LookingUp all;
  all.put(all.ana, all.open, {indicator_json("[ipv4-addr:value = '198.51.100.3']", 2)});
  const auto first = all.ask(all.ana, "198.51.100.3").objects.at(0).card;
  CHECK(first.is_own);
  CHECK(first.type == "indicator");
  CHECK(first.name == "Indicator 2");
  CHECK(first.tlp == "TLP:GREEN");
  CHECK(first.labels == Ids{"malicious-activity"});
  CHECK(first.collection == all.open);
  CHECK(first.version == "2020-01-01T00:00:00.000Z");
  CHECK_FALSE(all.ask(all.ben, "198.51.100.3").objects.at(0).card.is_own);   // U3
}

TEST_CASE("U1_a_hidden_value_and_one_that_never_was_are_answered_alike_at_the_same_cost") {
  LookingUp all;
  std::vector<std::string> hidden;
  for (int i = 0; i < 60; ++i) hidden.push_back(indicator_json("[ipv4-addr:value = '198.51.100.3']", 100 + i, Tlp::Red));
  all.put(all.ana, all.open, hidden);
  all.put(all.ana, all.closed, {address_json("198.51.100.3", 1), address_json("198.51.100.0/24", 2), sighting_json(9, id_of_threat("indicator", 100))});
  all.put(all.ben, all.open, {address_json("192.0.2.77", 3)});
  for (const auto* asker : {&all.ben, &all.gia}) {
    const auto unknown = must(look_up(all.site.services, asker->viewer, "203.0.113.3", {})), found = must(look_up(all.site.services, asker->viewer, "198.51.100.3", {}));
    CHECK(found.objects.empty());
    CHECK(found.sightings.empty());
    CHECK_FALSE(found.more);
    CHECK(found.fresh.empty());
    CHECK(unknown.objects.empty());
    CHECK(work_of(all, *asker, "198.51.100.3") == work_of(all, *asker, "203.0.113.3"));
    CHECK(work_of(all, *asker, "198.51.100.0/24") == work_of(all, *asker, "203.0.113.0/24"));
  }
  CHECK(ids_in(all.ask(all.ana, "198.51.100.3")).size() == 50);   // the sender itself
  CHECK(all.ask(all.ana, "198.51.100.3").more);
  CHECK(ids_in(all.ask(all.ben, "192.0.2.77")) == Ids{id_of_threat("ipv4-addr", 3)});
}

TEST_CASE("a collection that is hidden is none; one that is only written is not looked through") {
  LookingUp all;
  const auto hidden = look_up(all.site.services, all.ben.viewer, "198.51.100.3", {.collection = "closed"}), none = look_up(all.site.services, all.ben.viewer, "198.51.100.3", {.collection = "never-was"});
  REQUIRE_FALSE(hidden);
  REQUIRE_FALSE(none);
  CHECK(hidden.error().kind == ErrorKind::NotFound);
  CHECK(hidden.error().message == none.error().message);
  const auto box = all.add({.title = "Box", .readers = {all.second}, .writers = {all.first}});
  all.put(all.ana, box, {address_json("198.51.100.3", 1)});
  CHECK(all.ask(all.ana, "198.51.100.3").objects.empty());
  CHECK(all.ask(all.ben, "198.51.100.3").objects.size() == 1);
}

TEST_CASE("an address is found in networks that hold it, and a network shows what lies in it") {
  LookingUp all;
  all.put(all.ana, all.open, {address_json("198.51.100.0/24", 1), address_json("198.51.100.64/26", 2), address_json("198.51.100.3", 3), address_json("198.51.101.3", 4), indicator_json("[ipv4-addr:value = '198.51.100.70']", 5)});
  const auto address = all.ask(all.ben, "198.51.100.70");
  CHECK(ids_in(address) == Ids{id_of_threat("indicator", 5), id_of_threat("ipv4-addr", 1), id_of_threat("ipv4-addr", 2)});
  CHECK(address.objects.at(0).how == How::Value);
  CHECK(address.objects.at(1).how == How::Network);
  CHECK(ids_in(all.ask(all.ben, "198.51.100.64/26")) == Ids{id_of_threat("indicator", 5), id_of_threat("ipv4-addr", 1), id_of_threat("ipv4-addr", 2)});
  CHECK(ids_in(all.ask(all.ben, "198.51.100.0/23")).size() == 5);
  CHECK(ids_in(all.ask(all.ben, "198.51.100.128/25")) == Ids{id_of_threat("ipv4-addr", 1)});   // of the block the rest lies elsewhere
  CHECK(all.ask(all.ben, "198.0.0.0/8").is_too_wide);
  CHECK(all.ask(all.ben, "198.51.100.70", {.wider = false}).objects.size() == 1);
}

TEST_CASE("a URL finds its host, and a name the names above it") {
  LookingUp all;
  all.put(all.ana, all.open, {indicator_json("[domain-name:value = 'evil.example']", 1)});
  CHECK(all.ask(all.ben, "https://a.evil.example/x").objects.at(0).how == How::Parent);
  CHECK(all.ask(all.ben, "https://evil.example/x").objects.at(0).how == How::Host);
  CHECK(all.ask(all.ben, "evil.example").objects.at(0).how == How::Value);
}

TEST_CASE("sightings of what was found are told, of whoever may read them") {
  LookingUp all;
  all.put(all.ana, all.open, {indicator_json("[ipv4-addr:value = '198.51.100.3']", 2), sighting_json(7, id_of_threat("indicator", 2)), sighting_json(8, id_of_threat("indicator", 2), Tlp::Red)});
  const auto seen = all.ask(all.ben, "198.51.100.3").sightings;
  REQUIRE(seen.size() == 1);
  CHECK(seen.at(0).card.id == id_of_threat("sighting", 7));
  CHECK(seen.at(0).of == id_of_threat("indicator", 2));
  CHECK(seen.at(0).count == 3);
  CHECK(all.ask(all.ana, "198.51.100.3").sightings.size() == 2);
}

TEST_CASE("an older version that had the value is shown as what it is, and a revoked one as revoked") {
  LookingUp all;
  all.put(all.ana, all.open, {indicator_json("[ipv4-addr:value = '198.51.100.3']", 2)});
  all.put(all.ana, all.open, {indicator_json("[ipv4-addr:value = '198.51.100.4']", 2, Tlp::Green, 1, ",\"revoked\":true")});
  const auto before = all.ask(all.ben, "198.51.100.3").objects.at(0).card, now = all.ask(all.ben, "198.51.100.4").objects.at(0).card;
  CHECK_FALSE(before.is_newest);
  CHECK_FALSE(before.is_revoked);
  CHECK(now.is_newest);
  CHECK(now.is_revoked);
  CHECK(now.versions == 2);
  CHECK(now.first_shared == before.first_shared);
}

TEST_CASE("I3_what_was_deleted_is_found_by_nothing") {
  LookingUp all;
  all.put(all.ana, all.open, {address_json("198.51.100.3", 1), tool_for_graph(2), relationship_json(3, id_of_threat("tool", 2), "related-to", id_of_threat("ipv4-addr", 1))});
  for (const auto& id : {id_of_threat("ipv4-addr", 1), id_of_threat("relationship", 3)}) must(all.site.writer->run(delete_object(all.site.services, all.ana, "open", id, {.all = true, .specs = {2000, 2001}})));
  CHECK(all.ask(all.ben, "198.51.100.3").objects.empty());
  CHECK(all.ask(all.ben, "198.51.100.0/24").objects.empty());
  CHECK(nodes_in(all.show(all.ben, id_of_threat("tool", 2)).graph) == Ids{id_of_threat("tool", 2)});
  auto db = must(all.site.store->lease());
  // Of the three objects one is left: its name in the one part, the same for its audience in the other.
  CHECK(entries_in_runs(*db, store::Part::Names) == 1);
  CHECK(entries_in_runs(*db, store::Part::Ties) == 1);
}

TEST_CASE("an object that is posted to a further audience is found by that one too, and only once") {
  LookingUp all;
  all.put(all.ana, all.open, {indicator_json("[ipv4-addr:value IN ('198.51.100.3','198.51.100.4')]", 2, Tlp::Amber)});
  constexpr store::Sql kOneObject{"one_object_for_test", "SELECT MAX(n) FROM object_version"};
  const auto value = store::value_name(all.site.store->cells(), "ipv4-addr", "198.51.100.3");
  const auto found_by = [&](std::int64_t audience) {
    constexpr store::Sql kOneCollection{"one_collection_for_test", "SELECT collection FROM object_version LIMIT 1"};
    auto db = must(all.site.store->lease());
    auto cursor = must(store::RunCursor::under(*db, must(db->number(kOneCollection)).value(), store::Part::Ties, store::tie_key(store::kValueTie, value, audience), store::RunOrder::NewestFirst));
    return must(cursor.next(10));
  };
  std::int64_t object = 0;
  {
    auto db = must(all.site.store->lease());
    object = must(db->number(kOneObject)).value();
  }
  CHECK(found_by(4711).empty());
  for (int turn = 0; turn < 2; ++turn)
    must(all.site.writer->run([&](Unit& unit) -> Result<Committed> {
      TRY(store::extend_ties(unit.writing(), std::span(&object, 1), 4711));
      return Committed{};
    }));
  CHECK(found_by(4711) == std::vector<std::int64_t>{object});
}

TEST_CASE("an object is shown with its versions, its markings, and others with the same value, each sender's own") {
  LookingUp all;
  all.put(all.ana, all.open, {indicator_json("[ipv4-addr:value = '10.0.0.1']", 2)});
  all.put(all.ana, all.open, {indicator_json("[ipv4-addr:value = '10.0.0.1']", 2, Tlp::Green, 1)});
  all.put(all.ben, all.open, {indicator_json("[ipv4-addr:value = '10[.]0.0.1']", 3), indicator_json("[ipv4-addr:value = '10.0.0.1']", 4, Tlp::Red)});
  const auto seen = all.show(all.ana, id_of_threat("indicator", 2));
  CHECK(seen.versions.size() == 2);
  CHECK(seen.card.version == "2020-01-01T00:00:01.000Z");
  CHECK(seen.markings.tlp == Tlp::Green);
  CHECK(seen.values == std::vector<threat::Value>{{"ipv4-addr", "10.0.0.1"}});
  CHECK_FALSE(seen.benign.empty());               // a private network
  REQUIRE(seen.same_value.size() == 1);           // what Ben keeps to itself is not there
  CHECK(seen.same_value.at(0).card.id == id_of_threat("indicator", 3));
  CHECK_FALSE(seen.same_value.at(0).card.is_own);
  const auto json = must(object_json(seen));
  CHECK(string_at(json.at("object"), "id") == id_of_threat("indicator", 2));
  CHECK(json.at("held").as_array().size() == 2);
}

TEST_CASE("what belongs to an object is drawn in both directions, as far as was asked and as its reader meets it") {
  LookingUp all;
  const auto tool = [](int n) { return id_of_threat("tool", n); };
  all.put(all.ana, all.open, {tool_for_graph(1), tool_for_graph(2), tool_for_graph(3), tool_for_graph(4, ",\"created_by_ref\":\"" + id_of_threat("identity", 5) + "\""), relationship_json(11, tool(1), "uses", tool(2)), relationship_json(12, tool(3), "uses", tool(1)),
                              relationship_json(13, tool(2), "delivers", tool(4)), relationship_json(14, tool(1), "uses", tool(6)), relationship_json(15, tool(1), "uses", tool(7), Tlp::Red), sighting_json(16, tool(1))});
  const auto near = all.show(all.ben, tool(1)).graph;
  CHECK(nodes_in(near) == Ids{id_of_threat("sighting", 16), tool(1), tool(2), tool(3), tool(6)});
  CHECK(near.edges == std::vector<GraphEdge>{{id_of_threat("sighting", 16), tool(1), "sighting_of", "", false}, {tool(1), tool(2), "uses", id_of_threat("relationship", 11), false}, {tool(1), tool(6), "uses", id_of_threat("relationship", 14), false},
                                              {tool(3), tool(1), "uses", id_of_threat("relationship", 12), false}});
  const auto missing = std::find_if(near.nodes.begin(), near.nodes.end(), [&](const GraphNode& node) { return node.id == tool(6); });
  REQUIRE(missing != near.nodes.end());
  CHECK_FALSE(missing->is_met);
  const auto far = all.show(all.ben, tool(1), 3).graph;
  CHECK(nodes_in(far) == Ids{id_of_threat("identity", 5), id_of_threat("sighting", 16), tool(1), tool(2), tool(3), tool(4), tool(6)});
  CHECK(std::find(far.edges.begin(), far.edges.end(), GraphEdge{tool(4), id_of_threat("identity", 5), "created_by", "", false}) != far.edges.end());
  CHECK(nodes_in(all.show(all.ana, tool(1)).graph).size() == 6);   // its sender meets the one marked red
  CHECK(all.show(all.ben, tool(1), 0).graph.nodes.empty());
  const auto few = must(show_object(all.site.services, all.ben.viewer, "open", tool(1), {.depth = 3, .most_nodes = 3})).graph;
  CHECK(few.nodes.size() == 3);
  CHECK(few.more);
}

TEST_CASE("an object that is hidden is none") {
  LookingUp all;
  all.put(all.ana, all.open, {indicator_json("[ipv4-addr:value = '198.51.100.3']", 2, Tlp::Red)});
  const auto told = [&](const std::string& id) {
    const auto begun = store::read_work();
    const auto seen = show_object(all.site.services, all.ben.viewer, "open", id, {});
    const auto work = store::read_work() - begun;
    REQUIRE_FALSE(seen);
    return std::tuple(seen.error().kind, seen.error().message, work.queries, work.rows, work.opened);
  };
  told(id_of_threat("indicator", 77));             // where the reader stands is looked up once a minute, whatever is asked
  CHECK(told(id_of_threat("indicator", 2)) == told(id_of_threat("indicator", 77)));
  CHECK(std::get<0>(told(id_of_threat("indicator", 2))) == ErrorKind::NotFound);
}

TEST_CASE("U4_what_is_shown_for_the_first_time_is_named_once") {
  LookingUp all;
  all.put(all.ana, all.open, {indicator_json("[ipv4-addr:value = '198.51.100.3']", 2), address_json("198.51.100.9", 3)});
  auto found = all.ask(all.ben, "198.51.100.3");
  CHECK(found.fresh.size() == 1);
  must(all.site.writer->run(record_shown_objects(all.site.services, all.ben.viewer, found.fresh)));
  CHECK(all.ask(all.ben, "198.51.100.3").fresh.empty());
  CHECK(all.ask(all.ben, "198.51.100.128/25").fresh.empty());     // opened to see where it lies, and not shown
  CHECK(all.show(all.ben, id_of_threat("indicator", 2)).fresh.empty());
}

TEST_CASE("a document is looked at before it is shared") {
  const auto document = must(parse_json("{\"type\":\"bundle\",\"id\":\"bundle--" + uuid_of(1) + "\",\"objects\":[" + address_json("10.0.0.1", 1) + "," + address_json("198.51.100[.]3", 2) + "," + tool_for_graph(3) + "]}"));
  const auto own = must(benign_list_of("name: ours\nipv4-addr 198.51.100.3 our own proxy\n"));
  const auto checked = must(check_values(document, std::span(&own, 1)));
  REQUIRE(checked.size() == 3);
  CHECK_FALSE(checked.at(0).values.at(0).benign.empty());
  CHECK(checked.at(1).values.at(0).value.text == "198.51.100.3");
  CHECK(std::any_of(checked.at(1).values.at(0).benign.begin(), checked.at(1).values.at(0).benign.end(), [](const threat::BenignSign& sign) { return sign.source == "ours"; }));
  CHECK(checked.at(2).values.empty());
  CHECK_FALSE(check_values(json::value(7), {}));
}

}  // namespace sluice::service
