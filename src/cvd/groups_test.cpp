#include <doctest/doctest.h>

#include <algorithm>

#include "access/authorize.h"
#include "cvd/test_driven.h"

using namespace sluice;
using namespace sluice::cvd;
using sluice::cvd::testing::Driven;

namespace {

// A case with two vendors that read it.
Driven with_two_vendors() {
  auto d = Driven::with_vendor();
  REQUIRE(d.act(d.owner, InviteParticipant{d.other, {Role::Vendor}, "ships it too"}));
  REQUIRE(d.act(d.other, AnswerInvitation{true, 1}));
  REQUIRE(d.act(d.owner, ConfirmParticipant{d.other, "by telephone"}));
  return d;
}
GroupId formed(Driven& d, const std::string& name, std::optional<int> order = {}) {
  REQUIRE(d.act(d.owner, FormGroup{name, order, "they fix it first"}));
  for (const auto& [id, group] : d.state.fold.groups)
    if (group.name == name) return id;
  FAIL("no group");
  return {};
}
void join(Driven& d, GroupId group, OrganisationId who) { REQUIRE(d.act(d.owner, ChangeGroup{group, std::vector{who}, {}, "they fix it first"})); }

std::vector<access::Compartment> reads(const Driven& d, OrganisationId who) {
  const access::Viewer viewer{.kind = access::Viewer::Kind::Person, .organisation = who};
  return access::readable_compartments(viewer, standing_of(d.state.fold, who), compartments_of(d.state.fold));
}
bool reads(const Driven& d, OrganisationId who, GroupId group) {
  const auto all = reads(d, who);
  return std::find(all.begin(), all.end(), access::Compartment::of(group)) != all.end();
}
// What an organisation sees: the fold of what it may read.
CaseFold view_of(const Driven& d, OrganisationId who) {
  CaseFold out;
  const auto readable = reads(d, who);
  for (const auto& [change, context] : d.log)
    if (std::find(readable.begin(), readable.end(), change.compartment) != readable.end()) apply(out, change.event, context);
  return out;
}
const Message& only_message(const CaseFold& fold) { return fold.threads.front().messages.front(); }

}  // namespace

TEST_CASE("a group's members and the coordination read what is said in it, and nobody else") {
  auto d = with_two_vendors();
  const auto group = formed(d, "First tier");
  join(d, group, d.vendor);
  CHECK(reads(d, d.owner, group));
  CHECK(reads(d, d.vendor, group));
  CHECK_FALSE(reads(d, d.other, group));
  REQUIRE(d.act(d.vendor, OpenThread{"group:" + group.text(), "Branches", "Which branch first?"}));
  CHECK(view_of(d, d.vendor).threads.size() == 1);
  CHECK(view_of(d, d.owner).threads.size() == 1);
  CHECK(view_of(d, d.other).threads.empty());
  const auto thread = d.state.fold.threads.front().id;
  CHECK(d.act(d.other, OpenThread{"group:" + group.text(), "Me too", {}}).error().where == "/audience");
  CHECK(d.act(d.other, PostMessage{thread, "Me too"}).error().kind == ErrorKind::NotFound);
  CHECK(d.act(d.other, OpenThread{"group:" + GroupId::random().text(), "Me too", {}}).error().message == d.act(d.other, OpenThread{"group:" + group.text(), "Me too", {}}).error().message);
}

TEST_CASE("a member learns of its group by name and of itself alone: not who else is in it, nor that there are others (EXI-10)") {
  auto d = with_two_vendors();
  const auto first = formed(d, "First tier"), second = formed(d, "Second tier");
  join(d, second, d.vendor);
  join(d, second, d.other);
  join(d, first, d.other);
  const auto view = view_of(d, d.vendor);
  REQUIRE(view.groups.size() == 1);
  const auto& shown = view.groups.at(second);
  CHECK(shown.name == "Second tier");
  CHECK(shown.order == 0);
  CHECK(shown.why.empty());
  CHECK(shown.members == std::set{d.vendor});
  CHECK_FALSE(view.participants.contains(d.other));
  const auto whole = view_of(d, d.owner);
  CHECK(whole.groups.at(second).members == std::set{d.vendor, d.other});
  CHECK(whole.groups.at(second).order == 2);
}

