#include "advisory/advisory.h"

#include <doctest/doctest.h>

#include "advisory/ecosystems.h"
#include "advisory/forms.h"

using namespace sluice;
using namespace sluice::advisory;

namespace {

Instant at(const char* text) { return *parse_instant(text); }

Advisory good() {
  Advisory a{.id = "EX-1", .title = "Title", .summary = "Summary", .publisher = {.name = "Example", .namespace_uri = "https://example.com"}, .status = PublicationStatus::Final};
  a.initial_release = a.current_release = at("2024-01-01T00:00:00Z");
  a.revisions = {{1, at("2024-01-01T00:00:00Z"), "First."}};
  a.products = {{.id = "p", .vendor = "V", .name = "N", .range = VersionRange{"maven", {{.introduced = "1", .fixed = "2"}}}, .purl = "pkg:maven/g/a", .ecosystem = "Maven", .package = "g:a"},
                {.id = "q", .vendor = "V", .name = "N", .version = "2", .purl = "pkg:maven/g/a@2"}};
  Vulnerability v{.cve = "CVE-2024-0001", .title = "Flaw", .cwe = Cwe{"CWE-502", "Deserialization of Untrusted Data"}, .description = "A flaw."};
  v.cvss = {{.vector = "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:C/C:H/I:H/A:H"}};
  v.statuses = {{"p", Status::KnownAffected}, {"q", Status::Fixed}};
  v.remediations = {{.details = "Update."}};
  v.references = {{.summary = "More", .url = "https://example.com/more"}};
  a.vulnerabilities = {v};
  a.cna = Cna{"f0158376-9dc2-43b6-827c-5f631a4d8d09", "example"};
  return a;
}

}  // namespace

TEST_CASE("an advisory in order has no findings, for no format") {
  for (const auto& f : check(good())) FAIL(f.where << " " << f.message);
  for (const auto format : {Format::Csaf, Format::Cve, Format::Osv}) CHECK(missing_for(good(), format).empty());
}

TEST_CASE("an advisory goes to JSON and back") {
  auto a = good();
  a.tlp = Tlp::AmberStrict;
  a.vulnerabilities[0].exploitation = Exploitation{"Seen.", at("2023-12-01T00:00:00Z")};
  const auto j = to_json(a);
  CHECK(string_at(j, "tlp") == "amber_strict");
  const auto back = from_json<Advisory>(j);
  REQUIRE(back);
  CHECK(canonical(to_json(*back)) == canonical(j));
}

