// Who knew what, when, and on what ground: a query over deliveries and authorship. And what the gate would say of a disclosure that is only considered.
//
// The asker sees what it may: the people of the owner and of its coordinators everybody (access::knows_whole_case); others, their counsel too, themselves, and `complete` is false. What was learned in a case that was merged into this one counts here, as far as
// the asker may see it there; each item says of which case it is.
#pragma once

#include "gate/judge.h"
#include "service/services.h"

namespace sluice::service {

// {"case", "as_of", "known_as_of", "knowers": [{"organisation", "first", "last", "items": […], "could_read_since", "reaches"}], "bodies": [{"to", "at", "by", …}], "spread": {…}, "complete"}
// Bodies: whom a notice that was filed told, at the instant of filing, by the word of who filed it: on record here, and not delivered from here, so "observed" is false.
// Without an instant: now. Whom they have to tell by law is worked out of the case as it was known then (known_then in service/regimes.h), or of `told`, where a caller has cut
// it more finely than by an instant.
struct Knowers {
  json::object answer;
  std::vector<store::FirstDelivery> deliveries;   // of the case and of those that were merged into it: content like any other (ACC-13)
  std::vector<CaseId> merged;                     // which of them this shows something of
};
Result<Knowers> knowers(Services& services, const access::Viewer& viewer, CaseId id, std::optional<Instant> asked, const cvd::CaseFold* told = nullptr);

// Rulings on this case: all of them for who knows the whole case (access::knows_whole_case); for others, counsel of whatever organisation too, those on what their organisation disclosed itself, its
// notices and reports on an area.
Result<json::array> rulings_of(Services& services, const access::Viewer& viewer, CaseId id);

// {"recorded": false, "complete", "ruling", "as_of", "facts_missing", "what_would_change", "onward"}. Nothing is recorded. `complete` is false where the asker reads a part of the case alone: what the rules
// say of the rest isn't in it.
Result<json::object> ask_gate(Services& services, const access::Viewer& viewer, const gate::Disclosure& disclosure);

}  // namespace sluice::service
