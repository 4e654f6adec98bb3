#include <doctest/doctest.h>

#include "cvd/test_driven.h"

using namespace sluice;
using namespace sluice::cvd;
using sluice::cvd::testing::Driven;

namespace {

CaseFold seen_in(const Driven& d, const std::vector<access::Compartment>& compartments) {
  CaseFold out;
  for (const auto& written : d.log)
    if (std::find(compartments.begin(), compartments.end(), written.change.compartment) != compartments.end()) apply(out, written.change.event, written.context);
  return out;
}

StateIncident states(const char* fact, json::value value, std::optional<std::string> why = {}) { return {{{fact, std::move(value)}}, "the night shift", std::move(why), {}}; }

DraftNotice drafts(const char* text, std::optional<NoticeId> notice = {}, std::optional<NoticeId> supplements = {}) {
  DraftNotice out{"a-form", notice, {}, {}, supplements, {}, {}, {}};
  out.prepared.notice = ComposedNotice{"notify-authority", "authority:DE", json::object{}, {"nature"}, text};
  return out;
}

// As the service does, once the gate let it go.
Result<void> clear(Driven& d, OrganisationId by, NoticeId notice, int version) {
  Ask ask{{by, d.writer}, d.now, d.now, system_random(), {}};
  ask.known.ruling = RulingId::random();
  TRY(const auto changes, decide(d.state, ClearNotice{notice, version, {}}, ask));
  d.write(changes, ask.actor);
  return {};
}

FileNotice files(NoticeId notice, int version) { return {notice, version, "by letter", {}, {}, {}, "AZ 4711", {}, {}, {}}; }
const Notice& last(const Driven& d) { return d.state.fold.notices.back(); }

}  // namespace

TEST_CASE("an incident's instants have happened, and its end lies after its beginning; both are refused with their place") {
  auto d = Driven::opened();
  REQUIRE(d.act(d.owner, RecordIncident{"Intrusion", {}}));
  const auto where = [&](std::vector<FactGiven> facts) -> std::string {
    const auto done = d.act(d.owner, StateIncident{std::move(facts), "the logs", "a slip", {}});
    return done ? "" : done.error().where;
  };
  CHECK(where({{"kind", "theft"}, {"incident.aware", "2036-01-01T08:00:00Z"}}) == "/facts/1/value");
  CHECK(where({{"incident.aware", "2026-01-01T08:00:00Z"}, {"incident.closed", "2026-01-01T07:00:00Z"}}) == "/facts/1/value");
  CHECK(where({{"incident.aware", "2026-01-01T08:00:00Z"}, {"incident.closed", false}}) == "");
  CHECK(where({{"incident.closed", "2026-01-01T07:59:59Z"}}) == "/facts/0/value");
  CHECK(where({{"incident.closed", "2026-01-01T08:30:00Z"}}) == "");
  CHECK(where({{"incident.aware", "2026-01-01T08:45:00Z"}}) == "/facts/0/value");
  CHECK(where({{"incident.aware", "2026-01-01T08:45:00Z"}, {"incident.closed", nullptr}}) == "");
}

TEST_CASE("a record keeps who stated what, when, how one knows, and what was stated before") {
  auto d = Driven::opened();
  REQUIRE(d.act(d.owner, RecordIncident{"An intrusion", "Somebody was in."}));
  REQUIRE(d.act(d.owner, states("personal_data", "no")));
  d.now = d.now + std::chrono::hours(1);
  REQUIRE(d.act(d.owner, states("personal_data", "yes", "the logs say so"), d.approver));
  const auto& facts = d.state.fold.incidents.at(d.owner).facts.at("personal_data");
  REQUIRE(facts.size() == 2);
  CHECK(facts[0].value == json::value("no"));
  CHECK(facts[0].by == d.writer);
  CHECK(facts[1].by == d.approver);
  CHECK(facts[1].at == d.now);
  CHECK(facts[1].why == "the logs say so");
  CHECK(*d.state.fold.incidents.at(d.owner).fact("personal_data") == json::value("yes"));
}