TEST_CASE("what is wrong is found in its place, with its rule") {
  using Break = void (*)(Advisory&);
  const struct { const char* where; const char* rule; Severity severity; Break break_it; } rows[] = {
      {"/id", "CSAF 2.0 §3.2.1.12.4", Severity::Error, [](Advisory& a) { a.id = " EX-1"; }},
      {"/title", "schema", Severity::Error, [](Advisory& a) { a.title = ""; }},
      {"/summary", "A4", Severity::Warning, [](Advisory& a) { a.summary = ""; }},
      {"/publisher/name", "schema", Severity::Error, [](Advisory& a) { a.publisher.name = ""; }},
      {"/publisher/namespace_uri", "RFC 3986", Severity::Error, [](Advisory& a) { a.publisher.namespace_uri = "example.com"; }},
      {"/publisher/category", "CSAF 2.0 §6.1.15", Severity::Error, [](Advisory& a) { a.publisher.category = PublisherCategory::Translator; }},
      {"/publisher/contact_details", "schema", Severity::Error, [](Advisory& a) { a.publisher.contact_details = ""; }},
      {"/language", "CSAF 2.0 §6.1.12", Severity::Error, [](Advisory& a) { a.language = "english"; }},
      {"/canonical_url", "CSAF 2.0 §6.2.11", Severity::Warning, [](Advisory& a) { a.canonical_url = "http://example.com/ex-1.json"; }},
      {"/revisions", "A2", Severity::Error, [](Advisory& a) { a.revisions.clear(); }},
      {"/revisions/0/number", "CSAF 2.0 §6.1.21", Severity::Error, [](Advisory& a) { a.revisions[0].number = 2; }},
      {"/revisions/1/number", "CSAF 2.0 §6.1.21", Severity::Error, [](Advisory& a) { a.revisions.push_back({3, a.current_release, "x"}); }},
      {"/revisions/1/date", "CSAF 2.0 §6.1.14", Severity::Error, [](Advisory& a) { a.revisions.push_back({2, Instant{0}, "x"}); }},
      {"/revisions/0/number", "CSAF 2.0 §6.1.18", Severity::Error, [](Advisory& a) { a.revisions.insert(a.revisions.begin(), {0, a.initial_release, "x"}); }},
      {"/status", "CSAF 2.0 §6.1.17", Severity::Error, [](Advisory& a) { a.revisions[0].number = 0; }},
      {"/current_release", "A2", Severity::Error, [](Advisory& a) { a.current_release = Instant{0}; }},
      {"/initial_release", "CSAF 2.0 §6.2.5", Severity::Warning, [](Advisory& a) { a.initial_release = Instant{0}; }},
      {"/references/0/url", "RFC 3986", Severity::Error, [](Advisory& a) { a.references = {{.summary = "x", .url = "https://ex ample"}}; }},
      {"/acknowledgments/0", "schema", Severity::Error, [](Advisory& a) { a.acknowledgments = {{}}; }},
      {"/notes/0/text", "schema", Severity::Error, [](Advisory& a) { a.notes = {{}}; }},
      {"/products", "CSAF 2.0 §6.1.27.4", Severity::Error, [](Advisory& a) { a.products.clear(); }},
      {"/products/1/id", "CSAF 2.0 §6.1.2", Severity::Error, [](Advisory& a) { a.products[1].id = "p"; }},
      {"/products/1/range", "A4", Severity::Error, [](Advisory& a) { a.products[1].range = a.products[0].range; }},
      {"/products/1/version", "CSAF 2.0 §6.1.31", Severity::Error, [](Advisory& a) { a.products[1].version = "All before 2"; }},
      {"/products/0/range/scheme", "vers", Severity::Error, [](Advisory& a) { a.products[0].range->scheme = "Maven"; }},
      {"/products/0/range/spans", "vers", Severity::Error, [](Advisory& a) { a.products[0].range->spans.clear(); }},
      {"/products/0/range/spans/0", "OSV affected[].ranges[].events", Severity::Error, [](Advisory& a) { a.products[0].range->spans[0].last_affected = "1.9"; }},
      {"/products/0/range/spans/1/introduced", "vers", Severity::Error, [](Advisory& a) { a.products[0].range->spans.push_back({.fixed = "3"}); }},
      {"/products/0/range/spans/0", "vers", Severity::Error, [](Advisory& a) { a.products[0].range->spans.insert(a.products[0].range->spans.begin(), VersionSpan{}); }},
      {"/products/0/purl", "CSAF 2.0 §6.1.13", Severity::Error, [](Advisory& a) { a.products[0].purl = "pkg:maven"; }},
      {"/products/0/purl", "A4", Severity::Error, [](Advisory& a) { a.products[0].purl = "pkg:maven/g/a@1"; }},
      {"/products/0/cpe", "schema", Severity::Error, [](Advisory& a) { a.products[0].cpe = "cpe:2.3:a:x"; }},
      {"/products/0/ecosystem", "OSV affected[].package", Severity::Error, [](Advisory& a) { a.products[0].package.reset(); }},
      {"/products/1", "CSAF 2.0 §6.2.16", Severity::Warning, [](Advisory& a) { a.products[1].purl.reset(); }},
      {"/products/1", "CSAF 2.0 §6.2.1", Severity::Warning, [](Advisory& a) { a.vulnerabilities[0].statuses.pop_back(); }},
      {"/vulnerabilities", "CSAF 2.0 §6.1.27.11", Severity::Error, [](Advisory& a) { a.vulnerabilities.clear(); }},
      {"/vulnerabilities/1/cve", "CSAF 2.0 §6.1.23", Severity::Error, [](Advisory& a) { a.vulnerabilities.push_back(a.vulnerabilities[0]); }},
      {"/vulnerabilities/0/cve", "schema", Severity::Error, [](Advisory& a) { a.vulnerabilities[0].cve = "CVE-21-1"; }},
      {"/vulnerabilities/0/other_ids/0/id", "CSAF 2.0 §6.2.17", Severity::Warning, [](Advisory& a) { a.vulnerabilities[0].other_ids = {{"x", "CVE-2024-0002"}}; }},
      {"/vulnerabilities/0/other_ids/1", "schema", Severity::Error, [](Advisory& a) { a.vulnerabilities[0].other_ids = {{"x", "y"}, {"x", "y"}}; }},
      {"/vulnerabilities/0/title", "schema", Severity::Error, [](Advisory& a) { a.vulnerabilities[0].title = ""; }},
      {"/vulnerabilities/0/cwe/id", "CSAF 2.0 §6.1.11", Severity::Error, [](Advisory& a) { a.vulnerabilities[0].cwe->id = "CWE-999999"; }},
      {"/vulnerabilities/0/cwe/name", "CSAF 2.0 §6.1.11", Severity::Error, [](Advisory& a) { a.vulnerabilities[0].cwe->name = "Deserialisation"; }},
      {"/vulnerabilities/0/statuses", "CSAF 2.0 §6.1.27.6", Severity::Error, [](Advisory& a) { a.vulnerabilities[0].statuses.clear(); }},
      {"/vulnerabilities/0/statuses/2/product", "CSAF 2.0 §6.1.1", Severity::Error, [](Advisory& a) { a.vulnerabilities[0].statuses.push_back({"z", Status::Fixed}); }},
      {"/vulnerabilities/0/statuses/2/status", "CSAF 2.0 §6.1.6", Severity::Error, [](Advisory& a) { a.vulnerabilities[0].statuses.push_back({"p", Status::Fixed}); }},
      {"/vulnerabilities/0/statuses/2", "schema", Severity::Error, [](Advisory& a) { a.vulnerabilities[0].statuses.push_back({"p", Status::KnownAffected}); }},
      {"/vulnerabilities/0/statuses/0", "A3", Severity::Error, [](Advisory& a) { a.vulnerabilities[0].statuses[0].justification = Justification::ComponentNotPresent; }},
      {"/vulnerabilities/0/statuses/1", "CSAF 2.0 §6.1.27.9", Severity::Warning, [](Advisory& a) { a.vulnerabilities[0].statuses[1].status = Status::KnownNotAffected; }},
      {"/vulnerabilities/0/cvss/0/vector", "CVSS 3.1", Severity::Error, [](Advisory& a) { a.vulnerabilities[0].cvss[0].vector = "CVSS:3.1/AV:N"; }},
      {"/vulnerabilities/0/cvss/1", "CSAF 2.0 §6.1.7", Severity::Error, [](Advisory& a) { a.vulnerabilities[0].cvss.push_back(a.vulnerabilities[0].cvss[0]); }},
      {"/vulnerabilities/0/cvss", "CSAF 2.0 §6.2.3", Severity::Warning, [](Advisory& a) { a.vulnerabilities[0].cvss.clear(); }},
      {"/vulnerabilities/0/remediations", "CSAF 2.0 §6.2.2", Severity::Warning, [](Advisory& a) { a.vulnerabilities[0].remediations.clear(); }},
      {"/vulnerabilities/0/remediations/0/products", "CSAF 2.0 §6.1.29", Severity::Error, [](Advisory& a) { a.vulnerabilities[0].statuses = {{"q", Status::Fixed}}; }},
      {"/vulnerabilities/0/threats/0/products/0", "CSAF 2.0 §6.1.1", Severity::Error, [](Advisory& a) { a.vulnerabilities[0].threats = {{.details = "x", .products = {"z"}}}; }},
      {"/vulnerabilities/0/exploitation/details", "schema", Severity::Error, [](Advisory& a) { a.vulnerabilities[0].exploitation.emplace(); }},
      {"/vulnerabilities/0/credits/0/name", "schema", Severity::Error, [](Advisory& a) { a.vulnerabilities[0].credits = {{}}; }},
      {"/vulnerabilities/0/timeline/0/text", "schema", Severity::Error, [](Advisory& a) { a.vulnerabilities[0].timeline = {{}}; }},
  };
  for (const auto& row : rows) {
    auto a = good();
    row.break_it(a);
    bool found = false;
    std::string all;
    for (const auto& f : check(a)) {
      found = found || (f.where == row.where && f.rule == row.rule && f.severity == row.severity && !f.message.empty());
      all += f.where + " " + f.rule + "\n";
    }
    CAPTURE(std::string(row.where));
    CAPTURE(all);
    CHECK(found);
  }
}

