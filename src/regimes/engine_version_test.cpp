// The engine's version (engine_version.h): one case that asks for many kinds of rule, and the hash of the answer that the engine of this version gives.
#include "regimes/engine_version.h"

#include <doctest/doctest.h>

#include "base/bytes.h"
#include "base/json.h"
#include "regimes/built_in.h"

using namespace sluice;
using namespace sluice::regimes;

namespace engine_version_test {

// Invented, so that no law's next edition is a new engine.
constexpr std::string_view kAllRules = R"(id: xx-all
edition: "1"
title: An invented act
jurisdiction: CN
force: law
time_zone: Asia/Shanghai
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
    act: {type: [notify-authority], to: miit-platform}
    due: {within: P2D, after: vuln.aware}
    in_reading: {days: {calendar: {due: {within: P2CD, after: vuln.aware}}}}
    mark: [GEN]
  - id: warn
    cite: Art. 2(1)
    says: Within 24 hours.
    modality: must
    binds: "party.provides"
    act: {type: [notify-authority], to: csirt-coordinator+enisa}
    due: {within: PT24H, after: vuln.aware_exploited}
    ladder: two
    stage: early-warning
    mark: [GEN]
  - id: month
    cite: Art. 2(2)
    says: And in a month.
    modality: must
    binds: "party.provides"
    act: {type: [notify-authority], to: csirt-coordinator+enisa}
    due: {within: P1M, after: vuln.aware_exploited}
    ladder: two
    stage: final
    mark: [GEN]
  - id: ban
    cite: Art. 3
    says: Nobody publishes before there is a remedy.
    modality: must-not
    act: {type: [publish-vuln, publish-advisory], to: public}
    until: fix.available
    excepted_by: [notice]
    mark: [GEN]
  - id: notice
    cite: Art. 4
    says: After thirty days one may.
    modality: may
    act: {type: [publish-vuln], to: public}
    first: {type: [notify-authority], to: cac-office, wait: P30D}
    mark: [GEN]
  - id: tell
    cite: Art. 5
    says: Users are to be told at once.
    modality: must
    act: {type: [publish-advisory], to: public}
    due: {within: P5BD, after: vuln.validated}
    mark: [GEN]
  - id: advice
    cite: Art. 6
    says: One should tell the makers of parts.
    modality: should
    when: "product.components at least 1"
    act: {type: [report-vuln], to: upstream-vendor}
    due: {promptly: true, after: vuln.aware}
    mark: [GEN]
)";

constexpr std::string_view kAllKinds = R"({"id": "all", "title": "All kinds", "as_of": "2026-11-02T08:00Z", "regimes": ["xx-all"], "assume_in_force": [], "readings": {"xx-all.days": "calendar"},
  "parties": [{"id": "maker", "role": "vendor", "established": "CN", "operates_in": ["CN"], "sectors": [], "flags": []}, {"id": "finder", "role": "finder", "established": "DE", "operates_in": ["DE"], "sectors": [], "flags": []}],
  "product": {"id": "p", "provider": "maker", "market": ["CN", "EU"], "support": "supported", "kind": "product", "components": [{"id": "part", "provider": "finder", "depth": 1}], "commercial": true},
  "vulnerability": {"state": "undisclosed", "exploited": "yes", "fix": "none", "in": "product"},
  "embargo": {"parties": ["maker", "finder"], "until": "2026-12-01T00:00Z"},
  "events": {"vuln.aware": "2026-10-30T08:00Z", "vuln.aware_exploited": "2026-10-31T08:00Z", "vuln.validated": "2026-10-30T20:00Z", "fix.available": "2026-12-20T08:00Z"},
  "actions": [{"id": "told", "actor": "maker", "type": "notify-authority", "to": "miit-platform", "content": ["summary"], "at": "2026-10-31T06:00Z"},
              {"id": "early", "actor": "maker", "type": "publish-advisory", "to": "public", "content": ["summary", "mitigation"], "at": "2026-11-20T08:00Z"},
              {"id": "later", "actor": "finder", "type": "publish-vuln", "to": "public", "content": ["technical-detail"], "at": null}]})";

// Of the engine of version 4; those of versions 1 to 3 answered this case alike.
constexpr std::string_view kHash = "9eaf7bd6558fd3168336431daaa7293846aea4f3b2c9b28de0cffe3aa063fea1";

}  // namespace engine_version_test

TEST_CASE("an engine that answers otherwise has another version") {
  using namespace engine_version_test;
  auto built_in = built_in_library();
  REQUIRE(built_in);
  Library library;
  library.words = built_in->words;
  library.add(kAllRules, "xx-all.yaml");
  for (const auto& one : library.findings) MESSAGE(one.where << " " << one.message);
  REQUIRE(library.findings.empty());
  const auto given = parse_json(kAllKinds);
  REQUIRE(given);
  const auto scenario = read_scenario(*given, library.words);
  if (!scenario) MESSAGE(scenario.error().where << " " << scenario.error().message);
  REQUIRE(scenario);
  const auto answer = evaluate(*scenario, library);
  REQUIRE(answer);
  const auto text = canonical(to_json(*answer));
  // The case shows what it is for: verdicts, duties and a conflict.
  const auto answered = to_json(*answer);
  CHECK(answered.at("verdicts").as_array().size() == 4);
  CHECK(answered.at("duties").as_array().size() == 6);
  CHECK_FALSE(answered.at("conflicts").as_array().empty());
  CAPTURE(text);
  INFO("The engine answers otherwise than version " << kEngineVersion << " did. If that is meant, raise kEngineVersion (engine_version.h) and put the new hash here; evidence packs tell engines apart by it.");
  CHECK(hex(sha256(bytes_of(text))) == kHash);
}