TEST_CASE("who leaves a group, or the case, reads nothing of it any more, and comes back into it only by being put there") {
  auto d = with_two_vendors();
  const auto group = formed(d, "First tier");
  join(d, group, d.vendor);
  SUBCASE("taken out") { REQUIRE(d.act(d.owner, ChangeGroup{group, {}, std::vector{d.vendor}, "their product is out"})); }
  SUBCASE("removed and back") {
    REQUIRE(d.act(d.owner, RemoveParticipant{d.vendor, "gone"}));
    CHECK_FALSE(reads(d, d.vendor, group));
    d.now = d.now + std::chrono::hours(1);
    REQUIRE(d.act(d.owner, InviteParticipant{d.vendor, {Role::Vendor}, "ships it"}));
    REQUIRE(d.act(d.vendor, AnswerInvitation{true, 1}));
    REQUIRE(d.act(d.owner, ConfirmParticipant{d.vendor, "by telephone"}));
  }
  SUBCASE("left") {
    REQUIRE(d.act(d.vendor, LeaveCase{true}));
    CHECK(d.state.fold.groups.at(group).members.empty());
    return;
  }
  CHECK_FALSE(reads(d, d.vendor, group));
  CHECK(reads(d, d.vendor).size() == 2);
}

TEST_CASE("who is suspended reads no group, and reads it again once restored") {
  auto d = with_two_vendors();
  const auto group = formed(d, "First tier");
  join(d, group, d.vendor);
  REQUIRE(d.act(d.owner, SuspendParticipant{d.vendor, "a leak"}));
  CHECK_FALSE(reads(d, d.vendor, group));
  REQUIRE(d.act(d.owner, RestoreParticipant{d.vendor, "it wasn't them"}));
  CHECK(reads(d, d.vendor, group));
}

TEST_CASE("what can't be done with groups says where and why, and changes nothing") {
  auto d = with_two_vendors();
  const auto group = formed(d, "First tier");
  join(d, group, d.vendor);
  const auto stranger = OrganisationId::random(), elsewhere = OrganisationId::random();
  struct Row { const char* what; Command command; ErrorKind kind; const char* where; };
  const Row rows[] = {
      {"no name", FormGroup{" ", {}, "why"}, ErrorKind::Invalid, "/name"},
      {"no reason", FormGroup{"x", {}, ""}, ErrorKind::Invalid, "/why"},
      {"the same name", FormGroup{"First tier", {}, "why"}, ErrorKind::Conflict, "/name"},
      {"order 0", FormGroup{"x", 0, "why"}, ErrorKind::Invalid, "/order"},
      {"no such group", ChangeGroup{GroupId::random(), std::vector{d.other}, {}, "why"}, ErrorKind::NotFound, "/group"},
      {"nobody", ChangeGroup{group, {}, {}, "why"}, ErrorKind::Invalid, "/add"},
      {"the second is a stranger", ChangeGroup{group, std::vector{d.other, stranger}, {}, "why"}, ErrorKind::Conflict, "/add/1"},
      {"the owner", ChangeGroup{group, std::vector{d.owner}, {}, "why"}, ErrorKind::Conflict, "/add/0"},
      {"in it already", ChangeGroup{group, std::vector{d.vendor}, {}, "why"}, ErrorKind::Conflict, "/add/0"},
      {"twice", ChangeGroup{group, std::vector{d.other, d.other}, {}, "why"}, ErrorKind::Conflict, "/add/1"},
      {"in and out", ChangeGroup{group, std::vector{d.other}, std::vector{d.other}, "why"}, ErrorKind::Conflict, "/remove/0"},
      {"not in it", ChangeGroup{group, {}, std::vector{d.other}, "why"}, ErrorKind::Conflict, "/remove/0"},
      {"nobody to invite", InviteMany{{}, {Role::Vendor}, "why", {}, {}}, ErrorKind::Invalid, "/organisations"},
      {"no role", InviteMany{{stranger}, {}, "why", {}, {}}, ErrorKind::Invalid, "/roles"},
      {"many coordinators", InviteMany{{stranger}, {Role::Coordinator}, "why", {}, {}}, ErrorKind::Invalid, "/roles"},
      {"no reason to invite", InviteMany{{stranger}, {Role::Vendor}, " ", {}, {}}, ErrorKind::Invalid, "/essential_because"},
      {"no reason for one", InviteMany{{stranger, elsewhere}, {Role::Vendor}, {}, {}, {}, std::vector{OwnReason{stranger, "ships it"}}}, ErrorKind::Invalid, "/essential_because"},
      {"an empty reason of its own", InviteMany{{stranger}, {Role::Vendor}, "why", {}, {}, std::vector{OwnReason{stranger, " "}}}, ErrorKind::Invalid, "/reasons/0/because"},
      {"a reason for who isn't invited", InviteMany{{stranger}, {Role::Vendor}, "why", {}, {}, std::vector{OwnReason{elsewhere, "ships it"}}}, ErrorKind::Conflict, "/reasons/0"},
      {"two reasons", InviteMany{{stranger}, {Role::Vendor}, {}, {}, {}, std::vector{OwnReason{stranger, "one"}, OwnReason{stranger, "two"}}}, ErrorKind::Conflict, "/reasons/1"},
      {"into no group", InviteMany{{stranger}, {Role::Vendor}, "why", {}, GroupId::random()}, ErrorKind::NotFound, "/group"},
      {"two are in", InviteMany{{stranger, d.vendor, d.other}, {Role::Vendor}, "why", {}, {}}, ErrorKind::Conflict, "/organisations/1"},
      {"201", InviteMany{std::vector<OrganisationId>(201, stranger), {Role::Vendor}, "why", {}, {}}, ErrorKind::Invalid, "/organisations"},
  };
  const auto before = d.log.size();
  for (const auto& row : rows) {
    CAPTURE(row.what);
    const auto answer = d.act(d.owner, row.command);
    REQUIRE_FALSE(answer);
    CHECK(answer.error().kind == row.kind);
    CHECK(answer.error().where == row.where);
  }
  CHECK(d.log.size() == before);
  const auto both = d.act(d.owner, InviteMany{{stranger, d.vendor, d.other}, {Role::Vendor}, "why", {}, {}}).error().message;
  CHECK(both.find("/organisations/1") != std::string::npos);
  CHECK(both.find("/organisations/2") != std::string::npos);
  CHECK(both.find(d.other.text()) != std::string::npos);
}