TEST_CASE("what is taken back isn't known any more, and stays in the history") {
  auto d = Driven::opened();
  REQUIRE(d.act(d.owner, RecordIncident{"An intrusion", {}}));
  REQUIRE(d.act(d.owner, states("grade", "major")));
  REQUIRE(d.act(d.owner, states("grade", nullptr, "it was another site's")));
  CHECK(d.state.fold.incidents.at(d.owner).fact("grade") == nullptr);
  CHECK(d.state.fold.incidents.at(d.owner).facts.at("grade").size() == 2);
  CHECK_FALSE(incident_facts(d.state.fold, d.owner).at("incident").as_object().contains("grade"));
}

TEST_CASE("bad statements change nothing and say where they are wrong") {
  auto d = Driven::opened();
  REQUIRE(d.act(d.owner, RecordIncident{"An intrusion", {}}));
  REQUIRE(d.act(d.owner, states("material", "yes")));
  const auto before = d.log.size();
  auto unfit = states("grade", "huge");
  unfit.prepared.trouble = Error{ErrorKind::Invalid, "This is one of four.", "/facts/0/value", {}, {}};
  const struct { const char* name; StateIncident command; const char* where; } kBad[] = {
      {"no fact", {{}, "x", {}, {}}, "/facts"},
      {"no source", {{{"kind", "theft"}}, " ", {}, {}}, "/source"},
      {"no name", states("No Name", "x"), "/facts/0/fact"},
      {"twice", {{{"kind", "theft"}, {"kind", "leak"}}, "x", {}, {}}, "/facts/1/fact"},
      {"changed without a reason", states("material", "no"), "/why"},
      {"as before", states("material", "yes"), "/facts/0"},
      {"what the service found", unfit, "/facts/0/value"},
  };
  for (const auto& bad : kBad) {
    CAPTURE(bad.name);
    const auto answer = d.act(d.owner, bad.command);
    REQUIRE_FALSE(answer);
    CHECK(answer.error().where == bad.where);
  }
  CHECK(d.log.size() == before);
}

TEST_CASE("an incident that goes back to an earlier phase says why") {
  auto d = Driven::opened();
  CHECK_FALSE(d.act(d.owner, MoveIncident{IncidentPhase::Assessed, {}}));
  REQUIRE(d.act(d.owner, RecordIncident{"An intrusion", {}}));
  REQUIRE(d.act(d.owner, MoveIncident{IncidentPhase::Responded, {}}));
  CHECK_FALSE(d.act(d.owner, MoveIncident{IncidentPhase::Assessed, {}}));
  REQUIRE(d.act(d.owner, MoveIncident{IncidentPhase::Assessed, "They are still in."}));
  CHECK(d.state.fold.incidents.at(d.owner).moves.size() == 2);
}

TEST_CASE("a vendor's record and notices stand in its own compartment, the owner's in coordination; another vendor has neither") {
  auto d = Driven::with_vendor();
  REQUIRE(d.act(d.vendor, RecordIncident{"Ours", {}}));
  REQUIRE(d.act(d.owner, RecordIncident{"The owner's", {}}));
  REQUIRE(d.act(d.vendor, drafts("Dear authority")));
  const auto own = seen_in(d, {access::Compartment::shared(), access::Compartment::of(d.vendor)});
  CHECK(own.incidents.contains(d.vendor));
  CHECK_FALSE(own.incidents.contains(d.owner));
  CHECK(own.notices.size() == 1);
  const auto strange = seen_in(d, {access::Compartment::shared(), access::Compartment::of(d.other)});
  CHECK(strange.incidents.empty());
  CHECK(strange.notices.empty());
}

