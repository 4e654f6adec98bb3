// What a rule says of an act, by tables: one small pack, one act, a row a rule of judge.cpp. The packs that are built in don't come to every row.
#include <doctest/doctest.h>

#include "regimes/built_in.h"

namespace sluice::regimes::judge_test {

namespace {

const Vocabulary& words() {
  static const auto kWords = [] {
    for (const auto& [file, yaml] : built_in_packs())
      if (file == kVocabularyFile) return *read_vocabulary(yaml, file);
    return Vocabulary{};
  }();
  return kWords;
}

std::string rule(std::string_view id, std::string_view fields) { return "  - {id: " + std::string(id) + ", cite: c, says: s, mark: [GEN], " + std::string(fields) + "}\n"; }

constexpr std::string_view kPublication = R"({"id": "p", "actor": "v", "type": "publish-vuln", "to": "public", "at": "2026-06-05T00:00Z"})";

// What rule `r` says of act `p`: its word, "+" where a precondition lies on the act and is met, and until when; else why it is silent.
std::string said(const std::string& rules, std::string_view events = "", std::string_view more_acts = "", std::string_view act = kPublication, std::string_view force = "law") {
  Library library;
  library.words = words();
  library.add("id: x\nedition: 2026-01-01\ntitle: T\njurisdiction: CN\nforce: " + std::string(force) + "\nstatus: s\nrules:\n" + rules, "made.yaml");
  for (const auto& one : library.findings) REQUIRE_MESSAGE(one.severity != Severity::Error, one.message);
  const auto text = R"({"as_of": "2026-06-10T00:00Z", "regimes": ["x"], "parties": [{"id": "v", "role": "vendor", "established": "CN"}, {"id": "w", "role": "finder"}], "embargo": {"parties": ["v", "w"]}, "events": {"vuln.aware": "2026-06-01T00:00Z")" +
                    std::string(events) + R"(}, "actions": [)" + std::string(act) + std::string(more_acts) + "]}";
  const auto scenario = read_scenario(*parse_json(text), library.words);
  REQUIRE_MESSAGE(scenario, scenario.error().message);
  World world(*scenario, library.words);
  const std::vector<const Pack*> packs{&library.packs.at("x")};
  const auto owed = duties(world, packs);
  const auto all = verdicts(world, packs, owed);
  for (const auto& one : all.spoken)
    if (one.rule.rule->id == "x/r" && one.action->id == "p") return std::string(to_text(one.word)) + (one.met_precondition ? "+" : "") + (one.until ? " until " + *one.until : "");
  for (const auto& one : all.silent)
    if (one.rule.rule->id == "x/r") return one.why;
  return "";
}

const std::string kBan = "modality: must-not, act: {type: [publish-vuln], to: public}";
std::string at(std::string_view event, std::string_view when) { return ", \"" + std::string(event) + "\": \"" + std::string(when) + "\""; }
std::string report(std::string_view when, std::string_view who = "v", std::string_view to = "cncert") { return R"(, {"id": "n", "actor": ")" + std::string(who) + R"(", "type": "notify-authority", "to": ")" + std::string(to) + R"(", "at": ")" + std::string(when) + "\"}"; }

}  // namespace

TEST_CASE("a ban ends with its event, at the very instant; it names the event until then") {
  CHECK(said(rule("r", kBan)) == "forbids");
  const auto until = rule("r", kBan + ", until: fix.available");
  CHECK(said(until) == "forbids until fix.available");
  CHECK(said(until, at("fix.available", "2026-06-05T00:00:01Z")) == "forbids until fix.available");
  CHECK(said(until, at("fix.available", "2026-06-05T00:00Z")) == "ended with fix.available");
  const auto if_given = rule("r", kBan + ", until: {event: vuln.validated, if_given: true}");
  CHECK(said(if_given) == "forbids");
  CHECK(said(if_given, at("vuln.validated@w", "2026-06-07T00:00Z")) == "forbids");   // of another party
  CHECK(said(if_given, at("vuln.validated@v", "2026-06-07T00:00Z")) == "forbids until vuln.validated");
}

