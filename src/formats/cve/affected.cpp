#include "formats/cve/affected.h"

#include <algorithm>
#include <array>

#include "advisory/forms.h"
#include "base/json.h"

namespace sluice::formats::cve {

using namespace sluice::advisory;

namespace {

// Where the packages of an OSV ecosystem lie, as CVE records call it (5.1 collectionURL).
constexpr std::pair<std::string_view, std::string_view> kCollections[] = {
    {"CRAN", "https://cran.r-project.org"},       {"crates.io", "https://crates.io"},         {"Go", "https://pkg.go.dev"},
    {"Hackage", "https://hackage.haskell.org"},   {"Hex", "https://repo.hex.pm"},             {"Maven", "https://repo.maven.apache.org/maven2"},
    {"npm", "https://registry.npmjs.org"},        {"NuGet", "https://nuget.org/packages"},    {"Packagist", "https://packagist.org"},
    {"Pub", "https://pub.dev"},                   {"PyPI", "https://pypi.python.org"},        {"RubyGems", "https://rubygems.org"},
};

std::string_view collection_of(std::string_view ecosystem) {
  for (const auto& [name, url] : kCollections)
    if (name == ecosystem) return url;
  return {};
}

std::string_view version_type(std::string_view scheme) {
  if (scheme == "npm" || scheme == "cargo" || scheme == "semver" || scheme == "golang") return "semver";
  if (scheme == "pypi") return "python";
  if (scheme == "generic") return "custom";
  return scheme;
}

// Products that are one product in several versions.
bool same_product(const Product& a, const Product& b) { return a.vendor == b.vendor && a.name == b.name && a.ecosystem == b.ecosystem && a.package == b.package; }

std::string_view word_of(Status status) { return is_affected(status) ? "affected" : status == Status::UnderInvestigation ? "unknown" : "unaffected"; }

struct Group {
  std::vector<std::pair<const Product*, Status>> members;
};

json::array versions_of(const Group& group) {
  // The first entry that holds a version decides (CVE Record Format, versions), so single versions stand before ranges.
  json::array out;
  for (const auto& [product, status] : group.members)
    if (product->version) out.push_back(json::object{{"version", *product->version}, {"status", word_of(status)}});
  for (const auto& [product, status] : group.members) {
    if (!product->range) continue;
    for (const auto& span : product->range->spans) {
      json::object item{{"status", word_of(status)}};
      if (span.introduced && span.introduced == span.last_affected) {
        item["version"] = *span.introduced;
      } else {
        item["version"] = span.introduced.value_or("0");
        item["versionType"] = version_type(product->range->scheme);
        if (span.last_affected) item["lessThanOrEqual"] = *span.last_affected;
        else item["lessThan"] = span.fixed.value_or("*");
      }
      out.push_back(std::move(item));
    }
  }
  return once_each(out);
}

std::string_view default_status(const Group& group) {
  bool ranged = false;
  for (const auto& [product, status] : group.members) {
    if (!product->version && !product->range) return word_of(status);  // said of all versions
    ranged = ranged || (product->range && is_affected(status));
  }
  return ranged ? "unaffected" : "unknown";
}

}  // namespace

json::array affected(const Advisory& advisory, const Vulnerability& v, RecordVersion version, const std::string& where, Losses& losses) {
  std::vector<Group> groups;
  for (std::size_t i = 0; i < v.statuses.size(); ++i) {
    const auto& s = v.statuses[i];
    const auto* product = product_of(advisory, s.product);
    if (product == nullptr) continue;
    const auto at = where + "/statuses/" + std::to_string(i);
    if (s.status == Status::Recommended) {
      losses.push_back({at, "CVE records don't say which version is recommended."});
      continue;
    }
    if (s.justification || s.impact_statement) losses.push_back({at, "CVE records don't say why a product is not affected."});
    auto group = std::find_if(groups.begin(), groups.end(), [&](const Group& g) { return same_product(*g.members.front().first, *product); });
    if (group == groups.end()) group = groups.insert(group, Group{});
    group->members.emplace_back(product, s.status);
  }
  json::array out;
  for (const auto& group : groups) {
    const auto& p = *group.members.front().first;
    json::object item{{"vendor", p.vendor}, {"product", p.name}, {"defaultStatus", default_status(group)}};
    if (auto versions = versions_of(group); !versions.empty()) item["versions"] = std::move(versions);
    std::vector<std::string> cpes, platforms;
    for (const auto& [product, status] : group.members) {
      if (product->cpe) cpes.push_back(*product->cpe);
      platforms.insert(platforms.end(), product->platforms.begin(), product->platforms.end());
      if (product->repository && !item.contains("repo")) item["repo"] = *product->repository;
      if (product->purl && version == RecordVersion::V5_2 && !item.contains("packageURL")) item["packageURL"] = without_version(*product->purl);
    }
    if (!cpes.empty()) item["cpes"] = list_of(cpes);
    if (!platforms.empty()) item["platforms"] = list_of(platforms);
    if (p.package && !item.contains("packageURL")) {  // the two exclude each other
      if (const auto url = collection_of(*p.ecosystem); !url.empty()) {
        item["collectionURL"] = url;
        item["packageName"] = *p.package;
      } else {
        losses.push_back({"/products/" + std::to_string(&p - advisory.products.data()) + "/package", "For this ecosystem the address of its collection isn't known, so the package is not named."});
      }
    }
    out.push_back(std::move(item));
  }
  return out;
}

}  // namespace sluice::formats::cve
