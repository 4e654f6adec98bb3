#include "cvd/answered.h"

namespace sluice::cvd {

std::set<std::pair<VulnerabilityId, OrganisationId>> answered_by(const CaseFold& fold) {
  std::map<ProductId, OrganisationId> vendors;
  for (const auto& product : fold.products) vendors.emplace(product.id, product.vendor);
  std::set<std::pair<VulnerabilityId, OrganisationId>> out;
  for (const auto& [which, answer] : fold.answers)
    if (const auto vendor = vendors.find(which.second); vendor != vendors.end() && answer.status && answer.status != Status::Asked) out.emplace(which.first, vendor->second);
  return out;
}

bool has_answered(const CaseFold& fold, VulnerabilityId vulnerability, OrganisationId vendor) {
  for (auto it = fold.answers.lower_bound({vulnerability, ProductId{}}); it != fold.answers.end() && it->first.first == vulnerability; ++it)
    if (const auto* product = fold.product(it->first.second); product != nullptr && product->vendor == vendor && it->second.status && *it->second.status != Status::Asked) return true;
  return false;
}

}  // namespace sluice::cvd
