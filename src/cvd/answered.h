// Who has said whether it is affected: for each vulnerability the vendors of whose products one has a status. Worked out once, since a large case has thousands of answers.
#pragma once

#include <set>

#include "cvd/case.h"

namespace sluice::cvd {

std::set<std::pair<VulnerabilityId, OrganisationId>> answered_by(const CaseFold& fold);
bool has_answered(const CaseFold& fold, VulnerabilityId vulnerability, OrganisationId vendor);  // the same of one

}  // namespace sluice::cvd
