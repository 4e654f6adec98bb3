// The mailbox page, made of the one report that its code opens.
#pragma once

#include "cvd/case.h"
#include "web/pages/layout.h"

namespace sluice::web::pages {

std::string mailbox_page(const Frame& frame, const cvd::ReportCard& report, std::string_view receiver);

}  // namespace sluice::web::pages
