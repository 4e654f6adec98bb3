// Texts over a collection: who meets which version, what endorsements come to, and what a label keeps out of figures.
#include <doctest/doctest.h>

#include <boost/json/serialize.hpp>

#include "service/sharing_testing.h"
#include "service/threat_groups.h"
#include "service/threat_reports.h"

namespace sluice::service {

namespace {

using for_tests::must;

struct TextsForTests : SharingForTests {
  std::string word(Result<Work> work, std::string_view key) {
    const auto committed = must(site.writer->run(must(std::move(work))));
    return std::string(string_at(committed.answer, key));
  }
  Result<Committed> run(Result<Work> work) {
    if (!work) return std::unexpected(work.error());
    return site.writer->run(*std::move(work));
  }
  std::string statement(const Asker& asker, std::optional<GroupId> group = {}) {
    DraftThreatText given{.kind = store::ThreatTextKind::Statement, .collection = collection, .group = group, .title = "On sharing", .text = "Within the hour.", .audience = store::ThreatAudience::Public};
    return word(draft_threat_text(site.services, asker, std::move(given)), "id");
  }
  static FiguresWanted days(int from, int until) {
    const auto day = [](int n) { return Instant{1'790'000'000'000'000 + n * std::int64_t{86'400'000'000}}; };
    return {.period = {day(from), day(until)}, .before = {}, .sectors = {}, .regions = {}, .by = {threat::Breakdown::Sector}, .wide_regions = {}, .least_objects = {}, .least_senders = {}, .collections = {}};
  }
  std::string report(const Asker& asker, FiguresWanted figures, store::ThreatAudience audience) {
    return word(draft_threat_text(site.services, asker, {.kind = store::ThreatTextKind::Report, .collection = collection, .title = "Figures", .figures = std::move(figures), .audience = audience}), "id");
  }
  bool release(const Asker& asker, const std::string& id, std::int64_t version, store::ThreatAudience to) { return run(release_threat_text(site.services, asker, id, {.version = version, .to = to})).has_value(); }
  json::array overlaps(const Asker& asker, const std::string& id, store::ThreatAudience to) {
    const auto asked = must(ask_release(site.services, asker.viewer, id, to));
    const auto* found = asked.if_contains("overlaps");
    return found != nullptr ? found->as_array() : json::array();
  }
  bool is_met(const Asker& asker, const std::string& id) { return shown_text(site.services, asker.viewer, id, {}).has_value(); }
};

}  // namespace

TEST_CASE("an endorsement stands on the very text that it was put to, and on no other") {
  const store::Endorsement one{.version = 2, .organisation = OrganisationId::random(), .by = PersonId::random(), .at = Instant{1}, .hash = sha256(bytes_of("b")), .words = {}, .withdrawn = {}};
  CHECK(state_of(one, 2, one.hash) == EndorsementState::Standing);
  CHECK(state_of(one, 3, one.hash) == EndorsementState::Lapsed);
  CHECK(state_of(one, 2, sha256(bytes_of("c"))) == EndorsementState::Lapsed);
  auto gone = one;
  gone.withdrawn = Instant{2};
  CHECK(state_of(gone, 2, one.hash) == EndorsementState::Withdrawn);
}

TEST_CASE("the hash of a text changes with each word that readers are told, and with nothing else") {
  store::ThreatTextBody body{.collection = "c", .kind = store::ThreatTextKind::Comment, .organisation = OrganisationId::random()};
  store::ThreatTextVersion version{.version = 1, .title = "t", .text = "x", .on = "d"};
  const auto first = hash_of_text(body, version);
  auto other = version;
  other.version = 2, other.at = Instant{5}, other.wanted = json::object{{"basis", "b"}}, other.audience = store::ThreatAudience::Public;
  CHECK(hash_of_text(body, other) == first);
  for (auto* field : {&other.title, &other.text}) {
    const auto kept = *field;
    *field += "!";
    CHECK(hash_of_text(body, other) != first);
    *field = kept;
  }
  other.on = "e";
  CHECK(hash_of_text(body, other) != first);
  auto of_group = body;
  of_group.organisation.reset(), of_group.group = GroupId::random();
  CHECK(hash_of_text(of_group, version) != first);
}

