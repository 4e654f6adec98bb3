#include "service/threat_quality.h"

#include <doctest/doctest.h>

#include <future>

#include "service/collections.h"
#include "service/contribution.h"
#include "service/testing.h"
#include "service/threat_intake.h"
#include "threat/marking.h"

using namespace sluice;
using namespace sluice::service;

namespace {

// Three members, a vendor as a guest, and somebody of the site; one collection that all read and write.
struct AllianceForTests {
  SteppedClock clock;
  SiteForTests site{SiteOptionsForTests{.clock = &clock}};
  std::vector<Asker> members;
  Asker guest, judge;
  std::string collection;
  int made = 0;

  AllianceForTests() {
    for (const std::string name : {"First", "Second", "Third"}) {
      const auto id = site.organisation(name, access::OrganisationKind::Member);
      members.push_back(site.asker(site.person(id, name + " person", name + "@member.example", access::SiteRole::Admin), id));
    }
    const auto vendor = site.organisation("Guest", access::OrganisationKind::Vendor);
    guest = site.asker(site.person(vendor, "Gia", "gia@guest.example", access::SiteRole::Admin), vendor);
    judge = site.asker(site.person(site.open.file.organisation, "Jo", "jo@site.example"), site.open.file.organisation);
    const auto committed = for_tests::must(site.writer->run(add_collection(site.services, SiteForTests::system(), {.title = "Indicators", .anyone_reads = true, .anyone_writes = true})));
    collection = std::string(string_at(committed.answer, "id"));
    wait();
  }
  void wait(Duration by = std::chrono::minutes(1)) { clock.go_on(by); }
  std::string id(std::string_view type) {
    auto n = std::to_string(++made);
    return std::string(type) + "--00000000-0000-4000-8000-" + std::string(12 - n.size(), '0') + n;
  }
  // Sends one object, and lets a minute pass.
  void put(const Asker& asker, json::object object, Tlp tlp = Tlp::Green) {
    for (const auto* time : {"created", "modified"})
      if (!object.contains(time)) object[time] = "2027-01-01T00:00:00.000Z";
    object["spec_version"] = "2.1";
    object["object_marking_refs"] = json::array{json::value(threat::marking_id_of(tlp))};
    auto intake = for_tests::must(prepare_intake(site.services, asker, collection, canonical(json::object{{"objects", json::array{std::move(object)}}})));
    std::promise<Result<std::string>> done;
    put_intake(site.services, intake, [&done](Result<std::string> status) { done.set_value(std::move(status)); });
    const auto status = for_tests::must(done.get_future().get());
    if (status.find("\"failure_count\":0") == status.npos) throw std::runtime_error(status);
    wait();
  }
  std::string put_indicator(const Asker& asker, std::string_view address, Tlp tlp = Tlp::Green) {
    const auto name = id("indicator");
    put(asker, {{"type", "indicator"}, {"id", name}, {"pattern", "[ipv4-addr:value = '" + std::string(address) + "']"}, {"pattern_type", "stix"}, {"valid_from", "2027-01-15T07:00:00Z"}, {"indicator_types", json::array{"malicious-activity"}}}, tlp);
    return name;
  }
  std::string put_sighting(const Asker& asker, std::string_view of, std::int64_t count = 1) {
    const auto name = id("sighting");
    put(asker, {{"type", "sighting"}, {"id", name}, {"sighting_of_ref", of}, {"count", count}});
    return name;
  }
  json::object score(const Asker& asker, std::string_view object, std::optional<Instant> at = {}) { return for_tests::must(score_of(site.services, asker.viewer, collection, object, at)); }
  Result<Committed> run(Work work) {
    auto out = site.writer->run(std::move(work));
    wait();
    return out;
  }
  PointsShown points(const Asker& asker) {
    auto points = for_tests::must(points_of(site.services, asker.viewer));
    if (points.keep) for_tests::must(site.writer->run(*std::move(points.keep)));
    return points.shown;
  }
};

std::int64_t points_of_part(const json::object& score, std::string_view name) {
  std::int64_t out = 0;
  for (const auto& part : score.at("parts").as_array())
    if (string_at(part, "part") == name) out += part.at("points").as_int64();
  return out;
}

std::int64_t lines_with(const PointsShown& points, std::string_view reason) {
  return std::count_if(points.lines.begin(), points.lines.end(), [&](const PointsLine& line) { return line.reason.find(reason) != line.reason.npos; });
}

}  // namespace

