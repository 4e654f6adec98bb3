#include "score/cvss.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <rapidcheck.h>
#include <sstream>
#include <vector>

#include "base/json.h"
#include "score/cvss_metrics.h"

using namespace sluice;
using namespace sluice::cvss;

TEST_CASE("scores are those that the standards' formulas give") {
  const struct { const char* vector; double base, temporal, environmental; const char* rating; } rows[] = {  // -1: none
      {"CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:C/C:H/I:H/A:H", 10.0, -1, -1, "CRITICAL"},                             // CVE-2021-44228
      {"CVSS:3.1/AV:N/AC:H/PR:N/UI:N/S:C/C:H/I:H/A:H", 9.0, -1, -1, "CRITICAL"},                              // CVE-2021-45046
      {"CVSS:3.1/AV:N/AC:H/PR:N/UI:N/S:U/C:N/I:N/A:H", 5.9, -1, -1, "MEDIUM"},                                // CVE-2021-45105
      {"CVSS:3.1/AV:N/AC:H/PR:H/UI:N/S:U/C:H/I:H/A:H", 6.6, -1, -1, "MEDIUM"},                                // CVE-2021-44832
      {"CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:N", 0.0, -1, -1, "NONE"},
      {"CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H/E:U/RL:O/RC:U", 9.8, 7.8, -1, "HIGH"},
      {"CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H/MC:N/MI:N/MA:N", 9.8, -1, 0.0, "NONE"},
      {"CVSS:3.1/A:H/I:H/C:H/S:U/UI:N/PR:N/AC:L/AV:N/E:X", 9.8, -1, -1, "CRITICAL"},                          // any order; X is as good as absent
      {"CVSS:3.0/AV:L/AC:H/PR:L/UI:R/S:U/C:L/I:L/A:N", 3.3, -1, -1, "LOW"},
      {"AV:N/AC:L/Au:N/C:C/I:C/A:C", 10.0, -1, -1, "HIGH"},
      {"AV:N/AC:M/Au:N/C:P/I:N/A:N", 4.3, -1, -1, "MEDIUM"},
      {"AV:N/AC:L/Au:N/C:N/I:N/A:N", 0.0, -1, -1, "LOW"},
      {"AV:N/AC:L/Au:N/C:N/I:N/A:C/E:F/RL:OF/RC:C/CDP:H/TD:H/CR:M/IR:M/AR:H", 7.8, 6.4, 9.2, "HIGH"},        // the guide's own example
      {"CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:H/SI:H/SA:H", 10.0, -1, -1, "CRITICAL"},
      {"CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N", 9.3, -1, -1, "CRITICAL"},
      {"CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:N/VI:N/VA:N/SC:N/SI:N/SA:N", 0.0, -1, -1, "NONE"},
      {"CVSS:4.0/AV:N/AC:L/AT:N/PR:L/UI:N/VC:L/VI:H/VA:N/SC:N/SI:N/SA:L/MAV:L/MAC:L/MAT:P/MPR:H/MUI:N", 7.1, -1, 5.7, "MEDIUM"},  // doubles give 5.6
  };
  for (const auto& row : rows) {
    CAPTURE(std::string(row.vector));
    const auto s = score(row.vector);
    REQUIRE(s);
    CHECK(s->base == row.base);
    CHECK(s->temporal.value_or(-1) == row.temporal);
    CHECK(s->environmental.value_or(-1) == row.environmental);
    CHECK(to_text(s->rating) == row.rating);
  }
}

