// The duties of a case as answers show them, out of its evaluations; and which of them stand as they do by the debtor's own word alone.
//
// A debtor's own correction of a fact counts for what is its own, so it can stop its own clock. The coordination sees where: `rests_on` are the corrections that count for the duty, `without` where it
// would stand without all that the debtor corrected.
//
// Always holds
//   O1  To the debtor itself, and to any other participant, nothing is said of it: it is the coordination's view alone that has other parties' corrections.
//   O2  A correction stands in `rests_on` only if the duty would stand otherwise without it, or would without it but for another one that says as much. What can't be told apart in kMostLooks
//       evaluations is all named, never left out.
#pragma once

#include <functional>

#include "service/regimes.h"

namespace sluice::service {

// One duty a rule and party, the most urgent where products or vulnerabilities differ; the most urgent first.
json::array duties_of(const CaseLaw& law);

inline constexpr int kMostLooks = 32;   // evaluations beside the one that `duties` are of; none where nobody corrected anything of its own

// `duties` with "rests_on": [{"fact", "value", "why", "at", "by"}] and "without": {"state", "due", "due_at"?} where that differs; what isn't owed by the debtor's own word alone is among them as "not-triggered".
// `looked`: each evaluation that was asked, for whoever has to know until when the answer holds.
json::array with_own_words(json::array duties, const Packs& packs, const cvd::CaseFold& fold, const OrganisationRows& rows, const Considered& considered, const std::function<void(const CaseLaw&)>& looked = {});

}  // namespace sluice::service
