#include "formats/csaf/write.h"

#include <doctest/doctest.h>
#include <rapidcheck.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <map>
#include <set>

#include "base/json.h"
#include "formats/samples.h"

using namespace sluice;
using namespace sluice::formats;

namespace {

// What must hold of any CSAF document we write, told from the document alone. Empty: it does.
std::string structural_fault(const json::value& document) {
  std::set<std::string> defined;
  std::string fault;
  const auto walk = [&](auto&& self, const json::value& value, const std::string& where, auto&& visit) -> void {
    visit(value, where);
    if (value.is_object())
      for (const auto& member : value.get_object()) self(self, member.value(), where + "/" + std::string(member.key()), visit);
    if (value.is_array())
      for (std::size_t i = 0; i < value.get_array().size(); ++i) self(self, value.get_array()[i], where + "/" + std::to_string(i), visit);
  };
  walk(walk, document, "", [&](const json::value& value, const std::string& where) {
    if (value.is_null() || (value.is_array() && value.get_array().empty()) || (value.is_object() && value.get_object().empty()) || (value.is_string() && value.get_string().empty())) fault = "empty: " + where;
    if (value.is_object()) {
      std::string before;
      for (const auto& member : value.get_object()) {
        if (std::string(member.key()) <= before) fault = "unsorted: " + where;
        before = member.key();
      }
    }
    if (where.ends_with("/product_id") && !defined.emplace(value.get_string()).second) fault = "defined twice: " + where;
  });
  for (const auto& v : document.at("vulnerabilities").as_array()) {
    const auto uses = [&](const json::value& ids) {
      for (const auto& id : ids.as_array())
        if (!defined.contains(std::string(id.get_string()))) fault = "undefined product " + std::string(id.get_string());
    };
    std::map<std::string, std::set<std::string>> groups;
    for (const auto& list : v.at("product_status").as_object()) {
      uses(list.value());
      if (list.key() == "recommended") continue;
      const std::string group = list.key().ends_with("_affected") && list.key() != "known_not_affected" ? "affected" : list.key().ends_with("fixed") ? "fixed" : std::string(list.key());
      for (const auto& id : list.value().as_array()) groups[std::string(id.get_string())].insert(group);
    }
    for (const auto& [id, in] : groups)
      if (in.size() > 1) fault = "contradiction about " + id;
    for (const auto* key : {"remediations", "threats", "flags"})
      if (const auto* items = v.as_object().if_contains(key))
        for (const auto& item : items->as_array()) {
          if (const auto* ids = item.as_object().if_contains("product_ids")) uses(*ids);
          else if (key != std::string_view("threats")) fault = std::string(key) + " without products";
        }
    if (const auto* scores = v.as_object().if_contains("scores"))
      for (const auto& score : scores->as_array()) uses(score.at("products"));
    if (!v.as_object().contains("notes")) fault = "a vulnerability without notes";
  }
  const auto& tracking = document.at("document").at("tracking");
  if (tracking.at("version") != tracking.at("revision_history").as_array().back().at("number")) fault = "version is not the newest revision's";
  return fault;
}

const json::value& at(const json::value& document, std::string_view pointer) {
  const auto* found = find_at(document, pointer);
  REQUIRE_MESSAGE(found != nullptr, std::string(pointer));
  return *found;
}

}  // namespace