TEST_CASE("a broken vector is refused with the place and the metric") {
  const struct { const char* vector; const char* where; const char* message; } rows[] = {
      {"", "character 1", "\"\" is no metric of CVSS 2.0."},
      {"CVSS:5.0/AV:N", "character 1", "A vector begins with CVSS:4.0/, CVSS:3.1/ or CVSS:3.0/, or, in version 2.0, with its first metric."},
      {"CVSS:3.1/AV:Q/AC:L", "character 10", "\"AV:Q\" must have one of these values: N, A, L, P."},
      {"CVSS:3.1/AV:N/AV:N", "character 15", "The metric AV is given twice."},
      {"CVSS:3.1/AV:N/XX:N", "character 15", "\"XX:N\" is no metric of CVSS 3.1."},
      {"CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H", "character 41", "The base metric A is missing."},
      {"CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H/", "character 46", "\"\" is no metric of CVSS 3.1."},
      {"CVSS:4.0/AC:L/AV:N/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:H/SI:H/SA:H", "character 15", "The metric AV must stand before AC."},
      {"CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:H/SI:S/SA:H", "character 55", "\"SI:S\" must have one of these values: H, L, N."},
      {"(AV:N/AC:L/Au:N/C:C/I:C/A:C)", "character 1", "\"(AV:N\" is no metric of CVSS 2.0."},
      {"AV:N/AC:L/AU:N/C:C/I:C/A:C", "character 11", "\"AU:N\" is no metric of CVSS 2.0."},
  };
  for (const auto& row : rows) {
    CAPTURE(std::string(row.vector));
    const auto s = score(row.vector);
    REQUIRE_FALSE(s);
    CHECK(s.error().where == row.where);
    CHECK(s.error().message == row.message);
  }
}

TEST_CASE("FIRST's JSON form has the scores and each metric that the vector gives") {
  CHECK(canonical(to_first_json(*score("CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:C/C:H/I:H/A:H/E:H/MAV:L"))) ==
        R"({"attackComplexity":"LOW","attackVector":"NETWORK","availabilityImpact":"HIGH","baseScore":10,"baseSeverity":"CRITICAL","confidentialityImpact":"HIGH",)"
        R"("environmentalScore":9.4,"environmentalSeverity":"CRITICAL","exploitCodeMaturity":"HIGH","integrityImpact":"HIGH","modifiedAttackVector":"LOCAL",)"
        R"("privilegesRequired":"NONE","scope":"CHANGED","temporalScore":10,"temporalSeverity":"CRITICAL","userInteraction":"NONE",)"
        R"("vectorString":"CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:C/C:H/I:H/A:H/E:H/MAV:L","version":"3.1"})");
  CHECK_FALSE(to_first_json(*score("AV:N/AC:L/Au:N/C:C/I:C/A:C")).contains("baseSeverity"));  // 2.0 names none
  const auto v4 = to_first_json(*score("CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N/E:U/U:Red"));
  CHECK(v4.at("baseScore").get_double() < 9.3);  // the threat counts
  CHECK(v4.at("providerUrgency") == "RED");
}

TEST_CASE("the nomenclature of 4.0 names the groups in use") {
  const std::string base = "CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N";
  CHECK(nomenclature(base) == "CVSS-B");
  CHECK(nomenclature(base + "/E:A") == "CVSS-BT");
  CHECK(nomenclature(base + "/CR:H") == "CVSS-BE");
  CHECK(nomenclature(base + "/E:A/CR:H") == "CVSS-BTE");
  CHECK(nomenclature(base + "/E:X/S:P") == "CVSS-B");
  CHECK(nomenclature("AV:N/AC:L/Au:N/C:C/I:C/A:C") == "");
}

TEST_CASE("the MacroVector of 4.0 is that of the whole vector: threat and environment count") {
  const std::string base = "CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N";
  CHECK(macrovector(base) == "000200");
  CHECK(macrovector(base + "/E:U") == "000220");
  CHECK(macrovector(base + "/CR:L/IR:L/AR:L") == "000201");
  CHECK(macrovector(base + "/MAV:P/MSI:S") == "200000");
  CHECK(macrovector(base + "/U:Red") == "000200");
  CHECK(macrovector("CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:N/VI:N/VA:N/SC:N/SI:N/SA:N") == "002201");
  CHECK(macrovector("CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H") == "");
}