TEST_CASE("a find is worth more once others hold it, saw it and said more of it, and less once it is doubted") {
  AllianceForTests all;
  const auto find = all.put_indicator(all.members[0], "45.83.64.1");
  const auto then = all.clock.now();
  const auto before = all.score(all.members[0], find);
  CHECK(points_of_part(before, "novelty") == 15'000);
  CHECK(points_of_part(before, "corroboration") == 0);
  CHECK(points_of_part(before, "sightings") == 0);

  all.wait();
  all.put_indicator(all.members[1], "45.83.64.1");
  CHECK(points_of_part(all.score(all.members[0], find), "corroboration") == 7'000);
  all.put_sighting(all.members[1], find, 0);
  CHECK_MESSAGE(points_of_part(all.score(all.members[0], find), "sightings") == 0, "looked for and not seen is no sighting");
  all.put_sighting(all.members[0], find);
  CHECK_MESSAGE(points_of_part(all.score(all.members[0], find), "sightings") == 0, "one's own sighting confirms nothing");
  all.put_sighting(all.members[2], find);
  CHECK(points_of_part(all.score(all.members[0], find), "sightings") == 4'000);

  const auto context = points_of_part(all.score(all.members[0], find), "context");
  all.put(all.members[1], {{"type", "relationship"}, {"id", all.id("relationship")}, {"relationship_type", "indicates"}, {"source_ref", find}, {"target_ref", "malware--00000000-0000-4000-8000-00000000ffff"}});
  CHECK(points_of_part(all.score(all.members[0], find), "context") == context + 4'000);

  CHECK(all.run(doubt_object(all.site.services, all.members[2], all.collection, find, {"our own scanner"})));
  CHECK(points_of_part(all.score(all.members[0], find), "false positives") == -10'000);
  CHECK(all.run(decide_doubts(all.site.services, all.judge, all.collection, find, {true, "it is a scanner"})));
  CHECK(points_of_part(all.score(all.members[1], find), "false positives") == -60'000);

  // G2: as of then it is what it was, byte for byte.
  CHECK(canonical(json::value(all.score(all.members[0], find, then))) == canonical(json::value(before)));
}

TEST_CASE("G1_what_a_reader_does_not_meet_changes_nothing_of_its_scores") {
  AllianceForTests all;
  const auto find = all.put_indicator(all.members[0], "45.83.64.2");
  all.wait();
  const auto at = all.clock.now();
  const auto before = canonical(json::value(all.score(all.guest, find, at)));
  const auto parts = [&](const Asker& asker) { return canonical(all.score(asker, find).at("parts")); };
  const auto to_guest = parts(all.guest);
  all.put_indicator(all.members[1], "45.83.64.2", Tlp::AmberStrict);
  CHECK(parts(all.guest) == to_guest);
  CHECK(points_of_part(all.score(all.members[0], find), "corroboration") == 7'000);
  CHECK(canonical(json::value(all.score(all.guest, find, at))) == before);

  // A value that somebody held in secret is still new to those who don't know of it.
  all.put_indicator(all.members[1], "45.83.64.3", Tlp::Red);
  const auto second = all.put_indicator(all.members[0], "45.83.64.3");
  CHECK(points_of_part(all.score(all.members[0], second), "novelty") == 15'000);
  CHECK(points_of_part(all.score(all.members[1], second), "novelty") == 0);

  // And an object that isn't met has no score.
  const auto hidden = all.put_indicator(all.members[1], "45.83.64.4", Tlp::Red);
  const auto refused = score_of(all.site.services, all.members[0].viewer, all.collection, hidden, {});
  const auto never = score_of(all.site.services, all.members[0].viewer, all.collection, all.id("indicator"), {});
  REQUIRE_FALSE(refused);
  REQUIRE_FALSE(never);
  CHECK(refused.error().kind == ErrorKind::NotFound);
  CHECK(refused.error().message == never.error().message);
}

TEST_CASE("G4_who_sent_an_object_or_doubts_it_does_not_decide") {
  AllianceForTests all;
  const auto find = all.put_indicator(all.members[0], "45.83.64.5");
  const auto kind_of = [](const Result<Committed>& result) { return result ? std::optional<ErrorKind>() : result.error().kind; };
  const auto doubt = [&](const Asker& asker) { return kind_of(all.run(doubt_object(all.site.services, asker, all.collection, find, {"no"}))); };
  const auto decide = [&](const Asker& asker) { return kind_of(all.run(decide_doubts(all.site.services, asker, all.collection, find, {false, "it is real"}))); };
  CHECK(decide(all.judge) == ErrorKind::Conflict);          // nothing waits
  CHECK(doubt(all.members[0]) == ErrorKind::Conflict);      // its own
  CHECK_FALSE(doubt(all.members[1]));
  CHECK(doubt(all.members[1]) == ErrorKind::Conflict);      // twice
  CHECK(decide(all.members[1]) == ErrorKind::Forbidden);
  CHECK(decide(all.members[2]) == ErrorKind::Forbidden);    // of no site
  const auto waiting = for_tests::must(doubts_shown(all.site.services, all.judge.viewer, all.collection));
  REQUIRE(waiting.size() == 1);
  CHECK(waiting[0].object == find);
  CHECK(for_tests::must(doubts_shown(all.site.services, all.members[2].viewer, all.collection)).empty());
  CHECK_FALSE(decide(all.judge));
  CHECK(points_of_part(all.score(all.members[1], find), "false positives") == 0);   // refuted

  // The judge doubts something itself: then it takes somebody else.
  const auto other = all.put_indicator(all.members[0], "45.83.64.6");
  CHECK_FALSE(kind_of(all.run(doubt_object(all.site.services, all.judge, all.collection, other, {"no"}))));
  CHECK(kind_of(all.run(decide_doubts(all.site.services, all.judge, all.collection, other, {true, "no"}))) == ErrorKind::Forbidden);
}

TEST_CASE("M2_a_package_counts_once_when_its_hour_is_over_and_each_point_has_its_reason") {
  AllianceForTests all;
  const auto find = all.put_indicator(all.members[0], "45.83.64.7");
  all.put_indicator(all.members[0], "45.83.64.8");
  all.put_indicator(all.members[1], "45.83.64.7");          // a duplicate
  all.put_sighting(all.members[1], find);
  CHECK(all.points(all.members[0]).lines.empty());          // the hour isn't over
  all.wait(std::chrono::hours(1));
  const auto first = all.points(all.members[0]);
  CHECK(lines_with(first, "a package of 2 objects") == 1);
  CHECK(first.total > 0);
  const auto again = all.points(all.members[0]);
  CHECK(again.total == first.total);
  CHECK(again.lines.size() == first.lines.size());
  const auto second = all.points(all.members[1]);
  CHECK(lines_with(second, "validated another member's find") == 1);
  CHECK_MESSAGE(lines_with(second, "a package of 1 object") == 1, "the sighting is new, the duplicate isn't");
  CHECK(all.points(all.members[2]).lines.empty());

  // What is deleted later takes nothing away; what is proven to be noise does.
  CHECK(all.run(doubt_object(all.site.services, all.members[2], all.collection, find, {"our scanner"})));
  CHECK(all.run(decide_doubts(all.site.services, all.judge, all.collection, find, {true, "yes"})));
  const auto after = all.points(all.members[0]);
  CHECK(lines_with(after, "noise") == 1);
  CHECK(after.total == first.total - 10'000);
  CHECK(lines_with(all.points(all.members[2]), "validated") == 1);
}

TEST_CASE("V1_a_table_is_in_force_from_the_vote_that_gives_it_more_than_half_of_the_members") {
  AllianceForTests all;
  const auto find = all.put_indicator(all.members[0], "45.83.64.9");
  const auto then = all.clock.now();
  const auto built_in = all.score(all.members[0], find).at("table");
  threat::QualityTable table;
  table.description = 1'000;
  const auto propose = [&](const Asker& asker, json::value body, TableKind kind = TableKind::Quality) { return all.run(propose_table(all.site.services, asker, {kind, std::move(body), "shorter"})); };
  const auto proposed = for_tests::must(propose(all.members[0], to_json(table)));
  const std::string proposal(string_at(proposed.answer, "id"));
  CHECK(all.score(all.members[0], find).at("table") == built_in);          // one of three
  const auto vote = [&](const Asker& asker, bool yes) { return all.run(vote_on_table(all.site.services, asker, proposal, {yes})); };
  REQUIRE_FALSE(vote(all.guest, true));
  CHECK(vote(all.members[1], false));
  CHECK(vote(all.members[1], true));                                       // it thought again
  CHECK(all.score(all.members[0], find).at("table").as_string() == name_of_table(to_json(table)));
  CHECK(all.score(all.members[0], find, then).at("table") == built_in);    // V2
  const auto late = vote(all.members[2], false);
  REQUIRE_FALSE(late);
  CHECK(late.error().kind == ErrorKind::Conflict);
  const auto shown = for_tests::must(tables_shown(all.site.services));
  CHECK(shown.members == 3);
  REQUIRE(shown.proposals.size() == 1);
  CHECK(shown.proposals[0].state == "in_force");

  // V3
  table.warning = 5;
  const auto bad = propose(all.members[0], to_json(table));
  REQUIRE_FALSE(bad);
  CHECK(bad.error().kind == ErrorKind::Invalid);
  CHECK(bad.error().where == "/table/warning");
  const auto none = all.run(vote_on_table(all.site.services, all.members[0], "no-such", {true}));
  REQUIRE_FALSE(none);
  CHECK(none.error().kind == ErrorKind::NotFound);
}