TEST_CASE("what a CVE or OSV record lacks is found") {
  using Break = void (*)(Advisory&);
  const struct { Format format; const char* where; Break break_it; } rows[] = {
      {Format::Cve, "/cna", [](Advisory& a) { a.cna.reset(); }},
      {Format::Cve, "/cna/org_id", [](Advisory& a) { a.cna->org_id = "f0158376-9dc2-13b6-827c-5f631a4d8d09"; }},
      {Format::Cve, "/cna/short_name", [](Advisory& a) { a.cna->short_name = "x"; }},
      {Format::Cve, "/vulnerabilities", [](Advisory& a) { a.vulnerabilities[0].cve.reset(); }},
      {Format::Cve, "/vulnerabilities/0/title", [](Advisory& a) { a.vulnerabilities[0].title = std::string(257, 'x'); }},
      {Format::Cve, "/vulnerabilities/0/description_en", [](Advisory& a) { a.language = "de"; }},
      {Format::Cve, "/vulnerabilities/0/description", [](Advisory& a) { a.vulnerabilities[0].description = std::string(4097, 'x'); }},
      {Format::Cve, "/vulnerabilities/0/references", [](Advisory& a) { a.vulnerabilities[0].references.clear(); }},
      {Format::Cve, "/vulnerabilities/0/statuses", [](Advisory& a) { a.vulnerabilities[0].statuses = {{"p", Status::Recommended}}; a.vulnerabilities[0].remediations.clear(); }},
      {Format::Osv, "/products", [](Advisory& a) { a.products[0].ecosystem.reset(); a.products[0].package.reset(); }},
      {Format::Osv, "/products", [](Advisory& a) { a.products[0].ecosystem = "Unheard"; }},
      {Format::Osv, "/products", [](Advisory& a) { a.vulnerabilities[0].statuses[0].status = Status::UnderInvestigation; }},
      {Format::Csaf, "/title", [](Advisory& a) { a.title = ""; }},
  };
  for (const auto& row : rows) {
    auto a = good();
    row.break_it(a);
    const auto missing = missing_for(a, row.format);
    CAPTURE(std::string(row.where));
    REQUIRE(missing.size() == 1);
    CHECK(missing[0].where == row.where);
  }
}