TEST_CASE("events of the record are named after their party, and one that hasn't happened is null") {
  auto d = Driven::opened();
  REQUIRE(d.act(d.owner, RecordIncident{"An intrusion", {}}));
  REQUIRE(d.act(d.owner, StateIncident{{{"breach.aware", "2026-01-01T08:00:00Z"}, {"ransom.paid", false}, {"kind", "theft"}}, "forensics", {}, {}}));
  const auto facts = incident_facts(d.state.fold, d.owner);
  CHECK(facts.at("events").as_object().at("breach.aware@" + d.owner.text()) == json::value("2026-01-01T08:00:00Z"));
  CHECK(facts.at("events").as_object().at("ransom.paid@" + d.owner.text()).is_null());
  CHECK(facts.at("incident") == json::value(json::object{{"kind", "theft"}}));
  CHECK(facts.at("origins").as_array().size() == 3);
  CHECK(incident_facts(d.state.fold, d.vendor).empty());
}

TEST_CASE("a notice that was let go and filed is an action done, byte for byte, and stays as it is") {
  auto d = Driven::opened();
  REQUIRE(d.act(d.owner, drafts("first")));
  const auto id = last(d).id;
  REQUIRE(d.act(d.owner, drafts("second", id)));
  CHECK(notice_actions(d.state.fold, d.owner).empty());
  SUBCASE("not before the gate was asked") {
    const auto answer = d.act(d.owner, files(id, 2));
    REQUIRE_FALSE(answer);
    CHECK(answer.error().where == "/unasked");
  }
  SUBCASE("an older version can be neither let go nor filed") {
    CHECK_FALSE(clear(d, d.owner, id, 1));
    CHECK_FALSE(d.act(d.owner, files(id, 1)));
  }
  SUBCASE("a leave for one version is none for the next") {
    REQUIRE(clear(d, d.owner, id, 2));
    CHECK(last(d).may_go_out(2));
    REQUIRE(d.act(d.owner, drafts("third", id)));
    CHECK_FALSE(last(d).may_go_out(3));
    CHECK_FALSE(d.act(d.owner, files(id, 3)));
  }
  SUBCASE("a letter in the form for everything is of no stage, unless it names one") {
    auto general = drafts("general", id);
    general.form = kGeneralForm;
    REQUIRE(d.act(d.owner, general));
    REQUIRE(clear(d, d.owner, id, 3));
    REQUIRE(d.act(d.owner, files(id, 3)));
    CHECK(notice_actions(d.state.fold, d.owner)[0].as_object().at("stage") == json::value(kNoStage));
    d.state.fold.notices.back().versions.back().what.stage = "notification";
    CHECK(notice_actions(d.state.fold, d.owner)[0].as_object().at("stage") == json::value("notification"));
  }
  SUBCASE("filed") {
    REQUIRE(clear(d, d.owner, id, 2));
    REQUIRE(d.act(d.owner, files(id, 2)));
    CHECK(last(d).filed->what.text == "second");
    CHECK(last(d).filed->what.hash == sha256(bytes_of("second")));
    const auto actions = notice_actions(d.state.fold, d.owner);
    REQUIRE(actions.size() == 1);
    CHECK(actions[0].as_object().at("type") == json::value("notify-authority"));
    CHECK(actions[0].as_object().at("to") == json::value("authority:DE"));
    CHECK_FALSE(actions[0].as_object().contains("stage"));
    CHECK_FALSE(d.act(d.owner, drafts("fourth", id)));
    CHECK_FALSE(d.act(d.owner, files(id, 2)));
    CHECK_FALSE(d.act(d.owner, DropNotice{id, "no"}));
    REQUIRE(d.act(d.owner, AddNoticeReceipt{id, "B 12", {}, {}}));
    REQUIRE(d.act(d.owner, drafts("a correction", {}, id)));
    CHECK(last(d).supplements == id);
  }
  SUBCASE("another text than the one let go needs a word why the gate wasn't asked") {
    REQUIRE(clear(d, d.owner, id, 2));
    auto other = files(id, 2);
    other.text = "something else";
    CHECK_FALSE(d.act(d.owner, other));
    other.unasked = "It was told by telephone.";
    REQUIRE(d.act(d.owner, other));
    CHECK(last(d).filed->what.unasked == "It was told by telephone.");
  }
  SUBCASE("before the gate let it go it takes a word why, and that isn't lost by a leave that came later") {
    const auto before = d.now;
    d.now = d.now + std::chrono::hours(1);
    REQUIRE(clear(d, d.owner, id, 2));
    auto early = files(id, 2);
    early.at = before;
    const auto held = d.act(d.owner, early);
    REQUIRE_FALSE(held);
    CHECK(held.error().where == "/unasked");
    early.unasked = "It was filed by telephone.";
    REQUIRE(d.act(d.owner, early));
    CHECK(last(d).filed->what.unasked == "It was filed by telephone.");
    CHECK_FALSE(last(d).filed->what.denied);
  }
  SUBCASE("that the gate had said no stays with what was filed nonetheless") {
    Ask ask{{d.owner, d.writer}, d.now, d.now, system_random(), {}};
    ask.known.ruling = RulingId::random();  // of the denial, as the service finds it
    auto file = files(id, 2);
    file.unasked = "It had gone out.";
    const auto changes = decide(d.state, file, ask);
    REQUIRE(changes);
    d.write(*changes, ask.actor);
    CHECK(last(d).filed->what.denied == ask.known.ruling);
  }
  SUBCASE("never after now") {
    REQUIRE(clear(d, d.owner, id, 2));
    auto late = files(id, 2);
    late.at = d.now + std::chrono::seconds(1);
    CHECK_FALSE(d.act(d.owner, late));
  }
}

