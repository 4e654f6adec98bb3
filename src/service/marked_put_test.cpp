// How far an object goes: by what its sender sends, by a planned release, by a recall; and what each reader meets of it meanwhile.
#include "service/marked_put.h"

#include <doctest/doctest.h>

#include <random>
#include <set>

#include "service/clients.h"
#include "service/recalls.h"
#include "service/sharing_testing.h"
#include "service/threat_report_rows.h"
#include "service/widening.h"
#include "store/db_test.h"

namespace sluice::service {

namespace {

const std::string kWhy = "It is public by now";

struct Reaching : SharingForTests {
  explicit Reaching(std::string database = "sqlite::memory:") : SharingForTests(std::move(database)) {}
  // A second person of the first member.
  Asker colleague = site.asker(site.person(first, "Cleo", "cleo@first.example"), first);

  std::set<std::string> met(std::size_t who) {
    std::set<std::string> out;
    const auto page = this->page(askers[who], {.versions = {.all = true}});
    for (const auto& one : page.objects) CHECK_MESSAGE(out.insert(one.bytes).second, "met twice");
    return out;
  }
  // What a poller gets that asks for what came after its last date, and notes the deliveries.
  std::vector<std::string> poll(std::size_t who, std::int64_t& after) {
    std::vector<std::string> out;
    std::vector<std::int64_t> rows;
    for (const auto& one : page(askers[who], {.versions = {.all = true}, .after = after}).objects) out.push_back(one.bytes), rows.push_back(one.object), after = one.date_added;
    if (!rows.empty()) for_tests::must(site.writer->run(record_object_deliveries(site.services, askers[who].viewer, rows)));
    return out;
  }
  std::vector<RecallShown> told(std::size_t who) { return for_tests::must(recalls(site.services, askers[who].viewer, {}, 100)).items; }
  Result<ReleaseId> plan(const std::string& id, std::string to, Instant at) {
    auto done = site.writer->run(plan_widening(site.services, askers[0], collection, {{id}, std::move(to), at, kWhy}));
    if (!done) return std::unexpected(done.error());
    CHECK(done->waits_for_second_person);
    return *ReleaseId::parse(string_at(done->answer, "id"));
  }
  std::string state() { return for_tests::must(widenings(site.services, askers[0].viewer, collection)).front().state; }
  Instant later(int hours) { return site.clock.now() + std::chrono::hours(hours); }
  void go_on(int hours) {
    site.script.set(later(hours));
    for_tests::must(fire_widenings(site.services, site.clock.now()));
  }
};

template <class Body>
void reaching_on_each_engine(Body&& body) {
  store::on_each_engine([&](const store::DatabaseUrl& url) {
    Reaching sharing(url.engine() == store::Engine::Postgres ? url.target() : "sqlite::memory:");
    body(sharing);
  });
}

}  // namespace

TEST_CASE("F2_a_version_that_is_marked_wider_than_the_one_before_is_refused_and_one_that_is_stricter_draws_all_in") {
  reaching_on_each_engine([](Reaching& s) {
    const auto v0 = thing_json(0, 0, Tlp::Green), v1 = thing_json(0, 1, Tlp::AmberStrict), v2 = thing_json(0, 2, Tlp::Green);
    std::int64_t member = INT64_MIN, guest = INT64_MIN;
    CHECK(s.is_taken(s.askers[0], v0));
    CHECK(s.poll(1, member) == std::vector{v0});
    CHECK(s.poll(2, guest) == std::vector{v0});
    CHECK(s.is_taken(s.askers[0], v1));
    CHECK(s.met(2).empty());
    CHECK(s.poll(1, member) == std::vector{v1});           // nothing twice
    CHECK(s.met(1) == std::set{v0, v1});
    CHECK_FALSE(s.is_taken(s.askers[0], v2));
    CHECK(s.is_taken(s.askers[0], v0));                    // it is there already, which says nothing new
    REQUIRE(s.told(2).size() == 1);                        // who fell behind, and nobody else
    CHECK(s.told(2).front().kind == store::RecallKind::Narrowed);
    CHECK(s.told(1).empty());
    s.remove(s.askers[0], thing_id(0), {.all = true});
    CHECK_FALSE(s.is_taken(s.askers[0], v2));              // nor by way of a deletion
    CHECK(s.is_taken(s.askers[0], thing_json(0, 2, Tlp::AmberStrict)));
  });
}

TEST_CASE("F2_in_one_envelope_each_version_is_held_to_the_one_before_it") {
  Reaching s;
  const auto status = s.put(s.askers[0], "{\"objects\":[" + thing_json(0, 0, Tlp::Red) + "," + thing_json(0, 1, Tlp::Green) + "," + thing_json(2, 0, Tlp::Green) + "]}");
  CHECK(status.at("failure_count").to_number<int>() == 1);
  CHECK(s.met(2) == std::set{thing_json(2, 0, Tlp::Green)});
}

TEST_CASE("a revocation lands though it is marked wider, as far as its object went, and is told to who fetched it") {
  Reaching s;
  std::int64_t member = INT64_MIN;
  CHECK(s.is_taken(s.askers[0], thing_json(0, 0, Tlp::AmberStrict)));
  CHECK(s.poll(1, member).size() == 1);
  CHECK(s.is_taken(s.askers[0], thing_json(0, 1, Tlp::Clear, false, ",\"revoked\":true")));
  CHECK(s.met(2).empty());
  CHECK(s.met(1).size() == 2);
  REQUIRE(s.told(1).size() == 1);
  CHECK(s.told(1).front().kind == store::RecallKind::Revoked);
  CHECK(s.told(1).front().object == thing_id(0));
  CHECK(s.told(0).empty());
  CHECK(s.told(2).empty());
}

TEST_CASE("W1_W2_a_release_fires_at_its_instant_once_a_second_person_approved_it_and_each_reader_meets_the_object_once") {
  reaching_on_each_engine([](Reaching& s) {
    const auto v0 = thing_json(0, 0, Tlp::AmberStrict), v1 = thing_json(0, 1, Tlp::AmberStrict);
    std::int64_t member = INT64_MIN, guest = INT64_MIN;
    CHECK(s.is_taken(s.askers[0], v0));
    CHECK(s.poll(1, member) == std::vector{v0});
    const auto id = for_tests::must(s.plan(thing_id(0), "green", s.later(1)));
    s.go_on(2);
    CHECK(s.state() == "asked");                           // due, and not approved
    CHECK(s.met(2).empty());
    CHECK_FALSE(s.site.writer->run(approve_widening(s.site.services, s.askers[0], s.collection, id)));     // who planned it
    CHECK_FALSE(s.site.writer->run(approve_widening(s.site.services, s.askers[1], s.collection, id)));     // another organisation
    CHECK(s.is_taken(s.askers[0], v1));                    // W3: later than the plan
    for_tests::must(s.site.writer->run(approve_widening(s.site.services, s.colleague, s.collection, id)));
    CHECK(s.met(2).empty());
    for_tests::must(fire_widenings(s.site.services, s.site.clock.now()));
    CHECK(s.state() == "fired");
    CHECK(s.poll(2, guest) == std::vector{v0});
    CHECK(s.poll(1, member) == std::vector{v1});           // the member had it
    CHECK(s.met(1) == std::set{v0, v1});
    for_tests::must(fire_widenings(s.site.services, s.later(100)));
    CHECK(s.poll(2, guest).empty());
  });
}

TEST_CASE("a release that was withdrawn, and one whose object was recalled or marked stricter, gives nobody anything") {
  Reaching s;
  for (const int id : {0, 2, 4}) CHECK(s.is_taken(s.askers[0], thing_json(id, 0, Tlp::AmberStrict)));
  std::vector<ReleaseId> releases;
  for (const int id : {0, 2, 4}) {
    releases.push_back(for_tests::must(s.plan(thing_id(id), "green", s.later(1))));
    for_tests::must(s.site.writer->run(approve_widening(s.site.services, s.colleague, s.collection, releases.back())));
  }
  for_tests::must(s.site.writer->run(withdraw_widening(s.site.services, s.askers[0], s.collection, releases[0])));
  for_tests::must(s.site.writer->run(recall_object(s.site.services, s.askers[0], s.collection, thing_id(2), {"It was wrong"})));
  CHECK(s.is_taken(s.askers[0], thing_json(4, 1, Tlp::Red)));
  s.go_on(2);
  CHECK(s.met(2).empty());
  std::multiset<std::string> states;
  for (const auto& one : for_tests::must(widenings(s.site.services, s.askers[0].viewer, s.collection))) states.insert(one.state);
  CHECK(states == std::multiset<std::string>{"held", "held", "withdrawn"});
  CHECK(for_tests::must(widenings(s.site.services, s.askers[1].viewer, s.collection)).empty());
  CHECK_FALSE(s.plan(thing_id(4), "red", s.later(1)));
  CHECK_FALSE(s.plan(thing_id(8), "green", s.later(1)));
}

TEST_CASE("what is shared early goes to members now, and to all at the hour that was approved") {
  Reaching s;
  const auto clear = thing_json(0, 0, Tlp::Clear), red = thing_json(2, 0, Tlp::Red);
  const auto share = [&](Instant at) { return prepare_intake(s.site.services, s.askers[0], s.collection, "{\"objects\":[" + clear + "," + red + "]}", EarlyTerms{at, kWhy}); };
  CHECK_FALSE(share(s.later(-1)));
  const auto status = for_tests::must(parse_json(for_tests::must(s.finish(for_tests::must(share(s.later(1))))), {.bytes = 1 << 20, .depth = 8, .keys = 100, .string = 1000}));
  const auto id = ReleaseId::parse(string_at(status, "x_release"));
  REQUIRE(id);
  const auto counted = [&](store::ThreatAudience audience) {              // in a report of a member
    const auto seen = s.seen(s.askers[1]);
    const auto now = s.site.services.clock.now();
    threat::ReportWanted wanted;
    wanted.period = {now - std::chrono::hours(24), now + std::chrono::hours(24)};
    return for_tests::must(gather_rows(s.site.services, s.askers[1].viewer, seen.collection(), std::span(&seen, 1), wanted, audience)).rows.size();
  };
  CHECK(s.met(1) == std::set{clear});
  CHECK(s.met(2).empty());
  CHECK(counted(store::ThreatAudience::Members) == 1);
  CHECK(counted(store::ThreatAudience::Readers) == 0);
  CHECK(counted(store::ThreatAudience::Public) == 0);
  CHECK_FALSE(s.is_taken(s.askers[0], thing_json(0, 1, Tlp::Clear)));      // not before the hour by another door
  for_tests::must(s.site.writer->run(approve_widening(s.site.services, s.colleague, s.collection, *id)));
  s.go_on(2);
  CHECK(s.met(2) == std::set{clear});
  CHECK(s.met(1) == std::set{clear});
  CHECK(counted(store::ThreatAudience::Public) == 1);
  CHECK(s.is_taken(s.askers[0], thing_json(0, 1, Tlp::Clear)));            // as far as it was released
}

TEST_CASE("K5_a_recall_has_a_date_of_its_own_in_its_collection_and_who_follows_by_date_is_told_of_it_once") {
  reaching_on_each_engine([](Reaching& s) {
    std::int64_t after = INT64_MIN;
    for (int i = 0; i < 3; ++i) CHECK(s.is_taken(s.askers[0], thing_json(2 * i, 0, Tlp::Green)));
    CHECK(s.poll(1, after).size() == 3);
    const auto n = s.seen(s.askers[1]).collection().n;
    const auto told = [&](std::size_t who, std::int64_t from, std::int64_t upto, int most) {
      auto db = for_tests::must(s.site.store->lease());
      return for_tests::must(store::notices_between(*db, s.site.services.cells(), n, s.site.store->tag_of(*s.askers[who].viewer.organisation), from, upto, most));
    };
    const auto last = [&] {
      auto db = for_tests::must(s.site.store->lease());
      return for_tests::must(store::last_notice_in(*db, n));
    };
    CHECK(last() == INT64_MIN);
    for (const int id : {0, 2}) for_tests::must(s.site.writer->run(recall_object(s.site.services, s.askers[0], s.collection, thing_id(id), {"A false positive"})));
    CHECK(s.is_taken(s.askers[0], thing_json(6, 0, Tlp::Green)));
    const auto both = told(1, after, INT64_MAX, 10);
    REQUIRE(both.size() == 2);
    CHECK((after < both[0].posted && both[0].posted < both[1].posted && both[1].posted == last()));
    auto later = after;
    CHECK(s.poll(1, later).size() == 1);
    CHECK(both[1].posted < later);
    CHECK(told(1, after, INT64_MAX, 1).size() == 1);
    CHECK(told(1, both[0].posted, both[1].posted, 10).size() == 1);
    CHECK(told(1, both[1].posted, INT64_MAX, 10).empty());
    CHECK(told(2, INT64_MIN, INT64_MAX, 10).empty());              // who fetched nothing is told nothing
  });
}

TEST_CASE("K6_what_is_called_back_between_a_page_and_its_record_goes_to_nobody") {
  reaching_on_each_engine([](Reaching& s) {
    CHECK(s.is_taken(s.askers[0], thing_json(0, 0, Tlp::Green)));
    CHECK(s.is_taken(s.askers[0], thing_json(1, 0, Tlp::Green)));
    const auto page = s.page(s.askers[1], {});
    REQUIRE(page.objects.size() == 2);
    const auto recorded = [&](std::vector<std::int64_t> objects) { return s.site.writer->run(record_object_deliveries(s.site.services, s.askers[1].viewer, std::move(objects))); };
    for_tests::must(s.site.writer->run(recall_object(s.site.services, s.askers[0], s.collection, thing_id(0), {"A false positive"})));
    const auto refused = recorded({page.objects[0].object, page.objects[1].object});
    REQUIRE_FALSE(refused);
    CHECK(refused.error().kind == ErrorKind::Unavailable);
    CHECK(recorded({page.objects[1].object}));
    CHECK(s.page(s.askers[1], {}).objects.at(0).is_delivered);
  });
}

TEST_CASE("K3_a_recall_takes_it_from_everybody_tells_who_fetched_it_and_keeps_what_they_did_about_it") {
  reaching_on_each_engine([](Reaching& s) {
    std::int64_t member = INT64_MIN, guest = INT64_MIN;
    CHECK(s.is_taken(s.askers[0], thing_json(0, 0, Tlp::Green)));
    s.poll(1, member), s.poll(2, guest);
    CHECK_FALSE(s.site.writer->run(recall_object(s.site.services, s.askers[1], s.collection, thing_id(0), {"Not mine"})));
    const auto done = for_tests::must(s.site.writer->run(recall_object(s.site.services, s.colleague, s.collection, thing_id(0), {"A false positive"})));
    CHECK(done.answer.at("told").to_number<int>() == 2);
    const std::string id(string_at(done.answer, "id"));
    for (const std::size_t who : {0u, 1u, 2u}) CHECK(s.met(who).empty());
    REQUIRE(s.told(1).size() == 1);
    CHECK(s.told(1).front().reason == "A false positive");
    CHECK(s.told(0).empty());
    CHECK_FALSE(s.site.writer->run(answer_recall(s.site.services, s.askers[0], id, {})));                  // nobody told it
    CHECK_FALSE(s.site.writer->run(answer_recall(s.site.services, s.askers[1], id, {store::RecallDone::Kept, {}, {}})));
    CHECK_FALSE(s.site.writer->run(answer_recall(s.site.services, s.askers[1], id, {store::RecallDone::PassedOn, {}, {}})));
    const auto receipt = for_tests::must(s.site.writer->run(answer_recall(s.site.services, s.askers[1], id, {store::RecallDone::PassedOn, {}, {"A customer"}})));
    CHECK(receipt.to_acknowledge);
    CHECK(s.told(1).front().answer->passed_on_to == std::vector<std::string>{"A customer"});

    const auto seen = for_tests::must(deliveries_of(s.site.services, s.askers[0], s.collection, thing_id(0)));
    const auto& recall = seen.at("recalls").as_array().at(0);
    CHECK(find_at(recall, "/counts/told")->to_number<int>() == 2);
    CHECK(find_at(recall, "/counts/passed_on")->to_number<int>() == 1);
    REQUIRE(recall.at("told").as_array().size() == 1);     // the member by name, the guest as a number
    CHECK(string_at(recall.at("told").as_array()[0], "organisation") == s.second.text());
    const auto hidden = deliveries_of(s.site.services, s.askers[1], s.collection, thing_id(0)), never = deliveries_of(s.site.services, s.askers[1], s.collection, thing_id(8));
    REQUIRE_FALSE(hidden);
    REQUIRE_FALSE(never);
    CHECK(hidden.error().message == never.error().message);
  });
}

TEST_CASE("TLP:AMBER reaches the clients of a member, and nobody else who isn't one") {
  Reaching s;
  const auto amber = thing_json(0, 0, Tlp::Amber), strict = thing_json(2, 0, Tlp::AmberStrict);
  CHECK(s.is_taken(s.askers[0], amber));
  CHECK(s.is_taken(s.askers[0], strict));
  CHECK(s.met(1) == std::set{amber, strict});
  CHECK(s.met(2).empty());
  const auto admin = s.site.asker(s.site.person(s.second, "Ada", "ada@second.example", access::SiteRole::Admin), s.second);
  CHECK_FALSE(s.site.writer->run(set_client(s.site.services, s.askers[1], s.second, {s.guest, true})));    // no administrator
  CHECK_FALSE(s.site.writer->run(set_client(s.site.services, admin, s.first, {s.guest, true})));           // of another organisation
  for_tests::must(s.site.writer->run(set_client(s.site.services, admin, s.second, {s.guest, true})));
  CHECK(s.met(2) == std::set{amber});
  for_tests::must(s.site.writer->run(set_client(s.site.services, admin, s.second, {s.guest, false})));
  CHECK(s.met(2).empty());
}

// docs/markings.md: a part above a reader's label never reaches it, whatever was sent in whatever order, and what does reach it is whole or a copy.
TEST_CASE("C2_no_reader_meets_a_part_above_its_ceiling_whatever_is_sent_released_and_recalled") {
  constexpr const char* kParts[] = {"name", "description", "aliases.[0]"};
  for (unsigned seed = 1; seed <= 6; ++seed) {
    Reaching s;
    s.collection = s.add({.title = "Copies", .anyone_reads = true, .anyone_writes = true, .redacted = seed % 2 == 0 ? "unnamed" : "offered"});
    const auto client = s.site.organisation("Client", access::OrganisationKind::Vendor);
    const auto admin = s.site.asker(s.site.person(s.second, "Ada", "ada@second.example", access::SiteRole::Admin), s.second);
    for_tests::must(s.site.writer->run(set_client(s.site.services, admin, s.second, {client, true})));
    s.askers.push_back(s.site.asker(s.site.person(client, "Kit", "kit@client.example"), client));
    const std::pair<std::size_t, Tlp> ceilings[] = {{1, Tlp::AmberStrict}, {2, Tlp::Green}, {3, Tlp::Amber}};
    std::mt19937 chance(seed);
    const auto upto = [&chance](int most) { return static_cast<int>(chance() % static_cast<unsigned>(most)); };
    int copies = 0, taken = 0;
    for (int i = 0; i < 40; ++i) {
      const int id = 2 * upto(4), version = upto(9);
      const auto whole = static_cast<Tlp>(upto(4));
      std::string granular;
      std::string texts[3];
      for (int part = 0; part < 3; ++part) {
        const auto label = std::max(whole, static_cast<Tlp>(upto(5)));
        // Its own text says how it is marked, so that nothing has to be asked.
        texts[part] = "part" + std::to_string(i) + std::to_string(part) + "-level" + std::to_string(static_cast<int>(label)) + "-";
        if (label > whole) granular += std::string(granular.empty() ? "" : ",") + "{\"selectors\":[\"" + kParts[part] + "\"],\"marking_ref\":\"" + std::string(threat::marking_id_of(label)) + "\"}";
      }
      const auto object = "{\"type\":\"tool\",\"spec_version\":\"2.1\",\"id\":\"" + thing_id(id) + "\",\"created\":\"" + thing_time(0) + "\",\"modified\":\"" + thing_time(version) + "\",\"name\":\"" + texts[0] + "\",\"description\":\"" + texts[1] +
                          "\",\"aliases\":[\"" + texts[2] + "\"],\"object_marking_refs\":[\"" + std::string(threat::marking_id_of(whole)) + "\"]" + (granular.empty() ? "" : ",\"granular_markings\":[" + granular + "]") + "}";
      taken += s.is_taken(s.askers[0], object);
      if (upto(12) == 0) (void)s.site.writer->run(recall_object(s.site.services, s.askers[0], s.collection, thing_id(2 * upto(4)), {"Wrong"}));
      for (const auto& [who, ceiling] : ceilings)
        for (const auto& bytes : s.met(who)) {
          copies += bytes.find("created_by_ref") != bytes.npos;
          for (int level = static_cast<int>(ceiling) + 1; level <= 4; ++level) CHECK_MESSAGE(bytes.find("-level" + std::to_string(level) + "-") == bytes.npos, "seed " << seed << ", step " << i << ", reader " << who);
          if (seed % 2 == 0) CHECK(bytes.find("derived-from") == bytes.npos);
        }
    }
    CHECK(copies > 0);
    CHECK(taken > 5);
  }
}

TEST_CASE("C3_a_new_version_and_a_revocation_of_the_original_follow_in_the_copy_and_a_deletion_takes_it_away") {
  Reaching s;
  s.collection = s.add({.title = "Copies", .anyone_reads = true, .anyone_writes = true, .redacted = "offered"});
  const auto secret = [](int version, std::string_view more = {}) {
    return thing_json(0, version, Tlp::Green, false, std::string(",\"description\":\"in confidence\",\"granular_markings\":[{\"selectors\":[\"description\"],\"marking_ref\":\"") + std::string(threat::marking_id_of(Tlp::Red)) + "\"}]" + std::string(more));
  };
  const auto copies = [&] {
    std::vector<json::value> out;
    for (const auto& one : s.page(s.askers[2], {.types = {"tool"}, .versions = {.all = true}}).objects) out.push_back(for_tests::must(parse_json(one.bytes, {.bytes = 1 << 20, .depth = 16, .keys = 1000, .string = 10'000})));
    return out;
  };
  CHECK(s.is_taken(s.askers[0], secret(0)));
  REQUIRE(copies().size() == 1);
  const std::string id(string_at(copies().front(), "id"));
  CHECK(id != thing_id(0));
  CHECK_FALSE(copies().front().as_object().contains("description"));
  CHECK(s.is_taken(s.askers[0], secret(1)));
  REQUIRE(copies().size() == 2);
  CHECK(string_at(copies().back(), "id") == id);
  std::int64_t guest = INT64_MIN;
  s.poll(2, guest);
  CHECK(s.is_taken(s.askers[0], secret(2, ",\"revoked\":true")));
  CHECK(copies().back().as_object().at("revoked").as_bool());
  REQUIRE(s.told(2).size() == 1);
  CHECK(s.told(2).front().object == id);                   // of the copy, and nothing of the original
  s.poll(2, guest);
  s.remove(s.askers[0], thing_id(0), {.all = true});
  CHECK(copies().empty());
  CHECK(s.told(2).size() == 2);
  // Two kinds of readers, each with a copy of its own.
  CHECK(s.page(s.askers[1], {.types = {"tool"}}).objects.empty());
}

}  // namespace sluice::service
