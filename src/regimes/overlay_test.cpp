#include <doctest/doctest.h>

#include <algorithm>
#include <boost/json/serialize.hpp>

#include "regimes/built_in.h"
#include "regimes/compare.h"
#include "regimes/overlay.h"
#include "regimes/reach.h"
#include "regimes/what_if.h"

using namespace sluice;
using namespace sluice::regimes;

namespace overlay_test {

constexpr std::string_view kPack = R"(id: xx-act
edition: "1"
title: An invented act
jurisdiction: CN
force: law
status: invented
dates: {from: 2020-01-01}
scope: {says: everybody}
readings:
  days: {says: How days are counted., choices: {elapsed: hours, calendar: days}}
rules:
  - id: report
    cite: Art. 1
    says: The provider reports.
    modality: must
    when: "reading(days) is elapsed or not reading(days) is not calendar"
    act: {type: [notify-authority], to: miit-platform}
    due: {within: P2D, after: vuln.aware}
    in_reading: {days: {calendar: {due: {within: P2CD, after: vuln.aware}}}}
    mark: [GEN]
  - id: ban
    cite: Art. 2
    says: Nobody publishes.
    modality: must-not
    act: {type: [publish-vuln], to: public}
    excepted_by: [notice, other]
    mark: [GEN]
  - id: notice
    cite: Art. 3
    says: After thirty days one may.
    modality: may
    act: {type: [publish-vuln], to: public}
    first: {type: [notify-authority], to: cac-office, wait: P30D}
    mark: [GEN]
  - id: other
    cite: Art. 4
    says: With consent one may.
    modality: may
    when: "action.consent is yes"
    act: {type: [publish-vuln], to: public}
    mark: [GEN]
)";

Library library() {
  auto built_in = built_in_library();
  REQUIRE(built_in);
  Library out;
  out.words = built_in->words;
  out.add(kPack, "xx-act.yaml");
  for (const auto& one : out.findings) CAPTURE(one.where + " " + one.message);
  REQUIRE(out.packs.contains("xx-act"));
  return out;
}

std::string amendment(std::string_view changes) { return "id: a\nedition: \"1\"\ntitle: t\nsource: s\nsays: It changes something.\nchanges:\n" + std::string(changes); }

Amended apply(std::string_view changes) { return amended(library(), {{"a.yaml", amendment(changes)}}); }

json::object scenario() {
  return parse_json(R"({"id":"c","as_of":"2026-01-10T00:00Z","regimes":["xx-act"],"parties":[{"id":"f","role":"finder","established":"CN"},{"id":"v","role":"vendor","established":"CN"}],
    "vulnerability":{"state":"undisclosed"},"events":{"vuln.aware":"2026-01-10T00:00Z"},
    "actions":[{"id":"p","actor":"f","type":"publish-vuln","to":"public","content":["summary"],"at":"2026-01-20T00:00Z"}]})")->as_object();
}

}  // namespace overlay_test
using namespace overlay_test;

