#include "formats/samples.h"

#include <rapidcheck.h>

namespace sluice::formats::samples {

using namespace sluice::advisory;

namespace {

Instant at(const char* text) { return *parse_instant(text); }

Publisher publisher() {
  return {.name = "Example CERT", .category = PublisherCategory::Coordinator, .namespace_uri = "https://cert.example", .contact_details = "cert@cert.example",
          .issuing_authority = "Coordinates for the vendors named here."};
}

Product range(std::string id, std::string vendor, std::string name, VersionRange versions) {
  return {.id = std::move(id), .vendor = std::move(vendor), .name = std::move(name), .range = std::move(versions)};
}

}  // namespace

Advisory log4shell() {
  Advisory a{.id = "SLUICE-2021-0001", .title = "Log4Shell: remote code execution through log messages in Apache Log4j 2",
             .summary = "Apache Log4j 2 resolves lookups in logged text. Who controls a log message can make a server load and run code.", .publisher = publisher()};
  a.status = PublicationStatus::Interim;
  a.initial_release = a.current_release = at("2021-12-10T10:00:00Z");
  a.revisions = {{.number = 1, .date = at("2021-12-10T10:00:00Z"), .summary = "First publication."}};
  a.aggregate_severity = "Critical";
  a.canonical_url = "https://cert.example/.well-known/csaf/white/2021/sluice-2021-0001.json";
  a.references = {{.summary = "Apache Logging Services: security", .url = "https://logging.apache.org/security.html", .tags = {ReferenceTag::Advisory}},
                  {.summary = "This advisory as a page", .url = "https://cert.example/advisories/SLUICE-2021-0001", .category = ReferenceCategory::Self}};
  a.acknowledgments = {{.names = {"The volunteers of Apache Logging"}, .summary = "for weeks of work", .urls = {"https://logging.apache.org/"}}};
  a.legal = "Shared under TLP:CLEAR.";
  a.cna = Cna{.org_id = "f0158376-9dc2-43b6-827c-5f631a4d8d09", .short_name = "example"};

  auto core = range("log4j-core-affected", "Apache Software Foundation", "Apache Log4j2",
                    {.scheme = "maven", .spans = {{.introduced = "2.0-beta9", .fixed = "2.3.1"}, {.introduced = "2.4", .fixed = "2.12.2"}, {.introduced = "2.13.0", .fixed = "2.15.0"}}});
  core.purl = "pkg:maven/org.apache.logging.log4j/log4j-core";
  core.ecosystem = "Maven";
  core.package = "org.apache.logging.log4j:log4j-core";
  core.repository = "https://github.com/apache/logging-log4j2";
  auto core_incomplete = core;
  core_incomplete.id = "log4j-core-incomplete-fix";
  core_incomplete.range = VersionRange{.scheme = "maven", .spans = {{.introduced = "2.13.0", .last_affected = "2.15.0"}}};
  Product core_fixed = core;
  core_fixed.id = "log4j-core-2.16.0";
  core_fixed.range.reset();
  core_fixed.version = "2.16.0";
  core_fixed.purl = "pkg:maven/org.apache.logging.log4j/log4j-core@2.16.0";
  core_fixed.cpe = "cpe:2.3:a:apache:log4j:2.16.0:*:*:*:*:*:*:*";
  auto elasticsearch = range("elasticsearch-7", "Elastic", "Elasticsearch", {.scheme = "maven", .spans = {{.introduced = "7.0.0", .fixed = "7.16.1"}}});
  elasticsearch.purl = "pkg:maven/org.elasticsearch/elasticsearch";
  elasticsearch.ecosystem = "Maven";
  elasticsearch.package = "org.elasticsearch:elasticsearch";
  Product sonarqube{.id = "sonarqube-8.9.2", .vendor = "SonarSource", .name = "SonarQube", .version = "8.9.2.46101", .purl = "pkg:generic/sonarqube@8.9.2.46101"};
  Product graylog{.id = "graylog", .vendor = "Graylog", .name = "Graylog", .cpe = "cpe:2.3:a:graylog:graylog:*:*:*:*:*:*:*:*", .platforms = {"Linux"}};
  a.products = {core, core_incomplete, core_fixed, elasticsearch, sonarqube, graylog};

  Vulnerability first{.cve = "CVE-2021-44228", .other_ids = {{"GitHub Advisory", "GHSA-jfh8-c2jp-5v3q"}, {"CNVD", "CNVD-2021-95914"}}, .title = "JNDI lookups in log messages run remote code"};
  first.cwe = Cwe{"CWE-917", "Improper Neutralization of Special Elements used in an Expression Language Statement ('Expression Language Injection')"};
  first.description = "Apache Log4j 2.0-beta9 to 2.15.0 resolve JNDI lookups in configuration, log messages and parameters, and load code from servers that an attacker names.";
  first.discovered = at("2021-11-24T00:00:00Z");
  first.released = at("2021-12-10T00:00:00Z");
  first.cve_reserved = at("2021-11-26T00:00:00Z");
  first.cvss = {{.vector = "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:C/C:H/I:H/A:H"}};
  first.statuses = {{"log4j-core-affected", Status::KnownAffected},
                    {"elasticsearch-7", Status::KnownAffected},
                    {"sonarqube-8.9.2", Status::UnderInvestigation},
                    {"log4j-core-2.16.0", Status::Fixed},
                    {"log4j-core-2.16.0", Status::Recommended},
                    {"graylog", Status::KnownNotAffected, Justification::VulnerableCodeNotInExecutePath, "An example; lookups are switched off in the configuration that is shipped."}};
  first.remediations = {{.category = RemediationCategory::VendorFix, .details = "Update log4j-core to 2.16.0.", .products = {"log4j-core-affected"}, .url = "https://logging.apache.org/log4j/2.x/download.html", .date = at("2021-12-13T00:00:00Z")},
                        {.category = RemediationCategory::VendorFix, .details = "Update Elasticsearch to 7.16.1 or later.", .products = {"elasticsearch-7"}},
                        {.category = RemediationCategory::Workaround, .details = "Remove the class JndiLookup from the jar."}};
  first.threats = {{.category = ThreatCategory::Impact, .details = "Full control of the process that logs."}};
  first.exploitation = Exploitation{"Exploited since at least the start of December 2021.", at("2021-12-01T04:36:50Z")};
  first.references = {{.summary = "CVE record", .url = "https://www.cve.org/CVERecord?id=CVE-2021-44228"}, {.summary = "The change", .url = "https://github.com/apache/logging-log4j2/pull/608", .tags = {ReferenceTag::Fix}}};
  first.credits = {{.name = "Chen Zhaojun", .type = CreditType::Finder, .organization = "Alibaba Cloud Security Team"}};
  first.timeline = {{at("2021-11-24T00:00:00Z"), "Reported to the Apache Software Foundation."}, {at("2021-12-10T00:00:00Z"), "CVE record published."}};

  Vulnerability second{.cve = "CVE-2021-45046", .title = "The fix in 2.15.0 was incomplete in some configurations"};
  second.cwe = first.cwe;
  second.description = "With a pattern layout that takes thread context from outside, version 2.15.0 still resolves some lookups.";
  second.released = at("2021-12-14T16:55:09Z");
  second.cvss = {{.vector = "CVSS:3.1/AV:N/AC:H/PR:N/UI:N/S:C/C:H/I:H/A:H"}};
  second.statuses = {{"log4j-core-incomplete-fix", Status::KnownAffected}, {"log4j-core-2.16.0", Status::Fixed}};
  second.remediations = {{.category = RemediationCategory::VendorFix, .details = "Update log4j-core to 2.16.0."}};
  second.references = {{.summary = "CVE record", .url = "https://www.cve.org/CVERecord?id=CVE-2021-45046"}};
  a.vulnerabilities = {first, second};
  return a;
}

Advisory minimal() {
  Advisory a{.id = "MIN-1", .title = "Minimal", .publisher = {.name = "Example", .namespace_uri = "https://example.com"}};
  a.revisions = {{.number = 1, .date = at("2024-01-01T00:00:00Z"), .summary = "First publication."}};
  a.initial_release = a.current_release = at("2024-01-01T00:00:00Z");
  a.status = PublicationStatus::Final;
  a.products = {{.id = "p", .vendor = "Example", .name = "Product"}};
  a.vulnerabilities = {{.title = "Flaw", .description = "A flaw.", .statuses = {{"p", Status::KnownAffected}}}};
  return a;
}

Advisory revised() {
  auto a = *revise(log4shell(), {.date = at("2021-12-20T09:00:00Z"), .summary = "SonarQube is fixed; a second vulnerability is being looked at."});
  a.products.push_back({.id = "sonarqube-8.9.4", .vendor = "SonarSource", .name = "SonarQube", .version = "8.9.4", .purl = "pkg:generic/sonarqube@8.9.4"});
  a.vulnerabilities[0].statuses.push_back({"sonarqube-8.9.4", Status::FirstFixed});
  a.vulnerabilities[0].statuses[2].status = Status::KnownAffected;
  return a;
}

Advisory scored() {
  auto a = minimal();
  a.id = "SCORES 1/2";
  a.status = PublicationStatus::Draft;
  a.revisions.insert(a.revisions.begin(), {.number = 0, .date = at("2023-12-31T00:00:00Z"), .summary = "Draft."});
  a.tlp = Tlp::AmberStrict;
  a.products = {{.id = "p1", .vendor = "Example", .name = "Product", .version = "1.0"}, {.id = "p2", .vendor = "Example", .name = "Product", .version = "2.0", .cpe = "cpe:/a:example:product:2.0"}, {.id = "p3", .vendor = "Other", .name = "Thing", .version = "v3"}};
  for (auto& p : a.products) {
    p.ecosystem = "npm";
    p.package = "@example/" + p.id;
  }
  auto& v = a.vulnerabilities[0];
  v.cve = "CVE-2024-0001";
  a.cna = Cna{"f0158376-9dc2-43b6-827c-5f631a4d8d09", "example"};
  v.references = {{.summary = "Issue", .url = "https://example.com/issue?id=1&x=%20y", .tags = {ReferenceTag::IssueTracking, ReferenceTag::Report}}};
  v.statuses = {{"p1", Status::KnownAffected}, {"p2", Status::FirstAffected}, {"p3", Status::LastAffected}};
  v.cvss = {{.vector = "AV:N/AC:L/Au:N/C:N/I:N/A:C/E:F/RL:OF/RC:C/CDP:H/TD:H/CR:M/IR:M/AR:H"},
            {.vector = "CVSS:3.0/AV:L/AC:H/PR:L/UI:R/S:C/C:L/I:L/A:N/E:P/RL:T/RC:R", .products = {"p1"}},
            {.vector = "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H/E:U/RL:O/RC:U/CR:H/MAV:A/MPR:L/MS:C/MC:L", .products = {"p2", "p3"}},
            {.vector = "CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:N/SI:L/SA:L/E:P/CR:H/MSC:N/MSI:S/S:P/AU:Y/R:U/V:C/RE:L/U:Amber"}};
  return a;
}

Advisory unicode() {
  auto a = log4shell();
  a.id = "示例 2021-1";
  a.language = "zh-Hans-CN";
  a.title = "日志库“远程代码执行”漏洞 — \"quoted\" \\ back/slash";
  a.summary = "第一行\n第二行\t制表符 😀 e\u0301";
  a.canonical_url = "https://cert.example/2021/_2021-1.json";
  a.publisher.name = "Müller & Söhne <CERT>";
  for (auto& v : a.vulnerabilities) {
    v.description_en = "Lookups in log messages run code.";
    v.description = "在记录的文本中解析查找。";
    v.remediations.push_back({.category = RemediationCategory::NoneAvailable, .details = "暂无"});
  }
  a.vulnerabilities[0].cwe = Cwe{"CWE-30", "Path Traversal: '\\dir\\..\\filename'"};
  a.vulnerabilities[0].credits = {{.name = "陈兆军", .type = CreditType::RemediationVerifier, .organization = "阿里云", .contact = {"https://example.com/%E9%99%88"}}};
  a.products[4].name = "Ünïcode Prodükt";
  return a;
}

std::vector<Sample> all() { return {{"log4shell", log4shell()}, {"minimal", minimal()}, {"revised", revised()}, {"scored", scored()}, {"unicode", unicode()}}; }

Advisory any() {
  using namespace rc;
  const auto coin = [] { return *gen::arbitrary<bool>(); };
  const auto upto = [](int n) { return *gen::inRange(0, n + 1); };
  const auto words = [] { return *gen::element<std::string>("a", "Flaw in the parser", "Größe über 4 GB", "漏洞", "x\ny", "\"quoted\"", "before 3", "2.0-rc1"); };
  auto a = minimal();
  a.title = words();
  a.summary = coin() ? words() : "";
  a.language = *gen::element<std::string>("en", "de", "zh-Hant", "en-GB", "pt-BR");
  a.tlp = *gen::element(Tlp::Clear, Tlp::Green, Tlp::AmberStrict, Tlp::Red);
  a.status = *gen::element(PublicationStatus::Draft, PublicationStatus::Interim, PublicationStatus::Final);
  for (int i = upto(3); i > 0; --i) a = *revise(a, {.date = a.current_release + std::chrono::hours(upto(48)), .summary = words()});
  a.products.clear();
  for (int i = 0, n = 1 + upto(5); i < n; ++i) {
    Product p{.id = "p" + std::to_string(i), .vendor = *gen::element<std::string>("Example", "Other"), .name = *gen::element<std::string>("Thing", "Prodükt")};
    const int kind = upto(3);
    if (kind == 0) p.version = std::to_string(upto(9)) + ".0";
    if (kind == 1) p.range = VersionRange{.scheme = "semver", .spans = {{.fixed = "1.0.0"}, {.introduced = "2.0.0", .last_affected = "2.5.0"}, {.introduced = "3.0.0"}}};
    if (kind == 2) p.range = VersionRange{.scheme = "npm", .spans = {{.introduced = "1.0.0", .fixed = "1.2.3"}}};
    if (coin()) p.purl = "pkg:npm/%40example/thing" + (p.version ? "@" + *p.version : std::string());
    if (coin()) p.cpe = "cpe:2.3:a:example:thing\\!:*:*:*:*:*:*:*:*";
    if (coin()) {
      p.ecosystem = *gen::element<std::string>("npm", "Maven", "Debian:12", "Unheard");
      p.package = "thing" + std::to_string(upto(1));
    }
    a.products.push_back(std::move(p));
  }
  a.vulnerabilities.clear();
  for (int i = 0, n = 1 + upto(2); i < n; ++i) {
    Vulnerability v{.title = words(), .description = words()};
    if (coin()) v.cve = "CVE-2024-" + std::to_string(1000 + i);
    if (coin()) v.cwe = Cwe{"CWE-79", std::string(cwe_name("CWE-79"))};
    if (coin()) v.other_ids = {{"Example", words()}};
    for (const auto& p : a.products) {
      if (coin() && !v.statuses.empty()) continue;
      ProductStatus s{p.id, *gen::element(Status::FirstAffected, Status::KnownAffected, Status::LastAffected, Status::KnownNotAffected, Status::FirstFixed, Status::Fixed, Status::Recommended, Status::UnderInvestigation)};
      if (s.status == Status::KnownNotAffected && coin()) s.justification = *gen::element(Justification::ComponentNotPresent, Justification::VulnerableCodeNotPresent);
      if (s.status == Status::KnownNotAffected && coin()) s.impact_statement = words();
      v.statuses.push_back(s);
      if (coin() && is_affected(s.status)) v.statuses.push_back({p.id, Status::Recommended});
    }
    if (coin()) v.cvss.push_back({.vector = "CVSS:3.1/AV:N/AC:L/PR:N/UI:R/S:C/C:L/I:L/A:N"});
    if (coin()) v.cvss.push_back({.vector = "CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N"});
    if (coin()) v.cvss.push_back({.vector = "AV:N/AC:M/Au:N/C:P/I:N/A:N", .products = {a.products.front().id}});
    if (coin()) v.remediations.push_back({.category = *gen::element(RemediationCategory::VendorFix, RemediationCategory::Workaround, RemediationCategory::NoFixPlanned), .details = words()});
    if (coin()) v.threats.push_back({.category = ThreatCategory::TargetSet, .details = words(), .products = {a.products.back().id}});
    if (coin()) v.exploitation = Exploitation{words(), a.initial_release};
    if (coin()) v.credits.push_back({.name = words(), .type = CreditType::Tool});
    if (coin()) v.timeline.push_back({a.initial_release, words()});
    if (coin()) v.notes.push_back({.category = NoteCategory::Faq, .text = words()});
    if (coin()) v.references.push_back({.summary = words(), .url = "https://example.com/" + std::to_string(i)});
    a.vulnerabilities.push_back(std::move(v));
  }
  if (coin()) a.cna = Cna{"f0158376-9dc2-43b6-827c-5f631a4d8d09", "example"};
  if (coin()) a.references = {{.summary = words(), .url = "https://example.com/all"}};
  return a;
}

}  // namespace sluice::formats::samples