TEST_CASE("the minimal advisory, word for word") {
  const auto written = csaf::from_advisory(samples::minimal(), {.name = "Sluice", .version = "1.2.3"});
  REQUIRE(written);
  CHECK(written->losses.empty());
  CHECK(canonical(written->document) ==
        R"({"document":{"category":"csaf_security_advisory","csaf_version":"2.0","distribution":{"tlp":{"label":"WHITE","url":"https://www.first.org/tlp/"}},"lang":"en",)"
        R"("publisher":{"category":"coordinator","name":"Example","namespace":"https://example.com"},"title":"Minimal","tracking":{"current_release_date":"2024-01-01T00:00:00Z",)"
        R"("generator":{"engine":{"name":"Sluice","version":"1.2.3"}},"id":"MIN-1","initial_release_date":"2024-01-01T00:00:00Z",)"
        R"("revision_history":[{"date":"2024-01-01T00:00:00Z","number":"1","summary":"First publication."}],"status":"final","version":"1"}},)"
        R"("product_tree":{"branches":[{"branches":[{"branches":[{"category":"product_version_range","name":"vers:all/*",)"
        R"x("product":{"name":"Example Product (all versions)","product_id":"p"}}],"category":"product_name","name":"Product"}],"category":"vendor","name":"Example"}]},)x"
        R"("vulnerabilities":[{"notes":[{"category":"description","text":"A flaw.","title":"Description"}],"product_status":{"known_affected":["p"]},"title":"Flaw"}]})");
  CHECK(pretty(written->document) == pretty(sorted(written->document)));
}

TEST_CASE("an advisory that cannot be valid is refused with its first finding") {
  auto a = samples::minimal();
  a.vulnerabilities[0].statuses[0].product = "q";
  const auto written = csaf::from_advisory(a);
  REQUIRE_FALSE(written);
  CHECK(written.error().where == "/vulnerabilities/0/statuses/0/product");
  CHECK(written.error().rule == "CSAF 2.0 §6.1.1");
}

TEST_CASE("products hang under their vendor and name, each version once") {
  const auto document = csaf::from_advisory(samples::log4shell())->document;
  CHECK(at(document, "/product_tree/branches").as_array().size() == 4);
  CHECK(at(document, "/product_tree/branches/0/branches").as_array().size() == 1);
  CHECK(at(document, "/product_tree/branches/0/branches/0/branches/0/name") == "vers:maven/>=2.0-beta9|<2.3.1|>=2.4|<2.12.2|>=2.13.0|<2.15.0");
  CHECK(at(document, "/product_tree/branches/0/branches/0/branches/2/category") == "product_version");
  CHECK(at(document, "/product_tree/branches/0/branches/0/branches/2/product/product_identification_helper/purl") == "pkg:maven/org.apache.logging.log4j/log4j-core@2.16.0");
}

TEST_CASE("scores and remedies without products are for those at risk, not for the fixed") {
  const auto document = csaf::from_advisory(samples::log4shell())->document;
  CHECK(canonical(at(document, "/vulnerabilities/0/scores/0/products")) == R"(["log4j-core-affected","elasticsearch-7","sonarqube-8.9.2"])");
  CHECK(at(document, "/vulnerabilities/0/scores/0/cvss_v3/baseScore") == 10.0);
  CHECK(canonical(at(document, "/vulnerabilities/0/remediations/2/product_ids")) == R"(["log4j-core-affected","elasticsearch-7","sonarqube-8.9.2"])");
  CHECK(canonical(at(document, "/vulnerabilities/0/flags")) == R"([{"label":"vulnerable_code_not_in_execute_path","product_ids":["graylog"]}])");
  CHECK(at(document, "/vulnerabilities/0/threats/1/category") == "exploit_status");
  CHECK(at(document, "/vulnerabilities/0/threats/1/date") == "2021-12-01T04:36:50Z");
}

TEST_CASE("W3: what CSAF 2.0 has no field for is in a note where it can be, and in the losses") {
  auto a = samples::scored();
  const auto written = csaf::from_advisory(a);
  REQUIRE(written);
  CHECK(at(written->document, "/vulnerabilities/0/notes/1/title") == "CVSS 4.0");
  CHECK(at(written->document, "/document/distribution/tlp/label") == "AMBER");
  CHECK(at(written->document, "/document/distribution/text") == "TLP:AMBER+STRICT");
  std::set<std::string> where;
  for (const auto& loss : written->losses) where.insert(loss.where);
  CHECK(where.contains("/tlp"));
  CHECK(where.contains("/vulnerabilities/0/cvss/3"));
  CHECK(where.contains("/vulnerabilities/0/references/0/tags"));
  CHECK(where.contains("/products/0/package"));

  a.vulnerabilities[0].statuses = {{"p1", advisory::Status::Fixed}};
  for (auto& c : a.vulnerabilities[0].cvss) c.products.clear();
  const auto unscored = csaf::from_advisory(a);
  REQUIRE(unscored);
  CHECK_FALSE(unscored->document.at("vulnerabilities").at(0).as_object().contains("scores"));
}

TEST_CASE("file names follow the tracking id") {
  const struct { const char* id; const char* name; } rows[] = {{"2022_#01-A", "2022_01-a.json"}, {"SLUICE-2021-0001", "sluice-2021-0001.json"}, {"A__B", "a_b.json"}, {"示例 1", "_1.json"}, {"a+b", "a+b.json"}};
  for (const auto& row : rows) CHECK(csaf::file_name(row.id) == row.name);
  advisory::Advisory a;
  a.id = "SLUICE-2021-0001", a.initial_release = *parse_instant("2022-01-01T00:30:00+01:00");
  CHECK(csaf::file_path(a) == "2021/sluice-2021-0001.json");  // the year is that of UTC
}

TEST_CASE("the valid file names of the reference data are those of their documents") {
  const auto* folder = std::getenv("SLUICE_REFERENCE_DATA");
  if (folder == nullptr) {
    std::cout << "skipped: SLUICE_REFERENCE_DATA is not set, so the OASIS file names were not compared\n";
    return;
  }
  int count = 0;
  for (const auto* kind : {"valid", "invalid"})
    for (const auto& entry : std::filesystem::directory_iterator(std::filesystem::path(folder) / "csaf/oasis-filenames-2.0" / kind)) {
      std::ifstream file(entry.path());
      const auto document = parse_json(std::string(std::istreambuf_iterator<char>(file), {}));
      REQUIRE(document);
      const bool same = csaf::file_name(at(*document, "/document/tracking/id").as_string()) == entry.path().filename().string();
      CHECK(same == (kind == std::string_view("valid")));
      ++count;
    }
  CHECK(count > 3);
}

TEST_CASE("W1, W2: every sample, and any advisory in which check() finds no error, gives a document that holds together") {
  for (const auto& sample : samples::all()) {
    CAPTURE(sample.name);
    const auto written = csaf::from_advisory(sample.advisory);
    REQUIRE(written);
    CHECK(structural_fault(written->document) == "");
  }
  int valid = 0;
  CHECK(rc::check([&] {
    const auto a = samples::any();
    const auto written = csaf::from_advisory(a);
    RC_ASSERT(written.has_value() == is_valid(check(a)));
    if (!written) return;
    ++valid;
    RC_ASSERT(structural_fault(written->document) == "");
    const auto back = from_json<advisory::Advisory>(to_json(a));
    RC_ASSERT(canonical(csaf::from_advisory(*back)->document) == canonical(written->document));
  }));
  CHECK(valid > 20);
}
