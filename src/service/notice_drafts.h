// What a draft of a notice may say of itself: its stage, and since when there can have been anything to file.
#pragma once

#include "cvd/case.h"
#include "regimes/notice_forms.h"
#include "service/packs.h"
#include "service/services.h"

namespace sluice::service {

// Which stage of a ladder a draft is. A form that is of one stage is of that alone; another is of one that its rules know. A supplement belongs to the stage that it corrects, and must not
// pass for the next one. `earlier`: the draft whose next version it is.
Result<std::optional<std::string>> stage_of_draft(Services& services, const access::Viewer& viewer, const cvd::CaseFold& fold, const regimes::NoticeForm& form, const std::optional<std::string>& asked, const cvd::Notice* earlier,
                                                  const cvd::Notice* corrected);

// Its newest version was drafted when its form took other stages: then it is drafted again before it goes out or is filed, or it would pass for a stage that it isn't.
std::optional<Error> stage_still_fits(const Packs& packs, const cvd::CaseFold& fold, const cvd::Notice& notice);

// The same of what is filed. What the gate let go may have gone out: it is filed with the stage that it says, whatever its form takes since. Where it says none, it would pass for any, and the error says what to do.
std::optional<Error> stage_fits_filing(const Packs& packs, const cvd::CaseFold& fold, const cvd::Notice& notice);

// Nothing can have been filed before the organisation knew of it, as far as it may read and has stated; a late record of what was filed since then can be made.
std::optional<Error> not_before_known(const cvd::CaseFold& fold, OrganisationId own, Instant at);

}  // namespace sluice::service
