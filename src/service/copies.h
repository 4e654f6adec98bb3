// Copies that leave inside a case, each its recipient's own (ACC-14), and what a leaked piece tells: whose copy it was, or at least who had had it.
//
// Downloads and exports pass here on their way out; the pages, the API's answers, and whatever is published or signed are the same bytes for all.
// The Pass and the hash on record are of the text that all copies are of; that a copy went, and to whom, is a delivery. A copy is never stored: it follows from
// the site's key, the case, the object, its content and the recipient.
//
// Always holds
//   Q1  Who traces sees what it may read: owner and coordinators of a case. What is traced is compared in memory and stored nowhere.
//   Q2  That nobody is named proves nothing: words typed anew carry no marks, and who read on a page had no copy.
#pragma once

#include "service/services.h"

namespace sluice::service {

// `recipient`: the organisation's id, or a report's for a reporter without an account. `object`: "file:f_…", "message:m_…".
std::string copy_for(const store::Cells& cells, CaseId id, std::string_view object, std::string_view text, std::string_view recipient);

// Under which deliveries of copies of the object are on record.
store::Tag copy_tag(const store::Cells& cells, CaseId id, std::string_view object);
// That a copy of the object went to this reader: nothing if that is on record already.
Result<std::optional<store::FirstDelivery>> copy_delivery(Services& services, CaseId id, std::string_view object, std::int64_t version, std::string_view recipient);

// The case as the viewer may know it, as a Markdown document of its own copy.
struct Exported { std::string markdown; std::vector<store::FirstDelivery> deliveries; };
Result<Exported> export_case(Services& services, const access::Viewer& viewer, const store::CaseSeen& seen);

// {"seen", "cases": n, "matches": [{"case", "object", "version", "shared", "same_bytes", "marks", "holders"}], "narrowed_to", "by"}. Of one case, or of all that the viewer leads.
struct Trace {
  std::optional<CaseId> case_;
  std::string piece;                               // its words; may be empty where a hash is given
  std::optional<Hash> hash = {};                   // of a whole file that was met: what isn't text, a PDF say, is the same bytes for all and found by it
  std::optional<Instant> seen = {};                // when it was met outside: who had it later is out of question
};
Result<json::object> trace(Services& services, const access::Viewer& viewer, const Trace& wanted);

}  // namespace sluice::service
