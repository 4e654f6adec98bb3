#include "formats/osv/write.h"

#include <doctest/doctest.h>
#include <rapidcheck.h>

#include <set>

#include "base/json.h"
#include "formats/samples.h"

using namespace sluice;
using namespace sluice::formats;

TEST_CASE("a record names its packages with the spans as events") {
  const auto records = osv::from_advisory(samples::log4shell());
  REQUIRE(records);
  REQUIRE(records->size() == 2);
  const auto& r = records->front().record;
  CHECK(r.at("id") == "x_SLUICE-2021-0001-1");
  CHECK(canonical(r.at("aliases")) == R"(["CVE-2021-44228","GHSA-jfh8-c2jp-5v3q","CNVD-2021-95914"])");
  CHECK(canonical(r.at("affected").at(0)) ==
        R"({"package":{"ecosystem":"Maven","name":"org.apache.logging.log4j:log4j-core","purl":"pkg:maven/org.apache.logging.log4j/log4j-core"},)"
        R"("ranges":[{"events":[{"introduced":"2.0-beta9"},{"fixed":"2.3.1"},{"introduced":"2.4"},{"fixed":"2.12.2"},{"introduced":"2.13.0"},{"fixed":"2.15.0"}],"type":"ECOSYSTEM"}]})");
  CHECK(canonical(r.at("severity")) == R"([{"score":"CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:C/C:H/I:H/A:H","type":"CVSS_V3"}])");
  CHECK(canonical(r.at("credits")) == R"([{"name":"Chen Zhaojun, Alibaba Cloud Security Team","type":"FINDER"}])");
  CHECK(canonical(r.at("database_specific")) == R"({"advisory":"SLUICE-2021-0001","cwe_ids":["CWE-917"]})");
  CHECK(std::string_view(r.at("details").as_string()).contains("- workaround: Remove the class JndiLookup"));
}

TEST_CASE("single versions are listed, and a package of semantic versions says so") {
  const auto records = *osv::from_advisory(samples::scored());
  REQUIRE(records.size() == 1);
  CHECK(records[0].id == "x_SCORES_1_2");
  CHECK(canonical(records[0].record.at("affected").at(0)) == R"({"package":{"ecosystem":"npm","name":"@example/p1"},"versions":["1.0"]})");
  auto a = samples::scored();
  a.products[0].version.reset();
  CHECK(canonical(osv::from_advisory(a)->front().record.at("affected").at(0).at("ranges")) == R"([{"events":[{"introduced":"0"}],"type":"SEMVER"}])");
}

TEST_CASE("O3: fixed and last affected versions go into two ranges") {
  auto a = samples::log4shell();
  a.products[0].range = advisory::VersionRange{"maven", {{.fixed = "1.0"}, {.introduced = "2.0", .last_affected = "2.5"}}};
  CHECK(canonical(osv::from_advisory(a)->front().record.at("affected").at(0).at("ranges")) ==
        R"([{"events":[{"introduced":"0"},{"fixed":"1.0"}],"type":"ECOSYSTEM"},{"events":[{"introduced":"2.0"},{"last_affected":"2.5"}],"type":"ECOSYSTEM"}])");
}

TEST_CASE("what OSV cannot say is in the losses, and a vulnerability without packages has no record") {
  const auto records = *osv::from_advisory(samples::log4shell());
  std::set<std::string> where;
  for (const auto& loss : records[0].losses) where.insert(loss.where);
  for (const auto* expected : {"/vulnerabilities/0/statuses/5", "/vulnerabilities/0/threats", "/vulnerabilities/0/timeline"}) CHECK_MESSAGE(where.contains(expected), expected);

  auto a = samples::log4shell();
  a.products[1].ecosystem = "Unheard";
  const auto fewer = *osv::from_advisory(a);
  REQUIRE(fewer.size() == 1);
  CHECK(fewer[0].losses.back().where == "/vulnerabilities/1");

  CHECK(osv::from_advisory(samples::minimal()).error().where == "/products");
}

TEST_CASE("O1, O3: a writer refuses what is missing and nothing else; in any record each range begins with an introduced event and never mixes its ends") {
  CHECK(rc::check([] {
    const auto a = samples::any();
    const auto records = osv::from_advisory(a);
    RC_ASSERT(records.has_value() == missing_for(a, advisory::Format::Osv).empty());
    if (!records) return;
    for (const auto& r : *records)
      for (const auto& item : r.record.at("affected").as_array()) {
        if (!item.as_object().contains("ranges")) continue;
        for (const auto& range : item.at("ranges").as_array()) {
          const auto& events = range.at("events").as_array();
          RC_ASSERT(events.at(0).as_object().contains("introduced"));
          bool fixed = false, last = false;
          for (const auto& event : events) {
            fixed = fixed || event.as_object().contains("fixed");
            last = last || event.as_object().contains("last_affected");
          }
          RC_ASSERT(!(fixed && last));
        }
      }
  }));
}
