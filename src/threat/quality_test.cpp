#include "threat/quality.h"

#include <doctest/doctest.h>
#include <rapidcheck.h>

#include <algorithm>

#include "threat/object_for_tests.h"

using namespace sluice;
using namespace sluice::threat;

namespace {

Instant quality_time(std::string_view text) { return *parse_instant(text); }
Instant hours_on(Instant at, int hours) { return at + std::chrono::hours(hours); }

const Instant kSubmitted = quality_time("2021-12-10T12:00:00Z");

// An address seen scanning for Log4Shell the morning it was shared.
QualityFacts log4shell_scanner() {
  QualityFacts out;
  out.type = "indicator";
  out.values = {{"ipv4-addr", "198.51.100.3"}};
  out.submitter = "alpha";
  out.lineage = "alpha-sensors";
  out.submitted = kSubmitted;
  out.warnings = 1;
  out.context = {.kill_chain = true, .technique = true, .malware = true, .description = true, .first_seen = quality_time("2021-12-10T06:00:00Z")};
  out.new_values = 1;
  out.first_read = hours_on(kSubmitted, 2);
  out.corroborations = {{"beta", "beta-sensors", hours_on(kSubmitted, 3)}, {"gamma", "beta-sensors", hours_on(kSubmitted, 4)}, {"delta", "alpha-sensors", hours_on(kSubmitted, 5)}};
  out.sightings = {{"beta", "beta-sensors", hours_on(kSubmitted, 20)}, {"alpha", "alpha-sensors", hours_on(kSubmitted, 200)}};
  out.false_positives = {{"epsilon", hours_on(kSubmitted, 30), {}, {}}};
  return out;
}

QualityFacts any_facts() {
  using namespace rc;
  QualityFacts out;
  out.type = *gen::elementOf(std::vector<std::string>{"indicator", "malware", "tool", "x-own"});
  const std::vector<Value> all = {{"ipv4-addr", "198.51.100.3"}, {"url", "http://a.example/"}, {"hash:MD5", "x"}, {"mutex", "m"}};
  const auto values = *gen::inRange<std::size_t>(0, all.size() + 1);
  out.values.assign(all.begin(), all.begin() + static_cast<std::ptrdiff_t>(values));
  out.submitter = "m0";
  out.lineage = "l0";
  out.submitted = kSubmitted;
  out.warnings = *gen::inRange(0, 14);
  out.context = {*gen::arbitrary<bool>(), *gen::arbitrary<bool>(), *gen::arbitrary<bool>(), *gen::arbitrary<bool>(), *gen::arbitrary<bool>(), *gen::arbitrary<bool>(), *gen::arbitrary<bool>(), {}};
  if (*gen::arbitrary<bool>()) out.context.first_seen = hours_on(kSubmitted, -*gen::inRange(-5, 2000));
  out.new_values = *gen::inRange<std::int64_t>(0, 6);
  if (*gen::arbitrary<bool>()) out.first_read = hours_on(kSubmitted, *gen::inRange(0, 400));
  const auto witness = [] { return Witness{"m" + std::to_string(*gen::inRange(0, 5)), "l" + std::to_string(*gen::inRange(0, 5)), hours_on(kSubmitted, *gen::inRange(0, 3000))}; };
  for (int i = *gen::inRange(0, 6); i > 0; --i) out.corroborations.push_back(witness());
  for (int i = *gen::inRange(0, 6); i > 0; --i) out.sightings.push_back(witness());
  for (int i = *gen::inRange(0, 3); i > 0; --i) out.false_positives.push_back({"m" + std::to_string(*gen::inRange(1, 5)), hours_on(kSubmitted, *gen::inRange(0, 3000)), {}, {}});
  return out;
}

Instant any_time() { return hours_on(kSubmitted, *rc::gen::inRange(0, 20'000)); }

}  // namespace

// The same record gives the same bytes everywhere. Who changes the formula or the table changes these lines, and docs/quality.md with them.
TEST_CASE("the golden score of one object") {
  CHECK(pretty(to_json(quality_of(log4shell_scanner(), hours_on(kSubmitted, 24 * 10), {}))) == R"({
  "points": 47815,
  "fresh": 63500,
  "left": 753,
  "decay_reason": "220 h since it was last confirmed; decay of 'ipv4-addr'",
  "parts": [
    {
      "part": "validity",
      "points": 13500,
      "reason": "no error, 1 warning"
    },
    {
      "part": "context",
      "points": 4000,
      "reason": "has kill chain phase"
    },
    {
      "part": "context",
      "points": 5000,
      "reason": "has technique"
    },
    {
      "part": "context",
      "points": 4000,
      "reason": "has malware or tool"
    },
    {
      "part": "context",
      "points": 3000,
      "reason": "has first seen"
    },
    {
      "part": "context",
      "points": 2000,
      "reason": "has description"
    },
    {
      "part": "timeliness",
      "points": 12000,
      "reason": "submitted within 24 h of first seen"
    },
    {
      "part": "timeliness",
      "points": 4000,
      "reason": "first read within 24 h of submission"
    },
    {
      "part": "novelty",
      "points": 15000,
      "reason": "1 of 1 value not held before"
    },
    {
      "part": "corroboration",
      "points": 7000,
      "reason": "1 independent member has the same"
    },
    {
      "part": "sightings",
      "points": 4000,
      "reason": "seen by 1 other member"
    },
    {
      "part": "false positives",
      "points": -10000,
      "reason": "reported by 1 member"
    }
  ]
}
)");
  CHECK(name_of({}) == "sha256:33b9d3d292b12a43736314ea63a5ce0213f2926740183393858e1b68486899c9");
}

TEST_CASE("what lies after the instant asked for doesn't count") {
  const auto facts = log4shell_scanner();
  const auto parts = [&](int hours) {
    std::string out;
    for (const auto& part : quality_of(facts, hours_on(kSubmitted, hours), {}).parts)
      if (part.part == "corroboration" || part.part == "sightings" || part.part == "false positives" || part.reason.find("read") != std::string::npos) out += part.part.substr(0, 1) + std::to_string(part.points) + " ";
    return out;
  };
  CHECK(parts(0) == "t0 c0 s0 ");
  CHECK(parts(2) == "t4000 c0 s0 ");
  CHECK(parts(3) == "t4000 c7000 s0 ");
  CHECK(parts(20) == "t4000 c7000 s4000 ");
  CHECK(parts(30) == "t4000 c7000 s4000 f-10000 ");
}

TEST_CASE("what ends an object ends its score, from that instant on") {
  auto facts = log4shell_scanner();
  facts.valid_until = hours_on(kSubmitted, 50);
  facts.revoked = hours_on(kSubmitted, 60);
  CHECK(quality_of(facts, hours_on(kSubmitted, 49), {}).points > 0);
  CHECK(quality_of(facts, hours_on(kSubmitted, 50), {}).points == 0);
  CHECK(quality_of(facts, hours_on(kSubmitted, 50), {}).decay_reason == "its valid_until has passed");
  CHECK(quality_of(facts, hours_on(kSubmitted, 60), {}).decay_reason == "revoked");
  facts = log4shell_scanner();
  facts.errors = 1;
  CHECK(quality_of(facts, kSubmitted, {}).points == 0);
  facts = log4shell_scanner();
  facts.benign = {"private network (RFC 1918)"};
  CHECK(quality_of(facts, kSubmitted, {}).fresh == quality_of(log4shell_scanner(), kSubmitted, {}).fresh - 20'000);
  facts = log4shell_scanner();
  facts.false_positives[0].proven = hours_on(kSubmitted, 40);
  CHECK(quality_of(facts, hours_on(kSubmitted, 40), {}).fresh < quality_of(facts, hours_on(kSubmitted, 39), {}).fresh);
  facts.false_positives[0].refuted = hours_on(kSubmitted, 41);
  CHECK(quality_of(facts, hours_on(kSubmitted, 41), {}).fresh > quality_of(facts, hours_on(kSubmitted, 39), {}).fresh);
}

TEST_CASE("independent is who is neither the same member nor of the same source") {
  const auto count = [](std::vector<Witness> all) { return independent(all, "m0", "l0", 10); };
  CHECK(count({}) == 0);
  CHECK(count({{"m0", "l1", {}}}) == 0);                                   // the submitter itself
  CHECK(count({{"m1", "l0", {}}}) == 0);                                   // passed on from the submitter's source
  CHECK(count({{"m1", "l1", {}}, {"m2", "l1", {}}}) == 1);                 // two who have it from one source
  CHECK(count({{"m1", "l1", {}}, {"m1", "l2", {}}}) == 1);                 // one who has two sources
  CHECK(count({{"m1", "l1", {}}, {"m1", "l2", {}}, {"m2", "l1", {}}}) == 2);  // m1 stands for l2, m2 for l1
  CHECK(independent(std::vector<Witness>{{"m1", "l1", {}}, {"m2", "l2", {}}}, "m0", "l0", 1) == 1);
}

TEST_CASE("context is read from the object and what it is related to") {
  const auto object = testing::object_of(R"({"type":"indicator","id":"indicator--1","kill_chain_phases":[{}],"valid_from":"2021-12-10T00:00:00Z","external_references":[{"source_name":"mitre-attack","external_id":"T1190"}]})");
  const std::vector<Related> related = {{"indicates", "malware"}, {"targets", "identity"}, {"uses", "location"}};
  const auto context = context_of(object, related);
  CHECK(context.kill_chain);
  CHECK(context.technique);
  CHECK(context.malware);
  CHECK(context.target);
  CHECK_FALSE(context.actor);
  CHECK_FALSE(context.description);
  CHECK(context.first_seen == quality_time("2021-12-10T00:00:00Z"));
  CHECK_FALSE(context_of(object, {}).malware);
}

TEST_CASE("Q1: the order of facts never matters") {
  CHECK(rc::check([] {
    auto facts = any_facts();
    const auto at = any_time();
    const auto before = canonical(to_json(quality_of(facts, at, {})));
    std::reverse(facts.corroborations.begin(), facts.corroborations.end());
    std::reverse(facts.sightings.begin(), facts.sightings.end());
    std::reverse(facts.false_positives.begin(), facts.false_positives.end());
    std::reverse(facts.values.begin(), facts.values.end());
    RC_ASSERT(canonical(to_json(quality_of(facts, at, {}))) == before);
  }));
}

TEST_CASE("Q2: what is good never lowers a score, what is bad never raises it") {
  CHECK(rc::check([] {
    const auto facts = any_facts();
    const auto at = any_time();
    const auto points = quality_of(facts, at, {}).points;
    const auto with = [&](auto change) { auto other = facts; change(other); return quality_of(other, at, {}).points; };
    for (const auto flag : {&ContextFacts::kill_chain, &ContextFacts::technique, &ContextFacts::actor, &ContextFacts::malware, &ContextFacts::target, &ContextFacts::last_seen, &ContextFacts::description})
      RC_ASSERT(with([&](auto& f) { f.context.*flag = true; }) >= points);
    RC_ASSERT(with([&](auto& f) { f.corroborations.push_back({"m9", "l9", any_time()}); }) >= points);
    RC_ASSERT(with([&](auto& f) { f.sightings.push_back({"m9", "l9", any_time()}); }) >= points);
    RC_ASSERT(with([&](auto& f) { ++f.new_values; }) >= points);
    RC_ASSERT(with([&](auto& f) { ++f.warnings; }) <= points);
    RC_ASSERT(with([&](auto& f) { ++f.errors; }) <= points);
    RC_ASSERT(with([&](auto& f) { f.benign.push_back("x"); }) <= points);
    RC_ASSERT(with([&](auto& f) { f.false_positives.push_back({"m9", any_time(), {}, {}}); }) <= points);
  }));
}

TEST_CASE("Q3 and Q4: time alone never raises a score, and the parts are the score") {
  CHECK(rc::check([] {
    auto facts = any_facts();
    const auto begin = hours_on(kSubmitted, 3000);  // after everything that happens
    const auto at = begin + std::chrono::hours(*rc::gen::inRange(0, 90'000));
    const auto now = quality_of(facts, at, {});
    RC_ASSERT(quality_of(facts, at + std::chrono::hours(*rc::gen::inRange(0, 90'000)), {}).points <= now.points);
    MilliPoints sum = 0;
    for (const auto& part : now.parts) sum += part.points;
    RC_ASSERT(now.fresh == std::clamp<MilliPoints>(sum, 0, 100'000));
    RC_ASSERT(now.points == now.fresh * now.left / 1000);
    RC_ASSERT(now.points >= 0);
    RC_ASSERT(now.points <= 100'000);
  }));
}

TEST_CASE("a table that would break these rules is refused with its place") {
  CHECK(check(QualityTable{}).has_value());
  const auto refused = [](auto change) {
    QualityTable table;
    change(table);
    const auto checked = check(table);
    return checked ? std::string("-") : checked.error().where;
  };
  CHECK(refused([](auto& t) { t.actor = -1; }) == "/actor");
  CHECK(refused([](auto& t) { t.warning = 1; }) == "/warning");
  CHECK(refused([](auto& t) { t.actor += 1; }) == "");
  CHECK(refused([](auto& t) { t.novel_without_values = t.novel + 1; }) == "/novel_without_values");
  CHECK(refused([](auto& t) { t.seen_to_submitted[1].points = 20'000; }) == "/seen_to_submitted/1/points");
  CHECK(refused([](auto& t) { t.submitted_to_read[1].hours = 1; }) == "/submitted_to_read/1/hours");
  CHECK(refused([](auto& t) { t.corroborated[2] = 1; }) == "/corroborated/2");
  CHECK(refused([](auto& t) { t.decays[0].steps[1].left = 1001; }) == "/decays/0/steps/1/left");
  CHECK(refused([](auto& t) { t.decays[1].of = "ipv4-addr"; }) == "/decays/1/of");
  CHECK(refused([](auto& t) { t.decays.pop_back(); }) == "/decays");
  CHECK(refused([](auto& t) { t.decays[0].steps.clear(); }) == "/decays/0/steps");
  QualityTable changed;
  changed.actor -= 1;
  CHECK(name_of(changed) != name_of({}));
  const auto read = from_json<QualityTable>(to_json(QualityTable{}));
  REQUIRE(read.has_value());
  CHECK(name_of(*read) == name_of({}));
}