TEST_CASE("a version goes to no wider audience than it was made for") {
  using enum store::ThreatAudience;
  for (const auto made : {Members, Readers, Public})
    for (const auto to : {Members, Readers, Public}) CHECK(why_not_to({.audience = made}, to).empty() == (to <= made));
  CHECK(label_of(Public) == Tlp::Clear);
  CHECK(label_of_draft(Public) == Tlp::Green);
  CHECK(label_of_draft(Members) == Tlp::AmberStrict);
}

TEST_CASE("of another collection a report tells no more than its whole community may have") {   // else members of the one would be told of what the other's members alone have
  const store::Collection home{.id = "a"}, other{.id = "b"};
  CHECK(ceiling_of_report(home, home, store::ThreatAudience::Members) == Tlp::AmberStrict);
  CHECK(ceiling_of_report(home, other, store::ThreatAudience::Members) == Tlp::Green);
  CHECK(ceiling_of_report(home, home, store::ThreatAudience::Readers) == Tlp::Green);
  CHECK(ceiling_of_report(home, home, store::ThreatAudience::Public) == Tlp::Clear);
}

TEST_CASE("a draft is met by its author alone, until it is shown or released") {
  TextsForTests all;
  const auto id = all.statement(all.askers[0]);
  CHECK(all.is_met(all.askers[0], id));
  CHECK(!all.is_met(all.askers[1], id));
  REQUIRE(all.run(show_threat_text(all.site.services, all.askers[0], id, {.version = 1, .organisations = {all.second}})));
  CHECK(all.is_met(all.askers[1], id));
  CHECK(!all.is_met(all.askers[2], id));
  const auto released = all.run(release_threat_text(all.site.services, all.askers[0], id, {.version = 1, .to = store::ThreatAudience::Public}));
  REQUIRE(!released);
  CHECK(released.error().kind == ErrorKind::Forbidden);       // T6: by a second person
  all.site.services.settings.two_person = false;
  REQUIRE(all.run(release_threat_text(all.site.services, all.askers[0], id, {.version = 1, .to = store::ThreatAudience::Public})));
  CHECK(all.is_met(all.askers[2], id));
  CHECK(shown_text(all.site.services, access::Viewer::nobody(), id, {}).has_value());
}

TEST_CASE("who reads what is public isn't told of the collection that it is over, unless it reads that") {
  TextsForTests all;
  all.collection = all.add({.title = "Hidden", .readers = {all.first, all.second}, .writers = {all.first, all.second}});
  all.site.services.settings.two_person = false;
  const auto id = all.statement(all.askers[0]);
  REQUIRE(all.run(release_threat_text(all.site.services, all.askers[0], id, {.version = 1, .to = store::ThreatAudience::Public})));
  REQUIRE(all.run(release_threat_text(all.site.services, all.askers[0], id, {.version = 1, .to = store::ThreatAudience::Readers})));
  const auto told = [&](const access::Viewer& viewer) {
    return json::serialize(json::value(must(shown_text(all.site.services, viewer, id, {})).shown)) + json::serialize(json::value(must(threat_texts(all.site.services, viewer, {}))));
  };
  CHECK(told(all.askers[1].viewer).find(all.collection) != std::string::npos);
  for (const auto& viewer : {all.askers[2].viewer, access::Viewer::nobody()}) {
    CHECK(told(viewer).find(id) != std::string::npos);
    CHECK(told(viewer).find(all.collection) == std::string::npos);
  }
}

TEST_CASE("T8: of what was withdrawn nobody but its author meets a word, whatever was released before; a later version stands for itself") {
  TextsForTests all;
  auto& services = all.site.services;
  services.settings.two_person = false;
  const auto id = all.statement(all.askers[0]);
  const auto release = [&](std::int64_t version) { return all.run(release_threat_text(services, all.askers[0], id, {.version = version, .to = store::ThreatAudience::Public})); };
  const auto withdraw = [&](const Asker& asker, std::int64_t version) { return all.run(withdraw_threat_text(services, asker, id, {version, "It was wrong"})); };
  REQUIRE_FALSE(withdraw(all.askers[0], 1));                 // nothing was released
  CHECK(withdraw(all.askers[1], 1).error().kind == ErrorKind::NotFound);   // T1
  REQUIRE(release(1));
  CHECK(withdraw(all.askers[1], 1).error().kind == ErrorKind::Forbidden);
  REQUIRE(withdraw(all.askers[0], 1));
  CHECK(withdraw(all.askers[0], 1).error().kind == ErrorKind::Conflict);
  CHECK(release(1).error().kind == ErrorKind::Conflict);
  for (const auto& viewer : {all.askers[1].viewer, access::Viewer::nobody()}) {
    const auto shown = must(shown_text(services, viewer, id, {}));
    REQUIRE(shown.withdrawn);
    CHECK_FALSE(shown.is_fresh);                             // nothing reaches anybody
    const auto told = json::serialize(json::value(shown.shown)) + shown.version.text;
    CHECK(told.find("It was wrong") != told.npos);
    CHECK(told.find("Within the hour") == told.npos);
  }
  CHECK(must(shown_text(services, all.askers[0].viewer, id, {})).version.text == "Within the hour.");
  REQUIRE(all.run(revise_threat_text(services, all.askers[0], id, {.title = "On sharing", .text = "Within the day.", .audience = store::ThreatAudience::Public})));
  REQUIRE(release(2));
  const auto later = must(shown_text(services, all.askers[1].viewer, id, {}));
  CHECK_FALSE(later.withdrawn);
  CHECK(later.version.text == "Within the day.");
  CHECK(must(shown_text(services, all.askers[1].viewer, id, 1)).withdrawn);
}