TEST_CASE("ecosystems are known by their names, with or without a release") {
  CHECK(is_known_ecosystem("Maven"));
  CHECK(is_known_ecosystem("Debian:12"));
  CHECK_FALSE(is_known_ecosystem("maven"));
  CHECK_FALSE(is_known_ecosystem("Debian:"));
  CHECK(is_semver_ecosystem("npm"));
  CHECK_FALSE(is_semver_ecosystem("Maven"));
}

TEST_CASE("A2: a revision gets the next number and sets the current release") {
  const auto second = revise(good(), {.date = at("2024-02-01T00:00:00Z"), .summary = "More."});
  REQUIRE(second);
  CHECK(version_of(*second) == 2);
  CHECK(second->current_release == at("2024-02-01T00:00:00Z"));
  CHECK(second->initial_release == at("2024-01-01T00:00:00Z"));
  CHECK(is_valid(check(*second)));
  CHECK(revise(good(), {.number = 3, .date = at("2024-02-01T00:00:00Z"), .summary = "More."}).error().where == "/number");
  CHECK(revise(good(), {.date = at("2023-02-01T00:00:00Z"), .summary = "More."}).error().where == "/date");
  CHECK(revise(good(), {.date = at("2024-02-01T00:00:00Z")}).error().where == "/summary");
  auto fresh = good();
  fresh.revisions.clear();
  CHECK(version_of(fresh) == 0);
  CHECK(revise(fresh, {.date = at("2025-02-01T00:00:00Z"), .summary = "First."})->initial_release == at("2025-02-01T00:00:00Z"));
}

TEST_CASE("a range is written as vers") {
  CHECK(vers_text({"maven", {{.introduced = "2.0-beta9", .fixed = "2.3.1"}, {.introduced = "2.4", .last_affected = "2.12"}}}) == "vers:maven/>=2.0-beta9|<2.3.1|>=2.4|<=2.12");
  CHECK(vers_text({"npm", {{.fixed = "1.0"}, {.introduced = "1.5", .last_affected = "1.5"}, {.introduced = "2"}}}) == "vers:npm/<1.0|1.5|>=2");
  CHECK(vers_text({"generic", {{}}}) == "vers:generic/*");
  CHECK(vers_text({"generic", {{.fixed = "1|2 *ü"}}}) == "vers:generic/<1%7C2%20%2A%C3%BC");
}