TEST_CASE("what a notice holds is said with a version and holds for the next, and changing it alone is a version") {
  auto d = Driven::opened();
  auto draft = drafts("first");
  draft.classes = std::vector<std::string>{"poc"};
  REQUIRE(d.act(d.owner, draft));
  const auto id = last(d).id;
  CHECK(classes_of_notice(d.state.fold, id, 1) == std::vector<std::string>{"poc"});
  REQUIRE(d.act(d.owner, drafts("second", id)));
  CHECK(classes_of_notice(d.state.fold, id, 2) == std::vector<std::string>{"poc"});
  auto none = drafts("second", id);
  CHECK_FALSE(d.act(d.owner, none));
  none.classes = std::vector<std::string>{};
  REQUIRE(d.act(d.owner, none));
  CHECK(classes_of_notice(d.state.fold, id, 3).empty());
  CHECK(classes_of_notice(d.state.fold, id, 2).size() == 1);
}

TEST_CASE("another organisation's notice is as if it weren't there") {
  auto d = Driven::with_vendor();
  REQUIRE(d.act(d.vendor, drafts("Dear authority")));
  const auto id = last(d).id;
  const auto never = NoticeId::random();
  for (const auto& notice : {id, never}) {
    const auto draft = d.act(d.owner, drafts("mine", notice)), drop = d.act(d.owner, DropNotice{notice, "x"}), file = d.act(d.owner, files(notice, 1)), receipt = d.act(d.owner, AddNoticeReceipt{notice, "x", {}, {}});
    for (const auto* answer : {&draft, &drop, &file, &receipt}) {
      REQUIRE_FALSE(*answer);
      CHECK(answer->error().kind == ErrorKind::NotFound);
      CHECK(answer->error().message == "There is no such notice in this case.");
    }
  }
}

TEST_CASE("only what was filed can be supplemented, and a receipt's file is one of the own files") {
  auto d = Driven::with_vendor();
  REQUIRE(d.act(d.vendor, drafts("Dear authority")));
  CHECK_FALSE(d.act(d.vendor, drafts("more", {}, last(d).id)));
  REQUIRE(clear(d, d.vendor, last(d).id, 1));
  const auto theirs = FileId::random(), own = FileId::random();
  REQUIRE(d.act(d.owner, AddFile{"shared", theirs, "all.pdf", 3, {}, "application/pdf"}));
  REQUIRE(d.act(d.vendor, AddFile{"org:" + d.vendor.text(), own, "receipt.pdf", 3, {}, "application/pdf"}));
  auto file = files(last(d).id, 1);
  file.file = theirs;
  CHECK_FALSE(d.act(d.vendor, file));
  file.file = own;
  CHECK(d.act(d.vendor, file));
}