TEST_CASE("a ban for a time begins at its first event and ends at its second") {
  const auto during = rule("r", kBan + ", during: [national_event.start, national_event.end]");
  const auto from = [&](std::string_view begin, std::string_view end) { return said(during, at("national_event.start", begin) + at("national_event.end", end)); };
  CHECK(from("2026-06-05T00:00Z", "2026-06-06T00:00Z") == "forbids until national_event.end");
  CHECK(from("2026-06-05T00:00:01Z", "2026-06-06T00:00Z") == "outside national_event.start to national_event.end");
  CHECK(from("2026-06-04T00:00Z", "2026-06-05T00:00Z") == "outside national_event.start to national_event.end");
  CHECK(from("2026-06-04T00:00Z", "2026-06-05T00:00:01Z") == "forbids until national_event.end");
  // An event that stands beside the time is named, and doesn't end it.
  CHECK(said(rule("r", kBan + ", until: fix.available, during: [national_event.start, national_event.end]"), at("national_event.start", "2026-06-04T00:00Z") + at("fix.available", "2026-06-03T00:00Z")) == "forbids until fix.available");
}

TEST_CASE("a consent or a limit lifts a ban where it is known; only a consent is a precondition that is met") {
  constexpr std::string_view kAgreed = R"({"id": "p", "actor": "v", "type": "publish-vuln", "to": "public", "at": "2026-06-05T00:00Z", "mps_consent": "yes"})";
  constexpr std::string_view kRefused = R"({"id": "p", "actor": "v", "type": "publish-vuln", "to": "public", "at": "2026-06-05T00:00Z", "mps_consent": "no"})";
  for (const auto& [as, word] : {std::pair{"consent", "permits+"}, {"limit", "permits"}}) {
    const auto ban = rule("r", kBan + ", permits_if: {if: \"action.mps_consent is yes\", as: " + as + "}");
    CHECK(said(ban, "", "", kAgreed) == word);
    CHECK(said(ban, "", "", kRefused) == "forbids");
    CHECK(said(ban) == "forbids");                  // nobody said
  }
}

TEST_CASE("a ban is silent where an exception stands; else it names the first instant from which one could, if no event ends it") {
  const auto may = [](std::string_view id, std::string_view days) { return rule(id, "modality: may, act: {type: [publish-vuln], to: public}, wait: {within: " + std::string(days) + ", after: vuln.aware}"); };
  const auto ban = rule("r", kBan + ", excepted_by: [m, k]");
  CHECK(said(ban + may("m", "P4D") + may("k", "P12D")) == "set aside by x/m");
  CHECK(said(ban + may("m", "P12D") + may("k", "P10D")) == "forbids until 2026-06-11T00:00Z");
  CHECK(said(ban + may("m", "P10D") + may("k", "P12D")) == "forbids until 2026-06-11T00:00Z");
  CHECK(said(rule("r", kBan + ", until: fix.available, excepted_by: [m]") + may("m", "P10D")) == "forbids until fix.available");
}