TEST_CASE("an amendment that can't be applied is refused with file and line, and changes nothing") {
  struct Row { std::string_view changes, where, rule; };
  const Row rows[] = {
      {"  - pack: xx-none\n    drop: [a]\n", "a.yaml:7", "unknown-pack"},
      {"  - pack: xx-act\n    drop: [report, nothing]\n", "a.yaml:8", "unknown-rule"},
      {"  - pack: xx-act\n    drop: [report, report]\n", "a.yaml:8", "twice"},
      {"  - pack: xx-act\n    dropp: [report]\n", "a.yaml:8", "unknown-field"},
      {"  - pack: xx-act\n", "a.yaml:7", "nothing"},
      {"  - pack: xx-act\n    settle: {days: weekly}\n", "a.yaml:8", "unknown-reading"},
      {"  - pack: xx-act\n    settle: {weeks: one}\n", "a.yaml:8", "unknown-reading"},
      {"  - pack: xx-act\n    change:\n      - rule: none\n        when: always\n", "a.yaml:9", "unknown-rule"},
      {"  - pack: xx-act\n    change:\n      - rule: report\n", "a.yaml:9", "nothing"},
      {"  - pack: xx-act\n    change:\n      - rule: report\n        id: other\n", "a.yaml:10", "form"},
      {"  - pack: xx-act\n    change:\n      - rule: report\n        when: \"past(vuln.aware\"\n", "a.yaml:10", "condition"},
      {"  - pack: xx-act\n    change:\n      - rule: report\n        wehn: always\n", "a.yaml:10", "unknown-field"},
      {"  - pack: xx-act\n    change:\n      - rule: ban\n        excepted_by: [nobody]\n", "a.yaml:7", "unknown-rule"},
      {"  - pack: xx-act\n    add:\n      - id: ban\n        cite: c\n        says: s\n        modality: may\n        mark: [GEN]\n", "a.yaml:9", "twice"},
      {"  - pack: xx-act\n    add:\n      - id: new\n        cite: c\n        says: s\n        modality: perhaps\n        mark: [GEN]\n", "a.yaml:9", "modality"},
      {"  - pack: xx-act\n    scope: {bind: always}\n", "a.yaml:8", "unknown-field"},
      {"  - pack: xx-act\n    scope: {binds: \"reading(none) is x\"}\n", "a.yaml:8", "unknown-reading"},
  };
  for (const auto& [changes, where, rule] : rows) {
    CAPTURE(changes);
    const auto out = apply(changes);
    REQUIRE_FALSE(is_valid(out.findings));
    CHECK(out.findings.front().where == where);
    CHECK(out.findings.front().rule == rule);
    CHECK(out.overlays.empty());
    CHECK(out.library.packs.at("xx-act").edition == "1");
    CHECK(out.library.packs.at("xx-act").rules.size() == 4);
  }
  const auto no_changes = amended(library(), {{"a.yaml", "id: a\n"}});
  CHECK(no_changes.findings.size() == 5);
  CHECK_FALSE(is_valid(amended(library(), {{"a.yaml", "not: [yaml"}}).findings));
}

TEST_CASE("the second change of an amendment is refused with the first") {
  const auto out = apply("  - pack: xx-act\n    drop: [other]\n  - pack: xx-act\n    drop: [other]\n");
  CHECK_FALSE(is_valid(out.findings));
  CHECK(out.library.packs.at("xx-act").rule("xx-act/other") != nullptr);
}

TEST_CASE("a dropped rule is an exception no more, and the edition names the amendment") {
  const auto out = apply("  - pack: xx-act\n    drop: [other]\n");
  REQUIRE(is_valid(out.findings));
  const auto& pack = out.library.packs.at("xx-act");
  CHECK(pack.rule("xx-act/other") == nullptr);
  CHECK(pack.rule("xx-act/ban")->plain.excepted_by == std::vector<std::string>{"xx-act/notice"});
  CHECK(pack.edition == "1 + a 1");
}

TEST_CASE("a settled reading is decided in every condition, and its fields hold") {
  const auto out = apply("  - pack: xx-act\n    settle: {days: calendar}\n");
  for (const auto& one : out.findings) CAPTURE(one.where + " " + one.message);
  REQUIRE(is_valid(out.findings));
  const auto& pack = out.library.packs.at("xx-act");
  CHECK(pack.readings.empty());
  const auto& report = *pack.rule("xx-act/report");
  CHECK(report.in_reading.empty());
  CHECK(report.plain.due.term == Term{2, Term::Unit::CalendarDays});
  CHECK(report.plain.when.text() == "never or not never");
}

