// A report as files: one page that can be printed, CSV, a STIX bundle (formats/aggregate_report). Of what shown_text() let its reader have, and of nothing else.
#pragma once

#include "service/threat_reports.h"

namespace sluice::service {

inline constexpr std::string_view kGroupSpeaks = "The author is a group. What a group says is not the view of any of its members; those that stand behind this version are named as endorsers.";

struct TextFile {
  std::string body, media;
  std::string name;                               // to be kept under; "" of what is looked at
  std::string policy;                             // Content-Security-Policy of a page: its own styles by their hashes, and nothing else
};

// Conflict "no-figures" for a statement or a comment.
Result<TextFile> report_as_page(const TextShown& shown);
Result<TextFile> report_as_csv(const TextShown& shown);
Result<TextFile> report_as_stix(const TextShown& shown);

}  // namespace sluice::service
