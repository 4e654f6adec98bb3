// What CVE records (5.1) and OSV records (1.7) need beyond a valid advisory.
#include <algorithm>

#include "advisory/advisory.h"
#include "advisory/ecosystems.h"
#include "advisory/forms.h"

namespace sluice::advisory {

namespace {

// Characters, not bytes: what the schemas' maxLength counts.
std::size_t characters(std::string_view text) {
  return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
}

Findings missing_for_cve(const Advisory& a) {
  Findings out;
  const auto error = [&](std::string rule, std::string where, std::string message) { out.push_back({Severity::Error, "CVE 5.1 " + rule, std::move(where), std::move(message)}); };
  if (!a.cna) {
    error("providerMetadata", "/cna", "A CVE record names the CVE Numbering Authority that publishes it.");
  } else {
    if (!is_uuid4(a.cna->org_id)) error("orgId", "/cna/org_id", "This must be the authority's UUID of version 4.");
    if (a.cna->short_name.size() < 2 || a.cna->short_name.size() > 32) error("shortName", "/cna/short_name", "The authority's short name has 2 to 32 characters.");
  }
  if (std::none_of(a.vulnerabilities.begin(), a.vulnerabilities.end(), [](const Vulnerability& v) { return v.cve.has_value(); }))
    error("cveId", "/vulnerabilities", "A CVE record needs a CVE id; no vulnerability has one.");
  for (std::size_t i = 0; i < a.vulnerabilities.size(); ++i) {
    const auto& v = a.vulnerabilities[i];
    const auto at = "/vulnerabilities/" + std::to_string(i);
    if (!v.cve) continue;  // has no record, which hinders the others not
    if (std::all_of(v.statuses.begin(), v.statuses.end(), [](const ProductStatus& s) { return s.status == Status::Recommended; }))
      error("affected", at + "/statuses", "A CVE record says of at least one product whether it is affected.");
    if (characters(v.title) > 256) error("title", at + "/title", "The title of a CVE record has at most 256 characters.");
    if (!is_english(a.language) && !v.description_en) error("descriptions", at + "/description_en", "A CVE record needs a description in English.");
    const auto& english = v.description_en ? *v.description_en : v.description;
    if (characters(english) > 4096) error("descriptions", at + (v.description_en ? "/description_en" : "/description"), "A description in a CVE record has at most 4096 characters.");
    if (v.references.empty() && a.references.empty() && !a.canonical_url) error("references", at + "/references", "A CVE record needs at least one public reference.");
    if (v.references.size() + a.references.size() > 511) error("references", at + "/references", "A CVE record has at most 512 references.");
  }
  return out;
}

Findings missing_for_osv(const Advisory& a) {
  for (const auto& v : a.vulnerabilities)
    for (const auto& s : v.statuses) {
      const auto* product = product_of(a, s.product);
      if (is_affected(s.status) && product != nullptr && product->package && product->ecosystem && is_known_ecosystem(*product->ecosystem)) return {};
    }
  return {{Severity::Error, "OSV 1.7 affected[].package", "/products", "OSV speaks of packages: no affected product has a package name in an ecosystem that OSV knows."}};
}

}  // namespace

Findings missing_for(const Advisory& advisory, Format format) {
  auto out = check(advisory);
  std::erase_if(out, [](const Finding& f) { return f.severity != Severity::Error; });
  const auto more = format == Format::Cve ? missing_for_cve(advisory) : format == Format::Osv ? missing_for_osv(advisory) : Findings{};
  out.insert(out.end(), more.begin(), more.end());
  return out;
}

}  // namespace sluice::advisory
