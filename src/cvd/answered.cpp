#include "cvd/answered.h"

#include <algorithm>

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
  return std::any_of(fold.products.begin(), fold.products.end(), [&](const Product& product) {
    if (product.vendor != vendor) return false;
    const auto answer = fold.answers.find({vulnerability, product.id});
    return answer != fold.answers.end() && answer->second.status && *answer->second.status != Status::Asked;
  });
}

}  // namespace sluice::cvd
