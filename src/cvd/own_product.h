// Whose word a product's answer and remedy are.
#pragma once

#include "cvd/decide.h"

namespace sluice::cvd::rules {

// The product, if the actor answers for it: its own vendor, or the owner for a vendor that takes no part. To anybody else there is no such product.
Result<const Product*> own_product(const CaseFold& fold, ProductId id, const Ask& ask);

// The owner, and the coordinators it admitted: they see every product.
bool coordinates(const CaseFold& fold, OrganisationId organisation);

}  // namespace sluice::cvd::rules
