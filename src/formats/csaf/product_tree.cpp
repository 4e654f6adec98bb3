// product_tree: vendor → product name → version or range, the order that §6.3.9 asks for.
#include <algorithm>

#include "base/json.h"
#include "formats/csaf/parts.h"

namespace sluice::formats::csaf {

using namespace sluice::advisory;

namespace {

// The branch of this category and name among `branches`, made when there is none.
json::array& branch(json::array& branches, std::string_view category, std::string_view name) {
  for (auto& b : branches)
    if (string_at(b, "category") == category && string_at(b, "name") == name) return b.at("branches").as_array();
  branches.push_back(json::object{{"category", category}, {"name", name}, {"branches", json::array()}});
  return branches.back().at("branches").as_array();
}

// What the version branch is called. A product without any stands for all versions, and says so as a range.
std::string version_name(const Product& p) { return p.version ? *p.version : p.range ? vers_text(*p.range) : "vers:all/*"; }

json::object full_product_name(const Product& p) {
  const auto versions = p.version ? " " + *p.version : p.range ? " " + vers_text(*p.range) : std::string(" (all versions)");
  json::object out{{"name", p.vendor + " " + p.name + versions}, {"product_id", p.id}};
  json::object helper;
  put(helper, "cpe", p.cpe);
  put(helper, "purl", p.purl);
  if (!helper.empty()) out["product_identification_helper"] = std::move(helper);
  return out;
}

}  // namespace

json::object product_tree(const Advisory& advisory, Losses& losses) {
  json::array vendors;
  for (std::size_t i = 0; i < advisory.products.size(); ++i) {
    const auto& p = advisory.products[i];
    const auto at = "/products/" + std::to_string(i);
    branch(branch(vendors, "vendor", p.vendor), "product_name", p.name)
        .push_back(json::object{{"category", p.version ? "product_version" : "product_version_range"}, {"name", version_name(p)}, {"product", full_product_name(p)}});
    if (p.package && !p.purl) losses.push_back({at + "/package", "CSAF 2.0 names packages by purl only; the package name is left out."});
    if (p.repository) losses.push_back({at + "/repository", "CSAF 2.0 has no place for a source repository."});
    if (!p.platforms.empty()) losses.push_back({at + "/platforms", "The platforms are not written."});
  }
  return {{"branches", std::move(vendors)}};
}

}  // namespace sluice::formats::csaf