TEST_CASE("what has to come first opens the act strictly after it, and once its time has run") {
  const auto first = [](std::string_view wait) { return rule("r", "modality: precondition, act: {type: [publish-vuln], to: public}, first: {type: [notify-authority], to: cncert" + std::string(wait) + "}"); };
  CHECK(said(first("")) == "forbids");
  CHECK(said(first(""), "", report("2026-06-04T23:59:59Z")) == "permits+");
  CHECK(said(first(""), "", report("2026-06-05T00:00Z")).starts_with("forbids until 2026-06-05T00:00"));
  CHECK(said(first(""), "", report("2026-06-04T00:00Z", "w")) == "forbids");           // another's report
  CHECK(said(first(""), "", report("2026-06-04T00:00Z", "v", "cisa")) == "forbids");   // to another body
  CHECK(said(first(", wait: P3D"), "", report("2026-06-02T00:00Z")) == "permits+");
  CHECK(said(first(", wait: P3D"), "", report("2026-06-02T00:00:01Z")) == "forbids until 2026-06-05T00:00:01Z");
  // A permission that begins sooner is named in its place; one that begins later isn't.
  const auto with_may = [&](std::string_view days) {
    return rule("r", "modality: precondition, act: {type: [publish-vuln], to: public}, first: {type: [notify-authority], to: cncert, wait: P10D}, excepted_by: [m]") +
           rule("m", "modality: may, act: {type: [publish-vuln], to: public}, wait: {within: " + std::string(days) + ", after: vuln.aware}");
  };
  CHECK(said(with_may("P8D"), "", report("2026-06-02T00:00Z")) == "forbids until 2026-06-09T00:00Z");
  CHECK(said(with_may("P20D"), "", report("2026-06-02T00:00Z")) == "forbids until 2026-06-12T00:00Z");
  CHECK(said(with_may("P8D")) == "forbids until 2026-06-09T00:00Z");
  CHECK(said(with_may("P4D")) == "set aside by x/m");
}

TEST_CASE("what has to come first is demanded of whoever plans the act that it opens, as long as that needs it") {
  const auto first = [](std::string_view more) { return rule("r", "modality: precondition, act: {type: [publish-vuln], to: public}, first: {type: [notify-authority], to: cncert}" + std::string(more)); };
  const auto of_report = [](const std::string& rules, std::string_view later, std::string_view to = "cncert") {
    return said(rules, "", later, R"({"id": "p", "actor": "v", "type": "notify-authority", "to": ")" + std::string(to) + R"(", "at": "2026-06-04T00:00Z"})");
  };
  const auto later = [](std::string_view who, std::string_view type) { return R"(, {"id": "n", "actor": ")" + std::string(who) + R"(", "type": ")" + std::string(type) + R"(", "to": "public", "at": "2026-06-05T00:00Z"})"; };
  CHECK(of_report(first(""), later("v", "publish-vuln")) == "demands");
  CHECK(of_report(first(""), "") == "no act that it speaks of");
  CHECK(of_report(first(""), later("w", "publish-vuln")) != "demands");
  CHECK(of_report(first(""), later("v", "publish-advisory")) != "demands");
  CHECK(of_report(first(""), later("v", "publish-vuln"), "cisa") != "demands");
  CHECK(of_report(first(", when: \"past(fix.available)\""), later("v", "publish-vuln")) != "demands");
  const auto may = rule("m", "modality: may, act: {type: [publish-vuln], to: public}, wait: {within: P3D, after: vuln.aware}");
  CHECK(of_report(first(", excepted_by: [m]") + may, later("v", "publish-vuln")) != "demands");
}

TEST_CASE("a permission is a precondition that is met where it opens what else were closed, after a step or a time") {
  const auto may = [](std::string_view more) { return rule("r", "modality: may, act: {type: [publish-vuln], to: public}" + std::string(more)); };
  const auto closed_by = [](std::string_view modality) {
    return rule("b", std::string(modality) + ", act: {type: [publish-vuln], to: public}, excepted_by: [r]" + (modality.ends_with("precondition") ? ", first: {type: [notify-authority], to: cisa}" : ""));
  };
  CHECK(said(may("")) == "permits");
  CHECK(said(may(", wait: {within: P4D, after: vuln.aware}")) == "permits");
  CHECK(said(may(", wait: {within: P5D, after: vuln.aware}")) == "what it asks first isn't done, or its time hasn't come");
  for (const auto* modality : {"modality: must-not", "modality: precondition"}) {
    CHECK(said(may("") + closed_by(modality)) == "permits");
    CHECK(said(may(", wait: {within: P4D, after: vuln.aware}") + closed_by(modality)) == "permits+");
    CHECK(said(may(", first: {type: [notify-authority], to: cncert}") + closed_by(modality), "", report("2026-06-04T00:00Z")) == "permits+");
  }
  CHECK(said(may(", wait: {within: P4D, after: vuln.aware}") + rule("b", "modality: should-not, act: {type: [publish-vuln], to: public}, excepted_by: [r]")) == "permits");
}