TEST_CASE("a text on an area is an action to the public, by region or by sector, and published once") {
  auto d = Driven::opened();
  CHECK_FALSE(d.act(d.owner, DraftAreaReport{{}, "Nowhere", "text", {}, {}, {}, {}, {}}));
  REQUIRE(d.act(d.owner, DraftAreaReport{{}, "Zhejiang", "text", std::vector<std::string>{"CN-ZJ"}, {}, {}, {}, {}}));
  const auto& area = d.state.fold.area_reports.front();
  const auto planned = area_action(area.versions.back().what, {});
  CHECK(planned.at("type") == json::value("publish-regional-report"));
  CHECK(planned.at("region") == json::value("CN-ZJ"));
  CHECK(planned.at("at").is_null());
  CHECK_FALSE(d.act(d.owner, PublishAreaReport{area.id, 1, "a blog", {}}));  // the gate wasn't asked
  Ask ask{{d.owner, d.writer}, d.now, d.now, system_random(), {}};
  ask.known.ruling = RulingId::random();
  d.write(*decide(d.state, PublishAreaReport{area.id, 1, "a blog", {}}, ask), ask.actor);
  CHECK(notice_actions(d.state.fold, d.owner).size() == 1);
  CHECK_FALSE(d.act(d.owner, DraftAreaReport{area.id, "Zhejiang", "other", std::vector<std::string>{"CN-ZJ"}, {}, {}, {}, {}}));
  REQUIRE(d.act(d.owner, DraftAreaReport{{}, "Energy", "text", {}, "energy", true, {}, {}}));
  CHECK(area_action(d.state.fold.area_reports.back().versions.back().what, {}).at("type") == json::value("publish-sector-report"));
}

TEST_CASE("a text with blanks is held back, with what is missing, unless somebody says that they are meant") {   // or a letter goes out with "[to be filled in]" in it
  auto d = Driven::opened();
  auto draft = drafts("1. The nature\n   [to be filled in]\n");
  draft.prepared.notice->fields = json::object{{"nature", json::object{{"asks", "The nature of the breach"}}}};
  REQUIRE(d.act(d.owner, draft));
  const auto id = last(d).id;
  REQUIRE(clear(d, d.owner, id, 1));
  const auto held = d.act(d.owner, files(id, 1));
  REQUIRE_FALSE(held);
  CHECK(held.error().where == "/blanks_left_why");
  CHECK(held.error().message.find("The nature of the breach") != std::string::npos);
  SUBCASE("with a reason it is filed, and the reason stays") {
    auto meant = files(id, 1);
    meant.blanks_left_why = "Not known yet; it follows.";
    REQUIRE(d.act(d.owner, meant));
    CHECK(last(d).filed->what.blanks_left_why == "Not known yet; it follows.");
  }
  SUBCASE("the text that was filed is what counts, not the draft") {
    auto other = files(id, 1);
    other.text = "1. The nature\n   Theft\n", other.unasked = "It was completed by hand.", other.blanks_left_why = "A reason that isn't needed.";
    REQUIRE(d.act(d.owner, other));
    CHECK_FALSE(last(d).filed->what.blanks_left_why);
  }
  SUBCASE("so it is the other way round") {
    REQUIRE(d.act(d.owner, drafts("whole", id)));
    REQUIRE(clear(d, d.owner, id, 2));
    auto other = files(id, 2);
    other.text = "1. The nature\n   [to be filled in]\n", other.unasked = "By mistake the first version was sent.";
    CHECK_FALSE(d.act(d.owner, other));
  }
}
