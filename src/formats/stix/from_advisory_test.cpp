#include <doctest/doctest.h>

#include "formats/stix/check.h"
#include "formats/stix/from_advisory.h"

using namespace sluice;

namespace {

advisory::Advisory small_advisory() {
  advisory::Advisory out;
  out.id = "EXAMPLE-2026-1";
  out.title = "A flaw";
  out.publisher = {.name = "Example CERT", .namespace_uri = "https://cert.example"};
  out.initial_release = *parse_instant("2026-01-01T00:00:00Z");
  advisory::Vulnerability v;
  v.cve = "CVE-2026-0001";
  v.title = "Text is run";
  v.description = "Logged text is looked up.";
  v.remediations = {{advisory::RemediationCategory::VendorFix, "Update to 2.", {}, "https://example.org/2", {}}, {advisory::RemediationCategory::NoFixPlanned, "Nothing comes for 1.", {}, {}, {}}};
  v.references = {{"Notes", "https://example.org/notes", advisory::ReferenceCategory::External, {}}};
  out.vulnerabilities.push_back(v);
  return out;
}

const json::object* of_type(const formats::stix::AdvisoryObjects& made, std::string_view type) {
  for (const auto& one : made.objects)
    if (string_at(one, "type") == type) return &one;
  return nullptr;
}

}  // namespace

TEST_CASE("an advisory's objects are valid STIX") {
  for (auto advisory : {small_advisory(), [] { auto other = small_advisory(); other.language = "de"; other.vulnerabilities[0].cve.reset(); return other; }()})
    for (const auto& object : formats::stix::from_advisory(advisory, "site", *parse_instant("2026-01-02T10:00:00.5Z")).objects)
      for (const auto& finding : formats::stix::check_object(object)) {
        INFO(canonical(object) << " " << finding.where << " " << finding.message);
        CHECK(finding.severity != Severity::Error);
      }
}

TEST_CASE("a second version of an advisory makes new versions of the same objects") {
  const auto first = formats::stix::from_advisory(small_advisory(), "site", *parse_instant("2026-01-02T10:00:00Z"));
  auto changed = small_advisory();
  changed.vulnerabilities[0].description = "More is known.";
  const auto second = formats::stix::from_advisory(changed, "site", *parse_instant("2026-01-03T10:00:00Z"));
  REQUIRE(first.objects.size() == second.objects.size());
  for (std::size_t i = 0; i < first.objects.size(); ++i) {
    CHECK(string_at(first.objects[i], "id") == string_at(second.objects[i], "id"));
    CHECK(string_at(first.objects[i], "created") == string_at(second.objects[i], "created"));
    CHECK(string_at(first.objects[i], "modified") == "2026-01-02T10:00:00.000Z");
    CHECK(string_at(second.objects[i], "modified") == "2026-01-03T10:00:00.000Z");
  }
  // Another site's are others.
  CHECK(string_at(first.objects[0], "id") != string_at(formats::stix::from_advisory(small_advisory(), "other", *parse_instant("2026-01-02T10:00:00Z")).objects[0], "id"));
}

TEST_CASE("what mitigates is what users can do, and no more") {
  const auto made = formats::stix::from_advisory(small_advisory(), "site", *parse_instant("2026-01-02T10:00:00Z"));
  REQUIRE(of_type(made, "course-of-action"));
  CHECK(string_at(*of_type(made, "course-of-action"), "description") == "Update to 2.");
  CHECK(string_at(*of_type(made, "relationship"), "target_ref") == string_at(*of_type(made, "vulnerability"), "id"));
  auto without = small_advisory();
  without.vulnerabilities[0].remediations.pop_back();
  without.vulnerabilities[0].remediations.pop_back();
  CHECK_FALSE(of_type(formats::stix::from_advisory(without, "site", *parse_instant("2026-01-02T10:00:00Z")), "course-of-action"));
}