TEST_CASE("weaknesses have MITRE's names") {
  CHECK(cwe_name("CWE-502") == "Deserialization of Untrusted Data");
  CHECK(cwe_name("CWE-5") == "J2EE Misconfiguration: Data Transmission Without Encryption");
  for (const auto* id : {"CWE-", "502", "CWE-0502", "CWE-999999", "CWE-5x", ""}) CHECK(cwe_name(id).empty());
}

TEST_CASE("forms are told from what only looks like them") {
  for (const auto* ok : {"https://example.com", "urn:x:y", "mailto:a@b.example", "https://e.example/a?b=c&d=%20#f", "https://me@e.example:8443/x@y:z"}) CHECK_MESSAGE(is_uri(ok), ok);
  for (const auto* bad : {"", "example.com", "https:", "https://", "https:///x", "1a:b", "a b:c", "https://e/%2", "https://e/ü", "a:b#c#d", "https://[::1]/", "https://e:8x/", "https://a@b@c/", "urn:?x"}) CHECK_MESSAGE(!is_uri(bad), bad);
  for (const auto* ok : {"pkg:npm/%40a/b@1", "pkg:maven/g/a", "pkg:generic/x?y=z#s", "pkg:npm/%C3%BC%F0%9F%98%80", "pkg:swift/github.com/a/b@1", "pkg:conan/u/a@1?channel=c", "pkg:oci/a?tag=b/c"}) CHECK_MESSAGE(is_purl(ok), ok);
  for (const auto* bad : {"npm/a", "pkg:/a", "pkg:npm/", "pkg:npm", "pkg:1/a", "pkg:npm//a", "pkg:npm/@1", "pkg:npm/a@", "pkg:maven/a@1", "pkg:cran/a", "pkg:oci/a/b", "pkg:conan/u/a@1", "pkg:conan/a?channel=c", "pkg:generic/a?1x=2", "pkg:generic/a?b&=c", "pkg:npm/a@1@2", "pkg:npm/%ff", "pkg:npm/%C3", "pkg:npm/%ED%A0%80"}) CHECK_MESSAGE(!is_purl(bad), bad);
  CHECK(has_version("pkg:npm/a@1?x=y"));
  CHECK_FALSE(has_version("pkg:npm/a?x=y@1"));
  CHECK(without_version("pkg:npm/a@1?x=y#z") == "pkg:npm/a?x=y#z");
  CHECK(without_version("pkg:npm/a?x=@") == "pkg:npm/a?x=@");
  for (const auto* ok : {"cpe:2.3:a:b:c:1.0:*:*:*:*:*:*:*", "cpe:2.3:o:b\\:x:c:?1?:-:*:en-US:*:*:*:*", "cpe:/a:b:c:1.0", "cpe:/o"}) CHECK_MESSAGE(is_cpe(ok), ok);
  for (const auto* bad : {"", "cpe:2.3:a:b:c", "cpe:2.3:x:b:c:1.0:*:*:*:*:*:*:*", "cpe:2.3:a:b:c:1*0:*:*:*:*:*:*:*", "cpe:2.3:a:b c:c:1:*:*:*:*:*:*:*", "cpe:2.3:a:b:c:1:*:*:english:*:*:*:*", "cpe:/x:y", "cpe:2.3:a:b:c:1.0:*:*:*:*:*:*:\\"})
    CHECK_MESSAGE(!is_cpe(bad), bad);
  CHECK(is_cve_id("CVE-2021-44228"));
  for (const auto* bad : {"CVE-2021-442", "cve-2021-44228", "CVE-2021-4422x", "CVE-20210-4422"}) CHECK_MESSAGE(!is_cve_id(bad), bad);
  for (const auto* ok : {"en", "pt-br", "ZH-hant-TW", "es-419", "gsw"}) CHECK_MESSAGE(is_language(ok), ok);
  for (const auto* bad : {"", "e", "english", "en_US", "en-", "x-private", "en-US-DE", "en-US-Latn", "xx", "en-XX", "en-Xxxx", "qaa"}) CHECK_MESSAGE(!is_language(bad), bad);
  CHECK(is_english("en-GB"));
  CHECK_FALSE(is_english("enm"));
  CHECK(names_a_range("< 3"));
  CHECK(names_a_range("3 and earlier"));
  CHECK_FALSE(names_a_range("small install 3"));
}