namespace {

// A random valid vector of the version, its metrics in table order.
std::vector<std::string> any_metrics(Version version) {
  std::vector<std::string> parts;
  for (const auto& metric : metrics_of(version)) {
    std::vector<std::string> codes;
    std::istringstream words{std::string(metric.values)};
    for (std::string pair; words >> pair;) codes.push_back(pair.substr(0, pair.find('=')));
    if (metric.group == Group::Base || *rc::gen::arbitrary<bool>()) parts.push_back(std::string(metric.key) + ":" + *rc::gen::elementOf(codes));
  }
  return parts;
}

std::string joined(Version version, const std::vector<std::string>& parts) {
  std::string out = version == Version::V2_0 ? "" : "CVSS:" + std::string(to_text(version));
  for (const auto& part : parts) out += (out.empty() ? "" : "/") + part;
  return out;
}

}  // namespace

TEST_CASE("S1, S2, S3: any vector has a score in tenths, whatever the order; supplemental metrics add nothing") {
  CHECK(rc::check([] {
    const auto version = *rc::gen::element(Version::V2_0, Version::V3_0, Version::V3_1, Version::V4_0);
    auto parts = any_metrics(version);
    const auto s = score(joined(version, parts));
    RC_ASSERT(s.has_value());
    for (const auto value : {s->base, s->overall, s->temporal.value_or(0), s->environmental.value_or(0)}) {
      RC_ASSERT(value >= 0 && value <= 10);
      RC_ASSERT(static_cast<double>(static_cast<int>(value * 10 + 0.5)) / 10.0 == value);
    }
    if (version != Version::V4_0) {
      std::reverse(parts.begin(), parts.end());
      RC_ASSERT(score(joined(version, parts))->overall == s->overall);
    } else {
      std::erase_if(parts, [](const std::string& part) {
        for (const auto* key : {"S:", "AU:", "R:", "V:", "RE:", "U:"})
          if (part.starts_with(key)) return true;
        return false;
      });
      RC_ASSERT(score(joined(version, parts))->overall == s->overall);
    }
  }));
}

TEST_CASE("all vectors of the reference data have the scores given there") {
  const auto* folder = std::getenv("SLUICE_REFERENCE_DATA");
  if (folder == nullptr) {
    std::cout << "skipped: SLUICE_REFERENCE_DATA is not set, so the reference vectors of CVSS were not computed\n";
    return;
  }
  for (const auto* name : {"cvss20", "cvss30", "cvss31", "cvss40"}) {
    std::ifstream file(std::string(folder) + "/cvss/" + name + "-vectors.tsv");
    REQUIRE(file);
    std::string line;
    std::getline(file, line);  // head
    int rows = 0, wrong = 0;
    while (std::getline(file, line)) {
      std::vector<std::string> cells;
      std::istringstream in(line);
      for (std::string cell; std::getline(in, cell, '\t');) cells.push_back(cell);
      ++rows;
      CAPTURE(line);
      const auto vector = read_vector(cells[0]);
      REQUIRE(vector);
      const auto s = *score(cells[0]);
      const auto same = [](const std::string& expected, double got) { return std::stod(expected) == got; };
      bool ok = true;
      if (vector->version == Version::V4_0) {
        ok = same(cells[1], s.overall) && cells[2] == to_text(s.rating) && (cells[3].empty() || cells[3] == macrovector(cells[0]));
      } else {
        const auto tenths = vector->version == Version::V2_0 ? score2(*vector) : score3(*vector);
        ok = same(cells[1], s.base) && (cells[2].empty() || same(cells[2], tenths.temporal / 10.0)) && (cells[3].empty() || same(cells[3], tenths.environmental / 10.0));
      }
      if (!ok) ++wrong;
      CHECK(ok);
    }
    std::cout << name << ": " << rows << " vectors, " << wrong << " wrong\n";
    CHECK(rows > 500);
  }
  std::ifstream file(std::string(folder) + "/cvss/cvss40-rounding-edges.json");
  REQUIRE(file);
  const auto edges = parse_json(std::string(std::istreambuf_iterator<char>(file), {}));
  REQUIRE(edges);
  for (const auto& edge : edges->as_array()) CHECK(score(string_at(edge, "vector"))->overall == edge.at("expected").to_number<double>());
}