TEST_CASE("T9: a draft that is shown to an organisation which doesn't read the collection is answered alike, and reaches it not") {
  TextsForTests all;
  auto& services = all.site.services;
  all.collection = all.add({.title = "Hidden", .readers = {all.first, all.second}, .writers = {all.first, all.second}});
  const auto id = all.statement(all.askers[0]);
  const auto inside = all.run(show_threat_text(services, all.askers[0], id, {.version = 1, .organisations = {all.second}})), outside = all.run(show_threat_text(services, all.askers[0], id, {.version = 1, .organisations = {all.guest}}));
  REQUIRE(inside);
  REQUIRE(outside);
  CHECK(inside->answer == outside->answer);
  CHECK(all.is_met(all.askers[1], id));
  CHECK_FALSE(all.is_met(all.askers[2], id));
  const json::array told = must(shown_text(services, all.askers[0].viewer, id, {})).shown.at("for_author").at("shown").as_array();
  REQUIRE(told.size() == 2);
  for (const auto& one : told) CHECK(one.as_object().size() == told[0].as_object().size());
}

TEST_CASE("T9: a draft for members that is shown to a reader who is none is answered as to a member, and reaches it not") {
  TextsForTests all;
  auto& services = all.site.services;
  const DraftThreatText given{.kind = store::ThreatTextKind::Statement, .collection = all.collection, .title = "On sharing", .text = "Within the hour."};   // for members, as nothing is said
  const auto id = all.word(draft_threat_text(services, all.askers[0], given), "id");
  const auto show = [&](OrganisationId to) { return all.run(show_threat_text(services, all.askers[0], id, {.version = 1, .organisations = {to}})); };
  const auto member = show(all.second), reader = show(all.guest);   // the guest reads what anyone reads, and is named in nothing
  REQUIRE(member);
  REQUIRE(reader);
  CHECK(reader->answer == member->answer);
  CHECK(all.is_met(all.askers[1], id));
  CHECK_FALSE(all.is_met(all.askers[2], id));
  const json::array told = must(shown_text(services, all.askers[0].viewer, id, {})).shown.at("for_author").at("shown").as_array();
  REQUIRE(told.size() == 2);
  CHECK(string_at(told[1], "organisation") == all.guest.text());
  for (const auto& one : told) CHECK(one.as_object().size() == told[0].as_object().size());
}

TEST_CASE("overlaps are told of versions that the asker may read, and of no others of the same text") {
  using enum store::ThreatAudience;
  TextsForTests all;
  all.site.services.settings.two_person = false;
  const auto other = all.report(all.askers[0], all.days(0, 5), Readers);
  REQUIRE(all.release(all.askers[0], other, 1, Readers));
  REQUIRE(all.run(revise_threat_text(all.site.services, all.askers[0], other, {.title = "Figures", .figures = all.days(40, 50), .audience = Members})));
  REQUIRE(all.release(all.askers[0], other, 2, Members));
  const auto of_guest = all.report(all.askers[2], all.days(45, 55), Members), of_member = all.report(all.askers[1], all.days(45, 55), Members);
  CHECK(all.overlaps(all.askers[2], of_guest, Members).empty());   // it reads version 1 alone
  CHECK(all.overlaps(all.askers[1], of_member, Members) == json::array{json::value(other)});
}