TEST_CASE("an act is demanded from its event on, at the very instant, unless an exception stands") {
  const auto must = [](std::string_view more) { return rule("r", "modality: must, act: {type: [publish-vuln], to: public}" + std::string(more)); };
  const auto due = ", due: {within: P10D, after: vuln.validated}";
  CHECK(said(must("")) == "demands");
  CHECK(said(must(due)) == "vuln.validated has not happened");
  CHECK(said(must(due), at("vuln.validated@v", "2026-06-05T00:00Z")) == "demands");
  CHECK(said(must(due), at("vuln.validated@v", "2026-06-05T00:00:01Z")) == "before vuln.validated");
  CHECK(said(must(", excepted_by: [m]") + rule("m", "modality: definition, when: always")) == "set aside by x/m");
  CHECK(said(must(", excepted_by: [m]") + rule("m", "modality: definition, when: never")) == "demands");
}

TEST_CASE("a circle is kept by telling nobody outside it: of several that are told, each counts; who isn't known keeps the rule silent") {
  const auto limit = [](std::string_view more) { return rule("r", "modality: should, limits: true, act: {type: [inform-partner], to: cncert|cnitsec}" + std::string(more)); };
  const auto tell = [](std::string_view to) { return R"({"id": "p", "actor": "v", "type": "inform-partner", "to": )" + std::string(to) + R"(, "at": "2026-06-05T00:00Z"})"; };
  CHECK(said(limit(""), "", "", tell(R"("cncert")"), "advice") == "advises");
  CHECK(said(limit(""), "", "", tell(R"("cnitsec")"), "advice") == "advises");
  CHECK(said(limit(""), "", "", tell(R"("cncert+cnitsec")"), "advice") == "advises");
  CHECK(said(limit(""), "", "", tell(R"("cncert+cisa")"), "advice") == "advises-against");
  CHECK(said(limit(""), "", "", tell("null"), "advice") == "nobody is told");
  CHECK(said(limit(""), "", "", kPublication, "advice") == "another act");
  CHECK(said(limit(", when: never"), "", "", tell(R"("cisa")"), "advice") == "not triggered");
  CHECK(said(limit(", excepted_by: [m]") + rule("m", "modality: definition, when: always"), "", "", tell(R"("cisa")"), "advice") == "set aside by x/m");
  const auto until = limit(", until: fix.available");
  CHECK(said(until, "", "", tell(R"("cisa")"), "advice") == "advises-against until fix.available");
  CHECK(said(until, "", "", tell(R"("cncert")"), "advice") == "advises");
  CHECK(said(until, at("fix.available", "2026-06-05T00:00Z"), "", tell(R"("cisa")"), "advice") == "ended with fix.available");
  CHECK(said(until, at("fix.available", "2026-06-05T00:00:01Z"), "", tell(R"("cisa")"), "advice") == "advises-against until fix.available");
}

TEST_CASE("advice says what a law would say, in softer words; a definition and a sanction say nothing of an act") {
  const auto of = [](std::string_view modality, std::string_view more = "") { return said(rule("r", "modality: " + std::string(modality) + ", act: {type: [publish-vuln], to: public}" + std::string(more)), "", "", kPublication, "advice"); };
  CHECK(of("should") == "advises");
  CHECK(of("standard") == "advises");
  CHECK(of("should-not") == "advises-against");
  CHECK(of("should-not", ", permits_if: {if: \"always\", as: limit}") == "permits");
  CHECK(of("definition") == "it judges no act");
  CHECK(of("sanction") == "it judges no act");
}

}  // namespace sluice::regimes::judge_test