TEST_CASE("amendments add up, each on what the one before left") {
  const auto out = amended(library(), {{"a.yaml", amendment("  - pack: xx-act\n    settle: {days: calendar}\n")}, {"b.yaml", amendment("  - pack: xx-act\n    change: [{rule: report, due: {within: P7D, after: vuln.aware}}]\n")}});
  REQUIRE(is_valid(out.findings));
  CHECK(out.overlays.size() == 2);
  CHECK(out.library.packs.at("xx-act").rule("xx-act/report")->plain.due.term == Term{7 * 86'400, Term::Unit::Seconds});
  CHECK(out.library.packs.at("xx-act").readings.empty());
}

TEST_CASE("a pack's text written anew says the same: every built-in pack, amended in nothing that counts") {
  const auto built_in = built_in_library();
  REQUIRE(built_in);
  for (const auto& [id, pack] : built_in->packs) {
    CAPTURE(id);
    const auto out = amended(*built_in, {{"a.yaml", amendment("  - pack: " + id + "\n    scope: {says: Told in other words.}\n")}});
    REQUIRE(is_valid(out.findings));
    // And once more, from the text that was made.
    const auto twice = amended(out.library, {{"a.yaml", amendment("  - pack: " + id + "\n    scope: {says: Told once more.}\n")}});
    REQUIRE(is_valid(twice.findings));
    const auto& again = twice.library.packs.at(id);
    REQUIRE(again.rules.size() == pack.rules.size());
    CHECK(again.jurisdiction == pack.jurisdiction);
    CHECK(again.owner == pack.owner);
    CHECK(again.successor == pack.successor);
    CHECK(again.from == pack.from);
    CHECK(again.calendar.holidays == pack.calendar.holidays);
    for (std::size_t i = 0; i < pack.rules.size(); ++i) {
      CHECK(again.rules[i].id == pack.rules[i].id);
      CHECK(again.rules[i].cite == pack.rules[i].cite);
      CHECK(again.rules[i].says == pack.rules[i].says);
      CHECK(again.rules[i].verified == pack.rules[i].verified);
      CHECK(again.rules[i].plain.when.text() == pack.rules[i].plain.when.text());
      CHECK(again.rules[i].plain.until == pack.rules[i].plain.until);
      CHECK(again.rules[i].in_reading.size() == pack.rules[i].in_reading.size());
    }
  }
}

TEST_CASE("what if a fact, a party, an event or a rule were otherwise: every answer that changes is told, and nothing else") {
  const auto packs = library();
  const auto told = [&](const json::object& then, const Library& with) {
    const auto answer = what_if(scenario(), packs, then, with);
    REQUIRE(answer);
    std::vector<std::string> out;
    for (const auto& one : answer->changes) out.push_back(to_text(one));
    return out;
  };
  CHECK(told(scenario(), packs).empty());
  Otherwise other;
  other.facts.emplace_back("/actions/p/consent", json::value("yes"));
  CHECK(told(*otherwise(scenario(), other), packs) == std::vector<std::string>{"outcome of p: deny, then allow", "verdict of xx-act/ban on p: forbids, then none", "verdict of xx-act/other on p: none, then permits"});
  const auto without = without_rule(packs, "xx-act/ban");
  REQUIRE(without);
  CHECK(told(scenario(), *without) == std::vector<std::string>{"outcome of p: deny, then allow", "verdict of xx-act/ban on p: forbids, then none"});
  Otherwise nobody;
  nobody.drop_parties = {"f", "who"};
  CHECK(told(*otherwise(scenario(), nobody), packs) == std::vector<std::string>{"duty of xx-act/report on f: waiting, then none", "outcome of p: deny, then none", "verdict of xx-act/ban on p: forbids, then none"});
  CHECK(otherwise(scenario(), nobody)->at("actions").as_array().empty());
  Otherwise later;
  later.events.emplace_back("vuln.aware", json::value("2026-01-11T00:00Z"));
  const auto moved = told(*otherwise(scenario(), later), packs);
  CHECK(std::find(moved.begin(), moved.end(), "duty of xx-act/report on v: open, due 2026-01-12T00:00Z, then open, due 2026-01-13T00:00Z") != moved.end());
  for (const auto* pointer : {"", "x", "/actions/none/at", "/id/x"}) {
    Otherwise wrong;
    wrong.facts.emplace_back(pointer, json::value("x"));
    const auto refused = otherwise(scenario(), wrong);
    REQUIRE_FALSE(refused);
    CHECK(refused.error().where == pointer);
  }
}

TEST_CASE("a case's choice of a reading that an amendment settles is dropped, and said") {
  auto given = scenario();
  given["readings"] = json::object{{"xx-act.days", "elapsed"}};
  const auto out = apply("  - pack: xx-act\n    settle: {days: calendar}\n");
  const auto answer = what_if(given, library(), given, out.library);
  REQUIRE(answer);
  CHECK(answer->settled == std::vector<std::string>{"xx-act.days"});
}

TEST_CASE("amendments from anybody: texts without end, and packs that can't be read again, are refused with a place") {
  std::string words;
  for (int i = 0; i < 10'000; ++i) words += "reading(days) is (a, bb) and not reading (days) is not calendar or ";
  // A condition of more than half a million letters that an amendment brings in, and the next one decides.
  auto long_text = amendment("  - pack: xx-act\n    change: [{rule: notice, says: \"" + words + "\"}]\n");
  const auto decided = amended(library(), {{"a.yaml", long_text}, {"b.yaml", amendment("  - pack: xx-act\n    settle: {days: calendar}\n")}});
  REQUIRE(is_valid(decided.findings));
  const auto& says = decided.library.packs.at("xx-act").rule("xx-act/notice")->says;
  CHECK(says.starts_with("never and not never or never and not never or"));
  // What no text of a pack may hold, written so that it only stands there once it was read.
  const auto hidden = amended(library(), {{"a.yaml", amendment("  - pack: xx-act\n    change: [{rule: notice, says: \"x:\\x20*a\"}]\n")}, {"b.yaml", amendment("  - pack: xx-act\n    drop: [ban]\n")}});
  REQUIRE_FALSE(is_valid(hidden.findings));
  CHECK(hidden.findings.back().where == "b.yaml:7");
  CHECK(hidden.overlays.size() == 1);
}

TEST_CASE("a reading is decided however its question is written, and no other one is") {
  const struct { const char* when; const char* then; } kQuestions[] = {
      {"reading(days) is elapsed", "never"}, {"reading( days ) is (elapsed, calendar)", "always"}, {"reading (days)  is not calendar", "never"}, {"not reading(days) is not elapsed", "not always"},
      {"given(incident) or reading(days) is calendar and given(product)", "given(incident) or always and given(product)"}, {"reading(days) is (elapsed) or reading(days) is calendar", "never or always"},
  };
  for (const auto& [when, then] : kQuestions) {
    CAPTURE(when);
    const auto out = amended(library(), {{"a.yaml", amendment(std::string("  - pack: xx-act\n    change: [{rule: other, when: \"") + when + "\"}]\n")}, {"b.yaml", amendment("  - pack: xx-act\n    settle: {days: calendar}\n")}});
    REQUIRE(is_valid(out.findings));
    CHECK(out.library.packs.at("xx-act").rule("xx-act/other")->plain.when.text() == then);
  }
}

TEST_CASE("the amendments that are built in are listed, and one that doesn't fit these packs says why") {
  const auto built_in = built_in_library();
  REQUIRE(built_in);
  const auto all = overlays_against(*built_in);
  CHECK(all.size() == built_in_overlays().size());
  for (const auto& one : all) {
    CAPTURE(one.id);
    REQUIRE(one.overlay);
    CHECK(one.overlay->id == one.id);
    CHECK(built_in_overlay(one.id));
  }
  CHECK_FALSE(built_in_overlay("../let1-art8"));
  const auto strange = overlays_against(library());
  REQUIRE(strange.size() == all.size());
  CHECK_FALSE(strange.front().overlay);
  CHECK(strange.front().unfit.message == "There is no pack \"cn-cac-2019d\".");
}

TEST_CASE("what a question names has to be there, and is told where it stands") {
  const auto packs = library();
  Otherwise other;
  other.add_regimes = {"xx-act", "xx-none"};
  const auto known = check(other, packs);
  REQUIRE_FALSE(known);
  CHECK(known.error().where == "/add_regimes/1");
  const auto without = packs_otherwise(packs, {{}, {"xx-act/ban", "xx-act/ban"}});
  REQUIRE_FALSE(without);
  CHECK(without.error().where == "/drop_rules/1");
  const auto amended_wrongly = packs_otherwise(packs, {{{"a.yaml", amendment("  - pack: xx-none\n    drop: [ban]\n")}}, {}});
  REQUIRE_FALSE(amended_wrongly);
  CHECK(amended_wrongly.error().where == "a.yaml:7");
  const Shelf shelf(packs, {});
  CHECK(overlaps(shelf, {&packs.packs.at("xx-act")}, "shout", "").error().where == "act");
  CHECK(overlaps(shelf, {&packs.packs.at("xx-act")}, "", "loudly").error().where == "how");
  const auto found = overlaps(shelf, {&packs.packs.at("xx-act")}, "publish-vuln", "");
  REQUIRE(found);
  CHECK_FALSE(found->empty());
  Otherwise deep;
  std::string pointer;
  for (int i = 0; i < 100'000; ++i) pointer += "/x";
  deep.facts.emplace_back(pointer, json::value(1));
  CHECK_FALSE(otherwise(scenario(), deep));
}

TEST_CASE("time in words has two units at most") {
  CHECK(in_words(0) == "0 seconds");
  CHECK(in_words(1) == "1 second");
  CHECK(in_words(90'061) == "1 day 1 hour");
  CHECK(in_words(30 * 86'400) == "30 days");
  CHECK(in_words(-60) == "minus 1 minute");
}