TEST_CASE("overlaps are told of earlier versions of the same report, and behind whatever else is newer") {
  using enum store::ThreatAudience;
  TextsForTests all;
  all.site.services.settings.two_person = false;
  const auto id = all.report(all.askers[0], all.days(0, 30), Readers);
  CHECK(all.overlaps(all.askers[0], id, Readers).empty());
  REQUIRE(all.release(all.askers[0], id, 1, Readers));
  CHECK(all.overlaps(all.askers[0], id, Readers).empty());          // itself
  REQUIRE(all.run(revise_threat_text(all.site.services, all.askers[0], id, {.title = "Figures", .figures = all.days(0, 25), .audience = Readers})));
  CHECK(all.overlaps(all.askers[0], id, Readers) == json::array{json::value(id)});
  const auto home = all.collection;
  for (const auto& collection : {home, all.add({.title = "Elsewhere", .anyone_reads = true, .anyone_writes = true})}) {
    all.collection = collection;
    for (int i = 0; i < 51; ++i) {
      all.site.script.set(all.site.clock.now() + std::chrono::seconds(1));
      REQUIRE(all.release(all.askers[0], all.statement(all.askers[0]), 1, Public));
    }
  }
  CHECK(all.overlaps(all.askers[0], id, Readers) == json::array{json::value(id)});
  CHECK_FALSE(must(ask_release(all.site.services, all.askers[0].viewer, id, Readers)).contains("overlaps_cut"));
}

TEST_CASE("the same question over other collections overlaps, and what was compared is said to be cut") {
  using enum store::ThreatAudience;
  TextsForTests all;
  all.site.services.settings.two_person = false;
  const auto id = all.report(all.askers[0], all.days(0, 30), Readers);
  REQUIRE(all.release(all.askers[0], id, 1, Readers));
  CHECK(all.overlaps(all.askers[0], all.report(all.askers[0], all.days(0, 30), Readers), Readers).empty());
  auto wider = all.days(0, 30);
  wider.collections = {all.collection, all.add({.title = "Elsewhere", .anyone_reads = true, .anyone_writes = true})};
  const auto from_both = all.report(all.askers[0], wider, Readers);
  CHECK(all.overlaps(all.askers[0], from_both, Readers) == json::array{json::value(id)});
  for (int i = 0; i < 50; ++i) REQUIRE(all.release(all.askers[0], all.report(all.askers[0], all.days(0, 30), Readers), 1, Readers));
  CHECK(must(ask_release(all.site.services, all.askers[0].viewer, from_both, Readers)).contains("overlaps_cut"));
}

TEST_CASE("a group's text names no member, and a member that leaves meets no draft of it") {
  TextsForTests all;
  auto& services = all.site.services;
  const auto formed = must(all.site.writer->run(form_threat_group(services, all.askers[0], all.collection, {"Circle"})));
  const auto group = GroupId::parse(string_at(formed.answer, "id")).value();
  for (const auto* taken : {"circle", "Circle ", " Circle", "first", "First ", "The  circle"}) CHECK_FALSE(all.site.writer->run(form_threat_group(services, all.askers[1], all.collection, {taken})).has_value());
  must(all.site.writer->run(ask_into_threat_group(services, all.askers[0], all.collection, group, {{all.second}})));
  CHECK(!draft_threat_text(services, all.askers[1], {.kind = store::ThreatTextKind::Statement, .collection = all.collection, .group = group, .title = "t", .text = "x"}));   // asked, and not yet in
  must(all.site.writer->run(join_threat_group(services, all.askers[1], all.collection, group)));
  const auto id = all.statement(all.askers[0], group);
  CHECK(all.is_met(all.askers[1], id));
  CHECK(!all.is_met(all.askers[2], id));
  REQUIRE(all.run(release_threat_text(services, all.askers[1], id, {.version = 1, .to = store::ThreatAudience::Readers})));
  const auto told = json::serialize(json::value(must(shown_text(services, all.askers[2].viewer, id, {})).shown));
  CHECK(told.find("Circle") != told.npos);
  for (const auto& member : {all.first, all.second}) CHECK(told.find(member.text()) == told.npos);
  const auto next = all.statement(all.askers[0], group);
  CHECK(all.is_met(all.askers[1], next));
  must(all.site.writer->run(leave_threat_group(services, all.askers[1], all.collection, group)));
  CHECK(!all.is_met(all.askers[1], next));
}

}  // namespace sluice::service
