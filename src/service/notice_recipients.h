// To whom a notice is: bodies that there are, and what a recorded decision covers of telling them.
//
// Always holds
//   W1  A notice to several is a letter to each. What lets one of them be told lets no other be told.
//   W2  A decision covers what it names and no more: another organisation's decision covers nothing of one's own, but for an override about oneself, and of that what a law demands.
#pragma once

#include "cvd/case.h"
#include "gate/facts.h"
#include "regimes/evaluate.h"
#include "service/writer.h"

namespace sluice::service {

// `own_word`: whom the notice's form names; a form alone makes a notice to the public, such as a filing that everybody reads. Errors are at /to.
Result<regimes::Recipients> recipients_of(const regimes::Library& library, const cvd::CaseFold& fold, std::string_view to, std::string_view own_word);

// The decision that `organisation` goes by when it tells a body outside, put among the facts. `demanded`: a law asks for this very act.
Result<void> take_decision(const cvd::CaseFold& fold, DecisionId decision, OrganisationId organisation, bool demanded, gate::Facts& to);

}  // namespace sluice::service