TEST_CASE("of many that are invited at once each may have a reason of its own, and is told that one") {
  auto d = Driven::with_vendor();
  const auto one = OrganisationId::random(), two = OrganisationId::random(), three = OrganisationId::random();
  REQUIRE(d.act(d.owner, InviteMany{{one, two, three}, {Role::Vendor}, "ships the library", {}, {}, std::vector{OwnReason{two, "wrote the library"}}}));
  CHECK(d.state.fold.participant(one)->essential_because == "ships the library");
  CHECK(d.state.fold.participant(two)->essential_because == "wrote the library");
  CHECK(d.state.fold.participant(three)->essential_because == "ships the library");
  const auto four = OrganisationId::random();
  REQUIRE(d.act(d.owner, InviteMany{{four}, {Role::Vendor}, {}, {}, {}, std::vector{OwnReason{four, "tests the fix"}}}));
  CHECK(d.state.fold.participant(four)->essential_because == "tests the fix");
}

TEST_CASE("many are invited at once for one reason, one entry a party, into a group that they read once they are confirmed") {
  auto d = Driven::with_vendor();
  const auto group = formed(d, "Second tier");
  std::vector<OrganisationId> many(150);
  for (auto& id : many) id = OrganisationId::random();
  const auto before = d.log.size();
  REQUIRE(d.act(d.owner, InviteMany{many, {Role::Vendor}, "ships the library", {}, group}));
  CHECK(d.log.size() - before == 2 * 150 + 1 + 150);  // in coordination and with each; the group's change and each member's
  for (const auto& id : many) {
    const auto standing = standing_of(d.state.fold, id);
    CHECK(standing.may_see_terms);
    CHECK_FALSE(reads(d, id, group));
    CHECK(reads(d, id).empty());
  }
  REQUIRE(d.act(many[17], AnswerInvitation{true, 1}));
  CHECK_FALSE(reads(d, many[17], group));
  REQUIRE(d.act(d.owner, ConfirmParticipant{many[17], "by telephone"}));
  CHECK(reads(d, many[17], group));
  CHECK(view_of(d, many[17]).groups.at(group).members == std::set{many[17]});
}

