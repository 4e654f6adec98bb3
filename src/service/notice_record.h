// What one organisation may read in a case, as the ways of the forms name it (regimes/notice_forms.h). Pure.
#pragma once

#include "cvd/case.h"
#include "regimes/notice_forms.h"
#include "service/regime_facts.h"

namespace sluice::service {

regimes::Record record_of(const cvd::CaseFold& fold, OrganisationId own, const OrganisationRows& organisations);

}  // namespace sluice::service
