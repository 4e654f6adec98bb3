#include "formats/cve/write.h"

#include <doctest/doctest.h>
#include <rapidcheck.h>

#include <set>

#include "base/json.h"
#include "formats/samples.h"

using namespace sluice;
using namespace sluice::formats;

TEST_CASE("each vulnerability has its record and the body that a CNA sends") {
  const auto records = cve::from_advisory(samples::log4shell());
  REQUIRE(records);
  REQUIRE(records->size() == 2);
  const auto& r = records->front();
  CHECK(r.cve == "CVE-2021-44228");
  CHECK(canonical(r.record.at("cveMetadata")) ==
        R"({"assignerOrgId":"f0158376-9dc2-43b6-827c-5f631a4d8d09","assignerShortName":"example","cveId":"CVE-2021-44228","datePublished":"2021-12-10T00:00:00Z",)"
        R"("dateReserved":"2021-11-26T00:00:00Z","dateUpdated":"2021-12-10T10:00:00Z","state":"PUBLISHED"})");
  CHECK(r.record.at("dataVersion") == "5.1");
  CHECK(r.record.at("containers").at("cna").at("metrics").at(0).at("cvssV3_1").at("baseScore") == 10.0);
  // The service itself sets the short name and the date.
  CHECK(canonical(r.cna_container.at("cnaContainer").at("providerMetadata")) == R"({"orgId":"f0158376-9dc2-43b6-827c-5f631a4d8d09"})");
}

TEST_CASE("R3: versions of one product stand together, single ones first; the rest is unaffected where a range is given") {
  const auto records = *cve::from_advisory(samples::log4shell());
  const auto& affected = records[0].record.at("containers").at("cna").at("affected");
  REQUIRE(affected.as_array().size() == 4);
  CHECK(affected.at(0).at("defaultStatus") == "unaffected");
  CHECK(affected.at(0).at("packageName") == "org.apache.logging.log4j:log4j-core");
  CHECK(canonical(affected.at(0).at("versions")) ==
        R"([{"status":"unaffected","version":"2.16.0"},{"lessThan":"2.3.1","status":"affected","version":"2.0-beta9","versionType":"maven"},)"
        R"({"lessThan":"2.12.2","status":"affected","version":"2.4","versionType":"maven"},{"lessThan":"2.15.0","status":"affected","version":"2.13.0","versionType":"maven"}])");
  CHECK(canonical(affected.at(2)) == R"({"defaultStatus":"unknown","product":"SonarQube","vendor":"SonarSource","versions":[{"status":"unknown","version":"8.9.2.46101"}]})");
  CHECK(affected.at(3).at("defaultStatus") == "unaffected");  // all versions of Graylog
  CHECK_FALSE(affected.at(3).as_object().contains("versions"));
}

TEST_CASE("an open range ends in a star, a single version in a range stands alone") {
  auto a = samples::log4shell();
  a.products[0].range = advisory::VersionRange{"npm", {{.fixed = "1.0"}, {.introduced = "2.0", .last_affected = "2.0"}, {.introduced = "3.0"}}};
  const auto records = *cve::from_advisory(a);
  CHECK(canonical(records[0].record.at("containers").at("cna").at("affected").at(0).at("versions")) ==
        R"([{"status":"unaffected","version":"2.16.0"},{"lessThan":"1.0","status":"affected","version":"0","versionType":"semver"},{"status":"affected","version":"2.0"},)"
        R"({"lessThan":"*","status":"affected","version":"3.0","versionType":"semver"}])");
}

TEST_CASE("5.2 names packages by purl without a version, and by nothing else") {
  const auto records = *cve::from_advisory(samples::log4shell(), cve::RecordVersion::V5_2);
  CHECK(records[0].record.at("dataVersion") == "5.2");
  const auto& item = records[0].record.at("containers").at("cna").at("affected").at(0).as_object();
  CHECK(item.at("packageURL") == "pkg:maven/org.apache.logging.log4j/log4j-core");
  CHECK_FALSE(item.contains("collectionURL"));
  CHECK_FALSE(item.contains("packageName"));
}

TEST_CASE("R2: what has no English is left out, with a loss") {
  const auto records = *cve::from_advisory(samples::unicode());
  const auto& cna = records[0].record.at("containers").at("cna").as_object();
  CHECK(cna.at("descriptions").at(0).at("lang") == "en");
  CHECK(cna.at("descriptions").at(1).at("lang") == "zh-Hans-CN");
  CHECK_FALSE(cna.contains("solutions"));
  CHECK_FALSE(cna.contains("workarounds"));
  std::set<std::string> where;
  for (const auto& loss : records[0].losses) where.insert(loss.where);
  CHECK(where.contains("/vulnerabilities/0/remediations/0"));
  CHECK(where.contains("/vulnerabilities/0/credits/0/contact"));
}

TEST_CASE("texts that are too long are cut at a character, with a loss") {
  auto a = samples::log4shell();
  std::string text;
  for (int i = 0; i < 5000; ++i) text += "ü";
  a.vulnerabilities[0].remediations = {{.details = text}};
  const auto records = *cve::from_advisory(a);
  const auto& value = records[0].record.at("containers").at("cna").at("solutions").at(0).at("value").as_string();
  CHECK(value.size() == 4095 * 2 + 3);
  CHECK(std::string_view(value).ends_with("ü…"));
}

TEST_CASE("all four CVSS versions are metrics") {
  const auto records = *cve::from_advisory(samples::scored());
  const auto& metrics = records[0].record.at("containers").at("cna").at("metrics");
  REQUIRE(metrics.as_array().size() == 4);
  for (const auto* key : {"cvssV2_0", "cvssV3_0", "cvssV3_1", "cvssV4_0"}) {
    bool found = false;
    for (const auto& m : metrics.as_array()) found = found || m.as_object().contains(key);
    CHECK_MESSAGE(found, key);
  }
  CHECK(metrics.at(3).at("cvssV4_0").at("modifiedSubConfidentialityImpact") == "NONE");
}

TEST_CASE("without a CNA there is no record") { CHECK(cve::from_advisory(samples::minimal()).error().where == "/cna"); }

TEST_CASE("R1: a writer refuses what is missing and nothing else; a vulnerability without a CVE id only has no record") {
  CHECK(rc::check([] {
    const auto a = samples::any();
    const auto records = cve::from_advisory(a);
    RC_ASSERT(records.has_value() == missing_for(a, advisory::Format::Cve).empty());
    if (!records) return;
    std::size_t with_id = 0;
    for (const auto& v : a.vulnerabilities) with_id += v.cve ? 1 : 0;
    RC_ASSERT(records->size() == with_id);
  }));
}
