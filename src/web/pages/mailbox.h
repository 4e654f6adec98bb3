// The mailbox page, made of the one report that its code opens.
#pragma once

#include <functional>

#include "cvd/case.h"
#include "web/pages/layout.h"

namespace sluice::web::pages {

struct Mailbox {
  const cvd::ReportCard& report;
  std::string receiver;                                     // who leads the case now
  std::vector<cvd::File> files = {};
  std::vector<Option> coordinators = {};                    // whom the reporter can ask for
  std::function<std::string(OrganisationId)> name = {};     // of who the report was passed on to
  std::vector<cvd::Leak> leaks = {};                        // that the reporter claimed
  std::vector<Option> classes = {};                         // of content, to choose from
};

Html mailbox_file_form(std::string_view csrf, std::span<const Option> classes);
std::string mailbox_page(const Frame& frame, const Mailbox& mailbox);

}  // namespace sluice::web::pages