TEST_CASE("its organisation changes a message or takes it back; what it said before is kept until then, and nobody else can") {
  auto d = with_two_vendors();
  REQUIRE(d.act(d.vendor, OpenThread{"shared", "Plan", "We ship in Mai."}));
  const auto thread = d.state.fold.threads.front().id;
  const auto message = only_message(d.state.fold).id;
  CHECK(d.act(d.other, AmendMessage{thread, message, "We ship in June."}).error().kind == ErrorKind::Forbidden);
  CHECK(d.act(d.owner, RetractMessage{thread, message, "no"}).error().kind == ErrorKind::Forbidden);
  CHECK(d.act(d.vendor, AmendMessage{thread, MessageId::random(), "x"}).error().kind == ErrorKind::NotFound);
  CHECK(d.act(d.vendor, AmendMessage{ThreadId::random(), message, "x"}).error().kind == ErrorKind::NotFound);
  CHECK(d.act(d.vendor, AmendMessage{thread, message, "We ship in Mai."}).error().where == "/text");
  REQUIRE(d.act(d.vendor, AmendMessage{thread, message, "We ship in May."}));
  REQUIRE(d.act(d.vendor, AmendMessage{thread, message, "We ship in June."}));  // at the same instant by the clock
  for (const auto who : {d.owner, d.other, d.vendor}) {
    const auto view = view_of(d, who);
    CHECK(only_message(view).text == "We ship in June.");
    CHECK(only_message(view).earlier == std::vector<std::string>{"We ship in Mai.", "We ship in May."});
    CHECK(only_message(view).amended_at.has_value());
  }
  REQUIRE(d.act(d.vendor, RetractMessage{thread, message, "wrong case"}));
  for (const auto who : {d.owner, d.other, d.vendor}) {
    const auto view = view_of(d, who);
    CHECK(only_message(view).text.empty());
    CHECK(only_message(view).earlier.empty());
    CHECK(only_message(view).retracted_why == "wrong case");
  }
  CHECK(d.act(d.vendor, AmendMessage{thread, message, "again"}).error().kind == ErrorKind::Conflict);
  CHECK(d.act(d.vendor, RetractMessage{thread, message, "again"}).error().kind == ErrorKind::Conflict);
}

TEST_CASE("who can no longer write in a thread can't change what it once said there, nor learn that it is still there") {
  auto d = with_two_vendors();
  const auto group = formed(d, "First tier");
  join(d, group, d.vendor);
  REQUIRE(d.act(d.vendor, OpenThread{"group:" + group.text(), "Plan", "We ship in May."}));
  const auto thread = d.state.fold.threads.front().id;
  const auto message = only_message(d.state.fold).id;
  REQUIRE(d.act(d.owner, ChangeGroup{group, {}, std::vector{d.vendor}, "out"}));
  CHECK(d.act(d.vendor, RetractMessage{thread, message, "mine"}).error().kind == ErrorKind::NotFound);
}

TEST_CASE("an organisation's own number for a case is read by it and the coordination") {
  auto d = with_two_vendors();
  REQUIRE(d.act(d.vendor, SetTrackingId{"PSIRT-4711", "https://tracker.example/4711"}));
  REQUIRE(d.act(d.other, SetTrackingId{"BUG 9", {}}));
  CHECK(view_of(d, d.owner).tracking_ids.size() == 2);
  const auto view = view_of(d, d.vendor);
  REQUIRE(view.tracking_ids.size() == 1);
  CHECK(view.tracking_ids.at(d.vendor).tracking_id == "PSIRT-4711");
  for (const auto& [id, url, where] : {std::tuple{" ", "", "/tracking_id"}, std::tuple{"a\nb", "", "/tracking_id"}, std::tuple{"a", "javascript:alert(1)", "/url"}, std::tuple{"a", "https://x\"y", "/url"}}) {
    CAPTURE(id);
    const auto answer = d.act(d.vendor, SetTrackingId{id, *url == 0 ? std::nullopt : std::optional<std::string>(url)});
    REQUIRE_FALSE(answer);
    CHECK(answer.error().where == where);
  }
  REQUIRE(d.act(d.vendor, SetTrackingId{"", {}}));
  CHECK(view_of(d, d.vendor).tracking_ids.empty());
  CHECK_FALSE(d.act(d.vendor, SetTrackingId{"", {}}));
}

TEST_CASE("a group's compartment can be erased: its threads and files are gone, and nothing more is written there") {
  auto d = with_two_vendors();
  const auto group = formed(d, "First tier");
  join(d, group, d.vendor);
  REQUIRE(d.act(d.vendor, OpenThread{"group:" + group.text(), "Plan", "We ship in May."}));
  CHECK(d.act(d.owner, EraseCompartment{"group:" + GroupId::random().text(), "asked"}).error().kind == ErrorKind::NotFound);
  REQUIRE(d.act(d.owner, EraseCompartment{"group:" + group.text(), "asked"}));
  CHECK(d.state.fold.threads.empty());
  CHECK(d.act(d.vendor, OpenThread{"group:" + group.text(), "Plan", "again"}).error().kind == ErrorKind::Conflict);
  CHECK(d.act(d.owner, ChangeGroup{group, std::vector{d.other}, {}, "why"}).error().kind == ErrorKind::Conflict);
}
